import Crypto
import Foundation
import Journal

/// The second factor: codes of six digits that change every 30 seconds (RFC 6238, with SHA-1 as all apps know it).
public struct Authenticator: Sendable, Equatable {
    /// The secret that the app and the server share.
    let secret: [UInt8]

    static let digits = 6
    static let seconds: Int64 = 30

    /// A secret that nobody has had before: 160 bits, as RFC 4226 asks.
    static func random() -> Authenticator {
        Authenticator(secret: SymmetricKey(size: .init(bitCount: 160)).withUnsafeBytes { [UInt8]($0) })
    }

    /// The secret as people type it into an app: base32 (RFC 4648) in groups of four.
    public var text: String {
        let letters = Base32.text(secret)
        return stride(from: 0, to: letters.count, by: 4).map {
            String(letters.dropFirst($0).prefix(4))
        }.joined(separator: " ")
    }

    /// The address that an app reads from a QR code (the Key URI format of Google Authenticator).
    public func address(issuer: String, account: String) -> String {
        func escaped(_ text: String) -> String {
            text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        }
        return "otpauth://totp/\(escaped(issuer)):\(escaped(account))?secret=\(Base32.text(secret))"
            + "&issuer=\(escaped(issuer))"
    }

    /// The code of a moment.
    public func code(at moment: Moment) -> String { code(step: Self.step(of: moment)) }

    static func step(of moment: Moment) -> Int64 { moment.microseconds / 1_000_000 / seconds }

    /// The code of a step of time (RFC 4226, 5.3).
    func code(step: Int64) -> String {
        let counter = withUnsafeBytes(of: UInt64(bitPattern: step).bigEndian) { Data($0) }
        let mac = Array(HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: secret)))
        let offset = Int(mac[19] & 15)
        let number = mac[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        let text = String(number % 1_000_000)
        return String(repeating: "0", count: Self.digits - text.count) + text
    }

    /// The step of time whose code was typed, one either way for clocks that go wrong; nil where it is none of them, or the
    /// code of that step or a later one was used already: who looks over a shoulder cannot use it again.
    func step(of typed: String, at moment: Moment, after used: Int64?) -> Int64? {
        let now = Self.step(of: moment)
        var found: Int64?
        for step in now - 1...now + 1 where isSameInConstantTime(Array(code(step: step).utf8), Array(typed.utf8)) {
            found = step
        }
        guard let found, found > used ?? .min else { return nil }
        return found
    }
}

/// Base32 of RFC 4648, without padding.
enum Base32 {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")

    static func text(_ bytes: [UInt8]) -> String {
        var text = ""
        var (bits, count) = (0, 0)
        for byte in bytes {
            bits = (bits << 8 | Int(byte)) & 0xFFFF
            count += 8
            while count >= 5 {
                count -= 5
                text.append(letters[bits >> count & 31])
            }
        }
        if count > 0 { text.append(letters[bits << (5 - count) & 31]) }
        return text
    }
}
