import Storage

/// Tells by the numbers in a row, and a name or birth date that confirms them, whom it speaks of.
struct RowMatcher {
    var population = Population()
    /// The members of each family, as chains by person.
    private var nextMember: [Int32] = []
    private var firstMember: [Int32] = []
    /// Of a family whose members went to other cards, or some of them, those who did.
    private var former: [Int32: [Int32]] = [:]

    // MARK: Families

    /// Makes the members of each family a chain, so that a family's names can be looked through.
    mutating func chainMembers() {
        nextMember = [Int32](repeating: 0, count: population.family.count)
        firstMember = [Int32](repeating: 0, count: population.village.count)
        for person in stride(from: population.family.count - 1, to: 0, by: -1) where population.batch[person] != 0 {
            let family = Int(population.family[person])
            nextMember[person] = firstMember[family]
            firstMember[family] = Int32(person)
        }
    }

    /// A person was on a family's card at some time; those who are on another one now have left it. All of a family come one
    /// after the other, in the order of persons, and a person may come again.
    mutating func wasMember(_ person: Int32, of family: Int32) {
        guard population.isListed(person), population.family[Int(person)] != family,
            former[family]?.last != person
        else { return }
        former[family, default: []].append(person)
    }

    /// Whether anybody is on a family's card.
    func hasMembers(_ family: Int32) -> Bool { Int(family) < firstMember.count && firstMember[Int(family)] != 0 }

    /// Who is on a family's card and lives here.
    func residents(_ family: Int32) -> [Int32] {
        var residents: [Int32] = []
        var member = Int(family) < firstMember.count ? firstMember[Int(family)] : 0
        while member != 0 {
            if population.state[Int(member)] == .resident, population.family[Int(member)] == family {
                residents.append(member)
            }
            member = nextMember[Int(member)]
        }
        return residents
    }

    /// The first member of a family whose name agrees with one; nobody before ``chainMembers()``.
    func member(named name: NameForm, of family: Int32) -> Int32? {
        guard Int(family) < firstMember.count else { return nil }
        var member = firstMember[Int(family)]
        while member != 0 {
            if population.name(member).agrees(with: name) { return member }
            member = nextMember[Int(member)]
        }
        return nil
    }

    /// The family of a row's number as it is now: where everybody has left its card, the one to which most of them went; 0
    /// where no family has the number.
    func family(numbered number: KeyedHash?) -> Int32 {
        guard let family = number.flatMap({ population.familyByNumber[$0] }) else { return 0 }
        guard let former = former[family], !firstMember.isEmpty, !hasMembers(family) else { return family }
        var counts: [Int32: Int] = [:]
        for person in former { counts[population.family[Int(person)], default: 0] += 1 }
        return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? family
    }

    /// Somebody of that name who was on a card before; nil where nobody was, or two went to different families.
    private func former(named name: NameForm, of family: Int32) -> Int32? {
        let members = (former[family] ?? []).filter { population.name($0).agrees(with: name) }
        return Set(members.map { population.family[Int($0)] }).count == 1 ? members.first : nil
    }

    // MARK: Rows

    /// Whom a row about a person names by NIK and name or birth date, or 0 and why nobody.
    func person(_ row: OpenedRow) -> (person: Int32, ground: Ground) {
        guard let nik = row.nik else { return (0, row.hasMalformedNIK ? .malformedNIK : .noNIK) }
        guard let person = population.listedPerson(nik) else { return (0, .unknownNIK) }
        guard let ground = population.ground(row, person) else { return (0, .nikDisagrees) }
        // A NIK repeats the birth date, so the two are one agreement, and twins share it: where another of the house has the
        // name, as much speaks for either.
        if ground == .nikAndBirthDate, member(named: row.name, of: population.family[Int(person)]) != nil {
            return (0, .nikDisagrees)
        }
        return (person, ground)
    }

    /// Whom another agency's row about a family names: a member by NIK, or by the family number and a name.
    func familyMember(_ row: OpenedRow) -> (person: Int32, ground: Ground) {
        let (person, ground) = person(row)
        if person != 0 { return (person, ground) }
        if let number = row.familyNumber, let family = population.familyByNumber[number],
            let member = member(named: row.name, of: family) ?? former(named: row.name, of: family)
        {
            return (member, .familyNumberAndName)
        }
        return (0, row.familyNumber == nil ? ground : .familyUnknown)
    }
}
