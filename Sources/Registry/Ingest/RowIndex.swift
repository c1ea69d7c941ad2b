import Storage

/// The rows of a source that are in force, found by their content: tells a row that was delivered before from a new one.
struct RowIndex {
    private struct Entry {
        let digest: KeyedHash
        let batch: Int64
        let line: Int64
        let key: Int64
        var seen: Bool
        var ended: Bool
    }

    private var entries: [Entry] = []
    private var byDigest = Slots()
    /// Filled only where a row takes the place of earlier ones with its key.
    private var byKey: [Int64: [Int32]] = [:]
    private let delivery: SourceDefinition.Delivery
    private let batches: Set<Int64>
    /// Whether a later delivery was taken whole while one of the batches lay unfinished.
    private let isOvertaken: Bool

    /// Reads the rows of a source that are in force: those of whole batches, and of the batches that are being taken. What
    /// another batch that was never finished has brought or ended does not count.
    ///
    /// - Parameters:
    ///   - batches: the batches of one delivery, which may come in several files.
    ///   - unfinished: those of them that are not whole yet.
    init(
        source: SourceDefinition, batches: Set<Int64>, unfinished: Set<Int64>, regency: String,
        on connection: any Connection
    ) throws {
        delivery = source.delivery
        self.batches = batches
        let whole = try connection.query(
            "SELECT batch FROM batch WHERE regency = ? AND source = ? AND completed IS NOT NULL",
            [.text(regency), .text(source.name)]
        ) { $0.int64(0) }
        let first = unfinished.min() ?? .max
        isOvertaken = whole.contains { $0 > first && !batches.contains($0) }
        let own = unfinished.sorted().map { SQLValue.integer($0) }
        let marks = own.isEmpty ? "NULL" : own.map { _ in "?" }.joined(separator: ", ")
        try connection.forEach(
            """
            SELECT r.batch, r.line, r.row_key, r.digest FROM batch b
            JOIN source_row r ON r.regency = b.regency AND r.batch = b.batch
            WHERE b.regency = ? AND b.source = ? AND (b.completed IS NOT NULL OR b.batch IN (\(marks)))
            AND NOT EXISTS (
                SELECT 1 FROM source_row_end e JOIN batch d ON d.regency = e.regency AND d.batch = e.ended_by
                WHERE e.regency = r.regency AND e.batch = r.batch AND e.line = r.line
                AND (d.completed IS NOT NULL OR d.batch IN (\(marks))))
            ORDER BY r.batch, r.line
            """, [.text(regency), .text(source.name)] + own + own
        ) { cursor in
            guard let digest = cursor.withBytes(3, { KeyedHash($0) }) else { return }
            add(digest, batch: cursor.int64(0), line: cursor.int64(1), key: cursor.int64(2), seen: false)
        }
    }

    /// Whether a row with this content is in force; marks it as delivered again.
    mutating func see(_ digest: KeyedHash) -> Bool {
        guard case let slot = byDigest.slot(of: digest, in: entries), let index = byDigest[slot] else { return false }
        entries[index].seen = true
        return true
    }

    /// Adds a row.
    mutating func add(_ digest: KeyedHash, batch: Int64, line: Int64, key: Int64, seen: Bool = true) {
        let index = entries.count
        byDigest.reserve(entries)
        entries.append(Entry(digest: digest, batch: batch, line: line, key: key, seen: seen, ended: false))
        byDigest[byDigest.slot(of: digest, in: entries)] = index
        if delivery == .changes { byKey[key, default: []].append(Int32(index)) }
    }

    /// The rows of earlier batches that a row with this key takes the place of; they are no longer in force.
    mutating func supersede(key: Int64, in batch: Int64) -> [(batch: Int64, line: Int64)] {
        guard delivery == .changes, let indexes = byKey[key] else { return [] }
        var rows: [(batch: Int64, line: Int64)] = []
        for index in indexes
        where !entries[Int(index)].ended && entries[Int(index)].batch < batch
            && !batches.contains(entries[Int(index)].batch)
        {
            entries[Int(index)].ended = true
            rows.append((entries[Int(index)].batch, entries[Int(index)].line))
        }
        return rows
    }

    /// The rows that are no longer in force once the batch is whole: those that a full delivery does not list. Where a
    /// later delivery was taken first, that one knows better, and rows of the batch itself have had their day.
    var withdrawn: [(batch: Int64, line: Int64)] {
        let rows =
            switch delivery {
            case .full where isOvertaken: entries.filter { batches.contains($0.batch) }
            case .full: entries.filter { !$0.seen }
            case .changes where isOvertaken: entries.filter { batches.contains($0.batch) && hasLater($0) }
            case .changes: [Entry]()
            }
        return rows.map { ($0.batch, $0.line) }
    }

    private func hasLater(_ entry: Entry) -> Bool {
        byKey[entry.key]?.contains {
            let other = entries[Int($0)].batch
            return other > entry.batch && !batches.contains(other)
        } ?? false
    }

    /// How many rows of earlier deliveries are in force, and how many of those the delivery does not list, not even with
    /// another content under the same key.
    var missing: (rows: Int, of: Int) {
        guard delivery == .full, !isOvertaken else { return (0, 0) }
        let earlier = entries.lazy.filter { !batches.contains($0.batch) }
        let count = earlier.count { _ in true }
        guard count > 0 else { return (0, 0) }
        let listed = Set(entries.lazy.filter(\.seen).map(\.key))
        return (earlier.count { !$0.seen && !listed.contains($0.key) }, count)
    }
}

extension RowIndex {
    /// Where in the entries a digest lies: a table of their indexes, each in the first free slot from the one that its
    /// digest names (open addressing, linear probing). Keyed hashes are even already, and whoever delivers rows cannot
    /// choose them, so they need no hash of their own, which would be half the time that a dictionary takes.
    private struct Slots {
        /// Index plus one; 0 where the slot is free. A power of two of them, at least half of them free.
        private var slots = [UInt32](repeating: 0, count: 1 << 10)

        /// The index in a slot.
        subscript(slot: Int) -> Int? {
            get { slots[slot] == 0 ? nil : Int(slots[slot]) - 1 }
            set { slots[slot] = newValue.map { UInt32($0 + 1) } ?? 0 }
        }

        /// The slot of a digest, or the free one where it belongs.
        func slot(of digest: KeyedHash, in entries: [Entry]) -> Int {
            let mask = slots.count - 1
            var slot = Int(truncatingIfNeeded: digest.low) & mask
            while slots[slot] != 0, entries[Int(slots[slot]) - 1].digest != digest { slot = (slot + 1) & mask }
            return slot
        }

        /// Makes room for one more entry.
        mutating func reserve(_ entries: [Entry]) {
            guard entries.count * 2 >= slots.count else { return }
            slots = [UInt32](repeating: 0, count: slots.count * 4)
            for (index, entry) in entries.enumerated() { self[slot(of: entry.digest, in: entries)] = index }
        }
    }
}
