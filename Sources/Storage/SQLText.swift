/// What must be known of a statement before an engine gets it, and its text for PostgreSQL.
///
/// The translation is small and blind to grammar: it looks at words outside of quotes and comments.
///
/// | SQL of ours | PostgreSQL |
/// | --- | --- |
/// | `?` | `$1`, `$2`, … |
/// | `INTEGER`, `INT` | `BIGINT` |
/// | `REAL` | `DOUBLE PRECISION` |
/// | `BLOB` | `BYTEA` |
/// | `TEXT` of a column in `CREATE TABLE`, `ALTER TABLE` | `TEXT COLLATE "C"`, the order of bytes, as in SQLite |
/// | `STRICT`, `WITHOUT ROWID` after the columns | nothing |
/// | `x'0AFF'` | `'\x0AFF'::bytea` |
///
/// So no table or column may be called `integer`, `int`, `real` or `blob`.
struct SQLText {
    /// What a statement does.
    enum Kind {
        /// Gives rows and changes nothing.
        case query
        /// Changes rows, and may give some.
        case change
        /// Begins or ends a transaction or a part of one.
        case transaction
        /// Everything else: tables, indexes, settings.
        case other
    }

    private(set) var kind = Kind.other
    /// Whether something follows the statement.
    private(set) var hasSeveralStatements = false
    /// The text for PostgreSQL, cut at its placeholders.
    private(set) var pieces: [String] = []

    /// How many arguments the statement takes.
    var placeholders: Int { pieces.count - 1 }

    /// The text for PostgreSQL with placeholders numbered from 1; those not in `isBound` become `NULL`, so that the
    /// server need not guess a type where there is no value.
    func postgres(isBound: (Int) -> Bool = { _ in true }) -> String {
        var text = pieces[0]
        var number = 0
        for index in 0..<placeholders {
            if isBound(index) {
                number += 1
                text += "$\(number)"
            } else {
                text += "NULL"
            }
            text += pieces[index + 1]
        }
        return text
    }

    init(_ sql: String) {
        var scanner = Scanner(sql)
        scanner.scan()
        kind = scanner.kind
        hasSeveralStatements = scanner.hasSeveralStatements
        pieces = scanner.pieces.map { String(decoding: $0, as: UTF8.self) }
    }
}

private struct Scanner {
    private let source: [UInt8]
    private var position = 0
    private var depth = 0
    private var words = 0
    private var previousWord = ""
    private var isEnded = false
    private var isTable = false
    private var isTextPlain = true
    private var isAfterDropped = false

    var kind = SQLText.Kind.other
    var hasSeveralStatements = false
    var pieces: [[UInt8]] = [[]]

    init(_ sql: String) {
        source = [UInt8](sql.utf8)
    }

    mutating func scan() {
        while position < source.count {
            let byte = source[position]
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
                copy(1)
            case UInt8(ascii: ";"):
                isEnded = true
                position += 1
            case UInt8(ascii: "-") where follows("-"):
                skip { $0[$1] == UInt8(ascii: "\n") }
            case UInt8(ascii: "/") where follows("*"):
                position += 2
                skip { $0[$1] == UInt8(ascii: "/") && $0[$1 - 1] == UInt8(ascii: "*") }
                position = min(position + 1, source.count)
            default:
                if isEnded { hasSeveralStatements = true }
                token(byte)
            }
        }
    }

    private mutating func token(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            copy(quotedLength(at: position))
        case UInt8(ascii: "?"):
            pieces.append([])
            position += 1
        case UInt8(ascii: "x"), UInt8(ascii: "X"):
            if follows("'") {
                let end = position + 1 + quotedLength(at: position + 1)
                append("'\\x")
                pieces[pieces.count - 1] += source[(position + 2)..<end]
                append("::bytea")
                position = end
            } else {
                word()
            }
        case _ where Self.isWordStart(byte):
            word()
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            copy(wordLength())
        case UInt8(ascii: ",") where depth == 0 && isAfterDropped:
            position += 1
        default:
            if byte == UInt8(ascii: "(") { depth += 1 }
            if byte == UInt8(ascii: ")") { depth -= 1 }
            copy(1)
        }
    }

    private mutating func word() {
        let length = wordLength()
        let word = String(decoding: source[position..<(position + length)], as: UTF8.self).uppercased()
        classify(word)
        isAfterDropped = false
        switch word {
        case "INTEGER", "INT": append("BIGINT")
        case "REAL": append("DOUBLE PRECISION")
        case "BLOB": append("BYTEA")
        case "TEXT" where !isTextPlain && previousWord != "AS": append("TEXT COLLATE \"C\"")
        case "STRICT" where isTable && depth == 0, "WITHOUT" where isTable && depth == 0,
            "ROWID" where isTable && depth == 0:
            isAfterDropped = true
        default: pieces[pieces.count - 1] += source[position..<(position + length)]
        }
        position += length
        previousWord = word
        words += 1
    }

    private mutating func classify(_ word: String) {
        switch (words, word) {
        case (0, "SELECT"), (0, "VALUES"), (0, "WITH"): kind = .query
        case (0, "INSERT"), (0, "UPDATE"), (0, "DELETE"), (0, "REPLACE"): kind = .change
        case (0, "BEGIN"), (0, "START"), (0, "COMMIT"), (0, "END"), (0, "ROLLBACK"), (0, "ABORT"), (0, "SAVEPOINT"),
            (0, "RELEASE"):
            kind = .transaction
        case (1, "TABLE"):
            isTable = previousWord == "CREATE"
            isTextPlain = !(isTable || previousWord == "ALTER")
        case (_, "INSERT"), (_, "UPDATE"), (_, "DELETE"):
            // WITH … INSERT; in a definition these words stand in ON DELETE and ON UPDATE.
            if kind == .query { kind = .change }
        default: break
        }
    }

    private func follows(_ character: Unicode.Scalar) -> Bool {
        position + 1 < source.count && source[position + 1] == UInt8(ascii: character)
    }

    /// The length of what is quoted from `start` on, both quotes included; a doubled quote stands for itself.
    private func quotedLength(at start: Int) -> Int {
        let quote = source[start]
        var end = start + 1
        while end < source.count {
            if source[end] == quote {
                guard end + 1 < source.count, source[end + 1] == quote else { return end + 1 - start }
                end += 1
            }
            end += 1
        }
        return source.count - start
    }

    private func wordLength() -> Int {
        var end = position
        while end < source.count,
            Self.isWordStart(source[end]) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(source[end])
        {
            end += 1
        }
        return end - position
    }

    private static func isWordStart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }

    private mutating func copy(_ count: Int) {
        pieces[pieces.count - 1] += source[position..<(position + count)]
        position += count
    }

    /// Leaves out a comment, up to where `isEnd` says.
    private mutating func skip(until isEnd: ([UInt8], Int) -> Bool) {
        while position < source.count, !isEnd(source, position) { position += 1 }
        append(" ")
    }

    private mutating func append(_ text: String) {
        pieces[pieces.count - 1] += text.utf8
    }
}
