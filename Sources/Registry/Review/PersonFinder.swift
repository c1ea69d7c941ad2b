import Foundation
import RecordLinkage
import Storage
import Synchronization

/// What is known of somebody who is looked for; empty where nothing is.
public struct PersonQuestion: Sendable, Equatable {
    /// The NIK, also one with wrong digits.
    public var nik: String
    /// The name, as somebody says or types it.
    public var name: String
    /// The birth date: `YYYY-MM-DD`, `YYYY-MM` or `YYYY`.
    public var birthDate: String
    /// `male` or `female`.
    public var sex: String
    /// The village's code.
    public var village: String
    /// The number on the family card.
    public var familyNumber: String
    /// Whether it is still being typed: the last word of the name may be cut.
    public var isPartial: Bool

    /// A question.
    public init(
        nik: String = "", name: String = "", birthDate: String = "", sex: String = "", village: String = "",
        familyNumber: String = "", isPartial: Bool = false
    ) {
        self.nik = nik
        self.name = name
        self.birthDate = birthDate
        self.sex = sex
        self.village = village
        self.familyNumber = familyNumber
        self.isPartial = isPartial
    }

    /// Whether nothing was said by which somebody could be found.
    public var isEmpty: Bool { nik.isEmpty && name.isEmpty && familyNumber.isEmpty }
}

/// A person who may be the one looked for.
public struct PersonMatch: Sendable {
    /// The person.
    public let person: Int64
    /// The person's family.
    public let family: Int64
    /// How likely it is that this is the one, all who resemble weighed together.
    public let probability: Double
    /// Why: the parts of the weight.
    public let explanation: PairExplanation
    /// log2 of the odds that this is the one, regardless of others.
    public var weight: Double { explanation.weight }
    /// What the population register says, field by field as ``ReviewCase/fieldNames``.
    public let values: [String?]
}

/// Answers “is this person known?” for one question against everybody whom a registry lists.
///
/// The index is read from the database once, and follows it: before an answer, what a link run has changed since is added,
/// replaced or removed. It may be asked from many threads.
public final class PersonFinder: Sendable {
    private struct State {
        var index: PersonIndex
        var run: Int64
    }

    private let registry: Registry
    private let names: NameEquivalents
    private let state = Mutex<State?>(nil)

    /// A finder; nothing is read yet.
    ///
    /// - Throws: ``RegistryError/configuration(_:)`` where a file of names is wrong.
    public init(_ registry: Registry) throws {
        self.registry = registry
        names = try registry.nameEquivalents()
    }

    /// How many persons it knows; nil before ``prepare(progress:)``.
    public var count: Int? { state.withLock { $0?.index.count } }

    /// Reads everybody whom the registry lists, where that was not done yet: some seconds for a regency.
    ///
    /// - Throws: ``RegistryError/notReady(_:)`` where nobody is listed yet.
    public func prepare(progress: (WorkProgress) -> Void = { _ in }) throws {
        guard state.withLock({ $0 == nil }) else { return }
        let run = try Knowledge.latestRun(of: registry)
        guard run > 0 else { throw RegistryError.notReady("nobody is listed yet: run tepat link first") }
        var settings = LinkageSettings(id: "person", fields: RowLikeness.fields, blocking: RowLikeness.blocking)
        settings.equivalents = names
        settings.mostWithOneNumber = 1000
        var builder = RecordTableBuilder(settings)
        try registry.forEachResident(since: 0, progress: progress) { person, family, row in
            Array(String(person).utf8).withUnsafeBytes { builder.begin(id: $0) }
            row.likeness.append(to: &builder)
            RowLikeness.code(family: Int32(family), person: Int32(person)).withUnsafeBytes {
                builder.append($0, to: RowLikeness.family)
            }
        }
        let table = builder.finish()
        guard table.count > 0 else { throw RegistryError.notReady("nobody is listed yet: run tepat link first") }
        guard let model = try registry.questionModel(run: run) ?? LinkageModel.estimate(table) else {
            throw RegistryError.notReady("too few persons are listed to tell how frequent a name is")
        }
        do {
            let index = try PersonIndex(table, model)
            state.withLock { $0 = $0 ?? State(index: index, run: run) }
        } catch {
            throw RegistryError.notReady("the model of link run \(run) does not fit: run tepat link again")
        }
    }

