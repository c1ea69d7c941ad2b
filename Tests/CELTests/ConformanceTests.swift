import Foundation
import Testing

@testable import CEL

/// The cases of one section of cel-spec's tests.
struct ConformanceSection: Sendable, CustomTestStringConvertible {
    struct Case: Sendable {
        let name: String
        let line: String
        let expression: String
        /// The expected value; nothing where an error is expected.
        let value: Value?
        /// Whether it is to be evaluated; else only its type is asked for.
        let isEvaluated: Bool
        /// The expected type, where the case names one.
        let type: String?
    }

    let name: String
    var cases: [Case] = []

    var testDescription: String { "\(name), \(cases.count) cases" }

    /// The cases that came first, and the rest of the suite.
    static let files = ["cel-conformance": 820, "cel-conformance-rest": 738]

    static let all: [ConformanceSection] = files.keys.sorted().flatMap(sections)

    static func sections(of name: String) -> [ConformanceSection] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Resources/\(name).jsonl")
        var sections: [ConformanceSection] = []
        do {
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init) {
                let json = try JSONReader.read(line)
                let name = [json["file"], json["section"]].map(text).joined(separator: "/")
                if sections.last?.name != name { sections.append(ConformanceSection(name: name)) }
                let item = Case(
                    name: text(json["name"]), line: line, expression: text(json["expr"]),
                    value: try json["expect"]?["value"].map { try TypedJSON.value($0) },
                    isEvaluated: json["expect"] != nil, type: json["type"].map(text))
                sections[sections.count - 1].cases.append(item)
            }
        } catch {
            Issue.record("\(file.path): \(error)")
        }
        return sections
    }

    private static func text(_ json: JSON?) -> String {
        if case .string(let text) = json { text } else { "" }
    }
}

@Suite("cel-spec's conformance tests")
struct ConformanceTests {
    @Test("All cases are there", arguments: ConformanceSection.files)
    func count(name: String, count: Int) {
        #expect(ConformanceSection.sections(of: name).map(\.cases.count).reduce(0, +) == count)
    }

    @Test("Every case gives what cel-spec says", arguments: ConformanceSection.all)
    func section(_ section: ConformanceSection) throws {
        for item in section.cases where item.isEvaluated {
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

    @Test("Types are found as cel-spec finds them")
    func types() throws {
        let cases = ConformanceSection.all.flatMap(\.cases).filter { $0.type != nil }
        #expect(cases.count == 21)
        for item in cases {
            #expect(try Environment().compile(item.expression).type.description == item.type, "\(item.expression)")
        }
    }
}
