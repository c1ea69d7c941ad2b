import Crypto
import Foundation
import JWTKit
import Journal
import Registry
import Storage

/// Why a program gets no token (RFC 6749, 5.2).
public enum TokenRefusal: String, Error, Sendable {
    /// The request is not what RFC 6749 and RFC 7523 ask for.
    case invalidRequest = "invalid_request"
    /// The assertion is not a known program's, is over, is for somebody else, or was used before.
    case invalidClient = "invalid_client"
    /// Another grant than that of a program's own.
    case unsupportedGrantType = "unsupported_grant_type"
}

/// A token by which a program asks, with how many seconds it lasts.
public struct AccessToken: Sendable, Equatable {
    /// The signed token (RFC 9068).
    public let text: String
    /// How many seconds it lasts.
    public let seconds: Int
}

/// What a program says of itself (RFC 7523, 3).
private struct Assertion: JWTPayload {
    let iss: IssuerClaim
    let sub: SubjectClaim
    let aud: AudienceClaim
    let exp: ExpirationClaim
    let iat: IssuedAtClaim?
    let nbf: NotBeforeClaim?
    let jti: IDClaim

    /// Claims are checked against the registry's own clock, where the token is taken.
    func verify(using algorithm: some JWTAlgorithm) async throws {}
}

/// What a token says (RFC 9068, 2.2).
private struct AccessClaims: JWTPayload {
    let iss: IssuerClaim
    let sub: SubjectClaim
    let aud: AudienceClaim
    let exp: ExpirationClaim
    let iat: IssuedAtClaim
    let jti: IDClaim
    let client_id: String

    func verify(using algorithm: some JWTAlgorithm) async throws {}
}

/// Lets programs in: OAuth 2.0 client credentials (RFC 6749, 4.4), where a program shows who it is by a JWT that it signs with its own
/// key (RFC 7523), and gets a signed token that lasts some minutes (RFC 9068).
///
/// The server knows public keys alone. Its own key follows from the registry's secret, so a restart changes nothing.
public struct APIClients: Sendable {
    private let accounts: Accounts
    private let issuer: String
    private let key: Curve25519.Signing.PrivateKey

    /// How many seconds a token lasts.
    static let seconds: Int64 = 600
    /// How long an assertion may be good for, and how far clocks may differ.
    static let mostSeconds: Int64 = 300
    static let clockSkew: Int64 = 60
    private static let algorithms: Set<String> = ["EdDSA", "ES256"]

    /// - Parameter issuer: the origin by which programs reach the server, without a slash at the end.
    public init(_ accounts: Accounts, issuer: String) throws {
        self.accounts = accounts
        self.issuer = issuer
        key = try Curve25519.Signing.PrivateKey(rawRepresentation: accounts.registry.vault.signingSeed)
    }

    /// Where tokens are asked for: what an assertion is for.
    public var tokenEndpoint: String { issuer + "/oauth/token" }

    private var keyName: String { RandomText.digest(key.publicKey.rawRepresentation.base64EncodedString()).hexadecimal }

    /// The server's public key as a JSON Web Key Set (RFC 7517).
    public var publicKeys: String {
        let x = Self.base64URL(key.publicKey.rawRepresentation)
        return
            #"{"keys":[{"alg":"EdDSA","crv":"Ed25519","kid":"\#(keyName)","kty":"OKP","use":"sig","x":"\#(x)"}]}"#
    }

