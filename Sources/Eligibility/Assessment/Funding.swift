/// Who of the eligible is funded: the quota, filled in its order.
package struct Funding {
    /// What the programme says of each family.
    package let judgements: [Judgements]
    /// How many families can be funded.
    let quota: Int64
    /// For each that is eligible, in the table's order, its place in the order of the quota, from 1.
    package let ranks: [Int32]

    /// Fills a quota.
    ///
    /// - Parameters:
    ///   - priorities: how many numbers the eligible are compared by.
    ///   - lots: each row's lot.
    package init(_ judgements: [Judgements], priorities: Int, quota: Int64, lots: [UInt64]) throws {
        self.judgements = judgements
        self.quota = quota
        let order = try QuotaOrder(judgements, priorities: priorities, lots: lots)
        var ranks = [Int32](repeating: 0, count: order.places.count)
        for (rank, place) in order.places.enumerated() { ranks[Int(place)] = Int32(rank + 1) }
        self.ranks = ranks
    }

    /// Each family's determination, in the table's order.
    func determinations(of table: FactTable, by succession: Succession) throws -> [Determination] {
        let rules = succession.programme.rules.map(\.name)
        let places = try succession.places(
            of: table, outcomes: judgements.flatMap(\.outcomes), failed: judgements.flatMap(\.failed),
            ranks: ranksByRow())
        var determinations: [Determination] = []
        determinations.reserveCapacity(table.count)
        // The same few lists of failed rules come again and again.
        var lists: [UInt64: [String]] = [:]
        var eligible = 0
        for judgement in judgements {
            var missing = judgement.missing[...]
            var own = 0
            for (index, outcome) in judgement.outcomes.enumerated() {
                let row = judgement.firstRow + index
                var (rank, amount): (Int?, Int64) = (nil, 0)
                if outcome == .eligible {
                    rank = Int(ranks[eligible])
                    amount = judgement.amounts[own]
                    eligible += 1
                    own += 1
                }
                var lacks: [Missing] = []
                if let next = missing.first, next.row == Int32(row) {
                    lacks = next.missing
                    missing = missing.dropFirst()
                }
                let place = places[row]
                determinations.append(
                    Determination(
                        family: table.families[row], village: table.villages[row], standing: place.standing,
                        rank: rank, waiting: place.waiting > 0 ? Int(place.waiting) : nil, keeps: place.keeps,
                        amount: place.amount ?? amount,
                        failed: outcome == .eligible
                            ? [] : names(judgement.failed[index], rules, &lists), missing: lacks,
                        notice: place.notice, watched: place.watched))
            }
        }
        return determinations
    }

    /// Each row's place in the order of the quota, from 1; 0 for those that are not eligible.
    private func ranksByRow() -> [Int32] {
        var place = 0
        return judgements.flatMap { judgement in
            judgement.outcomes.map { outcome in
                guard outcome == .eligible else { return 0 }
                place += 1
                return ranks[place - 1]
            }
        }
    }

    /// What becomes of a family where nobody holds a place from before.
    private func standing(_ outcome: Outcome, rank: Int?) -> Standing {
        switch outcome {
        case .ineligible: .ineligible
        case .undetermined: .undetermined
        case .eligible: Int64(rank ?? .max) <= quota ? .funded : .waitlisted
        }
    }

    private func names(_ failed: UInt64, _ rules: [String], _ lists: inout [UInt64: [String]]) -> [String] {
        if let names = lists[failed] { return names }
        let names = rules.indices.filter { failed >> UInt64($0) & 1 == 1 }.map { rules[$0] }
        lists[failed] = names
        return names
    }
}

extension Funding {
    /// What becomes of each family and what it gets for each period, in the table's order.
    func standings() -> (standings: [Standing], amounts: [Int64]) {
        var standings: [Standing] = []
        var amounts: [Int64] = []
        var place = 0
        for judgement in judgements {
            standings.reserveCapacity(standings.count + judgement.outcomes.count)
            var own = 0
            for outcome in judgement.outcomes {
                var (rank, amount): (Int?, Int64) = (nil, 0)
                if outcome == .eligible {
                    rank = Int(ranks[place])
                    amount = judgement.amounts[own]
                    place += 1
                    own += 1
                }
                let standing = standing(outcome, rank: rank)
                standings.append(standing)
                amounts.append(standing == .funded ? amount : 0)
            }
        }
        return (standings, amounts)
    }
}
