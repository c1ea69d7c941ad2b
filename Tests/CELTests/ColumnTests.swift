import Testing

@testable import CEL

/// Random expressions of what works on columns and what does not, with random rows.
private struct RowsGenerator {
    static let member = RecordType(
        name: "person",
        fields: [
            .init(name: "age", type: .int), .init(name: "name", type: .string), .init(name: "works", type: .bool),
            .init(name: "wage", type: .double),
        ])
    static let variables: [Variable] = [
        Variable(name: "a", type: .bool), Variable(name: "b", type: .bool), Variable(name: "x", type: .int),
        Variable(name: "y", type: .int), Variable(name: "d", type: .double), Variable(name: "s", type: .string),
        Variable(name: "list", type: .list(.int)), Variable(name: "members", type: .list(.record(member))),
    ]

    private var random: SeededGenerator
    private var record: String?
    /// Numbers of 64 bits, which overflow, stand among the small ones.
    private let numbers: [Int64] = [-1, 0, 1, 2, 3, 60, 127, 128, -129, 70_000, .max, .min]

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
    mutating func pick<T>(_ choices: [T]) -> T { choices[Int.random(in: 0..<choices.count, using: &random)] }

    mutating func bool(_ depth: Int) -> String {
        let leaves =
            ["a", "b", "true", "s == 'b'", "x > 1"] + (record.map { ["\($0).works", "\($0).age >= 2"] } ?? [])
        guard depth > 0 else { return pick(leaves) }
        let next = depth - 1
        switch Int.random(in: 0..<15, using: &random) {
        case 0...1: return "(\(bool(next)) && \(bool(next)) && \(bool(next)))"
        case 2...3: return "(\(bool(next)) || \(bool(next)))"
        case 4: return "!(\(bool(next)))"
        case 5: return "(\(bool(next)) ? \(bool(next)) : \(bool(next)))"
        case 6: return "((\(bool(next))) \(pick(["==", "!=", "<", ">="])) (\(bool(next))))"
        case 7: return "(\(number(next)) \(pick(["<", "<=", ">", ">="])) \(number(next)))"
        case 8:
            let (isInteger, comparison) = (chance(70), pick(["<=", ">", "==", "!="]))
            return isInteger
                ? "(\(integer(next)) \(comparison) \(integer(next)))"
                : "(\(double(next)) \(comparison) \(double(next)))"
        case 9: return "(\(integer(next)) in \(pick(["[1, 2, 60]", "[70000]", "[]", "list", "[x]"])))"
        case 10: return textual()
        case 11: return "(\(pick(nullable)) \(pick(["==", "!="])) null)"
        case 12: return record.map { "has(\($0).\(pick(["age", "name", "works", "wage"])))" } ?? bool(next)
        default: return quantified(next)
        }
    }

    private var nullable: [String] { ["a", "x", "s", "d"] + (record.map { ["\($0).age", "\($0).name"] } ?? []) }

    private mutating func textual() -> String {
        let text = pick(["s"] + (record.map { ["\($0).name"] } ?? []))
        return "("
            + pick([
                "\(text) == 'a'", "'b' != \(text)", "\(text) in ['a', 'c']", "\(text).startsWith('a')",
                "size(\(text)) > 1",
                "\(text) < 'b'", "\(text) + 'x' == 'ax'", "s == \(text)", "int(\(text)) > 0", "\(text).matches('^a')",
            ]) + ")"
    }

    private mutating func quantified(_ depth: Int) -> String {
        guard record == nil || chance(20) else { return bool(depth) }
        let outer = record
        let name = outer == nil ? "m" : "n"
        record = name
        defer { record = outer }
        return "members.\(pick(["all", "exists", "exists_one"]))(\(name), \(bool(depth)))"
    }

    mutating func number(_ depth: Int) -> String { chance(70) ? integer(depth) : double(depth) }

    mutating func integer(_ depth: Int) -> String {
        let leaves = ["x", "y", "0", "1", "2", "300", "-5"] + (record.map { ["\($0).age"] } ?? [])
        guard depth > 0 else { return pick(leaves) }
        let next = depth - 1
        switch Int.random(in: 0..<8, using: &random) {
        case 0...1: return "(\(integer(next)) \(pick(["+", "-", "*"])) \(integer(next)))"
        case 2: return "(\(integer(next)) \(pick(["/", "%"])) \(integer(next)))"
        case 3: return "(\(bool(next)) ? \(integer(next)) : \(integer(next)))"
        case 4: return "-(\(integer(next)))"
        case 5: return record == nil ? "size(members)" : "size(s)"
        case 6:
            guard record == nil else { return integer(next) }
            record = "f"
            defer { record = nil }
            return "members.filter(f, \(bool(next))).size()"
        default: return pick(leaves)
        }
    }

