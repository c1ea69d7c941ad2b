import Foundation
import RecordLinkage
import Storage

/// Decides, in memory, whom rows that have arrived since the last link run speak of.
struct ArrivalLinker {
    private let registry: Registry
    private let batches: [DeliveredBatch]
    private var matcher = RowMatcher()
    /// What was decided.
    private(set) var rows = DecidedRows()
    /// Persons who are dead by these rows.
    private(set) var dead: Set<Int32> = []
    /// How many rows wait only because nothing was learnt of their source.
    private(set) var notWeighed = 0
    private var waiting: [Waiting] = []
    /// The family of those with a card whose number no family has, from rows that the NIK links.
    private var familyOfCard: [KeyedHash: Int32] = [:]

    /// A row whom no number tells.
    private struct Waiting {
        let row: OpenedRow
        let batch: Int
        let place: Int
        let family: Int32
        let holder: Int32
        let number: Likeness.Number
    }

    init(registry: Registry, _ batches: [DeliveredBatch]) {
        self.registry = registry
        self.batches = batches
    }

    /// The family of each person that rows were linked to.
    var familyOf: [Int32] { matcher.population.family }

    // MARK: By numbers

    /// Decides what NIKs and family numbers tell.
    mutating func decideByNumbers(on connection: any Connection) throws {
        var people = try NumberedPeople(registry: registry, connection: connection)
        for batch in batches { try people.add(batch) }
        matcher = try people.matcher()
        for batch in batches.sorted(by: Self.comesFirst) {
            var list: [Decision] = []
            try RowStream(registry: registry, batch: batch, connection: connection).forEach { opened in
                for row in opened {
                    let (person, ground) = batch.source.isOfFamilies ? matcher.familyMember(row) : matcher.person(row)
                    if !ground.isCertain { wait(row, ground, place: list.count) }
                    if ground.isCertain, batch.source.effect == .death { dead.insert(person) }
                    if ground == .nikAndName || ground == .nikAndBirthDate, let card = row.familyNumber,
                        familyOfCard[card] == nil
                    {
                        familyOfCard[card] = matcher.population.family[Int(person)]
                    }
                    list.append(rows.decide(row, person, ground))
                }
            }
            rows.append(batch, list)
        }
    }

    /// Deaths come before what others say, as in a run over all rows.
    private static func comesFirst(_ one: DeliveredBatch, _ other: DeliveredBatch) -> Bool {
        (one.source.effect == nil ? 1 : 0, one.batch) < (other.source.effect == nil ? 1 : 0, other.batch)
    }

    private mutating func wait(_ row: OpenedRow, _ ground: Ground, place: Int) {
        guard row.likeness.hasName else { return }
        let holder = row.nik.flatMap(matcher.population.listedPerson) ?? 0
        waiting.append(
            Waiting(
                row: row, batch: rows.count, place: place,
                family: holder != 0
                    ? matcher.population.family[Int(holder)] : matcher.family(numbered: row.familyNumber),
                holder: holder, number: Likeness.Number(row, holder: holder, ground)))
    }

    // MARK: By likeness

    /// Decides what is as good as certain, or to be looked at, by all that the other rows say.
    mutating func decideByLikeness(_ finder: PersonFinder, _ progress: (WorkProgress) -> Void) throws {
        var lessons: [String: SourceWeighing?] = [:]
        let all = waiting.count
        for (done, row) in waiting.enumerated() {
            let source = rows.batches[row.batch].batch.source
            if lessons[source.name] == nil {
                lessons[source.name] = .some(try SourceWeighing(of: source, by: finder, registry, progress))
            }
            guard let lesson = lessons[source.name] ?? nil else {
                if !rows.batches[row.batch].decisions[row.place].ground.isLinked { notWeighed += 1 }
                continue
            }
            let own = row.row.familyNumber.flatMap { familyOfCard[$0] } ?? 0
            let found = finder.candidates(
                row.row.likeness, family: row.family != 0 ? row.family : own, holder: row.holder,
                by: lesson.weighings[row.number.rawValue])
            guard let first = found.first else { continue }
            try registry.database.read { connection in
                for candidate in found {
                    guard let home = try registry.home(of: Int64(candidate.person), on: connection) else { continue }
                    matcher.population.place(candidate.person, in: Int32(home.family))
                }
            }
            let outcome = Likeness.Outcome(
                batch: row.batch, place: row.place, candidates: Array(found.prefix(5)),
                person: (first.person, Double(first.probability)),
                family: Likeness.likeliestFamily(found, matcher.population.family), threshold: lesson.threshold)
            _ = rows.settle(outcome, nil, isListed: false)
            if done.isMultiple(of: 64) { progress(WorkProgress(done: done, total: all)) }
        }
        for row in waiting where rows.batches[row.batch].batch.source.effect == .death {
            let person = rows.batches[row.batch].decisions[row.place].person
            if person != 0 { dead.insert(person) }
        }
        progress(WorkProgress(done: all, total: all))
        rows.end()
    }
}

/// How the rows of a source are weighed, by what the last run over all rows learnt of it.
private struct SourceWeighing {
    let threshold: Double
    /// By ``Likeness/Number``.
    let weighings: [PersonIndex.Weighing]

    /// Nil where nothing was learnt of the source.
    init?(
        of source: SourceDefinition, by finder: PersonFinder, _ registry: Registry,
        _ progress: (WorkProgress) -> Void
    ) throws {
        let lesson = try registry.database.read { connection in
            try connection.first(
                """
                SELECT l.threshold, l.models, r.persons FROM link_lesson l
                JOIN link_run r ON r.regency = l.regency AND r.run = l.run
                WHERE l.regency = ? AND l.source = ? ORDER BY l.run DESC LIMIT 1
                """, [.text(registry.regency), .text(source.name)]
            ) { (threshold: $0.double(0), models: $0.text(1), persons: $0.int64(2)) }
        }
        guard let lesson else { return nil }
        threshold = lesson.threshold
        try finder.prepare(progress: progress)
        try finder.follow()
        weighings = try LinkageModel.models(json: lesson.models).map {
            try finder.weighing(by: $0, listed: exp2($0.priorWeight) * Double(lesson.persons))
        }
        guard weighings.count == Likeness.Number.allCases.count else { return nil }
    }
}
