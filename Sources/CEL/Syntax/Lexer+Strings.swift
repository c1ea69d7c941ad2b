extension Lexer {
    /// A string or bytes literal with a prefix of `r` and `b`, if that is what follows.
    mutating func prefixedString() throws(SyntaxFault) -> Token.Kind? {
        var isRaw = false
        var isBytes = false
        var position = offset
        while let byte = byte(at: position), position - offset < 2 {
            switch byte | 0x20 {
            case UInt8(ascii: "r") where !isRaw: isRaw = true
            case UInt8(ascii: "b") where !isRaw: isBytes = true
            default: break
            }
            if position - offset + 1 != (isRaw ? 1 : 0) + (isBytes ? 1 : 0) { break }
            position += 1
        }
        guard position > offset, let quote = byte(at: position),
            quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"")
        else { return nil }
        offset = position
        return try quoted(isRaw: isRaw, isBytes: isBytes)
    }

    /// A literal from its opening quote on.
    mutating func quoted(isRaw: Bool, isBytes: Bool) throws(SyntaxFault) -> Token.Kind {
        let start = offset
        let quote = bytes[start]
        let isTriple = byte(at: start + 1) == quote && byte(at: start + 2) == quote
        offset += isTriple ? 3 : 1
        var content: [UInt8] = []
        while let byte = byte(at: offset) {
            if byte == quote, !isTriple || self.byte(at: offset + 1) == quote && self.byte(at: offset + 2) == quote {
                offset += isTriple ? 3 : 1
                return isBytes ? .bytes(content) : .string(String(decoding: content, as: UTF8.self))
            }
            if !isTriple, byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { break }
            if byte == .backslash, !isRaw {
                content += try escape(isBytes: isBytes)
            } else {
                content.append(byte)
                offset += 1
            }
        }
        let name = isBytes ? "bytes" : "string"
        throw SyntaxFault(offset: start, message: "this \(name) literal has no closing quote")
    }

    private static let simpleEscapes: [UInt8: UInt8] = [
        UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10, UInt8(ascii: "r"): 13,
        UInt8(ascii: "t"): 9, UInt8(ascii: "v"): 11, .backslash: .backslash, UInt8(ascii: "'"): UInt8(ascii: "'"),
        UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "`"): UInt8(ascii: "`"),
        UInt8(ascii: "?"): UInt8(ascii: "?"),
    ]

    /// The bytes that an escape stands for: a code point's UTF-8 in strings; in bytes literals `\x` and octals are one byte.
    private mutating func escape(isBytes: Bool) throws(SyntaxFault) -> [UInt8] {
        let start = offset
        guard let letter = byte(at: start + 1) else {
            throw SyntaxFault(offset: start, message: "a backslash with nothing to escape")
        }
        if let simple = Self.simpleEscapes[letter] {
            offset += 2
            return [simple]
        }
        let code: Int
        switch letter {
        case UInt8(ascii: "x"), UInt8(ascii: "X"): code = try digits(2, radix: 16, from: start + 2, of: start)
        case UInt8(ascii: "u") where !isBytes: code = try digits(4, radix: 16, from: start + 2, of: start)
        case UInt8(ascii: "U") where !isBytes: code = try digits(8, radix: 16, from: start + 2, of: start)
        case UInt8(ascii: "0")...UInt8(ascii: "3"): code = try digits(3, radix: 8, from: start + 1, of: start)
        default:
            throw SyntaxFault(
                offset: start,
                message: "no such escape '\\\(Unicode.Scalar(letter))'" + (isBytes ? " in bytes" : "")
                    + ": write \\\\ for a backslash")
        }
        if isBytes { return [UInt8(truncatingIfNeeded: code)] }
        guard let scalar = UInt32(exactly: code).flatMap(Unicode.Scalar.init) else {
            throw SyntaxFault(offset: start, message: "this escape is not a Unicode scalar value")
        }
        return Array(String(scalar).utf8)
    }

    private mutating func digits(_ count: Int, radix: Int, from first: Int, of start: Int) throws(SyntaxFault) -> Int {
        var value = 0
        for position in first..<first + count {
            guard let digit = byte(at: position)?.hexDigit, digit < radix else {
                throw SyntaxFault(offset: start, message: "this escape takes \(count) digits")
            }
            value = value * radix + digit
        }
        offset = first + count
        return value
    }
}
