import Journal
import Storage

/// A person who was found by the numbers that only that person should know.
public struct FoundPerson: Sendable {
    /// The person's number in the registry.
    public let person: Int64
    /// The family's number in the registry.
    public let family: Int64
    /// The families on whose cards the person stands: of somebody entered twice, whoever asks may hold either card.
    let cards: [Int64]
}

extension Registry {
    /// The person of a NIK, as the population register lists them in the run of `knowledge`; nil where it lists nobody, or
    /// somebody beyond the reach. Of somebody who has two NIKs, either will do.
    public func person(nik: NIK, in knowledge: Knowledge, as reach: Reach) throws -> FoundPerson? {
        guard let found = try person(nik: nik, in: knowledge), try family(found.family, in: knowledge, as: reach) != nil
        else { return nil }
        return found
    }

    private func person(nik: NIK, in knowledge: Knowledge) throws -> FoundPerson? {
        let (run, hash) = (SQLValue.integer(knowledge.run), SQLValue.blob(vault.hash(nik).bytes))
        return try database.read { connection in
            let listed = try connection.first(
                """
                SELECT p.person, m.family FROM person p
                JOIN family_member m ON m.regency = p.regency AND m.person = p.person
                AND m.since <= ? AND (m.until IS NULL OR m.until > ?)
                WHERE p.regency = ? AND p.nik = ?
                """, [run, run, .text(regency), hash]
            ) { FoundPerson(person: $0.int64(0), family: $0.int64(1), cards: [$0.int64(1)]) }
            if let listed { return listed }
            // Where an entry is somebody's second one, its row is linked to that person.
            return try connection.first(
                """
                SELECT l.person, l.family, m.family FROM person p
                JOIN family_member m ON m.regency = p.regency AND m.person = p.person
                JOIN link l ON l.regency = m.regency AND l.batch = m.batch AND l.line = m.line
                AND l.since <= ? AND (l.until IS NULL OR l.until > ?) AND l.ground = 'reviewed'
                WHERE p.regency = ? AND p.nik = ? ORDER BY m.since DESC LIMIT 1
                """, [run, run, .text(regency), hash]
            ) { FoundPerson(person: $0.int64(0), family: $0.int64(1), cards: [$0.int64(1), $0.int64(2)]) }
        }
    }

    /// The family and all that is known of it; nil where it has no members in the run of `knowledge`, or lives beyond the
    /// reach.
    public func family(_ family: Int64, in knowledge: Knowledge, as reach: Reach) throws -> KnownFamily? {
        try knowledge.families(family..<family + 1).first.flatMap { reach.covers($0.village) ? $0 : nil }
    }

    /// Whether a number is that of a card on which a person stands.
    public func isCard(_ number: FamilyNumber, of person: FoundPerson) throws -> Bool {
        let family = try database.read { connection in
            try connection.first(
                "SELECT family FROM family WHERE regency = ? AND number = ?",
                [.text(regency), .blob(vault.hash(number).bytes)]
            ) { $0.int64(0) }
        }
        return family.map(person.cards.contains) ?? false
    }

    /// What the population register's row of a member says: name and birth date as the agency wrote them, and whether
    /// the member is the head of the family; nil where the family lives beyond the reach.
    public func identity(
        of member: KnownFamily.Member, of family: KnownFamily, in knowledge: Knowledge, as reach: Reach
    ) throws -> (name: String, birthDate: String?, isHead: Bool)? {
        guard reach.covers(family.village) else { return nil }
        guard let delivery = knowledge.deliveries.first(where: { $0.batch == member.batch }) else { return nil }
        let found = try database.read { connection in
            try StoredRows(
                batch: member.batch, lines: member.line...member.line, limit: 1, regency: regency, on: connection)
        }
        var fields: [String?] = []
        try found?.forEach(vault) { row, content in
            guard let content else { throw RegistryError.damaged(line: row.line, batch: member.batch) }
            fields = RowContent.texts(of: Array(content))
        }
        guard !fields.isEmpty else { return nil }
        func field(_ role: SourceDefinition.Role) -> String? {
            delivery.source.identity[role].flatMap { fields.indices.contains($0) ? fields[$0] : nil }
        }
        return (field(.name) ?? "", field(.birthDate), field(.relation) == "head")
    }

