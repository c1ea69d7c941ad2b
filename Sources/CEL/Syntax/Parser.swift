/// Reads an expression by recursive descent, no deeper than its limit allows.
struct Parser {
    let source: SourceText
    let maximumDepth: Int
    private let tokens: [Token]
    private var next = 0
    private var count = 0

    /// The syntax of a source text; parts are numbered from 0, the whole has the largest number.
    ///
    /// - Throws: The first fault of the text.
    static func parse(_ text: String, limits: Limits) throws(CompilationError) -> SyntaxNode {
        guard text.utf8.count <= limits.sourceBytes else {
            let message = "the expression has \(text.utf8.count) bytes, more than the \(limits.sourceBytes) allowed"
            let start = SourcePosition(line: 1, column: 1, offset: 0)
            throw CompilationError(
                source: String(text.prefix(200)), issues: [CompilationError.Issue(position: start, message: message)])
        }
        let source = SourceText(text)
        do throws(SyntaxFault) {
            var parser = Parser(
                source: source, maximumDepth: limits.depth, tokens: try Lexer.tokens(of: source.bytes))
            let node = try parser.expression(depth: 0)
            if parser.current.kind != .end { throw parser.unexpected("an operator or the end") }
            return node
        } catch {
            let issue = CompilationError.Issue(position: source.position(at: error.offset), message: error.message)
            throw CompilationError(source: text, issues: [issue])
        }
    }

    private init(source: SourceText, maximumDepth: Int, tokens: [Token]) {
        self.source = source
        self.maximumDepth = maximumDepth
        self.tokens = tokens
    }

    // MARK: Tokens

    private var current: Token { tokens[next] }

    private func isAt(_ symbol: String) -> Bool { current.kind == .symbol(symbol) }

    private mutating func advance() {
        if next < tokens.count - 1 { next += 1 }
    }

    private mutating func take(_ symbol: String) -> Bool {
        guard isAt(symbol) else { return false }
        advance()
        return true
    }

    private mutating func expect(_ symbol: String, _ purpose: String) throws(SyntaxFault) {
        if !take(symbol) { throw unexpected("'\(symbol)' \(purpose)") }
    }

    private func unexpected(_ expectation: String) -> SyntaxFault {
        SyntaxFault(offset: current.offset, message: "expected \(expectation), found \(current.kind.text)")
    }

    func tooDeep(_ offset: Int) -> SyntaxFault {
        SyntaxFault(offset: offset, message: "the expression nests deeper than \(maximumDepth) levels")
    }

    mutating func make(_ kind: SyntaxNode.Kind, _ offset: Int) throws(SyntaxFault) -> SyntaxNode {
        let probe = SyntaxNode(id: count, position: source.position(at: offset), kind: kind, height: 0)
        let height = (probe.children.map(\.height).max() ?? 0) + 1
        if height > maximumDepth { throw tooDeep(offset) }
        count += 1
        return SyntaxNode(id: probe.id, position: probe.position, kind: kind, height: height)
    }

    // MARK: Operators

    private mutating func expression(depth: Int) throws(SyntaxFault) -> SyntaxNode {
        if depth > maximumDepth { throw tooDeep(current.offset) }
        let condition = try binary(atLeast: 1, depth: depth)
        let offset = current.offset
        guard take("?") else { return condition }
        let yes = try binary(atLeast: 1, depth: depth + 1)
        try expect(":", "between the two values of ?:")
        let no = try expression(depth: depth + 1)
        return try make(.call(function: "_?_:_", target: nil, arguments: [condition, yes, no]), offset)
    }

    private static let precedence: [String: Int] = [
        "||": 1, "&&": 2, "<": 3, "<=": 3, ">": 3, ">=": 3, "==": 3, "!=": 3, "in": 3, "+": 4, "-": 4, "*": 5, "/": 5,
        "%": 5,
    ]

    private mutating func binary(atLeast minimum: Int, depth: Int) throws(SyntaxFault) -> SyntaxNode {
        var left = try unary(depth: depth)
        while case .symbol(let symbol) = current.kind, let precedence = Self.precedence[symbol], precedence >= minimum {
            let offset = current.offset
            var operands = [left]
            repeat {
                advance()
                operands.append(try binary(atLeast: precedence + 1, depth: depth + 1))
            } while precedence <= 2 && isAt(symbol)
            left = try make(
                .call(function: symbol == "in" ? "@in" : "_\(symbol)_", target: nil, arguments: operands), offset)
        }
        return left
    }

    private mutating func unary(depth: Int) throws(SyntaxFault) -> SyntaxNode {
        var operators: [(symbol: String, offset: Int)] = []
        while isAt("!") || isAt("-") {
            let isMinus = isAt("-")
            if isMinus, next + 1 < tokens.count, tokens[next + 1].kind.isSignedNumber { break }
            if operators.count == maximumDepth { throw tooDeep(current.offset) }
            operators.append((isMinus ? "-_" : "!_", current.offset))
            advance()
        }
        var node = try member(depth: depth)
        for (symbol, offset) in operators.reversed() {
            node = try make(.call(function: symbol, target: nil, arguments: [node]), offset)
        }
        return node
    }

    // MARK: Members

    private mutating func member(depth: Int) throws(SyntaxFault) -> SyntaxNode {
        var node = try primary(depth: depth)
        while true {
            let offset = current.offset
            if take(".") {
                node = try self.select(from: node, depth: depth)
            } else if take("[") {
                let isOptional = take("?")
                let index = try expression(depth: depth + 1)
                try expect("]", "after the index")
                node = try make(
                    .call(function: isOptional ? "_[?_]" : "_[_]", target: nil, arguments: [node, index]), offset)
            } else if isAt("{"), node.qualifiedName != nil {
                throw SyntaxFault(
                    offset: offset,
                    message: "expected an operator or the end, found '{': there are no messages to build")
            } else {
                return node
            }
        }
    }

