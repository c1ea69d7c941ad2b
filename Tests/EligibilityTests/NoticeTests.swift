import Foundation
import Journal
import Registry
import Storage
import TestSupport
import Testing

@testable import Eligibility

@Suite("Who keeps a place")
struct SuccessionTests {
    /// A made-up state of things: what the assessment before said of some families, and how they come out now.
    private struct World {
        let programme: Programme
        let table: FactTable
        var outcomes: [Outcome] = []
        var failed: [UInt64] = []
        var ranks: [Int32] = []
        var entries: [Predecessor.Entry?] = []
        var proceedings = NoticeProceedings()
        var quota: Int64 = 0
        let day = CalendarDate(day: 20_400)
        let number: Int64 = 7

        init(_ programme: Programme, using random: inout SeededGenerator) {
            self.programme = programme
            let count = Int.random(in: 1...24, using: &random)
            var builder = FactTableBuilder(programme)
            for family in 0..<count {
                let decile: AttributeValue? = Bool.random(using: &random) ? .integer(Int64(family % 5)) : nil
                builder.append(
                    programme.facts(family: decile.map { ["decile": $0] } ?? [:], members: []),
                    of: Int64(family * 2 + 1), in: Fixture.pack.villages[family % 3].code)
            }
            table = builder.table
            for _ in 0..<count {
                let outcome = Outcome.allCases.randomElement(using: &random) ?? .eligible
                outcomes.append(outcome)
                // Rules 0 and 1 decide, 2 calls for a look.
                failed.append(
                    outcome == .eligible ? 0 : outcome == .undetermined ? 4 : UInt64.random(in: 1...3, using: &random))
            }
            var order = outcomes.indices.filter { outcomes[$0] == .eligible }
            order.shuffle(using: &random)
            ranks = Array(repeating: 0, count: count)
            for (place, row) in order.enumerated() { ranks[row] = Int32(place + 1) }
            quota = Int64.random(in: 0...Int64(count), using: &random)
            let causes = ["rule:decile", "rule:component", "quota", "rule:decile quota"]
            for _ in 0..<count {
                guard Int.random(in: 0..<5, using: &random) > 0 else {
                    entries.append(nil)
                    continue
                }
                let standing = Standing.allCases.randomElement(using: &random) ?? .funded
                let receives = standing == .funded || Bool.random(using: &random)
                let arose = Int64.random(in: 1...4, using: &random)
                let day = Bool.random(using: &random) ? "2025-11-\(Int.random(in: 10...28, using: &random))" : "-"
                let notice =
                    Bool.random(using: &random)
                    ? "" : "loss \(arose) \(day) \(causes.randomElement(using: &random) ?? "quota")"
                entries.append(
                    Predecessor.Entry(
                        standing: standing, receives: receives, amount: 500, notice: notice, watched: "decile=2"))
            }
            let answered = table.families.filter { _ in Int.random(in: 0..<4, using: &random) == 0 }
            proceedings = NoticeProceedings(
                given: [1: CalendarDate(day: 20_360), 2: CalendarDate(day: 20_370), 3: CalendarDate(day: 20_390)],
                answered: Set(
                    answered.map { NoticeName(arose: Int64.random(in: 1...4, using: &random), family: $0) }))
        }

        func places(after entries: [Predecessor.Entry?]?, number: Int64 = 7) throws -> [Succession.Place] {
            let before = entries.map { entries in
                let known = entries.indices.filter { entries[$0] != nil }
                return Predecessor(
                    assessment: 6, families: known.map { table.families[$0] },
                    entries: known.compactMap { entries[$0] },
                    proceedings: proceedings)
            }
            return try Succession(programme: programme, day: day, number: number, quota: quota, before: before).places(
                of: table, outcomes: outcomes, failed: failed, ranks: ranks)
        }
    }

