import Journal
import Registry

/// What a row truly speaks of.
struct RowTruth {
    /// The number of the person and of the family among all, from 0.
    let person: Int32
    let family: Int32
    let faults: FaultSet
}

/// The rows of one agency in one village, as bytes, with their truth. It writes fields and, as often as the agency errs, writes
/// them wrongly.
struct AgencyFile {
    let agency: Agency
    private(set) var bytes: [UInt8] = []
    private(set) var rows: [RowTruth] = []
    var random: Random
    /// 1 in the second row of a person who is entered twice.
    private(set) var copy = 0
    private let rates: FaultRates
    private let breaks: [Fault]
    private var faults: FaultSet = []
    private var breaking: Fault?
    private var rowStart = 0

    init(_ agency: Agency, seed: UInt64, village: Int) {
        self.agency = agency
        rates = agency.rates
        breaks = agency.breaks
        random = Random(seed: seed, village: village, task: 100 + UInt64(agency.rawValue))
    }

    // MARK: Rows

    /// Writes a row, and now and then another of the same; `fields` writes the fields in the columns' order.
    mutating func row(person: Int, family: Int, fields: (inout AgencyFile) -> Void) {
        copy = 0
        write(person: person, family: family, [], fields)
        if random.chance(rates.doubleRow) {
            bytes.append(contentsOf: Array(bytes[rowStart...]))
            faults.insert(FaultSet(.doubleRow))
            rows.append(RowTruth(person: Int32(person), family: Int32(family), faults: faults))
        } else if random.chance(rates.doublePerson) {
            copy = 1
            write(person: person, family: family, FaultSet(.doublePerson), fields)
        }
    }

    /// Writes a row of a person who was entered before, at another time and by somebody else.
    mutating func again(person: Int, family: Int, fields: (inout AgencyFile) -> Void) {
        copy = random.chance(5000) ? 1 : 0
        write(person: person, family: family, [], fields)
    }

    private mutating func write(
        person: Int, family: Int, _ given: FaultSet, _ fields: (inout AgencyFile) -> Void
    ) {
        faults = given
        breaking = random.below(FaultRates.rowsPerBroken) == 0 ? breaks[random.below(breaks.count)] : nil
        if let breaking { faults.insert(FaultSet(breaking)) }
        rowStart = bytes.count
        fields(&self)
        if breaking == .brokenFields { field("X") }
        bytes.append(UInt8(ascii: "\n"))
        rows.append(RowTruth(person: Int32(person), family: Int32(family), faults: faults))
    }

    /// Records a fault that the caller commits.
    mutating func note(_ fault: Fault) { faults.insert(FaultSet(fault)) }

    // MARK: Identity

    /// Someone's NIK, or what the agency has for one.
    mutating func nik(of place: Int, in village: Village, _ family: Family, alsoMissing: Int = 0) {
        separate()
        if random.chance(rates.missingNIK + alsoMissing) {
            note(.missingNIK)
            return
        }
        var draw = random.below(10_000)
        if draw < rates.relativeNIK, family.size > 1 {
            let other = Int(family.people.lowerBound) + random.below(Int(family.size))
            if other != place {
                note(.relativeNIK)
                digits(village.people[other].nik)
                return
            }
        }
        let start = bytes.count
        let (known, isSecond) = village.people[place].nik(knownTo: agency)
        if isSecond { note(.secondNIK) }
        digits(known)
        draw -= rates.relativeNIK
        // The first four digits stay: no made-up number may become a real regency's.
        if (0..<rates.nikDigit).contains(draw) {
            note(.nikDigit)
            let digit = start + 4 + random.below(12)
            bytes[digit] = UInt8(ascii: "0") + (bytes[digit] - UInt8(ascii: "0") + UInt8(1 + random.below(9))) % 10
        } else if (rates.nikDigit..<rates.nikDigit + rates.nikTransposed).contains(draw) {
            let digit = start + 4 + random.below(11)
            if bytes[digit] != bytes[digit + 1] {
                note(.nikTransposed)
                bytes.swapAt(digit, digit + 1)
            }
        }
    }

