import Crypto
import Journal
import Registry
import Storage

/// What became of a family in an assessment.
public enum Standing: String, Sendable, CaseIterable {
    /// A rule decides against it.
    case ineligible
    /// Something is unknown or must be looked at.
    case undetermined
    /// Eligible, and within the quota.
    case funded
    /// Eligible, and on the waiting list.
    case waitlisted
}

/// One family's outcome in an assessment.
public struct Determination: Sendable, Equatable {
    /// The family's number in the registry.
    public let family: Int64
    /// Where it lives.
    public let village: RegionCode
    /// What became of it.
    public let standing: Standing
    /// Its place among the eligible, from 1.
    public let rank: Int?
    /// Its place on the waiting list, from 1, where it is on that.
    public let waiting: Int?
    /// Why it receives as before though it is not funded by the rules as they are applied now; nil where it does not.
    public let keeps: Keeping?
    /// Rupiah for each period, where it is eligible or receives.
    public let amount: Int64
    /// The rules it fails, in the programme's order.
    public let failed: [String]
    /// What must be known before it can be determined.
    public let missing: [Missing]
    /// What it is told of a change; nil where nothing has changed, or that has been told and counts by now.
    public let notice: Notice?
    /// The attributes whose change is told, as words such as `decile=3`; what is not known is left out.
    public let watched: String

    /// Whether it receives.
    public var receives: Bool { standing == .funded || keeps != nil }
}

/// What an earlier assessment determined for a family.
public struct PastOutcome: Sendable, Equatable {
    /// The assessment.
    public let assessment: Int64
    /// The day for which it was made.
    public let day: CalendarDate
    /// What became of the family.
    public let standing: Standing
    /// The rules it failed, in the programme's order.
    public let failed: [String]
    /// Why it went on receiving; nil where it was funded or did not receive.
    public let keeps: Keeping?
    /// The attributes whose change is told, as words such as `decile=3`.
    public let watched: String
}

/// One run of one programme version over what a registry knew at a moment.
public struct Assessment: Sendable, Equatable {
    /// Its number in the registry.
    public let assessment: Int64
    /// The programme.
    public let programme: String
    /// The version's text, by its SHA-256.
    public let description: [UInt8]
    /// The link run whose evidence it looked at.
    public let linkRun: Int64
    /// The day for which it was made.
    public let day: CalendarDate
    /// How many families can be funded.
    public let quota: Int64
    /// The assessment before, from which families keep their places; nil where there was none.
    public let previous: Int64?
    /// When it was begun: what was done with notices by then counts.
    public let begun: Moment
    /// When it was finished.
    public let completed: Moment
    /// How many families came out how.
    public let counts: StandingCounts
    /// SHA-256 over all determinations.
    public let digest: [UInt8]
}

/// How many families came out how, and what those who receive get together.
public struct StandingCounts: Sendable, Equatable {
    /// All families.
    public var families = 0
    /// Those that a rule decides against.
    public var ineligible = 0
    /// Those of whom something is unknown.
    public var undetermined = 0
    /// Those within the quota.
    public var funded = 0
    /// Those on the waiting list.
    public var waitlisted = 0
    /// Those of the ineligible, undetermined and waiting who receive as before.
    public var kept = 0
    /// Rupiah for each period that all who receive get together.
    public var amount: Int64 = 0

    /// No families.
    public init() {}

    /// Those who meet every rule.
    public var eligible: Int { funded + waitlisted }

    mutating func add(_ determination: Determination) {
        add(determination.standing, amount: determination.amount)
        guard determination.keeps != nil else { return }
        kept += 1
        amount += determination.amount
    }

    /// Adds a family; its amount counts where it is funded.
    mutating func add(_ standing: Standing, amount: Int64) {
        families += 1
        switch standing {
        case .ineligible: ineligible += 1
        case .undetermined: undetermined += 1
        case .funded:
            funded += 1
            self.amount += amount
        case .waitlisted: waitlisted += 1
        }
    }

    /// Adds another's counts.
    public mutating func add(_ other: StandingCounts) {
        families += other.families
        ineligible += other.ineligible
        undetermined += other.undetermined
        funded += other.funded
        waitlisted += other.waitlisted
        kept += other.kept
        amount += other.amount
    }
}

