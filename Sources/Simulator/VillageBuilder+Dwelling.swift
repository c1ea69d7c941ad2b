import Registry

extension VillageBuilder {
    /// The mean of lasting welfare.
    static let usualWelfare = 13.76

    /// The house, what stands in it and what the family owns: each a noisy witness of lasting welfare.
    mutating func addDwelling(to family: inout Family, _ home: Household) {
        let wealth = (family.welfare - Self.usualWelfare) / 0.45
        let isUrban = place.terrain == .urban
        let isRemote = place.terrain == .remote
        let age = home.living.first?.age(on: today) ?? 40
        var house = Dwelling()
        house.tenure =
            random.chance(age < 32 ? 3600 : 900) ? UInt8([3, 2, 4, 5][random.index(of: [70, 22, 3, 5])]) : 1
        let area = 52 + 13 * witness(wealth, 0.7) + 4 * Double(home.living.count)
        house.floorArea = UInt16(min(max(area, 12), 400))
        house.floor = pick(witness(wealth, 0.75), [(-2.1, 8), (-1.75, 7), (-0.75, 6), (-0.45, 4), (1.6, 2), (9, 1)])
        house.wall = pick(witness(wealth, 0.6), [(-2.05, 4), (-1.55, 3), (-1.25, 2), (9, 1)])
        house.roof = pick(witness(wealth, 0.4), [(-2.2, 3), (-1.5, 4), (2.2, 2), (9, 1)])
        house.water = pick(
            witness(wealth, 0.6),
            isRemote
                ? [(-1.6, 8), (-0.3, 7), (0.8, 5), (1.7, 4), (9, 2)]
                : [(-1.9, 6), (-0.2, 5), (1.0, 4), (1.6, 3), (9, 2)])
        house.toilet = pick(witness(wealth, 0.7), [(-1.9, 6), (-1.55, 4), (-1.0, 2), (9, 1)])
        house.disposal = house.toilet == 1 ? pick(witness(wealth, 0.6), [(-1.4, 4), (-1.0, 3), (9, 1)]) : 3
        house.fuel = pick(
            witness(wealth, 0.6), isUrban ? [(-2.2, 10), (1.5, 4), (9, 3)] : [(-0.9, 10), (1.8, 4), (9, 3)])
        addPower(to: &house, wealth, isRemote: isRemote, size: home.living.count)
        family.house = house
        addAssets(to: &family, wealth, isUrban: isUrban, age: age)
        addLand(to: &family, wealth, home)
    }

    /// What a thing shows of wealth: a number of deviation 1 of which `loading` is wealth and the rest chance.
    private mutating func witness(_ wealth: Double, _ loading: Double) -> Double {
        loading * wealth + (1 - loading * loading).squareRoot() * random.normal()
    }

    private func pick(_ value: Double, _ steps: [(below: Double, code: UInt8)]) -> UInt8 {
        steps.first { value < $0.below }?.code ?? steps[steps.count - 1].code
    }

    private mutating func addPower(to house: inout Dwelling, _ wealth: Double, isRemote: Bool, size: Int) {
        let value = witness(wealth, 0.7)
        if random.chance(isRemote ? 350 : 25) {
            house.light = random.chance(6000) ? 3 : 4
            return
        }
        if random.chance(value < -1 ? 1000 : 150) {
            house.light = 2
            return
        }
        house.power = pick(value, [(-0.35, 1), (0.95, 2), (1.65, 3), (2.2, 4), (9, 5)])
        house.voltAmpere =
            [450, 900, 1300, 2200, [3500, 4400, 5500, 6600][random.index(of: [50, 20, 20, 10])]][Int(house.power) - 1]
        let usual = [520.0, 860, 1450, 2500, 4300][Int(house.power) - 1]
        let use = usual * (1 + 0.16 * wealth + 0.22 * random.normal()) + 55 * Double(size)
        house.use = UInt16(min(max(use, 20), 60_000))
        house.sharesMeter = random.chance(house.tenure == 1 ? 700 : 4500)
    }

    private mutating func addAssets(to family: inout Family, _ wealth: Double, isUrban: Bool, age: Int) {
        let old = age >= 65 ? 0.5 : 0
        let list: [(Family.Asset, loading: Double, above: Double)] = [
            (.gas, 0.5, 1.35), (.fridge, 0.7, -0.05), (.airConditioning, 0.65, isUrban ? 1.35 : 2.0),
            (.waterHeater, 0.6, 2.25), (.telephone, 0.3, 2.3), (.television, 0.5, -1.15), (.gold, 0.55, 0.85),
            (.computer, 0.65, 1.2 + old), (.bicycle, 0.2, -0.1), (.smartphone, 0.45, -1.2 + 2 * old),
            (.otherHouse, 0.5, 1.75),
        ]
        for (asset, loading, above) in list where witness(wealth, loading) > above { family.give(asset) }
        if witness(wealth, 0.72) > 1.3 + old {
            family.cars = random.chance(900) ? 2 : 1
            family.give(.car)
        }
        if witness(wealth, 0.6) > -0.95 + 2 * old {
            family.motorcycles = witness(wealth, 0.6) > 0.75 - old ? 2 : 1
            family.give(.motorcycle)
        }
        if isCoastal {
            if random.chance(500) { family.give(.boat) }
            if random.chance(400) { family.give(.motorBoat) }
        }
    }

    private mutating func addLand(to family: inout Family, _ wealth: Double, _ home: Household) {
        let farms = home.living.contains { $0.work == .farmer }
        var area = 0.0
        if family.house.tenure == 1 { area += 60 + Double(family.house.floorArea) * (1 + random.unit()) }
        if farms || random.chance(1200) {
            area += 1400 * exponential(0.45 * wealth + 0.8 * random.normal())
            family.give(.land)
        }
        // Much land has no certificate yet.
        if random.chance(farms ? 5200 : 4600) { family.certifiedLand = Int32(min(area, 900_000)) }
        guard place.terrain != .urban || random.chance(1500) else { return }
        family.livestock = (
            heads(farms ? 1700 : 500, 4), heads(20, 3), heads(10, 2),
            heads(family.culture == .balinese ? 1800 : 0, 5), heads(farms ? 1900 : 900, 7)
        )
    }

    private mutating func heads(_ chance: Int, _ most: Int) -> UInt8 {
        random.chance(chance) ? UInt8(1 + random.below(most)) : 0
    }
}
