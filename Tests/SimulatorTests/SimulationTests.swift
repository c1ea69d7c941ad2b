import Foundation
import Journal
import Registry
import Synchronization
import Testing

@testable import Simulator

@Suite("A simulation as a whole")
struct SimulationTests {
    private static func contents(_ folder: String) throws -> [String: Data] {
        var contents: [String: Data] = [:]
        for part in ["agencies", "truth"] {
            for name in try FileManager.default.contentsOfDirectory(atPath: folder + "/" + part) {
                contents[part + "/" + name] = FileManager.default.contents(atPath: folder + "/" + part + "/" + name)
            }
        }
        contents["marker"] = FileManager.default.contents(atPath: folder + "/" + SimulationFolder.marker)
        return contents
    }

    private static func write(families: Int = 1500, seed: UInt64, threads: Int) throws -> [String: Data] {
        let folder = Fixture.folder("\(threads)")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        _ = try Simulation(pack: Fixture.pack, families: families, seed: seed).write(to: folder, threads: threads)
        return try contents(folder)
    }

    @Test("The same seed gives the same bytes, on one thread, on two and on five; another seed gives others")
    func repeatable() throws {
        let one = try Self.write(seed: 11, threads: 1)
        #expect(one.count == 13 + 4 + 1)
        #expect(try Self.write(seed: 11, threads: 2) == one)
        #expect(try Self.write(seed: 11, threads: 5) == one)
        let other = try Self.write(seed: 12, threads: 2)
        for (name, data) in other where name != "truth/README.txt" { #expect(one[name] != data, "\(name)") }
    }

    @Test("The random numbers are xoshiro256**'s, and what is drawn from them has the right moments")
    func random() {
        var random = Random(seed: 1, village: 2, task: 3)
        var again = Random(seed: 1, village: 2, task: 3)
        // Computed apart from this code, by another program. Where they change, every simulation does.
        let sequence: [UInt64] = [
            0xD090_5031_AE07_B736, 0x2E73_3C67_01A7_9DA1, 0x4227_5074_2FA8_BC9F, 0x63D1_4346_2F1E_A56D,
        ]
        #expect((0..<4).map { _ in random.next() } == sequence)
        #expect((0..<4).map { _ in again.next() } == sequence)
        var other = Random(seed: 1, village: 3, task: 3)
        #expect(other.next() != again.next())
        let draws = (0..<40_000).map { _ in random.normal() }
        let mean = draws.reduce(0, +) / 40_000
        let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 40_000
        #expect(abs(mean) < 0.02)
        #expect(abs(variance - 1) < 0.03)
        var counts = [0, 0, 0]
        for _ in 0..<30_000 { counts[random.index(of: [1, 2, 7])] += 1 }
        #expect(abs(counts[0] - 3000) < 250 && abs(counts[1] - 6000) < 350)
        for power in [-30.5, -1, 0, 0.3, 1, 13.8, 20] {
            #expect(abs(exponential(power) / exp(power) - 1) < 1e-12)
        }
    }

    @Test("Scattered numbers never meet")
    func scattering() {
        for count in [10, 97, 1000, 5000] {
            #expect(Set((0..<count).map { scattered($0, below: count) }).count == count)
        }
    }

    @Test("Progress never falls, never passes the whole, and ends there")
    func progress() throws {
        let folder = Fixture.folder("progress")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let seen = Reports()
        _ = try Simulation(pack: Fixture.pack, families: 600, seed: 1).write(to: folder) { seen.add($0, $1) }
        let reports = seen.all
        #expect(reports.count > 3)
        #expect(reports.allSatisfy { $0.1 == 600 && (0...600).contains($0.0) })
        #expect(reports.map(\.0) == reports.map(\.0).sorted())
        #expect(reports.last?.0 == 600)
    }

    @Test(
        "A number of families that is not simulated is refused, in words that say which are",
        arguments: [-1, 0, 99, 2_000_001])
    func families(count: Int) throws {
        let folder = Fixture.folder("refused")
        #expect(throws: SimulationError.families(count)) {
            try Simulation(pack: Fixture.pack, families: count, seed: 1).write(to: folder)
        }
        #expect(!FileManager.default.fileExists(atPath: folder))
        #expect(SimulationError.families(count).description.contains("100 to 2000000"))
    }

    @Test("A folder with other files is refused and left as it is; an earlier simulation is replaced")
    func folders() throws {
        let folder = Fixture.folder("folder")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let precious = folder + "/precious.txt"
        try Data("mine".utf8).write(to: URL(fileURLWithPath: precious))
        let simulation = Simulation(pack: Fixture.pack, families: 100, seed: 1)
        #expect(throws: SimulationError.notOurs(path: folder)) { try simulation.write(to: folder) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["precious.txt"])
        // A file of the marker's name is not yet a marker.
        try Data("{}".utf8).write(to: URL(fileURLWithPath: folder + "/" + SimulationFolder.marker))
        #expect(throws: SimulationError.notOurs(path: folder)) { try simulation.write(to: folder) }
        // A file in the folder's place is refused too.
        #expect(throws: SimulationError.notOurs(path: precious)) { try simulation.write(to: precious) }
        #expect(FileManager.default.contents(atPath: precious) == Data("mine".utf8))
        for name in ["precious.txt", SimulationFolder.marker] {
            try FileManager.default.removeItem(atPath: folder + "/" + name)
        }
        _ = try simulation.write(to: folder)
        let first = try Self.contents(folder)
        _ = try Simulation(pack: Fixture.pack, families: 100, seed: 2).write(to: folder + "/")
        #expect(try Self.contents(folder) != first)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == [
                "agencies", "simulation.json", "truth",
            ])
    }

    @Test("What an interrupted run left is never taken for a simulation, and the next run clears it away")
    func interrupted() throws {
        let folder = Fixture.folder("interrupted")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let unfinished = try SimulationFolder(folder)
        #expect(!FileManager.default.fileExists(atPath: folder))
        #expect(FileManager.default.contents(atPath: unfinished.unfinished + "/" + SimulationFolder.marker) == nil)
        _ = try Simulation(pack: Fixture.pack, families: 100, seed: 1).write(to: folder)
        #expect(FileManager.default.fileExists(atPath: folder + "/" + SimulationFolder.marker))
        #expect(!FileManager.default.fileExists(atPath: unfinished.unfinished))
    }

    @Test("A folder that cannot be made is an error that names it")
    func unwritable() {
        let error = #expect(throws: SimulationError.self) {
            try Simulation(pack: Fixture.pack, families: 100, seed: 1).write(to: "/proc/nowhere/at/all")
        }
        #expect(error?.description.contains("/proc/nowhere/at/all") == true)
    }

    @Test("The summary counts what is in the files")
    func summary() throws {
        let region = Fixture.region
        #expect(region.summary.families == 20_000)
        let persons = region.families.numbers("persons").compactMap(\.self).reduce(0, +)
        #expect(region.summary.persons == persons)
        for (source, count) in region.summary.rows { #expect(region.agency(source).rows.count == count, "\(source)") }
        var counts: [String: Int] = [:]
        for record in region.truth.values.joined() { for fault in record.faults { counts[fault, default: 0] += 1 } }
        #expect(counts == Dictionary(uniqueKeysWithValues: region.summary.faults.map { ($0.key.name, $0.value) }))
    }
}

private final class Reports: Sendable {
    private let reports = Mutex<[(Int, Int)]>([])
    func add(_ done: Int, _ all: Int) { reports.withLock { $0.append((done, all)) } }
    var all: [(Int, Int)] { reports.withLock { $0 } }
}
