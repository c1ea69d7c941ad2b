import Journal
import RecordLinkage
import Storage

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
    /// How many entries of the register seem to be somebody's second one.
    private(set) var doublesFound = 0
    private(set) var grounds: [Ground: Int] = [:]
    /// What the sources' rows taught, in the order in which they were met.
    private(set) var lessons: [Likeness.Lesson] = []
    /// What became of rows that were weighed, in the order of batches and rows.
    private(set) var weighed: [Likeness.Outcome] = []
    private var nextMember: [Int32] = []
    private var firstMember: [Int32] = []
    private var likeness: Likeness
    private var doubles: RegisterDoubles
    /// What people decided, by row.
    private var verdicts: [RowPlace: Verdict] = [:]
    /// What people decided of persons who stood in the register twice.
    private var oneOrTwo = OneOrTwo()
    /// Rows of the register whose person people said to be another one who is listed.
    private var secondEntries: [(row: OpenedRow, batch: Int, place: Int)] = []
    /// For each person how many rows of other sources its NIK links.
    private var rowsOf: [Int32] = []
    private var cards = SharedCards()
    /// Cards of the register whose people are all known on another one.
    private(set) var sharedCards: [SharedCards.Found] = []
    /// Of a family whose members went to other cards, or some of them, those who did.
    private var former: [Int32: [Int32]] = [:]
    /// Rows about a move that wait: whom they speak of may turn out.
    private var waitingMoves: [Int64: (row: OpenedRow, batch: DeliveredBatch)] = [:]

    init(registry: Registry, names: NameEquivalents) {
        self.registry = registry
        likeness = Likeness(names)
        doubles = RegisterDoubles(names)
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
        verdicts = try LinkDecisions.all(regency: registry.regency, on: connection).mapValues { Verdict($0) }
        try restore(on: connection)
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
                    } else if decision.ground == .register {
                        self.list(row, decision.person)
                    } else if decision.ground == .reviewed {
                        secondEntries.append((row, decisions.count, list.count))
                    }
                    list.append(decision)
                }
                done += rows.count
                progress(WorkProgress(done: done, total: total * 4))
            }
            decisions.append((batch, list))
        }
        // Who lives here is settled first, then who moved or died, then what other agencies' rows say of them.
        for batch in batches where batch.source.effect == .residents {
            try step(batch) { $0.register($1, batch) }
        }
        settleSecondEntries()
        likeness.endRegister()
        rowsOf = [Int32](repeating: 0, count: population.family.count)
        let register = batches.last { $0.source.effect == .residents }?.delivered ?? CalendarDate(day: 0)
        for batch in batches where batch.source.effect == .move {
            try step(batch) { $0.move($1, batch, register: register) }
        }
        for batch in batches where batch.source.effect == .death {
            try step(batch) { $0.death($1, batch) }
        }
        chainMembers()
        try restoreFormer(on: connection)
        for batch in batches where batch.source.effect == nil {
            try step(batch) { batch.source.subject == .person ? $0.matched($1) : $0.family($1) }
        }
        // The second quarter of the work; the last two are the writing.
        decideByLikeness(register) { progress(WorkProgress(done: total + total * $0 / $1 * 3 / 4, total: total * 4)) }
        findDoubles { progress(WorkProgress(done: total * 7 / 4 + total * $0 / $1 / 4, total: total * 4)) }
        findSharedCards()
        let batchNumbers = decisions.map(\.batch.batch)
        weighed.sort { (batchNumbers[$0.batch], $0.place) < (batchNumbers[$1.batch], $1.place) }
        weighed = weighed.map { $0.inBatch(Int(batchNumbers[$0.batch])) }
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
        let family = present(row.familyNumber.flatMap { population.familyByNumber[$0] } ?? 0)
        let isByNumber = decision.ground == .nikAndName || decision.ground == .nikAndBirthDate
        if isByNumber {
            rowsOf[Int(decision.person)] += 1
            if let card = row.familyNumber, batch.source.effect == nil {
                let owner = population.familyByNumber[card] ?? 0
                cards.meet(
                    decision.person, of: population.family[Int(decision.person)], on: card,
                    owner: owner != 0 && firstMember[Int(owner)] != 0 ? owner : 0)
            }
        }
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
            if holder != 0, isSampled, population.member(named: row.name, of: holders, firstMember, nextMember) == nil {
                likeness.learn(row, batch.source, family: family, person: holder)
            }
        } else if isByNumber {
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
    private mutating func decideByLikeness(_ register: CalendarDate, progress: (Int, Int) -> Void) {
        let result = likeness.weigh(
            population.family,
            { batch, place in
                let own = decisions[batch]
                return verdicts[RowPlace(batch: own.batch.batch, line: Int64(own.decisions[place].line))]
            }, progress: progress)
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
    }

    // MARK: Twice in the register

    /// A row of the register, of a person whom it lists.
    private mutating func list(_ row: OpenedRow, _ person: Int32) {
        likeness.list(row, person)
        doubles.list(row, person)
    }

    /// Gives the NIK of each second entry to the person as whom people know it. Where that person is not in the register any
    /// more, the entry is the person's own again.
    private mutating func settleSecondEntries() {
        for (row, batch, place) in secondEntries {
            let decision = decisions[batch].decisions[place]
            guard let nik = row.nik, let number = row.familyNumber else { continue }
            if population.isListed(decision.person) {
                population.alias(nik, to: decision.person)
                doubles.list(row, decision.person)
                continue
            }
            let family = population.family(number, sealed: row.sealedNumber)
            let person = population.list(row, batch: decisions[batch].batch.batch, nik: nik, family: family)
            decisions[batch].decisions[place] = decision.with(person: person, .register)
            grounds[.reviewed, default: 0] -= 1
            grounds[.register, default: 0] += 1
            list(row, person)
        }
        secondEntries = []
    }

    /// Looks for persons who stand in the register twice. The entry that fewer rows of others name is put before people, with
    /// the persons whose second one it may be.
    private mutating func findDoubles(progress: (Int, Int) -> Void) {
        let (pairs, model) = doubles.find(progress: progress)
        guard let model else { return }
        var found: [Int32: [Likeness.Candidate]] = [:]
        for pair in pairs where !oneOrTwo.isTwo(pair.one, pair.other) {
            let isFirst = (rowsOf[Int(pair.one)], -pair.one) < (rowsOf[Int(pair.other)], -pair.other)
            let (entry, person) = isFirst ? (pair.one, pair.other) : (pair.other, pair.one)
            found[entry, default: []].append(
                Likeness.Candidate(person: person, weight: pair.weight, probability: pair.probability))
        }
        for (entry, candidates) in found {
            guard let batch = decisions.firstIndex(where: { $0.batch.batch == Int64(population.batch[Int(entry)]) })
            else { continue }
            let rows = decisions[batch].decisions
            let place = rows.partitioningIndex { $0.line >= population.line[Int(entry)] }
            guard place < rows.count, rows[place].person == entry else { continue }
            let likeliest = candidates.sorted { ($1.probability, $0.person) < ($0.probability, $1.person) }
            weighed.append(
                Likeness.Outcome(batch: batch, place: place, candidates: Array(likeliest.prefix(5))))
        }
        doublesFound = found.count
        guard let source = decisions.first(where: { $0.batch.source.effect == .residents })?.batch.source else {
            return
        }
        lessons.append(
            Likeness.Lesson(
                source: source.name, isOfFamilies: false, models: [model], listed: 1, threshold: 2, hidden: 0,
                linked: 0, right: 0, reviewed: oneOrTwo.decided))
    }

    private mutating func findSharedCards() {
        sharedCards = cards.found(
            { family in
                var residents: [Int32] = []
                var member = firstMember[Int(family)]
                while member != 0 {
                    if population.state[Int(member)] == .resident, population.family[Int(member)] == family {
                        residents.append(member)
                    }
                    member = nextMember[Int(member)]
                }
                return residents
            }, hasHead: population.hasHead)
    }

    // MARK: Restoring

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
        oneOrTwo = try OneOrTwo(verdicts, regency: registry.regency, on: connection)
    }

    /// Who has left which family for another card, by the memberships of earlier runs.
    private mutating func restoreFormer(on connection: any Connection) throws {
        try connection.forEach(
            "SELECT family, person FROM family_member WHERE regency = ? ORDER BY family, person",
            [.text(registry.regency)]
        ) {
            let (family, person) = (Int32($0.int64(0)), Int32($0.int64(1)))
            guard population.isListed(person), population.family[Int(person)] != family,
                former[family]?.last != person
            else { return }
            former[family, default: []].append(person)
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
        if let person = population.person(nik), let kept = oneOrTwo.kept(person) {
            return decision(row, kept, .reviewed)
        }
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
            if let member = population.member(named: row.name, of: family, firstMember, nextMember) {
                return decision(row, member, .familyNumberAndName)
            }
            if let member = former(named: row.name, of: family) {
                return decision(row, member, .familyNumberAndName)
            }
        }
        return decision(row, 0, row.familyNumber == nil ? ground : .familyUnknown)
    }

    /// Somebody of that name who was on a card before; nil where nobody was, or two went to different families.
    private func former(named name: NameForm, of family: Int32) -> Int32? {
        let members = (former[family] ?? []).filter { population.name($0).agrees(with: name) }
        return Set(members.map { population.family[Int($0)] }).count == 1 ? members.first : nil
    }

    /// The family of a number as it is now: where everybody has left its card, the one to which most of them went.
    private func present(_ family: Int32) -> Int32 {
        guard let former = former[family], Int(family) < firstMember.count, firstMember[Int(family)] == 0 else {
            return family
        }
        var counts: [Int32: Int] = [:]
        for person in former { counts[population.family[Int(person)], default: 0] += 1 }
        return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? family
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
