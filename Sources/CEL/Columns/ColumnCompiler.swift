/// An expression made ready to work on whole columns. It gives what the expression gives row by row.
///
/// Comparisons, logic, arithmetic, conditions, `in` a list of constants, everything that depends on one text, `has`, and
/// `all`, `exists`, `exists_one`, `size` and `filter(…).size()` over a list of records work on columns. What is left of an
/// expression is worked out row by row.
public struct ColumnExpression: Sendable {
    /// The expression.
    public let expression: Expression
    /// How many of its parts are worked out row by row.
    public let partsByRow: Int
    let root: any ColumnNode

    /// Makes an expression ready.
    public init(_ expression: Expression) {
        self.expression = expression
        var compiler = ColumnCompiler(expression)
        root = compiler.node(expression.syntax, in: .rows)
        partsByRow = compiler.partsByRow
    }
}

/// Makes column nodes from checked syntax.
struct ColumnCompiler {
    /// What a part is worked out for.
    enum Level: Equatable {
        /// The rows of the block.
        case rows
        /// The elements of a list variable, which a macro's variable stands for.
        case elements(local: Int, list: Int)
    }

    private let checked: CheckedSyntax
    private let steps: Int
    private(set) var partsByRow = 0

    init(_ expression: Expression) {
        checked = expression.checked
        steps = expression.steps
    }

    mutating func node(_ syntax: SyntaxNode, in level: Level) -> any ColumnNode {
        if case .elements(let local, _) = level, !mentions(local, syntax), !isLiteral(syntax) {
            return SpreadColumnNode(node(syntax, in: .rows))
        }
        if let node = column(syntax, level) ?? text(syntax, level) { return node }
        partsByRow += 1
        let element: Int? = if case .elements(let local, _) = level { local } else { nil }
        return RowsColumnNode(
            NodeBuilder(checked).node(syntax), type: checked.types[syntax.id], element: element,
            localCount: checked.localCount, steps: steps)
    }

    private func isLiteral(_ syntax: SyntaxNode) -> Bool { if case .literal = syntax.kind { true } else { false } }

    /// Whether a part reads a macro's variable.
    private func mentions(_ local: Int, _ syntax: SyntaxNode) -> Bool {
        if case .local(local) = checked.resolutions[syntax.id] { return true }
        return syntax.children.contains { mentions(local, $0) }
    }

    private func type(_ syntax: SyntaxNode) -> CELType { checked.types[syntax.id] }

    private func isNumber(_ type: CELType) -> Bool { type == .int || type == .double }

    // MARK: Parts that work on columns

    private mutating func column(_ syntax: SyntaxNode, _ level: Level) -> (any ColumnNode)? {
        let type = type(syntax)
        guard checked.isChecked, type == .bool || isNumber(type) else { return nil }
        if let slot = slot(syntax, level) { return SlotColumnNode(slot) }
        switch syntax.kind {
        case .literal(let value): return ConstantColumnNode(value)
        case .macro(let call): return macro(call, syntax, level)
        case .call(let name, let target, let arguments):
            if name == "size" { return size(target ?? arguments.first, level) }
            return operation(name, arguments, type, level)
        default: return nil
        }
    }

    /// The place of a variable, or of a field of the element, in the block that the level works on.
    private func slot(_ syntax: SyntaxNode, _ level: Level) -> Int? {
        switch (checked.resolutions[syntax.id], level) {
        case (.variable(let slot), .rows): return slot
        case (.field(let field), .elements(let local, _)):
            guard case .select(let operand, _, isOptional: false) = syntax.kind,
                case .local(local) = checked.resolutions[operand.id], case .record = self.type(operand)
            else { return nil }
            return field
        default: return nil
        }
    }

    private mutating func operation(
        _ name: String, _ arguments: [SyntaxNode], _ type: CELType, _ level: Level
    ) -> (any ColumnNode)? {
        switch name {
        case "_&&_", "_||_":
            guard arguments.allSatisfy({ self.type($0) == .bool }) else { return nil }
            var operands: [any ColumnNode] = []
            for argument in arguments { operands.append(node(argument, in: level)) }
            return LogicColumnNode(operands, deciding: name == "_||_")
        case "!_":
            guard self.type(arguments[0]) == .bool else { return nil }
            return NotColumnNode(node(arguments[0], in: level))
        case "_?_:_":
            guard self.type(arguments[0]) == .bool, arguments.dropFirst().allSatisfy({ self.type($0) == type }) else {
                return nil
            }
            return ConditionalColumnNode(
                node(arguments[0], in: level), node(arguments[1], in: level), node(arguments[2], in: level), type)
        case "-_":
            let factor: Value = type == .int ? .int(-1) : .double(-1)
            return ArithmeticColumnNode(
                ConstantColumnNode(factor), node(arguments[0], in: level), .multiply, isInteger: type == .int)
        case "@in": return membership(arguments[0], arguments[1], level)
        default: break
        }
        guard arguments.count == 2 else { return nil }
        if let comparison = ColumnComparison(rawValue: name) {
            return self.comparison(comparison, arguments[0], arguments[1], level)
        }
        guard let operation = ArithmeticColumnNode.Operation(rawValue: name), isNumber(type),
            arguments.allSatisfy({ self.type($0) == type }), type == .int || operation != .remainder
        else { return nil }
        return ArithmeticColumnNode(
            node(arguments[0], in: level), node(arguments[1], in: level), operation, isInteger: type == .int)
    }

