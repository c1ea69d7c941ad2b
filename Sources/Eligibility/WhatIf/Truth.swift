import Foundation
import Registry
import Storage

/// What is so of some families, whatever the data says: of all, from a simulator, or of a sample that somebody verified.
public struct Truth: Sendable {
    /// Whether a family is entitled, and for how many families it stands.
    struct Family: Sendable {
        let isEntitled: Bool
        let weight: Double
    }

    /// By the family's number in the registry.
    let families: [Int64: Family]
    /// Families of the file that the registry does not know: entitled or not, nobody can have funded them.
    let unknown: [Family]

    /// Reads a file of families: `family_number`, `entitled_PROGRAMME` or `entitled` (1 or 0), and `weight` where it is a
    /// sample whose families stand for unequal numbers.
    ///
    /// - Throws: ``RegistryError/refused(file:line:reason:)`` with the line where the file is something else.
    public init(file: String, programme: String, registry: Registry) throws {
        let table = try CSVTable(path: file)
        let numbers = try table.column("family_number", path: file)
        let entitled =
            try table.header.firstIndex(of: "entitled_\(programme)") ?? table.column("entitled", path: file)
        let weights = table.header.firstIndex(of: "weight")
        let known = try registry.families()
        var families: [Int64: Family] = [:]
        var unknown: [Family] = []
        for (line, fields) in table.rows {
            func refused(_ reason: String) -> RegistryError { .refused(file: file, line: line, reason: reason) }
            guard let isEntitled = ["1": true, "0": false][fields[entitled]] else {
                throw refused("“\(fields[entitled])” under \(table.header[entitled]) is neither 1 nor 0")
            }
            var weight = 1.0
            if let weights {
                guard let number = Double(fields[weights]), number > 0, number.isFinite else {
                    throw refused("“\(fields[weights])” under weight is not a number above 0")
                }
                weight = number
            }
            let family = Family(isEntitled: isEntitled, weight: weight)
            if let number = known[registry.vault.hash(fields[numbers], as: .familyNumber)] {
                guard families.updateValue(family, forKey: number) == nil else {
                    throw refused("this family stands in the file twice")
                }
            } else {
                unknown.append(family)
            }
        }
        guard !families.isEmpty else {
            throw RegistryError.refused(file: file, line: nil, reason: "the registry knows none of its families")
        }
        self.families = families
        self.unknown = unknown
    }
}

/// A share of families with the range in which it lies for all, of which these are a sample.
public struct EstimatedShare: Sendable, Equatable {
    /// The share, 0 to 1.
    public let share: Double
    /// The lower end of the interval that holds the true share in 95 of 100 samples (Wilson's interval; where families have
    /// unequal weights, for as many families of equal weight as tell as much: Kish's effective size).
    public let lower: Double
    /// Its upper end.
    public let upper: Double
    /// How many families it was counted on.
    public let families: Int

    /// The share of those for whom `holds`, of all in `weights`; nil where there are none.
    init?(_ cases: [(weight: Double, holds: Bool)]) {
        let total = cases.reduce(0) { $0 + $1.weight }
        guard total > 0 else { return nil }
        let share = cases.reduce(0) { $0 + ($1.holds ? $1.weight : 0) } / total
        let size = total * total / cases.reduce(0) { $0 + $1.weight * $1.weight }
        let deviate = 1.959963984540054
        let square = deviate * deviate
        let centre = (share + square / (2 * size)) / (1 + square / size)
        let half =
            deviate / (1 + square / size) * (share * (1 - share) / size + square / (4 * size * size)).squareRoot()
        self.share = share
        lower = max(0, centre - half)
        upper = min(1, centre + half)
        families = cases.count
    }
}

/// How often a programme reaches others than those it is for.
public struct TargetingErrors: Sendable, Equatable {
    /// Of the funded families whose truth is known, the share that is not entitled.
    public let inclusion: EstimatedShare?
    /// Of the entitled families, those that the registry does not know among them, the share that is not funded.
    public let exclusion: EstimatedShare?
    /// Of the entitled families, the share that is neither funded nor on the waiting list: what no larger quota would mend.
    public let exclusionBeforeQuota: EstimatedShare?

    init(_ table: FactTable, _ standings: [Standing], _ truth: Truth) {
        var funded: [(weight: Double, holds: Bool)] = []
        var entitled: [(weight: Double, holds: Bool)] = []
        var beforeQuota: [(weight: Double, holds: Bool)] = []
        var seen = 0
        for (row, standing) in standings.enumerated() {
            guard let family = truth.families[table.families[row]] else { continue }
            seen += 1
            if standing == .funded { funded.append((family.weight, !family.isEntitled)) }
            if family.isEntitled {
                entitled.append((family.weight, standing != .funded))
                beforeQuota.append((family.weight, standing != .funded && standing != .waitlisted))
            }
        }
        for family in truth.unknown where family.isEntitled {
            entitled.append((family.weight, true))
            beforeQuota.append((family.weight, true))
        }
        inclusion = EstimatedShare(funded)
        exclusion = EstimatedShare(entitled)
        exclusionBeforeQuota = EstimatedShare(beforeQuota)
    }
}

extension Registry {
    /// The numbers of all families in the registry, by the keyed hashes of their cards' numbers.
    func families() throws -> [KeyedHash: Int64] {
        try database.read { connection in
            var families: [KeyedHash: Int64] = [:]
            try connection.forEach(
                "SELECT number, family FROM family WHERE regency = ?", [.text(pack.regency.text)]
            ) { cursor in
                if let hash = cursor.withBytes(0, { KeyedHash($0) }) { families[hash] = cursor.int64(1) }
            }
            return families
        }
    }
}
