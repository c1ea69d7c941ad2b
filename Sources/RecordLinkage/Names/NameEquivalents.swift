/// What of names a region writes in more ways than one: data, so that another region brings its own.
public struct NameEquivalents: Sendable {
    /// Words before or after a name that are no part of it: titles and degrees, in capitals without points.
    public var titles: Set<String>
    /// Words after which the father's name follows: `BIN`, `BINTI`. They and all behind them are left out.
    public var patronymics: Set<String>
    /// Words that are written in several ways, each with the one that stands for all: `MOH` for `MUHAMMAD`.
    public var words: [String: String]
    /// Letters that stand for others, in the order in which they are replaced: `OE` by `U`.
    public var spellings: [(from: String, to: String)]
    /// Whether doubled letters count as one.
    public var joinsDoubledLetters: Bool

    /// Nothing is written in more ways than one.
    public static let none = NameEquivalents()

    /// Tables of equivalents.
    public init(
        titles: Set<String> = [], patronymics: Set<String> = [], words: [String: String] = [:],
        spellings: [(from: String, to: String)] = [], joinsDoubledLetters: Bool = false
    ) {
        self.titles = titles
        self.patronymics = patronymics
        self.words = words
        self.spellings = spellings
        self.joinsDoubledLetters = joinsDoubledLetters
    }
}
