import Crypto
import Foundation
import Journal

/// A keyed hash of 128 bits: what a number or a row is found by without being told.
public struct KeyedHash: Sendable, Hashable {
    /// The first eight bytes, most significant first.
    public let high: UInt64
    /// The last eight bytes, most significant first.
    public let low: UInt64

    /// A hash from its halves.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A hash from its 16 bytes, or nil where there are not 16.
    public init?(_ bytes: some Sequence<UInt8>) {
        var high: UInt64 = 0
        var low: UInt64 = 0
        var count = 0
        for byte in bytes {
            if count < 8 { high = high << 8 | UInt64(byte) } else { low = low << 8 | UInt64(byte) }
            count += 1
        }
        guard count == 16 else { return nil }
        self.init(high: high, low: low)
    }

    /// The 16 bytes, as they are stored.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16)
        for half in [high, low] {
            for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: half >> shift)) }
        }
        return bytes
    }
}

/// How numbers and rows of persons and families lie in the database: encrypted with AES-GCM, and found by a keyed hash.
///
/// The hash is HMAC-SHA-256 under a key of its own for each kind of content, cut to 128 bits. Its first 96 bits are also
/// the nonce of the encryption: equal contents have equal hashes anyway, and different ones have different nonces, so
/// nothing more is told than the hash tells, and no nonce has to be stored. The other 32 bits are authenticated with the
/// content, so that content opens under the whole of its own hash alone.
public struct IdentifierVault: Sendable {
    /// What is sealed; each kind has keys of its own.
    public enum Kind: String, Sendable, CaseIterable {
        /// A person's number.
        case nik
        /// A family card's number.
        case familyNumber = "family-number"
        /// The content of a source row, or what stood in quarantine in its place.
        case row
        /// Source rows that are sealed together.
        case block
        /// The key of a row in its agency's own register.
        case key
        /// What an account's authenticator shares with the server.
        case authenticator
        /// What is only ever found again, at the door: names that were tried, recovery codes.
        case access
    }

    /// Content as it is stored.
    public struct Sealed: Sendable, Hashable {
        /// The keyed hash it is found by.
        public let hash: KeyedHash
        /// The ciphertext and the tag (16 bytes).
        public let box: [UInt8]
    }

    private struct Keys: Sendable {
        let hash: PreparedHMAC
        let encryption: SymmetricKey
    }

    private let keys: [Keys]
    /// What the key follows from by which the server signs tokens for programs: 32 bytes.
    public let signingSeed: [UInt8]

