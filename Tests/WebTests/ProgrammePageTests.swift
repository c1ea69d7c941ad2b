import Eligibility
import Foundation
import Registry
import Testing

@testable import Web

@Suite("The page of a programme")
struct ProgrammePageTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static let library = PackLibrary(root: root.path)

    static let files = library.programmes.flatMap { library.programmeFiles($0) }

    private func page(_ programme: Programme, _ previous: Programme?, _ languages: [Language] = [.id, .en]) throws
        -> String
    {
        let document = ProgrammeDocument(programme, previous: previous, packs: [try Self.library.region("35.10")])
        return String(decoding: ProgrammePage.html(document, languages: languages).bytes, as: UTF8.self)
    }

    @Test("is sound markup that needs no other file, with everything that decides in both languages", arguments: files)
    func sound(file: String) throws {
        let programme = try Programme.read(file)
        let html = try page(programme, nil)
        let markup = Markup(html.replacing(/<style>.*?<\/style>/.dotMatchesNewlines(), with: ""))
        #expect(markup.faults == [])
        for name in ["script", "link", "img", "iframe"] { #expect(markup[name].isEmpty, "\(name)") }
        #expect(!html.contains("url("))
        #expect(markup["article"].map { $0.attributes["lang"] } == ["id", "en"])
        let text = try #require(markup["body"].first).text
        let codes = Set(markup["code"].map(\.text))
        for rule in programme.rules {
            #expect(codes.contains(rule.source))
            for language in ["id", "en"] {
                for words in [rule.words, rule.failed, rule.change, rule.legal] {
                    #expect(text.contains(words(language)))
                }
            }
        }
        for definition in programme.definitions { #expect(codes.contains(definition.source)) }
        for example in programme.examples { #expect(text.contains(example.name)) }
        for basis in programme.legal { #expect(text.contains(basis)) }
        let digest = programme.digest.map { String(format: "%02x", $0) }.joined()
        #expect(markup["code"].count { $0.text.filter { $0 != " " } == digest } == 4)
    }

    @Test("marks rules that are not official, and says how many at the top")
    func official() throws {
        let file = try #require(Self.files.first { $0.hasSuffix("pkh/2025.1.yaml") })
        let text = try Programme.read(file).text
        var markup = Markup(try page(try Programme.parse(text, file: "x"), nil, [.en]))
        #expect(markup["span"].filter { $0.attributes["class"] == "unofficial" }.count == 6)
        #expect(markup["p"].contains { $0.text.hasPrefix("6 of 6 rules rest on no official text") })
        markup = Markup(
            try page(
                try Programme.parse(text.replacing("official: false", with: "official: true"), file: "x"), nil, [.en]))
        #expect(markup["span"].filter { $0.attributes["class"] == "official" }.count == 6)
        #expect(!markup["p"].contains { $0.text.contains("rest on no official text") })
    }

    @Test("shows what is different from the version before")
    func changes() throws {
        let files = Self.library.programmeFiles("pbi-jk")
        let html = try page(try Programme.read(files[1]), try Programme.read(files[0]), [.en])
        let markup = Markup(html.replacing(/<style>.*?<\/style>/.dotMatchesNewlines(), with: ""))
        let row = try #require(markup["tr"].first { $0.text.contains("effect of rule decile") })
        #expect(row.text == "effect of rule decileverifydecides")
        #expect(markup["th"].contains { $0.text == "Version 2025.1" })
    }
}
