import Testing

@testable import RecordLinkage

/// A register with frequent names, in which one person of a thousand stands twice.
private struct RareDoubles {
    static let fields: [LinkageSettings.Field] = [
        .init(name: "birth_date", kind: .date), .init(name: "sex", kind: .category),
        .init(name: "village", kind: .region), .init(name: "mother", kind: .relative),
        .init(name: "name", kind: .name),
    ]
    static let usual: [String: [Double]] = [
        "birth_date": [3, 3, 4, 4, 1, 7, 6, 72], "sex": [0.5, 99.5], "village": [25, 15, 60],
        "mother": [2, 1, 3, 2, 7, 15, 70], "name": [0.2, 0.3, 1.5, 1, 5, 12, 80],
    ]

    let table: RecordTable
    let rows: [[String]]
    /// The record that each later one doubles.
    let doubled: [Int: Int]

    init(persons: Int) {
        var random = SplitMix(11)
        func pick(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let words = ["SU", "WAR", "TU", "KAR", "NO", "LES", "MU", "DAR"].flatMap { first in
            ["YANTO", "WATI", "MAN", "NINGSIH", "LAN"].map { first + $0 }
        }
        func name() -> String { "\(words[min(pick(40), pick(40))]) \(words[min(pick(40), pick(40))])" }
        var builder = RecordTableBuilder(
            LinkageSettings(id: "id", fields: Self.fields, blocking: LinkageSettings.blocking(for: Self.fields)))
        var rows: [[String]] = (0..<persons).map { _ in
            [
                "\(1940 + pick(80))-\(two(1 + pick(12)))-\(two(1 + pick(28)))", pick(2) == 0 ? "L" : "P",
                "35990\(1 + pick(9))20\(two(1 + pick(12)))", name(), name(),
            ]
        }
        var doubled: [Int: Int] = [:]
        for first in stride(from: 7, to: persons, by: 1000) {
            var row = rows[first]
            row[2] = "3599012001"
            row[4].removeLast()
            doubled[rows.count] = first
            rows.append(row)
        }
        for (index, row) in rows.enumerated() { builder.append(id: "R\(index)", row) }
        table = builder.finish()
        self.rows = rows
        self.doubled = doubled
    }
}

@Suite("Known doubles")
struct KnownDoublesTests {
    @Test("one double in a thousand is found among namesakes, and hardly anyone else")
    func rare() {
        let records = RareDoubles(persons: 15_000)
        func judged(_ linkage: Linkage) -> (right: Int, wrong: Int) {
            let right = linkage.links.count { records.doubled[Int($0.right)] == Int($0.left) }
            return (right, linkage.links.count - right)
        }
        let known = judged(Linkage(records.table, known: KnownDoubles(usual: RareDoubles.usual)))
        #expect(known.right >= 14, "of 15: \(known)")
        #expect(known.wrong <= 5, "\(known)")
    }

    @Test("pairs say what one person's records share; without pairs it is what is usual")
    func shares() {
        let records = RareDoubles(persons: 3_000)
        let comparisons = RecordComparer.comparisons(records.table.settings)
        var known = KnownDoubles(usual: RareDoubles.usual)
        let place = comparisons.firstIndex { $0.field == "village" } ?? 0
        let usual = known.shares(comparisons, of: records.table)
        #expect(usual.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-9 })
        #expect(abs(usual[place][2] - 0.6) < 1e-9)
        // A hundred pairs of one village each: together with what is usual, 130 of 150.
        var of: [String: Int32] = [:]
        for (record, row) in records.rows.enumerated() where known.pairs.count < 100 {
            if let other = of[row[2]] { known.pairs.append((other, Int32(record))) } else { of[row[2]] = Int32(record) }
        }
        #expect(abs(known.shares(comparisons, of: records.table)[place][2] - 130.0 / 150) < 1e-9)
        #expect(
            Linkage(records.table, known: known).model.comparisons[place].same
                == known.shares(comparisons, of: records.table)[place])
    }

    @Test("a field of which nothing is said counts for nothing, and shares of another length are not taken")
    func unsaid() {
        let records = RareDoubles(persons: 600)
        let comparisons = RecordComparer.comparisons(records.table.settings)
        let shares = KnownDoubles(usual: ["sex": [1, 2, 3]]).shares(comparisons, of: records.table)
        for levels in shares { #expect(levels.allSatisfy { abs($0 - 1 / Double(levels.count)) < 1e-9 }) }
    }
}
