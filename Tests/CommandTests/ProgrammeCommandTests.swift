import Foundation
import TestSupport
import Testing

@Suite("The commands for programme files")
struct ProgrammeCommandTests {
    private static let pkh = Tepat.home.appendingPathComponent("Programmes/pkh/2025.1.yaml").path

    @Test("lint finds nothing in what is shipped, and ends with 65 where there is an error")
    func lint() throws {
        let sound = try Tepat.run("programme", "lint", Self.pkh, "--json").expectDone().json()
        #expect(sound["ok"] == .truth(true))
        #expect(sound["errors"]?.int == 0)
        try TestDatabases.useFolder { folder in
            let file = folder.appendingPathComponent("2025.1.yaml")
            let text = try String(contentsOfFile: Self.pkh, encoding: .utf8)
            try Data(text.replacing("requires: decile <= 4", with: "requires: decile <= 10").utf8).write(to: file)
            let outcome = try Tepat.run("programme", "lint", file.path)
            #expect(outcome.status == 65)
            let line =
                text.split(separator: "\n", omittingEmptySubsequences: false)
                .firstIndex { $0 == "    requires: decile <= 4" }.map { $0 + 1 } ?? 0
            #expect(
                outcome.output.contains(
                    "\(file.path):\(line):15: error: rules[1].requires: every family meets this rule"))
            let answer = try Tepat.run("programme", "lint", file.path, "--json")
            #expect(answer.status == 65)
            let report = try answer.json()
            #expect(report["ok"] == .truth(false))
            #expect(report.keys == ["files", "errors", "warnings", "findings", "ok"])
        }
    }

    @Test("docs prints one page, or writes it where it is told to")
    func docs() throws {
        let both = try Tepat.run("programme", "docs", Self.pkh).expectDone()
        #expect(both.output.hasPrefix("<!doctype html>\n<html lang=\"id\">"))
        #expect(both.output.contains("<article lang=\"en\""))
        let english = try Tepat.run("programme", "docs", Self.pkh, "--language", "en").expectDone()
        #expect(english.output.contains("<html lang=\"en\">"))
        #expect(!english.output.contains("lang=\"id\""))
        // The version before it stands in the same folder.
        #expect(english.output.contains("Version 2024.1"))
        try TestDatabases.useFolder { folder in
            let page = folder.appendingPathComponent("page.html").path
            let report = try Tepat.run("programme", "docs", Self.pkh, "--output", page, "--json").expectDone().json()
            #expect(report["programme"]?.text == "pkh")
            #expect(report["digest"]?.text?.count == 64)
            #expect(try String(contentsOfFile: page, encoding: .utf8) == both.output)
            try Tepat.run("programme", "docs", Self.pkh, "--output", folder.path + "/no/page.html")
                .expectRefusal(1, says: ["cannot be written"])
        }
        #expect(try Tepat.run("programme", "docs", Self.pkh, "--json").status == 64)
    }
}
