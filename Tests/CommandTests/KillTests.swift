import Foundation
import Storage
import TestSupport
import Testing

/// Kills commands at random moments, as a power cut would, and expects that running them again loses and doubles nothing.
@Suite("Killed at random moments")
struct KillTests {
    /// What a command came to when nobody disturbed it, and how long it took.
    private struct Undisturbed {
        /// After it was run once, twice, and so on.
        private(set) var snapshots: [Snapshot] = []
        private(set) var seconds = 0.0

        init(_ command: [String], from stage: Stage, repeats: Int = 1, bulky: Set<String> = []) throws {
            try MadeUp.use(stage) { place in
                for _ in 0..<repeats {
                    let begun = Date()
                    try place.run(command).expectDone()
                    if seconds == 0 { seconds = Date().timeIntervalSince(begun) }
                    snapshots.append(try place.snapshot(bulky: bulky))
                }
            }
        }

        /// What a registry should hold. A process that is killed may have done all its work: then an assessment that is
        /// made again is one more.
        func like(_ snapshot: Snapshot) -> Snapshot {
            snapshots.first { $0.rows("assessment") == snapshot.rows("assessment") } ?? snapshots[0]
        }
    }

    /// How often a command is killed in one registry before it may run to its end.
    private static let killsInARow = 5

    /// Lends registries in which to kill a command some times each, until it was killed `times` times in all.
    private func kill(
        _ command: [String], times: Int, undisturbed: Undisturbed, bulky: Set<String> = [],
        in lend: ((Workplace) throws -> Void) throws -> Void
    ) throws {
        var generator = Moments()
        var killed = 0
        var rounds = 0
        while killed < times {
            rounds += 1
            try #require(rounds <= 4 * times, "the command ends before it can be killed")
            try lend { place in
                var ended = false
                for _ in 0..<Self.killsInARow where !ended && killed < times {
                    let moment = Double.random(in: 0...1, using: &generator) * undisturbed.seconds
                    let outcome = try place.runAndKill(command, after: moment)
                    if outcome.wasKilled { killed += 1 }
                    // On a server the process killed before may still be known to hold the registry.
                    ended = !outcome.wasKilled && outcome.status == 0
                }
                if !ended { try place.runWhenFree(command).expectDone() }
                let snapshot = try place.snapshot(bulky: bulky)
                snapshot.expectSame(as: undisturbed.like(snapshot))
                try place.expectSound()
            }
        }
    }

    /// A delivery of so many rows that it is committed in several pieces, with flawed and repeated rows among them.
    private func bigFile(in folder: URL) throws -> String {
        var text = Array("nip,nik,nama,tanggal_lahir,status\n".utf8)
        for row in 0..<108_000 {
            let number = row % 1000 == 999 ? row - 500 : row
            let status = row % 500 == 7 ? "X" : "PNS"
            text += Array("1980\(number),,SITI AMINAH BINTI SULAIMAN,,\(status)\n".utf8)
        }
        let file = folder.appendingPathComponent("bkn.csv")
        try Data(text).write(to: file)
        return file.path
    }

    private static let bulky: Set = ["source_row", "source_block"]

    @Test("taking a file, ten times, and three times on a server")
    func ingest() throws {
        try TestDatabases.useFolder { folder in
            let command = ["ingest", "bkn", try bigFile(in: folder), "--delivered", MadeUp.delivered]
            let undisturbed = try Undisturbed(command, from: .made, bulky: Self.bulky)
            #expect(undisturbed.snapshots[0].rows("quarantine") == 216)
            try kill(command, times: 10, undisturbed: undisturbed, bulky: Self.bulky) { try MadeUp.use(.made, $0) }
            try kill(command, times: 3, undisturbed: undisturbed, bulky: Self.bulky) { try MadeUp.useServer($0) }
        }
    }

    @Test("linking, three times")
    func link() throws {
        let undisturbed = try Undisturbed(["link"], from: .filled)
        try kill(["link"], times: 3, undisturbed: undisturbed) { try MadeUp.use(.filled, $0) }
    }

    @Test("assessing, ten times")
    func assess() throws {
        let command = ["assess", "pkh", "--quota", "10"]
        let undisturbed = try Undisturbed(command, from: .linked, repeats: Self.killsInARow + 1)
        try kill(command, times: 10, undisturbed: undisturbed) { try MadeUp.use(.linked, $0) }
    }

    @Test("linking and assessing on a server, three times each")
    func server() throws {
        let linking = try Undisturbed(["link"], from: .filled)
        let command = ["assess", "pkh", "--quota", "10"]
        let assessing = try Undisturbed(command, from: .linked, repeats: 4)
        try MadeUp.useServer { place in
            for source in try MadeUp.sources() {
                try place.run("ingest", source, MadeUp.file(source), "--delivered", MadeUp.delivered).expectDone()
            }
            try kill(["link"], times: 3, undisturbed: linking) { try $0(place) }
            try kill(command, times: 3, undisturbed: assessing) { try $0(place) }
        }
    }
}

/// Random numbers that a seed fixes (xorshift, 64 bits), so that a failing run can be had again.
private struct Moments: RandomNumberGenerator {
    private var state: UInt64 = 0x2025_1015_0000_0001

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
