import Crypto
import Foundation
import Journal
import Storage

extension Registry {
    /// What is wrong with the rows that a journal entry speaks of, or nil where they are what was written.
    ///
    /// For a batch every row is opened, so that one whose content was changed or exchanged is found; for a link run the
    /// links that held then are digested again.
    public func fault(in entry: JournalEntry, on connection: any Connection) throws -> String? {
        guard entry.draft.regency == regency, let number = entry.subjectNumber else { return nil }
        switch entry.draft.action {
        case "batch.received": return try batchFault(number, entry.draft.digest, on: connection)
        case "rows.linked":
            let found = try LinkDigest.of(run: number, regency: regency, on: connection)
            return found == entry.draft.digest ? nil : "the links of run \(number) are not those that were written"
        case "arrivals.linked":
            let found = try LinkDigest.of(changesIn: number, regency: regency, on: connection)
            return found == entry.draft.digest ? nil : "what run \(number) linked is not what was written"
        default: return nil
        }
    }

    private func batchFault(_ batch: Int64, _ digest: [UInt8]?, on connection: any Connection) throws -> String? {
        let description = try connection.first(
            """
            SELECT s.digest, s.content FROM batch b
            JOIN source_description s ON s.regency = b.regency AND s.digest = b.description
            WHERE b.regency = ? AND b.batch = ?
            """, [.text(regency), .integer(batch)]
        ) { ($0.bytes(0), $0.text(1)) }
        guard let description, let source = try? SourceDefinition.parse(description.1, file: "batch \(batch)"),
            source.digest == description.0
        else { return "batch \(batch): the description it was read by was removed or changed" }
        let rows = AuditedRows(batch: batch, source: source, registry: self)
        let (sum, line) = try rows.sum(on: connection)
        let (aside, lineAside) = try rows.sumOfQuarantine(on: connection)
        if let line = line ?? lineAside { return "batch \(batch), line \(line): the row was changed" }
        return sum.adding(aside).bytes == digest ? nil : "batch \(batch): a row was removed, added, changed or moved"
    }
}

/// A batch's rows, opened again to see whether each is what was written.
private struct AuditedRows {
    /// The sum of rows' hashes, and the first line that was changed.
    typealias Sum = (KeyedHash, line: Int64?)

    let batch: Int64
    let source: SourceDefinition
    let registry: Registry

    func sum(on connection: any Connection) throws -> Sum {
        var sum = KeyedHash(high: 0, low: 0)
        var fault: Int64?
        var after: Int64 = -1
        let (source, vault, madeUp) = (source, registry.vault, registry.pack.acceptsMadeUp)
        try Pipeline.run(
            next: { () throws -> StoredRows? in
                let stored = try StoredRows(
                    batch: batch, lines: after + 1 ... .max, limit: RowStream.piece,
                    regency: registry.pack.regency.text,
                    on: connection)
                after = stored?.rows.last?.line ?? after
                return stored
            },
            transform: { stored -> Sum in
                var sum = KeyedHash(high: 0, low: 0)
                var fault: Int64?
                var maker = RowKeyMaker(source: source, vault: vault, madeUp: madeUp)
                try stored.forEach(vault) { row, content in
                    if let content, let digest = row.digest, vault.hash(content, as: .row) == digest,
                        maker.keys(of: content) == row.keys
                    {
                        sum = sum.adding(digest, line: row.line)
                    } else {
                        fault = fault ?? row.line
                    }
                }
                return (sum, fault)
            },
            consume: { part, line in
                sum = sum.adding(part)
                fault = fault ?? line
            })
        return (sum, fault)
    }

    func sumOfQuarantine(on connection: any Connection) throws -> Sum {
        var sum = KeyedHash(high: 0, low: 0)
        var fault: Int64?
        try connection.forEach(
            "SELECT line, digest, sealed FROM quarantine WHERE regency = ? AND batch = ? ORDER BY line",
            [.text(registry.pack.regency.text), .integer(batch)]
        ) { cursor in
            if let digest = KeyedHash(cursor.bytes(1)),
                (try? registry.vault.open(hash: digest, box: cursor.bytes(2), as: .row)) != nil
            {
                sum = sum.adding(digest, line: cursor.int64(0))
            } else {
                fault = fault ?? cursor.int64(0)
            }
        }
        return (sum, fault)
    }
}

extension JournalEntry {
    /// The number in the subject: 12 in `batch:12`.
    public var subjectNumber: Int64? { draft.subject.split(separator: ":").last.flatMap { Int64($0) } }
}

/// SHA-256 over the links that hold in a run, in the order of batches and lines.
struct LinkDigest {
    private var hasher = SHA256()

    /// Adds a row's link; 0 stands for no family and no person.
    mutating func add(batch: Int64, line: Int64, family: Int64, person: Int64, ground: String) {
        let numbers = (batch.littleEndian, line.littleEndian, family.littleEndian, person.littleEndian)
        withUnsafeBytes(of: numbers) { hasher.update(bufferPointer: $0) }
        var ground = ground
        ground.withUTF8 { hasher.update(bufferPointer: UnsafeRawBufferPointer($0)) }
    }

    /// The digest of what a run changed, as it stands in the table now: the links that ended with it and those that began, in
    /// the order of batches and lines.
    ///
    /// - Parameter batches: the only ones in which it changed anything, where that is known: others are not looked through.
    static func of(
        changesIn run: Int64, among batches: Set<Int64>? = nil, regency: String, on connection: any Connection
    ) throws -> [UInt8] {
        var digest = LinkDigest()
        let only = batches.map { "AND batch IN (\($0.sorted().map(String.init).joined(separator: ", ")))" } ?? ""
        try connection.forEach(
            """
            SELECT batch, line, family, person, ground, since FROM link
            WHERE regency = ? AND (since = ? OR until = ?) \(only) ORDER BY batch, line, since
            """, [.text(regency), .integer(run), .integer(run)]
        ) { cursor in
            digest.add(
                batch: cursor.int64(0), line: cursor.int64(1), family: cursor.int64(2), person: cursor.int64(3),
                ground: (cursor.int64(5) == run ? "+" : "-") + cursor.text(4))
        }
        return digest.finish()
    }

    func finish() -> [UInt8] { Array(hasher.finalize()) }

    /// The digest of the links that held in a run, as they stand in the table now.
    static func of(run: Int64, regency: String, on connection: any Connection) throws -> [UInt8] {
        var digest = LinkDigest()
        try connection.forEach(
            """
            SELECT batch, line, family, person, ground FROM link
            WHERE regency = ? AND since <= ? AND (until IS NULL OR until > ?) ORDER BY batch, line
            """, [.text(regency), .integer(run), .integer(run)]
        ) { cursor in
            digest.add(
                batch: cursor.int64(0), line: cursor.int64(1), family: cursor.int64(2), person: cursor.int64(3),
                ground: cursor.text(4))
        }
        return digest.finish()
    }
}
