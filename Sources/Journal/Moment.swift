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

    /// A moment as people write it: `2025-10-15T03:04:05Z`, with or without a fraction, with `Z` or an offset, or a bare
    /// date, which means the end of that day in UTC (all that had arrived by then).
    public init?(_ text: String) {
        if text.utf8.count == 10 {
            guard let start = Moment(text + "T00:00:00Z") else { return nil }
            self.init(microseconds: start.microseconds + 86_400_000_000 - 1)
            return
        }
        for fraction in [true, false] {
            let style = Date.ISO8601FormatStyle(includingFractionalSeconds: fraction)
            if let date = try? style.parse(text) {
                self.init(microseconds: Int64((date.timeIntervalSince1970 * 1_000_000).rounded()))
                return
            }
        }
        return nil
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
