import Foundation
import Journal
import Storage
import TestSupport
import Testing

@testable import Registry

@Suite("Rows that arrive")
struct ArrivalTests {
    private static let deaths = "nomor_akta,nik,nama,tanggal_lahir,tanggal_meninggal\n"

    /// Faults of every kind, spread over a list.
    private func faulty(_ index: Int, _ row: inout Town.ListRow) {
        switch index % 20 {
        case 3: row.nik = ""
        case 5: row.nik = String(row.nik.prefix(15)) + "X"
        case 8: (row.nik, row.card) = ("", "")
        case 11: (row.nik, row.card, row.name) = ("", "", "HJ. " + row.name.lowercased())
        case 13: row.nik = Town().residents[(index + 1) % 1000].nik
        case 17: (row.nik, row.card) = (number(9999, "010101"), number(9999))
        case 19: (row.nik, row.card, row.name, row.born) = ("", "", "ORANG LAIN SEKALI", "")
        default:
            if index.isMultiple(of: 7) { row.name.remove(at: row.name.index(after: row.name.startIndex)) }
        }
    }

    /// A registry whose first deliveries are linked, and then gets others: of half of the list other rows, more of it, fewer,
    /// and somebody's death.
    private func deliver(_ registry: Registry, _ folder: Folder) throws -> (list: Batch, deaths: Batch) {
        let town = Town()
        var people = town.residents
        // Two namesakes of one village.
        for index in [200, 204] { (people[index].name, people[index].village) = ("SAMSUL ARIFIN", Fixture.sarongan) }
        try ingest(registry, folder, "dukcapil", Resident.file(people))
        try ingest(registry, folder, "pkh-list", town.list(0..<600, faulty))
        _ = try registry.link()
        let list = try ingest(
            registry, folder, "pkh-list",
            town.list(4..<700) { index, row in
                faulty(index, &row)
                if index > 300 { row.name = row.name.lowercased() }
                if index == 200 {
                    row = .init(card: "", nik: "", name: "SAMSUL ARIFIN", born: "", village: Fixture.sarongan)
                }
            }, "2025-10-01")
        let gone = town.residents[100]
        let deaths = try ingest(
            registry, folder, "dukcapil-deaths",
            Self.deaths + "1,\(gone.nik),\(gone.name),,2025-08-30\n"
                + "2,\(town.residents[1].nik),SOMEBODY ELSE,,2025-08-30\n",
            "2025-10-01")
        return (list, deaths)
    }

    private func links(_ registry: Registry) throws -> [[SQLValue]] {
        try registry.values(
            "SELECT batch, line, family, person, ground FROM link WHERE until IS NULL ORDER BY batch, line", columns: 5)
    }

    private func linked(_ result: ArrivalResult) throws -> ArrivalSummary {
        guard case .linked(let summary) = result else { throw NotLinked(result: result) }
        return summary
    }

    private func faults(_ registry: Registry) throws -> [String] {
        try registry.database.read { try registry.faults(on: $0) }
    }

    private struct NotLinked: Error { let result: ArrivalResult }

    @Test(
        "are linked by themselves as a run over all rows would link them, and such a run changes nothing but what is learnt anew",
        arguments: Database.Engine.allCases)
    func law(engine: Database.Engine) throws {
        try Fixture.use(engine) { registry, folder in
            let (list, deaths) = try deliver(registry, folder)
            let before = try Knowledge.latestRun(of: registry)
            let summary = try linked(registry.linkArrivals())
            #expect(summary.run == before + 1)
            #expect(summary.batches == [list.batch, deaths.batch])
            #expect(summary.linked + summary.unlinked == list.accepted + deaths.accepted)
            #expect(summary.grounds[.likeness] ?? 0 > 10, "\(summary.grounds)")
            #expect(summary.ended > 250, "rows that are written otherwise, and those that are listed no more")
            #expect(summary.notWeighed == 1, "of deaths nothing was learnt yet")
            let known = try registry.known()
            let own = try links(registry)
            let counts = try registry.values(
                "SELECT linked, unlinked, in_review, day, persons FROM link_run WHERE run = \(summary.run)", columns: 5)
            let dead = try registry.values(
                "SELECT batch, line FROM family_member WHERE until IS NULL AND state = 'deceased'", columns: 2)
            #expect(dead == [[.integer(1), .integer(102)]])

            let whole = try registry.link()
            let all = try links(registry)
            // What only the models decide, which have learnt from more rows now, may differ where it was close.
            let differing = zip(own, all).filter { $0 != $1 }
            #expect(own.count == all.count)
            #expect(differing.count <= 3, "\(differing)")
            let byNumber = Set(
                ["register", "nik_name", "nik_birth_date", "family_number_name"].map { SQLValue.text($0) })
            #expect(differing.allSatisfy { !byNumber.contains($0.0[4]) && !byNumber.contains($0.1[4]) })
            if differing.isEmpty {
                let now = try registry.known()
                #expect(now == known)
                let again = try registry.values(
                    "SELECT linked, unlinked, in_review, day, persons FROM link_run WHERE run = \(whole.run)",
                    columns: 5)
                #expect(again == counts)
            }
            #expect(try faults(registry) == [])
        }
    }

