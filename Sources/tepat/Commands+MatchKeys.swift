import ArgumentParser
import Foundation
import RecordLinkage
import Registry

struct MatchKeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "match-keys",
        abstract: "Find the same persons in two files whose holders show each other no names.",
        subcommands: [Secret.self, Make.self, Match.self])

    struct Secret: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make the secret that both holders need, and nobody else may have.")

        @Argument(help: "The file to make; one that is there is not written over.")
        var file: String

        func run() throws {
            try MatchKeySecret.make(file)
            print("The secret is in \(file). Whoever has it can try whether a person stands in a file of keys.")
        }
    }

    struct Make: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make the match keys of a CSV file's records.",
            discussion: """
                The keys can be given away, best to a third party without the secret. The pseudonyms stay at home: they \
                tell which record a pair speaks of.
                """)

        @Argument(help: "A CSV file with a header.")
        var file: String

        @Option(help: "The file with the secret that both holders share.")
        var secretFile: String

        @Option(help: "What the keys are for; both holders write the same.")
        var purpose: String

        @Option(name: .customLong("settings"), help: "A YAML file that says what the columns hold.")
        var settingsFile: String?

        @Option(help: "Where the keys go.")
        var output: String

        @Option(help: "Where the list goes that tells which record each pseudonym is.")
        var pseudonyms: String

        @Flag(help: "Print one JSON object; progress and messages go to standard error.")
        var json = false

        private struct Report: Encodable {
            let records: Int
            let purpose: String
            let keys: [String]
        }

        func validate() throws {
            try LinkageFiles.check([
                ("the file", file), ("the secret", secretFile), ("--output", output), ("--pseudonyms", pseudonyms),
            ])
        }

        func run() throws {
            let secret = try MatchKeySecret(file: secretFile, purpose: purpose)
            let records = try RecordFile(file)
            let settings = try LinkageOptions.settings(settingsFile, for: records)
            let table = try ProgressBar.run("Reading \(file)") { show in try records.table(settings, show) }
            let (keys, names) = try MatchKeyTable.make(of: table, secret: secret)
            var list = Array("pseudonym,record_id\n".utf8)
            for (record, name) in names.enumerated() {
                MatchKeyTable.append(name, to: &list)
                list.append(0x2C)
                LinkageFiles.append(table.idBytes(record), to: &list)
                list.append(0x0A)
            }
            let encoded = try keys.encoded()
            try LinkageFiles.write(list, to: pseudonyms, isPrivate: true)
            try LinkageFiles.write(encoded, to: output)
            try Output(json: json).print(
                Report(records: table.count, purpose: secret.purpose, keys: keys.labels),
                """
                \(table.count) records with \(keys.labels.count) keys each: \(keys.labels.joined(separator: ", "))
                  Give \(output) away; keep \(pseudonyms).
                """)
        }
    }

    struct Match: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Find which records of two files of match keys speak of the same person.",
            discussion: """
                Needs neither the secret nor the pseudonyms. The answer has one line for each pair: left, right, weight and \
                the keys in common; each record stands in one pair at most, unless --all is given.
                """)

        @Argument(help: "A file of match keys.")
        var left: String

        @Argument(help: "The other holder's.")
        var right: String

        @Option(help: "Where the answer goes.")
        var output: String

        @Option(help: "The least weight at which two records are taken for one person, -100 to 1000.")
        var leastWeight = 0.0

        @Flag(help: "Write all pairs that are taken for one person, also where a record has several.")
        var all = false

        @Flag(help: "Print one JSON object; progress and messages go to standard error.")
        var json = false

        private struct Evidence: Encodable {
            let key: String
            let samePerson: Double
            let strangers: Double
        }

        private struct Report: Encodable {
            let left: Int
            let right: Int
            let purpose: String
            let pairs: Int
            let candidates: Int
            let passedOver: Int
            let leastWeight: Double
            let keys: [Evidence]
        }

        func validate() throws {
            guard (-100...1000).contains(leastWeight) else {
                throw ValidationError("--least-weight: give -100 to 1000")
            }
        }

        func run() throws {
            let first = try ProgressBar.run("Reading \(left)") { try MatchKeyTable(left, progress: $0) }
            let second = try ProgressBar.run("Reading \(right)") { try MatchKeyTable(right, progress: $0) }
            let (linkage, labels) = try first.linked(with: second, paths: (left, right))
            let likely = linkage.pairs(leastWeight: leastWeight)
            let pairs = all ? likely : KeyLinkage.once(likely)
            var bytes = Array("left,right,weight,keys\n".utf8)
            for (pair, weight) in pairs {
                MatchKeyTable.append(first.pseudonyms[Int(pair.left)], to: &bytes)
                bytes.append(0x2C)
                MatchKeyTable.append(second.pseudonyms[Int(pair.right)], to: &bytes)
                bytes += Array(String(format: ",%.3f,", weight).utf8)
                let shared = labels.indices.filter { pair.shared >> UInt32($0) & 1 == 1 }.map { labels[$0] }
                bytes += Array(shared.joined(separator: " ").utf8) + [0x0A]
            }
            try LinkageFiles.write(bytes, to: output)
            let report = Report(
                left: first.pseudonyms.count, right: second.pseudonyms.count, purpose: first.header.purpose,
                pairs: pairs.count, candidates: linkage.candidates.count, passedOver: linkage.passedOver,
                leastWeight: leastWeight,
                keys: zip(labels, linkage.evidence).map {
                    Evidence(key: $0, samePerson: $1.samePerson, strangers: $1.strangers)
                })
            try Output(json: json).print(
                report,
                "\(report.pairs) of \(report.left) records and \(report.right) are probably of the same person")
        }
    }
}
