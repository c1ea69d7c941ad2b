import Foundation
import HTTPTypes
import Hummingbird
import Journal
import Logging
import NIOCore

/// How the site is reached and how patient it is.
public struct WebConfiguration: Sendable {
    /// The address to listen on.
    public var host = "127.0.0.1"
    /// The port to listen on; 0 takes a free one.
    public var port = 8080
    /// The origin that browsers see, such as `https://tepat.example.go.id`, without a slash at the end; nil where nothing
    /// stands in front. With `https` browsers are told to stay with TLS.
    public var publicOrigin: String?
    /// Where the address of the client is read.
    public var clientAddress = ClientAddressSource.connection
    /// How long a request may take, body included, before it is given up.
    public var requestTimeout = Duration.seconds(10)
    /// How long a connection may be silent before it is closed, in seconds.
    public var idleSeconds = 60
    /// The code by which officers put changed rules in force and review rows; nil where nobody can on the pages.
    public var officerCode: OfficerCode?
    /// How wrong tries are slowed down.
    public var attempts = AttemptPolicy()
    /// The version of the software, as `/health` and `/metrics` tell it.
    public var version = "0"

    /// Local, without a proxy.
    public init() {}
}

/// The site's server.
public struct WebApplication: Sendable {
    /// The server, ready to run; tests send it requests without a network.
    public let application: Application<RouterResponder<SiteContext>>

    /// A site that shows what a model knows.
    ///
    /// - Parameters:
    ///   - model: where the pages get what they show.
    ///   - configuration: how the site is reached.
    ///   - clock: by which waits are measured.
    ///   - logger: where requests and faults are logged, without personal data.
    ///   - extending: adds further routes; all that guards the pages guards them too.
    ///   - whenServing: is called once requests are taken.
    public init(
        model: any SiteModel, configuration: WebConfiguration, clock: WallClock = .system, logger: Logger,
        extending: (Router<SiteContext>) -> Void = { _ in }, whenServing: @escaping @Sendable () -> Void = {}
    ) {
        let metrics = SiteMetrics()
        let router = Router(context: SiteContext.self, options: [.autoGenerateHeadEndpoints])
        router.add(middleware: ObserveRequests(metrics: metrics))
        router.add(
            middleware: SecureResponses(isBehindTLS: configuration.publicOrigin?.hasPrefix("https://") ?? false))
        router.add(middleware: FailurePages(region: model.region))
        router.add(middleware: SameOriginForms(publicOrigin: configuration.publicOrigin))
        Site(
            model: model, configuration: configuration, metrics: metrics,
            limiter: AttemptLimiter(policy: configuration.attempts, clock: clock),
            sessions: OfficerSessions(clock: clock)
        ).serve(router)
        extending(router)
        var server = ApplicationConfiguration(address: .hostname(configuration.host, port: configuration.port))
        server.serverName = nil
        application = Application(
            router: router,
            server: .http1(
                configuration: .init(
                    idleTimeout: .seconds(Int64(configuration.idleSeconds)),
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: 8 * 1024, maxHeaderListSize: 16 * 1024, maxHeaderFieldCount: 100))),
            configuration: server, onServerRunning: { _ in whenServing() }, logger: logger)
    }

    /// Serves until SIGTERM or SIGINT, then finishes the requests under way and returns.
    public func run() async throws {
        try await application.runService()
    }
}

/// Puts routes on a router such that a method that a path does not know is told which it knows (405).
enum Routes {
    /// Answers a request.
    typealias Handler = @Sendable (Request, SiteContext) async throws -> Response

    /// All methods of HTTP that a request can have; another one is refused everywhere.
    static let methods: [HTTPRequest.Method] = [
        .get, .head, .post, .put, .patch, .delete, .options, .trace, .connect,
    ]

    static func add(
        _ path: RouterPath, to router: Router<SiteContext>, within limit: Duration, get: @escaping Handler,
        post: Handler? = nil
    ) {
        func add(_ method: HTTPRequest.Method, _ handler: @escaping Handler) {
            router.on(path, method: method) { request, context in
                try await Web.within(limit) { try await handler(request, context) }
            }
        }
        add(.get, get)
        if let post { add(.post, post) }
        let allow = "GET, HEAD" + (post == nil ? "" : ", POST")
        for method in methods where method != .get && method != .head && (method != .post || post == nil) {
            router.on(path, method: method) { _, _ -> Response in
                throw SiteError(.methodNotAllowed, headers: [.allow: allow])
            }
        }
    }
}
