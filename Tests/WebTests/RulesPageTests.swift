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
            #expect(markup["tbody"].count == 3)
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
}
