import CEL
import Testing

@Suite("Unknown inputs")
struct UnknownTests {
    private func outcome(_ source: String) throws -> Outcome {
        let unknown = TestRecord([.unknown(Unknown("m.age")), "Siti", true], type: memberType)
        let known = TestRecord([70, "Adi", false], type: memberType)
        return try evaluate(
            source,
            [
                "yes": true, "no": false, "n": 7, "members": .list([.record(unknown), .record(known)]),
                "unknowns": .list([.record(unknown), .record(unknown)]),
                "knowns": .list([.record(known), .record(known)]),
                "partly": .list([1, .unknown(Unknown("second"))]),
            ],
            types: [
                "a": .bool, "b": .bool, "x": .int, "y": .int, "text": .string, "list": .list(.int),
                "members": .list(.record(memberType)), "unknowns": .list(.record(memberType)),
                "knowns": .list(.record(memberType)), "partly": .list(.int),
            ])
    }

    @Test(
        "The known part decides where it can",
        arguments: [
            ("no && a", false), ("a && no", false), ("yes || a", true), ("a || yes", true), ("yes ? no : a", false),
            ("members.exists(m, m.age > 60)", true), ("members.all(m, m.age < 60)", false),
            ("members.exists(m, m.name == 'Adi')", true), ("has(members[0].name)", true),
            ("knowns.exists_one(m, m.age > 60) || a && no", false), ("1 in partly", true), ("size(partly) == 2", true),
            ("partly == [2, 5]", false), ("[1, 2] == [1]", false), ("cel.bind(z, x, true)", true),
            ("cel.bind(z, 1 / x, true)", true), ("optional.of(1).orValue(x) == 1", true),
            ("(members + knowns).exists_one(m, m.age > 60)", false),
        ])
    func known(_ source: String, _ value: Bool) throws {
        #expect(try outcome(source) == .value(.bool(value)))
    }

    @Test(
        "Everything else is unknown, and names all that mattered",
        arguments: [
            ("a && b", ["a", "b"]), ("a || b", ["a", "b"]), ("yes && a", ["a"]), ("!a", ["a"]), ("a ? 1 : x", ["a"]),
            ("x + y > 0", ["x", "y"]), ("x == y", ["x", "y"]), ("[x, 1, y]", ["x", "y"]), ("{1: x}", ["x"]),
            ("text.contains('a')", ["text"]), ("text.replace(text, 'b') == ''", ["text"]), ("size(list)", ["list"]),
            ("list.all(i, true)", ["list"]), ("members.all(m, m.age > 60)", ["m.age"]),
            ("members.filter(m, m.age > 60)", ["m.age"]), ("members.map(m, m.age)", ["m.age"]),
            ("members.exists(m, m.age == x)", ["m.age", "x"]), ("has(members[0].age)", ["m.age"]),
            ("dyn(x) == null", ["x"]), ("x == null", ["x"]), ("partly", ["second"]), ("partly.sort()", ["second"]),
            ("2 in partly", ["second"]), ("knowns.exists_one(m, 10 / x > m.age)", ["x"]),
            ("optional.of(x)", ["x"]), ("[1, 2].exists_one(i, i / x == 1 || true)", ["x"]),
            ("unknowns.exists_one(m, m.age > 60)", ["m.age"]),
        ])
    func unknown(_ source: String, _ names: [String]) throws {
        if source.hasSuffix("|| true)") {
            #expect(try outcome(source) == .value(false))
        } else {
            #expect(try outcome(source) == .unknown(Unknown(Set(names))))
        }
    }

    @Test(
        "An unknown that is left hides an error that is left, on either side",
        arguments: [
            "1 / 0 > 0 && a", "a && 1 / 0 > 0", "1 / 0 + x", "x + 1 / 0", "[1 / 0, x]", "{1 / 0: x}",
            "members.map(m, m.age > 0 ? 1 : 1 / 0)", "members.map(m, m.age == 70 ? 1 / 0 : m.age)",
        ])
    func precedence(_ source: String) throws {
        guard case .unknown = try outcome(source) else {
            Issue.record("\(source) is \(try outcome(source))")
            return
        }
    }

