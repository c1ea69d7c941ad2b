import Journal
import Storage

/// Writes what was decided of rows that have arrived, as a run of its own.
struct ArrivalWriter {
    private let registry: Registry
    private let linker: ArrivalLinker
    private let connection: any Connection
    private let last: Last

    /// The run before, whose counts go on.
    private struct Last {
        let run: Int64
        let day: String
        let persons: Int64
        let families: Int64
        let linked: Int64
        let unlinked: Int64
        let sharedNIKs: Int64
        /// Null of runs that did not keep it.
        let inReview: Int64?
    }

    init(registry: Registry, linker: ArrivalLinker, connection: any Connection) throws {
        self.registry = registry
        self.linker = linker
        self.connection = connection
        let found = try connection.first(
            """
            SELECT run, day, persons, families, linked, unlinked, shared_niks, in_review FROM link_run
            WHERE regency = ? ORDER BY run DESC LIMIT 1
            """, [.text(registry.regency)]
        ) {
            Last(
                run: $0.int64(0), day: $0.text(1), persons: $0.int64(2), families: $0.int64(3), linked: $0.int64(4),
                unlinked: $0.int64(5), sharedNIKs: $0.int64(6), inReview: $0.optionalInt64(7))
        }
        guard let found else { throw RegistryError.notReady("no rows have been linked yet: run tepat link first") }
        last = found
    }

    private var regency: SQLValue { .text(registry.regency) }
    private var run: Int64 { last.run + 1 }

    func write(begun: Moment) throws -> ArrivalSummary {
        let rows = linker.rows
        let writer = DecidedRowsWriter(
            registry: registry, run: run, rows: rows, familyOf: linker.familyOf, connection: connection)
        let (gone, touched) = try endReplaced(writer)
        _ = try writer.write { _ in }
        try writeDeaths()
        let numbers = rows.batches.map(\.batch.batch)
        let ended = gone.values.reduce(0, +)
        let summary = ArrivalSummary(
            run: run, batches: numbers, ended: ended, grounds: rows.grounds, notWeighed: linker.notWeighed)
        let endedLinks = gone.reduce(0) { $0 + ($1.key.isLinked ? $1.value : 0) }
        let day = max(last.day, rows.batches.map(\.batch.delivered.description).max() ?? last.day)
        let digest = try LinkDigest.of(
            changesIn: run, among: touched.union(numbers), regency: registry.regency, on: connection)
        let now = registry.clock.now
        try connection.execute(
            """
            INSERT INTO link_run (regency, run, begun, completed, day, persons, families, linked, unlinked, shared_niks,
            digest, in_review) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                regency, .integer(run), .integer(begun.microseconds), .integer(now.microseconds), .text(day),
                .integer(last.persons), .integer(last.families),
                .integer(last.linked + Int64(summary.linked - endedLinks)),
                .integer(last.unlinked + Int64(summary.unlinked - (ended - endedLinks))), .integer(last.sharedNIKs),
                .blob(digest),
                last.inReview.map {
                    .integer($0 + Int64((rows.grounds[.toReview] ?? 0) - (gone[.toReview] ?? 0)))
                } ?? .null,
            ])
        try Journal.append(
            JournalDraft(
                actor: registry.actor, action: "arrivals.linked", subject: "link-run:\(run)", regency: registry.regency,
                reason: "batches \(numbers.map(String.init).joined(separator: ", ")): \(summary.linked) rows linked, "
                    + "\(summary.unlinked) waiting, \(ended) earlier ones ended",
                digest: digest),
            at: now, on: connection)
        return summary
    }

    /// Ends the links of rows that the new deliveries replace or withdraw, and tells how many there were by reason, and in which
    /// batches.
    private func endReplaced(_ writer: DecidedRowsWriter) throws -> (gone: [Ground: Int], touched: Set<Int64>) {
        var gone: [Ground: Int] = [:]
        var touched: Set<Int64> = []
        let all = try DeliveredBatch.all(of: registry, on: connection)
        for (batch, _) in linker.rows.batches {
            for earlier in all where earlier.source.name == batch.source.name {
                let lines = try batch.ended(in: earlier, of: registry, on: connection)
                if !lines.isEmpty { touched.insert(earlier.batch) }
                for (ground, count) in try writer.end(lines, of: earlier) { gone[ground, default: 0] += count }
            }
        }
        return (gone, touched)
    }

    private func writeDeaths() throws {
        for person in linker.dead.sorted() {
            let own: [SQLValue] = [regency, .integer(Int64(person))]
            try connection.execute(
                """
                INSERT INTO family_member (regency, family, person, since, until, state, batch, line)
                SELECT regency, family, person, \(run), NULL, 'deceased', batch, line FROM family_member
                WHERE regency = ? AND person = ? AND since >= 0 AND until IS NULL AND state <> 'deceased'
                """, own)
            try connection.execute(
                """
                UPDATE family_member SET until = \(run)
                WHERE regency = ? AND person = ? AND since >= 0 AND until IS NULL AND state <> 'deceased'
                """, own)
        }
    }
}