    private static func forEachWorld(_ body: (World) throws -> Void) throws {
        let programme = try SmallProgramme.make()
        var random = SeededGenerator(seed: 20)
        for _ in 0..<2_000 { try body(World(programme, using: &random)) }
    }

    @Test("without an assessment before, the first in the order up to the quota are funded, the others wait in turn")
    func first() throws {
        try Self.forEachWorld { world in
            for (row, place) in try world.places(after: nil).enumerated() {
                let rank = Int64(world.ranks[row])
                #expect(place.keeps == nil && place.notice == nil)
                #expect((place.standing == .funded) == (rank > 0 && rank <= world.quota))
                #expect(Int64(place.waiting) == (rank > world.quota ? rank - world.quota : 0))
            }
        }
    }

    @Test(
        "who received loses its place only after a notice whose period is over, for a cause that it names and that still stands"
    )
    func loss() throws {
        var lost = 0
        try Self.forEachWorld { world in
            for (row, place) in try world.places(after: world.entries).enumerated() {
                guard let entry = world.entries[row], entry.receives else { continue }
                let receives = place.standing == .funded || place.keeps != nil
                if world.outcomes[row] == .undetermined {
                    #expect(place.keeps == .look, "no place is lost where somebody must look first")
                    #expect(place.amount == 500)
                }
                guard !receives else { continue }
                lost += 1
                let notice = try #require(place.notice)
                #expect(notice.kind == .loss && notice.arose < world.number)
                #expect(try #require(notice.effective) <= world.day)
                let stands: [Notice.Cause] =
                    world.outcomes[row] == .eligible
                    ? [.quota]
                    : [.rule("decile"), .rule("component")].enumerated().filter {
                        world.failed[row] >> UInt64($0.offset) & 1 == 1
                    }.map(\.element)
                #expect(!Set(stands).isDisjoint(with: notice.causes))
                let name = NoticeName(arose: notice.arose, family: world.table.families[row])
                #expect(!world.proceedings.answered.contains(name), "no place is lost while an answer waits")
            }
        }
        #expect(lost > 100)
    }

