import Foundation
import Journal
import Registry

/// Made-up records of people, of which a fifth are doubles with faults, and whom each record truly is: to measure record
/// linkage on.
///
/// The same pack, number of records, seed and date give the same bytes on every machine and any number of threads.
public struct PeopleFile: Sendable {
    /// The fewest records that are made.
    public static let fewest = 1000
    /// The most records that are made.
    public static let most = 20_000_000

    /// The region's pack.
    public let pack: RegionPack
    /// How many records.
    public let records: Int
    /// What the random numbers begin with.
    public let seed: UInt64
    /// The day that the records show.
    public let referenceDate: CalendarDate

    /// A file of so many records of people of a pack's region.
    ///
    /// - Parameters:
    ///   - records: 1,000 to 20,000,000; checked when it is written.
    ///   - referenceDate: the day that is shown; by default 15 October 2025.
    public init(pack: RegionPack, records: Int, seed: UInt64, referenceDate: CalendarDate = CalendarDate(day: 20_376)) {
        self.pack = pack
        self.records = records
        self.seed = seed
        self.referenceDate = referenceDate
    }

    /// What was written.
    public struct Summary: Sendable, Equatable {
        /// How many records.
        public let records: Int
        /// How many people they are of.
        public let persons: Int
        /// How many of these have more than one record.
        public let doubled: Int
        /// Doubles by fault; a double has one to three.
        public let faults: [RecordFault: Int]
    }

    /// Writes `FOLDER/people.csv` and `FOLDER/people-truth.csv`.
    ///
    /// All is written into `FOLDER.unfinished`, which takes the folder's place when it is whole. An earlier simulation is
    /// replaced, any other content is refused.
    ///
    /// - Parameters:
    ///   - progress: told of the records done and of all; called from any thread, never more than all.
    public func write(
        to folder: String, progress: @Sendable (Int, Int) -> Void = { _, _ in }
    ) throws(SimulationError) -> Summary {
        try write(to: folder, threads: ProcessInfo.processInfo.activeProcessorCount, progress: progress)
    }

    func write(
        to folder: String, threads: Int, progress: @Sendable (Int, Int) -> Void = { _, _ in }
    ) throws(SimulationError) -> Summary {
        guard (Self.fewest...Self.most).contains(records) else { throw .people(records) }
        guard pack.acceptsMadeUp else { throw .production(pack.regency) }
        guard !pack.villages.isEmpty, !pack.districts.isEmpty else {
            throw .incompletePack(pack.regency, reason: "it has no villages or no districts")
        }
        let folder = try SimulationFolder(folder, parts: [])
        let shuffle = try LineShuffle(
            folder.unfinished, lines: records, random: Random(seed: seed, village: 0, task: 403))
        let summary = try make(into: shuffle, threads: threads, progress: progress)
        try write(shuffle, to: folder.unfinished, progress: progress)
        try folder.finish(marker: marker)
        progress(records, records)
        return summary
    }

    /// Makes the people, block after block, and hands their records on; the first three quarters of the progress.
    private func make(
        into shuffle: LineShuffle, threads: Int, progress: @Sendable (Int, Int) -> Void
    ) throws(SimulationError) -> Summary {
        let (pack, seed, today) = (pack, seed, referenceDate.day)
        let doubles = records / 5
        let persons = records - doubles
        let blocks = PeopleBlock.blocks(of: pack, people: persons, doubles: doubles)
        let writer = PeopleWriter(pack: pack, seed: seed, today: today)
        var numbers = SerialBook(districts: pack.districts.map { Int($0.code.text.suffix(2)) ?? 0 })
        var faults = [Int](repeating: 0, count: RecordFault.allCases.count)
        var (done, doubled) = (0, 0)
        let width = max(1, threads) * 8
        for start in stride(from: 0, to: blocks.count, by: width) {
            let range = start..<min(start + width, blocks.count)
            var made = Workers.map(range, threads: threads) { blocks[$0].make(pack: pack, seed: seed, today: today) }
            for village in made.indices { made[village].number(from: &numbers) }
            let villages = made
            let outputs = Workers.map(range, threads: threads) {
                writer.output(of: villages[$0 - start], blocks[$0])
            }
            for (place, output) in outputs.enumerated() {
                try shuffle.append(output.bytes)
                for (fault, count) in output.faults.enumerated() { faults[fault] += count }
                doubled += output.doubled
                done += blocks[start + place].people + blocks[start + place].doubles
            }
            progress(done * 3 / 4, records)
        }
        return Summary(
            records: records, persons: persons, doubled: doubled,
            faults: Dictionary(uniqueKeysWithValues: RecordFault.allCases.map { ($0, faults[$0.rawValue]) }))
    }

    /// Writes the shuffled records, numbered as they come.
    private func write(
        _ shuffle: LineShuffle, to folder: String, progress: @Sendable (Int, Int) -> Void
    ) throws(SimulationError) {
        let people = try OutputFile(folder + "/people.csv")
        let truth = try OutputFile(folder + "/people-truth.csv")
        try people.append(Array(PersonRecord.header.utf8))
        try truth.append(Array("record_id,true_person_id\n".utf8))
        var number = 0
        try shuffle.drain { (bytes, lines) throws(SimulationError) in
            var (rows, truths): ([UInt8], [UInt8]) = ([], [])
            rows.reserveCapacity(bytes.count + lines.count * 2)
            truths.reserveCapacity(lines.count * 22)
            for line in lines {
                let start = rows.count
                rows.append("R")
                rows.append(digitsOf: UInt64(number), width: 9)
                truths.append(contentsOf: rows[start...])
                truths.append(",P")
                truths.append(contentsOf: bytes[line.prefix(9)])
                truths.append("\n")
                rows.append(contentsOf: bytes[line.dropFirst(9)])
                rows.append("\n")
                number += 1
            }
            try people.append(rows)
            try truth.append(truths)
            progress(records * 3 / 4 + number / 4, records)
        }
    }

    private var marker: String {
        SimulationFolder.signature
            + #","version":1,"region":"\#(pack.regency)","people":\#(records),"seed":\#(seed),"#
            + #""reference_date":"\#(referenceDate)"}"# + "\n"
    }
}

extension Village {
    /// Gives everybody a NIK.
    fileprivate mutating func number(from book: inout SerialBook) {
        for place in people.indices {
            people[place].nik = book.issue(
                district: Int(people[place].firstDistrict), day: Int(people[place].numberedBirth),
                isFemale: people[place].isFemale)
        }
    }
}
