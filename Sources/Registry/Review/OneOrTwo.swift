import Storage

/// What people decided of persons who seemed to stand in the population register twice.
///
/// They answer about a row of the register, as about any other; what they said holds for the two NIKs, also when the register
/// is delivered anew and its rows are others.
struct OneOrTwo {
    /// The persons whose entry is a second one, with the person who was entered before.
    private var first: [Int32: Int32] = [:]
    private var apart: Set<UInt64> = []
    /// About how many entries something was decided.
    private(set) var decided = 0

    /// Nothing was decided.
    init() {}

    /// What follows from decisions about rows: those of the register are looked up by the person whose entry they were.
    init(_ verdicts: [RowPlace: Verdict], regency: String, on connection: any Connection) throws {
        let entries = try connection.query(
            """
            SELECT DISTINCT d.batch, d.line, l.person FROM link_decision d
            JOIN link l ON l.regency = d.regency AND l.batch = d.batch AND l.line = d.line
            WHERE d.regency = ? AND l.ground = 'register' AND l.person IS NOT NULL ORDER BY 1, 2, 3
            """, [.text(regency)]
        ) { (place: RowPlace(batch: $0.int64(0), line: $0.int64(1)), person: Int32(truncatingIfNeeded: $0.int64(2))) }
        for (place, entry) in entries {
            guard let verdict = verdicts[place] else { continue }
            if !verdict.states.isEmpty, !verdict.isOpen { decided += 1 }
            for (person, state) in verdict.states {
                let other = Int32(truncatingIfNeeded: person)
                guard other != entry else { continue }
                switch state {
                case .same: first[entry] = other
                case .not: apart.insert(Self.pair(entry, other))
                case .open: break
                }
            }
        }
    }

    /// The person whose second entry somebody's is; nil where it is none, or entries are said to be each other's.
    func kept(_ person: Int32) -> Int32? {
        guard var kept = first[person] else { return nil }
        // A person has been entered three times; more steps than entries mean a circle.
        for _ in 0..<first.count {
            guard let next = first[kept] else { return kept }
            kept = next
        }
        return nil
    }

    /// Whether people said that two persons are two.
    func isTwo(_ one: Int32, _ other: Int32) -> Bool { apart.contains(Self.pair(one, other)) }

    private static func pair(_ one: Int32, _ other: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: min(one, other))) << 32 | UInt64(UInt32(bitPattern: max(one, other)))
    }
}
