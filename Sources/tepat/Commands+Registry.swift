import ArgumentParser
import Eligibility
import Foundation
import Journal
import Registry
import Simulator
import Storage

struct Init: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make the registry of a region in a database.")

    @OptionGroup var common: CommonOptions

    @Option(help: "The region's code, such as 35.10: its pack lies in Regions/CODE.")
    var region: String

    private struct Report: Encodable {
        let region: String
        let regions: Int
        let made: Bool
    }

    func run() throws {
        let library = try common.library()
        let pack = try library.region(region)
        let regions = try RegionDirectory.read(library.indonesia)
        let database = try common.open(create: true)
        let made = try Registry.make(
            in: database, key: common.key(toMake: database), pack: pack, regions: regions, clock: .system,
            actor: CommonOptions.actor)
        try Output(common).print(
            Report(region: region, regions: regions.count, made: made),
            made
                ? "Made the registry of \(pack.name("en")) (\(region)) in \(database.displayName)."
                : "\(database.displayName) holds the registry of \(pack.name("en")) already; nothing was changed.")
    }
}

struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make up a region: its people, its agencies' files with their faults, and the truth.",
        discussion: """
            With --families the folder holds agencies/SOURCE.csv and truth/. With --people it holds people.csv, records of people of which a fifth are doubles \
            with faults, and people-truth.csv, whom each record truly is: to measure record linkage on.
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: "The region's code.")
    var region: String

    @Option(help: "How many families.")
    var families: Int?

    @Option(help: "How many records of people instead, \(PeopleFile.fewest) to \(PeopleFile.most).")
    var people: Int?

    @Option(help: "The same seed gives the same bytes.")
    var seed: UInt64

    @Option(help: "The folder to write.")
    var output: String

    func validate() throws {
        guard (families == nil) != (people == nil) else {
            throw ValidationError(
                families == nil
                    ? "give --families, how many families, or --people, how many records of people"
                    : "--people: give it without --families; the folder holds either a region's agencies or a file of people"
            )
        }
        if let people, !(PeopleFile.fewest...PeopleFile.most).contains(people) {
            throw ValidationError("--people: give a number from \(PeopleFile.fewest) to \(PeopleFile.most)")
        }
    }

    private struct Report: Encodable {
        let families: Int
        let persons: Int
        let rows: [String: Int]
    }

    private struct PeopleReport: Encodable {
        let records: Int
        let persons: Int
        let doubled: Int
        let faults: [String: Int]
    }

    func run() throws {
        let pack = try common.library().region(region)
        if let people {
            try writePeople(people, of: pack)
        } else if let families {
            try writeRegion(families, of: pack)
        }
    }

    private func writePeople(_ people: Int, of pack: RegionPack) throws {
        let file = PeopleFile(pack: pack, records: people, seed: seed)
        let summary = try ProgressBar.run("Making up \(people) records of people") { show in
            try file.write(to: output) { show(WorkProgress(done: $0, total: $1)) }
        }
        try Output(common).print(
            PeopleReport(
                records: summary.records, persons: summary.persons, doubled: summary.doubled,
                faults: Dictionary(uniqueKeysWithValues: summary.faults.map { ($0.key.name, $0.value) })),
            "Made up \(summary.records) records of \(summary.persons) persons, of whom \(summary.doubled) have several, in \(output)."
        )
    }

    private func writeRegion(_ families: Int, of pack: RegionPack) throws {
        let simulation = Simulation(pack: pack, families: families, seed: seed)
        let summary = try ProgressBar.run("Making up \(families) families") { show in
            try simulation.write(to: output) { show(WorkProgress(done: $0, total: $1)) }
        }
        try Output(common).print(
            Report(families: summary.families, persons: summary.persons, rows: summary.rows),
            "Made up \(summary.families) families with \(summary.persons) persons in \(output).")
    }
}

struct Ingest: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take an agency's files: every row is kept, or set aside with its reason.",
        discussion: """
            All files of one delivery are given together. A file that was taken before changes nothing; a run that died goes on where it stood when the same file is \
            given again.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "The source, such as dukcapil: Regions/CODE/Sources/SOURCE.yaml describes it.")
    var source: String

    @Argument(help: "CSV files in UTF-8, also packed with gzip.")
    var files: [String]

    @Option(help: "The day the agency delivered the file (YYYY-MM-DD); today if not given.")
    var delivered: DateArgument?

    @Flag(help: "Finish a full delivery however many rows of earlier ones it no longer lists.")
    var acceptWithdrawals = false

    @Flag(
        help:
            "Link the rows at once: only these as tepat link arrivals would, or where that will not do all as tepat link."
    )
    var link = false

    /// Counts all files that were given; `batch` is the last one's.
    private struct Report: Encodable {
        let source: String
        let batch: Int64
        let batches: [Int64]
        let rows: Int
        let accepted: Int
        let quarantined: Int
        let duplicates: Int
        let withdrawn: Int
        /// How linking the new rows went, and how a run over all did; null where there was none.
        let arrivals: Link.Arrivals.Report?
        let link: Link.Run.Report?

        init(_ source: String, _ batches: [Batch], arrivals: Link.Arrivals.Report?, link: Link.Run.Report?) {
            self.arrivals = arrivals
            self.link = link
            self.source = source
            batch = batches.last?.batch ?? 0
            self.batches = batches.map(\.batch)
            rows = batches.reduce(0) { $0 + $1.rows }
            accepted = batches.reduce(0) { $0 + $1.accepted }
            quarantined = batches.reduce(0) { $0 + $1.quarantined }
            duplicates = batches.reduce(0) { $0 + $1.duplicates }
            withdrawn = batches.reduce(0) { $0 + $1.withdrawn }
        }
    }

    func run() throws {
        let registry = try common.registry()
        let source = try registry.pack.source(source)
        let output = Output(common)
        var bars: [String: ProgressBar] = [:]
        let batches: [Batch]
        do {
            batches = try registry.ingest(
                source, files: files, delivered: delivered?.date, acceptsWithdrawals: acceptWithdrawals
            ) { done, file in
                let bar = bars[file] ?? ProgressBar("Taking \(URL(fileURLWithPath: file).lastPathComponent)")
                bars[file] = bar
                bar.show(done)
                if done.done == done.total { bar.finish() }
            }
        } catch let error as RegistryError {
            guard case .refused = error else { throw error }
            throw InputError("\(error) (nothing of the file was kept)")
        }
        for (file, batch) in zip(files, batches) {
            output.tell(
                batch.wasThere
                    ? "\(file) was taken before, as batch \(batch.batch); nothing was changed."
                    : "Batch \(batch.batch) of \(source.name): \(batch.rows) rows, \(batch.accepted) kept, "
                        + "\(batch.quarantined) set aside, \(batch.duplicates) known already, "
                        + "\(batch.withdrawn) of earlier ones withdrawn.")
            if batch.quarantined > 0 {
                output.note("See what was set aside: tepat quarantine \(batch.batch)")
            }
        }
        var arrivals: Link.Arrivals.Report?
        var whole: Link.Run.Report?
        if link {
            switch try Link.Arrivals.link(registry) {
            case .linked(let summary):
                let (report, text) = Link.Arrivals.report(summary)
                arrivals = report
                output.tell(text)
            case .needsWholeRun(let reason):
                output.note("All rows are linked anew: \(reason).")
                let (report, text) = try Link.Run.link(registry)
                whole = report
                output.tell(text)
            }
        }
        try output.answer(Report(source.name, batches, arrivals: arrivals, link: whole))
    }
}