    /// Who a family is to those who must find it: its head's name, masked, and how many live there; nil where nobody does.
    public func household(
        _ family: Int64, in knowledge: Knowledge, as reach: Reach
    ) throws -> (head: String, members: Int)? {
        guard let family = try self.family(family, in: knowledge, as: reach) else { return nil }
        let residents = family.members.filter { $0.state == .resident }
        var name: String?
        for member in residents {
            guard let identity = try identity(of: member, of: family, in: knowledge, as: reach) else { continue }
            if name == nil || identity.isHead { name = identity.name }
            if identity.isHead { break }
        }
        return name.map { (masked(name: $0), residents.count) }
    }

    /// A member's NIK and family number, opened: for a demonstration's made-up people, and for those whose work needs them;
    /// nil where the family lives beyond the reach.
    public func numbers(
        of member: KnownFamily.Member, in family: KnownFamily, as reach: Reach
    ) throws -> (nik: String, familyNumber: String)? {
        guard reach.covers(family.village) else { return nil }
        let sealed = try database.read { connection in
            try connection.first(
                """
                SELECT p.nik, p.sealed, f.number, f.sealed FROM person p
                JOIN family f ON f.regency = p.regency AND f.family = ?
                WHERE p.regency = ? AND p.person = ?
                """, [.integer(family.family), .text(regency), .integer(member.person)]
            ) { (KeyedHash($0.bytes(0)), $0.bytes(1), KeyedHash($0.bytes(2)), $0.bytes(3)) }
        }
        guard let sealed, let nik = sealed.0, let number = sealed.2 else { return nil }
        return (
            try vault.text(hash: nik, box: sealed.1, as: .nik),
            try vault.text(hash: number, box: sealed.3, as: .familyNumber)
        )
    }

    /// Notes in the journal that somebody has read what is known of families, and what for: one entry for each.
    ///
    /// - Parameter detail: what more is to be said than the purpose of the reach.
    public func noteRead(of families: Int64..., as reach: Reach, detail: String = "") throws {
        try noteRead(of: families, as: reach, detail: detail)
    }

    /// Notes in the journal that somebody has read what is known of families, and what for: one entry for each.
    public func noteRead(of families: [Int64], as reach: Reach, detail: String = "") throws {
        guard !families.isEmpty else { return }
        try database.write { connection in
            for family in families {
                try Journal.append(
                    JournalDraft(
                        actor: reach.actor, action: "family.read", subject: "family:\(family)", regency: regency,
                        reason: detail.isEmpty ? reach.purpose : "\(reach.purpose): \(detail)"),
                    at: clock.now, on: connection)
            }
        }
    }
}

extension Registry {
    /// Who has read what is known of a family and what for, as the journal has it, the latest first.
    public func readings(of family: Int64, limit: Int) throws -> [(at: Moment, actor: String, purpose: String)] {
        try database.read { try Journal.latest(about: "family:\(family)", limit: limit, on: $0) }.compactMap { entry in
            guard entry.draft.action == "family.read" else { return nil }
            let purpose = entry.draft.reason.split(separator: ":", maxSplits: 1).first.map(String.init) ?? ""
            return (entry.moment, entry.draft.actor, purpose)
        }
    }
}

/// A name as people may see it who need not know all of it: `Siti Rahma` becomes `S*** R****`.
public func masked(name: String) -> String {
    name.split(separator: " ").map { word in
        word.prefix(1) + String(repeating: "*", count: max(1, word.count - 1))
    }.joined(separator: " ")
}

