/// `element.field` of a macro's variable: the same as a field of a local, without a copy of the record's value.
final class LocalFieldNode: Node {
    let slot: Int
    let field: Int
    let general: FieldNode

    init(slot: Int, field: Int, _ position: SourcePosition) {
        self.slot = slot
        self.field = field
        general = FieldNode(LocalNode(slot), field, position)
    }

    func evaluate(_ frame: inout Frame) throws(EvaluationError) -> Value {
        if case .record(let record) = frame.locals[slot] { return record.value(field: field) }
        return try general.evaluate(&frame)
    }
}

/// `value < 18` and the like: an order against an int that is written in the expression.
final class IntOrderNode: Node {
    let left: any Node
    let right: Int64
    let comparison: OrderOperator
    let position: SourcePosition

    init(_ left: any Node, _ right: Int64, _ comparison: OrderOperator, _ position: SourcePosition) {
        self.left = left
        self.right = right
        self.comparison = comparison
        self.position = position
    }

    func evaluate(_ frame: inout Frame) throws(EvaluationError) -> Value {
        switch try left.evaluate(&frame) {
        case .int(let value): return .bool(comparison.holds(value, right))
        case .unknown(let unknown): return .unknown(unknown)
        case let other:
            guard let order = other.numericOrder(to: .int(right)) else {
                throw EvaluationError.noOverload(comparison.rawValue, other, .int(right)).located(at: position)
            }
            return .bool(comparison.holds(order))
        }
    }
}

/// `value == 'x'` and the like: equality with a scalar that is written in the expression.
final class ConstantEqualityNode: Node {
    let left: any Node
    let right: Value
    let isNegated: Bool
    private let steps: Int

    init(_ left: any Node, _ right: Value, isNegated: Bool) {
        self.left = left
        self.right = right
        self.isNegated = isNegated
        steps =
            switch right {
            case .string(let text): text.utf8.count >> 4
            case .bytes(let bytes): bytes.count >> 4
            default: 0
            }
    }

    func evaluate(_ frame: inout Frame) throws(EvaluationError) -> Value {
        let value = try left.evaluate(&frame)
        if case .unknown = value { return value }
        if steps > 0 { try frame.meter.charge(steps) }
        return .bool(value.hasEqualScalar(right) != isNegated)
    }
}
