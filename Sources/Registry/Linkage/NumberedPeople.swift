import Storage

/// The persons and families whose numbers stand in some rows, as a registry knows them: what of everybody is needed to link
/// those rows by their numbers.
struct NumberedPeople {
    private let registry: Registry
    private let connection: any Connection
    private let batches: [Int64: DeliveredBatch]
    private let oneOrTwo: OneOrTwo
    private var niks: Set<KeyedHash> = []
    private var numbers: Set<KeyedHash> = []

    init(registry: Registry, connection: any Connection) throws {
        self.registry = registry
        self.connection = connection
        batches = Dictionary(
            uniqueKeysWithValues: try DeliveredBatch.all(of: registry, on: connection).map { ($0.batch, $0) })
        let verdicts = try LinkDecisions.all(regency: registry.regency, on: connection).mapValues { Verdict($0) }
        oneOrTwo = try OneOrTwo(verdicts, regency: registry.regency, on: connection)
    }

    private var regency: SQLValue { .text(registry.regency) }

    /// Notes the numbers in a batch's rows.
    mutating func add(_ batch: DeliveredBatch) throws {
        var (niks, numbers) = (niks, numbers)
        try connection.forEach(
            "SELECT nik, family_number FROM source_row WHERE regency = ? AND batch = ?",
            [regency, .integer(batch.batch)]
        ) { cursor in
            if let nik = cursor.withBytes(0, { KeyedHash($0) }) { niks.insert(nik) }
            if let number = cursor.withBytes(1, { KeyedHash($0) }) { numbers.insert(number) }
        }
        (self.niks, self.numbers) = (niks, numbers)
    }

    /// Who has the noted numbers, and the families of which they are or were, with everybody on their cards.
    func matcher() throws -> RowMatcher {
        var matcher = RowMatcher()
        var homes: [Int32: Home] = [:]
        for nik in niks {
            guard
                let person = try connection.first(
                    "SELECT person FROM person WHERE regency = ? AND nik = ?", [regency, .blob(nik.bytes)],
                    { Int32($0.int64(0)) })
            else { continue }
            if let home = try home(of: person) {
                homes[person] = home
                matcher.population.restore(person: person, nik: nik)
            } else if let kept = oneOrTwo.kept(person), let home = try home(of: kept) {
                // People said that the number is somebody's second one.
                homes[kept] = home
                matcher.population.restore(person: kept, nik: nik)
            }
        }
        // A row may bear the number of one of the house and the name of another.
        for family in Set(homes.values.map(\.family)).sorted() {
            for person in try members(of: family) { homes[person] = try homes[person] ?? home(of: person) }
        }
        var former: [(family: Int32, person: Int32)] = []
        for number in numbers {
            guard
                let family = try connection.first(
                    "SELECT family FROM family WHERE regency = ? AND number = ?", [regency, .blob(number.bytes)],
                    { Int32($0.int64(0)) })
            else { continue }
            matcher.population.restore(family: family, number: number)
            for person in try members(of: Int64(family)) {
                guard let home = try homes[person] ?? home(of: person) else { continue }
                homes[person] = home
                former.append((family, person))
            }
        }
        try list(homes, in: &matcher.population)
        matcher.chainMembers()
        for (family, person) in former { matcher.wasMember(person, of: family) }
        return matcher
    }

    /// Who is or was on a family's card.
    private func members(of family: Int64) throws -> [Int32] {
        try connection.query(
            "SELECT DISTINCT person FROM family_member WHERE regency = ? AND family = ? ORDER BY person",
            [regency, .integer(family)]
        ) { Int32($0.int64(0)) }
    }

    private func home(of person: Int32) throws -> Home? { try registry.home(of: Int64(person), on: connection) }

    /// Puts people on the list with what the register says of them.
    private func list(_ homes: [Int32: Home], in population: inout Population) throws {
        var byBatch: [Int64: [(person: Int32, home: Home)]] = [:]
        for (person, home) in homes { byBatch[home.row.batch, default: []].append((person, home)) }
        for (number, own) in byBatch.sorted(by: { $0.key < $1.key }) {
            guard let batch = batches[number] else { continue }
            let opener = RowOpener(vault: registry.vault, batch: batch)
            var rest = own.sorted { $0.home.row.line < $1.home.row.line }[...]
            while let first = rest.first {
                // Those who stand near each other, as a family does, lie in one block.
                let start = first.home.row.line
                let end = rest.firstIndex { $0.home.row.line >= start + Int64(RowBlock.most) } ?? rest.endIndex
                let near = Dictionary(rest[..<end].map { ($0.home.row.line, $0) }) { one, _ in one }
                let last = rest[end - 1].home.row.line
                rest = rest[end...]
                var stored = try StoredRows(
                    batch: number, lines: start...last, limit: RowBlock.most, regency: registry.regency,
                    on: connection)
                stored?.remove { near[$0.line] == nil }
                for row in try stored.map({ try opener.open($0) }) ?? [] {
                    guard let (person, home) = near[row.line] else { continue }
                    population.list(person, row, in: home)
                }
            }
        }
    }
}
