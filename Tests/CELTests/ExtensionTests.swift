import CEL
import Testing

/// An expression and its value; nothing where it has none.
struct Example: Sendable, CustomTestStringConvertible {
    let source: String
    let value: Value?

    init(_ source: String, _ value: Value?) {
        self.source = source
        self.value = value
    }

    var testDescription: String { source }

    /// The value, if the expression compiles and has one.
    func found(_ container: String = "", checking: Bool = true) -> Value? {
        let environment = Environment(checking: checking, container: container)
        guard let expression = try? environment.compile(source),
            case .value(let value) = expression.evaluate(environment.bindings([:]))
        else { return nil }
        return value
    }
}

@Suite("Extensions")
struct ExtensionTests {
    @Test(
        "sortBy puts a list in the order of its elements' keys",
        arguments: [
            Example("[3, 1, 2].sortBy(x, -x)", [3, 2, 1]), Example("[].sortBy(x, x)", []),
            Example("['bb', 'a', 'ccc'].sortBy(s, s.size())", ["a", "bb", "ccc"]),
            Example("['b1', 'a1', 'c0'].sortBy(s, s.charAt(1))", ["c0", "b1", "a1"]),
            Example("[[3, 1], [2]].sortBy(l, l.sortBy(e, e)[0])", [[3, 1], [2]]),
            Example("[2, 1].sortBy(x, [x])", nil), Example("[2, 1].sortBy(x, x == 1 ? dyn('a') : dyn(1))", nil),
            Example("{2: 1}.sortBy(x, x)", nil), Example("[2, 1].sortBy(1, 2)", nil), Example("[1, 2u].sort()", nil),
        ])
    func sorting(_ example: Example) {
        #expect(example.found() == example.value)
        #expect(example.found(checking: false) == example.value)
    }

