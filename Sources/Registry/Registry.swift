import Journal
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
        in database: Database, vault: IdentifierVault, pack: RegionPack, regions: [Region], clock: WallClock,
        actor: String
    ) throws -> Bool {
        try database.write { connection in
            if let found = try state(on: connection) {
                try check(found, vault: vault, pack: pack, database: database)
                return false
            }
            try RegionDirectory.store(regions, on: connection)
            try connection.execute(
                "INSERT INTO registry (regency, made, key_check) VALUES (?, ?, ?)",
                [
                    .text(pack.regency.text), .integer(clock.now.microseconds),
                    .blob(keyCheck(vault, regency: pack.regency.text).bytes),
                ])
            try Journal.append(
                JournalDraft(
                    actor: actor, action: "registry.made", subject: "registry:\(pack.regency)",
                    regency: pack.regency.text, reason: "tepat init"),
                at: clock.now, on: connection)
            return true
        }
    }

    /// Opens the registry that a database holds.
    ///
    /// - Throws: ``RegistryError/notReady(_:)`` where there is none, ``RegistryError/key(_:)`` where it was made with
    ///   another key.
    public init(
        in database: Database, vault: IdentifierVault, library: PackLibrary, clock: WallClock, actor: String
    ) throws {
        guard let found = try database.read({ try Self.state(on: $0) }) else { throw Self.noRegistry(database) }
        let pack = try library.region(found.regency)
        try Self.check(found, vault: vault, pack: pack, database: database)
        self.database = database
        self.vault = vault
        self.pack = pack
        self.clock = clock
        self.actor = actor
    }

    private static func state(on connection: any Connection) throws -> (regency: String, keyCheck: [UInt8])? {
        try connection.first("SELECT regency, key_check FROM registry") { ($0.text(0), $0.bytes(1)) }
    }

    private static func check(
        _ found: (regency: String, keyCheck: [UInt8]), vault: IdentifierVault, pack: RegionPack, database: Database
    ) throws {
        guard found.regency == pack.regency.text else {
            throw RegistryError.notReady(
                "the database \(database.displayName) holds region \(found.regency), not \(pack.regency): "
                    + "name another one with --database")
        }
        guard found.keyCheck == keyCheck(vault, regency: found.regency).bytes else {
            throw RegistryError.key(
                "the database \(database.displayName) was made with another key: name the right one in TEPAT_KEY or "
                    + "TEPAT_KEY_FILE")
        }
    }

    private static func noRegistry(_ database: Database) -> RegistryError {
        .notReady("the database \(database.displayName) holds no region yet: run tepat init --region CODE first")
    }

    /// What a key makes of a fixed text: tells another key from the right one before anything is read with it.
    private static func keyCheck(_ vault: IdentifierVault, regency: String) -> KeyedHash {
        vault.hash("tepat key check \(regency)", as: .key)
    }
}
