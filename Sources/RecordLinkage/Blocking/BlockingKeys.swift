/// One blocking rule made ready: where the values of its parts lie. Nothing here is counted, so looking costs nothing; whoever
/// uses it keeps the table.
struct BlockingRule {
    private enum Look {
        case name(NameLook)
        case date(UnsafePointer<Int32>)
        case number(UnsafePointer<UInt64>)
        case code(UnsafePointer<Int32>, larger: UnsafePointer<Int32>)
    }

    private let parts: [(part: LinkageSettings.KeyPart, look: Look)]

    init(_ rule: [LinkageSettings.KeyPart], of table: RecordTable) {
        parts = rule.compactMap { part in
            guard let column = table.settings.fields.firstIndex(where: { $0.name == part.field }) else { return nil }
            switch table.columns[column] {
            case .name(let names): return (part, .name(NameLook(names, number: column)))
            case .date(let cells): return (part, .date(UnsafePointer(cells.base)))
            case .number(let cells): return (part, .number(UnsafePointer(cells.base)))
            case .code(let codes):
                return (
                    part, .code(UnsafePointer(codes.values.base), larger: UnsafePointer(codes.larger.base))
                )
            }
        }
    }

    /// A hash of what a record must share with another to be compared; nil where it lacks a part.
    func key(_ record: Int) -> UInt64? {
        var key: UInt64 = 0
        for (part, look) in parts {
            guard let own = Self.key(part, look, record) else { return nil }
            key = mix(key ^ own)
        }
        return key
    }

    /// The hash of a rule of one part with a number.
    static func key(_ part: LinkageSettings.KeyPart, _ number: UInt64) -> UInt64? {
        self.part(part, number).map { mix($0) }
    }

    private static func key(_ part: LinkageSettings.KeyPart, _ look: Look, _ record: Int) -> UInt64? {
        switch look {
        case .name(let names):
            let value = names.values[record]
            guard value >= 0 else { return nil }
            let range = names.range(value)
            switch part {
            case .first: return beginning(names, names.words[range.lowerBound])
            case .last: return beginning(names, names.words[range.upperBound - 1])
            case .lowest: return range.map { beginning(names, names.words[$0]) }.min()
            case .rarest:
                return range.lazy.map { names.words[$0] }.filter { names.length($0) > 2 }
                    .min { (names.recordsOfFold[Int($0)], $0) < (names.recordsOfFold[Int($1)], $1) }
                    .map { UInt64($0) }
            default: return UInt64(names.forms[Int(value)])
            }
        case .date(let dates):
            let date = dates[record]
            guard date != 0 else { return nil }
            if case .year = part { return UInt64(date >> 9) }
            // A date that stands for a year brings together who was born in it.
            return DateColumn.parts(date).day == 0 ? nil : UInt64(DateColumn.unordered(date))
        case .number(let numbers): return self.part(part, numbers[record])
        case .code(let codes, let larger):
            let code = codes[record]
            guard code >= 0 else { return nil }
            guard case .larger = part else { return UInt64(code) }
            let region = larger[Int(code)]
            return region < 0 ? nil : UInt64(region)
        }
    }

    private static func part(_ part: LinkageSettings.KeyPart, _ number: UInt64) -> UInt64? {
        guard number != 0 else { return nil }
        switch part {
        case .tail: return PersonNumber.parts(number).map { UInt64($0.date) * 10_000 + UInt64($0.serial) }
        case .head: return PersonNumber.parts(number).map { UInt64($0.region) * 1_000_000 + UInt64($0.date) }
        default: return number
        }
    }

    /// The first three letters of a word.
    private static func beginning(_ names: NameLook, _ word: Int32) -> UInt64 {
        var key: UInt64 = 0
        for byte in names.letters(word).prefix(3) { key = key << 8 | UInt64(byte) }
        return key
    }
}

/// The keys of one blocking rule: a hash of what two records must share to be compared, 0 where a record has none.
struct BlockingKeys: Sendable {
    let values: [UInt32]

    init(_ rule: [LinkageSettings.KeyPart], of table: RecordTable) {
        values = Workers.map(Workers.ranges(table.count)) { range in
            let rule = BlockingRule(rule, of: table)
            return range.map { record in rule.key(record).map { max(1, UInt32(truncatingIfNeeded: $0 >> 32)) } ?? 0 }
        }.flatMap(\.self)
    }
}

/// Records brought together by one rule: those with the same key follow each other.
struct BlockIndex: Sendable {
    /// The records with a key, block by block; in a block that is too large in the order of their names.
    private(set) var records: [Int32] = []
    /// Where blocks of two or more records begin and end in ``records``.
    private(set) var blocks: [Range<Int32>] = []
    /// The place in its block of each record in a block that is too large.
    private(set) var places: [Int32: Int32] = [:]
    private let largest: Int

