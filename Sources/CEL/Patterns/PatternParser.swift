/// Reads a regular expression of RE2's syntax; what needs backtracking (references, looking around) it rejects.
struct PatternParser {
    private struct Flags {
        var foldsCase = false
        var isMultiline = false
        var dotTakesNewline = false
    }

    private static let maximumDepth = 100
    private static let maximumCount = 1000

    private let scalars: [Unicode.Scalar]
    private var next = 0
    private var flags = Flags()

    static func parse(_ source: String) throws(EvaluationError) -> PatternSyntax {
        var parser = PatternParser(scalars: Array(source.unicodeScalars))
        let result = try parser.alternatives(depth: 0)
        if parser.next < parser.scalars.count { throw parser.fault("')' without '('") }
        return result
    }

    private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

    private func fault(_ message: String) -> EvaluationError {
        EvaluationError(.invalidArgument, "bad pattern at character \(next + 1): \(message)")
    }

    private var current: Unicode.Scalar? { next < scalars.count ? scalars[next] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard current == scalar else { return false }
        next += 1
        return true
    }

    private mutating func take(_ text: String) -> Bool {
        guard scalars[next...].starts(with: text.unicodeScalars) else { return false }
        next += text.unicodeScalars.count
        return true
    }

    private mutating func takeAny(_ expectation: String) throws(EvaluationError) -> Unicode.Scalar {
        guard let scalar = current else { throw fault("the pattern ends, expected \(expectation)") }
        next += 1
        return scalar
    }

    private mutating func text(until end: Unicode.Scalar) throws(EvaluationError) -> String {
        var view = String.UnicodeScalarView()
        while !take(end) { view.append(try takeAny("'\(end)'")) }
        return String(view)
    }

    // MARK: Structure

    private mutating func alternatives(depth: Int) throws(EvaluationError) -> PatternSyntax {
        if depth > Self.maximumDepth { throw fault("it nests deeper than \(Self.maximumDepth) groups") }
        // Flags set inside a group end with it.
        let outer = flags
        defer { flags = outer }
        var result = [try sequence(depth: depth)]
        while take("|") { result.append(try sequence(depth: depth)) }
        return result.count == 1 ? result[0] : .alternatives(result)
    }

    private mutating func sequence(depth: Int) throws(EvaluationError) -> PatternSyntax {
        var items: [PatternSyntax] = []
        while let scalar = current, scalar != "|", scalar != ")" {
            if take("\\Q") {
                while next < scalars.count, !take("\\E") {
                    items.append(.scalar(try takeAny("\\E"), foldsCase: flags.foldsCase))
                }
                continue
            }
            guard let item = try self.item(depth: depth) else { continue }
            items.append(try repeated(item))
        }
        return items.count == 1 ? items[0] : .sequence(items)
    }

    private mutating func repeated(_ item: PatternSyntax) throws(EvaluationError) -> PatternSyntax {
        guard let (atLeast, atMost) = try count() else { return item }
        // How eager a repetition is makes no difference to whether there is a match.
        _ = take("?")
        if let scalar = current, "*+?".unicodeScalars.contains(scalar) { throw fault("a repetition of a repetition") }
        return .repetition(item, atLeast: atLeast, atMost: atMost)
    }

    private mutating func count() throws(EvaluationError) -> (Int, Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        let start = next
        guard take("{") else { return nil }
        let first = number()
        var last = first
        if let first, take(",") {
            last = number()
            if last == nil, current == "}" { last = .max }
            if let last, last < first { throw fault("the repetition {\(first),\(last)} runs backwards") }
        }
        guard let first, let last, take("}") else {
            // Braces that are no count are characters.
            next = start
            return nil
        }
        if max(first, last == .max ? 0 : last) > Self.maximumCount {
            throw fault("a repetition of more than \(Self.maximumCount)")
        }
        return (first, last == .max ? nil : last)
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let digit = current.flatMap({ UInt8(exactly: $0.value)?.decimalDigit }) {
            value = min((value ?? 0) * 10 + digit, 1_000_000)
            next += 1
        }
        return value
    }

    private mutating func item(depth: Int) throws(EvaluationError) -> PatternSyntax? {
        let scalar = try takeAny("a character")
        switch scalar {
        case "(": return try group(depth: depth)
        case "[": return .set(try bracketed())
        case ".": return .set(flags.dotTakesNewline ? .all : ScalarSet.newline.inverted)
        case "^": return .assertion(flags.isMultiline ? .lineStart : .textStart)
        case "$": return .assertion(flags.isMultiline ? .lineEnd : .textEnd)
        case "*", "+", "?":
            next -= 1
            throw fault("'\(scalar)' with nothing to repeat")
        case "\\": return try escaped()
        default: return .scalar(scalar, foldsCase: flags.foldsCase)
        }
    }

