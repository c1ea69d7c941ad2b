import Registry

extension VillageBuilder {
    /// Disability and illness by age, pregnancy of women from 17 to 44.
    mutating func addHealth(to person: inout Person) {
        let age = person.age(on: today)
        let (mild, severe) = age >= 70 ? (1300, 330) : age >= 60 ? (600, 130) : (130, 55)
        if random.chance(severe) {
            person.disability = .severe
        } else if random.chance(mild) {
            person.disability = .mild
        }
        person.isChronicallyIll = random.chance(age >= 60 ? 2600 : age >= 40 ? 1100 : 180)
    }

    /// Schooling, work and consumption of a family's people.
    mutating func addLivelihood(to family: inout Family, _ home: inout Household) {
        // What a family hands down: in part the village's, in part its own.
        let background = 0.4 * standing + 0.9 * random.normal()
        for place in home.living.indices { addSchooling(to: &home.living[place], background) }
        for place in home.gone.indices { addSchooling(to: &home.gone[place], background) }
        for place in home.living.indices { addWork(to: &home.living[place]) }
        for place in home.living.indices {
            let person = home.living[place]
            let age = person.age(on: today)
            if person.isFemale, (17...44).contains(age), person.marriage == .married {
                home.living[place].isPregnant = random.chance(age < 35 ? 1500 : 420)
            }
        }
        addConsumption(to: &family, home)
    }

    private mutating func addSchooling(to person: inout Person, _ background: Double) {
        let born = today / 365 + 1970 - person.age(on: today)
        // The age at which school ends rose from one generation to the next.
        let usual = born < 1950 ? 9.0 : born < 1965 ? 12.2 : born < 1980 ? 14.8 : born < 1995 ? 17.2 : 19.6
        var end = usual + 2.2 * background + 1.7 * random.normal()
        if born >= 2000 { end = random.chance(300) ? 13 : max(end, 16.5) }
        if person.disability == .severe { end -= 5 }
        person.goesToPreschool = random.chance(7200)
        person.leavesSchool =
            switch end {
            case ..<7.5: 0
            case ..<10: UInt8(8 + random.below(4))
            case ..<14.5: 13
            case ..<17.6: 16
            case ..<20.9: 19
            default: UInt8(22 + random.below(3))
            }
    }

    private mutating func addWork(to person: inout Person) {
        let age = person.age(on: today)
        let (enrolled, school, _) = person.schooling(on: today)
        guard age >= 16, !enrolled, person.disability != .severe else { return }
        if age >= 58 {
            let pension = school == .tertiary ? 6000 : school == .senior ? 1500 : 0
            if random.chance(pension) {
                person.work = .pensioner
                return
            }
        } else if random.chance(statePost(school, age: age, isFemale: person.isFemale)) {
            person.work = stateWork(isFemale: person.isFemale, school)
            person.wageAboveMinimum = person.work != .contractServant || random.chance(6000)
            return
        }
        let works = age >= 75 ? 1500 : age >= 60 ? 5200 : person.isFemale ? 5300 : 9300
        guard random.chance(works) else { return }
        person.work = ordinaryWork(school, isFemale: person.isFemale, age: age)
        if person.work == .employee || person.work == .factoryWorker {
            let above = school == .tertiary ? 5200 : school == .senior ? 2500 : 700
            person.wageAboveMinimum = age < 60 && random.chance(above)
            person.isInsuredWorker = random.chance(person.wageAboveMinimum ? 8600 : 4200)
        } else {
            person.isInsuredWorker = random.chance(450)
        }
    }

    private func statePost(_ school: Person.School, age: Int, isFemale: Bool) -> Int {
        guard age >= 21 else { return 0 }
        return switch school {
        case .tertiary: age < 26 ? 700 : 2600
        case .senior: isFemale ? 130 : 280
        default: 0
        }
    }

    private mutating func stateWork(isFemale: Bool, _ school: Person.School) -> Person.Work {
        let works: [Person.Work] = [.civilServant, .contractServant, .army, .police]
        let weights = isFemale ? [60, 38, 0, 2] : school == .tertiary ? [64, 26, 4, 6] : [40, 14, 26, 20]
        return works[random.index(of: weights)]
    }

    private mutating func ordinaryWork(_ school: Person.School, isFemale: Bool, age: Int) -> Person.Work {
        let works: [Person.Work] = [
            .farmer, .farmLabourer, .plantationWorker, .fisher, .trader, .driver, .builder, .servant, .factoryWorker,
            .employee, .familyHelper,
        ]
        var weights =
            place.terrain == .urban
            ? [4, 3, 0, 1, 26, 8, 9, 7, 9, 32, 3] : [24, 20, 2, 1, 16, 5, 9, 4, 6, 12, 6]
        if hasPlantations { weights[2] += 26 }
        if isCoastal { weights[3] += isFemale ? 2 : 20 }
        if isFemale {
            for place in [3, 5, 6] { weights[place] /= 4 }
            weights[10] += 10
            weights[4] += 8
        }
        if school >= .senior {
            for place in [1, 2, 6, 7] { weights[place] /= 3 }
            weights[9] *= school == .tertiary ? 5 : 2
            weights[8] *= 2
        } else if school < .junior {
            weights[9] /= 4
            weights[8] /= 2
        }
        if age >= 60 { weights[9] /= 4 }
        return works[random.index(of: weights)]
    }

    /// Consumption a head: what work, schooling, size and village explain, what lasts beside them, and the luck of the year.
    private mutating func addConsumption(to family: inout Family, _ home: Household) {
        let adults = home.living.filter { $0.age(on: today) >= 18 }
        let schools = adults.map { $0.schooling(on: today).school }
        let best = schools.max() ?? .none
        let schooling = [-0.18, -0.18, -0.12, -0.05, 0.08, 0.34][Int(best.rawValue)]
        var work = -0.10
        for adult in adults where adult.work != .none { work = max(work, Self.gain(from: adult)) }
        let size = home.living.count
        let dependants = home.living.count { person in
            let age = person.age(on: today)
            return age < 15 || age >= 65 || person.disability == .severe
        }
        let terrain = place.terrain == .urban ? 0.12 : place.terrain == .remote ? -0.11 : 0
        var welfare = 13.846 + 0.14 * standing + terrain + schooling + work
        welfare -= 0.085 * Double(min(size, 7) - 2) + 0.12 * Double(dependants) / Double(max(size, 1))
        welfare += 0.33 * random.normal()
        family.welfare = welfare
        let amount = exponential(welfare + 0.33 * random.normal())
        family.consumption = Int32((min(max(amount, 90_000), 60_000_000) / 100).rounded()) * 100
    }

    private static func gain(from adult: Person) -> Double {
        switch adult.work {
        case .none: -0.10
        case .farmLabourer, .servant: -0.12
        case .plantationWorker, .familyHelper: -0.09
        case .fisher, .builder: -0.05
        case .farmer: 0.02
        case .driver, .factoryWorker: adult.wageAboveMinimum ? 0.20 : 0.02
        case .trader: 0.07
        case .employee: adult.wageAboveMinimum ? 0.24 : 0.03
        case .pensioner: 0.24
        case .civilServant, .contractServant, .army, .police: 0.32
        }
    }
}
