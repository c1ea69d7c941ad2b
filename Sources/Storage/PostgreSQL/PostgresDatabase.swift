import CPostgres
import Dispatch
import Foundation
import Synchronization

/// A database of a server, over a pool of connections: one writer, several readers, opened when they are needed.
final class PostgresDatabase: Backend {
    private struct Idle {
        var readers: [PostgresConnection] = []
        var writer: PostgresConnection?
        var generation = 0
        var isClosed = false
    }

    let engine = Database.Engine.postgres
    let displayName: String
    private let url: String
    private let idle = Mutex(Idle())
    private let readerSlots: DispatchSemaphore
    private let writerTurn = DispatchSemaphore(value: 1)

    init(url: String, readers: Int) throws(StorageError) {
        self.url = url
        displayName = try Self.name(url)
        readerSlots = DispatchSemaphore(value: readers)
        let first = PostgresConnection(link: try PostgresLink(url: url, database: displayName, generation: 0))
        idle.withLock { $0.writer = first }
    }

    // MARK: - The URL

    private static func name(_ url: String) throws(StorageError) -> String {
        var message: UnsafeMutablePointer<CChar>?
        let options = PQconninfoParse(url, &message)
        defer {
            PQconninfoFree(options)
            PQfreemem(message)
        }
        guard var option = options else { throw .badURL(withoutPassword(url)) }
        var settings: [String: String] = [:]
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { settings[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        let user = settings["user"].map { $0 + "@" } ?? ""
        let port = settings["port"].map { ":" + $0 } ?? ""
        return "postgres://\(user)\(settings["host"] ?? "")\(port)/\(settings["dbname"] ?? "")"
    }

    /// The URL as far as it may be shown when it cannot be understood.
    static func withoutPassword(_ url: String) -> String {
        guard let start = url.range(of: "://"), let end = url.range(of: "@", options: .backwards),
            start.upperBound <= end.lowerBound
        else { return String(url.prefix { $0 != "?" }) }
        return url[..<start.upperBound] + "…" + url[end.lowerBound...].prefix { $0 != "?" }
    }

    // MARK: - Transactions

    func read<R>(_ body: (any Connection) throws -> R) throws -> R {
        readerSlots.wait()
        defer { readerSlots.signal() }
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        let connection = try begun(begin) { $0.readers.popLast() }
        defer { keep(connection) { $0.readers.append($1) } }
        return try connection.transaction(writing: false, body)
    }

    /// Writers of one schema queue up behind one lock, in this process and across processes, as SQLite's do: so each
    /// sees what the one before has done.
    func write<R>(_ body: (any Connection) throws -> R) throws -> R {
        writerTurn.wait()
        defer { writerTurn.signal() }
        let begin = "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock(\(Self.key("writer")))"
        let connection = try begun(begin) { idle in
            defer { idle.writer = nil }
            return idle.writer
        }
        defer { keep(connection) { $0.writer = $1 } }
        return try connection.transaction(writing: true, body)
    }

    /// A connection on which a transaction has begun: an idle one, or where the server has cut that in the meantime, a
    /// new one.
    private func begun(_ sql: String, _ take: (inout Idle) -> PostgresConnection?) throws -> PostgresConnection {
        let (connection, generation) = try idle.withLock { idle in
            guard !idle.isClosed else { throw StorageError.connectionLost("\(displayName) was closed") }
            return (take(&idle), idle.generation)
        }
        if let connection, connection.link.generation == generation {
            do {
                try begin(connection, sql)
                return connection
            } catch StorageError.connectionLost {
                idle.withLock { $0.readers.removeAll { $0.link.isBroken } }
            }
        }
        let new = PostgresConnection(
            link: try PostgresLink(url: url, database: displayName, generation: generation))
        try begin(new, sql)
        return new
    }

    private func begin(_ connection: PostgresConnection, _ sql: String) throws {
        do {
            try connection.link.run(sql)
        } catch {
            _ = try? connection.link.run("ROLLBACK")
            throw error
        }
    }

    private func keep(_ connection: PostgresConnection, _ put: (inout Idle, PostgresConnection) -> Void) {
        idle.withLock { idle in
            guard !idle.isClosed, !connection.link.isBroken, connection.link.generation == idle.generation else {
                return
            }
            put(&idle, connection)
        }
    }

    func forgetStatements() {
        idle.withLock { idle in
            idle.generation += 1
            idle.readers = []
            idle.writer = nil
        }
    }

    func withLock<R>(_ name: String, _ body: () throws -> R) throws -> R {
        // A connection of its own: the server lets go of the lock when it ends, also when the process is killed.
        let link = try PostgresLink(url: url, database: displayName, generation: 0)
        let result = try link.run("SELECT CASE WHEN pg_try_advisory_lock(\(Self.key("lock " + name))) THEN 1 END")
        guard PQgetisnull(result.pointer, 0, 0) == 0 else {
            throw StorageError.locked("“\(name)” of the database \(displayName)")
        }
        // Closing does not wait for the server, so whoever asks next would still find the lock held.
        defer { _ = try? link.run("SELECT pg_advisory_unlock(\(Self.key("lock " + name)))") }
        return try withExtendedLifetime(link) { try body() }
    }

    func close() throws {
        idle.withLock { idle in
            idle.isClosed = true
            idle.readers = []
            idle.writer = nil
        }
    }

    /// The number of an advisory lock, in SQL. It belongs to the schema, not to the server's whole database.
    private static func key(_ name: String) -> String {
        let quoted = name.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
        return "hashtextextended('tepat \(quoted) ' || coalesce(current_schema(), ''), 0)"
    }
}
