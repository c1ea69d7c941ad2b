/// Random numbers that a seed fixes (SplitMix64, Steele and others 2014): the same survey and seed give the same model.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A whole number from 0 to `bound` - 1.
    mutating func below(_ bound: Int) -> Int {
        bound <= 1 ? 0 : Int(UInt64(bound).multipliedFullWidth(by: next()).high)
    }

    /// The first `count` places of a random order of 0 to `total` - 1.
    mutating func draw(_ count: Int, of total: Int) -> [Int] {
        var order = Array(0..<total)
        for place in 0..<min(count, total) { order.swapAt(place, place + below(total - place)) }
        return Array(order.prefix(count))
    }
}
