import Foundation
import Journal
import Registry
import Storage
import TestSupport
import Testing

@testable import Eligibility

@Suite("What would be if")
struct WhatIfTests {
    private static func changed(_ changes: [(String, String)]) throws -> Programme {
        var text = try String(
            contentsOfFile: Fixture.root.path + "/Programmes/pkh/2025.1.yaml", encoding: .utf8)
        for (old, new) in changes {
            #expect(text.contains(old))
            text = text.replacing(old, with: new)
        }
        return try Programme.parse(text, file: "changed.yaml")
    }

    private static func table(_ registry: Registry, _ changed: Programme) throws -> WhatIfTable {
        try WhatIfTable("pkh", changed: changed, file: "changed.yaml", registry: registry, library: Fixture.library)
    }

    @Test("comes to what two assessments come to", arguments: Database.Engine.allCases)
    func likeAssessments(engine: Database.Engine) throws {
        try Fixture.useSimulated(engine) { registry, _ in
            let other = try Self.changed([
                ("requires: decile <= 4", "requires: decile <= 2"), ("amount: 600000", "amount: 650000"),
            ])
            let table = try Self.table(registry, other)
            let quota: Int64 = 60
            let result = try table.compare(quotaNow: quota, quotaThen: quota)
            let knowledge = try Knowledge(of: registry)
            func determinations(_ programme: Programme) throws -> [Determination] {
                try AssessmentRun(
                    registry: registry, knowledge: knowledge, programme: programme, day: knowledge.day, quota: quota
                ).determine { _ in }
            }
            let now = try determinations(
                Programme.version(of: "pkh", on: knowledge.day, in: Fixture.library))
            let then = try determinations(other)
            var moves = WhatIf.Moves()
            var reasons: [String: Int] = [:]
            for (before, after) in zip(now, then) {
                func paid(_ determination: Determination) -> (standing: Standing, amount: Int64) {
                    (determination.standing, determination.standing == .funded ? determination.amount : 0)
                }
                moves.add(paid(before), paid(after))
                if before.standing == .funded, after.standing != .funded {
                    reasons[after.standing == .waitlisted ? "quota" : after.failed.first ?? "unknown", default: 0] += 1
                }
            }
            #expect(result.total == moves)
            #expect(moves.losing > 0 && moves.more > 0)
            #expect(result.now.counts.funded == now.count { $0.standing == .funded })
            #expect(result.then.counts.ineligible == then.count { $0.standing == .ineligible })
            #expect(result.villages.values.reduce(0) { $0 + $1.losing } == moves.losing)
            #expect(result.deciles.values.reduce(0) { $0 + $1.families } == now.count)
            let told = Dictionary(
                uniqueKeysWithValues: result.lossReasons.map { reason, families in
                    switch reason.kind {
                    case .rule(let name): (name, families)
                    case .unknown: ("unknown", families)
                    case .quota: ("quota", families)
                    }
                })
            #expect(told == reasons)
            #expect(told.keys.contains("decile"))
        }
    }

    @Test("changes nothing where nothing is changed, and keeps nothing")
    func same() throws {
        try Fixture.useSimulated(.sqlite) { registry, _ in
            let before = try registry.database.read { try $0.count("SELECT count(*) FROM journal_entry") }
            let same = try Self.table(registry, Self.changed([])).compare(quotaNow: 40, quotaThen: 40)
            #expect(same.total.gaining + same.total.losing + same.total.more + same.total.less == 0)
            #expect(same.gainReasons.isEmpty && same.lossReasons.isEmpty)
            let wider = try Self.table(registry, Self.changed([])).compare(quotaNow: 40, quotaThen: 50)
            #expect(wider.total.gaining == 10 && wider.total.losing == 0)
            #expect(wider.gainReasons.map(\.reason.kind) == [.quota])
            let without = try Self.changed([
                ("m.wage_above_minimum)", "m.wage_above_minimum && m.age > 200)")
            ])
            #expect(try Self.table(registry, without).compare(quotaNow: 1000, quotaThen: 1000).total.gaining > 0)
            #expect(try registry.database.read { try $0.count("SELECT count(*) FROM journal_entry") } == before)
        }
    }

