/// The loops over columns. Each is so plain that the compiler makes it work on many rows at once.
enum ColumnOperations {
    typealias States = UnsafePointer<UInt8>
    typealias Output = UnsafeMutablePointer<UInt8>

    private static let yes = ColumnState.yes.rawValue
    private static let no = ColumnState.no.rawValue
    private static let unknown = ColumnState.unknown.rawValue
    private static let error = ColumnState.error.rawValue
    private static let null = ColumnState.null.rawValue

    static func fill(_ output: Output, _ state: ColumnState, _ count: Int) {
        output.update(repeating: state.rawValue, count: count)
    }

    /// `left && right` where `deciding` is false, `left || right` where it is true: an operand that decides decides; else
    /// an unknown hides an error.
    static func logic(_ left: Output, _ right: States, deciding: Bool, _ count: Int) {
        // Which bit decides, and which says that both are the other.
        let (decides, other) = deciding ? (yes, no) : (no, yes)
        for index in 0..<count {
            let either = left[index] | right[index]
            let both = left[index] & right[index]
            let decided = either & decides
            let settled = decided | (both & other)
            let rest: UInt8 = either & unknown != 0 ? unknown : error
            left[index] = settled != 0 ? (decided != 0 ? decides : other) : rest
        }
    }

    static func not(_ states: States, _ output: Output, _ count: Int) {
        for index in 0..<count {
            let state = states[index]
            let swapped = (state & yes) << 1 | (state & no) >> 1
            // Neither true nor false: null has no negation.
            output[index] = swapped | (state & (unknown | error)) | (state & null) >> 1
        }
    }

    /// The state of something that needs values of both operands: an unknown hides an error.
    @inline(__always)
    static func strict(_ left: UInt8, _ right: UInt8) -> UInt8 {
        let either = left | right
        return either == yes ? yes : either & unknown != 0 ? unknown : error
    }

    /// The states of a result that has a value wherever both operands have one, for truth values that are there already.
    static func restrict(_ output: Output, _ left: States?, _ right: States?, _ count: Int) {
        switch (left, right) {
        case (nil, nil): return
        case (let states?, nil), (nil, let states?):
            for index in 0..<count {
                let state = states[index]
                output[index] = state == yes ? output[index] : state & unknown != 0 ? unknown : error
            }
        case (let left?, let right?):
            for index in 0..<count {
                let state = strict(left[index], right[index])
                output[index] = state == yes ? output[index] : state
            }
        }
    }

    /// Corrects an equality where null is among the operands: null equals null alone.
    static func nulls(
        _ output: Output, _ left: States?, _ right: States?, isNegated: Bool, _ count: Int
    ) {
        guard left != nil || right != nil else { return }
        for index in 0..<count {
            let (first, second) = (left?[index] ?? yes, right?[index] ?? yes)
            guard (first | second) & null != 0, (first | second) & (unknown | error) == 0 else { continue }
            output[index] = (first == second) != isNegated ? yes : no
        }
    }

    @inline(__always)
    private static func compare<T: Comparable & BitwiseCopyable>(
        _ output: Output, _ count: Int, _ operation: ColumnComparison, _ pair: (Int) -> (T, T)
    ) {
        switch operation {
        case .less: for index in 0..<count { output[index] = (pair(index).0 < pair(index).1) ? yes : no }
        case .lessOrEqual: for index in 0..<count { output[index] = (pair(index).0 <= pair(index).1) ? yes : no }
        case .greater: for index in 0..<count { output[index] = (pair(index).0 > pair(index).1) ? yes : no }
        case .greaterOrEqual: for index in 0..<count { output[index] = (pair(index).0 >= pair(index).1) ? yes : no }
        case .equal: for index in 0..<count { output[index] = (pair(index).0 == pair(index).1) ? yes : no }
        case .different: for index in 0..<count { output[index] = (pair(index).0 != pair(index).1) ? yes : no }
        }
    }

    @inline(__always)
    static func compare<T: Comparable & BitwiseCopyable>(
        _ left: UnsafePointer<T>, _ right: UnsafePointer<T>, _ operation: ColumnComparison, _ output: Output,
        _ count: Int
    ) {
        compare(output, count, operation) { (left[$0], right[$0]) }
    }

    @inline(__always)
    static func compare<T: Comparable & BitwiseCopyable>(
        _ left: UnsafePointer<T>, constant: T, _ operation: ColumnComparison, _ output: Output, _ count: Int
    ) {
        compare(output, count, operation) { (left[$0], constant) }
    }

    /// Whether each value is one of some.
    @inline(__always)
    static func contains<T: Equatable & BitwiseCopyable>(
        _ values: UnsafePointer<T>, _ constants: [T], _ output: Output, _ count: Int
    ) {
        output.update(repeating: 0, count: count)
        for constant in constants {
            for index in 0..<count { output[index] |= values[index] == constant ? yes : 0 }
        }
        for index in 0..<count { output[index] = no &- output[index] }
    }

