import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Journal
import Synchronization
import TestSupport
import Testing

@testable import Web

@Suite struct CheckTests {
    @Test("the answer says state, amount, reasons with evidence, what would change it and what to do")
    func answer() async throws {
        try await TestSite().test { client in
            let page = try await client.check(FixtureModel.waiting)
            #expect(page.status == .ok)
            #expect(page.headers[.cacheControl] == "no-store")
            let markup = Markup(page.text)
            #expect(markup.faults == [])
            let text = try #require(markup["main"].first?.text)
            for part in [
                "S*** R*****", "Layak, di daftar tunggu nomor 12.345", "Keluarga Anda layak dan masuk kuota",
                "Rp2.075.000", "setiap tiga bulan", "Rp225.000", "menurut Dapodik, 31 Juli 2025",
                "Kantor Desa Kemiren, atau Dinas Sosial", "KTP, kartu keluarga, foto rumah",
                "sampai 15 November 2025", "Nomor Anda naik kalau", "aturan versi 2025.1", "15 Oktober 2025",
            ] { #expect(text.contains(part), "\(part)") }
            #expect(!page.text.contains(FixtureModel.waiting))
            #expect(!page.text.contains(FixtureModel.familyNumber))
            #expect(markup["article"].count == 2)
        }
    }

    @Test("what is not known, not eligible and not assessed are told apart")
    func otherOutcomes() async throws {
        try await TestSite().test { client in
            let page = try await client.check(FixtureModel.unclear)
            #expect(Markup(page.text).faults == [])
            let states = Markup(page.text)["p"].filter { $0.attributes["class"] == "state" }.map(\.text)
            #expect(
                states == [
                    "Belum bisa diputuskan: kami belum tahu daya listrik di rumah Anda", "Tidak memenuhi syarat",
                    "Belum dinilai",
                ])
            let paragraphs = Markup(page.text)["p"].map(\.text)
            #expect(paragraphs.contains { $0.hasPrefix("Kalau digaji negara (S*** R*****) menjadi “tidak”") })
            #expect(paragraphs.contains("Bawa surat pemberhentian ke Dinas Sosial."))
            let english = try await client.check(FixtureModel.unclear, query: "?bahasa=en")
            #expect(english.text.contains("The conditions are not met"))
        }
    }

    @Test("data that tries to be markup stays text")
    func hostileData() async throws {
        try await TestSite().test { client in
            let page = try await client.check(FixtureModel.hostile)
            let markup = Markup(page.text)
            #expect(markup.faults == [])
            #expect(markup["script"].isEmpty && markup["img"].isEmpty)
            #expect(markup["h2"].contains { $0.text == FixtureModel.attack })
        }
    }

    @Test("the page is the same to the byte whether the NIK does not exist or the rest does not match")
    func neutral() async throws {
        let tries: [(nik: String, kk: String, date: String)] = [
            (FixtureModel.nobody, FixtureModel.familyNumber, "hari=17&bulan=8&tahun=1957"),
            (FixtureModel.waiting, FixtureModel.familyNumber, "hari=18&bulan=8&tahun=1957"),
            (FixtureModel.waiting, "3599011208109999", "hari=17&bulan=8&tahun=1957"),
        ]
        let pages = Pages()
        for (nik, kk, date) in tries {
            try await TestSite().test { client in pages.keep(try await client.check(nik, kk: kk, date: date)) }
        }
        let first = try #require(pages.kept.first)
        #expect(first.head.status == .ok)
        #expect(first.text.contains("Data tidak cocok"))
        #expect(pages.kept.count == 3)
        #expect(pages.kept.allSatisfy { $0.head == first.head && $0.text == first.text })
    }

    @Test("wrong fields are named in a summary that links to them, and what was typed is kept")
    func faults() async throws {
        try await TestSite().test { client in
            let page = try await client.post(
                "/cek", "nik=3599%200117+0857&kk=%3Cb%3E&hari=31&bulan=2&tahun=1957")
            #expect(page.status == .unprocessableContent)
            let markup = Markup(page.text)
            #expect(markup.faults == [])
            let links = markup["a"].filter { $0.ancestors.contains("li") && $0.ancestors.contains("main") }
            #expect(links.map { $0.attributes["href"] } == ["#nik", "#kk", "#hari"])
            #expect(links.first?.text == "NIK: harus 16 angka. Yang Anda isi 12 angka.")
            let values = markup["input"].map { $0.attributes["value"] }
            #expect(values == ["3599 0117 0857", "<b>", "31", "2", "1957"])
            #expect(markup["input"].map { $0.attributes["aria-invalid"] } == ["true", "true", "true", nil, nil])
            #expect(markup["title"].first?.text.hasPrefix("Salah: ") == true)
        }
    }

