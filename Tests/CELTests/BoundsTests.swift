import CEL
import Foundation
import Testing

/// The least stack that any platform gives a thread; code without optimisation takes four times as much.
#if DEBUG
    private let smallStack = 1 << 21
#else
    private let smallStack = 1 << 19
#endif

/// Runs a closure on a thread with little stack.
private func onSmallStack<T: Sendable>(_ body: @escaping @Sendable () -> T) async -> T {
    await withCheckedContinuation { continuation in
        let thread = Thread { continuation.resume(returning: body()) }
        thread.stackSize = smallStack
        thread.start()
    }
}

private func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

/// Values made one from the other: `$` in a step and in the body is the value before.
private func steps(_ count: Int, from first: String, _ step: String, _ body: String, name: String = "s") -> String {
    func filled(_ text: String, _ place: Int) -> String {
        text.split(separator: "$", omittingEmptySubsequences: false).joined(separator: "\(name)\(place)")
    }
    return (0..<count).reversed().reduce(filled(body, count - 1)) { body, place in
        "cel.bind(\(name)\(place), \(place == 0 ? first : filled(step, place - 1)), \(body))"
    }
}

/// Parts of a block, each twice the one before.
private let blockParts = (0..<60).map { ", cel.index(\($0)) + cel.index(\($0))" }.joined()

@Suite("Hostile expressions")
struct BoundsTests {
    /// Texts that nest, by what nests.
    private static let towers: [(name: String, text: @Sendable (Int) -> String)] = [
        ("brackets", { repeated("(", $0) + "1" + repeated(")", $0) }),
        ("open brackets", { repeated("(", $0) }),
        ("lists", { repeated("[", $0) + repeated("]", $0) }),
        ("maps", { repeated("{1:", $0) + "1" + repeated("}", $0) }),
        ("minus", { repeated("-", $0) + "x" }),
        ("not", { repeated("!", $0) + "true" }),
        ("both", { repeated("!-", $0) + "true" }),
        ("sums", { "1" + repeated("+1", $0) }),
        ("products", { "1" + repeated("*1+1", $0) }),
        ("conditions", { repeated("true ? 1 : ", $0) + "1" }),
        ("conditions within", { repeated("true ? (", $0) + "1" + repeated(") : 1", $0) }),
        ("selects", { "x" + repeated(".a", $0) }),
        ("indexes", { "x" + repeated("[0]", $0) }),
        ("indexes within", { repeated("x[", $0) + "0" + repeated("]", $0) }),
        ("calls", { "x" + repeated(".f()", $0) }),
        ("calls within", { repeated("size(", $0) + "x" + repeated(")", $0) }),
        ("macros", { repeated("[1].all(i, ", $0) + "true" + repeated(")", $0) }),
        ("bindings", { repeated("cel.bind(a, 1, ", $0) + "a" + repeated(")", $0) }),
        ("blocks", { repeated("cel.block([1], ", $0) + "1" + repeated(")", $0) }),
        ("blocks within", { repeated("cel.block([", $0) + "1" + repeated("], 1)", $0) }),
        ("long blocks", { "cel.block([" + repeated("1, ", $0) + "1], 1)" }),
        ("sorts", { "[1]" + repeated(".sortBy(i, i)", $0) }),
        ("sorts within", { repeated("[1].sortBy(i, ", $0) + "1" + repeated(")", $0) }),
        ("mixed", { repeated("([{1: !(", $0) }),
    ]

    @Test("Nesting without end is an error, not the end of the program", arguments: towers.map(\.name))
    func nesting(name: String) async throws {
        let tower = try #require(Self.towers.first { $0.name == name })
        for (count, isChecking) in [(1_000, true), (1_000, false), (100_000, true)] {
            let text = tower.text(count)
            let limits = Limits(sourceBytes: 10_000_000)
            let message = await onSmallStack { () -> String in
                do throws(CompilationError) {
                    _ = try Environment(checking: isChecking, limits: limits).compile(text)
                    return ""
                } catch {
                    return error.issues.first?.message ?? ""
                }
            }
            #expect(message.contains("nests deeper") || message.contains("found the end"), "\(message)")
        }
    }

    @Test("What nests as deep as it may is evaluated on a small stack", arguments: towers.map(\.name))
    func deepest(name: String) async throws {
        let tower = try #require(Self.towers.first { $0.name == name })
        let count = await onSmallStack { () -> Int in
            var evaluated = 0
            for count in stride(from: 1, to: 150, by: 3) {
                let environment = Environment(variables: [Variable(name: "x", type: .dyn)], checking: false)
                guard let expression = try? environment.compile(tower.text(count)) else { continue }
                _ = expression.evaluate(Bindings([.list([.int(0)])]))
                evaluated += 1
            }
            return evaluated
        }
        #expect(count > 10 || name.hasPrefix("open") || name == "mixed")
    }

    @Test("A chain of && or || may be long: it is one operation")
    func chain() throws {
        #expect(try evaluate("true" + repeated(" && true", 5_000)) == .value(true))
        #expect(try evaluate("false" + repeated(" || false", 5_000)) == .value(false))
    }

