import Foundation
import Storage
import Testing
import TestSupport

/// Tables for the tests of this folder.
enum Sample {
    static let tables = Migrations(
        module: "sample",
        versions: [
            [
                """
                CREATE TABLE family (
                    regency TEXT NOT NULL,
                    number INTEGER NOT NULL,
                    name TEXT NOT NULL CHECK (name <> ''),
                    PRIMARY KEY (regency, number)
                ) STRICT, WITHOUT ROWID
                """,
                """
                CREATE TABLE person (
                    id INTEGER PRIMARY KEY NOT NULL,
                    regency TEXT NOT NULL,
                    family INTEGER,
                    nik TEXT UNIQUE,
                    FOREIGN KEY (regency, family) REFERENCES family (regency, number)
                ) STRICT
                """,
                "CREATE TABLE counter (id INTEGER PRIMARY KEY NOT NULL, value INTEGER NOT NULL) STRICT",
            ]
        ])

    static func addFamily(_ number: Int64, _ connection: any Connection, named name: String = "Keluarga") throws {
        try connection.execute(
            "INSERT INTO family (regency, number, name) VALUES (?, ?, ?)",
            ["35.99", .integer(number), .text(name)])
    }

    static func families(_ database: Database) throws -> Int {
        try database.read { try $0.count("SELECT count(*) FROM family") }
    }
}

/// The error that `body` throws; it is a failure of the test where it throws none, or another kind.
func storageError(sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> some Any) -> StorageError? {
    do {
        _ = try body()
        Issue.record("nothing was thrown", sourceLocation: sourceLocation)
    } catch let error as StorageError {
        return error
    } catch {
        Issue.record("\(error)", sourceLocation: sourceLocation)
    }
    return nil
}

@Suite("Statements")
struct StatementTests {
    @Test("say how many rows they changed", arguments: Database.Engine.allCases)
    func changes(engine: Database.Engine) throws {
        try TestDatabases.use(engine, migrations: [Sample.tables]) { database in
            try database.write { connection in
                for number in 1...3 { try Sample.addFamily(Int64(number), connection) }
                #expect(try connection.execute("UPDATE family SET name = ? WHERE number < ?", ["B", 3]) == 2)
                #expect(try connection.execute("SELECT * FROM family") == 0)
                #expect(try connection.execute("CREATE INDEX family_name ON family (name)") == 0)
                #expect(try connection.execute("DELETE FROM family") == 3)
                #expect(try connection.execute("DELETE FROM family") == 0)
            }
        }
    }

    @Test("insert or update, and return what they did", arguments: Database.Engine.allCases)
    func upsert(engine: Database.Engine) throws {
        try TestDatabases.use(engine, migrations: [Sample.tables]) { database in
            let sql = """
                INSERT INTO counter (id, value) VALUES (?, ?)
                ON CONFLICT (id) DO UPDATE SET value = counter.value + excluded.value RETURNING value
                """
            try database.write { connection in
                #expect(try connection.first(sql, [1, 5]) { $0.int64(0) } == 5)
                #expect(try connection.first(sql, [1, 3]) { $0.int64(0) } == 8)
                var seen: [Int64] = []
                try connection.forEach(sql, [1, 1]) { seen.append($0.int64(0)) }
                #expect(seen == [9])
                let nothing = "INSERT INTO counter (id, value) VALUES (1, 0) ON CONFLICT DO NOTHING"
                #expect(try connection.execute(nothing) == 0)
            }
        }
    }

    @Test("take null, an integer and null again for the same mark", arguments: Database.Engine.allCases)
    func nullThenValue(engine: Database.Engine) throws {
        try TestDatabases.use(engine, migrations: [Sample.tables]) { database in
            try database.write { connection in
                for number in 1...3 { try Sample.addFamily(Int64(number), connection) }
                let sql = "SELECT count(*) FROM family WHERE (? IS NULL OR number = ?) AND (? IS NULL OR name = ?)"
                #expect(try connection.count(sql, [nil, nil, nil, nil]) == 3)
                #expect(try connection.count(sql, [2, 2, nil, nil]) == 1)
                #expect(try connection.count(sql, [nil, nil, "Keluarga", "Keluarga"]) == 3)
                #expect(try connection.count(sql, [nil, nil, nil, nil]) == 3)
                var rows = 0
                try connection.forEach("SELECT 1 FROM family WHERE ? IS NULL OR number = ?", [nil, nil]) { _ in
                    rows += 1
                }
                #expect(rows == 3)
            }
        }
    }

    @Test("are prepared once, and still right after thousands of other texts", arguments: Database.Engine.allCases)
    func manyTexts(engine: Database.Engine) throws {
        try TestDatabases.use(engine) { database in
            try database.read { connection in
                for number in 0..<600 {
                    let next = try connection.count("SELECT \(number) + ?", [1])
                    let last = try connection.count("SELECT ? - 1", [.integer(Int64(number))])
                    #expect(next == number &+ 1)
                    #expect(last == number &- 1)
                }
            }
        }
    }

    @Test("run inside a query that hands out its rows", arguments: Database.Engine.allCases)
    func nested(engine: Database.Engine) throws {
        try TestDatabases.use(engine, migrations: [Sample.tables]) { database in
            try database.write { connection in
                for number in 1...1000 { try Sample.addFamily(Int64(number), connection) }
                let select = "SELECT number FROM family WHERE number <= ? ORDER BY number"
                var outer = 0
                try connection.forEach(select, [1000]) { row in
                    outer += 1
                    let number = row.int64(0)
                    try connection.execute(
                        "INSERT INTO counter (id, value) VALUES (?, ?)", [.integer(number), .integer(number * 2)])
                    if number <= 3 {
                        var inner = 0
                        try connection.forEach(select, [.integer(number)]) { _ in inner += 1 }
                        #expect(inner == number)
                        #expect(try connection.query(select, [.integer(number)]) { $0.int64(0) }.count == inner)
                    }
                    #expect(row.int64(0) == number)
                }
                #expect(outer == 1000)
                #expect(try connection.count("SELECT sum(value) FROM counter") == 1_001_000)
            }
        }
    }