/// A link of a row, for as long as it held.
public struct LinkPeriod: Sendable, Equatable {
    /// The run from which it held.
    public let since: Int64
    /// The run from which it no longer did; nil where it still does.
    public let until: Int64?
    /// The family; nil where the row waited.
    public let family: Int64?
    /// The person; nil where the row waited or spoke of a family.
    public let person: Int64?
    /// Why.
    public let ground: Ground
}

/// Where somebody is on a card, by the last run.
struct Home {
    let family: Int64
    let state: KnownFamily.State
    /// The register's row that says so.
    let row: RowPlace
}

extension Registry {
    /// Where a person is on a card now; nil where the register does not list the person.
    func home(of person: Int64, on connection: any Connection) throws -> Home? {
        // The bound says nothing, but without it SQLite, which knows no counts, looks through all members of all families.
        try connection.first(
            """
            SELECT family, state, batch, line FROM family_member
            WHERE regency = ? AND person = ? AND since >= 0 AND until IS NULL
            """, [.text(regency), .integer(person)]
        ) {
            Home(
                family: $0.int64(0), state: KnownFamily.State(rawValue: $0.text(1)) ?? .resident,
                row: RowPlace(batch: $0.int64(2), line: $0.int64(3)))
        }
    }

    /// Whether a family lives within a reach now.
    func lives(_ family: Int64, within reach: Reach, on connection: any Connection) throws -> Bool {
        guard !reach.covers(pack.regency) else { return true }
        let village = try connection.first(
            "SELECT village FROM family_residence WHERE regency = ? AND family = ? AND until IS NULL",
            [.text(regency), .integer(family)]
        ) { RegionCode($0.text(0)) }
        return (village ?? nil).map(reach.covers) ?? false
    }

    /// A condition that a person's family lives within a reach, and its arguments; nothing where that is everybody. The person
    /// is the column `person` of a table called `c` in the query.
    func livesWithin(_ reach: Reach) -> (sql: String, arguments: [SQLValue]) {
        guard !reach.covers(pack.regency) else { return ("", []) }
        // Text is compared byte by byte, and after the dot comes the slash.
        let one = "r.village = ? OR (r.village >= ? AND r.village < ?)"
        let regions = reach.regions.map { _ in one }.joined(separator: " OR ")
        return (
            """
            AND EXISTS (SELECT 1 FROM family_member m
                JOIN family_residence r ON r.regency = m.regency AND r.family = m.family AND r.until IS NULL
                WHERE m.regency = c.regency AND m.person = c.person AND m.since >= 0 AND m.until IS NULL
                AND (\(regions.isEmpty ? "1 = 0" : regions)))
            """,
            reach.regions.flatMap { [.text($0.text), .text($0.text + "."), .text($0.text + "/")] }
        )
    }

    /// The family on whose card a person is; nil where the register does not list the person.
    public func family(ofPerson person: Int64, in knowledge: Knowledge) throws -> Int64? {
        try database.read { connection in
            try connection.first(
                """
                SELECT family FROM family_member
                WHERE regency = ? AND person = ? AND since <= ? AND (until IS NULL OR until > ?)
                """, [.text(regency), .integer(person), .integer(knowledge.run), .integer(knowledge.run)]
            ) { $0.int64(0) }
        }
    }

    /// All links that a row has had, the oldest first.
    public func linkHistory(of place: RowPlace) throws -> [LinkPeriod] {
        try database.read { connection in
            try connection.query(
                """
                SELECT since, until, family, person, ground FROM link
                WHERE regency = ? AND batch = ? AND line = ? ORDER BY since
                """, [.text(regency), .integer(place.batch), .integer(place.line)]
            ) { cursor in
                Ground(rawValue: cursor.text(4)).map {
                    LinkPeriod(
                        since: cursor.int64(0), until: cursor.optionalInt64(1), family: cursor.optionalInt64(2),
                        person: cursor.optionalInt64(3), ground: $0)
                }
            }.compactMap(\.self)
        }
    }
}
