import Foundation
import Storage
import Testing
import TestSupport

@Suite("Values")
struct ValueTests {
    private static let tables = Migrations(
        module: "test",
        versions: [
            [
                """
                CREATE TABLE sample (
                    id INTEGER PRIMARY KEY NOT NULL,
                    whole INTEGER,
                    part REAL,
                    name TEXT,
                    data BLOB
                ) STRICT
                """
            ]
        ])

    private static let integers: [Int64] = [0, 1, -1, .max, .min, 1 << 40]
    private static let reals: [Double] = [0, -0.5, 1e300, -1e-300, .pi, .infinity, -.infinity, .leastNonzeroMagnitude]
    private static let texts = [
        "", "a", "Siti Nur'aini", "\"quoted\" ? $1", "żółć 漢字 👩‍👩‍👧", String(repeating: "x", count: 3_000_000),
    ]
    private static let blobs: [[UInt8]] = [
        [], [0], Array(0...255), [UInt8](repeating: 0xff, count: 3_000_000),
    ]

    @Test("come back as they were stored", arguments: Database.Engine.allCases)
    func roundTrip(engine: Database.Engine) throws {
        let values: [[SQLValue]] =
            Self.integers.map { [.integer($0), .null, .null, .null] }
            + Self.reals.map { [.null, .real($0), .null, .null] }
            + Self.texts.map { [.null, .null, .text($0), .null] }
            + Self.blobs.map { [.null, .null, .null, .blob($0)] } + [[.null, .null, .null, .null]]
        try TestDatabases.use(engine, migrations: [Self.tables]) { database in
            try database.write { connection in
                for (index, row) in values.enumerated() {
                    try connection.execute(
                        "INSERT INTO sample (id, whole, part, name, data) VALUES (?, ?, ?, ?, ?)",
                        [.integer(Int64(index))] + row)
                }
            }
            let select = "SELECT whole, part, name, data FROM sample ORDER BY id"
            try database.read { connection in
                let held = try connection.query(select) { row in (0..<4).map { row.value($0) } }
                #expect(held == values)
                var streamed: [[SQLValue]] = []
                try connection.forEach(select, []) { row in streamed.append((0..<4).map { row.value($0) }) }
                #expect(streamed == values)
            }
        }
    }

