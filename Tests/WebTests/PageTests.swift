import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Journal
import Testing

@testable import Web

@Suite struct PageTests {
    private static let paths = [
        "/", "/cek", "/kerja", "/kerja?angka=layak&urut=tunggu&program=sembako", "/kerja/35.10.16",
        "/kerja/35.10.16?angka=belum&urut=belum", "/aturan", "/aturan/pkh", "/tidak-ada",
    ]

    @Test(
        "every page is well formed, has its landmarks, and no script or style of its own", arguments: paths,
        Language.allCases)
    func wellFormed(_ path: String, _ language: Language) async throws {
        try await TestSite().test { client in
            let page = try await client.get(path + (path.contains("?") ? "&" : "?") + "bahasa=\(language.rawValue)")
            let markup = Markup(page.text)
            #expect(markup.faults == [])
            #expect(markup["html"].first?.attributes["lang"] == language.rawValue)
            for landmark in ["header", "main", "footer", "h1", "title"] {
                #expect(!markup[landmark].isEmpty, "\(landmark)")
            }
            #expect(markup["main"].count == 1)
            #expect(markup["h1"].count == 1)
            #expect(markup["nav"].allSatisfy { $0.attributes["aria-label"]?.isEmpty == false })
            let first = try #require(markup["a"].first)
            #expect(first.attributes["href"] == "#isi" && first.attributes["class"] == "skip")
            let names = Set(markup.elements.map(\.name))
            #expect(names.isDisjoint(with: ["script", "style", "iframe", "object", "embed", "img"]))
            #expect(!markup.elements.contains { $0.attributes.keys.contains { $0.hasPrefix("on") || $0 == "style" } })
            #expect(page.text.contains("171"))
        }
    }

    @Test("a page in one language has a plain link to itself in the other", arguments: paths.dropLast())
    func otherLanguage(_ path: String) async throws {
        try await TestSite().test { client in
            let page = try await client.get(path)
            let link = try #require(Markup(page.text)["a"].first { $0.attributes["hreflang"] == "en" })
            let target = try #require(link.attributes["href"])
            let other = try await client.get(target)
            #expect(other.status == .ok)
            #expect(other.headers[.contentLanguage] == "en")
            let back = try #require(Markup(other.text)["a"].first { $0.attributes["hreflang"] == "id" })
            #expect(back.attributes["href"] == target.replacing("bahasa=en", with: "bahasa=id"))
        }
    }

    @Test("the language is that of the address, else of the cookie, else Indonesian; a chosen one is kept")
    func languages() async throws {
        try await TestSite().test { client in
            #expect(try await client.get("/").headers[.contentLanguage] == "id")
            #expect(try await client.get("/?bahasa=xx").headers[.contentLanguage] == "id")
            #expect(try await client.get("/", [.cookie: "bahasa=en"]).headers[.contentLanguage] == "en")
            let chosen = try await client.get("/?bahasa=id", [.cookie: "bahasa=en"])
            #expect(chosen.headers[.contentLanguage] == "id")
            #expect(chosen.headers[.setCookie]?.hasPrefix("bahasa=id; Path=/;") == true)
            #expect(try await client.get("/").headers[.setCookie] == nil)
        }
    }

    @Test("no page is larger than 60 kB, and the others than 16 kB", arguments: paths)
    func sizes(_ path: String) async throws {
        try await TestSite().test { client in
            let page = try await client.get(path)
            #expect(page.body.readableBytes < (path.hasPrefix("/kerja") ? 60_000 : 16_000))
            if path == "/kerja" { #expect(page.body.readableBytes < 40_000) }
        }
    }

    @Test("the map has every district as a link with a name and its figure, the table has the same figures")
    func map() async throws {
        let site = try TestSite()
        try await site.test { client in
            let markup = Markup(try await client.get("/kerja?angka=layak").text)
            let regions = markup["a"].filter { $0.ancestors.contains("svg") }
            #expect(regions.count == 25)
            let figures = try await site.model.figures(programme: "pkh", in: "35.10", language: .id)
            let counts = try #require(figures.regions.first { $0.code == "35.10.16" }?.counts)
            let region = try #require(regions.first { $0.attributes["href"]?.hasPrefix("/kerja/35.10.16?") == true })
            #expect(
                region.text.hasPrefix(
                    "Banyuwangi: Layak \(Language.id.count(counts.eligible)) "
                        + "(\(Language.id.percent(counts.eligible, of: counts.families)))"))
            let row = try #require(markup["tr"].first { $0.attributes["id"] == "r-35.10.16" })
            #expect(row.text == "Banyuwangi" + Figure.allCases.map { Language.id.count(counts[$0]) }.joined())
        }
    }