    private static func base64URL(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    // MARK: Tokens

    /// Gives a token to the program that signed an assertion.
    public func token(assertion: String) async throws -> AccessToken {
        guard let header = Self.header(assertion), let name = header.kid,
            Self.algorithms.contains(header.alg), assertion.utf8.count < 4096
        else { throw TokenRefusal.invalidClient }
        let claims: Assertion
        do {
            let unverified = try await JWTKeyCollection().unverified(assertion, as: Assertion.self)
            let client = unverified.sub.value
            guard let jwk = try await accounts.key(name, of: client), jwk.algorithm?.rawValue == header.alg else {
                throw TokenRefusal.invalidClient
            }
            let keys = try await JWTKeyCollection().add(jwk: jwk)
            claims = try await keys.verify(assertion, as: Assertion.self)
        } catch {
            throw TokenRefusal.invalidClient
        }
        let now = accounts.now.microseconds / 1_000_000
        let ends = Int64(claims.exp.value.timeIntervalSince1970)
        guard claims.iss.value == claims.sub.value,
            claims.aud.value.contains(tokenEndpoint) || claims.aud.value == [issuer],
            ends > now - Self.clockSkew, ends <= now + Self.mostSeconds + Self.clockSkew,
            (claims.nbf.map { Int64($0.value.timeIntervalSince1970) } ?? now) <= now + Self.clockSkew,
            !claims.jti.value.isEmpty, claims.jti.value.utf8.count <= 200
        else { throw TokenRefusal.invalidClient }
        let isNew = try await accounts.use(
            assertion: claims.jti.value, of: claims.sub.value, until: ends + Self.clockSkew)
        guard isNew else { throw TokenRefusal.invalidClient }
        let own = AccessClaims(
            iss: IssuerClaim(value: issuer), sub: SubjectClaim(value: claims.sub.value),
            aud: AudienceClaim(value: issuer), exp: ExpirationClaim(value: Self.date(now + Self.seconds)),
            iat: IssuedAtClaim(value: Self.date(now)), jti: IDClaim(value: RandomText.token()),
            client_id: claims.sub.value)
        let signed = try await keys().sign(
            own, kid: JWKIdentifier(string: keyName), header: ["typ": "at+jwt", "alg": "EdDSA"])
        return AccessToken(text: signed, seconds: Int(Self.seconds))
    }

    private static func date(_ seconds: Int64) -> Date { Date(timeIntervalSince1970: Double(seconds)) }

    private func keys() async -> JWTKeyCollection {
        await JWTKeyCollection().add(
            eddsa: EdDSA.PrivateKey(backing: key), kid: JWKIdentifier(string: keyName))
    }

    /// Who brings a token; nil where it is none of ours, is over, or the program may not act any more.
    public func principal(bearing token: String) async throws -> Principal? {
        guard token.utf8.count < 4096, let header = Self.header(token), header.alg == "EdDSA", header.typ == "at+jwt",
            header.kid == keyName, let claims = try? await keys().verify(token, as: AccessClaims.self)
        else { return nil }
        let now = accounts.now.microseconds / 1_000_000
        guard claims.iss.value == issuer, claims.aud.value == [issuer], claims.client_id == claims.sub.value,
            Int64(claims.exp.value.timeIntervalSince1970) > now
        else { return nil }
        return try await accounts.program(claims.sub.value)
    }

    private struct Header: Decodable {
        let alg: String
        let typ: String?
        let kid: String?
    }

    private static func header(_ token: String) -> Header? {
        guard let part = token.split(separator: ".", omittingEmptySubsequences: false).first else { return nil }
        let text = part.replacing("-", with: "+").replacing("_", with: "/")
        guard let data = Data(base64Encoded: text + String(repeating: "=", count: (4 - text.count % 4) % 4)) else {
            return nil
        }
        return try? JSONDecoder().decode(Header.self, from: data)
    }
}

extension Accounts {
    /// Makes an account of a program, which signs in with its own keys.
    ///
    /// - Parameters:
    ///   - keys: the program's public keys, a JSON Web Key or a set of them (RFC 7517): Ed25519 or P-256, each with a `kid`.
    /// - Throws: ``AccessError/badKey(_:)`` where they are none, or hold a private part.
    public func makeProgram(
        _ name: String, fullName: String, keys: String, duty: (role: Role, region: RegionCode), by manager: Manager
    ) throws {
        let keys = try Self.keys(keys)
        try make(name, fullName: fullName, nik: nil, hash: nil, keys: keys, duty: duty, by: manager)
    }

