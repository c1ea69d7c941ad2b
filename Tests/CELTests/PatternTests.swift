import Testing

@testable import CEL

@Suite("Regular expressions")
struct PatternTests {
    private func matches(_ pattern: String, _ text: String) throws -> Bool {
        var meter = Meter(steps: 1_000_000)
        return try Pattern(pattern).matches(text, &meter)
    }

    @Test(
        "RE2's syntax is matched",
        arguments: [
            ("", "", true), ("a", "bab", true), ("^a", "ba", false), ("a$", "ab", false), ("^$", "", true),
            ("a|b|", "c", true), ("^(a|bc)+$", "abcbca", true), ("^a{2,3}$", "aaaa", false), ("^a{2,}$", "aaaa", true),
            ("^a{2}$", "aa", true), ("^a{,2}$", "a{,2}", true), ("^a.c$", "a\nc", false), ("(?s)^a.c$", "a\nc", true),
            ("(?m)^b$", "a\nb\nc", true), ("(?i)straße", "STRAßE", true), ("(?i:A)b", "ab", true),
            ("(?i:A)b", "aB", false),
            ("[a-c&&x]", "&", true), ("[^a-c]", "abc", false), ("[]a]", "]", true), ("[a-]", "-", true),
            ("[[:digit:]]+", "x42", true), ("[[:^digit:]]", "42", false), (#"\d\D\w\W\s\S"#, "1aa- a", true),
            (#"\bcat\b"#, "a cat.", true), (#"\bcat\b"#, "concat", false), (#"\x41\x{1F431}\n"#, "A🐱\n", true),
            (#"\pL\p{Lu}\PN"#, "éÀx", true), (#"\Qa.b\E"#, "axb", false), (#"\Qa.b\E"#, "a.b", true),
            ("(?P<year>[0-9]{4})-(?:[0-9]{2})", "on 2025-01", true), ("a??b*?c+?", "c", true), ("(|a)+b", "aab", true),
            (#"^\d{16}$"#, "3599000000000001", true), (#"\A\z"#, "", true), ("é", "e\u{301}", false),
            ("(a*)*$", "b", true),
        ])
    func match(_ pattern: String, _ text: String, _ expected: Bool) throws {
        #expect(try matches(pattern, text) == expected)
    }

    @Test(
        "What it cannot or must not do is refused",
        arguments: [
            "(", ")", "[", "[b-a]", "*", "a**", "a{1001}", "(?=a)", "(?!a)", "(?<=a)", "(?<!a)", #"(a)\1"#, #"\q"#,
            "\\",
            "a{3,2}", #"\p{Greek}"#, "[[:what:]]", "(?x)a", "((((a{999}){999}){999}){999})", "((((){999}){999}){999})",
            String(repeating: "(", count: 5_000) + String(repeating: ")", count: 5_000),
        ])
    func refused(_ pattern: String) {
        #expect(throws: EvaluationError.self) { try Pattern(pattern) }
    }

    @Test("Patterns that explode elsewhere take time in proportion to the text")
    func linear() throws {
        let text = String(repeating: "a", count: 20_000)
        #expect(try matches("(a+)+b", text) == false)
        #expect(try matches("(a|a|a)*(a|aa)+$", text))
        #expect(throws: EvaluationError.self) { try matches("(a?){1000}(a?){1000}b", text) }
    }
}
