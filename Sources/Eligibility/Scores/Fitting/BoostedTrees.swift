/// Small regression trees, each fitted to what those before it left over (Friedman 2001), on random halves of rows and
/// features so that no single column carries everything.
struct BoostedTrees: Codable, Sendable, Equatable {
    struct Node: Codable, Sendable, Equatable {
        /// The feature that is asked for; nil in a leaf.
        var feature: Int?
        /// Below this the answer lies left.
        var cut: Double?
        /// The nodes that follow.
        var left: Int?
        var right: Int?
        /// What a leaf gives.
        var value: Double?
    }

    struct Settings: Sendable {
        var trees = 500
        var leaves = 8
        var rate = 0.025
        var rowShare = 0.6
        var featureShare = 0.2
        var leastRows = 20
        var penalty = 5.0
    }

    private(set) var base: Double
    private(set) var trees: [[Node]] = []

    /// What the trees give for one household.
    func value(_ feature: (Int) -> Double) -> Double {
        var sum = base
        for tree in trees {
            var node = tree[0]
            while let asked = node.feature, let cut = node.cut, let left = node.left, let right = node.right {
                node = tree[feature(asked) < cut ? left : right]
            }
            sum += node.value ?? 0
        }
        return sum
    }

    /// Grows trees on some rows.
    init(_ bins: FeatureBins, target: [Double], rows: [Int], seed: UInt64, settings: Settings = Settings()) {
        base = rows.reduce(0) { $0 + target[$1] } / Double(max(1, rows.count))
        var random = SeededRandom(seed: seed)
        var rest = target.map { [base] in $0 - base }
        let rowCount = Int(Double(rows.count) * settings.rowShare)
        let featureCount = max(1, Int((Double(bins.columns.count) * settings.featureShare).rounded(.up)))
        for _ in 0..<settings.trees {
            let drawn = random.draw(rowCount, of: rows.count).sorted().map { rows[$0] }
            let features = random.draw(featureCount, of: bins.columns.count).sorted()
            let tree = TreeGrower(bins, rest, features, settings).grow(drawn)
            guard tree.count > 1 else { continue }
            trees.append(tree)
            for row in rows { rest[row] -= Self.leaf(tree, bins, row) }
        }
    }

    private static func leaf(_ tree: [Node], _ bins: FeatureBins, _ row: Int) -> Double {
        var node = tree[0]
        while let asked = node.feature, let cut = node.cut, let left = node.left, let right = node.right {
            node = tree[bins.values[asked][row] < cut ? left : right]
        }
        return node.value ?? 0
    }
}

/// Features in at most 64 bins, so that the best cut is found by adding up bins.
struct FeatureBins: Sendable {
    /// The bin of every row, feature by feature.
    let columns: [[UInt8]]
    /// Where each bin but the first begins.
    let cuts: [[Double]]
    let values: [[Double]]

    private static let most = 64

    init(_ values: [[Double]]) {
        self.values = values
        cuts = values.map { values in
            let different = Array(Set(values)).sorted()
            let edges =
                different.count <= Self.most
                ? different
                : Array(Set((0..<Self.most).map { values.sorted()[$0 * values.count / Self.most] })).sorted()
            return zip(edges, edges.dropFirst()).map { ($0 + $1) / 2 }
        }
        columns = zip(values, cuts).map { values, cuts in
            values.map { value in UInt8(cuts.partitioningPlace { $0 <= value }) }
        }
    }
}

extension [Double] {
    /// How many elements at the front satisfy a condition that holds for no element after them.
    fileprivate func partitioningPlace(_ holds: (Double) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// Grows one tree, splitting next the leaf that gains most.
private struct TreeGrower {
    private struct Split {
        let gain: Double
        let feature: Int
        let bin: Int
    }

    private struct Leaf {
        let node: Int
        let rows: [Int]
        let split: Split?
    }

    private let bins: FeatureBins
    private let rest: [Double]
    private let features: [Int]
    private let settings: BoostedTrees.Settings

    init(_ bins: FeatureBins, _ rest: [Double], _ features: [Int], _ settings: BoostedTrees.Settings) {
        self.bins = bins
        self.rest = rest
        self.features = features
        self.settings = settings
    }

    func grow(_ rows: [Int]) -> [BoostedTrees.Node] {
        var nodes = [leaf(rows)]
        var leaves = [Leaf(node: 0, rows: rows, split: best(rows))]
        while leaves.count < settings.leaves {
            guard
                let chosen = leaves.indices.filter({ leaves[$0].split != nil }).max(by: {
                    (leaves[$0].split?.gain ?? 0) < (leaves[$1].split?.gain ?? 0)
                }), let split = leaves[chosen].split
            else { break }
            let column = bins.columns[split.feature]
            let left = leaves[chosen].rows.filter { column[$0] <= split.bin }
            let right = leaves[chosen].rows.filter { column[$0] > split.bin }
            nodes[leaves[chosen].node] = BoostedTrees.Node(
                feature: split.feature, cut: bins.cuts[split.feature][split.bin], left: nodes.count,
                right: nodes.count + 1)
            leaves[chosen] = Leaf(node: nodes.count, rows: left, split: best(left))
            leaves.append(Leaf(node: nodes.count + 1, rows: right, split: best(right)))
            nodes.append(leaf(left))
            nodes.append(leaf(right))
        }
        return nodes
    }

    private func leaf(_ rows: [Int]) -> BoostedTrees.Node {
        let sum = rows.reduce(0) { $0 + rest[$1] }
        return BoostedTrees.Node(value: settings.rate * sum / (Double(rows.count) + settings.penalty))
    }

    private func best(_ rows: [Int]) -> Split? {
        guard rows.count >= 2 * settings.leastRows else { return nil }
        var best: Split?
        var sums = [Double](repeating: 0, count: 256)
        var counts = [Int](repeating: 0, count: 256)
        for feature in features {
            let size = bins.cuts[feature].count + 1
            for bin in 0..<size {
                sums[bin] = 0
                counts[bin] = 0
            }
            bins.columns[feature].withUnsafeBufferPointer { column in
                for row in rows {
                    let bin = Int(column[row])
                    sums[bin] += rest[row]
                    counts[bin] += 1
                }
            }
            let whole = sums[..<size].reduce(0, +)
            let base = worth(whole, rows.count)
            var (sum, count) = (0.0, 0)
            for bin in 0..<max(0, size - 1) {
                sum += sums[bin]
                count += counts[bin]
                guard count >= settings.leastRows, rows.count - count >= settings.leastRows else { continue }
                let gain = worth(sum, count) + worth(whole - sum, rows.count - count) - base
                if gain > best?.gain ?? 1e-9 { best = Split(gain: gain, feature: feature, bin: bin) }
            }
        }
        return best
    }

    private func worth(_ sum: Double, _ count: Int) -> Double { sum * sum / (Double(count) + settings.penalty) }
}
