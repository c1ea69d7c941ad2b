import Foundation
import Journal
import Storage

/// A batch that was taken whole, with the description it was read by.
struct DeliveredBatch: Sendable {
    let batch: Int64
    let delivered: CalendarDate
    let source: SourceDefinition
    let layout: EvidenceLayout
    /// How many rows were taken.
    let rows: Int

    /// All of a region's batches that were completed, in their order; the same description is read once.
    static func all(of registry: Registry, on connection: any Connection) throws -> [DeliveredBatch] {
        var sources: [[UInt8]: SourceDefinition] = [:]
        try connection.forEach(
            "SELECT digest, source, content FROM source_description WHERE regency = ?", [.text(registry.regency)]
        ) { cursor in
            sources[cursor.bytes(0)] = try SourceDefinition.parse(cursor.text(2), file: cursor.text(1) + ".yaml")
        }
        return try connection.query(
            """
            SELECT batch, delivered, description, accepted FROM batch
            WHERE regency = ? AND completed IS NOT NULL ORDER BY batch
            """, [.text(registry.regency)]
        ) { cursor in
            guard let source = sources[cursor.bytes(2)], let delivered = CalendarDate(cursor.text(1)) else {
                throw RegistryError.notReady("batch \(cursor.int64(0)) has lost the description it was read by")
            }
            return DeliveredBatch(
                batch: cursor.int64(0), delivered: delivered, source: source, layout: EvidenceLayout(source),
                rows: Int(cursor.int64(3)))
        }
    }
}

/// A source row as linkage needs it: what it says of whom it speaks, and what it is evidence of.
struct OpenedRow: Sendable {
    let line: Int64
    let nik: KeyedHash?
    let familyNumber: KeyedHash?
    /// Whether something that is no NIK stands in its place.
    let hasMalformedNIK: Bool
    let name: NameForm
    /// Year × 10,000 + month × 100 + day; 0 where not wholly known.
    let birthDate: Int32
    let village: RegionCode?
    let relation: Relation
    let move: String?
    /// The day the row speaks of: its dated field, else the delivery.
    let day: Int32
    /// The NIK and family number as they stand in the row, sealed, where the row makes persons and families.
    let sealedNIK: [UInt8]
    let sealedNumber: [UInt8]
    /// The fields its evidence rests on.
    let evidence: [UInt8]
    /// What somebody was paid, where the row is a recipient's; else 0.
    let amount: Int64
    /// What it says of who it speaks of, for comparison.
    let likeness: RowLikeness

    /// Whether someone is the head of the family on its card.
    enum Relation: Sendable { case head, other }
}

/// Reads a batch's rows in force piece by piece, opens and parses them on all cores, and hands them on in their order.
struct RowStream {
    let registry: Registry
    let batch: DeliveredBatch
    let connection: any Connection

    /// How many rows are opened at once.
    static let piece = 4096

    func forEach(_ body: ([OpenedRow]) throws -> Void) throws {
        let ended = Set(
            try connection.query(
                """
                SELECT e.line FROM source_row_end e JOIN batch d ON d.regency = e.regency AND d.batch = e.ended_by
                WHERE e.regency = ? AND e.batch = ? AND d.completed IS NOT NULL
                """, [.text(registry.regency), .integer(batch.batch)]
            ) { $0.int64(0) })
        var after: Int64 = -1
        let opener = RowOpener(vault: registry.vault, batch: batch)
        try Pipeline.run(
            next: { () throws -> StoredRows? in
                var stored = try StoredRows(
                    batch: batch.batch, lines: after + 1 ... .max, limit: Self.piece, regency: registry.regency,
                    on: connection)
                after = stored?.rows.last?.line ?? after
                stored?.remove { ended.contains($0.line) }
                return stored
            },
            transform: { try opener.open($0) },
            consume: body)
    }
}

/// Opens sealed rows of one batch.
struct RowOpener: Sendable {
    private let vault: IdentifierVault
    private let batch: DeliveredBatch
    private let identity: [SourceDefinition.Role: Int]

    init(vault: IdentifierVault, batch: DeliveredBatch) {
        self.vault = vault
        self.batch = batch
        identity = batch.source.identity
    }

    func open(_ stored: StoredRows) throws -> [OpenedRow] {
        var opened: [OpenedRow] = []
        opened.reserveCapacity(stored.rows.count)
        var ranges: [Range<Int>?] = []
        try stored.forEach(vault) { row, content in
            guard let content else { throw RegistryError.damaged(line: row.line, batch: batch.batch) }
            opened.append(try open(row, content, &ranges))
        }
        return opened
    }

    private func open(
        _ stored: StoredRows.Row, _ bytes: UnsafeRawBufferPointer, _ ranges: inout [Range<Int>?]
    ) throws(RegistryError) -> OpenedRow {
        RowContent.fields(of: bytes, into: &ranges)
        guard ranges.count == batch.source.fields.count else {
            throw .key("row \(stored.line) of batch \(batch.batch) has not the fields of “\(batch.source.name)”")
        }
        func field(_ index: Int?) -> UnsafeRawBufferPointer? {
            index.flatMap { ranges[$0] }.map { UnsafeRawBufferPointer(rebasing: bytes[$0]) }
        }
        func text(_ role: SourceDefinition.Role) -> String? {
            field(identity[role]).map { String(decoding: $0, as: UTF8.self) }
        }
        let makes = batch.source.effect == .residents || batch.source.effect == .move
        func sealed(_ role: SourceDefinition.Role, _ kind: IdentifierVault.Kind) throws(RegistryError) -> [UInt8] {
            guard makes, let number = text(role) else { return [] }
            return try vault.seal(number, as: kind).box
        }
        let relation = field(identity[.relation])
        let isHead = relation.map { $0.elementsEqual("head".utf8) || $0.elementsEqual("1".utf8) } ?? false
        let dated = field(batch.source.dated).flatMap { CalendarDate(String(decoding: $0, as: UTF8.self)) }
        return OpenedRow(
            line: stored.line, nik: stored.keys.nik, familyNumber: stored.keys.familyNumber,
            hasMalformedNIK: stored.keys.nik == nil && field(identity[.nik]) != nil,
            name: field(identity[.name]).map { NameForm($0) } ?? NameForm(""),
            birthDate: field(identity[.birthDate]).map(Self.wholeDate) ?? 0,
            village: text(.village).flatMap { RegionCode($0) },
            relation: isHead ? .head : .other, move: text(.move),
            day: Int32(dated?.day ?? batch.delivered.day),
            sealedNIK: try sealed(.nik, .nik), sealedNumber: try sealed(.familyNumber, .familyNumber),
            evidence: batch.layout.content(bytes, ranges),
            amount: field(batch.source.recipientAmount).flatMap { Int64(String(decoding: $0, as: UTF8.self)) } ?? 0,
            likeness: RowLikeness(
                nik: field(identity[.nik]), birthDate: field(identity[.birthDate]), sex: field(identity[.sex]),
                village: field(identity[.village]), mother: field(identity[.mother]),
                name: field(identity[.name])))
    }

    /// A date `YYYY-MM-DD` as one number, 0 for a partial one.
    private static func wholeDate(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        guard bytes.count == 10 else { return 0 }
        return bytes.reduce(0) { $1 == 0x2D ? $0 : $0 * 10 + Int32($1 &- 0x30) }
    }
}
