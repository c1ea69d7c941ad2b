import CEL
import Testing

@Suite("What is wrong is said")
struct MessageTests {
    @Test(
        "An issue has its place, what was expected, and what was found",
        arguments: [
            ("1 +", "1:4: expected a value, found the end"),
            ("a &&\n  'x'", "2:3: expected bool, found string"),
            ("n + 'x'", "1:3: expected int + int, found int + string"),
            ("n == 'x'", "1:6: expected int to compare with, found string"),
            ("nn > 1", "1:1: undeclared name 'nn': did you mean 'n'?"),
            ("member.agee > 1", "1:8: member has no field 'agee': did you mean 'age'?"),
            ("member.salary > 1", "1:8: member has no field 'salary' (it has age, name, works)"),
            (
                "size(1)",
                "1:1: expected size(string) or size(bytes) or size(list(T)) or size(map(K, V)), found size(int)"
            ),
            ("name.startWith('a')", "1:6: no function 'startWith': did you mean 'startsWith'?"),
            ("name.startsWith(1)", "1:17: expected string, found int"),
            ("a ? 1 : 'x'", "1:3: expected one type on both sides of ':', found int and string"),
            ("[1].all(1, true)", "1:9: all expects the name of its variable here"),
            ("n.all(i, true)", "1:1: expected a list or a map for all, found int"),
            ("n = 1", "1:3: no expression has the character '=': write == to compare"),
            ("name.matches('(')", "1:14: bad pattern at character 2: expected ')'"),
            ("'é' + 1 + 'x", "1:11: this string literal has no closing quote"),
            (
                "9223372036854775808",
                "1:1: 9223372036854775808 does not fit an int: write 9223372036854775808u for a uint"
            ),
        ])
    func message(_ source: String, _ expected: String) {
        let variables = [
            Variable(name: "a", type: .bool), Variable(name: "n", type: .int), Variable(name: "name", type: .string),
            Variable(name: "member", type: .record(memberType)),
        ]
        #expect(issues(source, variables) == [expected])
    }

    @Test("Every issue is reported, each with a caret under its place")
    func description() {
        do throws(CompilationError) {
            _ = try Environment(variables: [Variable(name: "n", type: .int)]).compile("m > 1 &&\n\tn")
            Issue.record("it compiles")
        } catch {
            #expect(
                error.description == """
                    1:1: undeclared name 'm': did you mean 'n'?
                      m > 1 &&
                      ^
                    2:2: expected bool, found int
                      \tn
                      \t^
                    """)
        }
    }

    @Test("An error of evaluation has its place too")
    func evaluationError() throws {
        guard case .error(let error) = try evaluate("1 + n / 0", ["n": 1]) else {
            Issue.record("no error")
            return
        }
        #expect(error.kind == .divisionByZero)
        #expect(error.description == "1:7: division by zero")
    }
}

@Suite("Records, functions and references of the host")
struct HostTests {
    private let member = Value.record(TestRecord([70, "Adi", false], type: memberType))

    @Test("Fields are read by their place, also through lists, optionals and dyn")
    func fields() throws {
        let source =
            "m.age == 70 && [m].exists(x, x.name == 'Adi') && optional.of(m).name.value() == 'Adi' "
            + "&& dyn(m).age == 70 && [m][0].works == false && m.?age.hasValue() && has(m.age)"
        #expect(try evaluate(source, ["m": member]) == .value(true))
        #expect(try evaluate("type(m)", ["m": member]) == .value(.type(TypeName("member"))))
    }

    @Test("A field that is null is not there")
    func absent() throws {
        let values: [String: Value] = ["m": .record(TestRecord([.null, "Adi", false], type: memberType))]
        #expect(try evaluate("has(m.age) || m.age != null || m.?age.hasValue()", values) == .value(false))
        guard case .error(let error) = try evaluate("m.age > 1", values) else {
            Issue.record("null is more than 1")
            return
        }
        #expect(error.kind == .noSuchOverload)
    }

