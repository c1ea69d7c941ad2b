import Journal
import Registry
import Testing

@testable import Simulator

@Suite("The people of a simulation")
struct PeopleTests {
    private let region = Fixture.region

    private func mean(_ values: some Collection<Double>) -> Double {
        values.reduce(0, +) / Double(max(values.count, 1))
    }

    @Test(
        "Every NIK and family number begins with 3599 and is nobody else's; the NIK fits its bearer, with rare exceptions"
    )
    func numbers() throws {
        let niks = region.persons.column("nik")
        #expect(niks.allSatisfy { $0.hasPrefix("3599") && $0.utf8.count == 16 })
        #expect(Set(niks).count == niks.count)
        let dates = region.persons.column("registered_birth_date")
        let sexes = region.persons.column("sex")
        var misfits = 0
        for (index, digits) in niks.enumerated() {
            guard case .valid(let nik) = NIK.assess(digits, madeUp: true), let date = CalendarDate(dates[index]) else {
                Issue.record("\(digits)")
                continue
            }
            #expect(nik.hintedSex == sexes[index])
            if !nik.fits(birthDate: date) { misfits += 1 }
        }
        // The registry corrected the date of some, and never the number.
        #expect((50...400).contains(misfits), "\(misfits)")
        let cards = region.families.column("family_number")
        #expect(cards.allSatisfy { if case .success = FamilyNumber.parse($0, madeUp: true) { true } else { false } })
        #expect(Set(cards).count == cards.count)
        // Most were first registered where they live now, not all.
        let villages = Dictionary(
            uniqueKeysWithValues: zip(region.families.column("family_id"), region.families.column("village")))
        let home = zip(region.persons.column("family_id"), niks).count { family, nik in
            villages[family]?.dropFirst(6).prefix(2) == nik.dropFirst(4).prefix(2)
        }
        #expect((0.85...0.97).contains(Double(home) / Double(niks.count)))
    }

    @Test("Families are as large as in the regency, and men and women about as many")
    func size() {
        let sizes = region.families.numbers("persons").compactMap(\.self)
        #expect(sizes.allSatisfy { (1...20).contains($0) })
        #expect(abs(mean(sizes.map(Double.init)) - 1_791_789.0 / 680_000) < 0.05)
        let living = zip(region.persons.flags("alive"), region.persons.flags("moved_out")).map { $0 && !$1 }
        #expect(living.count(where: \.self) == sizes.reduce(0, +))
        let men = zip(region.persons.column("sex"), living).count { $0 == "male" && $1 }
        #expect(abs(Double(men) / Double(sizes.reduce(0, +)) - 0.5) < 0.02)
    }

    @Test("Every village has its share of the families")
    func villages() {
        var counts: [String: Int] = [:]
        for village in region.families.column("village") { counts[village, default: 0] += 1 }
        let whole = Fixture.pack.villages.reduce(0) { $0 + $1.populationShare }
        for village in Fixture.pack.villages {
            let share = village.populationShare / whole * 20_000
            #expect(abs(Double(counts[village.code.text] ?? 0) - share) < 1, "\(village.code)")
        }
        #expect(Population.shares(of: 10, among: [0.25, 0.25, 0.5]).reduce(0, +) == 10)
        #expect(Population.shares(of: 3, among: [0, 0, 0]) == [1, 1, 1])
    }

