import ArgumentParser
import Eligibility
import Foundation
import Registry

struct ReviewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review",
        abstract: "Look at rows that may speak of somebody, and say whether they do.",
        discussion: """
            What is answered here takes effect with the next tepat link. Nothing is ever changed: an answer is undone by \
            another one, and both stay in the journal.
            """,
        subcommands: [List.self, Show.self, Answer.self, Undo.self])

    /// A row named `BATCH:LINE`.
    struct PlaceArgument: ExpressibleByArgument {
        let place: RowPlace

        init?(argument: String) {
            guard let place = RowPlace(argument) else { return nil }
            self.place = place
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the rows that wait for review, what would change most money first.")

        @OptionGroup var common: CommonOptions

        @Option(help: "Only rows of this source.")
        var source: String?

        @Option(help: "Show at most this many rows.")
        var limit = 100

        @Flag(help: "Do not work out anew what hangs on each row.")
        var asWeighed = false

        func validate() throws { try CommonOptions.check(limit: limit) }

        private struct Row: Encodable {
            let row: String
            let source: String
            let person: Int64
            let probability: Double
            let rupiahAYear: Int64
            let answeredBy: [String]
        }

        private struct Report: Encodable {
            let waiting: Int
            let decided: Int
            let rows: [Row]
        }

        func run() throws {
            let registry = try common.registry()
            if let source { _ = try registry.pack.source(source) }
            if !asWeighed {
                try ProgressBar.run("Weighing") { show in _ = try registry.valueReviews(progress: show) }
            }
            let counts = try registry.reviewCounts()
            let rows = try registry.reviewQueue(
                as: registry.wholeReach("tepat review list"), source: source, limit: limit
            ).map {
                Row(
                    row: $0.place.description, source: $0.source, person: $0.person, probability: $0.probability,
                    rupiahAYear: $0.rupiah, answeredBy: $0.actors)
            }
            var lines = [
                "\(counts.waiting) rows wait for review; \(counts.decided) of them are decided and wait for tepat link"
            ]
            lines += rows.map {
                "  \($0.row) \($0.source): person \($0.person), \(String(format: "%.1f %%", $0.probability * 100)), "
                    + "\(Rupiah($0.rupiahAYear)) a year"
            }
            try Output(common).print(
                Report(waiting: counts.waiting, decided: counts.decided, rows: rows), lines.joined(separator: "\n"))
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Show a row beside the persons it resembles: what agrees, what each field weighs, and what followed.")

        @OptionGroup var common: CommonOptions

        @Argument(help: "The row, BATCH:LINE as tepat review list shows it.")
        var row: PlaceArgument

        private struct Field: Encodable {
            let field: String
            let level: String?
            let weight: Double
        }

        private struct Candidate: Encodable {
            let person: Int64
            let family: Int64
            let values: [String: String]
            let weight: Double?
            let probability: Double?
            let fields: [Field]
        }

        private struct Decision: Encodable {
            let decision: Int64
            let by: String
            let person: Int64
            let answer: String
            let note: String
            let undoes: Int64?
        }

        private struct Report: Encodable {
            let row: String
            let source: String
            let ground: String
            let sinceRun: Int64
            let modelOfRun: Int64?
            let person: Int64?
            let values: [String: String]
            let evidence: [String: String]
            let candidates: [Candidate]
            let decisions: [Decision]
            let followed: [ConsequenceReport]
        }

        func run() throws {
            let registry = try common.registry()
            let reach = registry.wholeReach("tepat review show")
            let found = try registry.reviewCase(row.place, as: reach)
            for candidate in found.candidates {
                try registry.noteRead(
                    of: candidate.family, as: reach, detail: "row \(row.place) beside person \(candidate.person)")
            }
            func values(_ values: [String?]) -> [String: String] {
                Dictionary(
                    uniqueKeysWithValues: zip(found.fields, values).compactMap { name, value in value.map { (name, $0) }
                    })
            }
            let followed = try registry.consequences(of: row.place).map { ConsequenceReport($0) }
            let report = Report(
                row: row.place.description, source: found.source.name, ground: found.ground.rawValue,
                sinceRun: found.since, modelOfRun: found.model, person: found.person, values: values(found.values),
                evidence: Dictionary(found.evidence.map { ($0.field, $0.value) }) { first, _ in first },
                candidates: found.candidates.map { candidate in
                    Candidate(
                        person: candidate.person, family: candidate.family, values: values(candidate.values),
                        weight: candidate.weight.isFinite ? candidate.weight : nil,
                        probability: candidate.probability.isFinite ? candidate.probability : nil,
                        fields: candidate.compared.map { Field(field: $0.field, level: $0.level, weight: $0.weight) })
                },
                decisions: found.decisions.map {
                    Decision(
                        decision: $0.decision, by: $0.actor, person: $0.person, answer: $0.answer.rawValue,
                        note: $0.note, undoes: $0.undoes)
                }, followed: followed)
            try Output(common).print(report, Self.text(found, followed))
        }

        private static func text(_ found: ReviewCase, _ followed: [ConsequenceReport]) -> String {
            var lines = [
                "row \(found.place) of \(found.source.name), delivered \(found.delivered): \(found.ground.rawValue) since run \(found.since)"
            ]
            for (field, value) in zip(found.fields, found.values) { lines.append("  \(field): \(value ?? "–")") }
            lines += found.evidence.map { "  \($0.field): \($0.value)" }
            for candidate in found.candidates {
                let likely =
                    candidate.probability.isFinite ? String(format: ", %.2f %%", candidate.probability * 100) : ""
                lines.append("person \(candidate.person) of family \(candidate.family)\(likely)")
                for (field, value) in zip(found.fields, candidate.values) {
                    lines.append("  \(field): \(value ?? "–")")
                }
                for field in candidate.compared where field.level != nil || field.field == "rarity" {
                    lines.append(
                        "    " + String(format: "%+6.1f", field.weight) + "  \(field.field)"
                            + (field.level.map { ": \($0)" } ?? ": how rare it is what they share"))
                }
            }
            lines += found.decisions.map {
                "decision \($0.decision) by \($0.actor): "
                    + ($0.undoes.map { "decision \($0) undone" } ?? "person \($0.person), \($0.answer.rawValue)")
                    + ($0.note.isEmpty ? "" : " (\($0.note))")
            }
            lines += followed.map(\.text)
            return lines.joined(separator: "\n")
        }
    }

    /// What followed from a link.
    struct ConsequenceReport: Encodable {
        let assessment: Int64
        let programme: String
        let family: Int64
        let outcome: String
        let amount: Int64
        let outcomeWithout: String
        let amountWithout: Int64
        let standing: String
        let isDifferent: Bool

        init(_ consequence: LinkConsequence) {
            assessment = consequence.assessment
            programme = consequence.programme
            family = consequence.family
            outcome = consequence.outcome.rawValue
            amount = consequence.amount
            outcomeWithout = consequence.outcomeWithout.rawValue
            amountWithout = consequence.amountWithout
            standing = consequence.standing.rawValue
            isDifferent = consequence.isDifferent
        }

        var text: String {
            let head = "followed: assessment \(assessment) of \(programme) found family \(family) \(standing)"
            guard isDifferent else { return head + "; the row made no difference" }
            return head
                + "; with the row \(outcome), \(Rupiah(amount)) each period; without it \(outcomeWithout), \(Rupiah(amountWithout))"
        }
    }

    struct Answer: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say whether a row speaks of a person: same, not or unsure.")

        @OptionGroup var common: CommonOptions

        @Argument(help: "The row, BATCH:LINE as tepat review list shows it.")
        var row: PlaceArgument

        @Argument(help: "same, not or unsure.")
        var answer: AnswerArgument

        @Option(help: "The person; the likeliest one if not given.")
        var person: Int64?

        @Option(help: "Why, in a few words.")
        var note = ""

        private struct Report: Encodable {
            let decision: Int64
            let row: String
            let person: Int64
            let answer: String
            let isDecided: Bool
        }

        func run() throws {
            let registry = try common.registry()
            let reach = registry.wholeReach("tepat review answer")
            let found = try registry.reviewCase(row.place, as: reach)
            // Whose entry a row of the register is, nobody asks.
            let linked = found.ground == .register ? nil : found.person
            guard let person = person ?? linked ?? found.candidates.first?.person else {
                throw InputError("row \(row.place) resembles nobody: name a person with --person")
            }
            let decision = try registry.answerReview(
                row.place, person: person, answer.answer, note: note, as: reach)
            let verdict = try Verdict(registry.decisions(about: row.place))
            try Output(common).print(
                Report(
                    decision: decision, row: row.place.description, person: person, answer: answer.answer.rawValue,
                    isDecided: !verdict.isOpen),
                "decision \(decision): row \(row.place), person \(person), \(answer.answer.rawValue). "
                    + (verdict.isOpen
                        ? "Somebody else must look too: unsure, divided, or drawn for a second opinion."
                        : "It takes effect with the next tepat link."))
        }
    }

    /// An answer given on the command line.
    struct AnswerArgument: ExpressibleByArgument {
        let answer: ReviewAnswer

        init?(argument: String) {
            guard let answer = ReviewAnswer(rawValue: argument) else { return nil }
            self.answer = answer
        }

        static var allValueStrings: [String] { ReviewAnswer.allCases.map(\.rawValue) }
    }

    struct Undo: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Undo a decision, and tell what had followed from it.")

        @OptionGroup var common: CommonOptions

        @Argument(help: "The decision's number, as tepat review show tells it.")
        var decision: Int64

        @Option(help: "Why.")
        var reason: String

        private struct Report: Encodable {
            let undone: Int64
            let row: String
            let person: Int64
            let followed: [ConsequenceReport]
        }

        func run() throws {
            let registry = try common.registry()
            let undone = try registry.undoReview(
                decision, note: reason, as: registry.wholeReach("tepat review undo"))
            let place = RowPlace(batch: undone.batch, line: undone.line)
            let followed = try registry.consequences(of: place).map { ConsequenceReport($0) }
            var lines = [
                "decision \(decision) (row \(place), person \(undone.person), \(undone.answer.rawValue)) is undone; "
                    + "with the next tepat link the row is what it was without it, and so is what both families are due."
            ]
            lines += followed.map(\.text)
            if followed.contains(where: \.isDifferent) {
                lines.append("Assess again after linking, and look at what was paid meanwhile.")
            }
            try Output(common).print(
                Report(undone: decision, row: place.description, person: undone.person, followed: followed),
                lines.joined(separator: "\n"))
        }
    }
}
