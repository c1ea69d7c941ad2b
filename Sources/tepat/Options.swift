import Access
import ArgumentParser
import Eligibility
import Foundation
import Journal
import Registry
import Storage

/// What every command takes.
struct CommonOptions: ParsableArguments {
    @Option(help: "The database: sqlite:FILE or postgres://user:password@host/name.")
    var database: String?

    @Flag(help: "Print one JSON object; progress and messages go to standard error.")
    var json = false

    private static var environment: [String: String] { ProcessInfo.processInfo.environment }

    /// The program's own file, also where it was found through PATH.
    private static var program: String {
        let own = "/proc/self/exe"
        return FileManager.default.fileExists(atPath: own) ? own : CommandLine.arguments.first ?? "tepat"
    }

    /// The database's URL.
    var url: String { database ?? Self.environment["TEPAT_DATABASE"] ?? "sqlite:tepat.sqlite" }

    /// The folder with regions and programmes.
    func library() throws -> PackLibrary { try Self.library() }

    /// The folder with regions and programmes.
    static func library() throws -> PackLibrary {
        try PackLibrary.find(
            environment: environment, workingFolder: FileManager.default.currentDirectoryPath,
            program: program)
    }

    /// Opens the database; one that is not there is made only where `create` says so.
    func open(create: Bool = false) throws -> Database {
        let file = url.hasPrefix("sqlite:") ? url.dropFirst(7) : ""
        if !create, !file.isEmpty, !FileManager.default.fileExists(atPath: String(file)) {
            throw RegistryError.notReady(
                "there is no database \(file): run tepat init --region CODE first, or name another one "
                    + "with --database")
        }
        let database = try Database.open(url)
        OpenDatabases.add(database)
        try database.migrate([Journal.migrations, Registry.migrations, Eligibility.migrations, Accounts.migrations])
        return database
    }

    /// The key for a registry that is to be made in a database. Where one was made already, a key that is missing must
    /// be found again: a new one would open nothing, and hide the loss.
    func key(toMake database: Database) throws -> MasterKey {
        try key(create: !Registry.isMade(in: database))
    }

    /// The key that the database's secret is locked with.
    func key(create: Bool = false) throws -> MasterKey {
        let file = url.hasPrefix("sqlite:") ? String(url.dropFirst(7)) + ".key" : "tepat.key"
        return try MasterKey.load(environment: Self.environment, defaultFile: file, create: create)
    }

    /// The registry that the database holds.
    func registry() throws -> Registry {
        let database = try open()
        return try Registry(
            in: database, key: key(), library: library(), clock: .system, actor: Self.actor)
    }

    /// Refuses a number of rows that there is not.
    static func check(limit: Int) throws {
        guard limit >= 0 else { throw ValidationError("--limit: give how many rows, 0 or more") }
    }

    /// Who acts, as the journal names them: the account on this machine.
    static var actor: String {
        let account = getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) }
        return "command:" + (environment["SUDO_USER"] ?? environment["USER"] ?? account ?? "unknown")
    }
}

/// Prints what a command found: for people, or as one JSON object.
struct Output {
    private let json: Bool

    init(_ options: CommonOptions) { self.init(json: options.json) }

    init(json: Bool) { self.json = json }

    func print(_ report: some Encodable, _ text: @autoclosure () -> String) throws {
        tell(text())
        try answer(report)
    }

    /// Words for people, where they asked for no JSON.
    func tell(_ text: @autoclosure () -> String) {
        if !json { Swift.print(text()) }
    }

    /// The one JSON object, where it was asked for.
    func answer(_ report: some Encodable) throws {
        guard json else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        Swift.print(String(decoding: try encoder.encode(report), as: UTF8.self))
    }

    /// Words for the person at the terminal, never part of the answer.
    func note(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}

/// A moment given on the command line.
struct MomentArgument: ExpressibleByArgument {
    let moment: Moment

    init?(argument: String) {
        guard let moment = Moment(argument) else { return nil }
        self.moment = moment
    }
}

/// A date given on the command line.
struct DateArgument: ExpressibleByArgument {
    let date: CalendarDate

    init?(argument: String) {
        guard let date = CalendarDate(argument) else { return nil }
        self.date = date
    }
}
