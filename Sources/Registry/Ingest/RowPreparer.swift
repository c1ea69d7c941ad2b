/// Rows of a chunk, checked and sealed, ready to be written.
struct PreparedRows: Sendable {
    /// A row that is what its source says.
    struct Row: Sendable {
        /// The line it begins in.
        let line: Int
        /// The keyed hash of its content.
        let digest: KeyedHash
        /// What it is found by.
        let keys: RowKeys
        /// Its sealed content, in ``PreparedRows/boxes``.
        let box: Range<Int>
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
    /// The sealed contents of all rows, one after the other.
    var boxes: [UInt8] = []
    /// How much of the file on disk had been read, in bytes.
    var position = 0
    /// How many records there were.
    var records = 0
    /// The line after the last record's first.
    var nextLine = 0
}

/// Takes chunks of a delivered file apart, checks every field, and seals what is kept. Many can work at once.
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
        prepared.boxes.reserveCapacity(chunk.bytes.count * 3 / 2)
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
        var content = RowContent()
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
            let sealed = try seal(content.bytes)
            prepared.flawed.append(.init(line: record.line, field: field, reason: reason, sealed: sealed))
        }
        if let flaw = scratch.splitter.split(bytes, from: record.start, to: record.end) {
            return try quarantine("", "", flaw.rawValue)
        }
        guard scratch.splitter.fields.count == inspection.width else {
            return try quarantine(
                "", "", "\(scratch.splitter.fields.count) fields where the header has \(inspection.width)")
        }
        scratch.content.removeAll()
        // By index: a copy of each check, for each field of each row, would cost more than the check.
        for index in checks.indices {
            let verdict: FieldCheck.Verdict
            if let column = inspection.columns[index] {
                verdict = scratch.splitter.withField(column, of: bytes) {
                    checks[index].append($0, to: &scratch.content)
                }
            } else {
                verdict = checks[index].append(UnsafeRawBufferPointer(start: nil, count: 0), to: &scratch.content)
            }
            guard case .flawed(let flaw) = verdict else { continue }
            let value =
                inspection.columns[index].map { column in
                    scratch.splitter.withField(column, of: bytes) { String(decoding: $0, as: UTF8.self) }
                } ?? ""
            return try quarantine(source.fields[index].name, value, flaw.description)
        }
        let sealed = try seal(scratch.content.bytes)
        let keys = scratch.content.bytes.withUnsafeBytes { scratch.keys.keys(of: $0) }
        let start = prepared.boxes.count
        prepared.boxes += sealed.box
        prepared.rows.append(
            .init(line: record.line, digest: sealed.hash, keys: keys, box: start..<prepared.boxes.count))
    }

    private func seal(_ content: [UInt8]) throws(RegistryError) -> IdentifierVault.Sealed {
        let result = content.withUnsafeBytes { bytes in
            Result { () throws(RegistryError) in try vault.seal(bytes, as: .row) }
        }
        return try result.get()
    }
}

/// What a row is found by: all of it follows from the row's content.
struct RowKeys: Sendable, Equatable {
    /// The keyed hash of its key in the agency's register, as an integer.
    let key: Int64
    /// The keyed hash of its NIK, where that is a valid one.
    let nik: KeyedHash?
    /// The keyed hash of its family number, where that is a valid one.
    let familyNumber: KeyedHash?
}

/// Works out what rows of a source are found by.
struct RowKeyMaker {
    private let source: SourceDefinition
    private let vault: IdentifierVault
    private let madeUp: Bool
    private var key = RowContent()
    private var ranges: [Range<Int>?] = []

    init(source: SourceDefinition, vault: IdentifierVault, madeUp: Bool) {
        self.source = source
        self.vault = vault
        self.madeUp = madeUp
    }

    /// The keys of a row that has all fields of its source.
    mutating func keys(of content: UnsafeRawBufferPointer) -> RowKeys {
        RowContent.fields(of: content, into: &ranges)
        let nik = hash(.nik, of: content, as: .nik)
        let familyNumber = hash(.familyNumber, of: content, as: .familyNumber)
        let key: KeyedHash
        // A row that its agency finds by the person's or the family's number alone is found by that number's hash.
        if let nik, source.key == [source.identity[.nik]] {
            key = nik
        } else if let familyNumber, source.key == [source.identity[.familyNumber]] {
            key = familyNumber
        } else {
            key = hashOfKey(content)
        }
        return RowKeys(key: Int64(bitPattern: key.high), nik: nik, familyNumber: familyNumber)
    }

    private func field(_ index: Int, of content: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        ranges.indices.contains(index) ? ranges[index].map { UnsafeRawBufferPointer(rebasing: content[$0]) } : nil
    }

    private func hash(
        _ role: SourceDefinition.Role, of content: UnsafeRawBufferPointer, as kind: IdentifierVault.Kind
    ) -> KeyedHash? {
        guard let index = source.identity[role], let number = field(index, of: content),
            NIK.flaw(in: number, madeUp: madeUp) == nil
        else { return nil }
        return vault.hash(number, as: kind)
    }

    private mutating func hashOfKey(_ content: UnsafeRawBufferPointer) -> KeyedHash {
        key.removeAll()
        for index in source.key {
            if let field = field(index, of: content) { key.append(field) } else { key.appendEmpty() }
        }
        return key.bytes.withUnsafeBytes { vault.hash($0, as: .key) }
    }
}
