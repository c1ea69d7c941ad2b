import Foundation
import Registry
import Storage
import TestSupport
import Testing

@testable import Eligibility

@Suite("The programmes that are shipped")
struct ShippedProgrammeTests {
    static let files = Fixture.library.programmes.flatMap { Fixture.library.programmeFiles($0) }

    @Test("are PKH, Sembako, PBI-JK and one for emergencies, each in at least two versions")
    func names() {
        #expect(Fixture.library.programmes == ["bantuan-darurat", "pbi-jk", "pkh", "sembako"])
        for name in Fixture.library.programmes { #expect(Fixture.library.programmeFiles(name).count >= 2, "\(name)") }
    }

    @Test("leave the linter nothing to find")
    func lint() {
        #expect(ProgrammeLint(Self.files, packs: [Fixture.pack]).findings.map(\.description) == [])
    }

    @Test("mean what their examples say, and have examples of every outcome", arguments: files)
    func examples(file: String) throws {
        let programme = try Programme.read(file)
        #expect(programme.exampleFailures() == [])
        #expect(Set(programme.examples.map(\.outcome)) == Set(Outcome.allCases))
        for rule in programme.rules {
            for language in ["id", "en"] {
                let texts = [rule.words, rule.failed, rule.change, rule.legal].map { $0(language) }
                #expect(!texts.contains(""))
            }
        }
        #expect(Set(programme.next.keys) == Set(Standing.allCases.map(\.rawValue)))
    }

    @Test("fail every rule of theirs in some way", arguments: files)
    func everyRuleDecides(file: String) throws {
        // An example that is changed must be told: else the examples above prove nothing.
        let programme = try Programme.read(file)
        let text = programme.text
        let changed = text.replacing("outcome: eligible", with: "outcome: ineligible", maxReplacements: 1)
        #expect(changed != text)
        #expect(try Programme.parse(changed, file: "x.yaml").exampleFailures().count == 1)
    }

    @Test("ask the pack's sources for what these yield", arguments: files)
    func sources(file: String) throws {
        let programme = try Programme.read(file)
        for attribute in programme.attributes {
            #expect(!attribute.origins.isEmpty)
            for origin in attribute.origins {
                let source = try Fixture.pack.source(origin.source)
                let rule = try #require(source.evidence.first { $0.attribute == origin.evidence }, "\(origin)")
                #expect(rule.type(in: source) == attribute.type, "\(origin)")
                if attribute.scope == .member { #expect(source.subject == .person, "\(origin)") }
            }
        }
    }

    @Test("hold from their first day to their last")
    func versions() throws {
        func version(_ name: String, _ day: String) throws -> String {
            try Programme.version(of: name, on: Fixture.day(day), in: Fixture.library).version
        }
        #expect(try version("pkh", "2024-01-01") == "2024.1")
        #expect(try version("pkh", "2024-12-31") == "2024.1")
        #expect(try version("pkh", "2025-01-01") == "2025.1")
        #expect(try version("pkh", "2025-10-15") == "2025.1")
        #expect(try version("pbi-jk", "2026-01-31") == "2025.1")
        #expect(try version("pbi-jk", "2026-02-01") == "2026.1")
        #expect(try version("bantuan-darurat", "2025-11-15") == "2025.1")
        #expect(try version("bantuan-darurat", "2025-11-16") == "2025.2")
        for (name, day) in [("pkh", "2023-12-31"), ("bantuan-darurat", "2026-02-01"), ("bpnt", "2025-10-15")] {
            let error = registryError { _ = try Programme.version(of: name, on: Fixture.day(day), in: Fixture.library) }
            guard case .unknown = error else {
                Issue.record("\(name) on \(day): \(String(describing: error))")
                continue
            }
        }
    }

    @Test("pay capitation for each member, and once for each who lives where the flood was")
    func capitation() throws {
        let emergency = try Programme.version(
            of: "bantuan-darurat", on: Fixture.day("2025-10-15"), in: Fixture.library)
        #expect(emergency.period == .once)
        let judge = Judge(emergency)
        let member: [String: AttributeValue] = ["age": .integer(30), "state_employment": .text("none")]
        func judged(_ village: String, _ decile: Int64) -> Judgement {
            judge.judge(
                emergency.facts(
                    family: ["village": .text(village), "decile": .integer(decile)], members: [member, member]))
        }
        #expect(judged("35.10.18.2005", 3).outcome == .eligible)
        #expect(judged("35.10.18.2005", 3).amount == 600_000)
        #expect(judged("35.10.18.2005", 9).outcome == .undetermined)
        #expect(judged("35.10.16.1014", 1).outcome == .ineligible)
    }
}

@Suite("A programme that is wrong")
struct WrongProgrammeTests {
    /// A change of the sample; where in it the complaint points, as a piece of the changed text; and what it says.
    static let breakages: [(from: String, to: String, at: String?, says: String)] = [
        ("requires: decile <= 4", "requires: decil <= 4", "decil <= 4", "decil"),
        ("requires: decile <= 4", "requires: decile + nothing <= 4", "nothing <= 4", "nothing"),
        ("requires: decile <= 4", "requires: 'decil <= 4'", "decil <= 4", "decil"),
        ("requires: decile <= 4", "requires: \"decile <= four\"", "four\"", "four"),
        ("requires: decile <= 4", "requires: decile", "decile\n    hit", "expected bool, found int"),
        ("requires: decile <= 4", "requires: size(members)", "size(members)", "expected bool, found int"),
        ("requires: decile <= 4", "requires: decile <= 'four'", nil, "<="),
        ("requires: decile <= 4", "requires: age <= 4", "age <= 4", "age"),
        ("m.has_component)", "m.has_componen)", nil, "has_componen"),
        ("m.has_component)", "m.decile < 3)", nil, "decile"),
        ("member: age <= 6", "member: decile <= 6", "decile <= 6", "decile"),
        ("member: age <= 6", "member: age", "age, amount: 100", "expected bool, found int"),
        ("pupil: schooling == 'enrolled'", "pupil: school == 'enrolled'", "school ==", "school"),
        ("poor: \"decile <= 2\"", "poor: \"decil <= 2\"", "decil <= 2", "decil"),
        ("poor: \"decile <= 2\"", "poor: \"members\"", "\"members\"", "expected bool or int or double or string"),
        ("{by: decile", "{by: schooling", "schooling, order", "schooling"),
        ("{by: decile", "{by: poor", "poor, order", "expected int or double, found bool"),
        ("hit: decides", "hit: maybe", "maybe", "expected one of decides, verify"),
        ("{type: int, from: [samsat]", "{type: integer, from: [samsat]", "integer", "expected one of bool, int"),
        ("order: ascending", "order: rising", "rising", "expected one of ascending, descending"),
        ("every: month", "every: week", "week", "expected one of month, quarter"),
        ("order: priority", "order: luck", "luck", "expected one of priority, amount"),
        ("groups: {children: 2}", "groups: {child: 2}", nil, "“children” has no limit"),
        ("most: 3", "most: 0", "0\n  order", "from 1 to 40"),
        ("  - id: car", "  - id: decile", nil, "“decile” stands twice"),
        ("from: 2025-01-01", "from: 2025-02-29", "2025-02-29", "expected a date"),
        (
            "from: 2025-01-01", "from: 2025-01-01\nuntil: 2024-12-31", "2024-12-31",
            "the last day lies before the first one, 2025-01-01"
        ),
        ("official: false", "official: false\n    also_fails: [cart]", "[cart]", "“cart” is not another rule"),
        ("official: false", "official: false\n    also_fails: [decile]", "[decile]", "“decile” is not another rule"),
        (
            "pupil: schooling == 'enrolled'", "pupil: small || schooling == 'enrolled'\n    small: old\n    old: pupil",
            "small ||", "“pupil” rests on itself: pupil → small → old → pupil"
        ),
        ("pupil: schooling == 'enrolled'", "pupil: pupil", "pupil\n", "“pupil” rests on itself: pupil → pupil"),
        (
            "pupil: schooling == 'enrolled'", "pupil: big && schooling == 'enrolled'\n    big: age > 6", "big &&",
            "“big” is defined below it: move it above “pupil”"
        ),
        ("pupil: schooling == 'enrolled'", "age: schooling == 'enrolled'", "schooling ==", "“age” is an attribute"),
        ("official: false", "officially: false", nil, "“official” is missing"),
        ("legal: [none]", "legal: [none]\nlegally: none", "legally", "is not a known key here"),
        ("  ineligible: {id: Sanggah, en: Appeal}", "", nil, "“ineligible” is missing"),
        ("amount: 300", "amount: -1", "-1", "from 0 to"),
        (
            "next:", "examples:\n  - {name: x, family: {decil: 2}, expect: {outcome: eligible}}\nnext:", "2}, expect",
            "decil"
        ),
        (
            "next:", "examples:\n  - {name: x, family: {decile: two}, expect: {outcome: eligible}}\nnext:", "two",
            "expected int"
        ),
        (
            "next:", "examples:\n  - {name: x, expect: {outcome: eligible, rules: [cart]}}\nnext:", "[cart]",
            "“cart” is not a rule"
        ),
    ]

    @Test("is refused with file, line and column, and what was expected", arguments: breakages.indices)
    func refused(index: Int) throws {
        let breakage = Self.breakages[index]
        let sample = SmallProgramme.text()
        let range = try #require(sample.range(of: breakage.from))
        let text = sample.replacingCharacters(in: range, with: breakage.to)
        guard case .configuration(let fault) = registryError({ _ = try Programme.parse(text, file: "small.yaml") })
        else {
            Issue.record("“\(breakage.to)” was taken")
            return
        }
        #expect(fault.file == "small.yaml")
        #expect(fault.description.contains(breakage.says), "\(fault)")
        let line = try #require(fault.line)
        let column = try #require(fault.column)
        if let at = breakage.at {
            let place = try #require(text.range(of: at, range: range.lowerBound..<text.endIndex))
            let before = text[..<place.lowerBound].split(separator: "\n", omittingEmptySubsequences: false)
            #expect(line == before.count, "\(fault)")
            #expect(column == (before.last?.count ?? 0) + 1, "\(fault)")
        } else {
            let changed = text[..<range.lowerBound].filter { $0 == "\n" }.count + 1
            #expect(breakage.to.isEmpty || abs(line - changed) <= 12, "\(fault)")
        }
    }

    @Test("is refused where brackets nest ten thousand deep, and where a pattern cannot be read, in no time")
    func exhausting() throws {
        let nested = String(repeating: "(", count: 10_000) + "decile <= 4" + String(repeating: ")", count: 10_000)
        for (rule, says) in [(nested, "deep"), ("string(decile).matches('(')", "pattern")] {
            let text = SmallProgramme.text().replacing("requires: decile <= 4", with: "requires: \"\(rule)\"")
            guard case .configuration(let fault) = registryError({ _ = try Programme.parse(text, file: "small.yaml") })
            else {
                Issue.record("taken: \(rule.prefix(40))")
                continue
            }
            #expect(
                fault.line
                    == text.split(separator: "\n", omittingEmptySubsequences: false).firstIndex {
                        $0.contains(rule)
                    }.map { $0 + 1 })
            #expect(fault.field == "rules[0].requires")
            #expect(fault.description.count < 1000)
            #expect(fault.description.contains(says), "\(fault)")
        }
    }

    @Test("is refused where an expression in several lines is wrong, with its line")
    func block() throws {
        let text = SmallProgramme.text().replacing(
            "    requires: decile <= 4\n", with: "    requires: |\n      decile <= 4 &&\n      nothing\n")
        guard case .configuration(let fault) = registryError({ _ = try Programme.parse(text, file: "small.yaml") })
        else {
            Issue.record("taken")
            return
        }
        let line = text.split(separator: "\n", omittingEmptySubsequences: false).firstIndex { $0 == "      nothing" }
        #expect(fault.line == line.map { $0 + 1 }, "\(fault)")
    }

    @Test("is refused in an assessment where a source does not yield what it asks for")
    func sources() throws {
        let breakages: [(from: String, to: String, says: String)] = [
            ("from: [samsat]", "from: [samsung]", "“samsung” is not a source"),
            ("from: [samsat]", "from: [samsat.planes]", "yields no “planes”"),
            ("{type: int, from: [samsat]", "{type: double, from: [samsat]", "expected double, but “samsat” yields int"),
            ("from: [dtsen-members]", "from: [pkh-list.received_pkh]", "speaks of families, not of members"),
        ]
        try Fixture.use(.sqlite) { registry, folder in
            try SmallData.deliver(registry, folder)
            let knowledge = try Knowledge(of: registry)
            for breakage in breakages {
                // A comparison that fits every type keeps the rules sound.
                let text = SmallProgramme.text().replacing(breakage.from, with: breakage.to)
                    .replacing(
                        "excludes: cars > 0",
                        with: breakage.to.contains("double") ? "excludes: cars > 0.0" : "excludes: cars > 0")
                let programme = try Programme.parse(text, file: "small.yaml")
                let error = registryError {
                    _ = try AttributePlan(programme, knowledge: knowledge, day: knowledge.day)
                }
                #expect(error?.description.contains(breakage.says) == true, "\(String(describing: error))")
            }
        }
    }
}
