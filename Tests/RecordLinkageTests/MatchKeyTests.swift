import Testing

@testable import RecordLinkage

@Suite("Match keys")
struct MatchKeyTests {
    private static let fields: [LinkageSettings.Field] = [
        .init(name: "nik", kind: .identifier), .init(name: "nama", kind: .name),
        .init(name: "lahir", kind: .date), .init(name: "jk", kind: .category), .init(name: "desa", kind: .region),
        .init(name: "ibu", kind: .relative), .init(name: "hp", kind: .phone),
    ]
    private static let whole = [
        "3599010203850007", "SITI NUR AINI", "1985-03-02", "P", "35.99.01.2001", "SRI WAHYUNI", "081234567890",
    ]

    /// The keys of two records that are the same, by their labels.
    private func shared(_ left: [String], _ right: [String]) -> [String] {
        let settings = LinkageSettings(id: "id", fields: Self.fields, blocking: [[.whole("nik")]])
        var builder = RecordTableBuilder(settings)
        builder.append(id: "1", left)
        builder.append(id: "2", right)
        let table = builder.finish()
        return MatchKey.keys(for: Self.fields).filter { key in
            var (first, second): ([UInt8], [UInt8]) = ([], [])
            return key.write(0, of: table, to: &first) && key.write(1, of: table, to: &second) && first == second
        }.map(\.label)
    }

    @Test("are called by what they hold, whatever the columns are called")
    func labels() {
        #expect(
            MatchKey.keys(for: Self.fields).map(\.label) == [
                "identifier", "date+relative", "date+region+category", "phone+date.year", "identifier.head+name.first",
                "name+relative", "name+region", "phone+name.first", "name+date", "date+name.first", "date+name.last",
                "name+date.year+relative.first", "relative+date.year+name.first", "relative+region+name.first",
            ])
        #expect(MatchKey([.rarest("nama")], of: Self.fields) == nil, "another file does not know which word is rare")
        #expect(MatchKey([.whole("nosuch")], of: Self.fields) == nil)
        #expect(MatchKey.keys(for: []).isEmpty)
    }

    @Test(
        "each common fault leaves three keys at least",
        arguments: [
            (0, ""), (0, "3599010203850070"), (0, "3599110203850007"), (1, "SITI NUR AYNI"), (1, "SITTI NURAINI"),
            (1, "NUR AINI SITI"), (1, "SITI N"), (1, "AINI"), (1, "SUTI NUR AINI"), (1, ""), (2, ""),
            (2, "1985-02-03"), (2, "1985-03-12"), (2, "1958-03-02"), (2, "1985"), (3, "L"), (3, ""),
            (4, "3599012002"), (4, ""), (5, ""), (5, "SRI WAHYUNINGSIH"), (6, ""), (6, "081234567809"),
        ] as [(Int, String)])
    func faults(field: Int, text: String) {
        var other = Self.whole
        other[field] = text
        #expect(shared(Self.whole, other).count >= 3)
    }

    @Test("each two faults together leave a key")
    func twoFaults() {
        let faults = [
            (0, ""), (1, "SITI NOER AYNI"), (1, "NUR AINI"), (2, "1985-02-03"), (2, ""), (4, "3599012002"), (5, ""),
            (6, ""),
        ]
        for (field, text) in faults {
            for (second, other) in faults where second != field {
                var record = Self.whole
                (record[field], record[second]) = (text, other)
                #expect(!shared(Self.whole, record).isEmpty, "\(text) and \(other)")
            }
        }
    }

    @Test("two ways to write the same make the same keys")
    func writing() {
        let other = [
            "3599010203850007", "Siti  nur AINI", "19850302", "p", "3599012001", "sri wahyuni", "+6281234567890",
        ]
        #expect(shared(Self.whole, other).count == MatchKey.keys(for: Self.fields).count)
    }

    @Test("what stands in one field does not run into the next")
    func separate() {
        var (left, right) = (Self.whole, Self.whole)
        (left[1], left[5]) = ("SITI AINI", "SRI")
        (right[1], right[5]) = ("SITI", "AINI SRI")
        #expect(!shared(left, right).contains { $0 == "name+relative" })
    }
}

