import CEL
import Foundation
import Registry

/// What a programme says of families that follow each other, before any quota.
struct Judgements: Sendable {
    /// The first family's row in its table.
    let firstRow: Int
    /// Each family's outcome.
    var outcomes: [Outcome] = []
    /// The rules that each family fails, the first rule in the lowest bit.
    var failed: [UInt64] = []
    /// The rows of those that are eligible.
    var eligible: [Int32] = []
    /// Rupiah for each period, of each that is eligible.
    var amounts: [Int64] = []
    /// What the order of the quota compares, of each that is eligible: one number for each priority, one family's after the
    /// other's.
    var priorities: [Double] = []
    /// What must be known of those that are undetermined, by row; nothing where a look is called for alone.
    var missing: [(row: Int32, missing: [Missing])] = []
}

/// Applies a programme to whole columns of families; ``Judge`` says the same of each.
struct ColumnJudge: Sendable {
    /// How many families are worked on at once: few enough that what is worked out for them stays near the processor.
    private static let block = 1024

    let judge: Judge
    private let memberDefinitions: [ColumnExpression]
    private let components: [ColumnExpression]
    private let familyDefinitions: [ColumnExpression]
    private let rules: [ColumnExpression]
    private let priorities: [ColumnExpression]

    init(_ programme: Programme) {
        judge = Judge(programme)
        memberDefinitions = judge.memberDefinitions.map { ColumnExpression($0) }
        familyDefinitions = judge.familyDefinitions.map { ColumnExpression($0) }
        rules = programme.rules.map { ColumnExpression($0.expression) }
        priorities = programme.priorities.map { ColumnExpression($0.expression) }
        components =
            if case .components(let rule) = programme.benefit {
                rule.components.map { ColumnExpression($0.expression) }
            } else { [] }
    }

    /// How many parts of the programme's expressions are worked out row by row.
    var partsByRow: Int {
        [memberDefinitions, components, familyDefinitions, rules, priorities].joined().reduce(0) { $0 + $1.partsByRow }
    }

    /// Judges all families of a table on all cores; the results are in the table's order.
    func judge(_ table: FactTable) throws -> [Judgements] {
        // A few pieces for each core, so that one that takes longer holds nobody up.
        let pieces = ProcessInfo.processInfo.activeProcessorCount * 4
        let size = max(Self.block, (table.count + pieces - 1) / pieces)
        let ranges = stride(from: 0, to: table.count, by: size).map { $0..<min($0 + size, table.count) }
        return try Pipeline.map(ranges) { judge(table, rows: $0) }
    }

    /// Judges some families of a table.
    func judge(_ table: FactTable, rows: Range<Int>) -> Judgements {
        let workspace = ColumnWorkspace()
        let (members, families) = (ColumnBlock(workspace), ColumnBlock(workspace))
        var judgements = Judgements(firstRow: rows.lowerBound)
        judgements.outcomes.reserveCapacity(rows.count)
        judgements.failed.reserveCapacity(rows.count)
        var scratch = Scratch(judge.programme)
        for start in stride(from: rows.lowerBound, to: rows.upperBound, by: Self.block) {
            workspace.reset()
            let block = start..<min(start + Self.block, rows.upperBound)
            let claims = begin(members, table, block)
            begin(families, members, table, block)
            decide(families, table, block, &scratch, into: &judgements)
            reward(families, claims, table, block, &scratch, into: &judgements)
        }
        return judgements
    }

    /// Memory that is used again for each block.
    private struct Scratch {
        var decided = [UInt8](repeating: 0, count: ColumnJudge.block)
        var open = [UInt8](repeating: 0, count: ColumnJudge.block)
        var best: [(component: Int, member: Int)] = []
        var award: Award?

        init(_ programme: Programme) {
            if case .components(let rule) = programme.benefit { award = Award(rule) }
        }
    }

    // MARK: What expressions see

    /// The members' attributes and definitions, and whether each has a component.
    private func begin(_ members: ColumnBlock, _ table: FactTable, _ block: Range<Int>) -> [ColumnResult] {
        members.begin(rows: table.offsets.elements(of: block))
        for column in table.members { members.append(column) }
        for (definition, expression) in zip(judge.memberDefinitions, memberDefinitions) {
            members.append(members.evaluate(expression)) { Judge.value(of: definition.evaluate($0)) }
        }
        let claims = components.map { members.evaluate($0) }
        let any = members.booleans { output in
            for row in 0..<members.count {
                var seen: UInt8 = 0
                for claim in claims { seen |= claim.states?[row] ?? 0 }
                // A component that fails is one that the member does not have.
                let state: ColumnState =
                    seen & ColumnState.yes.rawValue != 0
                    ? .yes : seen & ColumnState.unknown.rawValue != 0 ? .unknown : .no
                output[row] = state.rawValue
            }
        }
        let expressions = components.map(\.expression)
        members.append(any) { row in Judge.anyHolds(expressions.map { $0.evaluate(row) }) }
        return claims
    }

