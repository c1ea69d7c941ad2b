import Journal
import RecordLinkage
import Storage

/// How a link run went.
public struct LinkSummary: Sendable, Equatable {
    /// The number of the run whose links hold now.
    public let run: Int64
    /// How many persons the population register lists.
    public let persons: Int
    /// How many families they make.
    public let families: Int
    /// How many rows of all sources are linked.
    public let linked: Int
    /// How many wait, each with its reason.
    public let unlinked: Int
    /// How many NIKs the population register gives to two people.
    public let sharedNIKs: Int
    /// How many rows are linked or wait, by reason.
    public let grounds: [Ground: Int]
}

extension Registry {
    /// Builds persons and families from the population register, applies deaths and moves, and links all other rows
    /// that speak of them: by a valid NIK where the name or the birth date agrees, else by likeness where it is as good as
    /// certain, or as people decided in review. What is likely but not certain waits for review.
    ///
    /// Every run decides anew on all rows in force and writes what differs from the last run's decisions, in one
    /// transaction; where nothing differs and nothing was delivered since, nothing is written.
    /// - Parameters:
    ///   - progress: is told of the rows read and, after them, those written.
    /// - Throws: ``RegistryError/notReady(_:)`` where no population register was taken yet.
    public func link(progress: (WorkProgress) -> Void = { _ in }) throws -> LinkSummary {
        try database.withLock("registry") {
            let begun = clock.now
            var linker = Linker(registry: self, names: try nameEquivalents())
            try database.read { connection in try linker.decide(on: connection, progress: progress) }
            return try database.write { connection in
                try LinkWriter(registry: self, linker: linker, connection: connection).write(begun: begun, progress)
            }
        }
    }
}

/// What was decided of a row.
struct Decision {
    let line: Int32
    let person: Int32
    /// The family of a row that speaks of one; 0 where the person's is meant.
    let family: Int32
    let ground: Ground
    let day: Int32
    /// Where its evidence lies in ``Linker/evidence``.
    let evidence: Int
    let evidenceLength: Int32

    /// The same row, decided otherwise.
    func with(person: Int32 = 0, family: Int32 = 0, _ ground: Ground) -> Decision {
        Decision(
            line: line, person: person, family: family, ground: ground, day: day, evidence: evidence,
            evidenceLength: evidenceLength)
    }
}

/// Decides, in memory, what each row in force speaks of.
struct Linker {
    let registry: Registry
    private(set) var population = Population()
    /// Decisions by batch, each list in the order of lines.
    private(set) var decisions: [(batch: DeliveredBatch, decisions: [Decision])] = []
    /// The fields that evidence rests on, of all linked rows, one after the other.
    private(set) var evidence: [UInt8] = []
    private(set) var sharedNIKs = 0
    private(set) var grounds: [Ground: Int] = [:]
    /// What the sources' rows taught, in the order in which they were met.
    private(set) var lessons: [Likeness.Lesson] = []
    /// What became of rows that were weighed, in the order of batches and rows.
    private(set) var weighed: [Likeness.Outcome] = []
    private var nextMember: [Int32] = []
    private var firstMember: [Int32] = []
    private var likeness: Likeness
    /// What people decided, by row.
    private var verdicts: [RowPlace: Verdict] = [:]
    /// Rows about a move that wait: whom they speak of may turn out.
    private var waitingMoves: [Int64: (row: OpenedRow, batch: DeliveredBatch)] = [:]

    init(registry: Registry, names: NameEquivalents) {
        self.registry = registry
        likeness = Likeness(names)
    }

    /// The latest delivery's day.
    var day: CalendarDate {
        decisions.map(\.batch.delivered).max() ?? CalendarDate(day: 0)
    }

