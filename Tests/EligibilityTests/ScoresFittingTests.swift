import Foundation
import TestSupport
import Testing

@testable import Eligibility

@Suite("Fits of a poverty score")
struct ScoresFittingTests {
    @Test("find the slopes that made the survey, each within four of its standard errors")
    func slopes() {
        let found = MadeUpModels.score.regression.coefficients
        for (name, slope) in MadeUpSurvey.slopes {
            guard let coefficient = found.first(where: { $0.name == name }) else {
                Issue.record("no slope for \(name)")
                continue
            }
            #expect(abs(coefficient.slope - slope) < 4 * coefficient.error, "\(coefficient)")
            #expect(coefficient.error < 0.2)
        }
        #expect(Set(found.map(\.name)).isSuperset(of: ["work = none", "work = shop"]))
    }

    @Test("have robust errors as worked by hand")
    func robustErrors() throws {
        // Two communities of two families. Within them x is ±1 and ±1/2, y is ±1 and ±1:
        // slope = 3/2.5 = 1.2; rests 0.2, -0.2 at x = -1, 1 and -0.4, 0.4 at x = -1/2, 1/2.
        // The communities' sums of x·rest are -0.4 and 0.4; their squares add up to 0.32.
        // Clustered: 0.32/2.5² · 2/1 · 3/3 = 0.1024, its root 0.32.
        // HC1: Σ x²u² = 2·0.04 + 2·0.25·0.16 = 0.16; 0.16/2.5² · 4/3 = 0.034133…
        let table = try MadeUpSurvey.table("id,v,x,y\na,1,0,0\nb,1,2,2\nc,2,1,5\nd,2,2,7\n")
        let roles = SurveyRoles(id: "id", target: "y", groups: ["v"])
        let features = try Feature.features(of: "x", in: table)
        let households = try Households(table, features: features, roles: roles)
        let fit = VillageRegression(features, households, target: [0, 2, 5, 7])
        let coefficient = try #require(fit.coefficients.first)
        #expect(abs(coefficient.slope - 1.2) < 1e-12)
        #expect(abs(coefficient.error - 0.32) < 1e-12)
        let alone = (0.16 / 6.25 * 4 / 3).squareRoot()
        #expect(abs(coefficient.errorWithoutClusters - alone) < 1e-12)
        #expect(abs(fit.explained - 0.9) < 1e-12, "rests 0.4 of 4")
    }

    @Test("drop a column that repeats others, and say so")
    func collinear() throws {
        var survey = MadeUpModels.survey
        survey.header.append("again")
        let size = try #require(survey.header.firstIndex(of: "size"))
        let tv = try #require(survey.header.firstIndex(of: "tv"))
        for row in survey.rows.indices {
            let sum = (Int(survey.rows[row][size]) ?? 0) + (Int(survey.rows[row][tv]) ?? 0)
            survey.rows[row].append("\(sum)")
        }
        let read = try Survey(survey.table(), roles: MadeUpSurvey.roles, columns: nil)
        let fit = VillageRegression(read.features, read.households, target: read.target)
        #expect(fit.dropped == ["again"])
        #expect(fit.coefficients.allSatisfy { $0.slope.isFinite && $0.error.isFinite })
    }

    @Test("solve penalised equations as worked by hand")
    func ridge() {
        var sums = NormalEquations(width: 2)
        for (row, target) in [([1.0, 0.0], 2.0), ([0.0, 2.0], 4.0), ([1.0, 1.0], 3.0)] {
            row.withUnsafeBufferPointer { sums.add($0, target) }
        }
        // (2+1)·a + 1·b = 5, 1·a + (5+1)·b = 11
        let weights = sums.weights(penalties: [1, 1])
        #expect(abs(weights[0] - 19.0 / 17) < 1e-12)
        #expect(abs(weights[1] - 28.0 / 17) < 1e-12)
        let part = sums - sums
        #expect(part.count == 0 && part.gram.allSatisfy { $0 == 0 })
    }

    @Test("by trees learn what no straight line can")
    func trees() {
        var random = SeededGenerator(seed: 5)
        let first = (0..<800).map { _ in Double.random(in: 0..<1, using: &random) }
        let second = (0..<800).map { _ in Double.random(in: 0..<1, using: &random) }
        let target = zip(first, second).map { ($0 < 0.5) == ($1 < 0.5) ? 1.0 : -1.0 }
        var settings = BoostedTrees.Settings()
        settings.featureShare = 1
        settings.rate = 0.1
        settings.trees = 150
        let trees = BoostedTrees(
            FeatureBins([first, second]), target: target, rows: Array(0..<600), seed: 1, settings: settings)
        let right = (600..<800).count { row in
            (trees.value { [first, second][$0][row] } > 0) == (target[row] > 0)
        }
        #expect(right > 185, "\(right) of 200 that were not learnt from")
    }

