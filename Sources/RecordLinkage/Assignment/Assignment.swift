import Foundation

/// Which record of a first data set each record of a second one is, where the first lists everybody once, as a population
/// register does.
///
/// A record is one of those it resembles or nobody who is listed, so what speaks for one of them speaks against the others: a
/// record that fits two namesakes alike is probably neither. That is what ``Linkage`` cannot say, which looks at pairs.
///
/// What records of one person look like is learnt from records whose person is known for other reasons, kind by kind: each
/// source of records has faults of its own. What those cannot teach (how a number is mistyped, of records that are known by
/// it), and which share of a kind's persons is listed at all, comes from EM over the others.
public struct Assignment: Sendable {
    /// A record that another one may be.
    public struct Candidate: Sendable, Equatable {
        /// The record of the first data set.
        public let record: Int32
        /// log2 of how much likelier what the two have in common is of one person than of strangers.
        public let weight: Float
        /// How likely it is that they are of one person.
        public let probability: Float
    }

    /// A kind of records that are alike in their faults.
    public struct Kind: Sendable {
        /// Kinds with the same number learn from each other's known records: a source whose records come with a number, without,
        /// and with a wrong one.
        public let group: Int
        /// Which share of them is expected to be of somebody listed.
        public let listed: Double
        /// How many records that expectation outweighs.
        public let certainty: Double

        /// A kind.
        public init(group: Int, listed: Double, certainty: Double) {
            self.group = group
            self.listed = listed
            self.certainty = certainty
        }
    }

    /// What is known of the second data set's records beforehand.
    public struct Kinds: Sendable {
        /// The kinds.
        public var all: [Kind] = []
        /// For each record of the second data set its kind's place among them.
        public var kinds: [UInt8] = []
        /// Records of the second data set whose person is known, with the first data set's record of that person. What names
        /// that person without doubt must not be among their fields.
        public var known: [(record: Int32, match: Int32)] = []

        /// Nothing.
        public init() {}
    }

    /// For each kind how its records look that are of one person.
    public let models: [LinkageModel]
    /// For each kind which share of its records, but for those that are known, is of somebody listed.
    public let listed: [Double]
    /// How many pairs were compared at most.
    public let compared: Int
    private let candidates: [Candidate]
    private let ends: [Int32]

    /// The records of the first data set that one of the second may be, the likeliest first.
    ///
    /// - Parameter record: its place in the second data set, from 0.
    public func candidates(of record: Int) -> ArraySlice<Candidate> {
        candidates[(record == 0 ? 0 : Int(ends[record - 1]))..<Int(ends[record])]
    }

    /// Weighs what the records of a table with two data sets have in common.
    ///
    /// - Parameter progress: is told how much of the work is done, of how much.
    public init(_ table: RecordTable, _ kinds: Kinds, progress: (Int, Int) -> Void = { _, _ in }) {
        let pairs = CandidatePairs(table)
        compared = pairs.atMost
        progress(1, 4)
        var learner = AssignmentLearner(table, pairs, kinds)
        learner.learn()
        progress(2, 4)
        let found = learner.resemblances(pairs)
        progress(3, 4)
        learner.refine(found)
        models = learner.models
        listed = learner.listed
        (candidates, ends) = learner.weighed(found)
    }
}

/// What two records of different data sets have in common.
private struct Resemblance {
    let record: Int32
    let match: Int32
    /// log2 of how much rarer what they share is than what two strangers share on average.
    let rarity: Float
    let pattern: Pattern
}

/// Learns how the records of each kind look.
private struct AssignmentLearner {
    /// No pair counts as a candidate whose odds are lower, before others are looked at: log2.
    private static let least = -14.0
    /// The most candidates of one record.
    private static let most = 24
    /// From so many known records on a comparison is taken as they show it.
    private static let enough = 200.0
    private static let rounds = 25

    private let table: RecordTable
    private let border: Int
    private let kinds: Assignment.Kinds
    private let isKnown: [Bool]
    private let blank: LinkageModel
    private(set) var models: [LinkageModel] = []
    private(set) var listed: [Double] = []
    /// By kind, comparison and level how many known records show it.
    private var counts: [[[Double]]] = []

