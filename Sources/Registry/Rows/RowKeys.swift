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
