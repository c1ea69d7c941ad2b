import Foundation
import Journal
import RecordLinkage
import Storage

/// A row and the persons it may speak of, as people need them to decide.
public struct ReviewCase: Sendable {
    /// A person whom the row may speak of.
    public struct Candidate: Sendable {
        /// The person.
        public let person: Int64
        /// The person's family.
        public let family: Int64
        /// What the population register says of the person, field by field as ``ReviewCase/fieldNames``; nil where it says nothing.
        public let values: [String?]
        /// log2 of how much likelier all they have in common is of one person than of strangers.
        public let weight: Double
        /// How likely the row speaks of this person.
        public let probability: Double
        /// What each field adds to the weight, and, last, how rare it is what they share (`rarity`).
        public let compared: [ComparedField]

        /// log2 of the odds before anything was compared, with all others whom the row resembles on the other side: what,
        /// together with the weight, makes the odds of the probability. 0 where it was not weighed.
        public var prior: Double {
            guard probability.isFinite, weight.isFinite else { return 0 }
            let share = min(max(probability, 1e-6), 1 - 1e-6)
            return log2(share / (1 - share)) - weight
        }
    }

    /// The row.
    public let place: RowPlace
    /// Its source.
    public let source: SourceDefinition
    /// The day of its delivery.
    public let delivered: CalendarDate
    /// Why it is linked, or waits.
    public let ground: Ground
    /// The run since which that holds.
    public let since: Int64
    /// The person that it is linked to; nil where it is to none.
    public let person: Int64?
    /// The names of the fields that are shown, in the order in which people read them.
    public static let fieldNames = ["name", "nik", "birth_date", "sex", "family_number", "village"]

    /// The names of the fields that are shown: ``fieldNames``, and of an entry in the population register the `mother` too.
    public var fields: [String] { isEntry ? Self.fieldNames + ["mother"] : Self.fieldNames }
    /// Whether the row is the population register's own: the question is then whether two of its entries are one person's.
    public var isEntry: Bool { source.effect == .residents }
    /// What the row says, field by field.
    public let values: [String?]
    /// What else it says: the fields that are evidence, by the names of the source's fields.
    public let evidence: [(field: String, value: String)]
    /// The persons it may speak of, the likeliest first.
    public let candidates: [Candidate]
    /// What people have said, in its order.
    public let decisions: [LinkDecision]
    /// The run whose model weighed it, or, where a number links it, explains it; nil where no run has learnt of its source.
    public let model: Int64?
}

