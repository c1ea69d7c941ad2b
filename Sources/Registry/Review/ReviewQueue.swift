import Journal
import Storage

/// A row that waits for people to look at it.
public struct ReviewItem: Sendable, Equatable {
    /// The row.
    public let place: RowPlace
    /// Its source.
    public let source: String
    /// The likeliest person.
    public let person: Int64
    /// How likely it is that the row speaks of that person.
    public let probability: Double
    /// Rupiah a year that hang on it: how much what the person's family would get changes with the row. 0 where nothing has
    /// been weighed yet.
    public let rupiah: Int64
    /// Who has already answered.
    public let actors: [String]
}

extension Registry {
    /// Rows that wait for review, what would change most money first, then the likeliest.
    ///
    /// - Parameters:
    ///   - reach: only rows whose likeliest person lives in it.
    ///   - isForReader: leaves out what the reader has answered already: a second opinion is somebody else's.
    ///   - source: only rows of this source.
    public func reviewQueue(
        as reach: Reach, isForReader: Bool = false, source: String? = nil, limit: Int = 100
    ) throws -> [ReviewItem] {
        let (within, regions) = livesWithin(reach)
        return try database.read { connection in
            let decisions = try LinkDecisions.all(regency: regency, on: connection)
            var items: [ReviewItem] = []
            func add(_ place: RowPlace, _ source: String, _ person: Int64, _ probability: Double, rupiah: Int64) {
                let verdict = decisions[place].map { Verdict($0) }
                // What is decided waits for the next run, not for more people.
                if let verdict, !verdict.isOpen, !verdict.states.isEmpty { return }
                let actors = verdict?.actors ?? []
                if isForReader, actors.contains(reach.actor) { return }
                items.append(
                    ReviewItem(
                        place: place, source: source, person: person, probability: probability, rupiah: rupiah,
                        actors: actors))
            }
            // What money hangs on, which are few, is looked up row by row; all that wait are looked through only where that is not
            // enough.
            for (place, rupiah) in try reviewValues(on: connection) {
                if items.count >= limit, let last = items.last, rupiah < last.rupiah { break }
                try connection.forEach(
                    """
                    SELECT b.source, c.person, c.probability \(Self.waitingReview)
                    JOIN batch b ON b.regency = l.regency AND b.batch = l.batch
                    WHERE c.regency = ? AND c.batch = ? AND c.line = ? AND \(Self.isWaiting) AND (b.source = ? OR ? = '')
                    \(within)
                    """,
                    [
                        .text(regency), .integer(place.batch), .integer(place.line), .text(source ?? ""),
                        .text(source ?? ""),
                    ] + regions
                ) { add(place, $0.text(0), $0.int64(1), $0.double(2), rupiah: rupiah) }
            }
            if items.count < limit {
                // Rows that are passed over are among those about which something was said.
                try connection.forEach(
                    """
                    SELECT l.batch, l.line, b.source, c.person, c.probability \(Self.waitingReview)
                    JOIN batch b ON b.regency = l.regency AND b.batch = l.batch
                    LEFT JOIN link_value v ON v.regency = l.regency AND v.batch = l.batch AND v.line = l.line
                    WHERE c.regency = ? AND \(Self.isWaiting) AND v.rupiah IS NULL AND (b.source = ? OR ? = '') \(within)
                    ORDER BY c.probability DESC, l.batch, l.line LIMIT ?
                    """,
                    [.text(regency), .text(source ?? ""), .text(source ?? "")] + regions
                        + [SQLValue(limit + decisions.count)]
                ) {
                    let place = RowPlace(batch: $0.int64(0), line: $0.int64(1))
                    add(place, $0.text(2), $0.int64(3), $0.double(4), rupiah: 0)
                }
            }
            return Array(
                items.sorted {
                    ($1.rupiah, $1.probability, $0.place.batch, $0.place.line)
                        < ($0.rupiah, $0.probability, $1.place.batch, $1.place.line)
                }.prefix(limit))
        }
    }

    private func reviewValues(on connection: any Connection) throws -> [(place: RowPlace, rupiah: Int64)] {
        try connection.query(
            "SELECT batch, line, rupiah FROM link_value WHERE regency = ? ORDER BY rupiah DESC, batch, line",
            [.text(regency)]
        ) { (RowPlace(batch: $0.int64(0), line: $0.int64(1)), $0.int64(2)) }
    }

