import Foundation
import Storage
import Testing
import TestSupport

@Suite("Migrations")
struct MigrationTests {
    private static let first = ["CREATE TABLE item (id INTEGER PRIMARY KEY NOT NULL, name TEXT NOT NULL) STRICT"]
    private static let second = ["ALTER TABLE item ADD COLUMN note TEXT", "CREATE INDEX item_note ON item (note)"]

    private func version(_ database: Database) throws -> Int {
        try database.read { try $0.count("SELECT count(*) FROM schema_version WHERE module = 'item'") }
    }

    @Test("bring tables forward, and are done once", arguments: Database.Engine.allCases)
    func forward(engine: Database.Engine) throws {
        try TestDatabases.use(engine) { database in
            let other = Migrations(module: "other", versions: [["CREATE TABLE other (id INTEGER NOT NULL) STRICT"]])
            try database.migrate([Migrations(module: "item", versions: [Self.first])])
            try database.write { _ = try $0.execute("INSERT INTO item (id, name) VALUES (1, 'a')") }
            #expect(try version(database) == 1)
            let all = try database.read { try $0.query("SELECT * FROM item") { $0.value(1) } }
            #expect(all == ["a"])
            for _ in 0..<2 {
                try database.migrate([Migrations(module: "item", versions: [Self.first, Self.second]), other])
                #expect(try version(database) == 2)
            }
            // A statement that was prepared before the table changed.
            let widened = try database.read { try $0.query("SELECT * FROM item") { [$0.value(1), $0.value(2)] } }
            #expect(widened == [["a", nil]])
        }
    }

    @Test("that fail leave nothing of their step, and keep the steps before", arguments: Database.Engine.allCases)
    func failing(engine: Database.Engine) throws {
        let bad = ["CREATE TABLE half (id INTEGER NOT NULL) STRICT", "CREATE TABLE item (id INTEGER NOT NULL) STRICT"]
        try TestDatabases.use(engine) { database in
            let error = storageError {
                try database.migrate([Migrations(module: "item", versions: [Self.first, bad])])
            }
            guard case .migration(module: "item", version: 2, _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(try version(database) == 1)
            #expect(throws: StorageError.self) { try database.read { try $0.count("SELECT count(*) FROM half") } }
            try database.migrate([Migrations(module: "item", versions: [Self.first, Self.second])])
            #expect(try version(database) == 2)
        }
    }

    @Test("refuse tables of a newer program before they touch anything", arguments: Database.Engine.allCases)
    func newer(engine: Database.Engine) throws {
        try TestDatabases.use(engine) { database in
            try database.migrate([Migrations(module: "item", versions: [Self.first, Self.second])])
            let error = storageError {
                try database.migrate([
                    Migrations(module: "other", versions: [["CREATE TABLE other (id INTEGER NOT NULL) STRICT"]]),
                    Migrations(module: "item", versions: [Self.first]),
                ])
            }
            #expect(error == .newer(module: "item", database: 2, program: 1))
            #expect(throws: StorageError.self) { try database.read { try $0.count("SELECT count(*) FROM other") } }
        }
    }

    @Test("refuse tables that were made by other steps", arguments: Database.Engine.allCases)
    func edited(engine: Database.Engine) throws {
        try TestDatabases.use(engine) { database in
            try database.migrate([Migrations(module: "item", versions: [Self.first])])
            let error = storageError {
                try database.migrate([
                    Migrations(module: "item", versions: [["CREATE TABLE item (id INTEGER NOT NULL) STRICT"]])
                ])
            }
            guard case .migration(module: "item", version: 1, _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test("of two programs that start at once are done once", arguments: Database.Engine.allCases)
    func atOnce(engine: Database.Engine) throws {
        try TestDatabases.useURL(engine) { url in
            DispatchQueue.concurrentPerform(iterations: 6) { _ in
                #expect(throws: Never.self) {
                    let database = try Database.open(url, readers: 1)
                    try database.migrate([Migrations(module: "item", versions: [Self.first, Self.second])])
                    try database.close()
                }
            }
            let database = try Database.open(url)
            #expect(try version(database) == 2)
            try database.close()
        }
    }
}
