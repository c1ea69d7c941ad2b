import Foundation
import GRDB
import GRDBSQLite
import Synchronization

/// A database in a file, over the connections of a GRDB pool: one writer, several readers, write-ahead logging.
final class SQLiteDatabase: Backend {
    let engine = Database.Engine.sqlite
    let displayName: String
    private let path: String
    private let pool: DatabasePool
    private let connections: Connections

    /// How long another process's write is waited for, in seconds.
    private static let patience = 5.0

    init(path: String, readers: Int) throws(StorageError) {
        // Without a slash in front SQLite would take a name such as `file:x` for a URI.
        let path = path.hasPrefix("/") ? path : "./" + path
        let name = "sqlite:" + path
        self.path = path
        displayName = name
        let isNew = try Self.prepareFile(path, name)
        let connections = Connections(database: name)
        self.connections = connections

        var configuration = Configuration()
        configuration.label = "tepat"
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(Self.patience)
        configuration.maximumReaderCount = readers
        configuration.prepareDatabase { try connections.prepare($0) }
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
            // After the pool has turned write-ahead logging on, which lowers it.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        } catch {
            if isNew, let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int, size == 0 {
                try? FileManager.default.removeItem(atPath: path)
            }
            throw Self.opening(error, path: path, name: name)
        }
    }

    /// Makes the file where there is none, for its owner alone to read: it will hold people's data. SQLite gives the
    /// files beside it the same permissions.
    private static func prepareFile(_ path: String, _ name: String) throws(StorageError) -> Bool {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
            guard !isFolder.boolValue else { throw .cannotOpen(database: name, reason: "it is a folder, not a file") }
            guard access(path, R_OK) == 0 else {
                throw .cannotOpen(database: name, reason: "this user may not read the file")
            }
            guard access(path, W_OK) == 0 else { throw .readOnly(database: name) }
            return false
        }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
            throw .cannotOpen(database: name, reason: "there is no folder \(folder): make it first")
        }
        let file = Foundation.open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            switch errno {
            case EACCES, EROFS, EPERM: throw .readOnly(database: name)
            case ENOSPC, EDQUOT: throw .full(database: name)
            default: throw .cannotOpen(database: name, reason: String(cString: strerror(errno)))
            }
        }
        Foundation.close(file)
        return true
    }

    private static func opening(_ error: any Error, path: String, name: String) -> StorageError {
        guard let error = error as? DatabaseError else { return .cannotOpen(database: name, reason: "\(error)") }
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED: return .locked(name)
        case .SQLITE_FULL: return .full(database: name)
        case .SQLITE_READONLY: return .readOnly(database: name)
        case .SQLITE_NOTADB: return .cannotOpen(database: name, reason: "the file is not an SQLite database")
        case .SQLITE_CANTOPEN where access(URL(fileURLWithPath: path).deletingLastPathComponent().path, W_OK) != 0:
            return .readOnly(database: name)
        default:
            return .cannotOpen(database: name, reason: error.message ?? "SQLite error \(error.resultCode.rawValue)")
        }
    }

    func read<R>(_ body: (any Connection) throws -> R) throws -> R {
        try closedIsSaid {
            try pool.unsafeRead { try connections.of($0).transaction(writing: false, body) }
        }
    }

    func write<R>(_ body: (any Connection) throws -> R) throws -> R {
        try closedIsSaid {
            try pool.writeWithoutTransaction { try connections.of($0).transaction(writing: true, body) }
        }
    }

    func forgetStatements() {
        // SQLite prepares stale statements anew by itself.
    }

    func withLock<R>(_ name: String, _ body: () throws -> R) throws -> R {
        let safe = name.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") ? $0 : "_" }
        let lockPath = path + "." + String(safe) + ".lock"
        let file = Foundation.open(lockPath, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            switch errno {
            case EACCES, EROFS, EPERM: throw StorageError.readOnly(database: lockPath)
            case ENOSPC, EDQUOT: throw StorageError.full(database: displayName)
            default: throw StorageError.cannotOpen(database: lockPath, reason: String(cString: strerror(errno)))
            }
        }
        // The kernel lets go of the lock when the file is closed, also when the process is killed. The file itself
        // stays: removing it would let two processes hold locks on two files of one name.
        defer { Foundation.close(file) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            throw StorageError.locked("“\(name)” of the database \(displayName)")
        }
        return try body()
    }

    func close() throws {
        guard connections.stopLending() else { return }
        do {
            // A barrier, so that no statement is in use when all are finalized.
            try pool.barrierWriteWithoutTransaction { _ in connections.finalize() }
            // Readers first: the last connection to close clears the write-ahead log away, which no reader can.
            pool.invalidateReadOnlyConnections()
            try pool.close()
        } catch let error as DatabaseError {
            throw StorageError.cannotOpen(database: displayName, reason: "closing it failed: \(error)")
        }
    }

    private func closedIsSaid<R>(_ body: () throws -> R) throws -> R {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw connections.isClosed
                ? StorageError.connectionLost("\(displayName) was closed")
                : Self.opening(error, path: path, name: displayName)
        }
    }
}

/// Our side of each connection of the pool, by the pool's own object for it.
private final class Connections: Sendable {
    private struct State {
        var known: [ObjectIdentifier: SQLiteConnection] = [:]
        var isClosed = false
    }
    private let database: String
    private let state = Mutex(State())

    init(database: String) {
        self.database = database
    }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Sets up a connection that the pool has just opened.
    func prepare(_ db: GRDB.Database) throws {
        guard let handle = db.sqliteConnection else { throw DatabaseError(resultCode: .SQLITE_MISUSE) }
        // SQLite opens a file that it may not write for reading alone, and says so only here.
        guard db.configuration.readonly || sqlite3_db_readonly(handle, "main") == 0 else {
            throw DatabaseError(resultCode: .SQLITE_READONLY)
        }
        // Bulk work on some gigabytes: larger pages and caches, reads through the page cache of the system, a
        // write-ahead log that may grow to 32 MB before it is written back. LIKE tells case, as PostgreSQL's does.
        try db.execute(
            sql: """
                PRAGMA page_size = 8192;
                PRAGMA cache_size = \(db.configuration.readonly ? -16_384 : -65_536);
                PRAGMA mmap_size = 268435456;
                PRAGMA wal_autocheckpoint = 4096;
                PRAGMA journal_size_limit = 67108864;
                PRAGMA trusted_schema = OFF;
                PRAGMA case_sensitive_like = ON;
                """)
        let connection = SQLiteConnection(handle: handle, database: database)
        state.withLock { $0.known[ObjectIdentifier(db)] = connection }
    }

    func of(_ db: GRDB.Database) throws(StorageError) -> SQLiteConnection {
        let connection = state.withLock { $0.isClosed ? nil : $0.known[ObjectIdentifier(db)] }
        guard let connection else { throw .connectionLost("\(database) was closed") }
        return connection
    }

    /// - Returns: false where that was done before.
    func stopLending() -> Bool {
        state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
    }

    func finalize() {
        state.withLock { state in
            for connection in state.known.values { connection.finalizeStatements() }
            state.known = [:]
        }
    }
}
