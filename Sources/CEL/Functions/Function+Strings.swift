extension Function {
    private static func member(_ parameters: [CELType], _ result: CELType) -> [Overload] {
        [Overload(isMember: true, parameters: parameters, result: result)]
    }

    /// A function of two strings.
    private static func twoStrings(
        _ name: String, _ result: CELType, _ body: @escaping @Sendable (String, String) throws(EvaluationError) -> Value
    ) -> Function {
        .two(name, member([.string, .string], result)) { (left, right, meter) throws(EvaluationError) -> Value in
            guard case .string(let text) = left, case .string(let word) = right else {
                throw .noOverload(name, left, right)
            }
            try meter.charge(text.utf8.count + word.utf8.count)
            return try body(text, word)
        }
    }

    /// A function of one string.
    private static func oneString(
        _ name: String, _ overloads: [Overload], _ body: @escaping @Sendable (String) -> Value
    )
        -> Function
    {
        .one(name, overloads) { (value, meter) throws(EvaluationError) -> Value in
            guard case .string(let text) = value else { throw .noOverload(name, value) }
            try meter.charge(text.utf8.count)
            return body(text)
        }
    }

    /// A function of more arguments, called as a member.
    private static func many(_ name: String, _ parameters: [CELType], _ result: CELType, _ body: @escaping Variadic)
        -> Function
    {
        Function(name, member(parameters, result), .variadic(body))
    }

    /// The language's own functions of strings, and the `strings` extension.
    static let strings: [Function] = [
        twoStrings("startsWith", .bool) { text, word in .bool(text.utf8.starts(with: word.utf8)) },
        twoStrings("endsWith", .bool) { text, word in .bool(text.utf8.reversed().starts(with: word.utf8.reversed())) },
        twoStrings("contains", .bool) { text, word in
            .bool(TextSearch(Array(word.utf8)).first(in: Array(text.utf8)) != nil)
        },
        .two("matches", [false, true].map { Overload(isMember: $0, parameters: [.string, .string], result: .bool) }) {
            (text, pattern, meter) throws(EvaluationError) -> Value in
            guard case .string(let text) = text, case .string(let source) = pattern else {
                throw .noOverload("matches", text, pattern)
            }
            let pattern = try Pattern(source)
            try meter.charge(pattern.size)
            return .bool(try pattern.matches(text, &meter))
        },
        .two("charAt", member([.string, .int], .string)) { (value, index, meter) throws(EvaluationError) -> Value in
            let text = try scalars([value, index], "charAt", &meter)
            let place = try position([value, index], 1, upTo: text.count, "charAt")
            return .string(place == text.count ? "" : String(text[place]))
        },
        .two("indexOf", member([.string, .string], .int)) { (text, word, meter) throws(EvaluationError) -> Value in
            try indexOf([text, word], &meter)
        },
        many("indexOf", [.string, .string, .int], .int, indexOf),
        .two("lastIndexOf", member([.string, .string], .int)) { (text, word, meter) throws(EvaluationError) -> Value in
            try lastIndexOf([text, word], &meter)
        },
        many("lastIndexOf", [.string, .string, .int], .int, lastIndexOf),
        oneString("lowerAscii", member([.string], .string)) { text in
            .string(text.mappingScalars { ("A"..."Z").contains($0) ? $0.value + 32 : $0.value })
        },
        oneString("upperAscii", member([.string], .string)) { text in
            .string(text.mappingScalars { ("a"..."z").contains($0) ? $0.value - 32 : $0.value })
        },
        many("replace", [.string, .string, .string], .string, replace),
        many("replace", [.string, .string, .string, .int], .string, replace),
        .two("split", member([.string, .string], .list(.string))) {
            (text, word, meter) throws(EvaluationError) -> Value in
            try split([text, word], &meter)
        },
        many("split", [.string, .string, .int], .list(.string), split),
        .two("substring", member([.string, .int], .string)) { (text, start, meter) throws(EvaluationError) -> Value in
            try substring([text, start], &meter)
        },
        many("substring", [.string, .int, .int], .string, substring),
        oneString("trim", member([.string], .string)) { text in
            let scalars = text.unicodeScalars.drop { $0.properties.isWhitespace }
            let end = scalars.lastIndex { !$0.properties.isWhitespace }
            return .string(end.map { String(scalars[...$0]) } ?? "")
        },
        .one("join", member([.list(.string)], .string), keepsParts: false) {
            (list, meter) throws(EvaluationError) -> Value in
            try join(list, .string(""), &meter)
        },
        .two("join", member([.list(.string), .string], .string), keepsParts: false, join),
        .one(
            "reverse", member([.string], .string) + member([.list(.parameter("T"))], .list(.parameter("T")))
        ) { (value, meter) throws(EvaluationError) -> Value in
            switch value {
            case .string(let text):
                try meter.charge(text.utf8.count)
                return .string(String(String.UnicodeScalarView(text.unicodeScalars.reversed())))
            case .list(let elements):
                try meter.charge(elements.count)
                return .list(elements.reversed())
            default: throw .noOverload("reverse", value)
            }
        },
        oneString("strings.quote", [Overload(parameters: [.string], result: .string)]) { .string($0.celQuoted) },
        .two("format", member([.string, .list(.dyn)], .string), keepsParts: false) {
            (text, values, meter) throws(EvaluationError) -> Value in
            guard case .string(let text) = text, case .list(let values) = values else {
                throw .noOverload("format", text, values)
            }
            return .string(try Formatter.format(text, values, &meter))
        },
    ]

    // MARK: Arguments

    private static func scalars(_ values: [Value], at place: Int = 0, _ name: String, _ meter: inout Meter)
        throws(EvaluationError) -> [Unicode.Scalar]
    {
        guard case .string(let text) = values[place] else { throw .noOverload(name, values) }
        try meter.charge(text.utf8.count)
        return Array(text.unicodeScalars)
    }

    private static func integer(_ values: [Value], _ place: Int, _ name: String) throws(EvaluationError) -> Int {
        guard case .int(let value) = values[place] else { throw .noOverload(name, values) }
        return Int(clamping: value)
    }

    private static func position(_ values: [Value], _ place: Int, upTo limit: Int, _ name: String)
        throws(EvaluationError) -> Int
    {
        let index = try integer(values, place, name)
        guard (0...limit).contains(index) else {
            throw EvaluationError(.outOfRange, "index \(index) is outside the string of \(limit) characters")
        }
        return index
    }

    private static func text(_ scalars: some Sequence<Unicode.Scalar>) -> Value {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return .string(String(view))
    }

    // MARK: Bodies

    private static func indexOf(_ values: [Value], _ meter: inout Meter) throws(EvaluationError) -> Value {
        let text = try scalars(values, "indexOf", &meter)
        let word = try scalars(values, at: 1, "indexOf", &meter)
        let start = values.count > 2 ? try position(values, 2, upTo: text.count, "indexOf") : 0
        return .int(TextSearch(word).first(in: text, from: start).map(Int64.init) ?? -1)
    }

    private static func lastIndexOf(_ values: [Value], _ meter: inout Meter) throws(EvaluationError) -> Value {
        let text = try scalars(values, "lastIndexOf", &meter)
        let word = try scalars(values, at: 1, "lastIndexOf", &meter)
        let limit = values.count > 2 ? try position(values, 2, upTo: text.count, "lastIndexOf") : text.count
        return .int(TextSearch(word).last(in: text, upTo: limit).map(Int64.init) ?? -1)
    }

    private static func replace(_ values: [Value], _ meter: inout Meter) throws(EvaluationError) -> Value {
        let text = try scalars(values, "replace", &meter)
        let old = try scalars(values, at: 1, "replace", &meter)
        let new = try scalars(values, at: 2, "replace", &meter)
        let limit = values.count > 3 ? try integer(values, 3, "replace") : -1
        let places = TextSearch(old).places(in: text, limit: limit < 0 ? .max : limit)
        try meter.charge(places.count * new.count)
        var result: [Unicode.Scalar] = []
        var end = 0
        for place in places {
            result += text[end..<place]
            result += new
            end = place + old.count
        }
        return self.text(result + text[end...])
    }

    private static func split(_ values: [Value], _ meter: inout Meter) throws(EvaluationError) -> Value {
        let text = try scalars(values, "split", &meter)
        let word = try scalars(values, at: 1, "split", &meter)
        let limit = values.count > 2 ? try integer(values, 2, "split") : -1
        if limit == 0 { return [] }
        if word.isEmpty {
            // Between all characters, but not before the first or after the last.
            let count = limit < 0 ? text.count : min(limit, text.count)
            guard count > 0 else { return [] }
            return .list(text[..<(count - 1)].map { .string(String($0)) } + [self.text(text[(count - 1)...])])
        }
        var parts: [Value] = []
        var end = 0
        for place in TextSearch(word).places(in: text, limit: limit < 0 ? .max : limit - 1) {
            parts.append(self.text(text[end..<place]))
            end = place + word.count
        }
        return .list(parts + [self.text(text[end...])])
    }

    private static func substring(_ values: [Value], _ meter: inout Meter) throws(EvaluationError) -> Value {
        let text = try scalars(values, "substring", &meter)
        let start = try position(values, 1, upTo: text.count, "substring")
        let end = values.count > 2 ? try position(values, 2, upTo: text.count, "substring") : text.count
        guard start <= end else {
            throw EvaluationError(.outOfRange, "a substring cannot begin at \(start) and end at \(end)")
        }
        return self.text(text[start..<end])
    }

    private static func join(_ list: Value, _ separator: Value, _ meter: inout Meter) throws(EvaluationError) -> Value {
        guard case .list(let elements) = list, case .string(let separator) = separator else {
            throw .noOverload("join", list, separator)
        }
        var result = ""
        for (place, element) in elements.enumerated() {
            guard case .string(let text) = element else { throw .noOverload("join", list, element) }
            try meter.charge(text.utf8.count + separator.utf8.count + 1)
            if place > 0 { result += separator }
            result += text
        }
        return .string(result)
    }
}

extension String {
    fileprivate func mappingScalars(_ transform: (Unicode.Scalar) -> UInt32) -> String {
        var view = UnicodeScalarView()
        view.append(contentsOf: unicodeScalars.map { Unicode.Scalar(transform($0)) ?? $0 })
        return String(view)
    }

    /// The string as a literal in double quotes.
    var celQuoted: String {
        var result: [UInt8] = [UInt8(ascii: "\"")]
        result.reserveCapacity(utf8.count + 2)
        for byte in utf8 {
            if let letter = Self.escapes[byte] { result += [.backslash, letter] } else { result.append(byte) }
        }
        result.append(UInt8(ascii: "\""))
        return String(decoding: result, as: UTF8.self)
    }

    /// The letters after a backslash that stand for characters.
    private static let escapes: [UInt8: UInt8] = [
        0x07: UInt8(ascii: "a"), 0x08: UInt8(ascii: "b"), 0x0C: UInt8(ascii: "f"), 0x0A: UInt8(ascii: "n"),
        0x0D: UInt8(ascii: "r"), 0x09: UInt8(ascii: "t"), 0x0B: UInt8(ascii: "v"), .backslash: .backslash,
        UInt8(ascii: "\""): UInt8(ascii: "\""),
    ]
}
