import Journal
import Storage

/// What somebody who looked at a row and a person said of them.
public enum ReviewAnswer: String, Sendable, CaseIterable {
    /// They are the same person.
    case same
    /// They are not.
    case not
    /// It cannot be told from what is there.
    case unsure
}

/// One decision of one person about a row and a person: it is never changed, only undone by another one.
public struct LinkDecision: Sendable, Equatable {
    /// Its number.
    public let decision: Int64
    /// When it was made.
    public let at: Moment
    /// Who decided.
    public let actor: String
    /// The row: its batch.
    public let batch: Int64
    /// The row: its line.
    public let line: Int64
    /// The person.
    public let person: Int64
    /// What was said.
    public let answer: ReviewAnswer
    /// Why, in the words of who decided.
    public let note: String
    /// The decision that this one undoes; nil where it decides.
    public let undoes: Int64?
}

/// What all decisions about a row come to.
public struct Verdict: Sendable, Equatable {
    /// What has been decided of one person, so far.
    public enum State: Sendable, Equatable {
        /// The row speaks of the person.
        case same
        /// It does not.
        case not
        /// Somebody else must look: those who did are unsure or disagree, or a second opinion was drawn.
        case open
    }

    /// For each person about whom something was said the state.
    public let states: [Int64: State]
    /// Who has said something that stands, each once.
    public let actors: [String]

    /// The person whom the row speaks of, where that is decided.
    public var person: Int64? { states.first { $0.value == .same }?.key }

    /// The persons whom the row does not speak of.
    public var refused: Set<Int64> { Set(states.filter { $0.value == .not }.keys) }

    /// Whether somebody else must look.
    public var isOpen: Bool { states.values.contains(.open) }

    /// In so many rows one needs a second opinion although the first was sure: it tells how often people err.
    public static let secondOpinionOneIn: UInt64 = 10

    /// Whether a row is one of those that two people must look at. It depends on the row alone, so nobody can choose.
    public static func needsSecondOpinion(batch: Int64, line: Int64) -> Bool {
        var mixed = UInt64(bitPattern: batch) &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(bitPattern: line)
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return (mixed ^ mixed >> 31) % secondOpinionOneIn == 0
    }

    /// Folds the decisions about one row, in their order.
    ///
    /// What somebody said last about a person is what that one says. One sure answer decides; two are needed where a second
    /// opinion was drawn or somebody is unsure; where people disagree the majority decides, and a tie decides nothing. Of several
    /// persons one at most can be the row's: where two are, nothing is decided.
    public init(_ decisions: [LinkDecision]) {
        let undone = Set(decisions.compactMap(\.undoes))
        let standing = decisions.filter { $0.undoes == nil && !undone.contains($0.decision) }
        var answers: [Int64: [String: ReviewAnswer]] = [:]
        var actors: [String] = []
        for decision in standing {
            answers[decision.person, default: [:]][decision.actor] = decision.answer
            if !actors.contains(decision.actor) { actors.append(decision.actor) }
        }
        let isDrawn = decisions.first.map { Self.needsSecondOpinion(batch: $0.batch, line: $0.line) } ?? false
        var states = answers.mapValues { answers -> State in
            let same = answers.values.count { $0 == .same }
            let not = answers.values.count { $0 == .not }
            let needed = isDrawn || answers.values.contains(.unsure) || (same > 0 && not > 0) ? 2 : 1
            if same >= needed, same > not { return .same }
            if not >= needed, not > same { return .not }
            return .open
        }
        if states.values.count(where: { $0 == .same }) > 1 {
            states = states.mapValues { $0 == .same ? .open : $0 }
        }
        self.states = states
        self.actors = actors
    }
}

/// Reads and writes decisions.
enum LinkDecisions {
    private static let columns = "decision, at, actor, batch, line, person, answer, note, undoes"

    /// The decisions about one row, in their order.
    static func of(
        batch: Int64, line: Int64, regency: String, on connection: any Connection
    ) throws -> [LinkDecision] {
        try connection.query(
            """
            SELECT \(columns) FROM link_decision WHERE regency = ? AND batch = ? AND line = ? ORDER BY decision
            """, [.text(regency), .integer(batch), .integer(line)], read
        ).compactMap(\.self)
    }

    /// All decisions, by row.
    static func all(
        regency: String, on connection: any Connection
    ) throws -> [RowPlace: [LinkDecision]] {
        var all: [RowPlace: [LinkDecision]] = [:]
        try connection.forEach(
            "SELECT \(columns) FROM link_decision WHERE regency = ? ORDER BY decision", [.text(regency)]
        ) { cursor in
            guard let decision = read(cursor) else { return }
            all[RowPlace(batch: decision.batch, line: decision.line), default: []].append(decision)
        }
        return all
    }

    static func read(_ cursor: any Cursor) -> LinkDecision? {
        ReviewAnswer(rawValue: cursor.text(6)).map {
            LinkDecision(
                decision: cursor.int64(0), at: Moment(microseconds: cursor.int64(1)), actor: cursor.text(2),
                batch: cursor.int64(3), line: cursor.int64(4), person: cursor.int64(5), answer: $0,
                note: cursor.text(7), undoes: cursor.optionalInt64(8))
        }
    }
}

/// Where a row stands.
public struct RowPlace: Hashable, Sendable, CustomStringConvertible {
    /// The batch.
    public let batch: Int64
    /// The line in the batch's file.
    public let line: Int64

    /// A place.
    public init(batch: Int64, line: Int64) {
        self.batch = batch
        self.line = line
    }

    /// `BATCH:LINE`.
    public var description: String { "\(batch):\(line)" }

    /// Reads `BATCH:LINE`; nil where it is none.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let batch = Int64(parts[0]), let line = Int64(parts[1]), batch > 0, line > 0 else {
            return nil
        }
        self.init(batch: batch, line: line)
    }
}
