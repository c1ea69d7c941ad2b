/// How a value of a column stands, as one bit of a byte: exactly one of them is set.
///
/// A column of booleans is nothing but these bytes, so `&&` and `||` are a few operations on sixteen rows at once.
public struct ColumnState: RawRepresentable, Hashable, Sendable {
    /// The byte.
    public let rawValue: UInt8

    /// A state from its byte.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A boolean that is true; of another type: there is a value.
    public static let yes = ColumnState(rawValue: 1)
    /// A boolean that is false.
    public static let no = ColumnState(rawValue: 2)
    /// It depends on what is not known.
    public static let unknown = ColumnState(rawValue: 4)
    /// There is no value: the expression failed.
    public static let error = ColumnState(rawValue: 8)
    /// null.
    public static let null = ColumnState(rawValue: 16)
}

/// The different texts of a column, numbered from 0.
public final class TextDictionary: Sendable {
    /// The texts, by their numbers.
    public let texts: [String]

    /// A dictionary of these texts, each once.
    public init(_ texts: [String]) { self.texts = texts }
}

/// Values that lie in one place for as long as anyone has them, and never change.
final class ColumnBuffer<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
    // Written before anyone else has it, and never again.
    let start: UnsafePointer<Element>
    let count: Int
    private let memory: UnsafeMutableBufferPointer<Element>

    init(_ values: some Collection<Element>) {
        memory = .allocate(capacity: max(1, values.count))
        _ = memory.initialize(fromContentsOf: values)
        count = values.count
        // Never empty, so there is an address.
        start = UnsafePointer(memory.baseAddress ?? UnsafeMutablePointer<Element>.allocate(capacity: 1))
    }

    deinit { memory.deallocate() }

    subscript(index: Int) -> Element { start[index] }
}

/// The values of one variable for many rows, of one type, each known, unknown or null.
///
/// Integers take as many bytes as the largest of them needs; texts lie in a dictionary.
public struct Column: Sendable {
    enum Storage: Sendable {
        case bool(ColumnBuffer<UInt8>)
        case int8(ColumnBuffer<Int8>)
        case int16(ColumnBuffer<Int16>)
        case int32(ColumnBuffer<Int32>)
        case int64(ColumnBuffer<Int64>)
        case double(ColumnBuffer<Double>)
        case text(ColumnBuffer<Int32>, TextDictionary)
        /// Any other type, which is looked at row by row.
        case values([Value])
    }

    let storage: Storage
    /// The state of each row; nil where all are known. Of booleans none: their values are states.
    let states: ColumnBuffer<UInt8>?
    /// What an unknown value is called, by its row.
    let unknownName: @Sendable (Int) -> String

    /// How many rows there are.
    public var count: Int {
        switch storage {
        case .bool(let values): values.count
        case .int8(let values): values.count
        case .int16(let values): values.count
        case .int32(let values): values.count
        case .int64(let values): values.count
        case .double(let values): values.count
        case .text(let codes, _): codes.count
        case .values(let values): values.count
        }
    }

    /// The value in a row.
    public func value(at row: Int) -> Value {
        switch states.map({ ColumnState(rawValue: $0[row]) }) {
        case .unknown: return .unknown(Unknown(unknownName(row)))
        case .null: return .null
        default: break
        }
        switch storage {
        case .bool(let values):
            switch ColumnState(rawValue: values[row]) {
            case .yes: return .bool(true)
            case .no: return .bool(false)
            case .null: return .null
            default: return .unknown(Unknown(unknownName(row)))
            }
        case .int8(let values): return .int(Int64(values[row]))
        case .int16(let values): return .int(Int64(values[row]))
        case .int32(let values): return .int(Int64(values[row]))
        case .int64(let values): return .int(values[row])
        case .double(let values): return .double(values[row])
        case .text(let codes, let dictionary): return .string(dictionary.texts[Int(codes[row])])
        case .values(let values):
            if case .unknown = values[row] { return .unknown(Unknown(unknownName(row))) }
            return values[row]
        }
    }
}

/// Takes values one after the other and makes a ``Column`` of them.
///
/// Builders of parts of the rows can work at once; ``append(_:)`` joins them in their order.
public struct ColumnBuilder: Sendable {
    private enum Values: Sendable {
        case bool
        case int([Int64])
        case double([Double])
        case text([Int32])
        case values([Value])
    }

    private var values: Values
    private var states: [UInt8] = []
    private var hasStates = false
    private var least: Int64 = 0
    private var greatest: Int64 = 0
    private var texts: [String] = []
    private var codes: [String: Int32] = [:]

    private let kind: CELType

    /// A builder of a column whose values are of this type.
    public init(_ type: CELType) {
        kind = type
        switch type {
        case .bool: values = .bool
        case .int: values = .int([])
        case .double: values = .double([])
        case .string: values = .text([])
        default: values = .values([])
        }
    }

