import Foundation
import Journal
import Storage
import TestSupport
import Testing

@testable import Registry

/// Four families, and what other agencies say of them.
struct Village {
    var residents = [
        Resident(nik: number(1), card: number(901), name: "AHMAD FAUZI", born: "1980-05-17"),
        Resident(
            nik: number(2, "570682"), card: number(901), name: "SITI AMINAH", sex: "P", born: "1982-06-17",
            relation: "ISTRI"),
        Resident(nik: number(3, "010110"), card: number(901), name: "BUDI FAUZI", born: "2010-01-01", relation: "ANAK"),
        Resident(
            nik: number(4, "311250"), card: number(902), name: "SLAMET RIYADI", born: "1950-12-31",
            village: Fixture.sarongan),
        Resident(nik: number(5, "020290"), card: number(903), name: "WAYAN SUDIRA", born: "1990-02-02"),
        Resident(
            nik: number(6, "430391"), card: number(903), name: "MADE RAI", sex: "P", born: "1991-03-03",
            relation: "ISTRI"),
        Resident(nik: number(7, "040460"), card: number(904), name: "KETUT SUARDANA", born: "1960-04-04"),
    ]

    func deliver(_ registry: Registry, _ folder: Folder, _ day: String = "2025-09-01") throws {
        try ingest(registry, folder, "dukcapil", Resident.file(residents), day)
    }
}

@discardableResult
func ingest(
    _ registry: Registry, _ folder: Folder, _ source: String, _ text: String, _ day: String = "2025-09-01"
) throws -> Batch {
    try registry.ingest(
        try registry.pack.source(source), file: folder.write("\(source)-\(UUID()).csv", text),
        delivered: Fixture.day(day))
}

extension Registry {
    /// The ground of each link that holds, by batch and line, with family and person.
    func links(of batch: Int64) throws -> [Int64: String] {
        try database.read { connection in
            var links: [Int64: String] = [:]
            try connection.forEach(
                "SELECT line, ground, family, person FROM link WHERE batch = ? AND until IS NULL", [.integer(batch)]
            ) { links[$0.int64(0)] = "\($0.text(1)) \($0.int64(2))/\($0.int64(3))" }
            return links
        }
    }

    /// All that is known at a moment, as plain values: families with members and evidence.
    func known(asOf moment: Moment? = nil) throws -> [String] {
        let knowledge = try Knowledge(of: self, asOf: moment)
        var ranges: [Range<Int>?] = []
        return try knowledge.families(1..<knowledge.lastFamily + 1).flatMap { family in
            let members = family.members.map { "\($0.person) \($0.state.rawValue) \($0.batch):\($0.line)" }
            let rows = family.rows.map { row in
                let delivery = knowledge.deliveries[row.delivery]
                let fields = family.withFields(of: row, using: &ranges) { bytes, ranges in
                    ranges.map { range in
                        range.map { String(decoding: UnsafeRawBufferPointer(rebasing: bytes[$0]), as: UTF8.self) }
                            ?? "-"
                    }
                }
                return "\(row.person) \(delivery.source.name) \(delivery.batch):\(row.line) \(row.day) \(fields)"
            }
            return ["family \(family.family) in \(family.village)"] + members + rows
        }
    }

    /// Who lives where, in what state and on whose card, by NIK: what does not depend on the registry's own numbers.
    func people() throws -> [String] {
        let knowledge = try Knowledge(of: self)
        return try knowledge.families(1..<knowledge.lastFamily + 1).flatMap { family in
            try family.members.map { member in
                let numbers = try numbers(of: member, in: family, as: everywhere())
                return
                    "\(numbers?.nik ?? "?") \(numbers?.familyNumber ?? "?") \(family.village) \(member.state.rawValue)"
            }
        }.sorted()
    }
}

