import Foundation

/// Which records of a table speak of the same person.
public struct Linkage: Sendable {
    /// The model.
    public let model: LinkageModel
    /// The pairs of which it is at least as likely as the settings' threshold.
    public let links: [Link]
    /// For each record the lowest record of its group.
    public let groups: [Int32]
    /// How many pairs were compared at most.
    public let candidates: Int

    /// Links the records of a table: brings together what may be alike, estimates without labels, compares, and puts
    /// together.
    ///
    /// - Parameters:
    ///   - known: how records of one person look, where the table holds too few of them to learn it from.
    ///   - progress: is told how much of the work is done, of how much.
    public init(_ table: RecordTable, known: KnownDoubles? = nil, progress: (Int, Int) -> Void = { _, _ in }) {
        let pairs = CandidatePairs(table)
        progress(1, 10)
        candidates = pairs.atMost
        let model = table.isComparable ? Estimation(table, pairs, known: known).model() : nil
        guard let model else {
            self.model = LinkageModel(comparisons: [], prior: 0.5, kinPriors: [])
            links = []
            groups = (0..<Int32(table.count)).map { $0 }
            return
        }
        self.model = model
        progress(4, 10)
        let scorer = Scorer(model, records: table.count)
        let threshold = table.settings.threshold
        let least = log2(threshold / (1 - threshold))
        links = Workers.map(pairs.pieces) { piece -> [Link] in
            var comparer = RecordComparer(table)
            var links: [Link] = []
            pairs.forEachPair(of: piece) { left, right in
                if let weight = scorer.weight(&comparer, left, right, least: least) {
                    links.append(Link(left: Int32(left), right: Int32(right), weight: Float(weight)))
                }
            }
            return links
        }.flatMap(\.self)
        progress(9, 10)
        var comparer = RecordComparer(table)
        groups =
            Clusters(count: table.count, links: links) { left, right in
                scorer.weight(&comparer, left, right, least: -.infinity) ?? 0
            }.groups
    }
}

extension Linkage {
    /// Of the links those by which each record is linked with one other at most: the strongest first.
    public var matches: [Link] {
        var taken: Set<Int32> = []
        return links.sorted { ($1.weight, $0.left, $0.right) < ($0.weight, $1.left, $1.right) }.filter { link in
            guard !taken.contains(link.left), !taken.contains(link.right) else { return false }
            taken.formUnion([link.left, link.right])
            return true
        }
    }
}
