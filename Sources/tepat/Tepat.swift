import ArgumentParser

/// The command line: thin, everything it does is done by the modules.
@main
struct Tepat: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tepat",
        abstract: "Digital social assistance for a region, from the first agency file to an explained decision.",
        discussion: """
            The database is named by --database or TEPAT_DATABASE: sqlite:FILE (the default is sqlite:tepat.sqlite) or \
            postgres://user:password@host/name. The key that NIK and family numbers are sealed with comes from TEPAT_KEY, \
            TEPAT_KEY_FILE, or a file beside the SQLite database that tepat init makes.

            Exit status: 0 done, 64 wrong usage, 65 input refused, 1 anything else.
            """,
        version: "0.1.0",
        subcommands: [
            Init.self, Simulate.self, Ingest.self, Quarantine.self, Link.self, ReviewCommand.self, Find.self,
            Waiting.self,
            Assess.self, Explain.self,
            RegionSearch.self, ProgrammeCommand.self, NoticeCommand.self, WhatIfCommand.self, Score.self, Dedupe.self,
            Match.self, MatchKeysCommand.self,
            Cel.self,
            JournalCommand.self, AccountCommand.self,
            KeyCommand.self, Demo.self, Serve.self,
        ])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            OpenDatabases.close()
        } catch {
            OpenDatabases.close()
            Failure.exit(with: error)
        }
    }
}