@Suite("Links")
struct LinkTests {
    @Test("are not certain where a NIK and its birth date are one's and the name is another's of the house")
    func twins() throws {
        try Fixture.use(.sqlite) { registry, folder in
            var village = Village()
            let born = "1999-03-04"
            for (serial, name) in [(31, "DEWI ANGGUN"), (32, "PUTRI RATNASARI")] {
                village.residents.append(
                    Resident(nik: number(serial, "440399"), card: number(901), name: name, sex: "P", born: born))
            }
            try village.deliver(registry, folder)
            let rows =
                "1,\(number(31, "440399")),PUTRI RATNASARI,04/03/1999,PNS\n"
                + "2,\(number(31, "440399")),LINDA,04/03/1999,PNS\n"
            let employees = try ingest(registry, folder, "bkn", "nip,nik,nama,tanggal_lahir,status\n" + rows)
            _ = try registry.link()
            let first = try #require(try registry.links(of: 1)[Int64(village.residents.count)])
            let own = try registry.links(of: employees.batch)
            #expect(own[2] == "nik_disagrees 0/0", "the NIK is a twin's, and says the birth date once more")
            #expect(own[3] == first.replacing("register", with: "nik_birth_date"), "a name that nobody there has")

            let later = try ingest(
                registry, folder, "bkn", "nip,nik,nama,tanggal_lahir,status\n" + rows.replacing("PNS", with: "PPPK"),
                "2025-11-01")
            guard case .linked = try registry.linkArrivals() else {
                Issue.record("nothing but rows of one agency has arrived")
                return
            }
            #expect(try registry.links(of: later.batch) == own)
        }
    }