    @Test("A mother who lives with her child bore it between 16 and 45")
    func mothers() throws {
        let persons = region.persons
        let family = persons.column("family_id")
        let names = persons.column("name")
        let births = try persons.column("birth_date").map { try #require(CalendarDate($0)) }
        let relations = persons.column("relation")
        let mothers = persons.column("mother_name")
        let sexes = persons.column("sex")
        var checked = 0
        for (index, relation) in relations.enumerated() where relation == "child" {
            for other in max(0, index - 12)..<index
            where family[other] == family[index] && names[other] == mothers[index] && sexes[other] == "female"
                && ["head", "spouse"].contains(relations[other]) && persons.rows[index][9] == "0"
            {
                let age = births[other].years(until: births[index])
                #expect((16...45).contains(age), "\(persons.rows[index][0])")
                checked += 1
            }
        }
        #expect(checked > 8000)
    }

    @Test(
        "Six to seven in a hundred people are poor, and each decile is a tenth of the families, ranked by consumption")
    func welfare() throws {
        let consumption = region.families.numbers("consumption_per_head").compactMap(\.self)
        let sizes = region.families.numbers("persons").compactMap(\.self)
        let deciles = region.families.numbers("decile").compactMap(\.self)
        let poor = zip(consumption, sizes).reduce(0) { $0 + ($1.0 < 430_000 ? $1.1 : 0) }
        let share = Double(poor) / Double(sizes.reduce(0, +))
        #expect((0.058...0.072).contains(share), "\(share)")
        var ranges: [Int: ClosedRange<Int>] = [:]
        for decile in 1...10 {
            let inside = zip(consumption, deciles).filter { $0.1 == decile }.map(\.0)
            #expect(inside.count == 2000)
            ranges[decile] = try #require(inside.min())...(try #require(inside.max()))
        }
        for decile in 2...10 {
            let (below, above) = (try #require(ranges[decile - 1]), try #require(ranges[decile]))
            #expect(below.upperBound <= above.lowerBound)
        }
    }

    @Test("The agency's decile follows the true one as a proxy means test does, and some families have none")
    func agencyDecile() {
        let pairs = zip(region.families.numbers("decile"), region.families.numbers("agency_decile")).compactMap {
            pair in
            pair.0.flatMap { decile in pair.1.map { (Double(decile), Double($0)) } }
        }
        let (left, right) = (mean(pairs.map(\.0)), mean(pairs.map(\.1)))
        let covariance = mean(pairs.map { ($0.0 - left) * ($0.1 - right) })
        let spread =
            (mean(pairs.map { ($0.0 - left) * ($0.0 - left) }) * mean(pairs.map { ($0.1 - right) * ($0.1 - right) }))
            .squareRoot()
        // The square of the rank correlation is about the share of variance that the test explains.
        #expect((0.65...0.76).contains(covariance / spread), "\(covariance / spread)")
        let unlisted = region.families.column("surveyed").count { $0.isEmpty }
        #expect((500...750).contains(unlisted), "\(unlisted)")
        #expect((200...700).contains(20_000 - unlisted - pairs.count))
    }

    @Test("Welfare clusters in villages: between a twentieth and a quarter of its variance lies between them")
    func clustering() {
        let values = region.families.numbers("consumption_per_head").compactMap {
            $0.map { exponentialLog(Double($0)) }
        }
        var groups: [String: [Double]] = [:]
        for (village, value) in zip(region.families.column("village"), values) {
            groups[village, default: []].append(value)
        }
        let whole = mean(values)
        let total = mean(values.map { ($0 - whole) * ($0 - whole) })
        let within =
            groups.values.reduce(0) { sum, group in
                let centre = mean(group)
                return sum + group.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
            } / Double(values.count)
        #expect((0.05...0.25).contains(1 - within / total), "\(1 - within / total)")
    }

    @Test("Entitlement is what the definition says")
    func entitlement() {
        let table = region.families
        let deciles = table.numbers("decile").compactMap(\.self)
        let components = table.flags("has_component")
        let excluded = table.flags("is_excluded")
        #expect(
            table.flags("entitled_pkh") == deciles.indices.map { deciles[$0] <= 4 && components[$0] && !excluded[$0] })
        #expect(table.flags("entitled_sembako") == deciles.indices.map { deciles[$0] <= 5 && !excluded[$0] })
        // A car, a public post or a wage excludes; a component needs a person who is one.
        var reasons = Set<String>()
        for row in region.persons.rows where row[8] == "1" && row[9] == "0" && (row[15] == "1" || row[16] == "1") {
            reasons.insert(row[1])
        }
        let identifiers = table.column("family_id")
        let cars = table.numbers("cars")
        #expect(excluded == identifiers.indices.map { reasons.contains(identifiers[$0]) || (cars[$0] ?? 0) > 0 })
    }

    @Test(
        "The earlier lists err as much as was reported of them",
        arguments: [
            ("pkh", 0.777, 0.465), ("sembako", 0.70, 0.377),
        ])
    func lists(programme: String, exclusion: Double, inclusion: Double) {
        let entitled = region.families.flags("entitled_\(programme)")
        let receives = region.families.flags("receives_\(programme)")
        let both = Double(zip(entitled, receives).count { $0 && $1 })
        let excluded = 1 - both / Double(entitled.count(where: \.self))
        let included = 1 - both / Double(receives.count(where: \.self))
        #expect(abs(excluded - exclusion) < 0.015, "\(excluded)")
        #expect(abs(included - inclusion) < 0.015, "\(included)")
        // And who is left out is not left out by chance alone.
        let remote = region.families.column("terrain").map { $0 == "remote" }
        func reach(_ isRemote: Bool) -> Double {
            let chosen = entitled.indices.filter { entitled[$0] && remote[$0] == isRemote }
            return Double(chosen.count { receives[$0] }) / Double(chosen.count)
        }
        #expect(reach(true) < reach(false) * 0.8)
    }

    @Test("The names are of some hundred parts, the common ones common, and some people share name and birth date")
    func names() {
        #expect(NameStock.shared.count > 900)
        var counts: [String: Int] = [:]
        for name in region.persons.column("name") { counts[name, default: 0] += 1 }
        #expect(counts.count > 12_000)
        let most = counts.values.max() ?? 0
        #expect((60...600).contains(most))
        let pairs = zip(region.persons.column("name"), region.persons.column("birth_date")).map { $0 + $1 }
        let shared = pairs.count - Set(pairs).count
        #expect((5...600).contains(shared), "\(shared)")
    }
}

/// The logarithm of an amount, by halving: precise enough to compare variances.
private func exponentialLog(_ amount: Double) -> Double {
    var (low, high) = (0.0, 30.0)
    for _ in 0..<40 {
        let middle = (low + high) / 2
        if exponential(middle) < amount { low = middle } else { high = middle }
    }
    return low
}
