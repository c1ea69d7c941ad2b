/// What is compared, and how records are brought together that might be the same person.
public struct LinkageSettings: Sendable {
    /// What a field holds, which decides how two of its values are compared.
    public enum Kind: String, Sendable, CaseIterable {
        /// The person's own name, or a part of it: several words, written in many ways.
        case name
        /// The name of a relative whom brothers and sisters share, such as the mother.
        case relative
        /// A place or another text of words.
        case text
        /// A date `YYYY-MM-DD`, or `YYYY-MM`, or `YYYY`.
        case date
        /// A number that names a person, such as a NIK; with 16 digits its birth date is read as well.
        case identifier
        /// A code whose first digits name a larger region.
        case region
        /// A telephone number.
        case phone
        /// One of a few words, such as the sex.
        case category
    }

    /// A field that is compared.
    public struct Field: Sendable {
        /// Its name in the data.
        public let name: String
        /// What it holds.
        public let kind: Kind
        /// The columns that make it up, their texts one after the other: a name in two parts that are often exchanged.
        public let columns: [String]

        /// A field of one column of the same name, or of several.
        public init(name: String, kind: Kind, columns: [String]? = nil) {
            self.name = name
            self.kind = kind
            self.columns = columns ?? [name]
        }
    }

    /// A part of a key that two records must share to be compared.
    public enum KeyPart: Sendable, Hashable {
        /// The whole value: of a name all words in any order, of a date with day and month in any order.
        case whole(String)
        /// The first letters of a name's first word.
        case first(String)
        /// The first letters of a name's last word.
        case last(String)
        /// The first letters of the word of a name that stands first in the alphabet: the same where words were exchanged.
        case lowest(String)
        /// The word of a name that the fewest have.
        case rarest(String)
        /// The birth date and serial number in a person's number of 16 digits.
        case tail(String)
        /// The region and birth date in a person's number of 16 digits.
        case head(String)
        /// The year of a date.
        case year(String)
        /// The larger region that a code's first six characters name.
        case larger(String)

        /// The field that it is of.
        public var field: String {
            switch self {
            case .whole(let field), .first(let field), .last(let field), .lowest(let field), .rarest(let field),
                .tail(let field), .head(let field), .year(let field), .larger(let field):
                field
            }
        }
    }

    /// The field that names a record.
    public var id: String
    /// The fields.
    public var fields: [Field]
    /// The rules: two records are compared that share all parts of one of them.
    public var blocking: [[KeyPart]]
    /// How names are written in more ways than one.
    public var equivalents = NameEquivalents.none
    /// The least probability at which two records are taken for the same person.
    public var threshold = 0.5
    /// The most records of one block that are all compared with each other; in a larger one each is compared with so many
    /// that come after it in the order of their other fields.
    public var largestBlock = 64
    /// The most records that can share a person's or a telephone number; one that more have is no number of anybody.
    public var mostWithOneNumber = 24
    /// The same seed gives the same estimates.
    public var seed: UInt64 = 1

    /// Settings.
    public init(id: String, fields: [Field], blocking: [[KeyPart]]) {
        self.id = id
        self.fields = fields
        self.blocking = blocking
    }
}

extension LinkageSettings {
    /// Whether a text is a date that linkage reads, with at least its month.
    public static func isDate(_ text: UnsafeRawBufferPointer) -> Bool { DateColumn.read(text) & 0x1FF >= 32 }

    /// Whether a text is a date that linkage reads, with at least its month.
    public static func isDate(_ text: String) -> Bool { Array(text.utf8).withUnsafeBytes { isDate($0) } }
}
