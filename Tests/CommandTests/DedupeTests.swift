import Foundation
import TestSupport
import Testing

@Suite("Finding doubles in a file")
struct DedupeTests {
    private func write(_ text: String, _ name: String, in folder: URL) throws -> String {
        let file = folder.appendingPathComponent(name)
        try Data(text.utf8).write(to: file)
        return file.path
    }

    @Test("tells for each record its person, and for each pair how likely it is one; again the same")
    func finds() throws {
        try TestDatabases.useFolder { folder in
            let place = folder.appendingPathComponent("people").path
            try Tepat.run("simulate", "--region", "35.10", "--people", "3000", "--seed", "5", "--output", place)
                .expectDone()
            let (clusters, pairs) = (
                folder.appendingPathComponent("c.csv").path, folder.appendingPathComponent("p.csv").path
            )
            let report = try Tepat.run(
                "dedupe", place + "/people.csv", "--output", clusters, "--pairs", pairs, "--json"
            ).expectDone().json()
            #expect(report["records"]?.int == 3_000)
            let doubled = try #require(report["doubled"]?.int)
            #expect(540...640 ~= doubled, "a fifth of the records are doubles: \(doubled)")
            let found = try String(contentsOfFile: clusters, encoding: .utf8)
            let lines = found.split(separator: "\n")
            #expect(lines.count == 3_001 && lines[0] == "record_id,cluster_id")
            var truth: [Substring: Substring] = [:]
            for line in try String(contentsOfFile: place + "/people-truth.csv", encoding: .utf8).split(separator: "\n")
            {
                let fields = line.split(separator: ",")
                truth[fields[0]] = fields[1]
            }
            let wrong = lines.dropFirst().count { line in
                let fields = line.split(separator: ",")
                return truth[fields[0]] != truth[fields[1]]
            }
            #expect(wrong < 30, "\(wrong) records are with another's")
            let header = try String(contentsOfFile: pairs, encoding: .utf8).split(separator: "\n").first
            #expect(header == "left,right,weight,probability")
            try Tepat.run("dedupe", place + "/people.csv", "--output", clusters).expectDone()
            #expect(try String(contentsOfFile: clusters, encoding: .utf8) == found)
        }
    }

    @Test(
        "a file that cannot be read so is refused with the place and what is wrong, and nothing is written",
        arguments: [
            ("id,name,name\n1,A,B\n", nil, "two columns are named “name”"), ("", nil, "empty"),
            ("id,,x\n1,a,b\n", nil, "column 2"),
            ("id,name,born\n1,SITI,1980-05-17\n2,BUDI\n", nil, "people.csv:3"),
            ("id,name\n1,\"SITI\n", nil, "people.csv"),
            ("x\n1\n1\n", nil, "another value in every row"),
            ("id;nama\n1;SITI\n", nil, "separated by “;”"),
            ("id,nama\n", nil, "below the header there is no record"),
            ("id,nama\n1,SITI\n1,BUDI\n", nil, "records 1 and 2 below the header are both “1”"),
            ("id,kota\n1,X\n2,X\n", nil, "there are: id, kota"),
            ("id,name\n1,SITI\n1,BUDI\n", "id: id\nfields: {name: name}\n", "records 1 and 2"),
            (
                "id,name,born\n1,SITI,17 Mei 1980\n", "id: id\nfields: {name: name, born: date}\n",
                "no value of “born” is a date, such as 1980-05-17 or 17/05/1980; the first is “17 Mei 1980”"
            ),
            ("id,name\n1,SITI\n", "id: id\nfields: {nama: name}\n", "there is no column “nama”"),
            ("id,name\n1,SITI\n", "id: id\nfields: {name: nama}\n", "settings.yaml:2"),
            ("id,name\n1,SITI\n", "id: id\nfields: {name: name}\nblocking: [[name.tail]]\n", "no part of a key"),
            ("id,name\n1,SITI\n", "id: id\nfields: {name: name}\nthreshold: 2\n", "0.01 to 0.9999"),
            ("id,name\n1,SITI\n", "id: id\nfields: {name: name}\ncolour: red\n", "colour"),
        ] as [(String, String?, String)])
    func refused(text: String, settings: String?, says: String) throws {
        try TestDatabases.useFolder { folder in
            let file = try write(text, "people.csv", in: folder)
            let output = folder.appendingPathComponent("c.csv").path
            var arguments = ["dedupe", file, "--output", output]
            if let settings { arguments += ["--settings", try write(settings, "settings.yaml", in: folder)] }
            try Tepat.run(arguments).expectRefusal(65, says: [says])
            #expect(!FileManager.default.fileExists(atPath: output))
        }
    }

