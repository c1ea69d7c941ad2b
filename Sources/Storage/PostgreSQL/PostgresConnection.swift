import CPostgres

/// A connection to PostgreSQL. Statements are prepared once and kept; arguments and rows travel in binary form.
///
/// Large queries are read through a cursor of the server, some thousand rows at a time: it keeps none of them here,
/// leaves the connection free for other statements, and ends early at no cost.
///
/// Unchecked, because it is handed from thread to thread, but the pool lends it to one thread at a time.
final class PostgresConnection: Connection, @unchecked Sendable {
    let link: PostgresLink
    private var statements: [String: Statement] = [:]
    private var names = 0
    var transaction = Transaction()

    /// Texts made on the fly must fill neither the memory here nor the server's.
    private static let mostStatements = 256
    /// About how many bytes of rows are fetched at a time, and how many rows at most.
    private static let fetchBytes = 1 << 20
    private static let fetchRows = 10_000

    /// A statement's text with the forms in which it was prepared: one form will do as long as arguments keep their
    /// types, and null fits them all.
    private final class Statement {
        struct Prepared {
            let name: String
            let types: [Oid]
        }
        let form: SQLText
        var prepared: [Prepared] = []

        init(_ sql: String) {
            form = SQLText(sql)
        }
    }

    init(link: PostgresLink) {
        self.link = link
    }

    /// Ends the transaction that the pool has begun.
    func transaction<R>(writing: Bool, _ body: (any Connection) throws -> R) throws -> R {
        transaction.begin(writing: writing)
        defer { transaction.end() }
        do {
            let result = try body(self)
            if let failure = transaction.failure { throw failure }
            do {
                try link.run("COMMIT")
            } catch StorageError.connectionLost(let reason) {
                throw StorageError.connectionLost(
                    reason + (writing ? "; the change was being committed, so look whether it was kept" : ""))
            }
            return result
        } catch {
            _ = try? link.run("ROLLBACK")
            throw error
        }
    }

    func execute(_ sql: String, _ arguments: [SQLValue]) throws(StorageError) -> Int {
        let statement = try begin(sql, arguments)
        let result = try run(statement, sql, arguments)
        return statement.form.kind == .change ? result.changes : 0
    }

    func forEachHeld(_ sql: String, _ arguments: [SQLValue], _ body: (any Cursor) throws -> Void) throws {
        let statement = try begin(sql, arguments)
        _ = try hand(try run(statement, sql, arguments), to: body)
    }

    func forEach(_ sql: String, _ arguments: [SQLValue], _ body: (any Cursor) throws -> Void) throws {
        let statement = try begin(sql, arguments)
        guard statement.form.kind == .query else {
            _ = try hand(try run(statement, sql, arguments), to: body)
            return
        }
        names += 1
        let name = "c\(names)"
        try declare(name, statement.form, sql, arguments)
        do {
            var wanted = 256
            while true {
                let result = try ran(
                    PQexecParams(link.pointer, "FETCH \(wanted) FROM \(name)", 0, nil, nil, nil, nil, 1), sql)
                let rows = try hand(result, to: body)
                if rows < wanted { break }
                let size = max(1, PQresultMemorySize(result.pointer) / rows)
                wanted = min(max(1, Self.fetchBytes / size), Self.fetchRows)
            }
        } catch {
            if transaction.failure == nil { _ = try ran(PQexec(link.pointer, "CLOSE \(name)"), sql) }
            throw error
        }
        // Statements that the body ran and whose errors it caught have ended the transaction.
        if transaction.failure == nil { _ = try ran(PQexec(link.pointer, "CLOSE \(name)"), sql) }
    }

    private func hand(_ result: PostgresResult, to body: (any Cursor) throws -> Void) throws -> Int {
        let cursor = PostgresCursor(result)
        let rows = result.rows
        while cursor.row < rows {
            try body(cursor)
            cursor.row += 1
        }
        return rows
    }

