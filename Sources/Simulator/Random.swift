/// A stream of random numbers that is the same on every machine: xoshiro256** (Blackman and Vigna, 2018), its state filled by
/// SplitMix64.
///
/// Every village and every task in it has a stream of its own, so that neither the number of threads nor the order of work
/// changes a byte. Nothing here calls the C library's mathematics, whose last digit differs between machines.
struct Random {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    /// The stream of a seed for a village and a task.
    init(seed: UInt64, village: Int, task: UInt64) {
        var filler = seed
        filler = Self.mix(&filler) ^ (UInt64(village) &* 0x9E37_79B9_7F4A_7C15)
        filler = Self.mix(&filler) ^ (task &* 0xD1B5_4A32_D192_ED03)
        state = (Self.mix(&filler), Self.mix(&filler), Self.mix(&filler), Self.mix(&filler))
    }

    private static func mix(_ state: inout UInt64) -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    /// 64 random bits.
    mutating func next() -> UInt64 {
        let product = state.1 &* 5
        let result = ((product << 7) | (product >> 57)) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = (state.3 << 45) | (state.3 >> 19)
        return result
    }

    /// A whole number from 0 to `bound` - 1.
    mutating func below(_ bound: Int) -> Int {
        bound <= 1 ? 0 : Int(UInt64(bound).multipliedFullWidth(by: next()).high)
    }

    /// A whole number of a range.
    mutating func within(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + below(range.upperBound - range.lowerBound + 1)
    }

    /// True in `count` of 10,000 cases.
    mutating func chance(_ count: Int) -> Bool { below(10_000) < count }

    /// A number from 0 up to 1.
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A number of mean 0 and standard deviation 1, normal to within a sixth deviation: the sum of twelve uniform ones.
    mutating func normal() -> Double {
        var sum = -393_210
        for _ in 0..<3 {
            let word = next()
            sum += Int(word & 0xFFFF) + Int((word >> 16) & 0xFFFF) + Int((word >> 32) & 0xFFFF) + Int(word >> 48)
        }
        return Double(sum) / 65_536
    }

    /// The index of one of some weights, in proportion.
    mutating func index(of weights: [Int]) -> Int {
        var draw = below(weights.reduce(0, +))
        for (index, weight) in weights.enumerated() {
            draw -= weight
            if draw < 0 { return index }
        }
        return weights.count - 1
    }
}

/// e to a power, by multiplication and addition alone: IEEE 754 makes those the same everywhere.
func exponential(_ power: Double) -> Double {
    let halvings = (power * 1.442_695_040_888_963_4).rounded()
    let rest = power - halvings * 0.693_147_180_559_945_3
    var term = 1.0
    var sum = 1.0
    for step in 1...14 {
        term *= rest / Double(step)
        sum += term
    }
    return sum * Double(sign: .plus, exponent: Int(halvings), significand: 1)
}

/// Spreads `count` numbers over all numbers below `count` without hitting one twice: numbers issued in order look scattered.
func scattered(_ index: Int, below count: Int) -> Int {
    func commonDivisor(_ left: Int, _ right: Int) -> Int { right == 0 ? left : commonDivisor(right, left % right) }
    var step = 618_033_989 % count | 1
    while commonDivisor(step, count) != 1 { step += 2 }
    return (index * step + 271_828) % count
}
