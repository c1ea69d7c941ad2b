import Foundation
import Storage
import Testing
import TestSupport

@Suite("Trouble")
struct TroubleTests {
    @Test("a named lock is held by one at a time, and does not outlast it", arguments: Database.Engine.allCases)
    func namedLock(engine: Database.Engine) throws {
        struct Stop: Error {}
        try TestDatabases.useURL(engine) { url in
            let first = try Database.open(url)
            let second = try Database.open(url)
            try first.withLock("ingest") {
                let error = storageError { try second.withLock("ingest") {} }
                guard case .locked(let what) = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
                #expect(what.contains("ingest"))
                #expect(throws: StorageError.self) { try first.withLock("ingest") {} }
                #expect(try second.withLock("assess's") { 7 } == 7)
                // The lock keeps nobody from writing.
                try second.write { _ = try $0.execute("CREATE TABLE made (id INTEGER NOT NULL) STRICT") }
            }
            #expect(throws: Stop.self) { try second.withLock("ingest") { throw Stop() } }
            try first.withLock("ingest") {}
            try first.close()
            try second.close()
        }
    }

    @Test("a named lock ends with the process that holds it")
    func killedHolder() throws {
        try TestDatabases.useURL(.sqlite) { url in
            let database = try Database.open(url)
            try database.withLock("ingest") {}
            let holder = Process()
            holder.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            let script = """
                import fcntl, sys, time
                file = open(sys.argv[1])
                fcntl.flock(file, fcntl.LOCK_EX)
                print("held", flush=True)
                time.sleep(600)
                """
            let lock = String(url.dropFirst("sqlite:".count)) + ".ingest.lock"
            holder.arguments = ["python3", "-c", script, lock]
            let output = Pipe()
            holder.standardOutput = output
            try holder.run()
            #expect(String(decoding: output.fileHandleForReading.availableData, as: UTF8.self).hasPrefix("held"))
            let error = storageError { try database.withLock("ingest") {} }
            guard case .locked = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            kill(holder.processIdentifier, SIGKILL)
            holder.waitUntilExit()
            try database.withLock("ingest") {}
            try database.close()
        }
    }

    @Test("a named lock ends with the server's connection that holds it")
    func cutHolder() throws {
        try TestDatabases.useURL(.postgres) { url in
            let name = "holder-\(UInt64.random(in: 0 ... .max))"
            let holder = try Database.open(url + "&application_name=" + name)
            let other = try Database.open(url)
            try holder.withLock("ingest") {
                let held = storageError { try other.withLock("ingest") {} }
                #expect(held.map { if case .locked = $0 { true } else { false } } == true)
                _ = try other.read { connection in
                    try connection.count(
                        "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity WHERE application_name = ?",
                        [.text(name)])
                }
                try other.withLock("ingest") {}
            }
            try holder.close()
            try other.close()
        }
    }

