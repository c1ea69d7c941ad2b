import Registry

/// Families that are made up to find out what a programme's rules can do.
///
/// For each rule and component every combination of the values that tell its attributes apart, one member or several
/// alike; then families at random. All is in a fixed order with a fixed seed: the same programme gives the same families.
struct CaseSearch {
    /// A family and how it was judged.
    struct Case {
        let facts: FamilyFacts
        let verdicts: [Bool]
        let components: Set<Int>
        let priorities: [Double]
    }

    /// The families.
    private(set) var cases: [Case] = []
    /// For each rule a family of whom all is known and for whom the condition has no value all the same.
    private(set) var failures: [Int: FamilyFacts] = [:]
    /// For each rule whether every combination was tried, so that what was not found is not there.
    private(set) var isExhaustive: [Bool] = []

    private static let gridLimit = 1500
    private static let randomCases = 600

    private let programme: Programme
    private let domains: ProgrammeDomains
    private let judge: Judge
    private var random = SplitMix(state: 0x5EED)

    init(_ programme: Programme, packs: [RegionPack]) {
        self.programme = programme
        domains = ProgrammeDomains(programme, packs: packs)
        judge = Judge(programme)
        isExhaustive = [Bool](repeating: false, count: programme.rules.count)
        for example in programme.examples { add(FamilyFacts(example, of: programme)) }
        for (index, rule) in programme.rules.enumerated() {
            isExhaustive[index] = grid(Dependencies(of: rule.expression, in: programme))
        }
        if case .components(let rule) = programme.benefit {
            for component in rule.components {
                _ = grid(Dependencies(of: component.expression, in: programme, asMember: true))
            }
        }
        for _ in 0..<Self.randomCases {
            let members = Int(random.next() % 4)
            add(family: pick(.family), members: (0..<members).map { _ in pick(.member) })
        }
    }

    /// Every combination of values of the attributes that something rests on; false where there are too many.
    private mutating func grid(_ dependencies: Dependencies) -> Bool {
        let varied = programme.attributes.indices.filter { dependencies.contains(programme.attributes[$0]) }
        var isComplete = varied.allSatisfy { domains.attributes[$0].isComplete }
        var combinations = 1
        for index in varied {
            let (product, overflow) = combinations.multipliedReportingOverflow(
                by: max(domains.attributes[index].values.count, 1))
            combinations = overflow ? .max : product
        }
        let tried = min(combinations, Self.gridLimit)
        if tried < combinations { isComplete = false }
        for number in 0..<tried {
            // Where there are too many, those that are tried lie evenly between the first and the last.
            var rest = tried < combinations ? combinations / tried * number : number
            var chosen = [AttributeValue?](repeating: nil, count: programme.attributes.count)
            for index in varied {
                let values = domains.attributes[index].values
                guard !values.isEmpty else { continue }
                chosen[index] = values[rest % values.count]
                rest /= values.count
            }
            let usesMembers = varied.contains { programme.attributes[$0].scope == .member }
            // Many combinations are tried with one member alone: what several do, the random families tell.
            for size in combinations > 200 ? [1] : domains.sizes where size > 0 || !usesMembers || number == 0 {
                add(
                    family: pick(.family, chosen),
                    members: [[AttributeValue?]](repeating: pick(.member, chosen), count: size))
            }
        }
        return isComplete
    }

    /// A value for each attribute of a scope: the chosen one, else one at random.
    private mutating func pick(_ scope: Programme.Scope, _ chosen: [AttributeValue?] = []) -> [AttributeValue?] {
        var picked: [AttributeValue?] = []
        for (index, attribute) in programme.attributes.enumerated() where attribute.scope == scope {
            let value = chosen.indices.contains(index) ? chosen[index] : nil
            let values = domains.attributes[index].values
            let draw = random.next()
            picked.append(value ?? (values.isEmpty ? nil : values[Int(draw % UInt64(values.count))]))
        }
        return picked
    }

    private mutating func add(family: [AttributeValue?], members: [[AttributeValue?]]) {
        add(FamilyFacts(madeUp: family, members: members, for: programme))
    }

    /// Keeps a family of whom every rule can be told.
    ///
    /// A rule that fails to be worked out ends the search: it must be mended first, and may take long each time.
    private mutating func add(_ facts: FamilyFacts) {
        guard failures.isEmpty else { return }
        let judgement = judge.judge(facts)
        var verdicts: [Bool] = []
        for (index, verdict) in judgement.verdicts.enumerated() {
            switch verdict {
            case .met: verdicts.append(true)
            case .failed: verdicts.append(false)
            // Nothing is missing, so the evaluation failed.
            case .unknown([]): failures[index] = failures[index] ?? facts
            case .unknown: continue
            }
        }
        guard verdicts.count == judgement.verdicts.count else { return }
        cases.append(
            Case(
                facts: facts, verdicts: verdicts, components: Set(judgement.components.map(\.component)),
                priorities: judgement.priorities))
    }
}

/// Sebastiano Vigna's SplitMix64: small, and the same on every machine.
private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
