import Journal
import Testing

@testable import Registry

@Suite("A NIK")
struct NIKTests {
    private func flaw(_ text: String, madeUp: Bool = true) -> NIK.Flaw? {
        if case .invalid(let flaw) = NIK.assess(text, madeUp: madeUp) { flaw } else { nil }
    }

    @Test("has 16 digits, a birth date and a serial")
    func valid() {
        for text in [
            "3510161705800001", "3510165705800001", "3510162902000001", "3510164101990001", "3510167112999999",
            "3599010101010001",
        ] {
            guard case .valid(let nik) = NIK.assess(text, madeUp: true) else {
                Issue.record("\(text) was refused")
                continue
            }
            #expect(nik.digits == text)
        }
    }

    @Test(
        "is refused for what is wrong with it",
        arguments: [
            ("", NIK.Flaw.length), ("351016170580001", .length), ("35101617058000011", .length),
            ("351016170580000A", .notDigits), ("3510 61705800001", .notDigits), ("-510161705800001", .notDigits),
            ("３5101617058000", .notDigits),
            ("3510160005800001", .birthDate), ("3510163205800001", .birthDate), ("3510164005800001", .birthDate),
            ("3510167205800001", .birthDate), ("3510161700800001", .birthDate),
            ("3510161713800001", .birthDate), ("3510163002800001", .birthDate), ("3510167104800001", .birthDate),
            ("3510161705800000", .serial),
        ])
    func flaws(text: String, flaw expected: NIK.Flaw) {
        #expect(flaw(text) == expected)
        #expect(!expected.description.isEmpty)
    }

    @Test("that is made up is refused outside a demonstration")
    func madeUp() {
        #expect(flaw("3599011705800001", madeUp: false) == .madeUp)
        #expect(flaw("3599011705800001", madeUp: true) == nil)
        #expect(flaw("3510161705800001", madeUp: false) == nil)
    }

    @Test("of a regency that does not exist is suspicious, and no more")
    func suspicious() {
        guard case .suspicious(let nik, .unknownRegency) = NIK.assess("3577161705800001", regencies: { $0 == "3510" })
        else {
            Issue.record("not suspicious")
            return
        }
        #expect(nik.digits == "3577161705800001")
        if case .valid = NIK.assess("3510161705800001", regencies: { $0 == "3510" }) {} else { Issue.record("refused") }
        if case .valid = NIK.assess("3599161705800001", regencies: { $0 == "3510" }, madeUp: true) {
        } else {
            Issue.record("a made-up number is not suspicious in a demonstration")
        }
    }

    @Test("hints at sex and birth date, and is shown without its middle")
    func hints() throws {
        guard case .valid(let woman) = NIK.assess("3510165705800001"),
            case .valid(let man) = NIK.assess("3510161705800009")
        else {
            Issue.record("refused")
            return
        }
        #expect(woman.hintedSex == "female")
        #expect(man.hintedSex == "male")
        #expect(woman.fits(birthDate: Fixture.day("1980-05-17")))
        #expect(man.fits(birthDate: Fixture.day("1980-05-17")))
        #expect(!woman.fits(birthDate: Fixture.day("1980-05-18")))
        #expect(!woman.fits(birthDate: Fixture.day("1980-06-17")))
        #expect(!woman.fits(birthDate: Fixture.day("1981-05-17")))
        #expect(woman.masked == "3510********0001")
    }
}

@Suite("A family number")
struct FamilyNumberTests {
    @Test("has 16 digits and a date, and is shown without its middle")
    func parse() throws {
        let number = try FamilyNumber.parse("3510161705800001").get()
        #expect(number.digits == "3510161705800001")
        #expect(number.masked == "3510********0001")
        #expect(try FamilyNumber.parse("3599011705800001", madeUp: true).get().digits == "3599011705800001")
    }

    @Test("is refused for what is wrong with it")
    func flaws() {
        let flaws: [(String, NIK.Flaw)] = [
            ("351016", .length), ("35101617058000AA", .notDigits), ("3510163213800001", .birthDate),
            ("3510161705800000", .serial), ("3599011705800001", .madeUp),
        ]
        for (text, flaw) in flaws { #expect(FamilyNumber.parse(text) == .failure(flaw)) }
    }
}

@Suite("A region code")
struct RegionCodeTests {
    @Test("has all its dots or none, and tells its level")
    func levels() {
        let codes: [(String, String, RegionCode.Level)] = [
            ("35", "35", .province), ("3510", "35.10", .regency), ("351016", "35.10.16", .district),
            ("3510161007", "35.10.16.1007", .village),
        ]
        for (plain, dotted, level) in codes {
            #expect(RegionCode(plain)?.text == dotted)
            #expect(RegionCode(dotted)?.text == dotted)
            #expect(RegionCode(dotted)?.level == level)
            #expect(RegionCode(plain) == RegionCode(dotted))
        }
    }

