import CEL
import Registry

/// How one rule went for one family.
enum Verdict: Sendable, Equatable {
    /// The family meets it.
    case met
    /// The family fails it.
    case failed
    /// It cannot be told without these.
    case unknown(Set<String>)
}

/// What a programme says of one family, before any quota.
struct Judgement: Sendable {
    /// The outcome.
    let outcome: Outcome
    /// How each rule went, in the programme's order.
    let verdicts: [Verdict]
    /// What must be known before the outcome can be told; empty unless it is undetermined.
    let missing: [Missing]
    /// Who counts for what: the component's place, and the member's.
    let components: [(component: Int, member: Int)]
    /// What might add to the amount if it were known.
    let missingForAmount: [Missing]
    /// Rupiah for each period.
    let amount: Int64
    /// What the order of the quota compares; what is unknown comes last.
    let priorities: [Double]
}

/// Applies a programme to families.
struct Judge: Sendable {
    let programme: Programme
    let memberAttributes: [Programme.Attribute]
    let familyAttributes: [Programme.Attribute]
    let memberDefinitions: [Expression]
    let familyDefinitions: [Expression]

    init(_ programme: Programme) {
        self.programme = programme
        memberAttributes = programme.attributes.filter { $0.scope == .member }
        familyAttributes = programme.attributes.filter { $0.scope == .family }
        memberDefinitions = programme.definitions.filter { $0.scope == .member }.map(\.expression)
        familyDefinitions = programme.definitions.filter { $0.scope == .family }.map(\.expression)
    }

    func judge(_ facts: FamilyFacts) -> Judgement {
        var records: [Value] = []
        var claims: [[Claim]] = []
        for (index, member) in facts.members.enumerated() {
            let (record, claimed) = self.member(member, person: facts.persons[index])
            records.append(.record(record))
            claims.append(claimed)
        }
        let family = self.family(facts.family, members: records)
        let verdicts: [Verdict] = programme.rules.map { rule in
            switch rule.expression.evaluate(family) {
            case .value(.bool(let holds)): (rule.kind == .requires) == holds ? .met : .failed
            case .unknown(let unknown): .unknown(unknown.names)
            case .value, .error: .unknown([])
            }
        }
        let (outcome, missing) = outcome(of: verdicts)
        let award = award(claims, facts)
        return Judgement(
            outcome: outcome, verdicts: verdicts, missing: missing, components: award.components,
            missingForAmount: award.missing, amount: award.amount,
            priorities: programme.priorities.map { priority in
                let value: Double? =
                    switch priority.expression.evaluate(family) {
                    case .value(.int(let value)): Double(value)
                    case .value(.double(let value)): value
                    default: nil
                    }
                return value.map { priority.isDescending ? -$0 : $0 } ?? .infinity
            })
    }

    // MARK: Facts as expressions see them

    /// Whether something holds, where that is known.
    private enum Claim { case yes, no, unknown(Unknown) }

    private func member(_ evidence: [Evidence?], person: Int64) -> (MemberRecord, [Claim]) {
        var activation = FactActivation(values: [])
        activation.values.reserveCapacity(evidence.count + memberDefinitions.count + 1)
        for (attribute, evidence) in zip(memberAttributes, evidence) {
            activation.values.append(
                Value(evidence, type: attribute.type, missing: Missing(attribute.name, person: person)))
        }
        for definition in memberDefinitions {
            activation.values.append(Self.value(of: definition.evaluate(activation)))
        }
        var outcomes: [CEL.Outcome] = []
        if case .components(let rule) = programme.benefit {
            outcomes = rule.components.map { $0.expression.evaluate(activation) }
        }
        let claims: [Claim] = outcomes.map { outcome in
            switch outcome {
            case .value(.bool(true)): .yes
            case .unknown(let unknown): .unknown(unknown)
            case .value, .error: .no
            }
        }
        activation.values.append(Self.anyHolds(outcomes))
        return (MemberRecord(values: activation.values), claims)
    }

    /// Whether one of some conditions holds; one that fails does not.
    static func anyHolds(_ outcomes: [CEL.Outcome]) -> Value {
        if outcomes.contains(.value(.bool(true))) { return .bool(true) }
        var unknown: Unknown?
        for case .unknown(let other) in outcomes { unknown = unknown?.merged(with: other) ?? other }
        return unknown.map { .unknown($0) } ?? .bool(false)
    }

