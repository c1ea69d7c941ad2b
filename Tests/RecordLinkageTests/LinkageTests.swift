import Foundation
import Testing

@testable import RecordLinkage

/// Made-up people, and records of them with faults.
struct MadeUpRecords {
    static let fields: [LinkageSettings.Field] = [
        .init(name: "nik", kind: .identifier), .init(name: "name", kind: .name), .init(name: "birth_date", kind: .date),
        .init(name: "sex", kind: .category), .init(name: "village", kind: .region),
        .init(name: "mother", kind: .relative),
        .init(name: "phone", kind: .phone),
    ]

    static var settings: LinkageSettings {
        LinkageSettings(id: "id", fields: fields, blocking: LinkageSettings.blocking(for: fields))
    }

    private static let syllables = [
        "SU", "WAR", "TI", "KAR", "NO", "LE", "MI", "DA", "RA", "HAR", "SI", "YU", "PU", "BUD", "NA", "WI",
    ]

    private(set) var rows: [[String]] = []
    private(set) var persons: [Int] = []
    private var random = SplitMix(77)

    private mutating func pick(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }

    private mutating func word() -> String {
        (0..<2 + pick(2)).map { _ in Self.syllables[pick(Self.syllables.count)] }.joined()
    }

    private mutating func person() -> [String] {
        let (year, month, day) = (1940 + pick(80), 1 + pick(12), 1 + pick(28))
        let isWoman = pick(2) == 1
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let nik =
            "3599\(two(1 + pick(20)))\(two(day + (isWoman ? 40 : 0)))\(two(month))\(two(year % 100))000\(1 + pick(9))"
        return [
            nik, word() + " " + word(), "\(year)-\(two(month))-\(two(day))", isWoman ? "P" : "L",
            "3599\(two(1 + pick(20)))20\(two(1 + pick(12)))",
            word() + " " + word(), pick(3) == 0 ? "0812\(10_000_000 + pick(89_999_999))" : "",
        ]
    }

    private mutating func faulty(_ row: [String]) -> [String] {
        var row = row
        for _ in 0..<1 + pick(2) {
            switch pick(6) {
            case 0: row[0] = ""
            case 1:
                var letters = Array(row[1])
                letters.swapAt(letters.count - 1, letters.count - 2)
                row[1] = String(letters)
            case 2: row[1] = row[1].split(separator: " ").first.map(String.init) ?? row[1]
            case 3: row[2] = String(row[2].prefix(4)) + "-01-01"
            case 4: row[4] = "3599012001"
            default: row[5] = ""
            }
        }
        return row
    }

    /// As many persons; every fourth has a second record.
    init(persons count: Int) {
        for number in 0..<count {
            let row = person()
            rows.append(row)
            persons.append(number)
            guard number % 4 == 0 else { continue }
            rows.append(faulty(row))
            persons.append(number)
        }
    }

    func table(_ settings: LinkageSettings = MadeUpRecords.settings) -> RecordTable {
        var builder = RecordTableBuilder(settings)
        for (index, row) in rows.enumerated() { builder.append(id: "R\(index)", row) }
        return builder.finish()
    }
}

@Suite("Linkage")
struct LinkageTests {
    @Test("finds the doubles of made-up people without being told any, and hardly anyone else")
    func finds() {
        let records = MadeUpRecords(persons: 4_000)
        let linkage = Linkage(records.table())
        var (right, wrong) = (0, 0)
        for record in records.rows.indices.dropFirst() {
            let isSame = records.persons[record] == records.persons[record - 1]
            if isSame, linkage.groups[record] == linkage.groups[record - 1] { right += 1 }
        }
        for (record, group) in linkage.groups.enumerated() where records.persons[record] != records.persons[Int(group)]
        {
            wrong += 1
        }
        #expect(right > 970, "\(right) of 1000 doubles")
        #expect(wrong < 10)
        #expect(linkage.links.allSatisfy { $0.probability >= 0.5 && $0.left < $0.right })
        #expect(Set(linkage.links.map { [$0.left, $0.right] }).count == linkage.links.count, "each pair once")
    }

    @Test("comes to the same with the same seed, however the threads ran")
    func deterministic() throws {
        let table = MadeUpRecords(persons: 1_500).table()
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let runs = try (0..<3).map { _ in
            let linkage = Linkage(table)
            return (try encoder.encode(linkage.model), linkage.links, linkage.groups)
        }
        for run in runs.dropFirst() {
            #expect(run.0 == runs[0].0)
            #expect(run.1 == runs[0].1)
            #expect(run.2 == runs[0].2)
        }
    }

