import RecordLinkage

/// Weighs which persons of the population register rows resemble that no number links with certainty.
///
/// Each source has faults of its own. What its rows look like is learnt from rows that the NIK links, with the NIK hidden; the
/// same rows tell how often a link by likeness alone would be right, and so from which probability on it is taken.
struct Likeness {
    /// A row that takes part.
    private struct Row {
        /// Where its decision lies: the place of its batch, and its place in it.
        let batch: Int32
        let place: Int32
        /// The family whose number it bears, or that of the person who has its NIK by another name; 0 where none is known.
        let family: Int32
        /// The person who has its NIK by another name and birth date: a relative, or the person itself; 0 where there is none.
        let holder: Int32
        /// The number on its card where no family has it.
        let card: KeyedHash?
        /// Who it speaks of, where that is known.
        let person: Int32
    }

    /// How a source's rows were learnt from, and what came of it.
    struct Lesson: Sendable {
        let source: String
        /// Whether its rows speak of families.
        let isOfFamilies: Bool
        /// How its rows compare, by what stands in a NIK's place (``Number``).
        let models: [LinkageModel]
        /// Which share of its rows without a NIK is of somebody whom the register lists.
        let listed: Double
        /// From which probability on a link by likeness is taken; above 1 where it never is.
        let threshold: Double
        /// How many rows were compared with their NIK hidden; how many of them the threshold links, and how many of those with
        /// the right person or family.
        let hidden: Int
        let linked: Int
        let right: Int
        /// About how many of its rows people have decided.
        let reviewed: Int
    }

    /// A person whom a row may speak of.
    struct Candidate: Sendable {
        let person: Int32
        /// log2 of how much likelier what they have in common is of one person than of strangers.
        let weight: Float
        let probability: Float
    }

    /// What a row may be.
    struct Outcome: Sendable {
        /// The place of its batch while it is decided, then the batch's number.
        private(set) var batch: Int
        let place: Int
        /// The persons it may be, the likeliest first.
        let candidates: [Candidate]
        /// The likeliest person, with how likely.
        let person: (Int32, Double)
        /// The likeliest family, with how likely.
        let family: (Int32, Double)
        let threshold: Double

        init(
            batch: Int, place: Int, candidates: [Candidate] = [], person: (Int32, Double) = (0, 0),
            family: (Int32, Double) = (0, 0), threshold: Double = 2
        ) {
            self.batch = batch
            self.place = place
            self.candidates = candidates
            self.person = person
            self.family = family
            self.threshold = threshold
        }

        func inBatch(_ number: Int) -> Outcome {
            var outcome = self
            outcome.batch = number
            return outcome
        }
    }

    /// A row goes to review where one person or family is at least so likely.
    static let leastReviewed = 0.2
    /// With fewer persons in the register it is not known how frequent what two share is.
    static let fewestPersons = 500
    /// So many persons at most are weighed for a row.
    static let mostCandidates = 24
    /// How many rows of a source are learnt from.
    static let sample = 6000

    /// What is said in a row's place of a NIK.
    enum Number: Int, CaseIterable {
        /// Nothing that could be one.
        case none
        /// One that nobody in the register has.
        case unknown
        /// One that somebody has by another name and birth date.
        case ofAnother
        /// One that somebody has by another name, who was born on the same day.
        case ofSameDay

        /// - Parameters:
        ///   - holder: the person who has the row's NIK by another name; 0 where there is none.
        ///   - ground: what the numbers alone make of the row.
        init(_ row: OpenedRow, holder: Int32, _ ground: Ground) {
            self =
                ground == .nikAndBirthDate
                ? .ofSameDay : holder != 0 ? .ofAnother : row.nik != nil ? .unknown : .none
        }
    }

    /// A source whose rows take part.
    private struct Source {
        let name: String
        let isOfFamilies: Bool
        /// Whether its rows say that somebody died or moved: a mistake takes a person from a family.
        let hasEffect: Bool
        /// How many of its rows have a NIK that somebody in the register has, and that nobody has.
        var listed = 0
        var unlisted = 0
    }

    private var builder: RecordTableBuilder
    /// The person of each record of the register.
    private var persons: [Int32] = []
    private var recordOf: [Int32: Int32] = [:]
    private var rows: [Row] = []
    private var kinds = Assignment.Kinds()
    private var sources: [Source] = []
    /// The family of those with a card whose number no family has, from rows that the NIK links.
    private var familyOfCard: [KeyedHash: Int32] = [:]

    init(_ equivalents: NameEquivalents) {
        var settings = LinkageSettings(id: "row", fields: RowLikeness.fields, blocking: RowLikeness.blocking)
        settings.equivalents = equivalents
        builder = RecordTableBuilder(settings)
    }

    // MARK: Taking rows

    /// A person of the register. All of them come before other rows.
    mutating func list(_ row: OpenedRow, _ person: Int32) {
        // Who stands there twice would halve the likelihood of being that person.
        guard recordOf[person] == nil else { return }
        recordOf[person] = Int32(persons.count)
        persons.append(person)
        begin(row, hidesNIK: false)
    }