    private func family(_ evidence: [Evidence?], members: [Value]) -> FactActivation {
        var activation = FactActivation(values: [.list(members)])
        activation.values.reserveCapacity(1 + evidence.count + familyDefinitions.count)
        for (attribute, evidence) in zip(familyAttributes, evidence) {
            activation.values.append(Value(evidence, type: attribute.type, missing: Missing(attribute.name)))
        }
        for definition in familyDefinitions {
            activation.values.append(Self.value(of: definition.evaluate(activation)))
        }
        return activation
    }

    /// A definition that fails leaves what uses it unknown.
    static func value(of outcome: CEL.Outcome) -> Value {
        switch outcome {
        case .value(let value): value
        case .unknown(let unknown): .unknown(unknown)
        case .error: .unknown(Unknown([]))
        }
    }

    // MARK: Outcome and amount

    private func outcome(of verdicts: [Verdict]) -> (Outcome, [Missing]) {
        var missing: Set<String> = []
        var open = false
        for (rule, verdict) in zip(programme.rules, verdicts) {
            switch verdict {
            case .met: continue
            case .failed where rule.hit == .decides: return (.ineligible, [])
            case .failed: open = true
            case .unknown(let names):
                open = true
                missing.formUnion(names)
            }
        }
        return (open ? .undetermined : .eligible, missing.compactMap { Missing(reading: $0) }.sorted())
    }

    private func award(
        _ claims: [[Claim]], _ facts: FamilyFacts
    ) -> (components: [(component: Int, member: Int)], missing: [Missing], amount: Int64) {
        guard case .components(let rule) = programme.benefit else {
            if case .fixed(let amount, _) = programme.benefit { return ([], [], amount) }
            return ([], [], 0)
        }
        var best: [(component: Int, member: Int)] = []
        var missing: Set<String> = []
        for (member, claims) in claims.enumerated() {
            var own: Int?
            for (component, claim) in claims.enumerated() {
                switch claim {
                case .no: continue
                case .yes:
                    let isMore = own.map { rule.components[component].amount > rule.components[$0].amount } ?? true
                    if isMore { own = component }
                case .unknown(let unknown): missing.formUnion(unknown.names)
                }
            }
            if let own { best.append((own, member)) }
        }
        var award = Award(rule)
        award.take(&best)
        return (award.taken, missing.compactMap { Missing(reading: $0) }.sorted(), award.amount)
    }
}

extension Judge {
    /// Where a programme's examples come out otherwise than they say; empty where all are right.
    func failures() -> [Programme.ExampleFailure] {
        programme.examples.compactMap { example in
            let judgement = judge(FamilyFacts(example, of: programme))
            let deciding = Set(
                zip(programme.rules, judgement.verdicts).compactMap { $1 == .failed ? $0.name : nil })
            var complaints: [String] = []
            if judgement.outcome != example.outcome {
                complaints.append("expected \(example.outcome.rawValue), found \(judgement.outcome.rawValue)")
            }
            if let amount = example.amount, amount != judgement.amount {
                complaints.append("expected \(Rupiah(amount)), found \(Rupiah(judgement.amount))")
            }
            if let rules = example.rules, rules != deciding {
                complaints.append("expected the rules \(rules.sorted()), found \(deciding.sorted())")
            }
            guard !complaints.isEmpty else { return nil }
            return Programme.ExampleFailure(
                line: example.line, message: "“\(example.name)”: " + complaints.joined(separator: "; "))
        }
    }
}

extension Programme {
    /// An example that does not come out as it says.
    public struct ExampleFailure: Sendable, Hashable, CustomStringConvertible {
        /// Its line in the file.
        public let line: Int?
        /// Which example, what it says and what comes out.
        public let message: String

        /// The line, then the message.
        public var description: String { (line.map { "line \($0), " } ?? "") + message }
    }

    /// Where the programme's own examples come out otherwise than they say; empty where all are right.
    public func exampleFailures() -> [ExampleFailure] { Judge(self).failures() }
}
