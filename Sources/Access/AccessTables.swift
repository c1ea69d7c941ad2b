import Storage

/// The tables of accounts. Nothing in them opens a door by itself: passwords are hashed with scrypt, tokens with SHA-256,
/// recovery codes with a keyed hash, and what the authenticator shares with the server is sealed.
enum AccessTables {
    static let migrations = Migrations(
        module: "access",
        versions: [
            [
                """
                CREATE TABLE account (
                    account INTEGER PRIMARY KEY NOT NULL,
                    name TEXT NOT NULL UNIQUE,
                    full_name TEXT NOT NULL,
                    nik BLOB,
                    is_program INTEGER NOT NULL,
                    state TEXT NOT NULL,
                    password TEXT,
                    must_change INTEGER NOT NULL,
                    authenticator_hash BLOB,
                    authenticator BLOB,
                    authenticator_step INTEGER,
                    made INTEGER NOT NULL
                ) STRICT
                """,
                """
                CREATE TABLE duty (
                    duty INTEGER PRIMARY KEY NOT NULL,
                    account INTEGER NOT NULL,
                    role TEXT NOT NULL,
                    region TEXT NOT NULL,
                    granted INTEGER NOT NULL,
                    granted_by TEXT NOT NULL,
                    confirmed INTEGER,
                    confirmed_by TEXT,
                    ended INTEGER,
                    ended_by TEXT
                ) STRICT
                """,
                "CREATE INDEX duty_account ON duty (account, duty)",
                """
                CREATE TABLE recovery_code (
                    account INTEGER NOT NULL,
                    code BLOB NOT NULL,
                    used INTEGER,
                    PRIMARY KEY (account, code)
                ) STRICT, WITHOUT ROWID
                """,
                """
                CREATE TABLE device (
                    device BLOB PRIMARY KEY NOT NULL,
                    account INTEGER NOT NULL,
                    number INTEGER NOT NULL,
                    label TEXT NOT NULL,
                    first_seen INTEGER NOT NULL,
                    last_seen INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID
                """,
                "CREATE INDEX device_account ON device (account, number)",
                """
                CREATE TABLE session (
                    session BLOB PRIMARY KEY NOT NULL,
                    account INTEGER NOT NULL,
                    device BLOB,
                    stage TEXT NOT NULL,
                    new_secret_hash BLOB,
                    new_secret BLOB,
                    begun INTEGER NOT NULL,
                    seen INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID
                """,
                "CREATE INDEX session_account ON session (account)",
                """
                CREATE TABLE wrong_try (
                    subject BLOB PRIMARY KEY NOT NULL,
                    wrong INTEGER NOT NULL,
                    last INTEGER NOT NULL,
                    before INTEGER
                ) STRICT, WITHOUT ROWID
                """,
                "CREATE INDEX wrong_try_last ON wrong_try (last)",
                """
                CREATE TABLE api_key (
                    account INTEGER NOT NULL,
                    name TEXT NOT NULL,
                    jwk TEXT NOT NULL,
                    PRIMARY KEY (account, name)
                ) STRICT, WITHOUT ROWID
                """,
                """
                CREATE TABLE used_assertion (
                    assertion BLOB PRIMARY KEY NOT NULL,
                    until INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID
                """,
                "CREATE INDEX used_assertion_until ON used_assertion (until)",
            ]
        ])
}
