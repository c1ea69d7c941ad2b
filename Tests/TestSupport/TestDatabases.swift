import Foundation
import Storage

/// Fresh databases for tests: a temporary file for SQLite, a schema of its own on the server for PostgreSQL.
///
/// The server's address comes from the environment variable `TEPAT_TEST_POSTGRES`, which `scripts/postgres run` sets.
/// Without it the tests on PostgreSQL fail: they are never left out unnoticed.
public enum TestDatabases {
    /// Lends an empty database with the tables of `modules`, and removes it afterwards.
    public static func use<R>(
        _ engine: Database.Engine, migrations modules: [Migrations] = [], readers: Int = 4,
        _ body: (Database) throws -> R
    ) throws -> R {
        let place = try Place(engine)
        defer { place.remove() }
        let database = try Database.open(place.url, readers: readers)
        defer { try? database.close() }
        try database.migrate(modules)
        return try body(database)
    }

    /// Lends an empty database with the tables of `modules`, and removes it afterwards.
    public static func use<R>(
        _ engine: Database.Engine, migrations modules: [Migrations] = [], readers: Int = 4,
        _ body: (Database) async throws -> R
    ) async throws -> R {
        let place = try Place(engine)
        defer { place.remove() }
        let database = try Database.open(place.url, readers: readers)
        defer { try? database.close() }
        try database.migrate(modules)
        return try await body(database)
    }

    /// Lends the URL of an empty database, for tests that open it themselves or hand it to another process.
    public static func useURL<R>(_ engine: Database.Engine, _ body: (String) throws -> R) throws -> R {
        let place = try Place(engine)
        defer { place.remove() }
        return try body(place.url)
    }

    /// Lends the URL of an empty database, for tests that open it themselves or hand it to another process.
    public static func useURL<R>(_ engine: Database.Engine, _ body: (String) async throws -> R) async throws -> R {
        let place = try Place(engine)
        defer { place.remove() }
        return try await body(place.url)
    }

    /// Lends an empty folder, and removes it afterwards with what is in it.
    public static func useFolder<R>(_ body: (URL) throws -> R) throws -> R {
        let folder = try Place.makeFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder)
    }
}

/// Why a test cannot have its database.
public struct TestDatabaseMissing: Error, CustomStringConvertible {
    /// What to do.
    public let description =
        "TEPAT_TEST_POSTGRES is not set: run the tests with scripts/test, or with scripts/postgres run swift test"
}

/// Where a test's database is.
private struct Place {
    let url: String
    let remove: () -> Void

    init(_ engine: Database.Engine) throws {
        switch engine {
        case .sqlite:
            let folder = try Self.makeFolder()
            url = "sqlite:" + folder.appendingPathComponent("test.db").path
            remove = { try? FileManager.default.removeItem(at: folder) }
        case .postgres:
            guard let server = ProcessInfo.processInfo.environment["TEPAT_TEST_POSTGRES"], !server.isEmpty else {
                throw TestDatabaseMissing()
            }
            let schema = "test_" + Self.uniqueName()
            try Self.run("CREATE SCHEMA \(schema)", on: server)
            url = server + (server.contains("?") ? "&" : "?") + "options=-csearch_path%3D\(schema)"
            remove = { try? Self.run("DROP SCHEMA \(schema) CASCADE", on: server) }
        }
    }

    static func makeFolder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tepat-test-" + uniqueName())
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    private static func uniqueName() -> String {
        UUID().uuidString.lowercased().filter { $0 != "-" }
    }

    private static func run(_ statement: String, on server: String) throws {
        let database = try Database.open(server, readers: 1)
        defer { try? database.close() }
        try database.write { _ = try $0.execute(statement) }
    }
}