    @Test("go on after a query was left by an error of the caller's", arguments: Database.Engine.allCases)
    func leftQuery(engine: Database.Engine) throws {
        struct Enough: Error {}
        try TestDatabases.use(engine, migrations: [Sample.tables]) { database in
            try database.write { connection in
                for number in 1...500 { try Sample.addFamily(Int64(number), connection) }
                for _ in 0..<3 {
                    var rows = 0
                    #expect(throws: Enough.self) {
                        try connection.forEach("SELECT number FROM family", []) { _ in
                            rows += 1
                            if rows == 10 { throw Enough() }
                        }
                    }
                    #expect(rows == 10)
                }
                try Sample.addFamily(501, connection)
            }
            #expect(try Sample.families(database) == 501)
        }
    }

    @Test("stream a million rows without keeping them", arguments: Database.Engine.allCases)
    func million(engine: Database.Engine) throws {
        let text = String(repeating: "x", count: 300)
        let sql = """
            WITH RECURSIVE row (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM row WHERE number < 1000000)
            SELECT number, ? FROM row
            """
        try TestDatabases.use(engine) { database in
            try database.read { connection in
                // Other tests take memory beside it; a stream that kept its rows would take more each time.
                var growth = Int.max
                for _ in 0..<5 where growth >= 150 << 20 {
                    var rows: Int64 = 0
                    var bytes = 0
                    var start = 0
                    var most = 0
                    try connection.forEach(sql, [.text(text)]) { row in
                        rows += 1
                        bytes += row.withBytes(1) { $0.count }
                        if row.int64(0) != rows { Issue.record("row \(rows) is out of order") }
                        if rows == 10_000 { start = Self.residentBytes() }
                        if rows.isMultiple(of: 100_000) { most = max(most, Self.residentBytes()) }
                    }
                    #expect(rows == 1_000_000)
                    #expect(bytes == 300_000_000)
                    growth = most - start
                }
                #expect(growth < 150 << 20)
            }
        }
    }

    /// The memory of this process that is not a file's, or 0 where that is not told.
    private static func residentBytes() -> Int {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
        let pages = text.split(separator: " ").compactMap { Int($0) }
        return pages.count > 2 ? (pages[1] - pages[2]) * 4096 : 0
    }

    @Test("that make no sense are refused with a reason", arguments: Database.Engine.allCases)
    func refused(engine: Database.Engine) throws {
        let statements: [(String, [SQLValue], String)] = [
            ("SELEC 1", [], "syntax"), ("SELECT * FROM nowhere", [], "nowhere"),
            ("SELECT ?", [], "takes 1 arguments"), ("SELECT 1", [1], "takes 0 arguments"),
            ("SELECT 1; SELECT 2", [], "more than one statement"), ("COMMIT", [], "transactions are begun and ended"),
            (" rollback", [], "transactions are begun and ended"), ("", [], "no statement"),
        ]
        try TestDatabases.use(engine) { database in
            for (sql, arguments, reason) in statements {
                let error = storageError {
                    try database.write { _ = try $0.execute(sql, arguments) }
                }
                guard case .refused(_, let said) = error else {
                    Issue.record("\(sql): \(String(describing: error))")
                    continue
                }
                #expect(said.contains(reason), "\(sql)")
            }
        }
    }

    @Test("may end in a semicolon and a comment, and hold marks in quotes", arguments: Database.Engine.allCases)
    func commentsAndQuotes(engine: Database.Engine) throws {
        try TestDatabases.use(engine) { database in
            try database.read { connection in
                let sql = """
                    SELECT '?''?', ? AS "a?b", -- what?
                    x'00ff', /* and? */ ? ; -- the end
                    """
                let row = try connection.first(sql, [1, "b"]) { row in (0..<4).map { row.value($0) } }
                #expect(row == ["?'?", 1, .blob([0, 255]), "b"])
            }
        }
    }

    @Test("of a bulk insert must have all their columns and be ended", arguments: Database.Engine.allCases)
    func bulkShape(engine: Database.Engine) throws {
        let bodies: [(String, @Sendable (any BulkWriter) throws -> Void)] = [
            (
                "1 columns of 2",
                {
                    $0.append(Int64(1)); try $0.endRow()
                }
            ),
            (
                "3 columns of 2",
                {
                    for _ in 0..<3 { $0.append(Int64(1)) }; try $0.endRow()
                }
            ),
            ("not ended", { $0.append(Int64(1)) }),
        ]
        try TestDatabases.use(engine, migrations: [Sample.tables]) { database in
            for (reason, body) in bodies {
                let error = storageError {
                    try database.write {
                        _ = try $0.bulkInsert(into: "counter", columns: ["id", "value"], body)
                    }
                }
                #expect(error?.description.contains(reason) == true, "\(reason)")
            }
            let error = storageError {
                try database.write { connection in
                    _ = try connection.bulkInsert(into: "counter", columns: ["id", "value"]) { _ in
                        try connection.execute("DELETE FROM counter")
                    }
                }
            }
            #expect(error?.description.contains("bulk insert is under way") == true)
            let none = try database.write { try $0.bulkInsert(into: "counter", columns: ["id", "value"]) { _ in } }
            #expect(none == 0)
        }
    }
}
