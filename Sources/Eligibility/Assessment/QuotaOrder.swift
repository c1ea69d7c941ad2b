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
        let keys = judgements.flatMap(\.priorities)
        let lots = judgements.flatMap { judgement in judgement.eligible.map { lots[Int($0)] } }
        guard let groups = Groups(keys, priorities, count: lots.count) else {
            places = (0..<Int32(lots.count)).sorted { left, right in
                for priority in 0..<priorities {
                    let first = keys[Int(left) * priorities + priority]
                    let second = keys[Int(right) * priorities + priority]
                    if first != second { return first < second }
                }
                return (lots[Int(left)], left) < (lots[Int(right)], right)
            }
            return
        }
        places = try Pipeline.map(groups.ranges) { Self.sorted(groups.places[$0], by: lots) }.flatMap(\.self)
    }

    /// The eligible by what they are compared by, those with the same together.
    private struct Groups: Sendable {
        /// The most groups that are worth telling apart before they are sorted.
        private static let most = 1 << 14

        private(set) var places: [Int32]
        private(set) var ranges: [Range<Int>] = []

        /// Nil where what they are compared by is no few whole numbers.
        init?(_ keys: [Double], _ priorities: Int, count: Int) {
            // An unknown value, which comes last, takes the number after the largest.
            var least = [Double](repeating: .infinity, count: priorities)
            var most = [Double](repeating: -.infinity, count: priorities)
            for place in 0..<count {
                for priority in 0..<priorities {
                    let key = keys[place * priorities + priority]
                    guard key < .infinity else { continue }
                    guard key > -1e6, key < 1e6, Double(Int(key)) == key else { return nil }
                    least[priority] = min(least[priority], key)
                    most[priority] = max(most[priority], key)
                }
            }
            let sizes = zip(least, most).map { $0 <= $1 ? Int($1 - $0) + 2 : 1 }
            var total = 1
            for size in sizes {
                total *= size
                guard total <= Self.most else { return nil }
            }
            var groups = [Int32](repeating: 0, count: count)
            var starts = [Int](repeating: 0, count: total + 1)
            for place in 0..<count {
                var group = 0
                for priority in 0..<priorities {
                    let key = keys[place * priorities + priority]
                    let number = key < .infinity ? Int(key - least[priority]) : sizes[priority] - 1
                    group = group * sizes[priority] + number
                }
                groups[place] = Int32(group)
                starts[group + 1] += 1
            }
            for group in 0..<total {
                starts[group + 1] += starts[group]
                if starts[group + 1] > starts[group] { ranges.append(starts[group]..<starts[group + 1]) }
            }
            places = [Int32](repeating: 0, count: count)
            for place in 0..<count {
                let group = Int(groups[place])
                places[starts[group]] = Int32(place)
                starts[group] += 1
            }
        }
    }

    /// A group in the order of its lots, and of its places where two are equal.
    ///
    /// Lots are spread evenly, so each is put near where it belongs at once, and what stands there is set right.
    private static func sorted(_ group: ArraySlice<Int32>, by lots: [UInt64]) -> [Int32] {
        let bits = max(0, Int.bitWidth - (group.count / 2).leadingZeroBitCount)
        func isBefore(_ left: Int32, _ right: Int32) -> Bool {
            (lots[Int(left)], left) < (lots[Int(right)], right)
        }
        guard bits > 0 else { return group.sorted(by: isBefore) }
        let shift = UInt64(64 - bits)
        var next = [Int](repeating: 0, count: 1 << bits + 1)
        for place in group { next[Int(lots[Int(place)] >> shift) + 1] += 1 }
        // Lots that are not spread would make the last step long.
        guard next.allSatisfy({ $0 < 64 }) else { return group.sorted(by: isBefore) }
        for bucket in 1..<next.count { next[bucket] += next[bucket - 1] }
        var ordered = [(lot: UInt64, place: Int32)](repeating: (0, 0), count: group.count)
        for place in group {
            let lot = lots[Int(place)]
            let bucket = Int(lot >> shift)
            ordered[next[bucket]] = (lot, place)
            next[bucket] += 1
        }
        for index in ordered.indices.dropFirst() {
            let own = ordered[index]
            var before = index
            while before > 0, (ordered[before - 1].lot, ordered[before - 1].place) > (own.lot, own.place) {
                ordered[before] = ordered[before - 1]
                before -= 1
            }
            ordered[before] = own
        }
        return ordered.map(\.place)
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
