import Journal
import Storage
import TestSupport
import Testing

@testable import Registry

@Suite("A registry")
struct RegistryTests {
    @Test("is made once, with the key and for the region it was made with", arguments: Database.Engine.allCases)
    func making(engine: Database.Engine) throws {
        try TestDatabases.use(engine, migrations: Fixture.migrations) { database in
            func make(_ key: MasterKey) throws -> Bool {
                try Registry.make(
                    in: database, key: key, pack: Fixture.pack, regions: Fixture.regions,
                    clock: Fixture.tickingClock(), actor: "test")
            }
            func open(_ key: MasterKey) throws {
                _ = try Registry(
                    in: database, key: key, library: Fixture.library, clock: Fixture.tickingClock(), actor: "test")
            }
            guard case .notReady = registryError({ try open(Fixture.key) }) else {
                Issue.record("a registry was opened that is not there")
                return
            }
            #expect(try make(Fixture.key))
            #expect(try !make(Fixture.key))
            try open(Fixture.key)
            let other = try MasterKey([UInt8](repeating: 1, count: 32))
            for attempt in [{ _ = try make(other) }, { try open(other) }] {
                guard case .key = registryError(attempt) else {
                    Issue.record("another key was taken")
                    continue
                }
            }
            let verification = try database.read { try Journal.verify(on: $0) }
            #expect(verification.entries == 1)
        }
    }

    @Test(
        "opens with its new key alone once that was changed, and finds everybody as before",
        arguments: Database.Engine.allCases)
    func changingKey(engine: Database.Engine) throws {
        try Fixture.use(engine) { registry, folder in
            let other = try MasterKey([UInt8](repeating: 1, count: 32))
            func open(_ key: MasterKey) throws -> Registry {
                try Registry(
                    in: registry.database, key: key, library: Fixture.library, clock: Fixture.tickingClock(),
                    actor: "test")
            }
            let file = try folder.write("file.csv", "id,name\n1,Siti\n")
            let batch = try registry.ingest(try Fixture.sample(), file: file)
            try registry.changeKey(from: Fixture.key, to: other)
            guard case .key = registryError({ _ = try open(Fixture.key) }) else {
                Issue.record("the old key still opens it")
                return
            }
            guard case .key = registryError({ try registry.changeKey(from: Fixture.key, to: other) }) else {
                Issue.record("the old key still changes it")
                return
            }
            let reopened = try open(other)
            #expect(try reopened.rows(of: batch.batch).values.map { $0[3] } == ["Siti"])
            #expect(reopened.vault.hash("a", as: .nik) == registry.vault.hash("a", as: .nik))
            let entries = try registry.database.read { try Journal.entries(about: "registry:35.10", on: $0) }
            #expect(entries.map(\.draft.action) == ["registry.made", "key.changed"])
        }
    }
}

@Suite("What the journal speaks of")
struct AuditTests {
    private struct Undo: Error { let faults: [String] }

    /// Changes by hand that must be found.
    static let tamperings: [String] = [
        "UPDATE source_row SET row_key = row_key + 1 WHERE batch = 1 AND line = 3",
        "UPDATE source_row SET digest = (SELECT sealed FROM source_block WHERE batch = 1) WHERE batch = 1 AND line = 3",
        "UPDATE source_row SET digest = nik WHERE batch = 1 AND line = 3",
        "UPDATE source_block SET sealed = digest WHERE batch = 1",
        "UPDATE source_block SET digest = (SELECT digest FROM source_block WHERE batch = 2) WHERE batch = 1",
        "UPDATE source_block SET block = 3 WHERE batch = 1",
        "UPDATE source_block SET block = 1 WHERE batch = 2",
        "DELETE FROM source_block WHERE batch = 1",
        """
        UPDATE source_block SET (digest, sealed) = (SELECT digest, sealed FROM source_block WHERE batch = 1)
        WHERE batch = 2
        """,
        "UPDATE source_row SET nik = NULL WHERE batch = 1 AND line = 3",
        "UPDATE source_row SET nik = family_number WHERE batch = 1 AND line = 3",
        "UPDATE source_row SET family_number = NULL WHERE batch = 1 AND line = 3",
        "UPDATE source_row SET line = 900 WHERE batch = 1 AND line = 3",
        "DELETE FROM source_row WHERE batch = 1 AND line = 8",
        "DELETE FROM source_row WHERE batch = 1",
        "UPDATE source_row SET batch = 2 WHERE batch = 1 AND line = 8",
        """
        INSERT INTO source_row SELECT regency, batch, 77, row_key, digest, nik, family_number FROM source_row
        WHERE batch = 1 AND line = 3
        """,
        "UPDATE quarantine SET sealed = digest",
        "DELETE FROM quarantine",
        "UPDATE quarantine SET line = 900",
        """
        UPDATE batch SET description = (SELECT digest FROM source_description WHERE source = 'samsat')
        WHERE source = 'dukcapil'
        """,
        "UPDATE source_description SET content = content || ' '",
        "UPDATE link SET person = 2 WHERE batch = 2",
        "UPDATE link SET family = 2 WHERE batch = 2",
        "UPDATE link SET ground = 'nik_birth_date' WHERE batch = 2",
        "UPDATE link SET until = 1 WHERE batch = 2",
        "UPDATE link SET since = 2 WHERE batch = 2",
        "UPDATE link SET line = 77 WHERE batch = 2",
        "DELETE FROM link WHERE batch = 1 AND line = 2",
        "INSERT INTO link SELECT regency, batch, 99, since, until, family, person, ground FROM link WHERE batch = 2",
    ]

    @Test("is found out where it was changed by hand", arguments: Database.Engine.allCases)
    func tampering(engine: Database.Engine) throws {
        try Fixture.use(engine) { registry, folder in
            let broken = "\(number(8)),\(number(901)),,L,1980-05-17,ANAK,,35.10.16.1007\n"
            try ingest(registry, folder, "dukcapil", Resident.file(Village().residents) + broken)
            try ingest(
                registry, folder, "samsat", "nomor_polisi,nik,nama,jenis\nP 1 A,\(number(1)),AHMAD FAUZI,BUS\n")
            _ = try registry.link()
            func faults(_ change: (any Connection) throws -> Void) throws -> [String] {
                do {
                    try registry.database.write { connection in
                        try change(connection)
                        throw Undo(faults: try registry.faults(on: connection))
                    }
                } catch let undo as Undo {
                    return undo.faults
                }
                return []
            }
            #expect(try faults { _ in } == [])
            for sql in Self.tamperings {
                #expect(try !faults { try $0.execute(sql) }.isEmpty, "\(sql)")
            }
            // Two rows change places, with all that they are found by.
            let swap = try faults { connection in
                for (from, to) in [(3, 900), (4, 3), (900, 4)] {
                    try connection.execute(
                        "UPDATE source_row SET line = ? WHERE batch = 1 AND line = ?", [SQLValue(to), SQLValue(from)])
                }
            }
            #expect(!swap.isEmpty, "two rows changed places")
        }
    }
}