    /// Gives a program other keys in place of those it has: at once, so that a lost one opens nothing.
    public func setKeys(_ keys: String, of name: String, by manager: Manager) throws {
        let keys = try Self.keys(keys)
        try database.write { connection in
            let account = try account(name, on: connection)
            try checkAll(manager, account)
            guard account.isProgram else { throw AccessError.state(account.state) }
            try connection.execute("DELETE FROM api_key WHERE account = ?", [.integer(account.number)])
            try insert(keys, of: account.number, on: connection)
            try note(
                "account.keys", of: name, by: manager.actor, keys.map(\.name).joined(separator: ", "), on: connection)
        }
    }

    /// A public key of a program, checked.
    struct ProgramKey {
        let name: String
        let text: String
    }

    private static func keys(_ text: String) throws -> [ProgramKey] {
        struct Set: Decodable { let keys: [JWK] }
        let data = Data(text.utf8)
        let decoder = JSONDecoder()
        let found =
            (try? decoder.decode(Set.self, from: data).keys) ?? (try? [decoder.decode(JWK.self, from: data)]) ?? []
        guard !found.isEmpty, found.count <= 8 else { throw AccessError.badKey("they are no JSON Web Keys") }
        var keys: [ProgramKey] = []
        for var key in found {
            guard let name = key.keyIdentifier?.string, !name.isEmpty, name.utf8.count <= 100 else {
                throw AccessError.badKey("each needs a kid")
            }
            guard key.privateExponent == nil else {
                throw AccessError.badKey("key \(name) holds its private part: give the public one, and make another")
            }
            switch key.curve {
            case .some(.eddsa(.ed25519)): key.algorithm = .eddsa
            case .some(.ecdsa(.p256)): key.algorithm = .es256
            default: throw AccessError.badKey("key \(name) is neither Ed25519 nor P-256")
            }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            keys.append(ProgramKey(name: name, text: String(decoding: try encoder.encode(key), as: UTF8.self)))
        }
        guard Swift.Set(keys.map(\.name)).count == keys.count else { throw AccessError.badKey("two have one kid") }
        return keys
    }

    func insert(_ keys: [ProgramKey], of account: Int64, on connection: any Connection) throws {
        for key in keys {
            try connection.execute(
                "INSERT INTO api_key (account, name, jwk) VALUES (?, ?, ?)",
                [.integer(account), .text(key.name), .text(key.text)])
        }
    }

    /// A key of a program that may act.
    fileprivate func key(_ key: String, of name: String) async throws -> JWK? {
        let text = try await database.read { connection in
            try connection.first(
                """
                SELECT k.jwk FROM api_key k JOIN account a ON a.account = k.account
                WHERE a.name = ? AND a.state = 'active' AND k.name = ?
                """, [.text(name), .text(key)]
            ) { $0.text(0) }
        }
        return try text.map { try JSONDecoder().decode(JWK.self, from: Data($0.utf8)) }
    }

    /// Uses an assertion up; false where it was used before.
    fileprivate func use(assertion: String, of name: String, until: Int64) async throws -> Bool {
        let hash = registry.vault.hash("assertion\n\(name)\n\(assertion)", as: .access).bytes
        return try await database.write { connection in
            try connection.execute(
                "DELETE FROM used_assertion WHERE until < ?", [.integer(now.microseconds / 1_000_000)])
            return try connection.execute(
                "INSERT INTO used_assertion (assertion, until) VALUES (?, ?) ON CONFLICT (assertion) DO NOTHING",
                [.blob(hash), .integer(until)]) > 0
        }
    }

    /// A program that may act, with its duties as they are now.
    fileprivate func program(_ name: String) async throws -> Principal? {
        try await database.read { connection in
            guard let account = try read(where: "WHERE name = ?", [.text(name)], on: connection).first,
                account.isProgram, account.state == .active
            else { return nil }
            return Principal(
                account: account.number, name: account.name, fullName: account.fullName,
                duties: account.duties.filter(\.isConfirmed))
        }
    }
}
