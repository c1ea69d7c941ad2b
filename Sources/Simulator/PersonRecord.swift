import Journal

/// One record of a file of people, its texts in ASCII capitals; an empty text is a missing one.
struct PersonRecord {
    /// The columns of the file.
    static let header = "record_id,nik,name,birth_date,sex,birthplace,village_code,mother_name,phone\n"

    var nik: [UInt8]
    var name: [UInt8]
    var birth: CalendarDate?
    var isFemale: Bool?
    var birthplace: [UInt8]
    var village: [UInt8]
    var mother: [UInt8]
    var phone: [UInt8]

    /// What faults are made with: what else could stand in the record.
    struct Surroundings {
        /// The truth.
        let isFemale: Bool
        let place: Birthplaces.Place
        /// What the father is called, in one word.
        let father: [UInt8]
        /// Someone else's NIK.
        let otherNIK: UInt64
        /// Another village of the region, and a telephone number that is nobody's.
        let otherVillage: [UInt8]
        let otherPhone: [UInt8]
        /// The district of first registration, and another: two digits each.
        let otherDistrict: UInt64
        let birthplaces: Birthplaces
        /// Nobody was born after it.
        let today: CalendarDate
    }

    // MARK: Gaps

    /// Leaves out what many records lack, the first of a person and the doubles alike; in 10,000 records.
    static let gaps = (nik: 500, birthplace: 400, mother: 700)
    /// How many of those who have a telephone give its number; in 10,000 records.
    static let phonesGiven = 6050

    /// Leaves out what many records lack.
    mutating func leaveGaps(_ random: inout Random) {
        if random.chance(Self.gaps.nik) { nik = [] }
        if random.chance(Self.gaps.birthplace) { birthplace = [] }
        if random.chance(Self.gaps.mother) { mother = [] }
        if !random.chance(Self.phonesGiven) { phone = [] }
    }

    // MARK: Faults

    /// Commits one to three faults, or so many as are asked for, and tells which. A field suffers
    /// one, a name now and then two.
    mutating func spoil(
        _ count: Int, with other: Surroundings, _ random: inout Random, note: (RecordFault) -> Void
    ) {
        var spoilt: UInt64 = 0
        var fields: UInt32 = 0
        var left = count
        for _ in 0..<40 where left > 0 {
            let fault = RecordFault.draw(&random)
            let field: UInt32 = 1 << UInt32(fault.field.rawValue)
            let isFree = fields & field == 0 || (fault.field == .name && random.chance(1500))
            guard isFree, spoilt & 1 << UInt64(fault.rawValue) == 0, commit(fault, other, &random) else { continue }
            spoilt |= 1 << UInt64(fault.rawValue)
            fields |= field
            left -= 1
            note(fault)
        }
    }

    /// Commits a fault; false where the record does not allow it.
    private mutating func commit(_ fault: RecordFault, _ other: Surroundings, _ random: inout Random) -> Bool {
        switch fault.field {
        case .nik: return !nik.isEmpty && spoilNIK(fault, other, &random)
        case .name: return Self.change(&name, to: spoiltName(fault, other, &random))
        case .birth: return spoilBirth(fault, other, &random)
        case .sex:
            isFemale = fault == .missingSex ? nil : !other.isFemale
            return true
        case .birthplace:
            return !birthplace.isEmpty && Self.change(&birthplace, to: spoiltBirthplace(fault, other, &random))
        case .village: return Self.change(&village, to: fault == .missingVillage ? [] : other.otherVillage)
        case .mother: return !mother.isEmpty && Self.change(&mother, to: spoiltMother(fault, &random))
        case .phone: return !phone.isEmpty && Self.change(&phone, to: spoiltPhone(fault, other, &random))
        }
    }

    private static func change(_ text: inout [UInt8], to new: [UInt8]) -> Bool {
        guard text != new else { return false }
        text = new
        return true
    }

    /// The first four digits stay but for ``RecordFault/nikRegion``, which writes those of a regency that does not exist
    /// either: no made-up number may become a real one.
    private mutating func spoilNIK(_ fault: RecordFault, _ other: Surroundings, _ random: inout Random) -> Bool {
        let before = nik
        switch fault {
        case .missingNIK: nik = []
        case .placeholderNIK:
            let kind = random.below(3)
            nik = kind == 0 ? [UInt8(ascii: "-")] : [UInt8](repeating: UInt8(ascii: kind == 1 ? "0" : "9"), count: 16)
        case .nikDigit: turnDigit(4 + random.below(12), &random)
        case .nikTransposed:
            let place = 4 + random.below(11)
            nik.swapAt(place, place + 1)
        case .nikSerial: spoilSerial(&random)
        case .nikRegion:
            if random.chance(3500) {
                let province = Self.provinces[random.below(Self.provinces.count)]
                write(UInt64(province) * 10_000 + 9900 + UInt64(1 + random.below(30)), at: 0, width: 6)
            } else {
                write(other.otherDistrict, at: 4, width: 2)
            }
            if random.chance(7000) { write(UInt64(1 + random.below(8)), at: 12, width: 4) }
        default:
            nik.removeAll(keepingCapacity: true)
            nik.append(digitsOf: other.otherNIK, width: 16)
        }
        return nik != before
    }

    /// Provinces, of which regency 99 is one that does not exist.
    private static let provinces = [31, 32, 33, 34, 36, 51, 52, 53, 12, 18, 63, 73]

    private mutating func turnDigit(_ place: Int, _ random: inout Random) {
        nik[place] = UInt8(ascii: "0") + (nik[place] - UInt8(ascii: "0") + UInt8(1 + random.below(9))) % 10
    }

