import Foundation
import Journal
import Registry
import Testing

@testable import Simulator

@Suite("What the agencies hold")
struct AgencyTests {
    private let region = Fixture.region
    private static let sources = Fixture.pack.sources.keys.sorted()

    @Test("Every source of the pack has a file with the definition's fields, and the simulator knows no other")
    func files() throws {
        #expect(Set(Agency.allCases.map(\.source)) == Set(Self.sources))
        for source in Self.sources {
            let definition = try Fixture.pack.source(source)
            #expect(region.agency(source).header == definition.fields.map(\.name), "\(source)")
        }
    }

    @Test(
        "A row satisfies its definition unless the truth calls it broken, and a broken one does not", arguments: sources
    )
    func definitions(source: String) throws {
        let checker = DefinitionChecker(try Fixture.pack.source(source))
        let rows = region.agency(source).rows
        let truth = region.truth(of: source)
        #expect(rows.count == truth.count)
        let broken = Set(Fault.allCases.filter(\.isBroken).map(\.name))
        for (row, record) in zip(rows, truth) {
            let flaw = checker.flaw(in: row)
            let isBroken = !broken.isDisjoint(with: record.faults)
            if (flaw != nil) != isBroken {
                Issue.record("\(source):\(record.line): \(record.faults) \(flaw ?? "") \(row)")
            }
        }
    }

    @Test(
        "The truth has each row's line, in order, and names the person and family that the row speaks of",
        arguments: sources)
    func lines(source: String) throws {
        let definition = try Fixture.pack.source(source)
        let rows = region.agency(source).rows
        let truth = region.truth(of: source)
        #expect(truth.map(\.line) == Array(2..<truth.count + 2))
        let niks = region.persons.column("nik")
        let names = region.persons.column("name")
        let cards = region.families.column("family_number")
        let old = region.families.column("old_family_number")
        let homes = region.persons.column("family_id")
        let broken = Set(Fault.allCases.filter(\.isBroken).map(\.name))
        var wrong = 0
        for (row, record) in zip(rows, truth) where broken.isDisjoint(with: record.faults) {
            let faults = Set(record.faults)
            wrong += homes[record.person] == region.families.rows[record.family][0] ? 0 : 1
            if let field = definition.identity[.nik] {
                let isFaulty = !faults.isDisjoint(with: [
                    "missing-nik", "nik-digit", "nik-transposed", "relative-nik", "shared-nik", "second-nik",
                ])
                let isOther = faults.contains("other-person")
                if !isOther { wrong += (row[field] == niks[record.person]) == !isFaulty ? 0 : 1 }
                if faults.contains("missing-nik") { wrong += row[field].isEmpty ? 0 : 1 }
            }
            if let field = definition.identity[.familyNumber], !row[field].isEmpty {
                let expected = faults.contains("old-family-number") ? old[record.family] : cards[record.family]
                wrong += row[field] == expected ? 0 : 1
            }
            if let field = definition.identity[.name], !faults.contains("other-person") {
                let isFaulty = faults.contains { $0.hasPrefix("name-") }
                wrong += (row[field] == names[record.person]) == !isFaulty ? 0 : 1
            }
            if let field = definition.identity[.birthDate] {
                let given =
                    row[field].contains("/")
                    ? row[field].split(separator: "/").reversed().joined(separator: "-") : row[field]
                let isFaulty = faults.contains { $0.hasPrefix("birth-") }
                wrong += (given == region.persons.rows[record.person][4]) == !isFaulty ? 0 : 1
            }
        }
        #expect(wrong == 0)
    }