    @Test("brings together all pairs that a rule gives, each once")
    func candidates() {
        let table = MadeUpRecords(persons: 600).table()
        let pairs = CandidatePairs(table)
        var found: [[Int]: Int] = [:]
        for piece in pairs.pieces { pairs.forEachPair(of: piece) { found[[$0, $1], default: 0] += 1 } }
        #expect(found.values.allSatisfy { $0 == 1 })
        #expect(found.keys.allSatisfy { $0[0] < $0[1] })
        var expected: Set<[Int]> = []
        for rule in table.settings.blocking {
            let keys = BlockingKeys(rule, of: table).values
            for left in 0..<table.count where keys[left] != 0 {
                for right in left + 1..<max(left + 1, table.count) where keys[left] == keys[right] {
                    expected.insert([left, right])
                }
            }
        }
        #expect(Set(found.keys) == expected)
        #expect(pairs.atMost >= expected.count)
    }

    @Test("one value in every row is bounded work: no block grows beyond its bound, and no pair comes twice")
    func oneValue() {
        var builder = RecordTableBuilder(MadeUpRecords.settings)
        for number in 0..<3_000 {
            builder.append(
                id: "\(number)", ["3599011705800001", "SITI", "1980-05-17", "P", "3599012001", "SRI", "081234567890"])
        }
        let table = builder.finish()
        let pairs = CandidatePairs(table)
        #expect(pairs.atMost <= 3_000 * table.settings.largestBlock / 2 * table.settings.blocking.count)
        var found: Set<[Int]> = []
        var count = 0
        for piece in pairs.pieces {
            pairs.forEachPair(of: piece) {
                found.insert([$0, $1])
                count += 1
            }
        }
        #expect(found.count == count)
        #expect(Linkage(table).groups.count == 3_000)
    }

    @Test("empty fields, one record or none at all are no trouble")
    func nothing() {
        var builder = RecordTableBuilder(MadeUpRecords.settings)
        #expect(Linkage(builder.finish()).groups == [])
        builder.append(id: "1", ["3599011705800001", "SITI"])
        #expect(Linkage(builder.finish()).groups == [0])
        for number in 0..<200 { builder.append(id: "\(number)", []) }
        #expect(Linkage(builder.finish()).groups == (0..<200).map { $0 })
    }

    @Test("twins stay two persons, though everything but name and number is the same")
    func twins() {
        var records = MadeUpRecords(persons: 3_000).rows
        let first = records.count
        for number in 0..<20 {
            let row = records[number * 5]
            var (one, other) = (row, row)
            one[0] = String(row[0].prefix(12)) + "0001"
            other[0] = String(row[0].prefix(12)) + "0002"
            one[1] = "ISMAIL LATIFUDDIN"
            other[1] = "MUNIR KARIMUN"
            one[2] = "19\(60 + number)-07-1\(number % 10)"
            other[2] = one[2]
            one[5] = "SULASTRI KE\(["SATU", "DUA", "TIGA", "EMPAT", "LIMA"][number % 5])"
            other[5] = one[5]
            records += [one, other]
        }
        var builder = RecordTableBuilder(MadeUpRecords.settings)
        for (index, row) in records.enumerated() { builder.append(id: "R\(index)", row) }
        let groups = Linkage(builder.finish()).groups
        let joined = stride(from: first, to: records.count, by: 2).count { groups[$0] == groups[$0 + 1] }
        // What little twins have that is not alike is a matter of likelihood; without their class nearly all would be joined.
        #expect(joined <= 1, "\(joined) of 20 pairs of twins became one person")
    }

    @Test("a number that everybody has is nobody's")
    func placeholders() {
        var builder = RecordTableBuilder(MadeUpRecords.settings)
        for (index, row) in MadeUpRecords(persons: 500).rows.enumerated() {
            builder.append(id: "R\(index)", ["9999999999999999"] + row.dropFirst())
        }
        let table = builder.finish()
        guard case .number(let numbers) = table.columns[0] else {
            Issue.record("no numbers")
            return
        }
        #expect((0..<table.count).allSatisfy { numbers[$0] == 0 })
    }
}

@Suite("Groups")
struct ClusterTests {
    private func groups(_ count: Int, _ weights: [[Int]: Double]) -> [Int32] {
        let links = weights.filter { $0.value > 0 }.map {
            Link(left: Int32($0.key[0]), right: Int32($0.key[1]), weight: Float($0.value))
        }
        return Clusters(count: count, links: links) { weights[[min($0, $1), max($0, $1)]] ?? -10 }.groups
    }

    @Test("one weak link does not join two families")
    func weak() {
        let weights: [[Int]: Double] = [
            [0, 1]: 12, [0, 2]: 11, [1, 2]: 12, [3, 4]: 12, [3, 5]: 10, [4, 5]: 12, [2, 3]: 3,
        ]
        #expect(groups(6, weights) == [0, 0, 0, 3, 3, 3])
    }

    @Test("links that agree make one group, whatever their order")
    func strong() {
        let weights: [[Int]: Double] = [[0, 1]: 9, [1, 2]: 8, [0, 2]: 1, [3, 4]: 1]
        #expect(groups(6, weights) == [0, 0, 0, 3, 3, 5])
        #expect(groups(3, [[0, 1]: 9, [1, 2]: 8, [0, 2]: -20]) == [0, 0, 2], "the third speaks against the first")
        #expect(groups(2, [:]) == [0, 1])
    }
}
