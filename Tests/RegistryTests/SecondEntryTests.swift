import Journal
import Storage
import TestSupport
import Testing

@testable import Registry

/// Persons whom the population register lists twice, under two NIKs.
@Suite("Second entries in the register")
struct SecondEntryTests {
    /// The town with mothers, and second entries of some: another NIK of the same day, an old card, a name with a slip.
    private func town(_ twice: [Int]) -> [Resident] {
        var residents = Town().residents
        for index in residents.indices {
            residents[index].mother =
                "\(Town.first[index * 7 % Town.first.count]) \(Town.second[index * 11 % Town.second.count])"
        }
        return residents
            + twice.map { index in
                var second = residents[index]
                second.nik = String(second.nik.prefix(12)) + String(9999 - index)
                second.card = number(9000 + index)
                second.name.removeLast()
                second.address = "DUSUN LAMA"
                return second
            }
    }

    /// The lines on which the second entries stand: the file begins with its head, and the town has a thousand rows. The first
    /// is set aside, whose number ends with 0000.
    private func line(_ place: Int) -> Int64 { Int64(1002 + place) }

    private func link(_ registry: Registry, _ line: Int64) throws -> String {
        try #require(registry.links(of: 1)[line])
    }

    @Test("are put before people beside the person, and nobody else is", arguments: Database.Engine.allCases)
    func found(engine: Database.Engine) throws {
        try Fixture.use(engine) { registry, folder in
            let twice = [40, 161, 402]
            try ingest(registry, folder, "dukcapil", Resident.file(town(twice)))
            let summary = try registry.link()
            #expect(summary.secondEntries == 3)
            #expect(summary.persons == 1002, "until people decide they are persons")
            let queue = try registry.reviewQueue(as: registry.everywhere())
            #expect(Set(queue.map(\.place.line)) == [line(0), line(1), line(2)])
            for (place, index) in twice.enumerated() {
                let shown = try registry.reviewCase(RowPlace(batch: 1, line: line(place)), as: registry.everywhere())
                let person = try #require(shown.candidates.first)
                #expect(try link(registry, Int64(index + 2)).hasSuffix("/\(person.person)"))
                #expect(shown.isEntry)
                #expect(shown.fields.last == "mother")
                #expect(person.values.last != Optional(nil))
                #expect(abs(person.compared.reduce(0) { $0 + $1.weight } - person.weight) < 0.01)
                #expect(person.probability > 0.2)
            }
            #expect(try registry.link().run == summary.run, "nothing new: the same run")
        }
    }

    @Test(
        "are the same person's once people say so: rows under either NIK are that person's, and undone all is as before",
        arguments: Database.Engine.allCases)
    func merged(engine: Database.Engine) throws {
        try Fixture.use(engine) { registry, folder in
            let residents = town([40])
            let second = residents[1000]
            try ingest(registry, folder, "dukcapil", Resident.file(residents))
            // One agency knows the person by the first NIK, another row by the second.
            let list = try ingest(
                registry, folder, "pkh-list",
                "nomor_kepesertaan,no_kk,nik_pengurus,nama_pengurus,tanggal_lahir,kode_desa\n"
                    + "K1,\(residents[40].card),\(residents[40].nik),\(residents[40].name),,\n"
                    + "K2,\(second.card),\(second.nik),\(second.name),,\n")
            let first = try registry.link()
            let before = try registry.values(
                "SELECT family, person, state FROM family_member WHERE until IS NULL ORDER BY family, person",
                columns: 3)
            let links = try registry.links(of: list.batch)
            #expect(Set(links.values).count == 2, "two persons so far")
            let item = try #require(registry.reviewQueue(as: registry.everywhere()).first)
            let own = try #require(try registry.reviewCase(item.place, as: registry.everywhere()).person)
            #expect(throws: RegistryError.self, "that an entry is its own person's says nothing") {
                try registry.answerReview(item.place, person: own, .same, as: registry.everywhere())
            }
            let decision = try answered(registry, item.place, item.person, .same)
            guard case .valid(let nik) = NIK.assess(second.nik, madeUp: true),
                case .success(let card) = FamilyNumber.parse(second.card, madeUp: true)
            else { throw Unreadable() }
            let after = try registry.link()
            #expect(after.run == first.run + 1)
            #expect(after.persons == 999)
            #expect(after.secondEntries == 0)
            let person = String(try link(registry, 42).split(separator: "/").last ?? "none")
            #expect(try link(registry, line(0)).hasPrefix("reviewed "))
            #expect(try link(registry, line(0)).hasSuffix("/\(person)"))
            let merged = try registry.links(of: list.batch)
            #expect(merged.values.allSatisfy { $0.hasSuffix("/\(person)") }, "\(merged)")
            let latest = try Knowledge(of: registry)
            let found = try #require(try registry.person(nik: nik, in: latest, as: registry.everywhere()))
            #expect("\(found.person)" == person, "whoever asks by the second NIK is that person")
            #expect(try registry.isCard(card, of: found), "also with the card on which it stands")
            guard case .success(let other) = FamilyNumber.parse(residents[44].card, madeUp: true) else {
                throw Unreadable()
            }
            #expect(try !registry.isCard(other, of: found))
            #expect(
                try registry.person(nik: nik, in: Knowledge(of: registry, run: first.run), as: registry.everywhere())?
                    .person != found.person)

