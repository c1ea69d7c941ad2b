import ArgumentParser
import Registry

struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "The key that the registry's secret is locked with.", subcommands: [Change.self])

    struct Change: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lock the registry's secret with another key; the old one opens it no longer.",
            discussion: """
                The present key comes from TEPAT_KEY, TEPAT_KEY_FILE or the file beside the database, as for every command. \
                Afterwards name the new file in TEPAT_KEY_FILE, or put it where the old one was.
                """)

        @OptionGroup var common: CommonOptions

        @Option(help: "The file of the new key; it is made where it is not there.")
        var newFile: String

        private struct Report: Encodable {
            let changed: Bool
            let newFile: String
        }

        func run() throws {
            let registry = try common.registry()
            try registry.changeKey(from: common.key(), to: MasterKey.read(newFile, create: true))
            try Output(common).print(
                Report(changed: true, newFile: newFile),
                "The registry opens with the key in \(newFile) alone now: name it in TEPAT_KEY_FILE.")
        }
    }
}
