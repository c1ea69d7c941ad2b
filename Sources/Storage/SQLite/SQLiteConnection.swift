import Foundation
import GRDBSQLite

/// A connection to SQLite, used through its C interface: statements are prepared once and kept.
///
/// Unchecked, because it is handed from thread to thread, but is used only inside the serial queue of the pool's
/// connection that it belongs to.
final class SQLiteConnection: Connection, @unchecked Sendable {
    let handle: OpaquePointer
    let database: String
    private var statements: [String: SQLiteStatement] = [:]
    var transaction = Transaction()

    /// `SQLITE_CONSTRAINT_DATATYPE`, a macro: a value that a column of a STRICT table cannot hold.
    private static let wrongType = SQLITE_CONSTRAINT | (12 << 8)

    /// Texts made on the fly must not fill the memory.
    private static let mostStatements = 256

    init(handle: OpaquePointer, database: String) {
        self.handle = handle
        self.database = database
    }

    func finalizeStatements() {
        statements = [:]
    }

    func transaction<R>(writing: Bool, _ body: (any Connection) throws -> R) throws -> R {
        transaction.begin(writing: writing)
        defer { transaction.end() }
        try control(writing ? "BEGIN IMMEDIATE" : "BEGIN")
        do {
            let result = try body(self)
            if let failure = transaction.failure { throw failure }
            try control("COMMIT")
            return result
        } catch {
            // SQLite has ended the transaction by itself after some errors.
            if sqlite3_get_autocommit(handle) == 0 { try? control("ROLLBACK") }
            throw error
        }
    }

    private func control(_ sql: String) throws(StorageError) {
        let statement = try prepared(sql)
        defer { statement.finish() }
        guard sqlite3_step(statement.pointer) == SQLITE_DONE else { throw error(sql) }
    }

    func execute(_ sql: String, _ arguments: [SQLValue]) throws(StorageError) -> Int {
        let statement = try begin(sql, arguments)
        defer { statement.finish() }
        while true {
            switch sqlite3_step(statement.pointer) {
            case SQLITE_ROW: continue
            case SQLITE_DONE: return statement.form.kind == .change ? Int(sqlite3_changes64(handle)) : 0
            default: throw failed(sql)
            }
        }
    }

    func forEach(_ sql: String, _ arguments: [SQLValue], _ body: (any Cursor) throws -> Void) throws {
        let statement = try begin(sql, arguments)
        defer { statement.finish() }
        let cursor = SQLiteCursor(statement.pointer)
        while true {
            switch sqlite3_step(statement.pointer) {
            case SQLITE_ROW: try body(cursor)
            case SQLITE_DONE: return
            default: throw failed(sql)
            }
        }
    }

    func forEachHeld(_ sql: String, _ arguments: [SQLValue], _ body: (any Cursor) throws -> Void) throws {
        try forEach(sql, arguments, body)
    }

    func bulkInsert(into table: String, columns: [String], _ body: (any BulkWriter) throws -> Void) throws -> Int {
        let names = columns.map(Transaction.quoted).joined(separator: ", ")
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        let sql = "INSERT INTO \(Transaction.quoted(table)) (\(names)) VALUES (\(marks))"
        let statement = try begin(sql, nil)
        defer { statement.finish() }
        transaction.isBulkInserting = true
        defer { transaction.isBulkInserting = false }
        let writer = SQLiteBulkWriter(connection: self, statement: statement.pointer, sql: sql, columns: columns.count)
        do {
            try body(writer)
            try writer.finish()
            return writer.rows
        } catch {
            // As in PostgreSQL, where half of a COPY cannot be kept.
            _ = failed(.refused(sql: sql, reason: "its rows could not be had: \(error)"))
            throw error
        }
    }

    // MARK: - Statements

    /// A statement ready to be stepped. Without `arguments` the caller binds them.
    private func begin(_ sql: String, _ arguments: [SQLValue]?) throws(StorageError) -> SQLiteStatement {
        if let objection = transaction.objection(to: sql) { throw failed(objection) }
        let statement: SQLiteStatement
        do {
            statement = try prepared(sql)
        } catch {
            throw failed(error)
        }
        let count = arguments?.count ?? statement.form.placeholders
        if let objection = transaction.objection(to: sql, form: statement.form, arguments: count) {
            statement.finish()
            throw failed(objection)
        }
        for (index, value) in (arguments ?? []).enumerated() {
            guard statement.bind(value, at: Int32(index + 1)) else {
                let error =
                    if case .text(let text) = value, text.utf8.contains(0) {
                        StorageError.refused(sql: sql, reason: Transaction.nulInText)
                    } else {
                        self.error(sql)
                    }
                statement.finish()
                throw failed(error)
            }
        }
        return statement
    }

    /// The statement of this text, kept from before; a new one where that is being stepped, as in a query that is run
    /// for each row of itself.
    private func prepared(_ sql: String) throws(StorageError) -> SQLiteStatement {
        if let statement = statements[sql], !statement.isInUse {
            statement.isInUse = true
            return statement
        }
        var pointer: OpaquePointer?
        let code = sql.utf8.withContiguousStorageIfAvailable { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                sqlite3_prepare_v3(
                    handle, $0.baseAddress, Int32($0.count), UInt32(SQLITE_PREPARE_PERSISTENT), &pointer, nil)
            }
        }
        guard let code else { return try prepared(contiguous(sql)) }
        guard code == SQLITE_OK else { throw error(sql) }
        guard let pointer else { throw .refused(sql: sql, reason: "there is no statement in it") }
        let statement = SQLiteStatement(pointer, form: SQLText(sql))
        if statements.count >= Self.mostStatements { statements = statements.filter { $0.value.isInUse } }
        if statements[sql] == nil { statements[sql] = statement }
        statement.isInUse = true
        return statement
    }

    private func contiguous(_ sql: String) -> String {
        var sql = sql
        sql.makeContiguousUTF8()
        return sql
    }

    // MARK: - Errors

    func failed(_ error: StorageError) -> StorageError { transaction.fail(error) }

    func failed(_ sql: String) -> StorageError { transaction.fail(error(sql)) }

    /// The connection's last error.
    private func error(_ sql: String) -> StorageError {
        let code = sqlite3_extended_errcode(handle)
        let reason = String(cString: sqlite3_errmsg(handle))
        switch code & 0xff {
        case SQLITE_BUSY, SQLITE_LOCKED: return .locked("the database \(database)")
        case SQLITE_FULL: return .full(database: database)
        case SQLITE_READONLY where !transaction.isWriting:
            return .refused(sql: sql, reason: "a read may not change anything: use a write")
        case SQLITE_READONLY: return .readOnly(database: database)
        case SQLITE_NOTADB: return .cannotOpen(database: database, reason: "the file is not an SQLite database")
        case SQLITE_CORRUPT:
            return .cannotOpen(
                database: database, reason: "the file is damaged (\(reason)): put back the last backup")
        case SQLITE_IOERR, SQLITE_CANTOPEN:
            let system = sqlite3_system_errno(handle)
            if system == ENOSPC || system == EDQUOT { return .full(database: database) }
            return .connectionLost("\(reason) (\(code)) at \(database)")
        case SQLITE_CONSTRAINT where code != Self.wrongType:
            return .constraint(reason)
        default: return .refused(sql: sql, reason: reason)
        }
    }
}
