import Journal

/// A date of which only the year, or the year and month, may be known: `1957`, `1957-08`, `1957-08-17`.
public struct PartialDate: Sendable, Hashable {
    /// The year, 1 to 9999.
    public let year: Int
    /// The month, or nil where only the year is known.
    public let month: Int?
    /// The day of the month, or nil where it is not known.
    public let day: Int?

    /// A date written `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, or nil where the text is none or the calendar has no such date.
    public init?(_ text: some StringProtocol) {
        var copy = String(text)
        guard let date = copy.withUTF8({ PartialDate(UnsafeRawBufferPointer($0)) }) else { return nil }
        self = date
    }

    /// A date written so in UTF-8.
    public init?(_ text: UnsafeRawBufferPointer) {
        func number(_ start: Int, _ count: Int) -> Int? {
            var number = 0
            for index in start..<start + count {
                guard (0x30...0x39).contains(text[index]) else { return nil }
                number = number * 10 + Int(text[index] - 0x30)
            }
            return number
        }
        guard [4, 7, 10].contains(text.count), let year = number(0, 4) else { return nil }
        var (month, day): (Int?, Int?) = (nil, nil)
        if text.count >= 7 {
            guard text[4] == 0x2D, let found = number(5, 2) else { return nil }
            month = found
        }
        if text.count == 10 {
            guard text[7] == 0x2D, let found = number(8, 2) else { return nil }
            day = found
        }
        guard CalendarDate(year: year, month: month ?? 1, day: day ?? 1) != nil else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// The date, where all of it is known.
    public var date: CalendarDate? {
        guard let month, let day else { return nil }
        return CalendarDate(year: year, month: month, day: day)
    }

    /// Full years until a date, where they are certain whatever the missing parts are; nil where a birthday decides.
    public func years(until later: CalendarDate) -> Int? {
        guard
            let earliest = CalendarDate(year: year, month: month ?? 1, day: day ?? 1),
            let latest = CalendarDate(
                year: year, month: month ?? 12, day: day ?? CalendarDate.days(in: month ?? 12, of: year))
        else { return nil }
        let most = earliest.years(until: later)
        return most == latest.years(until: later) ? most : nil
    }
}

extension PartialDate {
    /// Whether a date is this one, as far as this one is known.
    public func agrees(with date: CalendarDate) -> Bool {
        let (year, month, day) = date.components
        return self.year == year && (self.month ?? month) == month && (self.day ?? day) == day
    }
}
