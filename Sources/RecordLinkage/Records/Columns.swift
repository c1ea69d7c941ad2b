/// Values that follow each other and are not changed any more, where reading one costs nothing but the read.
final class Cells<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
    // Written once, before anyone else can see it.
    let base: UnsafeMutablePointer<Element>
    let count: Int
    let capacity: Int

    /// - Parameter capacity: how many there is room for; whoever has the only way to the room behind the elements may write
    ///   there.
    init(_ elements: some Collection<Element>, capacity: Int = 0) {
        count = elements.count
        self.capacity = max(1, count, capacity)
        base = .allocate(capacity: self.capacity)
        var next = base
        for element in elements {
            next.initialize(to: element)
            next += 1
        }
    }

    deinit { base.deallocate() }

    subscript(_ index: Int) -> Element { base[index] }

    /// The first of them, also of what was written behind the elements, with room for more.
    func copy(_ used: Int, capacity: Int) -> Cells {
        Cells(UnsafeBufferPointer(start: base, count: used), capacity: capacity)
    }
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
            masks: Cells((0..<Int32(folded.count)).map { NameCells.mask(folded.bytes[folded.range($0)]) }),
            recordsOfFold: Cells(recordsOfFold), recordsOfForm: Cells(recordsOfForm), known: known)
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

    /// Which letters a word has, one bit for each of 32 kinds.
    static func mask(_ letters: some Sequence<UInt8>) -> UInt32 {
        letters.reduce(0) { $0 | 1 << UInt32($1 & 31) }
    }
}

/// Dates of records, as year × 512 + month × 32 + day; 0 where there is none, and month or day 0 where those are unknown.
struct DateColumn: Sendable {
    var values: [Int32] = []

    mutating func append(_ text: UnsafeRawBufferPointer) { values.append(Self.read(text)) }

    /// A date written `YYYY-MM-DD`, `YYYY-MM`, `YYYY` or `YYYYMMDD`, or `DD-MM-YYYY`; 0 where it is none. For the hyphen a slash or a
    /// full stop may stand. Where the middle one of three cannot be a month but the first can, the month stands first.
    static func read(_ text: UnsafeRawBufferPointer) -> Int32 {
        if let date = readDayFirst(text) { return date }
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
            return year << 9 | month << 5 | possible(day, month)
        }
        guard [4, 7, 10].contains(text.count), let year = number(0..<4), year > 0 else { return 0 }
        var (month, day): (Int32, Int32) = (0, 0)
        if text.count >= 7 {
            guard isSeparator(text[4]), let read = number(5..<7), (1...12).contains(read) else { return year << 9 }
            month = read
        }
        if text.count == 10 {
            guard isSeparator(text[7]), let read = number(8..<10), (1...31).contains(read) else {
                return year << 9 | month << 5
            }
            day = possible(read, month)
        }
        return year << 9 | month << 5 | day
    }

    /// A day, or 0 where no month of that number has it.
    private static func possible(_ day: Int32, _ month: Int32) -> Int32 {
        let most: Int32 = month == 2 ? 29 : [4, 6, 9, 11].contains(month) ? 30 : 31
        return (1...most).contains(day) ? day : 0
    }

    private static func isSeparator(_ byte: UInt8) -> Bool { byte == 0x2D || byte == 0x2F || byte == 0x2E }

    /// A date whose year of four digits stands last, day and month before it with one digit or two; nil where it is not written so.
    private static func readDayFirst(_ text: UnsafeRawBufferPointer) -> Int32? {
        guard (8...10).contains(text.count), isSeparator(text[text.count - 5]) else { return nil }
        var parts: [Int32] = [0, 0, 0]
        var (place, digits) = (0, 0)
        for byte in text {
            if isSeparator(byte) {
                guard digits > 0, digits <= 2, place < 2 else { return nil }
                (place, digits) = (place + 1, 0)
            } else {
                guard (0x30...0x39).contains(byte) else { return nil }
                parts[place] = parts[place] * 10 + Int32(byte - 0x30)
                digits += 1
            }
        }
        guard place == 2, digits == 4, parts[2] > 0 else { return nil }
        var (day, month) = (parts[0], parts[1])
        if month > 12, (1...12).contains(day) { (day, month) = (month, day) }
        guard (1...12).contains(month) else { return parts[2] << 9 }
        return parts[2] << 9 | month << 5 | possible(day, month)
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

    mutating func append(_ text: UnsafeRawBufferPointer) { values.append(Self.read(text)) }

    /// The digits of a text; 0 where they are fewer than three.
    static func read(_ text: UnsafeRawBufferPointer) -> UInt64 {
        var value: UInt64 = 0
        var digits = 0
        for byte in text where (0x30...0x39).contains(byte) && digits < 18 {
            value = value * 10 + UInt64(byte - 0x30)
            digits += 1
        }
        return digits < 3 ? 0 : number(digits, value)
    }

    /// The count of digits stands above the value, so that 012 and 12 differ.
    static func number(_ digits: Int, _ value: UInt64) -> UInt64 { UInt64(digits) << 59 | value }

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

    /// The date of a record that has a person's number too: what the number tells where the date is missing, or is one that
    /// stands for its year.
    ///
    /// - Parameter newest: the latest year of birth there is.
    static func date(_ own: Int32, _ number: UInt64, newest: Int32) -> Int32 {
        guard own == 0 || DateColumn.standsForYear(own), let read = birthDate(number, newest: newest),
            own == 0 || own >> 9 == read >> 9
        else { return own }
        return read
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
    /// The codes' texts.
    let texts: ByteInterner
    /// The larger regions' texts.
    let regions: ByteInterner
}

extension CodeColumn {
    func cells() -> CodeCells {
        var regions = ByteInterner()
        let larger = (0..<Int32(texts.count)).map { code -> Int32 in
            let text = texts.bytes[texts.range(code)]
            return text.count < 6 ? -1 : regions.intern(text.prefix(6))
        }
        return CodeCells(
            values: Cells(values), records: Cells(records), larger: Cells(larger), known: known, texts: texts,
            regions: regions)
    }
}

/// One field of all records.
enum RecordColumn: Sendable {
    case name(NameCells)
    case date(Cells<Int32>)
    case number(Cells<UInt64>)
    case code(CodeCells)
}
