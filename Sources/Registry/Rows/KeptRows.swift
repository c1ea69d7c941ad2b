import Storage

/// Rows of a batch that are to be kept, sealed in blocks and written in one go.
struct KeptRows {
    private let batch: Int64
    private var rows: [PreparedRows.Row] = []
    private var blocks: [(first: Int64, sealed: IdentifierVault.Sealed)] = []
    private var block: RowBlock

    init(batch: Int64) {
        self.batch = batch
        block = RowBlock(batch: batch)
    }

    /// Adds a row of a chunk; lines must rise.
    mutating func append(
        _ row: PreparedRows.Row, of chunk: PreparedRows, _ vault: IdentifierVault
    ) throws(RegistryError) {
        rows.append(row)
        chunk.contents.bytes.withUnsafeBytes {
            block.append(UnsafeRawBufferPointer(rebasing: $0[row.content]), line: Int64(row.line))
        }
        if block.count == RowBlock.most { try endBlock(vault) }
    }

    /// Seals what has been added since the last block.
    mutating func endBlock(_ vault: IdentifierVault) throws(RegistryError) {
        guard let first = block.first else { return }
        blocks.append((first, try vault.seal(block.bytes, as: .block)))
        block.removeAll()
    }

    /// Writes the rows, and the blocks that have been ended.
    func write(regency: String, on connection: any Connection) throws {
        try connection.bulkInsert(
            into: "source_row",
            columns: ["regency", "batch", "line", "row_key", "digest", "nik", "family_number"]
        ) { writer in
            for row in rows {
                writer.append(regency)
                writer.append(batch)
                writer.append(Int64(row.line))
                writer.append(row.keys.key)
                writer.append(row.digest)
                writer.append(row.keys.nik)
                writer.append(row.keys.familyNumber)
                try writer.endRow()
            }
        }
        try connection.bulkInsert(
            into: "source_block", columns: ["regency", "batch", "block", "digest", "sealed"]
        ) { writer in
            for block in blocks {
                writer.append(regency)
                writer.append(batch)
                writer.append(block.first)
                writer.append(block.sealed.hash)
                block.sealed.box.withUnsafeBytes { writer.append(blob: $0) }
                try writer.endRow()
            }
        }
    }
}
