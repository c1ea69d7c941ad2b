import Journal
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
    /// that speak of them with certainty: by a valid NIK, where the name or the birth date agrees.
    ///
    /// Every run decides anew on all rows in force and writes what differs from the last run's decisions, in one
    /// transaction; where nothing differs and nothing was delivered since, nothing is written.
    /// - Parameters:
    ///   - progress: is told of the rows read and, after them, those written.
    /// - Throws: ``RegistryError/notReady(_:)`` where no population register was taken yet.
    public func link(progress: (WorkProgress) -> Void = { _ in }) throws -> LinkSummary {
        try database.withLock("registry") {
            let begun = clock.now
            var linker = Linker(registry: self)
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
    private var nextMember: [Int32] = []
    private var firstMember: [Int32] = []

    init(registry: Registry) { self.registry = registry }

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
        let total = try connection.count(
            "SELECT CAST(sum(accepted) AS INTEGER) FROM batch WHERE regency = ? AND completed IS NOT NULL",
            [.text(registry.regency)])
        var done = 0
        func step(_ batch: DeliveredBatch, _ decide: (inout Linker, OpenedRow) -> Decision) throws {
            var list: [Decision] = []
            try RowStream(registry: registry, batch: batch, connection: connection).forEach { rows in
                for row in rows { list.append(decide(&self, row)) }
                done += rows.count
                progress(WorkProgress(done: done, total: total * 3))
            }
            decisions.append((batch, list))
        }
        // Who lives here is settled first, then who moved or died, then what other agencies' rows say of them.
        for batch in batches where batch.source.effect == .residents {
            try step(batch) { $0.register($1, batch) }
        }
        let register = batches.last { $0.source.effect == .residents }?.delivered ?? CalendarDate(day: 0)
        for batch in batches where batch.source.effect == .move {
            try step(batch) { $0.move($1, batch, register: register) }
        }
        for batch in batches where batch.source.effect == .death {
            try step(batch) { $0.death($1) }
        }
        chainMembers()
        for batch in batches where batch.source.effect == nil {
            try step(batch) { batch.source.subject == .person ? $0.person($1) : $0.family($1) }
        }
        decisions.sort { $0.batch.batch < $1.batch.batch }
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
        if ground.isLinked { evidence += row.evidence }
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
        let (person, ground) = match(row)
        if person != 0, batch.delivered >= register {
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
        return decision(row, person, ground)
    }

    /// A row that says that someone has died.
    private mutating func death(_ row: OpenedRow) -> Decision {
        let (person, ground) = match(row)
        if person != 0 { population.state[Int(person)] = .deceased }
        return decision(row, person, ground)
    }

    /// A row of another agency about a person.
    private mutating func person(_ row: OpenedRow) -> Decision {
        let (person, ground) = match(row)
        return decision(row, person, ground)
    }

    /// A row of another agency about a family, which it names by a member's NIK or by the family number.
    private mutating func family(_ row: OpenedRow) -> Decision {
        let (person, ground) = match(row)
        if person != 0 { return decision(row, person, ground) }
        if let number = row.familyNumber, let family = population.familyByNumber[number] {
            var member = firstMember[Int(family)]
            while member != 0 {
                if population.name(member).agrees(with: row.name) {
                    return decision(row, 0, family: family, .familyNumberAndName)
                }
                member = nextMember[Int(member)]
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
