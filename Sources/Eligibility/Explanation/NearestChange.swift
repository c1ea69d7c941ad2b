import CEL
import Registry

/// The smallest change of what is known of a family that would give it another outcome.
public struct NearestChange: Sendable {
    /// One attribute with another value.
    public struct Step: Sendable {
        /// The attribute.
        public let attribute: Programme.Attribute
        /// Whose it is, as a place among the members who live there; nil for the family's.
        public let member: Int?
        /// The value that is known; nil where none is.
        public let from: AttributeValue?
        /// The value that would change the outcome.
        public let to: AttributeValue
        /// Where no value is known, the others that would do the same.
        public var others: [AttributeValue] = []
    }

    /// What would come of it.
    public enum Effect: Sendable, Hashable {
        /// The outcome before any quota.
        case outcome(Outcome)
        /// A place in the order before all families that are like this one now.
        case comesForward
    }

    /// What would have to be otherwise: one attribute or two.
    public let steps: [Step]
    /// What would come of it.
    public let effect: Effect
    /// Whether the family would be better off; else it would lose what it has, or the hope of it.
    public let isGain: Bool
}

/// Finds the nearest changes by judging a family again and again with other values.
///
/// Nothing is told that was not judged. Only attributes are tried that can change or be corrected; of each the values that
/// tell the rules apart. One attribute goes before two, things that can change before those that can only be wrong, and the
/// smaller step before the larger; the rest is the order of the file. The work is bounded by a number of judgements, never
/// by time, so that the same family always gets the same answer.
struct NearestChanges {
    /// How many judgements one search may take.
    static let limit = 400
    /// How many changes are told of one kind.
    static let told = 2

    private let programme: Programme
    private let judge: Judge
    private let domains: ProgrammeDomains
    private let ruleDependencies: [Dependencies]
    private let priorityDependencies: Dependencies
    /// The place of each attribute among those of its scope.
    private let slots: [Int]

    init(_ judge: Judge, packs: [RegionPack]) {
        self.judge = judge
        programme = judge.programme
        domains = ProgrammeDomains(programme, packs: packs)
        let programme = programme
        ruleDependencies = programme.rules.map { Dependencies(of: $0.expression, in: programme) }
        var priorities = Dependencies()
        for priority in programme.priorities {
            priorities.formUnion(Dependencies(of: priority.expression, in: programme))
        }
        priorityDependencies = priorities
        slots = programme.attributes.enumerated().map { index, attribute in
            programme.attributes[..<index].count { $0.scope == attribute.scope }
        }
    }

    /// The changes to tell of a family; `isWaiting` where it is on the waiting list.
    func find(_ facts: FamilyFacts, _ judgement: Judgement, isWaiting: Bool) -> [NearestChange] {
        var budget = Self.limit
        switch judgement.outcome {
        case .ineligible: return search(facts, judgement, &budget, pairs: true) { $0 != .ineligible }
        case .undetermined:
            return search(facts, judgement, &budget, pairs: true) { $0 == .eligible }
                + search(facts, judgement, &budget, pairs: false) { $0 == .ineligible }
        case .eligible:
            return (isWaiting ? forward(facts, judgement, &budget) : [])
                + search(facts, judgement, &budget, pairs: false) { $0 != .eligible }
        }
    }

    // MARK: Candidates

    /// One attribute of the family or a member, and another value.
    private struct Candidate {
        let attribute: Int
        let member: Int?
        let from: AttributeValue?
        let to: AttributeValue
        let isCorrection: Bool
        let size: Double
    }

