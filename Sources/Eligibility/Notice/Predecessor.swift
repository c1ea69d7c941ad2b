import Journal
import Registry
import Storage

/// Which assessment says who receives until now.
public enum PriorAssessment: Sendable, Equatable {
    /// The programme's last one that was made for the same day or an earlier one, on what was known by then.
    case latest
    /// None: nobody holds a place.
    case none
    /// The one of this number.
    case number(Int64)
}

/// The assessment before, and what has become of its notices since: who holds a place.
struct Predecessor: Sendable {
    /// What the assessment before determined for a family.
    struct Entry: Sendable {
        /// What became of it.
        let standing: Standing
        /// Whether it receives.
        let receives: Bool
        /// Rupiah for each period.
        let amount: Int64
        /// The notice that runs, as the table keeps it; empty where there is none.
        let notice: String
        /// The watched attributes' values.
        let watched: String
    }

    /// The assessment.
    let assessment: Int64
    private let families: [Int64]
    private let entries: [Entry]
    private let proceedings: NoticeProceedings

    /// What an assessment determined for families, whose numbers rise.
    init(assessment: Int64, families: [Int64], entries: [Entry], proceedings: NoticeProceedings) {
        self.assessment = assessment
        self.families = families
        self.entries = entries
        self.proceedings = proceedings
    }

    /// What is known of an assessment at a moment.
    init(_ assessment: Assessment, of registry: Registry, by moment: Moment) throws {
        var families: [Int64] = []
        var entries: [Entry] = []
        families.reserveCapacity(assessment.counts.families)
        entries.reserveCapacity(assessment.counts.families)
        try registry.database.read { connection in
            try connection.forEach(
                """
                SELECT family, outcome, keeps, amount, notice, watched FROM determination
                WHERE regency = ? AND assessment = ? ORDER BY family
                """, [.text(registry.pack.regency.text), .integer(assessment.assessment)]
            ) { cursor in
                guard let standing = Standing(rawValue: cursor.text(1)) else {
                    throw RegistryError.notReady(
                        "the determinations of assessment \(assessment.assessment) are damaged: run tepat journal verify"
                    )
                }
                families.append(cursor.int64(0))
                entries.append(
                    Entry(
                        standing: standing, receives: standing == .funded || !cursor.text(2).isEmpty,
                        amount: cursor.int64(3), notice: cursor.text(4), watched: cursor.text(5)))
            }
        }
        self.init(
            assessment: assessment.assessment, families: families, entries: entries,
            proceedings: try NoticeProceedings(of: registry, by: moment))
    }

    /// The entries of families whose numbers rise, nil for those that it did not know.
    func entries(of numbers: [Int64]) -> [Entry?] {
        var place = 0
        return numbers.map { number in
            while place < families.count, families[place] < number { place += 1 }
            return place < families.count && families[place] == number ? entries[place] : nil
        }
    }

    /// The notice of an entry as it stands now, with the day from which it counts.
    func notice(_ entry: Entry, days: Int64) throws -> Notice? {
        guard !entry.notice.isEmpty else { return nil }
        guard let notice = Notice(reading: entry.notice) else {
            throw RegistryError.notReady(
                "the notices of assessment \(assessment) are damaged: run tepat journal verify")
        }
        // What took effect at once, or a period that was fixed, stays as it was.
        if notice.effective != nil { return notice }
        return notice.effective(proceedings.given[notice.arose].map { CalendarDate(day: $0.day + Int(days)) })
    }

    /// Whether a family has answered a notice and nobody has decided on the answer.
    func isAnswered(_ notice: Notice, family: Int64) -> Bool {
        proceedings.answered.contains(NoticeName(arose: notice.arose, family: family))
    }
}
