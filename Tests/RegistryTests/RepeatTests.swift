import Journal
import Storage
import TestSupport
import Testing

@testable import Registry

@Suite("A delivery that is repeated")
struct RepeatTests {
    private static let first = "id,name,flag\n1,Siti,ya\n2,Budi,ya\n3,Wayan,ya\n3,Wayan,ya\n4,Made,maybe\n"

    private static func ended(_ registry: Registry) throws -> [[SQLValue]] {
        try registry.values(
            "SELECT batch, line, ended_by FROM source_row_end ORDER BY batch, line, ended_by", columns: 3)
    }

    @Test("counts once where the file is the same, whatever it is called", arguments: Database.Engine.allCases)
    func sameFile(engine: Database.Engine) throws {
        try Fixture.use(engine) { registry, folder in
            let source = try Fixture.sample()
            let first = try registry.ingest(source, file: folder.write("a.csv", Self.first))
            #expect((first.rows, first.accepted, first.duplicates, first.quarantined) == (5, 3, 1, 1))
            let entries = try registry.count("journal_entry")
            for name in ["a.csv", "b.csv"] {
                let again = try registry.ingest(source, file: folder.write(name, Self.first))
                #expect(again.wasThere)
                #expect(again.batch == first.batch)
                #expect((again.accepted, again.duplicates, again.quarantined) == (0, 5, 0))
            }
            #expect(try registry.count("source_row") == 3)
            #expect(try registry.count("batch") == 1)
            #expect(try registry.count("journal_entry") == entries)
        }
    }

    @Test("of a full source withdraws what it no longer lists", arguments: Database.Engine.allCases)
    func full(engine: Database.Engine) throws {
        try Fixture.use(engine) { registry, folder in
            let source = try Fixture.sample()
            _ = try registry.ingest(source, file: folder.write("a.csv", Self.first))
            // Written otherwise, row 1 is the same; row 2 has changed; row 3 is gone; row 5 is new.
            let second = try registry.ingest(
                source, file: folder.write("b.csv", "name,flag,id\nSiti,TRUE,1\nBudi,tidak,2\nKetut,ya,5\n"))
            #expect((second.rows, second.accepted, second.duplicates) == (3, 2, 1))
            #expect(try Self.ended(registry) == [[1, 3, 2], [1, 4, 2]])
            let reason = try registry.values(
                "SELECT reason FROM journal_entry ORDER BY number DESC LIMIT 1", columns: 1)
            #expect(reason == [["sample: 3 rows, 2 kept, 0 set aside, 1 known already, 2 withdrawn"]])
            // What was withdrawn may come back.
            let third = try registry.ingest(
                source, file: folder.write("c.csv", "id,name,flag\n3,Wayan,ya\n5,Ketut,ya\n"))
            #expect((third.accepted, third.duplicates) == (1, 1))
            #expect(try Self.ended(registry) == [[1, 2, 3], [1, 3, 2], [1, 4, 2], [2, 3, 3]])
        }
    }

    @Test("of a source of changes takes the place of earlier rows with its keys", arguments: Database.Engine.allCases)
    func changes(engine: Database.Engine) throws {
        try Fixture.use(engine) { registry, folder in
            let source = try Fixture.sample(delivery: "changes")
            _ = try registry.ingest(source, file: folder.write("a.csv", Self.first))
            let second = try registry.ingest(
                source, file: folder.write("b.csv", "id,name,flag\n1,Siti,ya\n2,Budi,tidak\n5,Ketut,ya\n"))
            #expect((second.accepted, second.duplicates) == (2, 1))
            #expect(try Self.ended(registry) == [[1, 3, 2]])
            _ = try registry.ingest(source, file: folder.write("c.csv", "id,name,flag\n2,Budi,\n"))
            #expect(try Self.ended(registry) == [[1, 3, 2], [2, 3, 3]])
        }
    }
}

@Suite("A delivery that was interrupted")
struct ResumeTests {
    private struct Interruption: Error {}

    /// A file of so many rows that it is taken in several pieces: some are flawed, some stand twice.
    private static let text: String = {
        var generator = SeededGenerator(seed: 3)
        var rows = ["id,nik,name,paid"]
        for index in 1...300 {
            let nik = index % 7 == 0 ? "broken\(index)" : number(index)
            let paid = index % 11 == 0 ? "much" : "\(Int.random(in: 0...5, using: &generator))"
            rows.append("\(index % 250),\(nik),Name \(index % 250),\(paid)")
            if index % 13 == 0 { rows.append(rows[rows.count - 1]) }
        }
        return rows.joined(separator: "\n") + "\n"
    }()
    private static let earlier = "id,nik,name,paid\n1,\(number(1)),Name 1,77\n2,\(number(2)),Name 2,77\n"

