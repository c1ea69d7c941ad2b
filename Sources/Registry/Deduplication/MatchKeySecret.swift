import Crypto
import Foundation
import Journal

/// What two holders of records share, so that both make the same match keys and nobody else can.
///
/// Keys are codes under a key that is derived from the secret **and** the purpose (HKDF-SHA-256, RFC 5869): what was made
/// for one purpose can be joined neither with what was made for another nor with the codes of a registry.
public struct MatchKeySecret: Sendable {
    /// What the keys are for, as both have agreed.
    public let purpose: String
    /// Says whether two files were made with the same secret and purpose; of the secret it tells nothing.
    public let check: String
    private let code: PreparedHMAC

    /// The longest purpose, in bytes of UTF-8.
    public static let longestPurpose = 200

    /// Takes the secret from a file of 64 hexadecimal digits.
    ///
    /// - Throws: ``RegistryError/key(_:)`` where there is no such file, or it holds something else;
    ///   ``RegistryError/unknown(_:)`` where the purpose is empty, too long or of several lines.
    public init(file: String, purpose: String) throws(RegistryError) {
        guard FileManager.default.fileExists(atPath: file) else {
            throw .key(
                "the secret \(file) is not there: make one with tepat match-keys secret \(file), "
                    + "or get the one that the other side made")
        }
        let purpose = purpose.precomposedStringWithCanonicalMapping
        guard Self.isPurpose(purpose) else {
            throw .unknown("the purpose must be one line of 1 to \(Self.longestPurpose) bytes")
        }
        let master = try MasterKey.read(file, create: false)
        self.purpose = purpose
        check = master.derived("match-keys check", purpose).withUnsafeBytes { $0.prefix(8).hexadecimal }
        code = PreparedHMAC(key: master.derived("match-keys code", purpose))
    }

    /// Whether a text can be a purpose: one line, that says no more to a terminal than its letters.
    static func isPurpose(_ text: String) -> Bool {
        (1...longestPurpose).contains(text.utf8.count)
            && text.unicodeScalars.allSatisfy {
                ![.control, .format, .lineSeparator, .paragraphSeparator].contains($0.properties.generalCategory)
            }
    }

    /// Makes a file with a new secret, readable by its owner alone.
    ///
    /// - Throws: ``RegistryError/key(_:)`` where something stands there already, or it cannot be written.
    public static func make(_ file: String) throws(RegistryError) {
        guard !FileManager.default.fileExists(atPath: file) else {
            throw .key("\(file) is there already, and is not written over: name another file")
        }
        _ = try MasterKey.read(file, create: true)
    }

    /// The first 64 bits of HMAC-SHA-256 of a message.
    func key(_ message: [UInt8]) -> UInt64 {
        message.withUnsafeBytes { bytes in
            code.code(for: bytes).withUnsafeBytes { UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)) }
        }
    }
}
