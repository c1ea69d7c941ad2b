import Foundation
import Journal
import Registry
import Storage
import TestSupport
import Testing

@testable import Eligibility

@Suite("An assessment")
struct AssessmentTests {
    @Test("gives the same determinations whenever it is run, and on both engines")
    func repeatable() throws {
        let digests = try Database.Engine.allCases.map { engine in
            try Fixture.useSimulated(engine) { registry, _ in
                try Fixture.library.programmes.map { name in
                    let first = try registry.assess(name, quota: 3, library: Fixture.library)
                    let second = try registry.assess(name, quota: 3, library: Fixture.library)
                    #expect(first.digest == second.digest)
                    #expect(first.counts == second.counts)
                    #expect(second.assessment == first.assessment + 1)
                    #expect(try AssessmentTable.latest(name, of: registry) == second)
                    #expect(first.counts.families > 250)
                    #expect(first.counts.eligible > 0)
                    #expect(first.counts.ineligible > 0)
                    #expect(first.counts.undetermined > 0)
                    return first.digest.hexadecimal
                }
            }
        }
        #expect(Set(digests).count == 1)
        #expect(Set(digests[0]).count == Fixture.library.programmes.count)
    }

    @Test("of an earlier moment is what it was then, whatever has come since", arguments: Database.Engine.allCases)
    func asOf(engine: Database.Engine) throws {
        try Fixture.useSimulated(engine) { registry, folder in
            let first = try registry.assess("pkh", library: Fixture.library)
            let moment = try Knowledge(of: registry).moment
            // The decile of every family becomes 1, and some of the register is gone.
            let families = try #require(Fixture.agencies["dtsen-families"])
            var lines = String(decoding: families, as: UTF8.self).split(separator: "\n").map(String.init)
            for index in lines.indices.dropFirst() {
                var fields = lines[index].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
                if fields.count > 5, !lines[index].contains("\"") { fields[5] = "1" }
                lines[index] = fields.joined(separator: ",")
            }
            try SmallData.ingest(
                registry, folder, "dtsen-families", lines.joined(separator: "\n") + "\n", "2025-11-01")
            let register = try #require(Fixture.agencies["dukcapil"])
            let people = String(decoding: register, as: UTF8.self).split(separator: "\n")
            try SmallData.ingest(
                registry, folder, "dukcapil",
                people.prefix(people.count * 9 / 10).joined(separator: "\n") + "\n", "2025-11-01")
            _ = try registry.link()
            let now = try registry.assess("pkh", library: Fixture.library)
            let then = try registry.assess("pkh", asOf: moment, library: Fixture.library)
            #expect(now.digest != first.digest)
            #expect(then.digest == first.digest)
            #expect(then.day == first.day)
            #expect(then.counts == first.counts)
            #expect(now.linkRun == first.linkRun + 1)
        }
    }

    @Test("funds as many as the quota allows, the poorest first", arguments: Database.Engine.allCases)
    func quota(engine: Database.Engine) throws {
        try Fixture.useSimulated(engine) { registry, _ in
            let all = try registry.assess("pkh", quota: 1_000_000, library: Fixture.library)
            let eligible = all.counts.eligible
            #expect(all.counts.waitlisted == 0)
            for quota in [0, 1, eligible - 1, eligible, eligible + 1] {
                let assessment = try registry.assess(
                    "pkh", quota: Int64(quota), after: .none, library: Fixture.library)
                #expect(assessment.counts.funded == min(quota, eligible))
                #expect(assessment.counts.eligible == eligible)
                #expect(assessment.counts.undetermined == all.counts.undetermined)
                #expect((assessment.counts.amount == 0) == (quota == 0))
            }
            try checkOrder(registry, quota: eligible / 2)
        }
    }

