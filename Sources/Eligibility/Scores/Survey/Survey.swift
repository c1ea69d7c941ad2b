import Foundation

/// A survey that a model can be fitted to: households with their features and their consumption.
struct Survey: Sendable {
    let roles: SurveyRoles
    let features: [Feature]
    let households: Households
    let regions: RegionCoding
    /// Log consumption.
    let target: [Double]
    /// Columns that were left out because they tell the target itself.
    let leftOut: [String]

    /// The fewest communities from which a model can be judged.
    static let leastCommunities = 20
    /// From this correlation of logarithms on, a column is the target in other words.
    private static let tellingCorrelation = 0.97

    /// Reads a survey.
    /// - Parameters:
    ///   - columns: the columns that are questions; nil for all that have no role.
    ///   - without: columns to leave out.
    init(
        _ table: SurveyTable, roles: SurveyRoles, columns: [String]?, without: Set<String> = []
    ) throws(ScoreError) {
        let named = [roles.id, roles.target, roles.rank].compactMap { $0 } + roles.groups
        for column in named + without.sorted() { _ = try table.texts(column) }
        for (index, column) in named.enumerated() where named[..<index].contains(column) {
            throw table.refused("is named for two things at once", column: column)
        }
        let consumption = try Households.consumption(table, roles.target)
        target = consumption.map { log($0) }
        var features: [Feature] = []
        var leftOut: [String] = []
        let taken = without.union(named)
        for column in columns ?? table.header where !taken.contains(column) {
            let found = try Feature.features(of: column, in: table)
            let tells = try Self.tells(found, target, in: table)
            if columns == nil, tells { leftOut.append(column) } else { features += found }
        }
        guard !features.isEmpty else {
            throw table.refused("no column is left to ask a family about, beside those that have a role")
        }
        self.roles = roles
        self.features = features
        self.leftOut = leftOut
        households = try Households(table, features: features, roles: roles)
        regions = RegionCoding(columns: roles.groups, paths: households.paths)
        guard households.communityCount >= Self.leastCommunities else {
            throw table.refused(
                "the group columns make \(households.communityCount) communities; at least \(Self.leastCommunities) "
                    + "are needed, since a score is judged on communities that it has not seen")
        }
        if roles.rank != nil, households.ranks.allSatisfy({ $0 == nil }) {
            throw table.refused("no household has a rank", column: roles.rank)
        }
    }

    /// The survey that a model asks for, to judge the model on.
    init(_ table: SurveyTable, for model: PovertyModel) throws(ScoreError) {
        roles = model.roles
        features = model.features
        regions = model.regions
        leftOut = model.training.leftOut
        target = try Households.consumption(table, model.roles.target).map { log($0) }
        for column in model.roles.groups { _ = try table.texts(column) }
        households = try Households(table, features: model.features, roles: model.roles)
        guard households.communityCount >= Self.leastCommunities else {
            throw table.refused(
                "the group columns make \(households.communityCount) communities; a report needs at least "
                    + "\(Self.leastCommunities)")
        }
    }

    private static func tells(
        _ features: [Feature], _ target: [Double], in table: SurveyTable
    ) throws(ScoreError) -> Bool {
        guard let feature = features.first, feature.kind == .number, feature.low > 0 else { return false }
        let values = try feature.values(in: table).map { log($0) }
        return abs(correlation(values, target)) >= tellingCorrelation
    }

    static func correlation(_ first: [Double], _ second: [Double]) -> Double {
        let one = Basis.Scale(first)
        let other = Basis.Scale(second)
        let sum = zip(first, second).reduce(0) { $0 + ($1.0 - one.centre) * ($1.1 - other.centre) }
        return sum / (Double(max(1, first.count)) * one.spread * other.spread)
    }
}
