import Foundation
import Journal
import RecordLinkage
import Storage
import TestSupport
import Testing

@testable import Registry

/// A village of a thousand persons in families of four, with names as frequent as names are.
struct Town {
    static let first = [
        "AHMAD", "SITI", "SUPARMAN", "WAYAN", "MADE", "KETUT", "BUDI", "SRI", "DEWI", "AGUS", "SLAMET", "ENDANG",
        "JOKO",
        "RINA", "HADI", "LESTARI", "BAMBANG", "TUTIK", "IMAM", "NURUL", "EKO", "DWI", "TRI", "YUDI", "RATNA",
    ]
    static let second = [
        "FAUZI", "AMINAH", "RIYADI", "SUDIRA", "WIJAYA", "RAHMAWATI", "SANTOSO", "HIDAYAT", "PURNAMA", "SETIAWAN",
        "HANDAYANI", "KUSUMA", "ROHMAN", "MAULANA", "SAPUTRA", "UTAMI", "PRASETYO", "WULANDARI", "GUNAWAN", "SURYANI",
        "HARTONO", "ANGGRAENI", "FIRMANSYAH", "MULYADI", "OKTAVIA", "NUGROHO", "SUSANTI", "HERMAWAN", "BASUKI",
    ]

    let residents: [Resident]

    init(_ count: Int = 1000) {
        var random = SeededGenerator(seed: 7)
        residents = (0..<count).map { index in
            let year = 1945 + Int.random(in: 0..<70, using: &random)
            let (month, day) = (Int.random(in: 1...12, using: &random), Int.random(in: 2...28, using: &random))
            let isWoman = index % 2 == 1
            let date = String(format: "%02d%02d%02d", day + (isWoman ? 40 : 0), month, year % 100)
            let name =
                "\(Self.first[Int.random(in: 0..<Self.first.count, using: &random)]) "
                + "\(Self.second[Int.random(in: 0..<Self.second.count, using: &random)])"
            return Resident(
                nik: String(format: "359901%@%04d", date, index % 10_000), card: number(5000 + index / 4), name: name,
                sex: isWoman ? "P" : "L", born: String(format: "%04d-%02d-%02d", year, month, day),
                relation: index % 4 == 0 ? "KEPALA KELUARGA" : "ANAK",
                village: [Fixture.karangrejo, Fixture.sarongan, Fixture.pesanggaran][index / 4 % 3])
        }
    }

    /// A list of PKH's with one row for each of some residents, as `change` writes them.
    func list(_ range: Range<Int>, _ change: (Int, inout ListRow) -> Void) -> String {
        var text = "nomor_kepesertaan,no_kk,nik_pengurus,nama_pengurus,tanggal_lahir,kode_desa\n"
        for index in range {
            let resident = residents[index]
            var row = ListRow(
                card: resident.card, nik: resident.nik, name: resident.name, born: resident.born,
                village: resident.village)
            change(index, &row)
            text += "K\(index),\(row.card),\(row.nik),\(row.name),\(row.born),\(row.village)\n"
        }
        return text
    }

    struct ListRow {
        var card: String
        var nik: String
        var name: String
        var born: String
        var village: String
    }
}

@Suite("Likeness")
struct LikenessTests {
    /// The link of a list's row: its ground, and the true resident whose person and family it is.
    private func outcome(_ registry: Registry, _ batch: Int64, _ index: Int, from: Int = 0) throws -> String {
        try registry.links(of: batch)[Int64(index - from + 2)] ?? "none"
    }

    private func person(_ registry: Registry, _ index: Int) throws -> String {
        let text = try registry.links(of: 1)[Int64(index + 2)] ?? ""
        return String(text.split(separator: " ").last ?? "")
    }