    private mutating func group(depth: Int) throws(EvaluationError) -> PatternSyntax? {
        if take("?") {
            if take("P<") || current == "<" && take("<") {
                if current == "=" || current == "!" { throw fault("there is no looking behind") }
                let name = try text(until: ">")
                guard !name.isEmpty, name.utf8.allSatisfy({ $0.isIdentifierStart || $0.decimalDigit != nil }) else {
                    throw fault("'\(name)' is no name of a group")
                }
            } else if current == "=" || current == "!" {
                throw fault("there is no looking ahead")
            } else {
                let outer = flags
                if try readFlags() { return nil }
                let result = try alternatives(depth: depth + 1)
                flags = outer
                if !take(")") { throw fault("expected ')'") }
                return result
            }
        }
        let result = try alternatives(depth: depth + 1)
        if !take(")") { throw fault("expected ')'") }
        return result
    }

    /// Reads flags to `)`, which ends them and the group, or to `:`.
    private mutating func readFlags() throws(EvaluationError) -> Bool {
        var value = true
        while true {
            switch try takeAny("flags") {
            case "i": flags.foldsCase = value
            case "m": flags.isMultiline = value
            case "s": flags.dotTakesNewline = value
            case "U": break
            case "-" where value: value = false
            case ":": return false
            case ")": return true
            case let other: throw fault("no such flag '\(other)'")
            }
        }
    }

    // MARK: Characters

    private mutating func escaped() throws(EvaluationError) -> PatternSyntax {
        if take("A") { return .assertion(.textStart) }
        if take("z") { return .assertion(.textEnd) }
        if take("b") { return .assertion(.wordBoundary) }
        if take("B") { return .assertion(.noWordBoundary) }
        if let set = try escapedSet() { return .set(set) }
        return .scalar(try escapedScalar(), foldsCase: flags.foldsCase)
    }

    private mutating func escapedSet() throws(EvaluationError) -> ScalarSet? {
        let letter = current
        switch letter {
        case "d", "D": next += 1; return letter == "d" ? .digits : .digits.inverted
        case "w", "W": next += 1; return letter == "w" ? .word : .word.inverted
        case "s", "S": next += 1; return letter == "s" ? .blank : .blank.inverted
        case "p", "P":
            next += 1
            var isNegated = letter == "P"
            var name = String(try takeAny("a category"))
            if name == "{" {
                if take("^") { isNegated.toggle() }
                name = try text(until: "}")
            }
            guard Unicode.GeneralCategory.names.contains(name) else {
                throw fault("'\(name)' is no general category of Unicode; scripts are not supported")
            }
            return ScalarSet(items: [.category(name, isNegated: isNegated)])
        default: return nil
        }
    }

    private mutating func escapedScalar() throws(EvaluationError) -> Unicode.Scalar {
        let letter = try takeAny("an escaped character")
        switch letter {
        case "a": return "\u{07}"
        case "f": return "\u{0C}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "v": return "\u{0B}"
        case "x":
            let digits =
                take("{") ? try text(until: "}") : String(try takeAny("a digit")) + String(try takeAny("a digit"))
            guard let scalar = UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init) else {
                throw fault("'\(digits)' is no code of a character")
            }
            return scalar
        case "0":
            var value: UInt32 = 0
            for _ in 0..<2 {
                guard let scalar = current, ("0"..."7").contains(scalar) else { break }
                value = value * 8 + scalar.value - 0x30
                next += 1
            }
            return Unicode.Scalar(value) ?? "\u{0}"
        case "1"..."9": throw fault("there are no references to groups")
        default:
            guard letter.isASCII, let byte = UInt8(exactly: letter.value), !byte.isASCIILetter else {
                throw fault("no such escape '\\\(letter)'")
            }
            return letter
        }
    }

    private mutating func bracketed() throws(EvaluationError) -> ScalarSet {
        var set = ScalarSet(items: [], isNegated: take("^"), foldsCase: flags.foldsCase)
        repeat {
            if take("[:") {
                let isNegated = take("^")
                let name = try text(until: ":")
                guard take("]"), let named = ScalarSet.named[name] else { throw fault("no such class '[:\(name):]'") }
                set.items.append(.set(isNegated ? named.inverted : named))
                continue
            }
            if current == "\\" {
                next += 1
                if let escaped = try escapedSet() {
                    set.items.append(.set(escaped))
                    continue
                }
                next -= 1
            }
            let first = try bracketedScalar()
            var last = first
            if current == "-", next + 1 < scalars.count, scalars[next + 1] != "]" {
                next += 1
                last = try bracketedScalar()
            }
            guard first <= last else { throw fault("the range \(first)-\(last) runs backwards") }
            set.items.append(.range(first...last))
        } while !take("]")
        return set
    }

    private mutating func bracketedScalar() throws(EvaluationError) -> Unicode.Scalar {
        let scalar = try takeAny("']'")
        return scalar == "\\" ? try escapedScalar() : scalar
    }
}
