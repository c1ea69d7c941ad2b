import Dispatch
import Foundation
import Testing

@testable import RecordLinkage

@Suite("Is this person known?")
struct FindingTests {
    private static let records = MadeUpRecords(persons: 3_000)
    private static let table = records.table()
    private static let linkage = Linkage(table)

    private static func index(_ table: RecordTable = table) throws -> PersonIndex {
        try PersonIndex(table, linkage.model)
    }

    /// An index of a few people among the made-up ones, the first with the id “one”.
    private static func index(with rows: [[String]]) throws -> PersonIndex {
        var builder = RecordTableBuilder(MadeUpRecords.settings)
        for (number, row) in rows.enumerated() { builder.append(id: number == 0 ? "one" : "other \(number)", row) }
        for (number, row) in records.rows.enumerated() { builder.append(id: "R\(number)", row) }
        return try index(builder.finish())
    }

    private static let siti = [
        "3599015505870003", "SITI RAHMAWATI", "1987-05-15", "P", "3599012001", "SULASTRI", "081234567890",
    ]

    private static let letters = Array("ABCDEFGHIJKLMNOPQRST").map { String($0) }
    private static let known = Result { try index(with: [siti]) }

    @Test(
        "found with each kind of fault",
        arguments: [
            [siti[0], siti[1], siti[2], siti[3], siti[4], siti[5], siti[6]],
            ["", siti[1], siti[2], siti[3], siti[4], siti[5], ""],
            ["", "SITI RAHMWATI", siti[2], siti[3], siti[4], siti[5], ""],
            ["", "RAHMAWATI SITI", "1987-15-05", siti[3], siti[4], siti[5], ""],
            ["3599015505870003", "SITI", "1987-05-15", "", "", "", ""],
            ["3599015505870003", "", "", "", "", "", ""],
            ["3599015505870008", "", "", "", "", "", ""],
            ["3599015505780003", "", "", "", "", "", ""],
            ["", "SITI RAHMAWATI", "", "", "", "", ""],
            ["", "SITI RAHMAWATI", "1987", "", "", "", ""],
            ["", "", "1987-05-15", "", "3599012001", "", ""],
            ["", "", "", "", "", "", "081234567891"],
        ])
    func faults(asked: [String]) throws {
        let found = try Self.known.get().find(asked)
        #expect(found.first?.id == "one", "\(asked)")
    }

    @Test(
        "found while it is typed",
        arguments: [
            ["", "SITI RAH"], ["", "siti r"], ["", "RAHMAW"], ["", "SITI RAH", "1987"], ["", "RAHM", "1987"],
            ["359901550587"], ["35990155058700"], ["359901550587", "SIT"],
        ])
    func typed(asked: [String]) throws {
        let found = try Self.known.get().find(asked, isPartial: true)
        #expect(found.contains { $0.id == "one" }, "\(asked)")
    }

    @Test("what was typed of a name weighs as words cut to letters: more than another name with the same first word")
    func prefix() throws {
        let other = ["3599015505870004", "SITI AMINAH", "1987-05-15", "P", "3599012001", "SULASTRI", ""]
        let index = try Self.index(with: [Self.siti, other])
        let found = index.find(["", "SITI RAHMA", "1987"], isPartial: true)
        #expect(found.first?.id == "one")
        #expect(found.first?.explanation.parts.contains { $0.words == NameLevel.shortened.words } == true)
    }

    @Test("the more of a name is typed the likelier is who has it, up to the whole name")
    func growing() throws {
        let index = try Self.known.get()
        func probability(_ name: String, isPartial: Bool = true) -> Double {
            let found = index.find(["", name, "1987"], limit: 100, isPartial: isPartial)
            for one in found {
                let explanation = one.explanation
                let sum = explanation.parts.reduce(explanation.prior + explanation.kin) { $0 + $1.weight + $1.rarity }
                #expect(abs(sum - one.weight) < 1e-9, "the parts sum to the weight")
            }
            return found.first { $0.id == "one" }?.probability ?? 0
        }
        let typed = ["SITI R", "SITI RAH", "SITI RAHMA", "SITI RAHMAWATI"].map { probability($0) }
        #expect(zip(typed, typed.dropFirst()).allSatisfy { $0 <= $1 * 1.001 }, "\(typed)")
        #expect(probability("SITI RAHMAWATI", isPartial: false) <= typed[3] * 1.001)
        #expect(typed[2] > typed[0], "\(typed)")
    }

