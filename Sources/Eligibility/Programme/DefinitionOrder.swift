import CEL
import Registry

/// Who uses whom among the definitions of one scope: each may use those before it, and none itself.
///
/// Without this check a loop would be told as a name that nobody declared.
struct DefinitionOrder {
    private let entries: [(key: String, value: ConfigurationNode)]
    private let uses: [[Int]]

    init(_ entries: [(key: String, value: ConfigurationNode)]) throws(ConfigurationFault) {
        self.entries = entries
        let names = Environment(variables: entries.map { Variable(name: $0.key, type: .dyn) }, checking: false)
        var uses: [[Int]] = []
        for (_, value) in entries {
            // What does not even parse is told when it is compiled, with its place.
            let references = (try? names.compile(value.string()))?.references ?? []
            uses.append(entries.indices.filter { references.contains(.variable(entries[$0].key)) })
        }
        self.uses = uses
    }

    func check() throws(ConfigurationFault) {
        for (index, entry) in entries.enumerated() {
            if let loop = loop(from: index) {
                let path = loop.map { entries[$0].key }.joined(separator: " → ")
                throw entry.value.fault("“\(entry.key)” rests on itself: \(path)")
            }
            if let later = uses[index].first(where: { $0 > index }) {
                throw entry.value.fault("“\(entries[later].key)” is defined below it: move it above “\(entry.key)”")
            }
        }
    }

    /// The shortest way from a definition back to itself.
    private func loop(from start: Int) -> [Int]? {
        var paths: [[Int]] = [[start]]
        var seen: Set<Int> = []
        while !paths.isEmpty {
            let path = paths.removeFirst()
            for next in uses[path[path.count - 1]] {
                if next == start { return path + [start] }
                if seen.insert(next).inserted { paths.append(path + [next]) }
            }
        }
        return nil
    }
}