    @Test(
        "is refused where the text is none",
        arguments: [
            "", "3", "351", "35.1", "35.1016", "3510.16", "35..10", ".35", "35.", "35.10.", "35.10.16.", "35.10.16.100",
            "35.10.16.10071", "35.10.16.10.07", "35,10", "35 10", "Banyuwangi", "３５",
        ])
    func refused(text: String) {
        #expect(RegionCode(text) == nil)
    }

    @Test("lies in its ancestors, and in nothing smaller than itself")
    func ancestors() throws {
        let village = try #require(RegionCode("35.10.16.1007"))
        #expect(
            RegionCode.Level.allCases.map { village.ancestor($0)?.text } == [
                "35", "35.10", "35.10.16", "35.10.16.1007",
            ])
        let regency = try #require(RegionCode("35.10"))
        #expect(RegionCode.Level.allCases.map { regency.ancestor($0)?.text } == ["35", "35.10", nil, nil])
        #expect(regency < village)
    }
}

@Suite("An amount in rupiah")
struct RupiahTests {
    @Test("is written with a dot before every three digits")
    func description() {
        let texts: [(Int64, String)] = [
            (0, "Rp0"), (7, "Rp7"), (999, "Rp999"), (1000, "Rp1.000"), (2_075_000, "Rp2.075.000"),
            (-1_234_567, "-Rp1.234.567"), (.max, "Rp9.223.372.036.854.775.807"), (.min, "-Rp9.223.372.036.854.775.808"),
        ]
        for (amount, text) in texts { #expect(Rupiah(amount).description == text) }
    }

    @Test("is added as long as the sum can be counted")
    func adding() {
        #expect(Rupiah(1).adding(Rupiah(2)) == Rupiah(3))
        #expect(Rupiah(.max).adding(Rupiah(1)) == nil)
        #expect(Rupiah(.min).adding(Rupiah(-1)) == nil)
        #expect(Rupiah(.max).adding(Rupiah(0)) == Rupiah(.max))
        #expect(Rupiah(1) < Rupiah(2))
    }
}

@Suite("A date of which a part may be unknown")
struct PartialDateTests {
    @Test("is a year, a month or a day that the calendar has")
    func parsing() {
        #expect(PartialDate("1957")?.month == nil)
        #expect(PartialDate("1957-08")?.month == 8)
        #expect(PartialDate("1957-08-17")?.date == Fixture.day("1957-08-17"))
        #expect(PartialDate("1957-08")?.date == nil)
        for text in [
            "", "57", "1957-8", "1957-13", "1957-00", "1957-02-29", "1957-08-1", "1957-", "-1957", "1957-08-17-01",
            "0000", "19 7", "1957-0a",
        ] {
            #expect(PartialDate(text) == nil, "\(text)")
        }
    }

    @Test(
        "tells an age where every day that it may be gives the same, and none where a birthday decides",
        arguments: [
            ("1957-08-17", "2025-08-16", 67), ("1957-08-17", "2025-08-17", 68), ("1957-08", "2025-07-31", 67),
            ("1957-08", "2025-08-01", nil), ("1957-08", "2025-08-31", 68), ("1957-08", "2025-08-30", nil),
            ("1957", "2025-06-01", nil), ("1957", "2025-12-31", 68), ("1957", "2025-01-01", nil),
            ("1957", "2024-12-31", 67), ("2004-02", "2024-02-29", 20), ("2004-02", "2021-02-28", nil),
            ("2004-02", "2021-03-01", 17),
        ] as [(String, String, Int?)])
    func years(born: String, on: String, years: Int?) throws {
        #expect(try #require(PartialDate(born)).years(until: Fixture.day(on)) == years)
    }

    @Test("agrees with a date as far as it is known")
    func agreement() throws {
        let date = Fixture.day("1957-08-17")
        for text in ["1957", "1957-08", "1957-08-17"] { #expect(try #require(PartialDate(text)).agrees(with: date)) }
        for text in ["1958", "1957-09", "1957-08-18"] { #expect(try !#require(PartialDate(text)).agrees(with: date)) }
    }
}
