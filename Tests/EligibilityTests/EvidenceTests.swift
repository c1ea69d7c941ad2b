import Foundation
import Journal
import Registry
import Storage
import TestSupport
import Testing

@testable import Eligibility

/// Three people of two families, as the population register lists them.
enum SmallData {
    static let register = """
        nik,no_kk,nama,jenis_kelamin,tanggal_lahir,hubungan_keluarga,kode_desa
        \(Fixture.number(1)),\(Fixture.number(901)),AHMAD FAUZI,L,1980-05-17,KEPALA KELUARGA,35.10.16.1007
        \(Fixture.number(2)),\(Fixture.number(901)),BUDI FAUZI,L,2010-05,ANAK,35.10.16.1007
        \(Fixture.number(3)),\(Fixture.number(902)),SLAMET RIYADI,L,1950,KEPALA KELUARGA,35.10.01.2001

        """

    static func ingest(_ registry: Registry, _ folder: URL, _ source: String, _ text: String, _ day: String) throws {
        let file = folder.appendingPathComponent("\(source)-\(UUID()).csv")
        try Data(text.utf8).write(to: file)
        _ = try registry.ingest(try registry.pack.source(source), file: file.path, delivered: Fixture.day(day))
    }

    static func deliver(_ registry: Registry, _ folder: URL) throws {
        try ingest(registry, folder, "dukcapil", register, "2025-09-01")
        _ = try registry.link()
    }

    /// The pack of Banyuwangi with two sources more, in a library of its own.
    static func useLibrary<R>(_ body: (PackLibrary) throws -> R) throws -> R {
        try TestDatabases.useFolder { folder in
            let regions = folder.appendingPathComponent("Regions")
            try FileManager.default.createDirectory(at: regions, withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                at: URL(fileURLWithPath: Fixture.pack.path), to: regions.appendingPathComponent("35.10"))
            for (name, freshness) in [("first", 30), ("second", 90)] {
                try source(name, freshness: freshness).write(
                    to: regions.appendingPathComponent("35.10/Sources/\(name).yaml"), atomically: true, encoding: .utf8)
            }
            return try body(PackLibrary(root: folder.path))
        }
    }

    private static func source(_ name: String, freshness: Int) -> String {
        """
        source: \(name)
        version: 1
        title: {id: Contoh, en: Sample}
        owner: {id: Kami, en: Us}
        purpose: {id: Menguji, en: To test}
        legal_basis: none
        delivery: full
        freshness_days: \(freshness)
        subject: person
        key: [id]
        identity: {nik: nik, name: name}
        dated: day
        fields:
          id: {type: text, required: true, max: 5}
          nik: {type: nik}
          name: {type: text, required: true, max: 40}
          day: {type: date}
          paid: {type: rupiah}
          area: {type: decimal}
          flag: {type: boolean}
          kind: {type: code, values: {A: a, B: b, C: c}}
          born: {type: partial_date}
        evidence:
          latest: {field: paid}
          most: {field: paid, combine: max}
          total: {field: paid, combine: sum, absent: 0}
          area: {field: area, combine: sum}
          flagged: {field: flag, combine: any}
          some: {field: kind, counting: [a, b], combine: count}
          is_a: {field: kind, counting: [a]}
          kind: {field: kind, absent: none}
          years: {field: born, as: years_since}
          listed: {constant: true, absent: false}
        """
    }

    /// A programme that asks for each of them, of the family and of each member.
    static func programme(from: String = "[first]") throws -> Programme {
        let types = [
            ("latest", "int"), ("most", "int"), ("total", "int"), ("area", "double"), ("flagged", "bool"),
            ("some", "int"), ("is_a", "bool"), ("kind", "string"), ("years", "int"), ("listed", "bool"),
        ]
        let lines = types.map {
            "    \($0.0): {type: \($0.1), from: \(from), label: {id: L, en: L}, mend: {id: M, en: M}}"
        }.joined(separator: "\n")
        let text = SmallProgramme.text()
        let start = text.range(of: "  family:\n")?.lowerBound ?? text.startIndex
        let end = text.range(of: "definitions:")?.lowerBound ?? text.endIndex
        let head = text.replacingCharacters(
            in: start..<end, with: "  family:\n\(lines)\n  member:\n\(lines)\n")
        return try Programme.parse(
            head.replacing("schooling == 'enrolled'", with: "is_a").replacing("decile <= 2", with: "latest <= 2")
                .replacing("requires: decile <= 4", with: "requires: latest <= 4")
                .replacing("cars > 0", with: "flagged").replacing("age <= 6", with: "years <= 6")
                .replacing("age >= 60", with: "years >= 60").replacing("by: decile", with: "by: latest").replacing(
                    "watch: [decile]", with: "watch: [latest]"),
            file: "small.yaml")
    }
}

