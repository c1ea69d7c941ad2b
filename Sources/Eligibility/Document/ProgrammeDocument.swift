import Registry

/// A version of a programme with all that somebody should see who signs it.
public struct ProgrammeDocument: Sendable {
    /// An example and what became of it.
    public struct ExampleRow: Sendable {
        /// The example.
        public let example: Programme.Example
        /// The family in words.
        public let family: Wording
        /// Each member in words.
        public let members: [Wording]
        /// What comes out.
        public let outcome: Outcome
        /// Rupiah for each period; nil unless it is eligible.
        public let amount: Int64?
        /// The rules that it fails.
        public let failed: [String]
        /// Whether it comes out as it says.
        public let isAsSaid: Bool
    }

    /// The version.
    public let programme: Programme
    /// The version before it, where there is one.
    public let previous: Programme?
    /// In what they differ.
    public let changes: [ProgrammeChange]
    /// For each rule its condition in plain words; nil where it cannot be said soundly.
    public let ruleWords: [Wording?]
    /// For each definition what it means in plain words; nil where it is no condition or cannot be said soundly.
    public let definitionWords: [Wording?]
    /// For each component who it is in plain words; empty where the benefit has none.
    public let componentWords: [Wording?]
    /// The examples.
    public let examples: [ExampleRow]
    /// Whose each source is, by the source's name.
    public let agencies: [String: Wording]

    /// The document of a version; `packs` are the regions whose sources it names.
    public init(_ programme: Programme, previous: Programme?, packs: [RegionPack]) {
        self.programme = programme
        self.previous = previous
        changes = previous.map { ProgrammeChange.all(from: $0, to: programme) } ?? []
        let plain = PlainWords(programme: programme)
        ruleWords = programme.rules.map { plain.condition($0.expression) }
        definitionWords = programme.definitions.map { plain.condition($0.expression, asMember: $0.scope == .member) }
        if case .components(let rule) = programme.benefit {
            componentWords = rule.components.map { plain.condition($0.expression, asMember: true) }
        } else {
            componentWords = []
        }
        let judge = Judge(programme)
        let wrong = Set(programme.exampleFailures().map(\.line))
        examples = programme.examples.map { example in
            let judgement = judge.judge(FamilyFacts(example, of: programme))
            return ExampleRow(
                example: example, family: Self.words(example.family, .family, programme),
                members: example.members.map { Self.words($0, .member, programme) }, outcome: judgement.outcome,
                amount: judgement.outcome == .eligible ? judgement.amount : nil,
                failed: zip(programme.rules, judgement.verdicts).compactMap { $1 == .failed ? $0.name : nil },
                isAsSaid: !wrong.contains(example.line))
        }
        var agencies: [String: Wording] = [:]
        for pack in packs {
            for (name, source) in pack.sources where agencies[name] == nil { agencies[name] = source.owner }
        }
        self.agencies = agencies
    }

    private static func words(
        _ values: [String: AttributeValue], _ scope: Programme.Scope, _ programme: Programme
    ) -> Wording {
        func text(_ language: String) -> String {
            programme.attributes.filter { $0.scope == scope }.compactMap { attribute in
                values[attribute.name].map { "\(attribute.label(language)): \(attribute.words(for: $0)(language))" }
            }.joined(separator: "; ")
        }
        return Wording(id: text("id"), en: text("en"))
    }
}