    /// All that is kept of a batch; moments of the clock are left out.
    private static func kept(_ registry: Registry) throws -> [[[SQLValue]]] {
        [
            try registry.values(
                "SELECT batch, line, row_key, digest, nik, family_number FROM source_row ORDER BY batch, line",
                columns: 6),
            try registry.values(
                "SELECT batch, line, field, reason, digest, sealed FROM quarantine ORDER BY batch, line", columns: 6),
            try registry.values("SELECT batch, line, ended_by FROM source_row_end ORDER BY batch, line", columns: 3),
            try registry.values(
                """
                SELECT batch, source, file_digest, rows, accepted, quarantined, duplicates, digest FROM batch
                WHERE completed IS NOT NULL ORDER BY batch
                """, columns: 8),
            try registry.values("SELECT subject, reason, digest FROM journal_entry ORDER BY number", columns: 3),
        ]
    }

    private static func interrupt(
        _ registry: Registry, _ source: SourceDefinition, _ file: String, after pieces: Int
    ) throws {
        var count = 0
        #expect(throws: Interruption.self) {
            _ = try registry.ingest(
                source, file: file, delivered: nil, pieces: IngestPieces(bytes: 600, rows: 1)
            ) { _ in
                count += 1
                if count == pieces { throw Interruption() }
            }
        }
    }

    @Test(
        "goes on where it stood, and comes to the same rows and the same digest",
        arguments: Database.Engine.allCases, ["full", "changes"])
    func resume(engine: Database.Engine, delivery: String) throws {
        let source = try Fixture.sample(delivery: delivery)
        let (whole, contents) = try Fixture.use(engine) { registry, folder in
            _ = try registry.ingest(source, file: folder.write("a.csv", Self.earlier))
            let batch = try registry.ingest(source, file: folder.write("b.csv", Self.text))
            return (try Self.kept(registry), try registry.rows(of: batch.batch))
        }
        #expect(whole[0].count > 200)
        #expect(contents.count > 200)
        #expect(whole[1].count > 20)
        for pieces in [[1], [4], [9], [2, 5, 8]] {
            try Fixture.use(engine) { registry, folder in
                _ = try registry.ingest(source, file: folder.write("a.csv", Self.earlier))
                let file = try folder.write("b.csv", Self.text)
                for count in pieces {
                    try Self.interrupt(registry, source, file, after: count)
                    #expect(try registry.count("source_row") < whole[0].count)
                    #expect(try registry.count("journal_entry") == 2)
                }
                let batch = try registry.ingest(source, file: file)
                #expect(!batch.wasThere)
                let kept = try Self.kept(registry)
                for (part, expected) in zip(kept, whole) {
                    let isSame = part == expected
                    #expect(isSame, "after \(pieces)")
                }
                // Which rows are sealed together is another matter: this file was cut into smaller pieces at first.
                #expect(try registry.rows(of: batch.batch) == contents)
                #expect(try registry.database.read { try registry.faults(on: $0) } == [])
            }
        }
    }

    @Test("does not count before it is whole", arguments: Database.Engine.allCases)
    func unfinished(engine: Database.Engine) throws {
        try Fixture.use(engine) { registry, folder in
            let source = try Fixture.sample()
            let file = try folder.write("a.csv", Self.text)
            try Self.interrupt(registry, source, file, after: 4)
            #expect(try registry.count("source_row") > 0)
            let batch = try registry.ingest(source, file: folder.write("b.csv", Self.earlier))
            #expect(batch.batch == 2)
            #expect((batch.accepted, batch.duplicates) == (2, 0))
            #expect(try registry.count("source_row_end") == 0, "rows that never counted need not be withdrawn")
        }
    }

    @Test(
        "and finished only after a later one was taken does not bring back what that one replaced",
        arguments: Database.Engine.allCases, ["full", "changes"])
    func overtaken(engine: Database.Engine, delivery: String) throws {
        try Fixture.use(engine) { registry, folder in
            let source = try Fixture.sample(delivery: delivery)
            let file = try folder.write(
                "a.csv", "id,name,paid\n" + (1...100).map { "\($0),Name \($0),\($0 < 3 ? 1 : 5)\n" }.joined())
            try Self.interrupt(registry, source, file, after: 1)
            let later = try registry.ingest(
                source, file: folder.write("b.csv", "id,name,paid\n1,Name 1,2\n3,Name 3,5\n100,Name 100,9\n"))
            #expect(later.accepted == 3)
            let batch = try registry.ingest(source, file: file)
            #expect(batch.batch == 1)
            #expect(batch.rows == 100)
            let index = try registry.database.read { connection in
                try connection.query(
                    """
                    SELECT r.batch, r.line FROM source_row r WHERE NOT EXISTS (
                        SELECT 1 FROM source_row_end e WHERE e.batch = r.batch AND e.line = r.line)
                    ORDER BY r.batch, r.line
                    """
                ) { [$0.int64(0), $0.int64(1)] }
            }
            let inForce: [[Int64]] = [[2, 2], [2, 3], [2, 4]]
            if delivery == "full" {
                #expect(index == inForce)
            } else {
                let others = (2...101).filter { ![2, 4, 101].contains($0) }.map { [1, Int64($0)] }
                #expect(index == others + inForce)
            }
        }
    }
}
