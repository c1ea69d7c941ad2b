import Foundation

/// Estimates a ``LinkageModel`` without labels.
struct Estimation {
    /// The most pairs taken at random that tell what strangers share; in a small file there are not as many different ones.
    private static let randomPairs = 1_000_000
    /// How many candidate pairs are looked at.
    private static let candidates = 3_000_000
    /// A rule that gives no more pairs is learnt from, however many strangers are among them: few enough in a small file.
    private static let fewPairs = 200_000
    private static let rounds = 60

    private let table: RecordTable
    private let pairs: CandidatePairs
    /// For each comparison whether relatives share as little in it as strangers.
    private let isTheirOwn: [Bool]
    /// Whether the records tell who is related: without a relative's name there are two classes, as with Fellegi and Sunter.
    private let hasKin: Bool
    private let hasNamesakes: Bool
    private let kinds: [LinkageSettings.Kind]
    /// For each comparison whether it is that of the person's name.
    private let isIdentity: [Bool]
    /// How likely each level is between records of one person, where that is known and not to be estimated.
    private let same: [[Double]]?
    /// The largest share of one person's records whose names have nothing in common: more would be other persons, above all
    /// twins, whom everything but the name makes alike.
    private static let mostDifferentNames = 0.005

    init(_ table: RecordTable, _ pairs: CandidatePairs, known: KnownDoubles? = nil) {
        self.table = table
        self.pairs = pairs
        let comparisons = RecordComparer.comparisons(table.settings)
        same = known.map { $0.shares(comparisons, of: table) }
        let kinds = comparisons.map(\.kind)
        let hasKin = kinds.contains(.relative)
        self.kinds = kinds
        self.hasKin = hasKin
        hasNamesakes = kinds.contains(.name)
        isIdentity = kinds.map { hasKin && $0 == .name }
        isTheirOwn = kinds.map { $0 == .identifier || $0 == .name }
    }

    func model() -> LinkageModel {
        let comparisons = RecordComparer.comparisons(table.settings)
        let strangers = strangers(comparisons)
        var model = start(comparisons, strangers)
        let (patterns, share) = candidates(comparisons)
        let count = Double(table.count)
        let total = table.second.map { Double($0) * (count - Double($0)) } ?? count * (count - 1) / 2
        for _ in 0..<Self.rounds { refine(&model, patterns, share: share, total: total) }
        return model
    }

    // MARK: Strangers

    /// How likely each level is between records taken at random. What a person's number tells given the same birth date they
    /// cannot tell: two such records are hardly ever met by chance; those that blocking brings together do, while it is
    /// estimated.
    func strangers(_ comparisons: [RecordComparer.Comparison]) -> [[Double]] {
        let count = table.count
        let pieces = Array(0..<16)
        let seed = table.settings.seed
        let border = table.second
        let table = table
        let found = Workers.map(pieces) { piece -> [[Double]] in
            var comparer = RecordComparer(table)
            var random = SplitMix(seed &+ UInt64(piece) &* 7919)
            var counts = comparisons.map { [Double](repeating: 0, count: $0.levels.count) }
            for _ in 0..<min(Self.randomPairs, 100_000 + count * 100) / pieces.count {
                let (first, second) = (random.next(), random.next())
                // Of two data sets one of each.
                let left = Int(first % UInt64(border ?? count))
                let right = border.map { $0 + Int(second % UInt64(count - $0)) } ?? Int(second % UInt64(count))
                guard left != right else { continue }
                for (place, comparison) in comparisons.enumerated() {
                    guard !comparison.givenSameDate else { continue }
                    let level = comparer.level(place, left, right)
                    if level != Pattern.missing { counts[place][Int(level)] += 1 }
                }
            }
            return counts
        }
        return comparisons.indices.map { place in
            let levels = comparisons[place].levels.count
            var sums = [Double](repeating: 0, count: levels)
            for counts in found { for level in 0..<levels { sums[level] += counts[place][level] } }
            let total = sums.reduce(0, +)
            if comparisons[place].givenSameDate { return Self.numbersOfStrangers }
            // What was never seen may be: once in four times as many.
            let floor = 0.25
            return sums.map { ($0 + floor) / (total + floor * Double(levels)) }
        }
    }

    /// How numbers of strangers with the same birth date compare, before anything is known: mostly the date alone is the same.
    private static let numbersOfStrangers: [Double] = {
        let shares = NumberLevel.allCases.map { level in
            switch level {
            case .different, .twoEdits: 0.15
            case .date: 0.4
            case .head, .oneEdit: 0.14
            case .tail: 0.019
            case .equal: 0.001
            }
        }
        return shares
    }()

    // MARK: Candidates

