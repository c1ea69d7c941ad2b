import Registry

/// Two cards that seem to be of one household, and what hangs on it.
public struct SharedCardValue: Sendable {
    /// The cards.
    public let card: SharedCard
    /// The village in which the first family lives.
    public let village: RegionCode
    /// Rupiah a year that both families could get as they are, by the last assessments' rules, every quota left aside.
    public let apart: Int64
    /// Rupiah a year that they could get as one family.
    public let together: Int64
}

extension Registry {
    /// What hangs on each pair of cards that seem to be of one household: what both could get as two families, and as one.
    /// What differs most comes first.
    public func valueSharedCards(progress: (WorkProgress) -> Void = { _ in }) throws -> [SharedCardValue] {
        let cards = try sharedCards()
        guard !cards.isEmpty else { return [] }
        let knowledge = try Knowledge(of: self)
        let judges = try CurrentJudges(self, knowledge)
        let reach = wholeReach("what hangs on shared cards")
        var values: [SharedCardValue] = []
        for (index, card) in cards.enumerated() {
            if index.isMultiple(of: 256) { progress(WorkProgress(done: index, total: cards.count)) }
            guard let family = try family(card.family, in: knowledge, as: reach),
                let other = try self.family(card.other, in: knowledge, as: reach)
            else { continue }
            func sum(_ family: KnownFamily) -> Int64 { judges.rupiah(family).reduce(0, +) }
            values.append(
                SharedCardValue(
                    card: card, village: family.village, apart: sum(family) + sum(other),
                    together: sum(other.joined(by: family))))
        }
        progress(WorkProgress(done: cards.count, total: cards.count))
        return values.sorted {
            (abs($1.apart - $1.together), $0.card.family) < (abs($0.apart - $0.together), $1.card.family)
        }
    }
}
