import Journal
import Registry

/// Makes the people and families of one village: who lives with whom, and how old they are. What they live by and in is made
/// next (`VillageBuilder+Livelihood.swift`, `VillageBuilder+Dwelling.swift`).
struct VillageBuilder {
    let pack: RegionPack
    let place: RegionPack.Village
    let today: Int
    let district: UInt8
    var random: Random
    var village: Village
    /// What consumption, schooling and housing of a village have in common, of deviation 1.
    let standing: Double
    let isCoastal: Bool
    let hasPlantations: Bool
    private let cultures: [Int]

    init(pack: RegionPack, index: Int, standing: Double, seed: UInt64, today: Int) {
        self.pack = pack
        place = pack.villages[index]
        self.today = today
        let code = place.code.ancestor(.district)
        district = UInt8(clamping: pack.districts.firstIndex { $0.code == code } ?? 0)
        var random = Random(seed: seed, village: index, task: 1)
        village = Village(index: index)
        self.standing = standing
        let terrain = place.terrain
        isCoastal = random.chance(terrain == .urban ? 0 : 2200)
        hasPlantations = random.chance(terrain == .remote ? 4500 : terrain == .rural ? 900 : 0)
        self.random = random
        cultures = Culture.weights(district: code ?? place.code)
    }

    /// What each village's people have in common, of deviation about 1. Weighed by people the mean is 0, so that chance makes
    /// villages unlike each other but no regency poorer than another.
    static func standings(of pack: RegionPack, seed: UInt64) -> [Double] {
        let drawn = pack.villages.indices.map { index in
            var random = Random(seed: seed, village: index, task: 0)
            return random.normal()
        }
        let shares = pack.villages.map(\.populationShare)
        let mean = zip(drawn, shares).reduce(0) { $0 + $1.0 * $1.1 } / max(shares.reduce(0, +), 1e-9)
        return drawn.map { $0 - mean }
    }

    /// The village with that many families.
    static func build(
        pack: RegionPack, index: Int, standing: Double, seed: UInt64, today: Int, families: Int
    ) -> Village {
        var builder = VillageBuilder(pack: pack, index: index, standing: standing, seed: seed, today: today)
        builder.village.families.reserveCapacity(families)
        builder.village.people.reserveCapacity(families * 3)
        for _ in 0..<families { builder.addFamily() }
        builder.joinSplitFamilies()
        return builder.village
    }

    /// The village with so many families that they have that many people or a few more.
    static func build(
        pack: RegionPack, index: Int, standing: Double, seed: UInt64, today: Int, people: Int
    ) -> Village {
        var builder = VillageBuilder(pack: pack, index: index, standing: standing, seed: seed, today: today)
        builder.village.people.reserveCapacity(people + 16)
        while builder.village.people.count < people { builder.addFamily() }
        builder.joinSplitFamilies()
        return builder.village
    }

    // MARK: Households

    /// The people of a family before they are filed: those living there, and those dead or gone.
    struct Household {
        var culture: Culture
        var living: [Person] = []
        var gone: [Person] = []
    }

    private mutating func addFamily() {
        let culture = Culture.allCases[random.index(of: cultures)]
        var home = Household(culture: culture)
        switch random.index(of: Self.shapes) {
        case 0: addCouple(to: &home)
        case 1:
            addCouple(to: &home)
            addGrandparent(to: &home)
        case 2: addLoneParent(to: &home)
        case 3: addAlone(to: &home, age: 58 + random.below(18) + random.below(14), women: 6400)
        case 4: addAlone(to: &home, age: 22 + random.below(18) + random.below(18), women: 2400)
        case 5: addThreeGenerations(to: &home)
        default: addGrandparents(to: &home)
        }
        addRelative(to: &home)
        addDeath(to: &home)
        addDeparture(to: &home)
        file(home)
    }

    /// Couples with the children still at home, the same with a grandparent, lone parents, old people alone, others alone,
    /// couples with a married child, grandparents with a grandchild: in 1,000.
    private static let shapes = [530, 66, 92, 150, 121, 15, 26]