    @Test("the quota is exceeded by nobody but those who keep a place, and no place stays free while somebody waits")
    func quota() throws {
        var (exceeded, waiting) = (0, 0)
        try Self.forEachWorld { world in
            let places = try world.places(after: world.entries)
            let receiving = places.count { $0.standing == .funded || $0.keeps != nil }
            let newly = places.indices.count {
                places[$0].standing == .funded && !(world.entries[$0]?.receives ?? false)
            }
            if receiving > world.quota {
                exceeded += 1
                #expect(newly == 0)
            }
            let queue = places.indices.filter { places[$0].waiting > 0 }.sorted {
                places[$0].waiting < places[$1].waiting
            }
            if !queue.isEmpty { waiting += 1 }
            #expect(queue.isEmpty || receiving >= world.quota)
            #expect(queue.map { places[$0].waiting } == (0..<queue.count).map { Int32($0 + 1) })
            #expect(queue.map { world.ranks[$0] } == queue.map { world.ranks[$0] }.sorted())
            let last = places.indices.filter {
                places[$0].standing == .funded && !(world.entries[$0]?.receives ?? false)
            }.map { world.ranks[$0] }.max()
            if let last, let next = queue.first { #expect(last < world.ranks[next], "the first in the order first") }
        }
        #expect(exceeded > 50 && waiting > 50)
    }

    @Test("an assessment made twice on the same day changes nothing")
    func idempotent() throws {
        try Self.forEachWorld { world in
            let once = try world.places(after: world.entries)
            let then = once.map { place in
                Predecessor.Entry(
                    standing: place.standing, receives: place.standing == .funded || place.keeps != nil,
                    amount: place.amount ?? 0, notice: place.notice?.description ?? "", watched: place.watched)
            }
            let twice = try world.places(after: then, number: 8)
            for (one, two) in zip(once, twice) {
                #expect(one.standing == two.standing && one.keeps == two.keeps && one.waiting == two.waiting)
                #expect(one.notice == two.notice)
            }
        }
    }

    @Test("a notice is read as it was written, and what is none is refused")
    func notation() {
        for text in [
            "loss 3 2025-12-30 rule:decile quota", "change 12 - outcome:waitlisted>ineligible attribute:decile:3>5",
        ] {
            #expect(Notice(reading: text)?.description == text)
        }
        for text in [
            "", "loss", "loss 3 -", "lost 3 - quota", "loss x - quota", "loss 3 soon quota", "loss 3 - quotas",
            "change 3 - outcome:funded", "change 3 - outcome:funded>rich", "change 3 - attribute:decile",
            "loss 3 - rule",
        ] {
            #expect(Notice(reading: text) == nil, "\(text)")
        }
    }
}

@Suite("A notice")
struct NoticeTests {
    /// A registry in which PKH was assessed, then one funded family got a car at Samsat and another one a high decile.
    private func useChanged(
        _ engine: Database.Engine,
        _ body: (Registry, (first: Assessment, owner: Int64, risen: Int64)) throws -> Void
    ) throws {
        try Fixture.useSimulated(engine) { registry, folder in
            let first = try registry.assess("pkh", quota: 8, library: Fixture.library)
            let knowledge = try Knowledge(of: registry)
            let funded = try AssessmentTable.families(of: first, standing: .funded, limit: 8, registry: registry)
            #expect(funded.count == 8)
            // Families that no other source's error stands against.
            let (owner, risen) = (funded[2], funded[5])
            func numbers(_ family: Int64) throws -> (nik: String, familyNumber: String, name: String) {
                let known = try #require(try registry.family(family, in: knowledge, as: registry.everywhere()))
                let member = try #require(known.members.first { $0.state == .resident })
                let numbers = try #require(try registry.numbers(of: member, in: known, as: registry.everywhere()))
                let name = try #require(
                    try registry.identity(
                        of: member, of: known, in: knowledge, as: registry.everywhere())
                ).name
                return (numbers.nik, numbers.familyNumber, name)
            }
            let vehicles = String(decoding: try #require(Fixture.agencies["samsat"]), as: UTF8.self)
            let person = try numbers(owner)
            try SmallData.ingest(
                registry, folder, "samsat",
                vehicles + "P 9999 QX,\(person.nik),\(person.name),MOBIL PENUMPANG,2023\n", "2025-11-01")
            let card = try numbers(risen).familyNumber
            let lines = String(decoding: try #require(Fixture.agencies["dtsen-families"]), as: UTF8.self)
                .split(separator: "\n").map { line -> String in
                    guard line.hasPrefix(card) else { return String(line) }
                    var fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
                    fields[5] = "9"
                    return fields.joined(separator: ",")
                }
            try SmallData.ingest(
                registry, folder, "dtsen-families", lines.joined(separator: "\n") + "\n", "2025-11-01")
            _ = try registry.link()
            try body(registry, (first, owner, risen))
        }
    }

    private func assess(_ registry: Registry, _ day: String) throws -> Assessment {
        try registry.assess("pkh", day: Fixture.day(day), quota: 8, library: Fixture.library)
    }

    private func determination(_ family: Int64, _ assessment: Assessment, _ registry: Registry) throws -> Determination
    {
        try #require(try AssessmentTable.determination(of: family, in: assessment, registry: registry))
    }

    @Test(
        "a hit to be looked at costs no place; a rule that decides does after the notice was given and its period is over",
        arguments: Database.Engine.allCases)
    func loss(engine: Database.Engine) throws {
        try useChanged(engine) { registry, changed in
            let second = try assess(registry, "2025-11-01")
            #expect(second.previous == changed.first.assessment)
            #expect(second.counts.kept == 2 && second.counts.funded == 6, "nobody takes a place that is kept")
            let owner = try determination(changed.owner, second, registry)
            #expect(owner.standing == .undetermined && owner.keeps == .look && owner.receives)
            #expect(owner.amount == (try determination(changed.owner, changed.first, registry)).amount)
            let risen = try determination(changed.risen, second, registry)
            #expect(risen.standing == .ineligible && risen.keeps == .notice)
            let notice = try #require(risen.notice)
            #expect(notice.kind == .loss && notice.arose == second.assessment && notice.effective == nil)
            #expect(notice.causes.contains(.rule("decile")))
            #expect(notice.causes.contains { if case .attribute("decile", _, "9") = $0 { true } else { false } })
            // Nothing is lost as long as nobody was told, however long that is.
            let late = try assess(registry, "2025-11-05")
            #expect(try determination(changed.risen, late, registry).keeps == .notice)

            #expect(try registry.giveNotices("pkh", on: Fixture.day("2025-11-06")).contains(second.assessment))
            #expect(throws: RegistryError.self) { try registry.giveNotices("pkh", on: Fixture.day("2025-11-06")) }
            let within = try assess(registry, "2025-12-05")
            #expect(try determination(changed.risen, within, registry).notice?.effective == Fixture.day("2025-12-06"))
            #expect(try determination(changed.risen, within, registry).receives)
            let over = try assess(registry, "2025-12-06")
            #expect(!(try determination(changed.risen, over, registry)).receives)
            #expect(try determination(changed.owner, over, registry).keeps == .look)
            #expect(over.counts.funded + over.counts.kept == 8, "the free place is taken")
            for assessment in [changed.first, second, late, within, over] {
                #expect(try registry.assessAgain(assessment.assessment).isSame, "\(assessment.assessment)")
            }
        }
    }

    @Test("an answer stops it until somebody has decided on the answer", arguments: Database.Engine.allCases)
    func answer(engine: Database.Engine) throws {
        try useChanged(engine) { registry, changed in
            let second = try assess(registry, "2025-11-01")
            _ = try registry.giveNotices("pkh", on: Fixture.day("2025-11-02"))
            #expect(throws: RegistryError.self) {
                try registry.settleNotice("pkh", family: changed.risen, reason: "no answer yet")
            }
            #expect(throws: RegistryError.self) { try registry.answerNotice("pkh", family: changed.risen, words: " ") }
            try registry.answerNotice("pkh", family: changed.risen, words: "Desil kami keliru.")
            #expect(throws: RegistryError.self) {
                try registry.answerNotice("pkh", family: changed.risen, words: "Lagi.")
            }
            let answered = try assess(registry, "2026-02-01")
            #expect(try determination(changed.risen, answered, registry).keeps == .notice)
            #expect(
                try registry.notices(of: "pkh").1.losses.first { $0.name.family == changed.risen }?.stage == .answered)
            let told = try #require(
                try Explainer(answered, in: registry).explain(changed.risen, as: registry.everywhere())?.notice("id"))
            #expect(told.headline.contains("sampai jawaban Anda diputuskan"))
            #expect(told.state?.contains("sudah dicatat") == true)
            try registry.settleNotice("pkh", family: changed.risen, reason: "BPS menetapkan desil 9.")
            let settled = try assess(registry, "2026-02-02")
            #expect(!(try determination(changed.risen, settled, registry)).receives)
            let after = try #require(
                try Explainer(settled, in: registry).explain(changed.risen, as: registry.everywhere())?.notice("en"))
            #expect(after.headline == "The aid has ended on 2025-12-02.")
            #expect(after.state?.contains("BPS menetapkan desil 9.") == true)
            for assessment in [second, answered, settled] {
                #expect(try registry.assessAgain(assessment.assessment).isSame)
            }
        }
    }

    @Test("the family reads what has changed, from when it counts and how to answer; and what it was before")
    func words() throws {
        try useChanged(.sqlite) { registry, changed in
            _ = try assess(registry, "2025-11-01")
            let explainer = try #require(try Explainer(latest: "pkh", in: registry))
            let risen = try #require(try explainer.explain(changed.risen, as: registry.everywhere()))
            let words = try #require(risen.notice("id"))
            #expect(words.headline.contains("masih menerima") && words.headline.contains("30 hari"))
            #expect(words.changes.contains("Desil kesejahteraan keluarga Anda di atas 4."))
            #expect(words.changes.contains { $0.hasPrefix("Peringkat kesejahteraan (desil) berubah dari") })
            #expect(words.answer?.contains("kantor desa") == true)
            #expect(risen.text("en").contains("Notice: Your family still receives."))
            #expect(risen.history.first?.text("en", risen.programme).contains("within the quota (Welfare rank") == true)
            let owner = try #require(try explainer.explain(changed.owner, as: registry.everywhere()))
            #expect(owner.notice("en")?.headline.contains("until somebody has looked") == true)
        }
    }

    @Test(
        "what was done with notices is in the journal, and changed by hand is found out",
        arguments: Database.Engine.allCases)
    func journal(engine: Database.Engine) throws {
        try useChanged(engine) { registry, changed in
            _ = try assess(registry, "2025-11-01")
            _ = try registry.giveNotices("pkh", on: Fixture.day("2025-11-02"))
            try registry.answerNotice("pkh", family: changed.risen, words: "Keliru.")
            func faults() throws -> [String] {
                var found: [String] = []
                try registry.database.read { connection in
                    _ = try Journal.verify(on: connection) { entry in
                        if let fault = try AssessmentTable.fault(in: entry, on: connection) { found.append(fault) }
                    }
                }
                return found
            }
            #expect(try faults() == [])
            try registry.database.write { try $0.execute("UPDATE notice_given SET day = '2025-01-01'") }
            #expect(try faults().count == 1)
            try registry.database.write { try $0.execute("UPDATE notice_action SET words = 'Benar.'") }
            #expect(try faults().count == 2)
        }
    }

    @Test("a family of which nobody is left loses its place at once")
    func atOnce() throws {
        let text = SmallProgramme.text().replacing(
            "    hit: decides\n    words: {id: Ada.", with: "    hit: decides\n    at_once: true\n    words: {id: Ada.")
        let programme = try Programme.parse(text, file: "small.yaml")
        #expect(programme.rules.map(\.isAtOnce) == [false, true, false])
        var builder = FactTableBuilder(programme)
        builder.append(programme.facts(family: [:], members: []), of: 1, in: Fixture.pack.villages[0].code)
        let before = Predecessor(
            assessment: 1, families: [1],
            entries: [Predecessor.Entry(standing: .funded, receives: true, amount: 5, notice: "", watched: "")],
            proceedings: NoticeProceedings())
        let day = CalendarDate(day: 20_400)
        let place = try Succession(programme: programme, day: day, number: 2, quota: 5, before: before).places(
            of: builder.table, outcomes: [.ineligible], failed: [2], ranks: [0])[0]
        #expect(place.keeps == nil && place.notice?.effective == day && place.notice?.kind == .loss)
    }

    @Test(
        "a programme without one is refused, and one that says nonsense with the place",
        arguments: [
            ("  days: 30\n", "  days: -1\n", "from 0 to 366"), ("  days: 30\n", "", "days"),
            ("watch: [decile]", "watch: [age]", "“age” is not a family's attribute"),
            ("watch: [decile]", "watch: [decil]", "“decil” is not"),
            ("    hit: verify\n", "    hit: verify\n    at_once: true\n", "looked at first"),
        ])
    func refused(part: String, by other: String, says: String) throws {
        let indented = SmallProgramme.text()
        #expect(indented.contains(part))
        do {
            _ = try Programme.parse(indented.replacing(part, with: other), file: "small.yaml")
            Issue.record("accepted")
        } catch {
            #expect("\(error)".contains(says), "\(error)")
        }
    }
}
