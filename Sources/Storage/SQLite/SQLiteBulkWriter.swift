import GRDBSQLite

/// Takes rows for one prepared insert: each value is bound as it comes, in the memory that the statement keeps from row
/// to row.
final class SQLiteBulkWriter: BulkWriter {
    private unowned let connection: SQLiteConnection
    private let statement: OpaquePointer
    private let sql: String
    private let columns: Int32
    /// How many columns of the row have been appended.
    private var column: Int32 = 0
    private var code = SQLITE_OK
    private var hasNUL = false
    private(set) var rows = 0

    init(connection: SQLiteConnection, statement: OpaquePointer, sql: String, columns: Int) {
        self.connection = connection
        self.statement = statement
        self.sql = sql
        self.columns = Int32(columns)
    }

    func appendNull() { bind { sqlite3_bind_null(statement, $0) } }
    func append(_ value: Int64) { bind { sqlite3_bind_int64(statement, $0, value) } }
    func append(_ value: Double) { bind { sqlite3_bind_double(statement, $0, value) } }

    func append(_ value: String) {
        var value = value
        value.withUTF8 { append(utf8: UnsafeRawBufferPointer($0)) }
    }

    func append(utf8 bytes: UnsafeRawBufferPointer) {
        if holdsNUL(bytes) { hasNUL = true }
        bind { SQLiteStatement.bindText(statement, $0, bytes) }
    }

    func append(blob bytes: UnsafeRawBufferPointer) { bind { SQLiteStatement.bindBlob(statement, $0, bytes) } }

    private func bind(_ bind: (Int32) -> Int32) {
        column += 1
        // A column too many is told with the row.
        guard column <= columns else { return }
        let result = bind(column)
        if result != SQLITE_OK, code == SQLITE_OK { code = result }
    }

    func endRow() throws(StorageError) {
        if let failure = connection.transaction.failure { throw failure }
        guard column == columns else {
            throw connection.failed(.refused(sql: sql, reason: "row \(rows + 1) has \(column) columns of \(columns)"))
        }
        guard !hasNUL else { throw connection.failed(.refused(sql: sql, reason: Transaction.nulInText)) }
        if code == SQLITE_OK { code = sqlite3_step(statement) }
        guard code == SQLITE_DONE else {
            let error = connection.failed(sql)
            sqlite3_reset(statement)
            throw error
        }
        sqlite3_reset(statement)
        code = SQLITE_OK
        column = 0
        rows += 1
    }

    /// Refuses a row that was begun and not ended.
    func finish() throws(StorageError) {
        if let failure = connection.transaction.failure { throw failure }
        guard column == 0 else {
            throw connection.failed(.refused(sql: sql, reason: "row \(rows + 1) was not ended"))
        }
    }
}
