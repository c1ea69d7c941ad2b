/// Rows of a chunk, checked and hashed, ready to be sealed and written.
struct PreparedRows: Sendable {
    /// A row that is what its source says.
    struct Row: Sendable {
        /// The line it begins in.
        let line: Int
        /// The keyed hash of its content.
        let digest: KeyedHash
        /// What it is found by.
        let keys: RowKeys
        /// Its content, in ``PreparedRows/contents``.
        let content: Range<Int>
    }

    /// A row that is not.
    struct Flawed: Sendable {
        /// The line it begins in.
        let line: Int
        /// The field that is wrong; empty where the row as a whole is.
        let field: String
        /// What is wrong.
        let reason: String
        /// The field's value, then the row as it was delivered: sealed.
        let sealed: IdentifierVault.Sealed
    }

    /// Sound rows and flawed ones, each in the file's order.
    var rows: [Row] = []
    var flawed: [Flawed] = []
    /// The contents of the sound rows, one after the other.
    var contents = RowContent()
    /// How much of the file on disk had been read, in bytes.
    var position = 0
    /// How many records there were.
    var records = 0
    /// The line after the last record's first.
    var nextLine = 0
}

/// Takes chunks of a delivered file apart, checks every field, and hashes what is kept. Many can work at once.
struct RowPreparer: Sendable {
    private let source: SourceDefinition
    private let vault: IdentifierVault
    private let inspection: FileInspection
    private let checks: [FieldCheck]
    private let madeUp: Bool

    init(
        source: SourceDefinition, vault: IdentifierVault, inspection: FileInspection, madeUp: Bool, regions: RegionSet
    ) {
        self.source = source
        self.vault = vault
        self.inspection = inspection
        self.madeUp = madeUp
        checks = source.fields.map { FieldCheck($0, madeUp: madeUp, regions: regions) }
    }

    /// Prepares the records of a chunk; the header, in line 1 or after empty lines, is left out by its number.
    func prepare(_ chunk: RecordReader.Chunk, header: Int?) throws(RegistryError) -> PreparedRows {
        var prepared = PreparedRows()
        prepared.rows.reserveCapacity(chunk.records.count)
        prepared.contents.reserveCapacity(chunk.bytes.count * 5 / 4)
        prepared.position = chunk.position
        var scratch = Scratch(keys: RowKeyMaker(source: source, vault: vault, madeUp: madeUp))
        let failure = chunk.bytes.withUnsafeBytes { bytes -> RegistryError? in
            do throws(RegistryError) {
                for record in chunk.records where record.line != header {
                    prepared.records += 1
                    prepared.nextLine = record.line + 1
                    try prepare(record, in: bytes, &scratch, into: &prepared)
                }
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
        return prepared
    }

    /// Memory that is used again for each row.
    private struct Scratch {
        var splitter = FieldSplitter()
        var keys: RowKeyMaker
    }

    private func prepare(
        _ record: RecordReader.Record, in bytes: UnsafeRawBufferPointer, _ scratch: inout Scratch,
        into prepared: inout PreparedRows
    ) throws(RegistryError) {
        func quarantine(_ field: String, _ value: String, _ reason: String) throws(RegistryError) {
            let raw = String(
                decoding: UnsafeRawBufferPointer(rebasing: bytes[record.start..<record.end]), as: UTF8.self)
            var content = RowContent()
            for text in [value, raw] {
                var copy = text
                copy.withUTF8 { content.append(UnsafeRawBufferPointer($0)) }
            }
            let sealed = try vault.seal(content.bytes, as: .row)
            prepared.flawed.append(.init(line: record.line, field: field, reason: reason, sealed: sealed))
        }
        if let flaw = scratch.splitter.split(bytes, from: record.start, to: record.end) {
            return try quarantine("", "", flaw.rawValue)
        }
        guard scratch.splitter.fields.count == inspection.width else {
            return try quarantine(
                "", "", "has \(scratch.splitter.fields.count) fields where the header has \(inspection.width)")
        }
        let start = prepared.contents.bytes.count
        // By index: a copy of each check, for each field of each row, would cost more than the check.
        for index in checks.indices {
            let verdict: FieldCheck.Verdict
            if let column = inspection.columns[index] {
                verdict = scratch.splitter.withField(column, of: bytes) {
                    checks[index].append($0, to: &prepared.contents)
                }
            } else {
                verdict = checks[index].append(UnsafeRawBufferPointer(start: nil, count: 0), to: &prepared.contents)
            }
            guard case .flawed(let flaw) = verdict else { continue }
            prepared.contents.removeLast(from: start)
            let value =
                inspection.columns[index].map { column in
                    scratch.splitter.withField(column, of: bytes) { String(decoding: $0, as: UTF8.self) }
                } ?? ""
            return try quarantine(source.fields[index].name, value, flaw.description)
        }
        let content = start..<prepared.contents.bytes.count
        let (digest, keys) = prepared.contents.bytes.withUnsafeBytes { bytes in
            let bytes = UnsafeRawBufferPointer(rebasing: bytes[content])
            return (vault.hash(bytes, as: .row), scratch.keys.keys(of: bytes))
        }
        prepared.rows.append(.init(line: record.line, digest: digest, keys: keys, content: content))
    }
}
