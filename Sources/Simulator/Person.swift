import Journal

/// A resident of the simulation, or a former one.
struct Person {
    /// How someone stands to the head of the family.
    enum Relation: UInt8 { case head, spouse, child, childInLaw, grandchild, parent, parentInLaw, relative }
    /// Whether someone is married.
    enum Marriage: UInt8 { case single, married, divorced, widowed }
    /// What became of someone.
    enum Presence: UInt8 { case present, dead, movedOut }
    /// What someone lives by.
    enum Work: UInt8 {
        case none, farmer, farmLabourer, plantationWorker, fisher, trader, driver, builder, servant, factoryWorker
        case employee, familyHelper, civilServant, contractServant, army, police, pensioner

        /// Whether the state pays, or paid, the wage.
        var isPaidByState: Bool { rawValue >= Work.civilServant.rawValue }
        /// Whether it is work at all.
        var isWorking: Bool { self != .none && self != .pensioner }
    }
    /// How far a disability goes.
    enum Disability: UInt8 { case none, mild, severe }
    /// The schools, from the lowest.
    enum School: UInt8, Comparable {
        case none, preschool, primary, junior, senior, tertiary
        static func < (left: School, right: School) -> Bool { left.rawValue < right.rawValue }
    }

    var name: PersonName
    var mother: PersonName
    /// The day of birth, days since 1970-01-01.
    var birth: Int32
    /// The day of birth that the civil registry holds, which the NIK carries too.
    var registeredBirth: Int32
    /// The day of birth that the NIK carries: it stays when the registry corrects the date.
    var numberedBirth: Int32
    var isFemale: Bool
    var relation: Relation
    var marriage: Marriage = .single
    var presence: Presence = .present
    /// The day of death or of moving out or in, days since 1970-01-01; 0 where there is none.
    var event: Int32 = 0
    /// Whether the civil registry learnt of the death or the move.
    var isEventRecorded = true
    /// Whether someone came from another regency on the day of the event.
    var movedIn = false
    /// The district of first registration, as an index into the pack's districts.
    var firstDistrict: UInt8
    /// The birthplace, as an index into the pack's districts; the number of districts means another regency.
    var birthplace: UInt8
    var nik: UInt64 = 0
    /// The age at which school ends; 0 where it never began.
    var leavesSchool: UInt8 = 0
    var goesToPreschool = false
    var work: Work = .none
    var wageAboveMinimum = false
    var isInsuredWorker = false
    var isPregnant = false
    var isChronicallyIll = false
    var disability: Disability = .none

    /// One person in so many was entered in the register a second time, and has two NIKs.
    static let onePersonTwiceIn: UInt64 = 700

    /// A number from the NIK alone, the same in every file, without a draw.
    private var lot: UInt64 { (nik &* 0x9E37_79B9_7F4A_7C15) >> 24 }

    /// The second entry of somebody who was entered twice: its NIK, with a serial number from the other end of the day's book,
    /// and the birth date that both carry, which is guessed in some; nil where there is none.
    var secondEntry: (nik: UInt64, birth: Int32)? {
        let serial = nik % 10_000
        // With half of the book full, the serial number could be somebody else's.
        guard presence == .present, lot.isMultiple(of: Self.onePersonTwiceIn), serial < 5000 else { return nil }
        let year = CalendarDate(day: Int(registeredBirth)).components.year
        guard year < 1990, (lot / Self.onePersonTwiceIn / 3).isMultiple(of: 3),
            let guess = CalendarDate(year: year, month: 1, day: 1)
        else { return (nik - serial + (9999 - serial), registeredBirth) }
        let region = nik / 10_000_000_000
        let date = UInt64((isFemale ? 41 : 1) * 10_000 + 100 + year % 100)
        return ((region * 1_000_000 + date) * 10_000 + (9999 - serial), Int32(guess.day))
    }

    /// The NIK by which an agency knows somebody: a third of them know the second one where there is one.
    func nik(knownTo agency: Agency) -> (nik: UInt64, isSecond: Bool) {
        guard let second = secondEntry, (lot / Self.onePersonTwiceIn + UInt64(agency.rawValue)).isMultiple(of: 3) else {
            return (nik, false)
        }
        return (second.nik, true)
    }

    /// Full years on a day.
    func age(on day: Int) -> Int { CalendarDate(day: Int(birth)).years(until: CalendarDate(day: day)) }

