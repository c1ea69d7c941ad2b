import Foundation

/// A linear fit as it is before it has weights: a basis, the regions, and the sums of every fold of communities.
///
/// The fit is a mixed model, log consumption = intercept + terms + regions + community + rest. Terms have a normal
/// prior (ridge), regions a wider one, and the effect that each community has of its own is taken out by the usual
/// quasi-demeaning: from every row 1 - √(1/(1 + n·ratio)) of its community's mean is taken, n being the community's
/// families (Fuller and Battese 1974).
struct RidgeDesign: Sendable {
    let basis: Basis
    let regions: RegionCoding
    /// The columns: the intercept, the basis' terms, the regions.
    let width: Int
    private let rows: [Double]
    private let folds: [NormalEquations]

    /// The variance of a region's effect as a part of the variance between families.
    static let regionVariance = 0.04
    /// The same of a community's effect.
    static let communityVariance = 0.045

    /// - Parameters:
    ///   - fold: the fold of each household; all of a community in one.
    ///   - isPlain: without regions and communities, as plain least squares are.
    init(
        _ basis: Basis, _ features: [Feature], _ households: Households, regions: RegionCoding, target: [Double],
        fold: [Int], folds count: Int, isPlain: Bool = false
    ) {
        self.basis = basis
        self.regions = isPlain ? RegionCoding(columns: regions.columns, paths: []) : regions
        width = 1 + basis.terms.count + self.regions.codes.count
        rows = Self.rows(basis, features, households, self.regions, width: width)
        folds = Self.sums(
            rows, width: width, households, target, fold, count, ratio: isPlain ? 0 : Self.communityVariance)
    }

    /// The design of households, one after the other.
    static func rows(
        _ basis: Basis, _ features: [Feature], _ households: Households, _ regions: RegionCoding, width: Int
    ) -> [Double] {
        let places = regions.places(households.paths)
        var rows = [Double](repeating: 0, count: households.count * width)
        rows.withUnsafeMutableBufferPointer { rows in
            for household in 0..<households.count {
                let start = household * width
                rows[start] = 1
                let terms = UnsafeMutableBufferPointer(rebasing: rows[start + 1..<start + 1 + basis.terms.count])
                basis.write(features, to: terms) { households.columns[$0][household] }
                for place in places[household] { rows[start + 1 + basis.terms.count + place] = 1 }
            }
        }
        return rows
    }

    private static func sums(
        _ rows: [Double], width: Int, _ households: Households, _ target: [Double], _ fold: [Int], _ count: Int,
        ratio: Double
    ) -> [NormalEquations] {
        var members = [[Int]](repeating: [], count: households.communityCount)
        for (household, community) in households.community.enumerated() { members[community].append(household) }
        var folds = [NormalEquations](repeating: NormalEquations(width: width), count: count)
        var row = [Double](repeating: 0, count: width)
        for household in members where !household.isEmpty {
            let share = 1 - (1 / (1 + Double(household.count) * ratio)).squareRoot()
            var mean = [Double](repeating: 0, count: width)
            var meanTarget = 0.0
            for member in household {
                for column in 0..<width { mean[column] += rows[member * width + column] / Double(household.count) }
                meanTarget += target[member] / Double(household.count)
            }
            for member in household {
                for column in 0..<width { row[column] = rows[member * width + column] - share * mean[column] }
                let value = target[member] - share * meanTarget
                row.withUnsafeBufferPointer { folds[fold[member]].add($0, value) }
            }
        }
        return folds
    }

    /// The fit on every fold but one, or on all.
    func fit(without fold: Int?, penalty: Double) -> RidgeFit {
        var sums = NormalEquations(width: width)
        for index in folds.indices where index != fold { sums += folds[index] }
        var penalties = [Double](repeating: penalty, count: width)
        penalties[0] = 0
        for index in 1 + basis.terms.count..<width { penalties[index] = 1 / Self.regionVariance }
        let weights = sums.weights(penalties: penalties)
        return RidgeFit(
            basis: basis, intercept: weights[0], weights: Array(weights[1...basis.terms.count]),
            regions: Array(weights[(1 + basis.terms.count)...]), penalty: penalty)
    }

    /// What a fit gives for a household of this design.
    func value(_ fit: RidgeFit, _ household: Int) -> Double { fit.value(rows, at: household * width) }
}

/// A linear fit.
struct RidgeFit: Codable, Sendable, Equatable {
    let basis: Basis
    let intercept: Double
    let weights: [Double]
    /// The regions' effects, in the order of the coding.
    let regions: [Double]
    let penalty: Double

    /// What the fit gives for a row of a design.
    func value(_ rows: [Double], at start: Int) -> Double {
        var sum = intercept
        for index in weights.indices { sum += weights[index] * rows[start + 1 + index] }
        for index in regions.indices { sum += regions[index] * rows[start + 1 + weights.count + index] }
        return sum
    }

    /// The effect of a household's regions together.
    func regionEffect(_ places: [Int]) -> Double { places.reduce(0) { $0 + regions[$1] } }

    /// What the fit gives for households.
    func values(_ features: [Feature], _ households: Households, _ coding: RegionCoding) -> [Double] {
        let width = 1 + weights.count + regions.count
        let rows = RidgeDesign.rows(basis, features, households, coding, width: width)
        return (0..<households.count).map { value(rows, at: $0 * width) }
    }
}
