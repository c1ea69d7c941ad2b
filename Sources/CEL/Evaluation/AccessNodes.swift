/// `operand.field` of a record whose type is known.
final class FieldNode: Node {
    let operand: any Node
    let field: Int
    let position: SourcePosition

    init(_ operand: any Node, _ field: Int, _ position: SourcePosition) {
        self.operand = operand
        self.field = field
        self.position = position
    }

    func evaluate(_ frame: inout Frame) throws(EvaluationError) -> Value {
        switch try operand.evaluate(&frame) {
        case .record(let record): return record.value(field: field)
        case .unknown(let unknown): return .unknown(unknown)
        case let other:
            throw EvaluationError(.noSuchOverload, "expected a record, found \(other.shortText)").located(at: position)
        }
    }
}

/// `operand.field`, `operand.?field` and `has(operand.field)` of anything with fields.
final class SelectNode: Node {
    enum Mode {
        case value
        case optional
        case presence
    }

    let operand: any Node
    let field: String
    let index: Int?
    let mode: Mode
    let position: SourcePosition

    init(_ operand: any Node, _ field: String, index: Int?, _ mode: Mode, _ position: SourcePosition) {
        self.operand = operand
        self.field = field
        self.index = index
        self.mode = mode
        self.position = position
    }

    func evaluate(_ frame: inout Frame) throws(EvaluationError) -> Value {
        do throws(EvaluationError) {
            try frame.meter.charge(field.utf8.count >> 4)
            return try select(from: try operand.evaluate(&frame))
        } catch {
            throw error.located(at: position)
        }
    }

    private func select(from value: Value) throws(EvaluationError) -> Value {
        switch value {
        case .unknown: return value
        case .map(let map): return try result(map[field])
        case .record(let record):
            guard let index = index ?? record.recordType?.index(of: field) else {
                throw EvaluationError(.noSuchKey, "\(value.typeName.name) has no field '\(field)'")
            }
            // A field that is null is one that is not there.
            let found = record.value(field: index)
            if mode != .value, case .null = found { return try result(nil) }
            return try result(found)
        case .optional(let optional):
            guard let inner = optional.value else { return mode == .presence ? .bool(false) : .optional(.none) }
            if mode == .presence { return try select(from: inner) }
            // Selecting from an optional is selecting optionally.
            return try SelectNode(operand, field, index: index, .optional, position).select(from: inner)
        default:
            throw EvaluationError(.noSuchOverload, "a \(value.typeName.name) has no field '\(field)'")
        }
    }

    private func result(_ found: Value?) throws(EvaluationError) -> Value {
        if let found, case .unknown = found { return found }
        switch mode {
        case .presence: return .bool(found != nil)
        case .optional: return .optional(found.map(OptionalValue.init) ?? .none)
        case .value:
            guard let found else { throw EvaluationError(.noSuchKey, "no key '\(field)'") }
            return found
        }
    }
}

/// `has(name)` of a variable whose name has dots.
final class PresenceNode: Node {
    let variable: any Node
    init(_ variable: any Node) { self.variable = variable }

    func evaluate(_ frame: inout Frame) throws(EvaluationError) -> Value {
        switch try variable.evaluate(&frame) {
        case .null: .bool(false)
        case .unknown(let unknown): .unknown(unknown)
        default: .bool(true)
        }
    }
}

/// `operand[index]` and `operand[?index]`.
final class IndexNode: Node {
    let operand: any Node
    let index: any Node
    let isOptional: Bool
    let position: SourcePosition

    init(_ operand: any Node, _ index: any Node, isOptional: Bool, _ position: SourcePosition) {
        self.operand = operand
        self.index = index
        self.isOptional = isOptional
        self.position = position
    }

    func evaluate(_ frame: inout Frame) throws(EvaluationError) -> Value {
        switch try pair(operand, index, &frame) {
        case .decided(let value): return value
        case .values(let operand, let index):
            try frame.meter.charge(MapValue.steps(forKey: index))
            do throws(EvaluationError) {
                return try Self.element(of: operand, at: index, isOptional: isOptional)
            } catch {
                throw error.located(at: position)
            }
        }
    }

