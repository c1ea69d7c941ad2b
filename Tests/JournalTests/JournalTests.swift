import Dispatch
import Journal
import Storage
import Synchronization
import TestSupport
import Testing

@Suite("The journal")
struct JournalTests {
    private struct GiveUp: Error {}

    private static func draft(_ index: Int) -> JournalDraft {
        JournalDraft(
            actor: "command:siti", action: "batch.received", subject: "batch:\(index % 3)",
            regency: index.isMultiple(of: 2) ? "35.10" : nil, reason: "reason \(index)",
            digest: index.isMultiple(of: 3) ? nil : [UInt8(truncatingIfNeeded: index), 7])
    }

    /// A journal with some entries, one minute apart.
    private static func use<R>(
        _ engine: Database.Engine, entries: Int, _ body: (Database) throws -> R
    ) throws -> R {
        try TestDatabases.use(engine, migrations: [Journal.migrations]) { database in
            try database.write { connection in
                for index in 0..<entries {
                    try Journal.append(
                        draft(index), at: Moment(microseconds: Int64(index) * 60_000_000), on: connection)
                }
            }
            return try body(database)
        }
    }

    @Test("numbers its entries from 1 and gives them back as they were written", arguments: Database.Engine.allCases)
    func entries(engine: Database.Engine) throws {
        try Self.use(engine, entries: 7) { database in
            let found = try database.read { try Journal.entries(about: "batch:1", on: $0) }
            #expect(found.map(\.number) == [2, 5])
            for entry in found {
                let draft = Self.draft(Int(entry.number) - 1)
                #expect(entry.moment.microseconds == (entry.number - 1) * 60_000_000)
                #expect(entry.draft.actor == draft.actor)
                #expect(entry.draft.action == draft.action)
                #expect(entry.draft.regency == draft.regency)
                #expect(entry.draft.reason == draft.reason)
                #expect(entry.draft.digest == draft.digest)
            }
            var seen: [Int64] = []
            let verification = try database.read { try Journal.verify(on: $0) { seen.append($0.number) } }
            #expect(verification.fault == nil)
            #expect(verification.entries == 7)
            #expect(seen == Array(1...7))
            #expect(try database.read { try Journal.head(on: $0) }.hash == verification.head)
        }
    }

    @Test("is sound before its first entry", arguments: Database.Engine.allCases)
    func empty(engine: Database.Engine) throws {
        try Self.use(engine, entries: 0) { database in
            let verification = try database.read { try Journal.verify(on: $0) }
            #expect(verification.entries == 0)
            #expect(verification.head == JournalEntry.start)
            #expect(verification.fault == nil)
        }
    }

    @Test("keeps no entry of a change that was dropped, and leaves no gap", arguments: Database.Engine.allCases)
    func rollback(engine: Database.Engine) throws {
        try Self.use(engine, entries: 2) { database in
            #expect(throws: GiveUp.self) {
                try database.write { connection in
                    #expect(try Journal.append(Self.draft(9), at: Moment(microseconds: 1), on: connection) == 3)
                    throw GiveUp()
                }
            }
            let number = try database.write {
                try Journal.append(Self.draft(3), at: Moment(microseconds: 2), on: $0)
            }
            #expect(number == 3)
            let verification = try database.read { try Journal.verify(on: $0) }
            #expect(verification.entries == 3)
            #expect(verification.fault == nil)
        }
    }

    @Test("has no gap when several programs write at once", arguments: Database.Engine.allCases)
    func concurrency(engine: Database.Engine) throws {
        try TestDatabases.useURL(engine) { url in
            let programs = [try Database.open(url), try Database.open(url)]
            defer { for program in programs { try? program.close() } }
            try programs[0].migrate([Journal.migrations])
            let numbers = Mutex<[Int64]>([])
            let troubles = Mutex<[String]>([])
            DispatchQueue.concurrentPerform(iterations: 4) { thread in
                for index in 0..<20 {
                    do {
                        let number = try programs[thread % 2].write {
                            try Journal.append(Self.draft(index), at: Moment(microseconds: 0), on: $0)
                        }
                        numbers.withLock { $0.append(number) }
                    } catch {
                        troubles.withLock { $0.append("\(error)") }
                    }
                }
            }
            #expect(troubles.withLock { $0 } == [])
            #expect(numbers.withLock { $0.sorted() } == Array(1...80))
            let verification = try programs[1].read { try Journal.verify(on: $0) }
            #expect(verification.entries == 80)
            #expect(verification.fault == nil)
        }
    }
}

/// One way in which somebody could change a journal by hand.
enum Tampering: Sendable, CaseIterable {
    case moment, actor, action, subject, regency, noRegency, reason, digest, noDigest, hash, number
    case removed, removedLast, swapped, renumbered, added
    case headNumber, headHash, headRemoved, headBack

