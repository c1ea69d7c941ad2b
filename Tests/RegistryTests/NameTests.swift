import Foundation
import RecordLinkage
import Storage
import TestSupport
import Testing

@testable import Registry

@Suite("Names")
struct NameTests {
    @Test(
        "of one person agree, however they are written",
        arguments: [
            ("Siti Aminah", "SITI AMINAH"), ("Siti  Aminah", " SITI AMINAH "), ("H. Ahmad Fauzi", "AHMAD FAUZI"),
            ("Hj. Siti Aminah, S.Pd.", "SITI AMINAH"), ("Drs. Slamet Riyadi, M.Si.", "SLAMET RIYADI"),
            ("KH. Raden Bagus Ma'ruf", "BAGUS MARUF"), ("Moh. Slamet", "MOHAMMAD SLAMET"),
            ("M. Slamet", "MUHAMMAD SLAMET"),
            ("Slamet", "SLAMET RIYADI"), ("Budi S. Wibowo", "BUDI SANTOSO WIBOWO"), ("Ketut S.", "KETUT SUARDANA"),
            ("Sukarno", "SUKARNO"), ("AHMAD FAUZI", "AHMAD FAUZII"), ("SLAMET RIYADI", "SLAMET RIADI"),
            ("WAYAN SUDIRA", "WAYAN SUDIAR"), ("Nur-Hayati", "NUR HAYATI"),
            ("FEBRRI PERMATASARI PUSPITASARI", "FEBRI PERMATASARI PUSPITASARI"),
        ])
    func agreement(one: String, two: String) {
        #expect(NameForm(one).agrees(with: NameForm(two)))
        #expect(NameForm(two).agrees(with: NameForm(one)))
    }

    @Test(
        "of two people do not: a word that everybody bears is not enough",
        arguments: [
            ("SITI AMINAH", "SLAMET RIYADI"), ("SITI AMINAH", "SITI"), ("MUHAMMAD", "MUHAMMAD SLAMET"),
            ("SITI AMINAH", "SITI ROKHAYAH"), ("NUR", "NUR HAYATI"), ("M.", "MUHAMMAD SLAMET"), ("", ""),
            ("", "SLAMET"),
            ("H.", "SLAMET"), ("S. R.", "SLAMET RIYADI"), ("BUDI SANTOSO", "SANTOSO BUDI"), ("123", "456"),
            ("ANI", "ARI"),
        ])
    func disagreement(one: String, two: String) {
        #expect(!NameForm(one).agrees(with: NameForm(two)))
        #expect(!NameForm(two).agrees(with: NameForm(one)))
    }

    @Test("are masked to first letters")
    func masking() {
        #expect(masked(name: "Siti Rahma") == "S*** R****")
        #expect(masked(name: "A Budi") == "A* B***")
        #expect(masked(name: "") == "")
    }

    @Test("are read by the country's tables and, before them, by the region's own")
    func regions() throws {
        let equivalents = try Fixture.library.nameEquivalents(of: Fixture.pack.regency)
        #expect(equivalents.words["MOH"] == "MUHAMMAD" && equivalents.words["WYN"] == "WAYAN")
        #expect(equivalents.titles.isSuperset(of: ["HJ", "NI"]))
        #expect(equivalents.joinsDoubledLetters && !equivalents.spellings.isEmpty)
        try TestDatabases.useFolder { folder in
            let library = PackLibrary(root: folder.path)
            #expect(try library.nameEquivalents(of: Fixture.pack.regency).words.isEmpty, "a country without tables")
            let region = folder.appendingPathComponent("Regions/35.10")
            try FileManager.default.createDirectory(at: region, withIntermediateDirectories: true)
            try Data("words: {WAYAN: WYN}\nnonsense: 1\n".utf8).write(to: region.appendingPathComponent("names.yaml"))
            #expect(throws: RegistryError.self) { try library.nameEquivalents(of: Fixture.pack.regency) }
        }
    }

    @Test(
        "of Balinese, Madurese and Osing people link with all ways in which lists write them",
        arguments: [
            ("WAYAN SUDIRA", "I Wyn. Sudira"), ("MUHAMMAD SALEH", "Mat Soleh"), ("NI KETUT RAI", "KT RAI"),
            ("NUR HASAN", "Nor Asan"), ("SLAMET RIYADI", "SELAMET RIJADI"), ("DJOKO SOEWITO", "Joko Suwito"),
        ])
    func forms(register: String, list: String) throws {
        try Fixture.use(.sqlite) { registry, folder in
            var town = Town().residents
            town[10].name = register
            try ingest(registry, folder, "dukcapil", Resident.file(town))
            let rows = try ingest(
                registry, folder, "pkh-list",
                Town().list(0..<400) { index, row in
                    if index == 10 {
                        row = .init(card: "", nik: "", name: list, born: town[10].born, village: town[10].village)
                    }
                })
            _ = try registry.link()
            let family = try #require(
                registry.links(of: 1)[12]?.split(separator: " ").last?.split(separator: "/").first)
            #expect(try registry.links(of: rows.batch)[12]?.hasPrefix("likeness \(family)/") == true, "\(list)")
        }
    }
}
