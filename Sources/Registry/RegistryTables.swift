import Storage

/// The registry's tables.
///
/// Source rows are only ever added. What was known at a moment is the last link run that had finished by then: `since` is
/// the run from which a row of a table holds, `until` the run from which it no longer does (null: it still holds).
enum RegistryTables {
    static let migrations = Migrations(
        module: "registry",
        versions: [
            [
                """
                CREATE TABLE region (
                    code TEXT NOT NULL PRIMARY KEY,
                    level TEXT NOT NULL,
                    name TEXT NOT NULL,
                    search TEXT NOT NULL
                ) STRICT, WITHOUT ROWID
                """,
                """
                CREATE TABLE registry (
                    regency TEXT NOT NULL PRIMARY KEY,
                    made INTEGER NOT NULL,
                    locked_secret BLOB NOT NULL
                ) STRICT
                """,
                """
                CREATE TABLE source_description (
                    regency TEXT NOT NULL,
                    digest BLOB NOT NULL,
                    source TEXT NOT NULL,
                    content TEXT NOT NULL,
                    PRIMARY KEY (regency, digest)
                ) STRICT, WITHOUT ROWID
                """,
                """
                CREATE TABLE batch (
                    regency TEXT NOT NULL,
                    batch INTEGER NOT NULL,
                    source TEXT NOT NULL,
                    description BLOB NOT NULL,
                    file_name TEXT NOT NULL,
                    file_digest BLOB NOT NULL,
                    delivered TEXT NOT NULL,
                    begun INTEGER NOT NULL,
                    completed INTEGER,
                    next_line INTEGER NOT NULL,
                    rows INTEGER NOT NULL,
                    accepted INTEGER NOT NULL,
                    quarantined INTEGER NOT NULL,
                    duplicates INTEGER NOT NULL,
                    digest BLOB NOT NULL,
                    PRIMARY KEY (regency, batch),
                    UNIQUE (regency, source, file_digest, description),
                    FOREIGN KEY (regency, description) REFERENCES source_description (regency, digest)
                ) STRICT, WITHOUT ROWID
                """,
                """
                CREATE TABLE source_row (
                    regency TEXT NOT NULL,
                    batch INTEGER NOT NULL,
                    line INTEGER NOT NULL,
                    row_key INTEGER NOT NULL,
                    digest BLOB NOT NULL,
                    nik BLOB,
                    family_number BLOB,
                    PRIMARY KEY (regency, batch, line)
                ) STRICT, WITHOUT ROWID
                """,
                """
                CREATE TABLE source_block (
                    regency TEXT NOT NULL,
                    batch INTEGER NOT NULL,
                    block INTEGER NOT NULL,
                    digest BLOB NOT NULL,
                    sealed BLOB NOT NULL,
                    PRIMARY KEY (regency, batch, block)
                ) STRICT
                """,
                """
                CREATE TABLE source_row_end (
                    regency TEXT NOT NULL,
                    batch INTEGER NOT NULL,
                    line INTEGER NOT NULL,
                    ended_by INTEGER NOT NULL,
                    PRIMARY KEY (regency, batch, line, ended_by)
                ) STRICT, WITHOUT ROWID
                """,
                """
                CREATE TABLE quarantine (
                    regency TEXT NOT NULL,
                    batch INTEGER NOT NULL,
                    line INTEGER NOT NULL,
                    field TEXT NOT NULL,
                    reason TEXT NOT NULL,
                    digest BLOB NOT NULL,
                    sealed BLOB NOT NULL,
                    PRIMARY KEY (regency, batch, line)
                ) STRICT, WITHOUT ROWID
                """,
                """
                CREATE TABLE link_run (
                    regency TEXT NOT NULL,
                    run INTEGER NOT NULL,
                    begun INTEGER NOT NULL,
                    completed INTEGER NOT NULL,
                    day TEXT NOT NULL,
                    persons INTEGER NOT NULL,
                    families INTEGER NOT NULL,
                    linked INTEGER NOT NULL,
                    unlinked INTEGER NOT NULL,
                    shared_niks INTEGER NOT NULL,
                    digest BLOB NOT NULL,
                    PRIMARY KEY (regency, run)
                ) STRICT, WITHOUT ROWID
                """,
                """
                CREATE TABLE person (
                    regency TEXT NOT NULL,
                    person INTEGER NOT NULL,
                    nik BLOB NOT NULL,
                    sealed BLOB NOT NULL,
                    PRIMARY KEY (regency, person),
                    UNIQUE (regency, nik)
                ) STRICT, WITHOUT ROWID
                """,
                """
                CREATE TABLE family (
                    regency TEXT NOT NULL,
                    family INTEGER NOT NULL,
                    number BLOB NOT NULL,
                    sealed BLOB NOT NULL,
                    PRIMARY KEY (regency, family),
                    UNIQUE (regency, number)
                ) STRICT, WITHOUT ROWID
                """,
                """
                CREATE TABLE family_residence (
                    regency TEXT NOT NULL,
                    family INTEGER NOT NULL,
                    since INTEGER NOT NULL,
                    until INTEGER,
                    village TEXT NOT NULL,
                    PRIMARY KEY (regency, family, since)
                ) STRICT, WITHOUT ROWID
                """,
                """
                CREATE TABLE family_member (
                    regency TEXT NOT NULL,
                    family INTEGER NOT NULL,
                    person INTEGER NOT NULL,
                    since INTEGER NOT NULL,
                    until INTEGER,
                    state TEXT NOT NULL,
                    batch INTEGER NOT NULL,
                    line INTEGER NOT NULL,
                    PRIMARY KEY (regency, family, person, since)
                ) STRICT, WITHOUT ROWID
                """,
                "CREATE INDEX family_member_person ON family_member (regency, person, since)",
                """
                CREATE TABLE link (
                    regency TEXT NOT NULL,
                    batch INTEGER NOT NULL,
                    line INTEGER NOT NULL,
                    since INTEGER NOT NULL,
                    until INTEGER,
                    family INTEGER,
                    person INTEGER,
                    ground TEXT NOT NULL,
                    PRIMARY KEY (regency, batch, line, since)
                ) STRICT, WITHOUT ROWID
                """,
                """
                CREATE TABLE evidence (
                    regency TEXT NOT NULL,
                    family INTEGER NOT NULL,
                    person INTEGER NOT NULL,
                    batch INTEGER NOT NULL,
                    line INTEGER NOT NULL,
                    since INTEGER NOT NULL,
                    until INTEGER,
                    dated INTEGER NOT NULL,
                    content BLOB NOT NULL,
                    PRIMARY KEY (regency, family, person, batch, line, since)
                ) STRICT, WITHOUT ROWID
                """,
            ],
            [
                """
                CREATE TABLE link_lesson (
                    regency TEXT NOT NULL,
                    run INTEGER NOT NULL,
                    source TEXT NOT NULL,
                    threshold REAL NOT NULL,
                    listed REAL NOT NULL,
                    hidden INTEGER NOT NULL,
                    linked INTEGER NOT NULL,
                    correct INTEGER NOT NULL,
                    reviewed INTEGER NOT NULL,
                    models TEXT NOT NULL,
                    PRIMARY KEY (regency, run, source)
                ) STRICT, WITHOUT ROWID
                """,
                """
                CREATE TABLE link_candidate (
                    regency TEXT NOT NULL,
                    batch INTEGER NOT NULL,
                    line INTEGER NOT NULL,
                    since INTEGER NOT NULL,
                    place INTEGER NOT NULL,
                    until INTEGER,
                    person INTEGER NOT NULL,
                    weight REAL NOT NULL,
                    probability REAL NOT NULL,
                    PRIMARY KEY (regency, batch, line, since, place)
                ) STRICT, WITHOUT ROWID
                """,
                """
                CREATE TABLE link_decision (
                    regency TEXT NOT NULL,
                    decision INTEGER NOT NULL,
                    at INTEGER NOT NULL,
                    actor TEXT NOT NULL,
                    batch INTEGER NOT NULL,
                    line INTEGER NOT NULL,
                    person INTEGER NOT NULL,
                    answer TEXT NOT NULL,
                    note TEXT NOT NULL,
                    undoes INTEGER,
                    PRIMARY KEY (regency, decision)
                ) STRICT, WITHOUT ROWID
                """,
                """
                CREATE TABLE link_value (
                    regency TEXT NOT NULL,
                    batch INTEGER NOT NULL,
                    line INTEGER NOT NULL,
                    rupiah INTEGER NOT NULL,
                    PRIMARY KEY (regency, batch, line)
                ) STRICT, WITHOUT ROWID
                """,
                "CREATE INDEX link_decision_row ON link_decision (regency, batch, line, decision)",
            ],
            [
                """
                CREATE TABLE shared_card (
                    regency TEXT NOT NULL,
                    family INTEGER NOT NULL,
                    since INTEGER NOT NULL,
                    until INTEGER,
                    other INTEGER NOT NULL,
                    members INTEGER NOT NULL,
                    has_head INTEGER NOT NULL,
                    PRIMARY KEY (regency, family, since)
                ) STRICT, WITHOUT ROWID
                """,
                "CREATE INDEX link_value_rupiah ON link_value (regency, rupiah DESC)",
                """
                CREATE INDEX link_candidate_likeliest ON link_candidate (regency, probability DESC, batch, line)
                WHERE place = 0 AND until IS NULL
                """,
                // How many rows a run left to people; null of runs from before it was kept.
                "ALTER TABLE link_run ADD COLUMN in_review INTEGER",
            ],
        ])
}
