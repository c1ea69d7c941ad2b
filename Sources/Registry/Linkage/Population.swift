/// Persons and families as they are while a link run builds them, in columns: they count in the millions.
struct Population {
    /// Persons are numbered from 1, so that 0 can stand for nobody.
    private(set) var personByNIK: [KeyedHash: Int32] = [:]
    private(set) var familyByNumber: [KeyedHash: Int32] = [:]
    /// Persons and families that this run made, in their order: number, hash, sealed number.
    private(set) var newPersons: [(number: Int32, hash: KeyedHash, sealed: [UInt8])] = []
    private(set) var newFamilies: [(number: Int32, hash: KeyedHash, sealed: [UInt8])] = []

    // By person. A person who is in no register's row any more has batch 0.
    private(set) var batch: [Int32] = [0]
    private(set) var line: [Int32] = [0]
    var family: [Int32] = [0]
    var state: [KnownFamily.State] = [.resident]
    private var birthDate: [Int32] = [0]
    private var nameStart: [Int32] = [0]
    private var nameEnd: [Int32] = [0]
    private var names: [UInt8] = []

    // By family: its village, and whether its head's row said so.
    private(set) var village: [RegionCode?] = [nil]
    private var villageIsHeads: [Bool] = [false]

    /// How many persons are listed by the register.
    private(set) var listed = 0

    /// Adds a person or family that the database knows.
    mutating func restore(person: Int32, nik: KeyedHash) {
        personByNIK[nik] = person
        growPersons(to: Int(person))
    }

    /// Adds a person or family that the database knows.
    mutating func restore(family: Int32, number: KeyedHash) {
        familyByNumber[number] = family
        growFamilies(to: Int(family))
    }

    private mutating func growPersons(to person: Int) {
        while batch.count <= person {
            batch.append(0)
            line.append(0)
            family.append(0)
            state.append(.resident)
            birthDate.append(0)
            nameStart.append(0)
            nameEnd.append(0)
        }
    }

    private mutating func growFamilies(to family: Int) {
        while village.count <= family {
            village.append(nil)
            villageIsHeads.append(false)
        }
    }

    /// The person of a NIK whom the register lists.
    func listedPerson(_ nik: KeyedHash) -> Int32? {
        guard let person = personByNIK[nik], batch[Int(person)] != 0 else { return nil }
        return person
    }

    /// Whether the register lists a person.
    func isListed(_ person: Int32) -> Bool { batch.indices.contains(Int(person)) && batch[Int(person)] != 0 }

    /// The register has a person twice: from here on a NIK of the one entry is the other's, and the first is not listed.
    mutating func alias(_ nik: KeyedHash, to person: Int32) { personByNIK[nik] = person }

    /// The person of a NIK, also one whom the register does not list any more.
    func person(_ nik: KeyedHash) -> Int32? { personByNIK[nik] }

    /// The family of a number, made where there is none.
    mutating func family(_ number: KeyedHash, sealed: [UInt8]) -> Int32 {
        if let known = familyByNumber[number] { return known }
        let made = Int32(village.count)
        restore(family: made, number: number)
        newFamilies.append((made, number, sealed))
        return made
    }

    /// Puts a person on the register's list, made where there is none.
    mutating func list(_ row: OpenedRow, batch: Int64, nik: KeyedHash, family: Int32) -> Int32 {
        let person: Int32
        if let known = personByNIK[nik] {
            person = known
        } else {
            person = Int32(self.batch.count)
            restore(person: person, nik: nik)
            newPersons.append((person, nik, row.sealedNIK))
        }
        put(person, row, batch: batch, family: family)
        return person
    }

    /// Puts a person whom the database knows on the list.
    mutating func list(_ person: Int32, _ row: OpenedRow, in home: Home) {
        let family = Int32(home.family)
        place(person, in: family)
        growFamilies(to: Int(family))
        put(person, row, batch: home.row.batch, family: family)
        state[Int(person)] = home.state
    }

    /// A person's family is known, though the register's row may not be.
    mutating func place(_ person: Int32, in family: Int32) {
        growPersons(to: Int(person))
        self.family[Int(person)] = family
    }

    private mutating func put(_ person: Int32, _ row: OpenedRow, batch: Int64, family: Int32) {
        let index = Int(person)
        if self.batch[index] == 0 { listed += 1 }
        self.batch[index] = Int32(batch)
        line[index] = Int32(row.line)
        self.family[index] = family
        birthDate[index] = row.birthDate
        nameStart[index] = Int32(names.count)
        names += row.name.bytes
        nameEnd[index] = Int32(names.count)
        settle(family, in: row.village, isHead: row.relation == .head)
    }

    /// A family lives where its head's row says, else where the first member's does.
    mutating func settle(_ family: Int32, in village: RegionCode?, isHead: Bool) {
        guard let village else { return }
        let index = Int(family)
        if self.village[index] == nil || (isHead && !villageIsHeads[index]) {
            self.village[index] = village
            villageIsHeads[index] = isHead
        }
    }

    /// Whether somebody on a family's card is its head.
    func hasHead(_ family: Int32) -> Bool { villageIsHeads[Int(family)] }

    /// A family has moved to another village.
    mutating func relocate(_ family: Int32, to village: RegionCode?) {
        if let village { self.village[Int(family)] = village }
    }

    /// A person's name.
    func name(_ person: Int32) -> NameForm {
        NameForm(stored: names[Int(nameStart[Int(person)])..<Int(nameEnd[Int(person)])])
    }

    /// Why a row with a person's NIK speaks of that person, or nil where name and birth date are another's.
    func ground(_ row: OpenedRow, _ person: Int32) -> Ground? {
        if name(person).agrees(with: row.name) { return .nikAndName }
        if row.birthDate != 0, row.birthDate == birthDate[Int(person)] { return .nikAndBirthDate }
        return nil
    }
}
