import Registry

/// The recipient lists before the pilot, with errors of the size that the pilot reported for them.
///
/// The Minister of Social Affairs reported on 7 February 2026 (headline.co.id and others) how far the old data erred, without
/// the method. Here the shares are taken of families: exclusion of all truly entitled, inclusion error of all recipients.
enum EarlierLists {
    /// Shares in thousandths.
    struct Errors: Sendable {
        let exclusion: Int
        let inclusion: Int
    }

    /// PKH before the pilot.
    static let pkh = Errors(exclusion: 777, inclusion: 465)
    /// Sembako before the pilot.
    static let sembako = Errors(exclusion: 700, inclusion: 377)

    private struct Candidate {
        let chance: Int64
        let village: Int
        let family: Int
    }

    /// Puts families on the two lists. Who is left out is remote, unregistered, unlucky; who is wrongly on it is well
    /// connected and was poor once.
    static func draw(for villages: inout [Village], pack: RegionPack, seed: UInt64) {
        var pools: [[Candidate]] = [[], [], [], []]
        for (index, village) in villages.enumerated() {
            var random = Random(seed: seed, village: index, task: 2)
            let distance = pack.villages[index].terrain == .remote ? -0.7 : 0
            for (place, family) in village.families.enumerated() {
                // One list was drawn up from the other in part, so luck is shared.
                let luck = random.normal()
                for (list, entitled) in [family.isEntitledPKH, family.isEntitledSembako].enumerated() {
                    var chance = 0.8 * luck + 0.6 * random.normal() + distance + 0.5 * Double(family.connection)
                    if family.surveyed == 0 { chance -= 2 }
                    if !entitled {
                        chance +=
                            0.5 * Double(family.connection) - 1.3 * (family.welfare - VillageBuilder.usualWelfare)
                            / 0.45
                    }
                    pools[list * 2 + (entitled ? 0 : 1)].append(
                        Candidate(chance: Int64(chance * 1_000_000), village: index, family: place))
                }
            }
        }
        for (list, errors) in [pkh, sembako].enumerated() {
            let entitled = pools[list * 2].count
            let rightly = (entitled * (1000 - errors.exclusion) + 500) / 1000
            let wrongly = (rightly * errors.inclusion + (1000 - errors.inclusion) / 2) / (1000 - errors.inclusion)
            for candidate in best(rightly, of: pools[list * 2]) + best(wrongly, of: pools[list * 2 + 1]) {
                if list == 0 {
                    villages[candidate.village].families[candidate.family].receivesPKH = true
                } else {
                    villages[candidate.village].families[candidate.family].receivesSembako = true
                }
            }
        }
    }

    private static func best(_ count: Int, of pool: [Candidate]) -> [Candidate] {
        let order = pool.sorted { left, right in
            left.chance != right.chance
                ? left.chance > right.chance : (left.village, left.family) < (right.village, right.family)
        }
        return Array(order.prefix(count))
    }
}