    /// All persons of the register are there.
    mutating func endRegister() { builder.beginSecond() }

    /// A row that waits.
    ///
    /// - Parameters:
    ///   - ground: what the numbers alone make of it.
    ///   - family: the family whose number it bears.
    ///   - holder: the person who has its NIK by another name, and that person's family.
    mutating func wait(
        _ row: OpenedRow, _ source: SourceDefinition, _ ground: Ground, batch: Int, place: Int, family: Int32,
        holder: (person: Int32, family: Int32)
    ) {
        guard row.likeness.hasName else { return }
        take(
            row, source, Number(row, holder: holder.person, ground),
            Row(
                batch: Int32(batch), place: Int32(place), family: holder.person != 0 ? holder.family : family,
                holder: holder.person, card: family == 0 ? row.familyNumber : nil, person: 0))
    }

    /// A row whose person the NIK tells: it is learnt from, with the NIK hidden.
    mutating func learn(_ row: OpenedRow, _ source: SourceDefinition, family: Int32, person: Int32) {
        guard row.likeness.hasName, let record = recordOf[person] else { return }
        kinds.known.append((Int32(rows.count), record))
        take(
            row, source, .none,
            Row(
                batch: 0, place: 0, family: family, holder: 0, card: family == 0 ? row.familyNumber : nil,
                person: person))
    }

    /// Counts a row with a NIK.
    mutating func count(_ source: SourceDefinition, isListed: Bool) {
        let place = self.place(of: source)
        if isListed { sources[place].listed += 1 } else { sources[place].unlisted += 1 }
    }

    /// Remembers in which family those live whose card bears a number that no family has.
    mutating func note(card: KeyedHash, family: Int32) {
        if familyOfCard[card] == nil { familyOfCard[card] = family }
    }

    private mutating func take(_ row: OpenedRow, _ source: SourceDefinition, _ number: Number, _ own: Row) {
        rows.append(own)
        kinds.kinds.append(UInt8(place(of: source) * Number.allCases.count + number.rawValue))
        begin(row, hidesNIK: own.person != 0 || own.holder != 0)
    }

    private mutating func begin(_ row: OpenedRow, hidesNIK: Bool) {
        builder.begin(id: UnsafeRawBufferPointer(start: nil, count: 0))
        row.likeness.append(to: &builder, hidesNIK: hidesNIK)
    }

    private mutating func place(of source: SourceDefinition) -> Int {
        if let known = sources.firstIndex(where: { $0.name == source.name }) { return known }
        sources.append(
            Source(
                name: source.name, isOfFamilies: source.subject == .family && source.effect == nil,
                hasEffect: source.effect != nil))
        return sources.count - 1
    }

    /// What is expected of a source's rows: those without a NIK are of somebody listed as often as those with one.
    private func kind(_ place: Int, _ number: Number) -> Assignment.Kind {
        let source = sources[place]
        switch number {
        case .none:
            return .init(
                group: place, listed: Double(source.listed + 1) / Double(source.listed + source.unlisted + 2),
                certainty: 20)
        case .unknown: return .init(group: place, listed: 0.5, certainty: 10)
        // Who bears somebody's number by mistake is mostly of the same house, or the number is right and the name another's: of
        // rows whose numbers are somebody's nothing else can be learnt.
        case .ofAnother, .ofSameDay: return .init(group: place, listed: 0.95, certainty: 1_000_000)
        }
    }

    // MARK: Weighing

    /// Weighs all rows.
    ///
    /// - Parameters:
    ///   - familyOf: the family of each person.
    ///   - verdict: what people decided about the row at a place of a batch's place.
    ///   - progress: is told how much of the work is done, of how much.
    mutating func weigh(
        _ familyOf: [Int32], _ verdict: (_ batch: Int, _ place: Int) -> Verdict?, progress: (Int, Int) -> Void
    ) -> (outcomes: [Outcome], lessons: [Lesson]) {
        guard persons.count >= Self.fewestPersons, rows.contains(where: { $0.person == 0 }), sources.count < 64 else {
            return (decided(verdict), [])
        }
        for person in persons { append(family: familyOf[Int(person)], person) }
        for row in rows {
            append(family: row.family != 0 ? row.family : row.card.flatMap { familyOfCard[$0] } ?? 0, row.holder)
        }
        kinds.all = sources.indices.flatMap { place in Number.allCases.map { kind(place, $0) } }
        let table = builder.finish()
        let assignment = Assignment(table, kinds, progress: progress)
        let lessons = lessons(assignment, familyOf, verdict)
        var outcomes: [Outcome] = []
        for (index, row) in rows.enumerated() where row.person == 0 {
            let source = Int(kinds.kinds[index]) / Number.allCases.count
            let verdict = verdict(Int(row.batch), Int(row.place))
            let candidates = allowed(assignment.candidates(of: index), verdict)
            guard let first = candidates.first else {
                if verdict != nil { outcomes.append(Outcome(batch: Int(row.batch), place: Int(row.place))) }
                continue
            }
            outcomes.append(
                Outcome(
                    batch: Int(row.batch), place: Int(row.place), candidates: Array(candidates.prefix(5)),
                    person: (first.person, Double(first.probability)),
                    family: Self.likeliestFamily(candidates, familyOf), threshold: lessons[source].threshold))
        }
        return (outcomes, lessons)
    }