    private mutating func double(_ depth: Int) -> String {
        let leaves = ["d", "0.5", "1.0"] + (record.map { ["\($0).wage"] } ?? [])
        guard depth > 0 else { return pick(leaves) }
        let next = depth - 1
        switch Int.random(in: 0..<5, using: &random) {
        case 0...1: return "(\(double(next)) \(pick(["+", "-", "*", "/"])) \(double(next)))"
        case 2: return "(\(bool(next)) ? \(double(next)) : \(double(next)))"
        case 3: return "-(\(double(next)))"
        default: return pick(leaves)
        }
    }

    mutating func value(_ type: CELType, _ name: String, nothing: Int) -> Value {
        if chance(nothing) { return .unknown(Unknown(name)) }
        if chance(nothing / 3), type != .list(.int) { return .null }
        switch type {
        case .bool: return .bool(chance(50))
        case .string: return .string(pick(["", "a", "ab", "b", "7"]))
        case .double: return .double(pick([-1.5, 0, 0.5, 1, 3, .infinity, .nan]))
        case .list: return .list((0..<Int.random(in: 0..<3, using: &random)).map { .int(Int64($0)) })
        default: return .int(chance(85) ? Int64.random(in: -1...3, using: &random) : pick(numbers))
        }
    }

    mutating func size() -> Int { Int.random(in: 0..<4, using: &random) }
}

@Suite("Columns")
struct ColumnTests {
    /// Rows, as values and as columns.
    private struct Rows {
        var bindings: [[String: Value]] = []
        var columns: [Column] = []
        var members: [Column] = []
        var offsets = ListOffsets([0])

        init(_ count: Int, nothing: Int, _ generator: inout RowsGenerator) {
            let scalars = RowsGenerator.variables.filter { $0.name != "members" }
            var builders = scalars.map { ColumnBuilder($0.type) }
            var fields = RowsGenerator.member.fields.map { ColumnBuilder($0.type) }
            var ends: [Int32] = [0]
            for row in 0..<count {
                var values: [String: Value] = [:]
                for (place, variable) in scalars.enumerated() {
                    let value = generator.value(variable.type, "\(variable.name)\(row)", nothing: nothing)
                    values[variable.name] = value
                    builders[place].append(value)
                }
                let members = (0..<generator.size()).map { member in
                    RowsGenerator.member.fields.map { field in
                        generator.value(field.type, "\(field.name)@\(Int(ends[row]) + member)", nothing: nothing)
                    }
                }
                for member in members {
                    for (place, value) in member.enumerated() { fields[place].append(value) }
                }
                ends.append(ends[row] + Int32(members.count))
                values["members"] = .list(members.map { .record(TestRecord($0, type: RowsGenerator.member)) })
                bindings.append(values)
            }
            columns = zip(scalars, builders).map { variable, builder in
                builder.column { "\(variable.name)\($0)" }
            }
            self.members = zip(RowsGenerator.member.fields, fields).map { field, builder in
                builder.column { "\(field.name)@\($0)" }
            }
            offsets = ListOffsets(ends)
        }

        /// The blocks of some of the rows.
        func block(_ rows: Range<Int>, _ workspace: ColumnWorkspace) -> ColumnBlock {
            let elements = ColumnBlock(workspace)
            elements.begin(rows: offsets.elements(of: rows))
            for column in members { elements.append(column) }
            let block = ColumnBlock(workspace)
            block.begin(rows: rows)
            for column in columns { block.append(column) }
            block.appendList(offsets, elements: elements)
            return block
        }
    }

    private static func expect(
        _ source: String, _ rows: Rows, _ environment: Environment, _ workspace: ColumnWorkspace
    ) throws -> Int {
        let expression = try environment.compile(source)
        let program = ColumnExpression(expression)
        let count = rows.bindings.count
        for range in [0..<count / 3, count / 3..<count] {
            workspace.reset()
            let block = rows.block(range, workspace)
            let result = block.evaluate(program)
            for (place, row) in range.enumerated() {
                let outcome = expression.evaluate(environment.bindings(rows.bindings[row]))
                // What an element is called is told by the row, as the expression itself tells it.
                let own = expression.evaluate(block.row(place))
                switch outcome {
                case .value(let value):
                    #expect(result.value(place) == value, "\(source), row \(row)")
                    #expect(own == outcome, "\(source), row \(row)")
                case .unknown:
                    #expect(result.state(place) == .unknown, "\(source), row \(row)")
                    #expect(own == outcome, "\(source), row \(row)")
                case .error: #expect(result.state(place) == .error, "\(source), row \(row)")
                }
            }
        }
        return program.partsByRow
    }