    mutating func decide(on connection: any Connection, progress: (WorkProgress) -> Void) throws {
        let batches = try DeliveredBatch.all(of: registry, on: connection)
        guard batches.contains(where: { $0.source.effect == .residents }) else {
            throw RegistryError.notReady(
                "no population register has been taken yet: run tepat ingest dukcapil FILE, then tepat link")
        }
        try restore(on: connection)
        verdicts = try LinkDecisions.all(regency: registry.regency, on: connection).mapValues { Verdict($0) }
        let total = try connection.count(
            "SELECT CAST(sum(accepted) AS INTEGER) FROM batch WHERE regency = ? AND completed IS NOT NULL",
            [.text(registry.regency)])
        var done = 0
        func step(_ batch: DeliveredBatch, _ decide: (inout Linker, OpenedRow) -> Decision) throws {
            var list: [Decision] = []
            try RowStream(registry: registry, batch: batch, connection: connection).forEach { rows in
                for row in rows {
                    let decision = heeded(decide(&self, row), batch)
                    if batch.source.effect != .residents {
                        consider(row, decision, batch, place: list.count)
                    } else if decision.ground.isLinked {
                        likeness.list(row, decision.person)
                    }
                    list.append(decision)
                }
                done += rows.count
                progress(WorkProgress(done: done, total: total * 3))
            }
            decisions.append((batch, list))
        }
        // Who lives here is settled first, then who moved or died, then what other agencies' rows say of them.
        for batch in batches where batch.source.effect == .residents {
            try step(batch) { $0.register($1, batch) }
        }
        likeness.endRegister()
        let register = batches.last { $0.source.effect == .residents }?.delivered ?? CalendarDate(day: 0)
        for batch in batches where batch.source.effect == .move {
            try step(batch) { $0.move($1, batch, register: register) }
        }
        for batch in batches where batch.source.effect == .death {
            try step(batch) { $0.death($1, batch) }
        }
        chainMembers()
        for batch in batches where batch.source.effect == nil {
            try step(batch) { batch.source.subject == .person ? $0.matched($1) : $0.family($1) }
        }
        decideByLikeness(register)
        decisions.sort { $0.batch.batch < $1.batch.batch }
    }

    // MARK: Likeness

    /// The outcomes of a batch, in the order of its rows.
    func weighed(in batch: Int64) -> ArraySlice<Likeness.Outcome> {
        let start = weighed.partitioningIndex { $0.batch >= batch }
        let end = weighed.partitioningIndex { $0.batch > batch }
        return weighed[start..<end]
    }

    /// Has a row weighed that waits, or learnt from where its person is certain.
    private mutating func consider(_ row: OpenedRow, _ decision: Decision, _ batch: DeliveredBatch, place: Int) {
        let family = row.familyNumber.flatMap { population.familyByNumber[$0] } ?? 0
        let number = decisions.count
        let bearer = row.nik.flatMap(population.listedPerson) ?? 0
        // Who was refused is not asked about again.
        let holder = decision.ground == .refused ? 0 : bearer
        if row.nik != nil { likeness.count(batch.source, isListed: bearer != 0) }
        // Some of each delivery, spread over it.
        let step = max(1, batch.rows / Likeness.sample)
        let isSampled = place.isMultiple(of: step) && place / step < Likeness.sample
        if !decision.ground.isLinked {
            let holders = holder == 0 ? 0 : population.family[Int(holder)]
            likeness.wait(
                row, batch.source, batch: number, place: place, family: family, holder: (holder, holders))
            if batch.source.effect == .move { waitingMoves[Int64(number) << 32 | Int64(place)] = (row, batch) }
            // Where nobody in the family has the name, the number is right and the name somebody else's: without such rows
            // it would seem that no row is under another's name.
            if holder != 0, isSampled, !population.names(row.name, occurIn: holders, firstMember, nextMember) {
                likeness.learn(row, batch.source, family: family, person: holder)
            }
        } else if decision.person != 0 {
            if let card = row.familyNumber, family == 0 {
                likeness.note(card: card, family: population.family[Int(decision.person)])
            }
            if isSampled { likeness.learn(row, batch.source, family: family, person: decision.person) }
        }
    }

