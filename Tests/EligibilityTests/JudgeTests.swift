import Registry
import TestSupport
import Testing

@testable import Eligibility

@Suite("The judgement of a family")
struct JudgeTests {
    private typealias Values = [String: AttributeValue]

    private func judge(
        _ family: [String: AttributeValue], _ members: [[String: AttributeValue]], order: String = "priority"
    ) throws -> Judgement {
        let programme = try SmallProgramme.make(order: order)
        return Judge(programme).judge(programme.facts(family: family, members: members))
    }

    private static let poor: [String: AttributeValue] = ["decile": .integer(2), "cars": .integer(0)]
    private static let toddler: [String: AttributeValue] = ["age": .integer(3), "schooling": .text("never")]
    private static let pupil: [String: AttributeValue] = ["age": .integer(10), "schooling": .text("enrolled")]
    private static let adult: [String: AttributeValue] = ["age": .integer(40), "schooling": .text("left")]
    private static let elder: [String: AttributeValue] = ["age": .integer(70), "schooling": .text("left")]

    @Test("is eligible where every rule is met, and ineligible where one fails that decides")
    func decided() throws {
        #expect(try judge(Self.poor, [Self.toddler]).outcome == .eligible)
        #expect(try judge(Self.poor, [Self.adult]).outcome == .ineligible)
        #expect(try judge(Self.poor, []).outcome == .ineligible)
        #expect(try judge(["decile": .integer(5), "cars": .integer(0)], [Self.toddler]).outcome == .ineligible)
        #expect(try judge(["decile": .integer(4), "cars": .integer(0)], [Self.toddler]).outcome == .eligible)
    }

    @Test("waits for a look where a rule fails that is to be verified, with nothing missing")
    func verify() throws {
        let judgement = try judge(["decile": .integer(2), "cars": .integer(1)], [Self.toddler])
        #expect(judgement.outcome == .undetermined)
        #expect(judgement.missing == [])
        #expect(judgement.verdicts == [.met, .met, .failed])
    }

    @Test("names what is missing, and only where it matters")
    func missing() throws {
        let nothing = try judge([:], [[:], [:]])
        #expect(nothing.outcome == .undetermined)
        #expect(
            nothing.missing.map(\.description) == ["cars", "decile", "age@1", "schooling@1", "age@2", "schooling@2"])
        #expect(try judge(Self.poor, [Self.toddler, [:]]).outcome == .eligible)
        #expect(try judge(Self.poor, [Self.toddler, [:]]).missing == [])
        #expect(try judge(Self.poor, [["age": .integer(12)]]).missing.map(\.description) == ["schooling@1"])
        #expect(try judge(Self.poor, [["age": .integer(5)]]).outcome == .eligible)
        #expect(try judge(["cars": .integer(0)], [Self.toddler]).missing.map(\.description) == ["decile"])
    }

    @Test("is decided by a rule that decides, whatever else is unknown or to be verified")
    func deciding() throws {
        let judgement = try judge(["cars": .integer(2)], [Self.adult])
        #expect(judgement.outcome == .ineligible)
        #expect(judgement.missing == [])
        #expect(judgement.verdicts == [.unknown(["decile"]), .failed, .failed])
        #expect(try judge(["decile": .integer(9)], [[:]]).outcome == .ineligible)
    }

    @Test("knows of what is unknown what three-valued logic knows")
    func threeValued() throws {
        #expect(try judge(["decile": .integer(2)], [Self.toddler]).verdicts == [.met, .met, .unknown(["cars"])])
        // One member who counts is enough; one of whom nothing is known keeps it open.
        #expect(try judge(Self.poor, [[:], Self.pupil]).verdicts[1] == .met)
        #expect(try judge(Self.poor, [Self.adult, ["age": .integer(40)]]).verdicts[1] == .unknown(["schooling@2"]))
        #expect(try judge(Self.poor, [Self.adult, Self.adult]).verdicts[1] == .failed)
    }

    @Test("counts each member once, for the component of the highest amount")
    func oncePerMember() throws {
        let both = try judge(Self.poor, [["age": .integer(5), "schooling": .text("enrolled")]])
        #expect(both.amount == 300)
        #expect(both.components.map(\.component) == [1])
    }

    /// Families, and what they get where components count by priority and where they count by amount.
    private static let amounts: [(members: [[String: AttributeValue]], priority: Int64, amount: Int64)] = [
        ([toddler], 100, 100), ([toddler, toddler], 100, 100), ([toddler, pupil, pupil], 400, 600),
        ([pupil, pupil, pupil], 600, 600), ([elder, elder, elder, elder], 600, 600),
        ([toddler, pupil, elder, elder], 600, 700), ([pupil, pupil, elder, elder, toddler], 600, 800),
        ([toddler, [:]], 100, 100),
    ]

    @Test("adds up components within the limits of each, of each group and of the family", arguments: amounts.indices)
    func limits(index: Int) throws {
        let sample = Self.amounts[index]
        #expect(try judge(Self.poor, sample.members).amount == sample.priority)
        #expect(try judge(Self.poor, sample.members, order: "amount").amount == sample.amount)
    }

    @Test("says what might add to the amount")
    func missingForAmount() throws {
        let judgement = try judge(Self.poor, [Self.toddler, ["age": .integer(12)]])
        #expect(judgement.outcome == .eligible)
        #expect(judgement.missingForAmount.map(\.description) == ["schooling@2"])
    }

    @Test("puts what is not known last in the order of the quota")
    func priorities() throws {
        #expect(try judge(Self.poor, []).priorities == [2])
        #expect(try judge([:], []).priorities == [.infinity])
    }
}

