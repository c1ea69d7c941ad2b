/// Compares records of a table pair by pair. Each thread needs its own: it remembers how words compare.
struct RecordComparer {
    /// What is compared, and how.
    struct Comparison: Sendable {
        let field: String
        let kind: LinkageSettings.Kind
        let column: Int
        /// The levels' names, from the least alike to the most.
        let levels: [String]
        /// Compared only where the birth dates are the same, since a person's number repeats them.
        let givenSameDate: Bool
    }

    /// One comparison made ready: where its values lie. Nothing here is counted, so looking costs nothing; the table keeps it.
    private enum Look {
        case name(NameLook)
        case date(UnsafePointer<Int32>)
        /// Compared always where there are no dates, else where these are the same, or where they are not.
        case number(UnsafePointer<UInt64>, dates: UnsafePointer<Int32>?, givenSameDate: Bool)
        case phone(UnsafePointer<UInt64>)
        case region(UnsafePointer<Int32>, larger: UnsafePointer<Int32>, records: UnsafePointer<Int32>, known: Double)
        case category(UnsafePointer<Int32>)
    }

    let table: RecordTable
    let comparisons: [Comparison]
    private let looks: [Look]
    private var words = WordCache()
    /// 1 where one of the records is no record of the table, but has what it shares as well.
    private let asked: Double

    init(_ table: RecordTable, asksForOthers: Bool = false) {
        self.table = table
        asked = asksForOthers ? 1 : 0
        let asked = asked
        let comparisons = Self.comparisons(table.settings)
        self.comparisons = comparisons
        var dates: UnsafePointer<Int32>?
        if let place = table.settings.fields.firstIndex(where: { $0.kind == .date }),
            case .date(let cells) = table.columns[place]
        {
            dates = UnsafePointer(cells.base)
        }
        looks = comparisons.map { comparison in
            switch table.columns[comparison.column] {
            case .name(let names): .name(NameLook(names, number: comparison.column, asked: asked))
            case .date(let cells): .date(UnsafePointer(cells.base))
            case .number(let cells):
                comparison.kind == .phone
                    ? .phone(UnsafePointer(cells.base))
                    : .number(UnsafePointer(cells.base), dates: dates, givenSameDate: comparison.givenSameDate)
            case .code(let codes):
                comparison.kind == .region
                    ? .region(
                        UnsafePointer(codes.values.base), larger: UnsafePointer(codes.larger.base),
                        records: UnsafePointer(codes.records.base), known: max(1, Double(codes.known) + asked))
                    : .category(UnsafePointer(codes.values.base))
            }
        }
    }

    /// What is compared for some settings: what is quickly compared and tells most first.
    static func comparisons(_ settings: LinkageSettings) -> [Comparison] {
        let hasDate = settings.fields.contains { $0.kind == .date }
        let order: [LinkageSettings.Kind] = [.identifier, .date, .category, .region, .phone, .name, .relative, .text]
        return order.flatMap { kind in
            settings.fields.enumerated().filter { $0.element.kind == kind }.flatMap { column, field -> [Comparison] in
                let variants = kind == .identifier && hasDate ? [false, true] : [false]
                return variants.map {
                    Comparison(
                        field: field.name, kind: kind, column: column, levels: levels(kind), givenSameDate: $0)
                }
            }
        }
    }

    private static func levels(_ kind: LinkageSettings.Kind) -> [String] {
        switch kind {
        case .name, .relative, .text: NameLevel.allCases.map(\.words)
        case .date: DateLevel.allCases.map(\.words)
        case .identifier: NumberLevel.allCases.map(\.words)
        case .region: ["different", "same larger region", "equal"]
        case .phone: ["different", "one digit, or cut short", "equal"]
        case .category: ["different", "equal"]
        }
    }

    /// Forgets how words compare, since some numbers stand for other words now.
    mutating func forgetWords() { words.clear() }

