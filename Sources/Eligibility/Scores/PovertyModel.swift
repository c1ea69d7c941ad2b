import Foundation
import Registry

/// A poverty score that was fitted to a survey: everything that is needed to apply it to other families, and what it
/// may be trusted for. It holds no household.
///
/// Scores are the estimated consumption per head in the survey's own unit; of a scorecard, its points. A lower score is
/// a poorer family.
public struct PovertyModel: Codable, Sendable, Equatable {
    /// What is fitted.
    public enum Kind: String, Codable, Sendable {
        /// The mean of two linear fits and boosted trees.
        case score
        /// A scorecard for paper.
        case scorecard
    }

    /// What the model was fitted to, and how.
    public struct Training: Codable, Sendable, Equatable {
        /// SHA-256 of the survey file.
        public let digest: String
        /// The survey's households.
        public let rows: Int
        /// The survey's communities.
        public let communities: Int
        /// The seed of everything random.
        public let seed: UInt64
        /// How many parts the communities were dealt into, one held back at a time.
        public let folds: Int
        /// How often that was repeated with other parts, and how many trees were grown.
        let effort: FittingEffort
        /// Columns that were left out because they tell the target itself.
        public let leftOut: [String]
    }

    /// A cross-validated error.
    public struct Figure: Codable, Sendable, Equatable {
        /// The share of families that can be helped.
        public let quota: Double
        /// Ranked within communities or overall.
        public let scope: Targeting.Scope
        /// The model's exclusion error.
        public let error: Targeting.Measured
        /// The exclusion error of least squares on the same columns in the same folds.
        public let leastSquares: Targeting.Measured
    }

    /// The version of this format.
    public static let version = 1

    /// The version of the file's format.
    public let format: Int
    /// What was fitted.
    public let kind: Kind
    /// The columns' roles.
    public let roles: SurveyRoles
    /// What is known of the questions.
    public let sheet: QuestionSheet?
    let features: [Feature]
    let regions: RegionCoding
    let scale: TargetScale
    let linear: [RidgeFit]
    /// Least squares on the features as they are, to compare with.
    let leastSquares: RidgeFit
    let trees: BoostedTrees?
    /// The card, where the model is one.
    public let card: ScoreCard?
    /// By how much log consumption is taken for greater where the community's rank is 1 and not 0; nil without ranks.
    public let rankWeight: Double?
    /// The bands of the coverages stated.
    public let bands: [ErrorBand]
    /// Least squares with village effects, for explanation.
    public let regression: VillageRegression
    /// What the model was fitted to.
    public let training: Training
    /// The cross-validated errors.
    public let figures: [Figure]

    /// The columns that a file must have so that the model can be applied to it.
    public var columns: [String] {
        [roles.id] + Set(features.map(\.column)).sorted() + [roles.rank].compactMap { $0 }
    }
}

extension PovertyModel {
    /// Reads a model.
    /// - Throws: ``ScoreError`` where the file is none, or of another format.
    public static func read(_ path: String) throws(ScoreError) -> PovertyModel {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .file(path: path, reason: "cannot be read")
        }
        let model: PovertyModel
        do { model = try JSONDecoder().decode(PovertyModel.self, from: data) } catch {
            throw .refused(
                file: path, line: nil, column: nil, reason: "is no model of tepat score train: \(Self.reason(error))")
        }
        guard model.format == version, model.isSound else {
            throw .refused(
                file: path, line: nil, column: nil,
                reason: "is a model of format \(model.format), or its parts do not fit each other; this program reads "
                    + "whole models of format \(version)")
        }
        return model
    }

    private static func reason(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return "it is not JSON" }
        switch error {
        case .keyNotFound(let key, _): return "“\(key.stringValue)” is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            let place = context.codingPath.map(\.stringValue).joined(separator: ".")
            return place.isEmpty ? "it is not JSON" : "“\(place)” is not what it should be"
        @unknown default: return "it is not what it should be"
        }
    }

    /// Whether every index in the model leads somewhere, so that a damaged file is refused before it is used.
    private var isSound: Bool {
        let count = features.count
        func isSound(_ fit: RidgeFit, regions: Int) -> Bool {
            fit.weights.count == fit.basis.terms.count && fit.regions.count == regions
                && fit.basis.isSound(features: count)
        }
        let isLinearSound =
            linear.allSatisfy { isSound($0, regions: regions.codes.count) } && isSound(leastSquares, regions: 0)
        let areTreesSound = trees?.isSound(features: count) ?? true
        let isCardSound =
            card?.questions.allSatisfy { question in
                guard question.points.count == question.asked.answerCount else { return false }
                switch question.asked {
                case .bands(let feature, _): return features.indices.contains(feature)
                case .choice(let members): return members.allSatisfy(features.indices.contains)
                case .region: return true
                }
            } ?? true
        return isLinearSound && areTreesSound && isCardSound && (kind == .scorecard) == (card != nil)
            && (kind == .scorecard || (!linear.isEmpty && trees != nil)) && !bands.isEmpty
    }

    /// The model as JSON: keys in order, numbers as the shortest that read back the same, one line.
    public func json() throws(ScoreError) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do { return try encoder.encode(self) + Data("\n".utf8) } catch {
            throw .file(path: "", reason: "the model has a number that JSON does not know: \(error)")
        }
    }
}

