import Journal

/// The figures of the last assessment.
public struct WorkFigures: Sendable {
    /// Each programme's figures for the whole region that was asked for, in the order of the cards.
    public let programmes: [ProgrammeFigures]
    /// The code of the programme that ``regions`` is of; nil where nothing was assessed yet.
    public let programme: String?
    /// The figures of that programme in the regions below. One without figures may be left out.
    public let regions: [RegionFigures]

    /// Figures.
    public init(programmes: [ProgrammeFigures], programme: String?, regions: [RegionFigures]) {
        self.programmes = programmes
        self.programme = programme
        self.regions = regions
    }
}

/// How many families had which outcome.
public struct OutcomeCounts: Sendable, Equatable {
    /// Eligible and within the quota.
    public let funded: Int
    /// Eligible, on the waiting list.
    public let waitlisted: Int
    /// Not decided yet, because something is not known.
    public let undetermined: Int
    /// Not eligible.
    public let ineligible: Int
    /// Those who are not funded and go on receiving: until somebody has looked, or a notice's period is over.
    public let kept: Int

    /// Counts of families.
    public init(funded: Int, waitlisted: Int, undetermined: Int, ineligible: Int, kept: Int = 0) {
        self.funded = funded
        self.waitlisted = waitlisted
        self.undetermined = undetermined
        self.ineligible = ineligible
        self.kept = kept
    }

    /// All families that were assessed.
    public var families: Int { funded + waitlisted + undetermined + ineligible }
    /// All that are eligible, funded or not.
    public var eligible: Int { funded + waitlisted }

    /// The count of one figure.
    public subscript(figure: Figure) -> Int {
        switch figure {
        case .families: families
        case .eligible: eligible
        case .funded: funded
        case .waitlisted: waitlisted
        case .undetermined: undetermined
        }
    }
}

/// A programme's figures.
public struct ProgrammeFigures: Sendable {
    /// The programme's code: `pkh`.
    public let code: String
    /// Its name.
    public let title: String
    /// The outcomes.
    public let counts: OutcomeCounts
    /// How many families can be funded; nil where the region has no quota of its own.
    public let quota: Int?
    /// The day whose evidence was used.
    public let assessedOn: CalendarDate
    /// The version of the rules.
    public let version: String

    /// A programme's figures.
    public init(
        code: String, title: String, counts: OutcomeCounts, quota: Int?, assessedOn: CalendarDate, version: String
    ) {
        self.code = code
        self.title = title
        self.counts = counts
        self.quota = quota
        self.assessedOn = assessedOn
        self.version = version
    }
}

/// A region's figures.
public struct RegionFigures: Sendable {
    /// The region's code: `35.10.16`.
    public let code: String
    /// The outcomes there.
    public let counts: OutcomeCounts

    /// A region's figures.
    public init(code: String, counts: OutcomeCounts) {
        self.code = code
        self.counts = counts
    }
}

/// A figure that the map can show. The raw values are those of the address (`?angka=layak`).
public enum Figure: String, Sendable, CaseIterable {
    /// Families that were assessed.
    case families = "keluarga"
    /// Eligible families.
    case eligible = "layak"
    /// Funded families.
    case funded = "kuota"
    /// Families on the waiting list.
    case waitlisted = "tunggu"
    /// Families not decided yet.
    case undetermined = "belum"
}
