import Foundation

/// A scorecard that is added up on paper: at most 15 questions, whole points for each answer, fewer points = poorer.
public struct ScoreCard: Codable, Sendable, Equatable {
    /// How a question's answer is found.
    public enum Asked: Codable, Sendable, Equatable {
        /// A number, in bands that begin at these cuts; below the first is the first answer.
        case bands(feature: Int, cuts: [Double])
        /// The first of some yes/no columns that is 1; none of them is the first answer.
        case choice(features: [Int])
        /// The region, by code; another one is the last answer.
        case region(codes: [String])
    }

    /// A question with the points of its answers.
    public struct Question: Codable, Sendable, Equatable {
        /// The question's name: its column, or its name in the question sheet.
        public let name: String
        /// How its answer is found.
        public let asked: Asked
        /// The points of each answer; the least is 0.
        public let points: [Int]
    }

    /// The questions, the most telling first.
    public let questions: [Question]
    /// Log consumption for 0 points.
    public let intercept: Double
    /// Log consumption for each further point.
    public let slope: Double

    /// The most questions that a card may have.
    public static let mostQuestions = 15

    /// The most points that a family can reach.
    public var mostPoints: Int { questions.reduce(0) { $0 + ($1.points.max() ?? 0) } }

    /// The same card with the line by which its points measure log consumption, from some households.
    func measured(_ points: [Int], _ target: [Double], rows: [Int]) -> ScoreCard {
        let scale = Basis.Scale(rows.map { Double(points[$0]) })
        let mean = rows.reduce(0) { $0 + target[$1] } / Double(max(1, rows.count))
        let product = rows.reduce(0) { $0 + (Double(points[$1]) - scale.centre) * (target[$1] - mean) }
        let slope = product / (Double(max(1, rows.count)) * scale.spread * scale.spread)
        return ScoreCard(questions: questions, intercept: mean - slope * scale.centre, slope: slope)
    }

    /// The points of each household.
    func points(_ households: Households) -> [Int] {
        var sums = [Int](repeating: 0, count: households.count)
        for question in questions {
            for (household, answer) in question.asked.answers(households).enumerated() {
                sums[household] += question.points[answer]
            }
        }
        return sums
    }
}

extension ScoreCard.Asked {
    /// How many answers there are.
    var answerCount: Int {
        switch self {
        case .bands(_, let cuts): cuts.count + 1
        case .choice(let features): features.count + 1
        case .region(let codes): codes.count + 1
        }
    }

    /// The number of the answer that each household gives.
    func answers(_ households: Households) -> [Int] {
        switch self {
        case .bands(let feature, let cuts):
            return households.columns[feature].map { value in cuts.count { $0 <= value } }
        case .choice(let features):
            return (0..<households.count).map { household in
                (features.firstIndex { households.columns[$0][household] == 1 } ?? -1) + 1
            }
        case .region(let codes):
            return households.paths.map { path in
                path.lazy.compactMap { codes.firstIndex(of: $0) }.first ?? codes.count
            }
        }
    }
}
