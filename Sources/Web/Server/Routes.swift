import HTTPTypes
import Hummingbird
import Synchronization

/// The site's routes: each says who may ask for it, or else it cannot be put on the router.
///
/// A method that a path does not know is told which it knows (405).
final class Routes: Sendable {
    /// Answers a request of anybody.
    typealias Handler = @Sendable (Request, SiteContext) async throws -> Response
    /// Answers a request of somebody who may make it.
    typealias VisitHandler = @Sendable (Visit) async throws -> Response
    /// Said where a route is for everybody.
    enum Open { case anyone }

    /// A path with who may ask for it.
    struct Route: Sendable, Equatable {
        let path: String
        let rule: AccessRule
        let takesForms: Bool
    }

    /// All methods of HTTP that a request can have; another one is refused everywhere.
    static let methods: [HTTPRequest.Method] = [
        .get, .head, .post, .put, .patch, .delete, .options, .trace, .connect,
    ]

    private struct Entry: Sendable {
        let path: RouterPath
        let route: Route
        let limit: Duration
        let get: Handler
        let post: Handler?
    }

    private let entries = Mutex<[Entry]>([])

    /// All routes, in the order in which they were added.
    var all: [Route] { entries.withLock { $0.map(\.route) } }

    func add(
        _ path: RouterPath, _ rule: AccessRule, within limit: Duration, get: @escaping Handler, post: Handler?
    ) {
        let route = Route(path: path.description, rule: rule, takesForms: post != nil)
        let entry = Entry(path: path, route: route, limit: limit, get: get, post: post)
        entries.withLock { $0.append(entry) }
    }

    /// Puts all of them on a router.
    func put(on router: Router<SiteContext>) {
        for entry in entries.withLock({ $0 }) {
            let limit = entry.limit
            func add(_ method: HTTPRequest.Method, _ handler: @escaping Handler) {
                router.on(entry.path, method: method) { request, context in
                    try await Web.within(limit) { try await handler(request, context) }
                }
            }
            add(.get, entry.get)
            if let post = entry.post { add(.post, post) }
            let takesForms = entry.route.takesForms
            let allow = "GET, HEAD" + (takesForms ? ", POST" : "")
            for method in Self.methods where method != .get && method != .head && (method != .post || !takesForms) {
                router.on(entry.path, method: method) { _, _ -> Response in
                    throw SiteError(.methodNotAllowed, headers: [.allow: allow])
                }
            }
        }
    }
}
