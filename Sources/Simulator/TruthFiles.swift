import Journal
import Registry

/// The truth of a simulation as tables: what is so, whatever an agency says.
struct TruthFiles {
    static let familyHeader = """
        family_id,family_number,old_family_number,village,terrain,old_village,persons,consumption_per_head,decile,\
        agency_decile,surveyed,has_component,is_excluded,entitled_pkh,entitled_sembako,receives_pkh,receives_sembako,cars,\
        motorcycles,volt_ampere,certified_land_m2

        """
    static let personHeader = """
        person_id,family_id,nik,name,birth_date,registered_birth_date,sex,relation,alive,moved_out,event_date,mother_name,\
        schooling,school,work,paid_by_state,wage_above_minimum,pregnant,disability,chronically_ill

        """
    static let rowHeader = "source,line,person_id,family_id,faults\n"

    /// One line a family.
    static func families(of village: Village, in population: Population) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(village.families.count * 140)
        let place = population.pack.villages[village.index]
        let (code, terrain) = (Array(place.code.text.utf8), Array(place.terrain.rawValue.utf8))
        for (index, family) in village.families.enumerated() {
            func comma() { bytes.append(UInt8(ascii: ",")) }
            func number(_ number: some BinaryInteger) {
                bytes.append(digitsOf: UInt64(number))
                comma()
            }
            func flag(_ flag: Bool) { number(flag ? 1 : 0) }
            bytes.append(family: village.firstFamily + index)
            comma()
            number(family.number)
            if family.oldNumber == 0 { comma() } else { number(family.oldNumber) }
            bytes += code
            comma()
            bytes += terrain
            comma()
            if family.oldVillage >= 0 {
                bytes += Array(population.pack.villages[Int(family.oldVillage)].code.text.utf8)
            }
            comma()
            number(family.size)
            number(family.consumption)
            number(family.decile)
            if family.agencyDecile == 0 { comma() } else { number(family.agencyDecile) }
            if family.surveyed != 0 { bytes.append(date: Int(family.surveyed)) }
            comma()
            flag(village.hasComponent(family, on: population.today))
            flag(village.isExcluded(family))
            flag(family.isEntitledPKH)
            flag(family.isEntitledSembako)
            flag(family.receivesPKH)
            flag(family.receivesSembako)
            number(family.cars)
            number(family.motorcycles)
            number(family.house.voltAmpere)
            number(family.certifiedLand)
            bytes[bytes.count - 1] = UInt8(ascii: "\n")
        }
        return bytes
    }

    /// One line a person, the dead and gone among them.
    static func persons(of village: Village, today: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(village.people.count * 150)
        for (index, family) in village.families.enumerated() {
            for place in family.people {
                append(
                    village.people[Int(place)], person: village.firstPerson + Int(place),
                    family: village.firstFamily + index, today: today, to: &bytes)
            }
        }
        return bytes
    }

    private static func append(
        _ person: Person, person number: Int, family: Int, today: Int, to bytes: inout [UInt8]
    ) {
        bytes.append(person: number)
        bytes.append(",")
        bytes.append(family: family)
        bytes.append(",")
        bytes.append(digitsOf: person.nik)
        bytes.append(",")
        person.name.append(to: &bytes)
        for day in [person.birth, person.registeredBirth] {
            bytes.append(",")
            bytes.append(date: Int(day))
        }
        bytes.append(person.isFemale ? ",female," : ",male,")
        bytes.append(relation(person.relation))
        bytes.append(person.presence == .dead ? ",0," : ",1,")
        bytes.append(person.presence == .movedOut ? "1," : "0,")
        if person.event != 0 { bytes.append(date: Int(person.event)) }
        bytes.append(",")
        person.mother.append(to: &bytes)
        let (enrolled, school, _) = person.schooling(on: today)
        bytes.append(enrolled ? ",enrolled," : school == .none ? ",never," : ",left,")
        bytes.append(self.school(school))
        bytes.append(",")
        bytes.append(work(person.work))
        bytes.append(person.work.isPaidByState ? ",1" : ",0")
        bytes.append(person.wageAboveMinimum ? ",1" : ",0")
        bytes.append(person.isPregnant ? ",1," : ",0,")
        bytes.append(person.disability == .severe ? "severe" : person.disability == .mild ? "mild" : "none")
        bytes.append(person.isChronicallyIll ? ",1\n" : ",0\n")
    }

    /// One line a row of an agency's file that begins at that line.
    static func rows(_ file: AgencyFile, from line: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(file.rows.count * 44)
        let source = Array(file.agency.source.utf8)
        for (offset, row) in file.rows.enumerated() {
            bytes += source
            bytes.append(",")
            bytes.append(digitsOf: UInt64(line + offset))
            bytes.append(",")
            bytes.append(person: Int(row.person))
            bytes.append(",")
            bytes.append(family: Int(row.family))
            bytes.append(",")
            var rest = row.faults.rawValue
            while rest != 0 {
                if let fault = Fault(rawValue: rest.trailingZeroBitCount) { bytes += Array(fault.name.utf8) }
                rest &= rest - 1
                if rest != 0 { bytes.append(" ") }
            }
            bytes.append("\n")
        }
        return bytes
    }

    private static func relation(_ relation: Person.Relation) -> StaticString {
        switch relation {
        case .head: "head"
        case .spouse: "spouse"
        case .child: "child"
        case .childInLaw: "child_in_law"
        case .grandchild: "grandchild"
        case .parent: "parent"
        case .parentInLaw: "parent_in_law"
        case .relative: "relative"
        }
    }

    private static func school(_ school: Person.School) -> StaticString {
        switch school {
        case .none: "none"
        case .preschool: "preschool"
        case .primary: "primary"
        case .junior: "junior"
        case .senior: "senior"
        case .tertiary: "tertiary"
        }
    }

    private static func work(_ work: Person.Work) -> StaticString {
        switch work {
        case .none: "none"
        case .farmer: "farmer"
        case .farmLabourer: "farm_labourer"
        case .plantationWorker: "plantation_worker"
        case .fisher: "fisher"
        case .trader: "trader"
        case .driver: "driver"
        case .builder: "builder"
        case .servant: "servant"
        case .factoryWorker: "factory_worker"
        case .employee: "employee"
        case .familyHelper: "family_helper"
        case .civilServant: "civil_servant"
        case .contractServant: "contract_servant"
        case .army: "army"
        case .police: "police"
        case .pensioner: "pensioner"
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(person number: Int) {
        append("P")
        append(digitsOf: UInt64(number + 1), width: 7)
    }

    fileprivate mutating func append(family number: Int) {
        append("F")
        append(digitsOf: UInt64(number + 1), width: 7)
    }

    /// A date, `2025-10-15`.
    mutating func append(date day: Int) {
        let date = CalendarDate(day: day).components
        append(digitsOf: UInt64(date.year), width: 4)
        append("-")
        append(digitsOf: UInt64(date.month), width: 2)
        append("-")
        append(digitsOf: UInt64(date.day), width: 2)
    }
}