extension Registry {
    /// A row, what it resembles, and why, whether it waits, is linked or was. Persons beyond the reach are left out.
    ///
    /// - Throws: ``RegistryError/unknown(_:)`` where no run has looked at such a row, or it speaks of nobody within the reach.
    public func reviewCase(_ place: RowPlace, as reach: Reach) throws -> ReviewCase {
        let names = try nameEquivalents()
        return try database.read { connection in
            let arguments: [SQLValue] = [.text(regency), .integer(place.batch), .integer(place.line)]
            let link = try connection.first(
                """
                SELECT ground, since, person, family FROM link
                WHERE regency = ? AND batch = ? AND line = ? AND until IS NULL
                """, arguments
            ) { (Ground(rawValue: $0.text(0)), $0.int64(1), $0.isNull(2) ? nil : $0.int64(2)) }
            let batches = try DeliveredBatch.all(of: self, on: connection)
            guard let link, let ground = link.0, let batch = batches.first(where: { $0.batch == place.batch }) else {
                throw RegistryError.unknown(
                    "no row \(place) has been linked: give BATCH:LINE as tepat waiting shows them")
            }
            let row = try compared(place, in: batch, on: connection)
            var found = try connection.query(
                """
                SELECT person, weight, probability, since FROM link_candidate
                WHERE regency = ? AND batch = ? AND line = ? AND until IS NULL ORDER BY place
                """, arguments
            ) { (person: $0.int64(0), weight: $0.double(1), probability: $0.double(2), since: $0.int64(3)) }
            // By the model that was the last when it was weighed; what never was, because a number links it, by the last of all.
            let run =
                try connection.first(
                    "SELECT max(run) FROM link_lesson WHERE regency = ? AND source = ? AND run <= ?",
                    [.text(regency), .text(batch.source.name), .integer(found.first?.since ?? .max)]
                ) { $0.optionalInt64(0) } ?? nil
            let isWeighed = !found.isEmpty
            // A row of the register is linked to the person whose entry it is; whose second entry it is, is another matter.
            if let person = link.2, ground != .register, !found.contains(where: { $0.person == person }) {
                found.insert((person, .nan, .nan, 0), at: 0)
            }
            let own: (code: [UInt8], holder: Int32) =
                try isWeighed ? rowCode(row, on: connection) : (cardCode(row, on: connection), 1)
            let day = ReviewCase.fieldNames.firstIndex(of: "birth_date").flatMap { row.values[$0] }
            let isOfHoldersDay =
                try day != nil && own.holder != 0 && isWeighed
                && registerValue("birth_date", of: own.holder, batches, on: connection) == day
            let model = try run.flatMap {
                try connection.first(
                    "SELECT models FROM link_lesson WHERE regency = ? AND run = ? AND source = ?",
                    [.text(regency), .integer($0), .text(batch.source.name)]
                ) { $0.text(0) }
            }.map { try LinkageModel.models(json: $0) }.flatMap { models in
                let isFirst = batch.source.effect == .residents || !isWeighed
                let number: Likeness.Number =
                    isFirst || row.nik == nil
                    ? .none : own.holder == 0 ? .unknown : isOfHoldersDay ? .ofSameDay : .ofAnother
                return models.indices.contains(number.rawValue) ? models[number.rawValue] : nil
            }
            let persons = try connection.count(
                "SELECT persons FROM link_run WHERE regency = ? ORDER BY run DESC LIMIT 1", [.text(regency)])
            var candidates: [ReviewCase.Candidate] = []
            for candidate in found {
                guard let home = try home(of: candidate.person, on: connection),
                    try lives(home.family, within: reach, on: connection),
                    let listed = batches.first(where: { $0.batch == home.row.batch })
                else { continue }
                let register = try compared(home.row, in: listed, on: connection)
                var fields = model.map { model in
                    batch.source.effect == .residents
                        ? Self.explain(row, register, by: model, names, weight: candidate.weight)
                        : Self.explain(
                            row, own, register,
                            RowLikeness.code(family: Int32(home.family), person: Int32(candidate.person)), by: model,
                            names,
                            weight: candidate.weight)
                }
                // Of as many numbers as there are persons a stranger has this one.
                if ground == .nikAndName || ground == .nikAndBirthDate, !isWeighed, row.nik != nil,
                    let place = fields?.firstIndex(where: { $0.field == "nik" })
                {
                    fields?[place] = ComparedField(field: "nik", level: "equal", weight: log2(Double(max(1, persons))))
                }
                let weight =
                    candidate.weight.isFinite
                    ? candidate.weight : fields.map { $0.reduce(0) { $0 + $1.weight } } ?? .nan
                candidates.append(
                    ReviewCase.Candidate(
                        person: candidate.person, family: home.family, values: register.values, weight: weight,
                        probability: candidate.probability, compared: fields ?? []))
            }
            guard !candidates.isEmpty || reach.covers(pack.regency) else {
                throw RegistryError.unknown(
                    "row \(place) speaks of nobody in \(reach.regions.map(\.text).joined(separator: ", "))")
            }
            return ReviewCase(
                place: place, source: batch.source, delivered: batch.delivered, ground: ground, since: link.1,
                person: link.2, values: row.values, evidence: row.evidence,
                candidates: candidates,
                decisions: try LinkDecisions.of(
                    batch: place.batch, line: place.line, regency: regency, on: connection),
                model: run)
        }
    }

    /// The family that a row's numbers name, with the person who has its NIK by another name, as likeness compares them.
    private func rowCode(
        _ row: ComparedRow, on connection: any Connection
    ) throws -> (code: [UInt8], holder: Int32) {
        if let nik = row.nik {
            let holder = try connection.first(
                """
                SELECT p.person, m.family FROM person p
                JOIN family_member m ON m.regency = p.regency AND m.person = p.person AND m.until IS NULL
                WHERE p.regency = ? AND p.nik = ?
                """, [.text(regency), .blob(nik.bytes)]
            ) { (person: Int32($0.int64(0)), family: Int32($0.int64(1))) }
            if let holder { return (RowLikeness.code(family: holder.family, person: holder.person), holder.person) }
        }
        return (try cardCode(row, on: connection), 0)
    }

