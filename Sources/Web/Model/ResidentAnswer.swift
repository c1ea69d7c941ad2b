import Journal

/// What a family is told about itself. All texts are in the reader's language; names are masked.
public struct ResidentAnswer: Sendable {
    /// The name of the family's head, masked: `S*** R*****` (see ``masked(name:)``).
    public let familyMasked: String
    /// How many members the family has, as far as known.
    public let members: Int?
    /// The village where the family is registered.
    public let village: String?
    /// One answer for each programme, the most important first.
    public let programmes: [ProgrammeAnswer]
    /// Who has read what is known of the family, the latest first.
    public let readings: [DataReading]

    /// An answer.
    public init(
        familyMasked: String, members: Int?, village: String?, programmes: [ProgrammeAnswer],
        readings: [DataReading] = []
    ) {
        self.familyMasked = familyMasked
        self.members = members
        self.village = village
        self.programmes = programmes
        self.readings = readings
    }
}

/// That somebody has read what is known of a family, on one day and for one purpose.
public struct DataReading: Sendable, Equatable {
    /// The day.
    public let date: CalendarDate
    /// Who: an office, never a person's name.
    public let reader: String
    /// What for.
    public let purpose: String
    /// How often.
    public let times: Int

    /// A reading.
    public init(date: CalendarDate, reader: String, purpose: String, times: Int) {
        self.date = date
        self.reader = reader
        self.purpose = purpose
        self.times = times
    }
}

/// What one programme decided for a family.
public struct ProgrammeAnswer: Sendable {
    /// What was decided.
    public enum Outcome: Sendable, Equatable {
        /// A rule excludes the family.
        case ineligible
        /// Something that decides is not known (``ProgrammeAnswer/missing``).
        case undetermined
        /// Eligible and within the quota.
        case funded
        /// Eligible, and the quota is full: the place on the waiting list, counted from 1; nil for a family that still
        /// receives, and so does not wait.
        case waitlisted(rank: Int?)
        /// The programme has not been assessed for this family yet.
        case notAssessed
    }

    /// The programme's code, such as `pkh`: unique among the answers.
    public let code: String
    /// The programme's name.
    public let title: String
    /// What was decided.
    public let outcome: Outcome
    /// Whether the family is so near the line that a person looks before anything is final.
    public let awaitsVerification: Bool
    /// What the family is told about a place that it has or had; nil where there is nothing to tell.
    public let notice: NoticeView?
    /// What the family receives, or would receive; nil where there is no amount to tell.
    public let amount: Amount?
    /// The rules that decided, those that were decisive first.
    public let reasons: [ReasonView]
    /// What is not known.
    public let missing: [MissingView]
    /// What would change the decision: one sentence each.
    public let changes: [String]
    /// The smallest changes that would alter the decision.
    public let nearest: [ChangeView]
    /// What to do now, in this order.
    public let nextSteps: [NextStep]
    /// What was decided earlier, the newest first.
    public let history: [PastView]
    /// The day whose evidence the decision rests on; nil where nothing was assessed.
    public let assessedOn: CalendarDate?
    /// The version of the programme's rules, such as `2025.1`.
    public let version: String

    /// An answer of one programme.
    public init(
        code: String, title: String, outcome: Outcome, awaitsVerification: Bool = false,
        notice: NoticeView? = nil, amount: Amount? = nil,
        reasons: [ReasonView] = [], missing: [MissingView] = [], changes: [String] = [], nearest: [ChangeView] = [],
        nextSteps: [NextStep] = [], history: [PastView] = [], assessedOn: CalendarDate?, version: String
    ) {
        self.code = code
        self.title = title
        self.outcome = outcome
        self.awaitsVerification = awaitsVerification
        self.notice = notice
        self.amount = amount
        self.reasons = reasons
        self.missing = missing
        self.changes = changes
        self.nearest = nearest
        self.nextSteps = nextSteps
        self.history = history
        self.assessedOn = assessedOn
        self.version = version
    }
}

/// What a family is told about a place that it has or had, before a change takes effect.
public struct NoticeView: Sendable, Equatable {
    /// What holds now, one sentence.
    public let headline: String
    /// What has changed, one sentence each.
    public let changes: [String]
    /// What was done with the notice; nil where nothing was.
    public let state: String?
    /// How to answer; nil where nothing is to be answered.
    public let answer: String?
    /// Whether the family receives as before.
    public let receives: Bool

