import Journal
import Storage

/// What a registry knew at a moment: the last link run that had finished by then.
public struct Knowledge: Sendable {
    /// A batch that the run has looked at.
    public struct Delivery: Sendable {
        /// Its number.
        public let batch: Int64
        /// The source, as the batch was read by it.
        public let source: SourceDefinition
        /// The day of the delivery.
        public let delivered: CalendarDate
        /// What of its rows is kept as evidence.
        public let layout: EvidenceLayout
    }

    /// The registry.
    public let registry: Registry
    /// The link run.
    public let run: Int64
    /// When it had finished.
    public let moment: Moment
    /// The day of the newest delivery it knew: the day for which ages are counted unless another one is asked for.
    public let day: CalendarDate
    /// The batches it knew, oldest first.
    public let deliveries: [Delivery]
    /// The place in ``deliveries`` of a batch.
    private let places: [Int64: Int]
    /// The highest family number.
    public let lastFamily: Int64

    /// What the registry knew at a moment, or knows now.
    ///
    /// - Parameters:
    ///   - moment: the last run that had finished by then counts; nil for the last of all.
    ///   - run: no later run counts.
    /// - Throws: ``RegistryError/notReady(_:)`` where nothing had been linked by then.
    public init(of registry: Registry, asOf moment: Moment? = nil, run last: Int64? = nil) throws {
        self.registry = registry
        let regency = SQLValue.text(registry.regency)
        let (found, batches, lastFamily) = try registry.database.read { connection in
            (
                try connection.first(
                    """
                    SELECT run, completed, day FROM link_run
                    WHERE regency = ? AND completed <= ? AND run <= ? ORDER BY run DESC LIMIT 1
                    """, [regency, .integer(moment?.microseconds ?? .max), .integer(last ?? .max)]
                ) { (run: $0.int64(0), completed: Moment(microseconds: $0.int64(1)), day: CalendarDate($0.text(2))) },
                try Self.batches(registry, on: connection),
                Int64(try connection.count("SELECT max(family) FROM family WHERE regency = ?", [regency]))
            )
        }
        guard let found, let day = found.day else {
            throw RegistryError.notReady(
                moment.map { "nothing was known at \($0): the first link run finished later" }
                    ?? "no rows have been linked yet: run tepat link first")
        }
        run = found.run
        self.moment = found.completed
        self.day = day
        deliveries = batches.filter { $0.completed <= found.completed }.map(\.delivery)
        places = Dictionary(uniqueKeysWithValues: deliveries.enumerated().map { ($1.batch, $0) })
        self.lastFamily = lastFamily
    }

    private static func batches(
        _ registry: Registry, on connection: any Connection
    ) throws -> [(delivery: Delivery, completed: Moment)] {
        let completed = Dictionary(
            uniqueKeysWithValues: try connection.query(
                "SELECT batch, completed FROM batch WHERE regency = ? AND completed IS NOT NULL",
                [.text(registry.regency)]
            ) { ($0.int64(0), Moment(microseconds: $0.int64(1))) })
        return try DeliveredBatch.all(of: registry, on: connection).compactMap { batch in
            completed[batch.batch].map {
                (
                    Delivery(
                        batch: batch.batch, source: batch.source, delivered: batch.delivered, layout: batch.layout), $0
                )
            }
        }
    }

    /// The number of the last link run, or 0 where there was none: tells whether something else is known by now.
    public static func latestRun(of registry: Registry) throws -> Int64 {
        try registry.database.read { connection in
            Int64(
                try connection.count("SELECT max(run) FROM link_run WHERE regency = ?", [.text(registry.regency)]))
        }
    }

    /// A family as it would be known if a row were evidence about it, or about one of its persons; nil where the run does not
    /// know the row's batch or the row is evidence of nothing.
    public func family(_ family: KnownFamily, adding place: RowPlace, of person: Int64) throws -> KnownFamily? {
        guard let index = places[place.batch], !deliveries[index].layout.isEmpty else { return nil }
        let delivery = deliveries[index]
        return try registry.database.read { connection in
            let batch = DeliveredBatch(
                batch: delivery.batch, delivered: delivery.delivered, source: delivery.source,
                layout: delivery.layout, rows: 0)
            let stored = try StoredRows(
                batch: place.batch, lines: place.line...place.line, limit: 1, regency: registry.regency, on: connection)
            guard let row = try stored.flatMap({ try RowOpener(vault: registry.vault, batch: batch).open($0) })?.first
            else { return nil }
            return family.adding(
                row: row.evidence, person: delivery.source.subject == .person ? person : 0, delivery: index,
                line: place.line, day: CalendarDate(day: Int(row.day)))
        }
    }

    /// The place of a batch in ``deliveries``; nil where the run does not know it.
    public func delivery(of batch: Int64) -> Int? { places[batch] }

    /// The newest delivery of a source, or nil where it has not delivered.
    public func latestDelivery(of source: String) -> Delivery? {
        deliveries.last { $0.source.name == source }
    }

    /// The families of a range of numbers, in their order, with members and evidence.
    public func families(_ range: Range<Int64>) throws -> [KnownFamily] {
        try registry.database.read { connection in try families(range, on: connection) }
    }

