extension Function {
    private static func from(_ types: [CELType], to result: CELType) -> [Overload] {
        types.map { Overload(parameters: [$0], result: result) }
    }

    private static let anything = CELType.parameter("T")
    private static let measured: [CELType] = [
        .string, .bytes, .list(anything), .map(.parameter("K"), .parameter("V")),
    ]

    /// `size`, `type`, `dyn` and the functions that are called as types.
    static let conversions: [Function] = [
        .one("dyn", from([anything], to: .dyn)) { value, _ in value },
        .one("type", from([anything], to: .type)) { value, _ in .type(value.typeName) },
        .one(
            "size",
            measured.flatMap { type in
                [false, true].map { Overload(isMember: $0, parameters: [type], result: .int) }
            }, size),
        .one("bool", from([.bool, .string], to: .bool), toBool),
        .one("bytes", from([.bytes, .string], to: .bytes)) { (value, meter) throws(EvaluationError) -> Value in
            switch value {
            case .bytes: return value
            case .string(let text):
                try meter.charge(text.utf8.count)
                return .bytes(Array(text.utf8))
            default: throw .noOverload("bytes", value)
            }
        },
        .one("double", from([.double, .int, .uint, .string], to: .double), toDouble),
        .one("int", from([.int, .uint, .double, .string, .timestamp], to: .int), toInt),
        .one("uint", from([.uint, .int, .double, .string], to: .uint), toUint),
        .one(
            "string",
            from(
                [
                    .string, .bool, .int, .uint, .double, .bytes, .timestamp, .duration,
                    .record(NetworkAddress.addressType), .record(NetworkAddress.rangeType),
                ], to: .string), toString),
        .one("timestamp", from([.timestamp, .string, .int], to: .timestamp), toTimestamp),
        .one("duration", from([.duration, .string], to: .duration), toDuration),
    ]

    private static func size(_ value: Value, _ meter: inout Meter) throws(EvaluationError) -> Value {
        switch value {
        case .string(let text):
            try meter.charge(text.utf8.count >> 3)
            return .int(Int64(text.unicodeScalars.count))
        case .bytes(let bytes): return .int(Int64(bytes.count))
        case .list(let elements): return .int(Int64(elements.count))
        case .map(let map): return .int(Int64(map.count))
        default: throw .noOverload("size", value)
        }
    }

    private static func unreadable(_ text: String, as type: String) -> EvaluationError {
        EvaluationError(.invalidArgument, "\(Value.string(text).shortText) is no \(type)")
    }

    private static func outside(_ value: Value, _ type: String) -> EvaluationError {
        EvaluationError(.overflow, "\(value.shortText) does not fit \(type)")
    }

    private static func toBool(_ value: Value, _ meter: inout Meter) throws(EvaluationError) -> Value {
        switch value {
        case .bool: value
        case .string("1"), .string("t"), .string("T"), .string("true"), .string("TRUE"), .string("True"): true
        case .string("0"), .string("f"), .string("F"), .string("false"), .string("FALSE"), .string("False"): false
        case .string(let text): throw unreadable(text, as: "bool")
        default: throw .noOverload("bool", value)
        }
    }

    private static func toDouble(_ value: Value, _ meter: inout Meter) throws(EvaluationError) -> Value {
        switch value {
        case .double: return value
        case .int(let number): return .double(Double(number))
        case .uint(let number): return .double(Double(number))
        case .string(let text):
            try meter.charge(text.utf8.count)
            guard let number = Double(celText: text) else { throw unreadable(text, as: "double") }
            return .double(number)
        default: throw .noOverload("double", value)
        }
    }

