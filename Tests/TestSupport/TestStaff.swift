import Access
import Foundation
import Journal
import Registry
import Storage
import Synchronization

/// A clock that stands still until a test moves it.
public final class TestTime: Sendable {
    private let seconds: Mutex<Int64>

    /// A clock at so many seconds after 1970 began.
    public init(_ seconds: Int64 = 1_760_000_000) { self.seconds = Mutex(seconds) }

    /// The present moment.
    public var now: Moment { Moment(microseconds: seconds.withLock { $0 } * 1_000_000) }

    /// Moves it on.
    public func advance(_ by: Int64) { seconds.withLock { $0 += by } }

    /// The clock as programs take it.
    public var clock: WallClock { WallClock { self.now } }
}

/// Accounts in a database of their own, of the demonstration's region, with passwords that cost little.
public enum TestStaff {
    /// The password of all whom ``hire(_:_:_:)`` makes.
    public static let password = "kucing-tidur-di-atap"

    private static let library: PackLibrary = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return PackLibrary(root: folder.deletingLastPathComponent().path)
    }()

    /// Passwords that cost little, else as usual.
    public static var policy: SignInPolicy {
        var policy = SignInPolicy()
        policy.cost = PasswordCost(logRounds: 4, blockSize: 8, parallelism: 1)
        return policy
    }

    private static func accounts(_ database: Database, _ time: TestTime, _ policy: SignInPolicy) throws -> Accounts {
        let pack = try library.region("35.10")
        let key = try MasterKey([UInt8](repeating: 5, count: 32))
        try Registry.make(
            in: database, key: key, pack: pack, regions: pack.villages.map { Region(code: $0.code, name: $0.name) },
            clock: time.clock, actor: "command:siti")
        let registry = try Registry(
            in: database, key: key, library: library, clock: time.clock, actor: "command:siti")
        return Accounts(registry, policy: policy)
    }

    private static let migrations = [Journal.migrations, Registry.migrations, Accounts.migrations]

    /// Lends accounts, none of which is made yet.
    public static func use<R>(
        _ engine: Database.Engine = .sqlite, _ policy: SignInPolicy = policy,
        _ body: (Accounts, TestTime, Database) throws -> R
    ) throws -> R {
        let time = TestTime()
        return try TestDatabases.use(engine, migrations: migrations) { database in
            try body(accounts(database, time, policy), time, database)
        }
    }

    /// Lends accounts, none of which is made yet.
    public static func use<R>(
        _ engine: Database.Engine = .sqlite, _ time: TestTime, _ policy: SignInPolicy = policy,
        _ body: (Accounts) async throws -> R
    ) async throws -> R {
        try await TestDatabases.use(engine, migrations: migrations) { database in
            try await body(accounts(database, time, policy))
        }
    }
}

extension Accounts {
    /// Makes an account that is ready to be used, with a role in a region, and ``TestStaff/password``.
    public func hire(_ name: String, _ role: Role, _ region: String) throws {
        guard let code = RegionCode(region) else { preconditionFailure("\(region) is no region") }
        let one = DemonstrationAccount(name: name, fullName: "Petugas \(name)", role: role, region: code)
        try demonstrate([one], password: TestStaff.password, by: "command:siti")
    }
}

extension Registry {
    /// All of the region, for somebody.
    public func everywhere(_ actor: String = "command:siti") -> Reach {
        Reach(actor: actor, purpose: "test", regions: [pack.regency])
    }
}
