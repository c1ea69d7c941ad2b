import Storage

/// The append-only record of who did what to what, and why.
///
/// An entry is written on the connection, and so in the transaction, of the change that it speaks of: either both are
/// kept or neither. The hash of each entry covers all entries before it, and the last number and hash stand in a table of
/// their own, so that an entry changed, removed (also at the end) or moved afterwards is found by ``verify(on:each:)``.
/// Someone who may write the whole database could still compute all hashes anew; against that, note the head elsewhere
/// and pass it to `tepat journal verify --head`.
public enum Journal {
    /// The journal's tables.
    public static let migrations = Migrations(
        module: "journal",
        versions: [
            [
                """
                CREATE TABLE journal_entry (
                    number INTEGER PRIMARY KEY NOT NULL,
                    moment INTEGER NOT NULL,
                    actor TEXT NOT NULL,
                    action TEXT NOT NULL,
                    subject TEXT NOT NULL,
                    regency TEXT,
                    reason TEXT NOT NULL,
                    digest BLOB,
                    hash BLOB NOT NULL
                ) STRICT
                """,
                "CREATE INDEX journal_entry_subject ON journal_entry (subject, number)",
                """
                CREATE TABLE journal_head (
                    only_row INTEGER PRIMARY KEY NOT NULL CHECK (only_row = 1),
                    number INTEGER NOT NULL,
                    hash BLOB NOT NULL
                ) STRICT
                """,
            ]
        ])

    /// Writes one entry, in the transaction of the change that it speaks of, and returns its number.
    @discardableResult
    public static func append(
        _ draft: JournalDraft, at moment: Moment, on connection: any Connection
    ) throws -> Int64 {
        let head = try head(on: connection)
        let number = head.number + 1
        let hash = JournalEntry.hash(previous: head.hash, number: number, moment: moment, draft: draft)
        try connection.execute(
            """
            INSERT INTO journal_entry (number, moment, actor, action, subject, regency, reason, digest, hash)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(number), .integer(moment.microseconds), .text(draft.actor), .text(draft.action),
                .text(draft.subject), SQLValue(draft.regency), .text(draft.reason), SQLValue(draft.digest),
                .blob(hash),
            ])
        try connection.execute(
            """
            INSERT INTO journal_head (only_row, number, hash) VALUES (1, ?, ?)
            ON CONFLICT (only_row) DO UPDATE SET number = excluded.number, hash = excluded.hash
            """,
            [.integer(number), .blob(hash)])
        return number
    }

    /// The number and hash of the last entry; 0 and ``JournalEntry/start`` where there is none.
    public static func head(on connection: any Connection) throws -> (number: Int64, hash: [UInt8]) {
        let head = try connection.first("SELECT number, hash FROM journal_head WHERE only_row = 1") {
            (number: $0.int64(0), hash: $0.bytes(1))
        }
        return head ?? (0, JournalEntry.start)
    }

    /// Entries about one subject, oldest first.
    public static func entries(about subject: String, on connection: any Connection) throws -> [JournalEntry] {
        try connection.query(
            columns + " WHERE subject = ? ORDER BY number", [.text(subject)], entry)
    }

    /// The latest entries, the last first: about one subject, or about all.
    public static func latest(
        about subject: String? = nil, limit: Int, on connection: any Connection
    ) throws -> [JournalEntry] {
        try connection.query(
            columns + (subject == nil ? "" : " WHERE subject = ?") + " ORDER BY number DESC LIMIT ?",
            (subject.map { [.text($0)] } ?? []) + [SQLValue(limit)], entry)
    }

    /// Reads every entry in order and checks numbers, hashes and head.
    ///
    /// - Parameters:
    ///   - each: is given every entry that is sound, so that a caller can check what the entry's digest stands for.
    public static func verify(
        on connection: any Connection, each: (JournalEntry) throws -> Void = { _ in }
    ) throws -> JournalVerification {
        var expected: Int64 = 1
        var previous = JournalEntry.start
        var fault: JournalVerification.Fault?
        try connection.forEach(columns + " ORDER BY number", []) { cursor in
            guard fault == nil else { return }
            let entry = entry(cursor)
            if entry.number != expected {
                fault = .missing(expected)
            } else if entry.hash
                != JournalEntry.hash(
                    previous: previous, number: entry.number, moment: entry.moment, draft: entry.draft)
            {
                fault = .changed(entry.number)
            } else {
                try each(entry)
                previous = entry.hash
                expected += 1
            }
        }
        let head = try head(on: connection)
        if fault == nil, head.number != expected - 1 || head.hash != previous {
            fault = head.number >= expected ? .missing(expected) : .head
        }
        return JournalVerification(entries: expected - 1, head: previous, fault: fault)
    }

    private static let columns =
        "SELECT number, moment, actor, action, subject, regency, reason, digest, hash FROM journal_entry"

    private static func entry(_ cursor: any Cursor) -> JournalEntry {
        JournalEntry(
            number: cursor.int64(0), moment: Moment(microseconds: cursor.int64(1)),
            draft: JournalDraft(
                actor: cursor.text(2), action: cursor.text(3), subject: cursor.text(4),
                regency: cursor.optionalText(5), reason: cursor.text(6),
                digest: cursor.isNull(7) ? nil : cursor.bytes(7)),
            hash: cursor.bytes(8))
    }
}

/// What ``Journal/verify(on:each:)`` found.
public struct JournalVerification: Sendable {
    /// What is wrong with a journal, at the first place where something is.
    public enum Fault: Sendable, Equatable {
        /// The entry of this number is gone.
        case missing(Int64)
        /// The entry of this number, or one before it, is not what was written.
        case changed(Int64)
        /// The head does not belong to the last entry.
        case head
    }

    /// How many entries are sound, from the first on.
    public let entries: Int64
    /// The hash of the last sound entry.
    public let head: [UInt8]
    /// The first fault, or nil where the journal is sound.
    public let fault: Fault?
}

extension JournalVerification.Fault: CustomStringConvertible {
    /// One line for the person who must look into it.
    public var description: String {
        switch self {
        case .missing(let number): "entry \(number) is missing: it was removed after it was written"
        case .changed(let number): "entry \(number) is not what was written: it was changed or moved afterwards"
        case .head: "the last entry is not the one that the head names: entries were removed or added by hand"
        }
    }
}
