import Crypto
import Journal
import Registry
import Storage

/// A notice's name: the assessment that it arose in, and the family.
public struct NoticeName: Sendable, Hashable, CustomStringConvertible {
    /// The assessment.
    public let arose: Int64
    /// The family's number in the registry.
    public let family: Int64

    /// The notice that arose in an assessment and is a family's.
    public init(arose: Int64, family: Int64) {
        self.arose = arose
        self.family = family
    }

    /// `17-1204`: assessment, then family.
    public var description: String { "\(arose)-\(family)" }
}

/// What has been done with notices by a moment.
struct NoticeProceedings: Sendable {
    /// The days on which the notices of assessments were given.
    private(set) var given: [Int64: CalendarDate] = [:]
    /// Those that families have answered, and nobody has decided on.
    private(set) var answered: Set<NoticeName> = []

    init(given: [Int64: CalendarDate] = [:], answered: Set<NoticeName> = []) {
        self.given = given
        self.answered = answered
    }

    init(of registry: Registry, by moment: Moment) throws {
        let arguments: [SQLValue] = [.text(registry.pack.regency.text), .integer(moment.microseconds)]
        (given, answered) = try registry.database.read { connection in
            var given: [Int64: CalendarDate] = [:]
            try connection.forEach(
                "SELECT assessment, day FROM notice_given WHERE regency = ? AND recorded <= ?", arguments
            ) { cursor in given[cursor.int64(0)] = CalendarDate(cursor.text(1)) }
            var answered: Set<NoticeName> = []
            try connection.forEach(
                """
                SELECT assessment, family, action FROM notice_action WHERE regency = ? AND recorded <= ?
                ORDER BY assessment, family, recorded, action
                """, arguments
            ) { cursor in
                let name = NoticeName(arose: cursor.int64(0), family: cursor.int64(1))
                switch NoticeAction.Kind(rawValue: cursor.text(2)) {
                case .answered: answered.insert(name)
                case .settled: answered.remove(name)
                case nil: break
                }
            }
            return (given, answered)
        }
    }
}

/// Something that was done with one family's notice.
public struct NoticeAction: Sendable, Equatable {
    /// What was done.
    public enum Kind: String, Sendable {
        /// The family has answered.
        case answered
        /// An officer has decided that the answer does not change the notice. (One that does is new evidence: the data is
        /// put right where it is kept, and the next assessment finds nothing to tell.)
        case settled
    }

    /// What was done.
    public let kind: Kind
    /// When it was recorded.
    public let recorded: Moment
    /// Who recorded it.
    public let actor: String
    /// The answer, or the reason.
    public let words: String
}

extension Registry {
    /// Notes that the notices of a programme's last assessment that nobody was given yet are given on a day; their period
    /// begins then.
    ///
    /// - Returns: the assessments in which they arose.
    /// - Throws: ``RegistryError/notReady(_:)`` where there is none to give.
    public func giveNotices(_ programme: String, on day: CalendarDate) throws -> [Int64] {
        let assessment = try assessed(programme)
        return try database.write { connection in
            let arose = try connection.query(
                "SELECT notice FROM determination WHERE regency = ? AND assessment = ? AND notice <> ''",
                [.text(pack.regency.text), .integer(assessment.assessment)]
            ) { $0.text(0) }.compactMap { Notice(reading: $0) }.filter { $0.effective == nil }.map(\.arose)
            let known = Set(
                try connection.query(
                    "SELECT assessment FROM notice_given WHERE regency = ?", [.text(pack.regency.text)]
                ) { $0.int64(0) })
            let new = Set(arose).subtracting(known).sorted()
            guard !new.isEmpty else {
                throw RegistryError.notReady("“\(programme)” has no notice that was not given yet")
            }
            let now = clock.now
            for number in new {
                try connection.execute(
                    "INSERT INTO notice_given (regency, assessment, day, recorded) VALUES (?, ?, ?, ?)",
                    [.text(pack.regency.text), .integer(number), .text(day.description), .integer(now.microseconds)])
                try Journal.append(
                    JournalDraft(
                        actor: actor, action: "notice.given", subject: "assessment:\(number)",
                        regency: pack.regency.text,
                        reason: "\(programme): the notices that arose in assessment \(number), given on \(day)",
                        digest: NoticeDigest.given(number, on: day)),
                    at: now, on: connection)
            }
            return new
        }
    }

    /// Notes a family's answer to a notice: until somebody has decided on it the family keeps its place.
    ///
    /// - Throws: ``RegistryError/notReady(_:)`` where it has no notice, or has answered it already.
    public func answerNotice(_ programme: String, family: Int64, words: String) throws {
        try act(.answered, programme, family, words)
    }

    /// Notes that an officer has decided that a family's answer does not change its notice.
    ///
    /// - Throws: ``RegistryError/notReady(_:)`` where there is no answer to decide on.
    public func settleNotice(_ programme: String, family: Int64, reason: String) throws {
        try act(.settled, programme, family, reason)
    }

