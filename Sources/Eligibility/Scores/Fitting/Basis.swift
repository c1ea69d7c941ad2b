import Foundation

/// The curves of the features that a linear fit may add up, each brought to mean 0 and deviation ``Term/weight``.
///
/// A smaller weight makes the same penalty bear harder on a term: what is finer must earn more.
struct Basis: Codable, Sendable, Equatable {
    enum Curve: String, Codable, Sendable { case value, logarithm, square, step, product }

    struct Term: Codable, Sendable, Equatable {
        let curve: Curve
        let feature: Int
        /// The other feature of a product.
        var other: Int?
        /// Where a step begins.
        var cut: Double?
        let weight: Double
        var centre = 0.0
        var spread = 1.0
    }

    /// The middle and deviation of a feature on its curve, for products.
    struct Scale: Codable, Sendable, Equatable {
        let centre: Double
        let spread: Double

        init(_ values: [Double]) {
            let mean = values.reduce(0, +) / Double(max(1, values.count))
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, values.count))
            centre = mean
            spread = variance > 0 ? variance.squareRoot() : 1
        }
    }

    private(set) var terms: [Term]
    private let scales: [Scale]

    /// The widest that a product may reach, in deviations: rare combinations pull no harder than this.
    private static let productLimit = 5.0
    /// How many households must lie on either side of a step.
    private static let leastBeyondStep = 30

    private init(_ terms: [Term], _ features: [Feature], _ columns: [[Double]]) {
        self.terms = terms
        scales = zip(features, columns).map { feature, values in Scale(values.map(feature.onCurve)) }
        for index in terms.indices {
            let scale = Scale(
                columns[0].indices.map { row in raw(terms[index], features) { columns[$0][row] } })
            self.terms[index].centre = scale.centre
            self.terms[index].spread = scale.spread
        }
    }

    /// Every feature as it is: what plain least squares see.
    static func plain(_ features: [Feature], _ columns: [[Double]]) -> Basis {
        Basis(features.indices.map { Term(curve: .value, feature: $0, weight: 1) }, features, columns)
    }

    /// Smooth curves of the numbers, and every product of a number with another feature.
    static func curves(_ features: [Feature], _ columns: [[Double]]) -> Basis {
        var terms: [Term] = []
        let numbers = features.indices.filter { features[$0].kind == .number }
        for index in features.indices {
            terms.append(Term(curve: .value, feature: index, weight: 1))
            guard features[index].kind == .number else { continue }
            terms.append(Term(curve: .logarithm, feature: index, weight: 1))
            terms.append(Term(curve: .square, feature: index, weight: 0.5))
        }
        for number in numbers {
            for other in features.indices where other > number || features[other].kind != .number {
                terms.append(Term(curve: .product, feature: number, other: other, weight: 0.1))
            }
        }
        return Basis(terms, features, columns)
    }

    /// Curves of the numbers that may also jump, at their tenths.
    static func steps(_ features: [Feature], _ columns: [[Double]]) -> Basis {
        var terms: [Term] = []
        for (index, feature) in features.enumerated() {
            terms.append(Term(curve: .value, feature: index, weight: 1))
            guard feature.kind == .number else { continue }
            terms.append(Term(curve: .logarithm, feature: index, weight: 1))
            terms.append(Term(curve: .square, feature: index, weight: 0.5))
            for cut in Self.cuts(columns[index]) {
                terms.append(Term(curve: .step, feature: index, cut: cut, weight: 0.5))
            }
        }
        return Basis(terms, features, columns)
    }

    private static func cuts(_ values: [Double]) -> [Double] {
        let sorted = values.sorted()
        let different = Array(Set(values)).sorted()
        let candidates =
            different.count <= 8
            ? different : Array(Set((1...9).map { sorted[$0 * sorted.count / 10] })).sorted()
        return candidates.filter { cut in
            let beyond = values.count { $0 >= cut }
            return beyond >= leastBeyondStep && values.count - beyond >= leastBeyondStep
        }
    }

    private func raw(_ term: Term, _ features: [Feature], _ value: (Int) -> Double) -> Double {
        let number = value(term.feature)
        switch term.curve {
        case .value: return number
        case .logarithm: return features[term.feature].onCurve(number)
        case .square: return number * number
        case .step: return number >= term.cut ?? 0 ? 1 : 0
        case .product:
            guard let other = term.other else { return 0 }
            func place(_ feature: Int) -> Double {
                (features[feature].onCurve(value(feature)) - scales[feature].centre) / scales[feature].spread
            }
            return min(max(place(term.feature) * place(other), -Self.productLimit), Self.productLimit)
        }
    }

    /// Whether there is a scale for every feature.
    func isScaled(features: Int) -> Bool { scales.count == features }

    /// Writes the terms of one household to `row`.
    func write(_ features: [Feature], to row: UnsafeMutableBufferPointer<Double>, value: (Int) -> Double) {
        for (index, term) in terms.enumerated() {
            row[index] = term.weight * (raw(term, features, value) - term.centre) / term.spread
        }
    }
}
