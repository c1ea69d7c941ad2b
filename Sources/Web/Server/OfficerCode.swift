import Crypto

/// A code that an officer types to do what changes something, as long as there are no accounts.
///
/// Only its digest is kept.
public struct OfficerCode: Sendable {
    /// The fewest characters.
    public static let fewest = 12

    private let digest: SHA256.Digest

    /// A code; nil where it is too short to keep anybody out.
    public init?(_ text: String) {
        guard text.count >= Self.fewest else { return nil }
        digest = Self.digest(text)
    }

    /// A code that nobody knows yet: 20 letters and digits of 32 kinds, a hundred bits.
    public static func random() -> (code: OfficerCode, text: String) {
        let kinds = Array("ABCDEFGHJKLMNPQRSTUVWXYZ23456789")
        var generator = SystemRandomNumberGenerator()
        let letters = (0..<20).map { _ in kinds[Int.random(in: kinds.indices, using: &generator)] }
        let text = stride(from: 0, to: 20, by: 5).map { String(letters[$0..<$0 + 5]) }.joined(separator: "-")
        return (OfficerCode(digest: digest(text)), text)
    }

    private init(digest: SHA256.Digest) { self.digest = digest }

    /// Whether a text is the code. Digests are compared in constant time.
    func matches(_ text: String) -> Bool { Self.digest(text) == digest }

    private static func digest(_ text: String) -> SHA256.Digest { SHA256.hash(data: Array(text.utf8)) }
}
