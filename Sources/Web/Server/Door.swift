import Access
import HTTPTypes
import Hummingbird
import Registry

/// Who may ask for a route.
enum AccessRule: Sendable, Equatable {
    /// Everybody.
    case anyone
    /// Who is signed in.
    case signedIn
    /// Who has a right in some region; what is read or changed is held to that region.
    case right(Right)
    /// A program that brings a token, and has a right in some region.
    case program(Right)
}

/// A request of somebody who is signed in and may make it.
struct Visit: Sendable {
    let request: Request
    let context: SiteContext
    let principal: Principal
    /// The session's own token.
    let token: String
    /// What was sent with a form; none with a page that was only asked for.
    let fields: FormFields

    /// What forms of the page must bring along.
    var guest: Guest { Guest(principal: principal, formToken: Session.formToken(token)) }
}

/// Somebody to whom a page is shown who is signed in.
struct Guest: Sendable {
    let principal: Principal
    /// What forms of the page must bring along.
    let formToken: String
}

/// Lets people in: sessions, cookies, and the work of checking passwords, which is heavy and kept within bounds.
struct Door: Sendable {
    let accounts: Accounts
    /// Whether browsers reach the site through TLS: cookies are bound to it then.
    let isBehindTLS: Bool
    private let work = BlockingWork(width: 4)
    /// Each password takes two cores' worth of time and 64 MiB; more at once help nobody.
    private let passwords = BlockingWork(width: 2, mostWaiting: 30)

    /// Lets programs in.
    let clients: APIClients

    /// - Parameter origin: what browsers and programs reach the site by.
    init(_ accounts: Accounts, origin: String) throws {
        self.accounts = accounts
        isBehindTLS = origin.hasPrefix("https://")
        clients = try APIClients(accounts, issuer: origin)
    }

    /// Does something with the accounts, off the event loop.
    func run<Result: Sendable>(_ body: @escaping @Sendable (Accounts) throws -> Result) async throws -> Result {
        try await work.run { [accounts] in try body(accounts) }
    }

    /// Does something for which a password is hashed. Where too many wait already, it says so at once.
    func runWithPassword<Result: Sendable>(
        _ body: @escaping @Sendable (Accounts) throws -> Result
    ) async throws -> Result {
        do {
            return try await passwords.run { [accounts] in try body(accounts) }
        } catch is BlockingWork.Busy {
            throw SiteError(.serviceUnavailable, headers: [.retryAfter: "5"])
        }
    }

    // MARK: Cookies

    /// The cookies; with TLS under names that browsers take from this host alone (RFC 6265bis, 4.1.3.2).
    enum Cookie: String, Sendable {
        /// The session.
        case session = "sesi"
        /// The device.
        case device = "perangkat"
    }

    private func name(_ cookie: Cookie) -> String { (isBehindTLS ? "__Host-" : "") + cookie.rawValue }

    func value(_ cookie: Cookie, in request: Request) -> String? {
        request.cookies[name(cookie)].flatMap { $0.value.isEmpty ? nil : $0.value }
    }

    /// The field that gives a browser a cookie, or with nil takes it away.
    func set(_ cookie: Cookie, _ value: String?) -> HTTPField {
        let seconds =
            switch (value, cookie) {
            case (nil, _): 0
            case (_, .session): accounts.sessionSeconds
            case (_, .device): 365 * 24 * 3600
            }
        return HTTPField(
            name: .setCookie,
            value: "\(name(cookie))=\(value ?? ""); Path=/; Max-Age=\(seconds); SameSite=Strict; HttpOnly"
                + (isBehindTLS ? "; Secure" : ""))
    }

    // MARK: Admission

    /// Whose session a request brings along, at whatever stage.
    func session(of request: Request) async throws -> (session: Session, token: String)? {
        guard let token = value(.session, in: request), token.utf8.count <= 64 else { return nil }
        return try await run { accounts in try accounts.session(token).map { ($0, token) } }
    }

    /// Who is signed in; nil where nobody is.
    func guest(of request: Request) async throws -> Guest? {
        guard let (session, token) = try await session(of: request), session.stage == .full else { return nil }
        return Guest(principal: session.principal, formToken: Session.formToken(token))
    }
}

extension Request {
    /// What the owner of a device knows it by: its browser and system, as far as the request tells.
    var deviceLabel: String {
        let agent = headers[.userAgent] ?? ""
        func first(_ names: [(part: String, name: String)]) -> String? {
            names.first { agent.contains($0.part) }?.name
        }
        let browser = first([
            ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
            ("Chrome", "Chrome"), ("Safari", "Safari"),
        ])
        let system = first([
            ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
            ("Mac OS X", "macOS"), ("Linux", "Linux"),
        ])
        return [browser, system].compactMap(\.self).joined(separator: ", ")
    }
}
