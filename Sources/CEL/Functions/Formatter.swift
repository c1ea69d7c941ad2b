import Foundation

/// `format` of the `strings` extension: `%s %d %f %e %b %o %x %X %%`, and a precision for `%f` and `%e`.
enum Formatter {
    static func format(_ text: String, _ values: [Value], _ meter: inout Meter) throws(EvaluationError) -> String {
        var result = ""
        var rest = text.unicodeScalars[...]
        var next = 0
        try meter.charge(text.utf8.count)
        while let scalar = rest.popFirst() {
            guard scalar == "%" else {
                result.unicodeScalars.append(scalar)
                continue
            }
            if rest.first == "%" {
                rest.removeFirst()
                result.unicodeScalars.append("%")
                continue
            }
            let precision = try readPrecision(&rest)
            guard let clause = rest.popFirst() else { throw fault("the format ends after '%'") }
            guard values.indices.contains(next) else {
                throw fault("the format asks for value \(next + 1), but there are \(values.count)")
            }
            let piece = try self.piece(clause, values[next], precision ?? 6, &meter)
            try meter.charge(piece.utf8.count)
            result += piece
            next += 1
        }
        return result
    }

    private static func fault(_ message: String) -> EvaluationError { EvaluationError(.invalidArgument, message) }

    private static func readPrecision(_ rest: inout Substring.UnicodeScalarView) throws(EvaluationError) -> Int? {
        guard rest.first == "." else { return nil }
        rest.removeFirst()
        var digits = ""
        while let scalar = rest.first, ("0"..."9").contains(scalar) {
            digits.unicodeScalars.append(scalar)
            rest.removeFirst()
        }
        guard let precision = Int(digits), precision <= 100 else {
            throw fault("a precision is a number up to 100, not '\(digits.prefix(10))'")
        }
        return precision
    }

    private static func piece(_ clause: Unicode.Scalar, _ value: Value, _ precision: Int, _ meter: inout Meter)
        throws(EvaluationError) -> String
    {
        switch clause {
        case "s": return try plain(value, &meter)
        case "d":
            if case .double(let number) = value { return number.celText }
            return try integer(value, radix: 10, clause)
        case "f", "e":
            let number: Double
            switch value {
            case .double(let value): number = value
            case .int(let value): number = Double(value)
            case .uint(let value): number = Double(value)
            default: throw unfit(value, clause)
            }
            return number.isFinite ? String(format: "%.\(precision)\(clause)", number) : number.celText
        case "b":
            if case .bool(let flag) = value { return flag ? "1" : "0" }
            return try integer(value, radix: 2, clause)
        case "o": return try integer(value, radix: 8, clause)
        case "x", "X":
            let isUpper = clause == "X"
            switch value {
            case .string(let text): return hexadecimal(text.utf8, isUpper)
            case .bytes(let bytes): return hexadecimal(bytes, isUpper)
            default: return try integer(value, radix: 16, clause, isUpper)
            }
        default: throw fault("no such clause in a format: '%\(clause)'")
        }
    }

    private static func unfit(_ value: Value, _ clause: Unicode.Scalar) -> EvaluationError {
        fault("'%\(clause)' cannot show \(value.shortText)")
    }

    private static func integer(_ value: Value, radix: Int, _ clause: Unicode.Scalar, _ isUpper: Bool = false)
        throws(EvaluationError) -> String
    {
        switch value {
        case .int(let number): String(number, radix: radix, uppercase: isUpper)
        case .uint(let number): String(number, radix: radix, uppercase: isUpper)
        default: throw unfit(value, clause)
        }
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>, _ isUpper: Bool) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: isUpper) }.joined()
    }

    private static func plain(_ value: Value, _ meter: inout Meter) throws(EvaluationError) -> String {
        try meter.charge(1)
        switch value {
        case .string(let text): return text
        case .null: return "null"
        case .bool(let flag): return String(flag)
        case .int(let number): return String(number)
        case .uint(let number): return String(number)
        case .double(let number): return number.celText
        case .bytes(let bytes): return decoded(bytes)
        case .type(let type): return type.name
        case .timestamp(let moment): return moment.description
        case .duration(let span): return span.celText
        case .list(let elements):
            var parts: [String] = []
            for element in elements {
                parts.append(try plain(element, &meter))
                try meter.charge(parts.last?.utf8.count ?? 0)
            }
            return "[\(parts.joined(separator: ", "))]"
        case .map(let map):
            var parts: [(key: String, value: String)] = []
            for (key, value) in zip(map.keys, map.values) {
                parts.append((try plain(key, &meter), try plain(value, &meter)))
                try meter.charge(parts.last?.value.utf8.count ?? 0)
            }
            parts.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            return "{\(parts.map { "\($0.key): \($0.value)" }.joined(separator: ", "))}"
        case .optional, .record, .unknown: throw unfit(value, "s")
        }
    }

    /// The text that bytes are; where they are not UTF-8, one replacement character stands for all that are not.
    private static func decoded(_ bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        var result = String.UnicodeScalarView()
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var isInvalid = false
        while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar):
                result.append(scalar)
                isInvalid = false
            case .error:
                if !isInvalid { result.append("\u{FFFD}") }
                isInvalid = true
            case .emptyInput: return String(result)
            }
        }
    }
}
