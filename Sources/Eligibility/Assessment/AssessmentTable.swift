import Journal
import Registry
import Storage

/// Reads and writes the tables of assessments.
public enum AssessmentTable {
    static func insert(
        _ determinations: [Determination], assessment: Int64, regency: RegionCode, on connection: any Connection,
        _ progress: (Int) -> Void
    ) throws {
        let columns = [
            "regency", "assessment", "family", "village", "outcome", "priority_rank", "amount", "failed", "missing",
            "waiting", "keeps", "notice", "watched",
        ]
        try connection.bulkInsert(into: "determination", columns: columns) { writer in
            for (index, determination) in determinations.enumerated() {
                writer.append(regency.text)
                writer.append(assessment)
                writer.append(determination.family)
                writer.append(determination.village.text)
                writer.append(determination.standing.rawValue)
                if let rank = determination.rank { writer.append(Int64(rank)) } else { writer.appendNull() }
                writer.append(determination.amount)
                writer.append(determination.failed.joined(separator: " "))
                writer.append(determination.missing.map(\.description).joined(separator: " "))
                if let waiting = determination.waiting { writer.append(Int64(waiting)) } else { writer.appendNull() }
                writer.append(determination.keeps?.rawValue ?? "")
                writer.append(determination.notice?.description ?? "")
                writer.append(determination.watched)
                try writer.endRow()
                if index.isMultiple(of: 32_768) { progress(index) }
            }
        }
        progress(determinations.count)
    }

    /// The last assessment of a programme, or nil where there is none.
    public static func latest(_ programme: String, of registry: Registry) throws -> Assessment? {
        try registry.database.read { connection in
            try connection.first(
                columns + " WHERE regency = ? AND programme = ? ORDER BY assessment DESC LIMIT 1",
                [.text(registry.pack.regency.text), .text(programme)], assessment)
        } ?? nil
    }

    /// An assessment by its number, or nil where there is none.
    public static func assessment(_ number: Int64, of registry: Registry) throws -> Assessment? {
        try registry.database.read { connection in
            try connection.first(
                columns + " WHERE regency = ? AND assessment = ?",
                [.text(registry.pack.regency.text), .integer(number)], assessment)
        } ?? nil
    }

    /// The assessments that rest on a link run from one on and before another, in their order.
    static func assessments(of registry: Registry, since: Int64, until: Int64?) throws -> [Assessment] {
        try registry.database.read { connection in
            try connection.query(
                columns + " WHERE regency = ? AND link_run >= ? AND link_run < ? ORDER BY assessment",
                [.text(registry.pack.regency.text), .integer(since), .integer(until ?? .max)], assessment)
        }.compactMap(\.self)
    }

    /// The number that the next assessment gets.
    static func nextNumber(of registry: Registry, on connection: any Connection) throws -> Int64 {
        Int64(
            try connection.count(
                "SELECT max(assessment) FROM assessment WHERE regency = ?", [.text(registry.pack.regency.text)])) + 1
    }

    /// The assessment of a programme from which families keep their places; nil where there is none.
    ///
    /// - Throws: ``RegistryError/unknown(_:)`` where there is none of that number, or it is another programme's.
    static func prior(
        _ prior: PriorAssessment, to programme: String, on day: CalendarDate, knowing knowledge: Knowledge,
        of registry: Registry
    ) throws -> Assessment? {
        switch prior {
        case .none: return nil
        case .number(let number):
            guard let found = try assessment(number, of: registry), found.programme == programme else {
                throw RegistryError.unknown("there is no assessment \(number) of “\(programme)” in this registry")
            }
            return found
        case .latest:
            return try registry.database.read { connection in
                try connection.first(
                    columns
                        + """
                         WHERE regency = ? AND programme = ? AND day <= ? AND link_run <= ?
                        ORDER BY assessment DESC LIMIT 1
                        """,
                    [
                        .text(registry.pack.regency.text), .text(programme), .text(day.description),
                        .integer(knowledge.run),
                    ], assessment)
            } ?? nil
        }
    }

    /// The version of the rules engine that an assessment was made by.
    static func engine(of assessment: Int64, in registry: Registry) throws -> String {
        try registry.database.read { connection in
            try connection.first(
                "SELECT engine FROM assessment WHERE regency = ? AND assessment = ?",
                [.text(registry.pack.regency.text), .integer(assessment)]
            ) { $0.text(0) }
        } ?? ""
    }

    /// Hands on all determinations of an assessment, in the order of families.
    static func forEachDetermination(
        of assessment: Assessment, in registry: Registry, _ body: (Determination) throws -> Void
    ) throws {
        try registry.database.read { connection in
            try connection.forEach(
                determinationColumns + " WHERE regency = ? AND assessment = ? ORDER BY family",
                [.text(registry.pack.regency.text), .integer(assessment.assessment)]
            ) { cursor in
                if let determination = determination(cursor) { try body(determination) }
            }
        }
    }

