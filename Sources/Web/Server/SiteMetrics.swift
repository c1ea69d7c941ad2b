import Foundation
import Synchronization

/// What the site counts about itself. A lock is held only while numbers are added or copied, never across an `await`.
final class SiteMetrics: Sendable {
    /// What became of a try to see a family's answer.
    enum Attempt: String, CaseIterable { case matched, unmatched, refused, malformed }

    struct Request: Hashable, Sendable {
        let route: String
        let method: String
        let status: Int
    }

    struct Histogram: Sendable {
        /// Counts of requests that took no longer than each of ``SiteMetrics/limits``, not cumulated.
        var buckets = Array(repeating: 0, count: SiteMetrics.limits.count + 1)
        var seconds = 0.0
    }

    private struct State {
        var requests: [Request: Int] = [:]
        var durations: [String: Histogram] = [:]
        var attempts: [Attempt: Int] = [:]
    }

    /// Upper limits of the buckets, in seconds.
    static let limits = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    private let state = Mutex(State())

    /// A request was answered.
    func answered(_ request: Request, after duration: Duration) {
        let (whole, rest) = duration.components
        let seconds = Double(whole) + Double(rest) * 1e-18
        let bucket = Self.limits.firstIndex { seconds <= $0 } ?? Self.limits.count
        state.withLock { state in
            state.requests[request, default: 0] += 1
            state.durations[request.route, default: Histogram()].buckets[bucket] += 1
            state.durations[request.route, default: Histogram()].seconds += seconds
        }
    }

    /// Somebody tried to see an answer.
    func attempted(_ attempt: Attempt) { state.withLock { $0.attempts[attempt, default: 0] += 1 } }

    /// All counts as OpenMetrics 1.0 text.
    ///
    /// - Parameters:
    ///   - version: the version of the software.
    ///   - figures: the programmes of the last assessment; empty where there is none.
    func text(version: String, figures: [ProgrammeFigures]) -> String {
        let (requests, durations, attempts) = state.withLock { ($0.requests, $0.durations, $0.attempts) }
        var text = OpenMetricsText()
        text.family("tepat_build", .info, "The software that runs.")
        text.sample("tepat_build_info", [("version", version)], 1)
        text.family("tepat_http_requests", .counter, "Requests answered, by route, method and status.")
        for (request, count) in requests.sorted(by: { "\($0.key)" < "\($1.key)" }) {
            text.sample(
                "tepat_http_requests_total",
                [("route", request.route), ("method", request.method), ("status", String(request.status))], count)
        }
        text.family(
            "tepat_http_request_duration_seconds", .histogram, "Time until a response was ready.", unit: "seconds")
        for (route, histogram) in durations.sorted(by: { $0.key < $1.key }) {
            var sum = 0
            for (limit, count) in zip(Self.limits.map { "\($0)" } + ["+Inf"], histogram.buckets) {
                sum += count
                text.sample("tepat_http_request_duration_seconds_bucket", [("route", route), ("le", limit)], sum)
            }
            text.sample("tepat_http_request_duration_seconds_count", [("route", route)], sum)
            text.sample("tepat_http_request_duration_seconds_sum", [("route", route)], histogram.seconds)
        }
        text.family("tepat_check_attempts", .counter, "Tries to see a family's answer, by what became of them.")
        for attempt in Attempt.allCases {
            text.sample("tepat_check_attempts_total", [("result", attempt.rawValue)], attempts[attempt] ?? 0)
        }
        text.family("tepat_assessment_families", .gauge, "Families of the last assessment, by programme and outcome.")
        for programme in figures {
            let counts = programme.counts
            for (outcome, count) in [
                ("funded", counts.funded), ("waitlisted", counts.waitlisted), ("undetermined", counts.undetermined),
                ("ineligible", counts.ineligible),
            ] {
                text.sample(
                    "tepat_assessment_families",
                    [("programme", programme.code), ("version", programme.version), ("outcome", outcome)], count)
            }
        }
        text.family(
            "tepat_assessment_kept_families", .gauge, "Families outside the quota that receive as before, by programme."
        )
        for programme in figures {
            text.sample(
                "tepat_assessment_kept_families", [("programme", programme.code), ("version", programme.version)],
                programme.counts.kept)
        }
        if let memory = Self.residentMemory() {
            text.family("process_resident_memory_bytes", .gauge, "Memory of the process.", unit: "bytes")
            text.sample("process_resident_memory_bytes", [], memory)
        }
        return text.ended
    }

    /// Bytes of memory that the process holds; nil where the system does not tell (only Linux has `/proc`).
    private static func residentMemory() -> Int? {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        return pages.map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) }
    }
}

/// Writes the OpenMetrics 1.0 text format (https://prometheus.io/docs/specs/om/open_metrics_spec/).
struct OpenMetricsText {
    enum Kind: String { case counter, gauge, histogram, info }

    private var lines: [String] = []

    /// Begins a family; its samples follow.
    mutating func family(_ name: String, _ kind: Kind, _ help: String, unit: String? = nil) {
        lines.append("# TYPE \(name) \(kind.rawValue)")
        if let unit { lines.append("# UNIT \(name) \(unit)") }
        lines.append("# HELP \(name) \(Self.escaped(help))")
    }

    /// A sample of the family begun last.
    mutating func sample(_ name: String, _ labels: [(name: String, value: String)], _ value: some Numeric) {
        let written = labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
        lines.append(name + (written.isEmpty ? "" : "{\(written)}") + " \(value)")
    }

    /// The whole text with its end mark.
    var ended: String { (lines + ["# EOF", ""]).joined(separator: "\n") }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n").replacing("\"", with: "\\\"")
    }
}
