import Journal

/// A language of the pages. Indonesian comes first.
public enum Language: String, Sendable, CaseIterable {
    /// Bahasa Indonesia.
    case id
    /// English.
    case en

    /// The text of a phrase in this language.
    public func callAsFunction(_ phrase: Phrase) -> String {
        switch self {
        case .id: phrase.id
        case .en: phrase.en
        }
    }

    /// A date in words: `15 Oktober 2025`.
    public func date(_ date: CalendarDate) -> String {
        let (year, month, day) = date.components
        return "\(day) \(self(Self.months[month - 1])) \(year)"
    }

    /// An amount of whole rupiah: `Rp2.075.000`, in English `Rp2,075,000`.
    public func rupiah(_ amount: Int64) -> String {
        (amount < 0 ? "-Rp" : "Rp") + grouped(amount.magnitude)
    }

    /// A number with its thousands marked: `12.345`, in English `12,345`.
    public func count(_ number: Int) -> String {
        (number < 0 ? "-" : "") + grouped(UInt64(number.magnitude))
    }

    /// A share of a whole with one decimal: `34,5%`, in English `34.5%`; a dash where the whole is nothing.
    public func percent(_ part: Int, of whole: Int) -> String {
        guard whole > 0 else { return "–" }
        let thousandths = Int((Double(part) / Double(whole) * 1000).rounded())
        return count(thousandths / 10) + (self == .id ? "," : ".") + String(thousandths % 10) + "%"
    }

    /// A length of time, rounded up to minutes where it is longer than a minute and a half.
    public func duration(seconds: Int) -> String {
        let (number, unit) = seconds < 90 ? (seconds, 0) : ((seconds + 59) / 60, 1)
        return switch self {
        case .id: "\(number) \(unit == 0 ? "detik" : "menit")"
        case .en: "\(number) \(unit == 0 ? "second" : "minute")\(number == 1 ? "" : "s")"
        }
    }

    private func grouped(_ magnitude: UInt64) -> String {
        var reversed: [Character] = []
        for (index, digit) in String(magnitude).reversed().enumerated() {
            if index > 0, index.isMultiple(of: 3) { reversed.append(self == .id ? "." : ",") }
            reversed.append(digit)
        }
        return String(reversed.reversed())
    }

    private static let months: [Phrase] = [
        Phrase(id: "Januari", en: "January"), Phrase(id: "Februari", en: "February"),
        Phrase(id: "Maret", en: "March"), Phrase(id: "April", en: "April"), Phrase(id: "Mei", en: "May"),
        Phrase(id: "Juni", en: "June"), Phrase(id: "Juli", en: "July"), Phrase(id: "Agustus", en: "August"),
        Phrase(id: "September", en: "September"), Phrase(id: "Oktober", en: "October"),
        Phrase(id: "November", en: "November"), Phrase(id: "Desember", en: "December"),
    ]
}

/// A text in every language of the pages; one that lacks a language does not compile.
public struct Phrase: Sendable, Hashable {
    /// Bahasa Indonesia.
    public let id: String
    /// English.
    public let en: String

    /// A text in both languages.
    public init(id: String, en: String) {
        self.id = id
        self.en = en
    }

    /// A name that is the same in every language.
    public init(_ name: String) { self.init(id: name, en: name) }
}
