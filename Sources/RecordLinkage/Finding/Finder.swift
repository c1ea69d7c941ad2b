import Foundation

/// What one search needs to itself: a place for the record that is asked for, and what is remembered from one to the next.
final class Finder {
    /// The most records that are compared for one question.
    static let most = 2_000
    /// The most records that one block gives: of a larger one the rest is left out, unless other blocks give it.
    static let mostOfBlock = 1_000
    /// The most that one word of a name gives.
    private static let mostOfWord = 500
    /// With fewer found, a name is looked for word by word as well.
    private static let few = 100
    /// Records that are less likely than this, in bits below the likeliest, change no probability.
    private static let negligible = 20.0

    let slot: Int
    private var generation = -1
    private var comparer: RecordComparer?
    private var rules: [BlockingRule] = []
    private var order: WordOrder?
    private var names: [NameLook] = []
    private var numbers: [UnsafePointer<UInt64>] = []
    private var tally = Tally()

    init(slot: Int) { self.slot = slot }

    /// Lets go of the columns, which have been replaced.
    func forget() {
        (generation, comparer, rules, order, names, numbers) = (-1, nil, [], nil, [], [])
    }

    /// What was found, with how many records were compared.
    struct Answer {
        var found: [PersonIndex.Found] = []
        var compared = 0
    }

    func find(
        _ texts: [String], in contents: PersonIndex.Contents, _ scorer: Scorer, nobody: Double, limit: Int,
        least: Double, isPartial: Bool
    ) -> Answer {
        let records = contents.records
        if generation != records.generation || comparer == nil {
            generation = records.generation
            comparer = RecordComparer(records.table, asksForOthers: true)
            rules = records.table.settings.blocking.map { BlockingRule($0, of: records.table) }
            order = WordOrder(records.table)
            names = []
            numbers = []
            for (place, column) in records.table.columns.enumerated() {
                if case .name(let cells) = column { names.append(NameLook(cells, number: place)) }
                if case .number(let cells) = column { numbers.append(UnsafePointer(cells.base)) }
            }
        }
        guard var comparer else { return Answer() }
        // The words of the record before had the same numbers.
        comparer.forgetWords()
        self.comparer = nil
        defer { self.comparer = comparer }
        let asked = records.record(ofSlot: slot)
        records.pass(texts, slot: slot)
        let beginning = isPartial ? records.record(ofSlot: slot + 1) : nil
        if isPartial { records.pass(texts, slot: slot + 1, cut: true) }
        gather(asked, texts, contents, isPartial: isPartial)
        let candidates = tally.best(Self.most)
        let typed = beginning.map { typedBits(asked, $0, contents) } ?? 0
        let limit = max(1, min(limit, Self.most))
        // The best so far, the best first; what cannot be among them nor count in their sum is not compared to its end.
        var best: [(weight: Double, record: Int, asked: Int)] = []
        var (sum, floor) = (0.0, -Double.infinity)
        for candidate in candidates {
            let record = Int(candidate)
            var own = scorer.weight(&comparer, asked, record, least: floor).map { ($0, asked) }
            let least = max(floor, own?.0 ?? -.infinity)
            if let beginning, fits(record, asked),
                let weight = scorer.weight(&comparer, beginning, record, least: least - typed), weight + typed > least
            {
                own = (weight + typed, beginning)
            }
            guard let own else { continue }
            sum += exp2(min(own.0, 500))
            let place = best.firstIndex { $0.weight < own.0 } ?? best.count
            if place < limit { best.insert((own.0, record, own.1), at: place) }
            if best.count > limit { best.removeLast() }
            if best.count == limit {
                floor = min(best[limit - 1].weight, max(0, best[0].weight) - Self.negligible)
            }
        }
        let found = best.map { one in
            PersonIndex.Found(
                record: one.record, id: records.id(one.record),
                probability: exp2(min(one.weight, 500)) / max(nobody + sum, 1e-300),
                explanation: scorer.explain(&comparer, one.asked, one.record)
                    .adding(one.asked == beginning ? typed : 0, toField: order?.field ?? ""))
        }
        return Answer(found: found.filter { $0.probability >= least }, compared: candidates.count)
    }

    /// What the letters tell that were typed of a name's last word, beyond the first of them: how much fewer records have a word
    /// that begins so, behind the word before it, in bits.
    private func typedBits(_ asked: Int, _ beginning: Int, _ contents: PersonIndex.Contents) -> Double {
        guard let order else { return 0 }
        let runs = contents.words[0]
        func count(_ record: Int) -> Int {
            let ranges = order.ranges(record, byYear: false, isPartial: true)
            guard let range = ranges.pairs.last ?? ranges.words.last else { return 0 }
            return runs.runs.reduce(0) { $0 + $1.places(range, { order.key($0, byYear: false) }).count }
        }
        let (typed, first) = (count(asked), count(beginning))
        return typed > 0 && first > typed ? log2(Double(first) / Double(typed)) : 0
    }

    // MARK: Candidates

