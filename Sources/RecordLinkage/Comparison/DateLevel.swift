/// How two dates compare.
enum DateLevel: UInt8, CaseIterable {
    case different, year, oneDigit, twoParts, unordered, yearOnly, standing, equal

    var words: String {
        switch self {
        case .different: "different"
        case .year: "same year"
        case .oneDigit: "one digit or two neighbours differ"
        case .twoParts: "two of day, month and year equal"
        case .unordered: "day and month exchanged"
        case .yearOnly: "same year, one of them known to the year"
        case .standing: "equal, but a date that stands for a year"
        case .equal: "equal"
        }
    }

    static func compare(_ left: Int32, _ right: Int32) -> DateLevel {
        if left == right { return DateColumn.standsForYear(left) ? .standing : .equal }
        let (first, second) = (DateColumn.parts(left), DateColumn.parts(right))
        if first.year == second.year {
            if DateColumn.standsForYear(left) || DateColumn.standsForYear(right) { return .yearOnly }
            if first.month == second.day, first.day == second.month { return .unordered }
        }
        let same =
            (first.year == second.year ? 1 : 0) + (first.month == second.month ? 1 : 0)
            + (first.day == second.day ? 1 : 0)
        if same == 2 {
            let isOneEdit =
                first.year != second.year
                ? isOneEdit(first.year, second.year)
                : first.month != second.month ? isOneEdit(first.month, second.month) : isOneEdit(first.day, second.day)
            return isOneEdit ? .oneDigit : .twoParts
        }
        return first.year == second.year ? .year : .different
    }

    /// Whether one digit differs of two numbers, or two neighbours are exchanged.
    private static func isOneEdit(_ left: Int32, _ right: Int32) -> Bool {
        var (a, b, differing) = (left, right, 0)
        while a > 0 || b > 0 {
            if a % 10 != b % 10 { differing += 1 }
            (a, b) = (a / 10, b / 10)
        }
        if differing == 1 { return true }
        return left % 10 == right / 10 % 10 && right % 10 == left / 10 % 10 && left / 100 == right / 100
    }
}