    /// A number of sixteen digits as it is.
    mutating func number(_ number: UInt64) {
        separate()
        digits(number)
    }

    /// The family's number, or the one before.
    mutating func familyNumber(_ family: Family, isOld: Bool? = nil) {
        if family.hasOldNumber, isOld ?? random.chance(rates.oldFamilyNumber) {
            note(.oldFamilyNumber)
            number(family.oldNumber)
        } else {
            number(family.number)
        }
    }

    /// Someone's name as the agency writes it.
    mutating func name(of person: Person, capitalised: Bool = false) {
        name(person.name, isFemale: person.isFemale, isOld: person.birth < -4700, capitalised: capitalised)
    }

    /// A name as the agency writes it; `isOld` where its bearer learnt to write before the reform.
    mutating func name(_ name: PersonName, isFemale: Bool, isOld: Bool, capitalised: Bool = false) {
        var draw = random.below(copy == 1 ? max(1, rates.names.reduce(0, +)) : 10_000)
        var kind: Fault?
        for (place, rate) in rates.names.enumerated() {
            if draw < rate {
                kind = Fault.names[place]
                break
            }
            draw -= rate
        }
        separate()
        guard kind != nil || capitalised else {
            name.append(to: &bytes)
            return
        }
        let letters = name.letters
        var written = letters
        if let kind { written = misspelt(letters, kind, isFemale: isFemale, isOld: isOld) }
        if copy == 1, written == letters {
            kind = .nameMisspelt
            written = misspelt(letters, .nameMisspelt, isFemale: isFemale, isOld: isOld)
        }
        if let kind, written != letters { note(kind) }
        if capitalised, kind != .nameTitle, kind != .nameCase {
            note(.nameCase)
            written = NameSpelling.capitalised(written)
        }
        if written.contains(UInt8(ascii: ",")) {
            bytes.append(UInt8(ascii: "\""))
            bytes += written
            bytes.append(UInt8(ascii: "\""))
        } else {
            bytes += written
        }
    }

    private mutating func misspelt(_ name: [UInt8], _ kind: Fault, isFemale: Bool, isOld: Bool) -> [UInt8] {
        switch kind {
        case .nameAbbreviated: NameSpelling.abbreviated(name)
        case .nameDoubled: NameSpelling.doubled(name, &random)
        case .nameOldSpelling: isOld ? NameSpelling.oldSpelling(name) : name
        case .nameTitle: NameSpelling.titled(name, isFemale: isFemale, degrees: agency == .service, &random)
        case .nameTruncated: NameSpelling.truncated(name, to: random.within(10...15))
        case .nameFirstOnly: NameSpelling.firstOnly(name)
        case .nameJoined: NameSpelling.joined(name)
        case .nameCase: NameSpelling.lowercased(name)
        default: NameSpelling.misspelt(name, &random)
        }
    }

    /// Someone's birth date as the agency has it; `dayFirst` writes `17/08/1957`.
    mutating func birth(of person: Person, dayFirst: Bool = false) {
        if breaking == .brokenDate, !agency.columns.contains("tanggal_pemutakhiran") {
            field(random.chance(5000) ? "31/02/1980" : "1980-02-31")
            return
        }
        var day = Int(person.registeredBirth)
        if person.registeredBirth != person.birth { note(.birthUnknown) }
        let draw = random.below(10_000)
        let (year, month, dayOfMonth) = CalendarDate(day: day).components
        // Whoever is young has a birth certificate.
        if draw < rates.birthUnknown, year < 1990 {
            let guess = random.chance(7000) ? (month: 1, day: 1) : (month: 7, day: 1)
            if let date = CalendarDate(year: year, month: guess.month, day: guess.day), date.day != day {
                day = date.day
                note(.birthUnknown)
            }
        } else if draw >= 10_000 - rates.birthSwapped, dayOfMonth <= 12, dayOfMonth != month {
            if let date = CalendarDate(year: year, month: dayOfMonth, day: month) {
                day = date.day
                note(.birthSwapped)
            }
        } else if draw >= 10_000 - rates.birthSwapped - rates.birthYearOnly, draw < 10_000 - rates.birthSwapped {
            note(.birthYearOnly)
            integer(year)
            return
        }
        write(day: day, dayFirst: dayFirst)
    }

