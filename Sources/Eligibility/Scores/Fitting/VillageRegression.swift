import Foundation

/// Least squares of log consumption on the features with an effect for every community, and standard errors that are
/// robust to families of one community being alike.
///
/// The communities' effects are taken out by subtracting each community's means. The covariance is the sandwich A⁻¹ (Σ
/// Xᵀuuᵀ X over communities) A⁻¹ · G/(G-1) · (N-1)/(N-K), G communities, N families, K slopes (Liang and Zeger 1986
/// with the usual small-sample factor; the effects lie within the communities and are not counted in K).
public struct VillageRegression: Codable, Sendable, Equatable {
    /// One feature's slope.
    public struct Coefficient: Codable, Sendable, Equatable {
        /// The column, with its word where it holds words.
        public let name: String
        /// By how much log consumption is greater where the feature is greater by 1, within one community.
        public let slope: Double
        /// The slope's standard error, robust and clustered by community.
        public let error: Double
        /// The slope's standard error, robust to unequal variance only (HC1).
        public let errorWithoutClusters: Double
    }

    /// The slopes in the features' order.
    public let coefficients: [Coefficient]
    /// Columns that repeat those before them and have no slope of their own.
    public let dropped: [String]
    /// The share of the variance within communities that the slopes account for.
    public let explained: Double

    init(_ features: [Feature], _ households: Households, target: [Double]) {
        let names = features.map { $0.category.map { [column = $0.column] in "\(column) = \($0)" } ?? $0.column }
        let columns = households.columns.map { households.withinCommunities($0) }
        let target = households.withinCommunities(target)
        let width = features.count
        var sums = NormalEquations(width: width)
        let rows = (0..<households.count).map { row in columns.map { $0[row] } }
        for (row, value) in zip(rows, target) { row.withUnsafeBufferPointer { sums.add($0, value) } }
        let factor = Cholesky(sums.gram, width: width)
        let slopes = factor.solve(sums.moment)
        let rests = zip(rows, target).map { row, value in
            zip(row, slopes).reduce(value) { $0 - $1.0 * $1.1 }
        }
        var scores = [[Double]](
            repeating: [Double](repeating: 0, count: width), count: households.communityCount)
        for (household, row) in rows.enumerated() {
            for column in 0..<width {
                scores[households.community[household]][column] += row[column] * rests[household]
            }
        }
        let kept = factor.isKept.count { $0 }
        let families = Double(households.count)
        let communities = Double(households.communityCount)
        let freedom = (families - 1) / max(1, families - Double(kept))
        let clustered = communities / max(1, communities - 1) * freedom
        let alone = families / max(1, families - Double(kept))
        coefficients = (0..<width).compactMap { column in
            guard factor.isKept[column] else { return nil }
            var unit = [Double](repeating: 0, count: width)
            unit[column] = 1
            let line = factor.solve(unit)
            func square(_ row: [Double]) -> Double {
                let sum = zip(line, row).reduce(0) { $0 + $1.0 * $1.1 }
                return sum * sum
            }
            let between = scores.reduce(0) { $0 + square($1) }
            let single = zip(rows, rests).reduce(0) { $0 + square($1.0) * $1.1 * $1.1 }
            return Coefficient(
                name: names[column], slope: slopes[column], error: (between * clustered).squareRoot(),
                errorWithoutClusters: (single * alone).squareRoot())
        }
        dropped = names.indices.filter { !factor.isKept[$0] }.map { names[$0] }
        let whole = target.reduce(0) { $0 + $1 * $1 }
        explained = whole > 0 ? 1 - rests.reduce(0) { $0 + $1 * $1 } / whole : 0
    }
}

extension Households {
    /// Values without the mean of their community.
    func withinCommunities(_ values: [Double]) -> [Double] {
        var sums = [Double](repeating: 0, count: communityCount)
        var counts = [Double](repeating: 0, count: communityCount)
        for (household, number) in community.enumerated() {
            sums[number] += values[household]
            counts[number] += 1
        }
        return zip(values, community).map { $0 - sums[$1] / counts[$1] }
    }
}
