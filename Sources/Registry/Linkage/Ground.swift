/// Why a source row is linked to a person or family, or why it is not (yet).
public enum Ground: String, Sendable, CaseIterable {
    /// The row is the population register's own.
    case register
    /// The NIK is the person's, and the name agrees.
    case nikAndName = "nik_name"
    /// The NIK is the person's, and the birth date agrees.
    case nikAndBirthDate = "nik_birth_date"
    /// The family number is the family's, and the name is a member's.
    case familyNumberAndName = "family_number_name"
    /// Everything together is as good as certain.
    case likeness
    /// Somebody has looked at the row and the person and said that they are one.
    case reviewed
    /// Somebody resembles what the row says, but not enough to be certain: people must look.
    case toReview = "to_review"
    /// It seemed to speak of somebody, but people who looked said that it does not.
    case refused
    /// The row has no NIK.
    case noNIK = "no_nik"
    /// What stands in the NIK's place is none.
    case malformedNIK = "malformed_nik"
    /// Nobody in the population register has the NIK.
    case unknownNIK = "unknown_nik"
    /// The NIK is a person's whose name and birth date are others.
    case nikDisagrees = "nik_disagrees"
    /// The population register gives the NIK to two people.
    case nikShared = "nik_shared"
    /// No family in the population register has the number, or its members have other names.
    case familyUnknown = "family_unknown"

    /// Whether nothing that is found later alters it but people's decisions. A NIK and a birth date are one agreement, for the NIK
    /// repeats the date: somebody else may resemble the row more.
    var isCertain: Bool { isLinked && self != .nikAndBirthDate }

    /// Whether the row is linked.
    public var isLinked: Bool {
        switch self {
        case .register, .nikAndName, .nikAndBirthDate, .familyNumberAndName, .likeness, .reviewed: true
        default: false
        }
    }
}