    @Test("refuses another programme's version")
    func otherProgramme() throws {
        try Fixture.useSimulated(.sqlite) { registry, _ in
            let sembako = try Programme.read(Fixture.root.path + "/Programmes/sembako/2025.1.yaml")
            #expect(throws: RegistryError.self) { _ = try Self.table(registry, sembako) }
        }
    }

    // MARK: Truth

    @Test("counts who is reached by mistake and who is missed, as the definitions say")
    func errors() throws {
        try Fixture.useSimulated(.sqlite) { registry, folder in
            let truthFolder = folder.appendingPathComponent("region").path
            try Fixture.writeSimulation(to: truthFolder)
            let file = truthFolder + "/truth/families.csv"
            let truth = try Truth(file: file, programme: "pkh", registry: registry)
            let result = try Self.table(registry, Self.changed([("requires: decile <= 4", "requires: decile <= 1")]))
                .compare(quotaNow: 70, quotaThen: 70, truth: truth)
            let errors = try #require(result.now.errors)
            let (inclusion, exclusion) = (try #require(errors.inclusion), try #require(errors.exclusion))
            let entitled =
                truth.families.values.count { $0.isEntitled } + truth.unknown.count { $0.isEntitled }
            #expect(exclusion.families == entitled)
            let reached = (Double(inclusion.families) * (1 - inclusion.share)).rounded()
            #expect((Double(entitled) * (1 - exclusion.share)).rounded() == reached)
            #expect(inclusion.lower < inclusion.share && inclusion.share < inclusion.upper)
            #expect(try #require(errors.exclusionBeforeQuota).share < exclusion.share)
            // A narrower rule leaves out more of those it is for.
            let then = try #require(result.then.errors?.exclusionBeforeQuota)
            #expect(then.share > (errors.exclusionBeforeQuota?.share ?? 1))
        }
    }

    @Test("gives Wilson's interval, for as many families as weights let tell")
    func intervals() throws {
        // Newcombe (1998), table I: 15 of 148, Wilson's interval without continuity correction.
        let cases = (0..<148).map { (weight: 1.0, holds: $0 < 15) }
        let share = try #require(EstimatedShare(cases))
        #expect(abs(share.lower - 0.0624) < 0.00005 && abs(share.upper - 0.1605) < 0.00005)
        // Twice the weight for all is the same; unequal weights tell less.
        #expect(EstimatedShare(cases.map { (2.0, $0.holds) }) == share)
        let uneven = try #require(
            EstimatedShare(cases.enumerated().map { ($0.offset.isMultiple(of: 2) ? 9.0 : 1.0, $0.element.holds) }))
        #expect(uneven.upper - uneven.lower > share.upper - share.lower)
        let none = try #require(EstimatedShare([(1.0, false), (1.0, false)]))
        #expect(none.share == 0 && none.lower == 0 && none.upper > 0.5)
        #expect(EstimatedShare([]) == nil)
    }

    @Test(
        "refuses a truth that is none, with the line",
        arguments: [
            ("family_number\n1\n", nil, "entitled"), ("entitled_pkh\n1\n", nil, "family_number"),
            ("family_number,entitled\nKK,maybe\n", 2, "neither 1 nor 0"),
            ("family_number,entitled,weight\nKK,1,0\n", 2, "above 0"),
            ("family_number,entitled\nKK,1\nKK,0\n", 3, "twice"),
            ("family_number,entitled\n3599010101010001,1\n", nil, "knows none"), ("", nil, "family_number"),
        ] as [(String, Int?, String)])
    func badTruth(text: String, line: Int?, says: String) throws {
        try Fixture.useSimulated(.sqlite) { registry, folder in
            let knowledge = try Knowledge(of: registry)
            let family = try #require(try knowledge.families(1..<20).first { !$0.members.isEmpty })
            let numbers = try #require(
                try registry.numbers(of: family.members[0], in: family, as: registry.everywhere()))
            let file = folder.appendingPathComponent("truth.csv").path
            try Data(text.replacing("KK", with: numbers.familyNumber).utf8).write(to: URL(fileURLWithPath: file))
            do {
                _ = try Truth(file: file, programme: "pkh", registry: registry)
                Issue.record("\(text) was read")
            } catch let error as RegistryError {
                guard case .refused(file, let found, let reason) = error else { throw error }
                #expect(reason.contains(says), "\(reason)")
                if let line { #expect(found == line) }
            }
        }
    }
}

