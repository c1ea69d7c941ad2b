import Foundation
import Journal
import TestSupport
import Testing

@Suite("Canonical JSON")
struct CanonicalJSONTests {
    private func text(_ value: CanonicalJSON) -> String { String(decoding: value.bytes, as: UTF8.self) }

    @Test("escapes what RFC 8785 escapes, in the shortest way, and nothing else")
    func escapes() {
        // RFC 8785, section 3.2.2: the string of its example.
        #expect(text(.string("\u{20ac}$\u{0F}\u{0a}A'B\"\\\\\"/")) == #""€$\u000f\nA'B\"\\\\\"/""#)
        #expect(text(.string("\u{08}\u{09}\u{0a}\u{0c}\u{0d}")) == #""\b\t\n\f\r""#)
        #expect(text(.string("\u{00}\u{0b}\u{1f}")) == #""\u0000\u000b\u001f""#)
        #expect(text(.string("\u{7f}\u{80}\u{2028}😀é")) == "\"\u{7f}\u{80}\u{2028}😀é\"")
        #expect(text(.string("")) == "\"\"")
    }

    @Test("sorts members by the UTF-16 units of their names")
    func sorting() {
        // RFC 8785, section 3.2.3: U+1F600 is D83D DE00 in UTF-16, so it comes before U+FB33.
        let sorted = text(
            .object([
                "\u{20ac}": .string("Euro Sign"), "\r": .string("Carriage Return"),
                "\u{fb33}": .string("Hebrew Letter Dalet With Dagesh"), "1": .string("One"),
                "\u{1f600}": .string("Emoji: Grinning Face"), "\u{80}": .string("Control"),
                "\u{f6}": .string("Latin Small Letter O With Diaeresis"),
            ]))
        #expect(
            sorted == #"{"\r":"Carriage Return","1":"One",""# + "\u{80}"
                + #"":"Control","ö":"Latin Small Letter O With "#
                + #"Diaeresis","€":"Euro Sign","😀":"Emoji: Grinning Face",""# + "\u{fb33}"
                + #"":"Hebrew Letter Dalet With Dagesh"}"#)
        #expect(
            text(.object(["b": .null, "a": .null, "aa": .null, "": .null])) == #"{"":null,"a":null,"aa":null,"b":null}"#
        )
    }

    @Test("writes integers that a double holds as numbers and larger ones as strings")
    func integers() {
        #expect(text(.integer(0)) == "0")
        #expect(text(.integer(-17)) == "-17")
        #expect(text(.integer(9_007_199_254_740_991)) == "9007199254740991")
        #expect(text(.integer(-9_007_199_254_740_991)) == "-9007199254740991")
        #expect(text(.integer(9_007_199_254_740_992)) == "\"9007199254740992\"")
        #expect(text(.integer(.max)) == "\"9223372036854775807\"")
        #expect(text(.integer(.min)) == "\"-9223372036854775808\"")
    }

    @Test("has no white space, whatever is inside what")
    func nesting() {
        let value = CanonicalJSON.object([
            "b": .array([.boolean(true), .boolean(false), .null, .array([]), .object([:])]), "a": .integer(1),
        ])
        #expect(text(value) == #"{"a":1,"b":[true,false,null,[],{}]}"#)
    }

    @Test("is JSON: a reader gets back every string that was written")
    func roundTrip() throws {
        var generator = SeededGenerator(seed: 8785)
        let scalars: [ClosedRange<UInt32>] = [0...0x7f, 0x80...0xd7ff, 0xe000...0xffff, 0x1_0000...0x10_ffff]
        for _ in 0..<200 {
            var string = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...20, using: &generator) {
                let range = scalars[Int.random(in: 0..<4, using: &generator)]
                if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &generator)) { string.append(scalar) }
            }
            let written = CanonicalJSON.array([.string(String(string))]).bytes
            let read = try JSONDecoder().decode([String].self, from: Data(written))
            #expect(read.map { Array($0.unicodeScalars) } == [Array(string)])
        }
    }
}