    private static func toInt(_ value: Value, _ meter: inout Meter) throws(EvaluationError) -> Value {
        switch value {
        case .int: return value
        case .uint(let number):
            guard let number = Int64(exactly: number) else { throw outside(value, "an int") }
            return .int(number)
        case .double(let number):
            // Both ends are out: a double there may stand for a number beyond.
            guard number > -0x1p63, number < 0x1p63 else { throw outside(value, "an int") }
            return .int(Int64(number))
        case .string(let text):
            try meter.charge(text.utf8.count)
            guard let number = Int64(text) else { throw unreadable(text, as: "int") }
            return .int(number)
        case .timestamp(let moment): return .int(moment.seconds)
        default: throw .noOverload("int", value)
        }
    }

    private static func toUint(_ value: Value, _ meter: inout Meter) throws(EvaluationError) -> Value {
        switch value {
        case .uint: return value
        case .int(let number):
            guard let number = UInt64(exactly: number) else { throw outside(value, "a uint") }
            return .uint(number)
        case .double(let number):
            guard number >= 0, number < 0x1p64 else { throw outside(value, "a uint") }
            return .uint(UInt64(number))
        case .string(let text):
            try meter.charge(text.utf8.count)
            guard text.utf8.first != UInt8(ascii: "-"), let number = UInt64(text) else {
                throw unreadable(text, as: "uint")
            }
            return .uint(number)
        default: throw .noOverload("uint", value)
        }
    }

    private static func toString(_ value: Value, _ meter: inout Meter) throws(EvaluationError) -> Value {
        switch value {
        case .string: return value
        case .bool(let flag): return .string(String(flag))
        case .int(let number): return .string(String(number))
        case .uint(let number): return .string(String(number))
        case .double(let number): return .string(number.celText)
        case .bytes(let bytes):
            try meter.charge(bytes.count)
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw EvaluationError(.invalidArgument, "these bytes are not valid UTF-8")
            }
            return .string(text)
        case .timestamp(let moment): return .string(moment.description)
        case .duration(let span): return .string(span.celText)
        case .record(let record):
            guard let address = record as? NetworkAddress else { throw .noOverload("string", value) }
            return .string(address.text)
        default: throw .noOverload("string", value)
        }
    }

    private static func toTimestamp(_ value: Value, _ meter: inout Meter) throws(EvaluationError) -> Value {
        switch value {
        case .timestamp: return value
        case .string(let text):
            guard let moment = Timestamp(text) else { throw unreadable(text, as: "timestamp of the years 1 to 9999") }
            return .timestamp(moment)
        case .int(let seconds):
            guard let moment = Timestamp(seconds: seconds) else {
                throw EvaluationError(.overflow, "the timestamp lies outside the years 1 to 9999")
            }
            return .timestamp(moment)
        default: throw .noOverload("timestamp", value)
        }
    }

    private static func toDuration(_ value: Value, _ meter: inout Meter) throws(EvaluationError) -> Value {
        switch value {
        case .duration: return value
        case .string(let text):
            try meter.charge(text.utf8.count)
            guard let span = Duration(celText: text) else { throw unreadable(text, as: "duration up to 292 years") }
            return .duration(span)
        default: throw .noOverload("duration", value)
        }
    }
}

extension Double {
    /// Reads a decimal number, or NaN and the infinities by name.
    init?(celText text: String) {
        let bare =
            text.utf8.first == UInt8(ascii: "-") || text.utf8.first == UInt8(ascii: "+") ? text.dropFirst() : text[...]
        switch bare.lowercased() {
        case "nan": self = .nan
        case "inf", "infinity": self = text.hasPrefix("-") ? -.infinity : .infinity
        default:
            // Swift also reads hexadecimal numbers, which the language does not.
            let isDecimal = bare.utf8.allSatisfy {
                $0.decimalDigit != nil || [.dot, 0x65, 0x45, UInt8(ascii: "+"), UInt8(ascii: "-")].contains($0)
            }
            guard isDecimal, let value = Double(text) else { return nil }
            self = value
        }
    }

    /// The shortest text that reads back as this number, without a fraction of zero.
    var celText: String {
        if isNaN { return "NaN" }
        if isInfinite { return self < 0 ? "-Infinity" : "Infinity" }
        let text = description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
