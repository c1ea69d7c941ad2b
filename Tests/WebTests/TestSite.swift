import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Journal
import Logging
import Synchronization

@testable import Web

/// A site over the fixture model, with a clock that the test moves and a log that it can read.
struct TestSite: Sendable {
    let model: FixtureModel
    let clock = TestClock()
    let log = TestLog()
    let application: WebApplication

    init(model: FixtureModel? = nil, change: (inout WebConfiguration) -> Void = { _ in }) throws {
        let model = try model ?? FixtureModel()
        self.model = model
        var configuration = WebConfiguration()
        configuration.version = "1.2.3"
        change(&configuration)
        let log = log
        var logger = Logger(label: "test") { _ in log }
        logger.logLevel = .trace
        let clock = clock
        application = WebApplication(
            model: model, configuration: configuration, clock: WallClock { clock.now }, logger: logger
        ) { router in
            router.get("rusak") { _, _ -> Response in throw Broken(text: "NIK 3599011708570003") }
        }
    }

    /// What a handler throws when something of its own is wrong.
    struct Broken: Error { let text: String }

    func test(_ body: @escaping @Sendable (any TestClientProtocol) async throws -> Void) async throws {
        try await application.application.test(.router) { client in try await body(client) }
    }
}

final class TestClock: Sendable {
    private let seconds = Mutex<Int64>(1_760_000_000)
    var now: Moment { Moment(microseconds: seconds.withLock { $0 } * 1_000_000) }
    func advance(_ by: Int64) { seconds.withLock { $0 += by } }
}

final class TestLog: LogHandler, Sendable {
    private let lines = Mutex<[String]>([])
    var text: String { lines.withLock { $0.joined(separator: "\n") } }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }
    var metadata: Logger.Metadata {
        get { ["hb.request.id": "nomor-1"] }
        set {}
    }
    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set {}
    }
    func log(event: LogEvent) {
        lines.withLock { $0.append("\(event.level) \(event.message) \(event.metadata ?? [:])") }
    }
}

extension TestClientProtocol {
    func get(_ path: String, _ headers: HTTPFields = [:]) async throws -> TestResponse {
        try await execute(uri: path, method: .get, headers: headers)
    }

    /// Sends a form as a browser does from our own page.
    func post(
        _ path: String, _ body: String, _ headers: HTTPFields = [.origin: "http://localhost"],
        type: String? = "application/x-www-form-urlencoded"
    ) async throws -> TestResponse {
        var headers = headers
        headers[.contentType] = type
        return try await execute(uri: path, method: .post, headers: headers, body: ByteBuffer(string: body))
    }

    /// Asks for a family's answer.
    func check(
        _ nik: String, kk: String = FixtureModel.familyNumber, date: String = "hari=17&bulan=8&tahun=1957",
        query: String = "", headers: HTTPFields = [.origin: "http://localhost"]
    ) async throws -> TestResponse {
        try await post("/cek" + query, "nik=\(nik)&kk=\(kk)&\(date)", headers)
    }
}

extension TestResponse {
    var text: String { String(buffer: body) }
}
