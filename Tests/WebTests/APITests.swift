import Access
import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JWTKit
import Journal
import Registry
import TestSupport
import Testing

@testable import Web

@Suite("Programs")
struct APITests {
    /// A program with a key of its own.
    private struct Program: Sendable {
        let name: String
        let key = Curve25519.Signing.PrivateKey()
        let kid = "kunci-1"

        struct Claims: JWTPayload {
            var iss: String
            var sub: String
            var aud: String
            var exp: Int64
            var nbf: Int64?
            var jti: String
            func verify(using algorithm: some JWTAlgorithm) async throws {}
        }

        var publicKey: String {
            let x = Self.base64URL(key.publicKey.rawRepresentation)
            return #"{"kty":"OKP","crv":"Ed25519","kid":"\#(kid)","x":"\#(x)"}"#
        }

        static func base64URL(_ data: Data) -> String {
            data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        }

        func assertion(
            _ site: TestSite, signedBy other: Curve25519.Signing.PrivateKey? = nil, kid: String? = nil,
            _ change: (inout Claims) -> Void = { _ in }
        ) async throws -> String {
            let now = site.clock.now.microseconds / 1_000_000
            var claims = Claims(
                iss: name, sub: name, aud: "http://127.0.0.1:8080/oauth/token", exp: now + 60, nbf: nil,
                jti: UUID().uuidString)
            change(&claims)
            let id = JWKIdentifier(string: kid ?? self.kid)
            let keys = await JWTKeyCollection().add(eddsa: EdDSA.PrivateKey(backing: other ?? key), kid: id)
            return try await keys.sign(claims, kid: id)
        }
    }

    private static func ask(
        _ client: any TestClientProtocol, assertion: String, grant: String = "client_credentials"
    ) async throws -> TestResponse {
        try await client.post(
            "/oauth/token",
            "grant_type=\(grant)&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
                + "&client_assertion=\(assertion)", [:])
    }

    private static func search(
        _ client: any TestClientProtocol, _ token: String?, _ body: String = #"{"name":"siti"}"#,
        type: String = "application/json"
    ) async throws -> TestResponse {
        try await client.post(
            "/api/v1/persons/search", body, token.map { [.authorization: "Bearer \($0)"] } ?? [:], type: type)
    }

    private static func token(_ response: TestResponse) throws -> String {
        let answer = try JSONDecoder().decode([String: Value].self, from: Data(response.text.utf8))
        guard case .text(let token) = answer["access_token"] else { throw NoToken(text: response.text) }
        return token
    }

