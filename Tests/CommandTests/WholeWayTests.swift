import Foundation
import Storage
import TestSupport
import Testing

@Suite("The whole way")
struct WholeWayTests {
    /// What assessments came to, by programme.
    private func digests(_ place: Workplace) throws -> [String: String] {
        var digests: [String: String] = [:]
        for programme in ["pkh", "sembako"] {
            let answer = try place.run("assess", programme, "--quota", "10", "--json").expectDone().json()
            digests[programme] = answer["digest"]?.text
        }
        return digests
    }

    @Test("both databases hold the same rows and come to the same digests, also a second time")
    func sameEverywhere() throws {
        let file = try MadeUp.registry(.assessed).snapshot()
        let again = try MadeUp.use(.assessed) { place in
            let digests = try digests(place)
            try place.expectSound()
            let database = try Database.open(place.url)
            defer { try? database.close() }
            let kept = try database.read { connection in
                try connection.query("SELECT programme, digest FROM assessment ORDER BY assessment") {
                    ($0.text(0), $0.bytes(1).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined())
                }
            }
            #expect(kept.map(\.0) == ["pkh", "sembako", "pkh", "sembako"])
            #expect(kept.allSatisfy { digests[$0.0] == $0.1 }, "the second assessment comes to what the first did")
            return digests
        }
        try MadeUp.useServer { place in
            for source in try MadeUp.sources() {
                try place.run("ingest", source, MadeUp.file(source), "--delivered", MadeUp.delivered).expectDone()
            }
            try place.run("link").expectDone()
            #expect(try digests(place) == again)
            try place.snapshot().expectSame(as: file)
            try place.expectSound()
        }
    }

    @Test("taking the same files and linking again changes nothing")
    func again() throws {
        try MadeUp.use(.linked) { place in
            let before = try place.snapshot(telling: true)
            for source in ["dukcapil", "samsat"] {
                let taken = try place.run("ingest", source, MadeUp.file(source), "--link", "--json").expectDone().json()
                #expect(taken["accepted"]?.int == 0)
                #expect(taken["arrivals"]?["run"]?.int == 1)
                #expect(taken["arrivals"]?["linked"]?.int == 0)
                #expect(taken["duplicates"] == taken["rows"])
            }
            try place.run("link").expectDone()
            try place.snapshot(telling: true).expectSame(as: before)
        }
    }

    @Test("a delivery is linked with `ingest --link`: alone where that will do, else with all rows")
    func arrives() throws {
        try MadeUp.use(.made) { place in
            let deaths = try String(contentsOfFile: MadeUp.file("dukcapil-deaths"), encoding: .utf8)
            let first = try place.run("ingest", "dukcapil", MadeUp.file("dukcapil"), "--link", "--json").expectDone()
            #expect(try first.json()["link"]?["run"]?.int == 1)
            #expect(first.messages.contains("All rows are linked anew: no run has been made yet."))
            let file = try place.write("deaths.csv", Array(deaths.utf8))
            let taken = try place.run("ingest", "dukcapil-deaths", file, "--link").expectDone()
            #expect(taken.output.contains("Of the new rows"), "\(taken)")
            let alone = try place.run("link", "arrivals", "--json").expectDone().json()
            #expect(alone["run"]?.int == 2)
            #expect(alone["linked"]?.int == 0)
            try place.run("ingest", "dukcapil-moves", MadeUp.file("dukcapil-moves")).expectDone()
            let refused = try place.run("link", "arrivals")
            #expect(refused.status == 1)
            #expect(refused.messages.contains("rows of dukcapil-moves change who lives here; run tepat link"))
            try place.run("link").expectDone()
            try place.expectSound()
        }
    }

    @Test("a packed file is taken as the file it holds")
    func packed() throws {
        try MadeUp.use(.made) { place in
            let plain = try MadeUp.file("bkn")
            let pack = Process()
            pack.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            pack.arguments = ["gzip", "-k", "-n", "-c", plain]
            let packed = URL(fileURLWithPath: try place.write("bkn.csv.gz", []))
            pack.standardOutput = try FileHandle(forWritingTo: packed)
            try pack.run()
            pack.waitUntilExit()
            let one = try place.run("ingest", "bkn", packed.path, "--json").expectDone().json()
            let other = try place.run("ingest", "bkn", plain, "--json").expectDone().json()
            #expect(one["accepted"]?.int ?? 0 > 0)
            #expect(one["rows"] == other["rows"])
            #expect(other["duplicates"] == other["rows"], "its rows are known already")
        }
    }

