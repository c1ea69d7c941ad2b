/// The value of one attribute of a person or family, as an agency's field gives it.
public enum AttributeValue: Sendable, Hashable {
    case boolean(Bool)
    case integer(Int64)
    case double(Double)
    case text(String)
}

extension AttributeValue: CustomStringConvertible {
    /// The value without its type.
    public var description: String {
        switch self {
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .double(let value): String(value)
        case .text(let value): value
        }
    }
}
