import Access
import Foundation
import Journal
import Registry
import Storage
import TestSupport
import Testing

/// A database, with the folder for what belongs to it, and the program set to work on it.
struct Workplace {
    /// For files of the test.
    let folder: URL
    /// The database.
    let url: String
    /// What the program sees besides.
    var environment: [String: String] = [:]

    /// The secret of all databases here: the same, so that the same rows are the same bytes.
    static let key = String(repeating: "5ea1", count: 16)

    /// A database file in a folder, which the program has not made yet.
    init(in folder: URL) throws {
        self.folder = folder
        environment["TEPAT_HOME"] = try MadeUp.home().path
        url = "sqlite:" + folder.appendingPathComponent("registry.db").path
        try Data((Self.key + "\n").utf8).write(to: keyFile)
    }

    /// A database on a server, and a folder.
    init(in folder: URL, url: String) throws {
        self.folder = folder
        self.url = url
        environment["TEPAT_HOME"] = try MadeUp.home().path
        environment["TEPAT_KEY"] = Self.key
    }

    /// The database file.
    var file: URL { folder.appendingPathComponent("registry.db") }
    /// The file with the secret.
    var keyFile: URL { folder.appendingPathComponent("registry.db.key") }

    /// Runs a command on the database.
    func run(_ arguments: [String]) throws -> Outcome {
        try Tepat.run(arguments + ["--database", url], environment: environment)
    }

    /// Lends the accounts in the database, without the program.
    func withAccounts<R>(_ body: (Accounts) throws -> R) throws -> R {
        let database = try Database.open(url)
        defer { try? database.close() }
        try database.migrate([Accounts.migrations])
        let key = try MasterKey.load(environment: environment, defaultFile: keyFile.path, create: false)
        let registry = try Registry(
            in: database, key: key, library: PackLibrary(root: Tepat.home.path), clock: .system, actor: "command:test")
        return try body(Accounts(registry))
    }

    /// Runs a command on the database.
    func run(_ arguments: String...) throws -> Outcome { try run(arguments) }

    /// Starts a command on the database and kills it after some time, if it has not ended by then.
    func runAndKill(_ arguments: [String], after seconds: Double) throws -> Outcome {
        let running = try Running(
            try Tepat.binary(), arguments + ["--database", url], environment: environment)
        Thread.sleep(forTimeInterval: seconds)
        running.signal(SIGKILL)
        return try running.wait()
    }

    /// Runs a command again until no process that was killed just now holds the database any more: a server takes a
    /// moment to notice.
    func runWhenFree(_ arguments: [String]) throws -> Outcome {
        for _ in 0..<100 {
            let outcome = try run(arguments)
            guard outcome.status == 1, outcome.messages.contains("in use by another program") else { return outcome }
            Thread.sleep(forTimeInterval: 0.05)
        }
        return try run(arguments)
    }

    /// Changes the database behind the program's back.
    func change(_ statements: String...) throws {
        let database = try Database.open(url)
        defer { try? database.close() }
        try database.write { connection in for statement in statements { try connection.execute(statement) } }
    }

    /// What the tables hold.
    func snapshot(telling: Bool = false, bulky: Set<String> = []) throws -> Snapshot {
        try Snapshot(url, telling: telling, bulky: bulky)
    }

    /// Writes a file and gives its path.
    func write(_ name: String, _ content: some Sequence<UInt8>) throws -> String {
        let file = folder.appendingPathComponent(name)
        try Data(content).write(to: file)
        return file.path
    }

    /// Expects that the journal is sound.
    func expectSound(sourceLocation: SourceLocation = #_sourceLocation) throws {
        try run("journal", "verify").expectDone(sourceLocation: sourceLocation)
    }

    /// Expects that a piece of work changes nothing at all in the database, and leaves it sound.
    func expectUnchanged(
        sourceLocation: SourceLocation = #_sourceLocation, by work: (Workplace) throws -> Void
    ) throws {
        let before = try snapshot(telling: true)
        try work(self)
        try snapshot(telling: true).expectSame(as: before, sourceLocation: sourceLocation)
        try expectSound(sourceLocation: sourceLocation)
    }
}

/// How far the registry of the made-up region has come.
enum Stage: Int, CaseIterable, Sendable {
    /// Made, and empty.
    case made
    /// With all agencies' files.
    case filled
    /// With persons, families and links.
    case linked
    /// With an assessment of PKH and one of Sembako.
    case assessed
}

