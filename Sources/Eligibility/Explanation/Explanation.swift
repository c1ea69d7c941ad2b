import Journal
import Registry

/// Why a family's determination is what it is: the rules, the evidence each of them used, and what would change it.
public struct Explanation: Sendable {
    /// Evidence that a rule used, in words.
    public struct Fact: Sendable {
        /// What people call the attribute.
        public let label: Wording
        /// Whose it is, as a place in ``Explanation/members``; nil for the family's.
        public let member: Int?
        /// The value in words; nil where it is not known.
        public let value: Wording?
        /// The value with its source, batch and date; nil where it is not known.
        public let evidence: Evidence?
        /// Whose data it is, as people call the agency; nil where nothing is known.
        public let agency: Wording?
        /// How far the value can be trusted; nil where it is not known.
        public let trust: Trust?
        /// Who can mend a wrong value, and what to bring.
        public let mend: Wording
    }

    /// How far a value can be trusted: which of the attribute's sources it comes from, and how old it is.
    public struct Trust: Sendable, Hashable {
        /// The place of the source among the attribute's, from 1: the most trusted.
        public let place: Int
        /// How many sources the attribute has.
        public let sources: Int
        /// How many days before the day of the assessment the value speaks of.
        public let days: Int
        /// For how many days after a delivery the source is used.
        public let freshnessDays: Int64
    }

    /// How a rule went.
    public enum Finding: String, Sendable {
        /// The family meets it.
        case met
        /// The family fails it, and that decides.
        case decides
        /// Data says that the family fails it, which somebody must look at first.
        case toVerify = "to_verify"
        /// It cannot be told.
        case unknown
    }

    /// A rule and how it went.
    public struct Reason: Sendable {
        /// The rule's identifier.
        public let rule: String
        /// How it went.
        public let finding: Finding
        /// The rule where it is met or unknown; what the family is told where it fails.
        public let words: Wording
        /// The evidence that it used.
        public let facts: [Fact]
        /// What would change the outcome.
        public let change: Wording
        /// Where the rule is written.
        public let legal: Wording
        /// Whether the family must meet it; else it must not.
        public let isRequirement: Bool
        /// Whether an official text says so.
        public let isOfficial: Bool
    }

    /// A member's part of the amount.
    public struct Part: Sendable {
        /// What it is for.
        public let label: Wording
        /// Whose it is, as a place in ``Explanation/members``; nil for the family's.
        public let member: Int?
        /// Rupiah for each period.
        public let amount: Int64
    }

    /// The programme.
    public let programme: Programme
    /// The assessment.
    public let assessment: Assessment
    /// The determination as it was made.
    public let determination: Determination
    /// The names of the members who live there, masked.
    public let members: [String]
    /// The reasons: those that decide first, then those that keep it open, then those that are met.
    public let reasons: [Reason]
    /// What must be known before the family can be determined.
    public let missing: [Fact]
    /// The smallest changes that would alter the outcome; empty where none was found, or the determination is not
    /// confirmed.
    public let nearest: [NearestChange]
    /// How the amount is made up, where the family is eligible.
    public let parts: [Part]
    /// Whether running the determination again gave the same.
    public let isConfirmed: Bool
    /// The first day on which the family's notice counts, as far as it was given by now; nil where it was not, or there is
    /// none.
    public let noticeEffective: CalendarDate?
    /// What was done with the family's notice, the oldest first; empty where it has none.
    public let noticeActions: [NoticeAction]
    /// What earlier assessments determined otherwise, the newest first.
    public let history: [PastOutcome]

    /// What to do next; nil where the family's notice says it.
    public var next: Wording? {
        determination.keeps == .notice ? nil : programme.next[determination.standing.rawValue]
    }
}

/// Explains the determinations of one assessment.
public struct Explainer: Sendable {
    /// The assessment.
    public let assessment: Assessment
    /// The programme as the assessment followed it.
    public let programme: Programme
    /// What was known.
    public let knowledge: Knowledge
    private let registry: Registry
    private let plan: AttributePlan
    private let judge: Judge
    private let changes: NearestChanges

