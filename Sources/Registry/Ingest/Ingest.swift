import Foundation
import Journal
import Storage

/// How far a long command has come.
public struct WorkProgress: Sendable {
    /// What is done, in the unit of ``total``.
    public let done: Int
    /// What there is to do; 0 where nobody knows.
    public let total: Int

    /// How far something has come.
    public init(done: Int, total: Int) {
        self.done = done
        self.total = total
    }
}

extension Registry {
    /// Takes one delivery of a source, which may come in several files: every row is kept, set aside with its reason, or
    /// known already. Each file is a batch.
    ///
    /// The files are inspected whole before anything is written. Rows are committed in pieces with the place that was
    /// reached, so a run that dies goes on where it stood when the same files are given again; a file that was taken
    /// before, by the same description of the source, changes nothing.
    ///
    /// What a full delivery no longer lists is withdrawn with its last file. One that would withdraw a larger part of the
    /// rows in force than the source's description allows is not finished: it may be a part of what the agency meant.
    /// - Parameters:
    ///   - delivered: the day of the delivery; today in the region where nil.
    ///   - acceptsWithdrawals: finish the delivery however much it withdraws.
    ///   - progress: is told of the bytes read, and the file they are of.
    /// - Throws: ``RegistryError/refused(file:line:reason:)`` where a file is not the source's,
    ///   ``RegistryError/partialDelivery(file:missing:of:)`` where the delivery withdraws too much.
    public func ingest(
        _ source: SourceDefinition, files: [String], delivered: CalendarDate? = nil, acceptsWithdrawals: Bool = false,
        progress: (WorkProgress, String) -> Void = { _, _ in }
    ) throws -> [Batch] {
        try ingest(
            source, files: files, delivered: delivered, acceptsWithdrawals: acceptsWithdrawals, pieces: IngestPieces(),
            progress: progress)
    }

    /// Takes a delivery that is one file.
    public func ingest(
        _ source: SourceDefinition, file: String, delivered: CalendarDate? = nil,
        progress: (WorkProgress) -> Void = { _ in }
    ) throws -> Batch {
        try ingest(source, file: file, delivered: delivered, pieces: IngestPieces(), progress: progress)
    }

    func ingest(
        _ source: SourceDefinition, file: String, delivered: CalendarDate?, pieces: IngestPieces,
        progress: (WorkProgress) throws -> Void
    ) throws -> Batch {
        let batches = try ingest(source, files: [file], delivered: delivered, pieces: pieces) { done, _ in
            try progress(done)
        }
        guard let batch = batches.first else { throw RegistryError.notReady("no file was given") }
        return batch
    }

    private func ingest(
        _ source: SourceDefinition, files: [String], delivered: CalendarDate?, acceptsWithdrawals: Bool = false,
        pieces: IngestPieces, progress: (WorkProgress, String) throws -> Void
    ) throws -> [Batch] {
        var inspected: [(String, FileInspection)] = []
        for file in files { inspected.append((file, try FileInspection(path: file, source: source))) }
        return try database.withLock("registry") {
            let day = delivered ?? clock.now.date(hoursEast: pack.hoursEast)
            var runs = try inspected.map { file, inspection in
                try IngestRun(self, source, file, inspection, pieces, delivered: day)
            }
            let unfinished = runs.filter { !$0.batch.wasThere }.map(\.batch.batch)
            guard let last = unfinished.last else { return runs.map(\.batch) }
            var (index, regions) = try database.read { connection in
                (
                    try RowIndex(
                        source: source, batches: Set(runs.map(\.batch.batch)), unfinished: Set(unfinished),
                        regency: regency, on: connection),
                    source.hasRegions ? try RegionDirectory.set(on: connection) : RegionSet(numbers: [])
                )
            }
            let limit = acceptsWithdrawals ? nil : source.missingAtMost
            // Files that were taken before only say which rows are still listed; the last new one closes the delivery.
            var taken: Set<Int64> = []
            for position in runs.indices.sorted(by: { runs[$0].batch.wasThere && !runs[$1].batch.wasThere }) {
                guard taken.insert(runs[position].batch.batch).inserted else { continue }
                var run = runs[position]
                let file = run.file
                try run.perform(&index, regions, closes: run.batch.batch == last, limit: limit) { done in
                    try progress(done, file)
                }
                runs[position] = run
            }
            return runs.map(\.batch)
        }
    }

