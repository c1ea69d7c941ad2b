/// Which members of a family count for which component, and what that comes to. Used again for family after family.
struct Award {
    private let rule: Programme.ComponentRule
    private let amounts: [Int64]
    /// For each component its group's place in ``groupLimits``.
    private let groups: [Int?]
    private let groupLimits: [Int]
    private var perComponent: [Int]
    private var perGroup: [Int]
    /// Who counts for what.
    private(set) var taken: [(component: Int, member: Int)] = []
    /// Rupiah for each period.
    private(set) var amount: Int64 = 0

    init(_ rule: Programme.ComponentRule) {
        self.rule = rule
        amounts = rule.components.map(\.amount)
        let names = rule.groups.keys.sorted()
        groups = rule.components.map { component in names.firstIndex(of: component.group) }
        groupLimits = names.map { rule.groups[$0] ?? 0 }
        perComponent = Array(repeating: 0, count: amounts.count)
        perGroup = Array(repeating: 0, count: names.count)
    }

    /// Takes from each member's best component those that the rule allows.
    ///
    /// - Parameter best: the component of the highest amount that each member has; put in the rule's order.
    mutating func take(_ best: inout [(component: Int, member: Int)]) {
        switch rule.order {
        case .priority: best.sort { ($0.component, $0.member) < ($1.component, $1.member) }
        case .amount:
            let amounts = amounts
            best.sort {
                (-amounts[$0.component], $0.component, $0.member) < (-amounts[$1.component], $1.component, $1.member)
            }
        }
        taken.removeAll(keepingCapacity: true)
        amount = 0
        for index in perComponent.indices { perComponent[index] = 0 }
        for index in perGroup.indices { perGroup[index] = 0 }
        for candidate in best where taken.count < rule.most {
            let component = candidate.component
            guard perComponent[component] < rule.components[component].most else { continue }
            if let group = groups[component] {
                guard perGroup[group] < groupLimits[group] else { continue }
                perGroup[group] += 1
            }
            perComponent[component] += 1
            taken.append(candidate)
            amount += amounts[component]
        }
    }
}
