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
        let links = try writeLinks(progress)
        let linked = linker.grounds.reduce(0) { $0 + ($1.key.isLinked ? $1.value : 0) }
        let unlinked = linker.grounds.values.reduce(0, +) - linked
        // A delivery that changes nobody's rows still tells how fresh its source is.
        let cards = try writeSharedCards()
        let changed = try residents.changed || links.changed || cards || isNewsDelivered()
        let summary = LinkSummary(
            run: changed ? run : run - 1, persons: linker.population.listed, families: residents.families,
            linked: linked, unlinked: unlinked, sharedNIKs: linker.sharedNIKs, secondEntries: linker.doublesFound,
            sharedCards: linker.sharedCards.count, grounds: linker.grounds)
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
                SQLValue((linker.grounds[.toReview] ?? 0) + linker.doublesFound),
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
            family: population.family[person], state: population.state[person].word,
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

    // MARK: Links and evidence

    private struct Stored {
        let line: Int64
        let since: Int64
        let family: Int64
        let person: Int64
        let ground: String
    }

    /// Where a row's evidence goes.
    private struct EvidenceRow {
        let family: Int32
        let person: Int32
        let batch: Int32
        let line: Int32
        let day: Int32
        let length: Int32
        let start: Int
    }

    private func writeLinks(_ progress: (WorkProgress) -> Void) throws -> (digest: [UInt8], changed: Bool) {
        var digest = LinkDigest()
        var evidence: [EvidenceRow] = []
        let total = linker.decisions.reduce(0) { $0 + $1.decisions.count }
        var done = 0
        var changed = false
        for (batch, decisions) in linker.decisions {
            let stored = try storedLinks(batch.batch)
            var closed: [Stored] = []
            var position = 0
            try connection.bulkInsert(
                into: "link",
                columns: ["regency", "batch", "line", "since", "until", "family", "person", "ground"]
            ) { writer in
                for decision in decisions {
                    while position < stored.count, stored[position].line < decision.line {
                        closed.append(stored[position])
                        position += 1
                    }
                    let family = family(of: decision)
                    digest.add(
                        batch: batch.batch, line: Int64(decision.line), family: Int64(family),
                        person: Int64(decision.person), ground: decision.ground.rawValue)
                    if position < stored.count, stored[position].line == Int64(decision.line) {
                        let old = stored[position]
                        position += 1
                        if old.family == Int64(family), old.person == Int64(decision.person),
                            old.ground == decision.ground.rawValue
                        {
                            continue
                        }
                        closed.append(old)
                    }
                    changed = true
                    try write(decision, family, batch.batch, to: writer)
                    guard decision.ground.isLinked, !batch.layout.isEmpty else { continue }
                    evidence.append(
                        EvidenceRow(
                            family: family, person: batch.source.subject == .person ? decision.person : 0,
                            batch: Int32(batch.batch), line: decision.line, day: decision.day,
                            length: decision.evidenceLength, start: decision.evidence))
                }
            }
            closed += stored[position...]
            changed = changed || !closed.isEmpty
            try close(closed, batch)
            if try writeCandidates(of: batch, decisions) { changed = true }
            done += decisions.count
            progress(WorkProgress(done: total * 2 + done, total: total * 4))
        }
        evidence.sort {
            ($0.family, $0.person, $0.batch, $0.line) < ($1.family, $1.person, $1.batch, $1.line)
        }
        try write(evidence) { written in
            let part = written * total / max(1, evidence.count)
            progress(WorkProgress(done: total * 3 + part, total: total * 4))
        }
        return (digest.finish(), changed)
    }

    private func family(of decision: Decision) -> Int32 {
        decision.family != 0 ? decision.family : linker.population.family[Int(decision.person)]
    }

    private func storedLinks(_ batch: Int64) throws -> [Stored] {
        guard run > 1 else { return [] }
        return try connection.query(
            """
            SELECT line, since, family, person, ground FROM link
            WHERE regency = ? AND batch = ? AND until IS NULL ORDER BY line
            """, [regency, .integer(batch)]
        ) {
            Stored(
                line: $0.int64(0), since: $0.int64(1), family: $0.int64(2), person: $0.int64(3), ground: $0.text(4))
        }
    }

    private func write(_ decision: Decision, _ family: Int32, _ batch: Int64, to writer: any BulkWriter) throws {
        writer.append(registry.regency)
        writer.append(batch)
        writer.append(Int64(decision.line))
        writer.append(run)
        writer.appendNull()
        if family == 0 { writer.appendNull() } else { writer.append(Int64(family)) }
        if decision.person == 0 { writer.appendNull() } else { writer.append(Int64(decision.person)) }
        writer.append(decision.ground.rawValue)
        try writer.endRow()
    }

    // MARK: Likeness

    /// Closes and opens candidates where they are other persons than before.
    private func writeCandidates(of batch: DeliveredBatch, _ decisions: [Decision]) throws -> Bool {
        var open: [Int64: (since: Int64, persons: [Int64])] = [:]
        try connection.forEach(
            """
            SELECT line, since, person FROM link_candidate
            WHERE regency = ? AND batch = ? AND until IS NULL ORDER BY line, place
            """, [regency, .integer(batch.batch)]
        ) { open[$0.int64(0), default: ($0.int64(1), [])].persons.append($0.int64(2)) }
        var opened: [(line: Int64, candidates: [Likeness.Candidate])] = []
        for outcome in linker.weighed(in: batch.batch) where !outcome.candidates.isEmpty {
            let line = Int64(decisions[outcome.place].line)
            if let old = open[line], old.persons == outcome.candidates.map({ Int64($0.person) }) {
                open[line] = nil
            } else {
                opened.append((line, outcome.candidates))
            }
        }
        for (line, old) in open {
            try connection.execute(
                "UPDATE link_candidate SET until = ? WHERE regency = ? AND batch = ? AND line = ? AND since = ?",
                [.integer(run), regency, .integer(batch.batch), .integer(line), .integer(old.since)])
        }
        try connection.bulkInsert(
            into: "link_candidate",
            columns: ["regency", "batch", "line", "since", "place", "until", "person", "weight", "probability"]
        ) { writer in
            for (line, candidates) in opened {
                for (place, candidate) in candidates.enumerated() {
                    writer.append(registry.regency)
                    writer.append(batch.batch)
                    writer.append(line)
                    writer.append(run)
                    writer.append(Int64(place))
                    writer.appendNull()
                    writer.append(Int64(candidate.person))
                    writer.append(Double(candidate.weight))
                    writer.append(Double(candidate.probability))
                    try writer.endRow()
                }
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

    private func close(_ links: [Stored], _ batch: DeliveredBatch) throws {
        for link in links {
            try connection.execute(
                "UPDATE link SET until = ? WHERE regency = ? AND batch = ? AND line = ? AND since = ?",
                [.integer(run), regency, .integer(batch.batch), .integer(link.line), .integer(link.since)])
            guard link.family != 0 else { continue }
            try connection.execute(
                """
                UPDATE evidence SET until = ?
                WHERE regency = ? AND family = ? AND person = ? AND batch = ? AND line = ? AND since = ?
                """,
                [
                    .integer(run), regency, .integer(link.family),
                    .integer(batch.source.subject == .person ? link.person : 0), .integer(batch.batch),
                    .integer(link.line), .integer(link.since),
                ])
        }
    }

    private func write(_ rows: [EvidenceRow], _ progress: (Int) -> Void) throws {
        try connection.bulkInsert(
            into: "evidence",
            columns: ["regency", "family", "person", "batch", "line", "since", "until", "dated", "content"]
        ) { writer in
            try linker.evidence.withUnsafeBytes { evidence in
                for (index, row) in rows.enumerated() {
                    writer.append(registry.regency)
                    writer.append(Int64(row.family))
                    writer.append(Int64(row.person))
                    writer.append(Int64(row.batch))
                    writer.append(Int64(row.line))
                    writer.append(run)
                    writer.appendNull()
                    writer.append(Int64(row.day))
                    writer.append(
                        blob: UnsafeRawBufferPointer(rebasing: evidence[row.start..<row.start + Int(row.length)]))
                    try writer.endRow()
                    if index.isMultiple(of: 65_536) { progress(index) }
                }
            }
        }
        progress(rows.count)
    }
}
