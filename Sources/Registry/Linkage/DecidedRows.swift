/// What was decided of a row.
struct Decision {
    let line: Int32
    let person: Int32
    /// The family of a row that speaks of one; 0 where the person's is meant.
    let family: Int32
    let ground: Ground
    let day: Int32
    /// Where its evidence lies in ``DecidedRows/evidence``.
    let evidence: Int
    let evidenceLength: Int32

    /// The same row, decided otherwise.
    func with(person: Int32 = 0, family: Int32 = 0, _ ground: Ground) -> Decision {
        Decision(
            line: line, person: person, family: family, ground: ground, day: day, evidence: evidence,
            evidenceLength: evidenceLength)
    }
}

/// What a run decided of rows, batch by batch.
struct DecidedRows {
    /// Decisions by batch, each list in the order of lines.
    private(set) var batches: [(batch: DeliveredBatch, decisions: [Decision])] = []
    /// The fields that evidence rests on, of all rows, one after the other.
    private(set) var evidence: [UInt8] = []
    /// How many rows were decided, by reason.
    private(set) var grounds: [Ground: Int] = [:]
    /// What became of rows that were weighed, in the order of batches and rows once it is ended.
    private(set) var weighed: [Likeness.Outcome] = []

    /// How many batches there are: the place of the next one.
    var count: Int { batches.count }

    /// The rows of a batch, all decided.
    mutating func append(_ batch: DeliveredBatch, _ decisions: [Decision]) { batches.append((batch, decisions)) }

    /// Decides a row. Its evidence is kept also where it waits: likeness may link it.
    mutating func decide(_ row: OpenedRow, _ person: Int32, family: Int32 = 0, _ ground: Ground) -> Decision {
        grounds[ground, default: 0] += 1
        let start = evidence.count
        evidence += row.evidence
        return Decision(
            line: Int32(row.line), person: person, family: family, ground: ground, day: row.day, evidence: start,
            evidenceLength: Int32(evidence.count - start))
    }

    /// A decided row is decided otherwise.
    mutating func replace(_ old: Decision, with new: Decision) {
        grounds[old.ground, default: 0] -= 1
        grounds[new.ground, default: 0] += 1
    }

    /// A row at a place of a batch's place is decided otherwise.
    mutating func replace(_ batch: Int, _ place: Int, with new: Decision) {
        replace(batches[batch].decisions[place], with: new)
        batches[batch].decisions[place] = new
    }

    /// Decides a row that was weighed by what came of it and what people decided; nil where it stays as it is.
    ///
    /// - Parameter isListed: whether the register lists the person whom people decided on.
    mutating func settle(_ outcome: Likeness.Outcome, _ verdict: Verdict?, isListed: Bool) -> Decision? {
        let waiting = batches[outcome.batch].decisions[outcome.place]
        let isOfFamilies = batches[outcome.batch].batch.source.isOfFamilies
        let likely = max(outcome.person.1, isOfFamilies ? outcome.family.1 : 0)
        let decided: Decision
        if verdict == nil, waiting.ground == .nikAndBirthDate {
            // A slip in a NIK is now and then somebody's who was born on the same day: it stands unless another one whom the row
            // resembles is as likely.
            let rival = outcome.candidates.first { $0.person != waiting.person }
            let isOwn = outcome.person.0 == waiting.person && outcome.person.1 >= outcome.threshold
            guard let rival, Double(rival.probability) >= Likeness.leastReviewed, !isOwn else { return nil }
        }
        if let person = verdict?.person, isListed {
            decided = waiting.with(person: Int32(person), .reviewed)
        } else if verdict?.isOpen ?? false {
            decided = waiting.with(.toReview)
        } else if verdict == nil, waiting.ground != .refused, outcome.person.1 >= outcome.threshold {
            decided = waiting.with(person: outcome.person.0, .likeness)
        } else if verdict == nil, waiting.ground != .refused, isOfFamilies, outcome.family.1 >= outcome.threshold {
            decided = waiting.with(family: outcome.family.0, .likeness)
        } else if likely >= Likeness.leastReviewed {
            // Once people have refused somebody, they decide about whoever is next.
            decided = waiting.with(.toReview)
        } else if verdict != nil {
            decided = waiting.with(.refused)
        } else {
            return nil
        }
        replace(outcome.batch, outcome.place, with: decided)
        if decided.ground != .refused { weighed.append(outcome) }
        return decided
    }

    /// Where the row at a place of a batch's place lies.
    func place(_ batch: Int, _ place: Int) -> RowPlace {
        RowPlace(batch: batches[batch].batch.batch, line: Int64(batches[batch].decisions[place].line))
    }

    /// A row that people are to look at, with whom it may speak of.
    mutating func show(_ outcome: Likeness.Outcome) { weighed.append(outcome) }

    /// All rows are decided: everything is put in the order of batches.
    mutating func end() {
        let numbers = batches.map(\.batch.batch)
        weighed.sort { (numbers[$0.batch], $0.place) < (numbers[$1.batch], $1.place) }
        weighed = weighed.map { $0.inBatch(Int(numbers[$0.batch])) }
        batches.sort { $0.batch.batch < $1.batch.batch }
        grounds = grounds.filter { $0.value > 0 }
    }

    /// The outcomes of a batch, in the order of its rows.
    func weighed(in batch: Int64) -> ArraySlice<Likeness.Outcome> {
        let start = weighed.partitioningIndex { $0.batch >= batch }
        let end = weighed.partitioningIndex { $0.batch > batch }
        return weighed[start..<end]
    }
}

extension SourceDefinition {
    /// Whether its rows speak of families, and say nothing of who lives in them.
    var isOfFamilies: Bool { subject == .family && effect == nil }
}

extension Array {
    /// The first index from which on a condition holds, in an array where it holds for a last part.
    func partitioningIndex(where holds: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
