/// The order of records by the beginnings of two words of a name that follow each other, behind the last the first again; also
/// within each year of birth. It finds what has been typed of a name so far.
///
/// An entry is a record's number and which of the first words begins: `record << 2 | word`.
struct WordOrder {
    /// How many words of a name can begin.
    static let most = 3
    /// The letters of a word that count.
    private static let letters = 5
    private static let bits = UInt64(letters * 5)

    /// The field whose words are ordered.
    let field: String
    private let names: NameLook
    private let dates: UnsafePointer<Int32>?

    /// The order by a table's first name; nil where it has none.
    init?(_ table: RecordTable) {
        let fields = table.settings.fields
        let own =
            fields.firstIndex { $0.kind == .name } ?? fields.firstIndex { $0.kind == .relative || $0.kind == .text }
        guard let own, case .name(let cells) = table.columns[own] else { return nil }
        field = fields[own].name
        names = NameLook(cells, number: own)
        dates = fields.firstIndex { $0.kind == .date }.flatMap { place in
            if case .date(let cells) = table.columns[place] { UnsafePointer(cells.base) } else { nil }
        }
    }

    /// The year of a record's birth; 0 where it is unknown.
    func year(_ record: Int) -> UInt64 { dates.map { UInt64($0[record] >> 9) } ?? 0 }

    /// The key of an entry; nil where its name has no such word, or the year is asked for and unknown.
    func key(_ entry: UInt32, byYear: Bool) -> UInt64? {
        let (record, word) = (Int(entry >> 2), Int(entry & 3))
        let year = byYear ? year(record) : 0
        let value = names.values[record]
        guard value >= 0, year > 0 || !byYear else { return nil }
        let range = names.range(value)
        guard word < range.count else { return nil }
        let next = range.count > 1 ? code(names.words[range.lowerBound + (word + 1) % range.count]) : 0
        return Self.key(year, code(names.words[range.lowerBound + word]), next)
    }

    private static func key(_ year: UInt64, _ first: UInt64, _ second: UInt64) -> UInt64 {
        year << (2 * bits) | first << bits | second
    }

    /// A word's first letters, five bits each, in the order of the alphabet.
    private func code(_ word: Int32) -> UInt64 {
        let letters = names.letters(word)
        var code: UInt64 = 0
        for place in 0..<Self.letters {
            let letter = place < letters.count ? letters[place] : 0
            // What is no letter of the alphabet stands behind it.
            code = code << 5 | (letter == 0 ? 0 : letter < 0x80 ? UInt64(letter & 31) : UInt64(27 + letter & 3))
        }
        return code
    }

    /// The range of the codes of words that are this word, or begin with it.
    private func codes(_ word: Int32, isBeginning: Bool) -> ClosedRange<UInt64> {
        let low = code(word)
        let open = UInt64(max(0, Self.letters - names.length(word)) * 5)
        return low...(isBeginning || names.length(word) == 1 ? low | (1 << open - 1) : low)
    }

    /// Where to look for a record's name: for two words that follow each other, and for each word alone.
    ///
    /// - Parameter isPartial: whether the last word may be the beginning of a longer one.
    func ranges(
        _ record: Int, byYear: Bool, isPartial: Bool
    ) -> (pairs: [ClosedRange<UInt64>], words: [ClosedRange<UInt64>]) {
        let value = names.values[record]
        let year = byYear ? year(record) : 0
        guard value >= 0, year > 0 || !byYear else { return ([], []) }
        let words = names.range(value).map { names.words[$0] }
        let codes = words.enumerated().map { place, word in
            self.codes(word, isBeginning: isPartial && place == words.count - 1)
        }
        let any: UInt64 = 1 << Self.bits - 1
        let pairs = zip(codes, codes.dropFirst()).compactMap { first, second in
            // What begins in many ways is followed by all there is.
            first.count == 1
                ? Self.key(
                    year, first.lowerBound, second.lowerBound)...Self.key(
                        year, first.lowerBound, second.upperBound) : nil
        }
        return (
            pairs, codes.map { Self.key(year, $0.lowerBound, 0)...Self.key(year, $0.upperBound, any) }
        )
    }
}

extension NameLook {
    /// Whether a record has a word that begins as the last word of another's does; also where one of them has no name.
    func fits(_ record: Int, _ typed: Int) -> Bool {
        let (own, other) = (values[record], values[typed])
        guard own >= 0, other >= 0 else { return true }
        let beginning = letters(words[range(other).upperBound - 1])
        return range(own).contains { letters(words[$0]).starts(with: beginning) }
    }
}
