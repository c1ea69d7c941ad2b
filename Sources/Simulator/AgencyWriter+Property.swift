import Journal
import Registry

extension AgencyWriter {
    /// Whose name stands on a bill or certificate: mostly the head's, some another member's, some a former owner's.
    private func writeOwner(_ home: Home, formerOwner: Int, into file: inout AgencyFile, _ holder: Int) {
        guard file.random.chance(formerOwner) else {
            if holder != home.head { file.note(.otherPerson) }
            file.nik(of: holder, in: home.village, home.family)
            file.name(of: home.person(holder))
            return
        }
        file.note(.otherPerson)
        // The number, where there is one, is that of whoever pays now.
        file.nik(of: home.head, in: home.village, home.family, alsoMissing: 4500)
        let isFemale = file.random.chance(2500)
        let born = CalendarDate(day: Int(home.person(home.head).birth)).components.year - file.random.below(35)
        let owner = PersonName.draw(home.family.culture, isFemale: isFemale, born: born, sibling: 0, &file.random)
        file.name(owner, isFemale: isFemale, isOld: born < 1957)
    }

    private func holder(_ home: Home, others: Int, _ file: inout AgencyFile) -> Int {
        let adults = home.living.filter { home.person($0).age(on: today) >= 17 }
        guard adults.count > 1, file.random.chance(others) else { return home.head }
        return adults[1 + file.random.below(adults.count - 1)]
    }

    /// Electricity: one customer a meter.
    func writeConnection(_ home: Home, into file: inout AgencyFile) {
        let house = home.family.house
        guard house.power > 0, !house.sharesMeter else { return }
        let holder = holder(home, others: 1600, &file)
        file.row(person: home.identifier(holder), family: home.number) { file in
            file.field(Self.identifier("5185", scattered(home.number, below: 100_000_000), width: 8))
            writeOwner(home, formerOwner: 1300, into: &file, holder)
            file.village(plainCodes, of: home.family, in: home.village, isOld: false)
            address(of: home, into: &file, withNumbers: true)
            file.integer(house.voltAmpere)
            var use: [UInt8] = []
            use.append(digitsOf: UInt64(house.use / 10))
            use.append(".")
            use.append(digitsOf: UInt64(house.use % 10))
            file.field(use)
        }
    }

    /// Employment insurance: members, and whether the wage is above the minimum.
    func writeInsured(_ home: Home, into file: inout AgencyFile) {
        for place in home.living where home.person(place).isInsuredWorker {
            let person = home.person(place)
            file.row(person: home.identifier(place), family: home.number) { file in
                let number = home.identifier(place) * 2 + file.copy
                file.field(Self.identifier("", scattered(number, below: 100_000_000_000), width: 11))
                file.nik(of: place, in: home.village, home.family)
                file.name(of: person)
                file.birth(of: person, dayFirst: true)
                file.field(person.wageAboveMinimum ? "YA" : "TIDAK")
            }
        }
    }

    /// Land certificates: the house's plot, and fields beyond it.
    func writeLand(_ home: Home, into file: inout AgencyFile) {
        let area = Int(home.family.certifiedLand)
        guard area > 0 else { return }
        let plots = area > 900 ? [250, area - 250] : [area]
        for (plot, size) in plots.enumerated() {
            let holder = holder(home, others: 1500, &file)
            file.row(person: home.identifier(holder), family: home.number) { file in
                var number = Array(codes[home.village.index].dropFirst(6))
                number.append(".1.")
                number.append(digitsOf: UInt64((home.number - home.village.firstFamily) * 2 + plot + 1), width: 5)
                file.field(number)
                writeOwner(home, formerOwner: 1400, into: &file, holder)
                file.field(["HM", "HGB", "HP"][file.random.index(of: [92, 5, 3])])
                file.integer(size)
                file.village(codes, of: home.family, in: home.village, isOld: false)
            }
        }
    }

    /// Motor vehicles; a used one often stands in the seller's name.
    func writeVehicles(_ home: Home, into file: inout AgencyFile) {
        for vehicle in 0..<Int(home.family.motorcycles + home.family.cars) {
            let isCar = vehicle >= Int(home.family.motorcycles)
            let holder = holder(home, others: isCar ? 1500 : 3200, &file)
            file.row(person: home.identifier(holder), family: home.number) { file in
                file.field(Self.plate(home.number * 4 + vehicle))
                writeOwner(home, formerOwner: isCar ? 600 : 1300, into: &file, holder)
                if isCar {
                    file.field(["MOBIL PENUMPANG", "MOBIL BARANG", "BUS"][file.random.index(of: [870, 120, 10])])
                } else {
                    file.field("SEPEDA MOTOR")
                }
                file.integer(year - file.random.below(9) - file.random.below(9))
            }
        }
    }

    /// Whom the state pays.
    func writeService(_ home: Home, into file: inout AgencyFile) {
        for place in home.living where home.person(place).work.isPaidByState {
            let person = home.person(place)
            file.row(person: home.identifier(place), family: home.number) { file in
                let born = CalendarDate(day: Int(person.registeredBirth)).components
                var number: [UInt8] = []
                number.append(digitsOf: UInt64(born.year * 10_000 + born.month * 100 + born.day))
                number.append(person.isFemale ? "2" : "1")
                number.append(digitsOf: UInt64(scattered(home.identifier(place), below: 100_000_000)), width: 9)
                file.field(number)
                file.nik(of: place, in: home.village, home.family)
                file.name(of: person)
                file.birth(of: person)
                switch person.work {
                case .contractServant: file.field("PPPK")
                case .army: file.field("TNI")
                case .police: file.field("POLRI")
                case .pensioner: file.field("PENSIUNAN")
                default: file.field("PNS")
                }
            }
        }
    }

    /// `prefix` and a number of that width.
    static func identifier(_ prefix: StaticString, _ number: Int, width: Int) -> [UInt8] {
        var text: [UInt8] = []
        text.append(prefix)
        text.append(digitsOf: UInt64(number), width: width)
        return text
    }

    /// `P 4821 QXZ`: the region's letter, four digits and three letters, no two alike.
    private static func plate(_ vehicle: Int) -> [UInt8] {
        var rest = scattered(vehicle, below: 9000 * 17_576)
        var text: [UInt8] = []
        text.append("P ")
        text.append(digitsOf: UInt64(1000 + rest % 9000))
        text.append(" ")
        rest /= 9000
        for _ in 0..<3 {
            text.append(UInt8(ascii: "A") + UInt8(rest % 26))
            rest /= 26
        }
        return text
    }
}
