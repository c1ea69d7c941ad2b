import CEL
import Registry

/// What is known of many families for one programme, column by column: the values alone, without where they come from.
public struct FactTable: Sendable {
    /// The families' numbers, rising.
    public let families: [Int64]
    /// Where each lives.
    public let villages: [RegionCode]
    /// The numbers of the members who live there, family by family.
    let persons: [Int64]
    /// Where each family's members lie in ``persons`` and ``members``.
    let offsets: ListOffsets
    /// The families' attributes, in the programme's order.
    let family: [Column]
    /// The members' attributes, in the programme's order.
    let members: [Column]

    /// How many families there are.
    public var count: Int { families.count }
}

/// Takes families one after the other and makes a ``FactTable`` of them.
package struct FactTableBuilder: Sendable {
    private let familyAttributes: [Programme.Attribute]
    private let memberAttributes: [Programme.Attribute]
    private var families: [Int64] = []
    private var villages: [RegionCode] = []
    private var persons: [Int64] = []
    private var offsets: [Int32] = [0]
    private var family: [ColumnBuilder]
    private var members: [ColumnBuilder]

    package init(_ programme: Programme) {
        familyAttributes = programme.attributes.filter { $0.scope == .family }
        memberAttributes = programme.attributes.filter { $0.scope == .member }
        family = familyAttributes.map { ColumnBuilder($0.type) }
        members = memberAttributes.map { ColumnBuilder($0.type) }
    }

    package mutating func append(_ facts: FamilyFacts, of number: Int64, in village: RegionCode) {
        families.append(number)
        villages.append(village)
        persons += facts.persons
        offsets.append(Int32(persons.count))
        for (index, evidence) in facts.family.enumerated() {
            Self.append(evidence, familyAttributes[index].type, to: &family[index])
        }
        for member in facts.members {
            for (index, evidence) in member.enumerated() {
                Self.append(evidence, memberAttributes[index].type, to: &members[index])
            }
        }
    }

    private static func append(_ evidence: Evidence?, _ type: CELType, to column: inout ColumnBuilder) {
        guard let evidence else { return column.appendNothing(.unknown) }
        switch (evidence.value, type) {
        case (.integer(let value), .int): column.append(value)
        case (.boolean(let value), .bool): column.append(value)
        case (.text(let value), .string): column.append(.string(value))
        default: column.append(Value(evidence, type: type, missing: Missing("")))
        }
    }

    /// Adds the families of another builder, whose numbers are higher.
    package mutating func append(_ other: FactTableBuilder) {
        let before = Int32(persons.count)
        families += other.families
        villages += other.villages
        persons += other.persons
        offsets += other.offsets.dropFirst().map { $0 + before }
        for index in family.indices { family[index].append(other.family[index]) }
        for index in members.indices { members[index].append(other.members[index]) }
    }

    package var table: FactTable {
        let persons = persons
        return FactTable(
            families: families, villages: villages, persons: persons, offsets: ListOffsets(offsets),
            family: zip(familyAttributes, family).map { attribute, builder in
                let name = Missing(attribute.name).description
                return builder.column { _ in name }
            },
            members: zip(memberAttributes, members).map { attribute, builder in
                builder.column { Missing(attribute.name, person: persons[$0]).description }
            })
    }
}
