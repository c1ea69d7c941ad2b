import Crypto
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
        default: return nil
        }
    }

    private func batchFault(_ batch: Int64, _ digest: [UInt8]?, on connection: any Connection) throws -> String? {
        var sum = KeyedHash(high: 0, low: 0)
        for table in ["source_row", "quarantine"] {
            var fault: String?
            var after: Int64 = -1
            let vault = vault
            struct Piece: Sendable { var rows: [(line: Int64, digest: KeyedHash?, box: [UInt8])] = [] }
            try Pipeline.run(
                next: { () throws -> Piece? in
                    var piece = Piece()
                    try connection.forEach(
                        """
                        SELECT line, digest, sealed FROM \(table)
                        WHERE regency = ? AND batch = ? AND line > ? ORDER BY line LIMIT 4096
                        """, [.text(regency), .integer(batch), .integer(after)]
                    ) { cursor in
                        after = cursor.int64(0)
                        piece.rows.append((after, KeyedHash(cursor.bytes(1)), cursor.bytes(2)))
                    }
                    return piece.rows.isEmpty ? nil : piece
                },
                transform: { piece -> (KeyedHash, Int64?) in
                    var sum = KeyedHash(high: 0, low: 0)
                    for row in piece.rows {
                        guard let digest = row.digest,
                            (try? vault.open(hash: digest, box: row.box, as: .row)) != nil
                        else { return (sum, row.line) }
                        sum = sum.adding(digest)
                    }
                    return (sum, nil)
                },
                consume: { part, line in
                    sum = sum.adding(part)
                    if let line, fault == nil { fault = "batch \(batch), line \(line): the row was changed" }
                })
            if let fault { return fault }
        }
        return sum.bytes == digest ? nil : "batch \(batch): a row was removed, added or changed"
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
