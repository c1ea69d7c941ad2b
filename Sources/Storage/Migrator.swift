extension Database {
    /// Brings each module's tables to the newest version.
    ///
    /// Each version is made in a transaction of its own, together with its record in the table `schema_version`, so
    /// that a run that dies goes on where it was. Where one module's tables are newer than the program, or were made by
    /// other steps than the program's, nothing is touched.
    /// - Throws: ``StorageError/newer(module:database:program:)``,
    ///   ``StorageError/migration(module:version:reason:)``, and what a write throws.
    public func migrate(_ modules: [Migrations]) throws(StorageError) {
        do {
            let records = try read { connection in
                try self.hasSchemaVersions(connection) ? try self.records(connection) : [:]
            }
            for module in modules { try check(module, against: records[module.module] ?? []) }
            guard modules.contains(where: { (records[$0.module] ?? []).count < $0.versions.count }) else { return }
            defer { backend.forgetStatements() }
            try write { connection in
                guard try !self.hasSchemaVersions(connection) else { return }
                try connection.execute(
                    """
                    CREATE TABLE schema_version (
                        module TEXT NOT NULL,
                        version INTEGER NOT NULL,
                        checksum INTEGER NOT NULL,
                        PRIMARY KEY (module, version)
                    ) STRICT, WITHOUT ROWID
                    """)
            }
            for module in modules {
                for version in (records[module.module] ?? []).count..<module.versions.count {
                    try step(module, to: version + 1)
                }
            }
        } catch let error as StorageError {
            throw error
        } catch {
            throw .refused(sql: "schema_version", reason: "\(error)")
        }
    }

    private func hasSchemaVersions(_ connection: any Connection) throws -> Bool {
        let tables =
            switch engine {
            case .sqlite: "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'schema_version'"
            case .postgres:
                """
                SELECT count(*) FROM pg_catalog.pg_tables
                WHERE schemaname = current_schema() AND tablename = 'schema_version'
                """
            }
        return try connection.count(tables) > 0
    }

    /// The checksums of each module's versions, in order.
    private func records(_ connection: any Connection) throws -> [String: [Int64]] {
        var records: [String: [Int64]] = [:]
        try connection.forEach("SELECT module, version, checksum FROM schema_version ORDER BY module, version", []) {
            let module = $0.text(0)
            guard $0.int64(1) == Int64(records[module, default: []].count) + 1 else {
                throw StorageError.migration(
                    module: module, version: records[module, default: []].count + 1,
                    reason: "its record is missing from the table schema_version")
            }
            records[module, default: []].append($0.int64(2))
        }
        return records
    }

    private func check(_ module: Migrations, against records: [Int64]) throws(StorageError) {
        guard records.count <= module.versions.count else {
            throw .newer(module: module.module, database: records.count, program: module.versions.count)
        }
        for (index, checksum) in records.enumerated() where checksum != module.checksum(of: index) {
            throw .migration(
                module: module.module, version: index + 1,
                reason: "the database was made with other statements than this program's")
        }
    }

    private func step(_ module: Migrations, to version: Int) throws {
        do {
            try write { connection in
                // Another process may have been faster.
                let reached = try connection.count(
                    "SELECT count(*) FROM schema_version WHERE module = ?", [.text(module.module)])
                guard reached < version else { return }
                for statement in module.versions[version - 1] { try connection.execute(statement) }
                try connection.execute(
                    "INSERT INTO schema_version (module, version, checksum) VALUES (?, ?, ?)",
                    [.text(module.module), .integer(Int64(version)), .integer(module.checksum(of: version - 1))])
            }
        } catch let error as StorageError {
            switch error {
            case .refused, .constraint:
                throw StorageError.migration(module: module.module, version: version, reason: error.description)
            default: throw error
            }
        }
    }
}

extension Migrations {
    /// Tells an edited step from the one that was released: FNV-1a over its statements.
    fileprivate func checksum(of index: Int) -> Int64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for statement in versions[index] {
            for byte in statement.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            hash = (hash ^ 0xff) &* 0x100_0000_01b3
        }
        return Int64(bitPattern: hash)
    }
}
