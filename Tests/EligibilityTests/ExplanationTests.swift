import Journal
import Registry
import Storage
import TestSupport
import Testing

@testable import Eligibility

@Suite("An explanation")
struct ExplanationTests {
    @Test(
        "gives every rule once, the decisive ones first, with evidence and no name or number",
        arguments: Database.Engine.allCases)
    func explanations(engine: Database.Engine) throws {
        try Fixture.useSimulated(engine) { registry, _ in
            for name in Fixture.library.programmes {
                let assessment = try registry.assess(name, quota: 3, library: Fixture.library)
                let explainer = try #require(try Explainer(latest: name, in: registry))
                #expect(explainer.assessment == assessment)
                for standing in Standing.allCases {
                    let families = try AssessmentTable.families(
                        of: assessment, standing: standing, limit: 8, registry: registry)
                    #expect(!families.isEmpty)
                    for family in families {
                        let explanation = try #require(try explainer.explain(family, as: registry.everywhere()))
                        try check(explanation, standing)
                        try checkSecrecy(explanation, family, explainer, registry)
                    }
                }
                #expect(try explainer.explain(99_999, as: registry.everywhere()) == nil)
            }
        }
    }

    private func check(_ explanation: Explanation, _ standing: Standing) throws {
        #expect(explanation.isConfirmed)
        #expect(explanation.determination.standing == standing)
        let rules = explanation.programme.rules.map(\.name)
        #expect(explanation.reasons.map(\.rule).sorted() == rules.sorted())
        let order: [Explanation.Finding] = [.decides, .toVerify, .unknown, .met]
        let places = explanation.reasons.compactMap { order.firstIndex(of: $0.finding) }
        #expect(places == places.sorted())
        #expect((explanation.reasons.first?.finding == .decides) == (standing == .ineligible))
        if standing == .funded || standing == .waitlisted {
            #expect(explanation.reasons.allSatisfy { $0.finding == .met })
            #expect(explanation.parts.reduce(0) { $0 + $1.amount } == explanation.determination.amount)
            #expect(!explanation.parts.isEmpty)
        } else {
            #expect(explanation.parts.isEmpty)
        }
        #expect(explanation.missing.isEmpty == explanation.determination.missing.isEmpty)
        for reason in explanation.reasons {
            for fact in reason.facts {
                #expect((fact.value == nil) == (fact.evidence == nil))
                #expect((fact.trust == nil) == (fact.evidence == nil))
                if let evidence = fact.evidence {
                    #expect(fact.trust?.days == explanation.assessment.day.day - evidence.day.day)
                    #expect(fact.trust?.freshnessDays == Fixture.pack.sources[evidence.source]?.freshnessDays)
                    let trust = try #require(fact.trust)
                    #expect(trust.place >= 1 && trust.place <= trust.sources)
                    #expect(Fixture.pack.sources[evidence.source] != nil)
                    #expect(evidence.batch > 0)
                    #expect(evidence.day > Fixture.day("2000-01-01"))
                    #expect(fact.agency.map { $0("id").isEmpty } == false)
                }
            }
            // A rule that asks for the family's own attributes shows them.
            if reason.rule == "decile" { #expect(reason.facts.count == 1) }
        }
        for language in ["id", "en"] {
            let text = explanation.text(language)
            #expect(text.contains(explanation.headline(language)))
            for reason in explanation.reasons { #expect(text.contains(reason.words(language))) }
            #expect(!explanation.headline(language).isEmpty)
            for change in explanation.nearest {
                #expect(text.contains(change.text(language, members: explanation.members)))
                #expect(change.mend(language).isEmpty == !change.isGain)
                #expect(change.mend(language).allSatisfy { text.contains($0) })
            }
            #expect(explanation.next.map { text.contains($0(language)) } == true)
            #expect(!text.contains("Optional("))
        }
        #expect(explanation.text("id") != explanation.text("en"))
    }

    private func checkSecrecy(
        _ explanation: Explanation, _ family: Int64, _ explainer: Explainer, _ registry: Registry
    ) throws {
        let known = try #require(try registry.family(family, in: explainer.knowledge, as: registry.everywhere()))
        for member in known.members {
            let name = try #require(
                try registry.identity(
                    of: member, of: known, in: explainer.knowledge, as: registry.everywhere())?.name)
            let numbers = try #require(try registry.numbers(of: member, in: known, as: registry.everywhere()))
            for text in [explanation.text("id"), explanation.text("en")] + explanation.members {
                let words = Set(text.uppercased().split { !$0.isLetter }.map(String.init))
                let full = name.uppercased().split { !$0.isLetter }.filter { $0.count > 3 }
                // A name's word may be a word of the text by chance (Sari, Desa), the whole name never is.
                #expect(full.isEmpty || !full.allSatisfy { words.contains(String($0)) }, "\(name)")
                #expect(!text.contains(name))
                #expect(!text.contains(numbers.nik))
                #expect(!text.contains(numbers.familyNumber))
            }
        }
    }

    @Test(
        "is not confirmed where the evidence is no longer what the decision rested on",
        arguments: Database.Engine.allCases)
    func unconfirmed(engine: Database.Engine) throws {
        try Fixture.useSimulated(engine) { registry, _ in
            let assessment = try registry.assess("sembako", library: Fixture.library)
            let family = try #require(
                try AssessmentTable.families(of: assessment, standing: .funded, limit: 1, registry: registry).first)
            try registry.database.write { connection in
                _ = try connection.execute("DELETE FROM evidence WHERE family = ?", [.integer(family)])
            }
            let explanation = try #require(
                try Explainer(assessment, in: registry).explain(family, as: registry.everywhere()))
            #expect(!explanation.isConfirmed)
            #expect(explanation.nearest.isEmpty, "what rests on other evidence says nothing about this decision")
        }
    }

    @Test("names the waiting list's places from 1 on")
    func waiting() throws {
        try Fixture.useSimulated(.sqlite) { registry, _ in
            let assessment = try registry.assess("sembako", quota: 3, library: Fixture.library)
            let explainer = try Explainer(assessment, in: registry)
            let waiting = try AssessmentTable.families(
                of: assessment, standing: .waitlisted, limit: 1000, registry: registry)
            let first = try #require(
                try waiting.first { family in
                    try AssessmentTable.determination(of: family, in: assessment, registry: registry)?.rank == 4
                })
            let text = try #require(try explainer.explain(first, as: registry.everywhere())).text("en")
            #expect(text.contains("number 1 on the waiting list"))
        }
    }
}