    /// The family whose number a row bears, as likeness compares it.
    private func cardCode(_ row: ComparedRow, on connection: any Connection) throws -> [UInt8] {
        guard let number = row.familyNumber else { return [] }
        let family = try connection.first(
            "SELECT family FROM family WHERE regency = ? AND number = ?",
            [.text(regency), .blob(number.bytes)]
        ) { Int32($0.int64(0)) }
        return family.map { RowLikeness.code(family: $0, person: 0) } ?? []
    }

    private static func explain(
        _ entry: ComparedRow, _ other: ComparedRow, by model: LinkageModel, _ names: NameEquivalents, weight: Double
    ) -> [ComparedField] {
        var builder = RecordTableBuilder(RegisterDoubles.settings(names))
        for row in [other, entry] {
            builder.begin(id: UnsafeRawBufferPointer(start: nil, count: 0))
            row.likeness.appendResident(to: &builder)
        }
        return ComparedField.all(model, 0, 1, of: builder.finish(), weight: weight)
    }

    private static func explain(
        _ row: ComparedRow, _ own: (code: [UInt8], holder: Int32), _ register: ComparedRow, _ code: [UInt8],
        by model: LinkageModel, _ names: NameEquivalents, weight: Double
    ) -> [ComparedField] {
        var settings = LinkageSettings(id: "row", fields: RowLikeness.fields, blocking: [])
        settings.equivalents = names
        var builder = RecordTableBuilder(settings)
        func append(_ compared: ComparedRow, _ code: [UInt8], hidesNIK: Bool) {
            builder.begin(id: UnsafeRawBufferPointer(start: nil, count: 0))
            compared.likeness.append(to: &builder, hidesNIK: hidesNIK)
            code.withUnsafeBytes { builder.append($0, to: RowLikeness.family) }
        }
        append(register, code, hidesNIK: false)
        append(row, own.code, hidesNIK: own.holder != 0)
        return ComparedField.all(model, 0, 1, of: builder.finish(), weight: weight)
    }

    /// What the population register says of a person in one of ``ReviewCase/fieldNames``.
    private func registerValue(
        _ field: String, of person: Int32, _ batches: [DeliveredBatch], on connection: any Connection
    ) throws -> String? {
        guard let home = try home(of: Int64(person), on: connection),
            let batch = batches.first(where: { $0.batch == home.row.batch }),
            let place = ReviewCase.fieldNames.firstIndex(of: field)
        else { return nil }
        return try registerValues(home.row, in: batch, on: connection)[place]
    }

    /// What the population register's row says, field by field as ``ReviewCase/fieldNames``.
    func registerValues(
        _ place: RowPlace, in batch: DeliveredBatch, on connection: any Connection
    ) throws -> [String?] {
        try compared(place, in: batch, on: connection).values
    }

    private func compared(
        _ place: RowPlace, in batch: DeliveredBatch, on connection: any Connection
    ) throws -> ComparedRow {
        let stored = try StoredRows(
            batch: place.batch, lines: place.line...place.line, limit: 1, regency: regency, on: connection)
        guard let stored, let opened = try RowOpener(vault: vault, batch: batch).open(stored).first else {
            throw RegistryError.unknown("batch \(place.batch) has no row in line \(place.line)")
        }
        var texts: [String?] = []
        try stored.forEach(vault) { _, content in
            if let content { texts = RowContent.texts(of: Array(content)) }
        }
        return ComparedRow(opened, texts, batch.source)
    }
}

/// A row opened for people to look at.
private struct ComparedRow {
    let likeness: RowLikeness
    let nik: KeyedHash?
    let familyNumber: KeyedHash?
    let values: [String?]
    let evidence: [(field: String, value: String)]

    init(_ row: OpenedRow, _ texts: [String?], _ source: SourceDefinition) {
        likeness = row.likeness
        nik = row.nik
        familyNumber = row.familyNumber
        var roles: [SourceDefinition.Role] = [.name, .nik, .birthDate, .sex, .familyNumber, .village]
        if source.effect == .residents { roles.append(.mother) }
        values = roles.map { role in
            source.identity[role].flatMap { texts.indices.contains($0) ? texts[$0] : nil }
        }
        let identity = Set(source.identity.values)
        evidence = source.fields.indices.compactMap { index in
            guard !identity.contains(index), texts.indices.contains(index), let value = texts[index] else { return nil }
            return (source.fields[index].name, value)
        }
    }
}