/// A small region, made up once for all tests, and its registry at every stage.
enum MadeUp {
    /// How many families.
    static let families = 150
    /// The day on which all files were delivered.
    static let delivered = "2025-10-15"

    private static let root: URL = {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tepat-made-up-" + UUID().uuidString)
        atexit { try? FileManager.default.removeItem(at: MadeUp.root) }
        return folder
    }()

    /// A folder with everything that the program needs, but of Indonesia's regions those of East Java alone: every
    /// command that takes a file reads them.
    static func home() throws -> URL { try lean.get() }

    private static let lean = Result {
        let home = root.appendingPathComponent("home")
        let regions = home.appendingPathComponent("Regions/indonesia")
        try FileManager.default.createDirectory(at: regions, withIntermediateDirectories: true)
        for part in ["Programmes", "Regions/35.10"] {
            try FileManager.default.createSymbolicLink(
                at: home.appendingPathComponent(part), withDestinationURL: Tepat.home.appendingPathComponent(part))
        }
        let script = #"gzip -dc "$1" | grep -E '^(code,|35)' | gzip > "$2""#
        let all = Tepat.home.appendingPathComponent("Regions/indonesia/regions.csv.gz").path
        let some = regions.appendingPathComponent("regions.csv.gz").path
        try done(Running(URL(fileURLWithPath: "/bin/sh"), ["-c", script, "sh", all, some]).wait())
        return home
    }

    /// The folder with the agencies' files.
    static func agencies() throws -> URL { try simulated.get().appendingPathComponent("agencies") }

    /// The names of the sources, in the order in which they are taken.
    static func sources() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: try agencies().path).sorted().compactMap {
            $0.hasSuffix(".csv") ? String($0.dropLast(4)) : nil
        }
    }

    /// The file of a source.
    static func file(_ source: String) throws -> String { try agencies().appendingPathComponent(source + ".csv").path }

    private static let simulated = Result {
        let folder = root.appendingPathComponent("region")
        try done(
            Tepat.run(
                "simulate", "--region", "35.10", "--families", "\(families)", "--seed", "7", "--output", folder.path))
        return folder
    }

    private static let made = Result { try stage(.made) { try done($0.run("init", "--region", "35.10")) } }

    private static let filled = Result {
        try stage(.filled, from: made) { place in
            for source in try sources() {
                try done(place.run("ingest", source, file(source), "--delivered", delivered))
            }
        }
    }

    private static let linked = Result { try stage(.linked, from: filled) { try done($0.run("link")) } }

    private static let assessed = Result {
        try stage(.assessed, from: linked) { place in
            for programme in ["pkh", "sembako"] { try done(place.run("assess", programme, "--quota", "10")) }
        }
    }

    /// The registry at a stage, which all tests share: to read only.
    static func registry(_ stage: Stage) throws -> Workplace {
        switch stage {
        case .made: try made.get()
        case .filled: try filled.get()
        case .linked: try linked.get()
        case .assessed: try assessed.get()
        }
    }

    /// Lends a copy of the registry at a stage.
    static func use<R>(_ stage: Stage, _ body: (Workplace) throws -> R) throws -> R {
        let original = try registry(stage)
        return try TestDatabases.useFolder { folder in
            try body(try copy(original, to: folder))
        }
    }

    /// Lends an empty schema on the server, with the registry made in it.
    static func useServer<R>(_ body: (Workplace) throws -> R) throws -> R {
        try TestDatabases.useURL(.postgres) { url in
            try TestDatabases.useFolder { folder in
                let place = try Workplace(in: folder, url: url)
                try done(place.run("init", "--region", "35.10"))
                return try body(place)
            }
        }
    }

    private static func stage(
        _ stage: Stage, from before: Result<Workplace, any Error>? = nil, _ work: (Workplace) throws -> Void
    ) throws -> Workplace {
        let folder = root.appendingPathComponent("\(stage)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let place = try before.map { try copy($0.get(), to: folder) } ?? Workplace(in: folder)
        try work(place)
        // Puts all into the one file, so that it can be copied.
        try Database.open(place.url).close()
        return place
    }

    private static func copy(_ original: Workplace, to folder: URL) throws -> Workplace {
        let place = try Workplace(in: folder)
        try FileManager.default.copyItem(at: original.file, to: place.file)
        return place
    }

    private static func done(_ outcome: Outcome) throws {
        guard outcome.status == 0, !outcome.wasKilled else { throw Failed(outcome: outcome) }
    }

    /// A command that prepares the tests failed.
    struct Failed: Error { let outcome: Outcome }
}