    /// The ranks of the eligible run from 1 on without gaps, by the programme's priorities, and the quota cuts them.
    private func checkOrder(_ registry: Registry, quota: Int) throws {
        let knowledge = try Knowledge(of: registry)
        let programme = try Programme.version(of: "pkh", on: knowledge.day, in: Fixture.library)
        let run = try AssessmentRun(
            registry: registry, knowledge: knowledge, programme: programme, day: knowledge.day, quota: Int64(quota))
        let determinations = try run.determine { _ in }
        let ranked = determinations.filter { $0.rank != nil }.sorted { ($0.rank ?? 0) < ($1.rank ?? 0) }
        #expect(ranked.map(\.rank) == (1...ranked.count).map { $0 })
        #expect(ranked.map(\.standing) == ranked.indices.map { $0 < quota ? .funded : .waitlisted })
        let judge = Judge(programme)
        let priorities = try ranked.map { determination in
            let family = try #require(
                try registry.family(determination.family, in: knowledge, as: registry.everywhere()))
            return judge.judge(run.plan.facts(of: family)).priorities
        }
        for (one, next) in zip(priorities, priorities.dropFirst()) {
            #expect(!next.lexicographicallyPrecedes(one))
        }
        for determination in determinations where determination.rank == nil {
            #expect(determination.amount == 0)
            #expect(determination.standing == .ineligible || determination.standing == .undetermined)
            #expect((determination.standing == .ineligible) <= !determination.failed.isEmpty)
        }
        #expect(determinations.map(\.family) == determinations.map(\.family).sorted())
    }

    @Test("draws a lot between equals: neither by number nor by anything that somebody could choose")
    func lots() throws {
        try Fixture.useSimulated(.sqlite) { registry, _ in
            let knowledge = try Knowledge(of: registry)
            func order(_ version: String) throws -> [Int64] {
                let programme = try SmallProgramme.make(version: version, priority: "1")
                let run = try AssessmentRun(
                    registry: registry, knowledge: knowledge, programme: programme, day: knowledge.day, quota: 5)
                return try run.determine { _ in }.filter { $0.rank != nil }.sorted { ($0.rank ?? 0) < ($1.rank ?? 0) }
                    .map(\.family)
            }
            let first = try order("1")
            #expect(first.count > 20)
            #expect(try order("1") == first)
            #expect(try order("2") != first)
            #expect(try order("2").sorted() == first.sorted())
            #expect(first != first.sorted())
        }
    }

    @Test("needs a quota, a programme and something that is known", arguments: Database.Engine.allCases)
    func refused(engine: Database.Engine) throws {
        try Fixture.use(engine) { registry, folder in
            guard case .notReady = registryError({ _ = try registry.assess("pkh", library: Fixture.library) }) else {
                Issue.record("assessed without evidence")
                return
            }
            try SmallData.deliver(registry, folder)
            let errors = [
                registryError { _ = try registry.assess("nothing", library: Fixture.library) },
                registryError {
                    _ = try registry.assess("pkh", day: Fixture.day("2020-01-01"), library: Fixture.library)
                },
            ]
            for error in errors {
                guard case .unknown = error else {
                    Issue.record("\(String(describing: error))")
                    continue
                }
            }
            #expect(try registry.database.read { try $0.count("SELECT count(*) FROM assessment") } == 0)
            #expect(try AssessmentTable.latest("pkh", of: registry) == nil)
        }
    }

    private struct Undo: Error { let fault: String? }

    /// Changes by hand, each of one row, that must be found.
    static let tamperings: [String] = [
        "UPDATE determination SET outcome = 'funded'", "UPDATE determination SET village = '35.10.99.2001'",
        "UPDATE determination SET priority_rank = 77777", "UPDATE determination SET amount = amount + 1",
        "UPDATE determination SET failed = failed || ' decile2'",
        "UPDATE determination SET missing = missing || ' age@7'",
        "UPDATE determination SET family = 77777", "UPDATE determination SET assessment = 77",
        "UPDATE determination SET outcome = 'nothing'", "DELETE FROM determination",
        "UPDATE determination SET waiting = 1", "UPDATE determination SET keeps = 'look'",
        "UPDATE determination SET notice = 'loss 1 - quota'", "UPDATE determination SET watched = 'decile=77'",
    ]

    @Test("whose determinations or figures were changed by hand is found out", arguments: Database.Engine.allCases)
    func tampering(engine: Database.Engine) throws {
        try Fixture.useSimulated(engine) { registry, _ in
            let assessment = try registry.assess("pkh", library: Fixture.library)
            let subject = "assessment:\(assessment.assessment)"
            let entry = try #require(try registry.database.read { try Journal.entries(about: subject, on: $0) }.first)
            func fault(_ change: (any Connection) throws -> Void) throws -> String? {
                do {
                    try registry.database.write { connection in
                        try change(connection)
                        throw Undo(fault: try AssessmentTable.fault(in: entry, on: connection))
                    }
                } catch let undo as Undo {
                    return undo.fault
                }
                return nil
            }
            #expect(try fault { _ in } == nil)
            let families = try AssessmentTable.families(
                of: assessment, standing: .ineligible, limit: 1000, registry: registry)
            var generator = SeededGenerator(seed: 4)
            for sql in Self.tamperings {
                let family = try #require(families.randomElement(using: &generator))
                let found = try fault { try $0.execute(sql + " WHERE family = ?", [.integer(family)]) }
                #expect(found?.contains("determinations of assessment 1") == true, "\(sql)")
            }
            let added = try fault {
                try $0.execute(
                    """
                    INSERT INTO determination SELECT regency, assessment, 77777, village, outcome, priority_rank, amount,
                    failed, missing, waiting, keeps, notice, watched FROM determination WHERE family = ?
                    """, [.integer(families[0])])
            }
            #expect(added != nil)
            for column in ["families", "ineligible", "undetermined", "funded", "waitlisted", "amount", "kept"] {
                let found = try fault { connection in
                    let village = try connection.first("SELECT max(village) FROM assessment_figure") { $0.text(0) }
                    try connection.execute(
                        "UPDATE assessment_figure SET \(column) = \(column) + 1 WHERE village = ?", [SQLValue(village)])
                }
                #expect(found?.contains("figures of assessment 1") == true, "\(column)")
            }
            #expect(try fault { try $0.execute("DELETE FROM assessment_figure") } != nil)
        }
    }

    @Test("adds up by village to what it is in all", arguments: Database.Engine.allCases)
    func figures(engine: Database.Engine) throws {
        try Fixture.useSimulated(engine) { registry, _ in
            let assessment = try registry.assess("sembako", quota: 40, library: Fixture.library)
            var sum = StandingCounts()
            for counts in try AssessmentTable.figures(of: assessment, registry: registry).values { sum.add(counts) }
            #expect(sum == assessment.counts)
            #expect(sum.families == sum.ineligible + sum.undetermined + sum.funded + sum.waitlisted)
            #expect(sum.amount == 40 * 200_000)
            #expect(try AssessmentTable.programmes(of: registry) == ["sembako"])
            for standing in Standing.allCases {
                let families = try AssessmentTable.families(
                    of: assessment, standing: standing, limit: 3, registry: registry)
                #expect(families.count <= 3)
                for family in families {
                    let found = try AssessmentTable.determination(of: family, in: assessment, registry: registry)
                    #expect(found?.standing == standing)
                }
            }
        }
    }
}

extension Bool {
    /// Implication.
    fileprivate static func <= (left: Bool, right: Bool) -> Bool { !left || right }
}