    /// What school someone is in on a day and in which class, or the highest that was left.
    func schooling(on day: Int) -> (enrolled: Bool, school: School, grade: Int) {
        let age = age(on: day)
        if age < 7 { return age >= 5 && goesToPreschool ? (true, .preschool, 1) : (false, .none, 0) }
        if age < Int(leavesSchool) {
            let (school, grade) = Self.school(at: age)
            return (true, school, grade)
        }
        return (false, leavesSchool == 0 ? .none : Self.school(at: Int(leavesSchool) - 1).0, 0)
    }

    private static func school(at age: Int) -> (School, Int) {
        switch age {
        case ..<7: (.none, 0)
        case ..<13: (.primary, age - 6)
        case ..<16: (.junior, age - 12)
        case ..<19: (.senior, age - 15)
        default: (.tertiary, min(age - 18, 8))
        }
    }

    /// Whether the person makes the family one for PKH: pregnant, younger than seven, a pupil, sixty or older, or severely
    /// disabled.
    func isComponent(on day: Int) -> Bool {
        let age = age(on: day)
        if isPregnant || age <= 6 || age >= 60 || disability == .severe { return true }
        let (enrolled, school, _) = schooling(on: day)
        return enrolled && (School.primary...School.senior).contains(school)
    }
}

/// A family of the simulation. Amounts are rupiah a head and month.
struct Family {
    /// Things that the questionnaire asks about, by their bit, in the questionnaire's order.
    enum Asset: Int, CaseIterable {
        case gas, fridge, airConditioning, waterHeater, telephone, television, gold, computer, bicycle, motorcycle, car
        case boat, motorBoat, smartphone, land, otherHouse
    }

    /// Indexes of its people in the village: first those who live there, then the dead and gone.
    var people: Range<Int32>
    /// How many live there.
    var size: Int32
    var culture: Culture
    /// True consumption.
    var consumption: Int32 = 0
    /// Lasting welfare: consumption's logarithm without the luck of the year.
    var welfare: Double = 0
    var decile: UInt8 = 0
    var number: UInt64 = 0
    /// The number before a split or a new recording; 0 where there was none.
    var oldNumber: UInt64 = 0
    /// The family in the same village that this one split from; -1 where it did not.
    var parentFamily: Int32 = -1
    var hasOldNumber = false
    /// The day of recording of the family card, and of the one before.
    var recorded: Int32 = 0
    var recordedBefore: Int32 = 0
    /// The village that it moved in from; -1 where it did not move within the regency.
    var oldVillage: Int16 = -1
    /// The day of that move.
    var moved: Int32 = 0
    var neighbourhood: UInt8 = 1
    var ward: UInt8 = 1
    var street: UInt16 = 0
    var house = Dwelling()
    var assets: UInt32 = 0
    var motorcycles: UInt8 = 0
    var cars: UInt8 = 0
    /// Heads of cattle, buffaloes, horses, pigs, goats.
    var livestock: (UInt8, UInt8, UInt8, UInt8, UInt8) = (0, 0, 0, 0, 0)
    /// Land with a certificate, and without, in square metres.
    var certifiedLand: Int32 = 0
    /// The day of the last entry in DTSEN; 0 where the family is not in it.
    var surveyed: Int32 = 0
    /// The score that the agency ranks by.
    var score: Double = 0
    /// The decile that the agency gives; 0 where it gives none.
    var agencyDecile: UInt8 = 0
    /// How near the family is to those who drew up the earlier lists, of mean 0 and deviation 1.
    var connection: Float = 0
    var isEntitledPKH = false
    var isEntitledSembako = false
    var receivesPKH = false
    var receivesSembako = false

    func has(_ asset: Asset) -> Bool { assets & (1 << UInt32(asset.rawValue)) != 0 }
    mutating func give(_ asset: Asset) { assets |= 1 << UInt32(asset.rawValue) }
}

/// A dwelling in the codes of the Regsosek 2022-K questionnaire.
struct Dwelling {
    var tenure: UInt8 = 1
    var floorArea: UInt16 = 45
    var floor: UInt8 = 2
    var wall: UInt8 = 1
    var roof: UInt8 = 2
    var water: UInt8 = 4
    var light: UInt8 = 1
    /// 1 to 5, 0 where there is no meter.
    var power: UInt8 = 0
    var fuel: UInt8 = 4
    var toilet: UInt8 = 1
    var disposal: UInt8 = 1
    /// Installed power in volt-ampere.
    var voltAmpere: UInt16 = 0
    /// Monthly use in tenths of a kilowatt-hour.
    var use: UInt16 = 0
    /// Whether the connection is another family's.
    var sharesMeter = false
}

/// The people and families of one village.
struct Village {
    /// Its place in the pack.
    let index: Int
    /// The number of its first family and person among all, from 0.
    var firstFamily = 0
    var firstPerson = 0
    var families: [Family] = []
    var people: [Person] = []
}
