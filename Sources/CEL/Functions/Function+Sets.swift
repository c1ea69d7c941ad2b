extension Function {
    /// The `sets` extension: lists as sets, whose elements are equal where the language's `==` says so.
    static let sets: [Function] = [
        set("sets.contains") { (first, second, meter) throws(EvaluationError) in try all(of: second, in: first, &meter)
        },
        set("sets.equivalent") { (first, second, meter) throws(EvaluationError) in
            let isWithin = try all(of: first, in: second, &meter)
            return isWithin ? try all(of: second, in: first, &meter) : false
        },
        set("sets.intersects") { (first, second, meter) throws(EvaluationError) in
            for element in first where try has(second, element, &meter) { return true }
            return false
        },
    ]

    private static func set(
        _ name: String, _ body: @escaping @Sendable ([Value], [Value], inout Meter) throws(EvaluationError) -> Bool
    ) -> Function {
        let list = CELType.list(.parameter("T"))
        return .two(name, [Overload(parameters: [list, list], result: .bool)], keepsParts: false) {
            (first, second, meter) throws(EvaluationError) -> Value in
            guard case .list(let left) = first, case .list(let right) = second else {
                throw .noOverload(name, first, second)
            }
            return .bool(try body(left, right, &meter))
        }
    }

    private static func has(_ set: [Value], _ element: Value, _ meter: inout Meter) throws(EvaluationError) -> Bool {
        for member in set {
            try meter.charge(1)
            if case .equal = try member.equality(with: element, &meter) { return true }
        }
        return false
    }

    private static func all(of elements: [Value], in set: [Value], _ meter: inout Meter) throws(EvaluationError) -> Bool
    {
        for element in elements where try !has(set, element, &meter) { return false }
        return true
    }
}
