import Foundation
import Registry

/// How much work goes into a model and its judgement.
struct FittingEffort: Codable, Sendable, Equatable {
    /// How often the communities are dealt anew in cross-validation.
    var repeats = 5
    /// How many trees are grown.
    var trees = 500
}

/// What a kind of model and least squares say of families whose whole community was held back.
struct CrossValidation: Sendable {
    static let folds = 10

    /// Estimated log consumption of each household, once for each repeat.
    private(set) var model: [[Double]]
    /// The same by least squares on the same columns, without regions, in the same folds.
    private(set) var leastSquares: [[Double]]

    /// The fold of each household: its community's, the communities being dealt out in a random order.
    static func fold(_ households: Households, seed: UInt64) -> [Int] {
        var random = SeededRandom(seed: seed)
        let order = random.draw(households.communityCount, of: households.communityCount)
        var fold = [Int](repeating: 0, count: households.communityCount)
        for (place, community) in order.enumerated() { fold[community] = place % folds }
        return households.community.map { fold[$0] }
    }

    /// Fits the model once for every fold and repeat.
    init(
        _ survey: Survey, kind: PovertyModel.Kind, sheet: QuestionSheet?, seed: UInt64, effort: FittingEffort,
        progress: @Sendable (Int, Int) -> Void
    ) {
        model = []
        leastSquares = []
        for repeated in 0..<effort.repeats {
            let base = repeated * Self.folds
            let fitting = Fitting(
                survey, kind: kind, sheet: sheet, seed: seed, repeated: repeated, trees: effort.trees)
            let parts = inParallel(Self.folds) { fold in
                let part = fitting.estimates(heldBack: fold)
                progress(base + fold + 1, effort.repeats * Self.folds)
                return part
            }
            var model = [Double](repeating: 0, count: survey.target.count)
            var leastSquares = model
            for part in parts {
                for (index, household) in part.households.enumerated() {
                    model[household] = part.model[index]
                    leastSquares[household] = part.leastSquares[index]
                }
            }
            self.model.append(model)
            self.leastSquares.append(leastSquares)
        }
    }

    /// Joins the communities' ranks to the model's estimates.
    mutating func join(_ ranks: [Double?], weight: Double) {
        for index in model.indices {
            model[index] = zip(model[index], ranks).map { PovertyModel.joined($0, rank: $1, weight: weight) }
        }
    }
}

/// A survey made ready to be fitted as often as there are folds.
struct Fitting: Sendable {
    private let survey: Survey
    private let seed: UInt64
    private let fold: [Int]
    private let plain: RidgeDesign
    private let linear: [(design: RidgeDesign, penalty: Double)]
    private let bins: FeatureBins?
    private let growth: BoostedTrees.Settings
    private let card: CardFit?
    let scale: TargetScale
    private let fitted: [Double]

    /// What bears on the weights of each linear fit. These were chosen by cross-validation, as were the powers; errors
    /// hardly change between half and twice as much.
    private static let penalties = (curves: 150.0, steps: 250.0)
    private static let powers: [PovertyModel.Kind: Double] = [.score: -0.2, .scorecard: -0.6]

    init(_ survey: Survey, kind: PovertyModel.Kind, sheet: QuestionSheet?, seed: UInt64, repeated: Int, trees: Int) {
        self.survey = survey
        growth = BoostedTrees.Settings(trees: trees)
        let seed = seed &+ UInt64(repeated) &* 0x1000
        self.seed = seed
        let households = survey.households
        let features = survey.features
        let fold = CrossValidation.fold(households, seed: seed)
        self.fold = fold
        let scale = TargetScale(power: Self.powers[kind] ?? 0, target: survey.target)
        self.scale = scale
        let fitted = survey.target.map(scale.fitted)
        self.fitted = fitted
        func design(_ basis: Basis, isPlain: Bool = false) -> RidgeDesign {
            RidgeDesign(
                basis, features, households, regions: survey.regions, target: isPlain ? survey.target : fitted,
                fold: fold, folds: CrossValidation.folds, isPlain: isPlain)
        }
        plain = design(.plain(features, households.columns), isPlain: true)
        switch kind {
        case .score:
            linear = [
                (design(.curves(features, households.columns)), Self.penalties.curves),
                (design(.steps(features, households.columns)), Self.penalties.steps),
            ]
            bins = FeatureBins(households.columns)
            card = nil
        case .scorecard:
            linear = []
            bins = nil
            card = CardFit(
                features, households, regions: survey.regions, sheet: sheet, target: fitted, fold: fold,
                folds: CrossValidation.folds)
        }
    }

    /// The parts of a model.
    struct Parts: Sendable {
        let linear: [RidgeFit]
        let trees: BoostedTrees?
        let card: ScoreCard?
    }

    /// Fits on every fold but one, or on all.
    func parts(without heldBack: Int?) -> Parts {
        let rows = fold.indices.filter { fold[$0] != heldBack }
        let fits = linear.map { $0.design.fit(without: heldBack, penalty: $0.penalty) }
        var trees: BoostedTrees?
        if let bins, let first = fits.first {
            let places = survey.regions.places(survey.households.paths)
            let target = zip(fitted, places).map { $0 - first.regionEffect($1) }
            trees = BoostedTrees(
                bins, target: target, rows: rows, seed: seed &+ UInt64(heldBack ?? CrossValidation.folds) &+ 1,
                settings: growth)
        }
        let card = card.map { fit in
            let card = fit.card(without: heldBack)
            return card.measured(card.points(survey.households), survey.target, rows: rows)
        }
        return Parts(linear: fits, trees: trees, card: card)
    }

    /// Least squares on every fold but one, or on all.
    func leastSquares(without heldBack: Int?) -> RidgeFit { plain.fit(without: heldBack, penalty: 0) }

    /// What the fits without a fold say of its households.
    func estimates(heldBack: Int) -> (households: [Int], model: [Double], leastSquares: [Double]) {
        let parts = parts(without: heldBack)
        let leastSquares = leastSquares(without: heldBack)
        let members = fold.indices.filter { fold[$0] == heldBack }
        let places = survey.regions.places(survey.households.paths)
        let points = parts.card.map { $0.points(survey.households) }
        let model = members.map { household in
            if let card = parts.card, let points { return card.intercept + card.slope * Double(points[household]) }
            let mean = PovertyModel.mean(
                zip(linear, parts.linear).map { $0.design.value($1, household) },
                trees: parts.trees?.value { survey.households.columns[$0][household] },
                regionEffect: parts.linear.first?.regionEffect(places[household]))
            return scale.logarithm(mean)
        }
        return (members, model, members.map { plain.value(leastSquares, $0) })
    }
}
