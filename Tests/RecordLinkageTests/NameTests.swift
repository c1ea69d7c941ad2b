import Testing

@testable import RecordLinkage

@Suite("A name")
struct NameTests {
    private static let equivalents = NameEquivalents(
        titles: ["H", "HJ", "SPD", "SH"], patronymics: ["BIN", "BINTI"], words: ["MOH": "MUHAMMAD", "M": "MUHAMMAD"],
        spellings: [("OE", "U"), ("DJ", "J"), ("TJ", "C"), ("Y", "I"), ("H", "")], joinsDoubledLetters: true)

    private static func words(_ name: String) -> [String] {
        Array(name.utf8).withUnsafeBytes { NameReader(equivalents).words(of: $0) }.map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    @Test(
        "is read into its words, without titles, degrees and the father's name",
        arguments: [
            ("H. Ahmad Fauzi, S.Pd", ["AHMAD", "FAUZI"]), ("hj.siti  rahma", ["SITI", "RAHMA"]),
            ("Ma'ruf S.Pd", ["MARUF"]), ("MOH. ARIF", ["MUHAMMAD", "ARIF"]), ("M.Arif", ["MUHAMMAD", "ARIF"]),
            ("Siti binti Abdul", ["SITI"]), ("Bin Laden", ["BIN", "LADEN"]), ("H.", ["H"]), ("", []), ("  -- ", []),
            ("I Putu Artana S.H.", ["I", "PUTU", "ARTANA"]), ("A,B,C", ["A"]), ("José", ["JOS\u{C3}\u{A9}"]),
        ])
    func reading(name: String, words: [String]) {
        let bytes = words.map { $0.contains("\u{C3}") ? "JOS" : $0 }
        #expect(Self.words(name).map { $0.hasPrefix("JOS") ? "JOS" : $0 } == bytes, "\(name)")
    }

    @Test(
        "has one form in all its spellings",
        arguments: [
            ("SOEKARNO", "SUKARNO"), ("DJOKO", "JOKO"), ("TJITRO", "CITRO"), ("LUTHFI", "LUTFI"), ("ANNISA", "ANISA"),
        ])
    func folding(old: String, new: String) {
        let reader = NameReader(Self.equivalents)
        #expect(reader.folded(Array(old.utf8)) == reader.folded(Array(new.utf8)))
    }

    @Test("of ten thousand letters, of emoji or of bytes that are no text is bounded work and no crash")
    func hostile() {
        let long = String(repeating: "A", count: 10_000)
        #expect(Self.words(long) == [String(repeating: "A", count: NameReader.longest)])
        #expect(Self.words(String(repeating: "AB ", count: 5_000)).count <= NameReader.most)
        #expect(Self.words("👩‍👩‍👧 Siti").last == "SITI")
        #expect(Self.words("e\u{301}\u{301}\u{301}").count == 1)
        let broken: [UInt8] = [0xFF, 0xC0, 0x41, 0x00, 0x80]
        #expect(!broken.withUnsafeBytes { NameReader(Self.equivalents).words(of: $0) }.isEmpty)
    }

    /// Compares two names in a table of them.
    static func level(_ left: String, _ right: String) -> NameLevel? {
        var settings = LinkageSettings(id: "id", fields: [.init(name: "name", kind: .name)], blocking: [])
        settings.equivalents = equivalents
        var builder = RecordTableBuilder(settings)
        builder.append(id: "1", [left])
        builder.append(id: "2", [right])
        var comparer = RecordComparer(builder.finish())
        let (one, other) = (comparer.level(0, 0, 1), comparer.level(0, 1, 0))
        #expect(one == other, "\(left) and \(right) compare the same either way")
        return NameLevel(rawValue: one)
    }

    @Test(
        "compares word by word",
        arguments: [
            ("SITI RAHMA", "Rahma Siti", .equal), ("H. MOH ARIF", "Muhammad Arif", .equal),
            ("SITI RAHMAWATI", "SITI RAHMAWTI", .typos), ("SITI RAHMAWATI", "SITI R.", .shortened),
            ("KIRANA PUSPITASARI", "PUSPITASARI", .shortened), ("KIRANA PUSPITASARI", "PUSPITOSARI", .shortenedTypos),
            ("ISMAIL LATIF", "ISMAIL KARIM", .sharesWord), ("ISMAIL LATIF", "MUNIR KARIM", .different),
            ("TUTIK", "TUTIK", .equal), ("WAGIMAN", "WAGIMIN", .typos), ("SRI", "DWI", .different),
            ("", "SITI", nil),
        ] as [(String, String, NameLevel?)])
    func comparing(left: String, right: String, level: NameLevel?) {
        #expect(Self.level(left, right) == level, "\(left) and \(right)")
    }
}

@Suite("Dates and numbers")
struct LevelTests {
    private static func date(_ text: String) -> Int32 { Array(text.utf8).withUnsafeBytes { DateColumn.read($0) } }

