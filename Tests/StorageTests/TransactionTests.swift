import Foundation
import Storage
import Synchronization
import Testing
import TestSupport

@Suite("Transactions")
struct TransactionTests {
    private struct GiveUp: Error {}

    @Test("keep everything when the closure returns and nothing when it throws", arguments: Database.Engine.allCases)
    func rollback(engine: Database.Engine) throws {
        try TestDatabases.use(engine, migrations: [Sample.tables]) { database in
            try database.write { try Sample.addFamily(1, $0) }
            #expect(throws: GiveUp.self) {
                try database.write { connection in
                    try Sample.addFamily(2, connection)
                    try connection.execute("CREATE TABLE other (id INTEGER NOT NULL) STRICT")
                    throw GiveUp()
                }
            }
            #expect(try Sample.families(database) == 1)
            try database.write { _ = try $0.execute("CREATE TABLE other (id INTEGER NOT NULL) STRICT") }
        }
    }

    @Test("break no rule of the tables", arguments: Database.Engine.allCases)
    func constraints(engine: Database.Engine) throws {
        let person = "INSERT INTO person (id, regency, family, nik) VALUES (?, ?, ?, ?)"
        let broken: [(String, [SQLValue])] = [
            (person, [1, "35.99", nil, "3599000000000009"]),
            (person, [2, "35.99", nil, "3599000000000001"]),
            (person, [2, "35.99", 77, nil]),
            (person, [2, nil, nil, nil]),
            ("INSERT INTO family (regency, number, name) VALUES ('35.99', 5, '')", []),
            ("DELETE FROM family WHERE number = ?", [1]),
        ]
        try TestDatabases.use(engine, migrations: [Sample.tables]) { database in
            try database.write { connection in
                try Sample.addFamily(1, connection)
                try connection.execute(person, [1, "35.99", 1, "3599000000000001"])
            }
            for (sql, arguments) in broken {
                let error = storageError {
                    try database.write { _ = try $0.execute(sql, arguments) }
                }
                guard case .constraint(let reason) = error else {
                    Issue.record("\(sql) \(arguments): \(String(describing: error))")
                    continue
                }
                #expect(!reason.contains("3599"), "a value of the row is told: \(reason)")
            }
            let bulk = storageError {
                try database.write { connection in
                    _ = try connection.bulkInsert(into: "counter", columns: ["id", "value"]) { writer in
                        for _ in 0..<2 {
                            writer.append(Int64(1))
                            writer.append(Int64(1))
                            try writer.endRow()
                        }
                    }
                }
            }
            guard case .constraint = bulk else {
                Issue.record("\(String(describing: bulk))")
                return
            }
            #expect(try database.read { try $0.count("SELECT count(*) FROM counter") } == 0)
        }
    }

    @Test("end with their first error, even where it was caught", arguments: Database.Engine.allCases)
    func poisoned(engine: Database.Engine) throws {
        try TestDatabases.use(engine, migrations: [Sample.tables]) { database in
            let error = storageError {
                try database.write { connection in
                    try Sample.addFamily(1, connection)
                    _ = storageError { try Sample.addFamily(1, connection) }
                    let next = storageError { try Sample.addFamily(2, connection) }
                    #expect(next?.description.contains("earlier statement") == true)
                }
            }
            guard case .constraint = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            let dropped = storageError {
                try database.write { connection in
                    try Sample.addFamily(1, connection)
                    _ = try? connection.bulkInsert(into: "counter", columns: ["id", "value"]) { writer in
                        writer.append(Int64(1))
                        writer.append(Int64(1))
                        try writer.endRow()
                        throw GiveUp()
                    }
                }
            }
            #expect(dropped?.description.contains("could not be had") == true)
            #expect(try Sample.families(database) == 0)
            #expect(throws: GiveUp.self) {
                try database.write { connection in
                    _ = try connection.bulkInsert(into: "counter", columns: ["id", "value"]) { _ in throw GiveUp() }
                }
            }
            try database.write { try Sample.addFamily(1, $0) }
            #expect(try Sample.families(database) == 1)
        }
    }

    @Test("that read see one moment, whatever is written meanwhile", arguments: Database.Engine.allCases)
    func snapshot(engine: Database.Engine) throws {
        try TestDatabases.use(engine, migrations: [Sample.tables]) { database in
            try database.write { try Sample.addFamily(1, $0) }
            try database.read { connection in
                #expect(try connection.count("SELECT count(*) FROM family") == 1)
                try database.write { try Sample.addFamily(2, $0) }
                #expect(try connection.count("SELECT count(*) FROM family") == 1)
            }
            #expect(try Sample.families(database) == 2)
            // What is being written is seen by nobody else before it is kept.
            let other = try Database.open(url(of: database, engine), readers: 1)
            try database.write { connection in
                try Sample.addFamily(3, connection)
                #expect(try connection.count("SELECT count(*) FROM family") == 3)
                #expect(try Sample.families(other) == 2)
            }
            #expect(try Sample.families(other) == 3)
            try other.close()
        }
    }

    /// The URL under which the same database can be opened once more: asked of the database itself.
    private func url(of database: Database, _ engine: Database.Engine) throws -> String {
        switch engine {
        case .sqlite: return database.displayName
        case .postgres:
            let schema = try database.read { try $0.first("SELECT current_schema()") { $0.text(0) } }
            let server = try #require(ProcessInfo.processInfo.environment["TEPAT_TEST_POSTGRES"])
            return server + "?options=-csearch_path%3D" + (try #require(schema))
        }
    }

    @Test("that read change nothing", arguments: Database.Engine.allCases)
    func readOnly(engine: Database.Engine) throws {
        try TestDatabases.use(engine, migrations: [Sample.tables]) { database in
            let error = storageError { try database.read { try Sample.addFamily(1, $0) } }
            #expect(error?.description.contains("use a write") == true)
            let families = try Sample.families(database)
            #expect(families == 0)
        }
    }

    @Test("are not begun inside each other by one thread", arguments: Database.Engine.allCases)
    func nesting(engine: Database.Engine) throws {
        try TestDatabases.use(engine, migrations: [Sample.tables]) { database in
            #expect(throws: StorageError.self) { try database.write { _ in try database.write { _ in } } }
            #expect(throws: StorageError.self) { try database.write { _ in try database.read { _ in } } }
            #expect(throws: StorageError.self) { try database.read { _ in try database.read { _ in } } }
            try database.read { _ in try database.write { try Sample.addFamily(1, $0) } }
            #expect(try Sample.families(database) == 1)
        }
    }

    @Test("end with their closure: a connection kept for later is refused", arguments: Database.Engine.allCases)
    func escaped(engine: Database.Engine) throws {
        try TestDatabases.use(engine) { database in
            var kept: (any Connection)?
            try database.read { kept = $0 }
            let error = storageError { try kept?.execute("SELECT 1") }
            #expect(error?.description.contains("after the closure") == true)
        }
    }

    @Test("of many threads and two instances leave no gap in a count", arguments: Database.Engine.allCases)
    func counters(engine: Database.Engine) throws {
        try TestDatabases.useURL(engine) { url in
            let databases = [try Database.open(url), try Database.open(url)]
            try databases[0].migrate([Sample.tables])
            let errors = Mutex<[String]>([])
            DispatchQueue.concurrentPerform(iterations: 8) { thread in
                let database = databases[thread % 2]
                for _ in 0..<40 {
                    do {
                        try database.write { connection in
                            let last = try connection.count("SELECT max(id) FROM counter")
                            try connection.execute(
                                "INSERT INTO counter (id, value) VALUES (?, ?)",
                                [.integer(Int64(last + 1)), .integer(Int64(thread))])
                        }
                        _ = try database.read { try $0.count("SELECT count(*) FROM counter") }
                    } catch {
                        errors.withLock { $0.append("\(error)") }
                    }
                }
            }
            #expect(errors.withLock { $0 } == [])
            let ids = try databases[0].read { try $0.query("SELECT id FROM counter ORDER BY id") { $0.int64(0) } }
            #expect(ids == Array(1...320))
            for database in databases { try database.close() }
        }
    }

    @Test("for callers on an event loop may block without holding it up", arguments: Database.Engine.allCases)
    func async(engine: Database.Engine) async throws {
        let many = ProcessInfo.processInfo.activeProcessorCount + 2
        try await TestDatabases.use(engine, migrations: [Sample.tables], readers: many) { database in
            let gate = DispatchSemaphore(value: 0)
            let inside = DispatchSemaphore(value: 0)
            try await withThrowingTaskGroup(of: Int.self) { group in
                // More blocked reads than the event loop has threads, and the task that frees them still gets one.
                for _ in 0..<many {
                    group.addTask {
                        try await database.read { connection in
                            inside.signal()
                            let isFreed = gate.wait(timeout: .now() + 60) == .success
                            return isFreed ? try connection.count("SELECT count(*) FROM family") : -1
                        }
                    }
                }
                group.addTask {
                    while inside.wait(timeout: .now()) != .success { try await Task.sleep(for: .milliseconds(1)) }
                    for _ in 0..<many { gate.signal() }
                    return 0
                }
                for try await families in group { #expect(families == 0) }
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...30 {
                    group.addTask { try await database.write { try Sample.addFamily(Int64(number), $0) } }
                }
                try await group.waitForAll()
            }
            let count = try await database.read { try $0.count("SELECT count(*) FROM family") }
            #expect(count == 30)
            await #expect(throws: GiveUp.self) { try await database.write { _ in throw GiveUp() } }
        }
    }

    @Test("wait some seconds for another process's write, then say so", arguments: Database.Engine.allCases)
    func locked(engine: Database.Engine) throws {
        try TestDatabases.useURL(engine) { url in
            let first = try Database.open(url)
            let second = try Database.open(url)
            try first.migrate([Sample.tables])
            try first.write { connection in
                try Sample.addFamily(1, connection)
                let error = storageError { try second.write { try Sample.addFamily(2, $0) } }
                guard case .locked = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
            }
            try second.write { try Sample.addFamily(2, $0) }
            #expect(try Sample.families(first) == 2)
            try first.close()
            try second.close()
        }
    }
}
