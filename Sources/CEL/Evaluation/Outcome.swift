/// What an evaluation came to.
public enum Outcome: Sendable, Equatable {
    /// The expression has this value whatever the unknown inputs may be.
    case value(Value)
    /// The expression has no value.
    case error(EvaluationError)
    /// The value depends on these inputs, which are not known.
    case unknown(Unknown)
}

/// Why an expression has no value.
public struct EvaluationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of failure a host may tell apart.
    public enum Kind: Sendable, Hashable {
        /// No function of this name takes arguments of these types.
        case noSuchOverload
        /// A name that nothing declares, in an expression that was not checked.
        case undeclared
        /// A map without the key, a record without the field, an optional without a value.
        case noSuchKey
        /// An index outside the list or string.
        case outOfRange
        /// A number, timestamp or duration beyond what its type holds.
        case overflow
        case divisionByZero
        /// An argument that the function cannot take: an unreadable number, a bad pattern, a map key there twice.
        case invalidArgument
        /// The evaluation took more steps than it may.
        case tooMuchWork
    }

    /// The kind of failure.
    public let kind: Kind
    /// What happened, in words.
    public let message: String
    /// Where in the source, if known.
    public internal(set) var position: SourcePosition?

    /// An error without a position; the evaluation adds that of the call it came from.
    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// The message, after line and column where they are known.
    public var description: String {
        position.map { "\($0.line):\($0.column): \(message)" } ?? message
    }

    func located(at place: SourcePosition) -> EvaluationError {
        var result = self
        result.position = position ?? place
        return result
    }
}

/// How much an evaluation may still do.
///
/// A step is about one element visited, one byte written or one state of a pattern tried, so the work of any expression is
/// bounded whatever it multiplies.
struct Meter {
    private(set) var remaining: Int

    init(steps: Int) { remaining = steps }

    @inline(__always)
    mutating func charge(_ steps: Int) throws(EvaluationError) {
        remaining -= steps
        if remaining < 0 { throw Self.exhausted() }
    }

    private static func exhausted() -> EvaluationError {
        EvaluationError(.tooMuchWork, "the expression takes more steps than it may")
    }
}