    /// What can be otherwise, the nearest first.
    private func candidates(_ facts: FamilyFacts, where isAsked: (Programme.Attribute) -> Bool) -> [Candidate] {
        var found: [Candidate] = []
        for (index, attribute) in programme.attributes.enumerated() where attribute.can != .no && isAsked(attribute) {
            let owners: [Int?] = attribute.scope == .family ? [nil] : facts.members.indices.map { $0 }
            for owner in owners {
                let evidence = owner.map { facts.members[$0][slots[index]] } ?? facts.family[slots[index]]
                let from = evidence?.value
                for to in domains.attributes[index].values where to != from && attribute.canBe(to, insteadOf: from) {
                    found.append(
                        Candidate(
                            attribute: index, member: owner, from: from, to: to,
                            isCorrection: attribute.can == .correct, size: size(index, from, to)))
                }
            }
        }
        return found.enumerated().sorted {
            let (left, right) = ($0.element, $1.element)
            return (left.isCorrection ? 1 : 0, left.size, $0.offset) < (
                right.isCorrection ? 1 : 0, right.size, $1.offset
            )
        }.map(\.element)
    }

    /// How large a step is: 1 between words or from what is not known; of numbers their distance as a part of what lies
    /// between the attribute's smallest and largest value.
    private func size(_ index: Int, _ from: AttributeValue?, _ to: AttributeValue) -> Double {
        let values = domains.attributes[index].values
        guard programme.attributes[index].values.isEmpty, let from = from?.number, let to = to.number,
            let lowest = values.first?.number, let highest = values.last?.number, lowest < highest
        else { return 1 }
        return abs(to - from) / (highest - lowest)
    }

    private func applying(_ candidates: [Candidate], to facts: FamilyFacts) -> FamilyFacts {
        var (family, members) = (facts.family, facts.members)
        for candidate in candidates {
            let evidence = Evidence(value: candidate.to, source: "", batch: 0, line: nil, day: programme.from)
            if let member = candidate.member {
                members[member][slots[candidate.attribute]] = evidence
            } else {
                family[slots[candidate.attribute]] = evidence
            }
        }
        return FamilyFacts(family: family, persons: facts.persons, members: members)
    }

    private func told(
        _ candidates: [Candidate], _ effect: NearestChange.Effect, isGain: Bool, others: [AttributeValue] = []
    ) -> NearestChange {
        NearestChange(
            steps: candidates.map {
                NearestChange.Step(
                    attribute: programme.attributes[$0.attribute], member: $0.member, from: $0.from, to: $0.to,
                    others: others)
            }, effect: effect, isGain: isGain)
    }

    // MARK: Search

    private func search(
        _ facts: FamilyFacts, _ judgement: Judgement, _ budget: inout Int, pairs: Bool, wanted: (Outcome) -> Bool
    ) -> [NearestChange] {
        let isMet = judgement.verdicts.map { $0 == .met }
        // To lose what one has, any rule will do; else those settle it that are not met.
        let asked = isMet.contains(false) ? isMet.indices.filter { !isMet[$0] } : Array(isMet.indices)
        let candidates = candidates(facts) { attribute in
            asked.contains { ruleDependencies[$0].contains(attribute) }
        }
        var hits: [(tried: [Candidate], outcome: Outcome)] = []
        /// Judges a family with other values, and keeps what is wanted; nil where the work is used up.
        func attempt(_ tried: [Candidate]) -> Judgement? {
            guard budget > 0 else { return nil }
            budget -= 1
            let judged = judge.judge(applying(tried, to: facts))
            if wanted(judged.outcome) { hits.append((tried, judged.outcome)) }
            return judged
        }
        var singles: [(candidate: Candidate, verdicts: [Verdict])] = []
        for candidate in candidates {
            guard let judged = attempt([candidate]) else { break }
            singles.append((candidate, judged.verdicts))
        }
        if hits.isEmpty, pairs {
            for (first, second) in promising(singles, asked) {
                guard attempt([first, second]) != nil else { break }
            }
        }
        return chosen(hits, isGain: judgement.outcome == .ineligible || wanted(.eligible))
    }

