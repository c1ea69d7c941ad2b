import Foundation
import Journal
import Registry
import Testing

@testable import Simulator

@Suite("A file of people")
struct PeopleFileTests {
    /// A file of 60,000 records in memory, with its truth.
    private struct Written: Sendable {
        let summary: PeopleFile.Summary
        let people: Table
        let truth: Table
        /// The places of each person's records.
        let clusters: [[Int]]

        static let shared = Written(records: 60_000, seed: 5)

        init(records: Int, seed: UInt64) {
            let folder = Fixture.folder("people")
            defer { try? FileManager.default.removeItem(atPath: folder) }
            do {
                summary = try PeopleFile(pack: Fixture.pack, records: records, seed: seed).write(to: folder)
                people = try Table(folder + "/people.csv")
                truth = try Table(folder + "/people-truth.csv")
            } catch { preconditionFailure("\(error)") }
            clusters = Array(
                Dictionary(grouping: truth.rows.indices) { [truth] in truth.rows[$0][1] }.values.map { $0.sorted() })
        }

        /// The share of records for which something holds of a column.
        func share(_ column: String, where holds: (String) -> Bool) -> Double {
            Double(people.column(column).count(where: holds)) / Double(people.rows.count)
        }
    }

    private static func write(records: Int, seed: UInt64, threads: Int) throws -> [String: Data] {
        let folder = Fixture.folder("people-\(threads)")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        _ = try PeopleFile(pack: Fixture.pack, records: records, seed: seed).write(to: folder, threads: threads)
        var contents: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            contents[name] = FileManager.default.contents(atPath: folder + "/" + name)
        }
        return contents
    }

    @Test("The same seed gives the same bytes, on one thread and on five; another seed gives others")
    func repeatable() throws {
        let one = try Self.write(records: 3001, seed: 3, threads: 1)
        #expect(one.keys.sorted() == ["people-truth.csv", "people.csv", "simulation.json"])
        #expect(try Self.write(records: 3001, seed: 3, threads: 5) == one)
        #expect(try Self.write(records: 3001, seed: 4, threads: 2)["people.csv"] != one["people.csv"])
    }

    @Test("The truth tells of each record, in the file's order, and a fifth of the records are doubles")
    func truth() {
        let written = Written.shared
        #expect(
            written.people.header == [
                "record_id", "nik", "name", "birth_date", "sex", "birthplace", "village_code", "mother_name", "phone",
            ])
        #expect(written.truth.header == ["record_id", "true_person_id"])
        #expect(written.people.rows.count == 60_000)
        #expect(written.people.rows.allSatisfy { $0.count == 9 })
        #expect(written.people.column("record_id") == written.truth.column("record_id"))
        #expect(Set(written.people.column("record_id")).count == 60_000)
        #expect(written.people.rows[0][0] == "R000000000")
        #expect(written.clusters.count == 48_000)
        #expect(written.summary.persons == 48_000)
        #expect(written.summary.doubled == written.clusters.count { $0.count > 1 })
    }

    @Test("So many people have two, three and four records as is documented")
    func clusters() {
        let written = Written.shared
        let doubled = Double(written.summary.doubled)
        for (size, share) in [(2, 0.722), (3, 0.195), (4, 0.069)] {
            let found = Double(written.clusters.count { $0.count == size }) / doubled
            #expect(abs(found - share) < 0.02, "\(size) records: \(found)")
        }
        #expect(written.clusters.allSatisfy { $0.count <= 8 })
        // Doubles do not stand beside each other.
        let near = written.clusters.count { $0.count == 2 && $0[1] - $0[0] < 100 }
        #expect(near < 100)
    }

    @Test("Fields are missing about as often as is documented")
    func missing() {
        let written = Written.shared
        for (column, share) in [
            ("nik", 0.088), ("birth_date", 0.008), ("sex", 0.0043), ("birthplace", 0.046), ("village_code", 0.008),
            ("mother_name", 0.087), ("phone", 0.625),
        ] {
            let found = written.share(column) { $0.isEmpty }
            #expect(abs(found - share) < 0.0015 + share * 0.1, "\(column): \(found)")
        }
        #expect(written.share("name") { $0.isEmpty } == 0)
        let placeholders = written.share("nik") {
            ["-", "0000000000000000", "9999999999999999"].contains($0)
        }
        #expect(abs(placeholders - 0.0055) < 0.0015)
    }

    @Test("Each double differs by faults that are counted, about as often as the document's table says")
    func faults() throws {
        let written = Written.shared
        let doubles = 12_000.0
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appendingPathComponent("docs/simulator.md"), encoding: .utf8)
        let rows = text.split(separator: "\n").map {
            $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
        for fault in RecordFault.allCases {
            let row = rows.first { $0.count == 3 && $0[0] == "`\(fault.name)`" && Double($0[1]) != nil }
            let share = try #require(row.flatMap { Double($0[1]) }, "\(fault.name) is not in the document")
            let found = 100 * Double(written.summary.faults[fault] ?? 0) / doubles
            // Four standard deviations of chance, and the rounding.
            let chance = (share * (100 - share) / doubles).squareRoot()
            #expect(abs(found - share) < 4 * chance + 0.05, "\(fault.name): \(found)")
        }
        let all = Double(written.summary.faults.values.reduce(0, +))
        #expect(abs(all / doubles - 2.16) < 0.05)
    }

    @Test("No NIK is that of a real regency: it begins with 3599, or a fault put another made-up region there")
    func numbers() {
        let written = Written.shared
        let numbers = written.people.column("nik").filter { $0.count == 16 && Set($0).count > 1 }
        let others = numbers.filter { !$0.hasPrefix("3599") }
        // The third and fourth digit of every other number name regency 99, which no province has.
        #expect(others.allSatisfy { $0.dropFirst(2).hasPrefix("99") })
        #expect(Double(others.count) / 60_000 < 0.01)
        #expect(!others.isEmpty)
        // Another region is a double's fault, or in a few first records: never the truth of a whole person.
        let whole = written.clusters.count { cluster in
            cluster.count > 1 && cluster.allSatisfy { written.people.rows[$0][1].dropFirst(2).hasPrefix("99") }
                && cluster.allSatisfy { !written.people.rows[$0][1].hasPrefix("3599") }
        }
        #expect(whole < 3)
    }

    @Test("Dates are dates, sexes L or P, villages the pack's, telephone numbers nobody's")
    func fields() {
        let written = Written.shared
        let villages = Set(Fixture.pack.villages.map { $0.code.text.filter { $0 != "." } })
        for row in written.people.rows {
            #expect(row[3].isEmpty || CalendarDate(row[3]) != nil, "\(row[3])")
            #expect(["", "L", "P"].contains(row[4]))
            #expect(row[6].isEmpty || villages.contains(row[6]), "\(row[6])")
            #expect(row[8].isEmpty || (row[8].hasPrefix("084") && (10...12).contains(row[8].count)), "\(row[8])")
        }
    }

    @Test("There are twins, and children with a name of the house, who are two people and not one")
    func hardCases() {
        let written = Written.shared
        let firsts = written.clusters.map { written.people.rows[$0[0]] }
        let births = Dictionary(grouping: firsts.filter { !$0[3].isEmpty && !$0[7].isEmpty }) {
            $0[3] + $0[6] + $0[7].uppercased()
        }
        let twins = births.values.filter { $0.count > 1 }
        #expect(twins.count > 60)
        let alike = Dictionary(grouping: firsts.filter { $0[2].contains(" ") && !$0[6].isEmpty }) {
            $0[2].uppercased() + $0[6]
        }
        #expect(alike.values.count { $0.count > 1 } > 50)
        let shared = Dictionary(grouping: firsts.filter { !$0[8].isEmpty }) { $0[8] }
        #expect(shared.values.count { $0.count > 1 } > 500)
    }

    @Test(
        "A number of records that is not made is refused, in words that say which are",
        arguments: [-1, 999, 20_000_001])
    func records(count: Int) {
        let folder = Fixture.folder("refused")
        #expect(throws: SimulationError.people(count)) {
            try PeopleFile(pack: Fixture.pack, records: count, seed: 1).write(to: folder)
        }
        #expect(!FileManager.default.fileExists(atPath: folder))
        #expect(SimulationError.people(count).description.contains("1000 to 20000000"))
    }
}