    /// A vault whose keys are derived (HKDF-SHA-256) from one secret of 32 bytes.
    public init(secret: [UInt8]) throws(RegistryError) {
        guard secret.count == 32 else { throw .key("the secret must be 32 bytes, it has \(secret.count)") }
        let master = SymmetricKey(data: secret)
        func derived(_ kind: Kind, _ use: String) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: master, info: Data("tepat/1 \(kind.rawValue) \(use)".utf8), outputByteCount: 32)
        }
        signingSeed = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: master, info: Data("tepat/1 token signing".utf8), outputByteCount: 32
        ).withUnsafeBytes { [UInt8]($0) }
        keys = Kind.allCases.map {
            Keys(hash: PreparedHMAC(key: derived($0, "hash")), encryption: derived($0, "encryption"))
        }
    }

    private func keys(_ kind: Kind) -> Keys {
        switch kind {
        case .nik: keys[0]
        case .familyNumber: keys[1]
        case .row: keys[2]
        case .block: keys[3]
        case .key: keys[4]
        case .authenticator: keys[5]
        case .access: keys[6]
        }
    }

    /// The keyed hash that a content is found by.
    public func hash(_ content: UnsafeRawBufferPointer, as kind: Kind) -> KeyedHash {
        keys(kind).hash.code(for: content).withUnsafeBytes { digest in
            KeyedHash(
                high: UInt64(bigEndian: digest.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                low: UInt64(bigEndian: digest.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
        }
    }

    /// The keyed hash that a text is found by.
    public func hash(_ text: some StringProtocol, as kind: Kind) -> KeyedHash {
        var copy = String(text)
        return copy.withUTF8 { hash(UnsafeRawBufferPointer($0), as: kind) }
    }

    /// A NIK's hash.
    public func hash(_ nik: NIK) -> KeyedHash { hash(nik.digits, as: .nik) }

    /// A family number's hash.
    public func hash(_ number: FamilyNumber) -> KeyedHash { hash(number.digits, as: .familyNumber) }

    /// Seals a content.
    public func seal(_ content: UnsafeRawBufferPointer, as kind: Kind) throws(RegistryError) -> Sealed {
        let hash = hash(content, as: kind)
        do {
            let sealed = try AES.GCM.seal(
                content, using: keys(kind).encryption, nonce: nonce(hash), authenticating: rest(hash))
            var box: [UInt8] = []
            box.reserveCapacity(content.count + 16)
            box.append(contentsOf: sealed.ciphertext)
            box.append(contentsOf: sealed.tag)
            return Sealed(hash: hash, box: box)
        } catch {
            throw .key("cannot encrypt: \(error)")
        }
    }

    /// Seals a content.
    public func seal(_ content: [UInt8], as kind: Kind) throws(RegistryError) -> Sealed {
        let result = content.withUnsafeBytes { bytes in
            Result { () throws(RegistryError) in try seal(bytes, as: kind) }
        }
        return try result.get()
    }

    /// Seals a text.
    public func seal(_ text: String, as kind: Kind) throws(RegistryError) -> Sealed {
        try seal(Array(text.utf8), as: kind)
    }

    /// Opens what ``seal(_:as:)`` closed; throws where the key is another or the bytes were changed.
    public func open(hash: KeyedHash, box: [UInt8], as kind: Kind) throws(RegistryError) -> [UInt8] {
        guard box.count >= 16 else { throw .key("sealed content is cut off") }
        do {
            let sealed = try AES.GCM.SealedBox(
                nonce: nonce(hash), ciphertext: box.prefix(box.count - 16), tag: box.suffix(16))
            return Array(try AES.GCM.open(sealed, using: keys(kind).encryption, authenticating: rest(hash)))
        } catch {
            throw .key("sealed content does not open: it was written with another key, or changed")
        }
    }

    /// Opens a sealed text.
    public func text(hash: KeyedHash, box: [UInt8], as kind: Kind) throws(RegistryError) -> String {
        String(decoding: try open(hash: hash, box: box, as: kind), as: UTF8.self)
    }

    private func nonce(_ hash: KeyedHash) throws -> AES.GCM.Nonce {
        let bytes = (hash.high.bigEndian, hash.low.bigEndian)
        return try withUnsafeBytes(of: bytes) { try AES.GCM.Nonce(data: $0.prefix(12)) }
    }

    /// The bits of a hash that are not in the nonce.
    private func rest(_ hash: KeyedHash) -> Data {
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: hash.low).bigEndian) { Data($0) }
    }
}

/// HMAC-SHA-256 (RFC 2104) whose key has been taken in already: hashes by the million cost a fifth of making one anew for
/// each.
struct PreparedHMAC: Sendable {
    private let inner: SHA256
    private let outer: SHA256

    /// With a key of at most 64 bytes, SHA-256's block.
    init(key: SymmetricKey) {
        func state(_ pad: UInt8) -> SHA256 {
            var block = [UInt8](repeating: pad, count: 64)
            key.withUnsafeBytes { bytes in
                for (index, byte) in bytes.prefix(64).enumerated() { block[index] ^= byte }
            }
            var state = SHA256()
            state.update(data: block)
            return state
        }
        inner = state(0x36)
        outer = state(0x5C)
    }

    /// The code of a message.
    func code(for message: UnsafeRawBufferPointer) -> SHA256Digest {
        var hash = inner
        hash.update(bufferPointer: message)
        var code = outer
        hash.finalize().withUnsafeBytes { code.update(bufferPointer: $0) }
        return code.finalize()
    }
}
