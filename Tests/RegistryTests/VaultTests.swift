import Crypto
import Foundation
import TestSupport
import Testing

@testable import Registry

@Suite("The vault")
struct VaultTests {
    private func seal(_ content: [UInt8], _ kind: IdentifierVault.Kind) throws -> IdentifierVault.Sealed {
        try content.withUnsafeBytes { bytes in try Fixture.vault.seal(bytes, as: kind) }
    }

    private static func contents(_ count: Int) -> [[UInt8]] {
        var generator = SeededGenerator(seed: 5)
        return (0..<count).map { index in
            (0..<(index == 0 ? 0 : Int.random(in: 0...300, using: &generator))).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
        }
    }

    @Test("gives back what it sealed, and tells nothing of it but its length")
    func roundTrip() throws {
        for content in Self.contents(60) {
            for kind in IdentifierVault.Kind.allCases {
                let sealed = try seal(content, kind)
                #expect(Array(try Fixture.vault.open(hash: sealed.hash, box: sealed.box, as: kind)) == content)
                #expect(sealed.box.count == content.count + 16)
                if content.count > 3 { #expect(!sealed.box.starts(with: content)) }
            }
        }
    }

    @Test("finds equal contents by equal hashes, and others by others")
    func hashes() throws {
        var seen: Set<KeyedHash> = []
        let contents = Set(Self.contents(60))
        for content in contents {
            let hashes = try IdentifierVault.Kind.allCases.map { try seal(content, $0).hash }
            #expect(Set(hashes).count == IdentifierVault.Kind.allCases.count)
            #expect(try hashes == IdentifierVault.Kind.allCases.map { try seal(content, $0).hash })
            for hash in hashes { #expect(KeyedHash(hash.bytes) == hash) }
            seen.formUnion(hashes)
        }
        #expect(seen.count == contents.count * IdentifierVault.Kind.allCases.count)
        #expect(KeyedHash([UInt8](repeating: 1, count: 15)) == nil)
        #expect(KeyedHash([UInt8](repeating: 1, count: 17)) == nil)
    }

    @Test("refuses another key, another kind, and any bit that was flipped")
    func refusals() throws {
        let content = Array("3599011705800001".utf8)
        let sealed = try seal(content, .nik)
        let other = try IdentifierVault(secret: [UInt8](repeating: 8, count: 32))
        func isRefused(_ vault: IdentifierVault, _ hash: KeyedHash, _ box: [UInt8], _ kind: IdentifierVault.Kind)
            -> Bool
        {
            guard case .key = registryError({ _ = try vault.open(hash: hash, box: box, as: kind) }) else {
                return false
            }
            return true
        }
        #expect(isRefused(other, sealed.hash, sealed.box, .nik))
        #expect(isRefused(Fixture.vault, sealed.hash, sealed.box, .familyNumber))
        for bit in 0..<sealed.box.count * 8 {
            var box = sealed.box
            box[bit / 8] ^= 1 << (bit % 8)
            #expect(isRefused(Fixture.vault, sealed.hash, box, .nik), "bit \(bit)")
        }
        for bit in 0..<64 {
            let hash = KeyedHash(high: sealed.hash.high ^ (1 << UInt64(bit)), low: sealed.hash.low)
            #expect(isRefused(Fixture.vault, hash, sealed.box, .nik), "bit \(bit) of the hash")
            let low = KeyedHash(high: sealed.hash.high, low: sealed.hash.low ^ (1 << UInt64(bit)))
            #expect(isRefused(Fixture.vault, low, sealed.box, .nik), "bit \(64 + bit) of the hash")
        }
        #expect(isRefused(Fixture.vault, sealed.hash, Array(sealed.box.dropLast()), .nik))
        #expect(isRefused(Fixture.vault, sealed.hash, [], .nik))
        #expect(registryError { _ = try IdentifierVault(secret: [1, 2, 3]) } != nil)
    }

    @Test("hashes by HMAC-SHA-256")
    func hmac() {
        var generator = SeededGenerator(seed: 2104)
        for _ in 0..<200 {
            let key = SymmetricKey(data: (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) })
            let message = (0..<Int.random(in: 0...300, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            let code = message.withUnsafeBytes { PreparedHMAC(key: key).code(for: $0) }
            #expect(Array(code) == Array(HMAC<SHA256>.authenticationCode(for: message, using: key)))
        }
    }

    @Test("makes its key file readable by its owner alone, and finds the same key again")
    func keyFile() throws {
        try TestDatabases.useFolder { folder in
            let path = folder.appendingPathComponent("tepat.key").path
            let made = try MasterKey.load(environment: [:], defaultFile: path, create: true)
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
            let again = try MasterKey.load(environment: [:], defaultFile: path, create: true)
            let named = try MasterKey.load(
                environment: ["TEPAT_KEY_FILE": path], defaultFile: "/nowhere", create: false)
            let text = try String(contentsOfFile: path, encoding: .utf8)
            let given = try MasterKey.load(
                environment: ["TEPAT_KEY": text.trimmingCharacters(in: .whitespacesAndNewlines).uppercased()],
                defaultFile: "/nowhere", create: false)
            for key in [again, named, given] { #expect(key == made) }
            let another = folder.appendingPathComponent("another.key").path
            #expect(try MasterKey.load(environment: [:], defaultFile: another, create: true) != made)
        }
    }

    @Test("refuses a key that is missing or not 64 hexadecimal digits, and never writes over a file")
    func badKeys() throws {
        try TestDatabases.useFolder { folder in
            let path = folder.appendingPathComponent("tepat.key").path
            func isRefused(_ environment: [String: String], create: Bool = true) -> Bool {
                let error = registryError {
                    _ = try MasterKey.load(environment: environment, defaultFile: path, create: create)
                }
                guard case .key = error else { return false }
                return true
            }
            #expect(isRefused([:], create: false))
            for text in [
                "", "12", String(repeating: "g", count: 64), String(repeating: "a", count: 63),
                String(repeating: "a", count: 66),
            ] {
                #expect(isRefused(["TEPAT_KEY": text]), "\(text)")
            }
            #expect(!FileManager.default.fileExists(atPath: path))
            for bytes in [Array("not a key".utf8), [], [0xff, 0xfe, 0x00, 0x80]] {
                try Data(bytes).write(to: URL(fileURLWithPath: path))
                #expect(isRefused([:]), "\(bytes)")
                #expect(FileManager.default.contents(atPath: path) == Data(bytes))
            }
            #expect(isRefused(["TEPAT_KEY_FILE": folder.appendingPathComponent("no/such.key").path]))
        }
    }
}
