/// What a macro runs over, and the slots of its variables.
struct MacroRange: Sendable {
    let node: any Node
    let slots: [Int]
    let macro: String
    let position: SourcePosition

    /// Runs a closure for every element with the variables set, until it says stop.
    ///
    /// - Returns: The unknown where the range itself is unknown.
    @inline(__always)
    func forEach(
        _ frame: inout Frame, _ body: (_ element: Value, inout Frame) throws(EvaluationError) -> Bool
    ) throws(EvaluationError) -> Unknown? {
        switch try node.evaluate(&frame) {
        case .list(let elements):
            for (index, element) in elements.enumerated() {
                try frame.meter.charge(2)
                if slots.count == 2 {
                    frame.locals[slots[0]] = .int(Int64(index))
                    frame.locals[slots[1]] = element
                } else {
                    frame.locals[slots[0]] = element
                }
                if try !body(element, &frame) { break }
            }
            return nil
        case .map(let map):
            for (key, value) in zip(map.keys, map.values) {
                try frame.meter.charge(2)
                frame.locals[slots[0]] = key
                if slots.count == 2 { frame.locals[slots[1]] = value }
                if try !body(key, &frame) { break }
            }
            return nil
        case .unknown(let unknown): return unknown
        case let other:
            throw fault("\(macro) runs over a list or a map, not \(other.shortText)")
        }
    }

    func fault(_ message: String) -> EvaluationError {
        EvaluationError(.noSuchOverload, message).located(at: position)
    }
}

/// What a predicate says of one element.
private enum Verdict {
    case holds
    case fails
    /// It is unknown or an error, and noted.
    case undecided
}

extension Remainder {
    @inline(__always)
    fileprivate mutating func verdict(_ predicate: any Node, _ range: MacroRange, _ frame: inout Frame) -> Verdict {
        do throws(EvaluationError) {
            switch try predicate.evaluate(&frame) {
            case .bool(let value): return value ? .holds : .fails
            case .unknown(let unknown): add(unknown)
            case let other:
                add(range.fault("the condition of \(range.macro) is \(other.shortText), not a bool"))
            }
        } catch {
            add(error)
        }
        return .undecided
    }

    @inline(__always)
    fileprivate mutating func value(_ body: any Node, _ frame: inout Frame) -> Value? {
        do throws(EvaluationError) {
            let value = try body.evaluate(&frame)
            guard case .unknown(let unknown) = value else { return value }
            add(unknown)
        } catch {
            add(error)
        }
        return nil
    }
}

/// `all` and `exists`: one element that decides hides the unknowns and errors of all others.
final class QuantifierNode: Node {
    let range: MacroRange
    let predicate: any Node
    /// What the predicate must be to decide: false for `all`, true for `exists`.
    let deciding: Bool

    init(_ range: MacroRange, _ predicate: any Node, deciding: Bool) {
        self.range = range
        self.predicate = predicate
        self.deciding = deciding
    }

    func evaluate(_ frame: inout Frame) throws(EvaluationError) -> Value {
        var rest = Remainder()
        var isDecided = false
        let unknown = try range.forEach(&frame) { (_, frame) throws(EvaluationError) -> Bool in
            if rest.verdict(predicate, range, &frame) == (deciding ? .holds : .fails) { isDecided = true }
            return !isDecided
        }
        if let unknown { return .unknown(unknown) }
        return isDecided ? .bool(deciding) : try rest.result(.bool(!deciding))
    }
}

/// `existsOne`: an error of any element is an error of the whole, so two elements that hold hide unknowns only where the
/// predicate cannot fail for any value of what is unknown.
final class ExistsOneNode: Node {
    let range: MacroRange
    let predicate: any Node
    let cannotFail: Bool

    init(_ range: MacroRange, _ predicate: any Node, cannotFail: Bool) {
        self.range = range
        self.predicate = predicate
        self.cannotFail = cannotFail
    }

    func evaluate(_ frame: inout Frame) throws(EvaluationError) -> Value {
        var rest = Remainder()
        var count = 0
        let unknown = try range.forEach(&frame) { (_, frame) throws(EvaluationError) -> Bool in
            if rest.verdict(predicate, range, &frame) == .holds { count += 1 }
            return !(cannotFail && count > 1)
        }
        if let unknown { return .unknown(unknown) }
        if cannotFail, count > 1 { return false }
        return try rest.result(.bool(count == 1))
    }
}

/// `filter`, `map` and `transformList`: one element whose predicate or value is unknown makes the whole list unknown.
final class ListMacroNode: Node {
    let range: MacroRange
    let predicate: (any Node)?
    /// What stands in the list for an element; nothing keeps it as it is.
    let body: (any Node)?

    init(_ range: MacroRange, _ predicate: (any Node)?, _ body: (any Node)?) {
        self.range = range
        self.predicate = predicate
        self.body = body
    }

