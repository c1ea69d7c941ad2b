import Registry

/// Something about a programme's file that is wrong, or most likely not meant.
public struct LintFinding: Sendable, Hashable, Encodable {
    /// How bad it is.
    public enum Severity: String, Sendable, Encodable {
        /// The file must not be put in force.
        case error
        /// Somebody should look.
        case warning
    }

    /// What is looked for.
    public enum Check: String, Sendable, Encodable, CaseIterable {
        /// The file cannot be read.
        case unreadable
        /// An example does not come out as it says.
        case example
        /// No example fails a rule.
        case noExample = "no_example"
        /// A rule that cannot be worked out although all is known: a division by zero, a pattern that takes too long.
        case fails
        /// A rule that every family meets, or none.
        case constant
        /// A rule that decides nothing that another does not decide too.
        case shadowed
        /// `also_fails` says what is not so.
        case alsoFails = "also_fails"
        /// An attribute or definition that nothing uses.
        case unused
        /// An attribute that a region's sources do not yield.
        case source
        /// A wording without words, or the same in both languages.
        case translation
        /// A rule or version without its legal source.
        case legal
        /// An amount or limit that no family can reach.
        case amount
        /// A key of the order that tells no two families apart.
        case priority
        /// Two versions that hold on one day, or days without any.
        case versions
    }

    /// How bad it is.
    public let severity: Severity
    /// What was looked for.
    public let check: Check
    /// The file's path.
    public let file: String
    /// The line, from 1; nil where it concerns the file as a whole.
    public let line: Int?
    /// The column, from 1; nil where it concerns the whole line.
    public let column: Int?
    /// The field, written as a path: `rules[1].requires`; empty for the whole file.
    public let field: String
    /// What is found, and how to mend it.
    public let message: String

    init(_ severity: Severity, _ check: Check, _ fault: ConfigurationFault) {
        self.severity = severity
        self.check = check
        file = fault.file
        line = fault.line
        column = fault.column
        field = fault.field
        message = fault.reason
    }
}

extension LintFinding: CustomStringConvertible {
    /// `FILE:LINE:COLUMN: severity: field: message`.
    public var description: String {
        let place = [file, line.map(String.init), column.map(String.init)].compactMap { $0 }.joined(separator: ":")
        return "\(place): \(severity.rawValue): " + (field.isEmpty ? "" : field + ": ") + message
    }
}

/// Finds places in a programme's file by the path of their fields.
struct LintPlaces {
    /// One step of a path.
    enum Step {
        case key(String)
        case index(Int)
    }

    /// The file's root.
    let root: ConfigurationNode

    /// The node at the end of a path, or as far along it as the file goes.
    func node(_ path: [Step]) -> ConfigurationNode {
        var node = root
        for step in path {
            switch step {
            case .key(let key):
                guard let next = try? node.optional(key) else { return node }
                node = next
            case .index(let index):
                guard let elements = try? node.elements(), elements.indices.contains(index) else { return node }
                node = elements[index]
            }
        }
        return node
    }

    /// All places with wordings: mappings with `id` and `en`.
    func wordings() -> [ConfigurationNode] {
        var found: [ConfigurationNode] = []
        // An anchor's node is met at each alias, and told once.
        var seen: Set<[Int]> = []
        func visit(_ node: ConfigurationNode) {
            if let entries = try? node.entries() {
                if Set(entries.map(\.key)).isSuperset(of: ["id", "en"]) {
                    if seen.insert([node.line ?? 0, node.column ?? 0]).inserted { found.append(node) }
                } else {
                    for entry in entries { visit(entry.value) }
                }
            } else if let elements = try? node.elements() {
                for element in elements { visit(element) }
            }
        }
        visit(root)
        return found
    }
}

extension LintPlaces.Step: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    init(stringLiteral value: String) { self = .key(value) }
    init(integerLiteral value: Int) { self = .index(value) }
}