    @inline(__always)
    static func widen<T: BinaryInteger & BitwiseCopyable>(
        _ values: UnsafePointer<T>, _ output: UnsafeMutablePointer<Int64>, _ count: Int
    ) {
        for index in 0..<count { output[index] = Int64(truncatingIfNeeded: values[index]) }
    }

    /// `condition ? yes : no`: only the branch that is taken matters.
    ///
    /// Both are looked at and one is masked out, since a choice between two places is not made for many rows at once.
    @inline(__always)
    static func choose<T: FixedWidthInteger & BitwiseCopyable>(
        _ condition: States, _ first: UnsafePointer<T>, _ second: UnsafePointer<T>, _ output: UnsafeMutablePointer<T>,
        _ count: Int
    ) {
        for index in 0..<count {
            let mask: T = condition[index] == yes ? ~0 : 0
            output[index] = first[index] & mask | second[index] & ~mask
        }
    }

    /// The states of `condition ? yes : no`.
    static func choose(_ condition: States, states first: States?, _ second: States?, _ output: Output, _ count: Int) {
        guard first != nil || second != nil else {
            for index in 0..<count {
                let state = condition[index]
                output[index] = state & (yes | no) != 0 ? yes : state & unknown != 0 ? unknown : error
            }
            return
        }
        for index in 0..<count {
            let state = condition[index]
            output[index] =
                state == yes
                ? first?[index] ?? yes : state == no ? second?[index] ?? yes : state == unknown ? unknown : error
        }
    }

    // MARK: Elements of lists

    /// `exists` where `deciding` is true, `all` where it is false, over the elements of each row.
    ///
    /// - Parameter offsets: where each row's elements begin, and where the last one's end; the first is where the block's
    ///   elements begin.
    static func quantify(
        _ elements: States, _ offsets: UnsafePointer<Int32>, deciding: Bool, _ output: Output, _ count: Int
    ) {
        let (decides, other) = deciding ? (yes, no) : (no, yes)
        let first = Int(offsets[0])
        var index = 0
        for row in 0..<count {
            let end = Int(offsets[row + 1]) - first
            var seen: UInt8 = 0
            while index < end {
                seen |= elements[index]
                index += 1
            }
            output[row] =
                seen & decides != 0
                ? decides : seen & unknown != 0 ? unknown : seen & (error | null) != 0 ? error : other
        }
    }

    /// `exists_one` over the elements of each row.
    static func existsOne(
        _ elements: States, _ offsets: UnsafePointer<Int32>, cannotFail: Bool, _ output: Output, _ count: Int
    ) {
        let first = Int(offsets[0])
        var index = 0
        for row in 0..<count {
            let end = Int(offsets[row + 1]) - first
            var seen: UInt8 = 0
            var holding = 0
            while index < end {
                seen |= elements[index]
                holding += Int(elements[index] & yes)
                index += 1
            }
            output[row] =
                cannotFail && holding > 1
                ? no : seen & unknown != 0 ? unknown : seen & (error | null) != 0 ? error : holding == 1 ? yes : no
        }
    }

    /// How many elements of each row hold, as the size of what `filter` leaves.
    static func countHolding(
        _ elements: States, _ offsets: UnsafePointer<Int32>, _ output: UnsafeMutablePointer<Int64>, _ states: Output,
        _ count: Int
    ) {
        let first = Int(offsets[0])
        var index = 0
        for row in 0..<count {
            let end = Int(offsets[row + 1]) - first
            var seen: UInt8 = 0
            var holding: Int64 = 0
            while index < end {
                seen |= elements[index]
                holding += Int64(elements[index] & yes)
                index += 1
            }
            output[row] = holding
            states[row] = seen & unknown != 0 ? unknown : seen & (error | null) != 0 ? error : yes
        }
    }

    /// Each row's value for each of its elements.
    @inline(__always)
    static func spread<T: BitwiseCopyable>(
        _ values: UnsafePointer<T>, _ offsets: UnsafePointer<Int32>, _ output: UnsafeMutablePointer<T>, _ count: Int
    ) {
        let first = Int(offsets[0])
        for row in 0..<count {
            for element in Int(offsets[row]) - first..<Int(offsets[row + 1]) - first { output[element] = values[row] }
        }
    }
}

/// A comparison, with the one that says the same with its operands exchanged.
enum ColumnComparison: String {
    case less = "_<_"
    case lessOrEqual = "_<=_"
    case greater = "_>_"
    case greaterOrEqual = "_>=_"
    case equal = "_==_"
    case different = "_!=_"

    var exchanged: ColumnComparison {
        switch self {
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        case .equal, .different: self
        }
    }

    /// What it says of any value and a constant that is greater than all, or less than all.
    func holds(constantIsGreater: Bool) -> Bool {
        switch self {
        case .less, .lessOrEqual: constantIsGreater
        case .greater, .greaterOrEqual: !constantIsGreater
        case .equal: false
        case .different: true
        }
    }
}