/// The score of one household.
public struct HouseholdScore: Sendable, Equatable {
    /// The household's name in the file.
    public let id: String
    /// The score; lower is poorer.
    public let score: Double
    /// The lower bound of the error band.
    public let lower: Double
    /// The upper bound.
    public let higher: Double
}

extension PovertyModel {
    /// Scores the households of a table.
    /// - Throws: where a column that the model needs is missing, or a cell cannot be used.
    public func apply(to table: SurveyTable) throws(ScoreError) -> [HouseholdScore] {
        let households = try Households(table, features: features, roles: roles)
        let linear = logarithms(households)
        let band = bands.first { $0.coverage == ErrorBand.stated } ?? bands[bands.count - 1]
        if let card, card.slope > 0 {
            return zip(households.ids, linear).map { id, value in
                func points(_ value: Double) -> Double { (value - card.intercept) / card.slope }
                let isWhole = rankWeight == nil
                let score = isWhole ? points(value).rounded() : points(value)
                return HouseholdScore(
                    id: id, score: score,
                    lower: isWhole ? points(value + band.below).rounded(.down) : points(value + band.below),
                    higher: isWhole ? points(value + band.above).rounded(.up) : points(value + band.above))
            }
        }
        return zip(households.ids, linear).map { id, value in
            HouseholdScore(
                id: id, score: exp(value), lower: exp(value + band.below), higher: exp(value + band.above))
        }
    }

    /// Estimated log consumption, with the community's rank where it counts.
    func logarithms(_ households: Households) -> [Double] {
        let values = plainLogarithms(households)
        guard let rankWeight else { return values }
        return zip(values, households.ranks).map { Self.joined($0, rank: $1, weight: rankWeight) }
    }

    /// A score and a rank together: families in the middle of the community's ranking, and those without a rank, keep
    /// their score.
    static func joined(_ value: Double, rank: Double?, weight: Double) -> Double {
        value + weight * ((rank ?? 0.5) - 0.5)
    }

    /// Log consumption by least squares on the features as they are.
    func leastSquaresLogarithms(_ households: Households) -> [Double] {
        leastSquares.values(features, households, RegionCoding(columns: regions.columns, paths: []))
    }

    private func plainLogarithms(_ households: Households) -> [Double] {
        if let card { return card.points(households).map { card.intercept + card.slope * Double($0) } }
        let fits = linear.map { $0.values(features, households, regions) }
        let places = regions.places(households.paths)
        return (0..<households.count).map { household in
            let mean = Self.mean(
                fits.map { $0[household] },
                trees: trees?.value { households.columns[$0][household] },
                regionEffect: linear.first?.regionEffect(places[household]))
            return scale.logarithm(mean)
        }
    }

    /// The mean of the linear fits and the trees. Trees see no regions: theirs are the first fit's.
    static func mean(_ fits: [Double], trees: Double?, regionEffect: Double?) -> Double {
        let parts = fits + [trees.map { $0 + (regionEffect ?? 0) }].compactMap { $0 }
        return parts.reduce(0, +) / Double(parts.count)
    }

    /// A file of scores, in the order of the households: the id's column, `score`, `lower`, `higher`.
    public func csv(_ scores: [HouseholdScore]) -> Data {
        var text = "\(Self.field(roles.id)),score,lower,higher\n"
        for score in scores {
            let numbers = [score.score, score.lower, score.higher].map(Self.number)
            text += "\(Self.field(score.id)),\(numbers.joined(separator: ","))\n"
        }
        return Data(text.utf8)
    }

    private static func number(_ value: Double) -> String {
        abs(value) < 1e15 && value == value.rounded() ? String(Int64(value)) : "\(value)"
    }

    private static func field(_ text: String) -> String {
        guard text.contains(where: { ",\"\r\n".contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}

extension Basis {
    fileprivate func isSound(features: Int) -> Bool {
        isScaled(features: features)
            && terms.allSatisfy { term in
                (0..<features).contains(term.feature) && (0..<features).contains(term.other ?? 0)
            }
    }
}

extension BoostedTrees {
    /// Whether every node leads to a later one.
    fileprivate func isSound(features: Int) -> Bool {
        trees.allSatisfy { tree in
            !tree.isEmpty
                && tree.indices.allSatisfy { index in
                    guard let feature = tree[index].feature else { return true }
                    let following = [tree[index].left ?? 0, tree[index].right ?? 0]
                    return (0..<features).contains(feature)
                        && following.allSatisfy { $0 > index && $0 < tree.count }
                }
        }
    }
}