@Suite("Evidence")
struct EvidenceTests {
    /// What is known of a family for the sample programme: the family's attributes, then each member's.
    private struct Known {
        let programme: Programme
        let facts: FamilyFacts

        func family(_ name: String) throws -> Evidence? { try evidence(facts.family, name, .family) }
        func member(_ member: Int, _ name: String) throws -> Evidence? {
            try evidence(facts.members[member], name, .member)
        }

        private func evidence(
            _ evidence: [Evidence?], _ name: String, _ scope: Programme.Scope
        ) throws -> Evidence? {
            let names = programme.attributes.filter { $0.scope == scope }.map(\.name)
            return evidence[try #require(names.firstIndex(of: name))]
        }
    }

    private func known(
        _ registry: Registry, family: Int64 = 1, day: String, from: String = "[first]"
    ) throws -> Known {
        let knowledge = try Knowledge(of: registry)
        let programme = try SmallData.programme(from: from)
        let plan = try AttributePlan(programme, knowledge: knowledge, day: Fixture.day(day))
        let found = try #require(try registry.family(family, in: knowledge, as: registry.everywhere()))
        return Known(programme: programme, facts: plan.facts(of: found))
    }

    private static let header = "id,nik,name,day,paid,area,flag,kind,born\n"
    private static let one = "\(Fixture.number(1)),AHMAD FAUZI"
    private static let two = "\(Fixture.number(2)),BUDI FAUZI"
    private static let rows =
        header + "1,\(one),2025-08-01,5,1.5,tidak,A,1957-08-17\n2,\(one),2025-08-20,7,0.25,ya,B,\n"
        + "3,\(one),2025-08-10,9,,,C,\n4,\(two),2025-08-05,100,2,tidak,,2004-02\n5,\(two),,,,,,\n"

    private func use(
        _ engine: Database.Engine, deliveries: [(String, String, String)], _ body: (Registry) throws -> Void
    ) throws {
        try SmallData.useLibrary { library in
            try Fixture.use(engine, library: library) { registry, folder in
                try SmallData.ingest(registry, folder, "dukcapil", SmallData.register, "2025-09-01")
                for (source, text, day) in deliveries {
                    try SmallData.ingest(registry, folder, source, text, day)
                }
                _ = try registry.link()
                try body(registry)
            }
        }
    }

    @Test("of several rows becomes one value, as the source says", arguments: Database.Engine.allCases)
    func combining(engine: Database.Engine) throws {
        try use(engine, deliveries: [("first", Self.rows, "2025-09-01")]) { registry in
            let known = try known(registry, day: "2025-09-02")
            #expect(try known.member(0, "latest")?.value == .integer(7))
            #expect(try known.member(0, "most")?.value == .integer(9))
            #expect(try known.member(0, "total")?.value == .integer(21))
            #expect(try known.member(0, "area")?.value == .double(1.75))
            #expect(try known.member(0, "flagged")?.value == .boolean(true))
            #expect(try known.member(0, "some")?.value == .integer(2))
            #expect(try known.member(0, "is_a")?.value == .boolean(false))
            #expect(try known.member(0, "kind")?.value == .text("b"))
            #expect(try known.member(0, "years")?.value == .integer(68))
            #expect(try known.member(0, "listed")?.value == .boolean(true))
            // The family's are those of all its members together.
            #expect(try known.family("latest")?.value == .integer(7))
            #expect(try known.family("most")?.value == .integer(100))
            #expect(try known.family("total")?.value == .integer(121))
            #expect(try known.family("area")?.value == .double(3.75))
            // A field that is empty says nothing.
            #expect(try known.member(1, "flagged")?.value == .boolean(false))
            #expect(try known.member(1, "some") == nil)
            #expect(try known.member(1, "total")?.value == .integer(100))
            #expect(try known.member(1, "years")?.value == .integer(21))
        }
    }

    @Test("names the row, the batch and the day that it rests on", arguments: Database.Engine.allCases)
    func provenance(engine: Database.Engine) throws {
        try use(engine, deliveries: [("first", Self.rows, "2025-09-01")]) { registry in
            let known = try known(registry, day: "2025-09-02")
            let latest = try #require(try known.member(0, "latest"))
            #expect((latest.source, latest.batch, latest.line) == ("first", 2, 3))
            #expect(latest.day == Fixture.day("2025-08-20"))
            #expect(try known.member(0, "most")?.line == 4)
            #expect(try known.family("most")?.line == 5)
            // A row without a date of its own has the delivery's.
            #expect(try known.member(1, "listed")?.day == Fixture.day("2025-09-01"))
            // Silence has no row: it is the delivery's.
            let silent = try #require(try known.member(1, "kind"))
            #expect((silent.value, silent.batch, silent.line) == (.text("none"), 2, nil))
            #expect(silent.day == Fixture.day("2025-09-01"))
        }
    }

