import Foundation
import TestSupport
import Testing

@testable import Eligibility

@Suite("How well a score finds the poor")
struct ScoresTargetingTests {
    @Test("is counted overall and within communities as worked by hand")
    func byHand() {
        // Two communities of four; at 30 % each has round(1.2) = 1 place, overall round(2.4) = 2.
        let truth = [1.0, 2, 3, 4, 5, 6, 7, 8]
        let score = [1.0, 5, 6, 7, 4, 3, 8, 9]
        let members = [[0, 1, 2, 3], [4, 5, 6, 7]]
        let within = Targeting.exclusionError(score, truth, members: members, quota: 0.3, scope: .within)
        #expect(within == 0.5, "the first community's poorest is found, the second's is not")
        let overall = Targeting.exclusionError(score, truth, members: members, quota: 0.3, scope: .overall)
        #expect(overall == 0.5, "poor are 0 and 1, chosen 0 and 5")
        #expect(Targeting.exclusionError(truth, truth, members: members, quota: 0.3, scope: .overall) == 0)
        #expect(Targeting.exclusionError(truth.map { -$0 }, truth, members: members, quota: 0.3, scope: .overall) == 1)
    }

    @Test("shares places among ties")
    func ties() {
        let third = 1.0 / 3
        #expect(Targeting.shares([1, 2, 2, 2, 3], places: 2) == [1, third, third, third, 0])
        #expect(Targeting.shares([1, 2], places: 0) == [0, 0])
        #expect(Targeting.shares([1, 2], places: 5) == [1, 1])
        let truth = (0..<10).map(Double.init)
        let same = [Double](repeating: 1, count: 10)
        let error = Targeting.exclusionError(same, truth, members: [Array(0..<10)], quota: 0.3, scope: .overall)
        #expect(abs((error ?? 0) - 0.7) < 1e-12, "a score that says nothing is a lottery")
    }

    @Test("gives 30 % of families rounded, halves up", arguments: [(5, 2), (1, 0), (8, 2), (9, 3)])
    func places(families: Int, places: Int) {
        #expect(Targeting.places(0.3, of: families) == places)
    }

    @Test("has an interval that holds the value and narrows with more communities")
    func interval() throws {
        func width(_ communities: Int) throws -> Double {
            let survey = MadeUpSurvey(communities: communities)
            let read = try Survey(survey.table(), roles: MadeUpSurvey.ranked, columns: ["size"])
            let measured = try #require(
                Targeting.measured(
                    [read.households.columns[0].map { -$0 }], read.target, members: read.households.members,
                    quota: 0.3, scope: .within, seed: 1))
            #expect(measured.low <= measured.value && measured.value <= measured.high)
            return measured.high - measured.low
        }
        #expect(try width(200) < width(25))
    }

    @Test("a band holds the truth of unseen communities about as often as it states")
    func coverage() throws {
        let others = MadeUpSurvey(communities: 150, seed: 31, firstVillage: 5000)
        let truth = others.truth
        let scores = try MadeUpModels.score.apply(to: others.table())
        let held = zip(scores, truth).count { log($0.lower) <= $1 && $1 <= log($0.higher) }
        let share = Double(held) / Double(truth.count)
        #expect(abs(share - ErrorBand.stated) < 0.04, "\(share)")
    }

    @Test("a band widens with its coverage")
    func nested() {
        let bands = MadeUpModels.score.bands
        #expect(bands.map(\.coverage) == ErrorBand.coverages)
        for (narrow, wide) in zip(bands, bands.dropFirst()) {
            #expect(wide.below < narrow.below && narrow.above < wide.above)
            #expect(narrow.below < 0 && 0 < narrow.above)
        }
    }

    @Test("verifying those whose band holds the cut-off lowers the error, and a wide band's makes it nothing")
    func verification() throws {
        let score = [1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10]
        let truth = [1.0, 5, 3, 2, 4, 6, 7, 8, 9, 10]
        // Three places; the cut is 3. Chosen 0, 1, 2; poor 0, 3, 2: one of three is missed.
        let band = ErrorBand([[-1, 1, 0, -1, 1]], members: [[0], [1], [2], [3], [4]], coverage: 0.5)
        let narrow = Verification(score, truth, band: band, quota: 0.3)
        let third = 1.0 / 3
        #expect(abs(narrow.before - third) < 1e-12)
        #expect(narrow.families == 3, "2, 3 and 4 lie within 1 of the cut")
        #expect(narrow.after == 0)
        let none = Verification(
            score, truth, band: ErrorBand([[0, 0]], members: [[0], [1]], coverage: 0.5), quota: 0.3)
        #expect(none.families == 1 && none.after == none.before)
    }

    @Test("every page of a report is whole, in its language, and its figures are the model's own")
    func report() throws {
        let table = try MadeUpModels.survey.table()
        for language in ScoreReport.Language.allCases {
            let report = try ScoreReport(MadeUpModels.card, on: table, language: language)
            let page = String(decoding: report.page, as: UTF8.self)
            #expect(page.hasPrefix("<!doctype html>\n<html lang=\"\(language.rawValue)\">"))
            #expect(!page.contains("<script") && !page.contains("http"), "nothing is run, nothing is loaded")
            for part in [ScoreWord.figures, .calibration, .fairness, .band, .card, .coefficients, .limits] {
                #expect(page.contains("<h2>\(part(language))</h2>"))
            }
            #expect(page.components(separatedBy: "<svg").count - 1 == 3)
            #expect(report.figures == MadeUpModels.card.figures, "cross-validated as it was in training")
        }
        let others = MadeUpSurvey(communities: 30, seed: 3, firstVillage: 700).without("rank")
        let elsewhere = try ScoreReport(MadeUpModels.score, on: others.table(), language: .en)
        #expect(String(decoding: elsewhere.page, as: UTF8.self).contains(ScoreWord.judgedOther(.en)))
        #expect(elsewhere.figures != MadeUpModels.score.figures)
    }
}
