import CEL
import Registry

/// The values of an attribute that tell a programme's rules apart: those on which a comparison turns with their
/// neighbours, the words and codes that it can have, true and false.
struct AttributeDomain: Sendable {
    /// The values, smallest first; words in alphabetical order.
    let values: [AttributeValue]
    /// Whether no other value can make a difference, as far as the comparisons say.
    let isComplete: Bool
}

/// The domains of a programme's attributes, and the numbers of members that tell its rules apart.
struct ProgrammeDomains: Sendable {
    /// One for each attribute, in the programme's order.
    let attributes: [AttributeDomain]
    /// How many members a family should have for every comparison of a size to turn.
    let sizes: [Int]

    /// The domains, as the expressions of a programme and the sources of some regions make them.
    init(_ programme: Programme, packs: [RegionPack] = []) {
        var turns = Turns(programme)
        for definition in programme.definitions {
            turns.add(definition.expression, asMember: definition.scope == .member)
        }
        for rule in programme.rules { turns.add(rule.expression, asMember: false) }
        for priority in programme.priorities { turns.add(priority.expression, asMember: false, decides: false) }
        if case .components(let rule) = programme.benefit {
            for component in rule.components { turns.add(component.expression, asMember: true) }
        }
        attributes = programme.attributes.map { attribute in
            let key = Dependencies.Key(scope: attribute.scope, name: attribute.name)
            return Self.domain(attribute, turns.values[key] ?? [], packs, isComplete: !turns.isOpen.contains(key))
        }
        sizes = Set([0, 1, 2] + turns.sizes.flatMap { [$0 - 1, $0, $0 + 1] }).filter { (0...12).contains($0) }.sorted()
    }

    private static func domain(
        _ attribute: Programme.Attribute, _ turns: [AttributeValue], _ packs: [RegionPack], isComplete: Bool
    ) -> AttributeDomain {
        let bounds = SourceBounds(attribute, packs)
        switch attribute.type {
        case .bool: return AttributeDomain(values: [.boolean(false), .boolean(true)], isComplete: true)
        case .string:
            var words = Set(attribute.values.keys).union(bounds.words)
            for case .text(let word) in turns { words.insert(word) }
            // Where any text may stand, one that no rule names stands for all others.
            if bounds.words.isEmpty { words.insert("~") }
            return AttributeDomain(values: words.sorted().map { .text($0) }, isComplete: isComplete)
        case .double:
            var numbers: Set<Double> = []
            for turn in turns {
                guard let number = turn.asDouble else { continue }
                numbers.formUnion([number - 0.5, number, number + 0.5])
            }
            if numbers.isEmpty { numbers = [0, 1] }
            return AttributeDomain(
                values: numbers.filter { bounds.contains($0) }.sorted().map { .double($0) }, isComplete: isComplete)
        default:
            var numbers = Set(attribute.values.keys.compactMap { Int64($0) })
            for turn in turns {
                guard let number = turn.asDouble, let whole = Int64(exactly: number.rounded(.down)) else { continue }
                for step: Int64 in [-1, 0, 1] {
                    let (sum, overflow) = whole.addingReportingOverflow(step)
                    if !overflow { numbers.insert(sum) }
                }
            }
            numbers.formUnion([bounds.lower, bounds.upper].compactMap { $0.flatMap { Int64(exactly: $0) } })
            // Of a short scale such as the deciles every step is tried.
            if let lower = numbers.min(), let upper = numbers.max(), bounds.isClosed, upper - lower <= 20 {
                numbers.formUnion(lower...upper)
            }
            if numbers.isEmpty { numbers = [0, 1] }
            return AttributeDomain(
                values: numbers.filter { bounds.contains(Double($0)) }.sorted().map { .integer($0) },
                isComplete: isComplete)
        }
    }
}

extension AttributeValue {
    fileprivate var asDouble: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .double(let value): value
        case .boolean, .text: nil
        }
    }
}

/// What the sources let an attribute be.
private struct SourceBounds {
    /// The smallest number, where the sources say one.
    private(set) var lower: Double?
    /// The largest number, where the sources say one.
    private(set) var upper: Double?
    /// The words, where every source says which it can be.
    private(set) var words: Set<String> = []

    init(_ attribute: Programme.Attribute, _ packs: [RegionPack]) {
        var lowers: [Double?] = []
        var uppers: [Double?] = []
        var isListed = true
        for pack in packs {
            for origin in attribute.origins {
                guard let source = pack.sources[origin.source],
                    let rule = source.evidence.first(where: { $0.attribute == origin.evidence })
                else { continue }
                let (lower, upper) = Self.range(of: rule, in: source)
                lowers.append(lower)
                uppers.append(upper)
                if let found = Self.words(of: rule, in: source) { words.formUnion(found) } else { isListed = false }
            }
        }
        lower = lowers.contains(nil) ? nil : lowers.compactMap { $0 }.min()
        upper = uppers.contains(nil) ? nil : uppers.compactMap { $0 }.max()
        if !isListed { words = [] }
    }

