/// A part of an expression that works on the rows of a block, or on the elements of a list of those rows.
protocol ColumnNode: AnyObject, Sendable {
    /// The values for all rows of the scope, in memory that holds until the caller's mark.
    func evaluate(_ scope: ColumnScope) -> ColumnVector
}

/// Where an expression's part is worked out: over the rows of a block, or over the elements of one of its lists.
struct ColumnScope {
    /// The block whose rows they are.
    let block: ColumnBlock
    /// The scope around the elements of a list: its rows, and where each row's elements begin.
    let outer: Outer?

    /// The rows to which elements belong.
    final class Outer {
        let scope: ColumnScope
        let offsets: UnsafePointer<Int32>

        init(scope: ColumnScope, offsets: UnsafePointer<Int32>) {
            self.scope = scope
            self.offsets = offsets
        }
    }

    var count: Int { block.count }
    var memory: ColumnMemory { block.memory }

    /// A column of booleans that `fill` writes; the memory that it needs meanwhile is taken back.
    @inline(__always)
    func booleans(_ fill: (_ output: UnsafeMutablePointer<UInt8>, _ count: Int) -> Void) -> ColumnVector {
        let output = memory.allocate(UInt8.self, count)
        let mark = memory.mark
        fill(output, count)
        memory.release(to: mark)
        return ColumnVector(values: .bool, states: output)
    }
}

/// A variable of the environment, or a field of a list's elements.
final class SlotColumnNode: ColumnNode {
    let slot: Int
    init(_ slot: Int) { self.slot = slot }
    func evaluate(_ scope: ColumnScope) -> ColumnVector { scope.block.vector(slot) }
}

/// What does not depend on the element, worked out for each row and repeated for its elements.
final class SpreadColumnNode: ColumnNode {
    let node: any ColumnNode
    init(_ node: any ColumnNode) { self.node = node }

    func evaluate(_ scope: ColumnScope) -> ColumnVector {
        guard let outer = scope.outer else { return node.evaluate(scope) }
        let inner = node.evaluate(outer.scope)
        let rows = outer.scope.count
        func spread<T: BitwiseCopyable>(_ values: UnsafePointer<T>) -> UnsafePointer<T> {
            let output = scope.memory.allocate(T.self, scope.count)
            ColumnOperations.spread(values, outer.offsets, output, rows)
            return UnsafePointer(output)
        }
        let values: ColumnVector.Values =
            switch inner.values {
            case .bool: .bool
            case .int8(let values): .int8(spread(values))
            case .int16(let values): .int16(spread(values))
            case .int32(let values): .int32(spread(values))
            case .int64(let values): .int64(spread(values))
            case .double(let values): .double(spread(values))
            case .text(let codes, let dictionary): .text(spread(codes), dictionary)
            case .rows: .rows
            }
        return ColumnVector(values: values, states: inner.states.map(spread))
    }
}

/// A constant.
final class ConstantColumnNode: ColumnNode {
    let value: Value
    init(_ value: Value) { self.value = value }

    func evaluate(_ scope: ColumnScope) -> ColumnVector {
        func filled<T: BitwiseCopyable>(_ value: T) -> UnsafePointer<T> {
            let output = scope.memory.allocate(T.self, scope.count)
            output.update(repeating: value, count: scope.count)
            return UnsafePointer(output)
        }
        switch value {
        case .bool(let value):
            return ColumnVector(values: .bool, states: filled((value ? ColumnState.yes : .no).rawValue))
        case .int(let value):
            if let small = Int8(exactly: value) { return ColumnVector(values: .int8(filled(small)), states: nil) }
            return ColumnVector(values: .int64(filled(value)), states: nil)
        case .double(let value): return ColumnVector(values: .double(filled(value)), states: nil)
        default: return ColumnVector(values: .bool, states: filled(ColumnState.error.rawValue))
        }
    }
}

/// `&&` and `||`.
final class LogicColumnNode: ColumnNode {
    let operands: [any ColumnNode]
    let deciding: Bool

    init(_ operands: [any ColumnNode], deciding: Bool) {
        self.operands = operands
        self.deciding = deciding
    }

