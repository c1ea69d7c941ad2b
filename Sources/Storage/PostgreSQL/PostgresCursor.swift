import CPostgres
import Foundation

/// A row of a result that came in binary form.
final class PostgresCursor: Cursor {
    private let result: PostgresResult
    private let types: [Oid]
    var row: Int32 = 0

    init(_ result: PostgresResult) {
        self.result = result
        types = (0..<Int(PQnfields(result.pointer))).map { result.type($0) }
    }

    func isNull(_ column: Int) -> Bool {
        !types.indices.contains(column) || PQgetisnull(result.pointer, row, Int32(column)) == 1
    }

    func int64(_ column: Int) -> Int64 {
        guard !isNull(column) else { return 0 }
        switch types[column] {
        case PostgresType.int8: return load(column, as: Int64.self)
        case PostgresType.int4: return Int64(load(column, as: Int32.self))
        case PostgresType.int2: return Int64(load(column, as: Int16.self))
        case PostgresType.oid: return Int64(load(column, as: UInt32.self))
        case PostgresType.bool: return withBytes(column) { $0.first == 1 ? 1 : 0 }
        case PostgresType.float4, PostgresType.float8: return Self.truncated(double(column))
        case PostgresType.numeric:
            let numeric = numeric(column)
            return numeric.integer ?? Self.truncated(numeric.double)
        default: return Int64(text(column)) ?? 0
        }
    }

    func double(_ column: Int) -> Double {
        guard !isNull(column) else { return 0 }
        switch types[column] {
        case PostgresType.float8: return Double(bitPattern: load(column, as: UInt64.self))
        case PostgresType.float4: return Double(Float(bitPattern: load(column, as: UInt32.self)))
        case PostgresType.numeric: return numeric(column).double
        case PostgresType.int8, PostgresType.int4, PostgresType.int2, PostgresType.oid, PostgresType.bool:
            return Double(int64(column))
        default: return Double(text(column)) ?? 0
        }
    }

    func text(_ column: Int) -> String {
        guard !isNull(column) else { return "" }
        switch types[column] {
        case PostgresType.int8, PostgresType.int4, PostgresType.int2, PostgresType.oid, PostgresType.bool:
            return String(int64(column))
        case PostgresType.float8, PostgresType.float4: return String(double(column))
        case PostgresType.numeric: return numeric(column).text
        default: return withBytes(column) { String(decoding: $0, as: UTF8.self) }
        }
    }

    func withBytes<Result>(_ column: Int, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        guard !isNull(column) else { return try body(UnsafeRawBufferPointer(start: nil, count: 0)) }
        let base = PQgetvalue(result.pointer, row, Int32(column))
        let count = Int(PQgetlength(result.pointer, row, Int32(column)))
        return try body(UnsafeRawBufferPointer(start: base, count: count))
    }

    func value(_ column: Int) -> SQLValue {
        guard !isNull(column) else { return .null }
        switch types[column] {
        case PostgresType.int8, PostgresType.int4, PostgresType.int2, PostgresType.oid, PostgresType.bool:
            return .integer(int64(column))
        case PostgresType.float8, PostgresType.float4: return .real(double(column))
        case PostgresType.numeric:
            let numeric = numeric(column)
            return numeric.integer.map { .integer($0) } ?? .real(numeric.double)
        case PostgresType.bytea: return .blob(bytes(column))
        default: return .text(text(column))
        }
    }

    private func load<Number: FixedWidthInteger>(_ column: Int, as type: Number.Type) -> Number {
        withBytes(column) {
            $0.count == MemoryLayout<Number>.size ? Number(bigEndian: $0.loadUnaligned(as: Number.self)) : 0
        }
    }

    private func numeric(_ column: Int) -> PostgresNumeric { withBytes(column) { PostgresNumeric($0) } }

    /// As SQLite reads a floating-point number as an integer.
    private static func truncated(_ value: Double) -> Int64 {
        if value.isNaN { return 0 }
        return Int64(exactly: value.rounded(.towardZero)) ?? (value < 0 ? .min : .max)
    }
}

/// A `numeric` in the form of the protocol: digits to the base 10000, the weight of the first, a sign, a scale.
struct PostgresNumeric {
    /// The number in decimal digits; `NaN`, `Infinity`, `-Infinity`.
    let text: String
    private let hasFraction: Bool

    init(_ bytes: UnsafeRawBufferPointer) {
        func field(_ index: Int) -> Int16 {
            bytes.count >= index * 2 + 2
                ? Int16(bigEndian: bytes.loadUnaligned(fromByteOffset: index * 2, as: Int16.self)) : 0
        }
        let count = Int(field(0))
        let weight = Int(field(1))
        let sign = UInt16(bitPattern: field(2))
        let scale = Int(field(3))
        hasFraction = scale > 0 || sign >= 0xC000
        switch sign {
        case 0xC000: text = "NaN"
        case 0xD000: text = "Infinity"
        case 0xF000: text = "-Infinity"
        default:
            func digits(_ position: Int) -> String {
                let group = String((0..<count).contains(position) ? field(4 + position) : 0)
                return String(repeating: "0", count: max(0, 4 - group.count)) + group
            }
            var whole = weight < 0 ? "" : (0...weight).map(digits).joined()
            whole = String(whole.drop { $0 == "0" })
            var fraction = ""
            var position = weight + 1
            if position < 0 {
                fraction = String(repeating: "0000", count: -position)
                position = 0
            }
            while fraction.count < scale {
                fraction += digits(position)
                position += 1
            }
            fraction = String(fraction.prefix(scale))
            text =
                (sign == 0x4000 ? "-" : "") + (whole.isEmpty ? "0" : whole) + (fraction.isEmpty ? "" : "." + fraction)
        }
    }

    /// The number, where it has no places after the point and is not too large.
    var integer: Int64? { hasFraction ? nil : Int64(text) }

    var double: Double { Double(text) ?? 0 }
}