    func families(_ range: Range<Int64>, on connection: any Connection) throws -> [KnownFamily] {
        let arguments: [SQLValue] = [
            .text(registry.regency), .integer(range.lowerBound), .integer(range.upperBound), .integer(run),
            .integer(run),
        ]
        let holds = "regency = ? AND family >= ? AND family < ? AND since <= ? AND (until IS NULL OR until > ?)"
        var families: [KnownFamily] = []
        try connection.forEach(
            "SELECT family, village FROM family_residence WHERE \(holds) ORDER BY family", arguments
        ) { cursor in
            guard let village = RegionCode(cursor.text(1)) else { return }
            families.append(KnownFamily(family: cursor.int64(0), village: village))
        }
        var index = 0
        func seek(_ family: Int64) -> Bool {
            while index < families.count, families[index].family < family { index += 1 }
            return index < families.count && families[index].family == family
        }
        try connection.forEach(
            "SELECT family, person, state, batch, line FROM family_member WHERE \(holds) ORDER BY family, person",
            arguments
        ) { cursor in
            guard seek(cursor.int64(0)), let state = KnownFamily.State(rawValue: cursor.text(2)) else { return }
            families[index].members.append(
                .init(person: cursor.int64(1), state: state, batch: cursor.int64(3), line: cursor.int64(4)))
        }
        index = 0
        try connection.forEach(
            """
            SELECT family, person, batch, line, dated, content FROM evidence WHERE \(holds)
            ORDER BY family, person, batch, line
            """, arguments
        ) { cursor in
            guard seek(cursor.int64(0)), let delivery = places[cursor.int64(2)] else { return }
            let start = families[index].content.count
            cursor.withBytes(5) { families[index].content.append(contentsOf: $0) }
            families[index].rows.append(
                .init(
                    person: cursor.int64(1), delivery: delivery, line: cursor.int64(3),
                    day: CalendarDate(day: Int(cursor.int64(4))), content: start..<families[index].content.count))
        }
        return families
    }
}

/// A family as it was known: where it lives, its members, and the rows that are evidence about them.
public struct KnownFamily: Sendable {
    /// Whether a member counts.
    public enum State: String, Sendable {
        /// Lives here.
        case resident
        /// Has died.
        case deceased
        /// Has moved out of the regency.
        case movedOut = "moved_out"
    }

    /// A person on the family's card.
    public struct Member: Sendable {
        /// The person's number in the registry.
        public let person: Int64
        /// Whether the person counts.
        public let state: State
        /// The population register's row: its batch.
        public let batch: Int64
        /// The population register's row: its line.
        public let line: Int64
    }

    /// A source row that is evidence.
    public struct Row: Sendable {
        /// The person it speaks of; 0 where it speaks of the family.
        public let person: Int64
        /// The place of its batch in ``Knowledge/deliveries``.
        public let delivery: Int
        /// Its line in the batch.
        public let line: Int64
        /// The day it speaks of.
        public let day: CalendarDate
        /// Where its fields lie in ``KnownFamily/content``.
        let content: Range<Int>
    }

    /// The family's number in the registry.
    public let family: Int64
    /// Where it lives.
    public let village: RegionCode
    /// Everyone on its card, in the order of their numbers.
    public internal(set) var members: [Member] = []
    /// The rows, the family's own first, then by person, batch and line.
    public internal(set) var rows: [Row] = []
    var content: [UInt8] = []

    init(family: Int64, village: RegionCode) {
        self.family = family
        self.village = village
    }

    /// The family as it would be known if a row were evidence about it.
    ///
    /// - Parameter person: the person that it speaks of; 0 where it speaks of the family.
    func adding(row content: [UInt8], person: Int64, delivery: Int, line: Int64, day: CalendarDate) -> KnownFamily {
        var family = self
        let start = family.content.count
        family.content += content
        family.rows.append(
            Row(
                person: person, delivery: delivery, line: line, day: day, content: start..<family.content.count))
        family.rows.sort { ($0.person, $0.delivery, $0.line) < ($1.person, $1.delivery, $1.line) }
        return family
    }

    /// The family as it would be known without a row.
    ///
    /// - Parameter delivery: the place of the row's batch in ``Knowledge/deliveries``.
    public func removing(delivery: Int, line: Int64) -> KnownFamily {
        var family = self
        family.rows.removeAll { $0.delivery == delivery && $0.line == line }
        return family
    }

    /// The family as it would be known if another family's people and rows were its own too.
    public func joined(by other: KnownFamily) -> KnownFamily {
        var family = self
        family.members = (members + other.members).sorted { $0.person < $1.person }
        let start = family.content.count
        family.content += other.content
        family.rows += other.rows.map {
            Row(
                person: $0.person, delivery: $0.delivery, line: $0.line, day: $0.day,
                content: $0.content.lowerBound + start..<$0.content.upperBound + start)
        }
        family.rows.sort { ($0.person, $0.delivery, $0.line) < ($1.person, $1.delivery, $1.line) }
        return family
    }

    /// The family as it would be known without one of its members, and without what is known of that person.
    public func removing(member person: Int64) -> KnownFamily {
        var family = self
        family.members.removeAll { $0.person == person }
        family.rows.removeAll { $0.person == person }
        return family
    }

    /// Gives `body` a row's fields that are kept: their bytes, and where each lies in them; nil for an empty one.
    ///
    /// - Parameter ranges: memory that is used again for each row.
    public func withFields<Result>(
        of row: Row, using ranges: inout [Range<Int>?],
        _ body: (UnsafeRawBufferPointer, [Range<Int>?]) throws -> Result
    ) rethrows -> Result {
        try content.withUnsafeBytes { bytes in
            let own = UnsafeRawBufferPointer(rebasing: bytes[row.content])
            RowContent.fields(of: own, into: &ranges)
            return try body(own, ranges)
        }
    }
}