    init(_ table: RecordTable, _ pairs: CandidatePairs, _ kinds: Assignment.Kinds) {
        self.table = table
        border = table.second ?? table.count
        self.kinds = kinds
        var isKnown = [Bool](repeating: false, count: table.count - border)
        for known in kinds.known { isKnown[Int(known.record)] = true }
        self.isKnown = isKnown
        let estimation = Estimation(table, pairs)
        let comparisons = RecordComparer.comparisons(table.settings)
        var strangers = estimation.strangers(comparisons)
        for place in comparisons.indices where comparisons[place].givenSameDate {
            strangers[place] = Self.strangersOfOneDate(table, place, levels: comparisons[place].levels.count)
        }
        var blank = estimation.start(comparisons, strangers)
        // Relatives and namesakes are candidates of their own.
        blank.kinPriors = blank.kinPriors.map { _ in 0 }
        self.blank = blank
    }

    /// How a comparison comes out between strangers who were born on one day: of the first data set, which lists nobody twice.
    private static func strangersOfOneDate(_ table: RecordTable, _ place: Int, levels: Int) -> [Double] {
        let even = Array(repeating: 1 / Double(levels), count: levels)
        guard let column = table.settings.fields.firstIndex(where: { $0.kind == .date }),
            case .date(let dates) = table.columns[column]
        else { return even }
        let border = table.second ?? table.count
        let records = stride(from: 0, to: border, by: max(1, border / 400_000)).filter { dates[$0] != 0 }
            .sorted { (dates[$0], mix(UInt64($0))) < (dates[$1], mix(UInt64($1))) }
        // As if one pair of each level had been seen.
        var counts = [Double](repeating: 1, count: levels)
        var comparer = RecordComparer(table)
        for (left, right) in zip(records, records.dropFirst()) where dates[left] == dates[right] {
            let level = comparer.level(place, left, right)
            if level != Pattern.missing { counts[Int(level)] += 1 }
        }
        let sum = counts.reduce(0, +)
        return counts.map { $0 / sum }
    }

    private var howMany: Int { kinds.all.count }

    /// Counts how records that are known look beside their person's.
    mutating func learn() {
        counts = Array(
            repeating: blank.comparisons.map { [Double](repeating: 0, count: $0.levels.count) },
            count: (kinds.all.map(\.group).max() ?? 0) + 1)
        var comparer = RecordComparer(table)
        for known in kinds.known {
            let pattern = comparer.compare(Int(known.match), border + Int(known.record))
            let group = kinds.all[Int(kinds.kinds[Int(known.record)])].group
            for place in blank.comparisons.indices where pattern[place] != Pattern.missing {
                counts[group][place][Int(pattern[place])] += 1
            }
        }
        models = Array(repeating: blank, count: howMany)
        listed = kinds.all.map(\.listed)
        for kind in 0..<howMany { setShares(of: kind, found: nil) }
    }

    /// Sets how likely each level is, from what known records show, what others probably show, and a little of what is usual.
    private mutating func setShares(of kind: Int, found: [[Double]]?) {
        for place in blank.comparisons.indices {
            let usual = blank.comparisons[place].same
            let known = counts[kinds.all[kind].group][place]
            let isTold = known.reduce(0, +) >= Self.enough
            var shares = zip(known, usual).map { $0 + $1 * (isTold ? 5 : 50) }
            if !isTold, let found { for level in shares.indices { shares[level] += found[place][level] } }
            let sum = shares.reduce(0, +)
            models[kind].comparisons[place].same = shares.map { $0 / sum }
        }
        models[kind].prior = listed[kind] / Double(max(1, border))
    }

    // MARK: Comparing

    /// What the records of both data sets have in common, for each record of the second the likeliest first.
    func resemblances(_ pairs: CandidatePairs) -> [Resemblance] {
        let (table, border, kinds) = (table, border, kinds.kinds)
        let scorers = models.map { RarityScorer($0, records: table.count) }
        let least = log2(Double(max(1, border))) + Self.least
        let found = Workers.map(pairs.pieces) { piece -> [(Resemblance, Float)] in
            var comparer = RecordComparer(table)
            var found: [(Resemblance, Float)] = []
            pairs.forEachPair(of: piece) { match, record in
                let own = record - border
                guard let seen = scorers[Int(kinds[own])].look(&comparer, match, record, least: least) else { return }
                found.append(
                    (
                        Resemblance(
                            record: Int32(own), match: Int32(match), rarity: seen.rarity, pattern: seen.pattern),
                        seen.weight
                    ))
            }
            return found
        }
        var all = found.flatMap(\.self)
        all.sort { ($0.0.record, $1.1, $0.0.match) < ($1.0.record, $0.1, $1.0.match) }
        var kept: [Resemblance] = []
        kept.reserveCapacity(all.count)
        var own = 0
        for (resemblance, _) in all {
            own = kept.last?.record == resemblance.record ? own + 1 : 1
            if own <= Self.most { kept.append(resemblance) }
        }
        return kept
    }

    // MARK: Expectation and maximization

