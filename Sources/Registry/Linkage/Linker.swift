import Journal
import RecordLinkage
import Storage

/// Decides, in memory, what each row in force speaks of.
struct Linker {
    let registry: Registry
    private var matcher = RowMatcher()
    /// What was decided.
    private(set) var rows = DecidedRows()
    private(set) var sharedNIKs = 0
    /// How many entries of the register seem to be somebody's second one.
    private(set) var doublesFound = 0
    /// What the sources' rows taught, in the order in which they were met.
    private(set) var lessons: [Likeness.Lesson] = []
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
    /// Rows about a death or a move of whom they speak is not certain: it may turn out.
    private var pending: [Pending] = []

    private struct Pending {
        let row: OpenedRow
        let batch: DeliveredBatch
        /// The place of its batch, and its place in it.
        let place: (batch: Int, row: Int)
    }

    init(registry: Registry, names: NameEquivalents) {
        self.registry = registry
        likeness = Likeness(names)
        doubles = RegisterDoubles(names)
    }

    /// Persons and families as the register, deaths and moves have them.
    private(set) var population: Population {
        _read { yield matcher.population }
        _modify { yield &matcher.population }
    }

    /// The latest delivery's day.
    var day: CalendarDate {
        rows.batches.map(\.batch.delivered).max() ?? CalendarDate(day: 0)
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
            try RowStream(registry: registry, batch: batch, connection: connection).forEach { opened in
                for row in opened {
                    let decision = heeded(decide(&self, row), batch)
                    if batch.source.effect != .residents {
                        consider(row, decision, batch, place: list.count)
                    } else if decision.ground == .register {
                        self.list(row, decision.person)
                    } else if decision.ground == .reviewed {
                        secondEntries.append((row, rows.count, list.count))
                    }
                    list.append(decision)
                }
                done += opened.count
                progress(WorkProgress(done: done, total: total * 4))
            }
            rows.append(batch, list)
        }
        // Who lives here is settled first, then who moved or died, then what other agencies' rows say of them.
        for batch in batches where batch.source.effect == .residents {
            try step(batch) { $0.register($1, batch) }
        }
        settleSecondEntries()
        likeness.endRegister()
        matcher.chainMembers()
        rowsOf = [Int32](repeating: 0, count: population.family.count)
        let register = batches.last { $0.source.effect == .residents }?.delivered ?? CalendarDate(day: 0)
        for batch in batches where batch.source.effect == .move {
            try step(batch) { $0.move($1, batch, register: register) }
        }
        for batch in batches where batch.source.effect == .death {
            try step(batch) { $0.death($1, batch) }
        }
        matcher.chainMembers()
        try restoreFormer(on: connection)
        for batch in batches where batch.source.effect == nil {
            try step(batch) { batch.source.subject == .person ? $0.matched($1) : $0.familyMatched($1) }
        }
        // The second quarter of the work; the last two are the writing.
        decideByLikeness(register) { progress(WorkProgress(done: total + total * $0 / $1 * 3 / 4, total: total * 4)) }
        findDoubles { progress(WorkProgress(done: total * 7 / 4 + total * $0 / $1 / 4, total: total * 4)) }
        findSharedCards()
        rows.end()
    }

    // MARK: Likeness

    /// Has a row weighed that waits, or learnt from where its person is certain.
    private mutating func consider(_ row: OpenedRow, _ decision: Decision, _ batch: DeliveredBatch, place: Int) {
        let family = matcher.family(numbered: row.familyNumber)
        let isByNumber = decision.ground == .nikAndName || decision.ground == .nikAndBirthDate
        if isByNumber {
            rowsOf[Int(decision.person)] += 1
            if let card = row.familyNumber, batch.source.effect == nil {
                let owner = population.familyByNumber[card] ?? 0
                cards.meet(
                    decision.person, of: population.family[Int(decision.person)], on: card,
                    owner: matcher.hasMembers(owner) ? owner : 0)
            }
        }
        let number = rows.count
        let bearer = row.nik.flatMap(population.listedPerson) ?? 0
        // Who was refused is not asked about again.
        let holder = decision.ground == .refused ? 0 : bearer
        if row.nik != nil { likeness.count(batch.source, isListed: bearer != 0) }
        // Some of each delivery, spread over it.
        let step = max(1, batch.rows / Likeness.sample)
        let isSampled = place.isMultiple(of: step) && place / step < Likeness.sample
        if batch.source.effect != nil, !decision.ground.isCertain {
            pending.append(Pending(row: row, batch: batch, place: (number, place)))
        }
        if !decision.ground.isCertain {
            let holders = holder == 0 ? 0 : population.family[Int(holder)]
            likeness.wait(
                row, batch.source, decision.ground, batch: number, place: place, family: family,
                holder: (holder, holders))
            // Where nobody in the family has the name, the number is right and the name somebody else's: without such rows
            // it would seem that no row is under another's name.
            if holder != 0, !decision.ground.isLinked, isSampled,
                matcher.member(named: row.name, of: holders) == nil
            {
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
        rows.replace(decision, with: decision.with(.refused))
        return decision.with(.refused)
    }

    /// Decides by likeness, and by what people decided, what no number decided.
    private mutating func decideByLikeness(_ register: CalendarDate, progress: (Int, Int) -> Void) {
        let result = likeness.weigh(
            population.family, { verdicts[rows.place($0, $1)] }, progress: progress)
        lessons = result.lessons
        for outcome in result.outcomes {
            let verdict = verdicts[rows.place(outcome.batch, outcome.place)]
            let isListed = verdict?.person.map { population.isListed(Int32($0)) } ?? false
            _ = rows.settle(outcome, verdict, isListed: isListed)
        }
        for row in pending {
            let person = rows.batches[row.place.batch].decisions[row.place.row].person
            guard person != 0 else { continue }
            if row.batch.source.effect == .death { population.state[Int(person)] = .deceased }
            if row.batch.source.effect == .move { apply(row.row, row.batch, to: person, register: register) }
        }
        pending = []
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
            let decision = rows.batches[batch].decisions[place]
            guard let nik = row.nik, let number = row.familyNumber else { continue }
            if population.isListed(decision.person) {
                population.alias(nik, to: decision.person)
                doubles.list(row, decision.person)
                continue
            }
            let family = population.family(number, sealed: row.sealedNumber)
            let person = population.list(
                row, batch: rows.batches[batch].batch.batch, nik: nik, family: family)
            rows.replace(batch, place, with: decision.with(person: person, .register))
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
            guard
                let batch = rows.batches.firstIndex(where: {
                    $0.batch.batch == Int64(population.batch[Int(entry)])
                })
            else { continue }
            let own = rows.batches[batch].decisions
            let place = own.partitioningIndex { $0.line >= population.line[Int(entry)] }
            guard place < own.count, own[place].person == entry else { continue }
            let likeliest = candidates.sorted { ($1.probability, $0.person) < ($0.probability, $1.person) }
            rows.show(Likeness.Outcome(batch: batch, place: place, candidates: Array(likeliest.prefix(5))))
        }
        doublesFound = found.count
        guard let source = rows.batches.first(where: { $0.batch.source.effect == .residents })?.batch.source else {
            return
        }
        lessons.append(
            Likeness.Lesson(
                source: source.name, isOfFamilies: false, models: [model], listed: 1, threshold: 2, hidden: 0,
                linked: 0, right: 0, reviewed: oneOrTwo.decided))
    }

    private mutating func findSharedCards() {
        sharedCards = cards.found(matcher.residents, hasHead: population.hasHead)
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
            matcher.wasMember(Int32($0.int64(1)), of: Int32($0.int64(0)))
        }
    }

    // MARK: Deciding

    /// A row of the population register.
    private mutating func register(_ row: OpenedRow, _ batch: DeliveredBatch) -> Decision {
        guard let nik = row.nik, let number = row.familyNumber else { return rows.decide(row, 0, .malformedNIK) }
        if let person = population.person(nik), let kept = oneOrTwo.kept(person) {
            return rows.decide(row, kept, .reviewed)
        }
        if let person = population.listedPerson(nik) {
            guard population.ground(row, person) != nil else {
                sharedNIKs += 1
                return rows.decide(row, 0, .nikShared)
            }
            return rows.decide(row, person, .register)
        }
        let family = population.family(number, sealed: row.sealedNumber)
        return rows.decide(row, population.list(row, batch: batch.batch, nik: nik, family: family), .register)
    }

    /// A row that says that someone has moved. A register delivered later than the notice knows better.
    private mutating func move(_ row: OpenedRow, _ batch: DeliveredBatch, register: CalendarDate) -> Decision {
        let decision = heeded(matched(row), batch)
        if decision.ground.isCertain { apply(row, batch, to: decision.person, register: register) }
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
        if decision.ground.isCertain { population.state[Int(decision.person)] = .deceased }
        return decision
    }

    /// A row about a person.
    private mutating func matched(_ row: OpenedRow) -> Decision {
        let (person, ground) = matcher.person(row)
        return rows.decide(row, person, ground)
    }

    /// A row of another agency about a family.
    private mutating func familyMatched(_ row: OpenedRow) -> Decision {
        let (person, ground) = matcher.familyMember(row)
        return rows.decide(row, person, ground)
    }
}