    private static func element(of operand: Value, at index: Value, isOptional: Bool) throws(EvaluationError) -> Value {
        let found: Value?
        switch operand {
        case .list(let elements): found = try listElement(of: elements, at: index)
        case .map(let map):
            guard MapValue.canHold(key: index) else { throw EvaluationError.noOverload("_[_]", operand, index) }
            found = map[index]
        case .optional(let optional):
            guard let inner = optional.value else { return .optional(.none) }
            return try element(of: inner, at: index, isOptional: true)
        default: throw EvaluationError.noOverload("_[_]", operand, index)
        }
        if let found, case .unknown = found { return found }
        if isOptional { return .optional(found.map(OptionalValue.init) ?? .none) }
        if let found { return found }
        if case .list(let elements) = operand {
            throw EvaluationError(
                .outOfRange, "index \(index.shortText) is outside the list of \(elements.count) elements")
        }
        throw EvaluationError(.noSuchKey, "no key \(index.shortText)")
    }

    private static func listElement(of elements: [Value], at index: Value) throws(EvaluationError) -> Value? {
        let position: Int?
        switch index {
        case .int(let value): position = Int(exactly: value)
        case .uint(let value): position = Int(exactly: value)
        case .double(let value):
            guard let whole = Int(exactly: value) else {
                throw EvaluationError(.invalidArgument, "index \(index.shortText) is no whole number")
            }
            position = whole
        default: throw EvaluationError.noOverload("_[_]", .list(elements), index)
        }
        return position.flatMap { elements.indices.contains($0) ? elements[$0] : nil }
    }
}

/// `[a, ?b]`.
final class ListNode: Node {
    let elements: [any Node]
    let optionals: Set<Int>
    let position: SourcePosition

    init(_ elements: [any Node], optionals: Set<Int>, _ position: SourcePosition) {
        self.elements = elements
        self.optionals = optionals
        self.position = position
    }

    func evaluate(_ frame: inout Frame) throws(EvaluationError) -> Value {
        var rest = Remainder()
        let values = evaluateAll(elements, &frame, &rest)
        if !rest.isEmpty { return try rest.result(.null) }
        // A list has memory of its own, beside its elements.
        try frame.meter.charge(values.count + 2)
        if optionals.isEmpty { return .list(values) }
        var result: [Value] = []
        for (place, value) in values.enumerated() {
            guard optionals.contains(place) else {
                result.append(value)
                continue
            }
            if let inner = try value.optionalContent(at: position) { result.append(inner) }
        }
        return .list(result)
    }
}

/// `{a: b, ?c: d}`.
final class MapNode: Node {
    let keys: [any Node]
    let values: [any Node]
    let optionals: Set<Int>
    let position: SourcePosition

    init(_ keys: [any Node], _ values: [any Node], optionals: Set<Int>, _ position: SourcePosition) {
        self.keys = keys
        self.values = values
        self.optionals = optionals
        self.position = position
    }

    func evaluate(_ frame: inout Frame) throws(EvaluationError) -> Value {
        var rest = Remainder()
        let keys = evaluateAll(keys, &frame, &rest)
        let values = evaluateAll(values, &frame, &rest)
        if !rest.isEmpty { return try rest.result(.null) }
        // A map's own memory is that of some ten values.
        try frame.meter.charge(keys.reduce(values.count + 10) { $0 + MapValue.steps(forKey: $1) })
        var entries: [(key: Value, value: Value)] = []
        for (place, entry) in zip(keys, values).enumerated() {
            if optionals.contains(place) {
                guard let inner = try entry.1.optionalContent(at: position) else { continue }
                entries.append((entry.0, inner))
            } else {
                entries.append((entry.0, entry.1))
            }
        }
        do throws(EvaluationError) {
            return .map(try MapValue(entries))
        } catch {
            throw error.located(at: position)
        }
    }
}

extension Value {
    /// What an optional element or entry holds, or nothing.
    fileprivate func optionalContent(at position: SourcePosition) throws(EvaluationError) -> Value? {
        guard case .optional(let optional) = self else {
            throw EvaluationError(.noSuchOverload, "expected an optional after '?', found \(shortText)")
                .located(at: position)
        }
        return optional.value
    }
}
