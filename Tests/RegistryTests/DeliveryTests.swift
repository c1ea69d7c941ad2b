import Foundation
import Journal
import Storage
import TestSupport
import Testing

@testable import Registry

/// Files packed by gzip: the first in one member, the second in three, the last of them empty.
enum Packed {
    static func bytes(_ base64: String) -> [UInt8] { Data(base64Encoded: base64).map { Array($0) } ?? [] }
    static let oneMember = bytes(
        "H4sIAAAAAAACA8tM0clLzE3lSjTUCc4syeRKNNJxKk0B0sY64YmViXlcAPCUK4ghAAAA")
    static let threeMembers = bytes(
        "H4sIAAAAAAACA8tM0clLzE3lSjTUAQCv9+IjCwAAAB+LCAAAAAAAAgMLzizJ5Eo00nEqTQHSxjrhiZWJeVwAggiz6xYAAAAf"
            + "iwgAAAAAAAIDAwAAAAAAAAAAAA==")
    /// What both hold.
    static let text = "id,name\na1,Siti\na2,Budi\na3,Wayan\n"
}

@Suite("A file that is taken")
struct TakenFileTests {
    /// Files that hold the same three rows, however they are written.
    static let forms: [(name: String, bytes: [UInt8])] = [
        ("plain", Array(Packed.text.utf8)),
        ("without a last line break", Array(Packed.text.dropLast().utf8)),
        ("with a byte order mark", [0xEF, 0xBB, 0xBF] + Array(Packed.text.utf8)),
        ("with CRLF", Array(Packed.text.replacingOccurrences(of: "\n", with: "\r\n").utf8)),
        ("with the columns in another order", Array("name,id\nSiti,a1\nBudi,a2\nWayan,a3\n".utf8)),
        ("with quotes", Array("\"id\",\"name\"\n\"a1\",\"Siti\"\na2,\"Budi\"\n\"a3\",Wayan\n".utf8)),
        ("with spaces", Array("id , name\n a1,Siti \n\ta2 ,  Budi\na3, Wayan\n".utf8)),
        ("with empty lines", Array("\nid,name\n\na1,Siti\n\r\na2,Budi\na3,Wayan\n\n\n".utf8)),
        ("with other columns, which are empty", Array("id,flag,name,kind\na1,,Siti,\na2,,Budi,\na3,,Wayan,\n".utf8)),
        ("packed", Packed.oneMember),
        ("packed in several members", Packed.threeMembers),
    ]