    @Test("go to the scale of the fit and back")
    func scale() {
        for power in [-0.6, -0.2, 0, 0.5] {
            let scale = TargetScale(power: power, target: [5, 6, 7])
            for value in [4.0, 5.5, 6, 6.5, 8] {
                #expect(abs(scale.logarithm(scale.fitted(value)) - value) < 1e-12)
            }
        }
    }

    @Test("of the same survey and seed are the same bytes, and another seed makes other ones")
    func sameBytes() throws {
        let table = try MadeUpModels.survey.table()
        let again = try MadeUpModels.train(table)
        #expect(try again.json() == MadeUpModels.score.json())
        let other = try MadeUpModels.train(table, seed: 1)
        #expect(try other.json() != MadeUpModels.score.json())
    }

    @Test("read back from their file score every household the same, to the byte")
    func readBack() throws {
        let table = try MadeUpSurvey().table()
        for model in [MadeUpModels.score, MadeUpModels.card, MadeUpModels.joined] {
            let read = try TestDatabases.useFolder { folder in
                let file = folder.appendingPathComponent("model.json")
                try model.json().write(to: file)
                return try PovertyModel.read(file.path)
            }
            #expect(read == model)
            #expect(try read.json() == model.json())
            let scores = try model.apply(to: table)
            #expect(try read.csv(read.apply(to: table)) == model.csv(scores))
            #expect(scores.allSatisfy { $0.lower <= $0.score && $0.score <= $0.higher })
        }
    }

    @Test("hold no household")
    func noHouseholds() throws {
        for model in [MadeUpModels.score, MadeUpModels.card, MadeUpModels.joined] {
            let text = String(decoding: try model.json(), as: UTF8.self)
            #expect(!text.contains("F12-3"))
        }
    }

    @Test("find the poor of communities that they have not seen better than chance, and a rank helps")
    func unseen() throws {
        let others = MadeUpSurvey(communities: 50, seed: 99, firstVillage: 1000)
        let truth = others.truth
        let households = try Households(others.table(), features: [], roles: MadeUpSurvey.ranked)
        func error(_ model: PovertyModel, _ scope: Targeting.Scope) throws -> Double {
            let scores = try model.apply(to: others.table()).map(\.score)
            return try #require(
                Targeting.exclusionError(
                    scores, truth, members: households.members, quota: 0.3, scope: scope))
        }
        let alone = try error(MadeUpModels.score, .within)
        #expect(alone < 0.3, "chance is 0.7; \(alone)")
        #expect(try error(MadeUpModels.card, .within) < 0.35)
        #expect(try error(MadeUpModels.joined, .within) < alone)
        #expect(try #require(MadeUpModels.joined.rankWeight) > 0)
    }

    @Test("give a rank the weight that it has beside the score, and none where it says nothing")
    func rankWeight() throws {
        // The truth is the score and half the rank; where ranks are dealt at random there is nothing to add.
        let survey = try Survey(MadeUpSurvey(noise: 0.1).table(), roles: MadeUpSurvey.ranked, columns: ["size"])
        let score = zip(survey.target, survey.households.ranks).map { $0 - 0.5 * ($1 ?? 0) }
        #expect(abs(PovertyModel.rankWeight([score], survey) - 0.5) < 1e-9)
        var random = SeededGenerator(seed: 4)
        let dealt = MadeUpSurvey().changing("rank") { _, rank in
            rank.isEmpty ? "" : "\(Double.random(in: 0...1, using: &random))"
        }
        let noise = try Survey(dealt.table(), roles: MadeUpSurvey.ranked, columns: ["size"])
        let estimate = noise.target.map { $0 + Double.random(in: -0.2...0.2, using: &random) }
        #expect(PovertyModel.rankWeight([estimate], noise) < 0.1)
    }

    @Test("are told of a family's region, and take an unknown one for none")
    func regions() throws {
        let survey = MadeUpModels.survey
        let known = try MadeUpModels.score.apply(to: survey.table())
        let elsewhere = try MadeUpModels.score.apply(
            to: survey.changing("province") { _, code in "9\(code)" }.table())
        #expect(known != elsewhere)
        let nowhere = try MadeUpModels.score.apply(
            to: survey.without("province").without("district").without("village").table())
        #expect(nowhere == elsewhere)
    }

    @Test("leave out a column that is the target in other words")
    func leak() throws {
        var survey = MadeUpModels.survey
        survey.header.append("spend_adult")
        let spend = try #require(survey.header.firstIndex(of: "spend"))
        for row in survey.rows.indices {
            let value = Double(survey.rows[row][spend]) ?? 0
            survey.rows[row].append("\(value * (row.isMultiple(of: 2) ? 1.3 : 1.25))")
        }
        let read = try Survey(survey.table(), roles: MadeUpSurvey.roles, columns: nil)
        #expect(read.leftOut == ["spend_adult"])
        #expect(!read.features.contains { $0.column == "spend_adult" })
    }
}