    /// The rows about which people decided something, where nothing is weighed.
    private func decided(_ verdict: (_ batch: Int, _ place: Int) -> Verdict?) -> [Outcome] {
        rows.compactMap { row in
            guard row.person == 0, verdict(Int(row.batch), Int(row.place)) != nil else { return nil }
            return Outcome(batch: Int(row.batch), place: Int(row.place))
        }
    }

    /// The candidates whom nobody has refused; what the refused ones had goes to the others, and to that it is nobody's row.
    private func allowed(
        _ candidates: ArraySlice<Assignment.Candidate>, _ verdict: Verdict?
    ) -> [Candidate] {
        let refused = verdict?.refused ?? []
        var gone: Float = 0
        var allowed: [Candidate] = []
        for candidate in candidates {
            let person = persons[Int(candidate.record)]
            if refused.contains(Int64(person)) {
                gone += candidate.probability
            } else {
                allowed.append(
                    Candidate(person: person, weight: candidate.weight, probability: candidate.probability))
            }
        }
        guard gone > 0 else { return allowed }
        let rest = max(1 - gone, 1e-6)
        return allowed.map {
            Candidate(person: $0.person, weight: $0.weight, probability: min(1, $0.probability / rest))
        }
    }

    private mutating func append(family: Int32, _ person: Int32) {
        let code = family == 0 ? [] : RowLikeness.code(family: family, person: person)
        code.withUnsafeBytes { builder.append($0, to: RowLikeness.family) }
    }

    /// The family of a row's candidates who together are likeliest, with how likely.
    static func likeliestFamily(_ candidates: [Candidate], _ familyOf: [Int32]) -> (Int32, Double) {
        var sums: [(family: Int32, sum: Double)] = []
        for candidate in candidates {
            let family = familyOf[Int(candidate.person)]
            if let place = sums.firstIndex(where: { $0.family == family }) {
                sums[place].sum += Double(candidate.probability)
            } else {
                sums.append((family, Double(candidate.probability)))
            }
        }
        let best = sums.max { ($0.sum, $1.family) < ($1.sum, $0.family) }
        return (best?.family ?? 0, min(1, best?.sum ?? 0))
    }

    /// How likely the best candidate of a row is: the person, or where the source speaks of families all of a family's together.
    private func best(
        _ candidates: [Candidate], _ source: Int, _ familyOf: [Int32]
    ) -> (person: Int32, family: Int32, probability: Double) {
        guard let first = candidates.first else { return (0, 0, 0) }
        guard sources[source].isOfFamilies else {
            return (first.person, familyOf[Int(first.person)], Double(first.probability))
        }
        let family = Self.likeliestFamily(candidates, familyOf)
        return (first.person, family.0, family.1)
    }

    /// What rows with a hidden NIK teach, and people's decisions.
    private func lessons(
        _ assignment: Assignment, _ familyOf: [Int32], _ verdict: (_ batch: Int, _ place: Int) -> Verdict?
    ) -> [Lesson] {
        var seen = sources.map { _ in LinkTrials() }
        for (index, row) in rows.enumerated() {
            let source = Int(kinds.kinds[index]) / Number.allCases.count
            let best = best(allowed(assignment.candidates(of: index), nil), source, familyOf)
            if row.person != 0 {
                let isRight =
                    sources[source].isOfFamilies
                    ? best.family == familyOf[Int(row.person)] : best.person == row.person
                seen[source].hidden.append((best.probability, isRight))
                continue
            }
            // Which of the others are taken is not a matter of those whose number stands unless somebody else resembles them.
            if Int(kinds.kinds[index]) % Number.allCases.count != Number.ofSameDay.rawValue {
                seen[source].waiting.append(best.probability)
            }
            guard best.person != 0, let verdict = verdict(Int(row.batch), Int(row.place)) else { continue }
            if let person = verdict.person {
                seen[source].reviewed.append((best.probability, person == Int64(best.person)))
            } else if verdict.refused.contains(Int64(best.person)) {
                seen[source].reviewed.append((best.probability, false))
            }
        }
        return sources.indices.map { source in
            let withoutNumber = source * Number.allCases.count
            let threshold = seen[source].threshold(least: sources[source].hasEffect ? 0.99 : 0.9)
            let linked = seen[source].hidden.filter { $0.probability >= threshold }
            return Lesson(
                source: sources[source].name, isOfFamilies: sources[source].isOfFamilies,
                models: Array(assignment.models[withoutNumber..<withoutNumber + Number.allCases.count]),
                listed: assignment.listed[withoutNumber],
                threshold: threshold, hidden: seen[source].hidden.count, linked: linked.count,
                right: linked.count { $0.isRight }, reviewed: seen[source].reviewed.count)
        }
    }
}