    /// The persons who may be the one asked for, the likeliest first; those beyond the reach are left out once all have been
    /// weighed together, so that nobody nearer seems likelier than that person is.
    ///
    /// - Parameters:
    ///   - limit: how many at most. Of a question that is half typed, which fits many, none of them likely, the nearest are given
    ///     all the same.
    public func find(_ question: PersonQuestion, limit: Int = 10, as reach: Reach) throws -> [PersonMatch] {
        try prepare()
        try follow()
        guard let index = state.withLock({ $0?.index }), !question.isEmpty else { return [] }
        let family = try registry.familyNumbered(question.familyNumber)
        let code = family.map { String(decoding: RowLikeness.code(family: Int32($0), person: 0), as: UTF8.self) }
        let found = index.find(
            [question.nik, question.birthDate, question.sex, question.village, code ?? "", question.name],
            limit: limit, least: 0, isPartial: question.isPartial)
        return try registry.matches(
            found.filter { match in
                let alike = match.explanation.parts.reduce(0) { $0 + $1.weight + $1.rarity }
                return question.isPartial || match.probability >= Self.leastLikely || alike >= Self.leastAlike
            }, within: reach)
    }

    /// Who is likelier than this, or more alike, in bits beyond what strangers are, may be the one.
    private static let leastLikely = 0.001
    private static let leastAlike = 5.0

    /// How the rows of a source are weighed that say the same in a NIK's place.
    ///
    /// - Parameter listed: which share of them is of somebody whom the register lists.
    /// - Throws: ``RegistryError/notReady(_:)`` where nobody was read yet, or the model is of another version.
    func weighing(by model: LinkageModel, listed: Double) throws(RegistryError) -> PersonIndex.Weighing {
        guard let index = state.withLock({ $0?.index }) else { throw .notReady("nobody has been read yet") }
        do {
            return try index.weighing(by: model, listed: listed)
        } catch {
            throw .notReady("the last run's models do not fit: run tepat link again")
        }
    }

    /// Whom a row may speak of that no number links, the likeliest first.
    ///
    /// - Parameters:
    ///   - family: the family whose number it bears; 0 where none is known.
    ///   - holder: the person who has its NIK by another name and birth date; 0 where there is none.
    func candidates(
        _ row: RowLikeness, family: Int32, holder: Int32, by weighing: PersonIndex.Weighing
    ) -> [Likeness.Candidate] {
        guard let index = state.withLock({ $0?.index }) else { return [] }
        let texts = row.texts(family: family, person: holder, hidesNIK: holder != 0)
        return index.find(texts, limit: Likeness.mostCandidates, by: weighing).compactMap { found in
            Int32(found.id).map {
                Likeness.Candidate(
                    person: $0, weight: Float(found.weight - found.explanation.prior),
                    probability: Float(found.probability))
            }
        }
    }

    /// Takes over what link runs have changed since the last question.
    func follow() throws {
        let latest = try Knowledge.latestRun(of: registry)
        guard let (index, run) = state.withLock({ $0.map { ($0.index, $0.run) } }), run < latest else { return }
        for person in try registry.personsEnded(since: run + 1) { index.remove(id: String(person)) }
        try registry.forEachResident(since: run + 1, progress: { _ in }) { person, family, row in
            index.replace(
                id: String(person), row.likeness.texts(family: Int32(family), person: Int32(person)))
        }
        state.withLock { if $0?.run == run { $0?.run = latest } }
    }
}

