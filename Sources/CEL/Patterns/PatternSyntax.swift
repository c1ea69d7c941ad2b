/// A regular expression as it was written.
indirect enum PatternSyntax {
    case scalar(Unicode.Scalar, foldsCase: Bool)
    case set(ScalarSet)
    case sequence([PatternSyntax])
    case alternatives([PatternSyntax])
    case repetition(PatternSyntax, atLeast: Int, atMost: Int?)
    case assertion(PatternAssertion)
}

/// A condition on the place between two characters.
enum PatternAssertion: Sendable {
    case textStart
    case textEnd
    case lineStart
    case lineEnd
    case wordBoundary
    case noWordBoundary
}

/// A set of characters.
struct ScalarSet: Sendable {
    enum Item: Sendable {
        case range(ClosedRange<Unicode.Scalar>)
        /// A general category of Unicode by its letters: `L`, `Lu`.
        case category(String, isNegated: Bool)
        case set(ScalarSet)
    }

    var items: [Item]
    var isNegated = false
    var foldsCase = false

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        var found = holds(scalar)
        if !found, foldsCase {
            let (lower, upper) = (scalar.lowered, scalar.raised)
            found = lower != scalar && holds(lower) || upper != scalar && holds(upper)
        }
        return found != isNegated
    }

    private func holds(_ scalar: Unicode.Scalar) -> Bool {
        items.contains { item in
            switch item {
            case .range(let range): range.contains(scalar)
            case .category(let name, let isNegated):
                scalar.properties.generalCategory.letters.hasPrefix(name) != isNegated
            case .set(let set): set.contains(scalar)
            }
        }
    }

    static let all = ScalarSet(items: [.range("\u{0}"..."\u{10FFFF}")])
    static let newline = ScalarSet(items: [.range("\n"..."\n")])
    static let digits = ScalarSet(items: [.range("0"..."9")])
    static let word = ScalarSet(items: [.range("0"..."9"), .range("A"..."Z"), .range("_"..."_"), .range("a"..."z")])
    static let blank = ScalarSet(items: [.range("\t"..."\n"), .range("\u{0C}"..."\r"), .range(" "..." ")])

    var inverted: ScalarSet {
        var result = self
        result.isNegated.toggle()
        return result
    }

    /// The classes that are written `[:name:]`.
    static let named: [String: ScalarSet] = [
        "alnum": ScalarSet(items: [.range("0"..."9"), .range("A"..."Z"), .range("a"..."z")]),
        "alpha": ScalarSet(items: [.range("A"..."Z"), .range("a"..."z")]),
        "ascii": ScalarSet(items: [.range("\u{0}"..."\u{7F}")]),
        "blank": ScalarSet(items: [.range("\t"..."\t"), .range(" "..." ")]),
        "cntrl": ScalarSet(items: [.range("\u{0}"..."\u{1F}"), .range("\u{7F}"..."\u{7F}")]),
        "digit": digits,
        "graph": ScalarSet(items: [.range("!"..."~")]),
        "lower": ScalarSet(items: [.range("a"..."z")]),
        "print": ScalarSet(items: [.range(" "..."~")]),
        "punct": ScalarSet(items: [.range("!"..."/"), .range(":"..."@"), .range("["..."`"), .range("{"..."~")]),
        "space": ScalarSet(items: [.range("\t"..."\r"), .range(" "..." ")]),
        "upper": ScalarSet(items: [.range("A"..."Z")]),
        "word": word,
        "xdigit": ScalarSet(items: [.range("0"..."9"), .range("A"..."F"), .range("a"..."f")]),
    ]
}

extension Unicode.Scalar {
    /// The lower-case letter, where that is one character.
    var lowered: Unicode.Scalar { Self.single(properties.lowercaseMapping) ?? self }
    /// The upper-case letter, where that is one character.
    var raised: Unicode.Scalar { Self.single(properties.uppercaseMapping) ?? self }

    private static func single(_ text: String) -> Unicode.Scalar? {
        text.unicodeScalars.count == 1 ? text.unicodeScalars.first : nil
    }
}

extension Unicode.GeneralCategory {
    /// The two letters that Unicode gives the category.
    var letters: String {
        switch self {
        case .uppercaseLetter: "Lu"
        case .lowercaseLetter: "Ll"
        case .titlecaseLetter: "Lt"
        case .modifierLetter: "Lm"
        case .otherLetter: "Lo"
        case .nonspacingMark: "Mn"
        case .spacingMark: "Mc"
        case .enclosingMark: "Me"
        case .decimalNumber: "Nd"
        case .letterNumber: "Nl"
        case .otherNumber: "No"
        case .connectorPunctuation: "Pc"
        case .dashPunctuation: "Pd"
        case .openPunctuation: "Ps"
        case .closePunctuation: "Pe"
        case .initialPunctuation: "Pi"
        case .finalPunctuation: "Pf"
        case .otherPunctuation: "Po"
        case .mathSymbol: "Sm"
        case .currencySymbol: "Sc"
        case .modifierSymbol: "Sk"
        case .otherSymbol: "So"
        case .spaceSeparator: "Zs"
        case .lineSeparator: "Zl"
        case .paragraphSeparator: "Zp"
        case .control: "Cc"
        case .format: "Cf"
        case .surrogate: "Cs"
        case .privateUse: "Co"
        case .unassigned: "Cn"
        @unknown default: "Cn"
        }
    }

    static let names: Set<String> = [
        "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Ps", "Pe",
        "Pi", "Pf", "Po", "S", "Sm", "Sc", "Sk", "So", "Z", "Zs", "Zl", "Zp", "C", "Cc", "Cf", "Cs", "Co",
    ]
}