    /// The programmes that were assessed, in the order of their names.
    public static func programmes(of registry: Registry) throws -> [String] {
        try registry.database.read { connection in
            try connection.query(
                "SELECT DISTINCT programme FROM assessment WHERE regency = ? ORDER BY programme",
                [.text(registry.pack.regency.text)]
            ) { $0.text(0) }
        }
    }

    /// The text that an assessment followed.
    public static func programme(of assessment: Assessment, in registry: Registry) throws -> Programme {
        let text = try registry.database.read { connection in
            try connection.first(
                "SELECT content FROM programme_version WHERE regency = ? AND digest = ?",
                [.text(registry.pack.regency.text), .blob(assessment.description)]
            ) { $0.text(0) }
        }
        guard let text else {
            throw RegistryError.notReady("assessment \(assessment.assessment) has lost the programme it followed")
        }
        return try Programme.parse(text, file: "\(assessment.programme).yaml")
    }

    /// A family's determination in an assessment, or nil where it had none.
    public static func determination(
        of family: Int64, in assessment: Assessment, registry: Registry
    ) throws -> Determination? {
        try registry.database.read { connection in
            try connection.first(
                determinationColumns + " WHERE regency = ? AND assessment = ? AND family = ?",
                [.text(registry.pack.regency.text), .integer(assessment.assessment), .integer(family)], determination)
        } ?? nil
    }

    /// What earlier assessments of the same programme determined for a family, the newest first. Of assessments that follow
    /// each other and came to the same only the first is told: since then it has been so.
    ///
    /// - Parameter most: how many different ones are told at most.
    static func history(
        of family: Int64, before assessment: Assessment, registry: Registry, most: Int = 8
    ) throws -> [PastOutcome] {
        let current = try determination(of: family, in: assessment, registry: registry)
        let past: [PastOutcome] = try registry.database.read { connection in
            try connection.query(
                """
                SELECT a.assessment, a.day, d.outcome, d.failed, d.keeps, d.watched FROM assessment a
                JOIN determination d ON d.regency = a.regency AND d.assessment = a.assessment
                WHERE a.regency = ? AND a.programme = ? AND a.assessment < ? AND d.family = ? ORDER BY a.assessment DESC
                """,
                [
                    .text(registry.pack.regency.text), .text(assessment.programme), .integer(assessment.assessment),
                    .integer(family),
                ]
            ) { cursor in
                guard let day = CalendarDate(cursor.text(1)), let standing = Standing(rawValue: cursor.text(2)) else {
                    throw RegistryError.notReady("the determinations of assessment \(cursor.int64(0)) are damaged")
                }
                return PastOutcome(
                    assessment: cursor.int64(0), day: day, standing: standing,
                    failed: cursor.text(3).split(separator: " ").map(String.init),
                    keeps: Keeping(rawValue: cursor.text(4)), watched: cursor.text(5))
            }
        }
        var told: [PastOutcome] = []
        var later = current.map { Sameness($0.standing, $0.failed, $0.keeps, $0.watched) }
        for outcome in past {
            let own = Sameness(outcome.standing, outcome.failed, outcome.keeps, outcome.watched)
            if later == own {
                // It was so earlier still.
                if !told.isEmpty { told[told.count - 1] = outcome }
                continue
            }
            guard told.count < most else { break }
            told.append(outcome)
            later = own
        }
        return told
    }

    /// In what two assessments come to the same for a family.
    private struct Sameness: Equatable {
        let standing: Standing
        let failed: [String]
        let keeps: Keeping?
        let watched: String

        init(_ standing: Standing, _ failed: [String], _ keeps: Keeping?, _ watched: String) {
            self.standing = standing
            self.failed = failed
            self.keeps = keeps
            self.watched = watched
        }
    }

    /// The first families of an assessment that came out in a way, by their numbers.
    public static func families(
        of assessment: Assessment, standing: Standing, limit: Int, registry: Registry
    ) throws -> [Int64] {
        try registry.database.read { connection in
            try connection.query(
                """
                SELECT family FROM determination WHERE regency = ? AND assessment = ? AND outcome = ?
                ORDER BY family LIMIT ?
                """,
                [
                    .text(registry.pack.regency.text), .integer(assessment.assessment), .text(standing.rawValue),
                    SQLValue(limit),
                ]
            ) { $0.int64(0) }
        }
    }

