import Registry

extension AgencyWriter {
    /// One row of an earlier recipient list.
    func writeRecipient(_ home: Home, of list: Agency, into file: inout AgencyFile) {
        let dead = home.gone.first { home.person($0).presence == .dead }
        let left = home.gone.first { home.person($0).presence == .movedOut }
        var named = home.caretaker
        if let dead, file.random.chance(4500) {
            named = dead
        } else if let left, file.random.chance(1500) {
            named = left
        } else if named != home.head, file.random.chance(1200) {
            named = home.head
        }
        let person = home.person(named)
        let isPKH = list == .pkh
        file.row(person: home.identifier(named), family: home.number) { file in
            if person.presence == .dead { file.note(.deadListed) }
            if person.presence == .movedOut { file.note(.movedListed) }
            let number = scattered(home.number * 2 + file.copy, below: 1_000_000_000)
            file.field(Self.identifier(isPKH ? "PKH3599" : "SBK3599", number, width: 9))
            file.familyNumber(home.family)
            file.nik(of: named, in: home.village, home.family)
            file.name(of: person, capitalised: file.random.chance(700))
            file.birth(of: person, dayFirst: true)
            file.village(codes, of: home.family, in: home.village)
            let first = isPKH ? 2007 : 2017
            file.integer(max(first, year - 1 - file.random.below(isPKH ? 11 : 8)))
            file.integer(isPKH ? amount(home, &file) : 600_000)
        }
    }

    /// A stage's amount, rupiah, by the components of 2025; where the family has none any more, what it had once.
    private func amount(_ home: Home, _ file: inout AgencyFile) -> Int {
        var amounts: [Int] = []
        for place in home.living {
            let person = home.person(place)
            let age = person.age(on: today)
            let (enrolled, school, _) = person.schooling(on: today)
            var best = 0
            if person.isPregnant || age <= 6 { best = 750_000 }
            if age >= 60 || person.disability == .severe { best = max(best, 600_000) }
            if enrolled {
                best = max(best, [.primary: 225_000, .junior: 375_000, .senior: 500_000][school] ?? 0)
            }
            if best > 0 { amounts.append(best) }
        }
        if amounts.isEmpty { return [225_000, 375_000, 500_000][file.random.below(3)] }
        return amounts.prefix(4).reduce(0, +)
    }

    /// The account that aid is paid into; a few families have one from aid of years ago.
    func writeAccount(_ home: Home, into file: inout AgencyFile) {
        let receives = home.family.receivesPKH || home.family.receivesSembako
        guard file.random.chance(receives ? 9500 : home.family.decile <= 6 ? 600 : 100) else { return }
        file.row(person: home.identifier(home.caretaker), family: home.number) { file in
            file.field(["BRI", "BNI", "MANDIRI", "BSI", "BTN"][file.random.index(of: [64, 18, 11, 4, 3])])
            file.field(Self.identifier("", scattered(home.number, below: 100_000_000_000), width: 15))
            file.nik(of: home.caretaker, in: home.village, home.family)
            file.name(of: home.person(home.caretaker))
            file.field(
                ["AKTIF", "PASIF", "TUTUP"][file.random.index(of: receives ? [92, 7, 1] : [34, 40, 26])])
        }
    }
}
