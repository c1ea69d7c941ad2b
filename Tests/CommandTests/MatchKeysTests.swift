import Foundation
import TestSupport
import Testing

@Suite("Finding the same persons without names")
struct MatchKeysTests {
    /// Two holders' files in a folder, with the secret that they share.
    private struct Holders {
        let folder: URL

        func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

        func write(_ text: String, _ name: String) throws -> String {
            try Data(text.utf8).write(to: folder.appendingPathComponent(name))
            return path(name)
        }

        func text(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }

        func lines(_ name: String) throws -> [Substring] { try text(name).split(separator: "\n") }

        /// Makes the keys of `NAME.csv` as `NAME-keys.csv`.
        func make(
            _ name: String, secret: String = "secret", purpose: String = "Trial", settings: String? = nil
        ) throws -> Outcome {
            var arguments = [
                "match-keys", "make", path(name + ".csv"), "--secret-file", path(secret), "--purpose", purpose,
                "--output", path(name + "-keys.csv"), "--pseudonyms", path(name + "-names.csv"),
            ]
            if let settings { arguments += ["--settings", settings] }
            return try Tepat.run(arguments)
        }

        func match(_ left: String, _ right: String, _ more: String...) throws -> Outcome {
            try Tepat.run(
                [
                    "match-keys", "match", path(left + "-keys.csv"), path(right + "-keys.csv"), "--output",
                    path("pairs.csv"),
                ]
                    + more)
        }

        /// The pairs that were found, by the records' own names and with their weights.
        func pairs(_ left: String, _ right: String) throws -> Set<[String]> {
            func names(_ name: String) throws -> [Substring: String] {
                Dictionary(
                    try lines(name + "-names.csv").dropFirst().map { line in
                        let fields = line.split(separator: ",")
                        return (fields[0], String(fields[1]))
                    }, uniquingKeysWith: { first, _ in first })
            }
            let (own, other) = (try names(left), try names(right))
            return Set(
                try lines("pairs.csv").dropFirst().map { line in
                    let fields = line.split(separator: ",")
                    return [own[fields[0]] ?? "?", other[fields[1]] ?? "?", String(fields[2])]
                })
        }
    }

    /// Holders of a file each, of made-up persons of whom some are in both; each file is free of doubles, so that none ties.
    private func use(_ body: (Holders, _ truth: [String: String]) throws -> Void) throws {
        try TestDatabases.useFolder { folder in
            let holders = Holders(folder: folder)
            try Tepat.run(
                "simulate", "--region", "35.10", "--people", "3000", "--seed", "8", "--output", folder.path + "/x"
            )
            .expectDone()
            var truth: [String: String] = [:]
            for line in try holders.lines("x/people-truth.csv") {
                let fields = line.split(separator: ",").map(String.init)
                truth[fields[0]] = fields[1]
            }
            let lines = try holders.lines("x/people.csv")
            var seen: [String: Int] = [:]
            var files = [[lines[0]], [lines[0]]]
            for line in lines.dropFirst() {
                let person = try #require(truth[String(line.prefix { $0 != "," })])
                let turn = (seen[person] ?? (seen.count % 2 == 0 ? 0 : 10)) + 1
                seen[person] = turn
                switch turn {
                case 1, 12: files[0].append(line)
                case 2, 11: files[1].append(line)
                default: continue
                }
            }
            for (name, file) in zip(["a", "b"], files) {
                _ = try holders.write(file.joined(separator: "\n") + "\n", name + ".csv")
            }
            try Tepat.run("match-keys", "secret", holders.path("secret")).expectDone()
            try body(holders, truth)
        }
    }

    @Test("finds most of them, the same again with other pseudonyms, and whichever file comes first")
    func finds() throws {
        try use { holders, truth in
            try holders.make("a").expectDone()
            let report = try holders.make("b").expectDone()
            #expect(report.output.contains("14 keys"))
            let answer = try holders.match("a", "b", "--json").expectDone().json()
            let pairs = try holders.pairs("a", "b")
            #expect(answer["pairs"]?.int == pairs.count)
            #expect(answer["keys"]?.elements.count == 14)
            let right = pairs.count { truth[$0[0]] == truth[$0[1]] }
            #expect(right * 100 >= pairs.count * 97, "\(right) of \(pairs.count) pairs are right")
            func persons(_ name: String) throws -> Set<String> {
                Set(try holders.lines(name).dropFirst().compactMap { truth[String($0.prefix { $0 != "," })] })
            }
            let common = try persons("a.csv").intersection(persons("b.csv")).count
            #expect(right * 100 >= common * 88, "\(right) of \(common) persons were found")
            try holders.match("b", "a").expectDone()
            #expect(Set(try holders.pairs("b", "a").map { [$0[1], $0[0], $0[2]] }) == pairs)

            let (keys, names) = (try holders.text("a-keys.csv"), try holders.text("a-names.csv"))
            try holders.make("a").expectDone()
            let again = try holders.text("a-names.csv")
            #expect(Set(names.split(separator: "\n")).intersection(again.split(separator: "\n")).count == 1)
            #expect(try holders.text("a-keys.csv") != keys)
            try holders.match("a", "b").expectDone()
            #expect(try holders.pairs("a", "b") == pairs)
        }
    }