    private mutating func comparison(
        _ comparison: ColumnComparison, _ left: SyntaxNode, _ right: SyntaxNode, _ level: Level
    ) -> (any ColumnNode)? {
        if comparison == .equal || comparison == .different {
            for (operand, other) in [(left, right), (right, left)] {
                if case .literal(.null) = other.kind, let slot = slot(operand, level) {
                    return PresenceColumnNode(SlotColumnNode(slot), isNegated: comparison == .equal)
                }
            }
        }
        let types = (type(left), type(right))
        if types == (.bool, .bool) {
            return ComparisonColumnNode(node(left, in: level), node(right, in: level), as: .bool, comparison)
        }
        guard isNumber(types.0), isNumber(types.1) else { return nil }
        if case .literal(let constant) = right.kind {
            return ConstantComparisonColumnNode(node(left, in: level), constant, comparison)
        }
        if case .literal(let constant) = left.kind {
            return ConstantComparisonColumnNode(node(right, in: level), constant, comparison.exchanged)
        }
        let common: CELType = types == (.int, .int) ? .int : .double
        return ComparisonColumnNode(node(left, in: level), node(right, in: level), as: common, comparison)
    }

    private mutating func membership(
        _ operand: SyntaxNode, _ list: SyntaxNode, _ level: Level
    ) -> (any ColumnNode)? {
        guard type(operand) == .int, case .list(let elements) = list.kind else { return nil }
        var constants: [Int64] = []
        for element in elements {
            guard !element.isOptional, case .literal(.int(let constant)) = element.value.kind else { return nil }
            constants.append(constant)
        }
        return MembershipColumnNode(node(operand, in: level), constants)
    }

    // MARK: Lists of records

    /// The variable of the block that a part names, where it is a list of records.
    private func list(_ syntax: SyntaxNode, _ level: Level) -> Int? {
        guard level == .rows, case .variable(let slot) = checked.resolutions[syntax.id],
            case .list(.record) = type(syntax)
        else { return nil }
        return slot
    }

    private mutating func macro(_ call: MacroCall, _ syntax: SyntaxNode, _ level: Level) -> (any ColumnNode)? {
        switch call.macro {
        case .has:
            guard let body = call.body, let slot = slot(body, level) else { return nil }
            return PresenceColumnNode(SlotColumnNode(slot), isNegated: false)
        case .all: return elements(call, syntax, level) { _ in .quantify(deciding: false) }
        case .exists: return elements(call, syntax, level) { _ in .quantify(deciding: true) }
        case .existsOne:
            let builder = NodeBuilder(checked)
            return elements(call, syntax, level) { local in
                .existsOne(cannotFail: call.predicate.map { builder.isTotal($0, [local]) } ?? false)
            }
        default: return nil
        }
    }

    private mutating func elements(
        _ call: MacroCall, _ syntax: SyntaxNode, _ level: Level, _ macro: (_ local: Int) -> ElementsColumnNode.Macro
    ) -> (any ColumnNode)? {
        guard let target = call.target, let list = list(target, level), let predicate = call.predicate,
            type(predicate) == .bool, case .slots(let slots) = checked.resolutions[syntax.id], slots.count == 1
        else { return nil }
        let condition = node(predicate, in: .elements(local: slots[0], list: list))
        return ElementsColumnNode(list: list, condition, macro(slots[0]))
    }

    private mutating func size(_ operand: SyntaxNode?, _ level: Level) -> (any ColumnNode)? {
        guard let operand else { return nil }
        if let list = list(operand, level) { return SizeColumnNode(list: list) }
        guard case .macro(let call) = operand.kind, call.macro == .filter, call.body == nil else { return nil }
        return elements(call, operand, level) { _ in .count }
    }

    // MARK: Parts that depend on one text