    private func begin(_ families: ColumnBlock, _ members: ColumnBlock, _ table: FactTable, _ block: Range<Int>) {
        families.begin(rows: block)
        families.appendList(table.offsets, elements: members)
        for column in table.family { families.append(column) }
        for (definition, expression) in zip(judge.familyDefinitions, familyDefinitions) {
            families.append(families.evaluate(expression)) { Judge.value(of: definition.evaluate($0)) }
        }
    }

    // MARK: What it comes to

    private func decide(
        _ families: ColumnBlock, _ table: FactTable, _ block: Range<Int>, _ scratch: inout Scratch,
        into judgements: inout Judgements
    ) {
        let count = block.count
        let first = judgements.failed.count
        judgements.failed.append(contentsOf: repeatElement(0, count: count))
        for index in 0..<count {
            scratch.decided[index] = 0
            scratch.open[index] = 0
        }
        var unknowns: [(rule: Int, result: ColumnResult)] = []
        for (place, rule) in judge.programme.rules.enumerated() {
            let result = families.evaluate(rules[place])
            guard let states = result.states else { continue }
            let failing = (rule.kind == .requires ? ColumnState.no : .yes).rawValue
            let known = ColumnState.yes.rawValue | ColumnState.no.rawValue
            let decides = rule.hit == .decides
            var seen: UInt8 = 0
            judgements.failed.withUnsafeMutableBufferPointer { failed in
                scratch.decided.withUnsafeMutableBufferPointer { decided in
                    scratch.open.withUnsafeMutableBufferPointer { open in
                        for index in 0..<count {
                            let state = states[index]
                            let fails: UInt8 = state == failing ? 1 : 0
                            failed[first + index] |= UInt64(fails) << UInt64(place)
                            if decides { decided[index] |= fails } else { open[index] |= fails }
                            open[index] |= state & known == 0 ? 2 : 0
                            seen |= state
                        }
                    }
                }
            }
            if seen & ~known != 0 { unknowns.append((place, result)) }
        }
        for index in 0..<count {
            let outcome: Outcome =
                scratch.decided[index] != 0 ? .ineligible : scratch.open[index] != 0 ? .undetermined : .eligible
            judgements.outcomes.append(outcome)
            if outcome == .undetermined, scratch.open[index] & 2 != 0 {
                let missing = missing(families, index, unknowns)
                judgements.missing.append((Int32(block.lowerBound + index), missing))
            }
        }
    }

    /// What must be known before a family can be determined, told by the rules that it leaves open.
    private func missing(
        _ families: ColumnBlock, _ index: Int, _ unknowns: [(rule: Int, result: ColumnResult)]
    ) -> [Missing] {
        var names: Set<String> = []
        for (rule, result) in unknowns where result.state(index) == .unknown {
            if case .unknown(let unknown) = rules[rule].expression.evaluate(families.row(index)) {
                names.formUnion(unknown.names)
            }
        }
        return names.compactMap { Missing(reading: $0) }.sorted()
    }

    /// The amounts and the order of those who are eligible.
    private func reward(
        _ families: ColumnBlock, _ claims: [ColumnResult], _ table: FactTable, _ block: Range<Int>,
        _ scratch: inout Scratch, into judgements: inout Judgements
    ) {
        let orders = priorities.map { families.evaluate($0) }
        let first = judgements.outcomes.count - block.count
        let firstMember = table.offsets.elements(of: block).lowerBound
        for index in 0..<block.count where judgements.outcomes[first + index] == .eligible {
            let row = block.lowerBound + index
            judgements.eligible.append(Int32(row))
            for (priority, order) in zip(judge.programme.priorities, orders) {
                judgements.priorities.append(order.double(index).map { priority.isDescending ? -$0 : $0 } ?? .infinity)
            }
            let members = table.offsets.elements(of: row..<row + 1)
            judgements.amounts.append(
                amount(members.lowerBound - firstMember..<members.upperBound - firstMember, claims, &scratch))
        }
    }

    private func amount(_ members: Range<Int>, _ claims: [ColumnResult], _ scratch: inout Scratch) -> Int64 {
        guard case .components(let rule) = judge.programme.benefit else {
            if case .fixed(let amount, _) = judge.programme.benefit { return amount }
            return 0
        }
        scratch.best.removeAll(keepingCapacity: true)
        for (place, member) in members.enumerated() {
            var own: Int?
            for (component, claim) in claims.enumerated() where claim.state(member) == .yes {
                let isMore = own.map { rule.components[component].amount > rule.components[$0].amount } ?? true
                if isMore { own = component }
            }
            if let own { scratch.best.append((own, place)) }
        }
        scratch.award?.take(&scratch.best)
        return scratch.award?.amount ?? 0
    }
}