    func evaluate(_ scope: ColumnScope) -> ColumnVector {
        scope.booleans { output, count in
            ColumnOperations.fill(output, deciding ? .no : .yes, count)
            for operand in operands {
                let mark = scope.memory.mark
                if let states = operand.evaluate(scope).states {
                    ColumnOperations.logic(output, states, deciding: deciding, count)
                }
                scope.memory.release(to: mark)
            }
        }
    }
}

final class NotColumnNode: ColumnNode {
    let operand: any ColumnNode
    init(_ operand: any ColumnNode) { self.operand = operand }

    func evaluate(_ scope: ColumnScope) -> ColumnVector {
        scope.booleans { output, count in
            if let states = operand.evaluate(scope).states { ColumnOperations.not(states, output, count) }
        }
    }
}

/// A number compared with a constant.
final class ConstantComparisonColumnNode: ColumnNode {
    let operand: any ColumnNode
    let constant: Value
    let comparison: ColumnComparison

    init(_ operand: any ColumnNode, _ constant: Value, _ comparison: ColumnComparison) {
        self.operand = operand
        self.constant = constant
        self.comparison = comparison
    }

    func evaluate(_ scope: ColumnScope) -> ColumnVector {
        scope.booleans { output, count in
            let vector = operand.evaluate(scope)
            switch (vector.values, constant) {
            case (.int8(let values), .int(let constant)): compare(values, constant, output, count)
            case (.int16(let values), .int(let constant)): compare(values, constant, output, count)
            case (.int32(let values), .int(let constant)): compare(values, constant, output, count)
            case (.int64(let values), .int(let constant)):
                ColumnOperations.compare(values, constant: constant, comparison, output, count)
            case (_, .int(let constant)):
                ColumnOperations.compare(
                    vector.doubles(scope), constant: Double(constant), comparison, output, count)
            case (_, .double(let constant)):
                ColumnOperations.compare(vector.doubles(scope), constant: constant, comparison, output, count)
            default: ColumnOperations.fill(output, .error, count)
            }
            ColumnOperations.restrict(output, vector.states, nil, count)
            if comparison == .equal || comparison == .different {
                ColumnOperations.nulls(output, vector.states, nil, isNegated: comparison == .different, count)
            }
        }
    }

    @inline(__always)
    private func compare<T: FixedWidthInteger & BitwiseCopyable>(
        _ values: UnsafePointer<T>, _ constant: Int64, _ output: UnsafeMutablePointer<UInt8>, _ count: Int
    ) {
        if let constant = T(exactly: constant) {
            ColumnOperations.compare(values, constant: constant, comparison, output, count)
        } else {
            ColumnOperations.fill(output, comparison.holds(constantIsGreater: constant > 0) ? .yes : .no, count)
        }
    }
}

/// Two numbers compared with each other, or two booleans.
final class ComparisonColumnNode: ColumnNode {
    let left: any ColumnNode
    let right: any ColumnNode
    let type: CELType
    let comparison: ColumnComparison

    /// - Parameter type: what both are compared as: `int`, `double` or `bool`.
    init(_ left: any ColumnNode, _ right: any ColumnNode, as type: CELType, _ comparison: ColumnComparison) {
        self.left = left
        self.right = right
        self.type = type
        self.comparison = comparison
    }

    func evaluate(_ scope: ColumnScope) -> ColumnVector {
        scope.booleans { output, count in
            let (first, second) = (left.evaluate(scope), right.evaluate(scope))
            var (firstStates, secondStates) = (first.states, second.states)
            switch type {
            case .int:
                ColumnOperations.compare(first.integers(scope), second.integers(scope), comparison, output, count)
            case .bool:
                // Of two states that are both truth values false is the greater one.
                let states = (first.states ?? UnsafePointer(output), second.states ?? UnsafePointer(output))
                ColumnOperations.compare(states.0, states.1, comparison.exchanged, output, count)
                firstStates = known(states.0, scope)
                secondStates = known(states.1, scope)
            default: ColumnOperations.compare(first.doubles(scope), second.doubles(scope), comparison, output, count)
            }
            ColumnOperations.restrict(output, firstStates, secondStates, count)
            if comparison == .equal || comparison == .different {
                ColumnOperations.nulls(
                    output, firstStates, secondStates, isNegated: comparison == .different, count)
            }
        }
    }

