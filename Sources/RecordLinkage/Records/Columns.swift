/// Values that follow each other and are not changed any more, where reading one costs nothing but the read.
final class Cells<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
    // Written once, before anyone else can see it.
    let base: UnsafeMutablePointer<Element>
    let count: Int

    init(_ elements: some Collection<Element>) {
        count = elements.count
        base = .allocate(capacity: max(1, count))
        var next = base
        for element in elements {
            next.initialize(to: element)
            next += 1
        }
    }

    deinit { base.deallocate() }

    subscript(_ index: Int) -> Element { base[index] }
}

/// Reads names of records: each different name once, as words, and each different word once.
struct NameColumn: Sendable {
    /// For each record the number of its name; -1 where it has none.
    var values: [Int32] = []
    /// Where each name's words end in ``words``.
    private(set) var ends: [Int32] = [0]
    /// The numbers of the names' words.
    private(set) var words: [Int32] = []
    /// For each name the number of its form: its words as they fold, in order of their numbers.
    private(set) var forms: [Int32] = []
    /// For each word its folded form's number.
    private(set) var folds: [Int32] = []
    /// The words as they fold.
    private(set) var folded = ByteInterner()

    private var raw = ByteInterner()
    private var interned = ByteInterner()
    private var formNumbers = ByteInterner()
    private let reader: NameReader

    init(_ reader: NameReader) { self.reader = reader }

    mutating func append(_ text: UnsafeRawBufferPointer) {
        let seen = raw.count
        let number = raw.intern(text)
        if raw.count > seen { add(text) }
        values.append(ends[Int(number) + 1] > ends[Int(number)] ? number : -1)
    }

    /// The numbers of a name's words.
    func range(_ value: Int32) -> Range<Int> { Int(ends[Int(value)])..<Int(ends[Int(value) + 1]) }

    private mutating func add(_ text: UnsafeRawBufferPointer) {
        var own: [Int32] = []
        for word in reader.words(of: text) {
            let seen = interned.count
            let number = interned.intern(word)
            if interned.count > seen { folds.append(folded.intern(reader.folded(word))) }
            words.append(number)
            own.append(folds[Int(number)])
        }
        ends.append(Int32(words.count))
        own.sort()
        forms.append(own.withUnsafeBytes { formNumbers.intern($0) })
    }

    /// The names, with how many records have what.
    func cells() -> NameCells {
        var recordsOfFold = [Int32](repeating: 0, count: folded.count)
        var recordsOfForm = [Int32](repeating: 0, count: formNumbers.count)
        var known = 0
        for value in values where value >= 0 {
            known += 1
            recordsOfForm[Int(forms[Int(value)])] += 1
            let own = words[range(value)]
            for (place, word) in own.enumerated() {
                let fold = folds[Int(word)]
                // A word that stands twice counts once.
                if own.prefix(place).contains(where: { folds[Int($0)] == fold }) { continue }
                recordsOfFold[Int(fold)] += 1
            }
        }
        return NameCells(
            values: Cells(values), ends: Cells(ends), words: Cells(words.map { folds[Int($0)] }), forms: Cells(forms),
            letters: Cells(folded.bytes), letterEnds: Cells([0] + folded.ends.map { Int32($0) }),
            masks: Cells((0..<Int32(folded.count)).map { Self.mask(folded.bytes[folded.range($0)]) }),
            recordsOfFold: Cells(recordsOfFold), recordsOfForm: Cells(recordsOfForm), known: known)
    }

    /// Which letters a word has, one bit for each of 32 kinds.
    private static func mask(_ letters: ArraySlice<UInt8>) -> UInt32 {
        letters.reduce(0) { $0 | 1 << UInt32($1 & 31) }
    }
}

/// Names of records: of each its words, as they fold.
struct NameCells: Sendable {
    /// For each record the number of its name; -1 where it has none.
    let values: Cells<Int32>
    /// Where each name's words begin in ``words``; one more than there are names.
    let ends: Cells<Int32>
    /// The words' numbers, name by name.
    let words: Cells<Int32>
    /// For each name the number of its form: its words in order of their numbers.
    let forms: Cells<Int32>
    /// The words' letters.
    let letters: Cells<UInt8>
    /// Where each word begins in ``letters``; one more than there are words.
    let letterEnds: Cells<Int32>
    /// Which letters each word has.
    let masks: Cells<UInt32>
    /// How many records have each word.
    let recordsOfFold: Cells<Int32>
    /// How many records have each name, by its form.
    let recordsOfForm: Cells<Int32>
    /// How many records have a name.
    let known: Int

    /// The words of a name, as places in ``words``.
    func range(_ value: Int32) -> Range<Int> { Int(ends[Int(value)])..<Int(ends[Int(value) + 1]) }

    /// The letters of a word.
    func letters(_ word: Int32) -> UnsafeRawBufferPointer {
        let (start, end) = (Int(letterEnds[Int(word)]), Int(letterEnds[Int(word) + 1]))
        return UnsafeRawBufferPointer(start: letters.base + start, count: end - start)
    }
}

/// Dates of records, as year × 512 + month × 32 + day; 0 where there is none, and month or day 0 where those are unknown.
struct DateColumn: Sendable {
    var values: [Int32] = []

    mutating func append(_ text: UnsafeRawBufferPointer) { values.append(Self.read(text)) }

