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
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let lengths = [4, 2, 2]
        guard (1...3).contains(parts.count) else { return nil }
        var numbers: [Int] = []
        for (part, length) in zip(parts, lengths) {
            guard part.utf8.count == length, part.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(part)
            else { return nil }
            numbers.append(number)
        }
        let month = numbers.count > 1 ? numbers[1] : nil
        let day = numbers.count > 2 ? numbers[2] : nil
        guard CalendarDate(year: numbers[0], month: month ?? 1, day: day ?? 1) != nil else { return nil }
        self.year = numbers[0]
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
