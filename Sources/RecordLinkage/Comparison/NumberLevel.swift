/// How two numbers compare.
enum NumberLevel: UInt8, CaseIterable {
    case different, twoEdits, date, head, tail, oneEdit, equal

    var words: String {
        switch self {
        case .different: "different"
        case .twoEdits: "two digits differ"
        case .date: "same birth date in it"
        case .head: "same region and birth date in it"
        case .tail: "same birth date and serial number in it"
        case .oneEdit: "one digit or two neighbours differ"
        case .equal: "equal"
        }
    }

    static func compare(_ left: UInt64, _ right: UInt64) -> NumberLevel {
        if left == right { return .equal }
        let edits = edits(left, right)
        if edits == 1 { return .oneEdit }
        if let first = PersonNumber.parts(left), let second = PersonNumber.parts(right), first.date == second.date {
            if first.serial == second.serial { return .tail }
            return first.region == second.region ? .head : .date
        }
        return edits == 2 ? .twoEdits : .different
    }

    /// Telephone numbers: 2 equal, 1 one edit or cut short, 0 different.
    static func phone(_ left: UInt64, _ right: UInt64) -> UInt8 {
        if left == right { return 2 }
        let (n, m) = (NumberColumn.digits(left), NumberColumn.digits(right))
        if n == m { return edits(left, right) == 1 ? 1 : 0 }
        let (longer, shorter) = (max(n, m), min(n, m))
        guard shorter >= 8, longer - shorter <= 2 else { return 0 }
        let long = NumberColumn.value(n > m ? left : right)
        let short = NumberColumn.value(n > m ? right : left)
        // One that lacks its last digits, or one digit anywhere.
        if (longer - shorter == 2 ? long / 100 : long / 10) == short { return 1 }
        guard longer - shorter == 1 else { return 0 }
        var power: UInt64 = 1
        for _ in 0..<longer {
            if long / (power * 10) * power + long % power == short { return 1 }
            power *= 10
        }
        return 0
    }

    /// How many digits differ of two numbers with as many, 1 where two neighbours are exchanged; 3 where more.
    private static func edits(_ left: UInt64, _ right: UInt64) -> Int {
        guard NumberColumn.digits(left) == NumberColumn.digits(right) else { return 3 }
        var (a, b) = (NumberColumn.value(left), NumberColumn.value(right))
        var (differing, place) = (0, 0)
        var first = (place: 0, a: UInt64(0), b: UInt64(0))
        var areExchanged = false
        while a != b {
            let (one, other) = (a % 10, b % 10)
            if one != other {
                differing += 1
                if differing > 2 { return 3 }
                if differing == 1 {
                    first = (place, one, other)
                } else {
                    areExchanged = place == first.place + 1 && one == first.b && other == first.a
                }
            }
            (a, b, place) = (a / 10, b / 10, place + 1)
        }
        return differing == 2 && areExchanged ? 1 : differing
    }
}
