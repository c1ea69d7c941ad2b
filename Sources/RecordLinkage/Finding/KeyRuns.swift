/// An entry and the key by which it is found.
struct Keyed {
    var key: UInt64
    var entry: UInt32
}

/// Entries in the order of their keys. The keys are not kept: what an entry stands for tells its key, so that four bytes are
/// enough for each.
final class KeyRun: Sendable {
    /// With fewer entries a directory would be larger than they are.
    private static let directory = 1 << 16

    let entries: Cells<UInt32>
    /// Where the entries begin whose keys have the same first 16 bits; one more than there are of those; else none.
    private let starts: Cells<UInt32>

    init(_ keyed: consuming [Keyed]) {
        keyed.sort { ($0.key, $0.entry) < ($1.key, $1.entry) }
        entries = Cells(keyed.lazy.map(\.entry))
        guard keyed.count >= Self.directory else {
            starts = Cells([])
            return
        }
        var counts = [UInt32](repeating: 0, count: Self.directory + 1)
        for one in keyed { counts[Int(one.key >> 48) + 1] += 1 }
        for place in 1...Self.directory { counts[place] += counts[place - 1] }
        starts = Cells(counts)
    }

    /// The places of the entries whose keys lie in a range.
    ///
    /// - Parameter key: the key of an entry.
    func places(_ keys: ClosedRange<UInt64>, _ key: (UInt32) -> UInt64?) -> Range<Int> {
        let begin = place(keys.lowerBound, isAfter: false, from: 0, key)
        // Most blocks are small.
        guard begin < entries.count, let first = key(entries[begin]), first <= keys.upperBound else {
            return begin..<begin
        }
        return begin..<place(keys.upperBound, isAfter: true, from: begin, key)
    }

    /// The first place with a key that is not below a value, or is above it.
    private func place(_ value: UInt64, isAfter: Bool, from: Int, _ key: (UInt32) -> UInt64?) -> Int {
        var (low, high) = (from, entries.count)
        if starts.count > 0 {
            let head = Int(value >> 48)
            (low, high) = (max(from, Int(starts[head])), max(from, Int(starts[head + 1])))
        }
        while low < high {
            let middle = (low + high) / 2
            let own = key(entries[middle]) ?? 0
            if isAfter ? own <= value : own < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// Entries in the order of their keys, to which others can be added: in runs, each more than the next one
/// (the logarithmic method of Bentley and Saxe, 1980). An entry that is added is moved as often as the logarithm of how many
/// were, on average; there are not more runs than that. What was read stays as it is, whatever is added.
struct KeyRuns: Sendable {
    private(set) var runs: [KeyRun]

    init(_ keyed: consuming [Keyed] = []) { runs = keyed.isEmpty ? [] : [KeyRun(keyed)] }

    /// Adds entries.
    ///
    /// - Parameter key: the key of an entry; nil where it is to be found no more.
    mutating func insert(_ entries: [UInt32], _ key: (UInt32) -> UInt64?) {
        var all = entries
        while let last = runs.last, last.entries.count <= all.count {
            all += UnsafeBufferPointer(start: last.entries.base, count: last.entries.count)
            runs.removeLast()
        }
        let keyed = all.compactMap { entry in key(entry).map { Keyed(key: $0, entry: entry) } }
        if !keyed.isEmpty { runs.append(KeyRun(keyed)) }
    }

    /// Gives the entries with a key, until `body` returns true.
    func first(_ value: UInt64, _ key: (UInt32) -> UInt64?, where body: (UInt32) -> Bool) -> UInt32? {
        for run in runs {
            for place in run.places(value...value, key) where body(run.entries[place]) { return run.entries[place] }
        }
        return nil
    }
}