    @Test("a record has the weight that a linkage gives it, and the parts of an explanation sum to it")
    func sameWeight() throws {
        let table = Self.table
        let scorer = Scorer(Self.linkage.model, records: table.count)
        // A record that is asked for counts as one more: asked for are those that the index does not have.
        var comparer = RecordComparer(table, asksForOthers: true)
        let index = try Self.index()
        var compared = 0
        for record in stride(from: 0, to: table.count, by: 19) {
            for found in index.find(Self.records.rows[record], limit: 5) {
                let weight = scorer.weight(&comparer, record, found.record, least: -.infinity)
                #expect(weight == found.weight)
                #expect(found.id == table.id(found.record))
                compared += 1
            }
        }
        #expect(compared > 200)
        var plain = RecordComparer(table)
        for link in Self.linkage.links.prefix(500) {
            let explained = Self.linkage.model.explain(Int(link.left), Int(link.right), of: table)
            #expect(Float(explained.weight) == link.weight)
            #expect(explained.weight == scorer.weight(&plain, Int(link.left), Int(link.right), least: -.infinity))
            #expect(explained.kin <= 0)
            #expect(abs(explained.probability - link.probability) < 1e-6)
        }
    }

    @Test("weighed as a linkage of the table with the record in it would")
    func asOneMore() throws {
        let (rows, persons) = (Self.records.rows, Self.records.persons)
        let last = try #require(persons.indices.dropFirst().last { persons[$0] == persons[$0 - 1] })
        var builder = RecordTableBuilder(MadeUpRecords.settings)
        for (number, row) in rows.enumerated() where number != last { builder.append(id: "R\(number)", row) }
        let without = try Self.index(builder.finish())
        var comparer = RecordComparer(Self.table)
        // As many records as the index has: below 1 in so many nothing counts as rarer.
        let scorer = Scorer(Self.linkage.model, records: rows.count - 1)
        let found = without.find(rows[last], limit: 20)
        #expect(!found.isEmpty)
        for one in found {
            let record = one.record + (one.record < last ? 0 : 1)
            let explained = scorer.explain(&comparer, last, record)
            #expect(abs(explained.weight - one.weight) < 1e-9)
        }
    }

    @Test("probabilities are of one of these, or nobody")
    func probabilities() throws {
        let index = try Self.index(with: [Self.siti, Self.siti])
        let found = index.find(Self.siti)
        #expect(found.reduce(0) { $0 + $1.probability } <= 1)
        #expect(abs((found.first?.probability ?? 0) - 0.5) < 0.01, "two records of one person have half each")
        #expect(index.find(Self.siti, least: 0.9).isEmpty)
        #expect(index.find(Self.siti, limit: 1).count == 1)
    }

    @Test("what is added is found at once, what is removed no more, and what is replaced as it is now")
    func changes() throws {
        let index = try Self.index()
        let count = index.count
        #expect(index.find(Self.siti).first.map { $0.weight < 0 } ?? true)
        #expect(index.add(id: "new", Self.siti) == count)
        #expect(index.count == count + 1)
        #expect(index.find(Self.siti).first?.id == "new")
        #expect(index.find(["", "SITI RAHMA"], isPartial: true).contains { $0.id == "new" })
        // Words, a region and a year of which nobody had heard.
        let stranger = ["", "Zxqwv Öçşğ 😀", "2031-02-03", "X", "9999999999", "", ""]
        index.add(id: "stranger", stranger)
        #expect(index.find(stranger).first?.id == "stranger")
        #expect(index.find(["", "ZXQ"], isPartial: true).first?.id == "stranger")
        var moved = stranger
        moved[1] = "PQRST"
        index.replace(id: "stranger", moved)
        #expect(index.find(["", "ZXQWV"]).allSatisfy { $0.id != "stranger" })
        #expect(index.find(["", "PQRST"]).first?.id == "stranger")
        #expect(index.remove(id: "new"))
        #expect(!index.remove(id: "new"))
        #expect(index.count == count + 1)
        #expect(index.find(Self.siti).allSatisfy { $0.id != "new" })
        #expect(index.replace(id: "again", Self.siti) == count + 3)
    }

    @Test("an index of nothing grows to the same that is made at once")
    func grows() throws {
        var empty = RecordTableBuilder(MadeUpRecords.settings)
        let index = try Self.index(empty.finish())
        #expect(index.find(Self.siti).isEmpty)
        // More than there is room for at first.
        for (number, row) in Self.records.rows.enumerated() { index.add(id: "R\(number)", row) }
        #expect(index.count == Self.records.rows.count)
        for record in stride(from: 0, to: index.count, by: 11) {
            let row = Self.records.rows[record]
            let found = index.find(row, limit: 4)
            let isKnown = found.contains { Self.records.persons[$0.record] == Self.records.persons[record] }
            #expect(isKnown || row.filter { !$0.isEmpty }.count < 5)
        }
        index.remove(id: "R17")
        #expect(index.find(Self.records.rows[17]).allSatisfy { $0.id != "R17" })
    }

