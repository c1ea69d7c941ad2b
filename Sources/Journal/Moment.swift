import Foundation

/// A moment in UTC, counted in microseconds since 1970-01-01T00:00:00Z.
public struct Moment: Sendable, Hashable, Comparable, Codable {
    /// Microseconds since 1970-01-01T00:00:00Z.
    public let microseconds: Int64

    /// A moment from its count of microseconds since 1970-01-01T00:00:00Z.
    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// The earlier of two moments comes first.
    public static func < (left: Moment, right: Moment) -> Bool { left.microseconds < right.microseconds }
}

extension Moment: CustomStringConvertible {
    /// RFC 3339 in UTC with microseconds: `2025-10-15T03:04:05.000006Z`.
    public var description: String {
        let date = date(hoursEast: 0)
        let rest = microseconds - Int64(date.day) * 86_400_000_000
        let seconds = rest / 1_000_000
        return date.description + "T" + Self.padded(seconds / 3600, 2) + ":" + Self.padded(seconds / 60 % 60, 2) + ":"
            + Self.padded(seconds % 60, 2) + "." + Self.padded(rest % 1_000_000, 6) + "Z"
    }

    /// A moment as people write it (RFC 3339): `2025-10-15T03:04:05Z`, with or without a fraction of up to six digits, with
    /// `Z` or an offset such as `+07:00`, or a bare date, which means the end of that day in UTC (all that had arrived by
    /// then).
    public init?(_ text: String) {
        guard let date = CalendarDate(text.prefix(10)) else { return nil }
        let start = Int64(date.day) * 86_400_000_000
        guard text.utf8.count > 10 else {
            self.init(microseconds: start + 86_400_000_000 - 1)
            return
        }
        var rest = Array(text.utf8)[10...]
        /// Takes a separator and a number of two digits below `limit`.
        func two(after separator: UInt8, below limit: Int64) -> Int64? {
            guard rest.popFirst() == separator, let tens = Self.digit(rest.popFirst()),
                let ones = Self.digit(rest.popFirst()), tens * 10 + ones < limit
            else { return nil }
            return tens * 10 + ones
        }
        guard let hours = two(after: UInt8(ascii: "T"), below: 24),
            let minutes = two(after: UInt8(ascii: ":"), below: 60),
            let seconds = two(after: UInt8(ascii: ":"), below: 60)
        else { return nil }
        var fraction: Int64 = 0
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            var unit: Int64 = 1_000_000
            while let digit = Self.digit(rest.first) {
                guard unit > 1 else { return nil }
                unit /= 10
                fraction += digit * unit
                rest.removeFirst()
            }
            guard unit < 1_000_000 else { return nil }
        }
        var offset: Int64 = 0
        if rest.first == UInt8(ascii: "Z") {
            rest.removeFirst()
        } else {
            guard let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
                let east = two(after: sign, below: 24), let more = two(after: UInt8(ascii: ":"), below: 60)
            else { return nil }
            offset = (east * 60 + more) * (sign == UInt8(ascii: "+") ? 60 : -60)
        }
        guard rest.isEmpty else { return nil }
        self.init(microseconds: start + (hours * 3600 + minutes * 60 + seconds - offset) * 1_000_000 + fraction)
    }

    private static func digit(_ byte: UInt8?) -> Int64? {
        byte.flatMap { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) ? Int64($0 - UInt8(ascii: "0")) : nil }
    }

    /// The calendar date in a zone that is `hoursEast` hours east of Greenwich (7 in western Indonesia).
    public func date(hoursEast: Int) -> CalendarDate {
        let shifted = microseconds + Int64(hoursEast) * 3_600_000_000
        let (day, rest) = shifted.quotientAndRemainder(dividingBy: 86_400_000_000)
        return CalendarDate(day: Int(rest < 0 ? day - 1 : day))
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

/// Where the present moment comes from: the machine's clock, or a test's.
public struct WallClock: Sendable {
    private let read: @Sendable () -> Moment

    /// A clock that answers with `now`.
    public init(now: @escaping @Sendable () -> Moment) { self.read = now }

    /// The present moment.
    public var now: Moment { read() }

    /// The machine's own clock.
    public static let system = WallClock {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Moment(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }
}