    /// Those that are told: what makes the family eligible before what leaves it undetermined, one for each attribute.
    private func chosen(_ hits: [(tried: [Candidate], outcome: Outcome)], isGain: Bool) -> [NearestChange] {
        var changes: [NearestChange] = []
        var names: Set<[Int]> = []
        for outcome in [Outcome.eligible, .undetermined, .ineligible] {
            for hit in hits where hit.outcome == outcome && changes.count < Self.told {
                guard names.insert(hit.tried.map(\.attribute).sorted()).inserted else { continue }
                // Of something that is not known all values are told that come to the same.
                let same = hits.filter { other in
                    other.outcome == outcome && other.tried.count == 1 && hit.tried.count == 1
                        && other.tried[0].from == nil && other.tried[0].attribute == hit.tried[0].attribute
                        && other.tried[0].member == hit.tried[0].member && other.tried[0].to != hit.tried[0].to
                }
                changes.append(
                    told(hit.tried, .outcome(outcome), isGain: isGain, others: same.map { $0.tried[0].to }))
            }
        }
        return changes
    }

    /// Pairs of changes that may do together what neither does alone, the smaller first: two that each mend some of the
    /// rules, and two of the same member or of the family that one rule asks for.
    private func promising(
        _ singles: [(candidate: Candidate, verdicts: [Verdict])], _ asked: [Int]
    ) -> [(Candidate, Candidate)] {
        var pairs: [(first: Candidate, second: Candidate, mends: Bool)] = []
        for (index, one) in singles.enumerated() {
            for other in singles[(index + 1)...] {
                let (first, second) = (one.candidate, other.candidate)
                guard first.attribute != second.attribute else { continue }
                let mends = asked.allSatisfy { one.verdicts[$0] == .met || other.verdicts[$0] == .met }
                let isOneRules =
                    first.member == second.member
                    && asked.contains { rule in
                        ruleDependencies[rule].contains(programme.attributes[first.attribute])
                            && ruleDependencies[rule].contains(programme.attributes[second.attribute])
                    }
                if mends || isOneRules { pairs.append((first, second, mends)) }
            }
        }
        func key(_ pair: (first: Candidate, second: Candidate, mends: Bool)) -> (Int, Int, Double) {
            (
                pair.mends ? 0 : 1, (pair.first.isCorrection ? 1 : 0) + (pair.second.isCorrection ? 1 : 0),
                pair.first.size + pair.second.size
            )
        }
        return pairs.enumerated().sorted {
            let (left, right) = (key($0.element), key($1.element))
            return left == right ? $0.offset < $1.offset : left < right
        }.map { ($0.element.first, $0.element.second) }
    }

    /// What would bring a waiting family forward: the first key of the order in which it differs is better, and it stays
    /// eligible.
    private func forward(_ facts: FamilyFacts, _ judgement: Judgement, _ budget: inout Int) -> [NearestChange] {
        var changes: [NearestChange] = []
        var names: Set<String> = []
        for candidate in candidates(facts, where: { priorityDependencies.contains($0) })
        where changes.count < Self.told && budget > 0 {
            budget -= 1
            let judged = judge.judge(applying([candidate], to: facts))
            guard judged.outcome == .eligible, judged.priorities.lexicographicallyPrecedes(judgement.priorities),
                names.insert(programme.attributes[candidate.attribute].name).inserted
            else { continue }
            changes.append(told([candidate], .comesForward, isGain: true))
        }
        return changes
    }
}

extension AttributeValue {
    fileprivate var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .double(let value): value
        case .boolean, .text: nil
        }
    }
}

extension Programme.Attribute {
    /// Whether a value could be told as what is right: one that people have a name for, and no further off than a slip.
    func canBe(_ value: AttributeValue, insteadOf known: AttributeValue?) -> Bool {
        if !values.isEmpty || type == .string, values[value.description] == nil { return false }
        guard let slip, let known = known?.number, let value = value.number else { return true }
        return abs(value - known) <= Double(slip)
    }
}