    func bulkInsert(into table: String, columns: [String], _ body: (any BulkWriter) throws -> Void) throws -> Int {
        let names = columns.map(Transaction.quoted).joined(separator: ", ")
        let target = Transaction.quoted(table)
        let select = "SELECT \(names) FROM \(target) WHERE false"
        let types = try run(begin(select, []), select, [])
        let sql = "COPY \(target) (\(names)) FROM STDIN (FORMAT binary)"
        _ = try ran(PQexec(link.pointer, sql), sql)
        transaction.isBulkInserting = true
        defer { transaction.isBulkInserting = false }
        let writer = PostgresBulkWriter(connection: self, sql: sql, types: columns.indices.map { types.type($0) })
        do {
            try body(writer)
            try writer.finish()
        } catch {
            // The server drops the rows and ends the transaction, whatever the error was.
            _ = transaction.fail(.refused(sql: sql, reason: "its rows could not be had: \(error)"))
            PQputCopyEnd(link.pointer, "given up")
            drain()
            throw error
        }
        guard PQputCopyEnd(link.pointer, nil) == 1 else { throw broken(sql) }
        let result = PQgetResult(link.pointer)
        defer { drain() }
        _ = try ran(result, sql)
        return writer.rows
    }

    private func drain() {
        while let result = PQgetResult(link.pointer) { PQclear(result) }
    }

    // MARK: - Statements

    private func begin(_ sql: String, _ arguments: [SQLValue]) throws(StorageError) -> Statement {
        if let objection = transaction.objection(to: sql) { throw transaction.fail(objection) }
        let statement: Statement
        if let known = statements[sql] {
            statement = known
        } else {
            if statements.count >= Self.mostStatements {
                _ = try ran(PQexec(link.pointer, "DEALLOCATE ALL"), sql)
                statements = [:]
            }
            statement = Statement(sql)
            statements[sql] = statement
        }
        if let objection = transaction.objection(to: sql, form: statement.form, arguments: arguments.count) {
            throw transaction.fail(objection)
        }
        for case .text(let text) in arguments where text.utf8.contains(0) {
            throw transaction.fail(.refused(sql: sql, reason: Transaction.nulInText))
        }
        return statement
    }

    private func run(
        _ statement: Statement, _ sql: String, _ arguments: [SQLValue]
    ) throws(StorageError) -> PostgresResult {
        let types = arguments.map(PostgresArguments.type)
        let prepared = try prepared(statement, sql, types)
        let result = PostgresArguments(arguments, types: prepared.types).withPointers {
            PQexecPrepared(link.pointer, prepared.name, $0, $1, $2, $3, 1)
        }
        return try ran(result, sql)
    }

    private func prepared(
        _ statement: Statement, _ sql: String, _ types: [Oid]
    ) throws(StorageError) -> Statement.Prepared {
        let fitting = statement.prepared.first { prepared in
            zip(prepared.types, types).allSatisfy { $1 == 0 || $0 == $1 }
        }
        if let fitting { return fitting }
        // What is null now, but was not before, keeps the type it had: so the forms stay few.
        let known = statement.prepared.last?.types ?? []
        let merged = types.indices.map { types[$0] == 0 && $0 < known.count ? known[$0] : types[$0] }
        names += 1
        let new = Statement.Prepared(name: "s\(names)", types: merged)
        let text = statement.form.postgres { merged[$0] != 0 }
        let sent = merged.filter { $0 != 0 }
        _ = try ran(PQprepare(link.pointer, new.name, text, Int32(sent.count), sent), sql)
        statement.prepared.append(new)
        return new
    }

    private func declare(
        _ name: String, _ form: SQLText, _ sql: String, _ arguments: [SQLValue]
    ) throws(StorageError) {
        let types = arguments.map(PostgresArguments.type)
        let text = "DECLARE \(name) NO SCROLL CURSOR FOR " + form.postgres { types[$0] != 0 }
        let result = PostgresArguments(arguments, types: types).withPointers {
            PQexecParams(link.pointer, text, $0, types.filter { $0 != 0 }, $1, $2, $3, 1)
        }
        _ = try ran(result, sql)
    }

    // MARK: - Errors

    private func ran(_ result: OpaquePointer?, _ sql: String) throws(StorageError) -> PostgresResult {
        do {
            return try link.checked(result, sql)
        } catch {
            if case .readOnly = error, !transaction.isWriting {
                throw transaction.fail(.refused(sql: sql, reason: "a read may not change anything: use a write"))
            }
            throw transaction.fail(error)
        }
    }

    /// The error of a connection that takes no more rows.
    func broken(_ sql: String) -> StorageError {
        transaction.fail(
            link.isBroken
                ? .connectionLost("\(link.lastMessage) (\(link.database))")
                : .refused(sql: sql, reason: link.lastMessage))
    }
}
