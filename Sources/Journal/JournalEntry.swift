import Crypto

/// What is to be written into the journal: who did what to what, and why.
public struct JournalDraft: Sendable {
    /// Who acted, such as `command:siti` or `program`.
    public var actor: String
    /// What was done, as `noun.verb`: `batch.received`.
    public var action: String
    /// What it was done to, as `kind:id`: `batch:12`.
    public var subject: String
    /// The regency whose data it concerns, or nil where it concerns none.
    public var regency: String?
    /// Why, in the actor's words or the program's.
    public var reason: String
    /// The SHA-256 digest of what changed, so that a later change of it can be found; nil where nothing but the act counts.
    public var digest: [UInt8]?

    /// A draft of one entry.
    public init(
        actor: String, action: String, subject: String, regency: String?, reason: String, digest: [UInt8]? = nil
    ) {
        self.actor = actor
        self.action = action
        self.subject = subject
        self.regency = regency
        self.reason = reason
        self.digest = digest
    }
}

/// One entry of the journal. Entries are numbered from 1 without gaps, and each carries the hash of all before it.
public struct JournalEntry: Sendable {
    /// Its place in the journal, from 1.
    public let number: Int64
    /// When it was written.
    public let moment: Moment
    /// Who did what to what, and why.
    public let draft: JournalDraft
    /// SHA-256 over the previous entry's hash and this entry's canonical JSON (32 bytes).
    public let hash: [UInt8]

    /// The hash that stands before the first entry.
    public static let start = [UInt8](repeating: 0, count: 32)

    /// The hash of an entry: SHA-256(hash of the entry before ‖ RFC 8785 canonical JSON of the entry).
    public static func hash(previous: [UInt8], number: Int64, moment: Moment, draft: JournalDraft) -> [UInt8] {
        let content = CanonicalJSON.object([
            "number": .integer(number),
            "moment": .string(moment.description),
            "actor": .string(draft.actor),
            "action": .string(draft.action),
            "subject": .string(draft.subject),
            "regency": draft.regency.map(CanonicalJSON.string) ?? .null,
            "reason": .string(draft.reason),
            "digest": draft.digest.map { .string($0.hexadecimal) } ?? .null,
        ])
        var hasher = SHA256()
        hasher.update(data: previous)
        hasher.update(data: content.bytes)
        return Array(hasher.finalize())
    }
}

extension Sequence<UInt8> {
    /// The bytes as lower-case hexadecimal digits.
    public var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        var output: [UInt8] = []
        for byte in self {
            output.append(digits[Int(byte >> 4)])
            output.append(digits[Int(byte & 15)])
        }
        return String(decoding: output, as: UTF8.self)
    }
}
