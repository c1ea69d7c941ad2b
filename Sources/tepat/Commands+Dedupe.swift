import ArgumentParser
import Foundation
import RecordLinkage
import Registry

/// What the commands take that link records of files.
struct LinkageOptions: ParsableArguments {
    @Option(name: .customLong("settings"), help: "A YAML file that says what is compared.")
    var settingsFile: String?

    @Option(help: "Write the estimated model to this file as JSON.")
    var model: String?

    @Flag(help: "Print one JSON object; progress and messages go to standard error.")
    var json = false

    /// The settings of the file that was named, else those that fit what the records hold.
    func settings(for records: RecordFile) throws -> LinkageSettings { try Self.settings(settingsFile, for: records) }

    /// The settings of a file, else those that fit what the records hold.
    static func settings(_ settingsFile: String?, for records: RecordFile) throws -> LinkageSettings {
        let equivalents = try NameEquivalents.read(CommonOptions.library().names)
        guard let settingsFile else { return try records.guess(equivalents) }
        return try LinkageSettings.read(settingsFile, equivalents: equivalents)
    }

    /// Links the records, and writes the model where it was asked for.
    func link(_ table: RecordTable) throws -> Linkage {
        let linkage = ProgressBar.run("Comparing") { show in
            Linkage(table) { done, total in show(WorkProgress(done: done, total: total)) }
        }
        if let model { try LinkageFiles.writeModel(linkage.model, to: model) }
        return linkage
    }
}

struct Dedupe: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find which records of a CSV file speak of the same person.",
        discussion: """
            Without settings the columns' names and values tell what is compared. The file may be packed with gzip. The \
            answer has one line for each record: record_id and cluster_id, the same for records of one person.
            """)

    @Argument(help: "A CSV file with a header.")
    var file: String

    @OptionGroup var options: LinkageOptions

    @Option(help: "Where the answer goes.")
    var output: String

    @Option(help: "Write each pair that is probably one person to this file as well, with its weight and probability.")
    var pairs: String?

    func validate() throws {
        try LinkageFiles.check([
            ("the file", file), ("--settings", options.settingsFile), ("--output", output), ("--pairs", pairs),
            ("--model", options.model),
        ])
    }

    struct Report: Encodable {
        let records: Int
        let clusters: Int
        let doubled: Int
        let pairs: Int
        let candidates: Int
        let threshold: Double
        let fields: [String: String]
    }

    func run() throws {
        let records = try RecordFile(file)
        let settings = try options.settings(for: records)
        let table = try ProgressBar.run("Reading \(file)") { show in try records.table(settings, show) }
        let linkage = try options.link(table)
        try LinkageFiles.writeClusters(linkage, of: table, to: output)
        if let pairs { try LinkageFiles.writePairs(linkage.links, of: table, to: pairs) }
        let clusters = linkage.groups.enumerated().count { Int32($0.offset) == $0.element }
        let report = Report(
            records: table.count, clusters: clusters, doubled: table.count - clusters, pairs: linkage.links.count,
            candidates: linkage.candidates, threshold: settings.threshold,
            fields: Dictionary(
                uniqueKeysWithValues: settings.fields.map { ($0.name, $0.kind.rawValue) }))
        try Output(json: options.json).print(
            report,
            """
            \(report.records) records of \(report.clusters) persons: \(report.doubled) are doubled
              \(report.pairs) pairs of at most \(report.candidates) compared are probably one person
              compared: \(settings.fields.map { "\($0.name) (\($0.kind.rawValue))" }.joined(separator: ", "))
            """)
    }
}

