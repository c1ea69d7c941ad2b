import ArgumentParser
import CEL
import Eligibility
import Foundation
import Journal
import Registry

struct Assess: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Give every family its determination under a programme.",
        discussion: """
            The same evidence, programme version, day and quota give the same determinations, byte for byte; the digest \
            says so. With --again a past assessment is made again and compared, and nothing is kept: the exit status is 65 \
            where it comes out otherwise.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "The programme, such as pkh.")
    var programme: String?

    @Option(help: "Make this past assessment again, by its number.")
    var again: Int64?

    @Option(name: .customLong("as-of"), help: "Decide on what was known at this moment, such as 2025-10-15T08:00:00Z.")
    var asOf: MomentArgument?

    @Option(help: "The day for which ages are counted (YYYY-MM-DD); the newest delivery's if not given.")
    var day: DateArgument?

    @Option(help: "How many families can be funded; the region pack's figure if not given.")
    var quota: Int64?

    @Option(
        help: ArgumentHelp(
            "The assessment from which families keep their places: its number, or none. The programme's last one if not given.",
            valueName: "run|none"))
    var after: PriorArgument?

    func validate() throws {
        if let quota, quota < 0 { throw ValidationError("--quota: give how many families, 0 or more") }
        if again != nil {
            guard programme == nil, asOf == nil, day == nil, quota == nil, after == nil else {
                throw ValidationError("--again: give the assessment's number alone; it holds all the rest")
            }
        } else if programme == nil {
            throw ValidationError("give the programme, such as pkh, or --again and an assessment's number")
        }
    }

    struct Report: Encodable {
        let run: Int64
        let programme: String
        let day: String
        let quota: Int64
        let families: Int
        let ineligible: Int
        let undetermined: Int
        let eligible: Int
        let funded: Int
        let waitlisted: Int
        let kept: Int
        let amount: Int64
        let after: Int64?
        let digest: String

        init(_ assessment: Assessment) {
            run = assessment.assessment
            programme = assessment.programme
            day = assessment.day.description
            quota = assessment.quota
            families = assessment.counts.families
            ineligible = assessment.counts.ineligible
            undetermined = assessment.counts.undetermined
            eligible = assessment.counts.eligible
            funded = assessment.counts.funded
            waitlisted = assessment.counts.waitlisted
            kept = assessment.counts.kept
            amount = assessment.counts.amount
            after = assessment.previous
            digest = assessment.digest.hexadecimal
        }

        var text: String {
            """
            \(programme), assessment \(run) as of \(day): \(families) families
              \(ineligible) ineligible, \(undetermined) undetermined, \(eligible) eligible
              \(funded) funded (quota \(quota))\(kept > 0 ? ", \(kept) more keep their place for now:" : " with") \
            \(Rupiah(amount)) each period, \(waitlisted) \(kept > 0 ? "eligible beyond the quota" : "on the waiting list")
              digest \(digest)
            """
        }
    }

    private struct Again: Encodable {
        struct Difference: Encodable {
            let family: Int64
            let then: String
            let now: String
        }

        let run: Int64
        let programme: String
        let digest: String
        let again: String
        let same: Bool
        let differing: Int
        let differences: [Difference]
        let reasons: [String]

        init(_ repetition: Repetition) {
            run = repetition.assessment.assessment
            programme = repetition.assessment.programme
            digest = repetition.assessment.digest.hexadecimal
            again = repetition.digest.hexadecimal
            same = repetition.isSame
            differing = repetition.differing
            func text(_ determination: Determination?) -> String {
                guard let determination else { return "none" }
                let parts =
                    [determination.standing.rawValue] + determination.failed
                    + determination.missing.map { "missing \($0)" }
                return parts.joined(separator: " ")
            }
            differences = repetition.differences.map {
                Difference(family: $0.family, then: text($0.then), now: text($0.now))
            }
            reasons = repetition.reasons
        }

        var text: String {
            guard !same else { return "\(programme), assessment \(run), made again: the same digest \(digest)" }
            var lines = [
                "\(programme), assessment \(run), made again: \(differing) families come out otherwise",
                "  digest then \(digest)", "  digest now  \(again)",
            ]
            lines += reasons.map { "  \($0)" }
            lines += differences.map { "  family \($0.family): \($0.then) -> \($0.now)" }
            return lines.joined(separator: "\n")
        }
    }

    func run() throws {
        let registry = try common.registry()
        if let again {
            let repetition = try ProgressBar.run("Assessing again") { show in
                try registry.assessAgain(again, progress: show)
            }
            let report = Again(repetition)
            try Output(common).print(report, report.text)
            if !report.same { throw ExitCode(Failure.inputRefused) }
            return
        }
        guard let programme else { return }
        let library = try common.library()
        let assessment = try ProgressBar.run("Assessing \(programme)") { show in
            try registry.assess(
                programme, asOf: asOf?.moment, day: day?.date, quota: quota, after: after?.prior ?? .latest,
                library: library, progress: show)
        }
        let report = Report(assessment)
        try Output(common).print(report, report.text)
    }
}

/// An assessment's number, or `none`.
struct PriorArgument: ExpressibleByArgument {
    let prior: PriorAssessment

    init?(argument: String) {
        guard let prior = argument == "none" ? PriorAssessment.none : Int64(argument).map({ .number($0) }) else {
            return nil
        }
        self.prior = prior
    }
}

struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tell why a family's determination is what it is.")

    enum Language: String, ExpressibleByArgument, CaseIterable { case id, en }

    @OptionGroup var common: CommonOptions

    @Option(help: "The NIK of a member.")
    var nik: String

    @Option(help: "The programme.")
    var programme: String

    @Option(help: "The language: id or en.")
    var language = Language.id

    func run() throws {
        let registry = try common.registry()
        let number: NIK
        switch NIK.assess(nik, madeUp: registry.pack.acceptsMadeUp) {
        case .valid(let valid), .suspicious(let valid, _): number = valid
        case .invalid(let flaw): throw InputError("--nik: \(flaw)")
        }
        guard let explainer = try Explainer(latest: programme, in: registry) else {
            throw RegistryError.notReady(
                "“\(programme)” has not been assessed yet: run tepat assess \(programme) first")
        }
        let reach = registry.wholeReach("tepat explain --programme \(programme)")
        guard let person = try registry.person(nik: number, in: explainer.knowledge, as: reach),
            let explanation = try explainer.explain(person.family, as: reach)
        else { throw InputError("nobody in the population register has the NIK \(number.masked)") }
        try registry.noteRead(of: person.family, as: reach)
        try Output(common).print(
            ExplanationReport(explanation, language: language.rawValue), explanation.text(language.rawValue))
    }
}

/// An explanation as `--json` gives it, in one language.
private struct ExplanationReport: Encodable {
    struct Fact: Encodable {
        let attribute: String
        let member: String?
        let value: String?
        let source: String?
        let agency: String?
        let batch: Int64?
        let line: Int64?
        let day: String?
        let trust: Trust?
    }

    struct Trust: Encodable {
        let place: Int
        let sources: Int
        let days: Int
        let freshnessDays: Int64
    }

    struct Change: Encodable {
        struct Step: Encodable {
            let attribute: String
            let member: String?
            let from: String?
            let to: String
            let can: String
        }

        let words: String
        let becomes: String?
        let comesForward: Bool
        let steps: [Step]
        let mend: [String]
    }

    struct Reason: Encodable {
        let rule: String
        let finding: String
        let words: String
        let change: String?
        let legal: String
        let official: Bool
        let evidence: [Fact]
    }

    struct Notice: Encodable {
        let name: String
        let kind: String
        let causes: [String]
        let effective: String?
        let words: String
        let answer: String?
        let actions: [[String: String]]
    }

    struct Past: Encodable {
        let run: Int64
        let day: String
        let outcome: String
        let failed: [String]
        let keeps: String?
        let watched: String
    }

    struct Part: Encodable {
        let label: String
        let member: String?
        let amount: Int64
    }

    let programme: String
    let version: String
    let run: Int64
    let day: String
    let outcome: String
    let headline: String
    let rank: Int?
    let quota: Int64
    let amount: Int64
    let parts: [Part]
    let reasons: [Reason]
    let missing: [Fact]
    let nearest: [Change]
    let waiting: Int?
    let keeps: String?
    let notice: Notice?
    let next: String?
    let confirmed: Bool
    let history: [Past]

    init(_ explanation: Explanation, language: String) {
        func member(_ index: Int?) -> String? { index.map { explanation.members[$0] } }
        func fact(_ fact: Explanation.Fact) -> Fact {
            Fact(
                attribute: fact.label(language), member: member(fact.member), value: fact.value?(language),
                source: fact.evidence?.source, agency: fact.agency?(language), batch: fact.evidence?.batch,
                line: fact.evidence?.line, day: fact.evidence?.day.description,
                trust: fact.trust.map {
                    Trust(place: $0.place, sources: $0.sources, days: $0.days, freshnessDays: $0.freshnessDays)
                })
        }
        programme = explanation.programme.name
        version = explanation.programme.version
        run = explanation.assessment.assessment
        day = explanation.assessment.day.description
        outcome = explanation.determination.standing.rawValue
        headline = explanation.headline(language)
        rank = explanation.determination.rank
        quota = explanation.assessment.quota
        amount = explanation.determination.amount
        parts = explanation.parts.map {
            Part(label: $0.label(language), member: member($0.member), amount: $0.amount)
        }
        reasons = explanation.reasons.map { reason in
            Reason(
                rule: reason.rule, finding: reason.finding.rawValue, words: reason.words(language),
                change: reason.finding == .met ? nil : reason.change(language), legal: reason.legal(language),
                official: reason.isOfficial, evidence: reason.facts.map(fact))
        }
        missing = explanation.missing.map(fact)
        nearest = explanation.nearest.map { change in
            let outcome: String? = if case .outcome(let outcome) = change.effect { outcome.rawValue } else { nil }
            return Change(
                words: change.text(language, members: explanation.members), becomes: outcome,
                comesForward: change.effect == .comesForward,
                steps: change.steps.map { step in
                    Change.Step(
                        attribute: step.attribute.name, member: member(step.member),
                        from: step.from?.description, to: step.to.description, can: step.attribute.can.rawValue)
                },
                mend: change.mend(language))
        }
        waiting = explanation.determination.waiting
        keeps = explanation.determination.keeps?.rawValue
        let words = explanation.notice(language)
        notice = explanation.determination.notice.map { notice in
            Notice(
                name: "\(NoticeName(arose: notice.arose, family: explanation.determination.family))",
                kind: notice.kind.rawValue, causes: notice.causes.map(\.description),
                effective: explanation.noticeEffective?.description,
                words: ([words?.headline].compactMap(\.self) + (words?.changes ?? [])).joined(separator: " "),
                answer: words?.answer,
                actions: explanation.noticeActions.map {
                    ["action": $0.kind.rawValue, "recorded": "\($0.recorded)", "words": $0.words]
                })
        }
        next = explanation.next?(language)
        confirmed = explanation.isConfirmed
        history = explanation.history.map {
            Past(
                run: $0.assessment, day: $0.day.description, outcome: $0.standing.rawValue, failed: $0.failed,
                keeps: $0.keeps?.rawValue, watched: $0.watched)
        }
    }
}

struct Cel: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Evaluate expressions of the Common Expression Language.",
        discussion: """
            Each line is a JSON object with expr, and bindings, check and container where needed, in the typed form of \
            cel-spec's conformance cases; each answer is {"value":…}, {"unknown":[…]} or {"error":"…"} with the place.
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: "A file of such lines; standard input if not given.")
    var batch: String?

    func run() throws {
        if let batch {
            guard let text = try? String(contentsOfFile: batch, encoding: .utf8) else {
                throw RegistryError.file(path: batch, reason: "cannot be read as UTF-8 text")
            }
            // Only line feeds end a line: JSON may hold Unicode's other line ends as they are.
            for line in text.unicodeScalars.split(separator: "\n") where line.first != "\r" {
                print(CELBatch.answer(line: String(line)))
            }
        } else {
            while let line = readLine() {
                if line.isEmpty { continue }
                print(CELBatch.answer(line: line))
                // Whoever asks through a pipe may wait for the answer before asking on.
                fflush(nil)
            }
        }
    }
}
