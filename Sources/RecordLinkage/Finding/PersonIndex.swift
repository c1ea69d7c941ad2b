import Dispatch
import Synchronization

/// Answers whether a person is known, for one record against millions, also while it is being typed.
///
/// Made of a finished ``RecordTable`` and the ``LinkageModel`` that was estimated from it (or from one like it): records are
/// compared and weighed as in a ``Linkage`` of the same table. Records can be added, replaced and removed meanwhile, and are
/// found at once. All of it may be called from many threads: searches run beside each other and do not wait for additions;
/// additions wait for each other.
///
/// It keeps the table's columns and four bytes for each record and blocking rule, and another 28 for its name and id. How
/// frequent names are stays as it was in the table, so that a table that has doubled is better read anew.
public final class PersonIndex: Sendable {
    /// A record that may be of the person who was asked for.
    public struct Found: Sendable, Codable, Equatable {
        /// Its number: the record's place in the table, those added later follow.
        public let record: Int
        /// Its own name.
        public let id: String
        /// How likely it is that the person is this one, given that it is one of those that were compared, or nobody: the odds
        /// over the sum of all odds and 1, or how likely it is that nobody listed is meant where that is known. Of two records of the person each has half at most.
        public let probability: Double
        /// Its weight, in parts.
        public let explanation: PairExplanation

        /// log2 of the odds that this record and the one asked for are of one person, regardless of others.
        public var weight: Double { explanation.weight }
    }

    /// The model does not weigh the comparisons of the table's fields.
    public struct WrongModel: Error {}

    /// How questions of one kind are weighed, such as the rows of one agency, which have faults of their own.
    public struct Weighing: Sendable {
        fileprivate let scorer: Scorer
        /// What stands beside the sum of all odds for that it is nobody.
        fileprivate let nobody: Double
    }

    /// All there is at a time. What was read of it stays true while others write.
    struct Contents: Sendable {
        var records: GrowingRecords
        /// For each blocking rule the records by their keys.
        var rules: [KeyRuns]
        /// Records by two words of their names: of all years, and by year.
        var words: [KeyRuns]
        /// Records by their own names.
        var ids: KeyRuns
        /// How many records are not removed.
        var count: Int
        /// One bit for each record that was removed, in pages; an empty one where none of its records was.
        var removed: [[UInt64]] = []

        func isRemoved(_ record: Int) -> Bool {
            let page = record >> 12
            guard page < removed.count, !removed[page].isEmpty else { return false }
            return removed[page][record >> 6 & 63] >> UInt64(record & 63) & 1 == 1
        }
    }

    /// What was estimated.
    public let model: LinkageModel
    private let weighing: Weighing
    private let contents: Mutex<Contents>
    private let writer = Mutex<Void>(())
    private let finders: Finders

    /// An index of a table.
    ///
    /// It copies the columns, one after the other: where nobody else holds the table, not much more is needed at any time than
    /// what it takes afterwards.
    ///
    /// - Throws: ``WrongModel`` where the model is of other fields than the table.
    public init(_ table: consuming RecordTable, _ model: LinkageModel) throws(WrongModel) {
        try Self.check(model, table.settings)
        self.model = model
        weighing = Weighing(scorer: Scorer(model, records: table.count), nobody: 1)
        let records = GrowingRecords(table)
        contents = Mutex(Contents(records))
        finders = Finders()
    }

    private static func check(_ model: LinkageModel, _ settings: LinkageSettings) throws(WrongModel) {
        let comparisons = RecordComparer.comparisons(settings)
        guard model.kinPriors.count == 3, comparisons.count == model.comparisons.count,
            zip(comparisons, model.comparisons).allSatisfy({
                $0.field == $1.field && $0.levels.count == $1.levels.count && $0.givenSameDate == $1.givenSameDate
            })
        else { throw WrongModel() }
    }

    /// How questions are weighed by another model than the index's own.
    ///
    /// - Parameters:
    ///   - model: its ``LinkageModel/prior`` is how likely a record taken at random is the person asked for.
    ///   - listed: how likely it is that the person asked for is in the index at all, from 0 to 1.
    /// - Throws: ``WrongModel`` where the model is of other fields than the table.
    public func weighing(by model: LinkageModel, listed: Double) throws(WrongModel) -> Weighing {
        let records = contents.withLock { $0.records }
        try Self.check(model, records.table.settings)
        return Weighing(scorer: Scorer(model, records: records.count), nobody: 1 - min(max(listed, 0), 1))
    }

    /// How many records there are.
    public var count: Int { contents.withLock { $0.count } }

    /// The records that are likeliest to be of a person, the likeliest first.
    ///
    /// Compared are those that share a key with it, those that share most first, 2,000 at most. Found are also a number with
    /// one digit mistyped, and where little else is known each word of the name.
    ///
    /// - Parameters:
    ///   - texts: what is known, in the order of the settings' fields, of several columns with a space between them; empty where
    ///     nothing is.
    ///   - limit: the most that are given.
    ///   - least: the least ``Found/probability``.
    ///   - isPartial: whether it is still being typed: the last word of a name, and a number from its twelfth digit on, may
    ///     be the beginning of what a record has.
    ///   - weighing: how it is weighed; nil for the index's own model.
    public func find(
        _ texts: [String], limit: Int = 10, least: Double = 0, isPartial: Bool = false, by weighing: Weighing? = nil
    ) -> [Found] {
        answer(texts, limit: limit, least: least, isPartial: isPartial, by: weighing).found
    }

