import CPostgres

/// Takes rows for `COPY … FROM STDIN (FORMAT binary)` and sends them some hundred kilobytes at a time.
final class PostgresBulkWriter: BulkWriter {
    private static let bufferSize = 256 << 10

    private unowned let connection: PostgresConnection
    private let sql: String
    private let types: [Oid]
    private var buffer: [UInt8] = []
    private var column = 0
    private var problem: String?
    private(set) var rows = 0

    init(connection: PostgresConnection, sql: String, types: [Oid]) {
        self.connection = connection
        self.sql = sql
        self.types = types
        buffer.reserveCapacity(Self.bufferSize + (64 << 10))
        // The signature, no flags, no further header.
        buffer += Array("PGCOPY\n".utf8) + [0xff, 0x0d, 0x0a, 0] + [UInt8](repeating: 0, count: 8)
        beginRow()
    }

    private func beginRow() {
        column = 0
        number(Int16(types.count))
    }

    func appendNull() {
        column += 1
        number(Int32(-1))
    }

    func append(_ value: Int64) {
        switch nextType {
        case PostgresType.int8: field(value)
        case PostgresType.float8: field(Double(value).bitPattern)
        case PostgresType.int4:
            if let small = Int32(exactly: value) { field(small) } else { misfit("the integer \(value)") }
        case nil: break
        default: misfit("an integer")
        }
    }

    func append(_ value: Double) {
        switch nextType {
        case PostgresType.float8: field(value.bitPattern)
        case PostgresType.int8:
            if let whole = Int64(exactly: value) { field(whole) } else { misfit("the number \(value)") }
        case nil: break
        default: misfit("a floating-point number")
        }
    }

    func append(_ value: String) {
        var value = value
        value.withUTF8 { append(utf8: UnsafeRawBufferPointer($0)) }
    }

    func append(utf8 bytes: UnsafeRawBufferPointer) {
        if holdsNUL(bytes) { problem = problem ?? Transaction.nulInText }
        switch nextType {
        case PostgresType.bytea: misfit("a text")
        case PostgresType.int8, PostgresType.int4, PostgresType.float8: misfit("a text")
        case nil: break
        default: field(bytes)
        }
    }

    func append(blob bytes: UnsafeRawBufferPointer) {
        switch nextType {
        case PostgresType.bytea: field(bytes)
        case nil: break
        default: misfit("a blob")
        }
    }

    func endRow() throws(StorageError) {
        if let failure = connection.transaction.failure { throw failure }
        if column != types.count { problem = "row \(rows + 1) has \(column) columns of \(types.count)" }
        if let problem { throw connection.transaction.fail(.refused(sql: sql, reason: problem)) }
        rows += 1
        if buffer.count >= Self.bufferSize { try send() }
        beginRow()
    }

    /// Sends what is left, with the mark of the end.
    func finish() throws(StorageError) {
        if let failure = connection.transaction.failure { throw failure }
        guard column == 0 else {
            throw connection.transaction.fail(.refused(sql: sql, reason: "row \(rows + 1) was not ended"))
        }
        buffer.removeLast(2)
        number(Int16(-1))
        try send()
    }

    private func send() throws(StorageError) {
        let sent = buffer.withUnsafeBytes {
            PQputCopyData(connection.link.pointer, $0.bindMemory(to: CChar.self).baseAddress, Int32($0.count))
        }
        guard sent == 1 else { throw connection.broken(sql) }
        buffer.removeAll(keepingCapacity: true)
    }

    /// The type of the column to come, or nil where the row is full.
    private var nextType: Oid? {
        defer { column += 1 }
        return column < types.count ? types[column] : nil
    }

    private func misfit(_ what: String) {
        problem = problem ?? "row \(rows + 1): column \(column) cannot hold \(what)"
    }

    private func field(_ value: some FixedWidthInteger) {
        number(Int32(value.bitWidth / 8))
        number(value)
    }

    private func field(_ bytes: UnsafeRawBufferPointer) {
        number(Int32(bytes.count))
        buffer.append(contentsOf: bytes)
    }

    private func number(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.bigEndian) { buffer.append(contentsOf: $0) }
    }
}