    /// Rows in review with their candidates: from the candidates, which are few, to the links, which are many; SQLite keeps that
    /// order in a cross join, and else begins with the links.
    private static let waitingReview = "FROM link_candidate c CROSS JOIN link l"

    /// What makes a row wait, by its likeliest candidate. A row of the register that resembles somebody may be a second entry of
    /// that person.
    private static let isWaiting = """
        c.place = 0 AND c.until IS NULL AND l.regency = c.regency AND l.batch = c.batch AND l.line = c.line
        AND l.until IS NULL AND l.ground IN ('to_review', 'register')
        """

    /// How many rows wait for review, and how many of them are decided and wait for the next link run.
    public func reviewCounts() throws -> (waiting: Int, decided: Int) {
        try database.read { connection in
            let waits = "WHERE c.regency = ? AND \(Self.isWaiting)"
            // Each run tells how many it leaves to people; runs of earlier versions did not.
            let kept = try connection.first(
                "SELECT in_review FROM link_run WHERE regency = ? ORDER BY run DESC LIMIT 1", [.text(regency)]
            ) { $0.optionalInt64(0) }
            let waiting =
                try (kept ?? nil).map { Int($0) }
                ?? connection.count("SELECT count(*) \(Self.waitingReview) \(waits)", [.text(regency)])
            let decided = try LinkDecisions.all(regency: regency, on: connection).filter { place, decisions in
                let verdict = Verdict(decisions)
                guard !verdict.isOpen, !verdict.states.isEmpty else { return false }
                return try connection.count(
                    "SELECT count(*) \(Self.waitingReview) \(waits) AND c.batch = ? AND c.line = ?",
                    [.text(regency), .integer(place.batch), .integer(place.line)]) > 0
            }
            return (waiting, decided.count)
        }
    }

    /// Writes what hangs on rows that wait for review: rupiah a year, by row.
    public func setReviewValues(_ values: [(place: RowPlace, rupiah: Int64)]) throws {
        try database.write { connection in
            try connection.execute("DELETE FROM link_value WHERE regency = ?", [.text(regency)])
            try connection.bulkInsert(into: "link_value", columns: ["regency", "batch", "line", "rupiah"]) { writer in
                for (place, rupiah) in values {
                    writer.append(regency)
                    writer.append(place.batch)
                    writer.append(place.line)
                    writer.append(rupiah)
                    try writer.endRow()
                }
            }
        }
    }

    /// The rows that wait for review, each with its likeliest person and, where it is the register's own, the person whose
    /// entry it is, in the order of batches and lines.
    public func rowsToReview() throws -> [(place: RowPlace, person: Int64, entryOf: Int64?)] {
        try database.read { connection in
            try connection.query(
                """
                SELECT l.batch, l.line, c.person, l.person \(Self.waitingReview)
                WHERE c.regency = ? AND \(Self.isWaiting) ORDER BY l.batch, l.line
                """, [.text(regency)]
            ) { (RowPlace(batch: $0.int64(0), line: $0.int64(1)), $0.int64(2), $0.optionalInt64(3)) }
        }
    }

    /// Says what somebody found who looked at a row and a person. It takes effect with the next link run.
    ///
    /// - Returns: the decision's number.
    /// - Throws: ``RegistryError/unknown(_:)`` where the row is not there, or the person neither is linked to it nor resembles it.
    @discardableResult
    public func answerReview(
        _ place: RowPlace, person: Int64, _ answer: ReviewAnswer, note: String = "", as reach: Reach
    ) throws -> Int64 {
        let (within, regions) = livesWithin(reach)
        return try database.write { connection in
            let isKnown = try connection.count(
                """
                SELECT count(*) FROM link_candidate c
                WHERE regency = ? AND batch = ? AND line = ? AND person = ? AND until IS NULL \(within)
                """, [.text(regency), .integer(place.batch), .integer(place.line), .integer(person)] + regions)
            let isLinked = try connection.count(
                """
                SELECT count(*) FROM link c
                WHERE regency = ? AND batch = ? AND line = ? AND person = ? AND until IS NULL AND ground <> 'register'
                \(within)
                """, [.text(regency), .integer(place.batch), .integer(place.line), .integer(person)] + regions)
            guard isKnown + isLinked > 0 else {
                throw RegistryError.unknown(
                    "row \(place) is neither linked to person \(person) nor one that resembles that person: see tepat review show \(place)"
                )
            }
            return try insert(
                place, person: person, answer, note: note, by: reach.actor, undoes: nil, on: connection)
        }
    }

