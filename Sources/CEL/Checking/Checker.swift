/// What a node's name means.
enum Resolution: Sendable {
    /// A variable of the environment, also for a select such as `family.size` whose whole text is a variable's name.
    case variable(slot: Int)
    /// A macro's variable.
    case local(slot: Int)
    case type(TypeName)
    /// A record's field, by its place.
    case field(Int)
    case function(Function)
    /// The slots of a macro's variables.
    case slots([Int])
    /// Nothing; evaluating the node fails.
    case fault(EvaluationError)
}

/// What checking finds out about a syntax tree, by the numbers of its nodes.
struct CheckedSyntax: Sendable {
    let types: [CELType]
    let resolutions: [Resolution?]
    let references: [Reference]
    let localCount: Int
    let issues: [CompilationError.Issue]
    /// Whether the types can be relied upon.
    let isChecked: Bool
}

/// Finds the meaning of names and the types of all parts.
///
/// Without checking it does the same but reports nothing: what has no meaning then fails when it is evaluated.
struct Checker {
    /// Nobody reads more at once.
    private static let maximumIssues = 100

    let environment: Environment
    var types: [CELType]
    var resolutions: [Resolution?]
    var unifier = TypeUnifier()
    var scopes: [(name: String, type: CELType)] = []
    var localCount = 0
    private var issues: [CompilationError.Issue] = []
    private var references: [Reference] = []
    private var seen: Set<Reference> = []

    init(_ environment: Environment, nodeCount: Int) {
        self.environment = environment
        types = Array(repeating: .dyn, count: nodeCount)
        resolutions = Array(repeating: nil, count: nodeCount)
    }

    mutating func check(_ syntax: SyntaxNode) -> CheckedSyntax {
        _ = infer(syntax)
        let issues = issues.sorted { $0.position.offset < $1.position.offset }
        return CheckedSyntax(
            types: types.map { unifier.resolved($0) }, resolutions: resolutions, references: references,
            localCount: localCount, issues: issues, isChecked: environment.isChecking)
    }

    // MARK: Reports

    mutating func report(_ node: SyntaxNode, _ message: String) {
        if environment.isChecking, issues.count < Self.maximumIssues {
            issues.append(.init(position: node.position, message: message))
        }
    }

    /// Reports a name without meaning, and lets the node fail where nothing is checked.
    mutating func fault(_ node: SyntaxNode, _ message: String) {
        report(node, message)
        resolutions[node.id] = .fault(EvaluationError(.undeclared, message).located(at: node.position))
    }

    private mutating func refer(_ reference: Reference) {
        if seen.insert(reference).inserted { references.append(reference) }
    }

    /// Names that may have been meant, while anybody will read them.
    func suggestion(for name: String, among names: [String]) -> Suggestion {
        Suggestion(for: name, among: environment.isChecking && issues.count < Self.maximumIssues ? names : [])
    }

    mutating func text(_ type: CELType) -> String { unifier.resolved(type).description }

    mutating func expect(_ node: SyntaxNode, toBe type: CELType) {
        let found = infer(node)
        if !unifier.unify(found, type) { report(node, "expected \(text(type)), found \(text(found))") }
    }

    // MARK: Types

    mutating func infer(_ node: SyntaxNode) -> CELType {
        let type = inferKind(of: node)
        types[node.id] = type
        return type
    }

    private mutating func inferKind(of node: SyntaxNode) -> CELType {
        switch node.kind {
        case .literal(let value): return CELType(of: value)
        case .identifier(let name, let isAbsolute): return identifier(name, isAbsolute: isAbsolute, node)
        case .select(let operand, let field, let isOptional):
            if let type = qualifiedVariable(node) { return type }
            let type = select(field, from: infer(operand), node)
            return isOptional ? optional(of: type) : type
        case .list(let elements):
            let types = elements.map { element in
                let type = infer(element.value)
                return element.isOptional ? unwrapped(type, element.value) : type
            }
            return .list(unifier.join(types))
        case .map(let entries): return map(entries)
        case .macro(let call): return macro(call, node)
        case .call(let function, let target, let arguments): return call(function, target, arguments, node)
        }
    }

