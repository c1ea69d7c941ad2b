import Access
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Journal
import Logging
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Web

/// A site over the fixture model, with a clock that the test moves and a log that it can read.
struct TestSite: Sendable {
    let model: FixtureModel
    let clock: TestTime
    /// Those who may sign in; nil where nobody can.
    let accounts: Accounts?
    let log = TestLog()
    let application: WebApplication

    init(
        model: FixtureModel? = nil, clock: TestTime = TestTime(), accounts: Accounts? = nil,
        change: (inout WebConfiguration) -> Void = { _ in }
    ) throws {
        let model = try model ?? FixtureModel()
        self.model = model
        self.clock = clock
        self.accounts = accounts
        var configuration = WebConfiguration()
        configuration.version = "1.2.3"
        change(&configuration)
        let log = log
        var logger = Logger(label: "test") { _ in log }
        logger.logLevel = .trace
        application = try WebApplication(
            model: model, accounts: accounts, configuration: configuration, clock: clock.clock, logger: logger
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

/// Somebody who has signed in, as a browser keeps it.
struct TestStaffMember: Sendable {
    /// What the browser brings along.
    var headers: HTTPFields
    /// What forms bring along.
    let formToken: String

    func get(_ client: any TestClientProtocol, _ path: String) async throws -> TestResponse {
        try await client.get(path, headers)
    }

    /// Sends a form of a page that was shown to this person.
    func post(_ client: any TestClientProtocol, _ path: String, _ body: String = "") async throws -> TestResponse {
        try await client.post(path, (body.isEmpty ? "" : body + "&") + "tanda=" + formToken, headers)
    }
}

extension TestSite {
    /// Lends a site at which some can sign in: who each is, and where.
    static func staffed(
        _ staff: [(name: String, role: Role, region: String)],
        change: @Sendable (inout WebConfiguration) -> Void = { _ in },
        _ body: @escaping @Sendable (TestSite, any TestClientProtocol) async throws -> Void
    ) async throws {
        let time = TestTime()
        try await TestStaff.use(.sqlite, time) { accounts in
            for (name, role, region) in staff { try accounts.hire(name, role, region) }
            let site = try TestSite(clock: time, accounts: accounts, change: change)
            try await site.test { client in try await body(site, client) }
        }
    }

    /// Signs somebody in as a browser does: password, then code.
    func signIn(_ client: any TestClientProtocol, _ name: String) async throws -> TestStaffMember {
        let accounts = try #require(accounts)
        let first = try await client.post("/masuk", "nama=\(name)&sandi=\(TestStaff.password)")
        let half = try member(first)
        let code = try #require(try accounts.code(of: name))
        return try member(try await half.post(client, "/masuk/kode", "kode=\(code)"))
    }

    /// Whom a response gives a session.
    func member(_ response: TestResponse) throws -> TestStaffMember {
        let fields = response.headers[values: .setCookie]
        let cookies = fields.compactMap { $0.split(separator: ";").first.map(String.init) }
        let session = try #require(
            cookies.first { $0.contains("sesi=") }?.split(separator: "=", maxSplits: 1).last.map(String.init))
        return TestStaffMember(
            headers: [.origin: "http://localhost", .cookie: cookies.joined(separator: "; ")],
            formToken: Session.formToken(session))
    }
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