@Suite("Linking by keys")
struct KeyLinkageTests {
    /// Two files of so many records, `common` of them the same persons, who share each kind of key in seven of ten cases.
    private func files(_ count: Int, common: Int, kinds: Int, seed: UInt64) -> [(left: [UInt64], right: [UInt64])] {
        var generator = SplitMix(seed)
        return (0..<kinds).map { _ in
            let left = (0..<count).map { _ in UInt64.random(in: .min ... .max, using: &generator) }
            let right = (0..<count).map { record in
                record < common && Int.random(in: 0..<10, using: &generator) < 7
                    ? left[record] : UInt64.random(in: .min ... .max, using: &generator)
            }
            return (left, right)
        }
    }

    @Test("finds who is in both files, and how likely each kind of key is shared, without labels")
    func estimates() {
        let linkage = KeyLinkage(files(5000, common: 1000, kinds: 6, seed: 1))
        let pairs = KeyLinkage.once(linkage.pairs(leastWeight: 0))
        #expect(pairs.count > 990)
        #expect(pairs.allSatisfy { $0.pair.left == $0.pair.right && $0.pair.left < 1000 })
        for evidence in linkage.evidence {
            #expect(abs(evidence.samePerson - 0.7) < 0.05 && evidence.strangers < 1e-5)
        }
        #expect(abs(linkage.prior * 25e6 - 1000) < 20)
    }

    @Test("files of a few records, or none, are no trouble", arguments: [0, 1, 2, 5])
    func small(count: Int) {
        let linkage = KeyLinkage(files(count, common: count, kinds: 6, seed: 2))
        let pairs = linkage.pairs(leastWeight: 0)
        #expect(pairs.count == count)
        #expect(pairs.allSatisfy { $0.weight.isFinite })
        #expect(KeyLinkage([]).candidates.isEmpty)
    }

    @Test("the same pairs, with the same weights, whichever file comes first", arguments: 1...20)
    func mirrored(seed: UInt64) {
        var generator = SplitMix(seed)
        // Few different keys, so that records have several partners and weights tie.
        let columns = (0..<5).map { _ in
            (
                left: (0..<60).map { _ in UInt64.random(in: 0..<70, using: &generator) },
                right: (0..<45).map { _ in UInt64.random(in: 0..<70, using: &generator) }
            )
        }
        let (own, other) = (KeyLinkage(columns), KeyLinkage(columns.map { (left: $0.right, right: $0.left) }))
        let pairs = KeyLinkage.once(own.pairs(leastWeight: -100))
        let mirrored = KeyLinkage.once(other.pairs(leastWeight: -100))
        #expect(pairs.count > 10)
        #expect(own.evidence == other.evidence)
        #expect(
            Set(pairs.map { "\($0.pair.left) \($0.pair.right) \($0.weight)" })
                == Set(mirrored.map { "\($0.pair.right) \($0.pair.left) \($0.weight)" }))
        #expect(Set(pairs.map(\.pair.left)).count == pairs.count && Set(pairs.map(\.pair.right)).count == pairs.count)
    }

    @Test("a key that a whole file shares brings nobody together")
    func bounded() {
        var columns = files(100_000, common: 100, kinds: 2, seed: 3)
        columns.append((left: Array(repeating: 7, count: 100_000), right: Array(repeating: 7, count: 100_000)))
        columns.append((left: Array(repeating: 8, count: 100_000), right: Array(0..<100_000)))
        let linkage = KeyLinkage(columns)
        #expect(linkage.candidates.count <= 100)
        #expect(linkage.passedOver == 300_000)
    }
}

extension SplitMix: RandomNumberGenerator {}