    /// How two records compare.
    mutating func compare(_ left: Int, _ right: Int) -> Pattern {
        var pattern = Pattern()
        for place in looks.indices { pattern[place] = level(place, left, right) }
        return pattern
    }

    /// How two records compare in one comparison.
    mutating func level(_ place: Int, _ left: Int, _ right: Int) -> UInt8 {
        switch looks[place] {
        case .name(let names):
            let (first, second) = (names.values[left], names.values[right])
            guard first >= 0, second >= 0 else { return Pattern.missing }
            return NameLevel.compare(names, first, second, &words).rawValue
        case .date(let dates):
            let (first, second) = (dates[left], dates[right])
            guard first != 0, second != 0 else { return Pattern.missing }
            return DateLevel.compare(first, second).rawValue
        case .number(let numbers, let dates, let givenSameDate):
            if let dates, givenSameDate != (dates[left] != 0 && dates[left] == dates[right]) { return Pattern.missing }
            let (first, second) = (numbers[left], numbers[right])
            guard first != 0, second != 0 else { return Pattern.missing }
            return NumberLevel.compare(first, second).rawValue
        case .phone(let numbers):
            let (first, second) = (numbers[left], numbers[right])
            guard first != 0, second != 0 else { return Pattern.missing }
            return NumberLevel.phone(first, second)
        case .region(let codes, let larger, _, _):
            let (first, second) = (codes[left], codes[right])
            guard first >= 0, second >= 0 else { return Pattern.missing }
            if first == second { return 2 }
            let region = larger[Int(first)]
            return region >= 0 && region == larger[Int(second)] ? 1 : 0
        case .category(let codes):
            let (first, second) = (codes[left], codes[right])
            guard first >= 0, second >= 0 else { return Pattern.missing }
            return first == second ? 1 : 0
        }
    }

    /// How frequent it is what two records have in common in a comparison, as a share of all records; nil where that tells
    /// nothing.
    func frequency(_ place: Int, _ level: UInt8, _ left: Int, _ right: Int) -> Double? {
        switch looks[place] {
        case .name(let names): NameLevel(rawValue: level)?.frequency(names, names.values[left], names.values[right])
        case .region(let codes, _, let records, let known):
            level == 2 ? (Double(records[Int(codes[left])]) + asked) / known : nil
        case .date, .number, .phone, .category: nil
        }
    }
}

/// Where the parts of names lie.
struct NameLook {
    let values: UnsafePointer<Int32>
    let ends: UnsafePointer<Int32>
    let words: UnsafePointer<Int32>
    let forms: UnsafePointer<Int32>
    let letters: UnsafePointer<UInt8>
    let letterEnds: UnsafePointer<Int32>
    let masks: UnsafePointer<UInt32>
    let recordsOfFold: UnsafePointer<Int32>
    let recordsOfForm: UnsafePointer<Int32>
    let known: Double
    /// How many records have a name besides those that are counted.
    let asked: Double
    /// The column's place: words of several columns are told apart by it.
    let number: UInt64

    init(_ names: NameCells, number: Int, asked: Double = 0) {
        values = UnsafePointer(names.values.base)
        ends = UnsafePointer(names.ends.base)
        words = UnsafePointer(names.words.base)
        forms = UnsafePointer(names.forms.base)
        letters = UnsafePointer(names.letters.base)
        letterEnds = UnsafePointer(names.letterEnds.base)
        masks = UnsafePointer(names.masks.base)
        recordsOfFold = UnsafePointer(names.recordsOfFold.base)
        recordsOfForm = UnsafePointer(names.recordsOfForm.base)
        known = max(1, Double(names.known) + asked)
        self.asked = asked
        self.number = UInt64(number)
    }

    func range(_ value: Int32) -> Range<Int> { Int(ends[Int(value)])..<Int(ends[Int(value) + 1]) }

    func length(_ word: Int32) -> Int { Int(letterEnds[Int(word) + 1] - letterEnds[Int(word)]) }

    func letters(_ word: Int32) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: letters + Int(letterEnds[Int(word)]), count: length(word))
    }
}
