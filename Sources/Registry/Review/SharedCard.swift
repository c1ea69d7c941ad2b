import Storage

/// A family card of the population register whose people are all known on another family's card.
public struct SharedCard: Sendable, Equatable {
    /// The family of the card.
    public let family: Int64
    /// The family on whose card other agencies know its people.
    public let other: Int64
    /// How many people live on the first card.
    public let members: Int
    /// Whether somebody on the first card is its head. Without one it is probably what is left of an old card; with one the
    /// people may have set up house by themselves since the agencies asked.
    public let hasHead: Bool
    /// The run since which it is so.
    public let since: Int64
}

extension Registry {
    /// Cards that seem to be of one household with another one, in the order of families, by the last link run.
    public func sharedCards() throws -> [SharedCard] {
        try database.read { connection in
            try connection.query(
                """
                SELECT family, other, members, has_head, since FROM shared_card
                WHERE regency = ? AND until IS NULL ORDER BY family
                """, [.text(regency)]
            ) {
                SharedCard(
                    family: $0.int64(0), other: $0.int64(1), members: Int($0.int64(2)), hasHead: $0.int64(3) != 0,
                    since: $0.int64(4))
            }
        }
    }
}
