import Journal

/// The form by which a family asks for its answer: what was typed, and whether it can be used.
struct CheckForm: Sendable {
    /// The fields, by their names in the form, which are also their ids in the page.
    enum Field: String, CaseIterable { case nik, familyNumber = "kk", day = "hari", month = "bulan", year = "tahun" }

    /// Something wrong with a field.
    struct Fault: Sendable, Equatable {
        /// The field to go to.
        let field: Field
        let text: Phrase
    }

    /// What can be asked of the model.
    struct Query: Sendable, Equatable {
        let nik: String
        let familyNumber: String
        let birthDate: CalendarDate
    }

    /// What was typed, as it was typed.
    let typed: [Field: String]
    /// What is wrong with it, in the order of the fields.
    let faults: [Fault]
    /// What it asks; nil where there are faults.
    let query: Query?

    /// An empty form.
    static let empty = CheckForm(typed: [:], faults: [], query: nil)

    /// Reads what was sent. Spaces, dots, dashes and slashes among the digits are fine: cards print them in groups.
    init(fields: FormFields) {
        var typed: [Field: String] = [:]
        for field in Field.allCases { typed[field] = fields[field.rawValue] ?? "" }
        var faults: [Fault] = []
        func number(_ field: Field, _ name: Phrase) -> String? {
            switch Self.digits(typed[field] ?? "") {
            case nil: faults.append(Fault(field: field, text: Words.Check.onlyDigits(name)))
            case let digits? where digits.count != 16:
                faults.append(Fault(field: field, text: Words.Check.digits(name, found: digits.count)))
            case let digits?: return digits
            }
            return nil
        }
        let nik = number(.nik, Words.Check.nik)
        let familyNumber = number(.familyNumber, Words.Check.familyNumber)
        let date = Self.date(typed)
        if case .failure(let fault) = date { faults.append(fault) }
        if let nik, let familyNumber, case .success(let birthDate) = date {
            self.init(
                typed: typed, faults: [], query: Query(nik: nik, familyNumber: familyNumber, birthDate: birthDate))
        } else {
            self.init(typed: typed, faults: faults, query: nil)
        }
    }

    private init(typed: [Field: String], faults: [Fault], query: Query?) {
        self.typed = typed
        self.faults = faults
        self.query = query
    }

    private static func digits(_ text: String) -> String? {
        let kept = text.filter { !" .-/\u{A0}".contains($0) }
        return kept.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? kept : nil
    }

    private static func date(_ typed: [Field: String]) -> Result<CalendarDate, Fault> {
        var numbers: [Int] = []
        for field in [Field.day, .month, .year] {
            let text = digits(typed[field] ?? "")
            guard text != "" else { return .failure(Fault(field: field, text: Words.Check.dateMissing)) }
            guard let number = text.flatMap({ Int($0) }), number > 0 else {
                return .failure(Fault(field: field, text: Words.Check.dateWrong))
            }
            numbers.append(number)
        }
        // Two digits of a year do not tell the century, and guessing it would look like a wrong try.
        guard numbers[2] >= 1880 else { return .failure(Fault(field: .year, text: Words.Check.dateWrong)) }
        guard let date = CalendarDate(year: numbers[2], month: numbers[1], day: numbers[0]) else {
            return .failure(Fault(field: numbers[1] > 12 ? .month : .day, text: Words.Check.dateWrong))
        }
        return .success(date)
    }
}

extension CheckForm.Fault: Error {}