    @Test(
        "numbers may be grouped, dates must exist",
        arguments: [
            ("nik=3599 0117.0857-0001&kk=3599011208100007&hari=17&bulan=08&tahun=1957", true),
            ("nik=3599011708570001&kk=3599011208100007&hari=29&bulan=2&tahun=2024", true),
            ("nik=3599011708570001&kk=3599011208100007&hari=29&bulan=2&tahun=2023", false),
            ("nik=3599011708570001&kk=3599011208100007&hari=17&bulan=13&tahun=1957", false),
            ("nik=3599011708570001&kk=3599011208100007&hari=17&bulan=8&tahun=57", false),
            ("nik=3599011708570001&kk=3599011208100007&hari=0&bulan=8&tahun=1957", false),
            ("nik=3599011708570001&kk=3599011208100007&hari=17&bulan=8", false),
            ("nik=3599011708570001&kk=3599011208100007&hari=99999999999999999999&bulan=8&tahun=1957", false),
            ("nik=٣599011708570001&kk=3599011208100007&hari=17&bulan=8&tahun=1957", false),
            ("", false),
        ])
    func fields(_ text: String, _ isUsable: Bool) throws {
        let form = CheckForm(fields: try FormFields(decoding: text.utf8))
        #expect((form.query != nil) == isUsable)
        #expect(form.faults.isEmpty == isUsable)
    }

    @Test("fields have digit keys, are not kept by the browser, and are sent in the body")
    func form() async throws {
        try await TestSite().test { client in
            let markup = Markup(try await client.get("/cek").text)
            #expect(markup["input"].count == 5)
            for field in markup["input"] {
                #expect(field.attributes["inputmode"] == "numeric")
                #expect(field.attributes["autocomplete"] == "off")
            }
            #expect(markup["form"].first?.attributes["method"] == "post")
            #expect(markup["form"].first?.attributes["action"] == "/cek")
        }
    }

    @Test("after three wrong tries one waits, longer each time; the page says how long and whom to call")
    func slowsDown() async throws {
        let site = try TestSite()
        try await site.test { client in
            for _ in 0..<3 { #expect(try await client.check(FixtureModel.nobody).status == .ok) }
            let refused = try await client.check(FixtureModel.waiting)
            #expect(refused.status == .tooManyRequests)
            #expect(refused.headers[.retryAfter] == "30")
            #expect(refused.headers[.cacheControl] == "no-store")
            #expect(Markup(refused.text).faults == [])
            #expect(refused.text.contains("setelah 30 detik") && refused.text.contains("tel:171"))
            site.clock.advance(30)
            #expect(try await client.check(FixtureModel.nobody).status == .ok)
            #expect(try await client.check(FixtureModel.nobody).headers[.retryAfter] == "60")
            site.clock.advance(60)
            #expect(try await client.check(FixtureModel.waiting).text.contains("S*** R*****"))
        }
    }

    @Test("with a proxy in front, the last address that it adds counts")
    func proxy() async throws {
        try await TestSite { $0.clientAddress = .header("X-Forwarded-For") }.test { client in
            let name = try #require(HTTPField.Name("X-Forwarded-For"))
            func attempt(_ nik: String, from address: String) async throws -> HTTPResponse.Status {
                try await client.check(nik, headers: [.origin: "http://localhost", name: address]).status
            }
            for number in 0..<3 {
                #expect(try await attempt("359901170857100\(number)", from: "6.6.6.\(number), 10.0.0.1") == .ok)
            }
            #expect(try await attempt("3599011708571003", from: "7.7.7.7, 10.0.0.1") == .tooManyRequests)
            #expect(try await attempt("3599011708571003", from: "10.0.0.1, 7.7.7.7") == .ok)
        }
    }
}

/// Responses kept from inside a test's closure.
private final class Pages: Sendable {
    private let responses = Mutex<[(head: HTTPResponse, text: String)]>([])
    var kept: [(head: HTTPResponse, text: String)] { responses.withLock { $0 } }
    func keep(_ response: TestResponse) { responses.withLock { $0.append((response.head, response.text)) } }
}
