import Journal

/// The proxy means test that the agency ranks by: points for what the questionnaire sees.
///
/// The official variables and weights are not public. These points are the rounded coefficients, in thousandths, of a
/// least-squares fit of the logarithm of true consumption a head on a simulated regency of 20,000 families, so that the score
/// errs as such a test does: it explains somewhat more than half of the variance.
enum WelfareScore {
    /// The score of a family from its house, goods and people; higher is better off.
    static func points(_ family: Family, _ people: [Person], today: Int) -> Double {
        Double(points(of: family.house) + points(ofGoods: family) + points(of: people, today: today)) / 1000
    }

    private static func points(of house: Dwelling) -> Int {
        let floor = [0, 0, -103, -103, -193, -237, -237, -278, -388, -278][Int(house.floor)]
        let wall = [0, 0, -50, -90, -100, -100, -100, -100][Int(house.wall)]
        let roof = [0, 0, -50, -140, -85, -140, -140, -140, -140][Int(house.roof)]
        let water = [0, 0, 0, -25, -75, -135, -220, -180, -185, -185, -185, -185][Int(house.water)]
        let power = [0, 0, 90, 160, 205, 295][Int(house.power)]
        let fuel = house.fuel == 10 ? -125 : house.fuel == 4 ? -50 : 0
        let toilet = [0, 0, -45, -70, -70, -70, -105][Int(house.toilet)]
        let disposal = [0, 0, 0, -85, -120, -120, -120][Int(house.disposal)]
        return floor + wall + roof + water + power + fuel + toilet + disposal + 7 * Int(house.floorArea)
    }

    private static func points(ofGoods family: Family) -> Int {
        let goods: [(Family.Asset, Int)] = [
            (.gas, 70), (.fridge, 100), (.airConditioning, 90), (.waterHeater, 95), (.telephone, 50), (.television, 80),
            (.gold, 80), (.computer, 95), (.bicycle, 25), (.motorcycle, 80), (.car, 135), (.smartphone, 75),
            (.otherHouse, 105),
        ]
        return goods.reduce(0) { $0 + (family.has($1.0) ? $1.1 : 0) }
    }

    private static func points(of people: [Person], today: Int) -> Int {
        let adults = people.filter { $0.age(on: today) >= 18 }
        let school = adults.map { $0.schooling(on: today).school }.max() ?? .none
        let works = adults.map(\.work)
        let served = works.contains { $0.isPaidByState && $0 != .pensioner } ? 50 : 0
        return [0, 0, 0, 25, 60, 140][Int(school.rawValue)] + served - 55 * people.count
    }
}
