import Foundation
import Registry

/// A model's estimates beside the truth, for families that the estimates were not fitted to.
struct ScoreJudgement: Sendable {
    /// Families of one kind, and how the score treats them.
    struct Group: Sendable {
        let name: GroupName
        let families: Int
        /// The share of the group that is poor, and the share that is chosen, at the quota overall.
        let poor: Double
        let chosen: Double
        /// The share of the group's poor who are not chosen; nil where it has none.
        let exclusion: Double?
        /// The share of the group's chosen who are not poor; nil where none is chosen.
        let inclusion: Double?
        /// The mean of log estimate minus log truth: above 0 the group seems richer than it is.
        let bias: Double
    }

    enum GroupName: Sendable, Equatable {
        case region(String)
        case maleHead(Bool)
        case size(ClosedRange<Int>)
    }

    /// A tenth of the families by their score.
    struct Tenth: Sendable {
        let families: Int
        let estimate: Double
        let truth: Double
    }

    let model: PovertyModel
    /// Whether the survey is the training's, so that the estimates are cross-validated; else the communities are
    /// others.
    let isTraining: Bool
    let households: Households
    let truth: [Double]
    let figures: [PovertyModel.Figure]
    let tenths: [Tenth]
    let groups: [Group]
    let verifications: [Verification]
    /// The share of families whose truth each of the model's bands holds.
    let covered: [Double]

    /// The quota that groups and the band are judged at.
    static let quota = 0.3

    /// Judges a model on a survey. The one that it was fitted to is cross-validated anew; any other is scored as it is.
    init(
        _ model: PovertyModel, on table: SurveyTable, progress: @Sendable (WorkProgress) -> Void
    ) throws(ScoreError) {
        self.model = model
        isTraining = table.digest == model.training.digest
        let survey = try Survey(table, for: model)
        households = survey.households
        truth = survey.target
        var scores: [[Double]]
        let leastSquares: [[Double]]
        if isTraining {
            var validation = CrossValidation(
                survey, kind: model.kind, sheet: model.sheet, seed: model.training.seed,
                effort: model.training.effort
            ) { done, total in progress(WorkProgress(done: done, total: total)) }
            if let weight = model.rankWeight { validation.join(survey.households.ranks, weight: weight) }
            scores = validation.model
            leastSquares = validation.leastSquares
        } else {
            scores = [model.logarithms(survey.households)]
            leastSquares = [model.leastSquaresLogarithms(survey.households)]
        }
        figures = PovertyModel.figures(scores, leastSquares, survey, seed: model.training.seed)
        let first = scores[0]
        tenths = Self.tenths(first, survey.target)
        groups = Self.groups(first, survey, model)
        verifications = model.bands.map { Verification(first, survey.target, band: $0, quota: Self.quota) }
        let residuals = zip(survey.target, first).map { $0 - $1 }
        covered = model.bands.map { $0.covered(residuals) }
    }

    private static func tenths(_ score: [Double], _ truth: [Double]) -> [Tenth] {
        let order = score.indices.sorted { (score[$0], $0) < (score[$1], $1) }
        return (0..<10).compactMap { tenth in
            let members = order[tenth * order.count / 10..<(tenth + 1) * order.count / 10]
            guard !members.isEmpty else { return nil }
            func mean(_ values: [Double]) -> Double {
                exp(members.reduce(0) { $0 + values[$1] } / Double(members.count))
            }
            return Tenth(families: members.count, estimate: mean(score), truth: mean(truth))
        }
    }

    private static func groups(_ score: [Double], _ survey: Survey, _ model: PovertyModel) -> [Group] {
        let places = Targeting.places(quota, of: score.count)
        let chosen = Targeting.shares(score, places: places)
        let poor = Targeting.shares(survey.target, places: places)
        func group(_ name: GroupName, _ members: [Int]) -> Group? {
            guard !members.isEmpty else { return nil }
            let count = Double(members.count)
            let poorCount = members.reduce(0) { $0 + poor[$1] }
            let chosenCount = members.reduce(0) { $0 + chosen[$1] }
            let both = members.reduce(0) { $0 + poor[$1] * chosen[$1] }
            return Group(
                name: name, families: members.count, poor: poorCount / count, chosen: chosenCount / count,
                exclusion: poorCount > 0 ? 1 - both / poorCount : nil,
                inclusion: chosenCount > 0 ? 1 - both / chosenCount : nil,
                bias: members.reduce(0) { $0 + score[$1] - survey.target[$1] } / count)
        }
        func members(_ holds: (Int) -> Bool) -> [Int] { score.indices.filter(holds) }
        var groups: [Group?] = []
        let paths = survey.households.paths
        for code in Set(paths.compactMap { $0.count > 1 ? $0.first : nil }).sorted() {
            groups.append(group(.region(code), members { paths[$0].first == code }))
        }
        func column(_ name: String?) -> [Double]? {
            survey.features.firstIndex { $0.column == name }.map { survey.households.columns[$0] }
        }
        if let male = column(model.sheet?.maleHead) {
            for isMale in [true, false] {
                groups.append(group(.maleHead(isMale), members { (male[$0] == 1) == isMale }))
            }
        }
        if let size = column(model.sheet?.familySize) {
            for range in [1...2, 3...4, 5...6, 7...99] {
                groups.append(group(.size(range), members { range.contains(Int(size[$0])) }))
            }
        }
        return groups.compactMap { $0 }
    }
}
