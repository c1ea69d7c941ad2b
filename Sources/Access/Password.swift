import Crypto
import CryptoExtras
import Foundation

/// How much work it is to try one password by scrypt (RFC 7914).
public struct PasswordCost: Sendable, Equatable {
    /// The base-2 logarithm of N: the memory is 128 × 2^this × `blockSize` bytes.
    public var logRounds = 16
    /// r.
    public var blockSize = 8
    /// p.
    public var parallelism = 2

    /// 64 MiB, twice: one of the settings that OWASP's cheat sheet on password storage holds for equal.
    public init() {}

    /// Other costs: tests need not be slow.
    public init(logRounds: Int, blockSize: Int, parallelism: Int) {
        self.logRounds = logRounds
        self.blockSize = blockSize
        self.parallelism = parallelism
    }
}

/// A password as it is kept: `$scrypt$ln=16,r=8,p=2$SALT$HASH` (the PHC string format, base64 without padding).
struct PasswordHash: Sendable, Equatable {
    let cost: PasswordCost
    private let salt: [UInt8]
    private let hash: [UInt8]

    private static let length = 32

    /// A password with a salt of its own.
    init(_ password: String, cost: PasswordCost) throws {
        let salt = SymmetricKey(size: .bits128).withUnsafeBytes { [UInt8]($0) }
        self.cost = cost
        self.salt = salt
        hash = try Self.derive(password, salt: salt, cost: cost)
    }

    /// What was kept; nil where the text is none.
    init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt", let cost = Self.cost(parts[2]),
            let salt = Self.bytes(parts[3]), let hash = Self.bytes(parts[4]), hash.count == Self.length
        else { return nil }
        self.cost = cost
        self.salt = salt
        self.hash = hash
    }

    private static func cost(_ text: Substring) -> PasswordCost? {
        var values: [Substring: Int] = [:]
        for part in text.split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, let value = Int(pair[1]) else { return nil }
            values[pair[0]] = value
        }
        guard values.count == 3, let rounds = values["ln"], let size = values["r"], let parallelism = values["p"],
            (1...24).contains(rounds), (1...32).contains(size), (1...16).contains(parallelism)
        else { return nil }
        return PasswordCost(logRounds: rounds, blockSize: size, parallelism: parallelism)
    }

    /// As it is kept.
    var text: String {
        "$scrypt$ln=\(cost.logRounds),r=\(cost.blockSize),p=\(cost.parallelism)$\(Self.text(salt))$\(Self.text(hash))"
    }

    /// Whether a password is the one; compared in constant time.
    func matches(_ password: String) throws -> Bool {
        let other = try Self.derive(password, salt: salt, cost: cost)
        return isSameInConstantTime(hash, other)
    }

    /// Two keyboards may write one letter in two ways (NIST SP 800-63B, 3.1.1.2): NFKC makes them one.
    private static func derive(_ password: String, salt: [UInt8], cost: PasswordCost) throws -> [UInt8] {
        try KDF.Scrypt.deriveKey(
            from: Data(password.precomposedStringWithCompatibilityMapping.utf8), salt: salt, outputByteCount: length,
            rounds: 1 << cost.logRounds, blockSize: cost.blockSize, parallelism: cost.parallelism
        ).withUnsafeBytes { [UInt8]($0) }
    }

    private static func text(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString().replacing("=", with: "") }

    private static func bytes(_ text: Substring) -> [UInt8]? {
        Data(base64Encoded: text + String(repeating: "=", count: (4 - text.count % 4) % 4)).map(Array.init)
    }
}

/// Whether two secrets are the same; how long it takes tells nothing but their lengths.
func isSameInConstantTime(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    guard one.count == other.count else { return false }
    var difference: UInt8 = 0
    for (left, right) in zip(one, other) { difference |= left ^ right }
    return difference == 0
}

/// What a password must be. Length counts, not kinds of characters (ASVS 5, 6.2).
enum PasswordRule {
    static let fewest = 12
    static let most = 128

    /// What of a password is no telling part of it.
    private static let wellKnown = [
        "password", "passw0rd", "katasandi", "sandi", "rahasia", "indonesia", "banyuwangi", "osing", "jawatimur",
        "bansos",
        "bantuansosial", "kemensos", "dinsos", "perlinsos", "tepatsasaran", "tepat", "administrator", "admin",
        "qwertyuiop",
        "qwerty", "asdfghjkl", "zxcvbnm", "letmein", "welcome", "selamatdatang", "selamat", "bismillah",
        "alhamdulillah",
        "sayang", "iloveyou", "akucintakamu", "cinta", "garuda", "merdeka", "pancasila", "superman", "abcdefghijkl",
        "abc",
    ]

    /// Why a password of an account is too easy to guess; nil where it is not.
    static func weakness(_ password: String, name: String, fullName: String) -> WeakPassword? {
        guard password.count >= fewest else { return .short(fewest: fewest) }
        guard password.count <= most else { return .long(most: most) }
        let letters = password.lowercased().filter { $0.isLetter || $0.isNumber }
        if Set(letters).count < 5 || isRun(letters) { return .common }
        if rest(of: letters, without: wellKnown) < 6 { return .common }
        let names = (name.split { !$0.isLetter } + fullName.lowercased().split { !$0.isLetter }).map(String.init)
        if rest(of: letters, without: names.filter { $0.count > 2 }) < 6 { return .holdsName }
        return nil
    }

    /// How many letters are left of a text without some words, digits at its end aside.
    private static func rest(of text: String, without words: [String]) -> Int {
        var rest = text
        for word in words.sorted(by: { $0.count > $1.count }) { rest = rest.replacing(word, with: "") }
        while rest.last?.isNumber ?? false { rest.removeLast() }
        return rest.count
    }

    /// Whether each character follows the one before, or is the same: `123456789012`, `abcdefghijkl`.
    private static func isRun(_ text: String) -> Bool {
        let values = text.unicodeScalars.map { Int($0.value) }
        let steps = Set(zip(values, values.dropFirst()).map { $1 - $0 })
        return steps.isSubset(of: [0, 1, -9]) || steps.isSubset(of: [0, -1, 9])
    }
}

/// Texts that nobody can guess.
enum RandomText {
    private static let kinds = Array("ABCDEFGHJKLMNPQRSTUVWXYZ23456789")

    /// Groups of five letters and digits of 32 kinds, without those that look alike: 25 bits each.
    static func code(groups: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<groups).map { _ in
            String((0..<5).map { _ in kinds[Int.random(in: kinds.indices, using: &generator)] })
        }.joined(separator: "-")
    }

    /// 256 random bits as a text that a cookie can hold.
    static func token() -> String {
        SymmetricKey(size: .bits256).withUnsafeBytes { Data($0).base64EncodedString() }
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// What is kept of a token: who reads the database cannot sign in by it.
    static func digest(_ token: String) -> [UInt8] { Array(SHA256.hash(data: Data(token.utf8))) }
}
