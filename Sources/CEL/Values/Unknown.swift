/// Inputs that are not known, by the names their host gave them.
public struct Unknown: Hashable, Sendable {
    /// The names of all inputs that must be known before the expression has a value.
    public private(set) var names: Set<String>

    /// The unknown inputs of these names.
    public init(_ names: Set<String>) { self.names = names }

    /// One unknown input.
    public init(_ name: String) { names = [name] }

    /// Adds another's names.
    public mutating func merge(_ other: Unknown) {
        if !other.names.isSubset(of: names) { names.formUnion(other.names) }
    }

    /// Both together.
    public func merged(with other: Unknown) -> Unknown {
        var result = self
        result.merge(other)
        return result
    }
}

/// The values of an environment's variables for one evaluation.
///
/// Variables are numbered in the order in which the environment declares them, so that evaluation looks up no names.
///
/// An activation of no more than three machine words is passed on without an allocation.
public protocol Activation {
    /// The variable's value, of its declared type, or `.unknown`.
    func value(slot: Int) -> Value
}

/// A host's object behind `CELType.record`.
public protocol Record: AnyObject, Sendable {
    /// The field's value (numbered in the order of the record type's fields), of its declared type, `.null` for a field
    /// that is not there, or `.unknown`.
    func value(field: Int) -> Value

    /// The record's type, needed only where an expression meets the record as `dyn`, and to compare two records field by
    /// field; without it such a select is an error and records are equal when they are one object.
    var recordType: RecordType? { get }
}

extension Record {
    /// None.
    public var recordType: RecordType? { nil }
}

/// An activation that holds its values in an array, in the order of the environment's variables.
public struct Bindings: Activation, Sendable {
    private let values: [Value]

    /// The values of all variables, in the order of their declaration.
    public init(_ values: [Value]) { self.values = values }

    /// The value of that place; there is none beyond the last, which is unknown.
    public func value(slot: Int) -> Value {
        values.indices.contains(slot) ? values[slot] : .unknown(Unknown("#\(slot)"))
    }
}