    /// The states of booleans as those of values: true and false are both there.
    private func known(_ states: UnsafePointer<UInt8>, _ scope: ColumnScope) -> UnsafePointer<UInt8> {
        let output = scope.memory.allocate(UInt8.self, scope.count)
        for index in 0..<scope.count {
            output[index] = states[index] == ColumnState.no.rawValue ? ColumnState.yes.rawValue : states[index]
        }
        return UnsafePointer(output)
    }
}

/// `value in [1, 2]` of constants.
final class MembershipColumnNode: ColumnNode {
    let operand: any ColumnNode
    let constants: [Int64]

    init(_ operand: any ColumnNode, _ constants: [Int64]) {
        self.operand = operand
        self.constants = constants
    }

    func evaluate(_ scope: ColumnScope) -> ColumnVector {
        scope.booleans { output, count in
            let vector = operand.evaluate(scope)
            switch vector.values {
            case .int8(let values): ColumnOperations.contains(values, narrowed(), output, count)
            case .int16(let values): ColumnOperations.contains(values, narrowed(), output, count)
            case .int32(let values): ColumnOperations.contains(values, narrowed(), output, count)
            default: ColumnOperations.contains(vector.integers(scope), constants, output, count)
            }
            ColumnOperations.restrict(output, vector.states, nil, count)
            if let states = vector.states {
                for index in 0..<count where states[index] == ColumnState.null.rawValue {
                    output[index] = ColumnState.no.rawValue
                }
            }
        }
    }
}

extension MembershipColumnNode {
    /// The constants that values of so many bytes can be.
    private func narrowed<T: FixedWidthInteger>() -> [T] { constants.compactMap { T(exactly: $0) } }
}

/// `condition ? first : second`.
final class ConditionalColumnNode: ColumnNode {
    let condition: any ColumnNode
    let first: any ColumnNode
    let second: any ColumnNode
    let type: CELType

    init(_ condition: any ColumnNode, _ first: any ColumnNode, _ second: any ColumnNode, _ type: CELType) {
        self.condition = condition
        self.first = first
        self.second = second
        self.type = type
    }

    func evaluate(_ scope: ColumnScope) -> ColumnVector {
        let count = scope.count
        let states = scope.memory.allocate(UInt8.self, count)
        // Room for what the branches turn out to be.
        let room = scope.memory.allocate(Int64.self, type == .bool ? 0 : count)
        let mark = scope.memory.mark
        defer { scope.memory.release(to: mark) }
        guard let chosen = condition.evaluate(scope).states else {
            ColumnOperations.fill(states, .error, count)
            return ColumnVector(values: .bool, states: states)
        }
        let (yes, no) = (first.evaluate(scope), second.evaluate(scope))
        ColumnOperations.choose(chosen, states: yes.states, no.states, states, count)
        switch (type, yes.values, no.values) {
        case (.int, .int8(let first), .int8(let second)):
            let output = UnsafeMutableRawPointer(room).bindMemory(to: Int8.self, capacity: count)
            ColumnOperations.choose(chosen, first, second, output, count)
            return ColumnVector(values: .int8(output), states: states)
        case (.int, _, _):
            ColumnOperations.choose(chosen, yes.integers(scope), no.integers(scope), room, count)
            return ColumnVector(values: .int64(room), states: states)
        case (.double, _, _):
            let output = UnsafeMutableRawPointer(room).bindMemory(to: Double.self, capacity: count)
            let (first, second) = (yes.doubles(scope), no.doubles(scope))
            for index in 0..<count {
                output[index] = chosen[index] == ColumnState.yes.rawValue ? first[index] : second[index]
            }
            return ColumnVector(values: .double(output), states: states)
        default: return ColumnVector(values: .bool, states: states)
        }
    }
}

/// Arithmetic of two numbers of one type; what overflows is an error.
final class ArithmeticColumnNode: ColumnNode {
    enum Operation: String {
        case add = "_+_"
        case subtract = "_-_"
        case multiply = "_*_"
        case divide = "_/_"
        case remainder = "_%_"
    }

    let left: any ColumnNode
    let right: any ColumnNode
    let operation: Operation
    let isInteger: Bool

