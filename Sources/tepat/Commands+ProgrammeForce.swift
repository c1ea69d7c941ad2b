import ArgumentParser
import Eligibility
import Journal
import Registry

extension ProgrammeCommand {
    struct Apply: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put a version in force: it takes its place after the version before it, which ends then.",
            discussion: """
                Look at it with lint, test, docs and what-if first. Its examples must come out as they say. Assessments for a \
                day from its first one on follow it; those that were made stay as they are.
                """)

        @OptionGroup var common: CommonOptions

        @Argument(help: "The version's file.")
        var file: String

        @Option(help: "Why, such as the decree's number; the journal keeps it.")
        var reason: String

        func run() throws {
            let registry = try common.registry()
            let force = try registry.apply(programme: file, reason: reason, library: common.library())
            let report = ForceReport(force)
            try Output(common).print(
                report,
                "\(report.programme) \(report.version) holds from \(report.from)"
                    + (report.previous.map { "; \($0) until \(report.previousUntil ?? "then")" } ?? "")
                    + ": \(force.file)"
            )
        }
    }

    struct Rollback: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take back the version that was put in force last, where no assessment has followed it.")

        @OptionGroup var common: CommonOptions

        @Argument(help: "The programme, such as pkh.")
        var programme: String

        @Option(help: "Why; the journal keeps it.")
        var reason: String

        func run() throws {
            let registry = try common.registry()
            let force = try registry.rollBack(programme: programme, reason: reason, library: common.library())
            let report = ForceReport(force)
            try Output(common).print(
                report,
                "\(report.programme) \(report.version) was taken back; \(report.previous ?? "none") holds without an end"
            )
        }
    }

    private struct ForceReport: Encodable {
        let programme: String
        let version: String
        let from: String
        let digest: String
        let file: String
        let previous: String?
        let previousUntil: String?

        init(_ force: ProgrammeForce) {
            programme = force.programme.name
            version = force.programme.version
            from = force.programme.from.description
            digest = force.programme.digest.hexadecimal
            file = force.file
            previous = force.previous?.version
            previousUntil = force.previous?.until?.description
        }
    }
}
