import Journal
import Registry

extension AgencyWriter {
    /// The population register: everyone who lives there, and some who do not any more.
    func writeResidents(_ home: Home, into file: inout AgencyFile) {
        for place in home.living {
            writeResident(home, place, into: &file)
            writeAgain(home, place, into: &file)
        }
        for place in home.gone {
            let person = home.person(place)
            let isDead = person.presence == .dead
            // Of what the registry has not been told it cannot know.
            guard !person.isEventRecorded || file.random.chance(isDead ? 1200 : 800) else { continue }
            writeResident(home, place, isDead ? .deadListed : .movedListed, into: &file)
        }
    }

    private func writeResident(_ home: Home, _ place: Int, _ fault: Fault? = nil, into file: inout AgencyFile) {
        file.row(person: home.identifier(place), family: home.number) { file in
            if let fault { file.note(fault) }
            let nik = registeredNIK(home, place, &file)
            let isOld = file.random.chance(1000) && home.family.oldVillage >= 0
            writeFields(
                of: home.person(place), in: home, nik: nik, hasOldCard: isOld ? true : nil, isOld: isOld, into: &file)
        }
    }

    /// The second entry of somebody who was entered twice, mostly from before the family got the card that it has.
    private func writeAgain(_ home: Home, _ place: Int, into file: inout AgencyFile) {
        var person = home.person(place)
        guard let second = person.secondEntry else { return }
        file.again(person: home.identifier(place), family: home.number) { file in
            file.note(.secondNIK)
            if second.birth != person.registeredBirth {
                person.registeredBirth = second.birth
                file.note(.birthUnknown)
            }
            let isOld = file.random.chance(8000)
            writeFields(of: person, in: home, nik: second.nik, hasOldCard: isOld, isOld: isOld, into: &file)
        }
    }

    /// - Parameter isOld: whether the entry stands in the village where the family lived before.
    private func writeFields(
        of person: Person, in home: Home, nik: UInt64, hasOldCard: Bool?, isOld: Bool, into file: inout AgencyFile
    ) {
        file.number(nik)
        file.familyNumber(home.family, isOld: hasOldCard)
        file.name(of: person)
        file.field(person.isFemale ? "P" : "L")
        if Int(person.birthplace) < birthplaces.count {
            file.field(birthplaces[Int(person.birthplace)])
        } else {
            file.field(Self.otherPlaces[Int(person.birth.magnitude) % Self.otherPlaces.count])
        }
        file.birth(of: person)
        file.field(Self.relation(person))
        file.field(Self.marriage(person.marriage))
        if file.copy == 1 {
            file.field(NameSpelling.misspelt(person.mother.letters, &file.random))
        } else {
            file.field(person.mother.letters)
        }
        address(of: home, into: &file, withNumbers: false)
        file.field(Self.threeDigits(home.family.neighbourhood))
        file.field(Self.threeDigits(home.family.ward))
        file.village(codes, of: home.family, in: home.village, isOld: isOld)
    }

    /// The NIK, which in 1 of 5,000 rows is that of someone else in the village.
    private func registeredNIK(_ home: Home, _ place: Int, _ file: inout AgencyFile) -> UInt64 {
        let people = home.village.people
        guard file.copy == 0, file.random.chance(2), people.count > 1 else { return people[place].nik }
        let other = file.random.below(people.count)
        guard other != place, people[other].presence == .present, people[other].isFemale == people[place].isFemale
        else { return people[place].nik }
        file.note(.sharedNIK)
        return people[other].nik
    }

    private static let otherPlaces: [StaticString] = [
        "JEMBER", "SITUBONDO", "BONDOWOSO", "LUMAJANG", "DENPASAR", "JEMBRANA", "MALANG", "SURABAYA", "SUMENEP",
        "BLITAR",
        "PONOROGO", "TULUNGAGUNG",
    ]

    private static func threeDigits(_ number: UInt8) -> [UInt8] {
        var text: [UInt8] = []
        text.append(digitsOf: UInt64(number), width: 3)
        return text
    }

    private static func relation(_ person: Person) -> StaticString {
        switch person.relation {
        case .head: "KEPALA KELUARGA"
        case .spouse: person.isFemale ? "ISTRI" : "SUAMI"
        case .child: "ANAK"
        case .childInLaw: "MENANTU"
        case .grandchild: "CUCU"
        case .parent: "ORANG TUA"
        case .parentInLaw: "MERTUA"
        case .relative: "FAMILI LAIN"
        }
    }

    private static func marriage(_ marriage: Person.Marriage) -> StaticString {
        switch marriage {
        case .single: "BELUM KAWIN"
        case .married: "KAWIN"
        case .divorced: "CERAI HIDUP"
        case .widowed: "CERAI MATI"
        }
    }

    /// Death certificates of the last three years.
    func writeDeaths(_ home: Home, into file: inout AgencyFile) {
        for place in home.gone where home.person(place).presence == .dead && home.person(place).isEventRecorded {
            let person = home.person(place)
            file.row(person: home.identifier(place), family: home.number) { file in
                file.field(certificate("3599-KM-", day: Int(person.event) + 5, number: home.identifier(place)))
                file.nik(of: place, in: home.village, home.family)
                file.name(of: person)
                file.birth(of: person)
                file.date(Int(person.event))
            }
        }
    }

    /// Moves of the last three years: out of the regency, into it, and within.
    func writeMoves(_ home: Home, into file: inout AgencyFile) {
        for place in home.gone where home.person(place).presence == .movedOut && home.person(place).isEventRecorded {
            writeMove(home, place, "PINDAH KELUAR", day: Int(home.person(place).event), into: &file)
        }
        for place in home.living where home.person(place).movedIn {
            writeMove(home, place, "PINDAH DATANG", day: Int(home.person(place).event), into: &file)
        }
        guard home.family.oldVillage >= 0 else { return }
        for place in home.living where home.person(place).birth < home.family.moved {
            writeMove(home, place, "PINDAH DALAM", day: Int(home.family.moved), into: &file)
        }
    }

    private func writeMove(_ home: Home, _ place: Int, _ kind: StaticString, day: Int, into file: inout AgencyFile) {
        let person = home.person(place)
        let isOut = person.presence == .movedOut
        file.row(person: home.identifier(place), family: home.number) { file in
            file.field(certificate("SKPWNI-3599-", day: day, number: home.identifier(place)))
            file.nik(of: place, in: home.village, home.family)
            file.name(of: person)
            file.birth(of: person)
            file.field(kind)
            file.date(day)
            if isOut {
                file.village(codes, of: home.family, in: home.village, isOld: false)
                file.empty()
                file.empty()
                return
            }
            // Where someone came from outside, the pack has no code for it.
            if home.family.oldVillage >= 0 { file.field(codes[Int(home.family.oldVillage)]) } else { file.empty() }
            file.village(codes, of: home.family, in: home.village, isOld: false)
            file.number(home.family.number)
        }
    }

    private func certificate(_ kind: StaticString, day: Int, number: Int) -> [UInt8] {
        let date = CalendarDate(day: min(day, today)).components
        var text: [UInt8] = []
        text.append(kind)
        text.append(digitsOf: UInt64(date.day), width: 2)
        text.append(digitsOf: UInt64(date.month), width: 2)
        text.append(digitsOf: UInt64(date.year), width: 4)
        text.append("-")
        text.append(digitsOf: UInt64(number), width: 7)
        return text
    }
}
