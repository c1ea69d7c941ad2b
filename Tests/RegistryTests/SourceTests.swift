import Foundation
import Testing

@testable import Registry

@Suite("A source's description")
struct SourceTests {
    @Test("is read for every source of the pack, and says who owns it, what for and on what ground")
    func pack() throws {
        let sources = Fixture.pack.sources
        #expect(sources.count == 13)
        for (name, source) in sources {
            #expect(source.name == name)
            for language in ["id", "en"] {
                #expect(!source.title(language).isEmpty)
                #expect(!source.owner(language).isEmpty)
                #expect(!source.purpose(language).isEmpty)
            }
            #expect(!source.legalBasis.isEmpty)
            #expect(source.freshnessDays > 0)
            #expect(!source.key.isEmpty)
            #expect(source.identity[.nik] != nil)
            // The same text is the same description, wherever it is kept.
            let again = try SourceDefinition.parse(source.text, file: "again.yaml")
            #expect(again.digest == source.digest)
            #expect(again.fields.map(\.name) == source.fields.map(\.name))
        }
        #expect(sources.values.filter { $0.effect == .residents }.map(\.name) == ["dukcapil"])
        #expect(sources.values.filter { $0.effect == .death }.map(\.name) == ["dukcapil-deaths"])
        #expect(sources.values.filter { $0.effect == .move }.map(\.name) == ["dukcapil-moves"])
    }

    /// A change of the sample, and what the complaint must say.
    static let breakages: [(from: String, to: String, line: Int?, says: String)] = [
        ("freshness_days:", "freshnes_days:", 1, "“freshness_days” is missing"),
        ("legal_basis: none", "legal_basis: none\nlegal_bases: none", 7, "legal_bases: is not a known key here"),
        ("max: 5}", "max: 5, mix: 2}", 13, "fields.id.mix: is not a known key here"),
        ("{type: nik}", "{type: nick}", 14, "fields.nik.type: expected one of nik, family_number"),
        ("{type: date}", "{}", 18, "fields.seen: “type” is missing"),
        ("delivery: full", "delivery: sometimes", 7, "delivery: expected one of full, changes"),
        ("freshness_days: 30", "freshness_days: 0", 8, "freshness_days: expected a whole number from 1"),
        ("freshness_days: 30", "freshness_days: soon", 8, "freshness_days: expected a whole number"),
        ("version: 1", "version: one", 2, "version: expected a whole number"),
        ("subject: person", "subject: village", 9, "subject: expected one of person, family"),
        ("key: [id]", "key: [ident]", 10, "key[0]: “ident” is not a field of this source"),
        ("{nik: nik,", "{nik: nick,", 11, "identity.nik: “nick” is not a field of this source"),
        ("{nik: nik,", "{nick: nik,", 11, "identity.nick: expected one of nik, family_number, name"),
        ("{nik: nik,", "{nik: name,", nil, "has not the type of a nik"),
        ("birth_date: born", "birth_date: count", nil, "“count” has not the type of a birth_date"),
        (", name: name,", ",", nil, "identity: “name” is missing"),
        ("{nik: nik, family_number: kk, name", "{name", nil, "by nik or family_number"),
        ("subject: person", "subject: person\nbuilds: residents", nil, "identity: “sex” is missing"),
        ("subject: person", "subject: person\napplies: death", nil, "identity: “event_date” is missing"),
        ("subject: person", "subject: person\napplies: move", nil, "identity: “event_date” is missing"),
        ("subject: person", "subject: person\napplies: birth", 10, "applies: expected one of residents, death, move"),
        ("{type: date}", "{type: nik}", nil, "“seen” is a second nik"),
        ("{type: date}", "{type: family_number}", nil, "“seen” is a second family_number"),
        ("{type: date}", "{type: date, malformed: keep}", 18, "fields.seen: only identifiers are kept"),
        ("level: village", "level: hamlet", 19, "fields.village.level: expected one of province"),
        ("min: 0, max: 10}", "min: 11, max: 10}", 20, "fields.count: min is above max"),
        ("required: true, max: 5", "required: always, max: 5", 13, "fields.id.required: expected true or false"),
        ("values: {SATU: one, DUA: two}", "", 24, "fields.kind: “values” is missing"),
        ("field: flag", "field: flags", 26, "evidence.flagged.field: “flags” is not a field"),
        ("combine: any", "combine: average", 26, "evidence.flagged.combine: expected one of latest"),
        ("{field: flag,", "{", 26, "evidence.flagged: “field” is missing"),
        ("{field: flag,", "{field: flag, as: weeks,", 26, "evidence.flagged.as: expected one of years_since"),
        ("{id: Contoh, en: Sample}", "{id: Contoh}", 3, "title: the wording in “en” is missing"),
        ("{id: Contoh, en: Sample}", "Contoh", 3, "title: expected a mapping"),
        ("fields:", "fields: none\nfeelds:", 12, "fields: expected a mapping"),
        ("version: 1", "version: 1\nversion: 2", nil, "stands twice: version"),
        ("version: 1", "version: [1", nil, "not YAML"),
    ]

    @Test("is refused with line and field for what is wrong in it", arguments: breakages.indices)
    func broken(index: Int) throws {
        let breakage = Self.breakages[index]
        let sample = Fixture.sampleText()
        let range = try #require(sample.range(of: breakage.from))
        let text = sample.replacingCharacters(in: range, with: breakage.to)
        guard case .configuration(let fault) = registryError({ _ = try SourceDefinition.parse(text, file: "s.yaml") })
        else {
            Issue.record("“\(breakage.to)” was taken")
            return
        }
        #expect(fault.file == "s.yaml")
        #expect(fault.description.contains(breakage.says), "\(fault)")
        if let line = breakage.line {
            #expect(fault.line == line, "\(fault)")
            #expect(fault.column != nil)
        }
    }

    @Test("is refused where there is none")
    func empty() {
        for text in ["", "# nothing", "[]", "words"] {
            guard case .configuration = registryError({ _ = try SourceDefinition.parse(text, file: "s.yaml") }) else {
                Issue.record("“\(text)” was taken")
                continue
            }
        }
        guard case .file = registryError({ _ = try SourceDefinition.read("/nowhere/s.yaml") }) else {
            Issue.record("a file was read that is not there")
            return
        }
    }
}
