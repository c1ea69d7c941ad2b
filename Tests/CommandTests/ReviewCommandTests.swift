import Foundation
import TestSupport
import Testing

@Suite("Doubtful rows on the command line")
struct ReviewCommandTests {
    @Test("are listed, shown, answered, linked and undone, and what followed is told; the truth tells how well")
    func whole() throws {
        try TestDatabases.useFolder { folder in
            var place = try Workplace(in: folder)
            let files = folder.appendingPathComponent("files").path
            _ = try place.run(
                "demo", "--families", "600", "--seed", "5", "--no-serve", "--files", files, "--json"
            ).expectDone()

            let linked = try place.run("link", "--json").expectDone().json()
            #expect(linked["grounds"]?["likeness"]?.int ?? 0 > 50)
            #expect(linked["grounds"]?["to_review"]?.int ?? 0 > 50)

            let truth = files + "/truth/rows.csv"
            let page = folder.appendingPathComponent("links.html")
            let judged = try place.run("link", "evaluate", "--truth", truth, "--output", page.path, "--json")
                .expectDone().json()
            let likeness = try #require(judged["grounds"]?["likeness"])
            let (right, wrong) = (likeness["right"]?.int ?? 0, likeness["wrong"]?.int ?? 0)
            #expect(right > 50 && wrong * 20 < right, "\(right) right, \(wrong) wrong")
            let html = try String(contentsOf: page, encoding: .utf8)
            #expect(html.contains("<svg") && html.contains("What other thresholds would give"))
            let missing = try place.run("link", "evaluate", "--truth", "/nowhere.csv")
            #expect(missing.status != 0 && missing.messages.contains("/nowhere.csv"))

            let lists = try place.run("link", "lists", "--json").expectDone().json()
            #expect(lists["lists"]?.elements.first?["findings"]?["dead"]?["rows"]?.int ?? -1 >= 0)
            #expect(lists["lists"]?.elements.first?["rows"]?.int ?? 0 > 0)

            let cards = folder.appendingPathComponent("cards.csv")
            let households = try place.run("link", "households", "--output", cards.path, "--json").expectDone().json()
            #expect(households["cards"]?.int == linked["shared_cards"]?.int)
            #expect(households["cards"]?.int ?? 0 >= households["without_head"]?.int ?? 1)
            let lines = try String(contentsOf: cards, encoding: .utf8).split(separator: "\n")
            #expect(lines.count == 1 + (households["cards"]?.int ?? 0))
            #expect(lines.first == "family,other,village,members,has_head,apart,together")

            let queue = try place.run("review", "list", "--json").expectDone().json()
            let row = try #require(queue["rows"]?.elements.first?["row"]?.text)
            let doubles = try #require(linked["second_entries"]?.int)
            #expect(queue["waiting"]?.int == (linked["grounds"]?["to_review"]?.int ?? 0) + doubles)
            let shown = try place.run("review", "show", row, "--json").expectDone().json()
            let person = try #require(shown["candidates"]?.elements.first?["person"]?.int)
            #expect(shown["candidates"]?.elements.first?["fields"]?.elements.first?["field"]?.text != nil)

            // Two of them, since a second opinion may be drawn.
            var decision = 0
            for user in ["siti", "budi"] {
                place.environment["USER"] = user
                let said = try place.run("review", "answer", row, "same", "--note", "seen", "--json").expectDone()
                    .json()
                decision = try #require(said["decision"]?.int)
            }
            _ = try place.run("link").expectDone()
            let reviewed = try place.run("review", "show", row, "--json").expectDone().json()
            #expect(reviewed["ground"]?.text == "reviewed" && reviewed["person"]?.int == person)
            _ = try place.run("assess", "sembako", "--quota", "50").expectDone()
            let followed = try place.run("review", "show", row, "--json").expectDone().json()
            #expect(followed["followed"]?.elements.first?["programme"]?.text == "sembako")

            var undone = try place.run("review", "undo", "\(decision)", "--reason", "a mistake", "--json").expectDone()
                .json()
            #expect(undone["followed"]?.elements.first?["assessment"]?.int != nil)
            undone = try place.run("review", "undo", "\(decision - 1)", "--reason", "a mistake", "--json").expectDone()
                .json()
            _ = try place.run("link").expectDone()
            let again = try place.run("review", "show", row, "--json").expectDone().json()
            #expect(again["ground"]?.text == "to_review" && again["person"] == nil)
            let refused = try place.run("review", "undo", "\(decision)", "--reason", "again")
            #expect(refused.status == 65 && refused.messages.contains("undone before"))
            #expect(try place.run("review", "show", "99:1").status == 65)
            #expect(try place.run("review", "show", "x").status == 64)
            _ = try place.run("journal", "verify").expectDone()

            let register = try String(contentsOfFile: files + "/agencies/dukcapil.csv", encoding: .utf8)
            let fields = try #require(register.split(separator: "\n").dropFirst(10).first).split(separator: ",")
            let found = try place.run(
                "find", "--name", String(fields[2]), "--nik", String(fields[0].dropLast()) + "9", "--json"
            ).expectDone().json()
            #expect(found["persons"]?.elements.first?["values"]?["nik"]?.text == String(fields[0]))
            #expect(found["known"] == .truth(true))
            #expect(try place.run("find", "--born", "1980").status == 64)

            let entries = try place.run("review", "list", "--source", "dukcapil", "--json").expectDone().json()
            let entry = try #require(entries["rows"]?.elements.first?["row"]?.text, "somebody has two NIKs")
            for user in ["siti", "budi"] {
                place.environment["USER"] = user
                _ = try place.run("review", "answer", entry, "same", "--json").expectDone()
            }
            let merged = try place.run("link", "--json").expectDone().json()
            #expect(merged["persons"]?.int == (linked["persons"]?.int ?? 0) - 1)
            let second = try place.run("review", "show", entry, "--json").expectDone().json()
            #expect(second["ground"]?.text == "reviewed")
        }
    }
}
