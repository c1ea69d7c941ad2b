/// Markup for a page: text becomes part of it only escaped.
struct Markup: Sendable, ExpressibleByStringInterpolation {
    private(set) var html: String

    init(stringLiteral value: String) { html = Self.escaped(value) }

    /// Text, escaped.
    init(_ text: String) { html = Self.escaped(text) }

    private init(html: String) { self.html = html }

    /// Pieces one after the other.
    init(_ parts: [Markup]) { html = parts.map(\.html).joined() }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }

    /// An element; attributes in the order given.
    static func tag(_ name: StaticString, _ attributes: KeyValuePairs<String, String>, _ content: [Markup]) -> Markup {
        let written = attributes.map { " \($0.key)=\"\(escaped($0.value))\"" }.joined()
        return Markup(html: "<\(name)\(written)>\(content.map(\.html).joined())</\(name)>")
    }

    /// An element that holds one piece.
    static func tag(_ name: StaticString, _ attributes: KeyValuePairs<String, String>, _ content: Markup) -> Markup {
        tag(name, attributes, [content])
    }

    /// An element without attributes.
    static func tag(_ name: StaticString, _ content: [Markup]) -> Markup { tag(name, [:], content) }

    /// An element without attributes that holds one piece.
    static func tag(_ name: StaticString, _ content: Markup) -> Markup { tag(name, [:], [content]) }

    /// An element that never has content.
    static func void(_ name: StaticString, _ attributes: KeyValuePairs<String, String>) -> Markup {
        Markup(html: "<\(name)\(attributes.map { " \($0.key)=\"\(escaped($0.value))\"" }.joined())>")
    }

    /// A style sheet, which is the program's own and has nothing to escape.
    static func style(_ sheet: StaticString) -> Markup { Markup(html: "<style>\(sheet)</style>") }

    /// A table with a caption; the first cell of each row is its heading. Columns but the first are numbers,
    /// right-aligned, where `isNumeric`.
    static func table(caption: String, head: [String], rows: [[String]], isNumeric: Bool = true) -> Markup {
        let kind = isNumeric ? "n" : ""
        return tag(
            "div", ["class": "scroll"],
            tag(
                "table", ["class": kind],
                [
                    tag("caption", Markup(caption)),
                    tag("thead", tag("tr", head.map { tag("th", ["scope": "col"], Markup($0)) })),
                    tag(
                        "tbody",
                        rows.map { row in
                            tag(
                                "tr",
                                row.enumerated().map { index, cell in
                                    index == 0 ? tag("th", ["scope": "row"], Markup(cell)) : tag("td", Markup(cell))
                                })
                        }),
                ]))
    }
}