@Suite("An assessment made again")
struct RepetitionTests {
    @Test("comes to the same digest, whatever was learnt since", arguments: Database.Engine.allCases)
    func same(engine: Database.Engine) throws {
        try Fixture.useSimulated(engine) { registry, folder in
            let first = try registry.assess("pkh", quota: 30, library: Fixture.library)
            let file = folder.appendingPathComponent("later.csv")
            let lines = String(decoding: Fixture.agencies["samsat"] ?? Data(), as: UTF8.self).split(separator: "\n")
            try Data(lines.prefix(lines.count - 5).joined(separator: "\n").utf8 + Data("\n".utf8)).write(to: file)
            _ = try registry.ingest(
                registry.pack.source("samsat"), file: file.path, delivered: CalendarDate(day: 20_400))
            _ = try registry.link()
            _ = try registry.assess("pkh", quota: 10, library: Fixture.library)
            let again = try registry.assessAgain(first.assessment)
            #expect(again.isSame)
            #expect(again.differing == 0 && again.reasons.isEmpty)
        }
    }

    @Test("says who comes out otherwise, and what it rested on that is not there any more")
    func different() throws {
        try Fixture.useSimulated(.sqlite) { registry, _ in
            let first = try registry.assess("pkh", quota: 30, library: Fixture.library)
            try registry.database.write { connection in
                try connection.execute(
                    "UPDATE determination SET outcome = 'funded', priority_rank = 1 WHERE outcome = 'ineligible' AND family < 20"
                )
                try connection.execute("UPDATE assessment SET engine = '0'")
            }
            let again = try registry.assessAgain(first.assessment)
            // The digest is that of the assessment as it was made: only what stands in the table was changed.
            #expect(again.isSame)
            try registry.database.write { connection in
                try connection.execute("UPDATE assessment SET quota = 29")
            }
            let other = try registry.assessAgain(first.assessment)
            #expect(!other.isSame)
            #expect(other.reasons == ["it was made by rules engine 0, this program has \(Eligibility.engine)"])
            #expect(other.differing > 1)
            let changed = other.differences.filter { $0.then?.standing == .funded && $0.now?.standing == .ineligible }
            #expect(!changed.isEmpty)
            #expect(throws: RegistryError.self) { _ = try registry.assessAgain(99) }
        }
    }
}

@Suite("What was decided earlier")
struct HistoryTests {
    @Test("is told where it was otherwise, the newest first", arguments: Database.Engine.allCases)
    func history(engine: Database.Engine) throws {
        try Fixture.useSimulated(engine) { registry, _ in
            let quotas: [Int64] = [1000, 1000, 0, 0, 1000]
            for quota in quotas { _ = try registry.assess("pkh", quota: quota, library: Fixture.library) }
            let explainer = try #require(try Explainer(latest: "pkh", in: registry))
            let funded = try #require(
                try AssessmentTable.families(of: explainer.assessment, standing: .funded, limit: 1, registry: registry)
                    .first)
            let explanation = try #require(try explainer.explain(funded, as: registry.everywhere()))
            #expect(explanation.history.map(\.standing) == [.waitlisted, .funded])
            // Of those that came to the same, one after the other, the first: since then it was so.
            #expect(explanation.history.map(\.assessment) == [3, 1])
            #expect(explanation.text("en").contains("Earlier decisions:\n  "))
            #expect(explanation.text("id").contains("di daftar tunggu"))
            let ineligible = try #require(
                try AssessmentTable.families(
                    of: explainer.assessment, standing: .ineligible, limit: 1, registry: registry
                ).first)
            #expect(try explainer.explain(ineligible, as: registry.everywhere())?.history == [])
        }
    }
}
