import Testing

@testable import Storage

@Suite("The SQL of both engines")
struct SQLTextTests {
    @Test(
        "is translated for PostgreSQL word by word, outside of quotes and comments",
        arguments: [
            ("SELECT a FROM b WHERE c = ? AND d = ?", "SELECT a FROM b WHERE c = $1 AND d = $2"),
            ("SELECT '?', \"?\", 'it''s ?' , ?", "SELECT '?', \"?\", 'it''s ?' , $1"),
            ("SELECT ? -- what?\n, ?", "SELECT $1  \n, $2"),
            ("SELECT /* ? */ ?", "SELECT   $1"),
            ("SELECT x'0aFF', max_x", "SELECT '\\x0aFF'::bytea, max_x"),
            (
                "SELECT CAST(a AS INTEGER), CAST(b AS REAL), CAST(c AS TEXT)",
                "SELECT CAST(a AS BIGINT), CAST(b AS DOUBLE PRECISION), CAST(c AS TEXT)"
            ),
            (
                "CREATE TABLE t (a INTEGER PRIMARY KEY NOT NULL, b TEXT, c BLOB, d REAL) STRICT, WITHOUT ROWID",
                "CREATE TABLE t (a BIGINT PRIMARY KEY NOT NULL, b TEXT COLLATE \"C\", c BYTEA, d DOUBLE PRECISION)  "
            ),
            (
                "CREATE TABLE t (a TEXT CHECK (CAST(a AS TEXT) <> '')) strict",
                "CREATE TABLE t (a TEXT COLLATE \"C\" CHECK (CAST(a AS TEXT) <> '')) "
            ),
            ("CREATE TABLE t (strict INTEGER)", "CREATE TABLE t (strict BIGINT)"),
            ("ALTER TABLE t ADD COLUMN a TEXT", "ALTER TABLE t ADD COLUMN a TEXT COLLATE \"C\""),
            ("CREATE INDEX i ON t (a) WHERE b = 'TEXT'", "CREATE INDEX i ON t (a) WHERE b = 'TEXT'"),
            ("SELECT integer_part, e1, 1e5", "SELECT integer_part, e1, 1e5"),
        ])
    func translation(sql: String, postgres: String) {
        let text = SQLText(sql).postgres()
        #expect(text.trimmingSpaces == postgres.trimmingSpaces)
    }

    @Test("leaves out what is null")
    func nulls() {
        #expect(SQLText("SELECT ?, ?, ?").postgres { $0 != 1 } == "SELECT $1, NULL, $2")
    }

    @Test(
        "is known by what it does",
        arguments: [
            ("SELECT 1", SQLText.Kind.query), ("  with a as (select 1) select * from a", .query),
            ("VALUES (1)", .query),
            ("WITH a AS (SELECT 1) INSERT INTO b SELECT * FROM a", .change), ("insert into a values (1)", .change),
            ("-- first\nDELETE FROM a", .change), ("SELECT 'DELETE'", .query), ("BEGIN", .transaction),
            ("Savepoint a", .transaction), ("CREATE TABLE a (b INTEGER REFERENCES c ON DELETE CASCADE)", .other),
            ("PRAGMA page_count", .other), ("", .other),
        ])
    func kinds(sql: String, kind: SQLText.Kind) {
        #expect(SQLText(sql).kind == kind)
    }

    @Test("is one statement at a time")
    func several() {
        #expect(SQLText("SELECT 1; SELECT 2").hasSeveralStatements)
        #expect(!SQLText("SELECT ';' ; -- SELECT 2").hasSeveralStatements)
    }
}

extension String {
    /// The text without spaces at its end, with one space where there are several.
    fileprivate var trimmingSpaces: String {
        split(separator: " ").joined(separator: " ")
    }
}
