import Foundation
import Registry

extension PovertyModel {
    /// The quotas that figures are given for.
    public static let quotas = [0.1, 0.2, 0.3, 0.4]
    /// The seed of everything random, where none is given.
    public static let usualSeed: UInt64 = 2008

    /// Fits a model to a survey, and judges it by cross-validation over communities.
    ///
    /// The same file, roles and seed give the same model, byte for byte, whatever the number of threads.
    /// - Parameters:
    ///   - table: the survey.   - roles: what its columns are for. With a rank, the community's ranking joins the
    /// score.   - kind: a score, or a scorecard for paper.   - sheet: what is known of the questions. With it only its
    /// questions are asked; without it every column that has no     role is a question, but for those that tell the
    /// target itself.   - without: columns to leave out.   - progress: is told of the fits that are done, from any
    /// thread.
    /// - Throws: ``ScoreError`` where the survey cannot carry a model.
    public static func train(
        _ table: SurveyTable, roles: SurveyRoles, kind: Kind = .score, sheet: QuestionSheet? = nil,
        without: Set<String> = [], seed: UInt64 = usualSeed,
        progress: @Sendable (WorkProgress) -> Void = { _ in }
    ) throws(ScoreError) -> PovertyModel {
        try train(
            table, roles: roles, kind: kind, sheet: sheet, without: without, seed: seed, effort: FittingEffort(),
            progress: progress)
    }

    static func train(
        _ table: SurveyTable, roles: SurveyRoles, kind: Kind, sheet: QuestionSheet?, without: Set<String>,
        seed: UInt64, effort: FittingEffort, progress: @Sendable (WorkProgress) -> Void
    ) throws(ScoreError) -> PovertyModel {
        let survey = try Survey(table, roles: roles, columns: sheet?.columns, without: without)
        let total = effort.repeats * CrossValidation.folds + 2
        var validation = CrossValidation(survey, kind: kind, sheet: sheet, seed: seed, effort: effort) { done, _ in
            progress(WorkProgress(done: done, total: total))
        }
        let fitting = Fitting(
            survey, kind: kind, sheet: sheet, seed: seed, repeated: 0, trees: effort.trees)
        let parts = fitting.parts(without: nil)
        progress(WorkProgress(done: total - 1, total: total))
        let members = survey.households.members
        var rankWeight: Double?
        if roles.rank != nil {
            let weight = bestRankWeight(validation.model, survey)
            validation.join(survey.households.ranks, weight: weight)
            rankWeight = weight
        }
        let residuals = validation.model.map { model in zip(survey.target, model).map { $0 - $1 } }
        let model = PovertyModel(
            format: version, kind: kind, roles: roles, sheet: sheet, features: survey.features,
            regions: survey.regions, scale: fitting.scale, linear: parts.linear,
            leastSquares: fitting.leastSquares(without: nil), trees: parts.trees, card: parts.card,
            rankWeight: rankWeight,
            bands: ErrorBand.coverages.map { ErrorBand(residuals, members: members, coverage: $0) },
            regression: VillageRegression(survey.features, survey.households, target: survey.target),
            training: Training(
                digest: table.digest, rows: survey.households.count, communities: survey.households.communityCount,
                seed: seed, folds: CrossValidation.folds, effort: effort, leftOut: survey.leftOut),
            figures: figures(validation.model, validation.leastSquares, survey, seed: seed))
        progress(WorkProgress(done: total, total: total))
        return model
    }

    /// The errors at every quota and scope.
    static func figures(
        _ scores: [[Double]], _ leastSquares: [[Double]], _ survey: Survey, seed: UInt64
    ) -> [Figure] {
        let members = survey.households.members
        var figures: [Figure] = []
        for scope in Targeting.Scope.allCases {
            for quota in quotas {
                func measured(_ scores: [[Double]]) -> Targeting.Measured? {
                    Targeting.measured(
                        scores, survey.target, members: members, quota: quota, scope: scope, seed: seed)
                }
                guard let error = measured(scores), let other = measured(leastSquares) else { continue }
                figures.append(Figure(quota: quota, scope: scope, error: error, leastSquares: other))
            }
        }
        return figures
    }

    /// The weight of the community's rank that finds most of the poor of communities that have ranks: of 0, 0.05 … 0.6
    /// the one with the least mean error within communities at quotas from 20 to 40 %, each averaged with its
    /// neighbours so that no single lucky weight is chosen.
    private static func bestRankWeight(_ scores: [[Double]], _ survey: Survey) -> Double {
        let ranks = survey.households.ranks
        let members = survey.households.members.map { $0.filter { ranks[$0] != nil } }.filter { !$0.isEmpty }
        let weights = (0...12).map { Double($0) / 20 }
        let errors = inParallel(weights.count) { index -> Double in
            var sum = 0.0
            for score in scores {
                let joined = zip(score, ranks).map { PovertyModel.joined($0, rank: $1, weight: weights[index]) }
                for quota in [0.2, 0.25, 0.3, 0.35, 0.4] {
                    sum +=
                        Targeting.exclusionError(
                            joined, survey.target, members: members, quota: quota, scope: .within) ?? 0
                }
            }
            return sum
        }
        let smooth = errors.indices.map { index in
            let near = errors[max(0, index - 1)...min(errors.count - 1, index + 1)]
            return near.reduce(0, +) / Double(near.count)
        }
        return weights[smooth.indices.min { smooth[$0] < smooth[$1] } ?? 0]
    }
}
