/// An attribute of an element.
///
/// Only the attributes below exist: none that carries script (`on…`) or style, and addresses are a ``Link``, which has no
/// way to say `javascript:`.
public struct Attribute: Sendable {
    let name: StaticString
    /// Nil where the name alone says it: `novalidate`.
    let value: String?

    private init(_ name: StaticString, _ value: String?) {
        self.name = name
        self.value = value
    }
}

extension Attribute {
    /// The element's name in the page.
    public static func id(_ value: String) -> Self { .init("id", value) }
    /// Names for the style sheet.
    public static func `class`(_ value: String) -> Self { .init("class", value) }
    /// The language of the content.
    public static func lang(_ value: Language) -> Self { .init("lang", value.rawValue) }
    /// The language of the page behind a link.
    public static func hreflang(_ value: Language) -> Self { .init("hreflang", value.rawValue) }
    /// Where a link leads.
    public static func href(_ value: Link) -> Self { .init("href", value.text) }
    /// Where a form is sent.
    public static func action(_ value: Link) -> Self { .init("action", value.text) }
    /// The form is sent in the body, never in the address.
    public static let post = Attribute("method", "post")
    /// The server judges the fields, in the reader's language.
    public static let novalidate = Attribute("novalidate", nil)
    /// What a linked file is to the page.
    public static func rel(_ value: Relation) -> Self { .init("rel", value.rawValue) }
    /// The kind of a linked file.
    public static func mediaType(_ value: String) -> Self { .init("type", value) }
    /// The kind of a field or button.
    public static func type(_ value: ControlType) -> Self { .init("type", value.rawValue) }
    /// The field's name in the form, or what a `meta` is about.
    public static func name(_ value: String) -> Self { .init("name", value) }
    /// What the field holds.
    public static func value(_ value: String) -> Self { .init("value", value) }
    /// What a `meta` says.
    public static func content(_ value: String) -> Self { .init("content", value) }
    /// The encoding of the page: UTF-8.
    public static let utf8 = Attribute("charset", "utf-8")
    /// The field that a label belongs to.
    public static func `for`(_ id: String) -> Self { .init("for", id) }
    /// Show the keys with digits.
    public static let numericKeys = Attribute("inputmode", "numeric")
    /// The browser does not keep or offer what was typed: phones are shared.
    public static let autocompleteOff = Attribute("autocomplete", "off")
    /// What the browser's keeper of passwords may fill in.
    public static func autocomplete(_ value: Autocomplete) -> Self { .init("autocomplete", value.rawValue) }
    /// Phones begin no word with a capital.
    public static let autocapitalizeOff = Attribute("autocapitalize", "none")
    /// The browser does not send what was typed to a spelling service.
    public static let spellcheckOff = Attribute("spellcheck", "false")
    /// The most characters that can be typed.
    public static func maxlength(_ value: Int) -> Self { .init("maxlength", String(value)) }
    /// The element has the focus when the page opens.
    public static let autofocus = Attribute("autofocus", nil)
    /// The key that, with the browser's own, goes to the element.
    public static func accesskey(_ key: Character) -> Self { .init("accesskey", String(key)) }
    /// What the element is to assistive technology.
    public static func role(_ value: Role) -> Self { .init("role", value.rawValue) }
    /// A property for assistive technology.
    public static func aria(_ property: ARIA, _ value: String) -> Self {
        switch property {
        case .label: .init("aria-label", value)
        case .labelledby: .init("aria-labelledby", value)
        case .describedby: .init("aria-describedby", value)
        case .current: .init("aria-current", value)
        case .hidden: .init("aria-hidden", value)
        case .invalid: .init("aria-invalid", value)
        case .sort: .init("aria-sort", value)
        }
    }
    /// The element can take the focus but is not in the order of the tabulator.
    public static let focusable = Attribute("tabindex", "-1")
    /// The element is in the order of the tabulator (a table that scrolls).
    public static let inTabOrder = Attribute("tabindex", "0")
    /// Whether a heading cell heads a row or a column.
    public static func scope(_ value: Scope) -> Self { .init("scope", value.rawValue) }
    /// How many lines a field of several lines shows.
    public static func rows(_ value: Int) -> Self { .init("rows", String(value)) }
    /// How many columns a cell spans.
    public static func colspan(_ value: Int) -> Self { .init("colspan", String(value)) }
    /// A date as machines read it.
    public static func datetime(_ value: String) -> Self { .init("datetime", value) }
    /// The element is there for programs alone.
    public static let hidden = Attribute("hidden", nil)
    /// Whether an option is the one chosen.
    public static let selected = Attribute("selected", nil)
    /// Whether `details` are open.
    public static let open = Attribute("open", nil)

