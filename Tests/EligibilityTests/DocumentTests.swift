import Registry
import TestSupport
import Testing

@testable import Eligibility

@Suite("The document of a programme")
struct DocumentTests {
    private static func plain(_ rule: String) throws -> Wording? {
        let text = SmallProgramme.text().replacing("requires: decile <= 4", with: "requires: \"\(rule)\"")
            .replacing(
                "schooling: {type: string, from: [dtsen-members], label: {id: Sekolah, en: School}",
                with: "schooling: {type: string, from: [dtsen-members], label: {id: Sekolah, en: School}, "
                    + "values: {enrolled: {id: masih sekolah, en: goes to school}}")
        let programme = try Programme.parse(text, file: "small.yaml")
        return PlainWords(programme: programme).condition(programme.rules[0].expression)
    }

    private static let sentences: [(rule: String, id: String, en: String)] = [
        ("decile <= 4", "Desil paling tinggi 4", "Decile is at most 4"),
        ("4 >= decile", "Desil paling tinggi 4", "Decile is at most 4"),
        ("4 < decile", "Desil lebih dari 4", "Decile is more than 4"),
        ("decile in [1, 2]", "Desil adalah salah satu dari: 1, 2", "Decile is one of: 1, 2"),
        ("decile < 3 && cars == 0", "Desil kurang dari 3 dan Mobil adalah 0", "Decile is less than 3 and Cars is 0"),
        (
            "decile < 3 || cars == 0 && decile < 5",
            "Desil kurang dari 3 atau (Mobil adalah 0 dan Desil kurang dari 5)",
            "Decile is less than 3 or (Cars is 0 and Decile is less than 5)"
        ),
        ("!(cars > 1)", "tidak benar bahwa (Mobil lebih dari 1)", "it is not so that (Cars is more than 1)"),
        ("poor", "“poor” berlaku", "“poor” holds"),
        (
            "members.exists(m, m.schooling == 'enrolled' && m.age >= 7)",
            "ada anggota keluarga yang: Sekolah adalah “masih sekolah” dan Umur paling rendah 7",
            "there is a member of the family for whom: School is “goes to school” and Age is at least 7"
        ),
        (
            "members.all(m, !m.pupil)", "bagi setiap anggota keluarga: tidak benar bahwa (“pupil” berlaku)",
            "for every member of the family: it is not so that (“pupil” holds)"
        ),
        (
            "size(members.filter(m, m.age < 7)) >= 2",
            "jumlah anggota keluarga yang (Umur kurang dari 7) paling rendah 2",
            "the number of members for whom (Age is less than 7) is at least 2"
        ),
    ]

    @Test("says conditions in plain words", arguments: sentences.indices)
    func plain(index: Int) throws {
        let sentence = Self.sentences[index]
        let words = try #require(try Self.plain(sentence.rule))
        #expect(words("id") == sentence.id)
        #expect(words("en") == sentence.en)
    }

    @Test(
        "has no words for what it cannot say soundly",
        arguments: [
            "decile + cars <= 4", "decile <= cars", "decile % 2 == 0", "members.existsOne(m, m.age < 7)",
            "decile < 3 && cars / 2 == 1", "[1, 2].exists(i, i == decile)", "decile < 3 ? true : false",
        ])
    func silent(rule: String) throws { #expect(try Self.plain(rule) == nil) }

    @Test("tells in what two versions differ, and in nothing else")
    func changes() throws {
        let older = try SmallProgramme.make()
        #expect(ProgrammeChange.all(from: older, to: older).count == 0)
        let text = SmallProgramme.text(version: "2").replacing("decile <= 4", with: "decile <= 5")
            .replacing("amount: 300", with: "amount: 350")
            .replacing("hit: verify", with: "hit: decides").replacing("most: 3", with: "most: 4")
            .replacing("Low decile.", with: "A low decile.")
            .replacing("    poor: \"decile <= 2\"", with: "    rich: \"decile > 9\"")
        let changes = ProgrammeChange.all(from: older, to: try Programme.parse(text, file: "small.yaml"))
        #expect(
            changes.map { [$0.what("en"), $0.before ?? "-", $0.after ?? "-"] } == [
                ["definition family.rich", "-", "decile > 9"],
                ["rule decile", "requires decile <= 4", "requires decile <= 5"],
                ["effect of rule car", "verify", "decides"],
                ["amount of component pupil", "Rp300", "Rp350"], ["limit of the family", "3", "4"],
                ["definition family.poor", "decile <= 2", "-"],
            ])
    }

    @Test("works its examples out, and marks those that come out otherwise")
    func examples() throws {
        let programme = try Programme.read(Fixture.library.programmeFiles("pkh")[1])
        let document = ProgrammeDocument(programme, previous: nil, packs: [Fixture.pack])
        #expect(document.examples.count == programme.examples.count)
        #expect(document.examples.filter { $0.isAsSaid }.count == programme.examples.count)
        #expect(document.examples[1].amount == 2_075_000)
        #expect(document.examples[1].members[1]("id").contains("Umur: 9 tahun; "))
        #expect(document.agencies["pln"]?("en") == "State electricity company (PLN)")
        let wrong = try Programme.parse(
            programme.text.replacing("amount: 2075000", with: "amount: 2075001"), file: "x.yaml")
        let outcomes = ProgrammeDocument(wrong, previous: nil, packs: []).examples.map { $0.isAsSaid }
        #expect(outcomes.firstIndex(of: false) == 1)
    }
}
