extension Duration {
    /// A span of whole nanoseconds.
    init(wholeNanoseconds nanoseconds: Int64) { self = .nanoseconds(nanoseconds) }

    /// The span in whole nanoseconds, or nil where 64 bits do not hold it.
    var wholeNanoseconds: Int64? {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflowOfSum) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflow || overflowOfSum ? nil : sum
    }

    /// A span as the language writes it: `1h30m`, `-1.5s`, `250ms`; nil for anything else or beyond 292 years.
    public init?(celText text: String) {
        var rest = Array(text.utf8)[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        if rest.elementsEqual([UInt8(ascii: "0")]) {
            self = .zero
            return
        }
        guard !rest.isEmpty else { return nil }
        var total: Int64 = 0
        while !rest.isEmpty {
            guard let part = Self.readPart(&rest) else { return nil }
            let (sum, overflow) = total.addingReportingOverflow(part)
            if overflow { return nil }
            total = sum
        }
        self.init(wholeNanoseconds: isNegative ? -total : total)
    }

    /// One number with its unit, in nanoseconds.
    private static func readPart(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        let number = rest.prefix { $0.decimalDigit != nil || $0 == UInt8(ascii: ".") }
        rest = rest.dropFirst(number.count)
        let name = rest.prefix { $0.decimalDigit == nil && $0 != UInt8(ascii: ".") }
        rest = rest.dropFirst(name.count)
        guard let unit = units[String(decoding: name, as: UTF8.self)] else { return nil }
        let halves = number.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard halves.count <= 2, number.contains(where: { $0.decimalDigit != nil }) else { return nil }
        var whole: Int64 = 0
        for digit in halves[0].compactMap(\.decimalDigit) {
            let (product, overflow) = whole.multipliedReportingOverflow(by: 10)
            let (sum, overflowOfSum) = product.addingReportingOverflow(Int64(digit))
            if overflow || overflowOfSum { return nil }
            whole = sum
        }
        let (scaled, overflow) = whole.multipliedReportingOverflow(by: unit)
        var fraction: Int64 = 0
        var place = unit
        if halves.count == 2 {
            // Digits below a nanosecond have no place left and are dropped.
            for digit in halves[1].prefix(18).compactMap(\.decimalDigit) where place > 0 {
                let step = place / 10
                fraction += step * Int64(digit) + (place % 10) * Int64(digit) / 10
                place = step
            }
        }
        let (sum, overflowOfSum) = scaled.addingReportingOverflow(fraction)
        return overflow || overflowOfSum ? nil : sum
    }

    private static let units: [String: Int64] = [
        "h": 3_600_000_000_000, "m": 60_000_000_000, "s": 1_000_000_000, "ms": 1_000_000, "us": 1000, "µs": 1000,
        "μs": 1000, "ns": 1,
    ]

    /// The span in seconds, as the language writes it: `5400s`, `-1.5s`.
    public var celText: String {
        let (seconds, attoseconds) = components
        let sign = seconds < 0 || attoseconds < 0 ? "-" : ""
        return "\(sign)\(seconds.magnitude)\(Int64(attoseconds.magnitude / 1_000_000_000).fractionText)s"
    }
}
