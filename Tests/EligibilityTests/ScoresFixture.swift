import Foundation
import TestSupport

@testable import Eligibility

/// A survey of made-up families whose consumption follows a rule that is known.
struct MadeUpSurvey {
    var header = ["id", "province", "district", "village", "size", "floor", "tv", "car", "work", "spend", "rank"]
    var rows: [[String]] = []

    static let roles = SurveyRoles(id: "id", target: "spend", groups: ["province", "district", "village"])
    static let ranked = SurveyRoles(
        id: "id", target: "spend", groups: ["province", "district", "village"], rank: "rank")

    /// What the rule adds to log consumption.
    static let slopes = ["size": -0.12, "floor": 0.02, "tv": 0.3, "car": 0.6]

    /// - Parameter noise: the deviation of what nothing explains.
    init(communities: Int = 60, families: Int = 8, seed: UInt64 = 7, noise: Double = 0.3, firstVillage: Int = 0) {
        var random = SeededGenerator(seed: seed)
        func normal() -> Double {
            (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0..<1, using: &random) }
        }
        for village in firstVillage..<firstVillage + communities {
            let place = normal() * 0.1
            var spent: [(spend: Double, row: [String])] = []
            for family in 0..<families {
                let size = Int.random(in: 1...8, using: &random)
                let floor = Int.random(in: 20...120, using: &random)
                let tv = Bool.random(using: &random) ? 1 : 0
                let car = Int.random(in: 0..<10, using: &random) == 0 ? 1 : 0
                let work = ["farm", "shop", "none"][Int.random(in: 0..<3, using: &random)]
                let logarithm =
                    6 - 0.12 * Double(size) + 0.02 * Double(floor) + 0.3 * Double(tv) + 0.6 * Double(car)
                    + place + noise * normal()
                let row = [
                    "F\(village)-\(family)", "\(village % 2)", "\(village % 6)", "\(village)", "\(size)", "\(floor)",
                    "\(tv)", "\(car)", work, "\(exp(logarithm))", "",
                ]
                spent.append((exp(logarithm), row))
            }
            // Every other community has ranked its families, rightly.
            let order = spent.map(\.spend).sorted()
            for (spend, row) in spent {
                var row = row
                let rank = Double(order.count { $0 <= spend }) / Double(families)
                if village.isMultiple(of: 2) { row[10] = "\(rank)" }
                rows.append(row)
            }
        }
    }

    /// The survey without a column.
    func without(_ column: String) -> MadeUpSurvey {
        var survey = self
        guard let index = header.firstIndex(of: column) else { return self }
        survey.header.remove(at: index)
        for row in survey.rows.indices { survey.rows[row].remove(at: index) }
        return survey
    }

    /// Changes the cells of a column; `row` counts from 0.
    func changing(_ column: String, _ change: (_ row: Int, _ cell: String) -> String) -> MadeUpSurvey {
        var survey = self
        guard let index = header.firstIndex(of: column) else { return self }
        for row in survey.rows.indices { survey.rows[row][index] = change(row, survey.rows[row][index]) }
        return survey
    }

    var text: String {
        ([header] + rows).map { $0.joined(separator: ",") }.joined(separator: "\n") + "\n"
    }

    func table() throws -> SurveyTable { try Self.table(text) }

    static func table(_ text: String) throws -> SurveyTable {
        try TestDatabases.useFolder { folder in
            let file = folder.appendingPathComponent("survey.csv")
            try Data(text.utf8).write(to: file)
            return try SurveyTable(path: file.path)
        }
    }

    /// The logarithms of the consumption column.
    var truth: [Double] {
        let index = header.firstIndex(of: "spend") ?? 0
        return rows.map { log(Double($0[index]) ?? 1) }
    }
}

/// Models of the made-up survey, fitted once.
enum MadeUpModels {
    static let survey = MadeUpSurvey().without("rank")

    static let score = fitted(.score)
    static let card = fitted(.scorecard)

    static let joined: PovertyModel = {
        do { return try train(MadeUpSurvey().table(), roles: MadeUpSurvey.ranked) } catch {
            preconditionFailure("\(error)")
        }
    }()

    private static func fitted(_ kind: PovertyModel.Kind) -> PovertyModel {
        do { return try train(survey.table(), kind: kind) } catch { preconditionFailure("\(error)") }
    }

    /// Fits with few trees and one deal of the communities: enough to see that a rule is found.
    static func train(
        _ table: SurveyTable, roles: SurveyRoles = MadeUpSurvey.roles, kind: PovertyModel.Kind = .score,
        sheet: QuestionSheet? = nil, seed: UInt64 = PovertyModel.usualSeed
    ) throws -> PovertyModel {
        try PovertyModel.train(
            table, roles: roles, kind: kind, sheet: sheet, without: [], seed: seed,
            effort: FittingEffort(repeats: 1, trees: 80), progress: { _ in })
    }
}
