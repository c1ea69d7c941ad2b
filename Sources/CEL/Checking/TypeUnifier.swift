/// Finds out what type parameters stand for.
struct TypeUnifier {
    private var bound: [String: CELType] = [:]
    /// The parameters bound so far, in order, so that an attempt can be taken back.
    private var trail: [String] = []
    private var count = 0
    /// How many parameters lead to each: the smaller group joins the larger, so that no chain gets long.
    private var groups: [String: Int] = [:]
    /// Types are trees that parameters can make as large as two to the power of their number; beyond this much work
    /// everything is `dyn`.
    private var work = 1_000_000

    /// A parameter that stands for nothing yet.
    mutating func fresh() -> CELType {
        count += 1
        return .parameter("$\(count)")
    }

    /// Unifies as a closure says, and binds nothing where it says that it does not go.
    mutating func attempt(_ body: (inout TypeUnifier) -> Bool) -> Bool {
        let mark = trail.count
        if body(&self) { return true }
        takeBack(to: mark)
        return false
    }

    /// Whether a closure's unification would go; binds nothing.
    mutating func probe(_ body: (inout TypeUnifier) -> Bool) -> Bool {
        let mark = trail.count
        defer { takeBack(to: mark) }
        return body(&self)
    }

    private mutating func takeBack(to mark: Int) {
        while trail.count > mark { bound[trail.removeLast()] = nil }
    }

    /// An overload with parameters of its own.
    mutating func instantiate(_ overload: Function.Overload) -> (parameters: [CELType], result: CELType) {
        var names: [String: CELType] = [:]
        let parameters = overload.parameters.map { rename($0, &names) }
        return (parameters, rename(overload.result, &names))
    }

    private mutating func rename(_ type: CELType, _ names: inout [String: CELType]) -> CELType {
        switch type {
        case .parameter(let name):
            if let known = names[name] { return known }
            let new = fresh()
            names[name] = new
            return new
        case .list(let element): return .list(rename(element, &names))
        case .map(let key, let value): return .map(rename(key, &names), rename(value, &names))
        case .optional(let value): return .optional(rename(value, &names))
        default: return type
        }
    }

    /// The type with its outermost parameter replaced by what it stands for.
    func known(_ type: CELType) -> CELType {
        var type = type
        while case .parameter(let name) = type, let next = bound[name] { type = next }
        return type
    }

    /// The type with every parameter replaced; those that stand for nothing are `dyn`.
    mutating func resolved(_ type: CELType) -> CELType {
        work -= 1
        if work < 0 { return .dyn }
        switch known(type) {
        case .parameter: return .dyn
        case .list(let element): return .list(resolved(element))
        case .map(let key, let value): return .map(resolved(key), resolved(value))
        case .optional(let value): return .optional(resolved(value))
        case let other: return other
        }
    }

    /// Whether a value of one type may stand where the other is expected, and binds parameters so that it may.
    mutating func unify(_ left: CELType, _ right: CELType) -> Bool {
        work -= 1
        if work < 0 { return true }
        switch (known(left), known(right)) {
        case (.parameter(let left), .parameter(let right)):
            if left == right { return true }
            let (leftSize, rightSize) = (groups[left] ?? 1, groups[right] ?? 1)
            let (smaller, larger) = leftSize < rightSize ? (left, right) : (right, left)
            bind(smaller, to: .parameter(larger))
            groups[larger] = leftSize + rightSize
            return true
        case (.parameter(let name), let type), (let type, .parameter(let name)):
            if occurs(name, in: type) { return false }
            bind(name, to: type)
            return true
        case (.dyn, _), (_, .dyn): return true
        case (.list(let left), .list(let right)): return unify(left, right)
        case (.optional(let left), .optional(let right)): return unify(left, right)
        case (.map(let leftKey, let leftValue), .map(let rightKey, let rightValue)):
            return unify(leftKey, rightKey) && unify(leftValue, rightValue)
        case (.null, let type), (let type, .null):
            switch type {
            case .null, .timestamp, .duration, .record, .optional: return true
            default: return false
            }
        case (let left, let right): return left == right
        }
    }

    private mutating func bind(_ name: String, to type: CELType) {
        bound[name] = type
        trail.append(name)
    }

    private mutating func occurs(_ name: String, in type: CELType) -> Bool {
        work -= 1
        if work < 0 { return false }
        switch known(type) {
        case .parameter(let other): return other == name
        case .list(let element): return occurs(name, in: element)
        case .optional(let value): return occurs(name, in: value)
        case .map(let key, let value): return occurs(name, in: key) || occurs(name, in: value)
        default: return false
        }
    }

    /// The one type of several values: the type of all, or `dyn`.
    mutating func join(_ types: [CELType]) -> CELType {
        guard var result = types.first else { return fresh() }
        for type in types.dropFirst() {
            if known(result) == .dyn || known(type) == .dyn || !attempt({ $0.unify(result, type) }) { return .dyn }
            result = wider(result, type)
        }
        return result
    }

    /// The wider of two types that unify: `dyn` wherever either is, and whatever stands beside null.
    private mutating func wider(_ left: CELType, _ right: CELType) -> CELType {
        work -= 1
        if work < 0 { return .dyn }
        switch (known(left), known(right)) {
        case (.dyn, _), (_, .dyn): return .dyn
        case (.null, let type): return type
        case (.list(let left), .list(let right)): return .list(wider(left, right))
        case (.optional(let left), .optional(let right)): return .optional(wider(left, right))
        case (.map(let leftKey, let leftValue), .map(let rightKey, let rightValue)):
            return .map(wider(leftKey, rightKey), wider(leftValue, rightValue))
        case (let type, _): return type
        }
    }
}
