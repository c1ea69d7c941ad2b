/// A way in which a double in a file of people says something else than the person's first record.
public enum RecordFault: Int, Sendable, CaseIterable {
    /// The NIK is not there.
    case missingNIK
    /// The NIK is one that stands for none: noughts, nines or a dash.
    case placeholderNIK
    /// One digit of the NIK is another.
    case nikDigit
    /// Two neighbouring digits of the NIK are changed over.
    case nikTransposed
    /// The NIK ends in another serial.
    case nikSerial
    /// The NIK begins with another district or another region, mostly with another serial too, as where one was given anew.
    case nikRegion
    /// The NIK is that of someone else: of the house, or of the village.
    case otherNIK
    /// A slip of the pen, of the keys or of the ear in the name.
    case nameMisspelt
    /// A part of the name is an initial.
    case nameInitial
    /// A part of the name is left out.
    case nameLeftOut
    /// The name carries a title, a form of address or a degree.
    case nameTitle
    /// The father's name follows, after BIN or BINTI.
    case nameFather
    /// Two parts of the name are written as one.
    case nameJoined
    /// One part of the name is written as two.
    case nameSplit
    /// Two parts of the name are changed over.
    case nameOrder
    /// The name is spelt as before 1972, or one that was is spelt as today.
    case nameOldSpelling
    /// Day, month or year of birth is another.
    case birthPart
    /// The birth date is 1 January of its year.
    case birthFirstJanuary
    /// Day and month of birth are changed over.
    case birthSwapped
    /// The birth date is not there.
    case missingBirth
    /// The sex is not there.
    case missingSex
    /// The sex is the other.
    case wrongSex
    /// The birthplace is not there.
    case missingBirthplace
    /// The birthplace is abbreviated, or has a word before it.
    case birthplaceAbbreviated
    /// The birthplace is misspelt, or spelt as before 1972.
    case birthplaceMisspelt
    /// The birthplace is another: a district of the regency, or another regency.
    case birthplaceOther
    /// The village is another: the one before a move, or after it.
    case villageMoved
    /// The village is not there.
    case missingVillage
    /// The mother's name is not there.
    case missingMother
    /// The mother's name is shortened.
    case motherShortened
    /// The mother's name is misspelt or otherwise written.
    case motherMisspelt
    /// The telephone number is not there.
    case missingPhone
    /// The telephone number is another.
    case phoneChanged
    /// The telephone number lacks a digit.
    case phoneShortened

    /// The name in the documents: `nik-serial`.
    public var name: String {
        switch self {
        case .missingNIK: "missing-nik"
        case .placeholderNIK: "placeholder-nik"
        case .nikDigit: "nik-digit"
        case .nikTransposed: "nik-transposed"
        case .nikSerial: "nik-serial"
        case .nikRegion: "nik-region"
        case .otherNIK: "other-nik"
        case .nameMisspelt: "name-misspelt"
        case .nameInitial: "name-initial"
        case .nameLeftOut: "name-left-out"
        case .nameTitle: "name-title"
        case .nameFather: "name-father"
        case .nameJoined: "name-joined"
        case .nameSplit: "name-split"
        case .nameOrder: "name-order"
        case .nameOldSpelling: "name-old-spelling"
        case .birthPart: "birth-part"
        case .birthFirstJanuary: "birth-first-january"
        case .birthSwapped: "birth-swapped"
        case .missingBirth: "missing-birth"
        case .missingSex: "missing-sex"
        case .wrongSex: "wrong-sex"
        case .missingBirthplace: "missing-birthplace"
        case .birthplaceAbbreviated: "birthplace-abbreviated"
        case .birthplaceMisspelt: "birthplace-misspelt"
        case .birthplaceOther: "birthplace-other"
        case .villageMoved: "village-moved"
        case .missingVillage: "missing-village"
        case .missingMother: "missing-mother"
        case .motherShortened: "mother-shortened"
        case .motherMisspelt: "mother-misspelt"
        case .missingPhone: "missing-phone"
        case .phoneChanged: "phone-changed"
        case .phoneShortened: "phone-shortened"
        }
    }

    /// The field that it spoils.
    enum Field: Int { case nik, name, birth, sex, birthplace, village, mother, phone }

    /// The field that it spoils.
    var field: Field {
        switch rawValue {
        case ...Self.otherNIK.rawValue: .nik
        case ...Self.nameOldSpelling.rawValue: .name
        case ...Self.missingBirth.rawValue: .birth
        case ...Self.wrongSex.rawValue: .sex
        case ...Self.birthplaceOther.rawValue: .birthplace
        case ...Self.missingVillage.rawValue: .village
        case ...Self.motherMisspelt.rawValue: .mother
        default: .phone
        }
    }

    /// How often each is tried, in proportion. What a record does not allow (an initial of a single name, a telephone number
    /// that is not there) is drawn anew.
    var weight: Int {
        switch self {
        case .missingNIK: 215
        case .placeholderNIK: 27
        case .nikDigit: 100
        case .nikTransposed: 36
        case .nikSerial: 110
        case .nikRegion: 102
        case .otherNIK: 40
        case .nameMisspelt: 345
        case .nameInitial: 118
        case .nameLeftOut: 58
        case .nameTitle: 50
        case .nameFather: 36
        case .nameJoined: 40
        case .nameSplit: 3
        case .nameOrder: 26
        case .nameOldSpelling: 32
        case .birthPart: 190
        case .birthFirstJanuary: 67
        case .birthSwapped: 88
        case .missingBirth: 37
        case .missingSex: 19
        case .wrongSex: 20
        case .missingBirthplace: 29
        case .birthplaceAbbreviated: 38
        case .birthplaceMisspelt: 38
        case .birthplaceOther: 95
        case .villageMoved: 208
        case .missingVillage: 34
        case .missingMother: 85
        case .motherShortened: 90
        case .motherMisspelt: 125
        case .missingPhone: 40
        case .phoneChanged: 60
        case .phoneShortened: 35
        }
    }

    /// The running sums of the weights, in the order of the cases.
    private static let sums: [Int] = allCases.reduce(into: []) { $0.append(($0.last ?? 0) + $1.weight) }

    /// One of them, by the weights.
    static func draw(_ random: inout Random) -> RecordFault {
        let draw = random.below(sums[sums.count - 1])
        return allCases[sums.firstIndex { $0 > draw } ?? 0]
    }
}