    @Test("a connection cut by the server is told, and the next call has a new one")
    func cutConnection() throws {
        try TestDatabases.useURL(.postgres) { url in
            let database = try Database.open(url, readers: 1)
            let killer = try Database.open(url, readers: 1)
            try database.migrate([Sample.tables])
            func cut(_ connection: any Connection) throws {
                let id = try connection.count("SELECT pg_backend_pid()")
                _ = try killer.write { try $0.count("SELECT 1 WHERE pg_terminate_backend(?::int4)", [SQLValue(id)]) }
            }
            func expectLost(_ body: () throws -> Void) {
                let error = storageError { try body() }
                guard case .connectionLost = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
            }
            // In the middle of a read, of a stream, of a write, of a bulk insert.
            expectLost {
                try database.read { connection in
                    try cut(connection)
                    _ = try connection.count("SELECT 1")
                }
            }
            #expect(try Sample.families(database) == 0)
            expectLost {
                try database.read { connection in
                    var rows = 0
                    try connection.forEach("SELECT * FROM generate_series(1, 100000)", []) { _ in
                        rows += 1
                        if rows == 10 { try cut(connection) }
                    }
                }
            }
            expectLost {
                try database.write { connection in
                    try Sample.addFamily(1, connection)
                    // The killer's own write would wait for this one.
                    let id = try connection.count("SELECT pg_backend_pid()")
                    _ = try killer.read { try $0.count("SELECT 1 WHERE pg_terminate_backend(?::int4)", [SQLValue(id)]) }
                    try Sample.addFamily(2, connection)
                }
            }
            expectLost {
                try database.write { connection in
                    let id = try connection.count("SELECT pg_backend_pid()")
                    _ = try connection.bulkInsert(into: "counter", columns: ["id", "value"]) { writer in
                        for row in 0..<200_000 {
                            if row == 1000 {
                                _ = try killer.read {
                                    try $0.count("SELECT 1 WHERE pg_terminate_backend(?::int4)", [SQLValue(id)])
                                }
                            }
                            writer.append(Int64(row))
                            writer.append(Int64(row))
                            try writer.endRow()
                        }
                    }
                }
            }
            // While nobody uses them: not even noticed.
            var ids: [Int] = []
            ids.append(try database.read { try $0.count("SELECT pg_backend_pid()") })
            ids.append(try database.write { try $0.count("SELECT pg_backend_pid()") })
            for id in ids {
                _ = try killer.read { try $0.count("SELECT 1 WHERE pg_terminate_backend(?::int4)", [SQLValue(id)]) }
            }
            #expect(try Sample.families(database) == 0)
            try database.write { try Sample.addFamily(1, $0) }
            #expect(try Sample.families(database) == 1)
            try database.close()
            try killer.close()
        }
    }

    @Test("a disk without room is told, nothing is half done, and work goes on when there is room")
    func fullDisk() throws {
        try TestDatabases.use(.sqlite, migrations: [Sample.tables]) { database in
            try database.write { try Sample.addFamily(1, $0) }
            // SQLite answers as on a full disk when the file may not grow.
            try database.write { connection in
                let pages = try connection.count("PRAGMA page_count")
                try connection.forEach("PRAGMA max_page_count = \(pages + 20)", []) { _ in }
            }
            let bulk = storageError {
                try database.write { connection in
                    try Sample.addFamily(2, connection)
                    _ = try connection.bulkInsert(into: "counter", columns: ["id", "value"]) { writer in
                        for id in 0..<1_000_000 {
                            writer.append(Int64(id))
                            writer.append(Int64(id))
                            try writer.endRow()
                        }
                    }
                }
            }
            #expect(bulk == .full(database: database.displayName))
            let one = storageError {
                try database.write { connection in
                    try Sample.addFamily(3, connection, named: String(repeating: "x", count: 1_000_000))
                }
            }
            #expect(one == .full(database: database.displayName))
            #expect(try Sample.families(database) == 1)
            try database.write { try $0.forEach("PRAGMA max_page_count = 100000", []) { _ in } }
            try database.write { try Sample.addFamily(4, $0, named: String(repeating: "x", count: 1_000_000)) }
            #expect(try Sample.families(database) == 2)
        }
    }

    @Test("a damaged file is told as such")
    func damagedFile() throws {
        try TestDatabases.useURL(.sqlite) { url in
            let path = String(url.dropFirst("sqlite:".count))
            let first = try Database.open(url)
            try first.migrate([Sample.tables])
            try first.write { connection in
                for number in 1...2000 {
                    try Sample.addFamily(Int64(number), connection, named: String(repeating: "x", count: 200))
                }
            }
            try first.close()
            let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
            for page in UInt64(4)..<40 {
                try file.seek(toOffset: page * 8192)
                try file.write(contentsOf: [UInt8](repeating: 0xa5, count: 8192))
            }
            try file.close()
            let second = try Database.open(url)
            let error = storageError {
                try second.read { _ = try $0.query("SELECT * FROM family") { $0.text(2) } }
            }
            guard case .cannotOpen(_, let reason) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(reason.contains("damaged"))
            try second.close()
        }
    }
}
