/// How far two short words are apart.
public enum EditDistance {
    /// The optimal string alignment distance (Damerau–Levenshtein, each place edited once): insertions, deletions,
    /// substitutions and swaps of neighbours; `limit` + 1 where it is more than `limit`.
    ///
    /// - Parameter limit: at most 3; the work is a band of twice that width.
    public static func alignment(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer, limit: Int) -> Int {
        let (n, m) = (left.count, right.count)
        guard abs(n - m) <= limit else { return limit + 1 }
        if n == 0 || m == 0 { return max(n, m) }
        let far = limit + 1
        return withUnsafeTemporaryAllocation(of: Int.self, capacity: 3 * (m + 1)) { rows in
            var before = UnsafeMutableBufferPointer(rebasing: rows[0..<m + 1])
            var last = UnsafeMutableBufferPointer(rebasing: rows[(m + 1)..<2 * (m + 1)])
            var current = UnsafeMutableBufferPointer(rebasing: rows[2 * (m + 1)..<3 * (m + 1)])
            for column in 0...m {
                last[column] = column
                before[column] = far
            }
            for row in 1...n {
                let (from, to) = (max(1, row - limit), min(m, row + limit))
                current[0] = row
                if from > 1 { current[from - 1] = far }
                var least = from == 1 ? row : far
                var column = from
                while column <= to {
                    let same = left[row - 1] == right[column - 1]
                    var best = last[column - 1] + (same ? 0 : 1)
                    // The cell above lies outside the band at its right end.
                    if column < row + limit || column == m && m < row + limit { best = min(best, last[column] + 1) }
                    best = min(best, current[column - 1] + 1)
                    if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                        best = min(best, before[column - 2] + 1)
                    }
                    current[column] = best
                    least = min(least, best)
                    column += 1
                }
                if least > limit { return far }
                if to < m { current[to + 1] = far }
                (before, last, current) = (last, current, before)
            }
            return min(last[m], far)
        }
    }

    /// The Jaro–Winkler similarity, 0 to 1, with a prefix of up to four letters weighing 0.1 each.
    public static func jaroWinkler(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Double {
        let (n, m) = (left.count, right.count)
        guard n > 0, m > 0, n <= 64, m <= 64 else { return n == m && left.elementsEqual(right) ? 1 : 0 }
        let reach = max(0, max(n, m) / 2 - 1)
        var (inLeft, inRight): (UInt64, UInt64) = (0, 0)
        var matches = 0
        for index in 0..<n {
            var other = max(0, index - reach)
            let end = min(m - 1, index + reach)
            while other <= end {
                if inRight >> UInt64(other) & 1 == 0, left[index] == right[other] {
                    inLeft |= 1 << UInt64(index)
                    inRight |= 1 << UInt64(other)
                    matches += 1
                    break
                }
                other += 1
            }
        }
        guard matches > 0 else { return 0 }
        var swapped = 0
        var rest = inRight
        for index in 0..<n where inLeft >> UInt64(index) & 1 == 1 {
            let other = rest.trailingZeroBitCount
            rest &= rest - 1
            if left[index] != right[other] { swapped += 1 }
        }
        let count = Double(matches)
        let jaro = (count / Double(n) + count / Double(m) + (count - Double(swapped / 2)) / count) / 3
        var prefix = 0
        while prefix < 4, prefix < n, prefix < m, left[prefix] == right[prefix] { prefix += 1 }
        return jaro + Double(prefix) * 0.1 * (1 - jaro)
    }
}