    private mutating func addCouple(to home: inout Household) {
        let age = 18 + random.below(26) + random.below(24)
        var wife = person(home.culture, isFemale: true, age: age, relation: .spouse)
        var husband = person(
            home.culture, isFemale: false, age: max(19, age + random.below(9) - 1), relation: .head)
        wife.marriage = .married
        husband.marriage = .married
        home.living = [husband, wife]
        addChildren(of: wife, to: &home)
    }

    private mutating func addLoneParent(to home: inout Household) {
        let isFemale = random.chance(7200)
        let age = 25 + random.below(26) + random.below(22)
        var head = person(home.culture, isFemale: isFemale, age: age, relation: .head)
        head.marriage = age > 50 || random.chance(3000) ? .widowed : .divorced
        home.living = [head]
        if isFemale {
            addChildren(of: head, to: &home, atLeastOne: true)
        } else {
            var mother = person(home.culture, isFemale: true, age: max(18, age - 3), relation: .spouse)
            mother.marriage = .married
            addChildren(of: mother, to: &home, atLeastOne: true)
        }
        if head.marriage == .widowed, random.chance(1600) {
            var spouse = person(
                home.culture, isFemale: !isFemale, age: age + (isFemale ? random.below(8) : -random.below(6)),
                relation: .spouse)
            spouse.marriage = .married
            die(&spouse)
            home.gone.append(spouse)
        }
    }

    private mutating func addAlone(to home: inout Household, age: Int, women: Int) {
        var head = person(home.culture, isFemale: random.chance(women), age: age, relation: .head)
        head.marriage =
            age >= 50 ? (random.chance(8000) ? .widowed : .divorced) : random.chance(6000) ? .single : .divorced
        home.living = [head]
        if head.marriage == .widowed, random.chance(1200) {
            var spouse = person(
                home.culture, isFemale: !head.isFemale, age: age + (head.isFemale ? random.below(8) : -random.below(6)),
                relation: .spouse)
            spouse.marriage = .married
            die(&spouse)
            home.gone.append(spouse)
        }
    }

    /// A couple, a married child, the spouse and mostly a grandchild, all on one card.
    private mutating func addThreeGenerations(to home: inout Household) {
        let age = 44 + random.below(16)
        var wife = person(home.culture, isFemale: true, age: age, relation: .spouse)
        var husband = person(home.culture, isFemale: false, age: age + random.below(7), relation: .head)
        var child = person(
            home.culture, isFemale: random.chance(5500), age: age - 18 - random.below(6), relation: .child)
        child.mother = wife.name
        var inLaw = person(
            home.culture, isFemale: !child.isFemale,
            age: max(19, child.age(on: today) + (child.isFemale ? random.below(7) : -random.below(4))),
            relation: .childInLaw)
        (wife.marriage, husband.marriage) = (.married, .married)
        (child.marriage, inLaw.marriage) = (.married, .married)
        home.living = [husband, wife, child, inLaw]
        let mother = child.isFemale ? child : inLaw
        let years = mother.age(on: today) - 18
        guard years > 0, random.chance(7500) else { return }
        var grandchild = person(
            home.culture, isFemale: random.chance(4880), age: random.below(years), relation: .grandchild)
        grandchild.mother = mother.name
        home.living.append(grandchild)
    }

    /// A niece, a nephew or a cousin who lives there too.
    private mutating func addRelative(to home: inout Household) {
        guard random.chance(120) else { return }
        home.living.append(
            person(home.culture, isFemale: random.chance(5000), age: 8 + random.below(22), relation: .relative))
    }

    private mutating func addGrandparents(to home: inout Household) {
        let age = 52 + random.below(22)
        var grandmother = person(home.culture, isFemale: true, age: age, relation: .head)
        if random.chance(5000) {
            var husband = person(home.culture, isFemale: false, age: age + random.below(8), relation: .head)
            husband.marriage = .married
            grandmother.marriage = .married
            grandmother.relation = .spouse
            home.living = [husband, grandmother]
        } else {
            grandmother.marriage = .widowed
            home.living = [grandmother]
        }
        let grandchild = person(
            home.culture, isFemale: random.chance(5000), age: min(age - 40, 2 + random.below(16)), relation: .grandchild
        )
        home.living.append(grandchild)
    }

