import CEL
import Registry

/// What is known of one family for one programme, each value with its evidence.
package struct FamilyFacts: Sendable {
    /// The family's attributes, in the programme's order; nil where unknown.
    let family: [Evidence?]
    /// The registry's numbers of the members who live there.
    let persons: [Int64]
    /// Each such member's attributes, in the programme's order; nil where unknown.
    let members: [[Evidence?]]

    package init(family: [Evidence?], persons: [Int64], members: [[Evidence?]]) {
        self.family = family
        self.persons = persons
        self.members = members
    }
}

/// Something that must be known, or looked at, before a family can be determined.
public struct Missing: Hashable, Sendable, Comparable {
    /// The attribute.
    public let attribute: String
    /// The member's number in the registry; nil where it is the family's.
    public let person: Int64?

    /// The family's or a member's attribute.
    public init(_ attribute: String, person: Int64? = nil) {
        self.attribute = attribute
        self.person = person
    }

    /// By person, the family first, then by attribute.
    public static func < (left: Missing, right: Missing) -> Bool {
        (left.person ?? 0, left.attribute) < (right.person ?? 0, right.attribute)
    }
}

extension Missing: CustomStringConvertible {
    /// As determinations carry it: `decile`, `schooling@1204`.
    public var description: String { person.map { "\(attribute)@\($0)" } ?? attribute }

    /// Reads a ``description``.
    public init?(reading text: some StringProtocol) {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        guard let attribute = parts.first, !attribute.isEmpty else { return nil }
        guard parts.count > 1 else {
            self.init(String(attribute))
            return
        }
        guard let person = Int64(parts[1]) else { return nil }
        self.init(String(attribute), person: person)
    }
}

/// A member as rules see one: attributes, then definitions, then whether the member has a component.
final class MemberRecord: Record {
    let values: [Value]

    init(values: [Value]) { self.values = values }

    func value(field: Int) -> Value { values[field] }
}

/// What expressions about a family or a member see, while it is worked out: the family's members, then attributes, then
/// definitions.
struct FactActivation: Activation {
    var values: [Value]

    func value(slot: Int) -> Value { values[slot] }
}

extension Value {
    /// A known value, or the unknown of a name.
    init(_ evidence: Evidence?, type: CELType, missing: @autoclosure () -> Missing) {
        switch (evidence?.value, type) {
        case (nil, _): self = .unknown(Unknown(missing().description))
        case (.boolean(let value), _): self = .bool(value)
        case (.integer(let value), .double): self = .double(Double(value))
        case (.integer(let value), _): self = .int(value)
        case (.double(let value), _): self = .double(value)
        case (.text(let value), _): self = .string(value)
        }
    }
}
