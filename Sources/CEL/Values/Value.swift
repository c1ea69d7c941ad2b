/// A value of the Common Expression Language.
///
/// `==` compares structure (`.int(1)` is not `.uint(1)`, NaN is NaN), as tests and caches need it; what the language's own
/// `==` says, expressions decide.
public enum Value: Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case uint(UInt64)
    case double(Double)
    case string(String)
    case bytes([UInt8])
    case list([Value])
    case map(MapValue)
    case timestamp(Timestamp)
    /// A span of time in whole nanoseconds, of no more than about 292 years.
    case duration(Duration)
    /// A type as a value: what `type(x)` gives.
    case type(TypeName)
    case optional(OptionalValue)
    /// A host's object whose fields the environment declares (`CELType.record`).
    case record(any Record)
    /// An input that the host does not know.
    case unknown(Unknown)
}

/// The name of a type at run time: `int`, `list`, `google.protobuf.Timestamp`.
public struct TypeName: Hashable, Sendable {
    /// The name as expressions write it.
    public let name: String

    /// A type's name.
    public init(_ name: String) { self.name = name }
}

/// A value or none, as `optional.of` and `optional.none` make them.
public final class OptionalValue: Sendable {
    /// The value, if there is one.
    public let value: Value?

    /// An optional that holds a value, or none.
    public init(_ value: Value?) { self.value = value }

    /// The optional without a value.
    public static let none = OptionalValue(nil)
}

extension Value {
    /// The type that `type(x)` gives for this value; an unknown has none.
    public var typeName: TypeName {
        switch self {
        case .null: .null
        case .bool: .bool
        case .int: .int
        case .uint: .uint
        case .double: .double
        case .string: .string
        case .bytes: .bytes
        case .list: .list
        case .map: .map
        case .timestamp: .timestamp
        case .duration: .duration
        case .type: .type
        case .optional: .optional
        case .record(let record): TypeName(record.recordType?.name ?? "record")
        case .unknown: TypeName("unknown")
        }
    }
}

extension TypeName {
    static let null = TypeName("null_type")
    static let bool = TypeName("bool")
    static let int = TypeName("int")
    static let uint = TypeName("uint")
    static let double = TypeName("double")
    static let string = TypeName("string")
    static let bytes = TypeName("bytes")
    static let list = TypeName("list")
    static let map = TypeName("map")
    static let timestamp = TypeName("google.protobuf.Timestamp")
    static let duration = TypeName("google.protobuf.Duration")
    static let type = TypeName("type")
    static let optional = TypeName("optional_type")

    /// The types that an expression can name.
    static let denotable: [String: TypeName] = Dictionary(
        uniqueKeysWithValues: [
            .null, .bool, .int, .uint, .double, .string, .bytes, .list, .map, .timestamp, .duration, .type, .optional,
            TypeName(NetworkAddress.addressType.name), TypeName(NetworkAddress.rangeType.name),
        ].map { (type: TypeName) in (type.name, type) })
}

extension Value: Equatable {
    /// Equality of structure; see `Value`.
    public static func == (left: Value, right: Value) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.int(let left), .int(let right)): left == right
        case (.uint(let left), .uint(let right)): left == right
        case (.double(let left), .double(let right)): left == right || left.isNaN && right.isNaN
        case (.string(let left), .string(let right)): left.hasSameCodePoints(as: right)
        case (.bytes(let left), .bytes(let right)): left == right
        case (.list(let left), .list(let right)): left == right
        case (.map(let left), .map(let right)): left == right
        case (.timestamp(let left), .timestamp(let right)): left == right
        case (.duration(let left), .duration(let right)): left == right
        case (.type(let left), .type(let right)): left == right
        case (.optional(let left), .optional(let right)): left.value == right.value
        case (.record(let left), .record(let right)): left === right
        case (.unknown(let left), .unknown(let right)): left == right
        default: false
        }
    }
}

extension Value: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByStringLiteral, ExpressibleByArrayLiteral
{
    /// A bool.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// An int.
    public init(integerLiteral value: Int64) { self = .int(value) }
    /// A double.
    public init(floatLiteral value: Double) { self = .double(value) }
    /// A string.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A list.
    public init(arrayLiteral elements: Value...) { self = .list(elements) }
}

extension String {
    /// Whether both strings are the same sequence of code points: Swift's `==` would also take `é` for `e` + accent.
    func hasSameCodePoints(as other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        // Comparing as Swift does is fast, and settles all that is not equal, and ASCII.
        return self == other && (utf8.allSatisfy { $0 < 0x80 } || utf8.elementsEqual(other.utf8))
    }
}
