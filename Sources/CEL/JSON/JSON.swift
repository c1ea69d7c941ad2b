/// A JSON value, with its members in order and its numbers as they were written.
enum JSON {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([JSON])
    case object([Member])

    struct Member {
        let name: String
        let value: JSON

        init(_ name: String, _ value: JSON) {
            self.name = name
            self.value = value
        }
    }

    /// A member of an object; of two of one name the last.
    subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name.hasSameCodePoints(as: name) }?.value
    }

    /// An object of one member.
    static func object(_ name: String, _ value: JSON) -> JSON { .object([Member(name, value)]) }

    /// The value as text on one line.
    var text: String {
        var output = ""
        write(to: &output)
        return output
    }

    private func write(to output: inout String) {
        switch self {
        case .null: output += "null"
        case .bool(let value): output += value ? "true" : "false"
        case .number(let text): output += text
        case .string(let value): Self.write(value, to: &output)
        case .array(let elements):
            output += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { output += "," }
                element.write(to: &output)
            }
            output += "]"
        case .object(let members):
            output += "{"
            for (index, member) in members.enumerated() {
                if index > 0 { output += "," }
                Self.write(member.name, to: &output)
                output += ":"
                member.value.write(to: &output)
            }
            output += "}"
        }
    }

    private static func write(_ value: String, to output: inout String) {
        output += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: output.unicodeScalars.append(scalar)
            }
        }
        output += "\""
    }
}

/// What is wrong with a JSON text or a typed value.
struct JSONFault: Error {
    let message: String
}

/// Reads JSON (RFC 8259).
struct JSONReader {
    private static let maximumDepth = 200

    private let bytes: [UInt8]
    private var offset = 0

    static func read(_ text: String) throws(JSONFault) -> JSON {
        var reader = JSONReader(bytes: Array(text.utf8))
        let value = try reader.value(depth: 0)
        reader.skipBlanks()
        if reader.offset < reader.bytes.count { throw reader.fault("expected the end") }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private func fault(_ message: String) -> JSONFault { JSONFault(message: "bad JSON at byte \(offset): \(message)") }

    private var current: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private mutating func skipBlanks() {
        while let byte = current, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { offset += 1 }
    }

    private mutating func take(_ text: String) -> Bool {
        guard bytes[offset...].starts(with: text.utf8) else { return false }
        offset += text.utf8.count
        return true
    }

    private mutating func value(depth: Int) throws(JSONFault) -> JSON {
        if depth > Self.maximumDepth { throw fault("it nests deeper than \(Self.maximumDepth) levels") }
        skipBlanks()
        if take("null") { return .null }
        if take("true") { return .bool(true) }
        if take("false") { return .bool(false) }
        switch current {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "["):
            var elements: [JSON] = []
            try items(until: "]") { (reader) throws(JSONFault) in elements.append(try reader.value(depth: depth + 1)) }
            return .array(elements)
        case UInt8(ascii: "{"):
            var members: [JSON.Member] = []
            try items(until: "}") { (reader) throws(JSONFault) in
                let name = try reader.string()
                reader.skipBlanks()
                if !reader.take(":") { throw reader.fault("expected ':'") }
                members.append(JSON.Member(name, try reader.value(depth: depth + 1)))
            }
            return .object(members)
        default: return try number()
        }
    }

    private mutating func items(until end: String, _ item: (inout JSONReader) throws(JSONFault) -> Void)
        throws(JSONFault)
    {
        offset += 1
        skipBlanks()
        if take(end) { return }
        repeat {
            skipBlanks()
            try item(&self)
            skipBlanks()
        } while take(",")
        if !take(end) { throw fault("expected ',' or '\(end)'") }
    }

    private mutating func number() throws(JSONFault) -> JSON {
        let start = offset
        while let byte = current, byte.decimalDigit != nil || "+-.eE".utf8.contains(byte) { offset += 1 }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        guard Double(text) != nil else {
            offset = start
            throw fault("expected a value")
        }
        return .number(text)
    }

    private mutating func string() throws(JSONFault) -> String {
        if !take("\"") { throw fault("expected a string") }
        var content: [UInt8] = []
        while let byte = current, byte != UInt8(ascii: "\"") {
            offset += 1
            if byte < 0x20 { throw fault("a control character in a string") }
            if byte == .backslash { content += try escape().utf8 } else { content.append(byte) }
        }
        if !take("\"") { throw fault("a string without its end") }
        return String(decoding: content, as: UTF8.self)
    }

    private mutating func escape() throws(JSONFault) -> String {
        guard let letter = current else { throw fault("a string without its end") }
        offset += 1
        switch letter {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let first = try codeUnit()
            if UTF16.isLeadSurrogate(first), take("\\u") {
                return String(decoding: [first, try codeUnit()], as: UTF16.self)
            }
            return String(decoding: [first], as: UTF16.self)
        default: throw fault("no such escape")
        }
    }

    private mutating func codeUnit() throws(JSONFault) -> UInt16 {
        let digits = bytes[offset...].prefix(4)
        guard digits.count == 4, digits.allSatisfy({ $0.hexDigit != nil }),
            let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw fault("expected four hexadecimal digits") }
        offset += 4
        return unit
    }
}
