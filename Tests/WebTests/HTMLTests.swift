import Testing

@testable import Web

@Suite struct HTMLTests {
    private func text(_ html: HTML) -> String { String(decoding: html.bytes, as: UTF8.self) }

    @Test(
        "text and attribute values are escaped",
        arguments: [
            "<script>alert(1)</script>", "\" onmouseover=\"alert(1)", "' onclick='x", "&lt;", "a & b", "]]>", "--><b>",
            "</title><script>", FixtureModel.attack, "é 漢 \u{1F600} \u{202E}",
        ])
    func escapes(_ hostile: String) throws {
        let html = Tag.p(.class(hostile), .aria(.label, hostile)) { hostile }
        let markup = Markup(text(html))
        #expect(markup.faults == [])
        let paragraph = try #require(markup.elements.first)
        #expect(markup.elements.count == 1)
        #expect(paragraph.text == hostile)
        #expect(paragraph.attributes == ["class": hostile, "aria-label": hostile])
    }

    @Test("control characters become the replacement character, line ends stay")
    func controls() {
        #expect(text(HTML(text: "a\u{0}b\u{1B}c\u{7F}d\te\r\nf")) == "a\u{FFFD}b\u{FFFD}c\u{FFFD}d\te\r\nf")
    }

    @Test("text between long clean runs is escaped in place")
    func runs() {
        let clean = String(repeating: "x", count: 5000)
        #expect(text(HTML(text: clean + "<" + clean + "&")) == clean + "&lt;" + clean + "&amp;")
    }

    @Test("elements nest, attributes that are nil are left out, void elements have no end")
    func nesting() {
        let html = Tag.ul(nil, .id("a")) {
            ["x", "<"].map { item in Tag.li { item } }
            if text(HTML()).isEmpty { VoidTag.input(.type(.text), .novalidate) } else { "gone" }
        }
        #expect(text(html) == "<ul id=\"a\"><li>x</li><li>&lt;</li><input type=\"text\" novalidate></ul>")
    }

    @Test(
        "a link is always a path of the site, whatever its parts",
        arguments: [
            ["javascript:alert(1)"], ["", "evil.example"], ["/evil.example"], ["\\evil"], ["..", "x\" onclick=\"y"],
            ["a?b#c"],
        ])
    func links(_ parts: [String]) {
        let link = Link(path: parts, query: [("a b", "ü&=\"")], fragment: "<x>").text
        #expect(link.hasPrefix("/"))
        #expect(!link.hasPrefix("//"))
        #expect(!link.contains(":"))
        #expect(link.filter { $0 == "?" }.count == 1)
        #expect(link.filter { $0 == "#" }.count == 1)
        #expect(link.allSatisfy { !"\"<>\\ '".contains($0) })
    }

    @Test("a telephone link keeps digits only")
    func telephone() {
        #expect(Link.telephone("javascript:+62 (0)333-171").text == "tel:+620333171")
    }

    @Test("setting a parameter replaces the earlier one")
    func setting() {
        let link = Link("kerja", query: [("angka", "layak"), ("bahasa", "id")])
        #expect(link.setting("bahasa", "en").text == "/kerja?angka=layak&bahasa=en")
    }
}

@Suite struct LanguageTests {
    @Test("amounts, counts and shares are written as each language does")
    func numbers() {
        #expect(Language.id.rupiah(2_075_000) == "Rp2.075.000")
        #expect(Language.en.rupiah(2_075_000) == "Rp2,075,000")
        #expect(Language.id.rupiah(-500) == "-Rp500")
        #expect(Language.id.rupiah(.min) == "-Rp9.223.372.036.854.775.808")
        #expect(Language.id.count(999) == "999")
        #expect(Language.id.count(12_345) == "12.345")
        #expect(Language.id.percent(345, of: 1000) == "34,5%")
        #expect(Language.en.percent(1, of: 3) == "33.3%")
        #expect(Language.id.percent(1, of: 0) == "–")
    }
}

@Suite struct StylesheetTests {
    /// WCAG 2.2, relative luminance.
    private func luminance(_ colour: Colour) -> Double {
        func channel(_ shift: UInt32) -> Double {
            let value = Double((colour.rgb >> shift) & 255) / 255
            return value <= 0.04045 ? value / 12.92 : power((value + 0.055) / 1.055)
        }
        return 0.2126 * channel(16) + 0.7152 * channel(8) + 0.0722 * channel(0)
    }

    /// `value` to the power of 2.4: the fifth root of its twelfth power, by Newton's method.
    private func power(_ value: Double) -> Double {
        let target = (0..<12).reduce(1.0) { product, _ in product * value }
        var root = max(value * value, 1e-3)
        for _ in 0..<60 { root -= (root * root * root * root * root - target) / (5 * root * root * root * root) }
        return root
    }

    private func contrast(_ first: Colour, _ second: Colour) -> Double {
        let (high, low) = (max(luminance(first), luminance(second)), min(luminance(first), luminance(second)))
        return (high + 0.05) / (low + 0.05)
    }

    @Test("text has a contrast of at least 4.5 in both schemes")
    func contrasts() {
        #expect(abs(contrast(Colour(0x000000), Colour(0xFFFFFF)) - 21) < 0.01)
        for palette in [Palette.light, .dark] {
            for (text, ground) in palette.pairs {
                #expect(contrast(text, ground) >= 4.5, "\(text) on \(ground)")
            }
            #expect(contrast(palette.focus, palette.paper) >= 3)
        }
    }

    @Test("the map's colours are ordered by their lightness, so that they read without seeing colours")
    func mapColours() {
        let light = Palette.light.map.map(luminance)
        #expect(light == light.sorted(by: >))
        let dark = Palette.dark.map.map(luminance)
        #expect(dark == dark.sorted())
    }

    @Test("the style sheet is below 14.5 kB, loads nothing, and every colour it names exists")
    func stylesheet() {
        let text = Stylesheet.text
        #expect(text.utf8.count < 14_500)
        #expect(!text.contains("url(") && !text.contains("@import"))
        #expect(text.count { $0 == "{" } == text.count { $0 == "}" })
        for use in text.matches(of: /var\((--[a-z0-9-]+)\)/) { #expect(text.contains(use.1 + ":"), "\(use.1)") }
    }
}
