import Foundation

/// How far the truth may lie from a score, on the logarithm of consumption.
///
/// Split by community and not by family: the residuals are those of cross-validation, where a family's whole community
/// was held back; each community counts once, whatever its size; and the quantile is taken with one further community
/// at infinity, as conformal prediction does (Vovk and others 2005; for groups, Dunn and others 2023). So for a family
/// drawn from a community drawn like those of the survey the band holds the truth with about the coverage that it
/// states, or a little more. It promises nothing for one given family, nor for regions or years that are unlike the
/// survey.
public struct ErrorBand: Codable, Sendable, Equatable {
    /// The share of families whose true value the band holds.
    public let coverage: Double
    /// From the score to the lower bound; below zero.
    public let below: Double
    /// From the score to the upper bound; above zero.
    public let above: Double

    /// The coverages that every model states.
    static let coverages = [0.5, 0.8, 0.9]
    /// The coverage of the bounds in files of scores.
    public static let stated = 0.9

    /// The band of residuals (truth minus score), several for each household.
    init(_ residuals: [[Double]], members: [[Int]], coverage: Double) {
        self.coverage = coverage
        var weighted: [(value: Double, weight: Double)] = []
        for list in members {
            for household in list {
                for repeated in residuals {
                    weighted.append((repeated[household], 1 / Double(list.count * residuals.count)))
                }
            }
        }
        weighted.sort { $0.value < $1.value }
        let tail = (1 - coverage) / 2 * Double(members.count + 1)
        below = min(0, Self.quantile(weighted, tail: max(1e-9, tail - 1)))
        above = max(0, Self.quantile(weighted.reversed(), tail: max(1e-9, tail - 1)))
    }

    /// The first value at which the weights from the front exceed `tail`.
    private static func quantile(_ weighted: [(value: Double, weight: Double)], tail: Double) -> Double {
        var sum = 0.0
        for (value, weight) in weighted {
            sum += weight
            if sum > tail { return value }
        }
        return weighted.last?.value ?? 0
    }

    /// The coverage that a band has on residuals that it was not made from.
    func covered(_ residuals: [Double]) -> Double {
        Double(residuals.count { below <= $0 && $0 <= above }) / Double(max(1, residuals.count))
    }
}

/// What it takes, and what it saves, to verify the families whose band holds the cut-off of a quota.
struct Verification: Sendable {
    let coverage: Double
    /// The families to visit.
    let families: Int
    /// Exclusion error by the score alone, and after those families were decided by the truth.
    let before: Double
    let after: Double

    /// - Parameters:
    ///   - score: the linear score; `truth` on the same scale.
    init(_ score: [Double], _ truth: [Double], band: ErrorBand, quota: Double) {
        coverage = band.coverage
        let places = Targeting.places(quota, of: score.count)
        let cut = score.sorted()[max(0, min(score.count, places) - 1)]
        // Verified families are ranked by the truth among themselves; whoever is surely below goes before, and surely
        // above after them.
        let decided = zip(score, truth).map { score, truth -> Double in
            if score + band.above < cut { return -.greatestFiniteMagnitude }
            return score + band.below > cut ? .greatestFiniteMagnitude : truth
        }
        families = decided.count { abs($0) < .greatestFiniteMagnitude }
        let everybody = [Array(score.indices)]
        func error(_ score: [Double]) -> Double {
            Targeting.exclusionError(score, truth, members: everybody, quota: quota, scope: .overall) ?? 0
        }
        before = error(score)
        after = error(decided)
    }
}
