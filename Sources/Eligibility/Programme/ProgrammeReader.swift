import CEL
import Foundation
import Journal
import Registry

extension Programme {
    /// Reads a programme's YAML file and checks every expression in it.
    ///
    /// - Throws: ``RegistryError/configuration(_:)`` with file, line, column and what was expected.
    public static func read(_ path: String) throws(RegistryError) -> Programme {
        let node = try ConfigurationNode.read(path)
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw .file(path: path, reason: "cannot be read")
        }
        do { return try Programme(node, text: text) } catch { throw .configuration(error) }
    }

    /// Reads a programme's YAML text, such as the one that an assessment followed; `file` is what messages call it.
    public static func parse(_ text: String, file: String) throws(RegistryError) -> Programme {
        do { return try Programme(ConfigurationNode.parse(text, file: file), text: text) } catch {
            throw .configuration(error)
        }
    }

    private init(_ node: ConfigurationNode, text: String) throws(ConfigurationFault) {
        name = try node.required("programme").string()
        version = try node.required("version").string()
        title = try Wording(node.required("title"))
        summary = try Wording(node.required("summary"))
        from = try Self.date(node.required("from"))
        until = try Self.until(node.optional("until"), from: from)
        legal = try node.required("legal").words()
        var reader = ProgrammeReader()
        try reader.attributes(node.required("attributes"))
        try reader.definitions(node.optional("definitions"))
        let benefitNode = try node.required("benefit")
        period = try benefitNode.required("every").choice(Period.self)
        // Read before the rules: a rule may ask whether a member has a component.
        benefit = try reader.benefit(benefitNode)
        rules = try reader.rules(node.required("rules"))
        priorities = try reader.priorities(node.required("priority"))
        notice = try reader.notice(node.required("notice"))
        attributes = reader.attributes
        definitions = reader.definitions
        examples = try reader.examples(node.optional("examples"), rules: rules)
        let nextNode = try node.required("next")
        var next: [String: Wording] = [:]
        for state in ["funded", "waitlisted", "undetermined", "ineligible"] {
            next[state] = try Wording(nextNode.required(state))
        }
        try nextNode.finish()
        self.next = next
        self.text = text
        try node.finish()
    }

    private static func until(
        _ node: ConfigurationNode?, from: CalendarDate
    ) throws(ConfigurationFault) -> CalendarDate? {
        guard let node else { return nil }
        let until = try date(node)
        guard from <= until else { throw node.fault("the last day lies before the first one, \(from)") }
        return until
    }

    private static func date(_ node: ConfigurationNode) throws(ConfigurationFault) -> CalendarDate {
        guard let date = CalendarDate(try node.string()) else { throw node.fault("expected a date YYYY-MM-DD") }
        return date
    }
}

/// Reads the parts of a programme that depend on each other.
struct ProgrammeReader {
    private(set) var attributes: [Programme.Attribute] = []
    private(set) var definitions: [Programme.Definition] = []
    private var hasComponents = false

    /// The name under which rules ask whether a member has a component.
    static let hasComponent = "has_component"

    // MARK: Environments

    /// What expressions about one member see: the member's attributes and definitions.
    var memberEnvironment: Environment { Environment(variables: memberVariables) }

    /// What expressions about the family see: its attributes and definitions, and its members.
    var familyEnvironment: Environment { Environment(variables: familyVariables) }

    private var memberVariables: [Variable] {
        attributes.filter { $0.scope == .member }.map { Variable(name: $0.name, type: $0.type) }
            + definitions.filter { $0.scope == .member }.map { Variable(name: $0.name, type: $0.expression.type) }
    }

    private var familyVariables: [Variable] {
        var fields = memberVariables.map { RecordType.Field(name: $0.name, type: $0.type) }
        if hasComponents { fields.append(RecordType.Field(name: Self.hasComponent, type: .bool)) }
        return [Variable(name: "members", type: .list(.record(RecordType(name: "member", fields: fields))))]
            + attributes.filter { $0.scope == .family }.map { Variable(name: $0.name, type: $0.type) }
            + definitions.filter { $0.scope == .family }.map { Variable(name: $0.name, type: $0.expression.type) }
    }

    private func compile(
        _ node: ConfigurationNode, in environment: Environment, as types: [CELType]
    ) throws(ConfigurationFault) -> CEL.Expression {
        let source = try node.string()
        let expression: CEL.Expression
        do { expression = try environment.compile(source) } catch {
            guard let issue = error.issues.first else { throw node.fault("\(error)") }
            throw node.fault("\(issue.message), in “\(Self.excerpt(source))”", line: issue.line, column: issue.column)
        }
        guard types.contains(expression.type) else {
            let expected = types.map(\.description).joined(separator: " or ")
            throw node.fault("expected \(expected), found \(expression.type), in “\(Self.excerpt(source))”")
        }
        return expression
    }

    /// An expression as messages show it: whole, or its beginning where it is long.
    private static func excerpt(_ source: String) -> String {
        source.count <= 200 ? source : source.prefix(200) + "…"
    }

