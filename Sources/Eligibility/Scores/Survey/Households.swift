import Foundation

/// What the columns of a survey are for.
public struct SurveyRoles: Codable, Sendable, Equatable {
    /// The column that names each household.
    public let id: String
    /// The column of what is to be estimated: consumption per head, above zero.
    public let target: String
    /// The columns of region codes, largest region first; together they name the community.
    public let groups: [String]
    /// The column of the community's own ranking, from 0 (poorest) to 1, empty where there is none; nil where not used.
    public let rank: String?

    /// The columns' roles.
    public init(id: String, target: String, groups: [String], rank: String? = nil) {
        self.id = id
        self.target = target
        self.groups = groups
        self.rank = rank
    }
}

/// The households of a file in the shape that a model wants.
struct Households: Sendable {
    let ids: [String]
    /// The features' values, one array for each feature.
    let columns: [[Double]]
    /// The regions of each household, down to the community's own code; empty where the file names none.
    let paths: [[String]]
    /// The community of each household, numbered from 0 in the file's order.
    let community: [Int]
    let communityCount: Int
    /// The community's ranking; nil for households without one.
    let ranks: [Double?]

    var count: Int { ids.count }

    /// Reads what a model needs of a table. A file that has none of the group columns is taken for families of no known
    /// region; one that has some of them only is refused.
    init(_ table: SurveyTable, features: [Feature], roles: SurveyRoles) throws(ScoreError) {
        ids = try table.names(roles.id)
        var columns: [[Double]] = []
        for feature in features { columns.append(try feature.values(in: table)) }
        self.columns = columns
        if roles.groups.contains(where: table.header.contains) {
            paths = try RegionCoding.paths(roles.groups, in: table)
        } else {
            paths = [[String]](repeating: [], count: table.count)
        }
        var numbers: [String: Int] = [:]
        var community: [Int] = []
        for path in paths {
            let key = path.last ?? ""
            let number = numbers[key] ?? numbers.count
            numbers[key] = number
            community.append(number)
        }
        self.community = community
        communityCount = numbers.count
        ranks = try Self.ranks(table, roles.rank)
    }

    private static func ranks(_ table: SurveyTable, _ column: String?) throws(ScoreError) -> [Double?] {
        guard let column else { return [Double?](repeating: nil, count: table.count) }
        var ranks: [Double?] = []
        for (row, text) in try table.texts(column).enumerated() {
            if text.isEmpty {
                ranks.append(nil)
            } else if let rank = SurveyTable.number(text), (0...1).contains(rank) {
                ranks.append(rank)
            } else {
                throw table.refused(
                    "“\(text)” is no rank: a share from 0 (poorest) to 1 is needed, or nothing", row: row,
                    column: column)
            }
        }
        return ranks
    }

    /// The consumption of every household, and its logarithm.
    static func consumption(_ table: SurveyTable, _ column: String) throws(ScoreError) -> [Double] {
        let consumption = try table.numbers(column)
        if let row = consumption.firstIndex(where: { $0 <= 0 }) {
            throw table.refused(
                "is \(consumption[row]); its logarithm is fitted, so every value must be above zero", row: row,
                column: column)
        }
        guard let first = consumption.first, consumption.contains(where: { $0 != first }) else {
            throw table.refused("is the same in every row: there is nothing to estimate", column: column)
        }
        return consumption
    }
}
