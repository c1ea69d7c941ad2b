/// Records put together where all that is known of them says that they are one person.
///
/// Links are taken the strongest first. Two groups become one only where the weights of all pairs between them sum to more
/// than nothing: one link cannot join two families of records that otherwise speak against it.
struct Clusters {
    /// No single pair speaks louder than this.
    private static let loudest = 20.0
    /// The most pairs between two groups that are looked at.
    private static let most = 200

    /// The group of each record, by the lowest record in it.
    private(set) var groups: [Int32]

    /// - Parameters:
    ///   - links: pairs with the log2 of their odds above the threshold, in any order.
    ///   - weight: the weight of a pair that may not be among the links.
    init(count: Int, links: [Link], weight: (Int, Int) -> Double) {
        groups = (0..<Int32(count)).map { $0 }
        var members: [Int32: [Int32]] = [:]
        for link in links.sorted(by: { ($1.weight, $0.left, $0.right) < ($0.weight, $1.left, $1.right) }) {
            let (one, other) = (groups[Int(link.left)], groups[Int(link.right)])
            guard one != other else { continue }
            let first = members[one] ?? [one]
            let second = members[other] ?? [other]
            if first.count + second.count > 2 {
                var sum = 0.0
                var seen = 0
                pairs: for left in first {
                    for right in second {
                        sum += max(-Self.loudest, min(Self.loudest, weight(Int(left), Int(right))))
                        seen += 1
                        if seen >= Self.most { break pairs }
                    }
                }
                guard sum > 0 else { continue }
            }
            let (target, gone) = (min(one, other), max(one, other))
            for record in members[gone] ?? [gone] { groups[Int(record)] = target }
            members[target] = (members[target] ?? [target]) + (members[gone] ?? [gone])
            members[gone] = nil
        }
    }
}

/// Two records that are probably of the same person.
public struct Link: Sendable, Equatable {
    /// The record with the lower number.
    public let left: Int32
    /// The other one.
    public let right: Int32
    /// log2 of the odds that they are of the same person.
    public let weight: Float

    /// How likely it is that they are.
    public var probability: Double { RecordLinkage.probability(Double(weight)) }
}
