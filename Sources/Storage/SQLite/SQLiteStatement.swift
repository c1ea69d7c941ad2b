import GRDBSQLite

/// A prepared statement, finalized with this object.
final class SQLiteStatement {
    let pointer: OpaquePointer
    let form: SQLText
    var isInUse = false

    init(_ pointer: OpaquePointer, form: SQLText) {
        self.pointer = pointer
        self.form = form
    }

    deinit { sqlite3_finalize(pointer) }

    /// Makes the statement ready for the next use; large arguments are not kept.
    func finish() {
        sqlite3_reset(pointer)
        sqlite3_clear_bindings(pointer)
        isInUse = false
    }

    /// Binds a value, counted from 1. False where SQLite refuses it, or a text holds NUL.
    func bind(_ value: SQLValue, at index: Int32) -> Bool {
        switch value {
        case .null: sqlite3_bind_null(pointer, index) == SQLITE_OK
        case .integer(let value): sqlite3_bind_int64(pointer, index, value) == SQLITE_OK
        case .real(let value): sqlite3_bind_double(pointer, index, value) == SQLITE_OK
        case .text(var text):
            text.withUTF8 { bytes in
                !holdsNUL(UnsafeRawBufferPointer(bytes))
                    && Self.bindText(pointer, index, UnsafeRawBufferPointer(bytes)) == SQLITE_OK
            }
        case .blob(let bytes):
            bytes.withUnsafeBytes { Self.bindBlob(pointer, index, $0) == SQLITE_OK }
        }
    }

    /// Binds a text, of which SQLite makes a copy.
    static func bindText(_ pointer: OpaquePointer, _ index: Int32, _ bytes: UnsafeRawBufferPointer) -> Int32 {
        // A null pointer would bind null, so an empty text has an address as well.
        guard let base = bytes.baseAddress, !bytes.isEmpty else {
            return sqlite3_bind_text64(pointer, index, "", 0, copied, UInt8(SQLITE_UTF8))
        }
        return sqlite3_bind_text64(
            pointer, index, base.assumingMemoryBound(to: CChar.self), UInt64(bytes.count), copied, UInt8(SQLITE_UTF8))
    }

    /// Binds bytes, of which SQLite makes a copy.
    static func bindBlob(_ pointer: OpaquePointer, _ index: Int32, _ bytes: UnsafeRawBufferPointer) -> Int32 {
        guard let base = bytes.baseAddress, !bytes.isEmpty else { return sqlite3_bind_zeroblob(pointer, index, 0) }
        return sqlite3_bind_blob64(pointer, index, base, UInt64(bytes.count), copied)
    }

    /// `SQLITE_TRANSIENT`, which is a macro: SQLite makes a copy of its own.
    private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }
}

/// The row on which a statement stands.
final class SQLiteCursor: Cursor {
    private let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) {
        self.pointer = pointer
    }

    func isNull(_ column: Int) -> Bool { sqlite3_column_type(pointer, Int32(column)) == SQLITE_NULL }
    func int64(_ column: Int) -> Int64 { sqlite3_column_int64(pointer, Int32(column)) }
    func double(_ column: Int) -> Double { sqlite3_column_double(pointer, Int32(column)) }

    func text(_ column: Int) -> String {
        guard let text = sqlite3_column_text(pointer, Int32(column)) else { return "" }
        let count = Int(sqlite3_column_bytes(pointer, Int32(column)))
        return String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self)
    }

    func withBytes<Result>(_ column: Int, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        let base = sqlite3_column_blob(pointer, Int32(column))
        return try body(UnsafeRawBufferPointer(start: base, count: Int(sqlite3_column_bytes(pointer, Int32(column)))))
    }

    func value(_ column: Int) -> SQLValue {
        switch sqlite3_column_type(pointer, Int32(column)) {
        case SQLITE_INTEGER: .integer(int64(column))
        case SQLITE_FLOAT: .real(double(column))
        case SQLITE_TEXT: .text(text(column))
        case SQLITE_BLOB: .blob(bytes(column))
        default: .null
        }
    }
}