    /// Changes the entry of a number, and another one where two are needed, in a journal of `count` entries.
    func apply(to number: Int64, and other: Int64, of count: Int64, on connection: any Connection) throws {
        func set(_ assignment: String, _ arguments: [SQLValue]) throws {
            try connection.execute(
                "UPDATE journal_entry SET \(assignment) WHERE number = ?", arguments + [.integer(number)])
        }
        switch self {
        case .moment: try set("moment = moment + ?", [1])
        case .actor: try set("actor = ?", ["command:budi"])
        case .action: try set("action = ?", ["batch.removed"])
        case .subject: try set("subject = ?", ["batch:77"])
        case .regency: try set("regency = ?", ["35.11"])
        case .noRegency: try set("regency = CASE WHEN regency IS NULL THEN '' END", [])
        case .reason: try set("reason = reason || ?", [" "])
        case .digest: try set("digest = ?", [.blob([1, 2, 3])])
        case .noDigest: try set("digest = CASE WHEN digest IS NULL THEN hash END", [])
        case .hash: try set("hash = ?", [.blob([UInt8](repeating: 9, count: 32))])
        case .number: try set("number = ?", [.integer(count + 5)])
        case .removed: try connection.execute("DELETE FROM journal_entry WHERE number = ?", [.integer(number)])
        case .removedLast: try connection.execute("DELETE FROM journal_entry WHERE number = ?", [.integer(count)])
        case .swapped: try Self.swap(number, other, on: connection)
        case .renumbered:
            for (from, to) in [(number, count + 1), (other, number), (count + 1, other)] {
                try connection.execute(
                    "UPDATE journal_entry SET number = ? WHERE number = ?", [.integer(to), .integer(from)])
            }
        case .added:
            try connection.execute(
                """
                INSERT INTO journal_entry SELECT ?, moment, actor, action, subject, regency, reason, digest, hash
                FROM journal_entry WHERE number = ?
                """, [.integer(count + 1), .integer(number)])
        case .headNumber: try connection.execute("UPDATE journal_head SET number = number + ?", [1])
        case .headHash:
            try connection.execute(
                "UPDATE journal_head SET hash = ?", [.blob([UInt8](repeating: 0, count: 32))])
        case .headRemoved: try connection.execute("DELETE FROM journal_head")
        case .headBack:
            // The last entries are removed, and the head is set back to an earlier one, but not with its hash.
            try connection.execute("DELETE FROM journal_entry WHERE number > ?", [.integer(count - 2)])
            try connection.execute("UPDATE journal_head SET number = ?", [.integer(count - 2)])
        }
    }

    private static func swap(_ one: Int64, _ two: Int64, on connection: any Connection) throws {
        let columns = "moment, actor, action, subject, regency, reason, digest, hash"
        let rows = try connection.query(
            "SELECT \(columns) FROM journal_entry WHERE number = ? OR number = ? ORDER BY number",
            [.integer(min(one, two)), .integer(max(one, two))]
        ) { cursor in (0..<8).map { cursor.value($0) } }
        for (values, number) in zip(rows.reversed(), [min(one, two), max(one, two)]) {
            try connection.execute(
                """
                UPDATE journal_entry SET moment = ?, actor = ?, action = ?, subject = ?, regency = ?, reason = ?,
                digest = ?, hash = ? WHERE number = ?
                """, values + [.integer(number)])
        }
    }
}

@Suite("A journal that somebody changed by hand")
struct TamperingTests {
    private struct Undo: Error { let verification: JournalVerification }

    @Test("is found out, wherever and however it was changed", arguments: Database.Engine.allCases)
    func property(engine: Database.Engine) throws {
        let count: Int64 = 25
        try TestDatabases.use(engine, migrations: [Journal.migrations]) { database in
            try database.write { connection in
                for index in 1...count {
                    try Journal.append(
                        JournalDraft(
                            actor: "program", action: "rows.linked", subject: "link-run:\(index)",
                            regency: index.isMultiple(of: 2) ? "35.10" : nil, reason: "run \(index)",
                            digest: index.isMultiple(of: 3) ? nil : [UInt8(index)]),
                        at: Moment(microseconds: index), on: connection)
                }
            }
            var generator = SeededGenerator(seed: 12)
            for tampering in Tampering.allCases {
                for _ in 0..<6 {
                    let number = Int64.random(in: 1...count, using: &generator)
                    let other = number % count + 1
                    let found = try Self.verify(database) {
                        try tampering.apply(to: number, and: other, of: count, on: $0)
                    }
                    #expect(found.fault != nil, "\(tampering) at \(number) was not found")
                    #expect(found.fault.map { $0.description.isEmpty } == false)
                    #expect(found.entries <= count)
                }
            }
            #expect(try database.read { try Journal.verify(on: $0) }.fault == nil)
        }
    }

    @Test("is told by the first entry that is wrong", arguments: Database.Engine.allCases)
    func places(engine: Database.Engine) throws {
        try TestDatabases.use(engine, migrations: [Journal.migrations]) { database in
            try database.write { connection in
                for index in 0..<5 {
                    try Journal.append(
                        JournalDraft(actor: "a", action: "b", subject: "c", regency: nil, reason: "\(index)"),
                        at: Moment(microseconds: 0), on: connection)
                }
            }
            func fault(_ sql: String) throws -> JournalVerification.Fault? {
                let found = try Self.verify(database, after: { _ = try $0.execute(sql) })
                return found.fault
            }
            #expect(try fault("UPDATE journal_entry SET reason = 'x' WHERE number = 3") == .changed(3))
            #expect(try fault("DELETE FROM journal_entry WHERE number = 2") == .missing(2))
            #expect(try fault("DELETE FROM journal_entry WHERE number = 5") == .missing(5))
            #expect(try fault("DELETE FROM journal_entry") == .missing(1))
            #expect(try fault("UPDATE journal_head SET number = 4") == .head)
            #expect(try fault("DELETE FROM journal_head") == .head)
        }
    }

    /// What a verification finds after a change, which is undone again.
    private static func verify(
        _ database: Database, after change: (any Connection) throws -> Void
    ) throws -> JournalVerification {
        do {
            try database.write { connection in
                try change(connection)
                throw Undo(verification: try Journal.verify(on: connection))
            }
        } catch let undo as Undo {
            return undo.verification
        }
        throw CancellationError()
    }
}