    @Test(
        "Lists are compared as sets by the language's equality",
        arguments: [
            Example("sets.contains([], [])", true), Example("sets.contains([], [1])", false),
            Example("sets.contains([1, 2, 3], [3, 3, 1])", true),
            Example("sets.contains([1, 2.0, 3u], [1.0, 2u])", true),
            Example("sets.equivalent([1], [1, 1])", true), Example("sets.equivalent([1, 2], [1])", false),
            Example("sets.intersects([1], [])", false), Example("sets.intersects([[1], [2, 3]], [[2, 3]])", true),
            Example("sets.contains([1], 1)", nil),
        ])
    func sets(_ example: Example) { #expect(example.found() == example.value) }

    @Test(
        "Optionals in lists are unwrapped",
        arguments: [
            Example("optional.unwrap([optional.of(1), optional.none(), optional.of(2)])", [1, 2]),
            Example("[optional.none(), optional.of('a')].unwrapOpt()", ["a"]), Example("[1].unwrapOpt()", nil),
        ])
    func unwrapping(_ example: Example) { #expect(example.found() == example.value) }

    @Test(
        "The parts of a block are computed once and read by their place",
        arguments: [
            Example("cel.block([20, cel.index(0) + 1], cel.index(0) + cel.index(1))", 41),
            Example("cel.block([], 5)", 5), Example("cel.block([1 / 0], 5)", 5),
            Example("cel.block([1 / 0], cel.index(0))", nil), Example("cel.block([cel.index(1), 1], 2)", nil),
            Example("cel.index(0)", nil), Example("cel.block(1, 2)", nil),
            Example("cel.block([?optional.of(1)], 2)", nil),
            Example("cel.block([1], cel.index(-1))", nil),
            Example("[1, 2].map(cel.iterVar(0, 0), [3].map(cel.iterVar(1, 0), cel.iterVar(0, 0)))", [[1], [2]]),
        ])
    func blocks(_ example: Example) { #expect(example.found() == example.value) }

    @Test("What is not known in a block matters only where it is read")
    func unknownBlock() throws {
        let types: [String: CELType] = ["x": .int]
        #expect(try evaluate("cel.block([x, 1], cel.index(1))", types: types) == .value(1))
        #expect(try evaluate("cel.block([x, 1], cel.index(0))", types: types) == .unknown(Unknown("x")))
        #expect(try evaluate("[1, x].sortBy(i, i)", types: types) == .unknown(Unknown("x")))
    }

    @Test(
        "format shows numbers without what says nothing, and one character for bytes that are no text",
        arguments: [
            Example("'%d'.format([3.14])", "3.14"), Example("'%d'.format([2.0])", "2"),
            Example(#"'%s'.format([b'a\xff\xfe\xfdb'])"#, "a\u{FFFD}b"),
            Example(#"'%s'.format([b'\xef\xbf\xbd\xff'])"#, "\u{FFFD}\u{FFFD}"),
        ])
    func format(_ example: Example) { #expect(example.found() == example.value) }
}

@Suite("Containers")
struct ContainerTests {
    private static let values: [String: Value] = ["a.b.x": 1, "a.x": 2, "x": 3, "a.y.z": 42, "y.z": 7]

    @Test(
        "A name is looked up from the container outwards, a macro's variable before all",
        arguments: [
            ("x", "a.b", 1), ("x", "a.c", 2), ("x", "a", 2), ("x", "", 3), (".x", "a.b", 3), ("b.x", "a", 1),
            ("y.z", "a", 42), (".y.z", "a", 7), ("[5].map(x, x)[0]", "a.b", 5), ("[5].map(x, .x)[0]", "a.b", 3),
            ("[{'z': 5}].map(y, y.z)[0]", "a", 5), ("[{'z': 5}].map(y, .y.z)[0]", "a", 7), ("abs(-4)", "math", 4),
            ("math.abs(-4)", "a.b", 4), ("size([x])", "a.b", 1),
        ])
    func names(_ source: String, _ container: String, _ value: Int64) throws {
        let variables = Self.values.keys.sorted().map { Variable(name: $0, type: .int) }
        for isChecking in [true, false] {
            let environment = Environment(variables: variables, checking: isChecking, container: container)
            let expression = try environment.compile(source)
            #expect(expression.evaluate(environment.bindings(Self.values)) == .value(.int(value)))
        }
    }

    @Test("What an expression reads is named in full")
    func references() throws {
        let environment = Environment(variables: [Variable(name: "a.x", type: .int)], container: "a.b")
        #expect(try environment.compile("x + 1").references == [.variable("a.x")])
    }
}

@Suite("Network addresses")
struct NetworkTests {
    @Test(
        "What is no address is refused",
        arguments: [
            "", "10.20.30", "10.20.30.256", "10.20.30.04", "10.20.30.4.", ".10.20.30.4", "1.2.3.4.5", ":", ":::",
            "::1::",
            "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7:", "1:2:3:4::5:6:7:8", "12345::",
            "g::",
            "1.2.3.4::", "1:2:3:4:5:6:7:1.2.3.4", "fe80::1%eth0", "::ffff:1.2.3.4", " 1.2.3.4", "1.2.3.4/8", "é",
        ])
    func refused(_ text: String) {
        #expect(Example("isIP('\(text)')", nil).found() == false)
        #expect(Example("ip('\(text)')", nil).found() == nil)
        #expect(Example("isCIDR('\(text)')", nil).found() == .bool(text == "1.2.3.4/8"))
        #expect(Example("isCIDR('\(text)/200')", nil).found() == false)
    }

    @Test(
        "An address is written in one way",
        arguments: [
            ("10.20.30.40", "10.20.30.40"), ("0:0:0:0:0:0:0:0", "::"), ("1:0:0:0:0:0:0:0", "1::"),
            ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            ("::1.2.3.4", "::102:304"), ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"), ("::ffff:102:304", "1.2.3.4"),
            ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
        ])
    func written(_ text: String, _ canonical: String) {
        #expect(Example("string(ip('\(text)'))", nil).found() == .string(canonical))
        #expect(Example("ip.isCanonical('\(text)')", nil).found() == .bool(text == canonical))
        #expect(Example("ip('\(text)') == ip('\(canonical)')", nil).found() == true)
    }

    @Test(
        "Addresses and ranges answer what they are asked",
        arguments: [
            Example("ip('1.1.1.1').family()", 4), Example("ip('1::').family()", 6),
            Example("type(ip('1::')) == net.IP && type(cidr('1::/8')) == net.CIDR", true),
            Example("ip('::').isUnspecified() && !ip('::1').isUnspecified()", true),
            Example("ip('127.9.9.9').isLoopback() && ip('::1').isLoopback() && !ip('::2').isLoopback()", true),
            Example("ip('10.1.1.1').isGlobalUnicast() && ip('2001:db8::1').isGlobalUnicast()", true),
            Example("ip('224.1.1.1').isGlobalUnicast() || ip('255.255.255.255').isGlobalUnicast()", false),
            Example("ip('224.0.0.9').isLinkLocalMulticast() && ip('ff12::9').isLinkLocalMulticast()", true),
            Example("ip('224.0.1.9').isLinkLocalMulticast() || ip('ff03::9').isLinkLocalMulticast()", false),
            Example("ip('169.254.1.1').isLinkLocalUnicast() && ip('feb0::9').isLinkLocalUnicast()", true),
            Example("ip('fec0::9').isLinkLocalUnicast()", false),
            Example("cidr('10.1.2.3/8') == cidr('10.0.0.0/8')", false),
            Example("cidr('10.1.2.3/8').masked() == cidr('10.0.0.0/8')", true),
            Example("cidr('10.255.2.3/9').masked().ip() == ip('10.128.0.0')", true),
            Example("cidr('10.1.2.3/8').prefixLength()", 8), Example("string(cidr('2001:DB8::/33'))", "2001:db8::/33"),
            Example("cidr('10.0.0.0/9').containsIP('10.127.0.1')", true),
            Example("cidr('10.0.0.0/9').containsIP(ip('10.128.0.1'))", false),
            Example("cidr('0.0.0.0/0').containsIP('::1')", false),
            Example("cidr('10.0.0.0/8').containsCIDR('10.3.0.0/16')", true),
            Example("cidr('10.0.0.0/8').containsCIDR(cidr('10.0.0.0/7'))", false),
            Example("ip('::1') in [ip('1.1.1.1'), ip('::1')]", true),
            Example("dyn(ip('::1')) == cidr('::1/128')", false),
            Example("isIP(cidr('10.0.0.0/8'))", nil), Example("cidr('10.0.0.0')", nil),
            Example("cidr('10.0.0.0/08')", nil),
            Example("cidr('fe80::1%en0/24')", nil), Example("cidr('::ffff:1.2.3.4/100')", nil),
            Example("cidr('10.0.0.0/8').containsIP('x')", nil), Example("ip('::1').bytes", nil),
        ])
    func answers(_ example: Example) { #expect(example.found() == example.value) }
}

@Suite("Places of errors")
struct PlaceTests {
    @Test("A fault of evaluation points at its place, as one of the syntax does")
    func carets() {
        let line = #"{"expr":"1 +\n\tsize([1, 2]) / (1 - 1)"}"#
        #expect(
            CELBatch.answer(line: line).contains(
                #"2:15: division by zero\n  \tsize([1, 2]) / (1 - 1)\n  \t             ^""#))
        #expect(CELBatch.answer(line: #"{"expr":"1 +"}"#).contains(#"\n  1 +\n     ^""#))
    }

    @Test(
        "Every error of evaluation has a place",
        arguments: [
            "[1].all(x, x)", "[1].map(x, 1, x)", "[1].transformMapEntry(i, x, x)",
            "[1, 2].transformMapEntry(i, x, {1: x})",
            "1.all(x, true)", "{1: 1, 1: 2}", "[?1]", "true ? 1 / 0 : 1", "[1][5]", "{}.a", "-'a'", "1 && 2", "!1",
            "optional.none().value()", "1.or(2)", "1.optMap(x, x)", "lists.range(99999999).map(x, x)", "f(1)", "y",
            "[1, 2].sortBy(x, {})", "lists.range(9999999).map(x, x).size()", "'x'.matches('(')",
        ])
    func places(_ source: String) throws {
        guard case .error(let error) = try evaluate(source, checking: false) else {
            Issue.record("\(source) has a value")
            return
        }
        #expect(error.position != nil)
        #expect(error.description(in: source).hasSuffix("^"))
    }
}

@Suite("Literals")
struct LiteralTests {
    /// What stands between the quotes, what it means, and whether it fits quotes of one character too.
    private static let texts: [(source: String, value: String, isOneLine: Bool)] = [
        ("hello", "hello", true), (#" \\ \? \" \' \` "#, " \\ ? \" ' ` ", true), (" ? ` ", " ? ` ", true),
        (#" \a \b \f \t \v "#, " \u{7} \u{8} \u{C} \t \u{B} ", true),
        (" \u{7} \u{8} \u{C} \t \u{B} \u{1} \u{1F} \u{7F} ", " \u{7} \u{8} \u{C} \t \u{B} \u{1} \u{1F} \u{7F} ", true),
        (#" \n \r \r\n "#, " \n \r \r\n ", true), (" \n \r \r\n ", " \n \r \r\n ", false),
        (#" \000 \012 \177 \x00 \X0A \x7f \x4B "#, " \0 \n \u{7F} \0 \n \u{7F} K ", true),
    ]
    private static let quotes = ["'", "\"", "'''", "\"\"\""]

    @Test("Strings and bytes of all quotes know the same escapes", arguments: quotes)
    func escapes(_ quote: String) throws {
        for text in Self.texts where text.isOneLine || quote.count == 3 {
            let literal = "\(quote)\(text.source)\(quote)"
            #expect(try evaluate(literal) == .value(.string(text.value)), "\(literal)")
            for prefix in ["b", "B"] {
                #expect(try evaluate(prefix + literal) == .value(.bytes(Array(text.value.utf8))), "\(prefix)\(literal)")
            }
        }
        #expect(
            try evaluate("\(quote)\\u0100\\uFFFB\\U0001F62C\\U00088888\u{88888}\(quote)")
                == .value("\u{100}\u{FFFB}\u{1F62C}\u{88888}\u{88888}"))
        #expect(try evaluate("b\(quote)\\377\\xFF\\Xff\(quote)") == .value(.bytes([255, 255, 255])))
    }

    @Test("Raw strings and bytes know none", arguments: quotes)
    func raw(_ quote: String) throws {
        let content = #" \\ \? \` \a \n \000 \x00 \u0000 \q "#
        for prefix in ["r", "R"] { #expect(try evaluate(prefix + quote + content + quote) == .value(.string(content))) }
        for prefix in ["br", "bR", "Br", "BR"] {
            #expect(try evaluate(prefix + quote + content + quote) == .value(.bytes(Array(content.utf8))))
        }
    }

    @Test(
        "What is no literal is refused",
        arguments: [
            #"b'\u0041'"#, #"b'\U00000041'"#, #"'\U00110000'"#, #"'\uD800'"#, #"'\400'"#, #"'\q'"#, "'\n'", #"'\'"#,
            #"'\x1'"#, #"'\u12'"#, "rb'x'", "rr'x'", "bb'x'", #"'\8'"#, "0x", "1e", "99999999999999999999", "'''a''",
        ])
    func refused(_ source: String) { #expect(!issues(source).isEmpty) }

    @Test("A uint is read without a sign")
    func unsigned() throws {
        guard case .error = try evaluate("uint('-0')") else {
            Issue.record("-0 was read")
            return
        }
    }

    @Test(
        "Reserved words name no variables, but fields and methods",
        arguments: [
            "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package",
            "namespace", "return", "var", "void", "while",
        ])
    func reserved(_ word: String) throws {
        #expect(issues(word, [Variable(name: word, type: .int)]).first?.contains("reserved") == true)
        #expect(try evaluate("{'\(word)': 1}.\(word)") == .value(1))
        #expect(try evaluate("x.\(word)() || true", ["x": 1], checking: false) == .value(true))
    }

    @Test(
        "Blanks, line ends and comments may stand between all words",
        arguments: [" ", "\t", "\n", "\u{C}", "\r", "// @\n"])
    func blanks(_ blank: String) throws {
        let words = [
            "[", ".", "x", "]", "[", "0", "]", "==", "(", "18", "-", "1", ")", "&&", "!", "false", "?", "1", ":", "2",
        ]
        #expect(try evaluate(words.joined(separator: blank), ["x": 17]) == .value(1))
    }
}
