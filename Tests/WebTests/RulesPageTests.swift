import Access
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import Web

@Suite("The page on which rules are changed and tried")
struct RulesPageTests {
    private static func send(
        _ client: any TestClientProtocol, _ programme: String, _ condition: String, quota: String = "54000",
        language: String = "id"
    ) async throws -> TestResponse {
        let encoded = condition.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return try await client.post(
            "/aturan/\(programme)?bahasa=\(language)", "syarat.decile=\(encoded)&syarat.car=cars+%3E+0&kuota=\(quota)")
    }

    @Test("shows each rule with its words and its condition, in a form without script", arguments: Language.allCases)
    func sheet(language: Language) async throws {
        try await TestSite().test { client in
            let page = try await client.get("/aturan/pkh?bahasa=\(language.rawValue)")
            let markup = Markup(page.text)
            #expect(markup.faults == [])
            let fields = markup["input"].filter { $0.attributes["name"]?.hasPrefix("syarat.") ?? false }
            #expect(fields.map { $0.attributes["value"] } == ["decile <= 4", "cars > 0"])
            let labelled = Set(markup["label"].compactMap { $0.attributes["for"] })
            for field in markup["input"] { #expect(labelled.contains(field.attributes["id"] ?? "")) }
            #expect(page.headers[.cacheControl]?.contains("no-store") ?? false)
            #expect(try await client.get("/aturan/tidak-ada").status == .notFound)
        }
    }

    @Test("says who would gain and lose, with a map and tables that say the same", arguments: ["id", "en"])
    func result(language: String) async throws {
        try await TestSite().test { client in
            let page = try await Self.send(client, "pkh", "decile <= 2", language: language)
            #expect(page.status == .ok)
            let markup = Markup(page.text)
            #expect(markup.faults == [])
            #expect(page.text.contains(language == "id" ? "1.200" : "1,200"))
            #expect(markup["path"].count >= 25)
            #expect(markup["tbody"].count == 4)
            #expect(markup["input"].contains { $0.attributes["value"] == "decile <= 2" })
            #expect(page.text.utf8.count < 60_000)
            let still = try await Self.send(client, "pkh", "decile <= 4", language: language)
            #expect(Markup(still.text)["path"].count < 25)
        }
    }

    @Test("tells a wrong condition beside its rule, a wrong quota, and that data is still being read")
    func faults() async throws {
        try await TestSite().test { client in
            let wrong = try await Self.send(client, "pkh", "decile => 2")
            #expect(wrong.status == .unprocessableContent)
            let field = try #require(Markup(wrong.text)["input"].first { $0.attributes["id"] == "aturan-decile" })
            #expect(field.attributes["aria-invalid"] == "true")
            #expect(field.attributes["aria-describedby"] == "aturan-decile-petunjuk aturan-decile-salah")
            for quota in ["", "-1", "banyak", "1.5e3"] {
                #expect(try await Self.send(client, "pkh", "decile <= 2", quota: quota).status == .unprocessableContent)
            }
            #expect(try await Self.send(client, "pkh", "decile <= 2", quota: "54.000").status == .ok)
            let slow = try await Self.send(client, "lambat", "decile <= 2")
            #expect(slow.status == .serviceUnavailable && slow.headers[.retryAfter] == "3")
            #expect(slow.text.contains("70 %") && slow.text.contains("decile &lt;= 2"))
            #expect(try await client.get("/aturan/lambat").text.contains("40 %"))
        }
    }

    @Test("takes no markup from rules, reasons or the file")
    func hostile() async throws {
        try await TestSite().test { client in
            let page = try await Self.send(client, "jahat", FixtureModel.attack)
            #expect(!page.text.contains("<script") && !page.text.contains("<img"))
            #expect(Markup(page.text).faults == [])
        }
    }

    @Test("measures both errors where a truth is known, each with what it is", arguments: ["id", "en"])
    func errors(language: String) async throws {
        try await TestSite().test { client in
            let page = try await Self.send(client, "pkh", "decile <= 2", language: language)
            let markup = Markup(page.text)
            #expect(markup["th"].contains { $0.text.hasPrefix(language == "id" ? "Salah masuk" : "Inclusion error") })
            #expect(page.text.contains(language == "id" ? "28,2%" : "28.2%"))
            #expect(page.text.contains(language == "id" ? "27,0% sampai 29,4%" : "27.0% to 29.4%"))
        }
    }

    private static let change = "syarat.decile=decile+%3C%3D+2&syarat.car=cars+%3E+0&kuota=54000"

    private static func force(
        _ client: any TestClientProtocol, _ member: TestStaffMember, version: String = "2026.1",
        from: String = "2026-01-01", reason: String = "Kepdirjen+1"
    ) async throws -> TestResponse {
        try await member.post(
            client, "/aturan/pkh/berlaku", change + "&versi=\(version)&mulai=\(from)&alasan=\(reason)")
    }

    @Test("puts a changed version in force for who has the right, and for nobody else")
    func force() async throws {
        try await TestSite.staffed([("kemensos", .ministry, "35.10"), ("dinsos", .regency, "35.10")]) { site, client in
            let kemensos = try await site.signIn(client, "kemensos")
            let tried = Markup(try await client.post("/aturan/pkh", Self.change, kemensos.headers).text)
            #expect(tried.faults == [])
            #expect(tried["form"].contains { $0.attributes["action"] == "/aturan/pkh/berlaku" })
            #expect(
                tried["input"].contains { $0.attributes["type"] == "hidden" && $0.attributes["value"] == "decile <= 2" }
            )
            let done = try await Self.force(client, kemensos)
            #expect(done.status == .ok)
            #expect(
                done.text.contains(
                    "Versi 2026.1 berlaku mulai 1 Januari 2026; versi 2025.1 berakhir sehari sebelumnya."))
            let taken = try await Self.force(client, kemensos, version: "2025.1")
            #expect(taken.status == .unprocessableContent)
            #expect(
                Markup(taken.text)["p"].contains {
                    $0.attributes["role"] == "alert" && $0.text.contains("another text")
                })
            for (version, from, reason) in [
                ("", "2026-01-01", "x"), ("..%2Fx", "2026-01-01", "x"), ("2026.1", "1+Januari", "x"),
                ("2026.1", "2026-02-30", "x"),
                ("2026.1", "2026-01-01", "+"),
            ] {
                let page = try await Self.force(client, kemensos, version: version, from: from, reason: reason)
                #expect(page.status == .unprocessableContent, "\(version) \(from)")
                #expect(Markup(page.text)["input"].count { $0.attributes["aria-invalid"] == "true" } == 1)
            }

            let dinsos = try await site.signIn(client, "dinsos")
            #expect(try await Self.force(client, dinsos).status == .forbidden)
            for (headers, name) in [(dinsos.headers, "dinsos"), ([.origin: "http://localhost"], "nobody")] {
                let page = Markup(try await client.post("/aturan/pkh", Self.change, headers).text)
                #expect(!page["form"].contains { $0.attributes["action"] == "/aturan/pkh/berlaku" }, "\(name)")
            }
            let nobody = try await client.post("/aturan/pkh/berlaku", Self.change)
            #expect(nobody.status == .seeOther && nobody.headers[.location] == "/masuk")
        }
    }
}
