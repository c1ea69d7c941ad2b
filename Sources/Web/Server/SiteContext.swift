import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// What is known of a request beside the request itself.
public struct SiteContext: RequestContext {
    /// What the server's library keeps.
    public var coreContext: CoreRequestContextStorage
    /// The address at the other end of the connection; nil where there is none (tests).
    public let peerAddress: String?

    /// The context of a request that came through a connection.
    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        peerAddress = source.channel.remoteAddress?.ipAddress
    }

    /// A number by which the request is found in the log.
    var report: String { logger[metadataKey: "hb.request.id"].map { "\($0)" } ?? "–" }
}

/// A request that cannot be answered with a page of its own.
struct SiteError: Error, Sendable {
    let status: HTTPResponse.Status
    /// Fields that the status calls for, such as `Allow`.
    let headers: HTTPFields

    init(_ status: HTTPResponse.Status, headers: HTTPFields = [:]) {
        self.status = status
        self.headers = headers
    }
}

extension Request {
    /// The query's fields; none where the query is malformed, since a page can be shown without.
    var queryFields: FormFields {
        (try? FormFields(decoding: (uri.query ?? "").utf8)) ?? FormFields()
    }

    /// The language asked for in the address, else the one chosen earlier, else Indonesian.
    var language: Language { chosenLanguage ?? cookies["bahasa"].flatMap { Language(rawValue: $0.value) } ?? .id }

    /// The language asked for in the address.
    var chosenLanguage: Language? { queryFields["bahasa"].flatMap(Language.init) }

    /// The address of the client.
    func clientAddress(_ source: ClientAddressSource, peer: String?) -> String {
        let connection = clientNetwork(of: peer ?? "-")
        guard case .header(let text) = source, let name = HTTPField.Name(text),
            let last = headers[values: name].last?.split(separator: ",").last
        else { return connection }
        return clientNetwork(of: last.trimmingPrefix { $0 == " " }.description)
    }
}

extension Response {
    /// Whether and how a response may be kept by browsers and proxies.
    enum Keeping {
        /// Not at all: it tells of a person.
        case never
        /// By the browser, but it asks again before each use.
        case recheck
        /// For good: its address changes with its content.
        case forever

        var field: String {
            switch self {
            case .never: "no-store"
            case .recheck: "private, no-cache"
            case .forever: "public, max-age=31536000, immutable"
            }
        }
    }

    /// A page.
    static func page(
        _ html: HTML, status: HTTPResponse.Status = .ok, language: Language, keeping: Keeping, headers: HTTPFields = [:]
    ) -> Response {
        var fields = headers
        fields[.contentType] = "text/html; charset=utf-8"
        fields[.contentLanguage] = language.rawValue
        fields[.cacheControl] = keeping.field
        fields[.vary] = "Cookie"
        return Response(status: status, headers: fields, body: ResponseBody(byteBuffer: ByteBuffer(bytes: html.bytes)))
    }

    /// A text of another kind.
    static func text(
        _ text: String, mediaType: String, status: HTTPResponse.Status = .ok, keeping: Keeping
    ) -> Response {
        Response(
            status: status, headers: [.contentType: mediaType, .cacheControl: keeping.field],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}

/// Does work, and gives up after a time with 503; the work is cancelled then.
func within<Value: Sendable>(
    _ limit: Duration, _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
        group.addTask { try await work() }
        group.addTask {
            try await Task.sleep(for: limit)
            throw SiteError(.serviceUnavailable, headers: [.retryAfter: "60"])
        }
        defer { group.cancelAll() }
        guard let first = try await group.next() else { throw SiteError(.serviceUnavailable) }
        return first
    }
}