    @Test("Two that hold settle exists_one only if the predicate cannot fail")
    func existsOne() throws {
        // Whatever the age is, two others hold.
        #expect(try outcome("(knowns + unknowns).exists_one(m, m.age > 60)") == .value(false))
        // With an age of 0 the third division would fail, and with it the whole.
        #expect(try outcome("(knowns + unknowns).exists_one(m, 100 / m.age == 1)") == .unknown(Unknown("m.age")))
    }
}

@Suite("The law of unknowns")
struct UnknownLawTests {
    @Test("A value found with unknowns is the value for whatever they are", arguments: 0..<40)
    func substitution(seed: Int) throws {
        var generator = ExpressionGenerator(seed: UInt64(seed))
        var values = 0
        for _ in 0..<100 {
            let source = generator.bool(depth: 4)
            let environment = Environment(variables: ExpressionGenerator.variables)
            let expression = try environment.compile(source)
            let partial = generator.inputs(unknownShare: 50)
            let outcome = expression.evaluate(environment.bindings(partial.values))
            for _ in 0..<8 {
                let complete = generator.substituted(partial)
                let full = expression.evaluate(environment.bindings(complete))
                if case .unknown = full { Issue.record("\(source) is unknown with nothing unknown") }
                guard case .value = outcome else { continue }
                values += 1
                #expect(full == outcome, "\(source) with \(partial.values) and then \(complete)")
            }
        }
        #expect(values > 0)
    }
}

/// Random expressions of all that treats unknowns in its own way, and random inputs.
struct ExpressionGenerator {
    static let variables: [Variable] = [
        Variable(name: "a", type: .bool), Variable(name: "b", type: .bool), Variable(name: "x", type: .int),
        Variable(name: "y", type: .int), Variable(name: "list", type: .list(.int)),
        Variable(name: "members", type: .list(.record(memberType))), Variable(name: "map", type: .map(.string, .int)),
    ]

    struct Inputs {
        let values: [String: Value]
        /// Members' fields, to make records of again.
        let members: [[Value]]
    }

    private var random: SeededGenerator
    private var locals: [String] = []
    private var records: [String] = []

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    private mutating func pick<T>(_ choices: [T]) -> T { choices[Int.random(in: 0..<choices.count, using: &random)] }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    mutating func bool(depth: Int) -> String {
        if depth == 0 {
            let fields = records.map { "\($0).works" }
            return pick(["a", "b", "true", "false", "x > 1", "y == 2", "has(map.k)"] + fields)
        }
        let next = depth - 1
        switch Int.random(in: 0..<16, using: &random) {
        case 0...1: return "(\(bool(depth: next)) && \(bool(depth: next)))"
        case 2...3: return "(\(bool(depth: next)) || \(bool(depth: next)))"
        case 4: return "!(\(bool(depth: next)))"
        case 5: return "(\(bool(depth: next)) ? \(bool(depth: next)) : \(bool(depth: next)))"
        case 6...7: return "(\(int(depth: next)) \(pick(["<", "<=", ">", ">=", "==", "!="])) \(int(depth: next)))"
        case 8: return "(\(int(depth: next)) in \(list(depth: next)))"
        case 9: return "(\(list(depth: next)) == \(list(depth: next)))"
        case 10...12: return quantified(depth: next)
        case 13: return "cel.bind(z\(depth), \(int(depth: next)), \(scoped("z\(depth)") { $0.bool(depth: next) }))"
        case 14: return "\(list(depth: next))[?\(int(depth: next))].orValue(\(int(depth: next))) > 0"
        default: return bool(depth: 0)
        }
    }

    private mutating func scoped(_ name: String, _ body: (inout Self) -> String) -> String {
        locals.append(name)
        defer { locals.removeLast() }
        return body(&self)
    }

    private mutating func quantified(depth: Int) -> String {
        let macro = pick(["all", "exists", "exists_one"])
        guard chance(50) else {
            let range = list(depth: depth)
            return "\(range).\(macro)(i\(depth), \(scoped("i\(depth)") { $0.bool(depth: depth) }))"
        }
        records.append("m\(depth)")
        defer { records.removeLast() }
        return "members.\(macro)(m\(depth), \(bool(depth: depth)))"
    }

