/// The memory in which one thread works on blocks of rows.
public final class ColumnWorkspace {
    let memory = ColumnMemory()
    private let start: ColumnMemory.Mark
    private var answers: [ObjectIdentifier: Answers] = [:]

    /// Holds the node, whose identity would be another's once it were gone.
    private struct Answers {
        let node: TextColumnNode
        let dictionary: TextDictionary
        let answers: TextColumnNode.Answers
    }

    /// A workspace; it grows to what the largest block needs.
    public init() { start = memory.mark }

    /// Takes back all memory: the results of the blocks so far mean nothing any more.
    public func reset() { memory.release(to: start) }

    func answers(of node: TextColumnNode, _ dictionary: TextDictionary) -> TextColumnNode.Answers {
        if let found = answers[ObjectIdentifier(node)], found.dictionary === dictionary { return found.answers }
        let made = node.answers(for: dictionary)
        answers[ObjectIdentifier(node)] = Answers(node: node, dictionary: dictionary, answers: made)
        return made
    }
}

/// Some rows that follow each other, with the values of an environment's variables for them: from columns, or worked out.
///
/// A block belongs to one thread.
public final class ColumnBlock {
    /// How many rows there are.
    public private(set) var count = 0
    let workspace: ColumnWorkspace
    var memory: ColumnMemory { workspace.memory }
    private var slots: [Slot] = []
    private var firstRow = 0

    private enum Slot {
        case column(Column)
        /// Worked out for this block, with how to work it out again for one row.
        case result(ColumnVector, row: (ColumnRow) -> Value)
        case list(offsets: UnsafePointer<Int32>, owner: ListOffsets, elements: ColumnBlock)
    }

    /// A block without rows.
    public init(_ workspace: ColumnWorkspace) { self.workspace = workspace }

    /// Begins anew with these rows, without variables: they are added in the environment's order.
    public func begin(rows: Range<Int>) {
        count = rows.count
        firstRow = rows.lowerBound
        slots.removeAll(keepingCapacity: true)
    }

    /// Adds the next variable: a column of which these rows are a part.
    public func append(_ column: Column) { slots.append(.column(column)) }

    /// Adds the next variable: what an expression came to in this block. What has no value is unknown without a name.
    ///
    /// - Parameter row: the value for one row, which must be the same.
    public func append(_ result: ColumnResult, row: @escaping (ColumnRow) -> Value) {
        slots.append(.result(withoutErrors(result.vector), row: row))
    }

    private func withoutErrors(_ vector: ColumnVector) -> ColumnVector {
        guard let states = vector.states,
            UnsafeBufferPointer(start: states, count: count).contains(ColumnState.error.rawValue)
        else { return vector }
        let output = memory.allocate(UInt8.self, count)
        for row in 0..<count {
            output[row] = states[row] == ColumnState.error.rawValue ? ColumnState.unknown.rawValue : states[row]
        }
        return ColumnVector(values: vector.values, states: output)
    }

    /// Adds the next variable: a list whose elements are the rows of another block, which must be exactly those of this
    /// block's rows; its variables are the elements' fields, in their order.
    public func appendList(_ offsets: ListOffsets, elements: ColumnBlock) {
        slots.append(.list(offsets: offsets.buffer.start + firstRow, owner: offsets, elements: elements))
    }

    /// What an expression comes to in all rows.
    public func evaluate(_ expression: ColumnExpression) -> ColumnResult {
        ColumnResult(vector: expression.root.evaluate(ColumnScope(block: self, outer: nil)), count: count)
    }

    /// Room for a result of booleans that the caller works out from others.
    public func booleans(_ fill: (UnsafeMutablePointer<UInt8>) -> Void) -> ColumnResult {
        let states = memory.allocate(UInt8.self, count)
        fill(states)
        return ColumnResult(vector: ColumnVector(values: .bool, states: states), count: count)
    }

    /// One of the rows, counted from the block's first, as an activation for the expression itself.
    public func row(_ row: Int) -> ColumnRow { ColumnRow(block: self, row: row) }

