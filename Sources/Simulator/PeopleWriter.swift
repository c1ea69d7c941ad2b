import Journal
import Registry

/// Writes the records of a block of people: one for each person, and the doubles.
struct PeopleWriter: Sendable {
    /// The lines of a block: nine digits of the person's number, then the fields after the record's number.
    struct Output: Sendable {
        var bytes: [UInt8] = []
        /// How many doubles bear each fault, in the order of ``RecordFault``'s cases.
        var faults = [Int](repeating: 0, count: RecordFault.allCases.count)
        /// How many people have a double.
        var doubled = 0
    }

    let seed: UInt64
    let today: Int
    private let codes: [[UInt8]]
    private let birthplaces: Birthplaces
    /// For each village, the range of the villages of its district.
    private let neighbours: [[Int]]
    private let districtDigits: [UInt64]
    /// The index that stands for a birth in another regency.
    private let elsewhere: UInt8

    init(pack: RegionPack, seed: UInt64, today: Int) {
        self.seed = seed
        self.today = today
        codes = pack.villages.map { $0.code.text.utf8.filter { $0 != UInt8(ascii: ".") } }
        birthplaces = Birthplaces(pack)
        let byDistrict = Dictionary(grouping: pack.villages.indices) { pack.villages[$0].code.ancestor(.district) }
        neighbours = pack.villages.map { byDistrict[$0.code.ancestor(.district)] ?? [] }
        districtDigits = pack.districts.map { UInt64($0.code.text.suffix(2)) ?? 0 }
        elsewhere = UInt8(clamping: pack.districts.count)
    }

    /// How many doubles a person has who has any: 1, 2, 3 and so on, in proportion.
    private static let copies = [10_462, 2821, 993, 166, 36, 11, 1]
    /// How many faults a double has: 1, 2 or 3, in proportion.
    private static let faultCounts = [22, 40, 38]
    /// How many first records have a fault, in 10,000.
    private static let firstFaults = 100

    /// The records of a block.
    func output(of village: Village, _ block: PeopleBlock) -> Output {
        var random = Random(seed: seed, village: block.number, task: 402)
        var output = Output()
        output.bytes.reserveCapacity((block.people + block.doubles) * 120)
        let copies = copies(block, &random, &output)
        for family in village.families {
            let phone = phone(&random)
            for place in family.people {
                let place = Int(place)
                let truth = truth(of: place, in: village, familyPhone: phone, &random)
                for copy in 0...Int(copies[place]) {
                    var record = truth.record
                    record.leaveGaps(&random)
                    if copy > 0 {
                        let other = surroundings(of: place, in: village, family, truth.birthplace, &random)
                        record.spoil(1 + random.index(of: Self.faultCounts), with: other, &random) {
                            output.faults[$0.rawValue] += 1
                        }
                    } else if random.chance(Self.firstFaults) {
                        let other = surroundings(of: place, in: village, family, truth.birthplace, &random)
                        record.spoil(1, with: other, &random) { _ in }
                    }
                    output.bytes.append(digitsOf: UInt64(block.firstPerson + place), width: 9)
                    record.append(to: &output.bytes, PersonRecord.style(&random))
                }
            }
        }
        return output
    }

    /// How many doubles each person of a block has.
    private func copies(_ block: PeopleBlock, _ random: inout Random, _ output: inout Output) -> [UInt8] {
        var copies = [UInt8](repeating: 0, count: block.people)
        var left = block.doubles
        while left > 0 {
            let place = random.below(block.people)
            guard copies[place] == 0 else { continue }
            let count = min(left, 1 + random.index(of: Self.copies))
            copies[place] = UInt8(count)
            left -= count
            output.doubled += 1
        }
        return copies
    }

    // MARK: The truth

    private func truth(
        of place: Int, in village: Village, familyPhone: [UInt8], _ random: inout Random
    ) -> (record: PersonRecord, birthplace: Int) {
        let person = village.people[place]
        let birthplace = person.birthplace == elsewhere ? birthplaces.elsewhere(&random) : 0
        var nik: [UInt8] = []
        nik.reserveCapacity(16)
        nik.append(digitsOf: person.nik, width: 16)
        var number: [UInt8] = []
        if random.chance(6200) {
            number = random.chance(person.age(on: today) < 15 ? 600 : 4800) ? phone(&random) : familyPhone
        }
        return (
            PersonRecord(
                nik: nik, name: person.name.letters, birth: CalendarDate(day: Int(person.registeredBirth)),
                isFemale: person.isFemale, birthplace: birthplaces.places[birthplace].name,
                village: codes[village.index],
                mother: person.mother.letters, phone: number), birthplace
        )
    }

    /// A number of eleven or twelve digits that begins as no operator's mobile numbers do.
    private func phone(_ random: inout Random) -> [UInt8] {
        var number: [UInt8] = [48, 56, 52]
        number.append(digitsOf: UInt64(random.below(1_000_000_000)), width: 9)
        if random.chance(2500) { number.removeLast() }
        return number
    }

    // MARK: What else could stand there

    private func surroundings(
        of place: Int, in village: Village, _ family: Family, _ birthplace: Int, _ random: inout Random
    ) -> PersonRecord.Surroundings {
        let person = village.people[place]
        let near = neighbours[village.index]
        let isNear = random.chance(6100) && near.count > 1
        let another = isNear ? near[random.below(near.count)] : random.below(codes.count)
        let someone =
            random.chance(5000)
            ? Int(family.people.lowerBound) + random.below(family.people.count) : random.below(village.people.count)
        let head = village.people[Int(family.people.lowerBound)]
        let fatherName: PersonName =
            if person.relation == .child, !head.isFemale {
                head.name
            } else {
                PersonName.draw(family.culture, isFemale: false, born: 1955, sibling: random.below(4), &random)
            }
        return PersonRecord.Surroundings(
            isFemale: person.isFemale, place: birthplaces.places[birthplace],
            father: NameSpelling.firstOnly(fatherName.letters), otherNIK: village.people[someone].nik,
            otherVillage: codes[another], otherPhone: phone(&random),
            otherDistrict: districtDigits[random.below(districtDigits.count)], birthplaces: birthplaces,
            today: CalendarDate(day: today))
    }
}