    private mutating func select(from operand: SyntaxNode, depth: Int) throws(SyntaxFault) -> SyntaxNode {
        let isOptional = take("?")
        let offset = current.offset
        let field: String
        switch current.kind {
        case .identifier(let name):
            field = name
            advance()
            if !isOptional, take("(") {
                return try call(name, target: operand, offset: offset, depth: depth)
            }
        case .quotedIdentifier(let name):
            field = name
            advance()
        default: throw unexpected("a field's name after '.'")
        }
        return try make(.select(operand: operand, field: field, isOptional: isOptional), offset)
    }

    private mutating func call(_ name: String, target: SyntaxNode?, offset: Int, depth: Int) throws(SyntaxFault)
        -> SyntaxNode
    {
        var arguments: [SyntaxNode] = []
        if !take(")") {
            repeat { arguments.append(try expression(depth: depth + 1)) } while take(",")
            try expect(")", "after the arguments of \(name)")
        }
        if let expansion = try expansion(of: name, target: target, arguments: arguments, offset) { return expansion }
        if let macro = try MacroCall(name, target: target, arguments: arguments) {
            return try make(.macro(macro), offset)
        }
        return try make(.call(function: name, target: target, arguments: arguments), offset)
    }

    // MARK: Primaries

    private static let reserved: Set<String> = [
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package",
        "namespace", "return", "var", "void", "while",
    ]

    private mutating func primary(depth: Int) throws(SyntaxFault) -> SyntaxNode {
        let token = current
        advance()
        switch token.kind {
        case .identifier(let name): return try identifier(name, isAbsolute: false, offset: token.offset, depth: depth)
        case .int(let magnitude): return try integer(magnitude, isNegative: false, token.offset)
        case .uint(let value): return try make(.literal(.uint(value)), token.offset)
        case .double(let value): return try make(.literal(.double(value)), token.offset)
        case .string(let value): return try make(.literal(.string(value)), token.offset)
        case .bytes(let value): return try make(.literal(.bytes(value)), token.offset)
        case .symbol("true"): return try make(.literal(.bool(true)), token.offset)
        case .symbol("false"): return try make(.literal(.bool(false)), token.offset)
        case .symbol("null"): return try make(.literal(.null), token.offset)
        case .symbol("-"): return try negativeNumber(token.offset)
        case .symbol("("):
            let node = try expression(depth: depth + 1)
            try expect(")", "to close the bracket")
            return node
        case .symbol("["): return try list(token.offset, depth: depth)
        case .symbol("{"): return try map(token.offset, depth: depth)
        case .symbol("."):
            guard case .identifier(let name) = current.kind else { throw unexpected("a name after '.'") }
            advance()
            return try identifier(name, isAbsolute: true, offset: token.offset, depth: depth)
        default:
            throw SyntaxFault(offset: token.offset, message: "expected a value, found \(token.kind.text)")
        }
    }

    private mutating func identifier(_ name: String, isAbsolute: Bool, offset: Int, depth: Int) throws(SyntaxFault)
        -> SyntaxNode
    {
        if Self.reserved.contains(name) {
            throw SyntaxFault(offset: offset, message: "'\(name)' is a reserved word and names nothing")
        }
        if take("(") { return try call(name, target: nil, offset: offset, depth: depth) }
        return try make(.identifier(name: name, isAbsolute: isAbsolute), offset)
    }

    private mutating func negativeNumber(_ offset: Int) throws(SyntaxFault) -> SyntaxNode {
        let token = current
        advance()
        switch token.kind {
        case .int(let magnitude): return try integer(magnitude, isNegative: true, offset)
        case .double(let value): return try make(.literal(.double(-value)), offset)
        default: throw SyntaxFault(offset: token.offset, message: "expected a number, found \(token.kind.text)")
        }
    }

    private mutating func integer(_ magnitude: UInt64, isNegative: Bool, _ offset: Int)
        throws(SyntaxFault) -> SyntaxNode
    {
        let value = isNegative ? Int64(exactly: magnitude).map { -$0 } : Int64(exactly: magnitude)
        if let value { return try make(.literal(.int(value)), offset) }
        if isNegative, magnitude == Int64.min.magnitude { return try make(.literal(.int(.min)), offset) }
        throw SyntaxFault(
            offset: offset,
            message: "\(isNegative ? "-" : "")\(magnitude) does not fit an int: write \(magnitude)u for a uint")
    }

    private mutating func list(_ offset: Int, depth: Int) throws(SyntaxFault) -> SyntaxNode {
        var elements: [SyntaxNode.ListElement] = []
        while !isAt("]") {
            let isOptional = take("?")
            elements.append(.init(value: try expression(depth: depth + 1), isOptional: isOptional))
            if !take(",") { break }
        }
        try expect("]", "to close the list")
        return try make(.list(elements), offset)
    }

    private mutating func map(_ offset: Int, depth: Int) throws(SyntaxFault) -> SyntaxNode {
        var entries: [SyntaxNode.MapEntry] = []
        while !isAt("}") {
            let isOptional = take("?")
            let key = try expression(depth: depth + 1)
            try expect(":", "after the key")
            entries.append(.init(key: key, value: try expression(depth: depth + 1), isOptional: isOptional))
            if !take(",") { break }
        }
        try expect("}", "to close the map")
        return try make(.map(entries), offset)
    }
}

extension Token.Kind {
    /// Whether a minus before it belongs to the number.
    fileprivate var isSignedNumber: Bool {
        switch self {
        case .int, .double: true
        default: false
        }
    }
}