    /// An explainer of a programme's last assessment; nil where there is none.
    public init?(latest programme: String, in registry: Registry) throws {
        guard let assessment = try AssessmentTable.latest(programme, of: registry) else { return nil }
        try self.init(assessment, in: registry)
    }

    /// An explainer of an assessment.
    public init(_ assessment: Assessment, in registry: Registry) throws {
        self.assessment = assessment
        self.registry = registry
        programme = try AssessmentTable.programme(of: assessment, in: registry)
        knowledge = try Knowledge(of: registry, run: assessment.linkRun)
        plan = try AttributePlan(programme, knowledge: knowledge, day: assessment.day)
        judge = Judge(programme)
        changes = NearestChanges(judge, packs: [registry.pack])
    }

    /// Explains a family's determination by making it again from the same evidence; nil where it had none, or the family lives
    /// beyond the reach.
    public func explain(_ family: Int64, as reach: Reach) throws -> Explanation? {
        guard
            let determination = try AssessmentTable.determination(
                of: family, in: assessment, registry: registry),
            let known = try registry.family(family, in: knowledge, as: reach)
        else { return nil }
        let facts = plan.facts(of: known)
        let judgement = judge.judge(facts)
        let residents = known.members.filter { $0.state == .resident }
        let names = try residents.map { member in
            masked(
                name: try registry.identity(of: member, of: known, in: knowledge, as: reach)?.name ?? "")
        }
        let writer = FactWriter(
            programme: programme, facts: facts, sources: registry.pack.sources, day: assessment.day)
        let isConfirmed =
            judgement.outcome == determination.outcome && judgement.missing == determination.missing
        return Explanation(
            programme: programme, assessment: assessment, determination: determination, members: names,
            reasons: reasons(judgement, facts, writer),
            missing: judgement.missing.compactMap { writer.fact(missing: $0) },
            nearest: isConfirmed
                ? changes.find(facts, judgement, isWaiting: determination.standing == .waitlisted) : [],
            parts: determination.rank == nil ? [] : parts(judgement),
            isConfirmed: isConfirmed,
            noticeEffective: try determination.notice.flatMap {
                try $0.effective ?? registry.effectiveDay(of: $0, days: programme.notice.days)
            },
            noticeActions: try determination.notice.map {
                try registry.actions(on: NoticeName(arose: $0.arose, family: family))
            } ?? [],
            history: try AssessmentTable.history(of: family, before: assessment, registry: registry))
    }

    private func reasons(_ judgement: Judgement, _ facts: FamilyFacts, _ writer: FactWriter) -> [Explanation.Reason] {
        let reasons = zip(programme.rules, judgement.verdicts).map { rule, verdict in
            let finding: Explanation.Finding =
                switch verdict {
                case .met: .met
                case .failed: rule.hit == .decides ? .decides : .toVerify
                case .unknown: .unknown
                }
            return Explanation.Reason(
                rule: rule.name, finding: finding, words: verdict == .failed ? rule.failed : rule.words,
                facts: writer.facts(of: rule, verdict: verdict, judge: judge), change: rule.change,
                legal: rule.legal, isRequirement: rule.kind == .requires, isOfficial: rule.isOfficial)
        }
        let order: [Explanation.Finding] = [.decides, .toVerify, .unknown, .met]
        return order.flatMap { finding in reasons.filter { $0.finding == finding } }
    }

    private func parts(_ judgement: Judgement) -> [Explanation.Part] {
        switch programme.benefit {
        case .fixed(let amount, let label): [Explanation.Part(label: label, member: nil, amount: amount)]
        case .components(let rule):
            judgement.components.map {
                Explanation.Part(
                    label: rule.components[$0.component].label, member: $0.member,
                    amount: rule.components[$0.component].amount)
            }
        }
    }
}

extension Determination {
    /// The outcome before the quota.
    var outcome: Outcome {
        switch standing {
        case .ineligible: .ineligible
        case .undetermined: .undetermined
        case .funded, .waitlisted: .eligible
        }
    }
}
