/// The state of one evaluation.
struct Frame {
    let activation: any Activation
    /// The values of macros' variables.
    var locals: [Value]
    var meter: Meter
    /// Errors that variables of `cel.bind` hold in place of a value, by slot.
    var localErrors: [Int: EvaluationError] = [:]

    init(activation: any Activation, localCount: Int, steps: Int) {
        self.activation = activation
        locals = localCount == 0 ? [] : Array(repeating: .null, count: localCount)
        meter = Meter(steps: steps)
    }
}

/// A part of an expression, ready to be evaluated.
protocol Node: AnyObject, Sendable {
    func evaluate(_ frame: inout Frame) throws(EvaluationError) -> Value
}

/// Gathers unknowns and errors where all operands are looked at: an unknown that is left hides an error that is left.
struct Remainder {
    private(set) var unknown: Unknown?
    private(set) var error: EvaluationError?

    @inline(never)
    mutating func add(_ other: Unknown) { unknown = unknown?.merged(with: other) ?? other }

    @inline(never)
    mutating func add(_ other: EvaluationError) { error = error ?? other }

    var isEmpty: Bool { unknown == nil && error == nil }

    /// The unknown or error that is left, else the value.
    @inline(__always)
    func result(_ value: @autoclosure () throws(EvaluationError) -> Value) throws(EvaluationError) -> Value {
        if let unknown { return .unknown(unknown) }
        if let error { throw error }
        return try value()
    }
}

final class ConstantNode: Node {
    let value: Value
    init(_ value: Value) { self.value = value }
    func evaluate(_ frame: inout Frame) -> Value { value }
}

final class FaultNode: Node {
    let error: EvaluationError
    init(_ error: EvaluationError) { self.error = error }
    func evaluate(_ frame: inout Frame) throws(EvaluationError) -> Value { throw error }
}

final class VariableNode: Node {
    let slot: Int
    init(_ slot: Int) { self.slot = slot }
    func evaluate(_ frame: inout Frame) -> Value { frame.activation.value(slot: slot) }
}

final class LocalNode: Node {
    let slot: Int
    init(_ slot: Int) { self.slot = slot }
    func evaluate(_ frame: inout Frame) throws(EvaluationError) -> Value {
        if !frame.localErrors.isEmpty, let error = frame.localErrors[slot] { throw error }
        return frame.locals[slot]
    }
}
