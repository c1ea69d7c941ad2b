import Foundation

/// Which records of two files speak of the same person, told by the keys alone that they share.
///
/// After Fellegi and Sunter (1969): a pair's pattern says which kinds of key it shares. How likely each kind is shared by
/// records of one person, and by strangers, is estimated without labels by expectation and maximization over the patterns
/// of all pairs, also the many that share nothing.
public struct KeyLinkage: Sendable {
    /// Two records that share keys.
    public struct Pair: Sendable, Hashable {
        /// The record in the first file.
        public let left: Int32
        /// The record in the second file.
        public let right: Int32
        /// Which kinds of key they share, the first in the lowest bit.
        public let shared: UInt32
    }

    /// How a kind of key tells persons apart.
    public struct Evidence: Sendable, Equatable {
        /// How likely two records of one person share it, 0 to 1.
        public let samePerson: Double
        /// How likely two strangers' records share it, 0 to 1.
        public let strangers: Double
    }

    /// All pairs that share a key, in the order of their records.
    public let candidates: [Pair]
    /// Of each kind of key.
    public let evidence: [Evidence]
    /// How likely two records, one of each file, are of one person.
    public let prior: Double
    /// How many keys were passed over, since more than ``mostWithOneKey`` records of a file had them.
    public let passedOver: Int
    /// The keys of each kind, file by file, by which ties are broken.
    private let columns: [(left: [UInt64], right: [UInt64])]

    /// The most records of a file that can share a key and have it compared: so a key gives 16 pairs at most, and what
    /// many have tells nobody apart.
    public static let mostWithOneKey = 4

    /// The most kinds of key.
    public static let mostKinds = 32

    /// Compares the records of two files.
    ///
    /// - Parameter columns: for each kind of key (32 at most) that of every record, of the first file and of the second. A
    ///   record that lacks one has a number there that no other has.
    public init(_ columns: [(left: [UInt64], right: [UInt64])]) {
        let columns = Array(columns.prefix(Self.mostKinds))
        self.columns = columns
        var found: [(pair: UInt64, kind: UInt32)] = []
        var passedOver = 0
        for (kind, column) in columns.enumerated() {
            let (left, right) = (Self.blocks(column.left), Self.blocks(column.right))
            passedOver += left.passedOver + right.passedOver
            var (first, second) = (0, 0)
            while first < left.blocks.count, second < right.blocks.count {
                let (own, other) = (left.blocks[first], right.blocks[second])
                if own.key < other.key {
                    first += 1
                } else if own.key > other.key {
                    second += 1
                } else {
                    for record in left.records[own.range] {
                        for partner in right.records[other.range] {
                            found.append((UInt64(record) << 32 | UInt64(partner), 1 << UInt32(kind)))
                        }
                    }
                    (first, second) = (first + 1, second + 1)
                }
            }
        }
        found.sort { $0.pair < $1.pair }
        var candidates: [Pair] = []
        for (pair, kind) in found {
            let (left, right) = (Int32(pair >> 32), Int32(pair & 0xFFFF_FFFF))
            if let last = candidates.last, last.left == left, last.right == right {
                candidates[candidates.count - 1] = Pair(left: left, right: right, shared: last.shared | kind)
            } else {
                candidates.append(Pair(left: left, right: right, shared: kind))
            }
        }
        self.candidates = candidates
        self.passedOver = passedOver
        var patterns: [UInt32: Int] = [:]
        for pair in candidates { patterns[pair.shared, default: 0] += 1 }
        let (left, right) = (columns.first?.left.count ?? 0, columns.first?.right.count ?? 0)
        (evidence, prior) = Self.estimate(patterns, kinds: columns.count, left: left, right: right)
    }

    /// Records by key, without those whose key too many have.
    private static func blocks(
        _ column: [UInt64]
    ) -> (records: [Int32], blocks: [(key: UInt64, range: Range<Int>)], passedOver: Int) {
        let records = (0..<Int32(column.count)).sorted { (column[Int($0)], $0) < (column[Int($1)], $1) }
        var blocks: [(key: UInt64, range: Range<Int>)] = []
        var (start, passedOver) = (0, 0)
        for end in records.indices.map({ $0 + 1 }) {
            let key = column[Int(records[start])]
            if end < records.count, column[Int(records[end])] == key { continue }
            if end - start <= mostWithOneKey { blocks.append((key, start..<end)) } else { passedOver += end - start }
            start = end
        }
        return (records, blocks, passedOver)
    }

