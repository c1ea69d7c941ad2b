extension Function {
    private static let value = CELType.parameter("T")
    private static let optional = CELType.optional(.parameter("T"))
    private static let listOfOptionals = CELType.list(.optional(.parameter("T")))

    /// The `optional` extension; `or` and `orValue` are nodes of their own and stand here for their types.
    static let optionals: [Function] = [
        .one("optional.of", [Overload(parameters: [value], result: optional)]) { value, _ in
            .optional(OptionalValue(value))
        },
        .one("optional.ofNonZeroValue", [Overload(parameters: [value], result: optional)]) { value, _ in
            .optional(value.isZero ? .none : OptionalValue(value))
        },
        Function("optional.none", [Overload(parameters: [], result: optional)], .variadic { _, _ in .optional(.none) }),
        .one("hasValue", [Overload(isMember: true, parameters: [optional], result: .bool)]) {
            (found, _) throws(EvaluationError) -> Value in .bool(try content(found, "hasValue") != nil)
        },
        .one("value", [Overload(isMember: true, parameters: [optional], result: value)]) {
            (found, _) throws(EvaluationError) -> Value in
            guard let value = try content(found, "value") else {
                throw EvaluationError(.noSuchKey, "value() of an optional without a value")
            }
            return value
        },
        .one(
            "optional.unwrap", [Overload(parameters: [listOfOptionals], result: .list(value))], keepsParts: false,
            unwrap),
        .one(
            "unwrapOpt", [Overload(isMember: true, parameters: [listOfOptionals], result: .list(value))],
            keepsParts: false, unwrap),
        .two("or", [Overload(isMember: true, parameters: [optional, optional], result: optional)]) {
            (first, second, _) throws(EvaluationError) -> Value in try content(first, "or") == nil ? second : first
        },
        .two("orValue", [Overload(isMember: true, parameters: [optional, value], result: value)]) {
            (first, second, _) throws(EvaluationError) -> Value in try content(first, "orValue") ?? second
        },
    ]

    /// What the optionals hold that hold anything.
    private static func unwrap(_ value: Value, _ meter: inout Meter) throws(EvaluationError) -> Value {
        guard case .list(let elements) = value else { throw .noOverload("unwrap", value) }
        var result: [Value] = []
        for element in elements {
            try meter.charge(1)
            if let value = try content(element, "unwrap") { result.append(value) }
        }
        return .list(result)
    }

    private static func content(_ value: Value, _ name: String) throws(EvaluationError) -> Value? {
        guard case .optional(let optional) = value else { throw .noOverload(name, value) }
        return optional.value
    }
}

extension Value {
    /// Whether the value is what its type begins with: 0, an empty string, list or map, null.
    fileprivate var isZero: Bool {
        switch self {
        case .null: true
        case .bool(let value): !value
        case .int(let value): value == 0
        case .uint(let value): value == 0
        case .double(let value): value == 0
        case .string(let value): value.isEmpty
        case .bytes(let value): value.isEmpty
        case .list(let value): value.isEmpty
        case .map(let value): value.count == 0
        case .duration(let value): value == .zero
        case .timestamp(let value): value.seconds == 0 && value.nanoseconds == 0
        case .optional(let value): value.value == nil
        case .type, .record, .unknown: false
        }
    }
}