    /// Estimates which share of each kind is listed, and what known records do not tell.
    mutating func refine(_ found: [Resemblance]) {
        let groups = Self.groups(found)
        var totals = [Double](repeating: 0, count: howMany)
        for (record, kind) in kinds.kinds.enumerated() where !isKnown[record] { totals[Int(kind)] += 1 }
        guard !groups.isEmpty else { return }
        let pieces = Workers.ranges(groups.count)
        let blankCounts = blank.comparisons.map { [Double](repeating: 0, count: $0.levels.count) }
        let kinds = kinds.kinds
        let isKnown = isKnown
        for _ in 0..<Self.rounds {
            let weights = models.map(Self.weights)
            let (howMany, border, listed) = (howMany, border, listed)
            let sums = Workers.map(pieces) { piece -> (counts: [[[Double]]], listed: [Double]) in
                var counts = Array(repeating: blankCounts, count: howMany)
                var sum = [Double](repeating: 0, count: howMany)
                for group in groups[piece] {
                    let record = Int(found[group.lowerBound].record)
                    guard !isKnown[record] else { continue }
                    let kind = Int(kinds[record])
                    let likely = Self.probabilities(
                        found[group], weights[kind], listed: listed[kind], among: border)
                    for (resemblance, probability) in zip(found[group], likely) {
                        sum[kind] += probability
                        for place in counts[kind].indices where resemblance.pattern[place] != Pattern.missing {
                            counts[kind][place][Int(resemblance.pattern[place])] += probability
                        }
                    }
                }
                return (counts, sum)
            }
            for kind in 0..<howMany {
                var all = blankCounts
                var sum = 0.0
                for part in sums {
                    sum += part.listed[kind]
                    for place in all.indices {
                        for level in all[place].indices { all[place][level] += part.counts[kind][place][level] }
                    }
                }
                // The expectation counts as a beta prior.
                let expected = self.kinds.all[kind]
                self.listed[kind] =
                    (sum + expected.listed * expected.certainty) / (totals[kind] + expected.certainty)
                setShares(of: kind, found: all)
            }
        }
    }

    /// The candidates of each record, with how likely each is.
    func weighed(_ found: [Resemblance]) -> (candidates: [Assignment.Candidate], ends: [Int32]) {
        let weights = models.map(Self.weights)
        var candidates: [Assignment.Candidate] = []
        candidates.reserveCapacity(found.count)
        var ends = [Int32](repeating: 0, count: kinds.kinds.count)
        var next = 0
        for group in Self.groups(found) {
            let record = Int(found[group.lowerBound].record)
            while next < record {
                ends[next] = Int32(candidates.count)
                next += 1
            }
            let kind = Int(kinds.kinds[record])
            let likely = Self.probabilities(found[group], weights[kind], listed: listed[kind], among: border)
            candidates += zip(found[group], likely).map { resemblance, probability in
                Assignment.Candidate(
                    record: resemblance.match, weight: Float(Self.weight(resemblance, weights[kind])),
                    probability: Float(probability))
            }.sorted { ($1.weight, $0.record) < ($0.weight, $1.record) }
        }
        while next < ends.count {
            ends[next] = Int32(candidates.count)
            next += 1
        }
        return (candidates, ends)
    }

    /// Where the candidates of each record lie.
    private static func groups(_ found: [Resemblance]) -> [Range<Int>] {
        var groups: [Range<Int>] = []
        var start = 0
        for index in found.indices where index + 1 == found.count || found[index + 1].record != found[start].record {
            groups.append(start..<index + 1)
            start = index + 1
        }
        return groups
    }

    private static func weights(_ model: LinkageModel) -> [[Double]] {
        model.comparisons.indices.map { place in
            model.comparisons[place].levels.indices.map { model.weight(place, $0) }
        }
    }

    private static func weight(_ resemblance: Resemblance, _ weights: [[Double]]) -> Double {
        var weight = Double(resemblance.rarity)
        for place in weights.indices where resemblance.pattern[place] != Pattern.missing {
            weight += weights[place][Int(resemblance.pattern[place])]
        }
        return weight
    }

    /// How likely each of a record's candidates is: all of them, those that were not looked at, and that the person is not
    /// listed, together make one.
    private static func probabilities(
        _ candidates: ArraySlice<Resemblance>, _ weights: [[Double]], listed: Double, among count: Int
    ) -> [Double] {
        let prior = log2(listed / Double(max(1, count)))
        let odds = candidates.map { exp2(min(500, prior + weight($0, weights))) }
        let sum = odds.reduce(1 - listed, +)
        return odds.map { $0 / max(sum, 1e-300) }
    }
}
