import Registry

extension AgencyWriter {
    /// Entries older than this many days are called stale.
    static let staleAfter = 660

    /// One row a family of DTSEN; what an old row says of a house has changed since in part.
    func writeFamily(_ home: Home, into file: inout AgencyFile) {
        let family = home.family
        // Whoever split from another family after the survey stands in that family's row.
        guard family.surveyed != 0, family.parentFamily < 0 || family.surveyed >= family.recorded else { return }
        let isStale = Int(family.surveyed) < today - Self.staleAfter
        file.row(person: home.identifier(home.head), family: home.number) { file in
            if isStale { file.note(.stale) }
            file.familyNumber(family, isOld: family.surveyed < family.recorded ? nil : false)
            file.nik(of: home.head, in: home.village, family)
            file.name(of: home.person(home.head))
            file.village(codes, of: family, in: home.village, isOld: family.surveyed < family.moved)
            file.date(Int(family.surveyed), isMain: true)
            file.decile(family.agencyDecile)
            file.integer(max(1, members(home).count))
            let house = family.house
            file.code(house.tenure)
            file.integer(house.floorArea)
            for (code, most) in [(house.floor, 9), (house.wall, 7), (house.roof, 8), (house.water, 11)] {
                file.code(seen(code, most: most, isStale, &file))
            }
            file.code(house.light)
            file.code(house.power)
            for (code, most) in [(house.fuel, 12), (house.toilet, 6), (house.disposal, 6)] {
                file.code(seen(code, most: most, isStale, &file))
            }
            for asset in Family.Asset.allCases {
                file.boolean(family.has(asset) != (isStale && file.random.chance(700)))
            }
            let herd = family.livestock
            for heads in [herd.0, herd.1, herd.2, herd.3, herd.4] { file.integer(heads) }
        }
    }

    /// A code as the enumerator noted it: now and then a neighbouring one, or nothing.
    private func seen(_ code: UInt8, most: Int, _ isStale: Bool, _ file: inout AgencyFile) -> UInt8 {
        if file.random.chance(60) { return 0 }
        guard file.random.chance(isStale ? 900 : 150) else { return code }
        return UInt8(min(max(Int(code) + (file.random.chance(5000) ? 1 : -1), 1), most))
    }

    /// The places of those whom DTSEN lists: who lived there on the day of the survey.
    private func members(_ home: Home) -> [Int] {
        let day = home.family.surveyed
        return home.living.filter { place in
            let person = home.person(place)
            return person.birth <= day && !(person.movedIn && person.event > day)
        }
            + home.gone.filter { home.person($0).event > day }
    }

    /// One row a family member of DTSEN.
    func writeMembers(_ home: Home, into file: inout AgencyFile) {
        guard home.family.surveyed != 0 else { return }
        for place in members(home) { writeMember(home, place, into: &file) }
    }

    private func writeMember(_ home: Home, _ place: Int, into file: inout AgencyFile) {
        let person = home.person(place)
        let family = home.family
        let day = Int(family.surveyed)
        let isStale = day < today - Self.staleAfter
        let age = person.age(on: day)
        file.row(person: home.identifier(place), family: home.number) { file in
            if isStale { file.note(.stale) }
            if person.presence == .dead { file.note(.deadListed) }
            if person.presence == .movedOut { file.note(.movedListed) }
            let isOld: Bool? = family.surveyed < family.recorded ? (family.parentFamily >= 0 ? true : nil) : false
            file.familyNumber(family, isOld: isOld)
            file.nik(of: place, in: home.village, family, alsoMissing: age < 3 ? 1200 : 0)
            file.name(of: person)
            file.field(person.isFemale ? "P" : "L")
            file.birth(of: person)
            file.integer(Self.relation(person))
            file.date(day, isMain: true)
            writeSchooling(person, day, into: &file)
            let works = person.work.isWorking && age >= 16
            file.boolean(works)
            file.code(works ? Self.status(person.work, place) : 0)
            // Whoever was pregnant at an old survey is so no more.
            let isRecent = day > today - 240
            file.boolean(
                isRecent
                    ? person.isPregnant
                    : (18...42).contains(age) && person.marriage == .married
                        && person.isFemale && file.random.chance(600))
            file.field(
                person.disability == .severe ? "BERAT" : person.disability == .mild ? "RINGAN" : "TIDAK ADA")
            file.boolean(person.isChronicallyIll)
        }
    }

    private func writeSchooling(_ person: Person, _ day: Int, into file: inout AgencyFile) {
        let (enrolled, school, grade) = person.schooling(on: day)
        if enrolled {
            file.field("MASIH SEKOLAH")
        } else {
            file.field(school == .none ? "BELUM PERNAH" : "TIDAK SEKOLAH LAGI")
        }
        switch school {
        case .none: file.field("TIDAK ADA")
        case .preschool: file.field("PAUD")
        case .primary: file.field("SD")
        case .junior: file.field("SMP")
        case .senior: file.field("SMA")
        case .tertiary: file.field("PT")
        }
        file.code(UInt8(grade))
    }

    /// Codes of question 409.
    private static func relation(_ person: Person) -> Int {
        switch person.relation {
        case .head: 1
        case .spouse: 2
        case .child: 3
        case .childInLaw: 4
        case .grandchild: 5
        case .parent, .parentInLaw: 6
        case .relative: 8
        }
    }

    /// Codes of question 418.
    private static func status(_ work: Person.Work, _ place: Int) -> UInt8 {
        switch work {
        case .farmer, .fisher: place % 3 == 0 ? 2 : 1
        case .trader: place % 9 == 0 ? 3 : 1
        case .driver: 1
        case .farmLabourer: 6
        case .builder, .servant: 7
        case .familyHelper: 8
        case .plantationWorker, .factoryWorker, .employee: 4
        case .civilServant, .contractServant, .army, .police: 5
        case .none, .pensioner: 0
        }
    }
}