    func evaluate(_ frame: inout Frame) throws(EvaluationError) -> Value {
        var rest = Remainder()
        var result: [Value] = []
        let unknown = try range.forEach(&frame) { (element, frame) throws(EvaluationError) -> Bool in
            if let predicate, rest.verdict(predicate, range, &frame) != .holds { return true }
            if let body {
                if let value = rest.value(body, &frame) { result.append(value) }
            } else {
                result.append(element)
            }
            return true
        }
        if let unknown { return .unknown(unknown) }
        return try rest.result(.list(result))
    }
}

/// `transformMap` and `transformMapEntry`.
final class MapMacroNode: Node {
    let range: MacroRange
    let predicate: (any Node)?
    let body: any Node
    /// Whether the body gives a map of one entry instead of a value.
    let givesEntry: Bool

    init(_ range: MacroRange, _ predicate: (any Node)?, _ body: any Node, givesEntry: Bool) {
        self.range = range
        self.predicate = predicate
        self.body = body
        self.givesEntry = givesEntry
    }

    func evaluate(_ frame: inout Frame) throws(EvaluationError) -> Value {
        var rest = Remainder()
        var entries: [(key: Value, value: Value)] = []
        let unknown = try range.forEach(&frame) { (_, frame) throws(EvaluationError) -> Bool in
            let key = frame.locals[range.slots[0]]
            if let predicate, rest.verdict(predicate, range, &frame) != .holds { return true }
            guard let value = rest.value(body, &frame) else { return true }
            if !givesEntry {
                entries.append((key, value))
            } else if case .map(let map) = value {
                try frame.meter.charge(map.count)
                entries += zip(map.keys, map.values).map { ($0, $1) }
            } else {
                rest.add(range.fault("\(range.macro) needs maps, not \(value.shortText)"))
            }
            return true
        }
        if let unknown { return .unknown(unknown) }
        try frame.meter.charge(entries.reduce(0) { $0 + MapValue.steps(forKey: $1.key) })
        do throws(EvaluationError) {
            return try rest.result(.map(try MapValue(entries)))
        } catch {
            throw error.located(at: range.position)
        }
    }
}

/// `cel.bind`: what the variable's value is matters only where the body reads it.
final class BindNode: Node {
    let value: any Node
    let slot: Int
    let body: any Node

    init(_ value: any Node, slot: Int, _ body: any Node) {
        self.value = value
        self.slot = slot
        self.body = body
    }

    func evaluate(_ frame: inout Frame) throws(EvaluationError) -> Value {
        do throws(EvaluationError) {
            frame.locals[slot] = try value.evaluate(&frame)
            frame.localErrors[slot] = nil
        } catch {
            frame.localErrors[slot] = error
        }
        defer { frame.localErrors[slot] = nil }
        return try body.evaluate(&frame)
    }
}

/// `optMap` and `optFlatMap`.
final class OptionalMacroNode: Node {
    let target: any Node
    let slot: Int
    let body: any Node
    let isFlat: Bool
    let position: SourcePosition

    init(_ target: any Node, slot: Int, _ body: any Node, isFlat: Bool, _ position: SourcePosition) {
        self.target = target
        self.slot = slot
        self.body = body
        self.isFlat = isFlat
        self.position = position
    }

    func evaluate(_ frame: inout Frame) throws(EvaluationError) -> Value {
        switch try target.evaluate(&frame) {
        case .unknown(let unknown): return .unknown(unknown)
        case .optional(let optional):
            guard let value = optional.value else { return .optional(.none) }
            frame.locals[slot] = value
            let result = try body.evaluate(&frame)
            if case .unknown = result { return result }
            if !isFlat { return .optional(OptionalValue(result)) }
            guard case .optional = result else { break }
            return result
        default: break
        }
        throw EvaluationError(.noSuchOverload, "\(isFlat ? "optFlatMap" : "optMap") works on optionals only")
            .located(at: position)
    }
}

/// `or` and `orValue`: the alternative is looked at only where the optional is empty.
final class FirstPresentNode: Node {
    let optional: any Node
    let alternative: any Node
    let unwraps: Bool
    let position: SourcePosition

    init(_ optional: any Node, _ alternative: any Node, unwraps: Bool, _ position: SourcePosition) {
        self.optional = optional
        self.alternative = alternative
        self.unwraps = unwraps
        self.position = position
    }

    func evaluate(_ frame: inout Frame) throws(EvaluationError) -> Value {
        let first = try optional.evaluate(&frame)
        switch first {
        case .unknown: return first
        case .optional(let content):
            guard let value = content.value else { return try alternative.evaluate(&frame) }
            return unwraps ? value : first
        default:
            throw EvaluationError.noOverload(unwraps ? "orValue" : "or", first).located(at: position)
        }
    }
}
