/// A piece of markup. Text becomes part of it only escaped; what is not escaped was made by ``Tag`` and ``VoidTag``.
public struct HTML: Sendable, Equatable {
    /// The markup in UTF-8.
    public fileprivate(set) var bytes: [UInt8]

    /// Nothing.
    public init() { bytes = [] }

    /// Text, escaped.
    public init(text: String) {
        bytes = []
        bytes.appendEscaped(text)
    }

    /// Pieces one after the other.
    public init(_ parts: [HTML]) {
        bytes = []
        bytes.reserveCapacity(parts.reduce(0) { $0 + $1.bytes.count })
        for part in parts { bytes += part.bytes }
    }

    /// A whole document: the doctype and the `html` element.
    public static func document(_ root: HTML) -> HTML {
        var document = HTML()
        document.bytes.append("<!doctype html>\n")
        document.bytes += root.bytes
        return document
    }
}

extension HTML {
    /// The style sheet of a document that stands alone. Only text that is written in code can be one.
    static func stylesheet(_ rules: StaticString) -> HTML {
        var element = HTML()
        element.bytes.append("<style>")
        element.bytes.append(rules)
        element.bytes.append("</style>")
        return element
    }
}

/// An element that has content.
public struct Tag: Sendable {
    private let name: StaticString

    /// Names are fixed here so that no element that runs code or loads others can be made: no `script`, `style`, `iframe`.
    private init(_ name: StaticString) { self.name = name }

    /// The element with its attributes (nil ones are left out) and content.
    public func callAsFunction(
        _ attributes: Attribute?..., @HTMLBuilder content: () -> HTML = { HTML() }
    ) -> HTML {
        let inner = content()
        var element = HTML()
        element.bytes.reserveCapacity(inner.bytes.count + 64)
        element.bytes.appendOpening(name, attributes)
        element.bytes += inner.bytes
        element.bytes.append("</")
        element.bytes.append(name)
        element.bytes.append(">")
        return element
    }
}

/// An element that never has content.
public struct VoidTag: Sendable {
    private let name: StaticString
    private init(_ name: StaticString) { self.name = name }

    /// The element with its attributes; nil ones are left out.
    public func callAsFunction(_ attributes: Attribute?...) -> HTML {
        var element = HTML()
        element.bytes.appendOpening(name, attributes)
        return element
    }
}

/// Puts the parts of a block one after the other; a text among them is escaped.
@resultBuilder public enum HTMLBuilder {
    /// Text, escaped.
    public static func buildExpression(_ text: String) -> HTML { HTML(text: text) }
    /// Markup.
    public static func buildExpression(_ html: HTML) -> HTML { html }
    /// Markup, or nothing.
    public static func buildExpression(_ html: HTML?) -> HTML { html ?? HTML() }
    /// Several pieces of markup.
    public static func buildExpression(_ parts: [HTML]) -> HTML { HTML(parts) }
    /// A block.
    public static func buildBlock(_ parts: HTML...) -> HTML { HTML(parts) }
    /// An `if` without `else`.
    public static func buildOptional(_ part: HTML?) -> HTML { part ?? HTML() }
    /// The first branch.
    public static func buildEither(first part: HTML) -> HTML { part }
    /// The other branch.
    public static func buildEither(second part: HTML) -> HTML { part }
    /// A loop.
    public static func buildArray(_ parts: [HTML]) -> HTML { HTML(parts) }
}

