import Journal
import Storage

/// What is found of one row of a list of those who received before.
public struct RecipientFinding: Sendable, Equatable {
    /// What is wrong.
    public enum Kind: String, Sendable, CaseIterable {
        /// The civil registry says that the person has died.
        case dead
        /// The person has moved out of the regency.
        case movedOut = "moved_out"
        /// The family stands on the list before this row.
        case doubled
        /// Nobody in the register fits the row.
        case notFound = "not_found"
        /// Somebody may fit the row: it is in review.
        case inReview = "in_review"
    }

    /// The row.
    public let place: RowPlace
    /// What is wrong with it.
    public let kind: Kind
    /// The family; nil where it is not known.
    public let family: Int64?
    /// For a doubled row the row that stands before it, for a dead person the row that says so.
    public let other: RowPlace?
    /// Rupiah that it is paid each time.
    public let amount: Int64
}

/// What is found on a list of those who received before.
public struct RecipientList: Sendable {
    /// The source.
    public let source: SourceDefinition
    /// The day of the delivery.
    public let delivered: CalendarDate
    /// How many rows it has.
    public let rows: Int
    /// Rupiah that they are paid each time.
    public let amount: Int64
    /// What is wrong, in the order of rows.
    public let findings: [RecipientFinding]

    /// How many rows have a fault, and rupiah that they are paid each time.
    public func sum(_ kind: RecipientFinding.Kind) -> (rows: Int, amount: Int64) {
        findings.reduce((0, 0)) { $1.kind == kind ? ($0.0 + 1, $0.1 + $1.amount) : $0 }
    }
}

extension Registry {
    /// The dead, the doubled and those who have left on the lists of those who received before, by the links of the last run.
    ///
    /// A row whose person the register no longer lists is a dead person's where the civil registry's deaths have its NIK and
    /// name. A row is counted once, by the first of these that holds.
    ///
    /// - Throws: ``RegistryError/notReady(_:)`` where nothing has been linked yet.
    public func recipientLists() throws -> [RecipientList] {
        let knowledge = try Knowledge(of: self)
        return try database.read { connection in
            let batches = try DeliveredBatch.all(of: self, on: connection)
            let deaths = try deaths(batches, on: connection)
            var states: [Int64: String] = [:]
            try connection.forEach(
                "SELECT person, state FROM family_member WHERE regency = ? AND until IS NULL AND state <> 'resident'",
                [.text(regency)]
            ) { states[$0.int64(0)] = $0.text(1) }
            let latest = Dictionary(
                batches.filter { $0.source.recipientAmount != nil }.map { ($0.source.name, $0) }
            ) { $1 }
            return try latest.values.sorted { $0.source.name < $1.source.name }.map { batch in
                try list(batch, deaths, states, run: knowledge.run, on: connection)
            }
        }
    }

    /// The rows that say that somebody died, by NIK.
    private func deaths(
        _ batches: [DeliveredBatch], on connection: any Connection
    ) throws -> [KeyedHash: (place: RowPlace, name: NameForm)] {
        var deaths: [KeyedHash: (place: RowPlace, name: NameForm)] = [:]
        for batch in batches where batch.source.effect == .death {
            try RowStream(registry: self, batch: batch, connection: connection).forEach { rows in
                for row in rows {
                    guard let nik = row.nik else { continue }
                    deaths[nik] = (RowPlace(batch: batch.batch, line: row.line), row.name)
                }
            }
        }
        return deaths
    }

    private func list(
        _ batch: DeliveredBatch, _ deaths: [KeyedHash: (place: RowPlace, name: NameForm)], _ states: [Int64: String],
        run: Int64, on connection: any Connection
    ) throws -> RecipientList {
        var links: [Int64: (person: Int64?, family: Int64?, ground: String)] = [:]
        try connection.forEach(
            "SELECT line, person, family, ground FROM link WHERE regency = ? AND batch = ? AND until IS NULL",
            [.text(regency), .integer(batch.batch)]
        ) { links[$0.int64(0)] = ($0.optionalInt64(1), $0.optionalInt64(2), $0.text(3)) }
        var first: [Int64: RowPlace] = [:]
        var findings: [RecipientFinding] = []
        var (rows, amount) = (0, Int64(0))
        try RowStream(registry: self, batch: batch, connection: connection).forEach { opened in
            for row in opened {
                rows += 1
                amount += row.amount
                let place = RowPlace(batch: batch.batch, line: row.line)
                let link = links[row.line]
                func find(_ kind: RecipientFinding.Kind, _ other: RowPlace? = nil) {
                    findings.append(
                        RecipientFinding(
                            place: place, kind: kind, family: link?.family, other: other, amount: row.amount))
                }
                let death = row.nik.flatMap { deaths[$0] }.flatMap { $0.name.agrees(with: row.name) ? $0.place : nil }
                if let family = link?.family {
                    if let state = link?.person.flatMap({ states[$0] }) {
                        find(state == "deceased" ? .dead : .movedOut, death)
                    } else if let before = first[family] {
                        find(.doubled, before)
                    }
                    if first[family] == nil { first[family] = place }
                } else if death != nil {
                    find(.dead, death)
                } else {
                    find(link?.ground == Ground.toReview.rawValue ? .inReview : .notFound)
                }
            }
        }
        return RecipientList(
            source: batch.source, delivered: batch.delivered, rows: rows, amount: amount, findings: findings)
    }
}