    /// Expectation and maximization over the patterns (Winkler 1988). What is known before any pair is seen keeps small
    /// files sensible: records of one person share a kind of key as often as not, with the weight of ten pairs; strangers
    /// one in a million times, with the weight of a million.
    private static func estimate(
        _ patterns: [UInt32: Int], kinds: Int, left: Int, right: Int
    ) -> (evidence: [Evidence], prior: Double) {
        let total = Double(left) * Double(right)
        guard total > 0, kinds > 0 else { return ([], 0) }
        // In an order of their own, so that the sums are the same whichever file comes first.
        var counts = patterns.sorted { $0.key < $1.key }.map { (shared: $0.key, pairs: Double($0.value)) }
        counts.insert((0, max(0, total - counts.reduce(0) { $0 + $1.pairs })), at: 0)
        var evidence = (0..<kinds).map { kind in
            let sharing = counts.reduce(0) { $0 + ($1.shared >> UInt32(kind) & 1 == 1 ? $1.pairs : 0) }
            return Evidence(samePerson: 0.5, strangers: (0.3 * sharing + 1) / (total + 1e6))
        }
        var prior = 0.1 * Double(min(left, right)) / total
        for _ in 0..<200 {
            var same = 0.0
            var sharing = [(same: Double, strangers: Double)](repeating: (0, 0), count: kinds)
            for (shared, pairs) in counts {
                let weight = weight(shared, evidence, prior)
                let likely = pairs / (1 + exp2(-weight))
                same += likely
                for kind in 0..<kinds where shared >> UInt32(kind) & 1 == 1 {
                    sharing[kind].same += likely
                    sharing[kind].strangers += pairs - likely
                }
            }
            let before = prior
            prior = (same + 0.5) / (total + 1)
            evidence = sharing.map {
                Evidence(
                    samePerson: ($0.same + 5) / (same + 10), strangers: ($0.strangers + 1) / (total - same + 1e6))
            }
            if abs(prior - before) < before * 1e-7 { break }
        }
        return (evidence, prior)
    }

    private static func weight(_ shared: UInt32, _ evidence: [Evidence], _ prior: Double) -> Double {
        var weight = log2(prior / (1 - prior))
        for (kind, own) in evidence.enumerated() {
            weight +=
                shared >> UInt32(kind) & 1 == 1
                ? log2(own.samePerson / own.strangers) : log2((1 - own.samePerson) / (1 - own.strangers))
        }
        return weight
    }

    /// The log2 of the odds that two records which share these keys, and no others, are of one person, if no two kinds of key
    /// told the same. A birth date stands in several, so that the odds are less than these; their order, and on which side of
    /// 0 a pattern falls, hardly change (measured: docs/match-keys.md). So no probability is given.
    public func weight(of shared: UInt32) -> Double { Self.weight(shared, evidence, prior) }
}

extension KeyLinkage {
    /// The pairs with at least this weight, the likeliest first.
    public func pairs(leastWeight least: Double) -> [(pair: Pair, weight: Double)] {
        var weights: [UInt32: Double] = [:]
        for pair in candidates where weights[pair.shared] == nil { weights[pair.shared] = weight(of: pair.shared) }
        var found: [(pair: Pair, weight: Double, tie: UInt64)] = []
        for pair in candidates {
            guard let weight = weights[pair.shared], weight >= least else { continue }
            found.append((pair, weight, tie(pair)))
        }
        // What still ties has the same keys in every way. Whichever is taken then, it is the same whichever file comes first.
        func rank(_ pair: Pair) -> (Int32, Int32) { (min(pair.left, pair.right), max(pair.left, pair.right)) }
        found.sort { first, second in
            if first.weight != second.weight { return first.weight > second.weight }
            if first.tie != second.tie { return first.tie < second.tie }
            return rank(first.pair) < rank(second.pair)
        }
        return found.map { ($0.pair, $0.weight) }
    }

    /// Of some pairs, the likeliest first, those in which each record stands once at most.
    public static func once(_ pairs: [(pair: Pair, weight: Double)]) -> [(pair: Pair, weight: Double)] {
        var (left, right): (Set<Int32>, Set<Int32>) = ([], [])
        return pairs.filter { pair, _ in
            guard !left.contains(pair.left), !right.contains(pair.right) else { return false }
            left.insert(pair.left)
            right.insert(pair.right)
            return true
        }
    }

    /// What puts pairs of the same weight in an order that follows from their keys alone: neither from the place of a record
    /// in its file, which is drawn by lot, nor from which file comes first.
    private func tie(_ pair: Pair) -> UInt64 {
        columns.indices.reduce(0) { sum, kind in
            pair.shared >> UInt32(kind) & 1 == 0 ? sum : mix(sum ^ columns[kind].left[Int(pair.left)])
        }
    }
}