    /// The family's village, or the one before.
    mutating func village(_ codes: [[UInt8]], of family: Family, in village: Village, isOld: Bool? = nil) {
        if breaking == .brokenVillage {
            let code = codes[village.index]
            // Numbers from 9001 on are nobody's.
            bytes += [UInt8(ascii: ",")] + code.dropLast(4)
            digits(UInt64(9001 + random.below(900)))
            return
        }
        if family.oldVillage >= 0, isOld ?? random.chance(rates.oldVillage) {
            note(.oldVillage)
            field(codes[Int(family.oldVillage)])
        } else {
            field(codes[village.index])
        }
    }

    // MARK: Fields

    /// A text that needs no quotes.
    mutating func field(_ text: [UInt8]) {
        separate()
        bytes += text
    }

    /// A text that needs no quotes.
    mutating func field(_ text: StaticString) {
        separate()
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// A whole number.
    mutating func integer(_ number: some BinaryInteger) {
        separate()
        digits(UInt64(number))
    }

    /// A whole number, or nothing for 0.
    mutating func code(_ number: UInt8) {
        if number == 0 { separate() } else { integer(number) }
    }

    /// A decile, which may be missing or broken.
    mutating func decile(_ decile: UInt8) {
        if breaking == .brokenDecile { integer(11 + random.below(4)) } else { code(decile) }
    }

    /// Yes or no in the agency's words.
    mutating func boolean(_ value: Bool) { integer(value ? 1 : 0) }

    /// Nothing.
    mutating func empty() { separate() }

    /// A date, `2025-10-15`; the main date of its row can be broken.
    mutating func date(_ day: Int, isMain: Bool = false) {
        if isMain, breaking == .brokenDate {
            field(random.chance(5000) ? "31/02/2024" : "2024-02-31")
        } else {
            write(day: day, dayFirst: false)
        }
    }

    private mutating func write(day: Int, dayFirst: Bool) {
        separate()
        let date = CalendarDate(day: day).components
        if dayFirst {
            padded(date.day, 2)
            bytes.append(UInt8(ascii: "/"))
            padded(date.month, 2)
            bytes.append(UInt8(ascii: "/"))
            padded(date.year, 4)
        } else {
            padded(date.year, 4)
            bytes.append(UInt8(ascii: "-"))
            padded(date.month, 2)
            bytes.append(UInt8(ascii: "-"))
            padded(date.day, 2)
        }
    }

    private mutating func separate() { if bytes.count > rowStart { bytes.append(UInt8(ascii: ",")) } }
    private mutating func digits(_ number: UInt64) { bytes.append(digitsOf: number) }
    private mutating func padded(_ number: Int, _ width: Int) { bytes.append(digitsOf: UInt64(number), width: width) }
}

extension [UInt8] {
    /// Appends a number's digits, with zeros before it up to a width.
    mutating func append(digitsOf number: UInt64, width: Int = 1) {
        var power: UInt64 = 1
        var count = 1
        while number / power >= 10 || count < width {
            power *= 10
            count += 1
        }
        while power > 0 {
            append(UInt8(ascii: "0") + UInt8(number / power % 10))
            power /= 10
        }
    }

    /// Appends a text's bytes.
    mutating func append(_ text: StaticString) { text.withUTF8Buffer { append(contentsOf: $0) } }
}