    @Test(
        "a decision is explained in both languages, with rules, evidence, source and date",
        arguments: ["pkh", "sembako"])
    func explained(programme: String) throws {
        try MadeUp.use(.assessed) { place in
            let nik = try #require(
                String(contentsOfFile: MadeUp.file("dukcapil"), encoding: .utf8).split(separator: "\n")[1]
                    .split(separator: ",").first)
            let command = ["explain", "--nik", String(nik), "--programme", programme]
            let indonesian = try place.run(command + ["--json"]).expectDone().json()
            let english = try place.run(command + ["--language", "en", "--json"]).expectDone().json()
            #expect(
                english.keys.isSuperset(of: [
                    "programme", "version", "run", "outcome", "headline", "reasons", "missing", "nearest",
                ]))
            #expect(english["outcome"] == indonesian["outcome"])
            #expect(english["headline"] != indonesian["headline"])
            let reasons = try #require(english["reasons"]?.elements)
            #expect(!reasons.isEmpty)
            let evidence = reasons.flatMap { $0["evidence"]?.elements ?? [] }
            #expect(evidence.contains { $0["source"]?.text != nil && $0["day"]?.text == MadeUp.delivered })
            #expect(evidence.allSatisfy { $0["attribute"]?.text != nil })
            let trusted = evidence.compactMap { $0["trust"] }
            #expect(!trusted.isEmpty)
            #expect(trusted.allSatisfy { ($0["place"]?.int ?? 0) >= 1 && ($0["days"]?.int ?? -1) >= 0 })
            for change in english["nearest"]?.elements ?? [] {
                #expect(change["words"]?.text?.hasPrefix("If ") == true)
                let steps = try #require(change["steps"]?.elements)
                #expect(!steps.isEmpty)
            }
            let pairs = zip(reasons, indonesian["reasons"]?.elements ?? [])
            #expect(pairs.allSatisfy { $0["rule"] == $1["rule"] && $0["words"] != $1["words"] })

            let words = try place.run(command + ["--language", "en"]).expectDone().output
            #expect(words.contains(try #require(english["headline"]?.text)))
            // Whoever looks up a person leaves a trace.
            #expect(
                try place.snapshot().rows("journal_entry") == MadeUp.registry(.assessed).snapshot().rows(
                    "journal_entry") + 3)
            try place.expectSound()
        }
    }

    @Test("the demonstration made twice is made once", arguments: Database.Engine.allCases)
    func demo(engine: Database.Engine) throws {
        try TestDatabases.useURL(engine) { url in
            try TestDatabases.useFolder { folder in
                let place = try Workplace(in: folder, url: url)
                let command = [
                    "demo", "--no-serve", "--families", "100", "--files", folder.appendingPathComponent("files").path,
                    "--json",
                ]
                let first = try place.run(command).expectDone().json()
                let wanted: Set = ["simulate_s", "ingest_s", "link_s", "assess_s", "families", "persons"]
                #expect(first.keys.isSuperset(of: wanted))
                let tables = try place.snapshot().without("assessment", "assessment_figure", "determination")
                let second = try place.run(command).expectDone().json()
                let assessments = [first, second].map { $0["assessments"]?.elements.map { $0["digest"] } }
                #expect(assessments[0]?.count == 2)
                #expect(assessments[0] == assessments[1])
                for key in ["families", "persons", "rows", "linked", "unlinked"] { #expect(first[key] == second[key]) }
                // Only what an assessment writes has been added.
                let after = try place.snapshot().without("assessment", "assessment_figure", "determination")
                let changed = after.differences(from: tables).map { $0.prefix { $0 != ":" } }
                #expect(changed.allSatisfy { $0.hasPrefix("journal_") }, "\(changed)")
                try place.expectSound()
            }
        }
    }
}