    @Test("come to the same with an index that is kept, and are found in review and by whoever asks")
    func finder() throws {
        var links: [[[SQLValue]]] = []
        for isKept in [false, true] {
            try Fixture.use(.sqlite) { registry, folder in
                _ = try deliver(registry, folder)
                let finder = try PersonFinder(registry)
                if isKept { try finder.prepare() }
                let summary = try linked(registry.linkArrivals(finder: isKept ? finder : nil))
                links.append(try self.links(registry))
                #expect(try registry.reviewCounts().waiting == (summary.grounds[.toReview] ?? 0))
                let batch = try #require(summary.batches.first)
                #expect(try registry.reviewQueue(as: registry.everywhere()).contains { $0.place.batch == batch })
                #expect(
                    try registry.reviewQueue(as: registry.everywhere()).allSatisfy { $0.place.batch != 2 },
                    "the old list's rows are gone")
                #expect(
                    try finder.find(PersonQuestion(nik: Town().residents[100].nik), as: registry.everywhere()).count
                        >= 1)
            }
        }
        #expect(links.first == links.last)
    }

    @Test("a row on an old card, or under a second NIK, is whose it is")
    func cards() throws {
        try Fixture.use(.sqlite) { registry, folder in
            var town = Town().residents
            try ingest(registry, folder, "dukcapil", Resident.file(town))
            _ = try registry.link()
            let old = town[40].card
            for index in 40..<43 { town[index].card = number(9100) }
            town[43].card = number(9101)
            try ingest(registry, folder, "dukcapil", Resident.file(town), "2025-10-01")
            _ = try registry.link()
            let list = try ingest(
                registry, folder, "pkh-list",
                "nomor_kepesertaan,no_kk,nik_pengurus,nama_pengurus,tanggal_lahir,kode_desa\n"
                    + "K1,\(old),,\(town[41].name),,\n" + "K2,\(old),,\(town[43].name),,\n"
                    + "K3,\(number(9101)),,\(town[43].name),,\n" + "K4,\(old),,\(town[60].name),,\n", "2025-10-01")
            let summary = try linked(registry.linkArrivals())
            #expect(summary.grounds == [.familyNumberAndName: 3, .familyUnknown: 1])
            #expect(summary.notWeighed == 1, "of this source nothing was learnt yet")
            let own = try registry.links(of: list.batch)
            _ = try registry.link()
            let whole = try registry.links(of: list.batch)
            for line in [Int64(2), 3, 4] { #expect(own[line] == whole[line]) }
        }
    }

    @Test("need a run over all where they change who lives here, take back a death, or are the first")
    func whole() throws {
        try Fixture.use(.sqlite) { registry, folder in
            let town = Town(40)
            try ingest(registry, folder, "dukcapil", Resident.file(town.residents))
            #expect(try registry.linkArrivals() == .needsWholeRun(.first))
            let run = try registry.link().run
            let nothing = try linked(registry.linkArrivals())
            #expect(nothing.run == run)
            #expect(nothing.batches.isEmpty)
            let gone = town.residents[4]
            try ingest(
                registry, folder, "dukcapil-deaths", Self.deaths + "1,\(gone.nik),\(gone.name),,2025-08-30\n",
                "2025-10-01")
            #expect(try linked(registry.linkArrivals()).linked == 1)
            try ingest(
                registry, folder, "dukcapil-deaths", Self.deaths + "1,\(gone.nik),\(gone.name),,2025-08-31\n",
                "2025-10-02")
            #expect(try registry.linkArrivals() == .needsWholeRun(.takenBack(source: "dukcapil-deaths")))
            _ = try registry.link()
            try ingest(registry, folder, "dukcapil", Resident.file(town.residents.dropLast()), "2025-11-01")
            #expect(try registry.linkArrivals() == .needsWholeRun(.residents(source: "dukcapil")))
            #expect(try Knowledge.latestRun(of: registry) == run + 2, "nothing was written")
        }
    }

    @Test("a link that somebody changes afterwards is found by the audit")
    func audit() throws {
        try Fixture.use(.sqlite) { registry, folder in
            let (list, _) = try deliver(registry, folder)
            _ = try linked(registry.linkArrivals())
            #expect(try faults(registry) == [])
            try registry.database.write {
                try $0.execute("UPDATE link SET person = 1 WHERE batch = ? AND line = 400", [.integer(list.batch)])
            }
            #expect(try faults(registry).count == 1)
        }
    }
}