    /// A certain link as people let it stand: one whom they refused is taken back.
    private mutating func heeded(_ decision: Decision, _ batch: DeliveredBatch) -> Decision {
        guard decision.ground.isLinked, decision.person != 0, batch.source.effect != .residents,
            let verdict = verdicts[RowPlace(batch: batch.batch, line: Int64(decision.line))],
            verdict.states[Int64(decision.person)] == .not
        else { return decision }
        grounds[decision.ground, default: 0] -= 1
        grounds[.refused, default: 0] += 1
        return decision.with(.refused)
    }

    /// Decides by likeness, and by what people decided, what no number decided.
    private mutating func decideByLikeness(_ register: CalendarDate) {
        let result = likeness.weigh(population.family) { batch, place in
            let own = decisions[batch]
            return verdicts[RowPlace(batch: own.batch.batch, line: Int64(own.decisions[place].line))]
        }
        lessons = result.lessons
        for outcome in result.outcomes {
            let waiting = decisions[outcome.batch].decisions[outcome.place]
            let batch = decisions[outcome.batch].batch
            let isOfFamilies = batch.source.subject == .family && batch.source.effect == nil
            let verdict = verdicts[RowPlace(batch: batch.batch, line: Int64(waiting.line))]
            let likely = max(outcome.person.1, isOfFamilies ? outcome.family.1 : 0)
            var decided = waiting
            if let person = verdict?.person, population.isListed(Int32(person)) {
                decided = waiting.with(person: Int32(person), .reviewed)
            } else if verdict?.isOpen ?? false {
                decided = waiting.with(.toReview)
            } else if verdict == nil, waiting.ground != .refused, outcome.person.1 >= outcome.threshold {
                decided = waiting.with(person: outcome.person.0, .likeness)
            } else if verdict == nil, waiting.ground != .refused, isOfFamilies,
                outcome.family.1 >= outcome.threshold
            {
                decided = waiting.with(family: outcome.family.0, .likeness)
            } else if likely >= Likeness.leastReviewed {
                // Once people have refused somebody, they decide about whoever is next.
                decided = waiting.with(.toReview)
            } else if verdict != nil {
                decided = waiting.with(.refused)
            } else {
                continue
            }
            grounds[waiting.ground, default: 0] -= 1
            grounds[decided.ground, default: 0] += 1
            decisions[outcome.batch].decisions[outcome.place] = decided
            if decided.ground != .refused { weighed.append(outcome) }
            guard decided.person != 0 else { continue }
            if batch.source.effect == .death { population.state[Int(decided.person)] = .deceased }
            if let move = waitingMoves[Int64(outcome.batch) << 32 | Int64(outcome.place)] {
                apply(move.row, move.batch, to: decided.person, register: register)
            }
        }
        grounds = grounds.filter { $0.value > 0 }
        let batches = decisions.map(\.batch.batch)
        weighed.sort { (batches[$0.batch], $0.place) < (batches[$1.batch], $1.place) }
        weighed = weighed.map { $0.inBatch(Int(batches[$0.batch])) }
    }

    private mutating func restore(on connection: any Connection) throws {
        let regency = SQLValue.text(registry.regency)
        try connection.forEach("SELECT person, nik FROM person WHERE regency = ? ORDER BY person", [regency]) {
            guard let nik = $0.withBytes(1, { KeyedHash($0) }) else { return }
            population.restore(person: Int32($0.int64(0)), nik: nik)
        }
        try connection.forEach("SELECT family, number FROM family WHERE regency = ? ORDER BY family", [regency]) {
            guard let number = $0.withBytes(1, { KeyedHash($0) }) else { return }
            population.restore(family: Int32($0.int64(0)), number: number)
        }
    }

    // MARK: Deciding

    private mutating func decision(_ row: OpenedRow, _ person: Int32, family: Int32 = 0, _ ground: Ground) -> Decision {
        grounds[ground, default: 0] += 1
        let start = evidence.count
        // Of a row that waits too: likeness may link it.
        evidence += row.evidence
        return Decision(
            line: Int32(row.line), person: person, family: family, ground: ground, day: row.day, evidence: start,
            evidenceLength: Int32(evidence.count - start))
    }

