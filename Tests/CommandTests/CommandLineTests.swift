import Foundation
import TestSupport
import Testing

@Suite("The command line")
struct CommandLineTests {
    private static let commands = [
        ["init"], ["simulate"], ["ingest"], ["quarantine"], ["link"], ["link", "evaluate"], ["link", "lists"],
        ["link", "arrivals"], ["link", "households"], ["find"],
        ["review"],
        ["review", "list"],
        ["review", "show"], ["review", "answer"], ["review", "undo"], ["assess"], ["explain"], ["region"],
        ["programme"], ["programme", "test"], ["programme", "lint"], ["programme", "docs"], ["cel"], ["journal"],
        ["notice"], ["notice", "list"], ["notice", "give"], ["notice", "answer"], ["notice", "settle"],
        ["dedupe"], ["match"], ["match-keys"], ["match-keys", "secret"], ["match-keys", "make"],
        ["match-keys", "match"], ["score"], ["score", "train"], ["score", "apply"], ["score", "report"],
        ["journal", "verify"], ["account"], ["account", "list"], ["account", "show"], ["account", "make"],
        ["account", "program"], ["account", "keys"],
        ["account", "grant"], ["account", "confirm"], ["account", "end"], ["account", "suspend"],
        ["account", "resume"], ["account", "close"], ["account", "unlock"], ["account", "reset"],
        ["account", "code"], ["account", "rights"], ["demo"], ["serve"],
    ]

    @Test("every command explains itself", arguments: commands)
    func help(command: [String]) throws {
        let outcome = try Tepat.run(command + ["--help"]).expectDone()
        #expect(outcome.output.contains("USAGE: tepat \(command.joined(separator: " "))"))
        #expect(outcome.messages.isEmpty)
    }

    @Test("each step of the way answers with one object that has the documented keys")
    func answers() throws {
        try TestDatabases.useFolder { folder in
            var place = try Workplace(in: folder)
            place.environment = [:]
            var made = try place.run("init", "--region", "35.10", "--json").expectDone().json()
            #expect(made.keys.isSuperset(of: ["region", "regions", "made"]))
            #expect(made["regions"]?.int == 91_599)
            made = try place.run("init", "--region", "35.10", "--json").expectDone().json()
            #expect(made["made"] == .truth(false), "making it again changes nothing")

            let simulated = try Tepat.run(
                "simulate", "--region", "35.10", "--families", "100", "--seed", "3", "--output",
                folder.appendingPathComponent("region").path, "--json"
            ).expectDone().json()
            #expect(simulated["families"]?.int == 100)
            #expect(simulated.keys.isSuperset(of: ["persons", "rows"]))
            let people = try Tepat.run(
                "simulate", "--region", "35.10", "--people", "1000", "--seed", "3", "--output",
                folder.appendingPathComponent("people").path, "--json"
            ).expectDone().json()
            #expect(people["records"]?.int == 1000)
            #expect(people["persons"]?.int == 800)
            #expect(people.keys.isSuperset(of: ["doubled", "faults"]))
        }
        try MadeUp.use(.made) { place in
            let taken = try place.run("ingest", "dukcapil", MadeUp.file("dukcapil"), "--json").expectDone().json()
            #expect(
                taken.keys.isSuperset(of: ["source", "batch", "rows", "accepted", "quarantined", "duplicates"]))
            #expect(taken["source"]?.text == "dukcapil")
            let counts = ["accepted", "quarantined", "duplicates"].compactMap { taken[$0]?.int }
            #expect(taken["rows"]?.int == counts.reduce(0, +))

            let linked = try place.run("link", "--json").expectDone().json()
            #expect(linked.keys.isSuperset(of: ["persons", "families", "linked", "unlinked"]))

            let assessed = try place.run("assess", "pkh", "--json").expectDone().json()
            #expect(
                assessed.keys.isSuperset(of: [
                    "run", "families", "ineligible", "undetermined", "eligible", "funded", "waitlisted", "digest",
                ]))
            let outcomes = ["ineligible", "undetermined", "eligible"].compactMap { assessed[$0]?.int }
            #expect(assessed["families"]?.int == outcomes.reduce(0, +))
            let standings = ["funded", "waitlisted"].compactMap { assessed[$0]?.int }
            #expect(assessed["eligible"]?.int == standings.reduce(0, +))

