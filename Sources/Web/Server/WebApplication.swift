import Access
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
    /// Its routes, each with who may ask for it.
    let routes: Routes
    /// All paths that are on the router, however they came there.
    let paths: [String]

    /// A site that shows what a model knows.
    ///
    /// - Parameters:
    ///   - model: where the pages get what they show.
    ///   - accounts: those who may sign in; nil where nobody can.
    ///   - configuration: how the site is reached.
    ///   - clock: by which waits are measured.
    ///   - logger: where requests and faults are logged, without personal data.
    ///   - extending: adds further routes; all that guards the pages guards them too.
    ///   - whenServing: is called once requests are taken.
    /// - Throws: where the key does not come out by which tokens for programs are signed.
    public init(
        model: any SiteModel, accounts: Accounts?, configuration: WebConfiguration, clock: WallClock = .system,
        logger: Logger,
        extending: (Router<SiteContext>) -> Void = { _ in }, whenServing: @escaping @Sendable () -> Void = {}
    ) throws {
        let metrics = SiteMetrics()
        let router = Router(context: SiteContext.self, options: [.autoGenerateHeadEndpoints])
        router.add(middleware: ObserveRequests(metrics: metrics))
        router.add(
            middleware: SecureResponses(isBehindTLS: configuration.publicOrigin?.hasPrefix("https://") ?? false))
        router.add(middleware: FailurePages(region: model.region))
        router.add(middleware: SameOriginForms(publicOrigin: configuration.publicOrigin))
        let origin = configuration.publicOrigin ?? "http://\(configuration.host):\(configuration.port)"
        routes = Routes()
        Site(
            model: model, configuration: configuration, metrics: metrics,
            limiter: AttemptLimiter(policy: configuration.attempts, clock: clock),
            door: try accounts.map { try Door($0, origin: origin) }, routes: routes
        ).serve()
        routes.put(on: router)
        extending(router)
        paths = router.routes.map(\.path.description)
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
