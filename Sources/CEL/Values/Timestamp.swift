/// A moment, in UTC, to the nanosecond, between the years 1 and 9999.
public struct Timestamp: Hashable, Sendable, Comparable {
    /// Whole seconds since 1970-01-01T00:00:00Z, negative before.
    public let seconds: Int64
    /// Nanoseconds after that second, 0 to 999,999,999.
    public let nanoseconds: Int32

    static let secondsRange: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

    /// A moment, or nil where it lies outside the years 1 to 9999 or the nanoseconds are no part of a second.
    public init?(seconds: Int64, nanoseconds: Int32 = 0) {
        guard Self.secondsRange.contains(seconds), (0..<1_000_000_000).contains(nanoseconds) else { return nil }
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// A calendar date's first moment in UTC, or nil where there is no such date.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month),
            (1...CivilDate.days(inMonth: month, of: year)).contains(day)
        else { return nil }
        self.init(seconds: Int64(CivilDate(year: year, month: month, day: day).daysSinceEpoch) * 86_400)
    }

    /// A moment as RFC 3339 writes it, with `Z` or an offset, and up to nine digits of a second.
    public init?(_ text: String) {
        var reader = DigitReader(text)
        guard let year = reader.number(digits: 4), reader.take("-"), let month = reader.number(digits: 2),
            reader.take("-"), let day = reader.number(digits: 2), reader.take("T") || reader.take("t"),
            let hour = reader.number(digits: 2), reader.take(":"), let minute = reader.number(digits: 2),
            reader.take(":"), let second = reader.number(digits: 2), hour < 24, minute < 60, second < 60,
            let midnight = Timestamp(year: year, month: month, day: day)
        else { return nil }
        var nanoseconds = 0
        if reader.take(".") {
            guard let fraction = reader.fraction(digits: 9) else { return nil }
            nanoseconds = fraction
        }
        guard let offset = reader.offset(), reader.isAtEnd else { return nil }
        self.init(
            seconds: midnight.seconds + Int64(hour * 3600 + minute * 60 + second - offset),
            nanoseconds: Int32(nanoseconds))
    }

    /// Whether a moment is earlier than another.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }

    /// The moment that a duration's whole nanoseconds lead to, or nil beyond the years 1 to 9999.
    func adding(nanoseconds span: Int64) -> Timestamp? {
        let (seconds, rest) = span.quotientAndRemainderFloored(by: 1_000_000_000)
        let total = Int64(nanoseconds) + rest
        let carry = total / 1_000_000_000
        return Timestamp(seconds: self.seconds + seconds + carry, nanoseconds: Int32(total - carry * 1_000_000_000))
    }

    /// The nanoseconds from another moment to this one, or nil where 64 bits do not hold them.
    func nanoseconds(since other: Timestamp) -> Int64? {
        let (product, overflow) = (seconds - other.seconds).multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflowOfSum) = product.addingReportingOverflow(Int64(nanoseconds - other.nanoseconds))
        return overflow || overflowOfSum ? nil : sum
    }
}

extension Timestamp: CustomStringConvertible {
    /// RFC 3339 in UTC, with the digits of a second that are not zero.
    public var description: String {
        let time = CalendarTime(seconds: seconds)
        let date = "\(time.date.year.padded(4))-\(time.date.month.padded(2))-\(time.date.day.padded(2))"
        let clock = "\(time.hour.padded(2)):\(time.minute.padded(2)):\(time.second.padded(2))"
        return "\(date)T\(clock)\(Int64(nanoseconds).fractionText)Z"
    }
}

/// A date of the proleptic Gregorian calendar.
///
/// The arithmetic counts days from 1 March, so that the leap day is a year's last (Howard Hinnant, “chrono-compatible
/// low-level date algorithms”).
struct CivilDate {
    let year: Int
    let month: Int
    let day: Int

    init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    init(daysSinceEpoch days: Int) {
        let (era, dayOfEra) = (days + 719_468).quotientAndRemainderFloored(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shifted + 2) / 5 + 1
        month = shifted < 10 ? shifted + 3 : shifted - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    var daysSinceEpoch: Int {
        let (era, yearOfEra) = (month <= 2 ? year - 1 : year).quotientAndRemainderFloored(by: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// From 0 on 1 January.
    var dayOfYear: Int { daysSinceEpoch - CivilDate(year: year, month: 1, day: 1).daysSinceEpoch }

    static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

/// A moment as calendar and clock show it at some offset.
struct CalendarTime {
    let date: CivilDate
    let hour: Int
    let minute: Int
    let second: Int
    /// From 0 on Sunday.
    let weekday: Int

    init(seconds: Int64, offset: Int = 0) {
        let (days, rest) = (Int(seconds) + offset).quotientAndRemainderFloored(by: 86_400)
        date = CivilDate(daysSinceEpoch: days)
        hour = rest / 3600
        minute = rest % 3600 / 60
        second = rest % 60
        weekday = (days + 4).quotientAndRemainderFloored(by: 7).remainder
    }
}

/// Reads the parts of a moment from text.
struct DigitReader {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = text[...].utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ character: Character) -> Bool {
        guard let byte = rest.first, byte == character.asciiValue else { return false }
        rest.removeFirst()
        return true
    }

    mutating func number(digits: Int) -> Int? {
        var value = 0
        for _ in 0..<digits {
            guard let byte = rest.first, let digit = byte.decimalDigit else { return nil }
            value = value * 10 + digit
            rest.removeFirst()
        }
        return value
    }

    /// One to `digits` digits after a decimal point, as a whole number of the last place.
    mutating func fraction(digits: Int) -> Int? {
        var value = 0
        var count = 0
        while let digit = rest.first?.decimalDigit {
            guard count < digits else { return nil }
            value = value * 10 + digit
            count += 1
            rest.removeFirst()
        }
        guard count > 0 else { return nil }
        for _ in count..<digits { value *= 10 }
        return value
    }

    /// `Z`, or hours and minutes after a sign, in seconds east of Greenwich.
    mutating func offset() -> Int? {
        if take("Z") || take("z") { return 0 }
        let isWest = take("-")
        guard isWest || take("+"), let hours = number(digits: 2), take(":"), let minutes = number(digits: 2),
            hours < 24,
            minutes < 60
        else { return nil }
        return (hours * 3600 + minutes * 60) * (isWest ? -1 : 1)
    }
}

extension UInt8 {
    /// The digit's value, 0 to 9.
    var decimalDigit: Int? { (0x30...0x39).contains(self) ? Int(self) - 0x30 : nil }
}

extension BinaryInteger {
    /// Division whose remainder is never negative.
    func quotientAndRemainderFloored(by divisor: Self) -> (quotient: Self, remainder: Self) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

extension Int {
    /// The number with leading zeros.
    func padded(_ width: Int) -> String {
        let digits = String(self)
        return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
    }
}

extension Int64 {
    /// Nanoseconds of a second after a decimal point, without trailing zeros; nothing for none.
    var fractionText: String {
        guard self != 0 else { return "" }
        var digits = Int(self).padded(9)
        while digits.hasSuffix("0") { digits.removeLast() }
        return "." + digits
    }
}
