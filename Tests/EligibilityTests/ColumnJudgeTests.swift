import CEL
import Registry
import TestSupport
import Testing

@testable import Eligibility

@Suite("The judgement of whole columns")
struct ColumnJudgeTests {
    /// A family of random facts, of which some are unknown; values lie near what rules ask for.
    private static func facts(
        _ programme: Programme, family: Int64, _ generator: inout SeededGenerator
    ) -> FamilyFacts {
        let nothing = Int.random(in: 0..<3, using: &generator) == 0 ? 15 : 2
        func evidence(_ scope: Programme.Scope) -> [Evidence?] {
            programme.attributes.filter { $0.scope == scope }.map { attribute in
                guard Int.random(in: 0..<100, using: &generator) >= nothing else { return nil }
                let value: AttributeValue =
                    switch attribute.type {
                    case .bool: .boolean(Int.random(in: 0..<12, using: &generator) == 0)
                    case .int where attribute.name == "age": .integer(Int64.random(in: 0...90, using: &generator))
                    case .int where attribute.name == "cars":
                        .integer(Int64.random(in: 0...6, using: &generator) / 6)
                    case .int where attribute.name == "electricity_va":
                        .integer([450, 900, 1300].randomElement(using: &generator) ?? 450)
                    case .int: .integer(Int64.random(in: 1...6, using: &generator))
                    case .double: .double(Double.random(in: 0...3, using: &generator))
                    default:
                        attribute.values["none"] != nil && Int.random(in: 0..<4, using: &generator) > 0
                            ? .text("none")
                            : .text(attribute.values.keys.sorted().randomElement(using: &generator) ?? "")
                    }
                return Evidence(value: value, source: "dtsen", batch: 1, line: 1, day: programme.from)
            }
        }
        let members = Int.random(in: 0...6, using: &generator)
        return FamilyFacts(
            family: evidence(.family), persons: (0..<Int64(members)).map { family * 10 + $0 },
            members: (0..<members).map { _ in evidence(.member) })
    }

    private static func programmes() throws -> [Programme] {
        var programmes = [try SmallProgramme.make(order: "priority"), try SmallProgramme.make(order: "amount")]
        for name in Fixture.library.programmes {
            for file in Fixture.library.programmeFiles(name) { programmes.append(try Programme.read(file)) }
        }
        return programmes
    }

    @Test("says of each family what is said of it alone")
    func likeOne() throws {
        var generator = SeededGenerator(seed: 5)
        for programme in try Self.programmes() {
            let village = try #require(RegionCode("35.10.16.1014"))
            let families = (1...1500).map {
                (number: Int64($0), facts: Self.facts(programme, family: Int64($0), &generator))
            }
            var (first, second) = (FactTableBuilder(programme), FactTableBuilder(programme))
            for family in families.prefix(555) { first.append(family.facts, of: family.number, in: village) }
            for family in families.dropFirst(555) { second.append(family.facts, of: family.number, in: village) }
            first.append(second)
            let table = first.table
            let columns = ColumnJudge(programme)
            #expect(columns.partsByRow == 0, "\(programme.name) \(programme.version)")
            let judgements = try columns.judge(table)
            #expect(judgements.map(\.outcomes.count).reduce(0, +) == families.count)
            let judge = Judge(programme)
            var counts: [String: Int] = [:]
            for judgement in judgements {
                var (eligible, missing) = (0, judgement.missing[...])
                for (index, outcome) in judgement.outcomes.enumerated() {
                    let row = judgement.firstRow + index
                    let alone = judge.judge(families[row].facts)
                    counts[outcome.rawValue, default: 0] += 1
                    #expect(outcome == alone.outcome)
                    let failed = alone.verdicts.indices.filter { alone.verdicts[$0] == .failed }
                    #expect(judgement.failed[index] == failed.reduce(0) { $0 | 1 << UInt64($1) })
                    var lacks: [Missing] = []
                    if let next = missing.first, Int(next.row) == row {
                        lacks = next.missing
                        missing = missing.dropFirst()
                    }
                    #expect(lacks == alone.missing)
                    guard outcome == .eligible else { continue }
                    #expect(Int(judgement.eligible[eligible]) == row)
                    #expect(judgement.amounts[eligible] == alone.amount)
                    let keys = programme.priorities.count
                    #expect(
                        Array(judgement.priorities[eligible * keys..<(eligible + 1) * keys]) == alone.priorities)
                    eligible += 1
                }
            }
            for outcome in ["ineligible", "undetermined", "eligible"] {
                #expect(counts[outcome, default: 0] > 20, "\(programme.name): \(outcome)")
            }
        }
    }

    @Test("puts the eligible in the order of their priorities and lots, whatever numbers those are")
    func order() throws {
        var generator = SeededGenerator(seed: 2)
        for isWhole in [true, false] {
            for count in [0, 1, 2, 40, 5000] {
                var judgement = Judgements(firstRow: 0)
                judgement.eligible = (0..<Int32(count)).map { $0 * 2 }
                judgement.priorities = (0..<count * 2).map { _ in
                    let value = Double(Int.random(in: -3...3, using: &generator))
                    return value == 3 ? .infinity : isWhole ? value : value / 7
                }
                // Few different lots, so that some are equal.
                let lots = (0..<count * 2).map { _ in UInt64.random(in: 0...1 << 10, using: &generator) << 54 }
                let order = try QuotaOrder([judgement], priorities: 2, lots: lots)
                let expected = (0..<Int32(count)).sorted { left, right in
                    func key(_ place: Int32) -> [Double] {
                        Array(judgement.priorities[Int(place) * 2..<Int(place) * 2 + 2])
                            + [Double(lots[Int(place) * 2] >> 54), Double(place)]
                    }
                    return key(left).lexicographicallyPrecedes(key(right))
                }
                #expect(order.places == expected)
            }
        }
    }
}