    private mutating func spoilSerial(_ random: inout Random) {
        switch random.below(10) {
        case 0, 1: write(0, at: 12, width: 4)
        case 2...7: nik[15] = UInt8(ascii: "1") + UInt8(random.below(8))
        default: turnDigit(12 + random.below(4), &random)
        }
    }

    private mutating func write(_ number: UInt64, at place: Int, width: Int) {
        var rest = number
        for digit in (place..<place + width).reversed() {
            nik[digit] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
    }

    private func spoiltName(_ fault: RecordFault, _ other: Surroundings, _ random: inout Random) -> [UInt8] {
        switch fault {
        case .nameInitial: NameSpelling.initial(name, &random)
        case .nameLeftOut: NameSpelling.leftOut(name, &random)
        case .nameTitle: NameSpelling.addressed(name, isFemale: other.isFemale, &random)
        case .nameFather: name + Array((other.isFemale ? " BINTI " : " BIN ").utf8) + other.father
        case .nameJoined: NameSpelling.joined(name)
        case .nameSplit: NameSpelling.split(name, &random)
        case .nameOrder: NameSpelling.reordered(name, &random)
        case .nameOldSpelling: NameSpelling.respelt(name)
        default: NameSpelling.slip(name, &random)
        }
    }

    private mutating func spoilBirth(_ fault: RecordFault, _ other: Surroundings, _ random: inout Random) -> Bool {
        guard let birth else { return false }
        let (year, month, day) = birth.components
        let changed: CalendarDate?
        switch fault {
        case .missingBirth:
            self.birth = nil
            return true
        case .birthFirstJanuary: changed = CalendarDate(year: year, month: 1, day: 1)
        case .birthSwapped: changed = CalendarDate(year: year, month: day, day: month)
        default:
            let sign = random.chance(5000) ? 1 : -1
            changed =
                switch random.index(of: [47, 28, 25]) {
                case 0:
                    CalendarDate(year: year, month: random.chance(5500) ? month + sign : 1 + random.below(12), day: day)
                case 1: CalendarDate(year: year, month: month, day: day + sign * (random.chance(6000) ? 1 : 10))
                default: CalendarDate(year: year + sign * (random.chance(6000) ? 1 : 10), month: month, day: day)
                }
        }
        guard let changed, changed != birth, changed <= other.today else { return false }
        self.birth = changed
        return true
    }

    private func spoiltBirthplace(_ fault: RecordFault, _ other: Surroundings, _ random: inout Random) -> [UInt8] {
        switch fault {
        case .missingBirthplace: return []
        case .birthplaceAbbreviated:
            return random.chance(4800) ? other.place.short : other.place.kind + [UInt8(ascii: " ")] + birthplace
        case .birthplaceMisspelt:
            if random.chance(3500) { return NameSpelling.respelt(birthplace) }
            return random.chance(6000)
                ? NameSpelling.misspelt(birthplace, &random) : NameSpelling.struck(birthplace, &random)
        default:
            let places = other.birthplaces
            if random.chance(5000) { return places.districts[random.below(min(3, places.districts.count))] }
            return places.places[random.below(places.places.count)].name
        }
    }

    private func spoiltMother(_ fault: RecordFault, _ random: inout Random) -> [UInt8] {
        switch fault {
        case .missingMother: []
        case .motherShortened:
            random.chance(6500) ? NameSpelling.leftOut(mother, &random) : NameSpelling.initial(mother, &random)
        default:
            switch random.below(20) {
            case 0...14: NameSpelling.slip(mother, &random)
            case 15: NameSpelling.joined(mother)
            case 16: NameSpelling.reordered(mother, &random)
            case 17: NameSpelling.respelt(mother)
            default: NameSpelling.addressed(mother, isFemale: true, &random)
            }
        }
    }

    private func spoiltPhone(_ fault: RecordFault, _ other: Surroundings, _ random: inout Random) -> [UInt8] {
        switch fault {
        case .missingPhone: return []
        case .phoneChanged: return other.otherPhone
        default:
            var shorter = phone
            shorter.remove(at: random.within(4...phone.count - 1))
            return shorter
        }
    }

    // MARK: Writing

    /// How a record is typed: in capitals, with capitals at the beginning of each word, or names in small letters.
    enum Style { case capitals, words, small }

    /// A style, as often as each is met.
    static func style(_ random: inout Random) -> Style {
        switch random.below(100) {
        case ..<55: .capitals
        case ..<95: .words
        default: .small
        }
    }

    /// Appends the fields after the record's number, each after a comma, and a line end.
    func append(to bytes: inout [UInt8], _ style: Style) {
        func field(_ text: [UInt8]) {
            bytes.append(UInt8(ascii: ","))
            bytes += text
        }
        func words(_ text: [UInt8], isName: Bool) {
            switch style {
            case .capitals: field(text)
            case .small where isName: field(NameSpelling.lowercased(text))
            default: field(NameSpelling.capitalised(text))
            }
        }
        field(nik)
        words(name, isName: true)
        bytes.append(UInt8(ascii: ","))
        if let birth { bytes.append(date: birth.day) }
        bytes.append(UInt8(ascii: ","))
        if let isFemale { bytes.append(UInt8(ascii: isFemale ? "P" : "L")) }
        words(birthplace, isName: false)
        field(village)
        words(mother, isName: true)
        field(phone)
        bytes.append(UInt8(ascii: "\n"))
    }
}
