import GRDBSQLite

/// Takes rows for one prepared insert. The bytes of a row lie in one buffer, to which the statement's arguments point,
/// so that neither side allocates memory for a row.
final class SQLiteBulkWriter: BulkWriter {
    private enum Column {
        case null
        case integer(Int64)
        case real(Double)
        case text(Range<Int>)
        case blob(Range<Int>)
    }

    private unowned let connection: SQLiteConnection
    private let statement: OpaquePointer
    private let sql: String
    private let columns: Int
    private var row: [Column] = []
    private var bytes: [UInt8] = []
    private var hasNUL = false
    private(set) var rows = 0

    init(connection: SQLiteConnection, statement: OpaquePointer, sql: String, columns: Int) {
        self.connection = connection
        self.statement = statement
        self.sql = sql
        self.columns = columns
        row.reserveCapacity(columns)
    }

    func appendNull() { row.append(.null) }
    func append(_ value: Int64) { row.append(.integer(value)) }
    func append(_ value: Double) { row.append(.real(value)) }

    func append(_ value: String) {
        var value = value
        value.withUTF8 { append(utf8: UnsafeRawBufferPointer($0)) }
    }

    func append(utf8 bytes: UnsafeRawBufferPointer) {
        if holdsNUL(bytes) { hasNUL = true }
        row.append(.text(keep(bytes)))
    }

    func append(blob bytes: UnsafeRawBufferPointer) { row.append(.blob(keep(bytes))) }

    private func keep(_ added: UnsafeRawBufferPointer) -> Range<Int> {
        let start = bytes.count
        bytes.append(contentsOf: added)
        return start..<bytes.count
    }

    func endRow() throws(StorageError) {
        if let failure = connection.transaction.failure { throw failure }
        guard row.count == columns else {
            throw connection.failed(
                .refused(sql: sql, reason: "row \(rows + 1) has \(row.count) columns of \(columns)"))
        }
        guard !hasNUL else { throw connection.failed(.refused(sql: sql, reason: Transaction.nulInText)) }
        let code = bytes.withUnsafeBytes { step($0) }
        guard code == SQLITE_DONE else {
            let error = connection.failed(sql)
            sqlite3_reset(statement)
            throw error
        }
        sqlite3_reset(statement)
        row.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
        rows += 1
    }

    private func step(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        for (index, column) in row.enumerated() {
            let index = Int32(index + 1)
            let code =
                switch column {
                case .null: sqlite3_bind_null(statement, index)
                case .integer(let value): sqlite3_bind_int64(statement, index, value)
                case .real(let value): sqlite3_bind_double(statement, index, value)
                case .text(let range):
                    SQLiteStatement.bindText(
                        statement, index, UnsafeRawBufferPointer(rebasing: bytes[range]), isCopied: false)
                case .blob(let range):
                    SQLiteStatement.bindBlob(
                        statement, index, UnsafeRawBufferPointer(rebasing: bytes[range]), isCopied: false)
                }
            guard code == SQLITE_OK else { return code }
        }
        return sqlite3_step(statement)
    }

    /// Refuses a row that was begun and not ended.
    func finish() throws(StorageError) {
        if let failure = connection.transaction.failure { throw failure }
        guard row.isEmpty else {
            throw connection.failed(.refused(sql: sql, reason: "row \(rows + 1) was not ended"))
        }
    }
}
