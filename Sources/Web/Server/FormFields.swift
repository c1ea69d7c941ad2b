/// The fields of a form or of a query, `application/x-www-form-urlencoded` (WHATWG URL, section 5), within limits.
struct FormFields: Sendable {
    /// Why a body is no form.
    enum Fault: Error, Sendable, Equatable {
        /// More than 32 fields.
        case tooManyFields
        /// A name or value of more than 1024 bytes.
        case tooLong
        /// A `%` without two hexadecimal digits after it.
        case badEscape
        /// Bytes that are no UTF-8, or a control character.
        case badText
        /// The same field twice: which one counts would be a guess.
        case repeated
    }

    private let values: [String: String]

    /// No fields.
    init() { values = [:] }

    /// Decodes a body or a query (without its question mark).
    init(decoding bytes: some Sequence<UInt8>) throws(Fault) {
        var values: [String: String] = [:]
        for pair in Array(bytes).split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard values.count < 32 else { throw .tooManyFields }
            let name = try Self.text(parts[0])
            let value = parts.count > 1 ? try Self.text(parts[1]) : ""
            guard values.updateValue(value, forKey: name) == nil else { throw .repeated }
        }
        self.values = values
    }

    /// The value of a field; nil where there is none.
    subscript(_ name: String) -> String? { values[name] }

    private static func text(_ encoded: ArraySlice<UInt8>) throws(Fault) -> String {
        var decoded: [UInt8] = []
        var rest = encoded[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): decoded.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(nibble), let low = rest.popFirst().flatMap(nibble) else {
                    throw .badEscape
                }
                decoded.append(high << 4 | low)
            default: decoded.append(byte)
            }
        }
        guard decoded.count <= 1024 else { throw .tooLong }
        guard decoded.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }), let text = String(validating: decoded, as: UTF8.self)
        else { throw .badText }
        return text
    }

    private static func nibble(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