extension Registry {
    /// Gives each family its determination under a programme, and keeps them all, with their digest in the journal.
    ///
    /// - Parameters:
    ///   - name: the programme.
    ///   - asOf: decide on what was known at this moment; on all that is known now where nil.
    ///   - day: the day for which ages are counted and the version is chosen; the newest delivery's where nil, so that
    ///     the same data gives the same decisions whenever one asks.
    ///   - quota: how many families can be funded; what the region's pack says for the day where nil.
    ///   - prior: the assessment from which families keep their places.
    /// - Throws: ``RegistryError/unknown(_:)`` where there is no such programme, assessment or quota,
    ///   ``RegistryError/configuration(_:)`` where its file is wrong, ``RegistryError/notReady(_:)`` where nothing was
    ///   known.
    public func assess(
        _ name: String, asOf: Moment? = nil, day: CalendarDate? = nil, quota: Int64? = nil,
        after prior: PriorAssessment = .latest, library: PackLibrary,
        progress: @escaping (WorkProgress) -> Void = { _ in }
    ) throws -> Assessment {
        let knowledge = try Knowledge(of: self, asOf: asOf)
        let day = day ?? knowledge.day
        let programme = try Programme.version(of: name, on: day, in: library)
        let quota = try quota ?? self.quota(of: name, on: day)
        let begun = clock.now
        let previous = try AssessmentTable.prior(prior, to: name, on: day, knowing: knowledge, of: self)
        let number = try database.read { try AssessmentTable.nextNumber(of: self, on: $0) }
        let run = try AssessmentRun(
            registry: self, knowledge: knowledge, programme: programme, day: day, quota: quota, number: number,
            before: previous.map { try Predecessor($0, of: self, by: begun) })
        let determinations = try run.determine(progress)
        return try database.write { connection in
            try run.write(determinations, begun: begun, on: connection, progress)
        }
    }
}

extension Registry {
    /// How many families of the region a programme can fund on a day, as the region's pack says.
    ///
    /// - Throws: ``RegistryError/unknown(_:)`` where the pack does not say.
    public func quota(of programme: String, on day: CalendarDate) throws(RegistryError) -> Int64 {
        guard let quota = RegionPack.figure(pack.quotas[programme] ?? [], on: day)?.value else {
            throw .unknown(
                "region \(pack.regency) has no quota for “\(programme)” on \(day): give one with --quota, or add it to "
                    + "region.yaml")
        }
        return quota
    }
}

/// One run of an assessment.
struct AssessmentRun {
    let registry: Registry
    let knowledge: Knowledge
    let programme: Programme
    let day: CalendarDate
    let quota: Int64
    /// The number that it will have.
    let number: Int64
    /// The assessment before.
    let before: Predecessor?
    let plan: AttributePlan

    init(
        registry: Registry, knowledge: Knowledge, programme: Programme, day: CalendarDate, quota: Int64,
        number: Int64 = 1, before: Predecessor? = nil
    ) throws(RegistryError) {
        self.registry = registry
        self.knowledge = knowledge
        self.programme = programme
        self.day = day
        self.quota = quota
        self.number = number
        self.before = before
        plan = try AttributePlan(programme, knowledge: knowledge, day: day)
    }

    /// Judges every family, and fills the quota.
    func determine(_ progress: (WorkProgress) -> Void) throws -> [Determination] {
        let table = try FactLoader(knowledge, day: day).table(programme, progress)
        let judge = ColumnJudge(programme)
        let funding = try Funding(
            judge.judge(table), priorities: programme.priorities.count, quota: quota,
            lots: Lot(programme, regency: registry.pack.regency)(table))
        return try funding.determinations(
            of: table,
            by: Succession(programme: programme, day: day, number: number, quota: quota, before: before))
    }