    /// A row of the population register.
    private mutating func register(_ row: OpenedRow, _ batch: DeliveredBatch) -> Decision {
        guard let nik = row.nik, let number = row.familyNumber else { return decision(row, 0, .malformedNIK) }
        if let person = population.listedPerson(nik) {
            guard population.ground(row, person) != nil else {
                sharedNIKs += 1
                return decision(row, 0, .nikShared)
            }
            return decision(row, person, .register)
        }
        let family = population.family(number, sealed: row.sealedNumber)
        return decision(row, population.list(row, batch: batch.batch, nik: nik, family: family), .register)
    }

    /// A row that says that someone has moved. A register delivered later than the notice knows better.
    private mutating func move(_ row: OpenedRow, _ batch: DeliveredBatch, register: CalendarDate) -> Decision {
        let decision = heeded(matched(row), batch)
        if decision.person != 0 { apply(row, batch, to: decision.person, register: register) }
        return decision
    }

    private mutating func apply(
        _ row: OpenedRow, _ batch: DeliveredBatch, to person: Int32, register: CalendarDate
    ) {
        guard batch.delivered >= register else { return }
        let index = Int(person)
        if row.move == "out" {
            population.state[index] = .movedOut
        } else if let number = row.familyNumber {
            let family = population.family(number, sealed: row.sealedNumber)
            if family == population.family[index] {
                // The card keeps its number: all of the family has moved.
                population.relocate(family, to: row.village)
            } else {
                // Where the notice names no village, a family that is new lives where its members did.
                let village = row.village ?? population.village[Int(population.family[index])]
                population.settle(family, in: village, isHead: false)
                population.family[index] = family
            }
        }
    }

    /// A row that says that someone has died.
    private mutating func death(_ row: OpenedRow, _ batch: DeliveredBatch) -> Decision {
        let decision = heeded(matched(row), batch)
        if decision.person != 0 { population.state[Int(decision.person)] = .deceased }
        return decision
    }

    /// A row about a person.
    private mutating func matched(_ row: OpenedRow) -> Decision {
        let (person, ground) = match(row)
        return decision(row, person, ground)
    }

    /// A row of another agency about a family, which it names by a member's NIK or by the family number.
    private mutating func family(_ row: OpenedRow) -> Decision {
        let (person, ground) = match(row)
        if person != 0 { return decision(row, person, ground) }
        if let number = row.familyNumber, let family = population.familyByNumber[number] {
            if population.names(row.name, occurIn: family, firstMember, nextMember) {
                return decision(row, 0, family: family, .familyNumberAndName)
            }
        }
        return decision(row, 0, row.familyNumber == nil ? ground : .familyUnknown)
    }

    /// The person whom a row's NIK and name or birth date name, or 0 and why there is none.
    private func match(_ row: OpenedRow) -> (person: Int32, ground: Ground) {
        guard let nik = row.nik else { return (0, row.hasMalformedNIK ? .malformedNIK : .noNIK) }
        guard let person = population.listedPerson(nik) else { return (0, .unknownNIK) }
        guard let ground = population.ground(row, person) else { return (0, .nikDisagrees) }
        return (person, ground)
    }

    /// Makes the members of each family a chain, so that a family's names can be looked through.
    private mutating func chainMembers() {
        nextMember = [Int32](repeating: 0, count: population.family.count)
        firstMember = [Int32](repeating: 0, count: population.village.count)
        for person in stride(from: population.family.count - 1, to: 0, by: -1) where population.batch[person] != 0 {
            let family = Int(population.family[person])
            nextMember[person] = firstMember[family]
            firstMember[family] = Int32(person)
        }
    }
}

extension Array {
    /// The first index from which on a condition holds, in an array where it holds for a last part.
    func partitioningIndex(where holds: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