    @Test("is the same however it is written", arguments: forms.indices, Database.Engine.allCases)
    func written(index: Int, engine: Database.Engine) throws {
        let form = Self.forms[index]
        try Fixture.use(engine) { registry, folder in
            let file = try folder.write("file.csv", form.bytes)
            let batch = try registry.ingest(try Fixture.sample(), file: file, delivered: Fixture.day("2025-10-01"))
            #expect(batch.rows == 3, "\(form.name)")
            #expect(batch.accepted == 3)
            #expect(batch.quarantined == 0)
            #expect(batch.duplicates == 0)
            #expect(!batch.wasThere)
            #expect(batch.delivered == Fixture.day("2025-10-01"))
            let rows = try registry.rows(of: batch.batch)
            let names = rows.sorted { $0.key < $1.key }.map { [$0.value[0], $0.value[3]] }
            #expect(names == [["a1", "Siti"], ["a2", "Budi"], ["a3", "Wayan"]])
            for row in rows.values { #expect(row.count == 12) }
        }
    }

    @Test("keeps what stands in quotes: commas, line breaks and doubled quotes", arguments: Database.Engine.allCases)
    func quoted(engine: Database.Engine) throws {
        let text =
            "id,name,count\n1,\"Siti, S.Pd.\",1\n2,\"Budi \"\"Bud\"\" W\",2\n3,\"\",3\n4,\"Wa\ryan\",4\n5,Made,5\n"
        try Fixture.use(engine) { registry, folder in
            let batch = try registry.ingest(try Fixture.sample(), file: folder.write("file.csv", text))
            let rows = try registry.rows(of: batch.batch)
            #expect(rows[2]?[3] == "Siti, S.Pd.")
            #expect(rows[3]?[3] == "Budi \"Bud\" W")
            #expect(rows[6]?[3] == "Made")
            // An empty name and one with a control character are set aside, with the lines they stand in.
            let quarantine = try registry.quarantine(batch: batch.batch)
            #expect(quarantine.map(\.line) == [4, 5])
            #expect(quarantine.map(\.field) == ["name", "name"])
        }
    }

    @Test("tells lines as an editor does, also after line breaks in quotes", arguments: Database.Engine.allCases)
    func lines(engine: Database.Engine) throws {
        let text = "id,name,count\n1,\"A\nB\nC\",1\n\n2,Siti,2\n3,Budi,many\n"
        try Fixture.use(engine) { registry, folder in
            let batch = try registry.ingest(try Fixture.sample(), file: folder.write("file.csv", text))
            #expect(try Array(registry.rows(of: batch.batch).keys) == [6])
            #expect(try registry.quarantine(batch: batch.batch).map(\.line) == [2, 7])
        }
    }

    @Test("may have no rows", arguments: Database.Engine.allCases)
    func noRows(engine: Database.Engine) throws {
        try Fixture.use(engine) { registry, folder in
            for text in ["id,name\n", "name,id"] {
                let batch = try registry.ingest(try Fixture.sample(), file: folder.write("file.csv", text))
                #expect(batch.rows == 0)
            }
            #expect(try registry.count("batch") == 2)
            #expect(try registry.count("source_row") == 0)
        }
    }

    @Test("may be larger than what is read at once", arguments: Database.Engine.allCases)
    func manyPieces(engine: Database.Engine) throws {
        let rows = (1...500).map { "\($0),\"Name \($0) , more\"\n" }.joined()
        try Fixture.use(engine) { registry, folder in
            let file = try folder.write("file.csv", "id,name\n" + rows)
            let batch = try registry.ingest(
                try Fixture.sample(), file: file, delivered: nil, pieces: IngestPieces(bytes: 700, rows: 50)
            ) { _ in }
            #expect(batch.accepted == 500)
            let kept = try registry.rows(of: batch.batch)
            for index in 1...500 { #expect(kept[Int64(index + 1)]?[3] == "Name \(index) , more") }
        }
    }

    @Test("is delivered today in the region where nobody says when")
    func today() throws {
        try Fixture.use(.sqlite) { registry, folder in
            let batch = try registry.ingest(try Fixture.sample(), file: folder.write("file.csv", Packed.text))
            #expect(batch.delivered == Fixture.day("2025-10-15"))
        }
    }
}

@Suite("A file that is refused")
struct RefusedFileTests {
    struct Form: Sendable {
        let name: String
        let bytes: [UInt8]
        let line: Int?
        let says: String

        init(_ name: String, _ bytes: [UInt8], line: Int? = nil, _ says: String) {
            (self.name, self.bytes, self.line, self.says) = (name, bytes, line, says)
        }

        init(_ name: String, _ text: String, line: Int? = nil, _ says: String) {
            self.init(name, Array(text.utf8), line: line, says)
        }
    }

    static let forms: [Form] = [
        Form("another header", "nama,nik\nSiti,1\n", line: 1, "missing: id, name; not known: nama"),
        Form("a column twice", "id,name,name\n1,Siti,Siti\n", line: 1, "twice: name"),
        Form("no header", "1,Siti\n2,Budi\n", line: 1, "missing: id, name"),
        Form("semicolons", "id;name\n1;Siti\n", line: 1, "missing: id, name"),
        Form("a header of quotes", "\"id\"x,name\n", line: 1, "the header:"),
        Form("nothing", "", "the file is empty"),
        Form("line breaks alone", "\n\r\n\n", "the file is empty"),
        Form("a byte order mark alone", [0xEF, 0xBB, 0xBF], "the file is empty"),
        Form("a NUL byte", "id,name\n1,Siti\n2,Bu\u{0}di\n", line: 3, "NUL byte"),
        Form("Latin-1", Array("id,name\n1,Siti\n2,Ren".utf8) + [0xE9, 0x0A], line: 3, "not UTF-8"),
        Form("half a character", Array("id,name\n1,Siti".utf8) + [0xC3, 0x0A], line: 2, "not UTF-8"),
        Form(
            "UTF-16", Array("id,name\n1,Siti\n".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }), line: 1, "NUL"),
        Form(
            "UTF-16 with a mark",
            [0xFF, 0xFE] + Array("id,name\n".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }),
            line: 1, "NUL"),
        Form("a row cut off", "id,name,count\n1,Siti,2\n2,Bu", line: 3, "cut off"),
        Form("a quote never closed", "id,name\n1,Siti\n2,\"Budi\n3,Wayan\n", line: 3, "never closed"),
        Form("a field of 10 MB", "id,name\n1,\(String(repeating: "x", count: 10_000_000))\n", line: 2, "1 MiB"),
        Form("a quote over 10 MB", "id,name\n1,\"\(String(repeating: "x\n", count: 5_000_000))", line: 2, "1 MiB"),
        Form("gzip cut off", Array(Packed.oneMember.dropLast(12)), "cut off"),
        Form("gzip cut off before its check", Array(Packed.oneMember.dropLast(3)), "cut off"),
        Form("gzip of which a byte was changed", flipped(Packed.oneMember, at: 20), "gzip"),
        Form("gzip whose check is wrong", flipped(Packed.oneMember, at: Packed.oneMember.count - 6), "damaged"),
        Form("gzip and something behind it", Packed.oneMember + Array("id,name\n".utf8), "damaged"),
    ]