    init(_ left: any ColumnNode, _ right: any ColumnNode, _ operation: Operation, isInteger: Bool) {
        self.left = left
        self.right = right
        self.operation = operation
        self.isInteger = isInteger
    }

    func evaluate(_ scope: ColumnScope) -> ColumnVector {
        let count = scope.count
        let states = scope.memory.allocate(UInt8.self, count)
        let room = scope.memory.allocate(Int64.self, count)
        let mark = scope.memory.mark
        defer { scope.memory.release(to: mark) }
        let (first, second) = (left.evaluate(scope), right.evaluate(scope))
        ColumnOperations.fill(states, .yes, count)
        let values: ColumnVector.Values
        if !isInteger {
            let output = UnsafeMutableRawPointer(room).bindMemory(to: Double.self, capacity: count)
            calculate(first.doubles(scope), second.doubles(scope), output, count)
            values = .double(output)
        } else if let narrow = narrow(first, second, room, scope) {
            values = narrow
        } else {
            calculate(first.integers(scope), second.integers(scope), room, states, count)
            values = .int64(room)
        }
        if first.states == nil, second.states == nil, isNarrow(values) {
            return ColumnVector(values: values, states: nil)
        }
        ColumnOperations.restrict(states, first.states, second.states, count)
        return ColumnVector(values: values, states: states)
    }

    private func isNarrow(_ values: ColumnVector.Values) -> Bool {
        switch values {
        case .int16, .int32, .double: true
        default: false
        }
    }

    /// Sums and products of numbers of one or two bytes have room in twice as many: nothing can overflow.
    private func narrow(
        _ first: ColumnVector, _ second: ColumnVector, _ room: UnsafeMutablePointer<Int64>, _ scope: ColumnScope
    ) -> ColumnVector.Values? {
        guard operation != .divide, operation != .remainder else { return nil }
        let count = scope.count
        if case .int8(let left) = first.values, case .int8(let right) = second.values {
            let output = UnsafeMutableRawPointer(room).bindMemory(to: Int16.self, capacity: count)
            switch operation {
            case .add: for index in 0..<count { output[index] = Int16(left[index]) &+ Int16(right[index]) }
            case .subtract: for index in 0..<count { output[index] = Int16(left[index]) &- Int16(right[index]) }
            default: for index in 0..<count { output[index] = Int16(left[index]) &* Int16(right[index]) }
            }
            return .int16(output)
        }
        guard let left = first.shorts(scope), let right = second.shorts(scope) else { return nil }
        let output = UnsafeMutableRawPointer(room).bindMemory(to: Int32.self, capacity: count)
        switch operation {
        case .add: for index in 0..<count { output[index] = Int32(left[index]) &+ Int32(right[index]) }
        case .subtract: for index in 0..<count { output[index] = Int32(left[index]) &- Int32(right[index]) }
        default: for index in 0..<count { output[index] = Int32(left[index]) &* Int32(right[index]) }
        }
        return .int32(output)
    }

    private func calculate(
        _ left: UnsafePointer<Double>, _ right: UnsafePointer<Double>, _ output: UnsafeMutablePointer<Double>,
        _ count: Int
    ) {
        switch operation {
        case .add: for index in 0..<count { output[index] = left[index] + right[index] }
        case .subtract: for index in 0..<count { output[index] = left[index] - right[index] }
        case .multiply: for index in 0..<count { output[index] = left[index] * right[index] }
        default: for index in 0..<count { output[index] = left[index] / right[index] }
        }
    }

    private func calculate(
        _ left: UnsafePointer<Int64>, _ right: UnsafePointer<Int64>, _ output: UnsafeMutablePointer<Int64>,
        _ states: UnsafeMutablePointer<UInt8>, _ count: Int
    ) {
        @inline(__always)
        func each(_ body: (Int64, Int64) -> (partialValue: Int64, overflow: Bool)) {
            for index in 0..<count {
                let (value, overflow) = body(left[index], right[index])
                output[index] = value
                states[index] = overflow ? ColumnState.error.rawValue : ColumnState.yes.rawValue
            }
        }
        switch operation {
        case .add: each { $0.addingReportingOverflow($1) }
        case .subtract: each { $0.subtractingReportingOverflow($1) }
        case .multiply: each { $0.multipliedReportingOverflow(by: $1) }
        case .divide: each { $0.dividedReportingOverflow(by: $1) }
        case .remainder: each { $0.remainderReportingOverflow(dividingBy: $1) }
        }
    }
}