    // MARK: Parts

    mutating func attributes(_ node: ConfigurationNode) throws(ConfigurationFault) {
        for scope in Programme.Scope.allCases {
            for (name, value) in try node.required(scope.rawValue).entries() {
                attributes.append(try attribute(name, scope, value))
            }
        }
        try node.finish()
    }

    private enum TypeWord: String, CaseIterable { case bool, int, double, string }

    private func attribute(
        _ name: String, _ scope: Programme.Scope, _ node: ConfigurationNode
    ) throws(ConfigurationFault) -> Programme.Attribute {
        let type: CELType =
            switch try node.required("type").choice(TypeWord.self) {
            case .bool: .bool
            case .int: .int
            case .double: .double
            case .string: .string
            }
        var origins: [Programme.Attribute.Origin] = []
        for word in try node.required("from").words() {
            let parts = word.split(separator: ".", maxSplits: 1).map(String.init)
            origins.append(.init(source: parts.first ?? word, evidence: parts.count > 1 ? parts[1] : name))
        }
        var values: [String: Wording] = [:]
        for (value, wording) in try node.optional("values")?.entries() ?? [] { values[value] = try Wording(wording) }
        let unit = try node.optional("unit").map { node throws(ConfigurationFault) in try Wording(node) }
        let attribute = Programme.Attribute(
            name: name, scope: scope, type: type, origins: origins, label: try Wording(node.required("label")),
            values: values, unit: unit, mend: try Wording(node.required("mend")),
            can: try node.optional("can")?.choice(Programme.Attribute.Mutability.self) ?? .correct,
            slip: try Self.slip(node.optional("slip"), of: type))
        try node.finish()
        return attribute
    }

    private static func slip(_ node: ConfigurationNode?, of type: CELType) throws(ConfigurationFault) -> Int64? {
        guard let node else { return nil }
        guard type == .int || type == .double else { throw node.fault("only a number can be off by a slip") }
        return try node.integer(in: 0...1_000_000_000)
    }

    mutating func definitions(_ node: ConfigurationNode?) throws(ConfigurationFault) {
        guard let node else { return }
        for scope in [Programme.Scope.member, .family] {
            let entries = try node.optional(scope.rawValue)?.entries() ?? []
            try DefinitionOrder(entries).check()
            for (name, value) in entries {
                guard !attributes.contains(where: { $0.name == name && $0.scope == scope }) else {
                    throw value.fault("“\(name)” is an attribute already")
                }
                let environment = scope == .member ? memberEnvironment : familyEnvironment
                let expression = try compile(value, in: environment, as: [.bool, .int, .double, .string])
                definitions.append(Programme.Definition(name: name, scope: scope, expression: expression))
            }
        }
        try node.finish()
    }

    mutating func benefit(_ node: ConfigurationNode) throws(ConfigurationFault) -> Programme.Benefit {
        defer { hasComponents = true }
        guard let list = try node.optional("components") else {
            let amount = try node.required("amount").integer(in: 0...1_000_000_000)
            let benefit = Programme.Benefit.fixed(amount: amount, label: try Wording(node.required("label")))
            try node.finish()
            return benefit
        }
        var components: [Programme.Component] = []
        for element in try list.elements() { components.append(try component(element)) }
        var groups: [String: Int] = [:]
        for (group, most) in try node.optional("groups")?.entries() ?? [] {
            groups[group] = Int(try most.integer(in: 0...40))
        }
        for component in components where !component.group.isEmpty && groups[component.group] == nil {
            throw list.fault("the group “\(component.group)” has no limit under groups")
        }
        let rule = Programme.ComponentRule(
            components: components, most: Int(try node.required("most").integer(in: 1...40)), groups: groups,
            order: try node.required("order").choice(Programme.ComponentRule.Order.self))
        try node.finish()
        return .components(rule)
    }

    private func component(_ node: ConfigurationNode) throws(ConfigurationFault) -> Programme.Component {
        let component = Programme.Component(
            name: try node.required("id").string(), label: try Wording(node.required("label")),
            expression: try compile(node.required("member"), in: memberEnvironment, as: [.bool]),
            amount: try node.required("amount").integer(in: 0...1_000_000_000),
            most: Int(try node.optional("most")?.integer(in: 1...40) ?? 40),
            group: try node.optional("group")?.string() ?? "")
        try node.finish()
        return component
    }

    func rules(_ node: ConfigurationNode) throws(ConfigurationFault) -> [Programme.Rule] {
        var rules: [Programme.Rule] = []
        for element in try node.elements() {
            let rule = try rule(element)
            guard !rules.contains(where: { $0.name == rule.name }) else {
                throw element.fault("the rule “\(rule.name)” stands twice")
            }
            rules.append(rule)
        }
        guard rules.count <= 64 else { throw node.fault("at most 64 rules") }
        for (rule, element) in zip(rules, try node.elements()) {
            for name in rule.alsoFails where name == rule.name || !rules.contains(where: { $0.name == name }) {
                throw try element.required("also_fails").fault("“\(name)” is not another rule of this programme")
            }
        }
        return rules
    }