    /// Collects records that share a key with the one that is asked for.
    private func gather(_ asked: Int, _ texts: [String], _ contents: PersonIndex.Contents, isPartial: Bool) {
        let table = contents.records.table
        let settings = table.settings
        // Beside a birth date the rules bring together what may be one person. Others that are found by less, such as who has a
        // NIK with one digit changed and a birthday that fits it, would seem to agree twice.
        let hasDate = settings.fields.enumerated().contains { place, field in
            field.kind == .date && place < texts.count && LinkageSettings.isDate(texts[place])
        }
        for (place, rule) in rules.enumerated() {
            let runs = contents.rules[place]
            let key = { (entry: UInt32) in rule.key(Int(entry)) }
            let parts = settings.blocking[place]
            if parts.count == 1, let column = settings.fields.firstIndex(where: { $0.name == parts[0].field }),
                case .number(let numbers) = table.columns[column]
            {
                let number = numbers[asked]
                if case .whole = parts[0] {
                    // A number that so many have is nobody's.
                    if collect(runs, rule.key(asked), key, contents) > settings.mostWithOneNumber {
                        contents.records.clearNumber(ofSlot: slot, column)
                    } else if settings.fields[column].kind != .identifier || !hasDate {
                        for other in Self.mistyped(number) {
                            collect(runs, BlockingRule.key(parts[0], other), key, contents)
                        }
                    }
                } else {
                    collect(runs, BlockingRule.key(parts[0], Self.completed(number, parts[0])), key, contents)
                }
                continue
            }
            collect(runs, rule.key(asked), key, contents)
        }
        guard let order, isPartial || !hasDate else { return }
        for byYear in [true, false] {
            let runs = contents.words[byYear ? 1 : 0]
            let key = { (entry: UInt32) in order.key(entry, byYear: byYear) }
            let ranges = order.ranges(asked, byYear: byYear, isPartial: isPartial)
            for range in ranges.pairs { collect(runs, range, key, shift: 2, contents) }
            guard tally.count < Self.few else { continue }
            for range in ranges.words { collect(runs, range, key, shift: 2, most: Self.mostOfWord, contents) }
        }
    }

    @discardableResult private func collect(
        _ runs: KeyRuns, _ value: UInt64?, _ key: (UInt32) -> UInt64?, _ contents: PersonIndex.Contents
    ) -> Int {
        value.map { collect(runs, $0...$0, key, shift: 0, contents) } ?? 0
    }

    /// Counts the records with keys in a range, and returns how many there are; those added last come first.
    @discardableResult private func collect(
        _ runs: KeyRuns, _ range: ClosedRange<UInt64>, _ key: (UInt32) -> UInt64?, shift: UInt32,
        most: Int = Finder.mostOfBlock, _ contents: PersonIndex.Contents
    ) -> Int {
        let blocks = runs.runs.map { ($0, $0.places(range, key)) }
        let count = blocks.reduce(0) { $0 + $1.1.count }
        guard count > 0 else { return 0 }
        // Sharing what few have tells most.
        let bits = Float(log2(1 + Double(contents.records.count) / Double(count)))
        var left = most
        for (run, places) in blocks.reversed() {
            for place in places.prefix(left) {
                let record = run.entries[place] >> shift
                if !contents.isRemoved(Int(record)) { tally.add(record, bits) }
            }
            left -= min(left, places.count)
        }
        return count
    }

    /// Numbers that were meant if one digit was mistyped, or two neighbours exchanged.
    static func mistyped(_ number: UInt64) -> [UInt64] {
        let (count, value) = (NumberColumn.digits(number), NumberColumn.value(number))
        guard count >= 8 else { return [] }
        var others: [UInt64] = []
        var (power, next): (UInt64, UInt64) = (1, 0)
        for _ in 0..<count {
            let digit = value / power % 10
            for other in 0..<UInt64(10) where other != digit { others.append(value - digit * power + other * power) }
            next = value / (power * 10) % 10
            if power * 10 <= value, next != digit {
                others.append(value - digit * power - next * power * 10 + next * power + digit * power * 10)
            }
            power *= 10
        }
        return others.map { NumberColumn.number(count, $0) }
    }

    /// Of a number that is not all there, one of 16 digits with the same region and date, or date and serial number.
    private static func completed(_ number: UInt64, _ part: LinkageSettings.KeyPart) -> UInt64 {
        let (count, value) = (NumberColumn.digits(number), NumberColumn.value(number))
        guard (12..<16).contains(count) else { return number }
        var whole = value
        if case .head = part { for _ in count..<16 { whole *= 10 } }
        return NumberColumn.number(16, whole)
    }

    /// Whether what was typed can be the beginning of what a record has.
    private func fits(_ record: Int, _ asked: Int) -> Bool {
        names.allSatisfy { $0.fits(record, asked) }
            && numbers.allSatisfy { numbers in
                let (own, typed) = (numbers[record], numbers[asked])
                guard own != 0, typed != 0 else { return true }
                var value = NumberColumn.value(own)
                for _ in 0..<max(0, NumberColumn.digits(own) - NumberColumn.digits(typed)) { value /= 10 }
                return value == NumberColumn.value(typed)
            }
    }
}

/// Records, with how many bits speak for each.
struct Tally {
    private static let size = 1 << 15
    /// The most records; no more are taken.
    private static let most = 1 << 14

    private var records = [UInt32](repeating: .max, count: size)
    private var bits = [Float](repeating: 0, count: size)
    private var used: [Int] = []

    /// How many records there are.
    var count: Int { used.count }

    mutating func add(_ record: UInt32, _ more: Float) {
        var slot = Int(truncatingIfNeeded: mix(UInt64(record))) & (Self.size - 1)
        while records[slot] != record {
            if records[slot] == .max {
                guard used.count < Self.most else { return }
                used.append(slot)
                records[slot] = record
                bits[slot] = 0
                break
            }
            slot = (slot + 1) & (Self.size - 1)
        }
        bits[slot] += more
    }

    /// The records for which most speaks, these first, at most so many; none are left.
    mutating func best(_ most: Int) -> [UInt32] {
        used.sort { (bits[$1], records[$0]) < (bits[$0], records[$1]) }
        let best = used.prefix(most).map { records[$0] }
        for slot in used { records[slot] = .max }
        used.removeAll(keepingCapacity: true)
        return best
    }
}