    func vector(_ slot: Int) -> ColumnVector {
        guard slots.indices.contains(slot) else { return nothing() }
        switch slots[slot] {
        case .result(let vector, _): return vector
        case .list: return ColumnVector(values: .rows, states: nil)
        case .column(let column):
            let states = column.states.map { $0.start + firstRow }
            switch column.storage {
            case .bool(let values): return ColumnVector(values: .bool, states: values.start + firstRow)
            case .int8(let values): return ColumnVector(values: .int8(values.start + firstRow), states: states)
            case .int16(let values): return ColumnVector(values: .int16(values.start + firstRow), states: states)
            case .int32(let values): return ColumnVector(values: .int32(values.start + firstRow), states: states)
            case .int64(let values): return ColumnVector(values: .int64(values.start + firstRow), states: states)
            case .double(let values): return ColumnVector(values: .double(values.start + firstRow), states: states)
            case .text(let codes, let dictionary):
                return ColumnVector(values: .text(codes.start + firstRow, dictionary), states: states)
            case .values: return ColumnVector(values: .rows, states: nil)
            }
        }
    }

    private func nothing() -> ColumnVector {
        let states = memory.allocate(UInt8.self, count)
        ColumnOperations.fill(states, .unknown, count)
        return ColumnVector(values: .bool, states: states)
    }

    func elements(_ slot: Int) -> (block: ColumnBlock, offsets: UnsafePointer<Int32>)? {
        guard slots.indices.contains(slot), case .list(let offsets, _, let elements) = slots[slot] else { return nil }
        return (elements, offsets)
    }

    func value(slot: Int, row: Int) -> Value {
        guard slots.indices.contains(slot) else { return .unknown(Unknown([])) }
        switch slots[slot] {
        case .column(let column): return column.value(at: firstRow + row)
        case .result(_, let value): return value(self.row(row))
        case .list(let offsets, _, let elements):
            let first = offsets[0]
            return .list(
                (offsets[row]..<offsets[row + 1]).map { .record(ColumnRecord(block: elements, row: Int($0 - first))) })
        }
    }
}

/// Where the elements of each row's list begin, and where the last one's end, among the rows of the elements' columns.
public struct ListOffsets: Sendable {
    let buffer: ColumnBuffer<Int32>

    /// One number more than there are rows, none less than the one before it.
    public init(_ offsets: [Int32]) { buffer = ColumnBuffer(offsets) }

    /// The elements' rows that belong to some rows.
    public func elements(of rows: Range<Int>) -> Range<Int> {
        Int(buffer[rows.lowerBound])..<Int(buffer[rows.upperBound])
    }
}

/// What an expression came to in the rows of a block; it holds until the workspace is reset.
public struct ColumnResult {
    let vector: ColumnVector
    /// How many rows there are.
    public let count: Int

    /// The state of each row, a ``ColumnState`` each; nil where all have a value that is no boolean.
    public var states: UnsafePointer<UInt8>? { vector.states }

    /// The state of a row.
    public func state(_ row: Int) -> ColumnState { vector.states.map { ColumnState(rawValue: $0[row]) } ?? .yes }

    /// A row's number as a double; nil where it has none.
    public func double(_ row: Int) -> Double? {
        guard state(row) == .yes else { return nil }
        switch vector.values {
        case .int8(let values): return Double(values[row])
        case .int16(let values): return Double(values[row])
        case .int32(let values): return Double(values[row])
        case .int64(let values): return Double(values[row])
        case .double(let values): return values[row]
        case .bool, .text, .rows: return nil
        }
    }

    /// A row's value; nil where it has none, or is of a type that columns do not keep.
    public func value(_ row: Int) -> Value? {
        switch (vector.values, state(row)) {
        case (.bool, .yes): .bool(true)
        case (.bool, .no): .bool(false)
        case (_, .null): .null
        case (.int8(let values), .yes): .int(Int64(values[row]))
        case (.int16(let values), .yes): .int(Int64(values[row]))
        case (.int32(let values), .yes): .int(Int64(values[row]))
        case (.int64(let values), .yes): .int(values[row])
        case (.double(let values), .yes): .double(values[row])
        case (.text(let codes, let dictionary), .yes): .string(dictionary.texts[Int(codes[row])])
        default: nil
        }
    }
}

/// One row of a block, as an activation.
public struct ColumnRow: Activation {
    let block: ColumnBlock
    let row: Int

    /// The variable's value in the row.
    public func value(slot: Int) -> Value { block.value(slot: slot, row: row) }
}

/// An element of a list as expressions see it that look at rows one by one.
///
/// It lives no longer than the evaluation for which it was made, on the thread of its block.
private final class ColumnRecord: Record, @unchecked Sendable {
    let block: ColumnBlock
    let row: Int

    init(block: ColumnBlock, row: Int) {
        self.block = block
        self.row = row
    }

    func value(field: Int) -> Value { block.value(slot: field, row: row) }
}

extension ColumnBlock {
    /// The element of a list as a value.
    func record(_ row: Int) -> Value { .record(ColumnRecord(block: self, row: row)) }
}
