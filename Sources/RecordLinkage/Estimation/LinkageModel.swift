import Foundation

/// How likely each level of agreement is between records of one person, of relatives, of twins, of namesakes, and of strangers.
///
/// The model of Fellegi and Sunter (1969) with more classes than theirs: relatives share a mother and a house, twins a birth
/// date besides, namesakes a name that was given in their years, so that these agreements together tell less than each by
/// itself. Without the last a large file would seem to hold more doubles than it has: the larger it is, the more namesakes there
/// are for each of them.
public struct LinkageModel: Sendable, Codable {
    /// One comparison of a field.
    public struct Comparison: Sendable, Codable {
        /// The field.
        public let field: String
        /// Whether it is made only where the birth dates are the same.
        public let givenSameDate: Bool
        /// The levels, from the least alike to the most.
        public let levels: [String]
        /// How likely each level is between two records of the same person.
        public internal(set) var same: [Double]
        /// How likely each level is between relatives of each kind, in the order of ``LinkageModel/kinPriors``.
        public internal(set) var kin: [[Double]]
        /// How likely each level is between strangers.
        public internal(set) var strangers: [Double]
        /// How frequent what two strangers share is on average, by level; 0 where that plays no part.
        public internal(set) var frequencies: [Double]
    }

    /// The comparisons.
    public internal(set) var comparisons: [Comparison]
    /// How likely two records taken at random are of the same person.
    public internal(set) var prior: Double
    /// How likely two records taken at random are of persons who have something to do with each other: of relatives with
    /// birth dates of their own, of twins, and of namesakes.
    public internal(set) var kinPriors: [Double]

    /// log2 of ``prior``: what stands for a pair before anything is compared.
    public var priorWeight: Double { log2(prior) }

    /// Estimates a model of a table without labels, as a ``Linkage`` does, but links nothing.
    ///
    /// - Returns: nil where there are no two records to compare.
    public static func estimate(_ table: RecordTable) -> LinkageModel? {
        table.isComparable ? Estimation(table, CandidatePairs(table)).model() : nil
    }

    static let relatives = 0
    static let twins = 1
    static let namesakes = 2

    /// The weight of a level: the logarithm, to base 2, of how much likelier it is between records of the same person than
    /// between strangers.
    public func weight(_ comparison: Int, _ level: Int) -> Double {
        log2(comparisons[comparison].same[level] / comparisons[comparison].strangers[level])
    }
}

extension LinkageModel {
    /// Models as JSON, keys in order.
    public static func json(of models: [LinkageModel]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return String(decoding: try encoder.encode(models), as: UTF8.self)
    }

    /// The models that ``json(of:)`` wrote.
    public static func models(json: String) throws -> [LinkageModel] {
        try JSONDecoder().decode([LinkageModel].self, from: Data(json.utf8))
    }
}

/// A model made ready to score pairs.
struct Scorer: Sendable {
    /// log2 of same over strangers, by comparison and level (16 for each comparison).
    private var same: [Double]
    /// log2 of each kind of kin over strangers, likewise.
    private var kin: [[Double]]
    private var frequencies: [Double]
    /// For each kind, whether what its records share in a comparison is what one person's do, and so as rare.
    private var shareOnPurpose: [[Bool]]
    /// For each comparison the most that it and all later ones can add.
    private var ceilings: [Double]
    private let prior: Double
    private let kinPriors: [Double]
    private let comparisons: Int
    /// No agreement counts as rarer than this: one value in so many records may be an error.
    private let rarest: Double