    @Test("Records of one type are equal when their fields are")
    func equality() throws {
        let twin = Value.record(TestRecord([70, "Adi", false], type: memberType))
        let other = Value.record(TestRecord([71, "Adi", false], type: memberType))
        #expect(try evaluate("m == n && m != o", ["m": member, "n": twin, "o": other]) == .value(true))
    }

    @Test("A variable's name may have dots; the longest name wins, a macro's variable before it")
    func names() throws {
        let values: [String: Value] = ["a.b": 1, "a.b.c": 2]
        #expect(try evaluate("a.b.c * 10 + a.b + [3].map(x, x)[0]", values) == .value(24))
        #expect(try evaluate("has(a.b) && [{'b': 5}].exists(a, a.b == 5)", values) == .value(true))
        #expect(try evaluate("[7].map(n, .n + n)", ["n": 1]) == .value([8]))
    }

    @Test("A host's function is checked and called")
    func function() throws {
        let twice = Function("twice", .init(isMember: true, parameters: [.int], result: .int)) { values in
            guard case .int(let value) = values[0] else { return .null }
            return .int(value * 2)
        }
        let variables = [Variable(name: "x", type: .int), Variable(name: "d", type: .dyn)]
        let environment = Environment(variables: variables, functions: [twice])
        let expression = try environment.compile("x.twice() + 1")
        #expect(expression.type == .int)
        #expect(expression.evaluate(Bindings([4, 0])) == .value(9))
        #expect(expression.evaluate(environment.bindings([:])) == .unknown(Unknown("x")))
        #expect(throws: CompilationError.self) { try environment.compile("'a'.twice()") }
        guard case .error(let error) = try environment.compile("d.twice()").evaluate(Bindings([1, "a"])) else {
            Issue.record("a string was doubled")
            return
        }
        #expect(error.kind == .noSuchOverload)
    }

