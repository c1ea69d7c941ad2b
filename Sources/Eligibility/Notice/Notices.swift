import Journal
import Registry
import Storage

/// The notices of a programme's last assessment, and where each stands now.
public struct Notices: Sendable {
    /// Where a notice stands.
    public enum Stage: String, Sendable {
        /// The family was not told yet.
        case notGiven = "not_given"
        /// Its period runs.
        case running
        /// The family has answered, and nobody has decided.
        case answered
        /// It counts.
        case effective
    }

    /// One family's notice.
    public struct Entry: Sendable {
        /// Its name.
        public let name: NoticeName
        /// Where the family lives.
        public let village: RegionCode
        /// What the change does.
        public let kind: Notice.Kind
        /// The first day on which it counts; nil as long as the family was not told.
        public let effective: CalendarDate?
        /// Where it stands.
        public let stage: Stage
    }

    /// Families that lose their place, or are told that they will, by village.
    public let losses: [Entry]
    /// Families that are told of another change, by village.
    public let changes: [Entry]
    /// How many families keep their place until somebody has looked.
    public let keptForALook: Int
}

extension Registry {
    /// The notices of a programme's last assessment.
    ///
    /// - Throws: ``RegistryError/notReady(_:)`` where the programme was not assessed.
    public func notices(of programme: String) throws -> (Assessment, Notices) {
        guard let assessment = try AssessmentTable.latest(programme, of: self) else {
            throw RegistryError.notReady(
                "“\(programme)” has not been assessed yet: run tepat assess \(programme) first")
        }
        let days = try AssessmentTable.programme(of: assessment, in: self).notice.days
        let proceedings = try NoticeProceedings(of: self, by: clock.now)
        var losses: [Notices.Entry] = []
        var changes: [Notices.Entry] = []
        var looks = 0
        try database.read { connection in
            try connection.forEach(
                """
                SELECT family, village, keeps, notice FROM determination
                WHERE regency = ? AND assessment = ? AND (notice <> '' OR keeps <> '') ORDER BY village, family
                """, [.text(pack.regency.text), .integer(assessment.assessment)]
            ) { cursor in
                if cursor.text(2) == Keeping.look.rawValue { looks += 1 }
                guard let notice = Notice(reading: cursor.text(3)), let village = RegionCode(cursor.text(1)) else {
                    return
                }
                let name = NoticeName(arose: notice.arose, family: cursor.int64(0))
                let effective =
                    notice.effective
                    ?? proceedings.given[notice.arose].map { CalendarDate(day: $0.day + Int(days)) }
                let stage: Notices.Stage =
                    if proceedings.answered.contains(name) { .answered } else if let effective {
                        effective <= assessment.day ? .effective : .running
                    } else { .notGiven }
                let entry = Notices.Entry(
                    name: name, village: village, kind: notice.kind, effective: effective, stage: stage)
                if notice.kind == .loss { losses.append(entry) } else { changes.append(entry) }
            }
        }
        return (assessment, Notices(losses: losses, changes: changes, keptForALook: looks))
    }
}
