import Access
import ArgumentParser
import Eligibility
import Foundation
import Journal
import Registry
import Simulator
import Storage
import Web

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make up a region, take its agencies' files, link, assess, and serve the pages.",
        discussion: """
            The quotas of the region's pack are cut to the size of the demonstration. What is there already is used again.
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: "How many families.")
    var families = 20_000

    @Option(help: "The same seed gives the same people.")
    var seed: UInt64 = 1

    @Option(help: "The region's code.")
    var region = "35.10"

    @Option(help: "The folder for the agencies' files; beside the database if not given.")
    var files: String?

    @Flag(help: "Stop before serving.")
    var noServe = false

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port to listen on.")
    var port = 8080

    func validate() throws { try Serve.check(port: port) }

    private struct Report: Encodable {
        var simulateS = 0.0
        var ingestS = 0.0
        var linkS = 0.0
        var assessS = 0.0
        var totalS = 0.0
        var families = 0
        var persons = 0
        var rows = 0
        var quarantined = 0
        var linked = 0
        var unlinked = 0
        var assessments: [Assess.Report] = []
    }

    func run() async throws {
        let library = try common.library()
        let pack = try library.region(region)
        guard pack.acceptsMadeUp else {
            throw InputError("region \(region) is no demonstration: its pack refuses made-up people")
        }
        // Before anything is made, so that nothing is left behind.
        guard (Simulation.fewest...Simulation.most).contains(families) else {
            throw SimulationError.families(families)
        }
        let registry = try makeRegistry(pack, library)
        var report = Report()
        try fill(registry, library, &report)
        let residents = try DemoResidents.find(in: registry)
        try Output(common).print(report, text(report, residents))
        guard !noServe else { return }
        fflush(nil)
        var configuration = WebConfiguration()
        configuration.host = host
        configuration.port = port
        FileHandle.standardError.write(Data(try DemoStaff.make(in: registry, host: host, port: port).utf8))
        try await Serve.serve(registry, library: library, truth: "\(folder)/truth/families.csv", configuration)
    }

    private func makeRegistry(_ pack: RegionPack, _ library: PackLibrary) throws -> Registry {
        let database = try common.open(create: true)
        let key = try common.key(toMake: database)
        try Registry.make(
            in: database, key: key, pack: pack, regions: RegionDirectory.read(library.indonesia), clock: .system,
            actor: CommonOptions.actor)
        return try Registry(
            in: database, key: key, library: library, clock: .system, actor: CommonOptions.actor)
    }

    private var folder: String {
        if let files { return files }
        guard common.url.hasPrefix("sqlite:") else { return "demo" }
        return URL(fileURLWithPath: String(common.url.dropFirst(7))).deletingLastPathComponent()
            .appendingPathComponent("demo").path
    }

    private func fill(_ registry: Registry, _ library: PackLibrary, _ report: inout Report) throws {
        let begun = ContinuousClock.now
        let simulation = Simulation(pack: registry.pack, families: families, seed: seed)
        report.simulateS = try timed {
            let summary = try ProgressBar.run("Making up \(families) families") { show in
                try simulation.write(to: folder) { show(WorkProgress(done: $0, total: $1)) }
            }
            report.families = summary.families
            report.persons = summary.persons
        }
        report.ingestS = try timed {
            for name in Self.order(of: registry.pack.sources) {
                let source = try registry.pack.source(name)
                let batch = try ProgressBar.run("Taking \(name)") { show in
                    try registry.ingest(
                        source, file: "\(folder)/agencies/\(name).csv", delivered: simulation.referenceDate,
                        progress: show)
                }
                report.rows += batch.rows
                report.quarantined += batch.quarantined
            }
        }
        report.linkS = try timed {
            let summary = try ProgressBar.run("Linking") { try registry.link(progress: $0) }
            report.linked = summary.linked
            report.unlinked = summary.unlinked
        }
        report.assessS = try timed {
            for programme in registry.pack.quotas.keys.sorted() {
                let quota = try quota(of: programme, registry.pack, day: simulation.referenceDate)
                let assessment =
                    try existing(programme, quota, registry, library)
                    ?? ProgressBar.run("Assessing \(programme)") { show in
                        try registry.assess(programme, quota: quota, library: library, progress: show)
                    }
                report.assessments.append(Assess.Report(assessment))
            }
        }
        report.totalS = Self.seconds(begun.duration(to: .now))
    }

    /// The last assessment, where nothing that it rests on has changed since.
    private func existing(
        _ programme: String, _ quota: Int64, _ registry: Registry, _ library: PackLibrary
    ) throws -> Assessment? {
        let knowledge = try Knowledge(of: registry)
        let version = try Programme.version(of: programme, on: knowledge.day, in: library)
        guard let last = try AssessmentTable.latest(programme, of: registry), last.linkRun == knowledge.run,
            last.day == knowledge.day, last.quota == quota, last.description == version.digest
        else { return nil }
        return last
    }

    /// The population register first, then the rest by name.
    private static func order(of sources: [String: SourceDefinition]) -> [String] {
        sources.values.sorted { left, right in
            (left.effect == .residents ? 0 : 1, left.name) < (right.effect == .residents ? 0 : 1, right.name)
        }.map(\.name)
    }

    /// The region's quota, cut to the size of the demonstration.
    private func quota(of programme: String, _ pack: RegionPack, day: CalendarDate) throws -> Int64 {
        guard let figure = RegionPack.figure(pack.quotas[programme] ?? [], on: day) else {
            throw RegistryError.unknown("region \(region) has no quota for “\(programme)” on \(day)")
        }
        let (scaled, overflow) = figure.value.multipliedReportingOverflow(by: Int64(families))
        return overflow ? figure.value : max(1, (scaled + pack.families / 2) / pack.families)
    }

    private func timed(_ work: () throws -> Void) rethrows -> Double {
        let begun = ContinuousClock.now
        try work()
        return Self.seconds(begun.duration(to: .now))
    }

    private static func seconds(_ duration: Duration) -> Double {
        (duration / .milliseconds(1)).rounded() / 1000
    }

    private func text(_ report: Report, _ residents: [DemoResidents.Resident]) -> String {
        var lines = [
            "\(report.families) families, \(report.persons) persons, \(report.rows) rows of agencies in \(report.totalS) s "
                + "(made up \(report.simulateS), taken \(report.ingestS), linked \(report.linkS), "
                + "assessed \(report.assessS))"
        ]
        lines += report.assessments.map(\.text)
        lines.append("Made-up residents to try at http://\(host):\(port)/cek:")
        for resident in residents {
            lines.append(
                "  NIK \(resident.nik)  KK \(resident.familyNumber)  born \(resident.birthDate)   "
                    + "\(resident.programme): \(resident.standing.rawValue)")
        }
        return lines.joined(separator: "\n")
    }
}

/// Made-up staff, one for each role, so that a newcomer can sign in as any.
enum DemoStaff {
    private static let staff: [(name: String, fullName: String, role: Role)] = [
        ("agen", "Wulan Agen", .agent), ("desa", "Dedi Desa", .village), ("kecamatan", "Kartini Kecamatan", .district),
        ("dinsos", "Dian Dinsos", .regency), ("kemensos", "Krisna Kemensos", .ministry),
        ("bps", "Bagus Statistik", .statistics), ("penyalur", "Putri Penyalur", .payer),
        ("pemeriksa", "Prima Pemeriksa", .auditor), ("pengelola", "Panca Pengelola", .administrator),
    ]

    /// Makes them, with one password that is of this run alone, and says how to sign in.
    static func make(in registry: Registry, host: String, port: Int) throws -> String {
        let accounts = Accounts(registry)
        let password = Accounts.randomPassword()
        let village = registry.pack.villages.first?.code ?? registry.pack.regency
        let district = village.ancestor(.district) ?? registry.pack.regency
        let made = staff.map { name, fullName, role in
            let isLocal = role.levels.contains(.village)
            let region = isLocal ? village : role.levels.contains(.district) ? district : registry.pack.regency
            return Accounts.DemonstrationAccount(name: name, fullName: fullName, role: role, region: region)
        }
        try accounts.demonstrate(made, password: password, by: CommonOptions.actor)
        return """
            Made-up staff sign in at http://\(host):\(port)/masuk as \(staff.map(\.name).joined(separator: ", "))
              with the password \(password), of this run alone, and the code that “tepat account code NAME” prints

            """
    }
}

/// One made-up resident for each outcome, so that a newcomer has somebody to look up.
enum DemoResidents {
    struct Resident {
        let nik: String
        let familyNumber: String
        let birthDate: String
        let programme: String
        let standing: Standing
    }

    static func find(in registry: Registry) throws -> [Resident] {
        let knowledge = try Knowledge(of: registry)
        let reach = registry.wholeReach("tepat demo")
        guard let assessment = try AssessmentTable.latest("pkh", of: registry) else { return [] }
        return try Standing.allCases.compactMap { standing in
            let families = try AssessmentTable.families(
                of: assessment, standing: standing, limit: 20, registry: registry)
            for family in families {
                guard let known = try registry.family(family, in: knowledge, as: reach),
                    let member = known.members.first(where: { $0.state == .resident }),
                    let numbers = try registry.numbers(of: member, in: known, as: reach),
                    let birthDate = try registry.identity(of: member, of: known, in: knowledge, as: reach)?
                        .birthDate
                else { continue }
                return Resident(
                    nik: numbers.nik, familyNumber: numbers.familyNumber, birthDate: birthDate,
                    programme: assessment.programme, standing: standing)
            }
            return nil
        }
    }
}
