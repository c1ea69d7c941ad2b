/// A map from bool, int, uint or string keys to values, in the order in which its entries were written.
///
/// As in the language, keys that are the same number are the same key, whether int, uint or double.
public struct MapValue: Sendable, Equatable {
    private let storage: Storage

    private final class Storage: Sendable {
        let keys: [Value]
        let values: [Value]
        let positions: [MapKey: Int]

        init(keys: [Value], values: [Value], positions: [MapKey: Int]) {
            self.keys = keys
            self.values = values
            self.positions = positions
        }
    }

    /// The map without entries.
    public static let empty = MapValue()

    private init() { storage = Storage(keys: [], values: [], positions: [:]) }

    /// A map of these entries.
    ///
    /// - Throws: A key that is of no key type, or there twice.
    public init(_ entries: [(key: Value, value: Value)]) throws(EvaluationError) {
        var positions: [MapKey: Int] = [:]
        positions.reserveCapacity(entries.count)
        for (position, entry) in entries.enumerated() {
            guard !entry.key.isDouble, let key = MapKey(entry.key) else {
                throw EvaluationError(
                    .invalidArgument, "a map's key is a bool, int, uint or string, not \(entry.key.typeName.name)")
            }
            guard positions.updateValue(position, forKey: key) == nil else {
                throw EvaluationError(.invalidArgument, "a map has the key \(entry.key.shortText) twice")
            }
        }
        storage = Storage(keys: entries.map(\.key), values: entries.map(\.value), positions: positions)
    }

    /// The number of entries.
    public var count: Int { storage.keys.count }
    /// The keys, in order.
    public var keys: [Value] { storage.keys }
    /// The values, in the order of the keys.
    public var values: [Value] { storage.values }

    /// The value of a key; a double finds the integer key that equals it.
    public subscript(key: Value) -> Value? {
        guard let key = MapKey(key), let position = storage.positions[key] else { return nil }
        return storage.values[position]
    }

    /// The value of a string key.
    subscript(key: String) -> Value? {
        guard let position = storage.positions[.string(key)] else { return nil }
        return storage.values[position]
    }

    /// The steps that hashing a key takes beyond looking up a short one.
    static func steps(forKey key: Value) -> Int {
        if case .string(let text) = key { text.utf8.count >> 4 } else { 0 }
    }

    /// Whether a value can be the key of a map or look one up.
    static func canHold(key: Value) -> Bool {
        switch key {
        case .bool, .int, .uint, .double, .string: true
        default: false
        }
    }

    /// Whether both have the same keys with the same values, in whatever order.
    public static func == (left: MapValue, right: MapValue) -> Bool {
        left.count == right.count && zip(left.keys, left.values).allSatisfy { key, value in right[key] == value }
    }
}

extension Value {
    fileprivate var isDouble: Bool {
        if case .double = self { true } else { false }
    }
}

/// A key as it is compared: numbers by value, strings by their code points.
enum MapKey: Hashable, Sendable {
    case bool(Bool)
    case int(Int64)
    /// Only those beyond `Int64.max`.
    case uint(UInt64)
    case string(String)

    init?(_ value: Value) {
        switch value {
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(value)
        case .uint(let value): self = Int64(exactly: value).map(MapKey.int) ?? .uint(value)
        case .double(let value):
            if let integer = Int64(exactly: value) {
                self = .int(integer)
            } else if let integer = UInt64(exactly: value) {
                self = .uint(integer)
            } else {
                return nil
            }
        case .string(let value): self = .string(value)
        default: return nil
        }
    }

    static func == (left: MapKey, right: MapKey) -> Bool {
        switch (left, right) {
        case (.bool(let left), .bool(let right)): left == right
        case (.int(let left), .int(let right)): left == right
        case (.uint(let left), .uint(let right)): left == right
        case (.string(let left), .string(let right)): left.hasSameCodePoints(as: right)
        default: false
        }
    }

    func hash(into hasher: inout Hasher) {
        switch self {
        case .bool(let value): hasher.combine(value)
        case .int(let value): hasher.combine(value)
        case .uint(let value): hasher.combine(value)
        case .string(let value):
            var value = value
            value.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        }
    }
}