    /// The patterns of candidate pairs, and which share of them was looked at.
    private func candidates(
        _ comparisons: [RecordComparer.Comparison]
    ) -> (patterns: [(pattern: Pattern, isFree: Bool, count: Double)], share: Double) {
        // Rules that give many pairs give strangers above all, and in a large file far more of them than there are doubles:
        // from those nothing is to be learnt of what doubles look like.
        let counts = pairs.pairsOfRules
        let most = max(table.count * 6 / 10, Self.fewPairs, counts.min() ?? 0)
        let isTelling = counts.map { $0 <= most }
        let told = zip(counts, isTelling).reduce(0) { $0 + ($1.1 ? $1.0 : 0) }
        let share = min(1, Double(Self.candidates) / Double(max(1, told)))
        let limit = share >= 1 ? UInt64.max : UInt64(share * Double(UInt64.max))
        let (table, pairs, seed) = (table, pairs, table.settings.seed)
        let numbers = Set(table.settings.fields.filter { $0.kind == .identifier }.map(\.name))
        // Whether a rule says nothing of a person's number.
        let isFree = table.settings.blocking.map { rule in !rule.contains { numbers.contains($0.field) } }
        let found = Workers.map(pairs.pieces.filter { isTelling[$0.rule] }) { piece -> (Bool, [Pattern: Double]) in
            var comparer = RecordComparer(table)
            var patterns: [Pattern: Double] = [:]
            pairs.forEachPair(of: piece) { left, right in
                guard mix(UInt64(left) << 32 ^ UInt64(right) ^ seed) <= limit else { return }
                patterns[comparer.compare(left, right), default: 0] += 1
            }
            return (isFree[piece.rule], patterns)
        }
        var all: [Bool: [Pattern: Double]] = [:]
        for (isFree, patterns) in found {
            for (pattern, count) in patterns { all[isFree, default: [:]][pattern, default: 0] += count }
        }
        let listed = [false, true].flatMap { isFree in
            (all[isFree] ?? [:]).sorted { $0.key.bits < $1.key.bits }.map { ($0.key, isFree, $0.value) }
        }
        return (listed, share)
    }

    // MARK: Expectation and maximization

    /// A model before anything is estimated but what strangers share.
    func start(_ comparisons: [RecordComparer.Comparison], _ strangers: [[Double]]) -> LinkageModel {
        var made: [LinkageModel.Comparison] = []
        for (place, comparison) in comparisons.enumerated() {
            let levels = comparison.levels.count
            // Most agree; each level less alike is half as likely.
            var same = (0..<levels).map { exp2(Double($0 - levels)) }
            same[0] = isIdentity[place] ? 0.005 : 0.05
            same[levels - 1] = 1
            same = self.same?[place] ?? Self.shares(same)
            let kin = [LinkageModel.relatives, LinkageModel.twins, LinkageModel.namesakes].map { kind -> [Double] in
                if kind == LinkageModel.namesakes { return comparison.kind == .name ? same : strangers[place] }
                if isTheirOwn[place] { return strangers[place] }
                let apart = comparison.kind == .category || comparison.kind == .date && kind != LinkageModel.twins
                return zip(same, strangers[place]).map { apart ? $0 * 0.05 + $1 * 0.95 : $0 * 0.9 + $1 * 0.1 }
            }
            made.append(
                LinkageModel.Comparison(
                    field: comparison.field, givenSameDate: comparison.givenSameDate, levels: comparison.levels,
                    same: same, kin: kin, strangers: strangers[place],
                    frequencies: frequencies(comparison, place)))
        }
        let count = Double(table.count)
        return LinkageModel(
            comparisons: made, prior: 0.1 / count,
            kinPriors: (hasKin ? [0.5 / count, 0.1 / count] : [0, 0]) + [hasNamesakes ? 1 / count : 0])
    }

    /// How frequent what two strangers share is on average.
    private func frequencies(_ comparison: RecordComparer.Comparison, _ place: Int) -> [Double] {
        var frequencies = [Double](repeating: 0, count: comparison.levels.count)
        switch table.columns[comparison.column] {
        case .name(let names):
            let all = Double(max(1, names.known))
            let whole = Self.average((0..<names.recordsOfForm.count).map { Double(names.recordsOfForm[$0]) / all })
            let word = Self.average((0..<names.recordsOfFold.count).map { Double(names.recordsOfFold[$0]) / all })
            frequencies[Int(NameLevel.equal.rawValue)] = whole
            for level in [NameLevel.typos, .shortened, .shortenedTypos, .sharesWord] {
                frequencies[Int(level.rawValue)] = word
            }
        case .code(let codes) where comparison.kind == .region:
            let all = Double(max(1, codes.known))
            frequencies[2] = Self.average((0..<codes.records.count).map { Double(codes.records[$0]) / all })
        case .code, .date, .number: break
        }
        return frequencies
    }

    /// The average frequency of a value that two records share by chance: Σf² / Σf.
    private static func average(_ frequencies: [Double]) -> Double {
        let sum = frequencies.reduce(0, +)
        return sum > 0 ? frequencies.reduce(0) { $0 + $1 * $1 } / sum : 0
    }