    /// The rows of a batch that were set aside: line, field, the field's value and what is wrong with it. They may be
    /// anyone's, so the journal notes that they were read.
    ///
    /// - Throws: ``RegistryError/unknown(_:)`` where there is no such batch.
    public func quarantine(
        batch: Int64, limit: Int = 1000
    ) throws -> [(line: Int, field: String, value: String, reason: String)] {
        let rows = try quarantined(batch: batch, limit: limit)
        try database.write { connection in
            _ = try Journal.append(
                JournalDraft(
                    actor: actor, action: "quarantine.read", subject: "batch:\(batch)", regency: regency,
                    reason: "\(rows.count) rows"),
                at: clock.now, on: connection)
        }
        return rows
    }

    private func quarantined(
        batch: Int64, limit: Int
    ) throws -> [(line: Int, field: String, value: String, reason: String)] {
        try database.read { connection in
            let isThere = try connection.count(
                "SELECT count(*) FROM batch WHERE regency = ? AND batch = ?", [.text(regency), .integer(batch)])
            guard isThere > 0 else { throw RegistryError.unknown("there is no batch \(batch) in this registry") }
            return try connection.query(
                """
                SELECT line, field, reason, digest, sealed FROM quarantine
                WHERE regency = ? AND batch = ? ORDER BY line LIMIT ?
                """, [.text(regency), .integer(batch), SQLValue(limit)]
            ) { cursor in
                guard let digest = KeyedHash(cursor.bytes(3)) else {
                    throw RegistryError.key("a row in quarantine is damaged (batch \(batch), line \(cursor.int64(0)))")
                }
                let content = RowContent.texts(of: try vault.open(hash: digest, box: cursor.bytes(4), as: .row))
                return (Int(cursor.int64(0)), cursor.text(1), (content.first ?? nil) ?? "", cursor.text(2))
            }
        }
    }
}

/// How much of a file is taken at once.
struct IngestPieces {
    /// How many bytes are taken apart as one piece of work, about: little enough that a small file too is work for all
    /// cores.
    var bytes = 1 << 17
    /// How many pieces of work are gathered while those before them are written.
    var group = 8
    /// How many rows go into one transaction, about.
    var rows = 8_000
}

/// One run of ``Registry/ingest(_:file:delivered:progress:)``.
private struct IngestRun {
    let registry: Registry
    let source: SourceDefinition
    let file: String
    let inspection: FileInspection
    let pieces: IngestPieces
    var batch: Batch
    var index: RowIndex?
    /// Rows before this line were committed by a run that died.
    let resumeAt: Int

    init(
        _ registry: Registry, _ source: SourceDefinition, _ file: String, _ inspection: FileInspection,
        _ pieces: IngestPieces, delivered: CalendarDate
    ) throws {
        self.registry = registry
        self.source = source
        self.file = file
        self.inspection = inspection
        self.pieces = pieces
        let found = try registry.database.read { connection in
            try Self.find(registry, source, inspection, on: connection)
        }
        if let (batch, completed) = found {
            self.batch = batch
            if completed {
                self.batch.wasThere = true
                self.batch.accepted = 0
                self.batch.quarantined = 0
                self.batch.duplicates = batch.rows
            }
        } else {
            batch = try registry.database.write { connection in
                try Self.begin(registry, source, file, inspection, delivered: delivered, on: connection)
            }
        }
        resumeAt = batch.nextLine
    }

