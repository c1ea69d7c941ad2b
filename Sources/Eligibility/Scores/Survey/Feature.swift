import Foundation

/// One number that is known of every household: a numeric column, a yes/no column, or one value of a column of words.
struct Feature: Codable, Sendable, Equatable {
    enum Kind: String, Codable, Sendable { case number, yesNo, category }

    let column: String
    let kind: Kind
    /// Which word of the column means 1; nil but for ``Kind/category``.
    let category: String?
    /// The least and greatest value met in training. What lies outside is taken for the nearer of them: no score rests
    /// on a curve drawn beyond what was seen.
    let low: Double
    let high: Double

    /// The most different words that a column may have.
    static let mostCategories = 20

    /// What a column holds: the features that training may use.
    /// - Throws: where the column is constant, has gaps, or mixes numbers and words.
    static func features(of column: String, in table: SurveyTable) throws(ScoreError) -> [Feature] {
        let texts = try table.texts(column)
        if let row = texts.firstIndex(of: "") {
            throw table.refused(
                "is empty; an answer is needed in every row, or leave the column out with --without \(column)",
                row: row, column: column)
        }
        guard texts.contains(where: { SurveyTable.number($0) != nil }) else {
            return try categories(of: column, texts, in: table)
        }
        let numbers = try table.numbers(column)
        let low = numbers.min() ?? 0
        let high = numbers.max() ?? 0
        guard low < high else { throw constant(column, texts[0], in: table) }
        let isYesNo = numbers.allSatisfy { $0 == 0 || $0 == 1 }
        return [Feature(column: column, kind: isYesNo ? .yesNo : .number, category: nil, low: low, high: high)]
    }

    private static func categories(
        of column: String, _ texts: [String], in table: SurveyTable
    ) throws(ScoreError) -> [Feature] {
        let words = Set(texts).sorted()
        guard words.count > 1 else { throw constant(column, texts[0], in: table) }
        guard words.count <= mostCategories else {
            throw table.refused(
                "holds \(words.count) different words; more than \(mostCategories) is no answer to a question: "
                    + "leave it out with --without \(column)", column: column)
        }
        return words.dropFirst().map { Feature(column: column, kind: .category, category: $0, low: 0, high: 1) }
    }

    private static func constant(_ column: String, _ value: String, in table: SurveyTable) -> ScoreError {
        table.refused(
            "is “\(value)” in every row, so it tells no family from another: leave it out with --without \(column)",
            column: column)
    }

    /// The feature's value for every household of a table.
    func values(in table: SurveyTable) throws(ScoreError) -> [Double] {
        switch kind {
        case .category: return try table.texts(column).map { $0 == category ? 1 : 0 }
        case .number: return try table.numbers(column).map { min(max($0, low), high) }
        case .yesNo:
            let numbers = try table.numbers(column)
            if let row = numbers.firstIndex(where: { $0 != 0 && $0 != 1 }) {
                throw table.refused("is a yes/no question: 1 or 0 is needed", row: row, column: column)
            }
            return numbers
        }
    }

    /// The value on the scale that curves are drawn on: numbers by the logarithm of their distance from the least.
    func onCurve(_ value: Double) -> Double { kind == .number ? log1p(value - low) : value }
}