extension Registry {
    /// Hands on everybody who is on a card, in whatever state, whose membership began in a run or later, with the register's row.
    fileprivate func forEachResident(
        since run: Int64, progress: (WorkProgress) -> Void,
        _ body: (_ person: Int64, _ family: Int64, _ row: OpenedRow) throws -> Void
    ) throws {
        try database.read { connection in
            let batches = try DeliveredBatch.all(of: self, on: connection)
            let total = try connection.count(
                "SELECT count(*) FROM family_member WHERE regency = ? AND until IS NULL AND since >= ?",
                [.text(regency), .integer(run)])
            var done = 0
            for batch in batches where batch.source.effect == .residents {
                var members: [Int64: (person: Int64, family: Int64)] = [:]
                try connection.forEach(
                    """
                    SELECT line, person, family FROM family_member
                    WHERE regency = ? AND until IS NULL AND since >= ? AND batch = ?
                    """, [.text(regency), .integer(run), .integer(batch.batch)]
                ) { members[$0.int64(0)] = ($0.int64(1), $0.int64(2)) }
                guard !members.isEmpty else { continue }
                let opener = RowOpener(vault: vault, batch: batch)
                // A few are read one by one, many with their neighbours.
                if members.count < 1000 {
                    for (line, member) in members.sorted(by: { $0.key < $1.key }) {
                        let stored = try StoredRows(
                            batch: batch.batch, lines: line...line, limit: 1, regency: regency, on: connection)
                        for row in try stored.map({ try opener.open($0) }) ?? [] {
                            try body(member.person, member.family, row)
                        }
                    }
                    continue
                }
                try RowStream(registry: self, batch: batch, connection: connection).forEach { rows in
                    for row in rows {
                        guard let member = members[row.line] else { continue }
                        try body(member.person, member.family, row)
                        done += 1
                    }
                    progress(WorkProgress(done: done, total: total))
                }
            }
        }
    }

    /// The persons whose membership ended in a run or later and who are on no card now.
    fileprivate func personsEnded(since run: Int64) throws -> [Int64] {
        try database.read { connection in
            try connection.query(
                """
                SELECT DISTINCT person FROM family_member m WHERE regency = ? AND until >= ? AND NOT EXISTS (
                    SELECT 1 FROM family_member n WHERE n.regency = m.regency AND n.person = m.person AND n.until IS NULL)
                """, [.text(regency), .integer(run)]
            ) { $0.int64(0) }
        }
    }

    /// The model by which questions are weighed: that of the source whose hidden rows taught most in the last run that learnt
    /// anything; nil where none did.
    fileprivate func questionModel(run: Int64) throws -> LinkageModel? {
        try database.read { connection in
            try connection.first(
                """
                SELECT models FROM link_lesson WHERE regency = ? AND run <= ? AND correct > 0
                ORDER BY run DESC, correct DESC, source LIMIT 1
                """, [.text(regency), .integer(run)]
            ) { $0.text(0) }
        }.flatMap { try LinkageModel.models(json: $0).first }
    }

    /// The family of a number as it is typed; nil where none has it.
    fileprivate func familyNumbered(_ text: String) throws -> Int64? {
        guard case .success(let number) = FamilyNumber.parse(text, madeUp: pack.acceptsMadeUp) else { return nil }
        return try database.read { connection in
            try connection.first(
                "SELECT family FROM family WHERE regency = ? AND number = ?",
                [.text(regency), .blob(vault.hash(number).bytes)]
            ) { $0.int64(0) }
        }
    }

    fileprivate func matches(_ found: [PersonIndex.Found], within reach: Reach) throws -> [PersonMatch] {
        try database.read { connection in
            let batches = try DeliveredBatch.all(of: self, on: connection)
            return try found.compactMap { match in
                guard let person = Int64(match.id),
                    let home = try home(of: person, on: connection),
                    try lives(home.family, within: reach, on: connection),
                    let batch = batches.first(where: { $0.batch == home.row.batch })
                else { return nil }
                return PersonMatch(
                    person: person, family: home.family, probability: match.probability, explanation: match.explanation,
                    values: try registerValues(home.row, in: batch, on: connection))
            }
        }
    }
}
