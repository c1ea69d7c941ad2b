import Journal

/// A programme's rules as they hold, to be changed and tried.
public struct RuleSheet: Sendable {
    /// One rule.
    public struct Rule: Sendable {
        /// The identifier.
        public let name: String
        /// The rule in words.
        public let words: String
        /// Its condition, in the Common Expression Language.
        public let condition: String
        /// Whether the condition must hold, rather than must not.
        public let isRequired: Bool
        /// Whether failing it decides, rather than calls for a look.
        public let decides: Bool

        /// A rule.
        public init(name: String, words: String, condition: String, isRequired: Bool, decides: Bool) {
            self.name = name
            self.words = words
            self.condition = condition
            self.isRequired = isRequired
            self.decides = decides
        }
    }

    /// The programmes that can be tried, by code, with their names.
    public let programmes: [(code: String, title: String)]
    /// The programme's code.
    public let programme: String
    /// Its name.
    public let title: String
    /// The version that holds.
    public let version: String
    /// The rules.
    public let rules: [Rule]
    /// How many families are funded.
    public let quota: Int
    /// How much of the evidence has been read, in percent; nil when all has.
    public let loading: Int?

    /// A sheet.
    public init(
        programmes: [(code: String, title: String)], programme: String, title: String, version: String, rules: [Rule],
        quota: Int, loading: Int?
    ) {
        self.programmes = programmes
        self.programme = programme
        self.title = title
        self.version = version
        self.rules = rules
        self.quota = quota
        self.loading = loading
    }
}

/// What changed rules come to.
public enum RuleTrial: Sendable {
    /// The evidence is still being read, so much of it in percent.
    case loading(Int)
    /// A condition cannot be used: its rule, what is wrong, and where.
    case faults([(rule: String, text: String)])
    /// What they would do.
    case result(Comparison)

    /// What the changed rules would do, beside those that hold.
    public struct Comparison: Sendable {
        /// How families fare in a region, or with a decile.
        public struct Moves: Sendable, Equatable {
            /// All families.
            public let families: Int
            /// Those that would be funded and are not.
            public let gaining: Int
            /// Those that are funded and would not be.
            public let losing: Int

            /// How families fare.
            public init(families: Int, gaining: Int, losing: Int) {
                self.families = families
                self.gaining = gaining
                self.losing = losing
            }
        }

        /// A share of families, 0 to 1, with the range in which it lies for all, of which those counted are a sample.
        public struct Share: Sendable, Equatable {
            /// The share.
            public let share: Double
            /// The lower end of the range that holds it in 95 of 100 samples.
            public let lower: Double
            /// The upper end.
            public let upper: Double

            /// A share.
            public init(share: Double, lower: Double, upper: Double) {
                self.share = share
                self.lower = lower
                self.upper = upper
            }
        }

        /// How often the programme reaches others than those it is for; nil where nothing could be counted.
        public struct Errors: Sendable, Equatable {
            /// Of the funded, those who are not entitled.
            public let inclusion: Share?
            /// Of the entitled, those who are not funded.
            public let exclusion: Share?
            /// Of the entitled, those who would not be funded with any quota.
            public let exclusionBeforeQuota: Share?

            /// Errors.
            public init(inclusion: Share?, exclusion: Share?, exclusionBeforeQuota: Share?) {
                self.inclusion = inclusion
                self.exclusion = exclusion
                self.exclusionBeforeQuota = exclusionBeforeQuota
            }
        }

        /// The outcomes as they are.
        public let now: OutcomeCounts
        /// The outcomes as they would be.
        public let then: OutcomeCounts
        /// Rupiah for each period as they are.
        public let amountNow: Int64
        /// Rupiah for each period as they would be.
        public let amountThen: Int64
        /// All families.
        public let total: Moves
        /// Those that are funded either way and would get more, or less.
        public let more: Int
        /// Those that would get less.
        public let less: Int
        /// By district, by code.
        public let districts: [String: Moves]
        /// By decile; 0 where it is unknown.
        public let deciles: [(decile: Int, moves: Moves)]
        /// What keeps those from being funded now who would be.
        public let gainReasons: [(words: String, families: Int)]
        /// What would keep those from being funded who are.
        public let lossReasons: [(words: String, families: Int)]
        /// The errors as they are and as they would be; nil where no truth is known.
        public let errors: (now: Errors, then: Errors)?
        /// The changed programme's file.
        public let text: String
        /// Which of its examples come out otherwise than they say.
        public let failures: [String]

        /// A comparison.
        public init(
            now: OutcomeCounts, then: OutcomeCounts, amountNow: Int64, amountThen: Int64, total: Moves, more: Int,
            less: Int, districts: [String: Moves], deciles: [(decile: Int, moves: Moves)],
            gainReasons: [(words: String, families: Int)], lossReasons: [(words: String, families: Int)],
            errors: (now: Errors, then: Errors)? = nil, text: String, failures: [String]
        ) {
            self.now = now
            self.then = then
            self.amountNow = amountNow
            self.amountThen = amountThen
            self.total = total
            self.more = more
            self.less = less
            self.districts = districts
            self.deciles = deciles
            self.gainReasons = gainReasons
            self.lossReasons = lossReasons
            self.errors = errors
            self.text = text
            self.failures = failures
        }
    }
}

/// A changed version that somebody puts in force.
public struct RuleDraft: Sendable {
    /// The conditions by the rules' names; rules that are not named stay as they are.
    public let conditions: [String: String]
    /// The version's name.
    public let version: String
    /// The first day on which it holds.
    public let from: CalendarDate
    /// Why, such as the decree's number.
    public let reason: String

    /// A changed version.
    public init(conditions: [String: String], version: String, from: CalendarDate, reason: String) {
        self.conditions = conditions
        self.version = version
        self.from = from
        self.reason = reason
    }
}

/// What putting a changed version in force came to.
public enum RuleApplication: Sendable, Equatable {
    /// It cannot be: why.
    case refused(String)
    /// It holds from that day on; the version before it until the day before.
    case applied(version: String, from: CalendarDate, previous: String?)
}
