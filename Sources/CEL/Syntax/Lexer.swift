/// A word of the language.
struct Token {
    enum Kind: Equatable {
        case identifier(String)
        /// A name between backticks, allowed as a field only.
        case quotedIdentifier(String)
        case int(magnitude: UInt64)
        case uint(UInt64)
        case double(Double)
        case string(String)
        case bytes([UInt8])
        /// Operators, brackets, and the words `in`, `true`, `false`, `null`.
        case symbol(String)
        case end
    }

    let kind: Kind
    let offset: Int
}

extension Token.Kind {
    /// The token as a message names it.
    var text: String {
        switch self {
        case .identifier(let name): "'\(name)'"
        case .quotedIdentifier(let name): "'`\(name)`'"
        case .int, .uint, .double: "a number"
        case .string: "a string"
        case .bytes: "bytes"
        case .symbol(let symbol): "'\(symbol)'"
        case .end: "the end"
        }
    }
}

/// A fault of the text at some offset.
struct SyntaxFault: Error {
    let offset: Int
    let message: String
}

/// Cuts a source text into tokens.
struct Lexer {
    let bytes: [UInt8]
    var offset = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    static func tokens(of bytes: [UInt8]) throws(SyntaxFault) -> [Token] {
        var lexer = Lexer(bytes)
        var tokens: [Token] = []
        repeat { tokens.append(try lexer.next()) } while tokens.last?.kind != .end
        return tokens
    }

    func byte(at position: Int) -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func next() throws(SyntaxFault) -> Token {
        skipBlanks()
        let start = offset
        guard let byte = byte(at: start) else { return Token(kind: .end, offset: start) }
        if byte.isIdentifierStart {
            if let kind = try prefixedString() { return Token(kind: kind, offset: start) }
            while let next = self.byte(at: offset), next.isIdentifierStart || next.decimalDigit != nil { offset += 1 }
            let name = String(decoding: bytes[start..<offset], as: UTF8.self)
            return Token(kind: Self.words.contains(name) ? .symbol(name) : .identifier(name), offset: start)
        }
        if byte.decimalDigit != nil || byte == .dot && self.byte(at: start + 1)?.decimalDigit != nil {
            return Token(kind: try number(), offset: start)
        }
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            return Token(kind: try quoted(isRaw: false, isBytes: false), offset: start)
        case UInt8(ascii: "`"): return Token(kind: try quotedIdentifier(), offset: start)
        default: return Token(kind: try symbol(), offset: start)
        }
    }

    private mutating func skipBlanks() {
        while let byte = byte(at: offset) {
            if byte == UInt8(ascii: " ") || (9...13).contains(byte) {
                offset += 1
            } else if byte == UInt8(ascii: "/"), self.byte(at: offset + 1) == UInt8(ascii: "/") {
                while let next = self.byte(at: offset), next != UInt8(ascii: "\n") { offset += 1 }
            } else {
                return
            }
        }
    }

    private static let words: Set<String> = ["in", "true", "false", "null"]
    private static let longSymbols: Set<String> = ["&&", "||", "==", "!=", "<=", ">="]
    private static let shortSymbols = Set("<>+-*/%!?:.,()[]{}".utf8)

    private mutating func symbol() throws(SyntaxFault) -> Token.Kind {
        let long = String(decoding: bytes[offset...].prefix(2), as: UTF8.self)
        if Self.longSymbols.contains(long) {
            offset += 2
            return .symbol(long)
        }
        if Self.shortSymbols.contains(bytes[offset]) {
            offset += 1
            return .symbol(String(Unicode.Scalar(bytes[offset - 1])))
        }
        let hint =
            switch bytes[offset] {
            case UInt8(ascii: "="): ": write == to compare"
            case UInt8(ascii: "&"): ": write && for and"
            case UInt8(ascii: "|"): ": write || for or"
            default: ""
            }
        let rest = String(decoding: bytes[offset...].prefix(8), as: UTF8.self)
        throw SyntaxFault(
            offset: offset, message: "no expression has the character '\(rest.unicodeScalars.first ?? " ")'\(hint)")
    }

    private mutating func quotedIdentifier() throws(SyntaxFault) -> Token.Kind {
        let start = offset + 1
        guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "`")), end > start,
            bytes[start..<end].allSatisfy({ $0.isQuotedIdentifierPart })
        else {
            throw SyntaxFault(
                offset: offset,
                message: "a name between backticks has letters, digits, '_', '.', '-', '/' and blanks only")
        }
        offset = end + 1
        return .quotedIdentifier(String(decoding: bytes[start..<end], as: UTF8.self))
    }
}

