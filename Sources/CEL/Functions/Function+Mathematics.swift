extension Function {
    private static let numbers: [CELType] = [.int, .uint, .double]

    private static func rounding(_ name: String, _ rule: @escaping @Sendable (Double) -> Double) -> Function {
        .one(name, [Overload(parameters: [.double], result: .double)]) { (value, _) throws(EvaluationError) -> Value in
            guard case .double(let number) = value else { throw .noOverload(name, value) }
            return .double(rule(number))
        }
    }

    private static func test(_ name: String, _ holds: @escaping @Sendable (Double) -> Bool) -> Function {
        .one(name, [Overload(parameters: [.double], result: .bool)]) { (value, _) throws(EvaluationError) -> Value in
            guard case .double(let number) = value else { throw .noOverload(name, value) }
            return .bool(holds(number))
        }
    }

    private static func bits(
        _ name: String, _ ints: @escaping @Sendable (Int64, Int64) -> Int64,
        _ uints: @escaping @Sendable (UInt64, UInt64) -> UInt64
    ) -> Function {
        .two(name, [.int, .uint].map { Overload(parameters: [$0, $0], result: $0) }) {
            (left, right, _) throws(EvaluationError) -> Value in
            switch (left, right) {
            case (.int(let left), .int(let right)): return .int(ints(left, right))
            case (.uint(let left), .uint(let right)): return .uint(uints(left, right))
            default: throw .noOverload(name, left, right)
            }
        }
    }

    /// A shift is one of 64 bits without a sign; as many places as there are bits leave nothing.
    private static func shift(_ name: String, _ shifted: @escaping @Sendable (UInt64, Int64) -> UInt64) -> Function {
        .two(name, [.int, .uint].map { Overload(parameters: [$0, .int], result: $0) }) {
            (value, places, _) throws(EvaluationError) -> Value in
            guard case .int(let count) = places else { throw .noOverload(name, value, places) }
            guard count >= 0 else { throw EvaluationError(.invalidArgument, "\(name) by \(count) places") }
            switch value {
            case .int(let number): return .int(Int64(bitPattern: shifted(UInt64(bitPattern: number), min(count, 64))))
            case .uint(let number): return .uint(shifted(number, min(count, 64)))
            default: throw .noOverload(name, value, places)
            }
        }
    }

    private static func extreme(_ name: String, _ wanted: Order) -> Function {
        Function(
            name, [],
            .variadic { (values: [Value], meter: inout Meter) throws(EvaluationError) -> Value in
                var numbers = values
                if values.count == 1, case .list(let elements) = values[0] { numbers = elements }
                try meter.charge(numbers.count)
                guard var result = numbers.first else {
                    throw EvaluationError(.invalidArgument, "\(name) of an empty list")
                }
                guard result.numericOrder(to: result) != nil else { throw .noOverload(name, result) }
                for number in numbers.dropFirst() {
                    guard let order = number.numericOrder(to: result) else { throw .noOverload(name, number) }
                    if order == wanted { result = number }
                }
                return result
            }, takesNumbers: true)
    }

    /// The `math` extension.
    static let mathematics: [Function] = [
        extreme("math.greatest", .after), extreme("math.least", .before),
        rounding("math.ceil") { $0.rounded(.up) }, rounding("math.floor") { $0.rounded(.down) },
        rounding("math.round") { $0.rounded(.toNearestOrAwayFromZero) },
        rounding("math.trunc") { $0.rounded(.towardZero) },
        test("math.isNaN") { $0.isNaN }, test("math.isInf") { $0.isInfinite }, test("math.isFinite") { $0.isFinite },
        .one("math.abs", numbers.map { Overload(parameters: [$0], result: $0) }) {
            (value, _) throws(EvaluationError) -> Value in
            switch value {
            case .int(.min): throw EvaluationError(.overflow, "the result of math.abs does not fit an int")
            case .int(let number): return .int(abs(number))
            case .uint: return value
            case .double(let number): return .double(abs(number))
            default: throw .noOverload("math.abs", value)
            }
        },
        .one("math.sign", numbers.map { Overload(parameters: [$0], result: $0) }) {
            (value, _) throws(EvaluationError) -> Value in
            switch value {
            case .int(let number): return .int(number.signum())
            case .uint(let number): return .uint(number == 0 ? 0 : 1)
            case .double(let number): return .double(number > 0 ? 1 : number < 0 ? -1 : number)
            default: throw .noOverload("math.sign", value)
            }
        },
        .one("math.sqrt", numbers.map { Overload(parameters: [$0], result: .double) }) {
            (value, _) throws(EvaluationError) -> Value in
            switch value {
            case .int(let number): return .double(Double(number).squareRoot())
            case .uint(let number): return .double(Double(number).squareRoot())
            case .double(let number): return .double(number.squareRoot())
            default: throw .noOverload("math.sqrt", value)
            }
        },
        bits("math.bitAnd", { $0 & $1 }, { $0 & $1 }), bits("math.bitOr", { $0 | $1 }, { $0 | $1 }),
        bits("math.bitXor", { $0 ^ $1 }, { $0 ^ $1 }),
        .one("math.bitNot", [.int, .uint].map { Overload(parameters: [$0], result: $0) }) {
            (value, _) throws(EvaluationError) -> Value in
            switch value {
            case .int(let number): return .int(~number)
            case .uint(let number): return .uint(~number)
            default: throw .noOverload("math.bitNot", value)
            }
        },
        shift("math.bitShiftLeft") { $0 << $1 }, shift("math.bitShiftRight") { $0 >> $1 },
    ]
}