    /// Children whom the mother bore at 16 to 45 and who have not left home.
    private mutating func addChildren(of mother: Person, to home: inout Household, atLeastOne: Bool = false) {
        let age = mother.age(on: today)
        let wanted = age > 62 ? random.index(of: [4, 10, 24, 26, 20, 16]) : random.index(of: [5, 24, 45, 20, 5, 1])
        var atBirth = 16 * 365 + 300 + random.below(6 * 365) + random.below(6 * 365)
        for place in 0..<wanted {
            let birth = Int(mother.birth) + atBirth
            guard birth <= today, atBirth < 16_400 else { return }
            let leaves = random.chance(1100) ? 45 : 18 + random.below(8)
            let years = (today - birth) * 4 / 1461
            // One birth in ninety is of twins.
            atBirth += random.chance(110) ? 0 : 2 * 365 + random.below(5 * 365)
            let isFirst = !home.living.contains { $0.relation == .child }
            guard years < leaves || (atLeastOne && isFirst && place == wanted - 1 && years < 40) else { continue }
            var child = person(
                home.culture, isFemale: random.chance(4880), birth: birth, relation: .child, sibling: place)
            child.mother = mother.name
            if years > 24, random.chance(2500) { child.marriage = .divorced }
            home.living.append(child)
        }
    }

    private mutating func addGrandparent(to home: inout Household) {
        let side = random.chance(5500) ? 0 : 1
        let child = home.living[side]
        let isFemale = random.chance(6600)
        let age = child.age(on: today) + 18 + random.below(18)
        guard age < 97 else { return }
        var parent = person(
            home.culture, isFemale: isFemale, age: age, relation: side == 0 ? .parent : .parentInLaw)
        parent.marriage = .widowed
        if isFemale { home.living[side].mother = parent.name }
        home.living.append(parent)
    }

    private mutating func addDeath(to home: inout Household) {
        guard random.chance(380), let head = home.living.first else { return }
        let isFemale = random.chance(4700)
        var dead = person(
            home.culture, isFemale: isFemale, age: min(98, head.age(on: today) + 18 + random.below(16)),
            relation: .parent)
        dead.marriage = .widowed
        if isFemale { home.living[0].mother = dead.name }
        die(&dead)
        home.gone.append(dead)
    }

    private mutating func addDeparture(to home: inout Household) {
        guard random.chance(260), let head = home.living.first, head.age(on: today) > 40 else { return }
        var gone = person(home.culture, isFemale: random.chance(5000), age: 18 + random.below(14), relation: .child)
        if head.isFemale { gone.mother = head.name }
        gone.presence = .movedOut
        gone.event = Int32(today - 20 - random.below(1060))
        gone.isEventRecorded = random.chance(9500)
        home.gone.append(gone)
    }

    private mutating func die(_ person: inout Person) {
        person.presence = .dead
        person.event = Int32(today - 10 - random.below(1080))
        person.isEventRecorded = random.chance(9200)
    }

    // MARK: Persons

    private mutating func person(
        _ culture: Culture, isFemale: Bool, age: Int, relation: Person.Relation
    ) -> Person {
        let birth = today - age * 1461 / 4 - 1 - random.below(364)
        return person(culture, isFemale: isFemale, birth: birth, relation: relation, sibling: random.below(4))
    }

    private mutating func person(
        _ culture: Culture, isFemale: Bool, birth: Int, relation: Person.Relation, sibling: Int
    ) -> Person {
        let year = CalendarDate(day: birth).components.year
        let name = PersonName.draw(culture, isFemale: isFemale, born: year, sibling: sibling, &random)
        let mother = PersonName.draw(
            culture, isFemale: true, born: year - 20 - random.below(12), sibling: random.below(4), &random)
        let outside = random.chance(700)
        var person = Person(
            name: name, mother: mother, birth: Int32(birth), registeredBirth: Int32(birth), numberedBirth: 0,
            isFemale: isFemale, relation: relation,
            firstDistrict: random.chance(900) ? UInt8(random.below(pack.districts.count)) : district,
            birthplace: outside ? UInt8(pack.districts.count) : district)
        if year < 1975, random.chance(700) { person.registeredBirth = Int32(guessedDate(in: year)) }
        person.numberedBirth = person.registeredBirth
        if random.chance(40) {
            let slip = Int32([1, 10, 31, 365][random.below(4)])
            person.numberedBirth += random.chance(5000) && birth + 365 < today ? slip : -slip
        }
        addHealth(to: &person)
        return person
    }

