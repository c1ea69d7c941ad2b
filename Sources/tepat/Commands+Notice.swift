import ArgumentParser
import Eligibility
import Foundation
import Journal
import Registry

struct NoticeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notice",
        abstract: "What families are told before they lose a place, and what they answer.",
        discussion: """
            A family that received loses its place only after a notice was given to it and the programme's period is over, \
            and not while its answer waits for a decision. What is done here counts in the next assessment.
            """,
        subcommands: [List.self, Give.self, Answer.self, Settle.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the notices of a programme's last assessment, by village.")

        @OptionGroup var common: CommonOptions

        @Argument(help: "The programme, such as pkh.")
        var programme: String

        @Option(
            help: "Write one line for each family to this CSV file: for those who carry the notices to their doors.")
        var output: String?

        func run() throws {
            let registry = try common.registry()
            let (assessment, notices) = try registry.notices(of: programme)
            if let output { try NoticeFile.write(notices, to: output, registry: registry, assessment: assessment) }
            let report = NoticeReport(assessment, notices)
            try Output(common).print(report, report.text)
        }
    }

    struct Give: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Note that the notices that nobody was given yet are given: their period begins.")

        @OptionGroup var common: CommonOptions

        @Argument(help: "The programme, such as pkh.")
        var programme: String

        @Option(help: "The day on which families are told (YYYY-MM-DD); today if not given.")
        var day: DateArgument?

        func run() throws {
            let registry = try common.registry()
            let day = day?.date ?? registry.clock.now.date(hoursEast: registry.pack.hoursEast)
            let arose = try registry.giveNotices(programme, on: day)
            struct Report: Encodable {
                let programme: String
                let day: String
                let assessments: [Int64]
            }
            try Output(common).print(
                Report(programme: programme, day: day.description, assessments: arose),
                "the notices of \(programme) that arose in assessment "
                    + arose.map(String.init).joined(separator: ", ") + " are given on \(day)")
        }
    }

    /// One family's notice.
    struct Whose: ParsableArguments {
        @OptionGroup var common: CommonOptions

        @Argument(help: "The programme, such as pkh.")
        var programme: String

        @Option(help: "The NIK of a member.")
        var nik: String

        /// The registry, and the family in it.
        func family() throws -> (Registry, Int64) {
            let registry = try common.registry()
            return (registry, try registry.family(ofMember: nik))
        }
    }

    struct Answer: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Note a family's answer: it keeps its place until somebody has decided.")

        @OptionGroup var whose: Whose

        @Option(help: "What the family says.")
        var words: String

        func run() throws {
            let (registry, family) = try whose.family()
            try registry.answerNotice(whose.programme, family: family, words: words)
            try Output(whose.common).print(
                ["noted": "answered"], "the answer is noted; the family keeps its place until it is settled")
        }
    }

    struct Settle: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Note that a family's answer does not change its notice, and why.",
            discussion: """
                An answer that is right is not settled: the data is put right where it is kept, and the next assessment \
                finds nothing to tell.
                """)

        @OptionGroup var whose: Whose

        @Option(help: "Why, in words that the family reads.")
        var reason: String

        func run() throws {
            let (registry, family) = try whose.family()
            try registry.settleNotice(whose.programme, family: family, reason: reason)
            try Output(whose.common).print(
                ["noted": "settled"], "the decision is noted; the notice's period counts again")
        }
    }
}

extension Registry {
    /// The family in the population register of a person, by a NIK given on the command line.
    fileprivate func family(ofMember nik: String) throws -> Int64 {
        let number: NIK
        switch NIK.assess(nik, madeUp: pack.acceptsMadeUp) {
        case .valid(let valid), .suspicious(let valid, _): number = valid
        case .invalid(let flaw): throw InputError("--nik: \(flaw)")
        }
        guard let person = try person(nik: number, in: try Knowledge(of: self), as: wholeReach("tepat notice")) else {
            throw InputError("nobody in the population register has the NIK \(number.masked)")
        }
        return person.family
    }
}

/// The notices of an assessment, counted.
private struct NoticeReport: Encodable {
    struct Village: Encodable {
        let village: String
        let losses: Int
        let changes: Int
    }

    let programme: String
    let run: Int64
    let losses: Int
    let notGiven: Int
    let running: Int
    let answered: Int
    let effective: Int
    let changes: Int
    let keptForALook: Int
    let villages: [Village]

    init(_ assessment: Assessment, _ notices: Notices) {
        programme = assessment.programme
        run = assessment.assessment
        losses = notices.losses.count
        notGiven = notices.losses.count { $0.stage == .notGiven }
        running = notices.losses.count { $0.stage == .running }
        answered = notices.losses.count { $0.stage == .answered }
        effective = notices.losses.count { $0.stage == .effective }
        changes = notices.changes.count
        keptForALook = notices.keptForALook
        var counts: [RegionCode: (Int, Int)] = [:]
        for notice in notices.losses { counts[notice.village, default: (0, 0)].0 += 1 }
        for notice in notices.changes { counts[notice.village, default: (0, 0)].1 += 1 }
        villages = counts.sorted { $0.key < $1.key }.map {
            Village(village: $0.key.text, losses: $0.value.0, changes: $0.value.1)
        }
    }

    var text: String {
        """
        \(programme), assessment \(run): \(losses) families lose their place or are told that they will
          \(notGiven) not told yet, \(running) within the period, \(answered) with an answer to decide on, \
        \(effective) in effect
          \(keptForALook) keep their place until somebody has looked
          \(changes) are told of another change
        """
    }
}

/// The file for those who carry notices to their doors.
private enum NoticeFile {
    private static func quoted(_ field: String) -> String {
        guard field.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return field }
        return "\"" + field.replacing("\"", with: "\"\"") + "\""
    }

    static func write(
        _ notices: Notices, to path: String, registry: Registry, assessment: Assessment
    ) throws {
        let explainer = try Explainer(assessment, in: registry)
        let reach = registry.wholeReach("tepat notice list")
        var text = "notice,village,village_name,head,members,kind,stage,effective,told\n"
        let names = Dictionary(
            uniqueKeysWithValues: registry.pack.villages.map { ($0.code, $0.name) })
        for notice in notices.losses + notices.changes {
            guard let words = try explainer.explain(notice.name.family, as: reach)?.notice("id"),
                let household = try registry.household(notice.name.family, in: explainer.knowledge, as: reach)
            else { continue }
            let fields = [
                notice.name.description, notice.village.text, names[notice.village] ?? "", household.head,
                String(household.members),
                notice.kind.rawValue, notice.stage.rawValue, notice.effective?.description ?? "",
                ([words.headline] + words.changes + [words.state, words.answer].compactMap(\.self)).joined(
                    separator: " "),
            ]
            text += fields.map(quoted).joined(separator: ",") + "\n"
        }
        do { try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
            throw RegistryError.file(path: path, reason: "cannot be written: \(error.localizedDescription)")
        }
    }
}
