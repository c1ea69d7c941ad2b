/// How two records compare: for each comparison a level of four bits, the first in the lowest; 15 where one of the two has no
/// value.
struct Pattern: Hashable, Sendable {
    /// The level of a comparison that could not be made.
    static let missing: UInt8 = 15
    /// The most comparisons.
    static let most = 16

    private(set) var bits: UInt64 = 0

    subscript(_ comparison: Int) -> UInt8 {
        get { UInt8(truncatingIfNeeded: bits >> UInt64(comparison * 4) & 15) }
        set {
            let shift = UInt64(comparison * 4)
            bits = bits & ~(15 << shift) | UInt64(newValue & 15) << shift
        }
    }
}
