/// A type as the checker sees it.
public indirect enum CELType: Hashable, Sendable {
    /// Any type; what it is shows at run time.
    case dyn
    case null
    case bool
    case int
    case uint
    case double
    case string
    case bytes
    case timestamp
    case duration
    /// The type of types.
    case type
    case list(CELType)
    case map(CELType, CELType)
    case optional(CELType)
    /// A host's object with named fields.
    case record(RecordType)
    /// A type parameter of a function's signature, as `T` in `list(T)`.
    case parameter(String)
}

/// A type with named fields that the host supplies; the checker rejects any other field.
public struct RecordType: Hashable, Sendable {
    /// A field: what it is called and what it holds.
    public struct Field: Hashable, Sendable {
        /// The name that expressions select.
        public let name: String
        /// The type of its values.
        public let type: CELType

        /// A field of this name and type.
        public init(name: String, type: CELType) {
            self.name = name
            self.type = type
        }
    }

    /// The type's name, for messages and `type(x)`.
    public let name: String
    /// The fields; `Record.value(field:)` takes a field's place in this order.
    public let fields: [Field]

    /// A record type; of two fields of one name the first counts.
    public init(name: String, fields: [Field]) {
        self.name = name
        self.fields = fields
    }

    /// A field's place.
    public func index(of name: String) -> Int? {
        fields.firstIndex { $0.name.hasSameCodePoints(as: name) }
    }
}

/// A variable that expressions may read.
public struct Variable: Hashable, Sendable {
    /// Its name; dots are allowed (`family.size`), the longest declared name wins.
    public let name: String
    /// The type of its values.
    public let type: CELType

    /// A variable of this name and type.
    public init(name: String, type: CELType) {
        self.name = name
        self.type = type
    }
}

extension CELType: CustomStringConvertible {
    /// The type as signatures write it: `map(string, list(int))`.
    public var description: String {
        switch self {
        case .dyn: "dyn"
        case .null: "null"
        case .bool: "bool"
        case .int: "int"
        case .uint: "uint"
        case .double: "double"
        case .string: "string"
        case .bytes: "bytes"
        case .timestamp: "timestamp"
        case .duration: "duration"
        case .type: "type"
        case .list(let element): "list(\(element))"
        case .map(let key, let value): "map(\(key), \(value))"
        case .optional(let value): "optional(\(value))"
        case .record(let type): type.name
        case .parameter(let name): name
        }
    }
}

extension CELType {
    /// The narrowest type that a value fits, for hosts that declare variables from their values.
    public init(of value: Value) {
        switch value {
        case .null: self = .null
        case .bool: self = .bool
        case .int: self = .int
        case .uint: self = .uint
        case .double: self = .double
        case .string: self = .string
        case .bytes: self = .bytes
        case .timestamp: self = .timestamp
        case .duration: self = .duration
        case .type: self = .type
        case .list(let elements): self = .list(CELType(common: elements))
        case .map(let map): self = .map(CELType(common: map.keys), CELType(common: map.values))
        case .optional(let optional): self = .optional(optional.value.map(CELType.init(of:)) ?? .dyn)
        case .record(let record): self = record.recordType.map(CELType.record) ?? .dyn
        case .unknown: self = .dyn
        }
    }

    private init(common values: [Value]) {
        let types = Set(values.map(CELType.init(of:)))
        self = types.count == 1 ? types.first ?? .dyn : .dyn
    }

    /// Whether values of the type are few machine words without parts.
    var isScalar: Bool {
        switch self {
        case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type: true
        default: false
        }
    }
}
