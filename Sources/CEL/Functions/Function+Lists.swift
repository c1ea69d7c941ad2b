import Foundation

extension Function {
    private static let element = CELType.parameter("T")
    private static let list = CELType.list(.parameter("T"))

    private static func member(_ parameters: [CELType], _ result: CELType) -> [Overload] {
        [Overload(isMember: true, parameters: parameters, result: result)]
    }

    /// The `lists` and `encoders` extensions.
    static let lists: [Function] = [
        .one("lists.range", [Overload(parameters: [.int], result: .list(.int))]) {
            (count, meter) throws(EvaluationError) -> Value in
            guard case .int(let count) = count else { throw .noOverload("lists.range", count) }
            guard count > 0 else { return [] }
            try meter.charge(Int(clamping: count))
            return .list((0..<count).map(Value.int))
        },
        Function(
            "slice", member([list, .int, .int], list),
            .variadic { (values: [Value], meter: inout Meter) throws(EvaluationError) -> Value in
                guard case .list(let elements) = values[0], case .int(let start) = values[1],
                    case .int(let end) = values[2]
                else { throw .noOverload("slice", values) }
                guard 0 <= start, start <= end, end <= elements.count else {
                    throw EvaluationError(
                        .outOfRange, "slice \(start) to \(end) is outside the list of \(elements.count) elements")
                }
                try meter.charge(Int(end - start))
                return .list(Array(elements[Int(start)..<Int(end)]))
            }, keepsParts: true),
        .one("flatten", member([.list(.list(element))], list) + member([list], .list(.dyn)), keepsParts: false) {
            (value, meter) throws(EvaluationError) -> Value in try flatten(value, depth: 1, &meter)
        },
        .two("flatten", member([list, .int], .list(.dyn)), keepsParts: false) {
            (value, depth, meter) throws(EvaluationError) -> Value in
            guard case .int(let depth) = depth else { throw .noOverload("flatten", value, depth) }
            guard depth >= 0 else { throw EvaluationError(.invalidArgument, "flatten by \(depth) levels") }
            return try flatten(value, depth: depth, &meter)
        },
        .one("distinct", member([list], list), keepsParts: false) { (value, meter) throws(EvaluationError) -> Value in
            guard case .list(let elements) = value else { throw .noOverload("distinct", value) }
            var result: [Value] = []
            search: for element in elements {
                for known in result {
                    try meter.charge(1)
                    if case .equal = try element.equality(with: known, &meter) { continue search }
                }
                result.append(element)
            }
            return .list(result)
        },
        .one("sort", member([list], list), keepsParts: false) { (value, meter) throws(EvaluationError) -> Value in
            guard case .list(let elements) = value else { throw .noOverload("sort", value) }
            return .list(try sort(elements, by: elements, "sort", &meter))
        },
        .two(
            "@sortByKeys",
            [CELType.int, .uint, .double, .bool, .string, .bytes, .timestamp, .duration].map { key in
                Overload(parameters: [list, .list(key)], result: list)
            }
        ) { (value, keys, meter) throws(EvaluationError) -> Value in
            guard case .list(let elements) = value, case .list(let keys) = keys else {
                throw .noOverload("@sortByKeys", value, keys)
            }
            return .list(try sort(elements, by: keys, "@sortByKeys", &meter))
        },
        .one("first", member([list], .optional(element))) { (value, _) throws(EvaluationError) -> Value in
            guard case .list(let elements) = value else { throw .noOverload("first", value) }
            return wrapped(elements.first)
        },
        .one("last", member([list], .optional(element))) { (value, _) throws(EvaluationError) -> Value in
            guard case .list(let elements) = value else { throw .noOverload("last", value) }
            return wrapped(elements.last)
        },
        .one("base64.encode", [Overload(parameters: [.bytes], result: .string)]) {
            (value, meter) throws(EvaluationError) -> Value in
            guard case .bytes(let bytes) = value else { throw .noOverload("base64.encode", value) }
            try meter.charge(bytes.count * 2)
            return .string(Data(bytes).base64EncodedString())
        },
        .one("base64.decode", [Overload(parameters: [.string], result: .bytes)]) {
            (value, meter) throws(EvaluationError) -> Value in
            guard case .string(let text) = value else { throw .noOverload("base64.decode", value) }
            try meter.charge(text.utf8.count)
            guard let bytes = [UInt8](base64: text) else {
                throw EvaluationError(.invalidArgument, "\(value.shortText) is not base64")
            }
            return .bytes(bytes)
        },
    ]

    private static func wrapped(_ value: Value?) -> Value {
        if let value, case .unknown = value { return value }
        return .optional(value.map(OptionalValue.init) ?? .none)
    }

    private static func flatten(_ value: Value, depth: Int64, _ meter: inout Meter) throws(EvaluationError) -> Value {
        guard case .list(let elements) = value else { throw .noOverload("flatten", value) }
        var result: [Value] = []
        for element in elements {
            try meter.charge(1)
            if depth > 0, case .list = element, case .list(let inner) = try flatten(element, depth: depth - 1, &meter) {
                try meter.charge(inner.count)
                result += inner
            } else {
                result.append(element)
            }
        }
        return .list(result)
    }

    /// Merge sort: elements whose keys are equal keep their order, and a comparison can fail. Keys are of one type.
    private static func sort(_ elements: [Value], by keys: [Value], _ name: String, _ meter: inout Meter)
        throws(EvaluationError) -> [Value]
    {
        // With a map `sortBy` would have as many keys as elements, but the map itself has no order.
        guard elements.count == keys.count else { throw EvaluationError(.noSuchOverload, "sortBy works on lists only") }
        for key in keys {
            try meter.charge(1)
            if key.typeName != keys[0].typeName { throw .noOverload(name, keys[0], key) }
        }
        if let only = keys.first, try only.order(to: only, &meter) == nil { throw .noOverload(name, only) }
        var places = Array(keys.indices)
        var width = 1
        while width < places.count {
            var merged: [Int] = []
            merged.reserveCapacity(places.count)
            for start in stride(from: 0, to: places.count, by: 2 * width) {
                var left = places[start..<min(start + width, places.count)]
                var right = places[left.endIndex..<min(start + 2 * width, places.count)]
                while let first = left.first, let second = right.first {
                    try meter.charge(1)
                    guard let order = try keys[second].order(to: keys[first], &meter) else {
                        throw .noOverload(name, keys[first], keys[second])
                    }
                    merged.append(order == .before ? right.removeFirst() : left.removeFirst())
                }
                merged += left + right
            }
            places = merged
            width *= 2
        }
        return places.map { elements[$0] }
    }
}

extension [UInt8] {
    /// The bytes of base64 text, with or without its padding.
    init?(base64 text: String) {
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: text + padding) else { return nil }
        self = Array(data)
    }

    /// The bytes as base64 text.
    var base64: String { Data(self).base64EncodedString() }
}