    var isClosed: Bool { lower != nil && upper != nil }

    func contains(_ number: Double) -> Bool { (lower ?? -.infinity) <= number && number <= (upper ?? .infinity) }

    private static func range(of rule: EvidenceRule, in source: SourceDefinition) -> (Double?, Double?) {
        if rule.combine == .count { return (0, nil) }
        switch rule.value {
        case .yearsSince: return (0, 130)
        case .constant, .counting: return (nil, nil)
        case .field(let index):
            switch source.fields[index].kind {
            // A sum may be larger than any of its parts.
            case .integer(let range), .rupiah(let range):
                return (Double(range.lowerBound), rule.combine == .sum ? nil : Double(range.upperBound))
            case .decimal(let range): return (range.lowerBound, rule.combine == .sum ? nil : range.upperBound)
            default: return (nil, nil)
            }
        }
    }

    private static func words(of rule: EvidenceRule, in source: SourceDefinition) -> Set<String>? {
        var words: Set<String> = []
        if case .text(let word) = rule.absent { words.insert(word) }
        switch rule.value {
        case .constant(.text(let word)): return words.union([word])
        case .field(let index):
            guard case .code(let meanings) = source.fields[index].kind else { return nil }
            return words.union(meanings.values)
        case .constant, .yearsSince, .counting: return nil
        }
    }
}

/// The constants with which attributes are compared.
private struct Turns {
    private(set) var values: [Dependencies.Key: [AttributeValue]] = [:]
    /// Attributes that are used otherwise than in a comparison with constants.
    private(set) var isOpen: Set<Dependencies.Key> = []
    private(set) var sizes: Set<Int> = []
    private let programme: Programme

    init(_ programme: Programme) { self.programme = programme }

    private static let comparisons: Set<String> = ["_<_", "_<=_", "_>_", "_>=_", "_==_", "_!=_", "@in"]

    /// Adds what an expression compares; what only orders may use an attribute as it likes.
    mutating func add(_ expression: Expression, asMember: Bool, decides: Bool = true) {
        let open = isOpen
        walk(expression.syntax, expression, asMember: asMember, compared: nil)
        if !decides { isOpen = open }
    }

    private mutating func walk(
        _ node: SyntaxNode, _ expression: Expression, asMember: Bool, compared: [AttributeValue]?
    ) {
        if let key = attribute(node, expression, asMember: asMember) {
            if let compared {
                values[key, default: []] += compared
            } else if expression.type(of: node) != .bool {
                isOpen.insert(key)
            }
            return
        }
        var constants = compared
        if case .call(let function, nil, let operands) = node.kind, Self.comparisons.contains(function) {
            let found = operands.flatMap(Self.constants)
            if Self.countsMembers(node) {
                sizes.formUnion(found.compactMap(\.asDouble).compactMap { Int(exactly: $0) })
            }
            constants = found
        } else if case .call(let function, nil, _) = node.kind, ["_&&_", "_||_", "!_", "_?_:_"].contains(function) {
            constants = nil
        }
        for child in node.children { walk(child, expression, asMember: asMember, compared: constants) }
    }

    private static func countsMembers(_ node: SyntaxNode) -> Bool {
        if case .identifier("members", _) = node.kind { return true }
        return node.children.contains(where: countsMembers)
    }

    /// The attribute that a node reads.
    private func attribute(_ node: SyntaxNode, _ expression: Expression, asMember: Bool) -> Dependencies.Key? {
        let key: Dependencies.Key
        switch node.kind {
        case .identifier(let name, _): key = .init(scope: asMember ? .member : .family, name: name)
        case .select(let operand, let name, _):
            guard case .record = expression.type(of: operand) else { return nil }
            key = .init(scope: .member, name: name)
        default: return nil
        }
        return programme.attribute(key.name, key.scope) == nil ? nil : key
    }

    /// The constants of one side of a comparison: of a list each.
    private static func constants(in node: SyntaxNode) -> [AttributeValue] {
        switch node.kind {
        case .literal(let value):
            switch value {
            case .int(let value): [.integer(value)]
            case .uint(let value): [.integer(Int64(clamping: value))]
            case .double(let value): [.double(value)]
            case .string(let value): [.text(value)]
            default: []
            }
        case .macro: []
        default: node.children.flatMap(constants)
        }
    }
}