            let verified = try place.run("journal", "verify", "--json").expectDone().json()
            #expect(verified.keys.isSuperset(of: ["entries", "head", "ok"]))
            #expect(verified["ok"] == .truth(true))
            #expect(verified["entries"]?.int == 4)
            #expect(verified["head"]?.text?.count == 64)
        }
    }

    @Test("several files given at once are answered with one object that counts them all")
    func severalFiles() throws {
        try MadeUp.use(.made) { place in
            let text = try String(contentsOfFile: MadeUp.file("bkn"), encoding: .utf8)
            let lines = text.split(separator: "\n")
            try #require(lines.count >= 4)
            let first = try place.write("first.csv", "\(lines[0])\n\(lines[1])\n".utf8)
            let second = try place.write("second.csv", "\(lines[0])\n\(lines[2])\n\(lines[3])\n".utf8)
            let taken = try place.run("ingest", "bkn", first, second, "--json").expectDone().json()
            #expect(taken["rows"]?.int == 3)
            #expect(taken["accepted"]?.int == 3)
            #expect(taken["batch"]?.int == 2)
            #expect(taken["batches"] == .array([.number(1), .number(2)]))
            #expect(try place.snapshot().rows("source_row") == 3)
        }
    }

    @Test("progress and messages go to standard error alone")
    func streams() throws {
        try MadeUp.use(.filled) { place in
            let outcome = try place.run("link", "--json").expectDone()
            #expect(outcome.messages.contains("Linking"))
            #expect(!outcome.output.contains("Linking"))
        }
    }

    @Test(
        "a command called in a wrong way ends with 64 and shows how it is called",
        arguments: [
            (["init", "--region", "35.10", "--bogus"], "Unknown option '--bogus'"),
            (["init"], "--region"),
            (["ingest"], "source"),
            (["ingest", "bkn"], "files"),
            (["link", "extra"], "extra"),
            (["simulate", "--region", "35.10", "--families", "x", "--seed", "1", "--output", "o"], "'x'"),
            (["simulate", "--region", "35.10", "--families", "100", "--seed", "-1", "--output", "o"], "--seed"),
            (["simulate", "--region", "35.10", "--seed", "1", "--output", "o"], "--families"),
            (["simulate", "--region", "35.10", "--people", "999", "--seed", "1", "--output", "o"], "--people"),
            (
                [
                    "simulate", "--region", "35.10", "--people", "1000", "--families", "100", "--seed", "1", "--output",
                    "o",
                ],
                "--people"
            ),
            (["assess", "pkh", "--quota", "many"], "'many'"),
            (["assess", "pkh", "--quota=-5"], "--quota"),
            (["assess", "pkh", "--as-of", "yesterday"], "'yesterday'"),
            (["assess", "pkh", "--day", "2025-02-30"], "'2025-02-30'"),
            (["explain", "--programme", "pkh"], "--nik"),
            (["explain", "--nik", "3599010101800001", "--programme", "pkh", "--language", "fr"], "'fr'"),
            (["quarantine", "one"], "'one'"),
            (["quarantine", "1", "--limit=-1"], "--limit"),
            (["journal", "verify", "--head", "zz"], "--head"),
            (["serve", "--port", "80x"], "'80x'"),
            (["serve", "--port", "99999"], "--port"),
            (["demo", "--no-serve", "--families", "0x"], "'0x'"),
        ] as [([String], String)])
    func wrongUsage(arguments: [String], word: String) throws {
        let outcome = try MadeUp.registry(.assessed).run(arguments)
        #expect(outcome.status == 64 && !outcome.wasKilled, "\(outcome)")
        #expect(outcome.output.isEmpty, "\(outcome)")
        #expect(outcome.messages.contains(word), "\(outcome)")
        #expect(outcome.messages.contains("Usage: tepat"), "\(outcome)")
    }

    @Test("a command that there is not ends with 64")
    func noCommand() throws {
        for arguments in [["nosuch"], ["journal", "nosuch"]] {
            let outcome = try Tepat.run(arguments)
            #expect(outcome.status == 64 && outcome.messages.contains("nosuch"), "\(outcome)")
        }
    }

    @Test(
        "a URL of no database ends with 64, and its password is not told",
        arguments: ["foo:bar", "registry.db", "mysql://someone:geheim@host/name", "sqlite:", ""])
    func badURL(url: String) throws {
        let outcome = try Tepat.run("link", "--database", url)
        outcome.expectRefusal(64, says: ["sqlite:FILE", "postgres://"])
        #expect(!outcome.messages.contains("geheim"))
    }

    @Test("what the registry does not know is refused with what it knows")
    func unknown() throws {
        try MadeUp.use(.assessed) { place in
            try Tepat.run("init", "--region", "99.99", "--database", "sqlite:new.db")
                .expectRefusal(65, says: ["99.99", "35.10"])
            try place.run("ingest", "nosuch", "file.csv").expectRefusal(65, says: ["nosuch", "dukcapil", "samsat"])
            try place.run("assess", "nosuch").expectRefusal(65, says: ["nosuch", "pkh, sembako"])
            try place.run("explain", "--nik", "3599", "--programme", "pkh").expectRefusal(
                65, says: ["--nik", "16 digits"])
            try place.run("explain", "--nik", "3599990101800001", "--programme", "pkh")
                .expectRefusal(65, says: ["3599********0001"])
            try place.run("region", "glagah", "--within", "abc").expectRefusal(65, says: ["abc"])
            try place.run("quarantine", "999").expectRefusal(65, says: ["999"])
        }
    }

    @Test("what cannot be done yet says which command comes first")
    func order() throws {
        try Tepat.run("link", "--database", "sqlite:nosuch.db").expectRefusal(1, says: ["nosuch.db", "tepat init"])
        try MadeUp.use(.made) { place in
            try place.expectUnchanged { place in
                try place.run("link").expectRefusal(1, says: ["tepat ingest dukcapil"])
                try place.run("assess", "pkh").expectRefusal(1, says: ["tepat link"])
                try place.run("explain", "--nik", "3599010101800001", "--programme", "pkh")
                    .expectRefusal(1, says: ["tepat assess pkh"])
            }
        }
    }

    @Test("a region that cannot be made up leaves nothing behind")
    func impossibleDemo() throws {
        try TestDatabases.useFolder { folder in
            let place = try Workplace(in: folder, url: "sqlite:" + folder.appendingPathComponent("demo.db").path)
            try place.run("demo", "--no-serve", "--families", "5").expectRefusal(65, says: ["5", "100"])
            try Tepat.run(
                "simulate", "--region", "35.10", "--families", "5", "--seed", "1", "--output",
                folder.appendingPathComponent("region").path
            ).expectRefusal(65, says: ["5", "100"])
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
        }
    }

    @Test("expressions are evaluated line by line, and a wrong one is answered, not the end")
    func expressions() throws {
        try TestDatabases.useFolder { folder in
            let file = folder.appendingPathComponent("batch.jsonl")
            try Data("{\"expr\":\"1 + 2\"}\n{\"expr\":\"1 +\"}\nnonsense\n".utf8).write(to: file)
            let outcome = try Tepat.run("cel", "--batch", file.path).expectDone()
            let answers = try outcome.output.split(separator: "\n").map {
                try JSONDecoder().decode(JSON.self, from: Data($0.utf8))
            }
            #expect(answers.map(\.keys) == [["value"], ["error"], ["error"]])
        }
        try Tepat.run("cel", "--batch", "nosuch.jsonl").expectRefusal(1, says: ["nosuch.jsonl"])
    }

    @Test("the key file that init makes is its owner's alone")
    func keyFile() throws {
        try TestDatabases.useFolder { folder in
            let place = try Workplace(in: folder)
            try FileManager.default.removeItem(at: place.keyFile)
            try place.run("init", "--region", "35.10").expectDone()
            for file in [place.file, place.keyFile] {
                let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
                #expect(attributes[.posixPermissions] as? Int == 0o600, "\(file.lastPathComponent)")
            }
        }
    }
}
