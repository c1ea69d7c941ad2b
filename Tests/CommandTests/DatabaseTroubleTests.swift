import Foundation
import Storage
import TestSupport
import Testing

@Suite("Trouble with the database")
struct DatabaseTroubleTests {
    private static let writing = [
        ["link"], ["assess", "pkh", "--quota", "10"], ["ingest", "samsat", "FILE"],
    ]

    /// The commands that write, with a file that was not taken yet.
    private func commands(_ place: Workplace) throws -> [[String]] {
        let text = try String(contentsOfFile: MadeUp.file("samsat"), encoding: .utf8)
        let lines = text.split(separator: "\n")
        // So few are gone that the delivery is not taken for a part of one.
        let fewer = try place.write("samsat.csv", lines.prefix(lines.count - 90).joined(separator: "\n").utf8)
        return Self.writing.map { $0.map { $0 == "FILE" ? fewer : $0 } }
    }

    @Test("where another program writes for long, a command says so and changes nothing")
    func locked() throws {
        try MadeUp.use(.linked) { place in
            let commands = try commands(place)
            try place.expectUnchanged { place in
                let database = try Database.open(place.url)
                defer { try? database.close() }
                try database.write { connection in
                    try connection.execute("UPDATE registry SET made = made")
                    // All at once: each waits some seconds before it gives up.
                    let running = try commands.map {
                        try Running(try Tepat.binary(), $0 + ["--database", place.url], environment: place.environment)
                    }
                    for command in running {
                        try command.wait().expectRefusal(1, says: ["in use by another program", "again"])
                    }
                }
            }
        }
    }

    @Test("where another command works on the registry, one is told to wait", arguments: Database.Engine.allCases)
    func busy(engine: Database.Engine) throws {
        func check(_ place: Workplace) throws {
            let commands = try commands(place)
            try place.expectUnchanged { place in
                let database = try Database.open(place.url)
                defer { try? database.close() }
                try database.withLock("registry") {
                    for command in commands where command[0] != "assess" {
                        try place.run(command).expectRefusal(1, says: ["in use by another program", "again"])
                    }
                }
            }
        }
        switch engine {
        case .sqlite: try MadeUp.use(.linked, check)
        case .postgres: try MadeUp.useServer(check)
        }
    }

    @Test("on a full disk a command says so, and nothing is half done", .enabled(if: Mount.isPossible, Mount.reason))
    func full() throws {
        try MadeUp.use(.linked) { original in
            let size = try FileManager.default.attributesOfItem(atPath: original.file.path)[.size] as? Int ?? 0
            let commands = try commands(original)
            // Room for the database itself and for its shared memory, but for none of the work.
            try Mount.use(kilobytes: size / 1024 + 100, in: original.folder.appendingPathComponent("disk")) { disk in
                let place = try Workplace(in: disk)
                try FileManager.default.copyItem(at: original.file, to: place.file)
                let before = try Snapshot(original.url, telling: true)
                // Linking again would write nothing.
                for command in commands where command != ["link"] {
                    try place.run(command).expectRefusal(1, says: ["no room left", "free some disk space"])
                }
                for file in try FileManager.default.contentsOfDirectory(atPath: disk.path) where !file.hasSuffix(".key")
                {
                    try FileManager.default.copyItem(
                        at: disk.appendingPathComponent(file),
                        to: original.folder.appendingPathComponent("after-" + file))
                }
                let after = try Workplace(
                    in: original.folder,
                    url: "sqlite:" + original.folder.appendingPathComponent("after-registry.db").path)
                // A delivery of which nothing was taken yet may be known by its file.
                try after.snapshot(telling: true).without("batch", "source_description")
                    .expectSame(as: before.without("batch", "source_description"))
                try after.expectSound()
            }
        }
    }

    @Test("a disk that is mounted read-only is said to be so", .enabled(if: Mount.isPossible, Mount.reason))
    func readOnlyDisk() throws {
        try MadeUp.use(.linked) { original in
            let commands = try commands(original)
            try Mount.use(kilobytes: 64 * 1024, in: original.folder.appendingPathComponent("disk")) { disk in
                let place = try Workplace(in: disk)
                try FileManager.default.copyItem(at: original.file, to: place.file)
                try Mount.makeReadOnly(disk)
                for command in commands { try place.run(command).expectRefusal(1, says: ["may not be written"]) }
                try Tepat.run("init", "--region", "35.10", "--database", "sqlite:\(disk.path)/new.db")
                    .expectRefusal(1, says: ["may not be written"])
            }
        }
    }

