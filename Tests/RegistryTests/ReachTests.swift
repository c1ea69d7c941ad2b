import Journal
import Storage
import TestSupport
import Testing

@testable import Registry

/// What somebody reads and decides whose duty does not reach everywhere.
@Suite("A reach")
struct ReachTests {
    private static func reach(_ regions: String...) throws -> Reach {
        Reach(actor: "account:kartini", purpose: "test", regions: try regions.map { try #require(RegionCode($0)) })
    }

    @Test("covers a region and what lies in it, by whole parts of the code")
    func covers() throws {
        let reach = try Self.reach("35.10.16", "35.10.01.2001")
        for inside in ["35.10.16", "35.10.16.1007", "35.10.01.2001"] {
            #expect(reach.covers(try #require(RegionCode(inside))), "\(inside)")
        }
        for outside in ["35", "35.10", "35.10.01", "35.10.01.2002", "35.10.17.2001", "33.10.16.1007"] {
            #expect(!reach.covers(try #require(RegionCode(outside))), "\(outside)")
        }
        let nowhere = try Self.reach()
        let village = try #require(RegionCode("35.10.16.1007"))
        #expect(!nowhere.covers(village), "without a region nothing")
    }

    @Test("shows nobody beyond it, as if they were not there", arguments: Database.Engine.allCases)
    func persons(engine: Database.Engine) throws {
        try Fixture.use(engine) { registry, folder in
            try Village().deliver(registry, folder)
            _ = try registry.link()
            let knowledge = try Knowledge(of: registry)
            let nik = try NIK.madeUp(1)
            let own = try Self.reach(Fixture.karangrejo)
            let other = try Self.reach(Fixture.sarongan)
            let found = try #require(try registry.person(nik: nik, in: knowledge, as: own))
            #expect(try registry.person(nik: nik, in: knowledge, as: other) == nil)
            #expect(try registry.family(found.family, in: knowledge, as: other) == nil)
            let family = try #require(try registry.family(found.family, in: knowledge, as: own))
            let member = family.members[0]
            #expect(try registry.identity(of: member, of: family, in: knowledge, as: own)?.name == "AHMAD FAUZI")
            #expect(try registry.identity(of: member, of: family, in: knowledge, as: other) == nil)
            #expect(try registry.numbers(of: member, in: family, as: other) == nil)
            #expect(try registry.household(found.family, in: knowledge, as: own)?.members == 3)
            #expect(try registry.household(found.family, in: knowledge, as: other) == nil)
        }
    }

    @Test("holds review and search to itself", arguments: Database.Engine.allCases)
    func review(engine: Database.Engine) throws {
        try Fixture.use(engine) { registry, folder in
            let town = Town()
            try ingest(registry, folder, "dukcapil", Resident.file(town.residents))
            let list = try ingest(
                registry, folder, "pkh-list",
                town.list(0..<600) { index, row in
                    if index.isMultiple(of: 5) { (row.nik, row.card, row.born) = ("", "", "") }
                })
            _ = try registry.link()
            let all = try registry.reviewQueue(as: registry.everywhere(), limit: 1000)
            let reaches = try [
                Self.reach(Fixture.karangrejo), Self.reach(Fixture.sarongan), Self.reach(Fixture.pesanggaran),
            ]
            let parts = try reaches.map { try registry.reviewQueue(as: $0, limit: 1000) }
            #expect(all.count > 20 && parts.allSatisfy { !$0.isEmpty })
            #expect(parts.reduce(0) { $0 + $1.count } == all.count, "each row is some village's")
            #expect(Set(parts.flatMap { $0.map(\.place) }) == Set(all.map(\.place)))
            let district = try registry.reviewQueue(as: Self.reach("35.10.01"), limit: 1000)
            #expect(district.count == parts[1].count + parts[2].count)
            #expect(try registry.reviewQueue(as: Self.reach(), limit: 1000).isEmpty)

            let item = try #require(parts[0].first)
            #expect(throws: RegistryError.self) { try registry.reviewCase(item.place, as: reaches[1]) }
            let shown = try registry.reviewCase(item.place, as: reaches[0])
            #expect(shown.candidates.map(\.person).contains(item.person))
            #expect(shown.candidates.allSatisfy { $0.values[5] == Fixture.karangrejo })
            #expect(throws: RegistryError.self) {
                try registry.answerReview(item.place, person: item.person, .same, as: reaches[1])
            }
            let decision = try registry.answerReview(item.place, person: item.person, .same, as: reaches[0])
            #expect(throws: RegistryError.self) { try registry.undoReview(decision, note: "x", as: reaches[1]) }
            try registry.undoReview(decision, note: "x", as: reaches[0])
            #expect(list.accepted == 600)

            let finder = try PersonFinder(registry)
            let nik = town.residents[100].nik
            let home = try #require(finder.find(PersonQuestion(nik: nik), as: registry.everywhere()).first)
            let village = try #require(home.values[5])
            #expect(try finder.find(PersonQuestion(nik: nik), as: Self.reach(village)).first?.person == home.person)
            let elsewhere = village == Fixture.sarongan ? Fixture.karangrejo : Fixture.sarongan
            #expect(
                try !finder.find(PersonQuestion(nik: nik), as: Self.reach(elsewhere)).contains {
                    $0.person == home.person
                })
        }
    }
}