    /// The counts of an assessment by village.
    public static func figures(
        of assessment: Assessment, registry: Registry
    ) throws -> [RegionCode: StandingCounts] {
        try registry.database.read { connection in
            try figures(of: assessment.assessment, regency: registry.pack.regency.text, on: connection)
        }
    }

    private static func figures(
        of assessment: Int64, regency: String, on connection: any Connection
    ) throws -> [RegionCode: StandingCounts] {
        var figures: [RegionCode: StandingCounts] = [:]
        try connection.forEach(
            """
            SELECT village, families, ineligible, undetermined, funded, waitlisted, amount, kept FROM assessment_figure
            WHERE regency = ? AND assessment = ?
            """, [.text(regency), .integer(assessment)]
        ) { cursor in
            guard let village = RegionCode(cursor.text(0)) else { return }
            var counts = StandingCounts()
            counts.families = Int(cursor.int64(1))
            counts.ineligible = Int(cursor.int64(2))
            counts.undetermined = Int(cursor.int64(3))
            counts.funded = Int(cursor.int64(4))
            counts.waitlisted = Int(cursor.int64(5))
            counts.amount = cursor.int64(6)
            counts.kept = Int(cursor.int64(7))
            figures[village] = counts
        }
        return figures
    }

    /// What is wrong with the determinations that a journal entry speaks of, or nil where they are what was written.
    public static func fault(in entry: JournalEntry, on connection: any Connection) throws -> String? {
        if entry.draft.action.hasPrefix("notice.") { return try NoticeDigest.fault(in: entry, on: connection) }
        guard entry.draft.action == "assessment.made", let number = entry.subjectNumber,
            let regency = entry.draft.regency
        else { return nil }
        var digest = DeterminationDigest()
        var counted: [RegionCode: StandingCounts] = [:]
        try connection.forEach(
            determinationColumns + " WHERE regency = ? AND assessment = ? ORDER BY family",
            [.text(regency), .integer(number)]
        ) { cursor in
            guard let determination = determination(cursor) else {
                digest.addUnreadable()
                return
            }
            digest.add(determination)
            counted[determination.village, default: StandingCounts()].add(determination)
        }
        guard digest.finish() == entry.draft.digest else {
            return "the determinations of assessment \(number) are not those that were made"
        }
        guard try figures(of: number, regency: regency, on: connection) == counted else {
            return "the figures of assessment \(number) are not those of its determinations"
        }
        return nil
    }

    private static let columns = """
        SELECT assessment, programme, description, link_run, day, quota, completed, families, ineligible, undetermined,
        funded, waitlisted, amount, digest, previous, begun, kept FROM assessment
        """

    private static func assessment(_ cursor: any Cursor) -> Assessment? {
        guard let day = CalendarDate(cursor.text(4)) else { return nil }
        var counts = StandingCounts()
        counts.families = Int(cursor.int64(7))
        counts.ineligible = Int(cursor.int64(8))
        counts.undetermined = Int(cursor.int64(9))
        counts.funded = Int(cursor.int64(10))
        counts.waitlisted = Int(cursor.int64(11))
        counts.amount = cursor.int64(12)
        counts.kept = Int(cursor.int64(16))
        return Assessment(
            assessment: cursor.int64(0), programme: cursor.text(1), description: cursor.bytes(2),
            linkRun: cursor.int64(3), day: day, quota: cursor.int64(5),
            previous: cursor.optionalInt64(14), begun: Moment(microseconds: cursor.int64(15)),
            completed: Moment(microseconds: cursor.int64(6)), counts: counts, digest: cursor.bytes(13))
    }

    private static let determinationColumns = """
        SELECT family, village, outcome, priority_rank, amount, failed, missing, waiting, keeps, notice, watched
        FROM determination
        """

    private static func determination(_ cursor: any Cursor) -> Determination? {
        let words = cursor.text(6).split(separator: " ")
        let missing = words.compactMap { Missing(reading: $0) }
        guard let village = RegionCode(cursor.text(1)), let standing = Standing(rawValue: cursor.text(2)),
            missing.count == words.count
        else { return nil }
        let (keeps, notice) = (cursor.text(8), cursor.text(9))
        let kept = Keeping(rawValue: keeps)
        let told = notice.isEmpty ? nil : Notice(reading: notice)
        guard keeps.isEmpty == (kept == nil), notice.isEmpty == (told == nil) else { return nil }
        return Determination(
            family: cursor.int64(0), village: village, standing: standing,
            rank: cursor.optionalInt64(3).map { Int($0) }, waiting: cursor.optionalInt64(7).map { Int($0) },
            keeps: kept, amount: cursor.int64(4), failed: cursor.text(5).split(separator: " ").map(String.init),
            missing: missing, notice: told, watched: cursor.text(10))
    }
}
