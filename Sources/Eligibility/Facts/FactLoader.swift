import Journal
import Registry

/// Reads what a registry knew of all families into tables.
struct FactLoader {
    /// How many family numbers are read at once.
    private static let piece: Int64 = 2048

    private let knowledge: Knowledge
    private let day: CalendarDate

    /// A loader of what was known, for ages on a day.
    init(_ knowledge: Knowledge, day: CalendarDate) {
        self.knowledge = knowledge
        self.day = day
    }

    /// What is known of every family for a programme.
    ///
    /// - Throws: ``RegistryError/configuration(_:)`` where an attribute asks a source for what it does not yield.
    func table(_ programme: Programme, _ progress: (WorkProgress) -> Void) throws -> FactTable {
        let tables = try tables([programme], progress)
        guard let table = tables.first else { throw RegistryError.notReady("no programme was given") }
        return table
    }

    /// What is known of every family for some programmes, read once for all of them; programmes that ask for the same
    /// attributes share a table.
    func tables(_ programmes: [Programme], _ progress: (WorkProgress) -> Void) throws -> [FactTable] {
        var places: [Int] = []
        var distinct: [Programme] = []
        for programme in programmes {
            if let place = distinct.firstIndex(where: { $0.hasSameAttributes(as: programme) }) {
                places.append(place)
            } else {
                places.append(distinct.count)
                distinct.append(programme)
            }
        }
        var plans: [AttributePlan] = []
        for programme in distinct {
            plans.append(try AttributePlan(programme, knowledge: knowledge, day: day))
        }
        let empty = distinct.map { FactTableBuilder($0) }
        var builders = empty
        var next: Int64 = 1
        let last = knowledge.lastFamily
        let knowledge = knowledge
        try Pipeline.run(
            next: { () -> Range<Int64>? in
                guard next <= last else { return nil }
                defer { next += Self.piece }
                return next..<next + Self.piece
            },
            transform: { [plans] range in
                var builders = empty
                for family in try knowledge.families(range) {
                    for (place, plan) in plans.enumerated() {
                        builders[place].append(plan.facts(of: family), of: family.family, in: family.village)
                    }
                }
                return (range, builders)
            },
            consume: { range, pieces in
                for (place, piece) in pieces.enumerated() { builders[place].append(piece) }
                progress(WorkProgress(done: Int(min(range.upperBound, last)), total: Int(last) * 5 / 4))
            })
        let tables = builders.map(\.table)
        return places.map { tables[$0] }
    }
}

extension Programme {
    /// Whether both ask the same sources for the same, in the same order.
    func hasSameAttributes(as other: Programme) -> Bool {
        attributes.count == other.attributes.count
            && zip(attributes, other.attributes).allSatisfy {
                $0.name == $1.name && $0.scope == $1.scope && $0.type == $1.type && $0.origins == $1.origins
            }
    }
}