    mutating func int(depth: Int) -> String {
        if depth == 0 { return pick(["x", "y", "0", "1", "2"] + locals + records.map { "\($0).age" }) }
        let next = depth - 1
        switch Int.random(in: 0..<7, using: &random) {
        case 0: return "(\(int(depth: next)) \(pick(["+", "-", "*"])) \(int(depth: next)))"
        case 1: return "(\(int(depth: next)) / \(int(depth: next)))"
        case 2: return "(\(bool(depth: next)) ? \(int(depth: next)) : \(int(depth: next)))"
        case 3: return "size(\(list(depth: next)))"
        case 4: return "\(list(depth: next))[\(int(depth: next))]"
        case 5: return "map.?k.orValue(\(int(depth: next)))"
        default: return int(depth: 0)
        }
    }

    mutating func list(depth: Int) -> String {
        if depth == 0 { return pick(["list", "[1, 2]", "[]"]) }
        let next = depth - 1
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return "[\(int(depth: next)), \(int(depth: next))]"
        case 1: return "(\(list(depth: next)) + \(list(depth: next)))"
        case 2:
            let range = list(depth: next)
            return "\(range).filter(f\(depth), \(scoped("f\(depth)") { $0.bool(depth: next) }))"
        case 3:
            let range = list(depth: next)
            return "\(range).map(g\(depth), \(scoped("g\(depth)") { $0.int(depth: next) }))"
        case 4: return "list.distinct()"
        default: return "list"
        }
    }

    // MARK: Inputs

    private mutating func value(of type: CELType) -> Value {
        switch type {
        case .bool: .bool(chance(50))
        case .string: .string(pick(["", "a", "b"]))
        case .list(let element): .list((0..<Int.random(in: 0..<4, using: &random)).map { _ in value(of: element) })
        default: .int(Int64.random(in: -1...3, using: &random))
        }
    }

    private mutating func orUnknown(_ value: Value, _ name: String, _ share: Int) -> Value {
        chance(share) ? .unknown(Unknown(name)) : value
    }

    private mutating func map(_ content: Value?) -> Value {
        (try? content.map { .map(try MapValue([(key: "k", value: $0)])) }) ?? .map(.empty)
    }

    mutating func inputs(unknownShare share: Int) -> Inputs {
        var values: [String: Value] = [:]
        for variable in Self.variables.prefix(4) {
            values[variable.name] = orUnknown(value(of: variable.type), variable.name, share)
        }
        if case .list(let elements) = value(of: .list(.int)) {
            values["list"] = orUnknown(.list(elements.map { orUnknown($0, "list.element", share) }), "list", share / 4)
        }
        values["map"] = map(chance(50) ? orUnknown(value(of: .int), "map.k", share) : nil)
        let members = (0..<Int.random(in: 0..<4, using: &random)).map { _ in
            memberType.fields.map { orUnknown(value(of: $0.type), $0.name, share) }
        }
        values["members"] = .list(members.map { .record(TestRecord($0, type: memberType)) })
        return Inputs(values: values, members: members)
    }

    /// The same inputs with every unknown replaced by some value of its type.
    mutating func substituted(_ inputs: Inputs) -> [String: Value] {
        var values = inputs.values
        for variable in Self.variables.prefix(5) {
            values[variable.name] = values[variable.name].map { known($0, variable.type) }
        }
        if case .map(let content) = values["map"] { values["map"] = map(content["k"].map { known($0, .int) }) }
        values["members"] = .list(
            inputs.members.map { fields in
                .record(TestRecord(zip(fields, memberType.fields).map { known($0, $1.type) }, type: memberType))
            })
        return values
    }

    private mutating func known(_ value: Value, _ type: CELType) -> Value {
        switch (value, type) {
        case (.unknown, _): self.value(of: type)
        case (.list(let elements), .list(let element)): .list(elements.map { known($0, element) })
        default: value
        }
    }
}
