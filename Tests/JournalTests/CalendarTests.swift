import Journal
import TestSupport
import Testing

@Suite("Calendar dates")
struct CalendarDateTests {
    @Test("are printed as they are read, on every day of ten thousand years")
    func roundTrip() throws {
        var generator = SeededGenerator(seed: 1)
        let first = try #require(CalendarDate(year: 1, month: 1, day: 1))
        let last = try #require(CalendarDate(year: 9999, month: 12, day: 31))
        let days =
            [first.day, last.day, -1, 0, 1]
            + (0..<2000).map { _ in
                Int.random(in: first.day...last.day, using: &generator)
            }
        for day in days {
            let date = CalendarDate(day: day)
            let (year, month, dayOfMonth) = date.components
            #expect(CalendarDate(date.description) == date)
            #expect(CalendarDate(year: year, month: month, day: dayOfMonth) == date)
            #expect(date.description.utf8.count == 10)
            // The day after is the next of the month, or the first of the next month.
            let next = CalendarDate(day: day + 1).components
            let isLast = dayOfMonth == CalendarDate.days(in: month, of: year)
            #expect(next.day == (isLast ? 1 : dayOfMonth + 1))
            #expect(next.month == (isLast ? month % 12 + 1 : month))
            #expect(next.year == (isLast && month == 12 ? year + 1 : year))
        }
    }

    @Test("count from 1970")
    func epoch() {
        #expect(CalendarDate("1970-01-01")?.day == 0)
        #expect(CalendarDate("1969-12-31")?.day == -1)
        #expect(CalendarDate("2000-03-01")?.day == 11_017)
        #expect(CalendarDate("2025-10-15")?.day == 20_376)
        #expect(CalendarDate(day: 20_376).description == "2025-10-15")
        #expect(CalendarDate(day: 0) < CalendarDate(day: 1))
    }

    @Test(
        "are refused where the calendar has no such day, or the text is not YYYY-MM-DD",
        arguments: [
            "2023-02-29", "1900-02-29", "2000-02-30", "2000-13-01", "2000-00-10", "2000-04-31", "2000-01-00",
            "0000-01-01", "2000-1-01", "2000/01/01", "01-01-2000", "20000-01-01", " 2000-01-01", "2000-01-01 ",
            "2000-01-0a", "-200-01-01", "+200-01-01", "2000-01--1", "２０００-01-01", "2000-01", "",
        ])
    func refused(text: String) {
        #expect(CalendarDate(text) == nil)
    }

    @Test(
        "have 29 February in leap years alone", arguments: [(2000, true), (2024, true), (1900, false), (2025, false)])
    func leapYears(year: Int, isLeap: Bool) {
        #expect((CalendarDate(year: year, month: 2, day: 29) != nil) == isLeap)
        #expect(CalendarDate.days(in: 2, of: year) == (isLeap ? 29 : 28))
    }

    @Test(
        "give an age in full years; who is born on 29 February has the birthday on 1 March in other years",
        arguments: [
            ("1980-06-15", "2025-06-14", 44), ("1980-06-15", "2025-06-15", 45), ("1980-06-15", "1980-06-15", 0),
            ("2004-02-29", "2021-02-28", 16), ("2004-02-29", "2021-03-01", 17), ("2004-02-29", "2024-02-28", 19),
            ("2004-02-29", "2024-02-29", 20), ("2004-03-01", "2024-02-29", 19), ("2004-12-31", "2025-01-01", 20),
            ("2025-06-15", "2025-06-14", -1),
        ])
    func ages(born: String, on: String, age: Int) throws {
        let from = try #require(CalendarDate(born))
        #expect(from.years(until: try #require(CalendarDate(on))) == age)
    }
}

@Suite("Moments")
struct MomentTests {
    @Test("are printed as they are read, to the microsecond")
    func roundTrip() throws {
        var generator = SeededGenerator(seed: 2)
        let first = try #require(Moment("1900-01-01T00:00:00Z")).microseconds
        let last = try #require(Moment("2199-12-31T23:59:59.999999Z")).microseconds
        let moments =
            [0, -1, 1, 999_999, 1_000_000, first, last]
            + (0..<1000).map { _ in
                Int64.random(in: first...last, using: &generator)
            }
        for microseconds in moments {
            let moment = Moment(microseconds: microseconds)
            #expect(Moment(moment.description) == moment, "\(moment)")
        }
    }

    @Test("are RFC 3339 in UTC")
    func description() {
        #expect(Moment(microseconds: 0).description == "1970-01-01T00:00:00.000000Z")
        #expect(Moment(microseconds: -1).description == "1969-12-31T23:59:59.999999Z")
        #expect(Moment(microseconds: 1_760_497_445_000_006).description == "2025-10-15T03:04:05.000006Z")
    }

    @Test(
        "are read with and without a fraction or an offset",
        arguments: [
            ("2025-10-15T03:04:05Z", "2025-10-15T03:04:05.000000Z"),
            ("2025-10-15T03:04:05.5Z", "2025-10-15T03:04:05.500000Z"),
            ("2025-10-15T10:04:05+07:00", "2025-10-15T03:04:05.000000Z"),
            ("2025-10-15T10:04:05.25+07:00", "2025-10-15T03:04:05.250000Z"),
            ("2025-10-14T22:04:05-05:00", "2025-10-15T03:04:05.000000Z"),
            ("2025-10-15", "2025-10-15T23:59:59.999999Z"),
        ])
    func reading(text: String, moment: String) {
        #expect(Moment(text)?.description == moment)
    }

    @Test(
        "are refused where the text is none",
        arguments: [
            "", "now", "2025-02-29", "2025-13-01T00:00:00Z", "2025-10-15T25:00:00Z", "2025-10-15T03:04:05", "2025",
        ])
    func refused(text: String) {
        #expect(Moment(text) == nil)
    }

    @Test("lie on the calendar day of the region's clock")
    func zones() {
        let evening = Moment(microseconds: (20_376 * 24 + 18) * 3_600_000_000)
        #expect(evening.date(hoursEast: 0).description == "2025-10-15")
        #expect(evening.date(hoursEast: 7).description == "2025-10-16")
        #expect(Moment(microseconds: -1).date(hoursEast: 0).description == "1969-12-31")
        #expect(Moment(microseconds: 0).date(hoursEast: -1).description == "1969-12-31")
    }
}