    mutating func perform(
        _ index: inout RowIndex, _ regions: RegionSet, closes: Bool, limit: Int64?,
        _ progress: (WorkProgress) throws -> Void
    ) throws {
        self.index = index
        let pieces = pieces
        let preparer = RowPreparer(
            source: source, vault: registry.vault, inspection: inspection,
            madeUp: registry.pack.acceptsMadeUp, regions: regions)
        var reader = try RecordReader(path: file)
        let size = reader.size
        var header: Int?
        var pending: [PreparedRows] = []
        var count = 0
        try Pipeline.run(
            group: pieces.group,
            next: { () throws -> (RecordReader.Chunk, Int?)? in
                guard let chunk = try reader.next(bytes: pieces.bytes) else { return nil }
                if header == nil {
                    header = chunk.records.first?.line
                    return (chunk, header)
                }
                return (chunk, nil)
            },
            transform: { try preparer.prepare($0.0, header: $0.1) },
            consume: { prepared in
                pending.append(prepared)
                count += prepared.records
                if count >= pieces.rows {
                    try write(pending)
                    pending.removeAll()
                    count = 0
                }
                try progress(WorkProgress(done: prepared.position, total: size))
            })
        try write(pending)
        if !batch.wasThere { try complete(closes: closes, limit: limit) }
        if let filled = self.index.take() { index = filled }
    }

    /// Commits some chunks' rows together with the place reached.
    private mutating func write(_ chunks: [PreparedRows]) throws {
        var batch = batch
        guard var index = index.take() else { return }
        defer { self.index = index }
        if batch.wasThere {
            for chunk in chunks {
                for row in chunk.rows { _ = index.see(row.digest) }
            }
            return
        }
        var kept = KeptRows(batch: batch.batch)
        var ended: [(batch: Int64, line: Int64)] = []
        for chunk in chunks {
            for row in chunk.rows {
                let known = index.see(row.digest)
                guard row.line >= resumeAt else { continue }
                batch.rows += 1
                if known {
                    batch.duplicates += 1
                    continue
                }
                ended += index.supersede(key: row.keys.key, in: batch.batch)
                index.add(row.digest, batch: batch.batch, line: Int64(row.line), key: row.keys.key)
                batch.accepted += 1
                batch.add(row.digest, line: row.line)
                try kept.append(row, of: chunk, registry.vault)
            }
            // Chunks are the same when a run is taken up again, so blocks are.
            try kept.endBlock(registry.vault)
        }
        try registry.database.write { connection in
            try kept.write(regency: registry.regency, on: connection)
            for chunk in chunks {
                for row in chunk.flawed where row.line >= resumeAt {
                    batch.rows += 1
                    batch.quarantined += 1
                    batch.add(row.sealed.hash, line: row.line)
                    try quarantine(row, batch.batch, on: connection)
                }
                batch.nextLine = max(batch.nextLine, chunk.nextLine)
            }
            try end(ended, by: batch.batch, on: connection)
            try save(batch, completed: nil, on: connection)
        }
        self.batch = batch
    }

