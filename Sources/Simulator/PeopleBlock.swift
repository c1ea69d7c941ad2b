import Registry

/// A part of a village whose people are made and written at once: some thousands, so that memory stays small however many
/// there are in all.
struct PeopleBlock: Sendable {
    /// The block's place among all, which its random streams begin with.
    let number: Int
    /// The village's place in the pack.
    let village: Int
    /// The number of its first person among all, from 0.
    let firstPerson: Int
    /// How many people, and how many doubles of them.
    let people: Int
    let doubles: Int

    private static let size = 4000

    /// The blocks of so many people with so many doubles, shared out to the pack's villages by their population.
    static func blocks(of pack: RegionPack, people: Int, doubles: Int) -> [PeopleBlock] {
        var blocks: [PeopleBlock] = []
        var first = 0
        let shares = Population.shares(of: people, among: pack.villages.map(\.populationShare))
        for (village, share) in shares.enumerated() {
            var left = share
            while left > 0 {
                let part = min(left, size)
                blocks.append(
                    PeopleBlock(
                        number: blocks.count, village: village, firstPerson: first, people: part,
                        doubles: doubles * (first + part) / people - doubles * first / people))
                left -= part
                first += part
            }
        }
        return blocks
    }

    /// The people in their families, without NIKs, the hard cases for linkage among them.
    func make(pack: RegionPack, seed: UInt64, today: Int) -> Village {
        var random = Random(seed: seed, village: number, task: 401)
        var made = VillageBuilder.build(
            pack: pack, index: village, standing: 0, seed: random.next(), today: today, people: people)
        // The last family may reach beyond the share.
        made.people.removeLast(made.people.count - people)
        if let last = made.families.indices.last {
            let start = made.families[last].people.lowerBound
            made.families[last].people = start..<Int32(people)
            made.families[last].size = min(made.families[last].size, Int32(people) - start)
        }
        for family in made.families {
            made.lengthenNames(in: family, &random)
            made.matchTwins(of: family, &random)
            made.nameAfterElders(in: family, &random)
        }
        made.joinSiblings(&random)
        // More came from elsewhere than the agencies' registry says; the NIK stays that of the place where it was given.
        for place in made.people.indices {
            if random.chance(800) { made.people[place].birthplace = UInt8(clamping: pack.districts.count) }
            if made.people[place].birthplace == UInt8(clamping: pack.districts.count), random.chance(8500) {
                made.people[place].firstDistrict = UInt8(random.below(pack.districts.count))
            }
        }
        return made
    }
}

extension Village {
    /// Some of those with a single name use a second one in papers, and are the mothers of their children by it.
    fileprivate mutating func lengthenNames(in family: Family, _ random: inout Random) {
        var longer: [(before: PersonName, after: PersonName)] = []
        for place in family.people where people[Int(place)].name.parts.1 == 0 && random.chance(2800) {
            let before = people[Int(place)].name
            let after = before.lengthened(isFemale: people[Int(place)].isFemale, &random)
            people[Int(place)].name = after
            longer.append((before, after))
        }
        for place in family.people where people[Int(place)].mother.parts.1 == 0 {
            let mother = people[Int(place)].mother
            if let change = longer.first(where: { $0.before == mother }) {
                people[Int(place)].mother = change.after
            } else if people[Int(place)].relation != .child, random.chance(3600) {
                people[Int(place)].mother = mother.lengthened(isFemale: true, &random)
            }
        }
    }
}

extension PersonName {
    /// A single name with a second after it.
    fileprivate func lengthened(isFemale: Bool, _ random: inout Random) -> PersonName {
        let pool: NameStock.Pool =
            random.chance(6000)
            ? (isFemale ? .femaleMiddleLast : .maleMiddleLast) : (isFemale ? .femaleYoungLast : .maleYoungLast)
        var parts = parts
        let second = NameStock.shared.draw(pool, &random)
        if second != parts.0 { parts.1 = second }
        return PersonName(parts: parts, hasOldSpelling: hasOldSpelling)
    }
}

/// Hard cases for linkage: people who are nearly alike and yet two.
extension Village {
    /// Brothers and sisters of nearly one age are twins now and then, and of some twins the names end alike.
    fileprivate mutating func matchTwins(of family: Family, _ random: inout Random) {
        for place in family.people.dropFirst() {
            let first = people[Int(place) - 1]
            var second = people[Int(place)]
            guard first.relation == .child, second.relation == .child, first.mother == second.mother else { continue }
            if (second.birth - first.birth).magnitude < 4 * 365, random.chance(500) {
                second.birth = first.birth
                second.registeredBirth = first.registeredBirth
                second.numberedBirth = first.numberedBirth
                people[Int(place)] = second
            }
            guard first.birth == second.birth, random.chance(4000) else { continue }
            var parts = second.name.parts
            guard first.name.parts.1 != 0, parts.1 != 0, parts.0 != first.name.parts.1 else { continue }
            parts.1 = first.name.parts.1
            let name = PersonName(parts: parts, hasOldSpelling: false)
            if name != first.name { people[Int(place)].name = name }
        }
    }

    /// Some children bear the name of a grandparent of the house.
    fileprivate mutating func nameAfterElders(in family: Family, _ random: inout Random) {
        for place in family.people {
            let person = people[Int(place)]
            guard person.relation == .child || person.relation == .grandchild else { continue }
            let elder = family.people.first { other in
                let other = people[Int(other)]
                let isGrandparent =
                    person.relation == .child
                    ? other.relation == .parent || other.relation == .parentInLaw
                    : other.relation == .head || other.relation == .spouse
                return isGrandparent && other.isFemale == person.isFemale
            }
            guard let elder, random.chance(1200) else { continue }
            people[Int(place)].name = PersonName(parts: people[Int(elder)].name.parts, hasOldSpelling: false)
        }
    }

    /// Some heads and spouses have a brother or sister in another house of the village: the same mother, some of them twins.
    fileprivate mutating func joinSiblings(_ random: inout Random) {
        guard families.count > 10 else { return }
        for family in families where family.size > 0 && random.chance(2200) {
            let other = families[random.below(families.count)]
            guard other.culture == family.culture, other.size > 0, other.people != family.people else { continue }
            let place = Int(family.people.lowerBound) + (family.size > 1 && random.chance(4000) ? 1 : 0)
            let sibling = people[Int(other.people.lowerBound)]
            let days = Int(people[place].birth - sibling.birth).magnitude
            guard people[place].relation == .head || people[place].relation == .spouse, days < 16 * 365 else {
                continue
            }
            people[place].mother = sibling.mother
            if days < 4 * 365, random.chance(600) {
                people[place].birth = sibling.birth
                people[place].registeredBirth = sibling.registeredBirth
                people[place].numberedBirth = sibling.numberedBirth
            }
        }
    }
}
