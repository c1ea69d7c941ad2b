import CEL
import Registry
import TestSupport
import Testing

@testable import Eligibility

@Suite("The nearest change")
struct NearestChangeTests {
    private static func nearest(
        _ programme: Programme, _ facts: FamilyFacts, isWaiting: Bool = false
    ) -> [NearestChange] {
        let judge = Judge(programme)
        return NearestChanges(judge, packs: [Fixture.pack]).find(facts, judge.judge(facts), isWaiting: isWaiting)
    }

    private static let small: Programme = {
        do {
            // Cars can be sold, and schools gone to; the rest can only be wrong.
            let text = SmallProgramme.text()
                .replacing("cars: {type: int,", with: "cars: {type: int, can: change,")
                .replacing("age: {type: int,", with: "age: {type: int, slip: 3,")
                .replacing(
                    "schooling: {type: string,",
                    with:
                        "schooling: {type: string, can: change, values: {enrolled: {id: masih sekolah, en: goes to school}, "
                        + "left: {id: keluar, en: has left}},")
            return try Programme.parse(text, file: "small.yaml")
        } catch { preconditionFailure("\(error)") }
    }()

    private typealias Values = [String: AttributeValue]

    private static let cases:
        [(family: [String: AttributeValue], members: [[String: AttributeValue]], waiting: Bool, text: [String])] = [
            (
                ["decile": .integer(5), "cars": .integer(0)], [["age": .integer(3), "schooling": .text("left")]], false,
                ["If the data is wrong and decile is really 4 (on record: 5), your family would meet all the rules."]
            ),
            (
                ["decile": .integer(2), "cars": .integer(1)], [["age": .integer(3), "schooling": .text("left")]], false,
                [
                    "If cars were 0 (now: 1), your family would meet all the rules."
                ]
            ),
            (
                ["decile": .integer(2), "cars": .integer(0)], [["age": .integer(8), "schooling": .text("left")]], false,
                [
                    "If school (A) were “goes to school” (now: “has left”), your family would meet all the rules.",
                    "If the data is wrong and age (A) is really 6 (on record: 8), your family would meet all the rules.",
                ]
            ),
            (
                ["decile": .integer(6), "cars": .integer(0)], [["age": .integer(30), "schooling": .text("left")]],
                false,
                [
                    "If school (A) were “goes to school” (now: “has left”), and if the data is wrong and decile is really 4 "
                        + "(on record: 6), your family would meet all the rules."
                ]
            ),
            (
                ["cars": .integer(0)], [["age": .integer(3), "schooling": .text("left")]], false,
                [
                    "If decile turns out to be 1 to 4, your family would meet all the rules.",
                    "If decile turns out to be 5 to 10, your family would not meet the rules.",
                ]
            ),
            (
                ["decile": .integer(3), "cars": .integer(0)], [["age": .integer(3), "schooling": .text("enrolled")]],
                true,
                [
                    "If the data is wrong and decile is really 2 (on record: 3), your family would go before families that are "
                        + "in the same position now.",
                    "If cars were 1 (now: 0), it could not be decided before somebody has looked.",
                    "If the data is wrong and decile is really 5 (on record: 3), your family would not meet the rules.",
                ]
            ),
            ([:], [], false, []),
        ]

    @Test("is the smallest one, told in one sentence", arguments: cases.indices)
    func sentences(index: Int) {
        let sample = Self.cases[index]
        let facts = Self.small.facts(family: sample.family, members: sample.members)
        let changes = Self.nearest(Self.small, facts, isWaiting: sample.waiting)
        #expect(changes.map { $0.text("en", members: ["A"]) } == sample.text)
        for change in changes {
            #expect(change.text("id", members: ["A"]) != change.text("en", members: ["A"]))
            #expect(change.mend("id").isEmpty == !change.isGain)
        }
    }

    // MARK: What it says is so

    /// A family with another value here and there, told by name.
    private static func apply(_ change: NearestChange, to facts: FamilyFacts, of programme: Programme) -> FamilyFacts {
        var values = facts.family.map { $0?.value }
        var members = facts.members.map { $0.map { $0?.value } }
        for step in change.steps {
            let own = programme.attributes.filter { $0.scope == step.attribute.scope }
            guard let slot = own.firstIndex(where: { $0.name == step.attribute.name }) else { continue }
            if let member = step.member { members[member][slot] = step.to } else { values[slot] = step.to }
        }
        return FamilyFacts(madeUp: values, members: members, for: programme)
    }

