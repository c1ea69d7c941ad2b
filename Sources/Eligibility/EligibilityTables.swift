import Storage

/// The tables of eligibility. Assessments are only ever added.
public enum Eligibility {
    /// The tables, for `Database.migrate`.
    public static let migrations = Migrations(
        module: "eligibility",
        versions: [
            [
                """
                CREATE TABLE programme_version (
                    regency TEXT NOT NULL,
                    digest BLOB NOT NULL,
                    programme TEXT NOT NULL,
                    version TEXT NOT NULL,
                    content TEXT NOT NULL,
                    PRIMARY KEY (regency, digest)
                ) STRICT, WITHOUT ROWID
                """,
                """
                CREATE TABLE assessment (
                    regency TEXT NOT NULL,
                    assessment INTEGER NOT NULL,
                    programme TEXT NOT NULL,
                    description BLOB NOT NULL,
                    link_run INTEGER NOT NULL,
                    day TEXT NOT NULL,
                    quota INTEGER NOT NULL,
                    engine TEXT NOT NULL,
                    begun INTEGER NOT NULL,
                    completed INTEGER NOT NULL,
                    families INTEGER NOT NULL,
                    ineligible INTEGER NOT NULL,
                    undetermined INTEGER NOT NULL,
                    funded INTEGER NOT NULL,
                    waitlisted INTEGER NOT NULL,
                    amount INTEGER NOT NULL,
                    digest BLOB NOT NULL,
                    PRIMARY KEY (regency, assessment),
                    FOREIGN KEY (regency, description) REFERENCES programme_version (regency, digest)
                ) STRICT, WITHOUT ROWID
                """,
                """
                CREATE TABLE determination (
                    regency TEXT NOT NULL,
                    assessment INTEGER NOT NULL,
                    family INTEGER NOT NULL,
                    village TEXT NOT NULL,
                    outcome TEXT NOT NULL,
                    priority_rank INTEGER,
                    amount INTEGER NOT NULL,
                    failed TEXT NOT NULL,
                    missing TEXT NOT NULL,
                    PRIMARY KEY (regency, assessment, family)
                ) STRICT, WITHOUT ROWID
                """,
                """
                CREATE TABLE assessment_figure (
                    regency TEXT NOT NULL,
                    assessment INTEGER NOT NULL,
                    village TEXT NOT NULL,
                    families INTEGER NOT NULL,
                    ineligible INTEGER NOT NULL,
                    undetermined INTEGER NOT NULL,
                    funded INTEGER NOT NULL,
                    waitlisted INTEGER NOT NULL,
                    amount INTEGER NOT NULL,
                    PRIMARY KEY (regency, assessment, village)
                ) STRICT, WITHOUT ROWID
                """,
            ],
            [
                // Nobody keeps a place from an assessment that was made before there were notices but those it funded.
                "ALTER TABLE assessment ADD COLUMN previous INTEGER",
                "ALTER TABLE assessment ADD COLUMN kept INTEGER NOT NULL DEFAULT 0",
                "ALTER TABLE assessment_figure ADD COLUMN kept INTEGER NOT NULL DEFAULT 0",
                "ALTER TABLE determination ADD COLUMN waiting INTEGER",
                "ALTER TABLE determination ADD COLUMN keeps TEXT NOT NULL DEFAULT ''",
                "ALTER TABLE determination ADD COLUMN notice TEXT NOT NULL DEFAULT ''",
                "ALTER TABLE determination ADD COLUMN watched TEXT NOT NULL DEFAULT ''",
                """
                CREATE TABLE notice_given (
                    regency TEXT NOT NULL,
                    assessment INTEGER NOT NULL,
                    day TEXT NOT NULL,
                    recorded INTEGER NOT NULL,
                    PRIMARY KEY (regency, assessment)
                ) STRICT, WITHOUT ROWID
                """,
                """
                CREATE TABLE notice_action (
                    regency TEXT NOT NULL,
                    assessment INTEGER NOT NULL,
                    family INTEGER NOT NULL,
                    recorded INTEGER NOT NULL,
                    action TEXT NOT NULL,
                    actor TEXT NOT NULL,
                    words TEXT NOT NULL,
                    PRIMARY KEY (regency, assessment, family, recorded, action)
                ) STRICT, WITHOUT ROWID
                """,
            ],
        ])

    /// The version of the rules engine: with programme and evidence it fixes the determinations.
    public static let engine = "2"
}
