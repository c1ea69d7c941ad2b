import Foundation

/// A question that a card may ask, with the way its points may go.
struct CardCandidate: Sendable {
    let name: String
    let asked: ScoreCard.Asked
    /// Whether the answers have an order, so that points are steps from one to the next.
    let isOrdered: Bool
    let direction: QuestionSheet.Direction?

    /// The questions that features make: bands of numbers, yes and no, and yes/no columns that belong together.
    static func candidates(
        _ features: [Feature], _ households: Households, _ sheet: QuestionSheet?
    ) -> [CardCandidate] {
        var candidates: [CardCandidate] = []
        var taken: Set<Int> = []
        for (index, feature) in features.enumerated() where !taken.contains(index) {
            let question = sheet?.question(of: feature.column)
            if feature.kind == .number {
                let cuts = question?.cuts ?? bands(households.columns[index])
                guard !cuts.isEmpty else { continue }
                candidates.append(
                    CardCandidate(
                        name: question?.name ?? feature.column, asked: .bands(feature: index, cuts: cuts),
                        isOrdered: true, direction: question?.direction))
            } else {
                let group = question.map { question in
                    question.columns.compactMap { column in features.firstIndex { $0.column == column } }
                }
                let members = group ?? together(index, features, households)
                taken.formUnion(members)
                candidates.append(
                    CardCandidate(
                        name: question?.name ?? feature.column, asked: .choice(features: members),
                        isOrdered: question?.direction == .richer || question?.direction == .poorer,
                        direction: question?.direction))
            }
        }
        return candidates
    }

    /// The regions as a question: the smallest ones of which a card can still print the list.
    static func region(_ households: Households, _ coding: RegionCoding) -> CardCandidate? {
        let depths = Dictionary(grouping: coding.codes) { $0.count { $0 == "/" } }
        guard let codes = depths.filter({ (2...20).contains($1.count) }).max(by: { $0.key < $1.key })?.value else {
            return nil
        }
        return CardCandidate(name: "region", asked: .region(codes: codes.sorted()), isOrdered: false, direction: .free)
    }

    /// The features of one word column, or yes/no columns named alike but for a number at the end of which never two
    /// hold.
    private static func together(_ first: Int, _ features: [Feature], _ households: Households) -> [Int] {
        func stem(_ name: String) -> Substring { name[...].trimmingSuffix(while: \.isNumber) }
        let column = features[first].column
        if features[first].kind == .category { return features.indices.filter { features[$0].column == column } }
        guard stem(column) != column else { return [first] }
        let alike = features.indices.filter { features[$0].kind == .yesNo && stem(features[$0].column) == stem(column) }
        let excludes = (0..<households.count).allSatisfy { household in
            alike.count { households.columns[$0][household] == 1 } <= 1
        }
        return excludes ? alike : [first]
    }

    /// Where bands of about a sixth of the families begin, at numbers that are easily said.
    private static func bands(_ values: [Double]) -> [Double] {
        let different = Array(Set(values)).sorted()
        if different.count <= 8 { return Array(different.dropFirst()).filter { isTelling($0, values) } }
        let sorted = values.sorted()
        let cuts = (1...5).map { round(sorted[$0 * sorted.count / 6]) }
        return Array(Set(cuts)).sorted().filter { isTelling($0, values) }
    }

    private static func isTelling(_ cut: Double, _ values: [Double]) -> Bool {
        let beyond = values.count { $0 >= cut }
        return min(beyond, values.count - beyond) >= 20
    }

    /// The nearest number of two digits.
    private static func round(_ value: Double) -> Double {
        guard value != 0 else { return 0 }
        let unit = pow(10, floor(log10(abs(value))) - 1)
        return (value / unit).rounded() * unit
    }
}

extension Substring {
    fileprivate func trimmingSuffix(while holds: (Character) -> Bool) -> Substring {
        var rest = self
        while let last = rest.last, holds(last) { rest.removeLast() }
        return rest
    }
}
