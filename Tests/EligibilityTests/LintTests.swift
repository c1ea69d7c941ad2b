import Foundation
import Registry
import TestSupport
import Testing

@testable import Eligibility

@Suite("The linter of programmes")
struct LintTests {
    /// The sample as a file that leaves nothing to find.
    static let clean =
        SmallProgramme.text()
        .replacing("            poor: \"decile <= 2\"\n", with: "")
        .replacing("  family:\n    poor: \"decile <= 2\"\n", with: "")
        .replacing("legal: {id: Tidak ada, en: None}", with: "legal: {id: Keputusan 1, en: Decree 1}")
            + """

            examples:
              - name: a toddler
                family: {decile: 2, cars: 0}
                members: [{age: 3, schooling: never}]
                expect: {outcome: eligible, amount: 100}
              - {name: decile 5, family: {decile: 5, cars: 0}, members: [{age: 3, schooling: never}], expect: {outcome: ineligible}}
              - {name: a car, family: {decile: 2, cars: 1}, members: [{age: 3, schooling: never}], expect: {outcome: undetermined}}
              - {name: nobody, family: {decile: 2, cars: 0}, members: [], expect: {outcome: ineligible}}
            """

    static func lint(_ texts: String...) throws -> [LintFinding] {
        try TestDatabases.useFolder { folder in
            let files = try texts.enumerated().map { number, text in
                let file = folder.appendingPathComponent("\(number).yaml")
                try Data(text.utf8).write(to: file)
                return file.path
            }
            return ProgrammeLint(files, packs: [Fixture.pack]).findings
        }
    }