    /// - Parameter order: how records of a block that is too large follow each other.
    init(_ keys: BlockingKeys, largest: Int, order: [UInt64]) {
        self.largest = largest
        let values = keys.values
        let count = values.reduce(0) { $0 + ($1 == 0 ? 0 : 1) }
        guard count > 1 else { return }
        // Into as many buckets as there are records, then each bucket by key.
        let bits = max(1, Int.bitWidth - (count - 1).leadingZeroBitCount)
        let shift = UInt32(max(0, 32 - bits))
        let spread = { (key: UInt32) -> Int in Int((key &* 2_654_435_769) >> shift) }
        var starts = [Int32](repeating: 0, count: (1 << (32 - Int(shift))) + 1)
        for key in values where key != 0 { starts[spread(key) + 1] += 1 }
        for bucket in 1..<starts.count { starts[bucket] += starts[bucket - 1] }
        records = [Int32](repeating: 0, count: count)
        var next = starts
        for (record, key) in values.enumerated() where key != 0 {
            let bucket = spread(key)
            records[Int(next[bucket])] = Int32(record)
            next[bucket] += 1
        }
        for bucket in 0..<starts.count - 1 where starts[bucket + 1] - starts[bucket] > 1 {
            let range = Int(starts[bucket])..<Int(starts[bucket + 1])
            records[range].sort { (values[Int($0)], $0) < (values[Int($1)], $1) }
            var begin = range.lowerBound
            for index in range.lowerBound + 1...range.upperBound {
                if index < range.upperBound, values[Int(records[index])] == values[Int(records[begin])] { continue }
                if index - begin > 1 { blocks.append(Int32(begin)..<Int32(index)) }
                begin = index
            }
        }
        for block in blocks where block.count > largest {
            let range = Int(block.lowerBound)..<Int(block.upperBound)
            records[range].sort { (order[Int($0)], $0) < (order[Int($1)], $1) }
            for index in range { places[records[index]] = Int32(index - range.lowerBound) }
        }
    }

    /// How many pairs it gives.
    var pairs: Int {
        blocks.reduce(0) { sum, block in
            sum + (block.count <= largest ? block.count * (block.count - 1) / 2 : block.count * largest / 2)
        }
    }

    /// Gives each pair of records of some blocks, the lower number first.
    func forEachPair(of range: Range<Int>, _ body: (Int, Int) -> Void) {
        for block in blocks[range] {
            let (start, end) = (Int(block.lowerBound), Int(block.upperBound))
            let reach = block.count <= largest ? block.count : largest / 2
            for first in start..<end {
                for second in first + 1..<max(first + 1, min(end, first + 1 + reach)) {
                    let (a, b) = (Int(records[first]), Int(records[second]))
                    a < b ? body(a, b) : body(b, a)
                }
            }
        }
    }

    /// Whether it gives a pair of records with the same key.
    func gives(_ left: Int, _ right: Int) -> Bool {
        guard !places.isEmpty, let first = places[Int32(left)], let second = places[Int32(right)] else { return true }
        return abs(first - second) <= Int32(largest / 2)
    }
}

/// All pairs of records that some rules bring together, each once.
struct CandidatePairs: Sendable {
    private let indexes: [BlockIndex]
    /// Every record's keys, side by side.
    private let keys: Cells<UInt32>
    private let second: Int?

    init(_ table: RecordTable) {
        let settings = table.settings
        second = table.second
        let order = Self.order(table)
        let made = Workers.map(settings.blocking) { rule in
            let keys = BlockingKeys(rule, of: table)
            return (keys.values, BlockIndex(keys, largest: settings.largestBlock, order: order))
        }
        indexes = made.map(\.1)
        var keys = [UInt32](repeating: 0, count: table.count * made.count)
        for (rule, own) in made.enumerated() {
            for (record, key) in own.0.enumerated() { keys[record * made.count + rule] = key }
        }
        self.keys = Cells(keys)
    }

    /// Records in the order of their names and dates: in a block that is too large those that are alike stand near each
    /// other.
    private static func order(_ table: RecordTable) -> [UInt64] {
        var order = [UInt64](repeating: 0, count: table.count)
        for column in table.columns {
            switch column {
            case .name(let names):
                for record in order.indices {
                    let value = names.values[record]
                    order[record] = mix(order[record]) ^ UInt64(value < 0 ? 0 : names.forms[Int(value)])
                }
                return order
            case .date, .number, .code: continue
            }
        }
        return order
    }

    /// How many pairs there are at most: those that several rules give are counted by each.
    var atMost: Int { indexes.reduce(0) { $0 + $1.pairs } }

    /// How many pairs each rule gives, also those that others give too.
    var pairsOfRules: [Int] { indexes.map(\.pairs) }

    /// Pieces of work.
    var pieces: [(rule: Int, blocks: Range<Int>)] {
        indexes.enumerated().flatMap { rule, index in
            let pairs = max(1, index.pairs)
            // Pieces of about as many pairs.
            let size = max(1, index.blocks.count * 200_000 / pairs)
            return stride(from: 0, to: index.blocks.count, by: size).map {
                (rule, $0..<min(index.blocks.count, $0 + size))
            }
        }
    }

    /// Gives the pairs of a piece that no earlier rule gives.
    func forEachPair(of piece: (rule: Int, blocks: Range<Int>), _ body: (Int, Int) -> Void) {
        let rules = indexes.count
        let base = keys.base
        let second = second ?? 0
        let areTwo = self.second != nil
        indexes[piece.rule].forEachPair(of: piece.blocks) { left, right in
            if areTwo, (left < second) == (right < second) { return }
            let (first, second) = (base + left * rules, base + right * rules)
            for rule in 0..<piece.rule where first[rule] == second[rule] && first[rule] != 0 {
                if indexes[rule].gives(left, right) { return }
            }
            body(left, right)
        }
    }
}
