import Access
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Journal
import Testing

@testable import Web

@Suite("The review page")
struct ReviewPageTests {
    /// Lends a site with somebody who reviews, signed in.
    private static func reviewing(
        _ name: String = "dian",
        _ body: @escaping @Sendable (TestSite, any TestClientProtocol, TestStaffMember) async throws -> Void
    ) async throws {
        try await TestSite.staffed([(name, .regency, "35.10"), ("lain", .regency, "35.10")]) { site, client in
            try await body(site, client, try await site.signIn(client, name))
        }
    }

    @Test("says what follows where both are entries of the population register", arguments: ["id", "en"])
    func entries(language: String) async throws {
        try await Self.reviewing("dua.isian") { _, client, reviewer in
            let page = try await reviewer.get(client, "/tinjau?bahasa=\(language)")
            #expect(Markup(page.text).faults == [])
            for text in language == "id"
                ? ["Dua NIK di data Dukcapil", "dapat dibatalkan", "Isian pertama", "Isian kedua"]
                : ["Two NIKs in the population register", "can be undone", "First entry", "Second entry"]
            {
                #expect(page.text.contains(text), "\(text)")
            }
            #expect(!page.text.contains("Daftar penerima PKH"))
        }
    }

    @Test("shows both records, what each field weighs and the question", arguments: ["id", "en"])
    func sheet(language: String) async throws {
        try await Self.reviewing { _, client, reviewer in
            let page = try await reviewer.get(client, "/tinjau?bahasa=\(language)")
            let markup = Markup(page.text)
            #expect(markup.faults == [])
            #expect(page.headers[.cacheControl] == "no-store")
            let point = language == "id" ? "," : "."
            for text in ["SITI AMINAH W.", "3599015708570001", "+13\(point)9", "−3\(point)2", "Petugas dian"] {
                #expect(page.text.contains(text), "\(text)")
            }
            #expect(page.text.contains(language == "id" ? "Rp3.600.000" : "Rp3,600,000"))
            #expect(page.text.contains(language == "id" ? "62,0 %" : "62.0 %"))
            #expect(page.text.contains(language == "id" ? "sebagian kata sama" : "some words equal"))
            let answers = markup["button"].filter { $0.attributes["name"] == "jawaban" }
            #expect(answers.map { $0.attributes["value"] } == ["sama", "bukan", "ragu"])
            #expect(answers.map { $0.attributes["accesskey"] } == ["y", "b", "r"])
            #expect(answers.allSatisfy { $0.attributes["autofocus"] == nil }, "no key alone answers")
            #expect(markup["h2"].first { $0.attributes["id"] == "tanya" }?.attributes["autofocus"] != nil)
            let waiting = language == "id" ? "1.192 baris menunggu jawaban" : "1,192 rows wait for an answer"
            #expect(page.text.contains(waiting), "what is decided waits for nobody")
            #expect(page.text.contains(language == "id" ? "1 orang lain juga mirip" : "1 other"), "and who they are")
            let drawing = try #require(markup["svg"].first { $0.attributes["class"] == "waterfall" })
            let spoken = try #require(drawing.attributes["aria-label"])
            #expect(spoken.contains("+13\(point)9") && spoken.contains("+1\(point)3"), "the sum is said too: \(spoken)")
            let bars = markup["rect"].filter { ["w-plus", "w-minus", "w-sum"].contains($0.attributes["class"]) }
            #expect(bars.count == 6, "the prior, four fields that weigh something, and the sum")
        }
    }

    @Test("keeps an answer and goes on; without one, or about a row that is gone, says so")
    func answers() async throws {
        try await Self.reviewing { _, client, reviewer in
            func answer(_ body: String) async throws -> TestResponse {
                try await reviewer.post(client, "/tinjau", body)
            }
            #expect(try await answer("baris=2:77&orang=41&jawaban=sama&catatan=kenal").status == .seeOther)
            #expect(try await answer("baris=2:77&orang=41").status == .unprocessableContent)
            #expect(try await answer("baris=2:77&orang=41&jawaban=mungkin").status == .unprocessableContent)
            #expect(try await answer("baris=2:78&orang=41&jawaban=bukan").status == .conflict)
            #expect(try await answer("orang=x&jawaban=bukan").status == .badRequest)
            #expect(try await reviewer.post(client, "/keluar").status == .seeOther)
            let late = try await answer("baris=2:77&orang=41&jawaban=sama")
            #expect(late.status == .seeOther && late.headers[.location] == "/masuk", "signed out")
        }
    }

    @Test("shows the last answer, which can be taken back, by who gave it and as long as it is the last")
    func undo() async throws {
        try await Self.reviewing("dua.isian") { site, client, reviewer in
            let page = try await reviewer.get(client, "/tinjau")
            #expect(page.text.contains("Jawaban terakhir Anda, baris 2:70: Bukan."))
            let hidden = Markup(page.text)["input"].first { $0.attributes["name"] == "keputusan" }
            #expect(hidden?.attributes["value"] == "12")
            let back = try await reviewer.post(client, "/tinjau/batal", "keputusan=12")
            #expect(back.status == .seeOther && back.headers[.location] == "/tinjau")
            let late = try await reviewer.post(client, "/tinjau/batal", "keputusan=11")
            #expect(late.status == .conflict && late.text.contains("bukan lagi yang terakhir"))
            #expect(try await reviewer.post(client, "/tinjau/batal", "keputusan=x").status == .badRequest)
            let other = try await site.signIn(client, "lain")
            #expect(try await other.post(client, "/tinjau/batal", "keputusan=12").status == .conflict)
            #expect(try await !other.get(client, "/tinjau").text.contains("Batalkan"))
        }
    }

    @Test("escapes what a row says, and says where nothing waits")
    func edges() async throws {
        try await Self.reviewing("orang.jahat") { _, client, reviewer in
            let hostile = try await reviewer.get(client, "/tinjau")
            #expect(!hostile.text.contains("<script>") && Markup(hostile.text).faults == [])
        }
        try await Self.reviewing("sudah.selesai") { _, client, reviewer in
            let done = try await reviewer.get(client, "/tinjau")
            #expect(done.text.contains("Tidak ada baris yang menunggu Anda."))
        }
    }

    @Test("finds a person for who may, on a page, and never in an address")
    func find() async throws {
        try await Self.reviewing { _, client, reviewer in
            let form = try await reviewer.get(client, "/tinjau/cari")
            #expect(Markup(form.text).faults == [])
            let page = try await reviewer.post(client, "/tinjau/cari", "nama=siti&lahir=1957")
            #expect(page.status == .ok && Markup(page.text).faults == [])
            #expect(page.text.contains("93,0 %") && !page.text.contains("<script>"))
            #expect(page.headers[.cacheControl] == "no-store")
            let none = try await reviewer.post(client, "/tinjau/cari", "lahir=1957")
            #expect(none.text.contains("Tidak ada yang mirip."))
            let loading = try await reviewer.post(client, "/tinjau/cari", "nama=lama")
            #expect(loading.status == .serviceUnavailable && loading.text.contains("42 %"))
        }
    }
}
