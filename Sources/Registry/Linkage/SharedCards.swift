/// Families on two cards of the population register that other agencies know on one.
///
/// An agency's row names a person by NIK and the family by the number on its card. Where everybody on one card of the
/// register stands on another family's with the agencies, the two are probably one household, and what goes to a family goes
/// to it twice.
struct SharedCards {
    /// A card whose people are all known on another one.
    struct Found: Equatable {
        /// The family whose card it is.
        let family: Int32
        /// The family on whose card its people are known.
        let other: Int32
        /// How many people live on the first card.
        let members: Int32
        /// Whether somebody on the first card is its head.
        let hasHead: Bool
    }

    private struct Entry {
        let person: Int32
        let family: Int32
    }

    /// For each family those of other families who are met on its card.
    private var guests: [Int32: [Entry]] = [:]
    /// For each card whose number no family has, who is met on it.
    private var strays: [KeyedHash: [Entry]] = [:]

    /// A row that names a person by NIK, and a card.
    ///
    /// - Parameters:
    ///   - owner: the family whose number it is; 0 where no family has it, or where nobody is left on its card.
    ///   - family: the person's family.
    mutating func meet(_ person: Int32, of family: Int32, on card: KeyedHash, owner: Int32) {
        let entry = Entry(person: person, family: family)
        if owner == 0 {
            strays[card, default: []].append(entry)
        } else if owner != family {
            guests[owner, default: []].append(entry)
        }
    }

    /// The cards whose people are all met on one other card, by family.
    ///
    /// - Parameters:
    ///   - residents: who lives on a family's card.
    ///   - hasHead: whether a family has a head.
    func found(_ residents: (Int32) -> [Int32], hasHead: (Int32) -> Bool) -> [Found] {
        var found: [Int32: Found] = [:]
        func look(_ entries: [Entry], on owner: Int32) {
            var met: [Int32: Set<Int32>] = [:]
            for entry in entries where entry.family != owner {
                met[entry.family, default: []].insert(entry.person)
            }
            for (family, persons) in met {
                let members = residents(family)
                guard !members.isEmpty, members.allSatisfy(persons.contains), !residents(owner).isEmpty else {
                    continue
                }
                // Of several cards on which they stand the lowest family's.
                if let known = found[family], known.other <= owner { continue }
                found[family] = Found(
                    family: family, other: owner, members: Int32(members.count), hasHead: hasHead(family))
            }
        }
        for (owner, entries) in guests { look(entries, on: owner) }
        for entries in strays.values {
            var persons: [Int32: Set<Int32>] = [:]
            for entry in entries { persons[entry.family, default: []].insert(entry.person) }
            guard persons.count > 1 else { continue }
            let owner = persons.max { ($0.value.count, $1.key) < ($1.value.count, $0.key) }?.key ?? 0
            look(entries, on: owner)
        }
        // Two families that stand on each other's cards are one finding.
        return found.values.filter { one in
            guard let other = found[one.other], other.other == one.family else { return true }
            return (one.hasHead ? 1 : 0, one.members, one.family)
                < (other.hasHead ? 1 : 0, other.members, other.family)
        }.sorted { $0.family < $1.family }
    }
}