    private func rule(_ node: ConfigurationNode) throws(ConfigurationFault) -> Programme.Rule {
        let condition: ConfigurationNode
        let kind: Programme.Rule.Kind
        if let requires = try node.optional("requires") {
            (condition, kind) = (requires, .requires)
        } else {
            (condition, kind) = (try node.required("excludes"), .excludes)
        }
        let rule = Programme.Rule(
            name: try node.required("id").string(), kind: kind,
            hit: try node.required("hit").choice(Programme.Rule.Hit.self),
            expression: try compile(condition, in: familyEnvironment, as: [.bool]),
            words: try Wording(node.required("words")), failed: try Wording(node.required("failed")),
            change: try Wording(node.required("change")), legal: try Wording(node.required("legal")),
            isOfficial: try node.required("official").boolean(),
            alsoFails: try node.optional("also_fails")?.words() ?? [],
            isAtOnce: try Self.isAtOnce(node.optional("at_once"), hit: node.required("hit").string()))
        try node.finish()
        return rule
    }

    private static func isAtOnce(_ node: ConfigurationNode?, hit: String) throws(ConfigurationFault) -> Bool {
        guard let node, try node.boolean() else { return false }
        guard hit == Programme.Rule.Hit.decides.rawValue else {
            throw node.fault("what must be looked at first can cost nobody a place at once")
        }
        return true
    }

    func notice(_ node: ConfigurationNode) throws(ConfigurationFault) -> Programme.NoticeRule {
        var watch: [String] = []
        if let list = try node.optional("watch") {
            watch = try list.words()
            for name in watch {
                guard let attribute = attributes.first(where: { $0.name == name && $0.scope == .family }) else {
                    throw list.fault("“\(name)” is not a family's attribute of this programme")
                }
                guard attribute.type == .int || attribute.type == .bool else {
                    throw list.fault("“\(name)” is \(attribute.type): only an int or bool can be watched")
                }
            }
        }
        let notice = Programme.NoticeRule(
            days: try node.required("days").integer(in: 0...366), watch: watch,
            answer: try Wording(node.required("answer")), legal: try Wording(node.required("legal")))
        try node.finish()
        return notice
    }

    private enum Direction: String, CaseIterable { case ascending, descending }

    func priorities(_ node: ConfigurationNode) throws(ConfigurationFault) -> [Programme.Priority] {
        var priorities: [Programme.Priority] = []
        for element in try node.elements() {
            priorities.append(
                Programme.Priority(
                    expression: try compile(element.required("by"), in: familyEnvironment, as: [.int, .double]),
                    isDescending: try element.required("order").choice(Direction.self) == .descending,
                    label: try Wording(element.required("label"))))
            try element.finish()
        }
        return priorities
    }

    func examples(
        _ node: ConfigurationNode?, rules: [Programme.Rule]
    ) throws(ConfigurationFault) -> [Programme.Example] {
        var examples: [Programme.Example] = []
        for element in try node?.elements() ?? [] {
            let expect = try element.required("expect")
            let family = try values(element.optional("family"), .family)
            var members: [[String: AttributeValue]] = []
            for member in try element.optional("members")?.elements() ?? [] {
                members.append(try values(member, .member))
            }
            var deciding: Set<String>?
            if let list = try expect.optional("rules") {
                deciding = Set(try list.words())
                for name in deciding ?? [] where !rules.contains(where: { $0.name == name }) {
                    throw list.fault("“\(name)” is not a rule of this programme")
                }
            }
            examples.append(
                Programme.Example(
                    name: try element.required("name").string(), family: family, members: members,
                    outcome: try expect.required("outcome").choice(Outcome.self),
                    amount: try expect.optional("amount")?.integer(in: 0...1_000_000_000), rules: deciding,
                    line: element.line))
            try expect.finish()
            try element.finish()
        }
        return examples
    }

    private func values(
        _ node: ConfigurationNode?, _ scope: Programme.Scope
    ) throws(ConfigurationFault) -> [String: AttributeValue] {
        var values: [String: AttributeValue] = [:]
        for (name, value) in try node?.entries() ?? [] {
            guard let attribute = attributes.first(where: { $0.name == name && $0.scope == scope }) else {
                throw value.fault("“\(name)” is not a \(scope.rawValue)'s attribute of this programme")
            }
            let constant = try value.constant()
            guard attribute.type.holds(constant) else {
                throw value.fault("expected \(attribute.type), found “\(constant)”")
            }
            values[name] = constant
        }
        return values
    }
}

extension CELType {
    /// Whether an agency's value is of this type.
    func holds(_ value: AttributeValue) -> Bool {
        switch (self, value) {
        case (.bool, .boolean), (.int, .integer), (.double, .double), (.double, .integer), (.string, .text): true
        default: false
        }
    }
}