    init(_ model: LinkageModel, records: Int) {
        comparisons = model.comparisons.count
        same = Array(repeating: 0, count: comparisons * 16)
        kin = model.kinPriors.map { _ in Array(repeating: 0, count: model.comparisons.count * 16) }
        frequencies = same
        shareOnPurpose = model.kinPriors.map { _ in [] }
        rarest = 1 / Double(max(1000, records))
        var most: [Double] = []
        for (place, comparison) in model.comparisons.enumerated() {
            var top = 0.0
            let last = comparison.levels.count - 1
            for level in comparison.levels.indices {
                let index = place * 16 + level
                same[index] = log2(comparison.same[level] / comparison.strangers[level])
                frequencies[index] = comparison.frequencies[level]
                for kind in kin.indices {
                    kin[kind][index] = log2(comparison.kin[kind][level] / comparison.strangers[level])
                }
                let rare = comparison.frequencies[level] > 0 ? max(0, log2(comparison.frequencies[level] / rarest)) : 0
                top = max(top, same[index] + rare)
            }
            most.append(top)
            for kind in kin.indices {
                shareOnPurpose[kind].append(
                    kind != LinkageModel.namesakes && comparison.kin[kind][last] > 3 * comparison.strangers[last])
            }
        }
        ceilings = Array(repeating: 0, count: comparisons + 1)
        for place in stride(from: comparisons - 1, through: 0, by: -1) {
            ceilings[place] = ceilings[place + 1] + most[place]
        }
        prior = log2(model.prior)
        kinPriors = model.kinPriors.map { log2($0) }
    }

    /// log2 of the odds of a pattern against strangers, without regard to how frequent what is shared is: that it is one
    /// person, and that it is relatives of each kind.
    func odds(_ pattern: Pattern) -> (same: Double, kin: [Double]) {
        var first = prior
        var others = kinPriors
        for place in 0..<comparisons {
            let level = pattern[place]
            guard level != Pattern.missing else { continue }
            let index = place * 16 + Int(level)
            first += same[index]
            for kind in others.indices { others[kind] += kin[kind][index] }
        }
        return (first, others)
    }

    /// The weight of a pair: log2 of the odds that both records are of one person; nil where it is below `least`.
    func weight(_ comparer: inout RecordComparer, _ left: Int, _ right: Int, least: Double) -> Double? {
        var first = prior
        var (relatives, twins, namesakes) = (kinPriors[0], kinPriors[1], kinPriors[2])
        for place in 0..<comparisons {
            guard first + ceilings[place] >= least else { return nil }
            let level = comparer.level(place, left, right)
            guard level != Pattern.missing else { continue }
            let index = place * 16 + Int(level)
            first += same[index]
            relatives += kin[0][index]
            twins += kin[1][index]
            namesakes += kin[2][index]
            guard frequencies[index] > 0, let shared = comparer.frequency(place, level, left, right) else { continue }
            let rare = log2(frequencies[index] / max(shared, rarest))
            first += rare
            if shareOnPurpose[0][place] { relatives += rare }
            if shareOnPurpose[1][place] { twins += rare }
        }
        let weight = first + Self.kin(relatives, twins, namesakes)
        return weight >= least ? weight : nil
    }

    /// What it takes from a weight that relatives, twins and namesakes are alike too.
    private static func kin(_ relatives: Double, _ twins: Double, _ namesakes: Double) -> Double {
        -log2(1 + exp2(min(relatives, 500)) + exp2(min(twins, 500)) + exp2(min(namesakes, 500)))
    }

    /// Why a pair has its weight.
    func explain(_ comparer: inout RecordComparer, _ left: Int, _ right: Int) -> PairExplanation {
        var others = kinPriors
        var parts: [PairExplanation.Part] = []
        for place in 0..<comparisons {
            let level = comparer.level(place, left, right)
            guard level != Pattern.missing else { continue }
            let index = place * 16 + Int(level)
            var rare = 0.0
            if frequencies[index] > 0, let shared = comparer.frequency(place, level, left, right) {
                rare = log2(frequencies[index] / max(shared, rarest))
            }
            for kind in others.indices {
                others[kind] += kin[kind][index]
                if shareOnPurpose[kind][place] { others[kind] += rare }
            }
            let comparison = comparer.comparisons[place]
            parts.append(
                PairExplanation.Part(
                    field: comparison.field, givenSameDate: comparison.givenSameDate, level: Int(level),
                    of: comparison.levels.count, words: comparison.levels[Int(level)], weight: same[index],
                    rarity: rare))
        }
        return PairExplanation(prior: prior, parts: parts, kin: Self.kin(others[0], others[1], others[2]))
    }
}

/// The probability that stands behind a weight.
func probability(_ weight: Double) -> Double { weight > 60 ? 1 : 1 - 1 / (1 + exp2(weight)) }