            for number in decision { try registry.undoReview(number, note: "two sisters", as: registry.everywhere()) }
            _ = try registry.link()
            #expect(
                try registry.values(
                    "SELECT family, person, state FROM family_member WHERE until IS NULL ORDER BY family, person",
                    columns: 3) == before)
            #expect(try registry.links(of: list.batch) == links)
            #expect(try registry.reviewQueue(as: registry.everywhere()).map(\.place) == [item.place], "it waits again")
        }
    }

    @Test("what people said holds when the register comes anew, and when the first entry leaves it")
    func anew() throws {
        try Fixture.use(.sqlite) { registry, folder in
            var residents = town([40, 161])
            try ingest(registry, folder, "dukcapil", Resident.file(residents))
            _ = try registry.link()
            for item in try registry.reviewQueue(as: registry.everywhere()) {
                try answered(registry, item.place, item.person, item.place.line == line(0) ? .same : .not)
            }
            #expect(try registry.link().persons == 1000)
            #expect(
                try registry.reviewQueue(as: registry.everywhere()).isEmpty,
                "who is said to be two is not asked about again")
            // Every row changes, so every row is a new one.
            for index in residents.indices { residents[index].address = "JALAN BARU" }
            try ingest(registry, folder, "dukcapil", Resident.file(residents), "2025-11-01")
            let again = try registry.link()
            #expect(again.persons == 1000)
            #expect(again.secondEntries == 0)
            residents.remove(at: 40)
            try ingest(registry, folder, "dukcapil", Resident.file(residents), "2025-12-01")
            let gone = try registry.link()
            #expect(gone.persons == 1000, "the second entry is a person again: nobody vanishes")
            #expect(gone.grounds[.reviewed] == nil)
        }
    }

    @Test("entries that are said to be each other's are both persons")
    func circle() throws {
        try Fixture.use(.sqlite) { registry, folder in
            let residents = town([40])
            try ingest(registry, folder, "dukcapil", Resident.file(residents))
            _ = try registry.link()
            let item = try #require(registry.reviewQueue(as: registry.everywhere()).first)
            let entry = try #require(try Int64(link(registry, item.place.line).split(separator: "/").last ?? ""))
            try answered(registry, item.place, item.person, .same)
            try registry.database.write { connection in
                let row = try #require(
                    connection.first(
                        "SELECT batch, line FROM family_member WHERE person = ? AND until IS NULL",
                        [.integer(item.person)]
                    ) { ($0.int64(0), $0.int64(1)) })
                for (number, actor) in [(90, "one"), (91, "two")] {
                    try connection.execute(
                        """
                        INSERT INTO link_decision (regency, decision, at, actor, batch, line, person, answer, note)
                        VALUES (?, \(number), 0, '\(actor)', ?, ?, ?, 'same', '')
                        """, [.text(registry.regency), .integer(row.0), .integer(row.1), .integer(entry)])
                }
            }
            #expect(try registry.link().persons == 1000)
        }
    }

    private struct Unreadable: Error {}

    /// Answers a row as often as it needs opinions; the decisions' numbers.
    @discardableResult
    private func answered(
        _ registry: Registry, _ place: RowPlace, _ person: Int64, _ answer: ReviewAnswer
    ) throws -> [Int64] {
        let isDrawn = Verdict.needsSecondOpinion(batch: place.batch, line: place.line)
        return try (isDrawn ? ["one", "two"] : ["one"]).map {
            try registry.answerReview(place, person: person, answer, as: registry.everywhere($0))
        }
    }
}

