import Foundation
import Testing

@Suite("Tampering")
struct TamperTests {
    /// A change made behind the program's back, and what must be said of it.
    struct Tampering: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let statements: [String]
        let words: [String]

        init(_ name: String, _ statements: [String], says words: [String]) {
            testDescription = name
            self.statements = statements
            self.words = words
        }
    }

    /// The entries of the journal are: made, the sources in the order of their names (13), linked, assessed twice.
    static let journal = [
        Tampering(
            "an entry changed", ["UPDATE journal_entry SET reason = 'other' WHERE number = 3"], says: ["entry 3"]),
        Tampering(
            "an entry's moment changed", ["UPDATE journal_entry SET moment = moment + 1 WHERE number = 5"],
            says: ["entry 5"]),
        Tampering(
            "an entry's hash changed", ["UPDATE journal_entry SET hash = zeroblob(32) WHERE number = 4"],
            says: ["entry 4"]),
        Tampering("an entry removed", ["DELETE FROM journal_entry WHERE number = 3"], says: ["entry 3 is missing"]),
        Tampering(
            "the last entry removed", ["DELETE FROM journal_entry WHERE number = 17"], says: ["entry 17 is missing"]),
        Tampering(
            "two entries swapped",
            [
                "UPDATE journal_entry SET number = -1 WHERE number = 3",
                "UPDATE journal_entry SET number = 3 WHERE number = 4",
                "UPDATE journal_entry SET number = 4 WHERE number = -1",
            ], says: ["entry 3"]),
        Tampering(
            "an entry added",
            [
                """
                INSERT INTO journal_entry (number, moment, actor, action, subject, regency, reason, digest, hash)
                SELECT 18, moment, actor, action, subject, regency, reason, digest, hash FROM journal_entry WHERE number = 17
                """
            ], says: ["entry 18"]),
        Tampering("the head changed", ["UPDATE journal_head SET hash = zeroblob(32)"], says: ["head"]),
        Tampering("all entries removed", ["DELETE FROM journal_entry", "DELETE FROM journal_head"], says: ["entry 1"]),
    ]

    /// Batch 3 is of bpjs-tk, 9 of dukcapil.
    static let sourceRows = [
        Tampering(
            "a source row's content changed",
            [
                """
                UPDATE source_block SET sealed = zeroblob(length(sealed)) WHERE batch = 3 AND block = (
                    SELECT max(block) FROM source_block WHERE batch = 3 AND block <= 5)
                """
            ],
            says: ["batch 3, line 2"]),
        Tampering(
            "a source row's content exchanged",
            [
                """
                UPDATE source_row SET digest = (SELECT digest FROM source_row WHERE batch = 3 AND line = 6)
                WHERE batch = 3 AND line = 5
                """
            ], says: ["batch 3"]),
        Tampering(
            "whom a source row speaks of changed",
            [
                """
                UPDATE source_row SET nik = (SELECT nik FROM source_row WHERE batch = 3 AND line = 6)
                WHERE batch = 3 AND line = 5
                """
            ], says: ["batch 3"]),
        Tampering("a source row removed", ["DELETE FROM source_row WHERE batch = 3 AND line = 5"], says: ["batch 3"]),
        Tampering("a batch's rows removed", ["DELETE FROM source_row WHERE batch = 3"], says: ["batch 3"]),
        Tampering(
            "a source row doubled",
            [
                """
                INSERT INTO source_row SELECT regency, batch, 99999, row_key, digest, nik, family_number
                FROM source_row WHERE batch = 3 AND line = 5
                """
            ], says: ["batch 3"]),
        Tampering(
            "two source rows swapped",
            [
                "UPDATE source_row SET line = -1 WHERE batch = 3 AND line = 5",
                "UPDATE source_row SET line = 5 WHERE batch = 3 AND line = 6",
                "UPDATE source_row SET line = 6 WHERE batch = 3 AND line = -1",
            ], says: ["batch 3"]),
        Tampering(
            "a source row moved to another batch",
            ["UPDATE source_row SET batch = 4, line = 99999 WHERE batch = 3 AND line = 5"],
            says: ["batch 3", "batch 4"]),
    ]

    static let links = [
        Tampering(
            "a link changed", ["UPDATE link SET person = person + 1 WHERE batch = 9 AND line = 2"], says: ["run 1"]),
        Tampering(
            "a link's ground changed", ["UPDATE link SET ground = 'other' WHERE batch = 9 AND line = 2"],
            says: ["run 1"]),
        Tampering("a link removed", ["DELETE FROM link WHERE batch = 9 AND line = 2"], says: ["run 1"]),
        Tampering("a link ended", ["UPDATE link SET until = 1 WHERE batch = 9 AND line = 2"], says: ["run 1"]),
        Tampering(
            "two links swapped",
            [
                "UPDATE link SET line = -1 WHERE batch = 9 AND line = 2",
                "UPDATE link SET line = 2 WHERE batch = 9 AND line = 3",
                "UPDATE link SET line = 3 WHERE batch = 9 AND line = -1",
            ], says: ["run 1"]),
    ]

    static let determinations = [
        Tampering(
            "a determination's outcome changed",
            [
                """
                UPDATE determination SET outcome = 'funded', amount = 600000 WHERE assessment = 1 AND family =
                (SELECT min(family) FROM determination WHERE assessment = 1 AND outcome = 'waitlisted')
                """
            ], says: ["assessment 1"]),
        Tampering(
            "a determination's amount changed",
            ["UPDATE determination SET amount = amount + 1 WHERE assessment = 2 AND family = 3"], says: ["assessment 2"]
        ),
        Tampering(
            "a determination removed", ["DELETE FROM determination WHERE assessment = 1 AND family = 3"],
            says: ["assessment 1"]),
        Tampering(
            "a determination added",
            [
                """
                INSERT INTO determination SELECT regency, assessment, 99999, village, outcome, priority_rank, amount,
                failed, missing, waiting, keeps, notice, watched FROM determination WHERE assessment = 1 AND family = 3
                """
            ], says: ["assessment 1"]),
        Tampering(
            "a determination added with an outcome that does not exist",
            [
                """
                INSERT INTO determination SELECT regency, assessment, 99999, village, 'other', priority_rank, amount,
                failed, missing, waiting, keeps, notice, watched FROM determination WHERE assessment = 1 AND family = 3
                """
            ], says: ["assessment 1"]),
        Tampering(
            "two determinations swapped",
            [
                "UPDATE determination SET family = -1 WHERE assessment = 1 AND family = 3",
                "UPDATE determination SET family = 3 WHERE assessment = 1 AND family = 100",
                "UPDATE determination SET family = 100 WHERE assessment = 1 AND family = -1",
            ], says: ["assessment 1"]),
    ]

    @Test(
        "what was changed, removed, added or swapped afterwards is found and named",
        arguments: journal + sourceRows + links + determinations)
    func found(_ tampering: Tampering) throws {
        try MadeUp.use(.assessed) { place in
            let before = try place.snapshot(telling: true)
            for statement in tampering.statements { try place.change(statement) }
            try #require(try place.snapshot(telling: true) != before)
            let outcome = try place.run("journal", "verify")
            #expect(outcome.status == 1 && !outcome.wasKilled, "\(outcome)")
            for word in tampering.words { #expect(outcome.output.contains(word), "it says “\(word)”: \(outcome)") }

            let answer = try place.run("journal", "verify", "--json")
            #expect(answer.status == 1)
            let json = try answer.json()
            #expect(json["ok"] == .truth(false))
            #expect(json["faults"]?.elements.isEmpty == false)
        }
    }

    @Test("a head noted before tells a journal that goes on from one that was written anew")
    func head() throws {
        try MadeUp.use(.assessed) { place in
            let head = try #require(place.run("journal", "verify", "--json").json()["head"]?.text)
            try place.run("assess", "pkh", "--quota", "10").expectDone()
            try place.run("journal", "verify", "--head", head).expectDone()
            try place.run("journal", "verify", "--head", head.uppercased()).expectDone()
            // Whoever may write everything can take back the last entries so that what is left is sound.
            try place.change("DELETE FROM journal_entry WHERE number >= 17")
            try place.change("DELETE FROM determination WHERE assessment >= 2")
            try place.change("DELETE FROM assessment_figure WHERE assessment >= 2")
            try place.change("DELETE FROM assessment WHERE assessment >= 2")
            try place.change(
                "UPDATE journal_head SET number = 16, hash = (SELECT hash FROM journal_entry WHERE number = 16)")
            try place.expectSound()
            let outcome = try place.run("journal", "verify", "--head", head)
            #expect(outcome.status == 1)
            #expect(outcome.output.contains(head) && outcome.output.contains("written anew"), "\(outcome)")
        }
    }
}