    /// What a family is told.
    public init(headline: String, changes: [String] = [], state: String? = nil, answer: String? = nil, receives: Bool) {
        self.headline = headline
        self.changes = changes
        self.state = state
        self.answer = answer
        self.receives = receives
    }
}

/// What was decided earlier.
public struct PastView: Sendable, Equatable {
    /// The day whose evidence it rested on.
    public let day: CalendarDate
    /// What was decided, and the rules that stood against it.
    public let text: String

    /// What was decided earlier.
    public init(day: CalendarDate, text: String) {
        self.day = day
        self.text = text
    }
}

/// An amount and how it is made up.
public struct Amount: Sendable, Equatable {
    /// One part of the amount.
    public struct Line: Sendable, Equatable {
        /// What it is for: “Anak SD”.
        public let label: String
        /// Whole rupiah.
        public let rupiah: Int64

        /// A part of an amount.
        public init(label: String, rupiah: Int64) {
            self.label = label
            self.rupiah = rupiah
        }
    }

    /// The whole, in rupiah.
    public let rupiah: Int64
    /// How often it is paid: “setiap tiga bulan”.
    public let period: String
    /// Its parts; empty where it has none.
    public let lines: [Line]

    /// An amount.
    public init(rupiah: Int64, period: String, lines: [Line]) {
        self.rupiah = rupiah
        self.period = period
        self.lines = lines
    }
}

/// A rule and what it found.
public struct ReasonView: Sendable, Equatable {
    /// The rule's finding in words: “Di keluarga Anda ada anak SD.”
    public let text: String
    /// Whether the decision would be another without it.
    public let decisive: Bool
    /// Law or decree that the rule comes from; nil where none is named.
    public let legalSource: String?
    /// What the rule rests on.
    public let evidence: [EvidenceView]

    /// A reason.
    public init(text: String, decisive: Bool, legalSource: String? = nil, evidence: [EvidenceView]) {
        self.text = text
        self.decisive = decisive
        self.legalSource = legalSource
        self.evidence = evidence
    }
}

/// One thing that is known, with where it comes from.
public struct EvidenceView: Sendable, Equatable {
    /// What: “Daya listrik”.
    public let label: String
    /// Its value, written for people: “900 VA”.
    public let value: String
    /// Who says so: “PLN”.
    public let agency: String
    /// The day for which the agency says it.
    public let date: CalendarDate
    /// Whether the agency has a record that says it; else it is what the absence of one in a complete register means.
    public let isRecorded: Bool
    /// How far it can be trusted, in words; nil where that is not told.
    public let trust: String?

    /// A piece of evidence.
    public init(
        label: String, value: String, agency: String, date: CalendarDate, isRecorded: Bool = true, trust: String? = nil
    ) {
        self.label = label
        self.value = value
        self.agency = agency
        self.date = date
        self.isRecorded = isRecorded
        self.trust = trust
    }
}

/// A small change that would alter the decision.
public struct ChangeView: Sendable, Equatable {
    /// The change and what would come of it, one sentence.
    public let text: String
    /// Who can mend the data that it names, and what to bring.
    public let mend: [String]

    /// A change.
    public init(text: String, mend: [String] = []) {
        self.text = text
        self.mend = mend
    }
}

/// Something that is not known.
public struct MissingView: Sendable, Equatable {
    /// What: “Daya listrik di rumah Anda”.
    public let what: String
    /// How it becomes known: “Petugas akan datang ke rumah Anda.”
    public let how: String?

    /// Something that is not known.
    public init(what: String, how: String? = nil) {
        self.what = what
        self.how = how
    }
}

/// Something for the family to do.
public struct NextStep: Sendable, Equatable {
    /// What to do, one sentence.
    public let text: String
    /// Where to go.
    public let place: String?
    /// What to bring.
    public let bring: [String]
    /// Within what time, in words or as a date: “sebelum 15 November 2025”.
    public let within: String?

    /// A step.
    public init(text: String, place: String? = nil, bring: [String] = [], within: String? = nil) {
        self.text = text
        self.place = place
        self.bring = bring
        self.within = within
    }
}
