/// A reader of the markup that the pages make, strict about what browsers forgive: every element closed in order, every
/// attribute quoted, nothing unescaped.
struct Markup {
    struct Element {
        let name: String
        let attributes: [String: String]
        /// The elements around it, the outermost first.
        let ancestors: [String]
        /// All text inside, unescaped.
        var text = ""
        /// Names of all elements inside.
        var inside: Set<String> = []
    }

    /// In the order of their start.
    private(set) var elements: [Element] = []
    /// What is wrong; empty where nothing is.
    private(set) var faults: [String] = []

    private static let void: Set<String> = ["meta", "link", "input"]

    init(_ html: String) {
        var rest = Substring(html)
        if rest.hasPrefix("<!doctype html>\n") { rest = rest.dropFirst(16) }
        var open: [Int] = []
        while let character = rest.first {
            if character != "<" {
                let text = rest.prefix { $0 != "<" }
                rest = rest.dropFirst(text.count)
                if text.contains(">") { faults.append("bare > in \(text)") }
                let plain = unescaped(text)
                for index in open { elements[index].text += plain }
                continue
            }
            guard let end = rest.firstIndex(of: ">") else {
                faults.append("no > after \(rest.prefix(20))")
                break
            }
            let tag = rest[rest.index(after: rest.startIndex)..<end]
            rest = rest[rest.index(after: end)...]
            if tag.hasPrefix("/") {
                guard let last = open.popLast(), elements[last].name == tag.dropFirst() else {
                    faults.append("</\(tag.dropFirst())> closes nothing")
                    continue
                }
            } else if let element = element(tag, ancestors: open.map { elements[$0].name }) {
                for index in open { elements[index].inside.insert(element.name) }
                elements.append(element)
                if !Self.void.contains(element.name) { open.append(elements.count - 1) }
            } else {
                faults.append("malformed <\(tag)>")
            }
        }
        faults += open.map { "<\(elements[$0].name)> is never closed" }
        let ids = elements.compactMap { $0.attributes["id"] }
        faults += Dictionary(grouping: ids) { $0 }.filter { $0.value.count > 1 }.map { "id \($0.key) twice" }
        check(ids: Set(ids))
    }

    /// All elements of a name.
    subscript(_ name: String) -> [Element] { elements.filter { $0.name == name } }

    private mutating func check(ids: Set<String>) {
        let labelled = Set(self["label"].compactMap { $0.attributes["for"] })
        for element in elements {
            for name in ["for", "aria-labelledby", "aria-describedby"] {
                for id in element.attributes[name]?.split(separator: " ") ?? [] where !ids.contains(String(id)) {
                    faults.append("\(name)=\(id) of <\(element.name)> points nowhere")
                }
            }
            if let link = element.attributes["href"], link.hasPrefix("#"), !ids.contains(String(link.dropFirst())) {
                faults.append("the link \(link) points nowhere")
            }
            if element.name == "input", element.attributes["type"] != "hidden", element.attributes["hidden"] == nil,
                !labelled.contains(element.attributes["id"] ?? "")
            {
                faults.append("the field \(element.attributes["name"] ?? "?") has no label")
            }
            if element.name == "a", element.text.allSatisfy(\.isWhitespace) { faults.append("a link without a name") }
            if element.name == "a", element.ancestors.contains("svg"), !element.inside.contains("title") {
                faults.append("a region of a drawing without a title")
            }
        }
    }

    private mutating func element(_ tag: Substring, ancestors: [String]) -> Element? {
        let name = tag.prefix { $0.isLetter || $0.isNumber }
        var rest = tag.dropFirst(name.count)
        var attributes: [String: String] = [:]
        while rest.first == " " {
            rest = rest.dropFirst()
            let key = rest.prefix { $0.isLetter || $0 == "-" }
            rest = rest.dropFirst(key.count)
            guard !key.isEmpty else { return nil }
            var value = ""
            if rest.hasPrefix("=\"") {
                rest = rest.dropFirst(2)
                let quoted = rest.prefix { $0 != "\"" }
                rest = rest.dropFirst(quoted.count)
                guard rest.first == "\"" else { return nil }
                rest = rest.dropFirst()
                value = unescaped(quoted)
            }
            guard attributes.updateValue(value, forKey: String(key)) == nil else { return nil }
        }
        return rest.isEmpty && !name.isEmpty
            ? Element(name: String(name), attributes: attributes, ancestors: ancestors) : nil
    }

    private mutating func unescaped(_ text: Substring) -> String {
        var plain = ""
        var rest = text
        while let character = rest.popFirst() {
            guard character == "&" else {
                plain.append(character)
                continue
            }
            let entity = rest.prefix { $0 != ";" }
            rest = rest.dropFirst(entity.count + 1)
            switch entity {
            case "amp": plain += "&"
            case "lt": plain += "<"
            case "gt": plain += ">"
            case "quot": plain += "\""
            case "#39": plain += "'"
            default: faults.append("bare & before \(entity)")
            }
        }
        return plain
    }
}
