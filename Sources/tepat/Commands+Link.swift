import ArgumentParser
import Eligibility
import Foundation
import Journal
import Registry

struct Link: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "link",
        abstract: "Build persons and families, and link the rows of all sources that speak of them.",
        subcommands: [Run.self, Arrivals.self, Evaluate.self, Lists.self, Households.self], defaultSubcommand: Run.self)

    struct Run: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Build persons and families, and link the rows of all sources that speak of them.",
            discussion: """
                A row is linked where its NIK or family number and its name agree with the population register, where all it \
                says together is as good as certain, or where somebody in review has said so. What is likely but not certain \
                waits for review.
                """)

        @OptionGroup var common: CommonOptions

        struct Report: Encodable {
            let run: Int64
            let persons: Int
            let families: Int
            let linked: Int
            let unlinked: Int
            let sharedNiks: Int
            let secondEntries: Int
            let sharedCards: Int
            let grounds: [String: Int]
            let sources: [Source]
        }

        struct Source: Encodable {
            let source: String
            /// Null where no link by likeness is taken.
            let threshold: Double?
            let hidden: Int
            let hiddenLinked: Int
            let hiddenRight: Int
            let reviewed: Int
            let listed: Double
        }

        func run() throws {
            let (report, text) = try Self.link(try common.registry())
            try Output(common).print(report, text)
        }

        /// Links, and tells how it went.
        static func link(_ registry: Registry) throws -> (report: Report, text: String) {
            let summary = try ProgressBar.run("Linking") { try registry.link(progress: $0) }
            // What is learnt of the register is of its second entries: no row of it is linked by likeness.
            let sources = try registry.linkLessons(of: summary.run).filter { $0.hidden > 0 }.map {
                Source(
                    source: $0.source, threshold: $0.threshold > 1 ? nil : $0.threshold, hidden: $0.hidden,
                    hiddenLinked: $0.linked, hiddenRight: $0.right, reviewed: $0.reviewed, listed: $0.listed)
            }
            return (
                Report(
                    run: summary.run, persons: summary.persons, families: summary.families, linked: summary.linked,
                    unlinked: summary.unlinked, sharedNiks: summary.sharedNIKs, secondEntries: summary.secondEntries,
                    sharedCards: summary.sharedCards,
                    grounds: counts(summary.grounds),
                    sources: sources),
                """
                \(summary.persons) persons in \(summary.families) families; \(summary.linked) rows linked, \
                \(summary.unlinked) waiting\(waiting(summary.grounds)).
                """ + Self.text(sources, summary)
                    + (summary.sharedNIKs == 0
                        ? ""
                        : "\n\(summary.sharedNIKs) NIKs are borne by two people: see tepat waiting --ground nik_shared, and tell Dukcapil.")
                    + (summary.secondEntries == 0
                        ? ""
                        : "\n\(summary.secondEntries) entries seem to be the second one of somebody with two NIKs: see tepat review list --source dukcapil.")
                    + (summary.sharedCards == 0
                        ? ""
                        : "\n\(summary.sharedCards) cards seem to be a second one of a household: see tepat link households, and tell Dukcapil.")
            )
        }

        private static func text(_ sources: [Source], _ summary: LinkSummary) -> String {
            guard !sources.isEmpty else { return "" }
            let likely = summary.grounds[.likeness] ?? 0
            var lines = [
                "\n\(likely) rows are linked by likeness. Of rows whose NIK was hidden, each source's threshold links:"
            ]
            for source in sources.sorted(by: { $0.source < $1.source }) {
                guard let threshold = source.threshold else {
                    lines.append("  \(source.source): none, what is likely goes to review")
                    continue
                }
                lines.append(
                    "  \(source.source): from \(threshold) on, \(source.hiddenLinked) of \(source.hidden), "
                        + "\(source.hiddenRight) of them rightly")
            }
            return lines.joined(separator: "\n")
        }
    }

    struct Arrivals: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Link only the rows that have been delivered since the last run.",
            discussion: """
                They are decided as tepat link would, by what its last run learnt. What they change for other rows waits for the \
                next tepat link, which decides all anew. Where the population register or moves were delivered, only tepat link \
                will do.
                """)

        @OptionGroup var common: CommonOptions

        struct Report: Encodable {
            let run: Int64
            let batches: [Int64]
            let linked: Int
            let unlinked: Int
            let ended: Int
            let notWeighed: Int
            let grounds: [String: Int]
        }

        func run() throws {
            switch try Self.link(try common.registry()) {
            case .linked(let summary):
                let (report, text) = Self.report(summary)
                try Output(common).print(report, text)
            case .needsWholeRun(let reason):
                throw RegistryError.notReady("the new rows cannot be linked by themselves: \(reason); run tepat link")
            }
        }

        static func link(_ registry: Registry) throws -> ArrivalResult {
            try ProgressBar.run("Linking") { try registry.linkArrivals(progress: $0) }
        }

        /// How it went.
        static func report(_ summary: ArrivalSummary) -> (report: Report, text: String) {
            let report = Report(
                run: summary.run, batches: summary.batches, linked: summary.linked, unlinked: summary.unlinked,
                ended: summary.ended, notWeighed: summary.notWeighed, grounds: counts(summary.grounds))
            guard !summary.batches.isEmpty else {
                return (report, "Nothing has been delivered since run \(summary.run).")
            }
            let replaced = summary.ended == 0 ? "" : "\n\(summary.ended) rows that they replace are linked no more."
            let unknown =
                summary.notWeighed == 0
                ? ""
                : "\n\(summary.notWeighed) of those waiting are of a source of which nothing was learnt yet: tepat link weighs them."
            return (
                report,
                "Of the new rows \(summary.linked) are linked, \(summary.unlinked) waiting\(waiting(summary.grounds))."
                    + replaced + unknown
            )
        }
    }

    /// Counts by the words of their reasons.
    private static func counts(_ grounds: [Ground: Int]) -> [String: Int] {
        Dictionary(uniqueKeysWithValues: grounds.map { ($0.key.rawValue, $0.value) })
    }

    /// Why rows wait, with how many: empty where none does.
    private static func waiting(_ grounds: [Ground: Int]) -> String {
        let waiting = grounds.filter { !$0.key.isLinked && $0.value > 0 }.sorted { $0.key.rawValue < $1.key.rawValue }
        return (waiting.isEmpty ? "" : ": ") + waiting.map { "\($0.key.rawValue) \($0.value)" }.joined(separator: ", ")
    }

    struct Evaluate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tell how well the last run's links fit a truth.",
            discussion: """
                The truth is a CSV file with source, line, person_id, family_id and faults: the simulator's truth/rows.csv, or \
                rows whose person somebody has verified. Of each source the last delivery counts.
                """)

        @OptionGroup var common: CommonOptions

        @Option(help: "The file of rows whose person is known.")
        var truth: String

        @Option(help: "Write the whole report with the threshold curve to this file as an HTML page.")
        var output: String?

        private struct Count: Encodable {
            let right: Int
            let sameFamily: Int
            let wrong: Int
            let inReview: Int
            let missed: Int
            let unlisted: Int
            let precision: Double
            let recall: Double
            let f1: Double

            init(_ count: LinkEvaluation.Count) {
                right = count.right
                sameFamily = count.sameFamily
                wrong = count.wrong
                inReview = count.inReview
                missed = count.missed
                unlisted = count.unlisted
                precision = count.precision
                recall = count.recall
                f1 = count.f1
            }
        }

        private struct Report: Encodable {
            struct Point: Encodable {
                let threshold: Double
                let precision: Double
                let recall: Double
            }
            struct Doubles: Encodable {
                let there: Int
                let shown: Int
                let right: Int
                let precision: Double
                let recall: Double

                init(_ doubles: LinkEvaluation.Doubles) {
                    there = doubles.there
                    shown = doubles.shown
                    right = doubles.right
                    precision = doubles.precision
                    recall = doubles.recall
                }
            }
            struct Cluster: Encodable {
                let precision: Double
                let recall: Double
                let f1: Double
            }

            let run: Int64
            let pair: Count
            let cluster: Cluster
            let secondEntries: Doubles
            let cardsWithoutHead: Doubles
            let cardsWithHead: Doubles
            let sources: [String: Count]
            let grounds: [String: Count]
            let faults: [String: Count]
            let curve: [Point]
        }

        func run() throws {
            let registry = try common.registry()
            let evaluation = try LinkEvaluation(of: registry, truth: truth)
            if let output {
                do { try LinkReport(evaluation).page.write(to: URL(fileURLWithPath: output), options: .atomic) } catch {
                    throw RegistryError.file(path: output, reason: "cannot be written: \(error.localizedDescription)")
                }
            }
            let report = Report(
                run: evaluation.run, pair: Count(evaluation.all),
                cluster: .init(
                    precision: evaluation.clusterPrecision, recall: evaluation.clusterRecall,
                    f1: evaluation.clusterF1),
                secondEntries: .init(evaluation.secondEntries),
                cardsWithoutHead: .init(evaluation.sharedCards.headless),
                cardsWithHead: .init(evaluation.sharedCards.headed),
                sources: evaluation.sources.mapValues { Count($0) },
                grounds: Dictionary(
                    uniqueKeysWithValues: evaluation.grounds.map { ($0.key.rawValue, Count($0.value)) }),
                faults: evaluation.faults.mapValues { Count($0) },
                curve: evaluation.curve.map {
                    .init(threshold: $0.threshold, precision: $0.precision, recall: $0.recall)
                })
            try Output(common).print(report, Self.text(evaluation))
        }

        private static func text(_ evaluation: LinkEvaluation) -> String {
            func percent(_ share: Double) -> String { String(format: "%.2f %%", share * 100) }
            func line(_ name: String, _ count: LinkEvaluation.Count) -> String {
                "  \(name): \(count.right) right, \(count.sameFamily) same family, \(count.wrong) wrong, "
                    + "\(count.inReview) in review, \(count.missed) missed, \(count.unlisted) not listed; "
                    + "precision \(percent(count.precision)), recall \(percent(count.recall))"
            }
            var lines = [
                "run \(evaluation.run): by pair precision \(percent(evaluation.all.precision)), recall "
                    + "\(percent(evaluation.all.recall)), F1 \(percent(evaluation.all.f1))",
                "by family with all its rows: precision \(percent(evaluation.clusterPrecision)), recall "
                    + "\(percent(evaluation.clusterRecall)), F1 \(percent(evaluation.clusterF1))",
            ]
            func doubles(_ name: String, _ doubles: LinkEvaluation.Doubles) -> String {
                "\(name): \(doubles.right) of \(doubles.there) shown (recall \(percent(doubles.recall))), "
                    + "\(doubles.shown - doubles.right) others with them (precision \(percent(doubles.precision)))"
            }
            lines.append(doubles("second entries of persons in the register", evaluation.secondEntries))
            lines.append(doubles("second cards of families, without a head", evaluation.sharedCards.headless))
            lines.append(doubles("second cards of families, with a head", evaluation.sharedCards.headed))
            lines.append("by source")
            lines += evaluation.sources.sorted { $0.key < $1.key }.map { line($0.key, $0.value) }
            lines.append("by ground")
            lines += evaluation.grounds.sorted { $0.key.rawValue < $1.key.rawValue }.map {
                line($0.key.rawValue, $0.value)
            }
            lines.append("by fault")
            lines += evaluation.faults.sorted { $0.key < $1.key }.map { line($0.key, $0.value) }
            return lines.joined(separator: "\n")
        }
    }

    struct Households: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Show family cards whose people are all known on another family's card, with what hangs on it.",
            discussion: """
                It decides nothing: whose card is whose is Dukcapil's to say. A card without a head is probably what is left of \
                an old one; people on a card with a head may have set up house by themselves since the agencies asked.
                """)

        @OptionGroup var common: CommonOptions

        @Option(help: "Show at most this many cards.")
        var limit = 20

        @Option(
            help:
                "Write one line for each card to this CSV file: family, other, village, members, has_head, apart, together."
        )
        var output: String?

        func validate() throws { try CommonOptions.check(limit: limit) }

        private struct Row: Encodable {
            let family: Int64
            let other: Int64
            let village: String
            let members: Int
            let hasHead: Bool
            let apart: Int64
            let together: Int64
        }

        private struct Report: Encodable {
            let cards: Int
            let withoutHead: Int
            let apart: Int64
            let together: Int64
            let rows: [Row]
        }

        func run() throws {
            let registry = try common.registry()
            let values = try ProgressBar.run("Weighing") { try registry.valueSharedCards(progress: $0) }
            let rows = values.map {
                Row(
                    family: $0.card.family, other: $0.card.other, village: $0.village.text, members: $0.card.members,
                    hasHead: $0.card.hasHead, apart: $0.apart, together: $0.together)
            }
            if let output { try Self.write(rows, to: output) }
            let headless = rows.filter { !$0.hasHead }.count
            let apart = rows.reduce(0) { $0 + $1.apart }
            let together = rows.reduce(0) { $0 + $1.together }
            var lines = [
                "\(rows.count) cards seem to be a second one of a household, \(headless) of them without a head; by the rules "
                    + "their families could get \(Rupiah(apart)) a year apart, \(Rupiah(together)) together"
            ]
            lines += rows.prefix(limit).map {
                "  family \($0.family) of \($0.members) in \($0.village), known with family \($0.other)"
                    + ($0.hasHead ? "" : ", no head")
                    + ": \(Rupiah($0.apart)) a year apart, \(Rupiah($0.together)) together"
            }
            try Output(common).print(
                Report(
                    cards: rows.count, withoutHead: headless, apart: apart, together: together,
                    rows: Array(rows.prefix(limit))), lines.joined(separator: "\n"))
        }

        private static func write(_ rows: [Row], to path: String) throws {
            var text = "family,other,village,members,has_head,apart,together\n"
            for row in rows {
                text +=
                    "\(row.family),\(row.other),\(row.village),\(row.members),\(row.hasHead),\(row.apart),\(row.together)\n"
            }
            do { try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
                throw RegistryError.file(path: path, reason: "cannot be written: \(error.localizedDescription)")
            }
        }
    }

    struct Lists: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Show the dead, the doubled and those who left on the lists of earlier recipients, with what each costs.",
            discussion: """
                It tells what to look into, and decides nothing: nobody loses anything by it. A row in review may turn out to \
                be somebody's.
                """)

        @OptionGroup var common: CommonOptions

        @Option(
            help: "Write one line for each finding to this CSV file: source, row, finding, family, other_row, amount.")
        var output: String?

        private struct Sum: Encodable {
            let rows: Int
            let amount: Int64
        }

        private struct List: Encodable {
            let source: String
            let delivered: String
            let rows: Int
            let amount: Int64
            let findings: [String: Sum]
        }

        private struct Report: Encodable { let lists: [List] }

        func run() throws {
            let lists = try common.registry().recipientLists()
            if let output { try Self.write(lists, to: output) }
            let report = Report(
                lists: lists.map { list in
                    List(
                        source: list.source.name, delivered: list.delivered.description, rows: list.rows,
                        amount: list.amount,
                        findings: Dictionary(
                            uniqueKeysWithValues: RecipientFinding.Kind.allCases.map { kind in
                                let sum = list.sum(kind)
                                return (kind.rawValue, Sum(rows: sum.rows, amount: sum.amount))
                            }))
                })
            var lines: [String] = []
            for list in lists {
                lines.append(
                    "\(list.source.title("en")), \(list.delivered): \(list.rows) rows, \(Rupiah(list.amount)) each time"
                )
                lines += RecipientFinding.Kind.allCases.map { kind in
                    let sum = list.sum(kind)
                    return "  \(Self.words(kind)): \(sum.rows), \(Rupiah(sum.amount)) each time"
                }
            }
            try Output(common).print(
                report, lists.isEmpty ? "No source lists earlier recipients." : lines.joined(separator: "\n"))
        }

        private static func words(_ kind: RecipientFinding.Kind) -> String {
            switch kind {
            case .dead: "of persons who have died"
            case .movedOut: "of persons who moved out of the regency"
            case .doubled: "of families that stand on the list before"
            case .notFound: "of nobody whom the register lists"
            case .inReview: "in review"
            }
        }

        private static func write(_ lists: [RecipientList], to path: String) throws {
            var text = "source,row,finding,family,other_row,amount\n"
            for list in lists {
                for finding in list.findings {
                    text += "\(list.source.name),\(finding.place),\(finding.kind.rawValue),"
                    text +=
                        "\(finding.family.map(String.init) ?? ""),\(finding.other?.description ?? ""),\(finding.amount)\n"
                }
            }
            do { try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
                throw RegistryError.file(path: path, reason: "cannot be written: \(error.localizedDescription)")
            }
        }
    }
}
