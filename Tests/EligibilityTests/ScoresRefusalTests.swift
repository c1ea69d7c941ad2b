import Foundation
import Registry
import TestSupport
import Testing

@testable import Eligibility

@Suite("A survey or model that cannot be used")
struct ScoresRefusalTests {
    private func refusal(_ survey: MadeUpSurvey, roles: SurveyRoles = MadeUpSurvey.roles) -> String {
        refusal { _ = try Survey(survey.table(), roles: roles, columns: nil) }
    }

    private func refusal(_ body: () throws -> Void) -> String {
        do {
            try body()
            return "nothing was refused"
        } catch let error as ScoreError {
            return error.description
        } catch { return "another error: \(error)" }
    }

    private let survey = MadeUpModels.survey

    @Test("an empty file, and one with a header alone")
    func empty() {
        #expect(refusal { _ = try MadeUpSurvey.table("") }.contains("the file is empty"))
        #expect(refusal { _ = try MadeUpSurvey.table("id,spend\n") }.contains("no household"))
        #expect(refusal { _ = try SurveyTable(path: "/nowhere/survey.csv") }.contains("/nowhere/survey.csv"))
    }

    @Test("a column that stands twice, or a row that is too short, with its line")
    func shape() {
        #expect(refusal { _ = try MadeUpSurvey.table("a,b,a\n1,2,3\n") }.contains("“a”: stands twice"))
        #expect(refusal { _ = try MadeUpSurvey.table("a,b\n1,2\n3\n") }.contains("survey.csv:3: 1 fields"))
    }

    @Test("a column that is named and missing", arguments: ["id", "spend", "village"])
    func missing(column: String) {
        let text = refusal(survey.without(column))
        #expect(text.contains("survey.csv:1: column “\(column)”: is missing"), "\(text)")
    }

    @Test("a constant column, a constant word, a constant target")
    func constant() {
        let text = refusal(survey.changing("tv") { _, _ in "1" })
        #expect(text.contains("column “tv”: is “1” in every row"), "\(text)")
        #expect(text.contains("--without tv"))
        #expect(refusal(survey.changing("work") { _, _ in "farm" }).contains("“work”: is “farm” in every row"))
        #expect(refusal(survey.changing("spend") { _, _ in "9" }).contains("“spend”: is the same in every row"))
    }

    @Test("a target of zero or less, with its line", arguments: ["0", "-3.5"])
    func zeros(value: String) {
        let text = refusal(survey.changing("spend") { $0 == 4 ? value : $1 })
        #expect(text.contains("survey.csv:6: column “spend”: is \(Double(value) ?? 1)"), "\(text)")
    }

    @Test("text or nothing where a number is due, with its line", arguments: ["many", "", "nan", "1e999", "0x10"])
    func text(value: String) {
        let text = refusal(survey.changing("floor") { $0 == 9 ? value : $1 })
        #expect(text.contains("survey.csv:11: column “floor”:"), "\(text)")
    }

    @Test("an id that stands twice, with both lines")
    func twice() {
        let text = refusal(survey.changing("id") { $0 == 8 ? "F0-2" : $1 })
        #expect(text.contains("survey.csv:10: column “id”: “F0-2” stands twice, first in line 4"), "\(text)")
    }

    @Test("too few communities, and a region without a code")
    func communities() {
        let few = refusal(MadeUpSurvey(communities: 19).without("rank"))
        #expect(few.contains("19 communities; at least 20"), "\(few)")
        #expect(refusal(survey.changing("district") { $0 == 0 ? "" : $1 }).contains("survey.csv:2: column “district”"))
    }

    @Test("a column with too many words, or with two roles")
    func words() {
        #expect(refusal(survey.changing("work") { row, _ in "w\(row)" }).contains("--without work"))
        let roles = SurveyRoles(id: "id", target: "spend", groups: ["province", "id"])
        #expect(refusal(survey, roles: roles).contains("“id”: is named for two things at once"))
    }

    @Test("a rank that is none")
    func rank() {
        let ranked = MadeUpSurvey()
        let text = refusal(ranked.changing("rank") { $0 == 3 ? "7" : $1 }, roles: MadeUpSurvey.ranked)
        #expect(text.contains("survey.csv:5: column “rank”: “7” is no rank"), "\(text)")
        let none = refusal(ranked.changing("rank") { _, _ in "" }, roles: MadeUpSurvey.ranked)
        #expect(none.contains("no household has"), "\(none)")
    }

    @Test("a file to score that lacks what the model needs")
    func apply() {
        let model = MadeUpModels.score
        func applied(_ survey: MadeUpSurvey) -> String { refusal { _ = try model.apply(to: survey.table()) } }
        #expect(applied(survey.without("tv")).contains("column “tv”: is missing"))
        #expect(applied(survey.without("district")).contains("column “district”: is missing"))
        let two = applied(survey.changing("tv") { $0 == 0 ? "2" : $1 })
        #expect(two.contains("survey.csv:2: column “tv”: is a yes/no"), "\(two)")
        #expect(applied(survey.without("spend")) == "nothing was refused", "the target is not needed to score")
    }

    @Test("a model file that is none, of another format, or damaged")
    func models() throws {
        func read(_ text: String) throws -> String {
            try TestDatabases.useFolder { folder in
                let file = folder.appendingPathComponent("model.json")
                try Data(text.utf8).write(to: file)
                return refusal { _ = try PovertyModel.read(file.path) }
            }
        }
        let text = String(decoding: try MadeUpModels.score.json(), as: UTF8.self)
        #expect(try read(text) == "nothing was refused")
        #expect(try read("no model").contains("is no model"))
        #expect(try read("{}").contains("is missing"))
        #expect(try read(text.replacing("\"format\":1", with: "\"format\":2")).contains("format 2"))
        let lost = text.replacing("\"left\":1,", with: "\"left\":1000,", maxReplacements: 1)
        #expect(lost != text)
        #expect(try read(lost).contains("do not fit"), "a node that leads nowhere is no loop and no crash")
        #expect(try read(text.replacing("\"left\":1,", with: "\"left\":0,", maxReplacements: 1)).contains("do not fit"))
    }
}