    func write(
        _ determinations: [Determination], begun: Moment, on connection: any Connection,
        _ progress: (WorkProgress) -> Void
    ) throws -> Assessment {
        let regency = SQLValue.text(registry.pack.regency.text)
        try connection.execute(
            """
            INSERT INTO programme_version (regency, digest, programme, version, content) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (regency, digest) DO NOTHING
            """,
            [
                regency, .blob(programme.digest), .text(programme.name), .text(programme.version),
                .text(programme.text),
            ])
        guard try AssessmentTable.nextNumber(of: registry, on: connection) == number else {
            throw RegistryError.notReady("another assessment was finished in the meantime: run this one again")
        }
        var counts = StandingCounts()
        var villages: [RegionCode: StandingCounts] = [:]
        for determination in determinations {
            counts.add(determination)
            villages[determination.village, default: StandingCounts()].add(determination)
        }
        var digest = DeterminationDigest()
        for determination in determinations { digest.add(determination) }
        let assessment = Assessment(
            assessment: number, programme: programme.name, description: programme.digest, linkRun: knowledge.run,
            day: day, quota: quota, previous: before?.assessment, begun: begun, completed: registry.clock.now,
            counts: counts, digest: digest.finish())
        try insert(assessment, on: connection)
        try AssessmentTable.insert(determinations, assessment: number, regency: registry.pack.regency, on: connection) {
            let done = determinations.count + $0 / 4
            progress(WorkProgress(done: done, total: determinations.count * 5 / 4))
        }
        try insert(villages, assessment: number, on: connection)
        try Journal.append(
            JournalDraft(
                actor: registry.actor, action: "assessment.made", subject: "assessment:\(number)",
                regency: registry.pack.regency.text,
                reason: "\(programme.name) \(programme.version): \(counts.families) families, "
                    + "\(counts.funded) funded, \(counts.kept) kept, \(counts.waitlisted) waiting, "
                    + "\(counts.undetermined) undetermined",
                digest: assessment.digest),
            at: assessment.completed, on: connection)
        return assessment
    }

    private func insert(_ assessment: Assessment, on connection: any Connection) throws {
        let counts = assessment.counts
        try connection.execute(
            """
            INSERT INTO assessment (regency, assessment, programme, description, link_run, day, quota, engine, begun,
            completed, families, ineligible, undetermined, funded, waitlisted, amount, digest, previous, kept)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(registry.pack.regency.text), .integer(assessment.assessment), .text(assessment.programme),
                .blob(assessment.description), .integer(assessment.linkRun), .text(day.description), .integer(quota),
                .text(Eligibility.engine), .integer(assessment.begun.microseconds),
                .integer(assessment.completed.microseconds),
                SQLValue(counts.families), SQLValue(counts.ineligible), SQLValue(counts.undetermined),
                SQLValue(counts.funded), SQLValue(counts.waitlisted), .integer(counts.amount),
                .blob(assessment.digest), SQLValue(assessment.previous), SQLValue(counts.kept),
            ])
    }

    private func insert(
        _ villages: [RegionCode: StandingCounts], assessment: Int64, on connection: any Connection
    ) throws {
        for (village, counts) in villages.sorted(by: { $0.key < $1.key }) {
            try connection.execute(
                """
                INSERT INTO assessment_figure (regency, assessment, village, families, ineligible, undetermined, funded,
                waitlisted, amount, kept) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .text(registry.pack.regency.text), .integer(assessment), .text(village.text),
                    SQLValue(counts.families), SQLValue(counts.ineligible), SQLValue(counts.undetermined),
                    SQLValue(counts.funded), SQLValue(counts.waitlisted), .integer(counts.amount),
                    SQLValue(counts.kept),
                ])
        }
    }
}

/// SHA-256 over determinations in the order of families: one line each, its parts separated by tabs.
struct DeterminationDigest {
    private var hasher = SHA256()

    mutating func add(_ determination: Determination) {
        var line = [
            String(determination.family), determination.village.text, determination.standing.rawValue,
            determination.rank.map(String.init) ?? "", String(determination.amount),
            determination.failed.joined(separator: " "),
            determination.missing.map(\.description).joined(separator: " "),
            determination.waiting.map(String.init) ?? "", determination.keeps?.rawValue ?? "",
            determination.notice?.description ?? "", determination.watched,
        ].joined(separator: "\t")
        line += "\n"
        line.withUTF8 { hasher.update(bufferPointer: UnsafeRawBufferPointer($0)) }
    }

    /// Something stands in the table that nobody can have written: no digest that was made has it.
    mutating func addUnreadable() { hasher.update(data: Array("\n".utf8)) }

    func finish() -> [UInt8] { Array(hasher.finalize()) }
}
