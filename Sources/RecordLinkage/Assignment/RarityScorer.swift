import Foundation

/// Scores pairs by a model with one class, and keeps what was seen, so that they can be scored again by another one.
struct RarityScorer: Sendable {
    /// log2 of same over strangers, by comparison and level (16 for each comparison).
    private var weights: [Double]
    private var frequencies: [Double]
    /// For each comparison the most that it and all later ones can add.
    private var ceilings: [Double]
    private let comparisons: Int
    /// No agreement counts as rarer than this: one value in so many records may be an error.
    private let rarest: Double
    /// What cannot be estimated yet may turn out to weigh so much more.
    private static let slack = 3.0

    init(_ model: LinkageModel, records: Int) {
        comparisons = model.comparisons.count
        weights = Array(repeating: 0, count: comparisons * 16)
        frequencies = weights
        rarest = 1 / Double(max(1000, records))
        ceilings = Array(repeating: Self.slack, count: comparisons + 1)
        for place in model.comparisons.indices.reversed() {
            let comparison = model.comparisons[place]
            var top = 0.0
            for level in comparison.levels.indices {
                let index = place * 16 + level
                weights[index] = model.weight(place, level)
                frequencies[index] = comparison.frequencies[level]
                let rare = comparison.frequencies[level] > 0 ? max(0, log2(comparison.frequencies[level] / rarest)) : 0
                top = max(top, weights[index] + rare)
            }
            ceilings[place] = ceilings[place + 1] + top
        }
    }

    /// How two records compare, how rare what they share is, and what both weigh; nil where that is below `least`.
    func look(
        _ comparer: inout RecordComparer, _ left: Int, _ right: Int, least: Double
    ) -> (pattern: Pattern, rarity: Float, weight: Float)? {
        var pattern = Pattern()
        for place in comparisons..<Pattern.most { pattern[place] = Pattern.missing }
        var (weight, rarity) = (0.0, 0.0)
        for place in 0..<comparisons {
            guard weight + rarity + ceilings[place] >= least else { return nil }
            let level = comparer.level(place, left, right)
            pattern[place] = level
            guard level != Pattern.missing else { continue }
            let index = place * 16 + Int(level)
            weight += weights[index]
            guard frequencies[index] > 0, let shared = comparer.frequency(place, level, left, right) else { continue }
            rarity += log2(frequencies[index] / max(shared, rarest))
        }
        guard weight + rarity + Self.slack >= least else { return nil }
        return (pattern, Float(rarity), Float(weight + rarity))
    }
}
