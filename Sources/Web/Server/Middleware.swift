import HTTPTypes
import Hummingbird
import Logging

/// Counts and logs each request. The log names the route, never the address, query or client: those can be personal.
struct ObserveRequests: RouterMiddleware {
    typealias Context = SiteContext
    let metrics: SiteMetrics

    func handle(
        _ request: Request, context: SiteContext, next: (Request, SiteContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        let duration = start.duration(to: .now)
        let method = request.method.rawValue
        // Routes and methods that are not ours are one, or else anyone could make the list endless.
        let seen = SiteMetrics.Request(
            route: context.endpointPath.flatMap { $0 == "NotFound" ? nil : $0 } ?? "other",
            method: Routes.methods.contains(request.method) ? method : "other", status: response.status.code)
        metrics.answered(seen, after: duration)
        context.logger.info(
            "answered",
            metadata: [
                "route": "\(seen.route)", "method": "\(seen.method)", "status": "\(seen.status)",
                "duration": "\(duration)",
            ])
        return response
    }
}

/// Adds to each response what tells browsers to be strict, and keeps the language that was chosen.
struct SecureResponses: RouterMiddleware {
    typealias Context = SiteContext
    /// Whether browsers reach the site through TLS.
    let isBehindTLS: Bool

    /// No script, no frames, nothing from elsewhere; a form goes to the site itself.
    static let fields: [(name: String, value: String)] = [
        (
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
                + "frame-ancestors 'none'"
        ),
        ("X-Content-Type-Options", "nosniff"),
        // Other sites never learn where a visitor came from. Not `no-referrer`: with it browsers send `Origin: null` with
        // our own forms too, and ``SameOriginForms`` could not tell them from foreign ones where a browser is too old for
        // `Sec-Fetch-Site`.
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Cross-Origin-Embedder-Policy", "require-corp"),
        ("X-Frame-Options", "DENY"),
        (
            "Permissions-Policy",
            "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
        ),
    ]

    func handle(
        _ request: Request, context: SiteContext, next: (Request, SiteContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        for (name, value) in Self.fields {
            if let name = HTTPField.Name(name) { response.headers[name] = value }
        }
        if isBehindTLS { response.headers[.strictTransportSecurity] = "max-age=63072000; includeSubDomains" }
        if let language = request.chosenLanguage {
            response.headers.append(
                HTTPField(
                    name: .setCookie,
                    value: "bahasa=\(language.rawValue); Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly"
                        + (isBehindTLS ? "; Secure" : "")))
        }
        return response
    }
}

/// Turns what handlers throw into pages. What went wrong inside is logged by its type alone: its text can hold what a
/// person typed.
struct FailurePages: RouterMiddleware {
    typealias Context = SiteContext
    let region: SiteRegion

    func handle(
        _ request: Request, context: SiteContext, next: (Request, SiteContext) async throws -> Response
    ) async throws -> Response {
        do {
            guard Routes.methods.contains(request.method) else {
                throw SiteError(.methodNotAllowed, headers: [.allow: "GET, HEAD, POST"])
            }
            return try await next(request, context)
        } catch let error as SiteError {
            return page(error.status, error.headers, request, context)
        } catch let error as HTTPError {
            return page(error.status, error.headers, request, context)
        } catch {
            context.logger.error("failed", metadata: ["type": "\(type(of: error))"])
            return page(.internalServerError, [:], request, context)
        }
    }

    private func page(
        _ status: HTTPResponse.Status, _ headers: HTTPFields, _ request: Request, _ context: SiteContext
    ) -> Response {
        let language = request.language
        let html = PageContext(region: region, language: language, address: Place.home.link)
            .failurePage(status: status.code, report: status.code == 500 ? context.report : nil)
        return .page(html, status: status, language: language, keeping: .never, headers: headers)
    }
}

/// Refuses forms that another site made a browser send.
///
/// On the public pages, which know nobody, this is the whole defence against cross-site request forgery; within a session a form
/// brings along a token of the session besides. Browsers cannot be made to lie in `Sec-Fetch-Site` or `Origin`; those too old for
/// the first send the second. A request with neither is no browser's form and is refused as well.
struct SameOriginForms: RouterMiddleware {
    typealias Context = SiteContext
    /// `https://tepat.example.go.id`; nil compares with the request's own `Host`.
    let publicOrigin: String?

    func handle(
        _ request: Request, context: SiteContext, next: (Request, SiteContext) async throws -> Response
    ) async throws -> Response {
        // Programs bring no cookies, so no browser can be made to act for one of them.
        let isSafe = [.get, .head, .options].contains(request.method) || Site.isForPrograms(request.uri.path)
        guard isSafe || isOurs(request) else { throw SiteError(.forbidden) }
        return try await next(request, context)
    }

    private func isOurs(_ request: Request) -> Bool {
        if let name = HTTPField.Name("Sec-Fetch-Site"), let site = request.headers[name] {
            return site == "same-origin"
        }
        guard let origin = request.headers[.origin] else { return false }
        if let publicOrigin { return origin == publicOrigin }
        guard let host = request.head.authority, !host.isEmpty else { return false }
        return origin == "http://" + host || origin == "https://" + host
    }
}
