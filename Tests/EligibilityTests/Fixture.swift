import Foundation
import Journal
import Registry
import Simulator
import Storage
import Synchronization
import TestSupport

@testable import Eligibility

/// The pack of Banyuwangi, its programmes, and one small simulation of its people.
enum Fixture {
    static let root: URL = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static let library = PackLibrary(root: root.path)

    static let pack: RegionPack = {
        do { return try library.region("35.10") } catch { preconditionFailure("\(error)") }
    }()

    static let key: MasterKey = {
        do { return try MasterKey([UInt8](repeating: 9, count: 32)) } catch { preconditionFailure("\(error)") }
    }()

    static let migrations = [Journal.migrations, Registry.migrations, Eligibility.migrations]

    /// The agencies' files of 300 families, by source.
    static let agencies: [String: Data] = {
        do {
            return try TestDatabases.useFolder { folder in
                let path = folder.appendingPathComponent("region").path
                try writeSimulation(to: path)
                var files: [String: Data] = [:]
                for source in pack.sources.keys {
                    files[source] = FileManager.default.contents(atPath: path + "/agencies/\(source).csv")
                }
                return files
            }
        } catch { preconditionFailure("\(error)") }
    }()

    /// Writes the simulated people's files, and the truth about them.
    static func writeSimulation(to path: String) throws {
        _ = try Simulation(pack: pack, families: 300, seed: 11).write(to: path)
    }

    /// Lends a registry without any data, and a folder for files.
    static func use<R>(
        _ engine: Database.Engine, library: PackLibrary = library, _ body: (Registry, URL) throws -> R
    ) throws -> R {
        try TestDatabases.use(engine, migrations: migrations) { database in
            try TestDatabases.useFolder { folder in
                let clock = tickingClock()
                let pack = try library.region("35.10")
                let regions = pack.villages.map { Region(code: $0.code, name: $0.name) }
                try Registry.make(
                    in: database, key: key, pack: pack, regions: regions, clock: clock, actor: "test")
                return try body(
                    try Registry(in: database, key: key, library: library, clock: clock, actor: "test"), folder)
            }
        }
    }

    /// Lends a registry that knows the simulated people.
    static func useSimulated<R>(_ engine: Database.Engine, _ body: (Registry, URL) throws -> R) throws -> R {
        try use(engine) { registry, folder in
            for (source, data) in agencies.sorted(by: { $0.key < $1.key }) {
                let file = folder.appendingPathComponent(source + ".csv")
                try data.write(to: file)
                _ = try registry.ingest(
                    try registry.pack.source(source), file: file.path, delivered: CalendarDate(day: 20_376))
            }
            _ = try registry.link()
            return try body(registry, folder)
        }
    }

    private static func tickingClock() -> WallClock {
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

    /// A day that must be one.
    static func day(_ text: String) -> CalendarDate {
        guard let date = CalendarDate(text) else { preconditionFailure("\(text) is no date") }
        return date
    }

    /// A made-up number: of a person, or of a family card.
    static func number(_ serial: Int) -> String { "359901170580" + String(String(10_000 + serial).dropFirst()) }
}

/// A small programme in which everything occurs that rules can say.
enum SmallProgramme {
    static func text(version: String = "1", order: String = "priority", priority: String = "decile") -> String {
        """
        programme: small
        version: "\(version)"
        title: {id: Kecil, en: Small}
        summary: {id: Contoh., en: A sample.}
        from: 2025-01-01
        legal: [none]
        attributes:
          family:
            decile: {type: int, from: [dtsen-families], label: {id: Desil, en: Decile}, mend: {id: Tanya, en: Ask}}
            cars: {type: int, from: [samsat], label: {id: Mobil, en: Cars}, mend: {id: Tanya, en: Ask}}
          member:
            age: {type: int, from: [dukcapil], label: {id: Umur, en: Age}, mend: {id: Tanya, en: Ask}}
            schooling: {type: string, from: [dtsen-members], label: {id: Sekolah, en: School}, mend: {id: Tanya, en: Ask}}
        definitions:
          member:
            pupil: schooling == 'enrolled'
          family:
            poor: "decile <= 2"
        benefit:
          every: month
          most: 3
          order: \(order)
          groups: {children: 2}
          components:
            - {id: small, label: {id: Kecil, en: Small}, member: age <= 6, amount: 100, most: 1, group: children}
            - {id: pupil, label: {id: Murid, en: Pupil}, member: pupil, amount: 300, group: children}
            - {id: old, label: {id: Tua, en: Old}, member: age >= 60, amount: 200}
        rules:
          - id: decile
            requires: decile <= 4
            hit: decides
            words: {id: Desil rendah., en: Low decile.}
            failed: {id: Desil tinggi., en: High decile.}
            change: {id: Desil., en: The decile.}
            legal: {id: Tidak ada, en: None}
            official: false
          - id: component
            requires: members.exists(m, m.has_component)
            hit: decides
            words: {id: Ada., en: There is.}
            failed: {id: Tidak ada., en: There is not.}
            change: {id: Anak., en: A child.}
            legal: {id: Tidak ada, en: None}
            official: false
          - id: car
            excludes: cars > 0
            hit: verify
            words: {id: Tanpa mobil., en: No car.}
            failed: {id: Ada mobil., en: A car.}
            change: {id: Mobil., en: The car.}
            legal: {id: Tidak ada, en: None}
            official: false
        priority:
          - {by: \(priority), order: ascending, label: {id: Desil, en: Decile}}
        notice:
          days: 30
          watch: [decile]
          answer: {id: Datang ke kantor desa., en: Go to the village office.}
          legal: {id: Keputusan 1/2025 pasal 9, en: Decree 1/2025 article 9}
        next:
          funded: {id: Tunggu, en: Wait}
          waitlisted: {id: Tunggu, en: Wait}
          undetermined: {id: Tunggu, en: Wait}
          ineligible: {id: Sanggah, en: Appeal}
        """
    }

    static func make(version: String = "1", order: String = "priority", priority: String = "decile") throws -> Programme
    {
        try Programme.parse(text(version: version, order: order, priority: priority), file: "small.yaml")
    }
}

extension Programme {
    /// What is known of a family that somebody makes up; what is left out is not known.
    func facts(
        family: [String: AttributeValue], members: [[String: AttributeValue]]
    ) -> FamilyFacts {
        func evidence(_ values: [String: AttributeValue], _ scope: Scope) -> [Evidence?] {
            attributes.filter { $0.scope == scope }.map { attribute in
                values[attribute.name].map {
                    Evidence(value: $0, source: "made up", batch: 1, line: 1, day: CalendarDate(day: 0))
                }
            }
        }
        return FamilyFacts(
            family: evidence(family, .family), persons: members.indices.map { Int64($0 + 1) },
            members: members.map { evidence($0, .member) })
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