    @Test(
        "comes true when it is made, and no single change was passed over for two", arguments: RandomFamilies.programmes
    )
    func bornOut(file: String) throws {
        let programme = try Programme.read(file)
        let judge = Judge(programme)
        let search = NearestChanges(judge, packs: [Fixture.pack])
        // Another reading of the same text judges what was told.
        let other = Judge(try Programme.parse(programme.text, file: file))
        var families = RandomFamilies(programme, seed: 7)
        var told: [NearestChange.Effect: Int] = [:]
        for number in 0..<150 {
            let facts = families.next()
            let before = judge.judge(facts)
            let isWaiting = before.outcome == .eligible && number.isMultiple(of: 2)
            let changes = search.find(facts, before, isWaiting: isWaiting)
            #expect(changes.count <= 2 * NearestChanges.told)
            for change in changes {
                told[change.effect, default: 0] += 1
                for step in change.steps {
                    #expect(step.attribute.can != .no)
                    #expect(step.from != step.to)
                    #expect(step.from == Self.known(step, facts, programme))
                    #expect(step.attribute.canBe(step.to, insteadOf: step.from))
                }
                for value in change.steps.first?.others ?? [] {
                    var same = change.steps[0]
                    same = NearestChange.Step(
                        attribute: same.attribute, member: same.member, from: same.from, to: value)
                    let made = Self.apply(
                        NearestChange(steps: [same], effect: change.effect, isGain: change.isGain), to: facts,
                        of: programme)
                    #expect(.outcome(other.judge(made).outcome) == change.effect)
                }
                let after = other.judge(Self.apply(change, to: facts, of: programme))
                let order = ["ineligible", "undetermined", "eligible"]
                switch change.effect {
                case .outcome(let outcome):
                    let (old, new) = (
                        order.firstIndex(of: before.outcome.rawValue), order.firstIndex(of: outcome.rawValue)
                    )
                    #expect(change.isGain == ((new ?? 0) > (old ?? 0)))
                    #expect(after.outcome == outcome)
                    #expect(after.outcome != before.outcome)
                case .comesForward:
                    #expect(after.outcome == .eligible)
                    #expect(after.priorities.lexicographicallyPrecedes(before.priorities))
                    #expect(change.steps.count == 1)
                }
                if change.steps.count == 2 {
                    #expect(Self.singles(facts, programme).allSatisfy { other.judge($0).outcome != after.outcome })
                }
            }
            #expect(
                search.find(facts, before, isWaiting: isWaiting).map { $0.text("id", members: []) }
                    == changes.map { $0.text("id", members: []) })
        }
        #expect((told[.outcome(.eligible)] ?? 0) > 3, "\(told)")
    }

    private static func known(
        _ step: NearestChange.Step, _ facts: FamilyFacts, _ programme: Programme
    ) -> AttributeValue? {
        let own = programme.attributes.filter { $0.scope == step.attribute.scope }
        guard let slot = own.firstIndex(where: { $0.name == step.attribute.name }) else { return nil }
        return (step.member.map { facts.members[$0][slot] } ?? facts.family[slot])?.value
    }

    /// The family with each single change that could be told.
    private static func singles(_ facts: FamilyFacts, _ programme: Programme) -> [FamilyFacts] {
        let domains = ProgrammeDomains(programme, packs: [Fixture.pack])
        return programme.attributes.enumerated().flatMap { index, attribute -> [FamilyFacts] in
            guard attribute.can != .no else { return [] }
            let owners: [Int?] = attribute.scope == .family ? [nil] : facts.members.indices.map { $0 }
            return owners.flatMap { owner in
                domains.attributes[index].values.compactMap { value in
                    let step = NearestChange.Step(attribute: attribute, member: owner, from: nil, to: value)
                    guard attribute.canBe(value, insteadOf: known(step, facts, programme)) else { return nil }
                    return apply(
                        NearestChange(steps: [step], effect: .comesForward, isGain: true), to: facts, of: programme)
                }
            }
        }
    }
}

@Suite("What a judgement says of each rule")
struct RuleFindingTests {
    @Test(
        "is what the rule's text gives when it is worked out from the values by name",
        arguments: RandomFamilies.programmes)
    func bornOut(file: String) throws {
        let programme = try Programme.read(file)
        let judge = Judge(programme)
        var families = RandomFamilies(programme, seed: 3)
        var seen: Set<String> = []
        for _ in 0..<120 {
            let facts = families.next()
            let judgement = judge.judge(facts)
            let bindings = try ByName(programme, facts)
            for (rule, verdict) in zip(programme.rules, judgement.verdicts) {
                switch verdict {
                case .met:
                    #expect(try bindings.value(of: rule.source) == .bool(rule.kind == .requires), "\(rule.name)")
                    seen.insert("met")
                case .failed:
                    #expect(try bindings.value(of: rule.source) == .bool(rule.kind == .excludes), "\(rule.name)")
                    seen.insert("failed")
                case .unknown:
                    #expect(try bindings.value(of: rule.source) == nil, "\(rule.name)")
                    seen.insert("unknown")
                }
            }
        }
        #expect(seen == ["met", "failed", "unknown"])
    }

