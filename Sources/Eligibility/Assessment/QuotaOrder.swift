import Crypto
import Registry

/// The order in which the quota is filled: the poorest first, by the programme's priorities; a lot decides between equals.
struct QuotaOrder {
    /// The eligible, the first in the order first: each one's place among them in the table's order.
    let places: [Int32]

    /// The order of all who are eligible.
    ///
    /// - Parameters:
    ///   - priorities: how many numbers each of them is compared by.
    ///   - lots: each row's lot.
    init(_ judgements: [Judgements], priorities: Int, lots: [UInt64]) throws {
        let eligible = judgements.flatMap(\.eligible)
        let keys = judgements.flatMap(\.priorities)
        let lotsOfEligible = eligible.map { lots[Int($0)] }
        guard let groups = Self.groups(of: keys, priorities, count: eligible.count) else {
            places = (0..<Int32(eligible.count)).sorted { left, right in
                for priority in 0..<priorities {
                    let (first, second) = (
                        keys[Int(left) * priorities + priority], keys[Int(right) * priorities + priority]
                    )
                    if first != second { return first < second }
                }
                return (lotsOfEligible[Int(left)], left) < (lotsOfEligible[Int(right)], right)
            }
            return
        }
        places = try Pipeline.map(groups) { Self.sorted($0, by: lotsOfEligible) }.flatMap(\.self)
    }

    /// The most groups that are worth telling apart before they are sorted.
    private static let mostGroups = 1 << 14

    /// The eligible by what they are compared by, in its order; nil where that is no few whole numbers.
    private static func groups(of keys: [Double], _ priorities: Int, count: Int) -> [[Int32]]? {
        // An unknown value, which comes last, takes the number after the largest.
        var least = [Double](repeating: .infinity, count: priorities)
        var most = [Double](repeating: -.infinity, count: priorities)
        for place in 0..<count {
            for priority in 0..<priorities {
                let key = keys[place * priorities + priority]
                guard key < .infinity else { continue }
                guard key.rounded() == key, abs(key) < 1e6 else { return nil }
                least[priority] = min(least[priority], key)
                most[priority] = max(most[priority], key)
            }
        }
        let sizes = zip(least, most).map { $0 <= $1 ? Int($1 - $0) + 2 : 1 }
        var total = 1
        for size in sizes {
            total *= size
            guard total <= mostGroups else { return nil }
        }
        var groups = [[Int32]](repeating: [], count: total)
        for place in 0..<count {
            var group = 0
            for priority in 0..<priorities {
                let key = keys[place * priorities + priority]
                group = group * sizes[priority] + (key < .infinity ? Int(key - least[priority]) : sizes[priority] - 1)
            }
            groups[group].append(Int32(place))
        }
        return groups.filter { !$0.isEmpty }
    }

    /// A group in the order of its lots, and of its places where two are equal.
    ///
    /// Lots are spread evenly, so each is put near where it belongs at once, and what stands there is set right.
    private static func sorted(_ group: [Int32], by lots: [UInt64]) -> [Int32] {
        let bits = max(0, Int.bitWidth - (group.count / 2).leadingZeroBitCount)
        guard bits > 0 else { return group.sorted { (lots[Int($0)], $0) < (lots[Int($1)], $1) } }
        var starts = [Int](repeating: 0, count: 1 << bits + 1)
        for place in group { starts[Int(lots[Int(place)] >> UInt64(64 - bits)) + 1] += 1 }
        for bucket in 1..<starts.count { starts[bucket] += starts[bucket - 1] }
        var result = [Int32](repeating: 0, count: group.count)
        var next = starts
        for place in group {
            let bucket = Int(lots[Int(place)] >> UInt64(64 - bits))
            result[next[bucket]] = place
            next[bucket] += 1
        }
        for bucket in 0..<(1 << bits) where starts[bucket + 1] - starts[bucket] > 1 {
            result[starts[bucket]..<starts[bucket + 1]].sort { (lots[Int($0)], $0) < (lots[Int($1)], $1) }
        }
        return result
    }
}

/// The lot that decides between equals: the first eight bytes of SHA-256 over programme, version, regency and the family's
/// number in the registry. Anyone can draw it again, and nobody can choose it.
struct Lot {
    private let prefix: String

    init(_ programme: Programme, regency: RegionCode) {
        prefix = "\(programme.name)|\(programme.version)|\(regency)|"
    }

    func callAsFunction(_ family: Int64) -> UInt64 {
        var text = prefix + String(family)
        return text.withUTF8 { bytes in
            var hash = SHA256()
            hash.update(bufferPointer: UnsafeRawBufferPointer(bytes))
            return hash.finalize().withUnsafeBytes { UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)) }
        }
    }

    /// The lots of all families of a table.
    func callAsFunction(_ table: FactTable) throws -> [UInt64] {
        let ranges = stride(from: 0, to: table.count, by: 1 << 15).map { $0..<min($0 + 1 << 15, table.count) }
        let lot = self
        return try Pipeline.map(ranges) { range in range.map { lot(table.families[$0]) } }.flatMap(\.self)
    }
}
