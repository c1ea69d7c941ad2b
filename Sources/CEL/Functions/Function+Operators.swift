extension Function {
    /// A standard function of one argument.
    static func one(_ name: String, _ overloads: [Overload], keepsParts: Bool = true, _ body: @escaping Unary)
        -> Function
    {
        Function(name, overloads, .unary(body), keepsParts: keepsParts)
    }

    /// A standard function of two arguments.
    static func two(_ name: String, _ overloads: [Overload], keepsParts: Bool = true, _ body: @escaping Binary)
        -> Function
    {
        Function(name, overloads, .binary(body), keepsParts: keepsParts)
    }

    private static func same(_ types: [CELType], to result: CELType? = nil) -> [Overload] {
        types.map { Overload(parameters: [$0, $0], result: result ?? $0) }
    }

    private static let ordered: [Overload] =
        same([.int, .uint, .double, .bool, .string, .bytes, .timestamp, .duration], to: .bool)
        + [(.int, .uint), (.int, .double), (.uint, .int), (.uint, .double), (.double, .int), (.double, .uint)].map {
            (left: CELType, right: CELType) in Overload(parameters: [left, right], result: .bool)
        }

    /// Arithmetic, order and membership; `&&`, `||`, `!`, `?:`, `==`, `!=` and `[]` are nodes of their own.
    static let operators: [Function] =
        ["_<_", "_<=_", "_>_", "_>=_"].map { name in
            .two(name, ordered) { (left: Value, right: Value, _: inout Meter) throws(EvaluationError) -> Value in
                // Comparisons are nodes of their own; the function stands for their types.
                throw .noOverload(name, left, right)
            }
        } + [
            .two(
                "_+_",
                same([.int, .uint, .double, .string, .bytes, .list(.parameter("T")), .duration]) + [
                    Overload(parameters: [.timestamp, .duration], result: .timestamp),
                    Overload(parameters: [.duration, .timestamp], result: .timestamp),
                ], add),
            .two(
                "_-_",
                same([.int, .uint, .double, .duration]) + [
                    Overload(parameters: [.timestamp, .duration], result: .timestamp),
                    Overload(parameters: [.timestamp, .timestamp], result: .duration),
                ], subtract),
            .two("_*_", same([.int, .uint, .double]), multiply),
            .two("_/_", same([.int, .uint, .double]), divide),
            .two("_%_", same([.int, .uint]), remainder),
            .one("-_", [.int, .double].map { Overload(parameters: [$0], result: $0) }, negate),
            .two(
                "@in",
                [
                    Overload(parameters: [.parameter("T"), .list(.parameter("T"))], result: .bool),
                    Overload(parameters: [.parameter("K"), .map(.parameter("K"), .parameter("V"))], result: .bool),
                ], contains),
        ]

    private static func add(_ left: Value, _ right: Value, _ meter: inout Meter) throws(EvaluationError) -> Value {
        switch (left, right) {
        case (.int(let left), .int(let right)): return .int(try checked(left.addingReportingOverflow(right), "+"))
        case (.uint(let left), .uint(let right)): return .uint(try checked(left.addingReportingOverflow(right), "+"))
        case (.double(let left), .double(let right)): return .double(left + right)
        case (.string(let left), .string(let right)):
            try meter.charge(left.utf8.count + right.utf8.count)
            return .string(left + right)
        case (.bytes(let left), .bytes(let right)):
            try meter.charge(left.count + right.count)
            return .bytes(left + right)
        case (.list(let left), .list(let right)):
            try meter.charge(left.count + right.count)
            return .list(left + right)
        case (.duration(let left), .duration(let right)):
            return try span(try nanoseconds(left).addingReportingOverflow(try nanoseconds(right)))
        case (.timestamp(let moment), .duration(let span)), (.duration(let span), .timestamp(let moment)):
            return try self.moment(moment.adding(nanoseconds: try nanoseconds(span)))
        default: throw .noOverload("_+_", left, right)
        }
    }

    private static func subtract(_ left: Value, _ right: Value, _ meter: inout Meter) throws(EvaluationError) -> Value {
        switch (left, right) {
        case (.int(let left), .int(let right)): return .int(try checked(left.subtractingReportingOverflow(right), "-"))
        case (.uint(let left), .uint(let right)):
            return .uint(try checked(left.subtractingReportingOverflow(right), "-"))
        case (.double(let left), .double(let right)): return .double(left - right)
        case (.duration(let left), .duration(let right)):
            return try span(try nanoseconds(left).subtractingReportingOverflow(try nanoseconds(right)))
        case (.timestamp(let moment), .duration(let span)):
            let (opposite, overflow) = Int64(0).subtractingReportingOverflow(try nanoseconds(span))
            return try self.moment(overflow ? nil : moment.adding(nanoseconds: opposite))
        case (.timestamp(let left), .timestamp(let right)):
            guard let difference = left.nanoseconds(since: right) else { throw spanOverflow }
            return .duration(Duration(wholeNanoseconds: difference))
        default: throw .noOverload("_-_", left, right)
        }
    }

    private static func multiply(_ left: Value, _ right: Value, _ meter: inout Meter) throws(EvaluationError) -> Value {
        switch (left, right) {
        case (.int(let left), .int(let right)): .int(try checked(left.multipliedReportingOverflow(by: right), "*"))
        case (.uint(let left), .uint(let right)): .uint(try checked(left.multipliedReportingOverflow(by: right), "*"))
        case (.double(let left), .double(let right)): .double(left * right)
        default: throw .noOverload("_*_", left, right)
        }
    }

    private static func divide(_ left: Value, _ right: Value, _ meter: inout Meter) throws(EvaluationError) -> Value {
        switch (left, right) {
        case (.int, .int(0)), (.uint, .uint(0)): throw EvaluationError(.divisionByZero, "division by zero")
        case (.int(let left), .int(let right)): .int(try checked(left.dividedReportingOverflow(by: right), "/"))
        case (.uint(let left), .uint(let right)): .uint(left / right)
        case (.double(let left), .double(let right)): .double(left / right)
        default: throw .noOverload("_/_", left, right)
        }
    }

    private static func remainder(_ left: Value, _ right: Value, _ meter: inout Meter) throws(EvaluationError) -> Value
    {
        switch (left, right) {
        case (.int, .int(0)), (.uint, .uint(0)): throw EvaluationError(.divisionByZero, "division by zero")
        case (.int(let left), .int(let right)):
            .int(try checked(left.remainderReportingOverflow(dividingBy: right), "%"))
        case (.uint(let left), .uint(let right)): .uint(left % right)
        default: throw .noOverload("_%_", left, right)
        }
    }

    private static func negate(_ value: Value, _ meter: inout Meter) throws(EvaluationError) -> Value {
        switch value {
        case .int(let value): .int(try checked(Int64(0).subtractingReportingOverflow(value), "-"))
        case .double(let value): .double(-value)
        default: throw .noOverload("-_", value)
        }
    }

    private static func contains(_ value: Value, _ container: Value, _ meter: inout Meter) throws(EvaluationError)
        -> Value
    {
        switch container {
        case .list(let elements):
            var unknown: Unknown?
            for element in elements {
                try meter.charge(1)
                switch try value.equality(with: element, &meter) {
                case .equal: return .bool(true)
                case .different: continue
                case .unknown(let names): unknown = unknown?.merged(with: names) ?? names
                }
            }
            return unknown.map(Value.unknown) ?? .bool(false)
        case .map(let map):
            guard MapValue.canHold(key: value) else { throw .noOverload("@in", value, container) }
            try meter.charge(MapValue.steps(forKey: value))
            return .bool(map[value] != nil)
        default: throw .noOverload("@in", value, container)
        }
    }

    // MARK: Bounds

    private static func checked<I: FixedWidthInteger>(_ result: (I, overflow: Bool), _ sign: String)
        throws(EvaluationError) -> I
    {
        if result.overflow {
            throw EvaluationError(.overflow, "the result of '\(sign)' does not fit \(I.isSigned ? "an int" : "a uint")")
        }
        return result.0
    }

    private static func nanoseconds(_ duration: Duration) throws(EvaluationError) -> Int64 {
        guard let nanoseconds = duration.wholeNanoseconds else { throw spanOverflow }
        return nanoseconds
    }

    private static func span(_ result: (Int64, overflow: Bool)) throws(EvaluationError) -> Value {
        if result.overflow { throw spanOverflow }
        return .duration(Duration(wholeNanoseconds: result.0))
    }

    private static func moment(_ result: Timestamp?) throws(EvaluationError) -> Value {
        guard let result else {
            throw EvaluationError(.overflow, "the timestamp lies outside the years 1 to 9999")
        }
        return .timestamp(result)
    }

    private static var spanOverflow: EvaluationError {
        EvaluationError(.overflow, "the duration is longer than 292 years")
    }
}