/// A part that depends on one text alone: worked out once for each different text.
final class TextColumnNode: ColumnNode {
    let slot: Int
    let type: CELType
    /// What the part is for a text; for null where there is none.
    let answer: @Sendable (Value) -> Outcome

    init(slot: Int, type: CELType, _ answer: @escaping @Sendable (Value) -> Outcome) {
        self.slot = slot
        self.type = type
        self.answer = answer
    }

    func evaluate(_ scope: ColumnScope) -> ColumnVector {
        let count = scope.count
        let states = scope.memory.allocate(UInt8.self, count)
        let integers = scope.memory.allocate(Int64.self, type == .int ? count : 0)
        let doubles = scope.memory.allocate(Double.self, type == .double ? count : 0)
        let mark = scope.memory.mark
        defer { scope.memory.release(to: mark) }
        let column = scope.block.vector(slot)
        guard case .text(let codes, let dictionary) = column.values else {
            ColumnOperations.fill(states, .error, count)
            return ColumnVector(values: .bool, states: states)
        }
        let answers = scope.block.workspace.answers(of: self, dictionary)
        let entries = answers.states
        for index in 0..<count { states[index] = entries[Int(codes[index])] }
        if let own = column.states {
            for index in 0..<count where own[index] != ColumnState.yes.rawValue {
                states[index] = own[index] == ColumnState.null.rawValue ? answers.null : own[index]
            }
        }
        switch type {
        case .int:
            for index in 0..<count { integers[index] = answers.integers[Int(codes[index])] }
            return ColumnVector(values: .int64(integers), states: states)
        case .double:
            for index in 0..<count { doubles[index] = answers.doubles[Int(codes[index])] }
            return ColumnVector(values: .double(doubles), states: states)
        default: return ColumnVector(values: .bool, states: states)
        }
    }

    /// The answers for each text of a dictionary.
    struct Answers {
        var states: [UInt8] = []
        var integers: [Int64] = []
        var doubles: [Double] = []
        var null = ColumnState.error.rawValue
    }

    func answers(for dictionary: TextDictionary) -> Answers {
        var answers = Answers()
        for text in dictionary.texts {
            let answer = answer(.string(text))
            var (integer, double) = (Int64(0), 0.0)
            if case .value(.int(let value)) = answer { integer = value }
            if case .value(.double(let value)) = answer { double = value }
            answers.states.append(ColumnState(answer).rawValue)
            answers.integers.append(integer)
            answers.doubles.append(double)
        }
        // Only truth values are asked of null: of a number there is no place to keep it.
        answers.null = type == .bool ? ColumnState(answer(.null)).rawValue : ColumnState.error.rawValue
        return answers
    }
}

extension ColumnState {
    /// The state of an outcome.
    init(_ outcome: Outcome) {
        switch outcome {
        case .value(.bool(false)): self = .no
        case .value(.null): self = .null
        case .value: self = .yes
        case .unknown: self = .unknown
        case .error: self = .error
        }
    }
}

/// `has(field)`, and `== null`: whether there is a value, whatever it is.
final class PresenceColumnNode: ColumnNode {
    let operand: any ColumnNode
    let isNegated: Bool

    init(_ operand: any ColumnNode, isNegated: Bool) {
        self.operand = operand
        self.isNegated = isNegated
    }

    func evaluate(_ scope: ColumnScope) -> ColumnVector {
        scope.booleans { output, count in
            let there = isNegated ? ColumnState.no : .yes
            let missing = isNegated ? ColumnState.yes : .no
            ColumnOperations.fill(output, there, count)
            if let states = operand.evaluate(scope).states {
                for index in 0..<count {
                    switch ColumnState(rawValue: states[index]) {
                    case .null: output[index] = missing.rawValue
                    case .unknown, .error: output[index] = states[index]
                    default: break
                    }
                }
            }
        }
    }
}

/// A macro over the elements of a list: `all`, `exists`, `exists_one`, or the size of what `filter` leaves.
final class ElementsColumnNode: ColumnNode {
    enum Macro {
        case quantify(deciding: Bool)
        case existsOne(cannotFail: Bool)
        case count
    }

