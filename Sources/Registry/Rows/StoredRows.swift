import Storage

/// Some rows of a batch as they lie in the database, with the sealed blocks that hold their contents.
struct StoredRows: Sendable {
    /// A row as it is found: what it says lies in a block.
    struct Row: Sendable {
        /// The line it begins in.
        let line: Int64
        /// The keyed hash of its content; nil where that column is damaged.
        let digest: KeyedHash?
        /// What it is found by.
        let keys: RowKeys
    }

    private struct Block: Sendable {
        let first: Int64
        let hash: KeyedHash?
        let box: [UInt8]
    }

    /// The rows, by their lines.
    private(set) var rows: [Row]
    /// The blocks in which they lie, by their first lines.
    private let blocks: [Block]
    private let batch: Int64

    /// Reads the rows of a batch whose lines are in `lines`, at most `limit` of them; nil where there are none.
    init?(
        batch: Int64, lines: ClosedRange<Int64>, limit: Int, regency: String, on connection: any Connection
    ) throws {
        let place: [SQLValue] = [.text(regency), .integer(batch)]
        rows = try connection.query(
            """
            SELECT line, digest, nik, family_number, row_key FROM source_row
            WHERE regency = ? AND batch = ? AND line >= ? AND line <= ? ORDER BY line LIMIT \(limit)
            """, place + [.integer(lines.lowerBound), .integer(lines.upperBound)]
        ) { cursor in
            func hash(_ column: Int) -> KeyedHash? { cursor.withBytes(column) { KeyedHash($0) } }
            return Row(
                line: cursor.int64(0), digest: hash(1),
                keys: RowKeys(key: cursor.int64(4), nik: hash(2), familyNumber: hash(3)))
        }
        guard let first = rows.first, let last = rows.last else { return nil }
        blocks = try connection.query(
            """
            SELECT block, digest, sealed FROM source_block
            WHERE regency = ? AND batch = ? AND block <= ? AND block >= (
                SELECT max(block) FROM source_block WHERE regency = ? AND batch = ? AND block <= ?)
            ORDER BY block
            """, place + [.integer(last.line)] + place + [.integer(first.line)]
        ) { cursor in
            Block(first: cursor.int64(0), hash: cursor.withBytes(1) { KeyedHash($0) }, box: cursor.bytes(2))
        }
        self.batch = batch
    }

    /// Forgets rows; a block that holds no other is not opened.
    mutating func remove(where isUnwanted: (Row) -> Bool) { rows.removeAll(where: isUnwanted) }

    /// Opens the blocks one after the other and hands on each row with its content (a ``RowContent``); nil stands for
    /// content that is not there, or does not open.
    func forEach(_ vault: IdentifierVault, _ body: (Row, UnsafeRawBufferPointer?) throws -> Void) throws {
        var next = 0
        var content: [UInt8] = []
        var reader: RowBlockReader?
        for row in rows {
            let before = next
            while next < blocks.count, blocks[next].first <= row.line { next += 1 }
            if next > before {
                let block = blocks[next - 1]
                content = block.hash.flatMap { try? vault.open(hash: $0, box: block.box, as: .block) } ?? []
                reader = RowBlockReader(content, batch: batch, first: block.first)
            }
            if let range = reader?.content(ofLine: row.line) {
                try content.withUnsafeBytes { try body(row, UnsafeRawBufferPointer(rebasing: $0[range])) }
            } else {
                try body(row, nil)
            }
        }
    }
}