extension Tag {
    /// The document.
    public static let html = Tag("html")
    /// What browsers and search engines read.
    public static let head = Tag("head")
    /// The name of a document, or of a part of a drawing.
    public static let title = Tag("title")
    /// What people read.
    public static let body = Tag("body")
    /// The top of a page or of an article.
    public static let header = Tag("header")
    /// Links to other pages.
    public static let nav = Tag("nav")
    /// What a page is about.
    public static let main = Tag("main")
    /// The foot of a page.
    public static let footer = Tag("footer")
    /// A part with a heading.
    public static let section = Tag("section")
    /// A part that stands alone.
    public static let article = Tag("article")
    /// A block without meaning.
    public static let div = Tag("div")
    /// A run of text without meaning.
    public static let span = Tag("span")
    /// The page's heading.
    public static let h1 = Tag("h1")
    /// A part's heading.
    public static let h2 = Tag("h2")
    /// A heading below that.
    public static let h3 = Tag("h3")
    /// A paragraph.
    public static let p = Tag("p")
    /// A link.
    public static let a = Tag("a")
    /// Important text.
    public static let strong = Tag("strong")
    /// Text for a machine, such as an expression.
    public static let code = Tag("code")
    /// A date or time.
    public static let time = Tag("time")
    /// A list in no order.
    public static let ul = Tag("ul")
    /// A list in order.
    public static let ol = Tag("ol")
    /// An item of a list.
    public static let li = Tag("li")
    /// A list of terms and what belongs to each.
    public static let dl = Tag("dl")
    /// A term.
    public static let dt = Tag("dt")
    /// What belongs to a term.
    public static let dd = Tag("dd")
    /// A field for a text of several lines.
    public static let textarea = Tag("textarea")
    /// A field in which one of some is chosen.
    public static let select = Tag("select")
    /// One of those.
    public static let option = Tag("option")
    /// Something to open and close.
    public static let details = Tag("details")
    /// What is seen of it while it is closed.
    public static let summary = Tag("summary")
    /// A drawing with its caption.
    public static let figure = Tag("figure")
    /// A drawing's caption.
    public static let figcaption = Tag("figcaption")
    /// A form.
    public static let form = Tag("form")
    /// Fields that belong together.
    public static let fieldset = Tag("fieldset")
    /// What such fields are together.
    public static let legend = Tag("legend")
    /// What a field is.
    public static let label = Tag("label")
    /// A button.
    public static let button = Tag("button")
    /// A table.
    public static let table = Tag("table")
    /// What a table shows.
    public static let caption = Tag("caption")
    /// A table's head.
    public static let thead = Tag("thead")
    /// A table's rows.
    public static let tbody = Tag("tbody")
    /// A table's sums.
    public static let tfoot = Tag("tfoot")
    /// A row.
    public static let tr = Tag("tr")
    /// A heading cell.
    public static let th = Tag("th")
    /// A cell.
    public static let td = Tag("td")
    /// A drawing.
    public static let svg = Tag("svg")
    /// A group in a drawing.
    public static let g = Tag("g")
    /// A line or surface in a drawing.
    public static let path = Tag("path")
    /// A circle in a drawing.
    public static let circle = Tag("circle")
    /// A rectangle in a drawing.
    public static let rect = Tag("rect")
    /// Text in a drawing.
    public static let text = Tag("text")
}

extension VoidTag {
    /// Something about the document.
    public static let meta = VoidTag("meta")
    /// A file that belongs to the document.
    public static let link = VoidTag("link")
    /// A field.
    public static let input = VoidTag("input")
}

extension [UInt8] {
    fileprivate mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { append(contentsOf: $0) }
    }

    fileprivate mutating func appendOpening(_ name: StaticString, _ attributes: [Attribute?]) {
        append("<")
        append(name)
        for case .some(let attribute) in attributes {
            append(" ")
            append(attribute.name)
            guard let value = attribute.value else { continue }
            append("=\"")
            appendEscaped(value)
            append("\"")
        }
        append(">")
    }

    /// Both kinds of quotes are escaped everywhere, so that one function serves text and attributes. Control characters,
    /// which HTML does not allow, become the replacement character.
    fileprivate mutating func appendEscaped(_ text: String) {
        var text = text
        text.withUTF8 { source in
            reserveCapacity(count + source.count)
            var start = 0
            for (index, byte) in source.enumerated() {
                let replacement: StaticString
                switch byte {
                case UInt8(ascii: "&"): replacement = "&amp;"
                case UInt8(ascii: "<"): replacement = "&lt;"
                case UInt8(ascii: ">"): replacement = "&gt;"
                case UInt8(ascii: "\""): replacement = "&quot;"
                case UInt8(ascii: "'"): replacement = "&#39;"
                case 0x09, 0x0A, 0x0D: continue
                case 0x00..<0x20, 0x7F: replacement = "\u{FFFD}"
                default: continue
                }
                append(contentsOf: source[start..<index])
                append(replacement)
                start = index + 1
            }
            append(contentsOf: source[start...])
        }
    }
}