    @Test(
        "links a row without a NIK, with a mistyped one, and with other faults besides",
        arguments: Database.Engine.allCases)
    func links(engine: Database.Engine) throws {
        try Fixture.use(engine) { registry, folder in
            let town = Town()
            // One of them stands in the register twice.
            var twice = town.residents[30]
            twice.address = "DUSUN LAIN"
            try ingest(registry, folder, "dukcapil", Resident.file(town.residents + [twice]))
            let list = try ingest(
                registry, folder, "pkh-list",
                town.list(0..<600) { index, row in
                    switch index {
                    case 10: row.nik = ""
                    case 20: row.nik = String(row.nik.prefix(15)) + "X"
                    case 30:
                        row.nik = ""
                        row.card = ""
                    case 40:
                        row.nik = ""
                        row.name = "HJ. " + row.name.lowercased()
                        row.card = ""
                    case 50:
                        row.nik = ""
                        row.card = ""
                        row.name.remove(at: row.name.index(row.name.startIndex, offsetBy: 2))
                    default:
                        // Who makes no mistakes where the NIK is right makes none where it is not.
                        if index.isMultiple(of: 7) { row.name.remove(at: row.name.index(after: row.name.startIndex)) }
                    }
                })
            let summary = try registry.link()
            for index in [30, 40, 50] {
                let family = try person(registry, index).split(separator: "/")[0]
                let found = try outcome(registry, list.batch, index)
                #expect(found.hasPrefix("likeness \(family)/"), "row \(index): \(found)")
            }
            #expect(summary.grounds[.likeness] ?? 0 >= 3)
            let lesson = try #require(registry.linkLessons(of: summary.run).first { $0.source == "pkh-list" })
            #expect(lesson.hidden >= 500)
            #expect(lesson.right >= lesson.linked * 98 / 100)
            let before = try Knowledge.latestRun(of: registry)
            #expect(try registry.link().run == before, "nothing new: the same run")
        }
    }

    @Test("a slip in a NIK that makes it that of somebody born on the same day does not give the row to that person")
    func slips() throws {
        try Fixture.use(.sqlite) { registry, folder in
            var town = Town().residents
            // Two of two families and villages, born on one day, whose NIKs differ in one digit; and somebody with another name.
            for (index, serial, name) in [(200, "9101", "SAMSUL ARIFIN"), (201, "9108", "KHOIRUL ANAM")] {
                town[index].nik = "359901120577" + serial
                (town[index].born, town[index].name, town[index].sex) = ("1977-05-12", name, "L")
                town[index].card = number(9200 + index)
                town[index].village = index == 200 ? Fixture.karangrejo : Fixture.sarongan
            }
            try ingest(registry, folder, "dukcapil", Resident.file(town))
            let list = try ingest(
                registry, folder, "pkh-list",
                Town().list(0..<600) { index, row in
                    let own = town[index]
                    (row.nik, row.card, row.name, row.born) = (own.nik, own.card, own.name, own.born)
                    row.village = own.village
                    if index == 200 { (row.nik, row.card) = (town[201].nik, "") }
                    if index == 300 { row.name = "PAK RT" }
                })
            _ = try registry.link()
            let right = try person(registry, 200)
            let slipped = try outcome(registry, list.batch, 200)
            #expect(slipped == "likeness \(right)", "\(slipped)")
            let own = try outcome(registry, list.batch, 300)
            #expect(own.hasPrefix("nik_birth_date"), "where nobody else resembles the row, it stands: \(own)")
        }
    }

    @Test("does not link a row that fits two persons, nor one of somebody who is not listed")
    func doubt() throws {
        try Fixture.use(.sqlite) { registry, folder in
            var town = Town().residents
            // Two namesakes of one village, born in one year; and somebody who lives elsewhere.
            town[100].name = "SAMSUL ARIFIN"
            town[104].name = "SAMSUL ARIFIN"
            town[100].village = Fixture.sarongan
            town[104].village = Fixture.sarongan
            try ingest(registry, folder, "dukcapil", Resident.file(town))
            let others = Town()
            let list = try ingest(
                registry, folder, "pkh-list",
                others.list(0..<400) { index, row in
                    if index == 100 {
                        row = .init(card: "", nik: "", name: "SAMSUL ARIFIN", born: "", village: Fixture.sarongan)
                    }
                    if index == 200 {
                        row = .init(
                            card: "", nik: "", name: "ZULKARNAEN HARAHAP", born: "1971-11-30",
                            village: Fixture.sarongan)
                    }
                })
            _ = try registry.link()
            #expect(try outcome(registry, list.batch, 100) == "to_review 0/0")
            let found = try registry.reviewCase(RowPlace(batch: list.batch, line: 102), as: registry.everywhere())
            #expect(found.candidates.count >= 2)
            #expect(Set(found.candidates.prefix(2).map { $0.values[0] }) == ["SAMSUL ARIFIN"])
            #expect(found.candidates.allSatisfy { $0.probability < 0.9 })
            #expect(try outcome(registry, list.batch, 200) == "no_nik 0/0")
        }
    }

