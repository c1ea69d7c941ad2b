/// `&&` and `||` of any number of operands: one operand that decides hides all unknowns and errors.
final class LogicNode: Node {
    let operands: [any Node]
    /// The operand that decides: false for `&&`, true for `||`.
    let deciding: Bool
    let position: SourcePosition

    init(_ operands: [any Node], deciding: Bool, _ position: SourcePosition) {
        self.operands = operands
        self.deciding = deciding
        self.position = position
    }

    func evaluate(_ frame: inout Frame) throws(EvaluationError) -> Value {
        var rest = Remainder()
        for operand in operands {
            do throws(EvaluationError) {
                switch try operand.evaluate(&frame) {
                case .bool(let value): if value == deciding { return .bool(deciding) }
                case .unknown(let unknown): rest.add(unknown)
                case let other:
                    rest.add(EvaluationError.noOverload(deciding ? "_||_" : "_&&_", other).located(at: position))
                }
            } catch {
                rest.add(error)
            }
        }
        return try rest.result(.bool(!deciding))
    }
}

final class NotNode: Node {
    let operand: any Node
    let position: SourcePosition

    init(_ operand: any Node, _ position: SourcePosition) {
        self.operand = operand
        self.position = position
    }

    func evaluate(_ frame: inout Frame) throws(EvaluationError) -> Value {
        switch try operand.evaluate(&frame) {
        case .bool(let value): return .bool(!value)
        case .unknown(let unknown): return .unknown(unknown)
        case let other: throw EvaluationError.noOverload("!_", other).located(at: position)
        }
    }
}

final class ConditionalNode: Node {
    let condition: any Node
    let yes: any Node
    let no: any Node
    let position: SourcePosition

    init(_ condition: any Node, _ yes: any Node, _ no: any Node, _ position: SourcePosition) {
        self.condition = condition
        self.yes = yes
        self.no = no
        self.position = position
    }

    func evaluate(_ frame: inout Frame) throws(EvaluationError) -> Value {
        switch try condition.evaluate(&frame) {
        case .bool(let value): return try value ? yes.evaluate(&frame) : no.evaluate(&frame)
        case .unknown(let unknown): return .unknown(unknown)
        case let other: throw EvaluationError.noOverload("_?_:_", other).located(at: position)
        }
    }
}

// MARK: - Comparison

final class EqualityNode: Node {
    let left: any Node
    let right: any Node
    let isNegated: Bool
    let position: SourcePosition

    init(_ left: any Node, _ right: any Node, isNegated: Bool, _ position: SourcePosition) {
        self.left = left
        self.right = right
        self.isNegated = isNegated
        self.position = position
    }

    func evaluate(_ frame: inout Frame) throws(EvaluationError) -> Value {
        switch try pair(left, right, &frame) {
        case .decided(let value): return value
        case .values(.int(let left), .int(let right)): return .bool((left == right) != isNegated)
        case .values(let left, let right):
            do throws(EvaluationError) {
                switch try left.equality(with: right, &frame.meter) {
                case .equal: return .bool(!isNegated)
                case .different: return .bool(isNegated)
                case .unknown(let unknown): return .unknown(unknown)
                }
            } catch {
                throw error.located(at: position)
            }
        }
    }
}

enum OrderOperator: String {
    case less = "_<_"
    case lessOrEqual = "_<=_"
    case greater = "_>_"
    case greaterOrEqual = "_>=_"

    @inline(__always)
    func holds(_ left: Int64, _ right: Int64) -> Bool {
        switch self {
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greater: left > right
        case .greaterOrEqual: left >= right
        }
    }

    func holds(_ order: Order) -> Bool {
        switch self {
        case .less: order == .before
        case .lessOrEqual: order == .before || order == .same
        case .greater: order == .after
        case .greaterOrEqual: order == .after || order == .same
        }
    }
}

final class OrderNode: Node {
    let left: any Node
    let right: any Node
    let comparison: OrderOperator
    let position: SourcePosition

    init(_ left: any Node, _ right: any Node, _ comparison: OrderOperator, _ position: SourcePosition) {
        self.left = left
        self.right = right
        self.comparison = comparison
        self.position = position
    }

    func evaluate(_ frame: inout Frame) throws(EvaluationError) -> Value {
        switch try pair(left, right, &frame) {
        case .decided(let value): return value
        case .values(.int(let left), .int(let right)): return .bool(comparison.holds(left, right))
        case .values(let left, let right):
            guard let order = try left.order(to: right, &frame.meter) else {
                throw EvaluationError.noOverload(comparison.rawValue, left, right).located(at: position)
            }
            return .bool(comparison.holds(order))
        }
    }
}
