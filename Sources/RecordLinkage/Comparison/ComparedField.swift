/// How two records compare in one field, and what that says.
public struct ComparedField: Sendable, Equatable {
    /// The field.
    public let field: String
    /// The level's words, such as “one digit or two neighbours differ”; nil where one of the two has no value.
    public let level: String?
    /// log2 of how much likelier the level is between records of one person than between strangers; 0 without a level.
    public let weight: Double

    /// A comparison.
    public init(field: String, level: String?, weight: Double) {
        self.field = field
        self.level = level
        self.weight = weight
    }
}

extension LinkageModel {
    /// How two records of a table compare in each field, and what each level weighs by this model.
    ///
    /// How rare it is what they share is not in it, for it depends on all records and not on these two.
    public func compare(_ left: Int, _ right: Int, of table: RecordTable) -> [ComparedField] {
        var comparer = RecordComparer(table)
        let pattern = comparer.compare(left, right)
        // A number that is compared apart where the dates are the same is one field.
        var fields: [ComparedField] = []
        for (place, comparison) in comparisons.enumerated() {
            let level = pattern[place]
            let isMissing = level == Pattern.missing || Int(level) >= comparison.levels.count
            let compared = ComparedField(
                field: comparison.field, level: isMissing ? nil : comparison.levels[Int(level)],
                weight: isMissing ? 0 : weight(place, Int(level)))
            if let last = fields.last, last.field == compared.field {
                if !isMissing { fields[fields.count - 1] = compared }
            } else {
                fields.append(compared)
            }
        }
        return fields
    }
}
