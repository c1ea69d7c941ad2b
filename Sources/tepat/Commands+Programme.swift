import ArgumentParser
import Eligibility
import Foundation
import Journal
import Registry
import Web

struct ProgrammeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "programme", abstract: "Work on the files of programmes.",
        subcommands: [Test.self, Lint.self, Docs.self, Apply.self, Rollback.self])

    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check programme files: every expression, and that each example comes out as it says.")

        @OptionGroup var common: CommonOptions

        @Argument(help: "Programme files, such as Programmes/pkh/2025.1.yaml.")
        var files: [String]

        private struct Report: Encodable {
            let examples: Int
            let failures: [String]
            let ok: Bool
        }

        func run() throws {
            var failures: [String] = []
            var examples = 0
            for file in files {
                let programme = try Programme.read(file)
                examples += programme.examples.count
                failures += programme.exampleFailures().map { "\(file): \($0)" }
            }
            try Output(common).print(
                Report(examples: examples, failures: failures, ok: failures.isEmpty),
                failures.isEmpty ? "\(examples) examples, all as they say." : failures.joined(separator: "\n"))
            if !failures.isEmpty { throw ExitCode(Failure.inputRefused) }
        }
    }

    struct Lint: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Look through programme files for what reads well and does something else.",
            discussion: """
                Finds rules that never decide or decide nothing of their own, what nothing uses, attributes that no source \
                yields, missing translations and legal sources, rules without an example, amounts out of reach, and \
                versions that overlap or leave a gap. Warnings leave the exit status at 0; an error makes it 65.
                """)

        @OptionGroup var common: CommonOptions

        @Argument(
            help: "Programme files, such as Programmes/pkh/*.yaml; each is compared with the others in its folder.")
        var files: [String]

        private struct Report: Encodable {
            let files: Int
            let errors: Int
            let warnings: Int
            let findings: [LintFinding]
            let ok: Bool
        }

        func run() throws {
            let library = try common.library()
            let packs = try library.regions.map { try library.region($0) }
            let lint = ProgrammeLint(files, packs: packs)
            let errors = lint.findings.count { $0.severity == .error }
            let report = Report(
                files: files.count, errors: errors, warnings: lint.findings.count - errors, findings: lint.findings,
                ok: lint.isSound)
            let sum =
                lint.findings.isEmpty
                ? "\(files.count) files, nothing found." : "\(errors) errors, \(report.warnings) warnings."
            try Output(common).print(
                report, (lint.findings.map(\.description) + [sum]).joined(separator: "\n"))
            if !lint.isSound { throw ExitCode(Failure.inputRefused) }
        }
    }
}

extension ProgrammeCommand {
    struct Docs: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a programme file as a page that a lawyer can sign.",
            discussion: """
                One HTML file that needs nothing else: the rules with their words, conditions and sources, amounts, data, \
                examples with their outcomes, what is different from the version before, and a place for the signature.
                """)

        @OptionGroup var common: CommonOptions

        @Argument(help: "A programme file, such as Programmes/pkh/2025.1.yaml.")
        var file: String

        @Option(help: "The language: id or en; both if not given.")
        var language: Explain.Language?

        @Option(help: "Where to write the page; standard output if not given.")
        var output: String?

        private struct Report: Encodable {
            let programme: String
            let version: String
            let digest: String
            let output: String?
            let bytes: Int
        }

        func validate() throws {
            if common.json, output == nil { throw ValidationError("--json: name a file for the page with --output") }
        }

        func run() throws {
            let programme = try Programme.read(file)
            let library = try common.library()
            let packs = try library.regions.map { try library.region($0) }
            let document = ProgrammeDocument(programme, previous: try Self.previous(programme, file), packs: packs)
            let page = ProgrammePage.html(
                document, languages: language.map { $0 == .en ? [.en] : [.id] } ?? [.id, .en])
            guard let output else {
                FileHandle.standardOutput.write(Data(page.bytes))
                return
            }
            do { try Data(page.bytes).write(to: URL(fileURLWithPath: output)) } catch {
                throw RegistryError.file(path: output, reason: "cannot be written")
            }
            let report = Report(
                programme: programme.name, version: programme.version, digest: programme.digest.hexadecimal,
                output: output, bytes: page.bytes.count)
            try Output(common).print(report, "\(output): \(programme.name) \(programme.version)")
        }

        /// The version in the same folder that began last before this one.
        private static func previous(_ programme: Programme, _ file: String) throws -> Programme? {
            let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            let others = names.filter { $0.hasSuffix(".yaml") }.compactMap {
                try? Programme.read(folder.appendingPathComponent($0).path)
            }
            return others.filter { $0.name == programme.name && $0.from < programme.from }.max { $0.from < $1.from }
        }
    }
}
