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

    @Test(
        "have the similarity that Winkler gives",
        arguments: [
            ("MARTHA", "MARHTA", 0.961), ("DIXON", "DICKSONX", 0.813), ("DWAYNE", "DUANE", 0.840), ("ABC", "ABC", 1),
            ("ABC", "XYZ", 0), ("", "", 1), ("A", "", 0), ("JONES", "JOHNSON", 0.832), ("ABCVWXYZ", "CABVWXYZ", 0.958),
        ])
    func jaroWinkler(one: String, two: String, expected: Double) {
        let similarity = JaroWinkler.similarity(Array(one.utf8), Array(two.utf8))
        #expect(abs(similarity - expected) < 0.0006, "\(similarity)")
        #expect(abs(JaroWinkler.similarity(Array(two.utf8), Array(one.utf8)) - similarity) < 1e-12)
    }
}