struct Quarantine: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the rows of a batch that were set aside: line, field, value and reason.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The batch's number.")
    var batch: Int64

    @Option(help: "Show at most this many rows.")
    var limit = 1000

    func validate() throws { try CommonOptions.check(limit: limit) }

    private struct Row: Encodable {
        let line: Int
        let field: String
        let value: String
        let reason: String
    }

    private struct Report: Encodable {
        let batch: Int64
        let rows: [Row]
    }

    func run() throws {
        let registry = try common.registry()
        let rows = try registry.quarantine(batch: batch, limit: limit).map {
            Row(line: $0.line, field: $0.field, value: $0.value, reason: $0.reason)
        }
        try Output(common).print(
            Report(batch: batch, rows: rows),
            rows.isEmpty
                ? "Nothing of batch \(batch) was set aside."
                : rows.map { row in
                    let place = row.field.isEmpty ? "the row" : "\(row.field) “\(row.value.prefix(60))”"
                    return "line \(row.line): \(place) \(row.reason)"
                }.joined(separator: "\n"))
    }
}

struct Waiting: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the rows that are linked to nobody yet, each with its reason.")

    @OptionGroup var common: CommonOptions

    @Option(help: "Only those that wait for this reason, such as nik_shared.")
    var ground: String?

    @Option(help: "Show at most this many rows.")
    var limit = 1000

    func validate() throws { try CommonOptions.check(limit: limit) }

    private struct Row: Encodable {
        let source: String
        let batch: Int64
        let line: Int64
        let ground: String
    }

    private struct Report: Encodable { let rows: [Row] }

    func run() throws {
        let chosen = try ground.map { word in
            guard let ground = Ground(rawValue: word), !ground.isLinked else {
                let known = Ground.allCases.filter { !$0.isLinked }.map(\.rawValue).joined(separator: ", ")
                throw InputError("--ground: “\(word)” is not one of \(known)")
            }
            return ground
        }
        let rows = try common.registry().waitingRows(chosen, limit: limit).map {
            Row(source: $0.source, batch: $0.batch, line: $0.line, ground: $0.ground.rawValue)
        }
        try Output(common).print(
            Report(rows: rows),
            rows.isEmpty
                ? "No row waits."
                : rows.map { "\($0.source), batch \($0.batch), line \($0.line): \($0.ground)" }.joined(separator: "\n"))
    }
}

