import Journal
import RecordLinkage
import Storage

/// Writes what was decided of rows: their links, whom those resemble that wait, and the evidence.
struct DecidedRowsWriter {
    let registry: Registry
    let run: Int64
    let rows: DecidedRows
    /// The family of each person.
    let familyOf: [Int32]
    let connection: any Connection

    private var regency: SQLValue { .text(registry.regency) }

    private struct Stored {
        let line: Int64
        let since: Int64
        let family: Int64
        let person: Int64
        let ground: String
    }

    /// Where a row's evidence goes.
    private struct EvidenceRow {
        let family: Int32
        let person: Int32
        let batch: Int32
        let line: Int32
        let day: Int32
        let length: Int32
        let start: Int
    }

    /// Closes links that hold no longer, opens others, and writes what they are evidence of; what held before and was decided
    /// again stays.
    func write(_ progress: (WorkProgress) -> Void) throws -> (digest: [UInt8], changed: Bool) {
        var digest = LinkDigest()
        var evidence: [EvidenceRow] = []
        let total = rows.batches.reduce(0) { $0 + $1.decisions.count }
        var done = 0
        var changed = false
        for (batch, decisions) in rows.batches {
            let stored = try storedLinks(batch.batch)
            var closed: [Stored] = []
            var position = 0
            try connection.bulkInsert(
                into: "link",
                columns: ["regency", "batch", "line", "since", "until", "family", "person", "ground"]
            ) { writer in
                for decision in decisions {
                    while position < stored.count, stored[position].line < decision.line {
                        closed.append(stored[position])
                        position += 1
                    }
                    let family = family(of: decision)
                    digest.add(
                        batch: batch.batch, line: Int64(decision.line), family: Int64(family),
                        person: Int64(decision.person), ground: decision.ground.rawValue)
                    if position < stored.count, stored[position].line == Int64(decision.line) {
                        let old = stored[position]
                        position += 1
                        if old.family == Int64(family), old.person == Int64(decision.person),
                            old.ground == decision.ground.rawValue
                        {
                            continue
                        }
                        closed.append(old)
                    }
                    changed = true
                    try write(decision, family, batch.batch, to: writer)
                    guard decision.ground.isLinked, !batch.layout.isEmpty else { continue }
                    evidence.append(
                        EvidenceRow(
                            family: family, person: batch.source.subject == .person ? decision.person : 0,
                            batch: Int32(batch.batch), line: decision.line, day: decision.day,
                            length: decision.evidenceLength, start: decision.evidence))
                }
            }
            closed += stored[position...]
            changed = changed || !closed.isEmpty
            try close(closed, batch)
            if try writeCandidates(of: batch, decisions) { changed = true }
            done += decisions.count
            progress(WorkProgress(done: total * 2 + done, total: total * 4))
        }
        evidence.sort {
            ($0.family, $0.person, $0.batch, $0.line) < ($1.family, $1.person, $1.batch, $1.line)
        }
        try writeEvidence(evidence) { written in
            let part = written * total / max(1, evidence.count)
            progress(WorkProgress(done: total * 3 + part, total: total * 4))
        }
        return (digest.finish(), changed)
    }

    /// Ends what was decided of some rows of a batch that are no longer in force, and tells how many there were by reason.
    func end(_ lines: [Int64], of batch: DeliveredBatch) throws -> [Ground: Int] {
        guard !lines.isEmpty else { return [:] }
        let ended = Set(lines)
        let links = try storedLinks(batch.batch).filter { ended.contains($0.line) }
        try close(links, batch)
        var grounds: [Ground: Int] = [:]
        for link in links {
            guard let ground = Ground(rawValue: link.ground) else { continue }
            grounds[ground, default: 0] += 1
            try connection.execute(
                "UPDATE link_candidate SET until = ? WHERE regency = ? AND batch = ? AND line = ? AND until IS NULL",
                [.integer(run), regency, .integer(batch.batch), .integer(link.line)])
        }
        return grounds
    }

    private func family(of decision: Decision) -> Int32 {
        decision.family != 0 ? decision.family : familyOf[Int(decision.person)]
    }

    private func storedLinks(_ batch: Int64) throws -> [Stored] {
        guard run > 1 else { return [] }
        return try connection.query(
            """
            SELECT line, since, family, person, ground FROM link
            WHERE regency = ? AND batch = ? AND until IS NULL ORDER BY line
            """, [regency, .integer(batch)]
        ) {
            Stored(
                line: $0.int64(0), since: $0.int64(1), family: $0.int64(2), person: $0.int64(3), ground: $0.text(4))
        }
    }

