import Registry

/// Writes what the agencies hold of one village. Each agency's rows come from a random stream of their own.
struct AgencyWriter: Sendable {
    let population: Population
    let seed: UInt64
    /// The villages' codes with dots, and without.
    let codes: [[UInt8]]
    let plainCodes: [[UInt8]]
    /// The birthplaces: the districts' names in capitals, then one for all other regencies.
    let birthplaces: [[UInt8]]
    let today: Int
    /// The year of today.
    let year: Int

    init(population: Population, seed: UInt64, year: Int) {
        self.population = population
        self.seed = seed
        self.year = year
        today = population.today
        codes = population.pack.villages.map { Array($0.code.text.utf8) }
        plainCodes = codes.map { $0.filter { $0 != UInt8(ascii: ".") } }
        birthplaces = population.pack.districts.map { Array($0.name.uppercased().utf8) }
    }

    /// The files of a village, in the agencies' order.
    func files(of index: Int) -> [AgencyFile] {
        let village = population.villages[index]
        return Agency.allCases.map { agency in
            var file = AgencyFile(agency, seed: seed, village: index)
            write(village, into: &file)
            return file
        }
    }

    private func write(_ village: Village, into file: inout AgencyFile) {
        for (place, family) in village.families.enumerated() {
            let home = Home(village: village, family: family, number: village.firstFamily + place)
            switch file.agency {
            case .dukcapil: writeResidents(home, into: &file)
            case .deaths: writeDeaths(home, into: &file)
            case .moves: writeMoves(home, into: &file)
            case .families: writeFamily(home, into: &file)
            case .members: writeMembers(home, into: &file)
            case .pln: writeConnection(home, into: &file)
            case .insurance: writeInsured(home, into: &file)
            case .land: writeLand(home, into: &file)
            case .vehicles: writeVehicles(home, into: &file)
            case .service: writeService(home, into: &file)
            case .pkh: if family.receivesPKH { writeRecipient(home, of: .pkh, into: &file) }
            case .sembako: if family.receivesSembako { writeRecipient(home, of: .sembako, into: &file) }
            case .accounts: writeAccount(home, into: &file)
            }
        }
    }
}

/// A family with its village, for writing.
struct Home {
    let village: Village
    let family: Family
    /// The family's number among all, from 0.
    let number: Int

    /// The head's place among the village's people.
    var head: Int { Int(family.people.lowerBound) }
    /// The places of those who live there.
    var living: Range<Int> { head..<head + Int(family.size) }
    /// The places of the dead and gone.
    var gone: Range<Int> { living.upperBound..<Int(family.people.upperBound) }

    /// Someone by the place.
    func person(_ place: Int) -> Person { village.people[place] }
    /// Someone's number among all, from 0.
    func identifier(_ place: Int) -> Int { village.firstPerson + place }

    /// Who fetches the money: the wife where there is one, else the head.
    var caretaker: Int {
        family.size > 1 && person(head + 1).relation == .spouse && person(head + 1).isFemale ? head + 1 : head
    }
}

extension AgencyWriter {
    static let hamlets: [StaticString] = [
        "KRAJAN", "SUMBERJO", "KEDUNGREJO", "TEGALSARI", "KARANGANYAR", "SUKOREJO", "GUMUK", "PANCURSARI", "SELOREJO",
        "CURAHPALUNG", "REJOAGUNG", "KALIKEMPIT", "SIDODADI", "PALUREJO", "MULYOREJO", "TUGUREJO", "KAMPUNG BARU",
        "SAWAHAN", "RINGINAGUNG", "WONOREJO", "JATIMULYO", "DAMREJO", "PEKULO", "SENDANGREJO",
    ]
    static let streets: [StaticString] = [
        "JL. MAWAR", "JL. MELATI", "JL. DIPONEGORO", "JL. KH. AGUS SALIM", "JL. IKAN TONGKOL", "JL. ADI SUCIPTO",
        "JL. GAJAH MADA", "JL. RADEN WIJAYA", "JL. BRAWIJAYA", "JL. KARTINI", "JL. SUDIRMAN", "JL. LETKOL ISTIQLAH",
    ]

    /// Appends where a family lives, without its neighbourhood.
    func address(of home: Home, into file: inout AgencyFile, withNumbers: Bool) {
        let draw = Int(home.family.street)
        var text: [UInt8] = []
        if population.pack.villages[home.village.index].terrain == .urban {
            text.append(Self.streets[draw % Self.streets.count])
            text.append(" NO. ")
            text.append(digitsOf: UInt64(1 + draw / 16 % 180))
        } else {
            text.append(withNumbers ? "DSN " : "DUSUN ")
            text.append(Self.hamlets[(home.village.index * 5 + draw % 5) % Self.hamlets.count])
        }
        if withNumbers {
            text.append(" RT ")
            text.append(digitsOf: UInt64(home.family.neighbourhood), width: 2)
            text.append(" RW ")
            text.append(digitsOf: UInt64(home.family.ward), width: 2)
        }
        file.field(text)
    }
}