/// Families whose cards change between deliveries.
@Suite("Families that split and join")
struct FamilyChangeTests {
    private let head = "nomor_kepesertaan,no_kk,nik_pengurus,nama_pengurus,tanggal_lahir,kode_desa\n"

    private func family(_ card: Int) -> [Resident] {
        [
            Resident(nik: number(1), card: number(card), name: "SUPARMAN HADI"),
            Resident(nik: number(2), card: number(card), name: "SITI AMINAH", sex: "P", relation: "ISTRI"),
            Resident(nik: number(3), card: number(card), name: "BUDI SANTOSO", relation: "ANAK"),
        ]
    }

    @Test(
        "a row on an old card is the present family's of whom it names: after a new card, a split and a join",
        arguments: Database.Engine.allCases)
    func old(engine: Database.Engine) throws {
        try Fixture.use(engine) { registry, folder in
            try ingest(registry, folder, "dukcapil", Resident.file(family(100)))
            _ = try registry.link()
            // The parents get a new card, the son joins his wife's.
            var later = family(200)
            later[2].card = number(300)
            later.append(Resident(nik: number(4), card: number(300), name: "RINA WULANDARI", sex: "P"))
            try ingest(registry, folder, "dukcapil", Resident.file(later), "2025-11-01")
            let list = try ingest(
                registry, folder, "pkh-list",
                head + "K1,\(number(100)),,SITI AMINAH,,\n" + "K2,\(number(100)),,BUDI SANTOSO,,\n"
                    + "K3,\(number(100)),,RINA WULANDARI,,\n",
                "2025-11-01")
            _ = try registry.link()
            let links = try registry.links(of: list.batch)
            let register = try registry.links(of: 2)
            func home(_ line: Int64) -> String {
                String((register[line] ?? "").split(separator: " ").last?.split(separator: "/").first ?? "")
            }
            #expect(links[2] == "family_number_name \(home(3))/2", "\(links)")
            #expect(links[3] == "family_number_name \(home(4))/3", "\(links)")
            #expect(links[4]?.hasPrefix("family_unknown") == true, "who was never on that card: \(links)")
            #expect(home(3) != home(4))
        }
    }

    @Test("a link by family number and name can be refused, as any other")
    func refused() throws {
        try Fixture.use(.sqlite) { registry, folder in
            try ingest(registry, folder, "dukcapil", Resident.file(family(100)))
            let list = try ingest(registry, folder, "pkh-list", head + "K1,\(number(100)),,SITI AMINAH,,\n")
            _ = try registry.link()
            #expect(try registry.links(of: list.batch)[2] == "family_number_name 1/2")
            let place = RowPlace(batch: list.batch, line: 2)
            for actor in Verdict.needsSecondOpinion(batch: place.batch, line: place.line) ? ["one", "two"] : ["one"] {
                try registry.answerReview(place, person: 2, .not, note: "her cousin", as: registry.everywhere(actor))
            }
            _ = try registry.link()
            #expect(try registry.links(of: list.batch)[2] == "refused 0/0")
        }
    }