struct RegionSearch: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "region", abstract: "Find regions of Indonesia by name or code.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "Words of the name, or the beginning of a code.")
    var text: [String]

    @Option(help: "Only inside this region.")
    var within: String?

    private struct Row: Encodable {
        let code: String
        let level: String
        let name: String
    }

    private struct Report: Encodable { let regions: [Row] }

    func run() throws {
        let within = try within.map { text in
            guard let code = RegionCode(text) else { throw InputError("“\(text)” is not a region's code") }
            return code
        }
        let database = try common.open()
        let found = try database.read { connection in
            try RegionDirectory.search(text.joined(separator: " "), within: within, on: connection)
        }
        let rows = found.map { Row(code: $0.code.text, level: $0.code.level.rawValue, name: $0.name) }
        try Output(common).print(
            Report(regions: rows),
            rows.isEmpty
                ? "No region has that name or code."
                : rows.map { "\($0.code)  \($0.name) (\($0.level))" }.joined(separator: "\n"))
    }
}

struct JournalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal", abstract: "The record of who did what to what, and why.",
        subcommands: [Verify.self])

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Check that no entry, and nothing that entries stand for, was changed, removed or moved afterwards.")

        @OptionGroup var common: CommonOptions

        @Option(help: "A head that was noted before: the journal must contain it.")
        var head: String?

        func validate() throws {
            guard let head else { return }
            guard head.count == 64, head.allSatisfy(\.isHexDigit) else {
                throw ValidationError("--head: give the 64 hexadecimal digits that tepat journal verify showed")
            }
        }

        private struct Report: Encodable {
            let entries: Int64
            let head: String
            let ok: Bool
            let faults: [String]
        }

        func run() throws {
            let registry = try common.registry()
            var faults: [String] = []
            var sawHead = head == nil
            let bar = ProgressBar("Checking the journal")
            let result = try registry.database.read { connection in
                let total = Int(try Journal.head(on: connection).number)
                return try Journal.verify(on: connection) { entry in
                    if entry.hash.hexadecimal == head?.lowercased() { sawHead = true }
                    if let fault = try registry.fault(in: entry, on: connection) { faults.append(fault) }
                    if let fault = try AssessmentTable.fault(in: entry, on: connection) { faults.append(fault) }
                    bar.show(WorkProgress(done: Int(entry.number), total: total))
                }
            }
            bar.finish()
            // The making of the registry is the first entry: a journal without any was emptied.
            let missing = result.entries == 0 ? JournalVerification.Fault.missing(1) : nil
            if let fault = result.fault ?? missing { faults.insert(fault.description, at: 0) }
            if !sawHead { faults.append("the head \(head ?? "") is not in this journal: entries were written anew") }
            try Output(common).print(
                Report(
                    entries: result.entries, head: result.head.hexadecimal, ok: faults.isEmpty, faults: faults),
                faults.isEmpty
                    ? "\(result.entries) entries, all sound; head \(result.head.hexadecimal)"
                    : faults.joined(separator: "\n"))
            if !faults.isEmpty { throw ExitCode(1) }
        }
    }
}