    /// A date written `YYYY-MM-DD`, `YYYY-MM`, `YYYY` or `YYYYMMDD`; 0 where it is none.
    static func read(_ text: UnsafeRawBufferPointer) -> Int32 {
        func number(_ range: Range<Int>) -> Int32? {
            var value: Int32 = 0
            for index in range {
                guard (0x30...0x39).contains(text[index]) else { return nil }
                value = value * 10 + Int32(text[index] - 0x30)
            }
            return value
        }
        // Without hyphens: YYYYMMDD.
        if text.count == 8, let year = number(0..<4), let month = number(4..<6), let day = number(6..<8) {
            guard year > 0, (1...12).contains(month), (1...31).contains(day) else { return 0 }
            return year << 9 | month << 5 | day
        }
        guard [4, 7, 10].contains(text.count), let year = number(0..<4), year > 0 else { return 0 }
        var (month, day): (Int32, Int32) = (0, 0)
        if text.count >= 7 {
            guard text[4] == 0x2D, let read = number(5..<7), (1...12).contains(read) else { return year << 9 }
            month = read
        }
        if text.count == 10 {
            guard text[7] == 0x2D, let read = number(8..<10), (1...31).contains(read) else {
                return year << 9 | month << 5
            }
            day = read
        }
        return year << 9 | month << 5 | day
    }

    static func parts(_ date: Int32) -> (year: Int32, month: Int32, day: Int32) {
        (date >> 9, date >> 5 & 15, date & 31)
    }

    /// Whether a date is one that is written where only the year is known.
    static func standsForYear(_ date: Int32) -> Bool {
        let (_, month, day) = parts(date)
        return day == 0 || month == 0 || day == 1 && (month == 1 || month == 7) || day == 31 && month == 12
    }

    /// The same for a date and for the one with day and month exchanged.
    static func unordered(_ date: Int32) -> Int32 {
        let (year, month, day) = parts(date)
        return year << 10 | min(month, day) << 5 | max(month, day)
    }
}

/// Numbers of up to 18 digits, with how many they have: 0 where there is none.
struct NumberColumn: Sendable {
    var values: [UInt64] = []

    mutating func append(_ text: UnsafeRawBufferPointer) {
        var value: UInt64 = 0
        var digits: UInt64 = 0
        for byte in text where (0x30...0x39).contains(byte) && digits < 18 {
            value = value * 10 + UInt64(byte - 0x30)
            digits += 1
        }
        // The count of digits stands above the value, so that 012 and 12 differ.
        values.append(digits < 3 ? 0 : digits << 59 | value)
    }

    /// Takes numbers that more records have than a person can, such as 9999999999999999, for none.
    ///
    /// - Parameter most: how many records may have one.
    mutating func finish(most: Int) {
        var records: [UInt64: Int32] = [:]
        for value in values where value != 0 { records[value, default: 0] += 1 }
        let many = Set(records.filter { Int($0.value) > most }.keys)
        guard !many.isEmpty else { return }
        for record in values.indices where many.contains(values[record]) { values[record] = 0 }
    }

    static func digits(_ number: UInt64) -> Int { Int(number >> 59) }
    static func value(_ number: UInt64) -> UInt64 { number & (1 << 59 - 1) }
}

/// A person's number of 16 digits: six of a region, six of the birth date (the day plus 40 for women), four serial.
enum PersonNumber {
    /// The parts; nil where it is none.
    static func parts(_ number: UInt64) -> (region: UInt32, date: UInt32, serial: UInt32)? {
        guard NumberColumn.digits(number) == 16 else { return nil }
        let value = NumberColumn.value(number)
        return (
            UInt32(value / 10_000_000_000), UInt32(value / 10_000 % 1_000_000), UInt32(value % 10_000)
        )
    }
}

extension PersonNumber {
    /// The birth date in a number of 16 digits; nil where it has none.
    ///
    /// - Parameter newest: the latest year of birth there is: it decides between two centuries.
    static func birthDate(_ number: UInt64, newest: Int32) -> Int32? {
        guard let (_, date, _) = parts(number) else { return nil }
        let day = Int32(date / 10_000) % 40
        let (month, short) = (Int32(date / 100 % 100), Int32(date % 100))
        guard (1...31).contains(day), (1...12).contains(month), date / 10_000 <= 71 else { return nil }
        let century = newest / 100 * 100
        let year = century + short > newest ? century - 100 + short : century + short
        return year << 9 | month << 5 | day
    }
}

/// Codes or words of records, each different one once: -1 where there is none.
struct CodeColumn: Sendable {
    var values: [Int32] = []
    private(set) var texts = ByteInterner()
    private(set) var records: [Int32] = []
    private(set) var known = 0

    mutating func append(_ text: UnsafeRawBufferPointer) {
        guard !text.isEmpty else { return values.append(-1) }
        let number = texts.intern(text)
        if Int(number) == records.count { records.append(0) }
        records[Int(number)] += 1
        known += 1
        values.append(number)
    }
}

/// Codes or words of records.
struct CodeCells: Sendable {
    /// For each record the number of its code; -1 where it has none.
    let values: Cells<Int32>
    /// How many records have each code.
    let records: Cells<Int32>
    /// For each code the number of the larger region that its first six characters name; -1 where it is shorter.
    let larger: Cells<Int32>
    /// How many records have a code.
    let known: Int
    /// The codes' texts, one after the other.
    let letters: Cells<UInt8>
    /// Where each code's text ends in ``letters``.
    let letterEnds: Cells<Int32>
}

extension CodeColumn {
    func cells() -> CodeCells {
        var regions = ByteInterner()
        let larger = (0..<Int32(texts.count)).map { code -> Int32 in
            let text = texts.bytes[texts.range(code)]
            return text.count < 6 ? -1 : regions.intern(text.prefix(6))
        }
        return CodeCells(
            values: Cells(values), records: Cells(records), larger: Cells(larger), known: known,
            letters: Cells(texts.bytes), letterEnds: Cells(texts.ends.map { Int32($0) }))
    }
}

/// One field of all records.
enum RecordColumn: Sendable {
    case name(NameCells)
    case date(Cells<Int32>)
    case number(Cells<UInt64>)
    case code(CodeCells)
}