    private static func flipped(_ bytes: [UInt8], at index: Int) -> [UInt8] {
        var bytes = bytes
        if bytes.indices.contains(index) { bytes[index] ^= 0x55 }
        return bytes
    }

    private func expectNothingKept(_ registry: Registry) throws {
        for table in ["batch", "source_row", "source_block", "quarantine", "source_description", "source_row_end"] {
            #expect(try registry.count(table) == 0, "\(table)")
        }
        #expect(try registry.values("SELECT action FROM journal_entry", columns: 1) == [["registry.made"]])
    }

    @Test("says where and why, and leaves nothing behind", arguments: Database.Engine.allCases)
    func refused(engine: Database.Engine) throws {
        try Fixture.use(engine) { registry, folder in
            for form in Self.forms {
                let file = try folder.write("file.csv", form.bytes)
                let error = registryError { _ = try registry.ingest(try Fixture.sample(), file: file) }
                guard case .refused(let path, let line, let reason) = error else {
                    Issue.record("\(form.name): \(String(describing: error))")
                    continue
                }
                #expect(path == file)
                #expect(reason.contains(form.says), "\(form.name): \(reason)")
                #expect(line == form.line, "\(form.name): \(reason)")
                try expectNothingKept(registry)
            }
        }
    }

    @Test("is none that can be read", arguments: Database.Engine.allCases)
    func noFile(engine: Database.Engine) throws {
        try Fixture.use(engine) { registry, folder in
            for path in [folder.path("missing.csv"), folder.url.path, ""] {
                guard case .file = registryError({ _ = try registry.ingest(try Fixture.sample(), file: path) }) else {
                    Issue.record("“\(path)” was taken")
                    continue
                }
            }
            try expectNothingKept(registry)
        }
    }
}

@Suite("Numbers in the database")
struct SecrecyTests {
    @Test("are nowhere in plain text, nor are names")
    func nowhere() throws {
        try TestDatabases.useURL(.sqlite) { url in
            let database = try Database.open(url)
            try database.migrate(Fixture.migrations)
            let registry = try Fixture.registry(in: database)
            try TestDatabases.useFolder { url in
                let folder = Folder(url: url)
                let people = [
                    Resident(nik: number(1), card: number(901), name: "Zubaidah Qomariyah"),
                    Resident(nik: number(2), card: number(902), name: "Quraisy Xaverius"),
                ]
                let broken = "3599011705809999x,3599011705800901,Yohanes Zainuddin,L,1980-05-17,ANAK,,35.10.16.1007\n"
                let dukcapil = try registry.pack.source("dukcapil")
                let batch = try registry.ingest(
                    dukcapil, file: folder.write("dukcapil.csv", Resident.file(people) + broken))
                #expect(batch.quarantined == 1)
                _ = try registry.ingest(
                    try registry.pack.source("samsat"),
                    file: folder.write(
                        "samsat.csv", "nomor_polisi,nik,nama,jenis\nP 1 AB,\(number(1)),Zubaidah,MOBIL PENUMPANG\n"))
                _ = try registry.link()
                _ = try registry.person(nik: NIK.madeUp(1), in: Knowledge(of: registry), as: registry.everywhere())
            }
            try database.close()
            let path = String(url.dropFirst("sqlite:".count))
            var bytes = Data()
            for suffix in ["", "-wal"] {
                if let file = FileManager.default.contents(atPath: path + suffix) { bytes += file }
            }
            #expect(bytes.range(of: Data("35.10.16.1007".utf8)) != nil, "the file holds what is no secret")
            for secret in [
                number(1), number(2), number(901), number(902), "3599011705809999", "Zubaidah", "ZUBAIDAH", "Quraisy",
                "Yohanes", "35990117",
            ] {
                #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(secret) is in the file")
            }
        }
    }
}

extension NIK {
    /// The NIK of ``number(_:_:)``.
    static func madeUp(_ serial: Int) throws -> NIK {
        guard case .valid(let nik) = NIK.assess(number(serial), madeUp: true) else { throw CancellationError() }
        return nik
    }
}