    @Test("give what the expression gives row by row", arguments: 0..<12)
    func likeRows(seed: Int) throws {
        var generator = RowsGenerator(seed: UInt64(seed))
        let environment = Environment(variables: RowsGenerator.variables)
        let workspace = ColumnWorkspace()
        var whole = 0
        for nothing in [0, 10, 40] {
            let rows = Rows(70, nothing: nothing, &generator)
            for _ in 0..<30 {
                for source in [generator.bool(4), generator.bool(3), generator.integer(3)] {
                    if try Self.expect(source, rows, environment, workspace) == 0 { whole += 1 }
                }
            }
        }
        #expect(whole > 100, "too few of the random expressions work on columns: \(whole)")
    }

    @Test(
        "are what a rule is worked out on, whole",
        arguments: [
            "x <= 4", "members.exists(m, m.works && m.age >= 60)", "s in ['a', 'b'] || x in [1, 2]",
            "(x in [7, 8] ? 1 : 0) + (y <= 450 ? 1 : 0)", "size(members) > 0", "members.all(m, m.name != 'a')",
            "members.filter(m, m.age < 18).size() >= 2", "members.exists(m, m.age > x)", "members.exists_one(m, b)",
            "members.exists(m, has(m.age)) ? d > 1.5 : a", "-x < y", "members.exists(m, m.name == s)",
        ])
    func whole(source: String) throws {
        var generator = RowsGenerator(seed: 7)
        let environment = Environment(variables: RowsGenerator.variables)
        let parts = try Self.expect(source, Rows(50, nothing: 20, &generator), environment, ColumnWorkspace())
        // Only two texts beside each other are compared row by row.
        #expect(parts == (source.contains("m.name == s") ? 1 : 0))
    }

    @Test("hand on what was worked out, and take errors there for unknown")
    func results() throws {
        var generator = RowsGenerator(seed: 3)
        let rows = Rows(40, nothing: 0, &generator)
        let first = Environment(variables: RowsGenerator.variables)
        let quotient = try first.compile("x / (y - y % 2)")
        let second = Environment(variables: RowsGenerator.variables + [Variable(name: "q", type: .int)])
        let isLarge = try second.compile("q > 0")
        let block = rows.block(0..<40, ColumnWorkspace())
        block.append(block.evaluate(ColumnExpression(quotient))) { row in
            if case .value(let value) = quotient.evaluate(row) { value } else { .unknown(Unknown([])) }
        }
        let result = block.evaluate(ColumnExpression(isLarge))
        var errors = 0
        for row in 0..<40 {
            if case .value(.int(let value)) = quotient.evaluate(first.bindings(rows.bindings[row])) {
                #expect(result.value(row) == .bool(value > 0))
            } else {
                errors += 1
                #expect(result.state(row) == .unknown)
                #expect(isLarge.evaluate(block.row(row)) == .unknown(Unknown([])))
            }
        }
        #expect(errors > 0 && errors < 40)
    }

    @Test("join what several builders made, in its order")
    func builders() {
        var (left, right) = (ColumnBuilder(.string), ColumnBuilder(.string))
        for text in ["b", "a"] { left.append(.string(text)) }
        for value: Value in ["c", .unknown(Unknown("?")), "a", .null, 5] { right.append(value) }
        left.append(right)
        let column = left.column { "row \($0)" }
        #expect(
            (0..<column.count).map { column.value(at: $0) } == [
                "b", "a", "c", .unknown(Unknown("row 3")), "a", .null, .unknown(Unknown("row 6")),
            ])
        for (numbers, bytes) in [([1, -128], 1), ([200], 2), ([40_000], 4), ([1 << 40], 8)] as [([Int64], Int)] {
            var builder = ColumnBuilder(.int)
            for number in numbers { builder.append(number) }
            let column = builder.column { _ in "" }
            #expect((0..<column.count).map { column.value(at: $0) } == numbers.map { .int($0) })
            let width =
                switch column.storage {
                case .int8: 1
                case .int16: 2
                case .int32: 4
                default: 8
                }
            #expect(width == bytes)
        }
    }
}