    private enum Value: Decodable {
        case text(String)
        case number(Int)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            self = try (try? container.decode(Int.self)).map { .number($0) } ?? .text(container.decode(String.self))
        }
    }

    private struct NoToken: Error { let text: String }

    private static func lend(
        _ role: Role = .regency,
        _ body: @escaping @Sendable (TestSite, any TestClientProtocol, Program) async throws -> Void
    ) async throws {
        try await TestSite.staffed([]) { site, client in
            let program = Program(name: "aplikasi")
            let region = try #require(RegionCode("35.10"))
            try site.accounts?.makeProgram(
                "aplikasi", fullName: "Aplikasi Dinsos", keys: program.publicKey, duty: (role, region),
                by: .command("root"))
            try await body(site, client, program)
        }
    }

    @Test("change a signed assertion for a token, and ask with it whether somebody is known")
    func way() async throws {
        try await Self.lend { site, client, program in
            let given = try await Self.ask(client, assertion: program.assertion(site))
            #expect(given.status == .ok && given.headers[.cacheControl] == "no-store")
            #expect(given.text.contains(#""expires_in":600"#) && given.text.contains(#""token_type":"Bearer""#))
            let token = try Self.token(given)
            let answer = try await Self.search(client, token)
            #expect(answer.status == .ok && answer.headers[.contentType] == "application/json")
            #expect(answer.text.hasPrefix(#"{"known":true,"persons":[{"birth_date":"1957-08-17","family":7"#))
            #expect(answer.headers[.cacheControl] == "no-store")

            // Others can check whose it is by the server's public key.
            let jwks = try await client.get("/oauth/jwks")
            let keys = try await JWTKeyCollection().add(jwksJSON: jwks.text)
            struct Claims: JWTPayload {
                let iss: String
                let sub: String
                func verify(using algorithm: some JWTAlgorithm) async throws {}
            }
            let claims = try await keys.verify(token, as: Claims.self)
            #expect(claims.sub == "aplikasi" && claims.iss == "http://127.0.0.1:8080")
        }
    }

    @Test("get none for an assertion that is another's, over, too long, for somebody else, or was used before")
    func assertions() async throws {
        try await Self.lend { site, client, program in
            func refused(_ assertion: String, _ why: String) async throws {
                let answer = try await Self.ask(client, assertion: assertion)
                #expect(answer.status == .unauthorized && answer.text == #"{"error":"invalid_client"}"#, "\(why)")
            }
            let now = site.clock.now.microseconds / 1_000_000
            try await refused(program.assertion(site, signedBy: Curve25519.Signing.PrivateKey()), "another key")
            try await refused(program.assertion(site, kid: "kunci-2"), "a key that is not known")
            try await refused(program.assertion(site) { $0.iss = "lain" }, "issued by another")
            try await refused(program.assertion(site) { ($0.iss, $0.sub) = ("lain", "lain") }, "of another")
            try await refused(program.assertion(site) { $0.aud = "https://lain.example/oauth/token" }, "for another")
            try await refused(program.assertion(site) { $0.exp = now - 61 }, "over")
            try await refused(program.assertion(site) { $0.exp = now + 3600 }, "good for an hour")
            try await refused(program.assertion(site) { $0.nbf = now + 120 }, "not yet")
            try await refused(program.assertion(site) { $0.jti = "" }, "without a name")
            let good = try await program.assertion(site)
            let parts = good.split(separator: ".")
            let none = Program.base64URL(Data(#"{"alg":"none","kid":"kunci-1"}"#.utf8))
            let hmac = Program.base64URL(Data(#"{"alg":"HS256","kid":"kunci-1"}"#.utf8))
            try await refused("\(none).\(parts[1]).", "signed by nobody")
            try await refused("\(none).\(parts[1]).\(parts[2])", "of no algorithm")
            try await refused("\(hmac).\(parts[1]).\(parts[2])", "of another algorithm")
            for text in ["", "x", "a.b.c", "..", String(repeating: "x", count: 900)] { try await refused(text, text) }
            #expect(try await Self.ask(client, assertion: good).status == .ok)
            try await refused(good, "used before")
            let other = try await Self.ask(client, assertion: program.assertion(site), grant: "password")
            #expect(other.status == .badRequest && other.text == #"{"error":"unsupported_grant_type"}"#)
            for body in ["", "grant_type=client_credentials", "grant_type=client_credentials&client_assertion=x"] {
                let answer = try await client.post("/oauth/token", body, [:])
                #expect(answer.status == .badRequest && answer.text == #"{"error":"invalid_request"}"#)
            }
        }
    }

    @Test("are refused with a token that is forged, over or another server's, and told so as problem+json")
    func tokens() async throws {
        try await Self.lend { site, client, program in
            func refused(_ token: String?, _ why: String) async throws {
                let answer = try await Self.search(client, token)
                #expect(answer.status == .unauthorized, "\(why)")
                #expect(answer.headers[.contentType] == "application/problem+json")
                #expect(answer.headers[.wwwAuthenticate]?.contains("invalid_token") == true)
            }
            let token = try Self.token(try await Self.ask(client, assertion: program.assertion(site)))
            let parts = token.split(separator: ".")
            let none = Program.base64URL(Data(#"{"alg":"none","typ":"at+jwt"}"#.utf8))
            try await refused(nil, "none")
            try await refused("x", "no token")
            try await refused("\(none).\(parts[1]).", "signed by nobody")
            try await refused("\(parts[0]).\(parts[1]).\(String(parts[2].reversed()))", "signed otherwise")
            try await refused(program.assertion(site), "an assertion is no token")
            let other = try await JWTKeyCollection().add(eddsa: EdDSA.PrivateKey(), kid: "x").sign(
                Program.Claims(
                    iss: "http://127.0.0.1:8080", sub: "aplikasi", aud: "http://127.0.0.1:8080", exp: .max / 2,
                    nbf: nil,
                    jti: "x"), kid: "x", header: ["typ": "at+jwt"])
            try await refused(other, "another's key")
            site.clock.advance(599)
            #expect(try await Self.search(client, token).status == .ok)
            site.clock.advance(1)
            try await refused(token, "over")
        }
    }

    @Test("lose everything at once when they are suspended, their duty ends or their keys change")
    func suspended() async throws {
        try await Self.lend { site, client, program in
            let accounts = try #require(site.accounts)
            let token = try Self.token(try await Self.ask(client, assertion: program.assertion(site)))
            try accounts.set(.suspended, of: "aplikasi", reason: "x", by: .command("root"))
            #expect(try await Self.search(client, token).status == .unauthorized)
            #expect(try await Self.ask(client, assertion: program.assertion(site)).status == .unauthorized)
            try accounts.set(.active, of: "aplikasi", reason: "x", by: .command("root"))
            #expect(try await Self.search(client, token).status == .ok)
            let duty = try #require(accounts.account("aplikasi").duties.first)
            try accounts.end(duty.number, of: "aplikasi", reason: "x", by: .command("root"))
            let answer = try await Self.search(client, token)
            #expect(answer.status == .forbidden && answer.text.contains("person.find"))
            try accounts.setKeys(Program(name: "aplikasi").publicKey, of: "aplikasi", by: .command("root"))
            #expect(try await Self.ask(client, assertion: program.assertion(site)).status == .unauthorized)
        }
        try await Self.lend(.payer) { site, client, program in
            let token = try Self.token(try await Self.ask(client, assertion: program.assertion(site)))
            #expect(try await Self.search(client, token).status == .forbidden)
        }
    }

    @Test("are told what is wrong with a question")
    func questions() async throws {
        try await Self.lend { site, client, program in
            let token = try Self.token(try await Self.ask(client, assertion: program.assertion(site)))
            for (body, status) in [
                ("", 400), ("[]", 400), ("{", 400), (#"{"name":7}"#, 400), (#"{"birth_date":"1957"}"#, 400),
                ("{}", 400),
                (#"{"name":"lama"}"#, 503), (#"{"name":"\#(String(repeating: "x", count: 9000))"}"#, 413),
            ] {
                let answer = try await Self.search(client, token, body)
                #expect(answer.status.code == status, "\(body.prefix(40)) \(answer.status)")
                #expect(answer.headers[.contentType] == "application/problem+json")
            }
            #expect(try await Self.search(client, token, "name=siti", type: "text/plain").status.code == 415)
            #expect(try await client.get("/api/v1/persons/search").status == .methodNotAllowed)
        }
    }

    @Test("have public keys of two kinds, and no password")
    func keys() async throws {
        try await TestSite.staffed([]) { site, client in
            let accounts = try #require(site.accounts)
            let region = try #require(RegionCode("35.10"))
            func make(_ keys: String) throws {
                try accounts.makeProgram(
                    "baru", fullName: "Baru", keys: keys, duty: (.regency, region), by: .command("root"))
            }
            let x = Program.base64URL(Curve25519.Signing.PrivateKey().publicKey.rawRepresentation)
            for keys in [
                "", "{}", #"{"keys":[]}"#, #"{"kty":"OKP","crv":"Ed25519","x":"\#(x)"}"#,
                #"{"kty":"OKP","crv":"Ed25519","kid":"a","x":"\#(x)","d":"\#(x)"}"#,
                #"{"kty":"RSA","kid":"a","n":"AQAB","e":"AQAB"}"#,
                #"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a","x":"\#(x)"},{"kty":"OKP","crv":"Ed25519","kid":"a","x":"\#(x)"}]}"#,
            ] {
                #expect(throws: AccessError.self, "\(keys)") { try make(keys) }
            }
            #expect(throws: AccessError.self, "nothing is left of what was refused") { try accounts.account("baru") }
            try make(#"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a","x":"\#(x)"}]}"#)
            #expect(try accounts.account("baru").isProgram)
            #expect(throws: AccessError.self) { try accounts.reset("baru", authenticator: false, by: .command("root")) }
            for password in ["x", "%20"] {
                #expect(try await client.post("/masuk", "nama=baru&sandi=\(password)").status == .forbidden)
            }
        }
    }
}