    private func write(_ decision: Decision, _ family: Int32, _ batch: Int64, to writer: any BulkWriter) throws {
        writer.append(registry.regency)
        writer.append(batch)
        writer.append(Int64(decision.line))
        writer.append(run)
        writer.appendNull()
        if family == 0 { writer.appendNull() } else { writer.append(Int64(family)) }
        if decision.person == 0 { writer.appendNull() } else { writer.append(Int64(decision.person)) }
        writer.append(decision.ground.rawValue)
        try writer.endRow()
    }

    // MARK: Likeness

    /// Closes and opens candidates where they are other persons than before.
    private func writeCandidates(of batch: DeliveredBatch, _ decisions: [Decision]) throws -> Bool {
        var open: [Int64: (since: Int64, persons: [Int64])] = [:]
        try connection.forEach(
            """
            SELECT line, since, person FROM link_candidate
            WHERE regency = ? AND batch = ? AND until IS NULL ORDER BY line, place
            """, [regency, .integer(batch.batch)]
        ) { open[$0.int64(0), default: ($0.int64(1), [])].persons.append($0.int64(2)) }
        var opened: [(line: Int64, candidates: [Likeness.Candidate])] = []
        for outcome in rows.weighed(in: batch.batch) where !outcome.candidates.isEmpty {
            let line = Int64(decisions[outcome.place].line)
            if let old = open[line], old.persons == outcome.candidates.map({ Int64($0.person) }) {
                open[line] = nil
            } else {
                opened.append((line, outcome.candidates))
            }
        }
        for (line, old) in open {
            try connection.execute(
                "UPDATE link_candidate SET until = ? WHERE regency = ? AND batch = ? AND line = ? AND since = ?",
                [.integer(run), regency, .integer(batch.batch), .integer(line), .integer(old.since)])
        }
        try connection.bulkInsert(
            into: "link_candidate",
            columns: ["regency", "batch", "line", "since", "place", "until", "person", "weight", "probability"]
        ) { writer in
            for (line, candidates) in opened {
                for (place, candidate) in candidates.enumerated() {
                    writer.append(registry.regency)
                    writer.append(batch.batch)
                    writer.append(line)
                    writer.append(run)
                    writer.append(Int64(place))
                    writer.appendNull()
                    writer.append(Int64(candidate.person))
                    writer.append(Double(candidate.weight))
                    writer.append(Double(candidate.probability))
                    try writer.endRow()
                }
            }
        }
        return !opened.isEmpty || !open.isEmpty
    }

    private func close(_ links: [Stored], _ batch: DeliveredBatch) throws {
        for link in links {
            try connection.execute(
                "UPDATE link SET until = ? WHERE regency = ? AND batch = ? AND line = ? AND since = ?",
                [.integer(run), regency, .integer(batch.batch), .integer(link.line), .integer(link.since)])
            guard link.family != 0 else { continue }
            try connection.execute(
                """
                UPDATE evidence SET until = ?
                WHERE regency = ? AND family = ? AND person = ? AND batch = ? AND line = ? AND since = ?
                """,
                [
                    .integer(run), regency, .integer(link.family),
                    .integer(batch.source.subject == .person ? link.person : 0), .integer(batch.batch),
                    .integer(link.line), .integer(link.since),
                ])
        }
    }

    private func writeEvidence(_ sorted: [EvidenceRow], _ progress: (Int) -> Void) throws {
        try connection.bulkInsert(
            into: "evidence",
            columns: ["regency", "family", "person", "batch", "line", "since", "until", "dated", "content"]
        ) { writer in
            try rows.evidence.withUnsafeBytes { evidence in
                for (index, row) in sorted.enumerated() {
                    writer.append(registry.regency)
                    writer.append(Int64(row.family))
                    writer.append(Int64(row.person))
                    writer.append(Int64(row.batch))
                    writer.append(Int64(row.line))
                    writer.append(run)
                    writer.appendNull()
                    writer.append(Int64(row.day))
                    writer.append(
                        blob: UnsafeRawBufferPointer(rebasing: evidence[row.start..<row.start + Int(row.length)]))
                    try writer.endRow()
                    if index.isMultiple(of: 65_536) { progress(index) }
                }
            }
        }
        progress(sorted.count)
    }
}
