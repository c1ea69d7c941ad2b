import Foundation

/// Why two records are held for one person or not: the parts of their weight, which sum to it.
///
/// All weights are in bits: log2 of a ratio of likelihoods (Fellegi and Sunter 1969), so that each part adds to those before it,
/// and one bit more doubles the odds.
public struct PairExplanation: Sendable, Codable, Equatable {
    /// One comparison of a field.
    public struct Part: Sendable, Codable, Equatable {
        /// The field.
        public let field: String
        /// Whether it was made only because the birth dates are the same.
        public let givenSameDate: Bool
        /// The level of agreement, from 0, the least alike.
        public let level: Int
        /// How many levels there are.
        public let of: Int
        /// What the level means.
        public let words: String
        /// How much likelier the level is between records of one person than between strangers, in bits.
        public let weight: Double
        /// What it adds or takes that the shared value is rarer or more frequent than others, in bits.
        public fileprivate(set) var rarity: Double
    }

    /// How likely it was before anything was compared, in bits: log2 of ``LinkageModel/prior``.
    public let prior: Double
    /// The comparisons that could be made, in their order; one without a value on either side weighs nothing and is left out.
    public private(set) var parts: [Part]
    /// What it takes away that relatives, twins and namesakes have as much in common, in bits: never above 0.
    public let kin: Double

    /// log2 of the odds that both records are of one person: the sum of all parts.
    public var weight: Double { parts.reduce(prior) { $0 + $1.weight + $1.rarity } + kin }

    /// How likely it is that they are.
    public var probability: Double { RecordLinkage.probability(weight) }

    /// The same, where what is shared in a field is known to be so many bits rarer.
    func adding(_ bits: Double, toField field: String) -> PairExplanation {
        guard let place = parts.firstIndex(where: { $0.field == field }) else { return self }
        var explanation = self
        explanation.parts[place].rarity += bits
        return explanation
    }
}

extension LinkageModel {
    /// Why two records of a table have their weight.
    ///
    /// - Parameter table: the one of which the model was made, or one with the same fields.
    public func explain(_ left: Int, _ right: Int, of table: RecordTable) -> PairExplanation {
        var comparer = RecordComparer(table)
        return Scorer(self, records: table.count).explain(&comparer, left, right)
    }
}
