/// A value as both engines store it: the four storage classes that STRICT tables and PostgreSQL share, and null.
///
/// Booleans are stored as the integers 0 and 1, calendar dates as text `YYYY-MM-DD`, moments as the integer count of
/// microseconds since 1970-01-01T00:00:00Z, amounts as whole rupiah.
public enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
}

extension SQLValue: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral, ExpressibleByNilLiteral,
    ExpressibleByBooleanLiteral
{
    /// An integer.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// A text.
    public init(stringLiteral value: String) { self = .text(value) }
    /// Null.
    public init(nilLiteral: ()) { self = .null }
    /// 0 or 1.
    public init(booleanLiteral value: Bool) { self = .integer(value ? 1 : 0) }
}

extension SQLValue {
    /// An integer, or null.
    public init(_ value: Int?) { self = value.map { .integer(Int64($0)) } ?? .null }
    /// An integer, or null.
    public init(_ value: Int64?) { self = value.map { .integer($0) } ?? .null }
    /// A text, or null.
    public init(_ value: String?) { self = value.map { .text($0) } ?? .null }
    /// Bytes, or null.
    public init(_ value: [UInt8]?) { self = value.map { .blob($0) } ?? .null }
    /// A floating-point number, or null.
    public init(_ value: Double?) { self = value.map { .real($0) } ?? .null }
    /// 0, 1 or null.
    public init(_ value: Bool?) { self = value.map { .integer($0 ? 1 : 0) } ?? .null }
}
