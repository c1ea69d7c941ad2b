/// The regions above the community, from the largest to the smallest, by the codes that training met.
///
/// A region is known by its own code and those above it: `12/15/102`. The last group column completes the community's
/// own code and has no entry here, since the communities to be scored are others.
struct RegionCoding: Codable, Sendable, Equatable {
    /// The group columns, largest region first.
    let columns: [String]
    /// The regions' codes, in order.
    let codes: [String]

    static func paths(_ columns: [String], in table: SurveyTable) throws(ScoreError) -> [[String]] {
        var paths = [[String]](repeating: [], count: table.count)
        for column in columns {
            for (row, code) in try table.texts(column).enumerated() {
                guard !code.isEmpty else {
                    throw table.refused("is empty; every household lies in a region", row: row, column: column)
                }
                paths[row].append(paths[row].last.map { $0 + "/" + code } ?? code)
            }
        }
        return paths
    }

    init(columns: [String], paths: [[String]]) {
        self.columns = columns
        codes = Set(paths.flatMap { $0.dropLast() }).sorted()
    }

    /// Where the regions of a household stand in ``codes``; those that training did not meet have no place.
    func places(_ paths: [[String]]) -> [[Int]] {
        let index = Dictionary(uniqueKeysWithValues: codes.enumerated().map { ($1, $0) })
        return paths.map { $0.dropLast().compactMap { index[$0] } }
    }
}
