/// Two operands, or the unknown they make.
enum Pair {
    case values(Value, Value)
    case decided(Value)
}

@inline(__always)
func pair(_ left: any Node, _ right: any Node, _ frame: inout Frame) throws(EvaluationError) -> Pair {
    let first: Value
    do throws(EvaluationError) {
        first = try left.evaluate(&frame)
    } catch {
        return .decided(try afterError(error, right, &frame))
    }
    if case .unknown(let unknown) = first { return .decided(afterUnknown(unknown, right, &frame)) }
    let second = try right.evaluate(&frame)
    if case .unknown = second { return .decided(second) }
    return .values(first, second)
}

/// The left operand failed: only an unknown on the right hides that.
@inline(never)
private func afterError(_ error: EvaluationError, _ right: any Node, _ frame: inout Frame) throws(EvaluationError)
    -> Value
{
    if let second = try? right.evaluate(&frame), case .unknown = second { return second }
    throw error
}

@inline(never)
private func afterUnknown(_ unknown: Unknown, _ right: any Node, _ frame: inout Frame) -> Value {
    if let second = try? right.evaluate(&frame), case .unknown(let other) = second {
        return .unknown(unknown.merged(with: other))
    }
    return .unknown(unknown)
}

final class UnaryNode: Node {
    let operand: any Node
    let function: Function.Unary
    let keepsParts: Bool
    let position: SourcePosition

    init(_ operand: any Node, _ function: @escaping Function.Unary, keepsParts: Bool, _ position: SourcePosition) {
        self.operand = operand
        self.function = function
        self.keepsParts = keepsParts
        self.position = position
    }

    func evaluate(_ frame: inout Frame) throws(EvaluationError) -> Value {
        let value = try operand.evaluate(&frame)
        if case .unknown = value { return value }
        do throws(EvaluationError) {
            if !keepsParts, let unknown = try value.unknownParts(&frame.meter) { return .unknown(unknown) }
            return try function(value, &frame.meter)
        } catch {
            throw error.located(at: position)
        }
    }
}

final class BinaryNode: Node {
    let left: any Node
    let right: any Node
    let function: Function.Binary
    let keepsParts: Bool
    let position: SourcePosition

    init(
        _ left: any Node, _ right: any Node, _ function: @escaping Function.Binary, keepsParts: Bool,
        _ position: SourcePosition
    ) {
        self.left = left
        self.right = right
        self.function = function
        self.keepsParts = keepsParts
        self.position = position
    }

    func evaluate(_ frame: inout Frame) throws(EvaluationError) -> Value {
        switch try pair(left, right, &frame) {
        case .decided(let value): return value
        case .values(let left, let right):
            do throws(EvaluationError) {
                if !keepsParts, let unknown = try Value.unknownParts(of: [left, right], &frame.meter) {
                    return .unknown(unknown)
                }
                return try function(left, right, &frame.meter)
            } catch {
                throw error.located(at: position)
            }
        }
    }
}

final class VariadicNode: Node {
    let operands: [any Node]
    let function: Function.Variadic
    let keepsParts: Bool
    let position: SourcePosition

    init(_ operands: [any Node], _ function: @escaping Function.Variadic, keepsParts: Bool, _ position: SourcePosition)
    {
        self.operands = operands
        self.function = function
        self.keepsParts = keepsParts
        self.position = position
    }

    func evaluate(_ frame: inout Frame) throws(EvaluationError) -> Value {
        var rest = Remainder()
        let values = evaluateAll(operands, &frame, &rest)
        if !rest.isEmpty { return try rest.result(.null) }
        do throws(EvaluationError) {
            if !keepsParts, let unknown = try Value.unknownParts(of: values, &frame.meter) { return .unknown(unknown) }
            return try function(values, &frame.meter)
        } catch {
            throw error.located(at: position)
        }
    }
}

/// The values of all nodes; what is unknown or fails goes to the remainder.
func evaluateAll(_ nodes: [any Node], _ frame: inout Frame, _ rest: inout Remainder) -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(nodes.count)
    for node in nodes {
        do throws(EvaluationError) {
            let value = try node.evaluate(&frame)
            if case .unknown(let unknown) = value { rest.add(unknown) }
            values.append(value)
        } catch {
            rest.add(error)
        }
    }
    return values
}