    @Test("a district's page has its villages only, each a link to its row")
    func district() async throws {
        try await TestSite().test { client in
            let markup = Markup(try await client.get("/kerja/35.10.16").text)
            let regions = markup["a"].filter { $0.ancestors.contains("svg") }
            #expect(regions.count == 18)
            #expect(regions.allSatisfy { $0.attributes["href"]?.hasPrefix("#r-35.10.16.") == true })
            for path in ["/kerja/35.10.99", "/kerja/35.10", "/kerja/x", "/kerja/35.10.16.1014"] {
                #expect(try await client.get(path).status == .notFound)
            }
        }
    }

    @Test("the table is sorted by what the address says")
    func sorting() async throws {
        let site = try TestSite()
        try await site.test { client in
            func rows(_ path: String) async throws -> [String] {
                Markup(try await client.get(path).text)["tr"].compactMap { $0.attributes["id"] }
            }
            let figures = try await site.model.figures(programme: "pkh", in: "35.10", language: .id)
            let byCount = figures.regions.sorted { ($1.counts.waitlisted, $0.code) < ($0.counts.waitlisted, $1.code) }
            #expect(try await rows("/kerja?urut=tunggu") == byCount.map { "r-" + $0.code })
            let names = site.model.region.map.districts.outlines.sorted { $0.name < $1.name }
            #expect(try await rows("/kerja?urut=nonsens") == names.map { "r-" + $0.code })
        }
    }

    @Test("without an assessment the work page says so, and still shows the map")
    func nothingAssessed() async throws {
        var model = try FixtureModel()
        model.assessed = false
        try await TestSite(model: model).test { client in
            let page = try await client.get("/kerja")
            #expect(Markup(page.text).faults == [])
            #expect(page.text.contains("Belum ada penilaian"))
            #expect(Markup(page.text)["path"].filter { $0.attributes["class"] == "mn" }.count == 25)
        }
    }

    @Test("the style sheet's address holds its digest, and it may be kept for good")
    func asset() async throws {
        try await TestSite().test { client in
            let markup = Markup(try await client.get("/").text)
            for link in markup["link"] {
                let file = try await client.get(try #require(link.attributes["href"]))
                #expect(file.status == .ok)
                #expect(file.headers[.cacheControl] == "public, max-age=31536000, immutable")
                #expect(file.body.readableBytes < 14_500)
            }
            #expect(try await client.get("/aset/tepat-0.css").status == .notFound)
        }
    }
}

@Suite struct ColourScaleTests {
    @Test("classes hold about as many regions each, and their limits are round")
    func limits() {
        let scale = ColourScale(Array(stride(from: 1010, to: 2010, by: 10)))
        #expect(scale.limits == [1200, 1400, 1600, 1800])
        #expect(scale.colour(1199) == 0)
        #expect(scale.colour(1200) == 1)
        #expect(scale.colour(99_999) == 4)
    }

    @Test("equal values are one class of the middle colour; few classes are spread over the colours")
    func few() {
        #expect(ColourScale([7, 7, 7]).limits == [])
        #expect(ColourScale([7, 7, 7]).colour(7) == 2)
        #expect(ColourScale([]).limits == [])
        let two = ColourScale([1, 1, 1, 9, 9, 9])
        #expect((two.colour(1), two.colour(9)) == (0, 4))
    }
}

@Suite struct RegionMapTests {
    @Test("the box of a path follows relative and absolute commands, and sub-paths from where they began")
    func bounds() {
        #expect(
            RegionMap.bounds(ofPath: "M10 20l5-5 5 10h10v-30zm100 0L0 0")
                == MapBox(minX: 0, minY: -5, maxX: 110, maxY: 25))
        for path in ["", "M1", "M1 2C3 4 5 6 7 8", "10 20", "M1 2 foo", "Mz"] {
            #expect(RegionMap.bounds(ofPath: path) == nil, "\(path)")
        }
    }

    @Test("outlines without a name, a district or a readable path are refused by their code")
    func refused() {
        func read(_ path: String, village: String) -> String? {
            let json = """
                {"credit": "x", "districts": [{"code": "35.10.01", "name": "A", "path": "\(path)", "label": [1, 2]}],
                 "villages": [{"code": "\(village)", "path": "M0 0h1v1z", "label": [1, 2]}]}
                """
            do {
                _ = try RegionMap(
                    outlines: Data(json.utf8), villageNames: ["35.10.01.2001": "B", "35.10.02.2001": "C"])
                return nil
            } catch {
                return error.region ?? "file"
            }
        }
        #expect(read("M0 0h1v1z", village: "35.10.01.2001") == nil)
        #expect(read("M0 0Q1", village: "35.10.01.2001") == "35.10.01")
        #expect(read("M0 0h1v1z", village: "35.10.01.9999") == "35.10.01.9999")
        #expect(read("M0 0h1v1z", village: "35.10.02.2001") == "35.10.02")
    }

    @Test("names on the map never cover each other")
    func labels() throws {
        let outlines = try FixtureModel().region.map.districts.outlines
        let labels = MapLabel.placed(outlines + outlines + outlines + outlines + outlines + outlines, letters: 80)
        #expect(labels.count >= 25)
        #expect(labels.count < 150)
        #expect(Set(labels.map(\.text)).count == 25)
    }
}
