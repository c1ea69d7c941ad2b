import Journal
import RecordLinkage
import Storage

/// One region's registry: its sources, batches, persons, families, links and evidence.
///
/// Everything that is read or written goes through the regency of its pack, so a query cannot reach another region's
/// people.
public struct Registry: Sendable {
    /// Where it lies.
    public let database: Database
    /// The keys of what is sealed in it.
    public let vault: IdentifierVault
    /// The region's pack.
    public let pack: RegionPack
    /// Where the present moment comes from.
    public let clock: WallClock
    /// Who acts, as the journal names them.
    public let actor: String

    private let library: PackLibrary

    /// The ways in which names are written: the country's, and the region's own.
    ///
    /// - Throws: ``RegistryError/configuration(_:)`` where a file of them is wrong.
    func nameEquivalents() throws(RegistryError) -> NameEquivalents { try library.nameEquivalents(of: pack.regency) }

    /// The region's code as tables carry it.
    var regency: String { pack.regency.text }

    /// The registry's tables, for ``Database/migrate(_:)``.
    public static let migrations = RegistryTables.migrations

    /// Makes the registry of a region in a database whose tables are there, with the codes of all regions.
    ///
    /// Doing it again changes nothing, unless the database was made with another key or for another region.
    /// - Returns: whether it was made now.
    @discardableResult
    public static func make(
        in database: Database, key: MasterKey, pack: RegionPack, regions: [Region], clock: WallClock,
        actor: String
    ) throws -> Bool {
        try database.write { connection in
            if let found = try state(on: connection) {
                _ = try vault(found, key: key, pack: pack, database: database)
                return false
            }
            try RegionDirectory.store(regions, on: connection)
            try connection.execute(
                "INSERT INTO registry (regency, made, locked_secret) VALUES (?, ?, ?)",
                [
                    .text(pack.regency.text), .integer(clock.now.microseconds),
                    .blob(try key.lock(key.firstSecret(), of: pack.regency.text)),
                ])
            try Journal.append(
                JournalDraft(
                    actor: actor, action: "registry.made", subject: "registry:\(pack.regency)",
                    regency: pack.regency.text, reason: "tepat init"),
                at: clock.now, on: connection)
            return true
        }
    }

    /// Whether a database, whose tables are there, holds a registry.
    public static func isMade(in database: Database) throws -> Bool {
        try database.read { connection in try state(on: connection) != nil }
    }

    /// Opens the registry that a database holds.
    ///
    /// - Throws: ``RegistryError/notReady(_:)`` where there is none, ``RegistryError/key(_:)`` where it was made with
    ///   another key.
    public init(
        in database: Database, key: MasterKey, library: PackLibrary, clock: WallClock, actor: String
    ) throws {
        guard let found = try database.read({ try Self.state(on: $0) }) else { throw Self.noRegistry(database) }
        let pack = try library.region(found.regency)
        vault = try Self.vault(found, key: key, pack: pack, database: database)
        self.database = database
        self.library = library
        self.pack = pack
        self.clock = clock
        self.actor = actor
    }

    /// Locks the registry's secret with another key. Everything stays as it is sealed; the old key opens it no longer.
    ///
    /// - Throws: ``RegistryError/key(_:)`` where `old` is not the key that it is locked with now.
    public func changeKey(from old: MasterKey, to new: MasterKey) throws {
        try database.write { connection in
            guard let found = try Self.state(on: connection), let secret = old.unlock(found.secret, of: regency) else {
                throw Self.anotherKey(database)
            }
            try connection.execute(
                "UPDATE registry SET locked_secret = ? WHERE regency = ?",
                [.blob(try new.lock(secret, of: regency)), .text(regency)])
            try Journal.append(
                JournalDraft(
                    actor: actor, action: "key.changed", subject: "registry:\(regency)", regency: regency,
                    reason: "tepat key change"),
                at: clock.now, on: connection)
        }
    }

    private static func state(on connection: any Connection) throws -> (regency: String, secret: [UInt8])? {
        try connection.first("SELECT regency, locked_secret FROM registry") { ($0.text(0), $0.bytes(1)) }
    }

    private static func vault(
        _ found: (regency: String, secret: [UInt8]), key: MasterKey, pack: RegionPack, database: Database
    ) throws -> IdentifierVault {
        guard found.regency == pack.regency.text else {
            throw RegistryError.notReady(
                "the database \(database.displayName) holds region \(found.regency), not \(pack.regency): "
                    + "name another one with --database")
        }
        guard let secret = key.unlock(found.secret, of: found.regency) else { throw anotherKey(database) }
        return try IdentifierVault(secret: secret)
    }

    private static func anotherKey(_ database: Database) -> RegistryError {
        .key(
            "the key is not the one of the database \(database.displayName): name the right one in TEPAT_KEY or "
                + "TEPAT_KEY_FILE")
    }

    private static func noRegistry(_ database: Database) -> RegistryError {
        .notReady("the database \(database.displayName) holds no region yet: run tepat init --region CODE first")
    }
}