    @Test("a file that is no UTF-8 text is refused with the line, and none is written over that is read")
    func files() throws {
        try TestDatabases.useFolder { folder in
            let latin = folder.appendingPathComponent("latin.csv")
            try Data(Array("id,nama\n1,".utf8) + [0xE9, 0x0A]).write(to: latin)
            let output = folder.appendingPathComponent("c.csv").path
            try Tepat.run("dedupe", latin.path, "--output", output).expectRefusal(65, says: ["latin.csv:2", "UTF-8"])
            let text = "id,nama,lahir\n1,SITI AMINAH,17/05/1980\n2,BUDI SANTOSO,01/02/1990\n"
            let file = try write(text, "people.csv", in: folder)
            for other in [
                ["--output", file], ["--output", output, "--pairs", output], ["--output", output, "--model", file],
            ] {
                let refused = try Tepat.run(["dedupe", file] + other)
                #expect(refused.status == 64 && refused.messages.contains("must be different files"), "\(refused)")
            }
            #expect(try Tepat.run("match", file, latin.path, "--output", latin.path).status == 64)
            #expect(try String(contentsOfFile: file, encoding: .utf8) == text)
        }
    }

    @Test("birth dates as they are written in Indonesia, the day first, are read")
    func dayFirst() throws {
        try TestDatabases.useFolder { folder in
            let place = folder.appendingPathComponent("people").path
            try Tepat.run("simulate", "--region", "35.10", "--people", "2000", "--seed", "6", "--output", place)
                .expectDone()
            let lines = try String(contentsOfFile: place + "/people.csv", encoding: .utf8).split(separator: "\n")
            let column = try #require(lines[0].split(separator: ",").firstIndex { $0.contains("birth") })
            let turned = lines.map { line in
                var fields = line.split(separator: ",", omittingEmptySubsequences: false)
                let parts = fields[column].split(separator: "-")
                if parts.count == 3 { fields[column] = "\(parts[2])/\(parts[1])/\(parts[0])" }
                return fields.joined(separator: ",")
            }
            let file = try write(turned.joined(separator: "\n") + "\n", "turned.csv", in: folder)
            var doubled: [Int?] = []
            for name in [place + "/people.csv", file] {
                let output = folder.appendingPathComponent("c.csv").path
                let report = try Tepat.run("dedupe", name, "--output", output, "--json").expectDone().json()
                #expect(report["fields"]?[String(lines[0].split(separator: ",")[column])] == .text("date"))
                doubled.append(report["doubled"]?.int)
            }
            #expect(doubled[0] == doubled[1] && doubled[0] ?? 0 > 200, "\(doubled)")
        }
    }

    @Test("two files are matched with each other alone, each record once")
    func match() throws {
        try TestDatabases.useFolder { folder in
            let place = folder.appendingPathComponent("people").path
            try Tepat.run("simulate", "--region", "35.10", "--people", "4000", "--seed", "6", "--output", place)
                .expectDone()
            let lines = try String(contentsOfFile: place + "/people.csv", encoding: .utf8).split(separator: "\n")
            var truth: [Substring: Substring] = [:]
            for line in try String(contentsOfFile: place + "/people-truth.csv", encoding: .utf8).split(separator: "\n")
            {
                let fields = line.split(separator: ",")
                truth[fields[0]] = fields[1]
            }
            // The first record of each person in one file, all others in the other.
            var seen: Set<Substring> = []
            var (first, second) = ([lines[0]], [lines[0]])
            for line in lines.dropFirst() {
                let person = try #require(truth[line.prefix { $0 != "," }])
                if seen.insert(person).inserted { first.append(line) } else { second.append(line) }
            }
            let left = try write(first.joined(separator: "\n") + "\n", "left.csv", in: folder)
            let right = try write(second.joined(separator: "\n") + "\n", "right.csv", in: folder)
            let output = folder.appendingPathComponent("pairs.csv").path
            let report = try Tepat.run("match", left, right, "--output", output, "--json").expectDone().json()
            #expect(report["left"]?.int == first.count - 1 && report["right"]?.int == second.count - 1)
            let pairs = try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n").dropFirst().map {
                $0.split(separator: ",")
            }
            let wrong = pairs.count { truth[$0[0]] != truth[$0[1]] }
            #expect(wrong * 20 < pairs.count, "\(wrong) of \(pairs.count)")
            #expect(pairs.count > 500)
            #expect(Set(pairs.map { $0[0] }).count == pairs.count && Set(pairs.map { $0[1] }).count == pairs.count)
            let lacking = try write("record_id,name\nR1,SITI\n", "other.csv", in: folder)
            try Tepat.run("match", left, lacking, "--output", output).expectRefusal(
                65, says: ["other.csv", "no column"])
        }
    }

    @Test("empty fields everywhere and hostile texts are no trouble")
    func hostile() throws {
        try TestDatabases.useFolder { folder in
            var text = "id,name,birth_date,nik\n"
            for number in 0..<300 {
                let name =
                    number % 3 == 0 ? "" : number % 3 == 1 ? "👩‍👩‍👧 e\u{301}\u{301}" : String(repeating: "A", count: 10_000)
                text +=
                    "\(number),\(name),\(number % 2 == 0 ? "0000-00-00" : "2999-12-31"),\(number % 5 == 0 ? "-" : "")\n"
            }
            let file = try write(text, "people.csv", in: folder)
            let settings = try write(
                "id: id\nfields: {name: name, birth_date: date, nik: identifier}\n", "s.yaml", in: folder)
            let report = try Tepat.run(
                "dedupe", file, "--settings", settings, "--output", folder.appendingPathComponent("c.csv").path,
                "--json"
            ).expectDone().json()
            #expect(report["records"]?.int == 300)
        }
    }
}