    @Test("nothing of a record stands in its keys: no value, no order, not even what it lacks")
    func silent() throws {
        try use { holders, _ in
            try holders.make("a").expectDone()
            let lines = try holders.lines("a-keys.csv")
            let records = try holders.lines("a.csv").count - 1
            #expect(lines.count == records + 2)
            for line in lines.dropFirst(2) {
                let fields = line.split(separator: ",", omittingEmptySubsequences: false)
                #expect(fields.count == 15 && fields.allSatisfy { $0.count == 16 && $0.allSatisfy(\.isHexDigit) })
            }
            let pseudonyms = lines.dropFirst(2).map { $0.prefix(16) }
            #expect(pseudonyms == pseudonyms.sorted(), "drawn by lot and put in order: the file's own order is gone")
            let secret = try holders.text("secret").prefix(64)
            #expect(!lines.contains { $0.contains(secret) })
            let rights = try FileManager.default.attributesOfItem(atPath: holders.path("secret"))
            #expect(rights[.posixPermissions] as? Int == 0o600)
            let names = try FileManager.default.attributesOfItem(atPath: holders.path("a-names.csv"))
            #expect(names[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test("what more than four records share is no key, and looks like any other")
    func frequent() throws {
        try TestDatabases.useFolder { folder in
            let holders = Holders(folder: folder)
            try Tepat.run("match-keys", "secret", holders.path("secret")).expectDone()
            var text = "id,name,birth_date\n"
            for number in 0..<9 { text += "\(number),SITI RAHMA,\(number < 5 ? "1980-05-17" : "1990-05-17")\n" }
            _ = try holders.write(text, "a.csv")
            let settings = try holders.write("id: id\nfields: {name: name, birth_date: date}\n", "s.yaml")
            try holders.make("a", settings: settings).expectDone()
            let keys = try holders.lines("a-keys.csv").dropFirst(2).map { $0.split(separator: ",")[1] }
            #expect(Set(keys).count == 6, "five that nobody else has, and one that four share")
        }
    }

    @Test("files that do not go together are refused with what differs")
    func apart() throws {
        try use { holders, _ in
            try Tepat.run("match-keys", "secret", holders.path("other")).expectDone()
            try Tepat.run("match-keys", "secret", holders.path("other")).expectRefusal(1, says: ["not written over"])
            try holders.make("a").expectDone()
            func refused(_ words: String...) throws {
                try holders.match("a", "b").expectRefusal(65, says: ["do not go together"] + words)
                #expect(!FileManager.default.fileExists(atPath: holders.path("pairs.csv")))
            }
            try holders.make("b", secret: "other").expectDone()
            try refused("different secrets", "--secret-file")
            try holders.make("b", purpose: "Another").expectDone()
            try refused("“Trial”", "“Another”", "--purpose")
            let fields = "id: record_id\nfields: {name: name, birth_date: date, mother_name: relative}\n"
            try holders.make("b", settings: holders.write(fields + "names: {titles: [[H]]}\n", "s.yaml")).expectDone()
            try refused("tables")
            try holders.make("b", settings: holders.write(fields, "s.yaml")).expectDone()
            let answer = try holders.match("a", "b", "--json").expectDone().json()
            #expect(answer["keys"]?.elements.count == 7, "by the kinds that both have")
            let few = "id: record_id\nfields: {nik: identifier, phone: phone}\n"
            try holders.make("b", settings: holders.write(few, "s.yaml")).expectRefusal(
                65, says: ["nik (identifier), phone (phone)", "no match keys"])
        }
    }

    @Test("the same persons have other keys for another purpose, and under another secret")
    func unlinkable() throws {
        try use { holders, _ in
            func keys() throws -> Set<Substring> {
                Set(try holders.lines("a-keys.csv").dropFirst(2).flatMap { $0.split(separator: ",").dropFirst() })
            }
            try holders.make("a").expectDone()
            let own = try keys()
            try holders.make("a", purpose: "Another").expectDone()
            #expect(try keys().isDisjoint(with: own))
            try Tepat.run("match-keys", "secret", holders.path("other")).expectDone()
            try holders.make("a", secret: "other").expectDone()
            #expect(try keys().isDisjoint(with: own))
        }
    }

    @Test("a secret or purpose that cannot be used is refused, and the secret is not told")
    func secrets() throws {
        try TestDatabases.useFolder { folder in
            let holders = Holders(folder: folder)
            _ = try holders.write("record_id,name,birth_date\n1,SITI,1980-05-17\n2,BUDI,1981-05-17\n", "a.csv")
            try holders.make("a").expectRefusal(1, says: ["tepat match-keys secret"])
            for text in ["geheim", "", String(repeating: "g", count: 64), String(repeating: "a", count: 63)] {
                _ = try holders.write(text, "secret")
                let outcome = try holders.make("a")
                outcome.expectRefusal(1, says: ["64 hexadecimal digits"])
                #expect(!outcome.messages.contains("geheim") && !outcome.messages.contains("ggg"))
            }
            _ = try holders.write(String(repeating: "0a", count: 32), "secret")
            for purpose in ["", "a\nb", String(repeating: "x", count: 201)] {
                try holders.make("a", purpose: purpose).expectRefusal(65, says: ["purpose"])
            }
            let settings = try holders.write("id: record_id\nfields: {name: name, birth_date: date}\n", "s.yaml")
            try holders.make("a", settings: settings).expectDone()
            let same = try Tepat.run(
                "match-keys", "make", holders.path("a.csv"), "--secret-file", holders.path("secret"), "--purpose", "x",
                "--output", holders.path("a.csv"), "--pseudonyms", holders.path("n.csv"))
            #expect(same.status == 64 && same.messages.contains("must be different files"))
        }
    }

    @Test("a file that is no whole file of match keys is refused with its line")
    func damaged() throws {
        try TestDatabases.useFolder { folder in
            let holders = Holders(folder: folder)
            try Tepat.run("match-keys", "secret", holders.path("secret")).expectDone()
            let text = "record_id,name,birth_date\n1,SITI,1980-05-17\n2,BUDI,1981-05-17\n3,JOKO,1982-05-17\n"
            for name in ["a", "b"] { _ = try holders.write(text, name + ".csv") }
            let settings = try holders.write("id: record_id\nfields: {name: name, birth_date: date}\n", "s.yaml")
            for name in ["a", "b"] { try holders.make(name, settings: settings).expectDone() }
            let lines = try holders.lines("b-keys.csv").map(String.init)
            func refused(_ changed: [String], _ words: String...) throws {
                _ = try holders.write(changed.map { $0 + "\n" }.joined(), "b-keys.csv")
                try holders.match("a", "b").expectRefusal(65, says: ["b-keys.csv"] + words)
                #expect(!FileManager.default.fileExists(atPath: holders.path("pairs.csv")))
            }
            func with(_ place: Int, _ line: String) -> [String] {
                var changed = lines
                changed[place] = line
                return changed
            }
            try refused([], "no file of match keys")
            try refused(text.split(separator: "\n").map(String.init), ":1:", "tepat match-keys make")
            try refused(with(0, "# tepat match keys {}"), ":1:", "no file of match keys")
            try refused(with(0, lines[0].replacing("\"version\":1", with: "\"version\":2")), ":1:", "version 2")
            try refused(with(0, lines[0].replacing("Trial", with: "\\u001b[2J")), ":1:", "no file of match keys")
            try refused(with(1, "pseudonym,name,name"), ":2:", "names")
            try refused(with(1, "pseudonym,name,\u{1B}[2J"), ":2:", "names")
            try refused(with(1, "id," + lines[1]), ":2:", "pseudonym")
            try refused(Array(lines.dropLast()), "holds 2 records", "with 3")
            try refused(with(3, String(lines[3].dropLast(20))), ":4:", "fields")
            try refused(with(3, String(lines[3].dropLast(1))), ":4:", "16 hexadecimal digits")
            try refused(with(3, "z" + lines[3].dropFirst()), ":4:", "“pseudonym”")
            try refused(with(4, lines[3]), ":5:", "line 4")
            _ = try holders.write(lines.map { $0 + "\r\n" }.joined(), "b-keys.csv")
            try holders.match("a", "b").expectDone()
            #expect(try holders.pairs("a", "b").count == 3)
            let packed = Process()
            packed.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            packed.arguments = ["gzip", holders.path("b-keys.csv")]
            try packed.run()
            packed.waitUntilExit()
            let file = holders.path("b-keys.csv.gz")
            func match() throws -> Outcome {
                try Tepat.run(
                    "match-keys", "match", holders.path("a-keys.csv"), file, "--output", holders.path("p.csv"))
            }
            try match().expectDone()
            #expect(try holders.text("p.csv") == holders.text("pairs.csv"))
            let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
            try bytes.prefix(bytes.count / 2).write(to: URL(fileURLWithPath: file))
            try match().expectRefusal(65, says: ["cut off"])
        }
    }
}