@Suite("What becomes known")
struct MonotonicityTests {
    static let programmes: [Programme] = {
        do {
            let shipped = try Fixture.library.programmes.flatMap { name in
                try Fixture.library.programmeFiles(name).map { try Programme.read($0) }
            }
            return shipped + [try SmallProgramme.make()]
        } catch { preconditionFailure("\(error)") }
    }()

    private static let plain: [String: AttributeValue] = [
        "state_employment": .text("none"), "wage_above_minimum": .boolean(false), "cars": .integer(0),
        "decile": .integer(2), "age": .integer(4),
    ]

    /// A value that an attribute can have.
    private static func value(
        _ attribute: Programme.Attribute, _ generator: inout SeededGenerator
    ) -> AttributeValue {
        let words = attribute.values.keys.sorted()
        // Half of the families have nothing that excludes them, so that outcomes of every kind occur.
        if Bool.random(using: &generator), let plain = plain[attribute.name] { return plain }
        switch "\(attribute.type)" {
        case "bool": return .boolean(Int.random(in: 0..<8, using: &generator) == 0)
        case "double": return .double(Double.random(in: 0...10, using: &generator))
        case "string":
            let word = (words.isEmpty ? ["enrolled", "left"] : words).randomElement(using: &generator)
            return .text(word ?? "")
        default:
            let ranges = ["age": 0...90, "decile": 1...10, "cars": 0...2, "electricity_va": 450...1300]
            return .integer(Int64(Int.random(in: ranges[attribute.name] ?? 1...9, using: &generator)))
        }
    }

    @Test(
        "never changes an outcome that was decided, nor what an eligible family has for sure",
        arguments: programmes.indices)
    func monotone(index: Int) throws {
        let programme = Self.programmes[index]
        let judge = Judge(programme)
        var generator = SeededGenerator(seed: UInt64(index))
        var decided: [Outcome: Int] = [:]
        for _ in 0..<400 {
            var family: [String: AttributeValue] = [:]
            var members = [[String: AttributeValue]](repeating: [:], count: Int.random(in: 0...3, using: &generator))
            for attribute in programme.attributes {
                func known() -> Bool { Int.random(in: 0..<10, using: &generator) < 8 }
                switch attribute.scope {
                case .family: if known() { family[attribute.name] = Self.value(attribute, &generator) }
                case .member:
                    for member in members.indices where known() {
                        members[member][attribute.name] = Self.value(attribute, &generator)
                    }
                }
            }
            let before = judge.judge(programme.facts(family: family, members: members))
            guard before.outcome != .undetermined else { continue }
            decided[before.outcome, default: 0] += 1
            for attribute in programme.attributes {
                for _ in 0..<2 {
                    let value = Self.value(attribute, &generator)
                    var (family, members) = (family, members)
                    switch attribute.scope {
                    case .family: family[attribute.name] = family[attribute.name] ?? value
                    case .member:
                        for member in members.indices where members[member][attribute.name] == nil {
                            members[member][attribute.name] = value
                            break
                        }
                    }
                    let after = judge.judge(programme.facts(family: family, members: members))
                    #expect(after.outcome == before.outcome, "\(attribute.name) = \(value): \(family) \(members)")
                    for (old, new) in zip(before.verdicts, after.verdicts) where old == .met || old == .failed {
                        #expect(old == new)
                    }
                }
            }
        }
        #expect((decided[.eligible] ?? 0) > 3)
        #expect((decided[.ineligible] ?? 0) > 3)
    }
}
