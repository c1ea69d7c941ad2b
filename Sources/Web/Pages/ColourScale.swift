/// Sorts values into at most five classes of about the same number of regions, whose limits are round numbers.
struct ColourScale: Sendable, Equatable {
    /// The lower limits of all classes but the first, ascending.
    let limits: [Int]

    /// How many colours the style sheet has.
    static let colours = 5

    /// A scale for values; `step` is what limits are multiples of.
    init(_ values: [Int], step: (Int) -> Int = ColourScale.twoDigits) {
        let sorted = values.sorted()
        var limits: [Int] = []
        if let least = sorted.first, let most = sorted.last {
            for share in 1..<Self.colours {
                let value = sorted[sorted.count * share / Self.colours]
                let unit = max(1, step(value))
                let limit = (value + unit / 2) / unit * unit
                if limit > least, limit <= most, limit > (limits.last ?? Int.min) { limits.append(limit) }
            }
        }
        self.limits = limits
    }

    /// The colour of a value, from 0 (few) to 4 (many); with fewer classes the colours are spread.
    func colour(_ value: Int) -> Int { colour(ofClass: limits.count { $0 <= value }) }

    /// The colour of a class, counted from 0.
    func colour(ofClass number: Int) -> Int {
        limits.isEmpty ? Self.colours / 2 : number * (Self.colours - 1) / limits.count
    }

    /// What leaves two significant digits.
    static func twoDigits(_ value: Int) -> Int {
        var unit = 1
        while value / unit >= 100 { unit *= 10 }
        return unit
    }
}
