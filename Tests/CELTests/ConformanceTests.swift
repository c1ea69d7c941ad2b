import Foundation
import Testing

@testable import CEL

/// The cases of one section of cel-spec's tests.
struct ConformanceSection: Sendable, CustomTestStringConvertible {
    struct Case: Sendable {
        let name: String
        let line: String
        /// The expected value; nothing where an error is expected.
        let value: Value?
    }

    let name: String
    var cases: [Case] = []

    var testDescription: String { "\(name), \(cases.count) cases" }

    static let all: [ConformanceSection] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Resources/cel-conformance.jsonl")
        var sections: [ConformanceSection] = []
        do {
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init) {
                let json = try JSONReader.read(line)
                let name = [json["file"], json["section"]].map(text).joined(separator: "/")
                if sections.last?.name != name { sections.append(ConformanceSection(name: name)) }
                let value = try json["expect"]?["value"].map { try TypedJSON.value($0) }
                sections[sections.count - 1].cases.append(Case(name: text(json["name"]), line: line, value: value))
            }
        } catch {
            Issue.record("\(file.path): \(error)")
        }
        return sections
    }()

    private static func text(_ json: JSON?) -> String {
        if case .string(let text) = json { text } else { "" }
    }
}

@Suite("cel-spec's conformance tests")
struct ConformanceTests {
    @Test("All 820 cases are there")
    func count() {
        #expect(ConformanceSection.all.map(\.cases.count).reduce(0, +) == 820)
    }

    @Test("Every case gives what cel-spec says", arguments: ConformanceSection.all)
    func section(_ section: ConformanceSection) throws {
        for item in section.cases {
            let answer = try JSONReader.read(CELBatch.answer(line: item.line))
            let comment = Comment(rawValue: "\(section.name)/\(item.name): \(answer.text)")
            if let expected = item.value {
                let found = try #require(answer["value"], comment)
                #expect(try TypedJSON.value(found) == expected, comment)
            } else {
                #expect(answer["error"] != nil, comment)
            }
        }
    }
}