    private func refine(
        _ model: inout LinkageModel, _ patterns: [(pattern: Pattern, isFree: Bool, count: Double)], share: Double,
        total: Double
    ) {
        let scorer = Scorer(model, records: table.count)
        var same = model.comparisons.map { [Double](repeating: 0.5, count: $0.levels.count) }
        let blank = model.comparisons.map { comparison in comparison.strangers.map { $0 * 20 } }
        var relatives = model.kinPriors.map { _ in blank }
        var strangers = model.comparisons.map { comparison in comparison.strangers.map { $0 * 10 } }
        var persons = 0.0
        var kin = model.kinPriors.map { _ in 0.0 }
        for (pattern, isFree, count) in patterns {
            let odds = scorer.odds(pattern)
            let first = exp2(min(odds.same, 500))
            let others = odds.kin.map { exp2(min($0, 500)) }
            let sum = 1 + first + others.reduce(0, +)
            let isSame = count * first / sum
            let isKin = others.map { count * $0 / sum }
            persons += isSame
            for kind in kin.indices { kin[kind] += isKin[kind] }
            for place in model.comparisons.indices {
                let level = Int(pattern[place])
                guard level != Int(Pattern.missing) else { continue }
                same[place][level] += isSame
                for kind in kin.indices { relatives[kind][place][level] += isKin[kind] }
                if isFree, model.comparisons[place].givenSameDate { strangers[place][level] += count / sum }
            }
        }
        for place in model.comparisons.indices {
            model.comparisons[place].same = self.same?[place] ?? Self.shares(same[place])
            if self.same == nil, isIdentity[place] {
                Self.cap(&model.comparisons[place].same, Self.mostDifferentNames)
            }
            if model.comparisons[place].givenSameDate {
                model.comparisons[place].strangers = Self.shares(strangers[place].map { $0 + 1 })
            }
            // Relatives have names and numbers of their own, as strangers have: else this class would take up whatever
            // doubles do not look like most.
            model.comparisons[place].kin = [
                isTheirOwn[place] ? model.comparisons[place].strangers : Self.shares(relatives[0][place]),
                twins(model.comparisons[place], place, Self.shares(relatives[1][place])),
                namesakes(model.comparisons[place], place, Self.shares(relatives[2][place])),
            ]
        }
        model.prior = min(0.5, max(persons / share, 1) / total)
        let possible = [hasKin, hasKin, hasNamesakes]
        model.kinPriors = kin.indices.map { possible[$0] ? min(0.5, max(kin[$0] / share, 1) / total) : 0 }
    }

    /// How likely each level is between twins: they share mother, house and birth date as records of one person do, and have
    /// names of their own. Only how their numbers compare is learnt: they are entered in the register one after the other,
    /// but no two persons have one number.
    private func twins(_ comparison: LinkageModel.Comparison, _ place: Int, _ learnt: [Double]) -> [Double] {
        let last = comparison.levels.count - 1
        if comparison.givenSameDate {
            var shares = learnt
            Self.cap(&shares, at: last, comparison.strangers[last])
            return shares
        }
        switch kinds[place] {
        case .category: return comparison.strangers
        case .date:
            // Now and then one of the two dates is mistyped.
            return Self.shares(comparison.same.indices.map { comparison.same[$0] * ($0 < last - 1 ? 0.1 : 1) })
        default: return isTheirOwn[place] ? comparison.strangers : comparison.same
        }
    }

    /// How likely each level is between namesakes: they share a name, and more of what goes with it (the years in which it
    /// was given, where) than strangers do; but of what is a person's own they share no more.
    private func namesakes(_ comparison: LinkageModel.Comparison, _ place: Int, _ learnt: [Double]) -> [Double] {
        switch kinds[place] {
        case .name, .category: return learnt
        case .identifier, .phone: return comparison.strangers
        case .date, .region, .relative, .text:
            // More alike altogether, but level by level as strangers are.
            let (own, chance) = (1 - learnt[0], 1 - comparison.strangers[0])
            let factor = min(kinds[place] == .relative ? 4 : 40, max(1, own / max(chance, 1e-9)), 1 / max(chance, 1e-9))
            var shares = comparison.strangers.map { $0 * factor }
            shares[0] = max(1e-6, 1 - shares.dropFirst().reduce(0, +))
            return Self.shares(shares)
        }
    }

    /// Lowers a share to a limit and raises the others in proportion.
    private static func cap(_ shares: inout [Double], at level: Int = 0, _ limit: Double) {
        guard shares[level] > limit else { return }
        let factor = (1 - limit) / (1 - shares[level])
        for other in shares.indices { shares[other] = other == level ? limit : shares[other] * factor }
    }

    private static func shares(_ counts: [Double]) -> [Double] {
        let sum = counts.reduce(0, +)
        return counts.map { $0 / sum }
    }
}

/// SplitMix64: endless numbers from a seed.
struct SplitMix {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state = state &+ 0x9E37_79B9_7F4A_7C15
        return mix(state)
    }
}