struct Match: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find which records of two CSV files speak of the same person.",
        discussion: """
            Both files need the columns that are compared. The answer has one line for each pair: left, right, weight and \
            probability; each record stands in one pair at most, unless --all is given.
            """)

    @Argument(help: "A CSV file with a header.")
    var left: String

    @Argument(help: "Another one with the same columns.")
    var right: String

    @OptionGroup var options: LinkageOptions

    @Option(help: "Where the answer goes.")
    var output: String

    @Flag(help: "Write all pairs that are probably one person, also where a record has several.")
    var all = false

    func validate() throws {
        for file in [left, right] {
            try LinkageFiles.check([
                ("a file that is read", file), ("--settings", options.settingsFile), ("--output", output),
                ("--model", options.model),
            ])
        }
    }

    struct Report: Encodable {
        let left: Int
        let right: Int
        let pairs: Int
        let candidates: Int
        let threshold: Double
        let fields: [String: String]
    }

    func run() throws {
        let (first, second) = (try RecordFile(left), try RecordFile(right))
        let settings = try options.settings(for: first)
        let table = try ProgressBar.run("Reading \(left) and \(right)") { show in
            try first.table(settings, with: second, show)
        }
        let linkage = try options.link(table)
        let pairs = all ? linkage.links : linkage.matches
        try LinkageFiles.writePairs(pairs, of: table, to: output)
        let border = table.second ?? 0
        let report = Report(
            left: border, right: table.count - border, pairs: pairs.count, candidates: linkage.candidates,
            threshold: settings.threshold,
            fields: Dictionary(uniqueKeysWithValues: settings.fields.map { ($0.name, $0.kind.rawValue) }))
        try Output(json: options.json).print(
            report,
            """
            \(report.pairs) of \(report.left) records and \(report.right) are probably of the same person
              compared: \(settings.fields.map { "\($0.name) (\($0.kind.rawValue))" }.joined(separator: ", "))
            """)
    }
}

/// Writes what linkage found.
enum LinkageFiles {
    /// Refuses to write over what is read, or two answers over each other.
    ///
    /// - Parameter paths: by the words by which the command knows them; nil where one was not given.
    static func check(_ paths: [(words: String, path: String?)]) throws {
        var known: [String: String] = [:]
        for (words, path) in paths {
            guard let path else { continue }
            let whole = URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
            if let other = known[whole] {
                throw ValidationError("\(words) and \(other) must be different files: \(path)")
            }
            known[whole] = words
        }
    }

    static func writeClusters(_ linkage: Linkage, of table: RecordTable, to path: String) throws {
        var bytes = Array("record_id,cluster_id\n".utf8)
        bytes.reserveCapacity(table.count * 24)
        for (record, group) in linkage.groups.enumerated() {
            append(table.idBytes(record), to: &bytes)
            bytes.append(0x2C)
            append(table.idBytes(Int(group)), to: &bytes)
            bytes.append(0x0A)
        }
        try write(bytes, to: path)
    }

    static func writePairs(_ links: [RecordLinkage.Link], of table: RecordTable, to path: String) throws {
        var bytes = Array("left,right,weight,probability\n".utf8)
        for link in links {
            append(table.idBytes(Int(link.left)), to: &bytes)
            bytes.append(0x2C)
            append(table.idBytes(Int(link.right)), to: &bytes)
            bytes += Array(
                String(format: ",%.3f,%.6f\n", Double(link.weight), link.probability).utf8)
        }
        try write(bytes, to: path)
    }

    static func writeModel(_ model: LinkageModel, to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try write(Array(encoder.encode(model)) + [0x0A], to: path)
    }

    /// Appends a field, in quotes where it needs them.
    static func append(_ field: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
        guard field.contains(where: { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }) else {
            bytes += field
            return
        }
        bytes.append(0x22)
        for byte in field {
            if byte == 0x22 { bytes.append(0x22) }
            bytes.append(byte)
        }
        bytes.append(0x22)
    }

    /// Writes a file whole, or not at all.
    ///
    /// - Parameter isPrivate: whether nobody but its owner may read it, from the first byte on.
    static func write(_ bytes: [UInt8], to path: String, isPrivate: Bool = false) throws {
        guard isPrivate else {
            do { try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
                throw RegistryError.file(path: path, reason: "cannot be written: \(error.localizedDescription)")
            }
            return
        }
        let part = path + ".part"
        guard
            FileManager.default.createFile(
                atPath: part, contents: Data(bytes), attributes: [.posixPermissions: 0o600]),
            rename(part, path) == 0
        else {
            let reason = String(cString: strerror(errno))
            unlink(part)
            throw RegistryError.file(path: path, reason: "cannot be written: \(reason)")
        }
    }
}