    /// How many values were appended.
    public var count: Int { states.count }

    /// Appends a value of the column's type, `.null` or `.unknown`; what is of another type is taken for unknown.
    public mutating func append(_ value: Value) {
        // Not a switch over both: it would hold the list while that is appended to, and so copy it each time.
        if case .values(var list) = values {
            values = .bool
            list.append(value)
            values = .values(list)
            states.append(ColumnState.yes.rawValue)
            return
        }
        switch (kind, value) {
        case (.bool, .bool(let value)): states.append((value ? ColumnState.yes : .no).rawValue)
        case (.int, .int(let value)): append(value)
        case (.double, .double(let value)): append(value)
        case (.string, .string(let value)): append(value)
        case (_, .null): appendNothing(.null)
        default: appendNothing(.unknown)
        }
    }

    /// Appends an integer to a column of integers.
    public mutating func append(_ value: Int64) {
        guard case .int(var list) = values else { return append(.int(value)) }
        values = .bool
        list.append(value)
        values = .int(list)
        least = min(least, value)
        greatest = max(greatest, value)
        states.append(ColumnState.yes.rawValue)
    }

    /// Appends a boolean to a column of booleans.
    public mutating func append(_ value: Bool) { append(.bool(value)) }

    private mutating func append(_ value: Double) {
        guard case .double(var list) = values else { return }
        values = .bool
        list.append(value)
        values = .double(list)
        states.append(ColumnState.yes.rawValue)
    }

    private mutating func append(_ value: String) {
        guard case .text(var list) = values else { return }
        values = .bool
        list.append(code(of: value))
        values = .text(list)
        states.append(ColumnState.yes.rawValue)
    }

    private mutating func code(of text: String) -> Int32 {
        if let code = codes[text], texts[Int(code)].hasSameCodePoints(as: text) { return code }
        let code = Int32(texts.count)
        texts.append(text)
        codes[text] = code
        return code
    }

    /// Appends a row without a value.
    public mutating func appendNothing(_ state: ColumnState) {
        switch values {
        case .bool: break
        case .int(var list):
            values = .bool
            list.append(0)
            values = .int(list)
        case .double(var list):
            values = .bool
            list.append(0)
            values = .double(list)
        case .text(var list):
            let nothing = texts.isEmpty ? code(of: "") : 0
            values = .bool
            list.append(nothing)
            values = .text(list)
        case .values(var list):
            values = .bool
            list.append(state == .null ? .null : .unknown(Unknown([])))
            values = .values(list)
            states.append(ColumnState.yes.rawValue)
            return
        }
        states.append(state.rawValue)
        hasStates = true
    }

    /// Appends all values of another builder of the same type.
    public mutating func append(_ other: ColumnBuilder) {
        switch (values, other.values) {
        case (.bool, .bool): break
        case (.int(var list), .int(let more)):
            values = .bool
            list += more
            values = .int(list)
        case (.double(var list), .double(let more)):
            values = .bool
            list += more
            values = .double(list)
        case (.text(var list), .text(let more)):
            let numbers = other.texts.map { code(of: $0) }
            values = .bool
            list += more.map { numbers[Int($0)] }
            values = .text(list)
        case (.values(var list), .values(let more)):
            values = .bool
            list += more
            values = .values(list)
        default:
            for _ in 0..<other.count { appendNothing(.unknown) }
            return
        }
        states += other.states
        hasStates = hasStates || other.hasStates
        least = min(least, other.least)
        greatest = max(greatest, other.greatest)
    }

    /// The column.
    ///
    /// - Parameter unknownName: what an unknown value is called, by its row.
    public func column(unknownName: @escaping @Sendable (Int) -> String) -> Column {
        let storage: Column.Storage
        switch values {
        case .bool: return Column(storage: .bool(ColumnBuffer(states)), states: nil, unknownName: unknownName)
        case .int(let list):
            if least >= Int64(Int8.min), greatest <= Int64(Int8.max) {
                storage = .int8(ColumnBuffer(list.map { Int8(truncatingIfNeeded: $0) }))
            } else if least >= Int64(Int16.min), greatest <= Int64(Int16.max) {
                storage = .int16(ColumnBuffer(list.map { Int16(truncatingIfNeeded: $0) }))
            } else if least >= Int64(Int32.min), greatest <= Int64(Int32.max) {
                storage = .int32(ColumnBuffer(list.map { Int32(truncatingIfNeeded: $0) }))
            } else {
                storage = .int64(ColumnBuffer(list))
            }
        case .double(let list): storage = .double(ColumnBuffer(list))
        case .text(let list): storage = .text(ColumnBuffer(list), TextDictionary(texts))
        case .values(let list): storage = .values(list)
        }
        return Column(storage: storage, states: hasStates ? ColumnBuffer(states) : nil, unknownName: unknownName)
    }
}
