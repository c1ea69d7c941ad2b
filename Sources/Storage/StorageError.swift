/// What can go wrong with a database, said to the person who can mend it.
public enum StorageError: Error, Sendable, Equatable {
    /// The URL is neither `sqlite:FILE` nor `postgres://…`.
    case badURL(String)
    /// The database cannot be opened: no such folder, no such server, wrong password, not a database.
    case cannotOpen(database: String, reason: String)
    /// A module's tables were made by a newer program than this one.
    case newer(module: String, database: Int, program: Int)
    /// A migration is missing or not the one the database was made with.
    case migration(module: String, version: Int, reason: String)
    /// Another program holds the database or the named lock.
    case locked(String)
    /// There is no room left on the disk.
    case full(database: String)
    /// The database may not be written.
    case readOnly(database: String)
    /// The connection to the server broke.
    case connectionLost(String)
    /// A rule of the tables was broken: a duplicate key, a missing parent.
    case constraint(String)
    /// The engine refused a statement.
    case refused(sql: String, reason: String)
}

extension StorageError: CustomStringConvertible {
    /// One or two lines that say what happened and what to do.
    public var description: String {
        switch self {
        case .badURL(let url):
            "“\(url)” is not a database: write sqlite:FILE or postgres://user@host/name"
        case .cannotOpen(let database, let reason):
            "cannot open the database \(database): \(reason)"
        case .newer(let module, let database, let program):
            "the database was made by a newer tepat (\(module) \(database); this program knows \(program)): "
                + "install the newer program"
        case .migration(let module, let version, let reason):
            "migration \(version) of \(module) failed, nothing was changed: \(reason)"
        case .locked(let what):
            "\(what) is in use by another program: wait until it has finished, then run the command again"
        case .full(let database):
            "no room left for the database \(database): free some disk space, then run the command again"
        case .readOnly(let database):
            "the database \(database) may not be written: check the file's and its folder's permissions"
        case .connectionLost(let reason):
            "the connection to the database broke: \(reason)"
        case .constraint(let reason):
            "the database refused a change that breaks a rule of its tables: \(reason)"
        case .refused(let sql, let reason):
            "the database refused “\(sql.prefix(200))”: \(reason)"
        }
    }
}
