/// An amount of money in whole rupiah.
public struct Rupiah: Sendable, Hashable, Comparable {
    /// The amount.
    public let amount: Int64

    /// An amount of whole rupiah.
    public init(_ amount: Int64) { self.amount = amount }

    /// The smaller of two amounts comes first.
    public static func < (left: Rupiah, right: Rupiah) -> Bool { left.amount < right.amount }

    /// The sum, or nil where it is beyond what can be counted.
    public func adding(_ other: Rupiah) -> Rupiah? {
        let (sum, overflow) = amount.addingReportingOverflow(other.amount)
        return overflow ? nil : Rupiah(sum)
    }
}

extension Rupiah: CustomStringConvertible {
    /// As it is written in Indonesia: `Rp2.075.000`.
    public var description: String {
        var grouped: [Character] = []
        for (index, digit) in String(amount.magnitude).reversed().enumerated() {
            if index > 0, index.isMultiple(of: 3) { grouped.append(".") }
            grouped.append(digit)
        }
        return (amount < 0 ? "-Rp" : "Rp") + String(grouped.reversed())
    }
}
