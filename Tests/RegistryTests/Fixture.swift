import Foundation
import Journal
import Storage
import Synchronization
import TestSupport

@testable import Registry

/// The pack of Banyuwangi, and registries of it in databases of their own.
enum Fixture {
    static let library: PackLibrary = {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return PackLibrary(root: tests.deletingLastPathComponent().path)
    }()

    static let pack: RegionPack = {
        do { return try library.region("35.10") } catch { preconditionFailure("\(error)") }
    }()

    static let key: MasterKey = {
        do { return try MasterKey([UInt8](repeating: 7, count: 32)) } catch { preconditionFailure("\(error)") }
    }()

    static let vault: IdentifierVault = {
        do { return try IdentifierVault(secret: [UInt8](repeating: 7, count: 32)) } catch {
            preconditionFailure("\(error)")
        }
    }()

    /// The regions of the pack alone: all of Indonesia takes a second to read.
    static let regions: [Region] =
        pack.villages.map { Region(code: $0.code, name: $0.name) }
        + pack.districts.map { Region(code: $0.code, name: $0.name) }
        + [Region(code: pack.regency, name: "Kabupaten Banyuwangi")]
        + [RegionCode("35")].compactMap(\.self).map { Region(code: $0, name: "Jawa Timur") }

    static let migrations = [Journal.migrations, Registry.migrations]

    /// Lends a registry without any data, and a folder for files.
    static func use<R>(
        _ engine: Database.Engine, _ body: (Registry, Folder) throws -> R
    ) throws -> R {
        try TestDatabases.use(engine, migrations: migrations) { database in
            try TestDatabases.useFolder { folder in
                try body(try registry(in: database), Folder(url: folder))
            }
        }
    }

    /// Makes a registry in a database that has the tables.
    static func registry(in database: Database) throws -> Registry {
        let clock = tickingClock()
        try Registry.make(
            in: database, key: key, pack: pack, regions: regions, clock: clock, actor: "command:siti")
        return try Registry(in: database, key: key, library: library, clock: clock, actor: "command:siti")
    }

    /// A clock that goes on by a second whenever somebody looks at it, from 15 October 2025 on.
    static func tickingClock() -> WallClock {
        let ticks = Ticks()
        return WallClock { Moment(microseconds: (20_376 * 86_400 + ticks.next()) * 1_000_000) }
    }

    private final class Ticks: Sendable {
        private let count = Mutex<Int64>(0)
        func next() -> Int64 {
            count.withLock { count in
                count += 1
                return count
            }
        }
    }

    /// The villages of which the tests' people are.
    static let karangrejo = "35.10.16.1007"
    static let sarongan = "35.10.01.2001"
    static let pesanggaran = "35.10.01.2002"

    /// A day that must be one.
    static func day(_ text: String) -> CalendarDate {
        guard let date = CalendarDate(text) else { preconditionFailure("\(text) is no date") }
        return date
    }

    /// A source of the tests' own, in which every kind of field occurs.
    static func sample(delivery: String = "full") throws -> SourceDefinition {
        try SourceDefinition.parse(sampleText(delivery: delivery), file: "sample.yaml")
    }

    static func sampleText(delivery: String = "full") -> String {
        """
        source: sample
        version: 1
        title: {id: Contoh, en: Sample}
        owner: {id: Kami, en: Us}
        purpose: {id: Menguji, en: To test}
        legal_basis: none
        delivery: \(delivery)
        freshness_days: 30
        subject: person
        key: [id]
        identity: {nik: nik, family_number: kk, name: name, birth_date: born}
        fields:
          id: {type: text, required: true, max: 5}
          nik: {type: nik}
          kk: {type: family_number, malformed: quarantine}
          name: {type: text, required: true, max: 20}
          born: {type: partial_date}
          seen: {type: date}
          village: {type: region, level: village}
          count: {type: integer, min: 0, max: 10}
          area: {type: decimal, min: 0, max: 100}
          paid: {type: rupiah}
          flag: {type: boolean}
          kind: {type: code, values: {SATU: one, DUA: two}}
        evidence:
          flagged: {field: flag, combine: any, absent: false}
          paid: {field: paid, combine: sum, absent: 0}
        """
    }
}

/// A folder in which tests write files.
struct Folder {
    let url: URL

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    func write(_ name: String, _ text: String) throws -> String { try write(name, Array(text.utf8)) }

    func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
        return path(name)
    }
}

/// A person as the population register lists one.
struct Resident {
    var nik: String
    var card: String
    var name: String
    var sex = "L"
    var born = "1980-05-17"
    var relation = "KEPALA KELUARGA"
    var village = Fixture.karangrejo
    var address = ""
    var mother = ""

    static let header = "nik,no_kk,nama,jenis_kelamin,tanggal_lahir,hubungan_keluarga,nama_ibu,alamat,kode_desa\n"

    var row: String { "\(nik),\(card),\(name),\(sex),\(born),\(relation),\(mother),\(address),\(village)\n" }

    static func file(_ residents: [Resident]) -> String { header + residents.map(\.row).joined() }
}

/// A made-up number: of a person, or of a family card.
func number(_ serial: Int, _ date: String = "170580") -> String {
    let digits = String(serial)
    return "359901" + date + String(repeating: "0", count: 4 - digits.count) + digits
}

extension Registry {
    /// The rows of a batch as they are kept: line and fields.
    func rows(of batch: Int64) throws -> [Int64: [String?]] {
        try database.read { connection in
            var rows: [Int64: [String?]] = [:]
            let stored = try StoredRows(
                batch: batch, lines: 0 ... .max, limit: .max, regency: regency, on: connection)
            try stored?.forEach(vault) { row, content in
                rows[row.line] = content.map { RowContent.texts(of: Array($0)) }
            }
            return rows
        }
    }

    /// How many rows a table has.
    func count(_ table: String) throws -> Int {
        try database.read { try $0.count("SELECT count(*) FROM \(table)") }
    }

    /// All values of a query's rows.
    func values(_ sql: String, columns: Int, _ arguments: [SQLValue] = []) throws -> [[SQLValue]] {
        try database.read { connection in
            try connection.query(sql, arguments) { cursor in (0..<columns).map { cursor.value($0) } }
        }
    }

    /// What is wrong with what the journal speaks of, by entry.
    func faults(on connection: any Connection) throws -> [String] {
        var faults: [String] = []
        var entries: [JournalEntry] = []
        _ = try Journal.verify(on: connection) { entries.append($0) }
        for entry in entries {
            if let fault = try fault(in: entry, on: connection) { faults.append(fault) }
        }
        return faults
    }
}

/// The error that a closure throws, where it is one of the registry's.
func registryError(_ body: () throws -> Void) -> RegistryError? {
    do {
        try body()
        return nil
    } catch {
        return error as? RegistryError
    }
}