    @Test("finds nothing in a file that is sound")
    func sound() throws { #expect(try Self.lint(Self.clean).map(\.description) == []) }

    private typealias Fault = (
        from: String, to: String, severity: LintFinding.Severity, check: LintFinding.Check, at: String, says: String
    )

    private static let faults: [Fault] = [
        ("requires: decile <= 4", "requires: decile <= 10", .error, .constant, "decile <= 10", "every family meets"),
        ("requires: decile <= 4", "requires: decile < 1", .error, .constant, "decile < 1", "no family meets"),
        (
            "requires: decile <= 4", "requires: decile <= 4 || decile > 2 && decile < 9 || decile >= 9", .error,
            .constant,
            "decile <= 4 ||", "every family meets"
        ),
        (
            "requires: decile <= 4", "requires: decile <= 4 && decile >= 5", .error, .constant, "decile <= 4 &&",
            "no family meets"
        ),
        ("excludes: cars > 0", "excludes: decile > 6", .warning, .shadowed, "car\n", "fails “decile” too"),
        ("excludes: cars > 0", "excludes: cars / 0 > 0", .error, .fails, "cars / 0", "has no value"),
        (
            "excludes: cars > 0", "excludes: size(members) > 2 && decile > 4", .warning, .shadowed, "car\n",
            "fails “decile” too"
        ),
        (
            "requires: decile <= 4\n    hit: decides", "requires: decile <= 4\n    hit: decides\n    also_fails: [car]",
            .error, .alsoFails, "[car]", "not every family"
        ),
        ("requires: decile <= 4", "requires: cars <= 4", .warning, .noExample, "decile\n    requires", "no example"),
        (
            "pupil: schooling == 'enrolled'", "pupil: schooling == 'enrolled'\n    spare: age > 3", .warning, .unused,
            "age > 3", "remove it"
        ),
        ("member: pupil,", "member: age == 9,", .warning, .unused, "{type: string", "must not be asked for"),
        ("from: [samsat]", "from: [samsun]", .error, .source, "samsun", "“samsun” is not a source of region 35.10"),
        ("from: [samsat]", "from: [samsat.planes]", .error, .source, "samsat.planes", "yields no “planes”"),
        ("from: [samsat]", "from: []", .error, .source, "[]", "no source"),
        ("en: A sample.", "en: '...'", .error, .translation, "'...'", "no words"),
        (
            "{id: Contoh., en: A sample.}", "{id: A sample., en: A sample.}", .warning, .translation, "{id: A sample",
            "both languages"
        ),
        ("legal: [none]", "legal: []", .error, .legal, "[]", "no legal source"),
        (
            "{id: Keputusan 1, en: Decree 1}", "{id: Tidak ada, en: None}", .warning, .legal, "{id: Tidak ada",
            "no legal source"
        ),
        ("member: pupil,", "member: pupil && age < 0,", .warning, .amount, "{id: pupil", "no family gets this amount"),
        (
            "amount: 200}", "amount: 200, most: 9}", .warning, .amount, "9}",
            "9 members can never count: a family ends at 3"
        ),
        ("amount: 200}", "amount: 0}", .warning, .amount, "0}", "Rp0"),
        (
            "groups: {children: 2}", "groups: {children: 2, adults: 1}", .warning, .amount, "1}",
            "no component is in this group"
        ),
        ("{by: decile", "{by: 1", .warning, .priority, "1, order", "the same for every family"),
        (
            "outcome: eligible, amount: 100", "outcome: eligible, amount: 200", .error, .example, "- name: a toddler",
            "expected Rp200"
        ),
        ("requires: decile <= 4", "requires: decil <= 4", .error, .unreadable, "decil <= 4", "decil"),
    ]

    @Test("finds what is not meant, with its place, what and how", arguments: faults.indices)
    func finds(index: Int) throws {
        let fault = Self.faults[index]
        try #require(Self.clean.contains(fault.from), "\(fault.from)")
        let text = Self.clean.replacing(fault.from, with: fault.to, maxReplacements: 1)
        let findings = try Self.lint(text)
        let found = try #require(
            findings.first { $0.check == fault.check && $0.message.contains(fault.says) },
            "\(findings.map(\.description))")
        #expect(found.severity == fault.severity)
        let place = try #require(text.range(of: fault.at))
        let before = text[..<place.lowerBound].split(separator: "\n", omittingEmptySubsequences: false)
        #expect(found.line == before.count, "\(found)")
        if fault.check != .example { #expect(found.column == (before.last?.count ?? 0) + 1, "\(found)") }
    }

    @Test("keeps silent about a rule that says itself which others fail with it")
    func alsoFails() throws {
        let rule =
            "  - id: someone\n    requires: size(members) > 0\n    hit: decides\n"
            + "    words: {id: Ada orang., en: There is somebody.}\n    failed: {id: Kosong., en: Nobody.}\n"
            + "    change: {id: Orang., en: Somebody.}\n    legal: {id: Keputusan 1, en: Decree 1}\n    official: false\n"
        let text = Self.clean.replacing("rules:\n", with: "rules:\n" + rule)
        #expect(try Self.lint(text).map(\.check) == [.shadowed])
        let said = text.replacing(rule, with: rule + "    also_fails: [component]\n")
        #expect(try Self.lint(said).map(\.description) == [])
    }

    @Test("says that a pattern takes too long rather than wait for it")
    func pattern() throws {
        let text = Self.clean.replacing(
            "requires: decile <= 4",
            with:
                "requires: \"lists.range(2000).all(i, lists.range(2000).all(j, lists.range(2000).all(k, i + j + k >= 0))) && decile <= 4\""
        )
        let findings = try Self.lint(text)
        #expect(findings.contains { $0.check == .fails && $0.severity == .error }, "\(findings.map(\.description))")
    }

    // MARK: Versions

    private static func version(_ number: String, _ dates: String) -> String {
        clean.replacing("version: \"1\"", with: "version: \"\(number)\"")
            .replacing("from: 2025-01-01", with: dates)
    }

    @Test("finds versions that hold on one day, and days without one, and names both files")
    func versions() throws {
        let open = Self.version("1", "from: 2025-01-01")
        let closed = Self.version("1", "from: 2025-01-01\nuntil: 2025-06-30")
        let next = Self.version("2", "from: 2025-07-01")
        #expect(try Self.lint(closed, next).map(\.description) == [])
        var found = try #require(try Self.lint(open, next).first)
        #expect(found.severity == .error)
        #expect(found.check == .versions)
        #expect(found.file.hasSuffix("1.yaml"))
        #expect(found.message.contains("0.yaml"))
        #expect(found.message.contains("until: 2025-06-30"))
        #expect(found.line == 5)
        found = try #require(try Self.lint(closed, Self.version("2", "from: 2025-07-02")).first)
        #expect(found.severity == .warning)
        #expect(found.message.contains("no version holds between 2025-06-30"))
        found = try #require(try Self.lint(closed, Self.version("1", "from: 2025-07-01")).first)
        #expect(found.message.contains("the same version"))
        found = try #require(
            try Self.lint(closed, next.replacing("programme: small", with: "programme: other")).first)
        #expect(found.message.contains("one folder, one programme"))
    }

    @Test("two versions for one day are refused, with both files named, and never one of them taken")
    func twoForOneDay() throws {
        try TestDatabases.useFolder { folder in
            let programmes = folder.appendingPathComponent("Programmes/small")
            try FileManager.default.createDirectory(at: programmes, withIntermediateDirectories: true)
            let library = PackLibrary(root: folder.path)
            for (name, text) in [
                ("a", Self.version("1", "from: 2025-01-01\nuntil: 2025-06-30")),
                ("b", Self.version("2", "from: 2025-06-30")),
            ] {
                try Data(text.utf8).write(to: programmes.appendingPathComponent(name + ".yaml"))
            }
            func version(_ day: String) throws -> String {
                try Programme.version(of: "small", on: Fixture.day(day), in: library).version
            }
            #expect(try version("2025-06-29") == "1")
            #expect(try version("2025-07-01") == "2")
            let error = registryError { _ = try version("2025-06-30") }
            guard case .configuration(let fault) = error else {
                Issue.record("taken: \(String(describing: error))")
                return
            }
            #expect(fault.file.hasSuffix("small/b.yaml"))
            #expect(fault.reason.contains("small/a.yaml"))
            #expect(fault.reason.contains("2025-06-30"))
            // A version that cannot be read is not passed over in favour of one that can.
            try Data("programme: small".utf8).write(to: programmes.appendingPathComponent("c.yaml"))
            guard case .configuration = registryError({ _ = try version("2025-06-29") }) else {
                Issue.record("a broken version was passed over")
                return
            }
        }
    }
}