    @Test(
        "a file that this user may not write, or not read, is said to be so",
        .enabled(if: geteuid() != 0, "root may write and read every file"))
    func readOnlyFile() throws {
        try MadeUp.use(.linked) { place in
            let commands = try commands(place)
            let files = FileManager.default
            try place.expectUnchanged { place in
                try files.setAttributes([.posixPermissions: 0o400], ofItemAtPath: place.file.path)
                for command in commands { try place.run(command).expectRefusal(1, says: ["may not be written"]) }
                try files.setAttributes([.posixPermissions: 0o000], ofItemAtPath: place.file.path)
                for command in commands { try place.run(command).expectRefusal(1, says: ["may not read"]) }
                try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: place.file.path)
            }
        }
    }

    @Test("a database of a newer program is refused", arguments: ["journal", "registry", "eligibility"])
    func newer(module: String) throws {
        try MadeUp.use(.linked) { place in
            try place.change(
                """
                INSERT INTO schema_version (module, version, checksum)
                SELECT module, version + 1, 1 FROM schema_version WHERE module = '\(module)' ORDER BY version DESC LIMIT 1
                """)
            let before = try place.snapshot(telling: true)
            for command in try commands(place) + [["journal", "verify"], ["init", "--region", "35.10"]] {
                try place.run(command).expectRefusal(1, says: ["newer tepat", module, "install"])
            }
            try place.snapshot(telling: true).expectSame(as: before)
        }
    }

    @Test("what is no database is refused and left as it is")
    func noDatabase() throws {
        try TestDatabases.useFolder { folder in
            let place = try Workplace(in: folder)
            for content in ["hello, this is no database\n", String(repeating: "no database ", count: 2000)] {
                _ = try place.write("registry.db", content.utf8)
                try place.run("link").expectRefusal(1, says: ["registry.db", "not an SQLite database"])
                try place.run("init", "--region", "35.10").expectRefusal(
                    1, says: ["registry.db", "not an SQLite database"])
                #expect(try String(contentsOf: place.file, encoding: .utf8) == content)
            }
            try Tepat.run("init", "--region", "35.10", "--database", "sqlite:\(folder.path)")
                .expectRefusal(1, says: ["folder"])
            try Tepat.run("init", "--region", "35.10", "--database", "sqlite:\(folder.path)/nosuch/registry.db")
                .expectRefusal(1, says: ["there is no folder", "nosuch"])
        }
    }

    @Test("a database that lost its end is refused")
    func cutOff() throws {
        try MadeUp.use(.linked) { place in
            let content = try Data(contentsOf: place.file)
            try content.prefix(content.count / 3).write(to: place.file)
            try place.run("link").expectRefusal(1, says: ["registry.db", "malformed"])
        }
    }

    @Test("without the right key nothing is read, written or made")
    func keys() throws {
        try MadeUp.use(.linked) { place in
            var other = place
            try place.expectUnchanged { place in
                let commands = try commands(place) + [["journal", "verify"], ["init", "--region", "35.10"]]
                other.environment["TEPAT_KEY"] = String(repeating: "00ff", count: 16)
                for command in commands {
                    try other.run(command).expectRefusal(1, says: ["the key is not the one", "TEPAT_KEY"])
                }
                other.environment["TEPAT_KEY"] = "5ea1"
                try other.run("link").expectRefusal(1, says: ["TEPAT_KEY", "64 hexadecimal digits"])
                other.environment["TEPAT_KEY"] = nil
                other.environment["TEPAT_KEY_FILE"] = "/nosuch.key"
                try other.run("link").expectRefusal(1, says: ["/nosuch.key", "not there"])
                other.environment = [:]
                try FileManager.default.removeItem(at: place.keyFile)
                for command in commands {
                    try other.run(command).expectRefusal(1, says: [place.keyFile.path, "TEPAT_KEY_FILE"])
                }
                #expect(!FileManager.default.fileExists(atPath: place.keyFile.path), "a new key would hide the loss")
                try Data((Workplace.key + "\n").utf8).write(to: place.keyFile)
            }
        }
    }

    @Test("a server that is not there, or that refuses, is named without the password")
    func server() throws {
        let outcome = try Tepat.run("link", "--database", "postgres://someone:geheim@127.0.0.1:1/name")
        outcome.expectRefusal(1, says: ["127.0.0.1:1/name"])
        #expect(!outcome.messages.contains("geheim"))
        try TestDatabases.useURL(.postgres) { url in
            let wrong = url.replacing(/:[^:@\/]+@/, with: ":geheim@")
            let refused = try Tepat.run("link", "--database", wrong)
            refused.expectRefusal(1, says: ["cannot open the database", "password"])
            #expect(!refused.messages.contains("geheim"))
        }
    }
}

/// A small disk of its own, for tests that fill it or make it read-only. Only root may mount one.
enum Mount {
    static let reason: Comment = "only root may mount a disk of its own, and only outside of a narrow container"

    static let isPossible: Bool = {
        guard geteuid() == 0 else { return false }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tepat-mount-" + UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        return (try? use(kilobytes: 64, in: folder) { _ in }) != nil
    }()

    /// Lends a disk of a size.
    static func use(kilobytes: Int, in folder: URL, _ body: (URL) throws -> Void) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try run("mount", "-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", folder.path)
        defer { try? run("umount", folder.path) }
        try body(folder)
    }

    static func makeReadOnly(_ folder: URL) throws { try run("mount", "-o", "remount,ro", folder.path) }

    private struct Failed: Error { let command: [String] }

    private static func run(_ command: String...) throws {
        let outcome = try Running(URL(fileURLWithPath: "/usr/bin/env"), command).wait()
        guard outcome.status == 0 else { throw Failed(command: command) }
    }
}
