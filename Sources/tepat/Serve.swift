import ArgumentParser
import Foundation
import Logging
import Registry
import Web

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Serve the pages.")

    @OptionGroup var common: CommonOptions

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port to listen on.")
    var port = 8080

    func validate() throws { try Self.check(port: port) }

    /// Refuses a port that there is not.
    static func check(port: Int) throws {
        guard (1...65_535).contains(port) else { throw ValidationError("--port: give a number from 1 to 65535") }
    }

    func run() async throws {
        try await Self.serve(common.registry(), library: common.library(), host: host, port: port)
    }

    /// Serves until the process is told to stop.
    static func serve(_ registry: Registry, library: PackLibrary, host: String, port: Int) async throws {
        var configuration = WebConfiguration()
        configuration.host = host
        configuration.port = port
        configuration.version = Tepat.configuration.version
        let site = try RegistrySite(registry: registry, library: library)
        var logger = Logger(label: "tepat") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .notice
        let application = WebApplication(model: site, configuration: configuration, logger: logger)
        FileHandle.standardError.write(
            Data("Serving \(registry.pack.name("en")) on http://\(host):\(port)/ – stop it with Ctrl-C\n".utf8))
        do {
            try await application.run()
        } catch {
            throw ServeError(host: host, port: port, reason: "\(error)")
        }
    }
}

/// The pages cannot be served.
struct ServeError: Error, CustomStringConvertible {
    let host: String
    let port: Int
    /// What the system said.
    let reason: String

    var description: String {
        let isTaken = reason.contains("(errno: \(EADDRINUSE))")
        return "cannot serve on \(host), port \(port): \(isTaken ? "another program listens there" : reason)\n"
            + "Name a free one of this machine with --host and --port."
    }
}