    /// Takes back a decision. What it said no longer counts; with the next link run the row is what it was without it.
    ///
    /// - Returns: the decision that was undone.
    /// - Throws: ``RegistryError/unknown(_:)`` where there is none with that number, or it was undone before.
    @discardableResult
    public func undoReview(_ decision: Int64, note: String, as reach: Reach) throws -> LinkDecision {
        let (within, regions) = livesWithin(reach)
        return try database.write { connection in
            let found = try connection.first(
                """
                SELECT decision, at, actor, batch, line, person, answer, note, undoes FROM link_decision c
                WHERE regency = ? AND decision = ? \(within)
                """, [.text(regency), .integer(decision)] + regions, LinkDecisions.read)
            guard let undone = found ?? nil, undone.undoes == nil else {
                throw RegistryError.unknown("there is no decision \(decision) that could be undone")
            }
            let again = try connection.count(
                "SELECT count(*) FROM link_decision WHERE regency = ? AND undoes = ?",
                [.text(regency), .integer(decision)])
            guard again == 0 else { throw RegistryError.unknown("decision \(decision) was undone before") }
            try insert(
                RowPlace(batch: undone.batch, line: undone.line), person: undone.person, undone.answer, note: note,
                by: reach.actor, undoes: decision, on: connection)
            return undone
        }
    }

    /// What somebody decided last, or undid; nil where there is nothing.
    public func lastDecision(by actor: String) throws -> LinkDecision? {
        try database.read { connection in
            try connection.first(
                """
                SELECT decision, at, actor, batch, line, person, answer, note, undoes FROM link_decision
                WHERE regency = ? AND actor = ? ORDER BY decision DESC LIMIT 1
                """, [.text(regency), .text(actor)], LinkDecisions.read) ?? nil
        }
    }

    /// The decisions about a row, in their order.
    public func decisions(about place: RowPlace) throws -> [LinkDecision] {
        try database.read { connection in
            try LinkDecisions.of(batch: place.batch, line: place.line, regency: regency, on: connection)
        }
    }

    @discardableResult
    private func insert(
        _ place: RowPlace, person: Int64, _ answer: ReviewAnswer, note: String, by actor: String, undoes: Int64?,
        on connection: any Connection
    ) throws -> Int64 {
        let number = Int64(
            try connection.count(
                "SELECT max(decision) FROM link_decision WHERE regency = ?", [.text(regency)]) + 1)
        let now = clock.now
        try connection.execute(
            """
            INSERT INTO link_decision (regency, decision, at, actor, batch, line, person, answer, note, undoes)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(regency), .integer(number), .integer(now.microseconds), .text(actor), .integer(place.batch),
                .integer(place.line), .integer(person), .text(answer.rawValue), .text(note),
                undoes.map { .integer($0) } ?? .null,
            ])
        try Journal.append(
            JournalDraft(
                actor: actor, action: undoes == nil ? "link.reviewed" : "link.undone", subject: "row:\(place)",
                regency: regency,
                reason: undoes.map { "decision \($0) undone: \(note)" }
                    ?? "person \(person): \(answer.rawValue)\(note.isEmpty ? "" : ", \(note)")"),
            at: now, on: connection)
        return number
    }
}

/// How a source's rows were linked by likeness in a run, and how often that is right.
public struct LinkLesson: Sendable, Equatable {
    /// The source.
    public let source: String
    /// From which probability on a link is taken; above 1 where none is.
    public let threshold: Double
    /// Which share of its rows without a NIK is of somebody whom the register lists.
    public let listed: Double
    /// How many rows were compared with their NIK hidden.
    public let hidden: Int
    /// How many of these the threshold links.
    public let linked: Int
    /// How many of those with the right person or family.
    public let right: Int
    /// About how many rows people had decided.
    public let reviewed: Int
}

extension Registry {
    /// What a run learnt of each source, by source.
    public func linkLessons(of run: Int64) throws -> [LinkLesson] {
        try database.read { connection in
            try connection.query(
                """
                SELECT source, threshold, listed, hidden, linked, correct, reviewed FROM link_lesson
                WHERE regency = ? AND run = ? ORDER BY source
                """, [.text(regency), .integer(run)]
            ) {
                LinkLesson(
                    source: $0.text(0), threshold: $0.double(1), listed: $0.double(2), hidden: Int($0.int64(3)),
                    linked: Int($0.int64(4)), right: Int($0.int64(5)), reviewed: Int($0.int64(6)))
            }
        }
    }
}