    /// The first day on which a notice counts, as far as it was given by now.
    func effectiveDay(of notice: Notice, days: Int64) throws -> CalendarDate? {
        try database.read { connection in
            try connection.first(
                "SELECT day FROM notice_given WHERE regency = ? AND assessment = ?",
                [.text(pack.regency.text), .integer(notice.arose)]
            ) { CalendarDate($0.text(0)).map { CalendarDate(day: $0.day + Int(days)) } }
        } ?? nil
    }

    /// What was done with a family's notice, the oldest first.
    func actions(on notice: NoticeName) throws -> [NoticeAction] {
        try database.read { connection in try actions(on: notice, connection) }
    }

    private func actions(on notice: NoticeName, _ connection: any Connection) throws -> [NoticeAction] {
        try connection.query(
            """
            SELECT action, recorded, actor, words FROM notice_action
            WHERE regency = ? AND assessment = ? AND family = ? ORDER BY recorded, action
            """, [.text(pack.regency.text), .integer(notice.arose), .integer(notice.family)]
        ) { cursor in
            guard let kind = NoticeAction.Kind(rawValue: cursor.text(0)) else {
                throw RegistryError.notReady("the answers to notice \(notice) are damaged: run tepat journal verify")
            }
            return NoticeAction(
                kind: kind, recorded: Moment(microseconds: cursor.int64(1)), actor: cursor.text(2),
                words: cursor.text(3))
        }
    }

    private func act(_ kind: NoticeAction.Kind, _ programme: String, _ family: Int64, _ words: String) throws {
        let assessment = try assessed(programme)
        guard !words.allSatisfy(\.isWhitespace) else {
            throw RegistryError.notReady("say what the answer or the reason is: the words are empty")
        }
        guard
            let notice = try AssessmentTable.determination(of: family, in: assessment, registry: self)?.notice
        else { throw RegistryError.notReady("the family has no notice of “\(programme)”") }
        let name = NoticeName(arose: notice.arose, family: family)
        try database.write { connection in
            let last = try actions(on: name, connection).last?.kind
            if kind == .answered, last == .answered {
                throw RegistryError.notReady("notice \(name) is answered already, and waits for a decision")
            }
            if kind == .settled, last != .answered {
                throw RegistryError.notReady("notice \(name) has no answer that waits for a decision")
            }
            let now = clock.now
            let action = NoticeAction(kind: kind, recorded: now, actor: actor, words: words)
            try connection.execute(
                """
                INSERT INTO notice_action (regency, assessment, family, recorded, action, actor, words)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .text(pack.regency.text), .integer(name.arose), .integer(name.family), .integer(now.microseconds),
                    .text(kind.rawValue), .text(actor), .text(words),
                ])
            try Journal.append(
                JournalDraft(
                    actor: actor, action: "notice.\(kind.rawValue)", subject: "family:\(family)",
                    regency: pack.regency.text, reason: "\(programme), notice \(name)",
                    digest: NoticeDigest.action(action, on: name)),
                at: now, on: connection)
        }
    }

    private func assessed(_ programme: String) throws -> Assessment {
        guard let assessment = try AssessmentTable.latest(programme, of: self) else {
            throw RegistryError.notReady(
                "“\(programme)” has not been assessed yet: run tepat assess \(programme) first")
        }
        return assessment
    }
}

/// What journal entries about notices carry, so that a row changed afterwards is found.
enum NoticeDigest {
    static func given(_ assessment: Int64, on day: CalendarDate) -> [UInt8] {
        Array(SHA256.hash(data: Array("\(assessment)\t\(day)".utf8)))
    }

    static func action(_ action: NoticeAction, on name: NoticeName) -> [UInt8] {
        let line = [
            name.description, action.kind.rawValue, String(action.recorded.microseconds), action.actor, action.words,
        ].joined(separator: "\t")
        return Array(SHA256.hash(data: Array(line.utf8)))
    }

    /// What is wrong with the row that a journal entry speaks of, or nil where it is what was written.
    static func fault(in entry: JournalEntry, on connection: any Connection) throws -> String? {
        guard let regency = entry.draft.regency, let number = entry.subjectNumber else { return nil }
        switch entry.draft.action {
        case "notice.given":
            let day = try connection.first(
                "SELECT day FROM notice_given WHERE regency = ? AND assessment = ?", [.text(regency), .integer(number)]
            ) { CalendarDate($0.text(0)) }
            guard let day, let day, given(number, on: day) == entry.draft.digest else {
                return "the day on which the notices of assessment \(number) were given is not the one that was noted"
            }
        case "notice.answered", "notice.settled":
            let digests = try connection.query(
                """
                SELECT assessment, action, recorded, actor, words FROM notice_action
                WHERE regency = ? AND family = ? AND recorded = ?
                """, [.text(regency), .integer(number), .integer(entry.moment.microseconds)]
            ) { cursor in
                NoticeAction.Kind(rawValue: cursor.text(1)).map { kind in
                    action(
                        NoticeAction(
                            kind: kind, recorded: Moment(microseconds: cursor.int64(2)), actor: cursor.text(3),
                            words: cursor.text(4)), on: NoticeName(arose: cursor.int64(0), family: number))
                }
            }
            guard digests.contains(where: { $0 == entry.draft.digest }) else {
                return "what was done with a notice of family \(number) is not what was noted"
            }
        default: break
        }
        return nil
    }
}