    @Test(
        "dates compare by what can go wrong with them",
        arguments: [
            ("1980-05-17", "1980-05-17", .equal), ("1980-01-01", "1980-01-01", .standing),
            ("1980-05-07", "1980-07-05", .unordered), ("1980-05-17", "1980-05-18", .oneDigit),
            ("1980-05-17", "1980-05-28", .twoParts), ("1980-05-17", "1980-01-01", .yearOnly),
            ("1980", "1980-05-17", .yearOnly),
            ("1980-05-17", "1980-06-23", .year), ("1980-05-17", "1971-05-17", .twoParts),
            ("1980-05-17", "1980-05-71", .yearOnly),
            ("1980-05-17", "1991-08-02", .different), ("1967-05-17", "1976-05-17", .oneDigit),
            ("19800517", "1980-05-17", .equal), ("17/05/1980", "1980-05-17", .equal),
            ("17-5-1980", "1980.05.17", .equal), ("05/17/1980", "1980-05-17", .equal),
            ("7/5/1980", "1980-05-07", .equal), ("07/05/1980", "1980-07-05", .unordered),
            ("31-02-1980", "1980-02", .standing), ("2999-02-31", "2999-12-31", .yearOnly),
        ] as [(String, String, DateLevel)])
    func dates(left: String, right: String, level: DateLevel) {
        #expect(DateLevel.compare(Self.date(left), Self.date(right)) == level)
        #expect(DateLevel.compare(Self.date(right), Self.date(left)) == level)
    }

    @Test(
        "what is no date is none",
        arguments: [
            "", "0000-01-01", "hari ini", "1980-13-01", "99", "1980/13/17", "198O", "17//1980", "1/2/3/1980",
            "00-00-0000", "99/99/1980",
        ])
    func noDates(text: String) {
        let date = Self.date(text)
        #expect(date == 0 || DateColumn.standsForYear(date), "\(text)")
    }

    private static func number(_ text: String) -> UInt64 {
        var column = NumberColumn()
        Array(text.utf8).withUnsafeBytes { column.append($0) }
        return column.values[0]
    }

    @Test(
        "numbers of persons compare by their parts",
        arguments: [
            ("3599011705800001", "3599011705800001", .equal), ("3599011705800001", "3599011705800002", .oneEdit),
            ("3599011705800001", "3599011075800001", .oneEdit), ("3599011705800001", "3599021705800001", .oneEdit),
            ("3599011705800001", "3579031705800001", .tail), ("3599011705800001", "3599011705800013", .head),
            ("3599011705800001", "3577031705800023", .date), ("3599011705800001", "3599012705810001", .twoEdits),
            ("3599011705800001", "3512223344550066", .different), ("3599011705800001", "359901170580000", .different),
        ] as [(String, String, NumberLevel)])
    func numbers(left: String, right: String, level: NumberLevel) {
        #expect(NumberLevel.compare(Self.number(left), Self.number(right)) == level)
        #expect(NumberLevel.compare(Self.number(right), Self.number(left)) == level)
    }

    @Test(
        "a telephone number may lack digits",
        arguments: [
            ("081234567890", "081234567890", 2), ("081234567890", "08123456789", 1), ("081234567890", "0812345678", 1),
            ("081234567890", "08134567890", 1), ("081234567890", "081234567891", 1),
            ("081234567890", "081299997890", 0),
            ("081234567890", "0812", 0),
        ] as [(String, String, UInt8)])
    func phones(left: String, right: String, level: UInt8) {
        #expect(NumberLevel.phone(Self.number(left), Self.number(right)) == level)
        #expect(NumberLevel.phone(Self.number(right), Self.number(left)) == level)
    }

    @Test("a number tells a birth date in the century that has been")
    func birthDates() {
        #expect(PersonNumber.birthDate(Self.number("3599015705800001"), newest: 2025) == Self.date("1980-05-17"))
        #expect(PersonNumber.birthDate(Self.number("3599011705240001"), newest: 2025) == Self.date("2024-05-17"))
        #expect(PersonNumber.birthDate(Self.number("3599013905240001"), newest: 2025) == nil)
        #expect(PersonNumber.birthDate(Self.number("3599019999990001"), newest: 2025) == nil)
        #expect(PersonNumber.birthDate(Self.number("12345"), newest: 2025) == nil)
    }
}