    func answer(
        _ texts: [String], limit: Int, least: Double, isPartial: Bool, by weighing: Weighing? = nil
    ) -> Finder.Answer {
        let weighing = weighing ?? self.weighing
        return finders.with { finder in
            let now = contents.withLock { $0 }
            return finder.find(
                texts, in: now, weighing.scorer, nobody: weighing.nobody, limit: limit, least: least,
                isPartial: isPartial)
        }
    }

    /// Adds a record, and returns its number. It is sorted into small orders that are joined as they grow: on average an addition
    /// moves as many entries as the logarithm of how many were added.
    ///
    /// - Parameter texts: as in ``find(_:limit:least:isPartial:)``.
    @discardableResult public func add(id: String, _ texts: [String]) -> Int {
        change { $0.add(id, texts) }
    }

    /// Puts a record in the place of those with its own name, and returns its number; where there are none it is added.
    @discardableResult public func replace(id: String, _ texts: [String]) -> Int {
        change { contents in
            contents.remove(id)
            return contents.add(id, texts)
        }
    }

    /// Removes the records with a name of their own, and says whether there were any.
    @discardableResult public func remove(id: String) -> Bool {
        change { $0.remove(id) }
    }

    private func change<Result: Sendable>(_ work: (inout Contents) -> Result) -> Result {
        writer.withLock { _ in
            var next = contents.withLock { $0 }
            let generation = next.records.generation
            let result = work(&next)
            contents.withLock { [next] in $0 = next }
            // Nobody keeps columns that have been replaced.
            if next.records.generation != generation { finders.forget() }
            return result
        }
    }

    /// Finders that wait for work.
    private final class Finders: Sendable {
        private let idle: Mutex<[Lent]>
        private let free: DispatchSemaphore

        /// One search at a time has it.
        private struct Lent: @unchecked Sendable { let finder: Finder }

        init() {
            // Each has a slot for what was typed, and one for what is certain of it.
            let finders = stride(from: 0, to: GrowingRecords.slots, by: 2).map { Lent(finder: Finder(slot: $0)) }
            free = DispatchSemaphore(value: finders.count)
            idle = Mutex(finders)
        }

        /// Works with a finder; waits where all are at work.
        func with<Result>(_ work: (Finder) -> Result) -> Result {
            free.wait()
            // There is one for each that was let through.
            let lent = idle.withLock { $0.popLast() } ?? Lent(finder: Finder(slot: 0))
            defer {
                idle.withLock { $0.append(lent) }
                free.signal()
            }
            return work(lent.finder)
        }

        func forget() { idle.withLock { idle in for lent in idle { lent.finder.forget() } } }
    }
}

extension PersonIndex.Contents {
    fileprivate init(_ records: GrowingRecords) {
        self.records = records
        let table = records.table
        let all = 0..<UInt32(records.count)
        // One after the other: these take more than the others together while they are sorted.
        words = [false, true].map { byYear in
            guard let order = WordOrder(table) else { return KeyRuns() }
            var keyed: [Keyed] = []
            keyed.reserveCapacity(records.count * 5 / 2)
            for record in all {
                for entry in record << 2..<record << 2 + UInt32(WordOrder.most) {
                    if let key = order.key(entry, byYear: byYear) { keyed.append(Keyed(key: key, entry: entry)) }
                }
            }
            return KeyRuns(keyed)
        }
        let made = Workers.map([nil] + table.settings.blocking.map { Optional($0) }) { rule in
            var keyed: [Keyed] = []
            keyed.reserveCapacity(records.count)
            let rule = rule.map { BlockingRule($0, of: table) }
            for record in all {
                let key = rule.map { $0.key(Int(record)) } ?? records.idKey(Int(record))
                if let key { keyed.append(Keyed(key: key, entry: record)) }
            }
            return KeyRuns(keyed)
        }
        ids = made[0]
        rules = Array(made.dropFirst())
        count = records.count
    }

    mutating func add(_ id: String, _ texts: [String]) -> Int {
        let record = records.append(id: id, texts)
        let table = records.table
        let entry = UInt32(record)
        let isGone = isRemoved
        for (place, rule) in table.settings.blocking.enumerated() {
            let rule = BlockingRule(rule, of: table)
            rules[place].insert([entry]) { isGone(Int($0)) ? nil : rule.key(Int($0)) }
        }
        if let order = WordOrder(table) {
            let entries = (0..<UInt32(WordOrder.most)).map { entry << 2 | $0 }
            for byYear in [false, true] {
                words[byYear ? 1 : 0].insert(entries) { isGone(Int($0 >> 2)) ? nil : order.key($0, byYear: byYear) }
            }
        }
        let records = records
        ids.insert([entry]) { isGone(Int($0)) ? nil : records.idKey(Int($0)) }
        count += 1
        return record
    }

    @discardableResult mutating func remove(_ id: String) -> Bool {
        let bytes = Array(id.utf8)
        let key = bytes.withUnsafeBytes { ByteInterner.hash($0) }
        var found: [Int] = []
        _ = ids.first(key, { records.idKey(Int($0)) }) { entry in
            if !isRemoved(Int(entry)), records.id(Int(entry)) == id { found.append(Int(entry)) }
            return false
        }
        for record in found {
            let page = record >> 12
            while removed.count <= page { removed.append([]) }
            if removed[page].isEmpty { removed[page] = [UInt64](repeating: 0, count: 64) }
            removed[page][record >> 6 & 63] |= 1 << UInt64(record & 63)
        }
        count -= found.count
        return !found.isEmpty
    }
}
