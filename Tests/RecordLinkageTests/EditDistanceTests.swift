import Testing

@testable import RecordLinkage

@Suite("The distance of words")
struct EditDistanceTests {
    /// The distance by the plain recurrence, without a band.
    private static func plain(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var table = [[Int]](repeating: [Int](repeating: 0, count: right.count + 1), count: left.count + 1)
        for row in 0...left.count { table[row][0] = row }
        for column in 0...right.count { table[0][column] = column }
        guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
        for row in 1...left.count {
            for column in 1...right.count {
                let same = left[row - 1] == right[column - 1]
                var best = min(table[row - 1][column] + 1, table[row][column - 1] + 1)
                best = min(best, table[row - 1][column - 1] + (same ? 0 : 1))
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    best = min(best, table[row - 2][column - 2] + 1)
                }
                table[row][column] = best
            }
        }
        return table[left.count][right.count]
    }

    @Test("is that of the plain recurrence, up to its limit")
    func alignment() {
        var random = SplitMix(5)
        for _ in 0..<20_000 {
            func word() -> [UInt8] { (0..<Int(random.next() % 9)).map { _ in 0x41 + UInt8(random.next() % 3) } }
            let (left, right) = (word(), word())
            let plain = Self.plain(left, right)
            for limit in 1...3 {
                let found = left.withUnsafeBytes { one in
                    right.withUnsafeBytes { EditDistance.alignment(one, $0, limit: limit) }
                }
                #expect(found == min(plain, limit + 1), "\(left) \(right) \(limit)")
            }
        }
    }

    @Test(
        "Jaro–Winkler is as Winkler published it",
        arguments: [
            ("MARTHA", "MARHTA", 0.9611), ("DWAYNE", "DUANE", 0.84), ("DIXON", "DICKSONX", 0.8133), ("", "A", 0),
            ("ABC", "ABC", 1), ("ABC", "XYZ", 0),
        ])
    func jaroWinkler(left: String, right: String, similarity: Double) {
        let found = Array(left.utf8).withUnsafeBytes { one in
            Array(right.utf8).withUnsafeBytes { EditDistance.jaroWinkler(one, $0) }
        }
        #expect(abs(found - similarity) < 0.0001, "\(left) \(right): \(found)")
    }
}
