import Access
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// What programs ask. They bring a token in `Authorization`, never a cookie, and are answered with JSON; what goes wrong is told as
/// `application/problem+json` (RFC 9457).
extension Site {
    /// Whether a path is for programs.
    static func isForPrograms(_ path: String) -> Bool { path == "/oauth/token" || path.hasPrefix("/api/") }

    func serveAPI(_ door: Door) {
        let clients = door.clients
        add("/oauth/jwks", for: .anyone) { _, _ in
            .text(clients.publicKeys, mediaType: "application/jwk-set+json", keeping: .recheck)
        }
        add("/oauth/token", for: .anyone, post: { request, _ in try await self.token(request, door, clients) }) {
            _, _ in
            throw SiteError(.methodNotAllowed, headers: [.allow: "POST"])
        }
        addAPI("/api/v1/persons/search", .findPersons, door, clients) { request, principal in
            try await self.searchPersons(request, principal)
        }
    }

    /// A route for programs with a right: a question sent as JSON.
    private func addAPI(
        _ path: RouterPath, _ right: Right, _ door: Door, _ clients: APIClients,
        _ answer: @escaping @Sendable (Request, Principal) async throws -> Response
    ) {
        routes.add(
            path, .program(right), within: configuration.requestTimeout,
            get: { _, _ in Self.problem(.methodNotAllowed, "Ask with POST.", [.allow: "POST"]) },
            post: { request, _ in
                let scheme = request.headers[.authorization]?.split(separator: " ", maxSplits: 1)
                guard let scheme, scheme.count == 2, scheme[0].lowercased() == "bearer",
                    let principal = try await clients.principal(bearing: String(scheme[1]))
                else {
                    return Self.problem(
                        .unauthorized, "Bring a token from /oauth/token in Authorization: Bearer.",
                        [.wwwAuthenticate: #"Bearer realm="tepat", error="invalid_token""#])
                }
                guard principal.may(right) else {
                    return Self.problem(
                        .forbidden, "The program \(principal.name) does not have the right \(right.rawValue).",
                        [.wwwAuthenticate: #"Bearer realm="tepat", error="insufficient_scope""#])
                }
                do {
                    return try await answer(request, principal)
                } catch let error as SiteError {
                    return Self.problem(error.status, nil, error.headers)
                }
            })
    }

    private struct Problem: Encodable {
        let title: String
        let status: Int
        let detail: String?
    }

    private static func problem(
        _ status: HTTPResponse.Status, _ detail: String?, _ headers: HTTPFields = [:]
    ) -> Response {
        json(
            Problem(title: status.reasonPhrase, status: status.code, detail: detail), status,
            mediaType: "application/problem+json", headers)
    }

    private static func json(
        _ value: some Encodable, _ status: HTTPResponse.Status = .ok, mediaType: String = "application/json",
        _ headers: HTTPFields = [:]
    ) -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        let bytes = (try? encoder.encode(value)) ?? Data("{}".utf8)
        var fields = headers
        fields[.contentType] = mediaType
        fields[.cacheControl] = Response.Keeping.never.field
        return Response(status: status, headers: fields, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    // MARK: Tokens

    private struct TokenAnswer: Encodable {
        let accessToken: String
        let tokenType = "Bearer"
        let expiresIn: Int
    }

    private struct TokenFailure: Encodable {
        let error: String
    }

    private func token(_ request: Request, _ door: Door, _ clients: APIClients) async throws -> Response {
        func refuse(_ refusal: TokenRefusal) -> Response {
            Self.json(TokenFailure(error: refusal.rawValue), refusal == .invalidClient ? .unauthorized : .badRequest)
        }
        let fields: FormFields
        do {
            fields = try await self.fields(of: request)
        } catch is SiteError {
            return refuse(.invalidRequest)
        }
        guard let grant = fields["grant_type"] else { return refuse(.invalidRequest) }
        guard grant == "client_credentials" else { return refuse(.unsupportedGrantType) }
        guard fields["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            let assertion = fields["client_assertion"]
        else { return refuse(.invalidRequest) }
        do {
            let token = try await clients.token(assertion: assertion)
            return Self.json(TokenAnswer(accessToken: token.text, expiresIn: token.seconds))
        } catch let refusal as TokenRefusal {
            return refuse(refusal)
        }
    }

    // MARK: Is this person known?

    private struct Question: Decodable {
        var name: String?
        var nik: String?
        var birth_date: String?
        var family_number: String?
    }

    private func searchPersons(_ request: Request, _ principal: Principal) async throws -> Response {
        guard request.headers[.contentType]?.split(separator: ";").first?.lowercased() == "application/json" else {
            throw SiteError(.unsupportedMediaType)
        }
        let question: Question
        do {
            let body = try await request.body.collect(upTo: Self.formLimit)
            question = try JSONDecoder().decode(Question.self, from: Data(body.readableBytesView))
        } catch is NIOTooManyBytesError {
            throw SiteError(.contentTooLarge)
        } catch is DecodingError {
            return Self.problem(
                .badRequest, "Ask with a JSON object of the texts name, nik, birth_date and family_number.")
        }
        let query = PersonQuery([
            .name: question.name ?? "", .nik: question.nik ?? "", .birthDate: question.birth_date ?? "",
            .familyNumber: question.family_number ?? "",
        ])
        guard !query.isEmpty else { return Self.problem(.badRequest, "Say a name, a NIK or a family number.") }
        let reach = try principal.reach(.findPersons, for: "/api/v1/persons/search")
        switch try await model.findPerson(query, as: reach) {
        case .loading(let percent):
            return Self.problem(
                .serviceUnavailable, "The register is being read (\(percent) %).", [.retryAfter: "3"])
        case .found(let persons): return Self.json(FindAnswer(persons))
        }
    }
}

/// Whether somebody is known, and who it may be.
struct FindAnswer: Encodable {
    let known: Bool
    let persons: [FoundPerson]

    init(_ persons: [FoundPerson]) {
        known = (persons.first?.probability ?? 0) >= 0.5
        self.persons = persons
    }
}
