import Eligibility
import Registry

extension ProgrammeAnswer {
    /// An explanation as a family reads it on its page.
    init(_ explanation: Explanation, language: Language) {
        let code = language.rawValue
        let determination = explanation.determination
        let outcome: Outcome =
            switch determination.standing {
            case .ineligible: .ineligible
            case .undetermined: .undetermined
            case .funded: .funded
            case .waitlisted: .waitlisted(rank: determination.waiting)
            }
        let open = explanation.reasons.filter { $0.finding != .met }
        self.init(
            code: explanation.programme.name, title: explanation.programme.title(code), outcome: outcome,
            notice: explanation.notice(code, date: language.date).map { words in
                NoticeView(
                    headline: words.headline, changes: words.changes, state: words.state, answer: words.answer,
                    receives: determination.receives)
            },
            amount: explanation.parts.isEmpty
                ? Self.keptAmount(explanation, code)
                : Amount(
                    rupiah: determination.amount, period: explanation.period(code),
                    lines: explanation.parts.map { part in
                        Amount.Line(
                            label: part.label(code) + Self.whose(part.member, explanation), rupiah: part.amount)
                    }),
            reasons: explanation.reasons.map { reason in
                ReasonView(
                    text: reason.words(code), decisive: Self.isDecisive(reason, determination.standing),
                    legalSource: reason.legal(code),
                    evidence: reason.facts.compactMap { Self.view($0, explanation, code) })
            },
            missing: explanation.missing.map { fact in
                MissingView(
                    what: Self.begun(fact.label(code)) + Self.whose(fact.member, explanation), how: fact.mend(code))
            },
            changes: open.map { $0.change(code) },
            nearest: explanation.nearest.map { change in
                ChangeView(text: change.text(code, members: explanation.members), mend: change.mend(code))
            },
            nextSteps: explanation.next.map { [NextStep(text: $0(code))] } ?? [],
            history: explanation.history.map { PastView(day: $0.day, text: $0.text(code, explanation.programme)) },
            assessedOn: explanation.assessment.day, version: explanation.programme.version)
    }

    /// What a family receives as before that is not eligible by the rules as they are applied now.
    private static func keptAmount(_ explanation: Explanation, _ language: String) -> Amount? {
        guard explanation.determination.keeps != nil else { return nil }
        return Amount(rupiah: explanation.determination.amount, period: explanation.period(language), lines: [])
    }

    /// A rule decides where it is why the outcome is this one and not another.
    private static func isDecisive(_ reason: Explanation.Reason, _ standing: Standing) -> Bool {
        switch standing {
        case .ineligible: reason.finding == .decides
        case .undetermined: reason.finding == .toVerify || reason.finding == .unknown
        case .funded, .waitlisted: reason.isRequirement
        }
    }

    /// A label as it stands inside a sentence.
    private static func begun(_ label: String) -> String { label.prefix(1).lowercased() + label.dropFirst() }

    private static func whose(_ member: Int?, _ explanation: Explanation) -> String {
        member.map { explanation.members.indices.contains($0) ? " (\(explanation.members[$0]))" : "" } ?? ""
    }

    private static func view(_ fact: Explanation.Fact, _ explanation: Explanation, _ language: String) -> EvidenceView?
    {
        guard let value = fact.value, let evidence = fact.evidence else { return nil }
        return EvidenceView(
            label: fact.label(language) + whose(fact.member, explanation), value: value(language),
            agency: fact.agency?(language) ?? evidence.source, date: evidence.day, isRecorded: evidence.line != nil,
            trust: fact.trust?.text(language))
    }
}
