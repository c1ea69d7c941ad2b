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
            let weight = Self.rankWeight(validation.model, survey)
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

    /// The weight of the community's rank: what rank adds to log consumption beside the score, by least squares within the
    /// communities that have ranks, on estimates that were cross-validated; 0 where it would make the higher ranked poorer.
    ///
    /// A weight that is looked for by the errors themselves finds the luckiest one, and its errors are not those that other
    /// communities will see; two slopes from hundreds of families have no such luck to find.
    static func rankWeight(_ scores: [[Double]], _ survey: Survey) -> Double {
        let members = survey.households.members.map { $0.filter { survey.households.ranks[$0] != nil } }
        var sums = NormalEquations(width: 2)
        for score in scores {
            for list in members where !list.isEmpty {
                func centred(_ value: (Int) -> Double) -> [Double] {
                    let mean = list.reduce(0) { $0 + value($1) } / Double(list.count)
                    return list.map { value($0) - mean }
                }
                let ranks = centred { survey.households.ranks[$0] ?? 0 }
                for ((rank, estimate), truth) in zip(
                    zip(ranks, centred { score[$0] }), centred { survey.target[$0] })
                {
                    [estimate, rank].withUnsafeBufferPointer { sums.add($0, truth) }
                }
            }
        }
        let slopes = sums.weights(penalties: [0, 0])
        return slopes[0] > 0 ? max(0, slopes[1] / slopes[0]) : 0
    }
}