    /// The day that the registry entered for someone whose birthday nobody had written down.
    private mutating func guessedDate(in year: Int) -> Int {
        let year = year + (random.chance(4000) ? random.within(-2...2) : 0)
        let (month, day) = [(1, 1), (7, 1), (12, 31)][random.index(of: [60, 25, 15])]
        return CalendarDate(year: year, month: month, day: day)?.day ?? today
    }

    // MARK: Filing

    private mutating func file(_ home: Household) {
        var home = home
        let first = Int32(village.people.count)
        let size = Int32(home.living.count)
        var family = Family(
            people: first..<first + size + Int32(home.gone.count), size: size, culture: home.culture)
        addLivelihood(to: &family, &home)
        addDwelling(to: &family, home)
        addRegistration(to: &family, &home)
        village.people += home.living
        village.people += home.gone
        village.families.append(family)
    }

    private mutating func addRegistration(to family: inout Family, _ home: inout Household) {
        family.neighbourhood = UInt8(1 + random.below(6))
        family.ward = UInt8(1 + random.below(5))
        family.street = UInt16(random.below(1 << 16))
        // A card is made anew when a child is born.
        let youngest = home.living.map { Int($0.birth) }.max() ?? today
        let earliest = max(today - 17 * 365, youngest)
        family.recorded = Int32(earliest + random.below(max(1, today - earliest)))
        if random.chance(1000) {
            family.hasOldNumber = true
            family.recorded = Int32(today - 30 - random.below(1200))
            family.recordedBefore = family.recorded - 400 - Int32(random.below(4000))
        }
        if random.chance(220) {
            family.oldVillage = Int16(random.below(pack.villages.count))
            if Int(family.oldVillage) == village.index { family.oldVillage = -1 }
            family.moved = Int32(today - 20 - random.below(1060))
            family.recorded = family.moved
            family.hasOldNumber = true
            family.recordedBefore = family.moved - 400 - Int32(random.below(4000))
        } else if random.chance(110) {
            let day = Int32(today - 20 - random.below(1060))
            for place in home.living.indices where home.living[place].birth < day {
                home.living[place].movedIn = true
                home.living[place].event = day
            }
        }
        if !random.chance(300) { family.surveyed = surveyDay(home) }
        family.connection = Float(random.normal())
        family.score = WelfareScore.points(family, home.living, today: today)
        // What an old entry says has changed since.
        if family.surveyed < Int32(today - AgencyWriter.staleAfter) { family.score += 0.2 * random.normal() }
    }

    /// The day of a family's last entry in DTSEN: most in this year, some long ago. 0 where the family came to the regency
    /// after it.
    private mutating func surveyDay(_ home: Household) -> Int32 {
        let recent = today - 15 - random.below(250)
        let day =
            switch random.index(of: [70, 13, 17]) {
            case 0: recent
            case 1: today - 290 - random.below(360)
            default: today - AgencyWriter.staleAfter - random.below(1450)
            }
        guard let head = home.living.first else { return 0 }
        if head.movedIn, Int(head.event) > day { return 0 }
        return Int32(head.age(on: day) < 17 ? recent : day)
    }

    /// Young families that split from an older one of the same village, whose number they had before.
    private mutating func joinSplitFamilies() {
        guard village.families.count > 20 else { return }
        for index in village.families.indices where village.families[index].hasOldNumber {
            let family = village.families[index]
            let head = Int(family.people.lowerBound)
            guard family.oldVillage < 0, village.people[head].age(on: today) < 45 else { continue }
            for _ in 0..<6 {
                let other = random.below(village.families.count)
                let elder = village.people[Int(village.families[other].people.lowerBound)]
                let years = village.people[head].age(on: today)
                guard other != index, (18...42).contains(elder.age(on: today) - years),
                    village.families[other].culture == family.culture
                else { continue }
                village.families[index].parentFamily = Int32(other)
                if elder.isFemale {
                    village.people[head].mother = elder.name
                } else if village.families[other].size > 1 {
                    let spouse = village.people[Int(village.families[other].people.lowerBound) + 1]
                    if spouse.relation == .spouse { village.people[head].mother = spouse.name }
                }
                break
            }
        }
    }
}
