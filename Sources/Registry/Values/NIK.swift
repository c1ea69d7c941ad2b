import Journal

/// The 16-digit number that the civil registry gives a resident once and for life: `PPKKCC DDMMYY SSSS`.
///
/// The first six digits are the district of first registration, never the residence; 40 is added to the day of birth for
/// women; the serial counts from 0001. There is no check digit, and the number stays when the birth date is corrected, so
/// what it says of birth and sex is a hint for review, never a fact (Dukcapil Klaten; see docs/identifiers.md).
public struct NIK: Sendable, Hashable {
    /// The 16 digits.
    public let digits: String

    /// What a text is as a NIK.
    public enum Assessment: Sendable, Hashable {
        /// It has the form, and nothing in it contradicts itself.
        case valid(NIK)
        /// It has the form, but something in it is odd; a person should look.
        case suspicious(NIK, Oddity)
        /// It is no NIK.
        case invalid(Flaw)
    }

    /// Why a text is no NIK.
    public enum Flaw: String, Error, Sendable {
        /// Not 16 characters.
        case length
        /// A character is no digit.
        case notDigits
        /// Day, month or the two together are no date in any year.
        case birthDate
        /// The serial is 0000; serials begin with 0001.
        case serial
        /// It begins with a made-up regency, which only a demonstration accepts.
        case madeUp
    }

    /// What is odd about a NIK that has the right form.
    public enum Oddity: String, Sendable {
        /// The first four digits are no regency that exists (it may have existed once).
        case unknownRegency
    }

    /// Judges a text.
    ///
    /// - Parameters:
    ///   - regencies: whether four digits are a regency's; where nil, the region is not judged.
    ///   - madeUp: whether numbers of the regency that does not exist, 3599, are accepted: in a demonstration alone.
    public static func assess(
        _ text: some StringProtocol, regencies: ((Substring) -> Bool)? = nil, madeUp: Bool = false
    ) -> Assessment {
        var copy = String(text)
        if let flaw = copy.withUTF8({ Self.flaw(in: UnsafeRawBufferPointer($0), madeUp: madeUp) }) {
            return .invalid(flaw)
        }
        let nik = NIK(digits: String(text))
        let regency = nik.digits.prefix(4)
        if regency == Self.madeUpRegency { return .valid(nik) }
        if let regencies, !regencies(regency) { return .suspicious(nik, .unknownRegency) }
        return .valid(nik)
    }

    /// What keeps bytes from being a NIK or a family number, or nil where they are one; `madeUp` says whether numbers that
    /// begin with 3599 are accepted. For rows by the million, where making a string of each would cost.
    static func flaw(in bytes: UnsafeRawBufferPointer, madeUp: Bool) -> Flaw? {
        guard bytes.count == 16 else { return .length }
        for byte in bytes where byte < UInt8(ascii: "0") || byte > UInt8(ascii: "9") { return .notDigits }
        func number(_ start: Int) -> Int {
            Int(bytes[start] - UInt8(ascii: "0")) * 10 + Int(bytes[start + 1] - UInt8(ascii: "0"))
        }
        let day = number(6) > 40 ? number(6) - 40 : number(6)
        let month = number(8)
        // Judged in a leap year, so that 29 February passes: the number does not tell the century.
        guard (1...12).contains(month), day >= 1, day <= CalendarDate.days(in: month, of: 2000) else {
            return .birthDate
        }
        guard number(12) != 0 || number(14) != 0 else { return .serial }
        if !madeUp, number(0) == 35, number(2) == 99 { return .madeUp }
        return nil
    }

    /// The four digits of a regency that does not exist, with which every made-up number begins.
    public static let madeUpRegency = "3599"

    /// The sex that the day of birth tells: a hint, since the number is never corrected.
    public var hintedSex: String { number(6, 2) > 40 ? "female" : "male" }

    /// Whether a birth date fits the number's; one that does not is a matter for review, not an error.
    public func fits(birthDate: CalendarDate) -> Bool {
        let (year, month, day) = birthDate.components
        return number(6, 2) % 40 == day % 40 && number(8, 2) == month && number(10, 2) == year % 100
    }

    /// The number as people may see it who need not know all of it: `3599********0001`.
    public var masked: String { digits.prefix(4) + "********" + digits.suffix(4) }

    private func number(_ start: Int, _ length: Int) -> Int {
        digits.utf8.dropFirst(start).prefix(length).reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }
}

extension NIK.Flaw: CustomStringConvertible {
    /// What is wrong, in words.
    public var description: String {
        switch self {
        case .length: "a NIK has 16 digits"
        case .notDigits: "a NIK has digits only"
        case .birthDate: "digits 7 to 12 are no birth date"
        case .serial: "the last four digits count from 0001"
        case .madeUp: "numbers that begin with 3599 are made up; only a demonstration accepts them"
        }
    }
}

/// The 16-digit number of a family card (KK): `PPKKCC DDMMYY SSSS`, where the date is the day of recording and no 40 is added.
///
/// It changes when a family splits or is recorded anew, so it finds a family but never identifies one for good.
public struct FamilyNumber: Sendable, Hashable {
    /// The 16 digits.
    public let digits: String

    /// Judges a text; `madeUp` as in ``NIK/assess(_:regencies:madeUp:)``.
    public static func parse(
        _ text: some StringProtocol, madeUp: Bool = false
    ) -> Result<FamilyNumber, NIK.Flaw> {
        switch NIK.assess(text, madeUp: madeUp) {
        case .valid(let number), .suspicious(let number, _): .success(FamilyNumber(digits: number.digits))
        case .invalid(let flaw): .failure(flaw)
        }
    }

    /// The number as people may see it who need not know all of it.
    public var masked: String { digits.prefix(4) + "********" + digits.suffix(4) }
}
