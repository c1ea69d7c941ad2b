import CEL
import Foundation
import Registry

/// What a programme says of families that follow each other, before any quota.
package struct Judgements: Sendable {
    /// The first family's row in its table.
    package let firstRow: Int
    /// Each family's outcome.
    package var outcomes: [Outcome] = []
    /// The rules that each family fails, the first rule in the lowest bit.
    package var failed: [UInt64] = []
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
package struct ColumnJudge: Sendable {
    /// How many families are worked on at once: few enough that what is worked out for them stays near the processor.
    private static let block = 1024

    let judge: Judge
    private let memberDefinitions: [ColumnExpression]
    private let components: [ColumnExpression]
    private let familyDefinitions: [ColumnExpression]
    private let rules: [ColumnExpression]
    private let priorities: [ColumnExpression]

    package init(_ programme: Programme) {
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
    package func judge(_ table: FactTable) throws -> [Judgements] {
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
        judgements.outcomes = Array(repeating: .eligible, count: rows.count)
        judgements.failed = Array(repeating: 0, count: rows.count)
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
        /// A byte for each family: not 0 where a rule decides against it.
        var decided = [UInt8](repeating: 0, count: ColumnJudge.block)
        /// 1 where a rule calls for a look, 2 where something is unknown.
        var open = [UInt8](repeating: 0, count: ColumnJudge.block)
        /// The rules that a family fails: a byte for eight rules, the first eight of all families first.
        var failed: [UInt8]
        var best: [(component: Int, member: Int)] = []
        var award: Award?

        init(_ programme: Programme) {
            failed = Array(repeating: 0, count: ColumnJudge.block * max(1, (programme.rules.count + 7) / 8))
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
        scratch.failed.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
        scratch.decided.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
        scratch.open.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
        let known = ColumnState.yes.rawValue | ColumnState.no.rawValue
        var unknowns: [(rule: Int, result: ColumnResult)] = []
        for (place, rule) in judge.programme.rules.enumerated() {
            let result = families.evaluate(rules[place])
            guard let states = result.states else { continue }
            let failing = (rule.kind == .requires ? ColumnState.no : .yes).rawValue
            let bit: UInt8 = 1 << UInt8(place % 8)
            let plane = place / 8 * Self.block
            scratch.failed.withUnsafeMutableBufferPointer { failed in
                let failed = UnsafeMutableBufferPointer(rebasing: failed[plane..<plane + count])
                for index in 0..<count { failed[index] |= states[index] == failing ? bit : 0 }
            }
            if rule.hit == .decides {
                scratch.decided.withUnsafeMutableBufferPointer { decided in
                    for index in 0..<count { decided[index] |= states[index] == failing ? 1 : 0 }
                }
            } else {
                scratch.open.withUnsafeMutableBufferPointer { open in
                    for index in 0..<count { open[index] |= states[index] == failing ? 1 : 0 }
                }
            }
            var seen: UInt8 = 0
            for index in 0..<count { seen |= states[index] }
            guard seen & ~known != 0 else { continue }
            unknowns.append((place, result))
            scratch.open.withUnsafeMutableBufferPointer { open in
                for index in 0..<count { open[index] |= states[index] & known == 0 ? 2 : 0 }
            }
        }
        let first = block.lowerBound - judgements.firstRow
        judgements.outcomes.withUnsafeMutableBufferPointer { outcomes in
            let outcomes = UnsafeMutableBufferPointer(rebasing: outcomes[first..<first + count])
            for index in 0..<count {
                outcomes[index] =
                    scratch.decided[index] != 0 ? .ineligible : scratch.open[index] != 0 ? .undetermined : .eligible
            }
        }
        judgements.failed.withUnsafeMutableBufferPointer { failed in
            let failed = UnsafeMutableBufferPointer(rebasing: failed[first..<first + count])
            for plane in 0..<scratch.failed.count / Self.block {
                let bits = scratch.failed[plane * Self.block..<plane * Self.block + count]
                bits.withUnsafeBufferPointer { bits in
                    for index in 0..<count { failed[index] |= UInt64(bits[index]) << UInt64(plane * 8) }
                }
            }
        }
        guard !unknowns.isEmpty else { return }
        for index in 0..<count where scratch.decided[index] == 0 && scratch.open[index] & 2 != 0 {
            let missing = missing(families, index, unknowns)
            judgements.missing.append((Int32(block.lowerBound + index), missing))
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
        let isDescending = judge.programme.priorities.map(\.isDescending)
        let firstMember = table.offsets.elements(of: block).lowerBound
        let start = judgements.eligible.count
        for index in 0..<block.count where scratch.decided[index] | scratch.open[index] == 0 {
            judgements.eligible.append(Int32(block.lowerBound + index))
            for place in orders.indices {
                let value = orders[place].double(index)
                judgements.priorities.append(value.map { isDescending[place] ? -$0 : $0 } ?? .infinity)
            }
        }
        guard case .components(let rule) = judge.programme.benefit else {
            if case .fixed(let amount, _) = judge.programme.benefit {
                let count = judgements.eligible.count - start
                judgements.amounts.append(contentsOf: repeatElement(amount, count: count))
            }
            return
        }
        let amounts = rule.components.map(\.amount)
        for row in judgements.eligible[start...] {
            let row = Int(row)
            let members = table.offsets.elements(of: row..<row + 1)
            scratch.best.removeAll(keepingCapacity: true)
            for (place, member) in members.enumerated() {
                var own: Int?
                for component in claims.indices where claims[component].state(member - firstMember) == .yes {
                    if own.map({ amounts[component] > amounts[$0] }) ?? true { own = component }
                }
                if let own { scratch.best.append((own, place)) }
            }
            scratch.award?.take(&scratch.best)
            judgements.amounts.append(scratch.award?.amount ?? 0)
        }
    }
}
