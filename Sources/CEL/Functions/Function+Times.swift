import Foundation
import Synchronization

extension Function {
    private static let timestampParts: [(name: String, part: @Sendable (CalendarTime) -> Int)] = [
        ("getFullYear", { $0.date.year }), ("getMonth", { $0.date.month - 1 }), ("getDate", { $0.date.day }),
        ("getDayOfMonth", { $0.date.day - 1 }), ("getDayOfWeek", { $0.weekday }),
        ("getDayOfYear", { $0.date.dayOfYear }), ("getHours", { $0.hour }), ("getMinutes", { $0.minute }),
        ("getSeconds", { $0.second }),
    ]

    private static let durationUnits: [String: Int64] = [
        "getHours": 3_600_000_000_000, "getMinutes": 60_000_000_000, "getSeconds": 1_000_000_000,
    ]

    /// The parts of timestamps, in UTC or a time zone, and of durations.
    static let times: [Function] =
        timestampParts.flatMap { name, part in
            [
                withoutZone(name, part),
                withZone(name) { moment, offset in
                    part(CalendarTime(seconds: moment.seconds, offset: offset))
                },
            ]
        } + [
            .one(
                "getMilliseconds",
                [.timestamp, .duration].map { Overload(isMember: true, parameters: [$0], result: .int) }
            ) { (value, _) throws(EvaluationError) -> Value in
                switch value {
                case .timestamp(let moment): return .int(Int64(moment.nanoseconds / 1_000_000))
                // Of a duration too it is the part below a second, not the whole (cel-spec, timestamps, get_milliseconds).
                case .duration(let span): return .int(span.components.attoseconds / 1_000_000_000_000_000)
                default: throw .noOverload("getMilliseconds", value)
                }
            },
            withZone("getMilliseconds") { moment, _ in Int(moment.nanoseconds / 1_000_000) },
        ]

    private static func withoutZone(_ name: String, _ part: @escaping @Sendable (CalendarTime) -> Int) -> Function {
        let unit = durationUnits[name]
        let types: [CELType] = unit == nil ? [.timestamp] : [.timestamp, .duration]
        return .one(name, types.map { Overload(isMember: true, parameters: [$0], result: .int) }) {
            (value, _) throws(EvaluationError) -> Value in
            if case .timestamp(let moment) = value { return .int(Int64(part(CalendarTime(seconds: moment.seconds)))) }
            if let unit, case .duration(let span) = value, let nanoseconds = span.wholeNanoseconds {
                return .int(nanoseconds / unit)
            }
            throw .noOverload(name, value)
        }
    }

    private static func withZone(_ name: String, _ part: @escaping @Sendable (Timestamp, Int) -> Int) -> Function {
        .two(name, [Overload(isMember: true, parameters: [.timestamp, .string], result: .int)]) {
            (value, zone, _) throws(EvaluationError) -> Value in
            guard case .timestamp(let moment) = value, case .string(let zone) = zone else {
                throw .noOverload(name, value, zone)
            }
            return .int(Int64(part(moment, try TimeZones.offset(of: zone, at: moment))))
        }
    }
}

/// Offsets of time zones from UTC.
enum TimeZones {
    private static let known = Mutex<[String: TimeZone]>([:])

    /// Seconds east of Greenwich, of a fixed offset such as `+07:00` or a zone's name such as `Asia/Jakarta`.
    static func offset(of zone: String, at moment: Timestamp) throws(EvaluationError) -> Int {
        if zone == "UTC" || zone.isEmpty { return 0 }
        if let first = zone.utf8.first, !first.isASCIILetter {
            var reader = DigitReader(first.decimalDigit == nil ? zone : "+" + zone)
            if let offset = reader.offset(), reader.isAtEnd { return offset }
        } else if let zone = timeZone(zone) {
            return zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(moment.seconds)))
        }
        throw EvaluationError(
            .invalidArgument,
            "no time zone \(Value.string(zone).shortText): write a name such as 'Asia/Jakarta' or '+07:00'")
    }

    private static func timeZone(_ name: String) -> TimeZone? {
        guard name.utf8.count < 64 else { return nil }
        return known.withLock { known in
            if let zone = known[name] { return zone }
            guard let zone = TimeZone(identifier: name) else { return nil }
            known[name] = zone
            return zone
        }
    }
}