    @Test("rest on each of their grounds", arguments: Database.Engine.allCases)
    func grounds(engine: Database.Engine) throws {
        try Fixture.use(engine) { registry, folder in
            var village = Village()
            // A person twice, word for word but for the address, and a NIK that two people have.
            village.residents.append(village.residents[2])
            village.residents[7].address = "Jalan Melati"
            village.residents.append(
                Resident(nik: number(4, "311250"), card: number(905), name: "JOKO WIDAGDO", born: "1971-07-07"))
            try village.deliver(registry, folder)
            let vehicles = try ingest(
                registry, folder, "samsat",
                """
                nomor_polisi,nik,nama,jenis
                P 1 A,\(number(1)),H. Ahmad Fauzi,MOBIL PENUMPANG
                P 2 A,,AHMAD FAUZI,MOBIL PENUMPANG
                P 3 A,12345,AHMAD FAUZI,MOBIL PENUMPANG
                P 4 A,\(number(88)),AHMAD FAUZI,MOBIL PENUMPANG
                P 5 A,\(number(1)),JOKO WIDAGDO,MOBIL PENUMPANG

                """)
            let employees = try ingest(
                registry, folder, "bkn",
                "nip,nik,nama,tanggal_lahir,status\n1,\(number(2, "570682")),NYONYA FAUZI,17/06/1982,PNS\n"
                    + "2,\(number(2, "570682")),NYONYA FAUZI,1982,PNS\n")
            let header = "no_kk,nik_kepala,nama_kepala,kode_desa,tanggal_pemutakhiran,desil\n"
            let place = ",35.10.16.1007,2025-08-01,2\n"
            let families = try ingest(
                registry, folder, "dtsen-families",
                header + "\(number(901)),,Budi F.\(place)" + "\(number(777)),,BUDI FAUZI\(place)"
                    + "\(number(901)),,SLAMET RIYADI\(place)" + "\(number(777)),\(number(1)),AHMAD FAUZI\(place)")
            let list = try ingest(
                registry, folder, "pkh-list", "nomor_kepesertaan,no_kk,nik_pengurus,nama_pengurus\n1,,,BUDI FAUZI\n")
            let summary = try registry.link()
            #expect(try registry.links(of: 1).values.filter { $0.hasPrefix("register") }.count == 8)
            #expect(try registry.links(of: 1)[9] == registry.links(of: 1)[4], "the same person twice is one person")
            #expect(try registry.links(of: 1)[10] == "nik_shared 0/0")
            #expect(
                try registry.links(of: vehicles.batch) == [
                    2: "nik_name 1/1", 3: "no_nik 0/0", 4: "malformed_nik 0/0", 5: "unknown_nik 0/0",
                    6: "nik_disagrees 0/0",
                ])
            #expect(
                try registry.links(of: employees.batch) == [2: "nik_birth_date 1/2", 3: "nik_disagrees 0/0"])
            #expect(
                try registry.links(of: families.batch) == [
                    2: "family_number_name 1/3", 3: "family_unknown 0/0", 4: "family_unknown 0/0", 5: "nik_name 1/1",
                ])
            #expect(try registry.links(of: list.batch) == [2: "no_nik 0/0"])
            #expect(
                Set(summary.grounds.keys)
                    == Set(Ground.allCases).subtracting([.likeness, .reviewed, .toReview, .refused]),
                "seven persons do not tell how frequent a name is")
            #expect((summary.persons, summary.families, summary.sharedNIKs) == (7, 4, 1))
            #expect((summary.linked, summary.unlinked) == (12, 9))
            let waiting = try registry.waitingRows()
            #expect(waiting.count == 9)
            #expect(waiting.allSatisfy { !$0.ground.isLinked })
            #expect(
                try registry.waitingRows(.nikShared) == [
                    WaitingRow(source: "dukcapil", batch: 1, line: 10, ground: .nikShared)
                ])
            #expect(try registry.waitingRows(limit: 2) == Array(waiting.prefix(2)))
        }
    }

    @Test("need a population register", arguments: Database.Engine.allCases)
    func notReady(engine: Database.Engine) throws {
        try Fixture.use(engine) { registry, folder in
            guard case .notReady = registryError({ _ = try registry.link() }) else {
                Issue.record("linked without a register")
                return
            }
            try ingest(registry, folder, "samsat", "nomor_polisi,nik,nama,jenis\n")
            guard case .notReady = registryError({ _ = try registry.link() }) else {
                Issue.record("linked without a register")
                return
            }
            guard case .notReady = registryError({ _ = try Knowledge(of: registry) }) else {
                Issue.record("something is known without a link run")
                return
            }
        }
    }

    private static let moves =
        "nomor_surat,nik,nama,tanggal_lahir,jenis,tanggal_pindah,kode_desa_asal,kode_desa_tujuan,no_kk_baru\n"

    @Test("follow people who died, moved out or moved within", arguments: Database.Engine.allCases)
    func events(engine: Database.Engine) throws {
        try Fixture.use(engine) { registry, folder in
            try Village().deliver(registry, folder)
            try ingest(
                registry, folder, "dukcapil-deaths",
                "nomor_akta,nik,nama,tanggal_lahir,tanggal_meninggal\n1,\(number(4, "311250")),Slamet Riadi,,2025-08-30\n"
                    + "2,\(number(5, "020290")),SOMEBODY ELSE,,2025-08-30\n")
            try ingest(
                registry, folder, "dukcapil-moves",
                Self.moves
                    // Out of the regency; into another family; into a new one, with a village and without.
                    + "1,\(number(1)),AHMAD FAUZI,,PINDAH KELUAR,2025-08-01,35.10.16.1007,,\n"
                    + "2,\(number(3, "010110")),BUDI FAUZI,,PINDAH DALAM,2025-08-01,,35.10.01.2001,\(number(902))\n"
                    + "3,\(number(5, "020290")),WAYAN SUDIRA,,PINDAH DALAM,2025-08-01,,35.10.01.2002,\(number(950))\n"
                    + "4,\(number(6, "430391")),MADE RAI,,PINDAH DALAM,2025-08-01,,,\(number(951))\n"
                    // The card keeps its number where all of the family moves.
                    + "5,\(number(7, "040460")),KETUT SUARDANA,,PINDAH DALAM,2025-08-01,,35.10.01.2002,\(number(904))\n"
            )
            let summary = try registry.link()
            let (home, away, third) = (Fixture.karangrejo, Fixture.sarongan, Fixture.pesanggaran)
            #expect(
                try registry.people()
                    == [
                        "\(number(1)) \(number(901)) \(home) moved_out",
                        "\(number(2, "570682")) \(number(901)) \(home) resident",
                        "\(number(3, "010110")) \(number(902)) \(away) resident",
                        "\(number(4, "311250")) \(number(902)) \(away) deceased",
                        "\(number(5, "020290")) \(number(950)) \(third) resident",
                        "\(number(6, "430391")) \(number(951)) \(home) resident",
                        "\(number(7, "040460")) \(number(904)) \(third) resident",
                    ].sorted())
            #expect(summary.families == 5)
            // A register delivered after the notices knows better where people live; who died stays dead.
            var village = Village()
            village.residents[0].address = "Jalan Baru"
            try village.deliver(registry, folder, "2025-10-01")
            _ = try registry.link()
            let people = try registry.people()
            #expect(people.contains("\(number(1)) \(number(901)) \(home) resident"))
            #expect(people.contains("\(number(5, "020290")) \(number(903)) \(home) resident"))
            #expect(people.contains("\(number(4, "311250")) \(number(902)) \(away) deceased"))
        }
    }

    @Test("are written once: running again without news changes nothing", arguments: Database.Engine.allCases)
    func idempotent(engine: Database.Engine) throws {
        try Fixture.use(engine) { registry, folder in
            try Village().deliver(registry, folder)
            try ingest(
                registry, folder, "samsat", "nomor_polisi,nik,nama,jenis\nP 1 A,\(number(1)),AHMAD FAUZI,BUS\n")
            let first = try registry.link()
            let tables = [
                "link_run", "link", "evidence", "family", "person", "family_member", "family_residence",
                "journal_entry",
            ]
            let before = try tables.map { try registry.count($0) }
            let known = try registry.known()
            for _ in 0..<2 { #expect(try registry.link() == first) }
            #expect(try tables.map { try registry.count($0) } == before)
            #expect(try registry.known() == known)
            // A delivery of the same rows says that they still hold, so it is news, but no row of a table changes.
            var village = Village()
            village.residents.reverse()
            try village.deliver(registry, folder, "2025-10-01")
            let second = try registry.link()
            #expect(second.run == first.run + 1)
            #expect(try registry.known() == known)
            #expect(try registry.count("link") == before[1])
            #expect(try registry.count("evidence") == before[2])
            #expect(try Knowledge(of: registry).day == Fixture.day("2025-10-01"))
            #expect(try Knowledge(of: registry).latestDelivery(of: "dukcapil")?.delivered == Fixture.day("2025-10-01"))
        }
    }

    @Test(
        "of a new delivery change only where it differs, and what was known stays known",
        arguments: Database.Engine.allCases)
    func history(engine: Database.Engine) throws {
        try Fixture.use(engine) { registry, folder in
            try Village().deliver(registry, folder)
            let cars = "nomor_polisi,nik,nama,jenis\n"
            try ingest(
                registry, folder, "samsat",
                cars + "P 1 A,\(number(1)),AHMAD FAUZI,BUS\nP 2 A,\(number(5, "020290")),WAYAN SUDIRA,BUS\n")
            _ = try registry.link()
            let first = try Knowledge(of: registry)
            let firstKnown = try registry.known()
            let firstLinks = try registry.count("link")
            #expect(try registry.known(asOf: registry.clock.now) == firstKnown)

            var village = Village()
            village.residents[4].village = Fixture.sarongan
            village.residents[5].village = Fixture.sarongan
            village.residents.remove(at: 6)
            try village.deliver(registry, folder, "2025-10-01")
            try ingest(
                registry, folder, "samsat",
                cars + "P 1 A,\(number(1)),AHMAD FAUZI,BUS\nP 3 A,\(number(1)),AHMAD FAUZI,BUS\n",
                "2025-10-01")
            _ = try registry.link()
            let second = try Knowledge(of: registry)
            let secondKnown = try registry.known()
            // The two who moved have new rows in the register, and there is one new vehicle.
            #expect(try registry.count("link") == firstLinks + 3)
            #expect(secondKnown != firstKnown)
            #expect(secondKnown.contains("family 3 in \(Fixture.sarongan)"))
            #expect(!secondKnown.contains("family 4 in \(Fixture.karangrejo)"))
            #expect(second.day == Fixture.day("2025-10-01"))

            try ingest(
                registry, folder, "dukcapil-deaths",
                "nomor_akta,nik,nama,tanggal_meninggal\n1,\(number(1)),AHMAD FAUZI,2025-10-02\n", "2025-10-10")
            _ = try registry.link()
            #expect(try registry.known().contains { $0.hasPrefix("1 deceased") })
            #expect(try registry.known(asOf: first.moment) == firstKnown)
            #expect(try registry.known(asOf: second.moment) == secondKnown)
            #expect(try Knowledge(of: registry, asOf: first.moment).day == first.day)
            #expect(try Knowledge(of: registry, run: second.run).moment == second.moment)
            let before = Moment(microseconds: first.moment.microseconds - 1)
            guard case .notReady = registryError({ _ = try Knowledge(of: registry, asOf: before) }) else {
                Issue.record("something was known before anything was linked")
                return
            }
            #expect(try registry.database.read { try registry.faults(on: $0) } == [])
        }
    }

    @Test("made step by step and made at once are of the same people", arguments: Database.Engine.allCases)
    func law(engine: Database.Engine) throws {
        var generator = SeededGenerator(seed: 35)
        for _ in 0..<4 {
            var deliveries: [(source: String, text: String, day: String)] = []
            var village = Village()
            for month in 1...4 {
                for index in village.residents.indices {
                    switch Int.random(in: 0..<10, using: &generator) {
                    case 0: village.residents[index].village = Fixture.sarongan
                    case 1: village.residents[index].card = number(Int.random(in: 901...906, using: &generator))
                    case 2: village.residents[index].name = String(village.residents[index].name.reversed())
                    default: continue
                    }
                }
                var listed = village.residents
                listed.remove(at: Int.random(in: listed.indices, using: &generator))
                deliveries.append(("dukcapil", Resident.file(listed), "2025-0\(month)-01"))
                let someone = village.residents[Int.random(in: village.residents.indices, using: &generator)]
                deliveries.append(
                    (
                        "dukcapil-deaths",
                        "nomor_akta,nik,nama,tanggal_meninggal\n\(month),\(someone.nik),\(someone.name),2025-01-01\n",
                        "2025-0\(month)-02"
                    ))
            }
            func people(linkingEach: Bool) throws -> [String] {
                try Fixture.use(engine) { registry, folder in
                    for delivery in deliveries {
                        try ingest(registry, folder, delivery.source, delivery.text, delivery.day)
                        if linkingEach { _ = try registry.link() }
                    }
                    _ = try registry.link()
                    #expect(try registry.database.read { try registry.faults(on: $0) } == [])
                    return try registry.people()
                }
            }
            #expect(try people(linkingEach: true) == people(linkingEach: false))
        }
    }
}

