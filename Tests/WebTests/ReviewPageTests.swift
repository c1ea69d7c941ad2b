import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Journal
import Testing

@testable import Web

@Suite("The review page")
struct ReviewPageTests {
    private static let code = "RAHASIA-PETUGAS-1"

    private static func site() throws -> TestSite { try TestSite { $0.officerCode = OfficerCode(code) } }

    private static func signIn(
        _ client: any TestClientProtocol, _ name: String = "Sri+Wahyuni", code: String = code
    ) async throws -> TestResponse {
        try await client.post("/tinjau/masuk", "nama=\(name)&kode=\(code)")
    }

    /// The fields that a browser sends that was signed in.
    private static func session(
        _ client: any TestClientProtocol, _ name: String = "Sri+Wahyuni"
    ) async throws -> HTTPFields {
        let cookie = try await signIn(client, name).headers[.setCookie]?.split(separator: ";").first.map(String.init)
        return [.origin: "http://localhost", .cookie: try #require(cookie)]
    }

    @Test("shows personal data to nobody who has not signed in with name and code")
    func signIn() async throws {
        try await Self.site().test { client in
            let page = try await client.get("/tinjau")
            #expect(page.status == .ok && Markup(page.text).faults == [])
            #expect(!page.text.contains("SITI AMINAH"))
            #expect(try await client.post("/tinjau", "baris=2:77&orang=41&jawaban=sama").status == .forbidden)
            for name in ["", "ab", "x%3Cb%3E", String(repeating: "a", count: 41)] {
                let refused = try await Self.signIn(client, name)
                #expect(refused.status == .unprocessableContent, "\(name)")
                #expect(Markup(refused.text)["input"].count { $0.attributes["aria-invalid"] == "true" } == 1)
            }
            let done = try await Self.signIn(client)
            #expect(done.status == .seeOther && done.headers[.location] == "/tinjau")
            let cookie = try #require(done.headers[.setCookie])
            for part in ["petugas=", "HttpOnly", "SameSite=Strict", "Path=/tinjau"] { #expect(cookie.contains(part)) }
            for _ in 0..<3 {
                #expect(try await Self.signIn(client, code: "RAHASIA-PETUGAS-2").status == .forbidden)
            }
            #expect(try await Self.signIn(client).status == .tooManyRequests)
        }
        try await TestSite().test { client in
            let page = try await client.get("/tinjau")
            #expect(page.status == .notFound, "without a code nobody can sign in")
        }
    }

    @Test("says what follows where both are entries of the population register", arguments: ["id", "en"])
    func entries(language: String) async throws {
        try await Self.site().test { client in
            let session = try await Self.session(client, "Dua+Isian")
            let page = try await client.get("/tinjau?bahasa=\(language)", session)
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
        try await Self.site().test { client in
            let session = try await Self.session(client)
            let page = try await client.get("/tinjau?bahasa=\(language)", session)
            let markup = Markup(page.text)
            #expect(markup.faults == [])
            #expect(page.headers[.cacheControl] == "no-store")
            let point = language == "id" ? "," : "."
            for text in ["SITI AMINAH W.", "3599015708570001", "+13\(point)9", "−3\(point)2", "Sri Wahyuni"] {
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
        try await Self.site().test { client in
            let session = try await Self.session(client)
            func answer(_ body: String) async throws -> TestResponse {
                try await client.post("/tinjau", body, session)
            }
            #expect(try await answer("baris=2:77&orang=41&jawaban=sama&catatan=kenal").status == .seeOther)
            #expect(try await answer("baris=2:77&orang=41").status == .unprocessableContent)
            #expect(try await answer("baris=2:77&orang=41&jawaban=mungkin").status == .unprocessableContent)
            #expect(try await answer("baris=2:78&orang=41&jawaban=bukan").status == .conflict)
            #expect(try await answer("orang=x&jawaban=bukan").status == .badRequest)
            let foreign: HTTPFields = [.origin: "https://lain.example", .cookie: session[.cookie] ?? ""]
            let other = try await client.post("/tinjau", "baris=2:77&orang=41&jawaban=sama", foreign)
            #expect(other.status == .forbidden)
            #expect(try await client.post("/tinjau/keluar", "", session).status == .seeOther)
            #expect(try await answer("baris=2:77&orang=41&jawaban=sama").status == .forbidden, "signed out")
        }
    }

    @Test("shows the last answer, which can be taken back, by who gave it and as long as it is the last")
    func undo() async throws {
        try await Self.site().test { client in
            let session = try await Self.session(client, "Dua+Isian")
            let page = try await client.get("/tinjau", session)
            #expect(page.text.contains("Jawaban terakhir Anda, baris 2:70: Bukan."))
            let hidden = Markup(page.text)["input"].first { $0.attributes["name"] == "keputusan" }
            #expect(hidden?.attributes["value"] == "12")
            let back = try await client.post("/tinjau/batal", "keputusan=12", session)
            #expect(back.status == .seeOther && back.headers[.location] == "/tinjau")
            let late = try await client.post("/tinjau/batal", "keputusan=11", session)
            #expect(late.status == .conflict && late.text.contains("bukan lagi yang terakhir"))
            #expect(try await client.post("/tinjau/batal", "keputusan=x", session).status == .badRequest)
            let other = try await Self.session(client)
            #expect(try await client.post("/tinjau/batal", "keputusan=12", other).status == .conflict)
            let others = try await client.get("/tinjau", other)
            #expect(!others.text.contains("Batalkan"))
            #expect(try await client.post("/tinjau/batal", "keputusan=12").status == .forbidden)
            #expect(try await client.get("/kerja").text.contains("href=\"/tinjau\""))
        }
        try await TestSite().test { client in
            let work = try await client.get("/kerja")
            #expect(!work.text.contains("href=\"/tinjau\""), "nobody can review")
        }
    }

    @Test("signs out who does nothing for half an hour")
    func idle() async throws {
        let site = try Self.site()
        try await site.test { client in
            let session = try await Self.session(client)
            site.clock.advance(29 * 60)
            #expect(try await client.get("/tinjau", session).text.contains("SITI AMINAH"))
            site.clock.advance(29 * 60)
            #expect(try await client.get("/tinjau", session).text.contains("SITI AMINAH"))
            site.clock.advance(31 * 60)
            let late = try await client.get("/tinjau", session)
            #expect(!late.text.contains("SITI AMINAH"))
        }
    }

    @Test("escapes what a row says, and says where nothing waits")
    func edges() async throws {
        try await Self.site().test { client in
            let hostile = try await client.get("/tinjau", try await Self.session(client, "Orang+Jahat"))
            #expect(!hostile.text.contains("<script>") && Markup(hostile.text).faults == [])
            let done = try await client.get("/tinjau", try await Self.session(client, "Sudah+Selesai"))
            #expect(done.text.contains("Tidak ada baris yang menunggu Anda."))
            #expect(Markup(done.text)["input"].isEmpty)
        }
    }

    @Test("finds a person for who is signed in, as a page and as JSON, and never in an address")
    func find() async throws {
        try await Self.site().test { client in
            #expect(try await client.post("/tinjau/cari", "nama=siti").status == .forbidden)
            var session = try await Self.session(client)
            let form = try await client.get("/tinjau/cari", session)
            #expect(Markup(form.text).faults == [])
            let page = try await client.post("/tinjau/cari", "nama=siti&lahir=1957", session)
            #expect(page.status == .ok && Markup(page.text).faults == [])
            #expect(page.text.contains("93,0 %") && !page.text.contains("<script>"))
            #expect(page.headers[.cacheControl] == "no-store")
            let none = try await client.post("/tinjau/cari", "lahir=1957", session)
            #expect(none.text.contains("Tidak ada yang mirip."))
            let loading = try await client.post("/tinjau/cari", "nama=lama", session)
            #expect(loading.status == .serviceUnavailable && loading.text.contains("42 %"))
            session[.accept] = "application/json"
            let answer = try await client.post("/tinjau/cari", "nama=siti", session)
            #expect(answer.headers[.contentType] == "application/json")
            #expect(answer.text.hasPrefix(#"{"known":true,"persons":[{"birth_date":"1957-08-17","family":7"#))
        }
    }
}