    /// What a keeper of passwords knows (HTML, “autofill”).
    public enum Autocomplete: String, Sendable {
        case username
        case currentPassword = "current-password"
        case newPassword = "new-password"
        case oneTimeCode = "one-time-code"
    }
    /// The kinds of fields and buttons in use.
    public enum ControlType: String, Sendable { case text, password, hidden, submit, radio }
    /// What a linked file is to the page.
    public enum Relation: String, Sendable { case stylesheet, icon, alternate }
    /// What an element is to assistive technology.
    public enum Role: String, Sendable { case alert, group, img, region, list, status }
    /// The properties for assistive technology in use.
    public enum ARIA: Sendable { case label, labelledby, describedby, current, hidden, invalid, sort }
    /// What a heading cell heads.
    public enum Scope: String, Sendable { case row, col }
}

extension Attribute {
    /// The namespace of a drawing that is a file of its own.
    public static let svgNamespace = Attribute("xmlns", "http://www.w3.org/2000/svg")
    /// The part of the plane that a drawing shows.
    public static func viewBox(_ x: Int, _ y: Int, _ width: Int, _ height: Int) -> Self {
        .init("viewBox", "\(x) \(y) \(width) \(height)")
    }
    /// The drawing is stretched to its box.
    public static let stretched = Attribute("preserveAspectRatio", "none")
    /// The drawing fills its box from the lower right; what is too wide is cut at the left.
    public static let covering = Attribute("preserveAspectRatio", "xMaxYMax slice")
    /// A path.
    public static func d(_ value: String) -> Self { .init("d", value) }
    /// Left edge, or where a text stands.
    public static func x(_ value: Int) -> Self { .init("x", String(value)) }
    /// Upper edge, or where a text stands.
    public static func y(_ value: Int) -> Self { .init("y", String(value)) }
    /// Width.
    public static func width(_ value: Int) -> Self { .init("width", String(value)) }
    /// Height.
    public static func height(_ value: Int) -> Self { .init("height", String(value)) }
    /// A circle's middle.
    public static func cx(_ value: Int) -> Self { .init("cx", String(value)) }
    /// A circle's middle.
    public static func cy(_ value: Int) -> Self { .init("cy", String(value)) }
    /// A circle's radius.
    public static func r(_ value: Int) -> Self { .init("r", String(value)) }
    /// The size of a text.
    public static func fontSize(_ value: Int) -> Self { .init("font-size", String(value)) }
    /// A colour, where no style sheet reaches: the icon.
    public static func fill(_ colour: Colour) -> Self { .init("fill", colour.description) }
    /// A line's colour, where no style sheet reaches.
    public static func stroke(_ colour: Colour) -> Self { .init("stroke", colour.description) }
    /// A line's width.
    public static func strokeWidth(_ value: Int) -> Self { .init("stroke-width", String(value)) }
}

/// An address inside the site, or a telephone number. No other address can be made.
public struct Link: Sendable, Equatable {
    let text: String
    private let path: [String]
    private let query: [(name: String, value: String)]

    /// A page of the site, such as `/kerja/35.10.16?angka=layak#peta`. Every part is percent-encoded.
    public init(_ path: String..., query: [(name: String, value: String)] = [], fragment: String? = nil) {
        self.init(path: path, query: query, fragment: fragment)
    }

    /// A page of the site, from the segments of its path.
    public init(path: [String], query: [(name: String, value: String)] = [], fragment: String? = nil) {
        self.path = path.filter { !$0.isEmpty }
        self.query = query
        var text = "/" + self.path.map(Self.encoded).joined(separator: "/")
        if !query.isEmpty {
            text += "?" + query.map { Self.encoded($0.name) + "=" + Self.encoded($0.value) }.joined(separator: "&")
        }
        if let fragment { text += "#" + Self.encoded(fragment) }
        self.text = text
    }

    /// A page of the site that a form or an address names, without its query; nil where the text is none. No other site can be
    /// named: what begins with two slashes, or has a colon or a backslash, is refused.
    public init?(destination text: String) {
        let parts = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        guard text.hasPrefix("/"), text.utf8.count <= 200,
            parts.allSatisfy({ part in
                !part.isEmpty && part != "." && part != ".."
                    && part.utf8.allSatisfy { byte in
                        switch byte {
                        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."):
                            true
                        default: false
                        }
                    }
            })
        else { return nil }
        self.init(path: parts.map(String.init))
    }

    private init(text: String) {
        self.text = text
        path = []
        query = []
    }

    /// A place on the same page.
    public static func fragment(_ id: String) -> Link { Link(text: "#" + encoded(id)) }

    /// A telephone number; all but digits and `+` is left out.
    public static func telephone(_ number: String) -> Link {
        Link(text: "tel:" + number.filter { "0123456789+".contains($0) })
    }

    /// The same page with one more parameter, in place of an earlier one of that name.
    public func setting(_ name: String, _ value: String) -> Link {
        Link(path: path, query: query.filter { $0.name != name } + [(name, value)])
    }

    /// Two links are equal where they lead to the same place.
    public static func == (left: Link, right: Link) -> Bool { left.text == right.text }

    private static func encoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