@Suite("People of the registry")
struct PeopleTests {
    @Test("are found by their number, and their reading is noted", arguments: Database.Engine.allCases)
    func people(engine: Database.Engine) throws {
        try Fixture.use(engine) { registry, folder in
            try Village().deliver(registry, folder)
            _ = try registry.link()
            let knowledge = try Knowledge(of: registry)
            let found = try #require(try registry.person(nik: NIK.madeUp(1), in: knowledge, as: registry.everywhere()))
            #expect((found.person, found.family) == (1, 1))
            #expect(try registry.person(nik: NIK.madeUp(99), in: knowledge, as: registry.everywhere()) == nil)
            let family = try #require(try registry.family(found.family, in: knowledge, as: registry.everywhere()))
            #expect(family.members.count == 3)
            #expect(
                try registry.identity(
                    of: family.members[0], of: family, in: knowledge, as: registry.everywhere())?.name == "AHMAD FAUZI")
            #expect(
                try registry.identity(
                    of: family.members[0], of: family, in: knowledge, as: registry.everywhere())?.birthDate
                    == "1980-05-17")
            #expect(
                try registry.numbers(of: family.members[0], in: family, as: registry.everywhere())?.nik == number(1))
            #expect(try registry.isCard(FamilyNumber.parse(number(901), madeUp: true).get(), of: found))
            #expect(try !registry.isCard(FamilyNumber.parse(number(902), madeUp: true).get(), of: found))
            #expect(try registry.family(99, in: knowledge, as: registry.everywhere()) == nil)
            try registry.noteRead(of: 1, as: registry.everywhere(), detail: "asked by the family")
            let entries = try registry.database.read { try Journal.entries(about: "family:1", on: $0) }
            #expect(entries.map(\.draft.action) == ["family.read"])
        }
    }
}
