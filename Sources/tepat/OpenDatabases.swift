import Storage
import Synchronization

/// The databases that a command has opened, to be closed when it ends: an SQLite database is one file again then, which
/// can be copied.
enum OpenDatabases {
    private static let list = Mutex<[Database]>([])

    static func add(_ database: Database) { list.withLock { $0.append(database) } }

    /// Closes them all. What cannot be closed has lost nothing: every transaction is kept already.
    static func close() {
        let open = list.withLock { list in
            defer { list = [] }
            return list
        }
        for database in open { try? database.close() }
    }
}
