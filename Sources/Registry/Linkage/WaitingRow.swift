import Storage

/// A source row that is linked to nobody yet, and why.
public struct WaitingRow: Sendable, Equatable {
    /// The source.
    public let source: String
    /// The batch.
    public let batch: Int64
    /// The line in the batch's file.
    public let line: Int64
    /// Why it is not linked.
    public let ground: Ground
}

extension Registry {
    /// Rows that wait to be linked, in the order of batches and lines.
    ///
    /// - Parameters:
    ///   - ground: only those that wait for this reason.
    ///   - limit: how many at most.
    public func waitingRows(_ ground: Ground? = nil, limit: Int = 1000) throws -> [WaitingRow] {
        let grounds = ground.map { [$0] } ?? Ground.allCases.filter { !$0.isLinked }
        let marks = grounds.map { _ in "?" }.joined(separator: ", ")
        return try database.read { connection in
            try connection.query(
                """
                SELECT b.source, l.batch, l.line, l.ground FROM link l
                JOIN batch b ON b.regency = l.regency AND b.batch = l.batch
                WHERE l.regency = ? AND l.until IS NULL AND l.ground IN (\(marks))
                ORDER BY l.batch, l.line LIMIT ?
                """, [.text(regency)] + grounds.map { .text($0.rawValue) } + [SQLValue(limit)]
            ) { cursor in
                Ground(rawValue: cursor.text(3)).map {
                    WaitingRow(source: cursor.text(0), batch: cursor.int64(1), line: cursor.int64(2), ground: $0)
                }
            }.compactMap(\.self)
        }
    }
}