    @Test("inserted in bulk are the same as those inserted one by one", arguments: Database.Engine.allCases)
    func bulk(engine: Database.Engine) throws {
        try TestDatabases.use(engine, migrations: [Self.tables]) { database in
            let count = try database.write { connection in
                try connection.bulkInsert(into: "sample", columns: ["id", "whole", "part", "name", "data"]) { writer in
                    for (id, text) in Self.texts.enumerated() {
                        let blob = Self.blobs[id % Self.blobs.count]
                        writer.append(Int64(id))
                        writer.append(Self.integers[id])
                        writer.append(Self.reals[id])
                        if id.isMultiple(of: 2) {
                            writer.append(text)
                        } else {
                            Array(text.utf8).withUnsafeBytes { writer.append(utf8: $0) }
                        }
                        blob.withUnsafeBytes { writer.append(blob: $0) }
                        try writer.endRow()
                    }
                    writer.append(Int64(100))
                    for _ in 0..<4 { writer.appendNull() }
                    try writer.endRow()
                }
            }
            #expect(count == Self.texts.count + 1)
            try database.read { connection in
                let rows = try connection.query("SELECT id, whole, part, name, data FROM sample ORDER BY id") { row in
                    (0..<5).map { row.value($0) }
                }
                for (id, text) in Self.texts.enumerated() {
                    #expect(
                        rows[id] == [
                            .integer(Int64(id)), .integer(Self.integers[id]), .real(Self.reals[id]), .text(text),
                            .blob(Self.blobs[id % Self.blobs.count]),
                        ])
                }
                #expect(rows.last == [100, nil, nil, nil, nil])
            }
        }
    }

    @Test("are read as the type that is asked for", arguments: Database.Engine.allCases)
    func accessors(engine: Database.Engine) throws {
        try TestDatabases.use(engine) { database in
            try database.read { connection in
                try connection.forEach("SELECT ?, ?, ?, ?, ?", [7, .real(2.75), "abc", .blob([0, 1]), nil]) { row in
                    #expect(row.int64(0) == 7)
                    #expect(row.double(0) == 7)
                    #expect(row.text(0) == "7")
                    #expect(row.int64(1) == 2)
                    #expect(row.double(1) == 2.75)
                    #expect(row.text(2) == "abc")
                    #expect(row.bytes(2) == Array("abc".utf8))
                    #expect(row.bytes(3) == [0, 1])
                    #expect(row.isNull(4))
                    #expect(!row.isNull(3))
                    #expect(row.int64(4) == 0)
                    #expect(row.double(4) == 0)
                    #expect(row.text(4).isEmpty)
                    #expect(row.bytes(4).isEmpty)
                    #expect(row.optionalInt64(4) == nil)
                    #expect(row.optionalText(2) == "abc")
                }
            }
        }
    }

    @Test("of counts, sums, averages and comparisons are plain numbers", arguments: Database.Engine.allCases)
    func aggregates(engine: Database.Engine) throws {
        try TestDatabases.use(engine, migrations: [Self.tables]) { database in
            try database.write { connection in
                for id in 1...4 {
                    try connection.execute(
                        "INSERT INTO sample (id, whole, part) VALUES (?, ?, ?)",
                        [.integer(Int64(id)), .integer(Int64(id) * 1_000_000_000_000), .real(0.5)])
                }
            }
            try database.read { connection in
                let sql =
                    "SELECT count(*), sum(whole), avg(whole), sum(part), max(id), 2 > 1, 1 > 2, sum(-id) FROM sample"
                let row = try connection.first(sql) { row in (0..<8).map { row.value($0) } }
                #expect(
                    row == [
                        4, 10_000_000_000_000, .real(2_500_000_000_000), .real(2), 4, 1, 0, -10,
                    ])
                #expect(try connection.count("SELECT count(*) FROM sample") == 4)
                #expect(try connection.count("SELECT sum(whole) FROM sample") == 10_000_000_000_000)
                #expect(try connection.count("SELECT id FROM sample WHERE id = 99") == 0)
                #expect(
                    try connection.first("SELECT CAST(sum(whole) AS INTEGER) FROM sample") { $0.value(0) }
                        == 10_000_000_000_000)
            }
        }
    }

    @Test("of text are in the order of their bytes, and LIKE tells case", arguments: Database.Engine.allCases)
    func order(engine: Database.Engine) throws {
        let names = ["b", "A", "a", "Z", "é", "aa", "a b", "_", "ß", "漢", "👧", "B"]
        try TestDatabases.use(engine, migrations: [Self.tables]) { database in
            try database.write { connection in
                for (id, name) in names.enumerated() {
                    try connection.execute(
                        "INSERT INTO sample (id, name) VALUES (?, ?)", [.integer(Int64(id)), .text(name)])
                }
            }
            try database.read { connection in
                let sorted = try connection.query("SELECT name FROM sample ORDER BY name") { $0.text(0) }
                #expect(sorted == names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
                #expect(try connection.first("SELECT max(name) FROM sample") { $0.text(0) } == "👧")
                #expect(try connection.count("SELECT count(*) FROM sample WHERE name < ?", ["a"]) == 4)
                #expect(try connection.count("SELECT count(*) FROM sample WHERE name LIKE ?", ["a%"]) == 3)
            }
        }
    }

    @Test("that are texts with NUL are refused, not cut off", arguments: Database.Engine.allCases)
    func nul(engine: Database.Engine) throws {
        try TestDatabases.use(engine, migrations: [Self.tables]) { database in
            let one = storageError {
                try database.write { _ = try $0.execute("INSERT INTO sample (id, name) VALUES (1, ?)", ["a\0b"]) }
            }
            #expect(one?.description.contains("NUL") == true)
            let many = storageError {
                try database.write { connection in
                    _ = try connection.bulkInsert(into: "sample", columns: ["id", "name"]) { writer in
                        writer.append(Int64(1))
                        writer.append("a\0b")
                        try writer.endRow()
                    }
                }
            }
            #expect(many?.description.contains("NUL") == true)
            let rows = try database.read { try $0.count("SELECT count(*) FROM sample") }
            #expect(rows == 0)
        }
    }

    @Test("of the wrong type are refused", arguments: Database.Engine.allCases)
    func wrongType(engine: Database.Engine) throws {
        try TestDatabases.use(engine, migrations: [Self.tables]) { database in
            let one = storageError {
                try database.write { _ = try $0.execute("INSERT INTO sample (id, whole) VALUES (1, ?)", ["satu"]) }
            }
            let many = storageError {
                try database.write { connection in
                    _ = try connection.bulkInsert(into: "sample", columns: ["id", "whole"]) { writer in
                        writer.append(Int64(1))
                        writer.append("satu")
                        try writer.endRow()
                    }
                }
            }
            for error in [one, many] {
                guard case .refused = error else {
                    Issue.record("\(String(describing: error))")
                    continue
                }
            }
        }
    }

    @Test(
        "of PostgreSQL's type numeric are read exactly",
        arguments: [
            "0", "1", "-1.50", "9999", "10000", "123400000000", "123456789012345678901234567890.000012300", "0.00001",
            "0.000000000000000000012", "-0.1", "1e40", "9223372036854775807", "-9223372036854775808", "NaN", "Infinity",
            "-Infinity",
        ])
    func numeric(number: String) throws {
        try TestDatabases.use(.postgres) { database in
            try database.read { connection in
                let sql = "SELECT CAST('\(number)' AS numeric), CAST(CAST('\(number)' AS numeric) AS text)"
                try connection.forEach(sql, []) { row in
                    #expect(row.text(0) == row.text(1))
                    let expected = try #require(Double(number))
                    #expect(row.double(0) == expected || (row.double(0).isNaN && expected.isNaN))
                    if let whole = Int64(number) { #expect(row.value(0) == .integer(whole)) }
                }
            }
        }
    }
}
