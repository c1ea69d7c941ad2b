import Journal
import Registry

/// All people and families, with their numbers, their true rank and what they are entitled to.
struct Population: Sendable {
    let pack: RegionPack
    let today: Int
    private(set) var villages: [Village]
    /// The two digits of each district.
    private let districtDigits: [Int]

    /// Makes the people of a pack's villages; `progress` is told of the families made so far.
    init(
        pack: RegionPack, families: Int, seed: UInt64, today: Int, threads: Int, progress: @Sendable (Int) -> Void
    ) {
        self.pack = pack
        self.today = today
        districtDigits = pack.districts.map { Int($0.code.text.suffix(2)) ?? 0 }
        let shares = Self.shares(of: families, among: pack.villages.map(\.populationShare))
        let standings = VillageBuilder.standings(of: pack, seed: seed)
        var villages: [Village] = []
        villages.reserveCapacity(shares.count)
        let width = max(1, threads) * 16
        var done = 0
        for start in stride(from: 0, to: shares.count, by: width) {
            let range = start..<min(start + width, shares.count)
            villages += Workers.map(range, threads: threads) { index in
                VillageBuilder.build(
                    pack: pack, index: index, standing: standings[index], seed: seed, today: today,
                    families: shares[index])
            }
            done += shares[range].reduce(0, +)
            progress(done)
        }
        self.villages = villages
        countOn()
        issueNumbers()
        rank()
        entitle()
        EarlierLists.draw(for: &self.villages, pack: pack, seed: seed)
    }

    /// How many families each village gets: its share, the remainders to the largest (Hamilton's method).
    static func shares(of families: Int, among parts: [Double]) -> [Int] {
        let whole = parts.reduce(0, +)
        let exact = parts.map { whole > 0 ? $0 / whole * Double(families) : Double(families) / Double(parts.count) }
        var shares = exact.map { Int($0) }
        let missing = families - shares.reduce(0, +)
        let byRemainder = exact.indices.sorted { left, right in
            let remainders = (exact[left] - exact[left].rounded(.down), exact[right] - exact[right].rounded(.down))
            return remainders.0 != remainders.1 ? remainders.0 > remainders.1 : left < right
        }
        for index in byRemainder.prefix(max(0, missing)) { shares[index] += 1 }
        return shares
    }

    private mutating func countOn() {
        var (family, person) = (0, 0)
        for index in villages.indices {
            villages[index].firstFamily = family
            villages[index].firstPerson = person
            family += villages[index].families.count
            person += villages[index].people.count
        }
    }

    // MARK: Numbers

    private mutating func issueNumbers() {
        var niks = SerialBook(districts: districtDigits)
        var cards = SerialBook(districts: districtDigits)
        let districts = pack.villages.map { village in
            pack.districts.firstIndex { $0.code == village.code.ancestor(.district) } ?? 0
        }
        for index in villages.indices {
            for place in villages[index].people.indices {
                let person = villages[index].people[place]
                villages[index].people[place].nik = niks.issue(
                    district: Int(person.firstDistrict), day: Int(person.numberedBirth), isFemale: person.isFemale)
            }
            for place in villages[index].families.indices {
                let family = villages[index].families[place]
                villages[index].families[place].number = cards.issue(
                    district: districts[index], day: Int(family.recorded), isFemale: false)
            }
        }
        for index in villages.indices {
            for place in villages[index].families.indices where villages[index].families[place].hasOldNumber {
                let family = villages[index].families[place]
                villages[index].families[place].oldNumber =
                    if family.parentFamily >= 0 {
                        villages[index].families[Int(family.parentFamily)].number
                    } else {
                        cards.issue(
                            district: family.oldVillage >= 0 ? districts[Int(family.oldVillage)] : districts[index],
                            day: Int(family.recordedBefore), isFemale: false)
                    }
            }
        }
    }

    // MARK: Ranks

    private mutating func rank() {
        let count = villages.reduce(0) { $0 + $1.families.count }
        let deciles = deciles(of: count) { Int64($0.consumption) }
        let listed = villages.reduce(0) { $0 + $1.families.count { $0.surveyed != 0 } }
        let agency = self.deciles(of: listed) { $0.surveyed == 0 ? nil : Int64($0.score * 1_000_000) }
        for index in villages.indices {
            let first = villages[index].firstFamily
            for place in villages[index].families.indices {
                villages[index].families[place].decile = deciles[first + place]
                // The agency leaves some unranked, by a rule that has nothing to do with welfare.
                if (first + place) % 53 != 7 { villages[index].families[place].agencyDecile = agency[first + place] }
            }
        }
    }

    /// The tenth of the ranked families that each falls into, 1 to 10 from the lowest; 0 for those without a value.
    private func deciles(of ranked: Int, by value: (Family) -> Int64?) -> [UInt8] {
        var order: [(value: Int64, family: Int)] = []
        order.reserveCapacity(ranked)
        var total = 0
        for village in villages {
            for (place, family) in village.families.enumerated() {
                if let value = value(family) { order.append((value, village.firstFamily + place)) }
            }
            total += village.families.count
        }
        order.sort { $0.value != $1.value ? $0.value < $1.value : $0.family < $1.family }
        var deciles = [UInt8](repeating: 0, count: total)
        for (rank, entry) in order.enumerated() { deciles[entry.family] = UInt8(rank * 10 / order.count + 1) }
        return deciles
    }

    // MARK: Entitlement

    private mutating func entitle() {
        for index in villages.indices {
            for place in villages[index].families.indices {
                let family = villages[index].families[place]
                guard family.decile <= 5, !villages[index].isExcluded(family) else { continue }
                villages[index].families[place].isEntitledSembako = true
                villages[index].families[place].isEntitledPKH =
                    family.decile <= 4 && villages[index].hasComponent(family, on: today)
            }
        }
    }
}

extension Village {
    /// Those who live in a family.
    func living(_ family: Family) -> ArraySlice<Person> {
        people[Int(family.people.lowerBound)..<Int(family.people.lowerBound + family.size)]
    }

    /// Those of a family who have died or moved out.
    func gone(_ family: Family) -> Range<Int> {
        Int(family.people.lowerBound + family.size)..<Int(family.people.upperBound)
    }

    /// Whether a truth excludes the family from aid: paid by the state, a wage above the minimum, a car.
    func isExcluded(_ family: Family) -> Bool {
        family.cars > 0 || living(family).contains { $0.work.isPaidByState || $0.wageAboveMinimum }
    }

    /// Whether someone in it makes the family one for PKH.
    func hasComponent(_ family: Family, on day: Int) -> Bool { living(family).contains { $0.isComponent(on: day) } }
}
