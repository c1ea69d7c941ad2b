/// What records of one person look like, where that is known beforehand.
///
/// Without labels it is learnt from the records themselves, as long as doubles are at least as frequent among them as
/// namesakes whose mothers are namesakes too. In a register with one double among a thousand persons they are not, and EM
/// would take those namesakes for doubles. Then pairs that are known to be one person's say it, and, as long as there are
/// few of them, what is usual.
public struct KnownDoubles: Sendable {
    /// Records that are known to be of one person.
    public var pairs: [(Int32, Int32)] = []
    /// By field, how likely each level of agreement is between records of one person, from the least alike to the most. It
    /// counts as much as ``certainty`` pairs.
    public var usual: [String: [Double]]
    /// How many pairs outweigh what is usual.
    public var certainty = 50.0

    /// Nothing but what is usual.
    public init(usual: [String: [Double]]) { self.usual = usual }

    /// How likely each level of each comparison is. A field of which nothing is said counts for nothing until pairs show it.
    func shares(_ comparisons: [RecordComparer.Comparison], of table: RecordTable) -> [[Double]] {
        var counts = comparisons.map { comparison -> [Double] in
            let levels = comparison.levels.count
            guard let usual = usual[comparison.field], usual.count == levels else {
                return Array(repeating: certainty / Double(levels), count: levels)
            }
            let sum = usual.reduce(0, +)
            return usual.map { $0 / sum * certainty }
        }
        var comparer = RecordComparer(table)
        for (one, other) in pairs {
            let pattern = comparer.compare(Int(one), Int(other))
            for place in counts.indices where pattern[place] != Pattern.missing {
                counts[place][Int(pattern[place])] += 1
            }
        }
        return counts.map { levels in
            let sum = levels.reduce(0, +)
            return levels.map { $0 / sum }
        }
    }
}
