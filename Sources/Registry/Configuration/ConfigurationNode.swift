import Foundation
import Yams

/// A place in a YAML file that remembers where it stands, so that whatever is wrong there can be said with file, line and
/// field.
///
/// Reading is strict: a key that nobody asked for is a fault too (``finish()``), since it is most often a misspelt one.
public final class ConfigurationNode {
    /// The file's path, as messages name it.
    public let file: String
    /// The path of fields that leads here: `fields.nik.type`; empty for the whole file.
    public let field: String
    private let node: Node
    private var asked: Set<String> = []

    private init(file: String, field: String, node: Node) {
        self.file = file
        self.field = field
        self.node = node
    }

    /// Reads a YAML text; `file` is what messages call it.
    public static func parse(_ text: String, file: String) throws(ConfigurationFault) -> ConfigurationNode {
        do {
            // A scalar is what its reader asks for: to guess each one's type first would be most of the work.
            guard let node = try Yams.compose(yaml: text, .basic) else {
                throw ConfigurationFault(file: file, line: nil, field: "", reason: "the file is empty")
            }
            return ConfigurationNode(file: file, field: "", node: node)
        } catch let fault as ConfigurationFault {
            throw fault
        } catch let error as YamlError {
            throw Self.fault(of: error, file: file)
        } catch {
            throw ConfigurationFault(file: file, line: nil, field: "", reason: "not YAML: \(error)")
        }
    }

    /// Reads a YAML file.
    public static func read(_ path: String) throws(RegistryError) -> ConfigurationNode {
        let text = try text(of: path)
        do { return try parse(text, file: path) } catch { throw .configuration(error) }
    }

    /// The text of a file.
    static func text(of path: String) throws(RegistryError) -> String {
        let data: Data
        do { data = try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
            throw .file(path: path, reason: "cannot be read")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw .file(path: path, reason: "is not UTF-8 text")
        }
        return text
    }