// MARK: - Numbers

extension Lexer {
    private mutating func number() throws(SyntaxFault) -> Token.Kind {
        let start = offset
        if byte(at: start) == UInt8(ascii: "0"), byte(at: start + 1).map({ $0 | 0x20 }) == UInt8(ascii: "x") {
            offset += 2
            let digits = takeWhile { $0.hexDigit != nil }
            guard !digits.isEmpty else {
                throw SyntaxFault(offset: start, message: "expected hexadecimal digits after 0x")
            }
            return try integer(digits, radix: 16, start: start)
        }
        var digits = takeWhile { $0.decimalDigit != nil }
        var isDouble = false
        if byte(at: offset) == .dot, byte(at: offset + 1)?.decimalDigit != nil {
            isDouble = true
            offset += 1
            digits += "." + takeWhile { $0.decimalDigit != nil }
        }
        if let exponent = exponent() {
            isDouble = true
            digits += exponent
        }
        guard isDouble else { return try integer(digits, radix: 10, start: start) }
        guard let value = Double(digits.hasPrefix(".") ? "0" + digits : digits) else {
            throw SyntaxFault(offset: start, message: "'\(digits)' is not a number")
        }
        return .double(value)
    }

    private mutating func integer(_ digits: String, radix: Int, start: Int) throws(SyntaxFault) -> Token.Kind {
        let isUnsigned = byte(at: offset).map { $0 | 0x20 } == UInt8(ascii: "u")
        if isUnsigned { offset += 1 }
        guard let magnitude = UInt64(digits, radix: radix) else {
            throw SyntaxFault(offset: start, message: "'\(digits.prefix(40))' does not fit 64 bits")
        }
        return isUnsigned ? .uint(magnitude) : .int(magnitude: magnitude)
    }

    private mutating func exponent() -> String? {
        guard byte(at: offset).map({ $0 | 0x20 }) == UInt8(ascii: "e") else { return nil }
        let sign = byte(at: offset + 1).flatMap { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") ? $0 : nil }
        guard byte(at: offset + (sign == nil ? 1 : 2))?.decimalDigit != nil else { return nil }
        offset += sign == nil ? 1 : 2
        return "e" + (sign == UInt8(ascii: "-") ? "-" : "") + takeWhile { $0.decimalDigit != nil }
    }

    private mutating func takeWhile(_ condition: (UInt8) -> Bool) -> String {
        let start = offset
        while let byte = byte(at: offset), condition(byte) { offset += 1 }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }
}

extension UInt8 {
    static let dot = UInt8(ascii: ".")
    static let backslash = UInt8(ascii: "\\")

    var isASCIILetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
    var isIdentifierStart: Bool { isASCIILetter || self == UInt8(ascii: "_") }
    fileprivate var isQuotedIdentifierPart: Bool {
        isIdentifierStart || decimalDigit != nil || [UInt8(ascii: "-"), .dot, UInt8(ascii: "/"), 32].contains(self)
    }
    /// The value of a hexadecimal digit.
    var hexDigit: Int? {
        switch self {
        case 0x30...0x39: Int(self) - 0x30
        case 0x41...0x46: Int(self) - 0x41 + 10
        case 0x61...0x66: Int(self) - 0x61 + 10
        default: nil
        }
    }
}