    @Test("Every kind of fault occurs, and about one row in two thousand is broken")
    func faults() {
        // A list of 20,000 families has few that two people share a number in.
        for fault in Fault.allCases { #expect(region.summary.faults[fault, default: 0] > 0, "\(fault.name)") }
        let rows = Double(region.summary.rows.values.reduce(0, +))
        let broken = Fault.allCases.filter(\.isBroken).reduce(0) { $0 + region.summary.faults[$1, default: 0] }
        #expect((0.3...0.75).contains(Double(broken) / rows * 1000), "\(broken)")
    }

    @Test(
        "Faults are as frequent as documented",
        arguments: [
            ("pln", "missing-nik", 0.20, 0.30), ("bpn", "missing-nik", 0.30, 0.42),
            ("dtsen-members", "missing-nik", 0.02, 0.05),
            ("pkh-list", "relative-nik", 0.008, 0.03), ("pkh-list", "dead-listed", 0.01, 0.06),
            ("sembako-list", "old-family-number", 0.04, 0.12), ("dukcapil", "dead-listed", 0.001, 0.01),
            ("dukcapil", "birth-unknown", 0.01, 0.05), ("bkn", "name-title", 0.35, 0.5),
            ("dtsen-families", "stale", 0.12, 0.22),
            ("pln", "other-person", 0.12, 0.30),
        ])
    func rates(source: String, fault: String, least: Double, most: Double) {
        let truth = region.truth(of: source)
        let share = Double(truth.count { $0.faults.contains(fault) }) / Double(truth.count)
        #expect((least...most).contains(share), "\(share)")
    }

    @Test("A mistyped NIK keeps the first four digits: no made-up number becomes a real regency's")
    func typos() throws {
        for source in Self.sources {
            let definition = try Fixture.pack.source(source)
            for role in [SourceDefinition.Role.nik, .familyNumber] {
                guard let field = definition.identity[role] else { continue }
                #expect(
                    region.agency(source).rows.allSatisfy { $0[field].isEmpty || $0[field].hasPrefix("3599") },
                    "\(source)")
            }
        }
    }

    @Test(
        "Each agency's own numbers are unique but for the rows that are there twice",
        arguments: [
            "bank-accounts", "bkn", "bpjs-tk", "bpn", "dukcapil-deaths", "pkh-list", "pln", "samsat", "sembako-list",
        ])
    func keys(source: String) throws {
        let definition = try Fixture.pack.source(source)
        var seen = Set<[String]>()
        var again = 0
        for row in region.agency(source).rows where !seen.insert(definition.key.map { row[$0] }).inserted { again += 1 }
        let doubles = region.truth(of: source).count { $0.faults.contains("double-row") }
        #expect(again == doubles)
    }

    @Test("The population register lists everyone who lives there, and few who do not")
    func register() {
        let living = zip(region.persons.flags("alive"), region.persons.flags("moved_out")).map { $0 && !$1 }
        var listed = [Bool](repeating: false, count: living.count)
        for record in region.truth(of: "dukcapil") { listed[record.person] = true }
        #expect(zip(living, listed).allSatisfy { !$0 || $1 })
        let ghosts = zip(living, listed).count { !$0 && $1 }
        #expect((50...800).contains(ghosts), "\(ghosts)")
    }

    @Test("A wage above the minimum is told only of those whose wage is")
    func wages() throws {
        let above = region.persons.flags("wage_above_minimum")
        for (row, record) in zip(region.agency("bpjs-tk").rows, region.truth(of: "bpjs-tk"))
        where row.count == 5 {
            #expect((row[4] == "YA") == above[record.person])
        }
    }

    @Test("Names are written otherwise in the ways that agencies do")
    func spellings() {
        func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
        func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
        var random = Random(seed: 1, village: 0, task: 0)
        #expect(text(NameSpelling.oldSpelling(bytes("SUJARWO YANTI CIPTO"))) == "SOEDJARWO JANTI TJIPTO")
        #expect(text(NameSpelling.abbreviated(bytes("SRI WAHYUNI"))) == "SRI W.")
        #expect(text(NameSpelling.abbreviated(bytes("MUHAMMAD RIZKI"))) == "M. RIZKI")
        #expect(text(NameSpelling.abbreviated(bytes("PAIMIN"))) == "PAIMIN")
        #expect(text(NameSpelling.doubled(bytes("MUHAMMAD"), &random)) == "MUHAMAD")
        #expect(NameSpelling.doubled(bytes("SITI"), &random).count == 5)
        #expect(text(NameSpelling.joined(bytes("SRI WAHYUNI"))) == "SRIWAHYUNI")
        #expect(text(NameSpelling.capitalised(bytes("JUMA'ATI SRI"))) == "Juma'ati Sri")
        #expect(text(NameSpelling.firstOnly(bytes("SRI WAHYUNI"))) == "SRI")
        #expect(text(NameSpelling.truncated(bytes("SRI WAHYUNI"), to: 4)) == "SRI")
        #expect(text(NameSpelling.titled(bytes("SITI"), isFemale: true, degrees: false, &random)) == "HJ. SITI")
        for _ in 0..<200 {
            let slip = NameSpelling.misspelt(bytes("SULASTRI"), &random)
            #expect((7...8).contains(slip.count))
        }
    }
}
