import Foundation
import TestSupport
import Testing

@Suite("tepat score")
struct ScoreCommandTests {
    private static let shipped = Tepat.home.appendingPathComponent("Scores/indonesia-2008").path

    /// One made-up household that answers every question of the shipped models.
    private static func household() throws -> String {
        let data = try Data(contentsOf: URL(fileURLWithPath: shipped + "/scorecard.json"))
        let model = try JSONDecoder().decode(Columns.self, from: data)
        let columns = model.features.map(\.column)
        let regions = ["province,district,subdistrict,village", "12,15,1,1"]
        return "hhid,\(regions[0]),\(columns.joined(separator: ","))\n"
            + "007,\(regions[1]),\(columns.map { _ in "1" }.joined(separator: ","))\n"
    }

    private struct Columns: Decodable {
        struct Feature: Decodable { let column: String }
        let features: [Feature]
    }

    @Test("scores a household by the shipped models, with bounds", arguments: ["model", "scorecard"])
    func apply(model: String) throws {
        try TestDatabases.useFolder { folder in
            let file = folder.appendingPathComponent("families.csv")
            let output = folder.appendingPathComponent("scores.csv")
            try Data(Self.household().utf8).write(to: file)
            let answer = try Tepat.run(
                "score", "apply", "\(Self.shipped)/\(model).json", file.path, "--output", output.path, "--json"
            ).expectDone().json()
            #expect(answer["households"]?.int == 1)
            let lines = try String(contentsOf: output, encoding: .utf8).split(separator: "\n")
            #expect(lines.first == "hhid,score,lower,higher")
            let fields = try #require(lines.last).split(separator: ",")
            #expect(fields.first == "007")
            let numbers = fields.dropFirst().compactMap { Double($0) }
            #expect(numbers.count == 3 && numbers[1] <= numbers[0] && numbers[0] <= numbers[2])
        }
    }

    @Test("refuses a survey with its place, status 65, and writes nothing")
    func refused() throws {
        try TestDatabases.useFolder { folder in
            let file = folder.appendingPathComponent("survey.csv")
            let output = folder.appendingPathComponent("model.json")
            try Data("id,village,tv,spend\na,1,1,5\nb,2,0,0\n".utf8).write(to: file)
            let outcome = try Tepat.run(
                "score", "train", file.path, "--id", "id", "--target", "spend", "--group", "village", "--output",
                output.path)
            #expect(outcome.status == 65)
            #expect(outcome.messages.contains("survey.csv:3: column “spend”"), "\(outcome)")
            #expect(!FileManager.default.fileExists(atPath: output.path))
            let missing = try Tepat.run(
                "score", "apply", "\(Self.shipped)/model.json", file.path, "--output", output.path)
            #expect(missing.status == 65)
            #expect(!FileManager.default.fileExists(atPath: output.path))
        }
    }
}
