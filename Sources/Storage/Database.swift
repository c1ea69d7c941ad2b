import Foundation
import Synchronization

/// One database, SQLite or PostgreSQL, chosen by its URL.
///
/// Work is done inside transactions only: `read` lends a connection that sees one snapshot,
/// `write` lends the connection whose changes are all kept or all dropped. Neither may be begun inside another
/// of its kind on the same thread, nor a read inside a write: pass the connection on instead. A write inside a read is
/// the way to go through a snapshot of millions of rows and commit results now and then.
public final class Database: Sendable {
    /// What keeps the tables.
    public enum Engine: String, Sendable, CaseIterable {
        /// A file of this machine.
        case sqlite
        /// A server.
        case postgres
    }

    let backend: any Backend
    private let lending = Lending()
    private let readWorkers: Workers
    private let writeWorkers: Workers

    private init(backend: any Backend, readers: Int) {
        self.backend = backend
        readWorkers = Workers(name: "read", count: readers)
        writeWorkers = Workers(name: "write", count: 1)
    }

    /// Opens the database, and makes it where it is an SQLite file that does not exist yet.
    ///
    /// - Parameters:
    ///   - url: `sqlite:FILE`, or `postgres://user:password@host:port/name` (also `postgresql://`) with the parameters
    ///     of PostgreSQL after a `?`.
    ///   - readers: how many reads may run at once; others wait for their turn.
    /// - Throws: ``StorageError/badURL(_:)``, ``StorageError/cannotOpen(database:reason:)``,
    ///   ``StorageError/readOnly(database:)``, ``StorageError/locked(_:)``, ``StorageError/full(database:)``.
    public static func open(_ url: String, readers: Int = 4) throws(StorageError) -> Database {
        let readers = max(1, readers)
        if url.hasPrefix("sqlite:") {
            let path = String(url.dropFirst("sqlite:".count))
            guard !path.isEmpty, !path.hasPrefix(":"), !path.utf8.contains(0) else { throw .badURL(url) }
            return Database(backend: try SQLiteDatabase(path: path, readers: readers), readers: readers)
        }
        if url.hasPrefix("postgres://") || url.hasPrefix("postgresql://") {
            return Database(backend: try PostgresDatabase(url: url, readers: readers), readers: readers)
        }
        throw .badURL(PostgresDatabase.withoutPassword(url))
    }

    /// What keeps the tables.
    public var engine: Engine { backend.engine }

    /// A name safe to print: the URL without password and parameters.
    public var displayName: String { backend.displayName }

    /// Lends a connection on which everything read belongs to one moment, and nothing can be changed.
    ///
    /// Blocks the calling thread, which runs `body`; may be called from several threads at once.
    public func read<R>(_ body: (any Connection) throws -> R) throws -> R {
        try lending.read { try backend.read(body) }
    }

    /// Runs one transaction: kept when `body` returns, dropped when it throws.
    ///
    /// Writers queue up one behind the other. Blocks the calling thread, which runs `body`. Writers of other processes
    /// are waited for as well, but only some seconds.
    /// - Throws: what `body` throws; ``StorageError/locked(_:)`` where another process writes for too long.
    @discardableResult
    public func write<R>(_ body: (any Connection) throws -> R) throws -> R {
        try lending.write { try backend.write(body) }
    }

    /// Like the blocking `read`, for callers on an event loop: `body` runs on a thread of the database's own.
    public func read<R: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> R) async throws -> R {
        try await readWorkers.run { [self] in try blockingRead(body) }
    }

    /// Like the blocking `write`, for callers on an event loop: `body` runs on a thread of the database's own.
    @discardableResult
    public func write<R: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> R) async throws -> R {
        try await writeWorkers.run { [self] in try blockingWrite(body) }
    }

    private func blockingRead<R>(_ body: (any Connection) throws -> R) throws -> R { try read(body) }
    private func blockingWrite<R>(_ body: (any Connection) throws -> R) throws -> R { try write(body) }

    /// Holds a named lock across processes for the length of `body`, so that a command such as ingest runs once at a
    /// time. The lock ends with the process, however that ends.
    ///
    /// - Throws: ``StorageError/locked(_:)`` at once where somebody else holds the lock; what `body` throws.
    @discardableResult
    public func withLock<R>(_ name: String, _ body: () throws -> R) throws -> R {
        try backend.withLock(name, body)
    }

    /// Closes all connections; later calls throw.
    public func close() throws {
        try backend.close()
    }
}

/// One engine's part of a ``Database``.
protocol Backend: Sendable {
    var engine: Database.Engine { get }
    var displayName: String { get }
    func read<R>(_ body: (any Connection) throws -> R) throws -> R
    func write<R>(_ body: (any Connection) throws -> R) throws -> R
    func withLock<R>(_ name: String, _ body: () throws -> R) throws -> R
    /// The tables have changed: prepared statements that may be stale are thrown away.
    func forgetStatements()
    func close() throws
}

/// Which threads are inside a transaction, so that one that would wait for itself is told instead.
private final class Lending: Sendable {
    private struct Threads {
        var reading: Set<ObjectIdentifier> = []
        var writing: Set<ObjectIdentifier> = []
    }
    private let threads = Mutex(Threads())

    func read<R>(_ body: () throws -> R) throws -> R {
        let thread = ObjectIdentifier(Thread.current)
        let isFree = threads.withLock { threads in
            !threads.writing.contains(thread) && threads.reading.insert(thread).inserted
        }
        guard isFree else { throw nested("read") }
        defer { threads.withLock { _ = $0.reading.remove(thread) } }
        return try body()
    }

    func write<R>(_ body: () throws -> R) throws -> R {
        let thread = ObjectIdentifier(Thread.current)
        let isFree = threads.withLock { $0.writing.insert(thread).inserted }
        guard isFree else { throw nested("write") }
        defer { threads.withLock { _ = $0.writing.remove(thread) } }
        return try body()
    }

    private func nested(_ what: String) -> StorageError {
        .refused(
            sql: "BEGIN",
            reason: "a \(what) was begun inside another transaction of the same thread: use the connection it was lent")
    }
}