    @Test("A text that is too long is refused")
    func length() {
        #expect(issues("'" + repeated("x", 200_000) + "'").first?.contains("more than the 100000 allowed") == true)
    }

    @Test(
        "Work without end is an error",
        arguments: [
            // Loops in loops.
            "l.all(a, l.all(b, l.all(c, l.all(d, a + b + c + d >= 0))))",
            "lists.range(1000000000000).size() > 0",
            // Doubling again and again.
            steps(60, from: "'x'", "$ + $", "$.size() > 0"), steps(60, from: "[1]", "$ + $", "$.size() > 0"),
            steps(60, from: "{'a': [1]}", "{'a': $.a + $.a}", "$.a.size() > 0"),
            steps(60, from: #"'\\'"#, "strings.quote($)", "$.size() > 0"),
            steps(40, from: "'ab'", "[$, $].join($)", "$.size() > 0"),
            steps(40, from: "'aaaa'", "$.replace('a', $)", "$.size() > 0"),
            steps(60, from: "'%s'", "$ + $", "$.format([$]) == ''"),
            // Lists of the same list twice, which are small until they are compared or given away.
            steps(40, from: "[1]", "[$, $]", "$ == " + steps(40, from: "[1]", "[$, $]", "$", name: "e")),
            steps(60, from: "[1]", "[$, $]", "$"), steps(60, from: "[1]", "[$, $]", "'%s'.format([$])"),
            steps(60, from: "[1]", "[$, $]", "sets.equivalent($, $)"),
            steps(60, from: "{'b': 1}", "{'a': $, 'b': $}", "$ == $"),
            "cel.block([[1]" + blockParts + "], size(cel.index(60)))",
            "l.map(a, l.map(b, a * 1000 + b)).flatten().sortBy(x, -x).size() > 0",
            "l.map(a, l.map(b, l)).flatten(9).size() > 0 && l.map(a, l.map(b, l.map(c, 'x'))).size() > 0 "
                + "&& l.map(a, l.map(b, 'xxxxxxxxxxxxxxxxxxxxxx'.replace('', 'yyyyyyyyyyyyyyyyyy'))).size() > 0",
            "l.all(a, l.all(b, !'aaaaaaaaaa'.matches('(a|a)*b')))",
        ])
    func work(_ source: String) throws {
        let numbers = Value.list((0..<1000).map { .int(Int64($0)) })
        let outcome = try evaluate(source, ["l": numbers], limits: Limits(steps: 300_000))
        guard case .error(let error) = outcome else {
            Issue.record("\(source.prefix(80)) is a value")
            return
        }
        #expect(error.kind == .tooMuchWork)
    }

    @Test("Text that doubles is quoted in time linear in it")
    func quoting() throws {
        let outcome = try evaluate("strings.quote(s).size()", ["s": .string(repeated("\\", 3_000_000))])
        #expect(outcome == .value(.int(6_000_002)))
    }

    @Test("A message shows no more than the beginning of a long value", arguments: ["bool", "timestamp", "duration"])
    func message(_ function: String) throws {
        guard case .error(let error) = try evaluate("\(function)(s)", ["s": .string(repeated("x", 1_000_000))]) else {
            Issue.record("\(function) took it")
            return
        }
        #expect(error.message.utf8.count < 200)
    }

    @Test("Types that double with every step are checked in time")
    func types() {
        let source = (0..<60).reduce("1") { body, level in
            let name = 59 - level
            let pair = level == 59 ? "1" : "{'a': t\(name - 1), 'b': [t\(name - 1), t\(name - 1)]}"
            return "cel.bind(t\(name), \(pair), \(body))"
        }
        _ = try? Environment().compile(source)
        let unbound = (0..<60).map { _ in "[][0], {t: [[]]}[t]" }.joined(separator: ", ")
        _ = try? Environment(variables: [Variable(name: "t", type: .dyn)]).compile("[\(unbound)]")
    }

    @Test("Any text at all is compiled or refused", arguments: 0..<20)
    func noise(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let words = [
            "x", "1", "'a'", "(", ")", "[", "]", "{", "}", ",", ".", "?", ":", "&&", "||", "!", "-", "+", "==", "<",
            "in",
            "has", "all", "map", "size", "cel.bind", "b'", "\"\"\"", "r'", "0x", "1e", "\\", "`a`", "é", "\u{0}", "\n",
            "//",
            "matches", "u", "null", "true", "optional.of", "cel.block", "cel.index", "sortBy", "ip", "format", "%s",
            ";",
        ]
        for _ in 0..<400 {
            let count = Int.random(in: 0..<12, using: &random)
            let text = (0..<count).map { _ in words[Int.random(in: 0..<words.count, using: &random)] }.joined(
                separator: Bool.random(using: &random) ? " " : "")
            let environment = Environment(
                variables: [Variable(name: "x", type: .dyn)], checking: Bool.random(using: &random))
            guard let expression = try? environment.compile(text) else { continue }
            _ = expression.evaluate(Bindings([.list([1, "a", true])]), steps: 10_000)
        }
    }
}