    @Test("where two of one name went to different families, a row on the old card is neither's")
    func namesakes() throws {
        try Fixture.use(.sqlite) { registry, folder in
            var before = family(100)
            before[0].name = "AHMAD FAUZI"
            before[2].name = "AHMAD FAUZI"
            try ingest(registry, folder, "dukcapil", Resident.file(before))
            _ = try registry.link()
            before[0].card = number(200)
            before[1].card = number(200)
            before[2].card = number(300)
            try ingest(registry, folder, "dukcapil", Resident.file(before), "2025-11-01")
            let list = try ingest(
                registry, folder, "pkh-list", head + "K1,\(number(100)),,AHMAD FAUZI,,\n", "2025-11-01")
            _ = try registry.link()
            #expect(try registry.links(of: list.batch)[2]?.hasPrefix("family_unknown") == true)
        }
    }
}

/// Cards of the register whose people are all known on another one.
@Suite("Second cards of households")
struct SharedCardTests {
    private let head = "no_kk,nik,nama,jenis_kelamin,tanggal_lahir,tanggal_pemutakhiran\n"

    /// Couples on a card each, with a child on another card; who is head of that card, if anybody.
    private func residents(isHead: Bool) -> [Resident] {
        [
            Resident(nik: number(1), card: number(100), name: "SUPARMAN HADI"),
            Resident(nik: number(2), card: number(100), name: "SITI AMINAH", sex: "P", relation: "ISTRI"),
            Resident(
                nik: number(3), card: number(300), name: "BUDI SANTOSO",
                relation: isHead ? "KEPALA KELUARGA" : "ANAK"),
            Resident(nik: number(4), card: number(400), name: "AGUS RIYADI"),
        ]
    }

    private func members(_ cards: [Int: Int]) -> String {
        let names = [1: "SUPARMAN HADI", 2: "SITI AMINAH", 3: "BUDI SANTOSO", 4: "AGUS RIYADI"]
        return head
            + cards.sorted { $0.key < $1.key }.map { "\(number($1)),\(number($0)),\(names[$0] ?? ""),,,2025-08-01\n" }
            .joined()
    }

    @Test(
        "are found where others know all of a card's people on another card, and gone when they no longer do",
        arguments: Database.Engine.allCases)
    func found(engine: Database.Engine) throws {
        try Fixture.use(engine) { registry, folder in
            try ingest(registry, folder, "dukcapil", Resident.file(residents(isHead: false)))
            try ingest(registry, folder, "dtsen-members", members([1: 100, 2: 100, 3: 100, 4: 400]))
            let summary = try registry.link()
            #expect(summary.sharedCards == 1)
            let card = try #require(registry.sharedCards().first)
            #expect((card.family, card.other, card.members, card.hasHead) == (2, 1, 1, false))
            #expect(try registry.link().run == summary.run, "nothing new: the same run")

            var later = residents(isHead: false)
            later[2].card = number(100)
            try ingest(registry, folder, "dukcapil", Resident.file(later), "2025-11-01")
            #expect(try registry.link().sharedCards == 0, "Dukcapil has mended it")
            #expect(try registry.sharedCards().isEmpty)
        }
    }

    @Test("say whether the card has a head, also where the card that others know has a number that no family has")
    func stray() throws {
        try Fixture.use(.sqlite) { registry, folder in
            try ingest(registry, folder, "dukcapil", Resident.file(residents(isHead: true)))
            try ingest(registry, folder, "dtsen-members", members([1: 777, 2: 777, 3: 777, 4: 400]))
            _ = try registry.link()
            let card = try #require(registry.sharedCards().first)
            #expect((card.family, card.other, card.hasHead) == (2, 1, true))
        }
    }

    @Test("are none where others know only some of a card's people elsewhere, or nobody is left there")
    func none() throws {
        try Fixture.use(.sqlite) { registry, folder in
            try ingest(registry, folder, "dukcapil", Resident.file(residents(isHead: false)))
            // One of a couple is known with somebody else: a marriage ended, or a child counted twice.
            try ingest(registry, folder, "dtsen-members", members([1: 100, 2: 400, 3: 300, 4: 400]))
            #expect(try registry.link().sharedCards == 0)
        }
    }
}