    /// A family as a plain map of names to values, worked out without any of the judge's means.
    private struct ByName {
        private var family: [String: Value] = [:]

        init(_ programme: Programme, _ facts: FamilyFacts) throws {
            var members: [Value] = []
            for values in facts.members {
                var member: [String: Value] = [:]
                for (attribute, evidence) in zip(programme.attributes.filter { $0.scope == .member }, values) {
                    member[attribute.name] = Self.value(evidence, attribute.name)
                }
                for definition in programme.definitions where definition.scope == .member {
                    member[definition.name] = Self.evaluate(definition.source, member)
                }
                if case .components(let rule) = programme.benefit {
                    let any = rule.components.map { "(\($0.source))" }.joined(separator: " || ")
                    member[ProgrammeReader.hasComponent] = Self.evaluate(any, member)
                }
                let fields = member.sorted { $0.key < $1.key }
                members.append(
                    .record(
                        MapRecord(fields.map { RecordType.Field(name: $0.key, type: .dyn) }, fields.map(\.value))))
            }
            family["members"] = .list(members)
            for (attribute, evidence) in zip(programme.attributes.filter { $0.scope == .family }, facts.family) {
                family[attribute.name] = Self.value(evidence, attribute.name)
            }
            for definition in programme.definitions where definition.scope == .family {
                family[definition.name] = Self.evaluate(definition.source, family)
            }
        }

        /// The value of an expression about the family; nil where it is not known.
        func value(of source: String) throws -> Value? {
            if case .unknown = Self.evaluate(source, family) { return nil }
            return Self.evaluate(source, family)
        }

        private static func value(_ evidence: Evidence?, _ name: String) -> Value {
            switch evidence?.value {
            case nil: .unknown(Unknown(name))
            case .boolean(let value): .bool(value)
            case .integer(let value): .int(value)
            case .double(let value): .double(value)
            case .text(let value): .string(value)
            }
        }

        private static func evaluate(_ source: String, _ values: [String: Value]) -> Value {
            let environment = Environment(
                variables: values.keys.sorted().map { Variable(name: $0, type: .dyn) }, checking: false)
            guard let expression = try? environment.compile(source) else { return .unknown(Unknown("?")) }
            switch expression.evaluate(environment.bindings(values)) {
            case .value(let value): return value
            case .unknown(let unknown): return .unknown(unknown)
            case .error: return .unknown(Unknown("error"))
            }
        }
    }

    private final class MapRecord: Record {
        let recordType: RecordType?
        private let values: [Value]

        init(_ fields: [RecordType.Field], _ values: [Value]) {
            recordType = RecordType(name: "someone", fields: fields)
            self.values = values
        }

        func value(field: Int) -> Value { values[field] }
    }
}

/// Families at random with the values that tell a programme's rules apart, a tenth of them unknown.
struct RandomFamilies {
    static let programmes = Fixture.library.programmes.flatMap { Fixture.library.programmeFiles($0) }

    private let programme: Programme
    private let domains: ProgrammeDomains
    private var generator: SeededGenerator

    init(_ programme: Programme, seed: UInt64) {
        self.programme = programme
        domains = ProgrammeDomains(programme, packs: [Fixture.pack])
        generator = SeededGenerator(seed: seed)
    }

    mutating func next() -> FamilyFacts {
        let count = Int.random(in: 0...3, using: &generator)
        return FamilyFacts(
            madeUp: values(.family), members: (0..<count).map { _ in values(.member) }, for: programme)
    }

    private mutating func values(_ scope: Programme.Scope) -> [AttributeValue?] {
        var values: [AttributeValue?] = []
        for (index, attribute) in programme.attributes.enumerated() where attribute.scope == scope {
            // Nothing that excludes, for half of them: else hardly any family would be eligible.
            let plain: AttributeValue? =
                switch attribute.name {
                case "state_employment": .text("none")
                case "wage_above_minimum": .boolean(false)
                case "cars": .integer(0)
                case "village": .text("35.10.18.2001")
                default: nil
                }
            switch Int.random(in: 0..<10, using: &generator) {
            case 0: values.append(nil)
            case 1...6: values.append(plain ?? domains.attributes[index].values.randomElement(using: &generator))
            default: values.append(domains.attributes[index].values.randomElement(using: &generator))
            }
        }
        return values
    }
}
