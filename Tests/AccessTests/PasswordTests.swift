import Foundation
import Journal
import Testing

@testable import Access

@Suite("Passwords")
struct PasswordTests {
    private static let cost = PasswordCost(logRounds: 4, blockSize: 8, parallelism: 1)

    @Test("are kept as a hash with its cost and a salt of its own, and found again from that text")
    func hashes() throws {
        let one = try PasswordHash("kucing tidur di atap", cost: Self.cost)
        let other = try PasswordHash("kucing tidur di atap", cost: Self.cost)
        #expect(one.text != other.text, "two who have one password are not seen to")
        #expect(one.text.hasPrefix("$scrypt$ln=4,r=8,p=1$"))
        #expect(!one.text.contains("kucing"))
        let kept = try #require(PasswordHash(one.text))
        let (isRight, isWrong) = (try kept.matches("kucing tidur di atap"), try kept.matches("kucing tidur di atap "))
        #expect(isRight && !isWrong)
    }

    @Test("are those of RFC 7914, section 12")
    func vectors() throws {
        // The first 32 of the 64 bytes that the RFC gives, with P = "password", S = "NaCl", N = 1024, r = 8, p = 16.
        let hash = try #require(
            PasswordHash("$scrypt$ln=10,r=8,p=16$TmFDbA$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWI"))
        #expect(try hash.matches("password"))
    }

    @Test("are one however a keyboard composes their letters")
    func composition() throws {
        let hash = try PasswordHash("caf\u{E9} di pasar ikan", cost: Self.cost)
        #expect(try hash.matches("cafe\u{301} di pasar ikan"))
    }

    @Test(
        "of another form, or with a cost that would stop the machine, are none",
        arguments: [
            "", "rahasia", "$scrypt$ln=4,r=8,p=1$AAAA", "$bcrypt$ln=4,r=8,p=1$AAAA$AAAA",
            "$scrypt$ln=40,r=8,p=1$AAAA$AAAA",
            "$scrypt$ln=4,r=8$AAAA$AAAA", "$scrypt$ln=4,r=8,p=1$!!$AAAA", "$scrypt$ln=x,r=8,p=1$AAAA$AAAA",
        ])
    func malformed(text: String) { #expect(PasswordHash(text) == nil) }

    @Test(
        "that are tried first are refused",
        arguments: [
            ("pendek", WeakPassword.short(fewest: 12)), ("123456789012", .common), ("aaaaaaaaaaaa", .common),
            ("abcdefghijkl", .common), ("Password12345", .common), ("banyuwangi2025", .common),
            ("Kemensos-Bansos-1", .common), ("sitirahma1990", .holdsName), ("Siti Rahma 1999", .holdsName),
            (String(repeating: "panjang ", count: 20), .long(most: 128)),
        ])
    func weak(password: String, reason: WeakPassword) {
        #expect(PasswordRule.weakness(password, name: "siti.rahma", fullName: "Siti Rahma") == reason)
    }

    @Test(
        "of some words of one's own are taken, whatever signs they have",
        arguments: ["kucing tidur di atap", "Xk9!vQz2#mLp", "perahu nelayan Muncar pulang", "密码密码甲乙丙丁戊己庚辛"])
    func strong(password: String) {
        #expect(PasswordRule.weakness(password, name: "siti.rahma", fullName: "Siti Rahma") == nil)
    }
}

@Suite("An authenticator")
struct AuthenticatorTests {
    private static let rfc = Authenticator(secret: Array("12345678901234567890".utf8))

    @Test(
        "shows the codes of RFC 6238, appendix B, cut to six digits",
        arguments: [
            (59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"),
            (2_000_000_000, "279037"), (20_000_000_000, "353130"),
        ] as [(Int64, String)])
    func codes(seconds: Int64, code: String) {
        #expect(Self.rfc.code(at: Moment(microseconds: seconds * 1_000_000)) == code)
    }

    @Test("is right half a minute early or late, and each code once")
    func window() {
        let now = Moment(microseconds: 1_111_111_111 * 1_000_000)
        let step = Authenticator.step(of: now)
        for near in [-1, 0, 1] as [Int64] {
            #expect(Self.rfc.step(of: Self.rfc.code(step: step + near), at: now, after: nil) == step + near)
        }
        for far in [-2, 2] as [Int64] {
            #expect(Self.rfc.step(of: Self.rfc.code(step: step + far), at: now, after: nil) == nil)
        }
        #expect(Self.rfc.step(of: Self.rfc.code(step: step), at: now, after: step) == nil, "it was used")
        #expect(Self.rfc.step(of: Self.rfc.code(step: step - 1), at: now, after: step) == nil, "a later one was used")
        for wrong in ["", "50471", "0504711", "abcdef"] {
            #expect(Self.rfc.step(of: wrong, at: now, after: nil) == nil)
        }
    }

    @Test("takes no other code: of all that differ in one or two digits none is taken for it")
    func others() {
        let now = Moment(microseconds: 1_111_111_111 * 1_000_000)
        let right = Array("050471".utf8)
        let steps = [-1, 0, 1].map { Self.rfc.code(step: Authenticator.step(of: now) + $0) }
        for first in 0..<6 {
            for second in first..<6 {
                for (one, two) in (0..<100).map({ ($0 / 10, $0 % 10) }) {
                    var digits = right
                    (digits[first], digits[second]) = (UInt8(48 + one), UInt8(48 + two))
                    let typed = String(decoding: digits, as: UTF8.self)
                    #expect((Self.rfc.step(of: typed, at: now, after: nil) != nil) == steps.contains(typed), "\(typed)")
                    #expect(isSameInConstantTime(digits, right) == (digits == right))
                }
            }
        }
        #expect(!isSameInConstantTime([1, 2], [1, 2, 3]) && isSameInConstantTime([], []))
    }

    @Test("is written in base32, and as an address that apps know")
    func text() {
        #expect(Base32.text(Array("foobar".utf8)) == "MZXW6YTBOI")
        #expect(Base32.text(Array("f".utf8)) == "MY")
        #expect(Self.rfc.text == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ")
        #expect(
            Self.rfc.address(issuer: "Tepat Kabupaten Banyuwangi", account: "siti.rahma")
                == "otpauth://totp/Tepat%20Kabupaten%20Banyuwangi:siti%2Erahma?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                + "&issuer=Tepat%20Kabupaten%20Banyuwangi")
        #expect(Authenticator.random() != Authenticator.random())
    }
}