    @Test("one value in 200,000 rows is bounded work")
    func huge() throws {
        var builder = RecordTableBuilder(MadeUpRecords.settings)
        for number in 0..<200_000 {
            builder.append(id: "\(number)", ["", "SITI", "1980-05-17", "P", "3599012001", "SRI", ""])
        }
        let index = try Self.index(builder.finish())
        let asked = ["", "SITI", "1980-05-17", "P", "3599012001", "SRI", ""]
        for isPartial in [false, true] {
            let answer = index.answer(asked, limit: 10, least: 0, isPartial: isPartial)
            #expect(answer.compared <= Finder.most)
            #expect(answer.found.count == 10)
        }
    }

    @Test("whatever is asked for, nothing breaks")
    func anything() throws {
        let index = try Self.index(with: [Self.siti])
        #expect(index.find([]).isEmpty)
        #expect(index.find(["", "", "", "", "", "", ""]).isEmpty)
        let long = String(repeating: "RAHMAWATI", count: 1_200)
        let many = String(repeating: "SITI ", count: 2_000)
        let odd = [
            [], ["12"], ["0000000000000000"], ["9999999999999999999999"], ["", long], ["", many], ["", "😀"],
            ["", "😀😀 👩‍👩‍👧"], ["", "SITI", "0000-00-00"], ["", "SITI", "0000"], ["", "SITI", "9999-99-99"],
            ["", "SITI", "9999-12-31"], ["", "", "", "", "1"], ["", ".,'`"], ["", "\u{0}\u{7F}"],
            Array(repeating: "SITI", count: 40), ["359901550587"],
            ["1111111111111111", "", "", "", "", "", "00000000"],
        ]
        for texts in odd {
            for isPartial in [false, true] {
                _ = index.find(texts, limit: -1, isPartial: isPartial)
                _ = index.find(texts, limit: .max, isPartial: isPartial)
            }
            index.add(id: "odd", texts)
            index.replace(id: "", texts)
        }
        #expect(index.find(Self.siti).first?.id == "one")
    }

    @Test("searches beside each other and beside additions find what was there before")
    func concurrent() throws {
        let index = try Self.index(with: [Self.siti])
        let rows = Self.records.rows
        DispatchQueue.concurrentPerform(iterations: 8) { piece in
            for round in 0..<40 {
                if piece == 0 {
                    for number in Self.letters.indices {
                        index.add(id: "new \(round) \(number)", ["", "NEW \(Self.letters[number])"])
                    }
                    index.remove(id: "R\(round)")
                } else {
                    #expect(index.find(Self.siti).first?.id == "one")
                    let row = rows[200 + (round * 31 + piece * 500) % (rows.count - 200)]
                    #expect(!index.find(row, isPartial: round % 2 == 0).isEmpty)
                }
            }
        }
        let found = index.find(["", "NEW T"], limit: 200).map(\.id)
        #expect((0..<40).allSatisfy { found.contains("new \($0) 19") })
    }

    @Test("a model of other fields is refused")
    func wrongModel() {
        let fields = Array(MadeUpRecords.fields.dropLast())
        var builder = RecordTableBuilder(
            LinkageSettings(id: "id", fields: fields, blocking: LinkageSettings.blocking(for: fields)))
        let table = builder.finish()
        #expect(throws: PersonIndex.WrongModel.self) { try PersonIndex(table, Self.linkage.model) }
    }

    @Test("finds by whatever fields there are")
    func fewFields() throws {
        let fields: [LinkageSettings.Field] = [.init(name: "town", kind: .text), .init(name: "phone", kind: .phone)]
        var builder = RecordTableBuilder(
            LinkageSettings(id: "id", fields: fields, blocking: LinkageSettings.blocking(for: fields)))
        for number in 0..<500 { builder.append(id: "\(number)", ["TOWN", "08123456\(1000 + number)"]) }
        let table = builder.finish()
        let index = try PersonIndex(table, try #require(LinkageModel.estimate(table)))
        #expect(index.find(["TOWN", "081234561007"]).first?.id == "7")
        #expect(!index.find(["TO"], isPartial: true).isEmpty)
    }
}
