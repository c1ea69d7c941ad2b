import Foundation
import TestSupport
import Testing

@Suite("Files that are refused")
struct RefusedFileTests {
    private static let header = "nip,nik,nama,tanggal_lahir,status\n"
    private static let row = "199805072097019586,3599024705980001,BUNAMI,1998-05-07,PNS\n"

    /// A file that is not the source's, and what must be said of it.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let content: [UInt8]
        let words: [String]

        init(_ name: String, _ content: some Sequence<UInt8>, _ words: [String]) {
            testDescription = name
            self.content = Array(content)
            self.words = words + ["file.csv", "nothing of the file was kept"]
        }
    }

    static let cases = [
        Case("another header", "nama,umur\nBUNAMI,27\n".utf8, [":1:", "header", "missing: nip", "not known: umur"]),
        Case("a column twice", ("nip,nip" + header.dropFirst(3) + row).utf8, [":1:", "twice: nip"]),
        Case("a picture", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D] + (0...255), ["text"]),
        Case("an empty file", [], ["empty"]),
        Case("a byte order mark alone", [0xEF, 0xBB, 0xBF], ["empty"]),
        Case("half a row at the end", (header + row + "199909072020078596,35990").utf8, [":3:", "cut off"]),
        Case("a quote that is never closed", (header + row + "\"1999").utf8, [":3:", "quote"]),
        Case(
            "10 MB in one field",
            (header + row + "1,3599024705980001," + String(repeating: "A", count: 10_000_000) + ",1998-05-07,PNS\n")
                .utf8,
            [":3:", "1 MiB"]),
        Case(
            "10 MB in one quoted field",
            (header + row + "1,3599024705980001,\"" + String(repeating: "A\n", count: 5_000_000) + "\",,PNS\n").utf8,
            [":3:", "1 MiB"]),
        Case("NUL bytes", (header + row + row.replacing("BUNAMI", with: "BU\0NAMI")).utf8, [":3:", "NUL", "UTF-8"]),
        Case(
            "Latin-1",
            Array((header + row).utf8) + Array("1,3599024705980001,REN".utf8) + [0xC9] + Array(",,PNS\n".utf8),
            [":3:", "UTF-8"]),
        Case("UTF-16", [0xFF, 0xFE] + (header + row).utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }, ["UTF-8"]),
        Case("a gzip file that is none", [0x1F, 0x8B, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], ["gzip"]),
    ]

    @Test("a file that is not the source's is refused whole, with file, line and reason", arguments: cases)
    func refused(_ refused: Case) throws {
        try MadeUp.use(.filled) { place in
            let path = try place.write("file.csv", refused.content)
            try place.expectUnchanged { place in
                try place.run("ingest", "bkn", path).expectRefusal(65, says: refused.words)
            }
        }
    }

    @Test("of several files of one delivery none is kept where one is refused, which is named")
    func several() throws {
        try MadeUp.use(.made) { place in
            let good = try place.write("good.csv", (Self.header + Self.row).utf8)
            let bad = try place.write("bad.csv", "nama\n".utf8)
            try place.expectUnchanged { place in
                try place.run("ingest", "bkn", good, bad, "--json").expectRefusal(65, says: ["bad.csv:1:"])
            }
            try place.expectSound()
        }
    }

    @Test("a file that cannot be read is no batch")
    func unreadable() throws {
        try MadeUp.use(.filled) { place in
            let folder = place.folder.path
            try place.expectUnchanged { place in
                try place.run("ingest", "bkn", "nosuch.csv").expectRefusal(1, says: ["nosuch.csv", "opened"])
                try place.run("ingest", "bkn", folder).expectRefusal(1, says: [folder, "cannot be read"])
            }
        }
    }

    @Test("rows with a flaw are set aside with line, field, value and reason; the others are kept")
    func quarantined() throws {
        try MadeUp.use(.made) { place in
            let header =
                "nik,no_kk,nama,jenis_kelamin,tempat_lahir,tanggal_lahir,hubungan_keluarga,status_kawin,nama_ibu,"
                + "alamat,rt,rw,kode_desa\n"
            func row(_ serial: Int, sex: String = "P", village: String) -> String {
                "359901590252000\(serial),3599010805180001,PAINI,\(sex),PESANGGARAN,1952-02-19,KEPALA KELUARGA,"
                    + "CERAI MATI,WARSINI,DUSUN SUMBERJO,003,003,\(village)\n"
            }
            let rows = [
                row(1, village: "35.10.01.2001"), row(2, village: "35.10.01.9999"), row(3, village: "99.99.01.2001"),
                row(4, sex: "X", village: "35.10.01.2001"), "3599015902520005,3599010805180001,PAINI\n",
                row(6, village: "35.10.01.2002"),
            ]
            let path = try place.write("dukcapil.csv", (header + rows.joined()).utf8)
            let taken = try place.run("ingest", "dukcapil", path, "--json").expectDone().json()
            #expect(taken["rows"]?.int == 6)
            #expect(taken["accepted"]?.int == 2)
            #expect(taken["quarantined"]?.int == 4)

            let aside = try place.run("quarantine", "1", "--json").expectDone().json()["rows"]?.elements ?? []
            #expect(aside.map { $0["line"]?.int } == [3, 4, 5, 6])
            #expect(aside.map { $0["field"]?.text } == ["kode_desa", "kode_desa", "jenis_kelamin", ""])
            #expect(aside.map { $0["value"]?.text } == ["35.10.01.9999", "99.99.01.2001", "X", ""])
            #expect(aside.allSatisfy { $0["reason"]?.text?.isEmpty == false })
            let words = try place.run("quarantine", "1").expectDone().output
            #expect(words.contains("line 3: kode_desa “35.10.01.9999”"))
            try place.expectSound()
        }
    }

    @Test("a programme with a rule that does not type-check is refused with file, line, column and what was expected")
    func programme() throws {
        try MadeUp.use(.linked) { place in
            let home = place.folder.appendingPathComponent("home")
            let programmes = home.appendingPathComponent("Programmes/pkh")
            let files = FileManager.default
            try files.createDirectory(at: programmes, withIntermediateDirectories: true)
            try files.createSymbolicLink(
                at: home.appendingPathComponent("Regions"),
                withDestinationURL: Tepat.home.appendingPathComponent("Regions"))
            let original = Tepat.home.appendingPathComponent("Programmes/pkh/2025.1.yaml")
            let text = try String(contentsOf: original, encoding: .utf8)
            try #require(text.contains("    requires: decile <= 4\n"))
            let line = text.split(separator: "\n", omittingEmptySubsequences: false)
                .firstIndex { $0 == "    requires: decile <= 4" }.map { $0 + 1 }
            let file = programmes.appendingPathComponent("2025.1.yaml")
            var place = place
            place.environment["TEPAT_HOME"] = home.path
            for (rule, column, words) in [
                ("decile <= \"4\"", 22, ["int", "string"]), ("decile + 4", 15, ["bool", "int"]),
                ("desil <= 4", 15, ["desil"]), ("decile <= ", 24, ["expected a value"]),
            ] {
                try Data(text.replacing("requires: decile <= 4\n", with: "requires: \(rule)\n").utf8).write(to: file)
                try place.expectUnchanged { place in
                    let outcome = try place.run("assess", "pkh")
                    outcome.expectRefusal(65, says: ["2025.1.yaml:\(line ?? 0):", "requires"] + words)
                    #expect(outcome.complaint.first?.contains(":\(line ?? 0):\(column):") == true, "\(outcome)")
                    try place.run("programme", "test", file.path).expectRefusal(65, says: ["2025.1.yaml:\(line ?? 0):"])
                }
            }
        }
    }
}