    private static func fault(of error: YamlError, file: String) -> ConfigurationFault {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            ConfigurationFault(
                file: file, line: mark.line, column: mark.column, field: "", reason: "not YAML: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            ConfigurationFault(
                file: file, line: context.mark.line, column: context.mark.column, field: "",
                reason: "stands twice: \(duplicates.joined(separator: ", "))")
        default:
            ConfigurationFault(file: file, line: nil, field: "", reason: "not YAML: \(error)")
        }
    }

    /// A fault at this place.
    public func fault(_ reason: String) -> ConfigurationFault {
        ConfigurationFault(
            file: file, line: node.mark?.line, column: node.mark?.column, field: field, reason: reason)
    }

    /// A fault inside the text of this scalar, at a line and column (from 1) that are counted from where the text begins.
    public func fault(_ reason: String, line: Int, column: Int) -> ConfigurationFault {
        guard case .scalar(let scalar) = node, let mark = node.mark else { return fault(reason) }
        switch scalar.style {
        case .literal, .folded:
            // The text begins in the line after its mark, and how far it is indented is not known here.
            return ConfigurationFault(file: file, line: mark.line + line, field: field, reason: reason)
        case .singleQuoted, .doubleQuoted, .plain, .any:
            let quote = scalar.style == .singleQuoted || scalar.style == .doubleQuoted ? 1 : 0
            return ConfigurationFault(
                file: file, line: mark.line + line - 1,
                column: line == 1 ? mark.column + quote + column - 1 : column, field: field, reason: reason)
        }
    }

    /// The line of this place in its file, from 1.
    public var line: Int? { node.mark?.line }

    /// The column of this place in its line, from 1.
    public var column: Int? { node.mark?.column }

    // MARK: Mappings

    /// What stands under a key, or nil where the key is not there.
    public func optional(_ key: String) throws(ConfigurationFault) -> ConfigurationNode? {
        guard case .mapping(let mapping) = node else { throw fault("expected a mapping of keys to values") }
        asked.insert(key)
        guard let value = mapping[Node(key)] else { return nil }
        return ConfigurationNode(file: file, field: child(key), node: value)
    }

    /// What stands under a key that must be there.
    public func required(_ key: String) throws(ConfigurationFault) -> ConfigurationNode {
        guard let value = try optional(key) else { throw fault("“\(key)” is missing") }
        return value
    }

    /// The keys and what stands under them, in the file's order.
    public func entries() throws(ConfigurationFault) -> [(key: String, value: ConfigurationNode)] {
        guard case .mapping(let mapping) = node else { throw fault("expected a mapping of keys to values") }
        var entries: [(String, ConfigurationNode)] = []
        for (key, value) in mapping {
            guard let name = key.string else { throw fault("a key must be a word") }
            asked.insert(name)
            entries.append((name, ConfigurationNode(file: file, field: child(name), node: value)))
        }
        return entries
    }

    /// Throws where the mapping has a key that was never asked for.
    public func finish() throws(ConfigurationFault) {
        guard case .mapping(let mapping) = node else { return }
        for (key, _) in mapping where !asked.contains(key.string ?? "") {
            throw ConfigurationFault(
                file: file, line: key.mark?.line, column: key.mark?.column, field: child(key.string ?? "?"),
                reason: "is not a known key here (known: \(asked.sorted().joined(separator: ", ")))")
        }
    }

    // MARK: Sequences

    /// The elements of a sequence.
    public func elements() throws(ConfigurationFault) -> [ConfigurationNode] {
        guard case .sequence(let sequence) = node else { throw fault("expected a list") }
        return sequence.enumerated().map {
            ConfigurationNode(file: file, field: "\(field)[\($0.offset)]", node: $0.element)
        }
    }

    /// The elements of a list of words.
    public func words() throws(ConfigurationFault) -> [String] {
        var words: [String] = []
        for element in try elements() { words.append(try element.string()) }
        return words
    }

    // MARK: Scalars

    /// Whether a mapping stands here.
    public var isMapping: Bool { if case .mapping = node { true } else { false } }

    /// The text of a scalar, as it is written.
    public func string() throws(ConfigurationFault) -> String {
        guard case .scalar(let scalar) = node else { throw fault("expected a text") }
        return scalar.string
    }

    /// A whole number.
    public func integer(in range: ClosedRange<Int64> = .min ... .max) throws(ConfigurationFault) -> Int64 {
        guard let value = Int64(try string()) else { throw fault("expected a whole number, found “\(try string())”") }
        guard range.contains(value) else {
            throw fault("expected a whole number from \(range.lowerBound) to \(range.upperBound), found \(value)")
        }
        return value
    }

    /// A number.
    public func double() throws(ConfigurationFault) -> Double {
        guard let value = Double(try string()), value.isFinite else {
            throw fault("expected a number, found “\(try string())”")
        }
        return value
    }

    /// `true` or `false`.
    public func boolean() throws(ConfigurationFault) -> Bool {
        switch try string() {
        case "true": return true
        case "false": return false
        default: throw fault("expected true or false, found “\(try string())”")
        }
    }

    /// One of some words, as the enum that they name.
    public func choice<Choice: RawRepresentable & CaseIterable>(
        _ type: Choice.Type
    ) throws(ConfigurationFault) -> Choice where Choice.RawValue == String {
        let word = try string()
        guard let choice = Choice(rawValue: word) else {
            let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw fault("expected one of \(known), found “\(word)”")
        }
        return choice
    }

    /// What a scalar says by itself: true or false, null, a number, or a text (also where quoted).
    public func constant() throws(ConfigurationFault) -> AttributeValue {
        guard case .scalar(let scalar) = node else { throw fault("expected one value") }
        if scalar.style == .plain {
            if scalar.string == "true" { return .boolean(true) }
            if scalar.string == "false" { return .boolean(false) }
            if let integer = Int64(scalar.string) { return .integer(integer) }
            if let double = Double(scalar.string) { return .double(double) }
        }
        return .text(scalar.string)
    }

    private func child(_ key: String) -> String { field.isEmpty ? key : field + "." + key }
}

/// A text in the languages of the pages; Indonesian is always there.
public struct Wording: Sendable, Hashable {
    /// The text by language, `id` among them.
    public let texts: [String: String]

    /// A text by language; `id` is the one that others fall back to.
    public init(_ texts: [String: String]) { self.texts = texts }

    /// The text in a language, or in Indonesian where there is none.
    public func callAsFunction(_ language: String) -> String { texts[language] ?? texts["id"] ?? "" }

    /// Reads `{id: …, en: …}`; both are required.
    public init(_ node: ConfigurationNode) throws(ConfigurationFault) {
        var texts: [String: String] = [:]
        for (language, text) in try node.entries() { texts[language] = try text.string() }
        for language in ["id", "en"] where texts[language]?.isEmpty ?? true {
            throw node.fault("the wording in “\(language)” is missing")
        }
        self.texts = texts
    }
}
