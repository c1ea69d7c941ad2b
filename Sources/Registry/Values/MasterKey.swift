import Crypto
import Foundation
import Journal

/// The key that a registry's own secret is locked with: what a person keeps, and can change.
///
/// The secret from which everything in the database is sealed and found (``IdentifierVault``) lies in the database, locked
/// with this key by AES-GCM. So a new key needs one row to be written, not every row of every person.
public struct MasterKey: Sendable, Equatable {
    private let key: SymmetricKey

    /// A key of 32 bytes.
    public init(_ bytes: [UInt8]) throws(RegistryError) {
        guard bytes.count == 32 else { throw .key("the key must be 32 bytes, it has \(bytes.count)") }
        key = SymmetricKey(data: bytes)
    }

    /// A key that nobody has had before.
    public static func random() throws(RegistryError) -> MasterKey {
        try MasterKey(SymmetricKey(size: .bits256).withUnsafeBytes { [UInt8]($0) })
    }

    /// The secret that a registry begins with. It follows from the key, so that two registries made with one key find the
    /// same numbers by the same hashes.
    func firstSecret() -> [UInt8] {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key, info: Data("tepat/1 registry secret".utf8), outputByteCount: 32
        ).withUnsafeBytes { [UInt8]($0) }
    }

    /// Locks a registry's secret; no other registry's opens as this one.
    func lock(_ secret: [UInt8], of regency: String) throws(RegistryError) -> [UInt8] {
        do {
            // The nonce follows from what is locked, so the same is locked to the same bytes, and no nonce serves twice.
            let code = HMAC<SHA256>.authenticationCode(for: Array(regency.utf8) + secret, using: lockingKey)
            let sealed = try AES.GCM.seal(
                secret, using: lockingKey, nonce: AES.GCM.Nonce(data: Data(code).prefix(12)),
                authenticating: Data(regency.utf8))
            return Array(sealed.nonce) + Array(sealed.ciphertext) + Array(sealed.tag)
        } catch {
            throw .key("cannot lock the registry's secret: \(error)")
        }
    }

    /// The secret, or nil where it was locked with another key.
    func unlock(_ locked: [UInt8], of regency: String) -> [UInt8]? {
        guard let box = try? AES.GCM.SealedBox(combined: locked),
            let secret = try? AES.GCM.open(box, using: lockingKey, authenticating: Data(regency.utf8))
        else { return nil }
        return Array(secret)
    }

    /// A key for another use, bound to what it is for.
    func derived(_ use: String, _ purpose: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key, info: Data("tepat/1 \(use)\0\(purpose)".utf8), outputByteCount: 32)
    }

    private var lockingKey: SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key, info: Data("tepat/1 registry lock".utf8), outputByteCount: 32)
    }
}

extension MasterKey {
    /// The key of a database: it comes from `TEPAT_KEY` (64 hexadecimal digits), else from the file that `TEPAT_KEY_FILE`
    /// names, else from `defaultFile`, which is made (readable by its owner alone) where `create` says so.
    public static func load(
        environment: [String: String], defaultFile: String, create: Bool
    ) throws(RegistryError) -> MasterKey {
        if let text = environment["TEPAT_KEY"] { return try MasterKey(bytes(hexadecimal: text, from: "TEPAT_KEY")) }
        return try read(environment["TEPAT_KEY_FILE"] ?? defaultFile, create: create)
    }

    /// The key in a file, which is made where it is not there and `create` says so. A file is never written over: whatever
    /// stands there may be the only key to a database.
    public static func read(_ path: String, create: Bool) throws(RegistryError) -> MasterKey {
        if let text = try? String(contentsOfFile: path, encoding: .utf8) {
            let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
            return try MasterKey(bytes(hexadecimal: trimmed, from: path))
        }
        guard !FileManager.default.fileExists(atPath: path) else {
            throw .key("the key file \(path) cannot be read: it must be a text of 64 hexadecimal digits")
        }
        guard create else {
            throw .key(
                "the key file \(path) is not there: put back the file that the database was made with, "
                    + "or name it in TEPAT_KEY_FILE")
        }
        let made = try random()
        let text = made.key.withUnsafeBytes { [UInt8]($0) }.hexadecimal + "\n"
        guard
            FileManager.default.createFile(
                atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
        else { throw .key("cannot write the key file \(path): check the folder's permissions") }
        return made
    }

    private static func bytes(hexadecimal text: String, from place: String) throws(RegistryError) -> [UInt8] {
        var bytes: [UInt8] = []
        var digits = text.utf8.makeIterator()
        while let high = digits.next() {
            guard let low = digits.next(), let upper = nibble(high), let lower = nibble(low) else {
                throw .key("the key in \(place) must be 64 hexadecimal digits")
            }
            bytes.append(upper << 4 | lower)
        }
        guard bytes.count == 32 else { throw .key("the key in \(place) must be 64 hexadecimal digits") }
        return bytes
    }

    private static func nibble(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