    @Test("tells a grandchild from the grandparent of the same name, and a wife from her husband, in one house")
    func household() throws {
        try Fixture.use(.sqlite) { registry, folder in
            var town = Town().residents
            for (index, name, born) in [
                (200, "SAMSUL ARIFIN", "1951-03-09"), (201, "SAMSUL ARIFIN", "2012-07-24"),
                (300, "SUPARMAN RIYADI", "1970-05-05"), (301, "SUPARMI RIYADI", "1970-05-05"),
            ] {
                town[index].name = name
                town[index].born = born
            }
            try ingest(registry, folder, "dukcapil", Resident.file(town))
            let list = try ingest(
                registry, folder, "pkh-list",
                Town().list(0..<500) { index, row in
                    switch index {
                    case 200:
                        row = .init(card: "", nik: "", name: "SAMSUL ARIFIN", born: "1951-03-09", village: row.village)
                    case 201:
                        row = .init(card: "", nik: "", name: "SAMSUL ARIFIN", born: "2012-07-24", village: row.village)
                    case 202: row = .init(card: "", nik: "", name: "SAMSUL ARIFIN", born: "", village: row.village)
                    case 301:
                        row = .init(card: "", nik: "", name: "SUPARMI RIYADI", born: "1970-05-05", village: row.village)
                    default: break
                    }
                })
            _ = try registry.link()
            func candidate(_ index: Int) throws -> (person: Int64, probability: Double)? {
                try registry.reviewCase(RowPlace(batch: list.batch, line: Int64(index + 2)), as: registry.everywhere())
                    .candidates.first
                    .map { ($0.person, $0.probability) }
            }
            func resident(_ index: Int) throws -> Int64 {
                Int64(try person(registry, index).split(separator: "/")[1]) ?? 0
            }
            for index in [200, 201, 301] {
                let found = try #require(try candidate(index))
                #expect(found.person == (try resident(index)), "row \(index)")
                #expect(found.probability > 0.5, "row \(index): \(found.probability)")
            }
            let either = try registry.reviewCase(RowPlace(batch: list.batch, line: 204), as: registry.everywhere())
            #expect(
                Set(either.candidates.prefix(2).map(\.person)) == [try resident(200), try resident(201)],
                "without a birth date it is one of the two")
            #expect(either.candidates.first?.probability ?? 1 < 0.9)
        }
    }

    @Test("tells what each field weighs, which together is the weight")
    func waterfall() throws {
        try Fixture.use(.sqlite) { registry, folder in
            let town = Town()
            try ingest(registry, folder, "dukcapil", Resident.file(town.residents))
            let list = try ingest(
                registry, folder, "pkh-list",
                town.list(0..<400) { index, row in
                    if index == 50 {
                        row.nik = ""
                        row.card = ""
                        row.village = Fixture.pesanggaran
                    }
                })
            _ = try registry.link()
            let found = try registry.reviewCase(RowPlace(batch: list.batch, line: 52), as: registry.everywhere())
            let first = try #require(found.candidates.first)
            #expect(found.ground == .likeness)
            let odds = log2(min(first.probability, 1 - 1e-6) / max(1 - first.probability, 1e-6))
            #expect(abs(first.prior + first.weight - odds) < 0.01, "what is drawn is what is said")
            #expect(abs(first.compared.reduce(0) { $0 + $1.weight } - first.weight) < 0.01)
            #expect(first.compared.first { $0.field == "birth_date" }?.level == "equal")
            #expect(first.compared.first { $0.field == "nik" }?.level == nil)
            #expect((first.compared.first { $0.field == "birth_date" }?.weight ?? 0) > 5)
        }
    }

    @Test("one threshold is lower where people found that what is below it is right, and higher where it is not")
    func thresholds() {
        var trials = LinkTrials()
        trials.hidden = (0..<200).map { _ in (0.9995, true) }
        trials.waiting = (0..<100).map { _ in 0.9995 } + (0..<100).map { _ in 0.85 }
        #expect(trials.threshold(least: 0.9) == 0.9)
        trials.reviewed = (0..<100).map { _ in (0.85, true) } + (0..<1).map { _ in (0.85, false) }
        #expect(trials.threshold(least: 0.9) == 0.8)
        trials.reviewed = (0..<40).map { ($0.isMultiple(of: 2) ? 0.9995 : 0.85, $0.isMultiple(of: 3)) }
        #expect(trials.threshold(least: 0.9) == 0.9, "too few in each band to count")
        trials.reviewed = (0..<60).map { (0.9995, $0.isMultiple(of: 3)) }
        #expect(trials.threshold(least: 0.9) == 2, "people refused most of what seemed certain")
        #expect(LinkTrials().threshold(least: 0.9) == 2, "nothing was tried")
    }
}