    /// The text that a part depends on alone, with the part that names it.
    private struct TextSource: Equatable {
        let slot: Int
        /// The macro's variable whose field it is.
        let local: Int?
    }

    private func text(_ syntax: SyntaxNode, _ level: Level) -> (any ColumnNode)? {
        let type = type(syntax)
        guard checked.isChecked, type == .bool || isNumber(type) else { return nil }
        var source: TextSource?
        guard collect(syntax, level, &source), let source else { return nil }
        let node = NodeBuilder(checked).node(syntax)
        let (localCount, steps) = (checked.localCount, steps)
        return TextColumnNode(slot: source.slot, type: type) { text in
            var frame = Frame(activation: TextActivation(text: text), localCount: localCount, steps: steps)
            if let local = source.local { frame.locals[local] = .record(TextRecord(text)) }
            return frame.outcome(of: node)
        }
    }

    /// Whether all that a part reads is one text.
    private func collect(_ syntax: SyntaxNode, _ level: Level, _ source: inout TextSource?) -> Bool {
        let found: TextSource?
        switch (checked.resolutions[syntax.id], syntax.kind) {
        case (.variable, _):
            guard type(syntax) == .string, let slot = slot(syntax, level) else { return false }
            found = TextSource(slot: slot, local: nil)
        case (.field, _):
            guard type(syntax) == .string, let slot = slot(syntax, level), case .elements(let local, _) = level else {
                return false
            }
            found = TextSource(slot: slot, local: local)
        case (.local, _), (.slots, _), (_, .macro): return false
        default: found = nil
        }
        guard let found else { return syntax.children.allSatisfy { collect($0, level, &source) } }
        if let source { return source == found }
        source = found
        return true
    }
}

/// Answers every variable with one text.
private struct TextActivation: Activation {
    let text: Value
    func value(slot: Int) -> Value { text }
}

/// Answers every field with one text.
private final class TextRecord: Record {
    let text: Value
    init(_ text: Value) { self.text = text }
    func value(field: Int) -> Value { text }
}

/// A part that is worked out row by row.
final class RowsColumnNode: ColumnNode {
    let node: any Node
    let type: CELType
    /// The macro's variable that stands for the element, where the part is worked out for the elements of a list.
    let element: Int?
    let localCount: Int
    let steps: Int

    init(_ node: any Node, type: CELType, element: Int?, localCount: Int, steps: Int) {
        self.node = node
        self.type = type
        self.element = element
        self.localCount = localCount
        self.steps = steps
    }

    func evaluate(_ scope: ColumnScope) -> ColumnVector {
        let count = scope.count
        let states = scope.memory.allocate(UInt8.self, count)
        let integers = scope.memory.allocate(Int64.self, type == .int ? count : 0)
        let doubles = scope.memory.allocate(Double.self, type == .double ? count : 0)
        let codes = scope.memory.allocate(Int32.self, type == .string ? count : 0)
        var texts: [String] = []
        func store(_ row: Int, _ outcome: Outcome) {
            states[row] = ColumnState(outcome).rawValue
            switch (type, outcome) {
            case (.int, .value(.int(let value))): integers[row] = value
            case (.double, .value(.double(let value))): doubles[row] = value
            case (.string, .value(.string(let value))):
                codes[row] = Int32(texts.count)
                texts.append(value)
            default:
                if type == .int { integers[row] = 0 }
                if type == .double { doubles[row] = 0 }
                if type == .string { codes[row] = 0 }
            }
        }
        if let element, let outer = scope.outer {
            let first = outer.offsets[0]
            for row in 0..<outer.scope.count {
                for place in Int(outer.offsets[row] - first)..<Int(outer.offsets[row + 1] - first) {
                    store(place, evaluate(outer.scope.block.row(row), (element, scope.block.record(place))))
                }
            }
        } else {
            for row in 0..<count { store(row, evaluate(scope.block.row(row), nil)) }
        }
        switch type {
        case .int: return ColumnVector(values: .int64(integers), states: states)
        case .double: return ColumnVector(values: .double(doubles), states: states)
        case .string:
            return ColumnVector(values: .text(codes, TextDictionary(texts.isEmpty ? [""] : texts)), states: states)
        case .bool: return ColumnVector(values: .bool, states: states)
        default: return ColumnVector(values: .rows, states: states)
        }
    }

    private func evaluate(_ row: ColumnRow, _ element: (slot: Int, value: Value)?) -> Outcome {
        var frame = Frame(activation: row, localCount: localCount, steps: steps)
        if let element { frame.locals[element.slot] = element.value }
        return frame.outcome(of: node)
    }
}
