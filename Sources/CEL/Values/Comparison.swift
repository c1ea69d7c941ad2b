/// What comparing two values says.
enum Equality {
    case equal
    case different
    /// It depends on unknown parts.
    case unknown(Unknown)
}

extension Value {
    /// Whether the language's `==` holds: numbers by value whatever their types, NaN equal to nothing, values of different
    /// types never equal.
    func equality(with other: Value, _ meter: inout Meter) throws(EvaluationError) -> Equality {
        switch (self, other) {
        case (.unknown(let left), .unknown(let right)): return .unknown(left.merged(with: right))
        case (.unknown(let unknown), _), (_, .unknown(let unknown)): return .unknown(unknown)
        case (.list(let left), .list(let right)):
            guard left.count == right.count else { return .different }
            return try Self.equality(ofPairs: zip(left, right), &meter)
        case (.map(let left), .map(let right)):
            guard left.count == right.count else { return .different }
            var pairs: [(Value, Value)] = []
            for (key, value) in zip(left.keys, left.values) {
                guard let counterpart = right[key] else { return .different }
                pairs.append((value, counterpart))
            }
            return try Self.equality(ofPairs: pairs, &meter)
        case (.optional(let left), .optional(let right)):
            guard let leftValue = left.value, let rightValue = right.value else {
                return left.value == nil && right.value == nil ? .equal : .different
            }
            try meter.charge(1)
            return try leftValue.equality(with: rightValue, &meter)
        case (.record(let left), .record(let right)):
            if left === right { return .equal }
            guard let type = left.recordType, type == right.recordType else { return .different }
            let fields = type.fields.indices
            return try Self.equality(
                ofPairs: fields.lazy.map { (left.value(field: $0), right.value(field: $0)) }, &meter)
        case (.string(let left), .string(let right)):
            guard left.utf8.count == right.utf8.count else { return .different }
            try meter.charge(left.utf8.count >> 4)
            return left.hasSameCodePoints(as: right) ? .equal : .different
        case (.bytes(let left), .bytes(let right)):
            try meter.charge(min(left.count, right.count) >> 4)
            return left == right ? .equal : .different
        default: return hasEqualScalar(other) ? .equal : .different
        }
    }

    private static func equality(ofPairs pairs: some Sequence<(Value, Value)>, _ meter: inout Meter)
        throws(EvaluationError) -> Equality
    {
        // One pair that differs decides, whatever unknown stands beside it.
        var unknown: Unknown?
        for (left, right) in pairs {
            try meter.charge(1)
            switch try left.equality(with: right, &meter) {
            case .equal: continue
            case .different: return .different
            case .unknown(let names): unknown = unknown?.merged(with: names) ?? names
            }
        }
        return unknown.map(Equality.unknown) ?? .equal
    }

    /// Equality of values without parts; a value with parts is not equal.
    func hasEqualScalar(_ other: Value) -> Bool {
        switch (self, other) {
        case (.int(let left), .int(let right)): left == right
        case (.string(let left), .string(let right)): left.hasSameCodePoints(as: right)
        case (.bytes(let left), .bytes(let right)): left == right
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.timestamp(let left), .timestamp(let right)): left == right
        case (.duration(let left), .duration(let right)): left == right
        case (.type(let left), .type(let right)): left == right
        default: numericOrder(to: other) == .same
        }
    }

    /// The order of two values of an ordered type, or of two numbers of any types; nil where there is none.
    func order(to other: Value, _ meter: inout Meter) throws(EvaluationError) -> Order? {
        switch (self, other) {
        case (.bool(let left), .bool(let right)): return Order(left ? 1 : 0, right ? 1 : 0)
        case (.string(let left), .string(let right)):
            try meter.charge(min(left.utf8.count, right.utf8.count) >> 4)
            // The order of UTF-8 bytes is that of code points.
            return Order(lexicographic: left.utf8, right.utf8)
        case (.bytes(let left), .bytes(let right)):
            try meter.charge(min(left.count, right.count) >> 4)
            return Order(lexicographic: left, right)
        case (.timestamp(let left), .timestamp(let right)): return Order(left, right)
        case (.duration(let left), .duration(let right)): return Order(left, right)
        default: return numericOrder(to: other)
        }
    }

    /// The order of two numbers; an integer beside a double is compared as the nearest double, as cel-spec's tests ask.
    func numericOrder(to other: Value) -> Order? {
        switch (self, other) {
        case (.int(let left), .int(let right)): Order(left, right)
        case (.uint(let left), .uint(let right)): Order(left, right)
        case (.int(let left), .uint(let right)): Order(mixed: left, right)
        case (.uint(let left), .int(let right)): Order(mixed: left, right)
        case (.double(let left), .double(let right)): Order(left, right)
        case (.int(let left), .double(let right)): Order(Double(left), right)
        case (.uint(let left), .double(let right)): Order(Double(left), right)
        case (.double(let left), .int(let right)): Order(left, Double(right))
        case (.double(let left), .uint(let right)): Order(left, Double(right))
        default: nil
        }
    }
}

/// How one value stands to another.
enum Order {
    case before
    case same
    case after
    /// NaN stands to nothing.
    case none

    @inline(__always)
    init<T: Comparable>(_ left: T, _ right: T) {
        self = left < right ? .before : left == right ? .same : left > right ? .after : .none
    }

    init(mixed left: some BinaryInteger, _ right: some BinaryInteger) {
        self = left < right ? .before : left == right ? .same : .after
    }

    init<C: Collection>(lexicographic left: C, _ right: C) where C.Element == UInt8 {
        self =
            left.lexicographicallyPrecedes(right)
            ? .before : right.lexicographicallyPrecedes(left) ? .after : .same
    }
}

extension Value {
    /// All unknowns inside a value, at any depth; the fields of records are not looked into.
    func unknownParts(_ meter: inout Meter) throws(EvaluationError) -> Unknown? {
        switch self {
        case .unknown(let unknown): return unknown
        case .list(let elements): return try Self.unknownParts(of: elements, &meter)
        case .map(let map): return try Self.unknownParts(of: map.values, &meter)
        case .optional(let optional):
            try meter.charge(1)
            return try optional.value?.unknownParts(&meter)
        default: return nil
        }
    }

    static func unknownParts(of values: [Value], _ meter: inout Meter) throws(EvaluationError) -> Unknown? {
        try meter.charge(values.count)
        var result: Unknown?
        for value in values {
            guard let unknown = try value.unknownParts(&meter) else { continue }
            result = result?.merged(with: unknown) ?? unknown
        }
        return result
    }
}