    private mutating func identifier(_ name: String, isAbsolute: Bool, _ node: SyntaxNode) -> CELType {
        if !isAbsolute, let slot = scopes.lastIndex(where: { $0.name == name }) {
            resolutions[node.id] = .local(slot: slot)
            return scopes[slot].type
        }
        if let type = global(name, isAbsolute: isAbsolute, node) { return type }
        let names = scopes.map(\.name) + environment.variables.map(\.name)
        fault(node, "undeclared name '\(name)'" + suggestion(for: name, among: names).text(all: "declared are"))
        return .dyn
    }

    /// The variable or type of this whole name.
    private mutating func global(_ name: String, isAbsolute: Bool, _ node: SyntaxNode) -> CELType? {
        let environment = environment
        let meaning = environment.firstMeaning(of: name, isAbsolute: isAbsolute) { name -> Resolution? in
            environment.slots[name].map(Resolution.variable) ?? TypeName.denotable[name].map(Resolution.type)
        }
        resolutions[node.id] = meaning
        guard case .variable(let slot) = meaning else { return meaning == nil ? nil : .type }
        let variable = environment.variables[slot]
        refer(.variable(variable.name))
        return variable.type
    }

    /// A select whose whole text names a variable or type, unless its first name is a macro's variable.
    mutating func qualifiedVariable(_ node: SyntaxNode) -> CELType? {
        guard case .select = node.kind, let (name, isAbsolute) = node.qualifiedName else { return nil }
        let first = name.prefix { $0 != "." }
        if !isAbsolute, scopes.contains(where: { $0.name == first }) { return nil }
        return global(name, isAbsolute: isAbsolute, node)
    }

    mutating func select(_ field: String, from operand: CELType, _ node: SyntaxNode) -> CELType {
        switch unifier.known(operand) {
        case .dyn, .parameter: return .dyn
        case .map(_, let value): return value
        case .optional(let value): return optional(of: select(field, from: value, node))
        case .record(let record):
            guard let index = record.index(of: field) else {
                let suggestion = suggestion(for: field, among: record.fields.map(\.name))
                report(node, "\(record.name) has no field '\(field)'" + suggestion.text(all: "it has"))
                return .dyn
            }
            resolutions[node.id] = .field(index)
            refer(.field(record: record.name, name: record.fields[index].name))
            return record.fields[index].type
        case let other:
            report(node, "expected a record or a map before '.\(field)', found \(text(other))")
            return .dyn
        }
    }

    /// The optional of a type; an optional stays what it is.
    func optional(of type: CELType) -> CELType {
        if case .optional = unifier.known(type) { type } else { .optional(type) }
    }

    /// What an optional holds.
    mutating func unwrapped(_ type: CELType, _ node: SyntaxNode) -> CELType {
        let value = unifier.fresh()
        if !unifier.unify(type, .optional(value)) {
            report(node, "expected an optional after '?', found \(text(type))")
        }
        return unifier.known(type) == .dyn ? .dyn : value
    }

    private mutating func map(_ entries: [SyntaxNode.MapEntry]) -> CELType {
        var keys: [CELType] = []
        var values: [CELType] = []
        for entry in entries {
            let key = infer(entry.key)
            keys.append(key)
            switch unifier.known(key) {
            case .bool, .int, .uint, .string, .dyn, .parameter: break
            case let other: report(entry.key, "expected a bool, int, uint or string as key, found \(text(other))")
            }
            let value = infer(entry.value)
            values.append(entry.isOptional ? unwrapped(value, entry.value) : value)
        }
        return .map(unifier.join(keys), unifier.join(values))
    }
}

/// Names that somebody may have meant.
struct Suggestion {
    private let near: [String]
    private let all: [String]

    init(for name: String, among names: [String]) {
        all = names
        let limit = max(1, name.count / 3)
        near = names.prefix(1000)
            .map { (name: $0, distance: Self.distance(name, $0)) }
            .filter { $0.distance <= limit }
            .sorted { $0.distance < $1.distance }
            .prefix(3).map(\.name)
    }

    /// The near names, or all where they are few.
    func text(all introduction: String) -> String {
        if !near.isEmpty { return ": did you mean \(near.map { "'\($0)'" }.joined(separator: " or "))?" }
        return all.isEmpty || all.count > 12 ? "" : " (\(introduction) \(all.joined(separator: ", ")))"
    }

    /// Levenshtein's distance, of no more than the first 60 characters.
    private static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.lowercased().prefix(60))
        let right = Array(right.lowercased().prefix(60))
        var row = Array(0...right.count)
        for (i, character) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let substitution = diagonal + (character == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substitution, row[j] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}
