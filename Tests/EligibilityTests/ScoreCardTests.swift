import Foundation
import Registry
import TestSupport
import Testing

@testable import Eligibility

@Suite("The scorecard")
struct ScoreCardTests {
    private func card(of model: PovertyModel = MadeUpModels.card) throws -> ScoreCard { try #require(model.card) }

    @Test("asks at most 15 questions, in whole points from 0, and up to about 100 in all")
    func shape() throws {
        let card = try card()
        #expect((1...ScoreCard.mostQuestions).contains(card.questions.count))
        for question in card.questions {
            #expect(question.points.min() == 0)
            #expect(question.points.count == question.asked.answerCount)
        }
        #expect((80...120).contains(card.mostPoints))
        #expect(card.slope > 0, "more points are more consumption")
    }

    @Test("is monotone in numbers, in the way that the survey has it")
    func monotone() throws {
        for question in try card().questions {
            guard case .bands = question.asked else { continue }
            let points = question.points
            #expect(points == points.sorted() || points == points.sorted(by: >), "\(question)")
            if question.name == "size" { #expect(points.first ?? 0 > points.last ?? 0) }
            if question.name == "floor" { #expect(points.first ?? 0 < points.last ?? 0) }
        }
    }

    @Test("follows what the question sheet says of the way an answer may go, though the survey has it otherwise")
    func directed() throws {
        // In this survey a television goes with consumption; the sheet forbids that it adds points.
        let sheet = try self.sheet(tv: "poorer")
        let model = try MadeUpModels.train(MadeUpModels.survey.table(), kind: .scorecard, sheet: sheet)
        #expect(!(try card(of: model).questions.contains { $0.name == "tv" }))
        let allowed = try MadeUpModels.train(
            MadeUpModels.survey.table(), kind: .scorecard, sheet: self.sheet(tv: "richer"))
        #expect(try card(of: allowed).questions.contains { $0.name == "tv" && $0.points == [0, $0.points[1]] })
    }

    private func sheet(tv: String) throws -> QuestionSheet {
        let text = """
            survey: made-up
            title: {id: Survei, en: Survey}
            source: {id: Rekaan, en: Made up}
            family_size: size
            questions:
              size: {ask: {id: Berapa orang?, en: How many?}, more: poorer, cuts: [3, 5]}
              floor: {ask: {id: Luas lantai?, en: Floor area?}}
              tv: {ask: {id: Ada televisi?, en: A television?}, more: \(tv)}
            """
        return try TestDatabases.useFolder { folder in
            let file = folder.appendingPathComponent("questions.yaml")
            try Data(text.utf8).write(to: file)
            return try QuestionSheet.read(file.path)
        }
    }

    @Test("gives each family the sum that an agent would find on paper")
    func addsUp() throws {
        let card = ScoreCard(
            questions: [
                ScoreCard.Question(name: "size", asked: .bands(feature: 0, cuts: [3, 5]), points: [9, 4, 0]),
                ScoreCard.Question(name: "school", asked: .choice(features: [1, 2]), points: [0, 2, 5]),
                ScoreCard.Question(name: "region", asked: .region(codes: ["1", "2/7"]), points: [0, 3, 1]),
            ], intercept: 0, slope: 1)
        let table = try MadeUpSurvey.table(
            "id,p,d,v,size,elementary,high\na,1,5,1,2,0,0\nb,2,7,1,3,1,0\nc,2,8,1,5,0,1\n")
        let roles = SurveyRoles(id: "id", target: "y", groups: ["p", "d", "v"])
        let features = try ["size", "elementary", "high"].flatMap { try Feature.features(of: $0, in: table) }
        let households = try Households(table, features: features, roles: roles)
        #expect(card.points(households) == [9, 9, 6], "9 + 0 + 0, 4 + 2 + 3, 0 + 5 + 1")
        #expect(card.mostPoints == 17)
    }

    @Test("scores in whole points, bounds too")
    func wholeScores() throws {
        for score in try MadeUpModels.card.apply(to: MadeUpModels.survey.table()) {
            #expect([score.score, score.lower, score.higher].allSatisfy { $0 == $0.rounded() })
        }
    }

    @Test("shipped with the program reads, asks at most 15 questions, and its report's questions have words")
    func shipped() throws {
        let folder = Fixture.library.root + "/Scores/indonesia-2008"
        for name in ["model", "scorecard", "combined"] {
            let model = try PovertyModel.read("\(folder)/\(name).json")
            let sheet = try #require(model.sheet)
            #expect(try sheet == QuestionSheet.read("\(folder)/questions.yaml"), "trained on the questions as they are")
            #expect(model.training.communities > 400)
            #expect((model.rankWeight != nil) == (name == "combined"))
            let figure = try #require(model.figures.first { $0.scope == .within && $0.quota == 0.3 })
            #expect(figure.error.value < figure.leastSquares.value)
            guard name == "scorecard" else { continue }
            let card = try #require(model.card)
            #expect(card.questions.count <= 15)
            for question in card.questions {
                let described = sheet.questions.first { $0.name == question.name }
                if case .region = question.asked { continue }
                #expect(described != nil, "\(question.name)")
                guard described?.direction == .richer || described?.direction == .poorer else { continue }
                let points = question.points
                #expect(points == points.sorted { described?.direction == .richer ? $0 < $1 : $0 > $1 })
            }
        }
    }
}
