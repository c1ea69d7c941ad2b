import Journal

/// A row beside the person whom it may speak of, for whoever decides whether it does.
public struct ReviewSheet: Sendable {
    /// One thing that is compared.
    public struct Line: Sendable {
        /// Its name, one of those that ``ReviewSheet/lines`` explains: `name`, `nik`, `birth_date`, `sex`, `family`, `village`,
        /// `mother`, `rarity`.
        public let field: String
        /// What the row says; nil where it says nothing.
        public let row: String?
        /// What the population register says.
        public let person: String?
        /// How they compare, in the linkage library's words; nil where they cannot be compared.
        public let level: String?
        /// What that weighs: log2 of how much likelier it is of one person than of strangers.
        public let weight: Double

        /// A line.
        public init(field: String, row: String?, person: String?, level: String?, weight: Double) {
            self.field = field
            self.row = row
            self.person = person
            self.level = level
            self.weight = weight
        }
    }

    /// The row: `BATCH:LINE`.
    public let row: String
    /// The person's number in the registry.
    public let person: Int64
    /// Whether the row is the population register's own: somebody who may stand there twice, with two NIKs.
    public let isEntry: Bool
    /// The row's source, in the reader's language.
    public let source: String
    /// The day of its delivery.
    public let delivered: CalendarDate
    /// What is compared, in the order in which people read it.
    public let lines: [Line]
    /// log2 of the odds before anything was compared, all others weighed on the other side.
    public let prior: Double
    /// How likely the row speaks of the person, all others weighed beside.
    public let probability: Double
    /// Other persons who resemble the row, the likeliest first.
    public let similar: [FoundPerson]
    /// What else the row says.
    public let facts: [(name: String, value: String)]
    /// Rupiah a year that hang on it.
    public let rupiah: Int64
    /// How many others have looked at it.
    public let earlier: Int
    /// How many rows wait.
    public let waiting: Int
    /// How many of them are decided and wait for the next linking.
    public let decided: Int

    /// A sheet.
    public init(
        row: String, person: Int64, isEntry: Bool = false, source: String, delivered: CalendarDate, lines: [Line],
        prior: Double,
        probability: Double, similar: [FoundPerson], facts: [(name: String, value: String)], rupiah: Int64,
        earlier: Int,
        waiting: Int, decided: Int
    ) {
        self.row = row
        self.person = person
        self.isEntry = isEntry
        self.source = source
        self.delivered = delivered
        self.lines = lines
        self.prior = prior
        self.probability = probability
        self.similar = similar
        self.facts = facts
        self.rupiah = rupiah
        self.earlier = earlier
        self.waiting = waiting
        self.decided = decided
    }
}

/// What a reviewer answered last.
public struct LastReview: Sendable, Equatable {
    /// The decision's number.
    public let decision: Int64
    /// The row: `BATCH:LINE`.
    public let row: String
    /// What was said.
    public let choice: ReviewChoice

    /// An answer.
    public init(decision: Int64, row: String, choice: ReviewChoice) {
        self.decision = decision
        self.row = row
        self.choice = choice
    }
}

/// What a reviewer can say.
public enum ReviewChoice: String, Sendable, CaseIterable {
    /// One person.
    case same = "sama"
    /// Two persons.
    case not = "bukan"
    /// It cannot be told.
    case unsure = "ragu"

    /// The browser's access key for it. Not a digit: with Alt these change tabs.
    var key: Character {
        switch self {
        case .same: "y"
        case .not: "b"
        case .unsure: "r"
        }
    }
}
