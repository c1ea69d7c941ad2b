import CEL
import Journal
import Registry

extension Programme {
    /// The programme's text with other conditions in some of its rules, and everything else as it stands.
    ///
    /// - Parameters:
    ///   - conditions: the new conditions, by the rules' names.
    ///   - version: the new version's name; as it is where nil.
    ///   - from: the first day on which the new version holds, without a last one; as it is where nil.
    /// - Throws: ``RegistryError/unknown(_:)`` where there is no such rule, or its condition does not stand in one line.
    public func text(
        conditions: [String: String], version: String? = nil, from: CalendarDate? = nil
    ) throws(RegistryError) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for (name, condition) in conditions.sorted(by: { $0.key < $1.key }) {
            guard let rule = rules.first(where: { $0.name == name }) else {
                throw .unknown("“\(name)” is not a rule of “\(self.name)”")
            }
            guard let line = Self.line(ofConditionIn: lines, rule) else {
                throw .unknown("the condition of the rule “\(name)” does not stand in a line of its own")
            }
            let word = rule.kind == .requires ? "requires:" : "excludes:"
            guard let end = lines[line].firstRange(of: word)?.upperBound else { continue }
            lines[line] = lines[line][..<end] + " " + Self.quoted(condition)
        }
        if let version, let line = lines.firstIndex(where: { $0.hasPrefix("version:") }) {
            lines[line] = "version: " + Self.quoted(version)
        }
        if let from {
            lines.removeAll { $0.hasPrefix("until:") }
            if let line = lines.firstIndex(where: { $0.hasPrefix("from:") }) { lines[line] = "from: \(from)" }
        }
        return lines.joined(separator: "\n")
    }

    /// The line of a rule's condition: below the rule's own line and above the next one's.
    private static func line(ofConditionIn lines: [String], _ rule: Rule) -> Int? {
        let word = rule.kind == .requires ? "requires:" : "excludes:"
        guard let start = lines.firstIndex(where: { $0.trimmed == "- id: \(rule.name)" }) else { return nil }
        for line in start + 1..<lines.count {
            if lines[line].trimmed.hasPrefix("- id:") { return nil }
            guard lines[line].trimmed.hasPrefix(word) else { continue }
            // A condition that goes on in the next line would be cut in two.
            let value = lines[line].trimmed.dropFirst(word.count).drop { $0 == " " }
            return value.hasPrefix("|") || value.hasPrefix(">") ? nil : line
        }
        return nil
    }

    /// A scalar of YAML in single quotes, where nothing but the quote itself has a meaning.
    private static func quoted(_ text: String) -> String {
        "'" + text.split { $0.isNewline }.joined(separator: " ").replacing("'", with: "''") + "'"
    }
}

extension Programme.Rule {
    /// The condition as it is written.
    public var condition: String { expression.source }
}

extension String {
    fileprivate var trimmed: Substring {
        var text = self[...]
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text.drop { $0.isWhitespace }
    }
}
