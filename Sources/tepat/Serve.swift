import Access
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

    @Option(help: "The origin that browsers see, such as https://tepat.example.go.id, where a proxy stands in front.")
    var publicOrigin: String?

    @Option(
        help: "The header whose last entry is the client's address, as the proxy in front sets it: X-Forwarded-For.")
    var clientAddressHeader: String?

    @Option(
        help: "A CSV file of families who are known to be entitled, or not: /aturan measures changed rules against it.")
    var truth: String?

    func validate() throws {
        try Self.check(port: port)
        if let publicOrigin,
            !publicOrigin.hasPrefix("https://") && !publicOrigin.hasPrefix("http://")
                || publicOrigin.hasSuffix("/")
        {
            throw ValidationError("--public-origin: write https://NAME, without a slash at the end")
        }
    }

    /// Refuses a port that there is not.
    static func check(port: Int) throws {
        guard (1...65_535).contains(port) else { throw ValidationError("--port: give a number from 1 to 65535") }
    }

    func run() async throws {
        var configuration = WebConfiguration()
        configuration.host = host
        configuration.port = port
        configuration.publicOrigin = publicOrigin
        if let clientAddressHeader { configuration.clientAddress = .header(clientAddressHeader) }
        try await Self.serve(common.registry(), library: common.library(), truth: truth, configuration)
    }

    /// Serves until the process is told to stop.
    static func serve(
        _ registry: Registry, library: PackLibrary, truth: String?, _ configuration: WebConfiguration
    ) async throws {
        var configuration = configuration
        configuration.version = Tepat.configuration.version
        let (host, port) = (configuration.host, configuration.port)
        let site = try RegistrySite(registry: registry, library: library, truth: truth)
        var logger = Logger(label: "tepat") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .notice
        let greeting = "Serving \(registry.pack.name("en")) on http://\(host):\(port)/ – stop it with Ctrl-C\n"
        let application = try WebApplication(
            model: site, accounts: Accounts(registry), configuration: configuration, logger: logger,
            whenServing: { FileHandle.standardError.write(Data(greeting.utf8)) })
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