    @Test("References are the variables and fields that are read, in the order of the text")
    func references() throws {
        let environment = Environment(variables: [
            Variable(name: "unused", type: .int), Variable(name: "list", type: .list(.record(memberType))),
            Variable(name: "a.b", type: .int),
        ])
        let expression = try environment.compile("a.b > 1 && list.exists(m, m.age > a.b || has(m.works))")
        #expect(
            expression.references == [
                .variable("a.b"), .variable("list"), .field(record: "member", name: "age"),
                .field(record: "member", name: "works"),
            ])
    }

    @Test("One expression may be evaluated by many threads at once")
    func threads() async throws {
        let environment = Environment(variables: [Variable(name: "n", type: .int)])
        let expression = try environment.compile("[1, 2, 3].map(i, i * n).exists(i, i == 3 * n)")
        let outcomes = await withTaskGroup(of: Outcome.self) { group in
            for n in 0..<100 { group.addTask { expression.evaluate(Bindings([.int(Int64(n))])) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.allSatisfy { $0 == .value(true) })
    }
}

@Suite("The language where cel-spec's cases say little")
struct LanguageTests {
    @Test(
        "Values",
        arguments: [
            // Strings are code points, not what looks alike.
            ("'é' == 'e\\u0301'", false), ("size('e\\u0301\\r\\n') == 4", true), ("'\\r\\n'.contains('\\n')", true),
            ("{'é': 1, 'e\\u0301': 2}.size() == 2", true), ("'a\\r\\nb'.split('\\n').size() == 2", true),
            // Zones and calendars.
            ("timestamp('2024-02-29T23:30:00Z').getDate('Asia/Jakarta') == 1", true),
            ("timestamp('2025-01-01T00:00:00+07:00') == timestamp('2024-12-31T17:00:00Z')", true),
            ("timestamp('1969-12-31T23:59:59.5Z') < timestamp(0)", true),
            ("timestamp('2000-12-31T00:00:00Z').getDayOfYear() == 365", true),
            ("duration('1h') + duration('30m') == duration('1.5h')", true),
            ("timestamp(0) - timestamp('1970-01-01T00:00:00.25Z') == duration('-250ms')", true),
            ("string(duration('-1.5s')) == '-1.5s'", true),
            // Lists and maps.
            ("[3, 1, 2].sort() == [1, 2, 3]", true), ("['b', 'a'].sort().reverse() == ['b', 'a']", true),
            ("[1, 2, 3].slice(1, 3) == [2, 3]", true), ("lists.range(3) == [0, 1, 2]", true),
            ("[[1], [2, [3]]].flatten(2) == [1, 2, 3]", true), ("[1, 1u, 1.0, 2].distinct().size() == 2", true),
            ("[].first().hasValue()", false), ("{'a': 1}.transformMapEntry(k, v, {v: k}) == {1: 'a'}", true),
            ("[1, 2].map(i, i > 1, i * 10) == [20]", true),
        ])
    func value(_ source: String, _ expected: Bool) throws {
        #expect(try evaluate(source, checking: false) == .value(.bool(expected)))
    }

    @Test(
        "An error of one operand does not matter where the other decides",
        arguments: [
            ("false && 1 / 0 > 0", false), ("1 / 0 > 0 && false", false), ("true || 1 / 0 > 0", true),
            ("1 / 0 > 0 || true", true), ("[0, 1].exists(i, 1 / i == 1)", true), ("[0, 2].all(i, 1 / i == 1)", false),
            ("cel.bind(x, 1 / 0, true || x > 1)", true),
        ])
    func absorption(_ source: String, _ expected: Bool) throws {
        #expect(try evaluate(source) == .value(.bool(expected)))
    }

    @Test("The syntax keeps what was written, with places and types")
    func syntax() throws {
        let environment = Environment(variables: [
            Variable(name: "members", type: .list(.record(memberType))), Variable(name: "n", type: .int),
        ])
        let expression = try environment.compile("n > 1 && n < 5 && members.exists(m, has(m.age))")
        guard case .call("_&&_", nil, let operands) = expression.syntax.kind, operands.count == 3 else {
            Issue.record("\(expression.syntax)")
            return
        }
        guard case .macro(let call) = operands[2].kind else {
            Issue.record("\(operands[2])")
            return
        }
        #expect(call.macro == .exists && call.variables == ["m"])
        #expect(operands[2].position.column == 27)
        #expect(call.target.map { expression.type(of: $0) } == .list(.record(memberType)))
        var count = 0
        var ids: Set<Int> = []
        expression.syntax.visit { node in
            count += 1
            ids.insert(node.id)
        }
        #expect(count == ids.count && ids.contains(expression.syntax.id))
    }

    @Test("Typed JSON reads back as it was written")
    func typedJSON() throws {
        let map = try MapValue([(key: 1, value: "a"), (key: true, value: .null), (key: .uint(.max), value: [])])
        let value = Value.list([
            .null, true, .int(.min), .uint(.max), -0.5, .double(.nan), .double(-.infinity), "\u{0}\"\\\n😀",
            .bytes([0, 255]),
            .map(map), .optional(.none), .optional(OptionalValue(1)), .type(TypeName("int")),
            .duration(.milliseconds(-1500)), Timestamp("2025-01-31T00:00:00.5Z").map(Value.timestamp) ?? .null,
            .unknown(Unknown(["a", "b"])),
        ])
        #expect(try TypedJSON.decode(TypedJSON.encode(value)) == value)
    }

    @Test(
        "A batch answers every line",
        arguments: [
            (#"{"expr":"a + 1","bindings":{"a":{"int":"41"}}}"#, #"{"value":{"int":"42"}}"#),
            (#"{"expr":"1 / 0"}"#, #"{"error":"1:3: division by zero\n  1 / 0\n    ^"}"#),
            (#"{"expr":"a","bindings":{"a":{"unknown":["x"]}}}"#, #"{"unknown":["x"]}"#),
            (#"{"bindings":{}}"#, #"{"error":"the line has no \"expr\" with an expression"}"#),
            ("{", #"{"error":"bad JSON at byte 1: expected a string"}"#),
            (#"{"expr":"a","bindings":{"a":{"int":"x"}}}"#, #"{"error":"binding 'a': 'x' is no int"}"#),
            (
                String(repeating: "[", count: 100_000),
                #"{"error":"bad JSON at byte 201: it nests deeper than 200 levels"}"#
            ),
        ])
    func batch(_ line: String, _ answer: String) {
        #expect(CELBatch.answer(line: line) == answer)
    }
}