@Suite("Review")
struct ReviewTests {
    /// A registry whose list's row 100 fits two namesakes.
    private func use(_ body: (Registry, RowPlace, [Int64]) throws -> Void) throws {
        try Fixture.use(.sqlite) { registry, folder in
            var town = Town().residents
            for index in [100, 104] {
                town[index].name = "SAMSUL ARIFIN"
                town[index].village = Fixture.sarongan
            }
            try ingest(registry, folder, "dukcapil", Resident.file(town))
            // A row for which no second opinion is drawn.
            let line = try #require((100..<140).first { !Verdict.needsSecondOpinion(batch: 2, line: Int64($0 + 2)) })
            let list = try ingest(
                registry, folder, "pkh-list",
                Town().list(0..<400) { index, row in
                    if index == line {
                        row = .init(card: "", nik: "", name: "SAMSUL ARIFIN", born: "", village: Fixture.sarongan)
                    }
                })
            _ = try registry.link()
            let place = RowPlace(batch: list.batch, line: Int64(line + 2))
            let persons = try registry.reviewCase(place, as: registry.everywhere()).candidates.map(\.person)
            try body(registry, place, persons)
        }
    }

    private func ground(_ registry: Registry, _ place: RowPlace) throws -> String {
        try registry.links(of: place.batch)[place.line] ?? ""
    }

    @Test("what somebody decides holds from the next run, and undone it is as if it had not been")
    func decideAndUndo() throws {
        try use { registry, place, persons in
            let person = try #require(persons.first)
            let before = try registry.known()
            let decision = try registry.answerReview(
                place, person: person, .same, note: "the widow knows him", as: registry.everywhere("siti"))
            #expect(try ground(registry, place).hasPrefix("to_review"))
            #expect(
                try !registry.reviewQueue(as: registry.everywhere()).contains { $0.place == place }, "it is decided")
            _ = try registry.link()
            #expect(
                try ground(registry, place).hasPrefix("reviewed ") && ground(registry, place).hasSuffix("/\(person)"))
            let family = try #require(registry.linkHistory(of: place).last?.family)
            #expect(try registry.known() != before, "the row is evidence about the family")

