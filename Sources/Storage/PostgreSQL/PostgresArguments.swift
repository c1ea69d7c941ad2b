import CPostgres

/// Arguments in the binary form of the protocol. Nulls are not sent: they stand in the text, as `NULL`.
struct PostgresArguments {
    private var bytes: [UInt8] = []
    private var offsets: [Int] = []
    private var lengths: [Int32] = []

    /// The type under which a value is sent; 0 for null.
    static func type(of value: SQLValue) -> Oid {
        switch value {
        case .null: 0
        case .integer: PostgresType.int8
        case .real: PostgresType.float8
        case .text: PostgresType.text
        case .blob: PostgresType.bytea
        }
    }

    /// - Parameter types: the types that the statement was prepared with; what has none is left out.
    init(_ values: [SQLValue], types: [Oid]) {
        for (value, type) in zip(values, types) where type != 0 {
            offsets.append(bytes.count)
            switch value {
            case .null:
                lengths.append(-1)
                continue
            case .integer(let value): withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
            case .real(let value): withUnsafeBytes(of: value.bitPattern.bigEndian) { bytes.append(contentsOf: $0) }
            case .text(let value): bytes.append(contentsOf: value.utf8)
            case .blob(let value): bytes.append(contentsOf: value)
            }
            lengths.append(Int32(bytes.count - offsets[offsets.count - 1]))
        }
        // So that the last argument has an address even where it is empty.
        bytes.append(0)
    }

    /// Lends what libpq takes: count, addresses, lengths and formats.
    func withPointers<R>(
        _ body: (Int32, [UnsafePointer<CChar>?], [Int32], [Int32]) -> R
    ) -> R {
        bytes.withUnsafeBytes { buffer in
            let base = buffer.bindMemory(to: CChar.self).baseAddress
            let addresses = zip(offsets, lengths).map { $1 < 0 ? nil : base?.advanced(by: $0) }
            return body(
                Int32(offsets.count), addresses, lengths, [Int32](repeating: 1, count: offsets.count))
        }
    }
}

/// The numbers of the types that are sent and understood.
enum PostgresType {
    static let bool: Oid = 16
    static let bytea: Oid = 17
    static let int8: Oid = 20
    static let int2: Oid = 21
    static let int4: Oid = 23
    static let text: Oid = 25
    static let oid: Oid = 26
    static let float4: Oid = 700
    static let float8: Oid = 701
    static let numeric: Oid = 1700
}
