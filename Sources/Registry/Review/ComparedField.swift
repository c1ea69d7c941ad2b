import RecordLinkage

/// How a row and a person compare in one field, and what that says.
public struct ComparedField: Sendable, Equatable {
    /// The field; `rarity` for how rare it is what they share.
    public let field: String
    /// The level's words, such as “one digit or two neighbours differ”; nil where one of the two has no value.
    public let level: String?
    /// log2 of how much likelier the level is between records of one person than between strangers; 0 without a level.
    public let weight: Double
}

extension ComparedField {
    /// What a model says of two records, field by field. How rare it is what they share depends on all records, and so is what
    /// is left of the weight that they had among them.
    static func all(_ model: LinkageModel, _ left: Int, _ right: Int, of table: RecordTable, weight: Double)
        -> [ComparedField]
    {
        let parts = model.explain(left, right, of: table).parts
        let fields = table.settings.fields.map { field in
            let part = parts.first { $0.field == field.name }
            return ComparedField(field: field.name, level: part?.words, weight: part?.weight ?? 0)
        }
        let rest = weight - fields.reduce(0) { $0 + $1.weight }
        return fields + [ComparedField(field: "rarity", level: nil, weight: rest.isFinite ? rest : 0)]
    }
}