    private func quarantine(_ row: PreparedRows.Flawed, _ batch: Int64, on connection: any Connection) throws {
        try connection.execute(
            """
            INSERT INTO quarantine (regency, batch, line, field, reason, digest, sealed) VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(registry.regency), .integer(batch), SQLValue(row.line), .text(row.field), .text(row.reason),
                .blob(row.sealed.hash.bytes), .blob(row.sealed.box),
            ])
    }

    private func end(
        _ rows: [(batch: Int64, line: Int64)], by batch: Int64, on connection: any Connection
    ) throws {
        guard !rows.isEmpty else { return }
        try connection.bulkInsert(into: "source_row_end", columns: ["regency", "batch", "line", "ended_by"]) { writer in
            for row in rows {
                writer.append(registry.regency)
                writer.append(row.batch)
                writer.append(row.line)
                writer.append(batch)
                try writer.endRow()
            }
        }
    }

    /// Closes the batch, with its entry in the journal; with the delivery's last one, what a full delivery no longer lists
    /// is withdrawn.
    private mutating func complete(closes: Bool, limit: Int64?) throws {
        let withdrawn = closes ? index?.withdrawn ?? [] : []
        batch.withdrawn = withdrawn.count
        if closes, let limit, let missing = index?.missing, missing.rows > SourceDefinition.missingAlways,
            missing.rows > missing.of * Int(limit) / 100
        {
            throw RegistryError.partialDelivery(file: file, missing: missing.rows, of: missing.of)
        }
        try registry.database.write { connection in
            try end(withdrawn, by: batch.batch, on: connection)
            let now = registry.clock.now
            try save(batch, completed: now, on: connection)
            try Journal.append(
                JournalDraft(
                    actor: registry.actor, action: "batch.received", subject: "batch:\(batch.batch)",
                    regency: registry.regency,
                    reason:
                        "\(source.name): \(batch.rows) rows, \(batch.accepted) kept, \(batch.quarantined) set aside, "
                        + "\(batch.duplicates) known already, \(withdrawn.count) withdrawn",
                    digest: batch.journalDigest),
                at: now, on: connection)
        }
    }

    private func save(_ batch: Batch, completed: Moment?, on connection: any Connection) throws {
        try connection.execute(
            """
            UPDATE batch SET next_line = ?, rows = ?, accepted = ?, quarantined = ?, duplicates = ?, digest = ?,
            completed = ? WHERE regency = ? AND batch = ?
            """,
            [
                SQLValue(batch.nextLine), SQLValue(batch.rows), SQLValue(batch.accepted), SQLValue(batch.quarantined),
                SQLValue(batch.duplicates), .blob(batch.digest.bytes), SQLValue(completed?.microseconds),
                .text(registry.regency), .integer(batch.batch),
            ])
    }

    private static func find(
        _ registry: Registry, _ source: SourceDefinition, _ inspection: FileInspection, on connection: any Connection
    ) throws -> (Batch, completed: Bool)? {
        try connection.first(
            """
            SELECT batch, delivered, rows, accepted, quarantined, duplicates, next_line, completed, digest FROM batch
            WHERE regency = ? AND source = ? AND file_digest = ? AND description = ?
            """,
            [.text(registry.regency), .text(source.name), .blob(inspection.digest), .blob(source.digest)]
        ) { cursor in
            var batch = Batch(
                batch: cursor.int64(0), source: source.name,
                delivered: CalendarDate(cursor.text(1)) ?? CalendarDate(day: 0))
            batch.rows = Int(cursor.int64(2))
            batch.accepted = Int(cursor.int64(3))
            batch.quarantined = Int(cursor.int64(4))
            batch.duplicates = Int(cursor.int64(5))
            batch.nextLine = Int(cursor.int64(6))
            batch.digest = KeyedHash(cursor.bytes(8)) ?? batch.digest
            return (batch, !cursor.isNull(7))
        }
    }

    private static func begin(
        _ registry: Registry, _ source: SourceDefinition, _ file: String, _ inspection: FileInspection,
        delivered: CalendarDate, on connection: any Connection
    ) throws -> Batch {
        let regency = SQLValue.text(registry.regency)
        try connection.execute(
            """
            INSERT INTO source_description (regency, digest, source, content) VALUES (?, ?, ?, ?)
            ON CONFLICT (regency, digest) DO NOTHING
            """, [regency, .blob(source.digest), .text(source.name), .text(source.text)])
        let number = try connection.count("SELECT max(batch) FROM batch WHERE regency = ?", [regency]) + 1
        let batch = Batch(batch: Int64(number), source: source.name, delivered: delivered)
        try connection.execute(
            """
            INSERT INTO batch (regency, batch, source, description, file_name, file_digest, delivered, begun, completed,
            next_line, rows, accepted, quarantined, duplicates, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, 0, 0, 0, 0, 0, ?)
            """,
            [
                regency, .integer(batch.batch), .text(source.name), .blob(source.digest),
                .text(URL(fileURLWithPath: file).lastPathComponent), .blob(inspection.digest),
                .text(delivered.description), .integer(registry.clock.now.microseconds), .blob(batch.digest.bytes),
            ])
        return batch
    }
}

extension BulkWriter {
    /// Appends a keyed hash as its 16 bytes.
    func append(_ hash: KeyedHash?) {
        guard let hash else { return appendNull() }
        let halves = (hash.high.bigEndian, hash.low.bigEndian)
        withUnsafeBytes(of: halves) { append(blob: $0) }
    }
}