    @Test("of somebody without a row is what the source's silence means", arguments: Database.Engine.allCases)
    func silence(engine: Database.Engine) throws {
        try use(engine, deliveries: [("first", Self.rows, "2025-09-01")]) { registry in
            let other = try known(registry, family: 2, day: "2025-09-02")
            #expect(try other.member(0, "latest") == nil)
            #expect(try other.member(0, "total")?.value == .integer(0))
            #expect(try other.member(0, "kind")?.value == .text("none"))
            #expect(try other.member(0, "listed")?.value == .boolean(false))
            #expect(try other.family("total")?.value == .integer(0))
        }
        // A source that never delivered is not silent: nothing is known.
        try use(engine, deliveries: []) { registry in
            let known = try known(registry, day: "2025-09-02")
            #expect(known.facts.family.allSatisfy { $0 == nil })
            #expect(known.facts.members.allSatisfy { $0.allSatisfy { $0 == nil } })
        }
    }

    @Test("of a stale source is none", arguments: Database.Engine.allCases)
    func stale(engine: Database.Engine) throws {
        try use(engine, deliveries: [("first", Self.rows, "2025-09-01")]) { registry in
            let last = try known(registry, day: "2025-10-01")
            #expect(try last.member(0, "latest")?.value == .integer(7))
            let after = try known(registry, day: "2025-10-02")
            #expect(after.facts.members.allSatisfy { $0.allSatisfy { $0 == nil } })
            #expect(after.facts.family.allSatisfy { $0 == nil })
        }
        // The same rows delivered again are fresh again.
        try use(
            engine, deliveries: [("first", Self.rows, "2025-09-01"), ("first", Self.rows + "\n", "2025-09-20")]
        ) { registry in
            let known = try known(registry, day: "2025-10-02")
            #expect(try known.member(0, "latest")?.value == .integer(7))
        }
    }

    @Test("comes from the most trusted source that has any and is fresh", arguments: Database.Engine.allCases)
    func trust(engine: Database.Engine) throws {
        let second =
            Self.header + "1,\(Self.one),2025-08-30,1,,,A,\n2,\(Fixture.number(3)),SLAMET RIYADI,2025-08-30,3,,,,\n"
        try use(
            engine, deliveries: [("first", Self.rows, "2025-09-01"), ("second", second, "2025-09-01")]
        ) { registry in
            let both = try known(registry, day: "2025-09-02", from: "[first, second]")
            #expect(try both.member(0, "latest")?.value == .integer(7), "newer evidence is not more trusted")
            #expect(try both.member(0, "latest")?.source == "first")
            let turned = try known(registry, day: "2025-09-02", from: "[second, first]")
            #expect(try turned.member(0, "latest")?.value == .integer(1))
            #expect(try turned.member(1, "latest")?.source == "first")
            // A row of the less trusted source counts before the silence of the more trusted one.
            let other = try known(registry, family: 2, day: "2025-09-02", from: "[first, second]")
            #expect(try other.member(0, "total")?.value == .integer(3))
            #expect(try other.member(0, "kind")?.source == "first")
            // Where the more trusted one is stale, the other one speaks.
            let later = try known(registry, day: "2025-10-15", from: "[first, second]")
            #expect(try later.member(0, "latest")?.value == .integer(1))
        }
    }

    @Test("must be of the type that the source's silence has")
    func silenceType() throws {
        try SmallData.useLibrary { library in
            let path = library.root + "/Regions/35.10/Sources/first.yaml"
            let text = try String(contentsOfFile: path, encoding: .utf8)
            try text.replacing("combine: sum, absent: 0}", with: "combine: sum, absent: none}").write(
                toFile: path, atomically: true, encoding: .utf8)
            try Fixture.use(.sqlite, library: library) { registry, folder in
                try SmallData.deliver(registry, folder)
                let error = registryError {
                    let knowledge = try Knowledge(of: registry)
                    _ = try AttributePlan(SmallData.programme(), knowledge: knowledge, day: knowledge.day)
                }
                #expect(error?.description.contains("the silence of “first” means “none”") == true)
            }
        }
    }
}

@Suite("What must be known")
struct MissingTests {
    @Test("is read as it is written")
    func roundTrip() {
        for missing in [Missing("decile"), Missing("schooling", person: 1204)] {
            #expect(Missing(reading: missing.description) == missing)
        }
        #expect(Missing("schooling", person: 1204).description == "schooling@1204")
        for text in ["", "@3", "a@", "a@b"] { #expect(Missing(reading: text) == nil, "\(text)") }
        #expect(Missing("z") < Missing("a", person: 1))
        #expect(Missing("a", person: 1) < Missing("b", person: 1))
    }
}
