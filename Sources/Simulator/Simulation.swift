import Foundation
import Journal
import Registry

/// A synthetic region: its people, what its agencies hold of them, errors and all, and the truth to measure both against.
///
/// The same pack, number of families, seed and date give the same bytes on every machine and any number of threads.
public struct Simulation: Sendable {
    /// The fewest families that are simulated.
    public static let fewest = 100
    /// The most families that are simulated.
    public static let most = 2_000_000

    /// The region's pack.
    public let pack: RegionPack
    /// How many families.
    public let families: Int
    /// What the random numbers begin with.
    public let seed: UInt64
    /// The day that the simulation shows.
    public let referenceDate: CalendarDate

    /// A simulation of a pack's region.
    ///
    /// - Parameters:
    ///   - families: 100 to 2,000,000; checked when it is written.
    ///   - referenceDate: the day that is shown; by default 15 October 2025, when the pilot's registration closed.
    public init(
        pack: RegionPack, families: Int, seed: UInt64, referenceDate: CalendarDate = CalendarDate(day: 20_376)
    ) {
        self.pack = pack
        self.families = families
        self.seed = seed
        self.referenceDate = referenceDate
    }

    /// What was written.
    public struct Summary: Sendable, Equatable {
        /// How many people live in the region.
        public let persons: Int
        /// How many families.
        public let families: Int
        /// Rows by source, without the header.
        public let rows: [String: Int]
        /// Rows by fault; a row may have several.
        public let faults: [Fault: Int]
    }

    /// Writes `FOLDER/agencies/SOURCE.csv` for every source of the pack, and the truth in `FOLDER/truth/`.
    ///
    /// All is written into `FOLDER.unfinished`, which takes the folder's place when it is whole. An earlier simulation is
    /// replaced, any other content is refused.
    ///
    /// - Parameters:
    ///   - progress: told of the families done and of all; called from any thread, never more than all.
    public func write(
        to folder: String, progress: @Sendable (Int, Int) -> Void = { _, _ in }
    ) throws(SimulationError) -> Summary {
        try write(to: folder, threads: ProcessInfo.processInfo.activeProcessorCount, progress: progress)
    }

    func write(
        to folder: String, threads: Int, progress: @Sendable (Int, Int) -> Void = { _, _ in }
    ) throws(SimulationError) -> Summary {
        let agencies = try check()
        let folder = try SimulationFolder(folder)
        let families = families
        // To make the people takes about a quarter of the time.
        let population = Population(
            pack: pack, families: families, seed: seed, today: referenceDate.day, threads: threads
        ) { progress($0 / 4, families) }
        let writer = AgencyWriter(population: population, seed: seed, year: referenceDate.components.year)
        let output = try SimulationOutput(folder.unfinished, agencies: agencies)
        var done = 0
        try Workers.stream(population.villages.count, threads: threads) { index in
            VillageOutput(
                files: writer.files(of: index),
                families: TruthFiles.families(of: population.villages[index], in: population),
                persons: TruthFiles.persons(of: population.villages[index], today: population.today))
        } take: { (index, village) throws(SimulationError) in
            try output.append(village)
            done += population.villages[index].families.count
            progress(families / 4 + done * 3 / 4, families)
        }
        try output.close()
        try folder.finish(marker: marker)
        let persons = population.villages.reduce(0) { $0 + $1.families.reduce(0) { $0 + Int($1.size) } }
        progress(families, families)
        return Summary(persons: persons, families: families, rows: output.rows, faults: output.faults)
    }

    private var marker: String {
        SimulationFolder.signature
            + #","version":1,"region":"\#(pack.regency)","families":\#(families),"seed":\#(seed),"#
            + #""reference_date":"\#(referenceDate)"}"# + "\n"
    }

    /// The agencies of the pack's sources, in the order in which they are written.
    private func check() throws(SimulationError) -> [Agency] {
        guard (Self.fewest...Self.most).contains(families) else { throw .families(families) }
        guard pack.acceptsMadeUp else { throw .production(pack.regency) }
        guard !pack.villages.isEmpty, !pack.districts.isEmpty else {
            throw .incompletePack(pack.regency, reason: "it has no villages or no districts")
        }
        guard RegionPack.figure(pack.minimumWage, on: referenceDate) != nil else {
            throw .incompletePack(
                pack.regency, reason: "region.yaml has no minimum wage that holds on \(referenceDate)")
        }
        for (name, source) in pack.sources.sorted(by: { $0.key < $1.key }) {
            guard let agency = Agency.allCases.first(where: { $0.source == name }) else {
                let known = Agency.allCases.map(\.source).joined(separator: ", ")
                throw .source(name, reason: "the simulator knows \(known)")
            }
            let fields = source.fields.map(\.name)
            guard fields == agency.columns else {
                throw .source(
                    name,
                    reason: "its fields are \(fields.joined(separator: ", ")), "
                        + "but the simulator writes \(agency.columns.joined(separator: ", "))")
            }
        }
        return Agency.allCases.filter { pack.sources[$0.source] != nil }
    }
}

/// What is written of one village.
private struct VillageOutput: Sendable {
    let files: [AgencyFile]
    let families: [UInt8]
    let persons: [UInt8]
}

/// The files of a simulation while they are written.
private final class SimulationOutput {
    private(set) var rows: [String: Int] = [:]
    private(set) var faults: [Fault: Int] = [:]
    private var files: [Agency: OutputFile] = [:]
    private let families: OutputFile
    private let persons: OutputFile
    private let truth: OutputFile
    private let folder: String

    init(_ folder: String, agencies: [Agency]) throws(SimulationError) {
        self.folder = folder
        families = try OutputFile(folder + "/truth/families.csv")
        persons = try OutputFile(folder + "/truth/persons.csv")
        truth = try OutputFile(folder + "/truth/rows.csv")
        try families.append(Array(TruthFiles.familyHeader.utf8))
        try persons.append(Array(TruthFiles.personHeader.utf8))
        try truth.append(Array(TruthFiles.rowHeader.utf8))
        for agency in agencies {
            let file = try OutputFile(folder + "/agencies/" + agency.source + ".csv")
            try file.append(Array((agency.columns.joined(separator: ",") + "\n").utf8))
            files[agency] = file
            rows[agency.source] = 0
        }
    }

    func append(_ village: VillageOutput) throws(SimulationError) {
        try families.append(village.families)
        try persons.append(village.persons)
        for file in village.files {
            guard let output = files[file.agency], let before = rows[file.agency.source] else { continue }
            try output.append(file.bytes)
            // The header is line 1.
            try truth.append(TruthFiles.rows(file, from: before + 2))
            rows[file.agency.source] = before + file.rows.count
            for row in file.rows where !row.faults.isEmpty { count(row.faults) }
        }
    }

    private func count(_ set: FaultSet) {
        for fault in Fault.allCases where set.contains(FaultSet(fault)) { faults[fault, default: 0] += 1 }
    }

    func close() throws(SimulationError) {
        let readme = try OutputFile(folder + "/truth/README.txt")
        try readme.append(Array(TruthReadme.text.utf8))
    }
}
