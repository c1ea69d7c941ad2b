import Journal
import RecordLinkage
import Storage

/// Writes what a link run decided otherwise than the one before.
struct LinkWriter {
    let registry: Registry
    let linker: Linker
    let connection: any Connection
    private let run: Int64

    init(registry: Registry, linker: Linker, connection: any Connection) throws {
        self.registry = registry
        self.linker = linker
        self.connection = connection
        run = Int64(
            try connection.count("SELECT max(run) FROM link_run WHERE regency = ?", [.text(registry.regency)]) + 1)
    }

    private var regency: SQLValue { .text(registry.regency) }

    func write(begun: Moment, _ progress: (WorkProgress) -> Void) throws -> LinkSummary {
        let residents = try writeResidents()
        let links = try DecidedRowsWriter(
            registry: registry, run: run, rows: linker.rows, familyOf: linker.population.family, connection: connection
        ).write(progress)
        let linked = linker.rows.grounds.reduce(0) { $0 + ($1.key.isLinked ? $1.value : 0) }
        let unlinked = linker.rows.grounds.values.reduce(0, +) - linked
        // A delivery that changes nobody's rows still tells how fresh its source is.
        let cards = try writeSharedCards()
        let changed = try residents.changed || links.changed || cards || isNewsDelivered()
        let summary = LinkSummary(
            run: changed ? run : run - 1, persons: linker.population.listed, families: residents.families,
            linked: linked, unlinked: unlinked, sharedNIKs: linker.sharedNIKs, secondEntries: linker.doublesFound,
            sharedCards: linker.sharedCards.count, grounds: linker.rows.grounds)
        guard changed else { return summary }
        try write(linker.lessons)
        let now = registry.clock.now
        try connection.execute(
            """
            INSERT INTO link_run (regency, run, begun, completed, day, persons, families, linked, unlinked, shared_niks,
            digest, in_review) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                regency, .integer(run), .integer(begun.microseconds), .integer(now.microseconds),
                .text(linker.day.description), SQLValue(summary.persons), SQLValue(summary.families),
                SQLValue(linked), SQLValue(unlinked), SQLValue(linker.sharedNIKs), .blob(links.digest),
                SQLValue((linker.rows.grounds[.toReview] ?? 0) + linker.doublesFound),
            ])
        try Journal.append(
            JournalDraft(
                actor: registry.actor, action: "rows.linked", subject: "link-run:\(run)", regency: registry.regency,
                reason: "\(summary.persons) persons, \(summary.families) families, \(linked) rows linked, "
                    + "\(unlinked) waiting, \(linker.sharedNIKs) double NIKs",
                digest: links.digest),
            at: now, on: connection)
        return summary
    }

    /// Whether a batch was completed after the run before this one.
    private func isNewsDelivered() throws -> Bool {
        try connection.count(
            """
            SELECT count(*) FROM batch b JOIN link_run r ON r.regency = b.regency AND r.run = ?
            WHERE b.regency = ? AND b.completed > r.completed
            """, [.integer(run - 1), regency]) > 0
    }

    // MARK: Persons and families

    private struct Membership: Equatable {
        let family: Int32
        let state: String
        let batch: Int64
        let line: Int64
    }

    private func writeResidents() throws -> (families: Int, changed: Bool) {
        let population = linker.population
        try insertNew(population.newPersons, into: "person", columns: ["regency", "person", "nik", "sealed"])
        try insertNew(population.newFamilies, into: "family", columns: ["regency", "family", "number", "sealed"])
        let members = try writeMembers(population)
        let residences = try writeResidences(population, alive: members.families)
        let changed =
            !population.newPersons.isEmpty || !population.newFamilies.isEmpty || members.changed || residences
        return (members.families.reduce(0) { $0 + ($1 ? 1 : 0) }, changed)
    }

    private func insertNew(
        _ rows: [(number: Int32, hash: KeyedHash, sealed: [UInt8])], into table: String, columns: [String]
    ) throws {
        try connection.bulkInsert(into: table, columns: columns) { writer in
            for row in rows {
                writer.append(registry.regency)
                writer.append(Int64(row.number))
                writer.append(row.hash)
                row.sealed.withUnsafeBytes { writer.append(blob: $0) }
                try writer.endRow()
            }
        }
    }

    /// Closes and opens memberships, and tells which families have members.
    private func writeMembers(_ population: Population) throws -> (families: [Bool], changed: Bool) {
        var families = [Bool](repeating: false, count: population.village.count)
        var open = [Bool](repeating: false, count: population.family.count)
        var closed: [(family: Int64, person: Int64, since: Int64)] = []
        try connection.forEach(
            """
            SELECT family, person, since, state, batch, line FROM family_member
            WHERE regency = ? AND until IS NULL
            """, [regency]
        ) { cursor in
            let person = Int(cursor.int64(1))
            let stored = Membership(
                family: Int32(cursor.int64(0)), state: cursor.text(3), batch: cursor.int64(4), line: cursor.int64(5))
            if person < population.family.count, membership(person, population) == stored {
                open[person] = true
            } else {
                closed.append((cursor.int64(0), cursor.int64(1), cursor.int64(2)))
            }
        }
        for row in closed {
            try connection.execute(
                "UPDATE family_member SET until = ? WHERE regency = ? AND family = ? AND person = ? AND since = ?",
                [.integer(run), regency, .integer(row.family), .integer(row.person), .integer(row.since)])
        }
        let order = (1..<max(1, population.family.count)).filter { population.batch[$0] != 0 }.sorted {
            (population.family[$0], $0) < (population.family[$1], $1)
        }
        var opened = 0
        try connection.bulkInsert(
            into: "family_member", columns: ["regency", "family", "person", "since", "until", "state", "batch", "line"]
        ) { writer in
            for person in order {
                families[Int(population.family[person])] = true
                guard !open[person] else { continue }
                opened += 1
                let member = membership(person, population)
                writer.append(registry.regency)
                writer.append(Int64(member.family))
                writer.append(Int64(person))
                writer.append(run)
                writer.appendNull()
                writer.append(member.state)
                writer.append(member.batch)
                writer.append(member.line)
                try writer.endRow()
            }
        }
        return (families, opened > 0 || !closed.isEmpty)
    }

    private func membership(_ person: Int, _ population: Population) -> Membership {
        Membership(
            family: population.family[person], state: population.state[person].rawValue,
            batch: Int64(population.batch[person]), line: Int64(population.line[person]))
    }

    private func writeResidences(_ population: Population, alive: [Bool]) throws -> Bool {
        var same = [Bool](repeating: false, count: alive.count)
        var closed: [(family: Int64, since: Int64)] = []
        try connection.forEach(
            "SELECT family, since, village FROM family_residence WHERE regency = ? AND until IS NULL", [regency]
        ) { cursor in
            let family = Int(cursor.int64(0))
            if family < alive.count, alive[family], population.village[family]?.text == cursor.text(2) {
                same[family] = true
            } else {
                closed.append((cursor.int64(0), cursor.int64(1)))
            }
        }
        for row in closed {
            try connection.execute(
                "UPDATE family_residence SET until = ? WHERE regency = ? AND family = ? AND since = ?",
                [.integer(run), regency, .integer(row.family), .integer(row.since)])
        }
        var opened = 0
        try connection.bulkInsert(
            into: "family_residence", columns: ["regency", "family", "since", "until", "village"]
        ) { writer in
            for family in alive.indices where alive[family] && !same[family] {
                guard let village = population.village[family] else { continue }
                opened += 1
                writer.append(registry.regency)
                writer.append(Int64(family))
                writer.append(run)
                writer.appendNull()
                writer.append(village.text)
                try writer.endRow()
            }
        }
        return opened > 0 || !closed.isEmpty
    }

    /// Closes and opens cards whose people are all known on another one.
    private func writeSharedCards() throws -> Bool {
        var open: [Int32: (since: Int64, found: SharedCards.Found)] = [:]
        try connection.forEach(
            "SELECT family, since, other, members, has_head FROM shared_card WHERE regency = ? AND until IS NULL",
            [regency]
        ) {
            let family = Int32($0.int64(0))
            open[family] = (
                $0.int64(1),
                SharedCards.Found(
                    family: family, other: Int32($0.int64(2)), members: Int32($0.int64(3)), hasHead: $0.int64(4) != 0)
            )
        }
        var opened: [SharedCards.Found] = []
        for found in linker.sharedCards {
            if open[found.family]?.found == found { open[found.family] = nil } else { opened.append(found) }
        }
        for (family, old) in open {
            try connection.execute(
                "UPDATE shared_card SET until = ? WHERE regency = ? AND family = ? AND since = ?",
                [.integer(run), regency, .integer(Int64(family)), .integer(old.since)])
        }
        try connection.bulkInsert(
            into: "shared_card", columns: ["regency", "family", "since", "until", "other", "members", "has_head"]
        ) { writer in
            for found in opened {
                writer.append(registry.regency)
                writer.append(Int64(found.family))
                writer.append(run)
                writer.appendNull()
                writer.append(Int64(found.other))
                writer.append(Int64(found.members))
                writer.append(Int64(found.hasHead ? 1 : 0))
                try writer.endRow()
            }
        }
        return !opened.isEmpty || !open.isEmpty
    }

    private func write(_ lessons: [Likeness.Lesson]) throws {
        for lesson in lessons {
            try connection.execute(
                """
                INSERT INTO link_lesson (regency, run, source, threshold, listed, hidden, linked, correct,
                reviewed, models) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    regency, .integer(run), .text(lesson.source), .real(lesson.threshold), .real(lesson.listed),
                    SQLValue(lesson.hidden), SQLValue(lesson.linked), SQLValue(lesson.right),
                    SQLValue(lesson.reviewed),
                    .text(try LinkageModel.json(of: lesson.models)),
                ])
        }
    }
}