            #expect(
                try registry.undoReview(decision, note: "it was his uncle", as: registry.everywhere("budi")).person
                    == person)
            #expect(throws: RegistryError.self) {
                try registry.undoReview(decision, note: "again", as: registry.everywhere())
            }
            _ = try registry.link()
            #expect(try ground(registry, place).hasPrefix("to_review"))
            #expect(try registry.known() == before, "all is known as before the decision")
            let history = try registry.linkHistory(of: place)
            #expect(history.map(\.ground) == [.toReview, .reviewed, .toReview], "and the past is still there")
            #expect(history[1].family == family)
            let journal = try registry.database.read { connection in
                try connection.query("SELECT action FROM journal_entry", []) { $0.text(0) }
            }
            #expect(journal.contains("link.reviewed") && journal.contains("link.undone"))
        }
    }

    @Test("who is refused is not asked about again; the next candidate is")
    func refusal() throws {
        try use { registry, place, persons in
            try #require(persons.count >= 2)
            try registry.answerReview(place, person: persons[0], .not, as: registry.everywhere("siti"))
            _ = try registry.link()
            let left = try registry.reviewCase(place, as: registry.everywhere()).candidates.map(\.person)
            #expect(!left.contains(persons[0]))
            #expect(left.first == persons[1])
            #expect(try ground(registry, place).hasPrefix("to_review"))
        }
    }

    @Test("a certain link has its weight too: the number above all, then what else agrees, by the model of a run")
    func sure() throws {
        try use { registry, place, _ in
            let sure = RowPlace(batch: place.batch, line: 10)
            let shown = try registry.reviewCase(sure, as: registry.everywhere())
            #expect(shown.ground == .nikAndName)
            #expect(try shown.model == Knowledge.latestRun(of: registry))
            let candidate = try #require(shown.candidates.first)
            #expect(shown.candidates.count == 1 && candidate.person == shown.person)
            let nik = try #require(candidate.compared.first { $0.field == "nik" })
            #expect(nik.level == "equal" && abs(nik.weight - log2(999)) < 0.1)
            #expect(candidate.compared.first { $0.field == "name" }?.weight ?? 0 > 3)
            #expect(abs(candidate.compared.reduce(0) { $0 + $1.weight } - candidate.weight) < 1e-9)
        }
    }

    @Test("a certain link that people refuse is taken back")
    func certain() throws {
        try use { registry, _, _ in
            let line = try #require((300..<340).first { !Verdict.needsSecondOpinion(batch: 2, line: Int64($0)) })
            let place = RowPlace(batch: 2, line: Int64(line))
            let person = try #require(registry.reviewCase(place, as: registry.everywhere()).person)
            let decision = try registry.answerReview(place, person: person, .not, as: registry.everywhere("siti"))
            _ = try registry.link()
            #expect(try ground(registry, place).hasPrefix("refused"))
            try registry.undoReview(decision, note: "mixed up", as: registry.everywhere())
            _ = try registry.link()
            #expect(try ground(registry, place).hasSuffix("/\(person)"))
        }
    }

    @Test("only about somebody whom the row resembles or is linked to")
    func strangers() throws {
        try use { registry, place, persons in
            let stranger = (1...1000).map { Int64($0) }.first { !persons.contains($0) }
            #expect(throws: RegistryError.self) {
                try registry.answerReview(place, person: try #require(stranger), .same, as: registry.everywhere())
            }
            #expect(throws: RegistryError.self) {
                try registry.reviewCase(RowPlace(batch: 2, line: 100_000), as: registry.everywhere())
            }
        }
    }

    private func decision(
        _ number: Int64, _ actor: String, _ answer: ReviewAnswer, person: Int64 = 1, line: Int64, undoes: Int64? = nil
    ) -> LinkDecision {
        LinkDecision(
            decision: number, at: Moment(microseconds: number), actor: actor, batch: 1, line: line, person: person,
            answer: answer, note: "", undoes: undoes)
    }

    @Test(
        "one sure answer decides; who is unsure or divided needs another; the majority decides; an undone one is nothing"
    )
    func verdicts() throws {
        let plain = try #require((1...100).map { Int64($0) }.first { !Verdict.needsSecondOpinion(batch: 1, line: $0) })
        let drawn = try #require((1...100).map { Int64($0) }.first { Verdict.needsSecondOpinion(batch: 1, line: $0) })
        func state(_ decisions: [LinkDecision]) -> Verdict.State? { Verdict(decisions).states[1] }
        #expect(state([decision(1, "a", .same, line: plain)]) == .same)
        #expect(state([decision(1, "a", .not, line: plain)]) == .not)
        #expect(state([decision(1, "a", .unsure, line: plain)]) == .open)
        #expect(state([decision(1, "a", .same, line: drawn)]) == .open)
        #expect(state([decision(1, "a", .same, line: drawn), decision(2, "a", .same, line: drawn)]) == .open)
        #expect(state([decision(1, "a", .same, line: drawn), decision(2, "b", .same, line: drawn)]) == .same)
        #expect(state([decision(1, "a", .same, line: plain), decision(2, "b", .not, line: plain)]) == .open)
        #expect(
            state([
                decision(1, "a", .same, line: plain), decision(2, "b", .not, line: plain),
                decision(3, "c", .not, line: plain),
            ]) == .not)
        #expect(state([decision(1, "a", .same, line: plain), decision(2, "a", .not, line: plain)]) == .not)
        #expect(
            state([decision(1, "a", .same, line: plain), decision(2, "b", .same, line: plain, undoes: 1)]) == nil)
        let two = Verdict([
            decision(1, "a", .same, person: 1, line: plain), decision(2, "a", .same, person: 2, line: plain),
        ])
        #expect(two.person == nil && two.isOpen, "a row speaks of one person at most")
        let drawnShare = (1...10_000).count { Verdict.needsSecondOpinion(batch: 3, line: Int64($0)) }
        #expect((900...1100).contains(drawnShare))
    }
}