    let list: Int
    let predicate: any ColumnNode
    let macro: Macro

    init(list: Int, _ predicate: any ColumnNode, _ macro: Macro) {
        self.list = list
        self.predicate = predicate
        self.macro = macro
    }

    func evaluate(_ scope: ColumnScope) -> ColumnVector {
        let count = scope.count
        let output = scope.memory.allocate(UInt8.self, count)
        var isCount = false
        if case .count = macro { isCount = true }
        let numbers = scope.memory.allocate(Int64.self, isCount ? count : 0)
        let mark = scope.memory.mark
        defer { scope.memory.release(to: mark) }
        guard let inner = scope.block.elements(list) else {
            ColumnOperations.fill(output, .unknown, count)
            return ColumnVector(values: isCount ? .int64(numbers) : .bool, states: output)
        }
        let outer = ColumnScope.Outer(scope: scope, offsets: inner.offsets)
        let vector = predicate.evaluate(ColumnScope(block: inner.block, outer: outer))
        guard let states = vector.states else {
            ColumnOperations.fill(output, .error, count)
            return ColumnVector(values: isCount ? .int64(numbers) : .bool, states: output)
        }
        switch macro {
        case .quantify(let deciding):
            ColumnOperations.quantify(states, inner.offsets, deciding: deciding, output, count)
        case .existsOne(let cannotFail):
            ColumnOperations.existsOne(states, inner.offsets, cannotFail: cannotFail, output, count)
        case .count:
            ColumnOperations.countHolding(states, inner.offsets, numbers, output, count)
            return ColumnVector(values: .int64(numbers), states: output)
        }
        return ColumnVector(values: .bool, states: output)
    }
}

/// How many elements a list has.
final class SizeColumnNode: ColumnNode {
    let list: Int
    init(list: Int) { self.list = list }

    func evaluate(_ scope: ColumnScope) -> ColumnVector {
        let numbers = scope.memory.allocate(Int32.self, scope.count)
        guard let offsets = scope.block.elements(list)?.offsets else {
            numbers.update(repeating: 0, count: scope.count)
            let states = scope.memory.allocate(UInt8.self, scope.count)
            ColumnOperations.fill(states, .unknown, scope.count)
            return ColumnVector(values: .int32(numbers), states: states)
        }
        for row in 0..<scope.count { numbers[row] = offsets[row + 1] - offsets[row] }
        return ColumnVector(values: .int32(numbers), states: nil)
    }
}

extension ColumnVector {
    /// The values as integers of 64 bits.
    func integers(_ scope: ColumnScope) -> UnsafePointer<Int64> {
        let output: UnsafeMutablePointer<Int64>
        switch values {
        case .int64(let values): return values
        case .int8(let values):
            output = scope.memory.allocate(Int64.self, scope.count)
            ColumnOperations.widen(values, output, scope.count)
        case .int16(let values):
            output = scope.memory.allocate(Int64.self, scope.count)
            ColumnOperations.widen(values, output, scope.count)
        case .int32(let values):
            output = scope.memory.allocate(Int64.self, scope.count)
            ColumnOperations.widen(values, output, scope.count)
        default:
            output = scope.memory.allocate(Int64.self, scope.count)
            output.update(repeating: 0, count: scope.count)
        }
        return UnsafePointer(output)
    }

    /// The values as integers of 16 bits; nil where they may be larger.
    func shorts(_ scope: ColumnScope) -> UnsafePointer<Int16>? {
        switch values {
        case .int16(let values): return values
        case .int8(let values):
            let output = scope.memory.allocate(Int16.self, scope.count)
            for index in 0..<scope.count { output[index] = Int16(values[index]) }
            return UnsafePointer(output)
        default: return nil
        }
    }

    /// The values as doubles.
    func doubles(_ scope: ColumnScope) -> UnsafePointer<Double> {
        if case .double(let values) = values { return values }
        let integers = integers(scope)
        let output = scope.memory.allocate(Double.self, scope.count)
        for index in 0..<scope.count { output[index] = Double(integers[index]) }
        return UnsafePointer(output)
    }
}
