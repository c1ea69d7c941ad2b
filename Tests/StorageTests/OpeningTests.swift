import Foundation
import Storage
import Testing
import TestSupport

@Suite("Opening")
struct OpeningTests {
    @Test("tells a wrong URL, and never its password")
    func badURL() {
        for url in [
            "", "mysql://a:geheim@b/c", "sqlite:", "sqlite::memory:", "file.db", "postgres://a:geheim@b:x:y/c?z",
        ] {
            let error = storageError { try Database.open(url) }
            guard case .badURL = error else {
                Issue.record("\(url): \(String(describing: error))")
                continue
            }
            #expect(error?.description.contains("geheim") == false)
        }
    }

    @Test("tells a server that is not there, without the password")
    func noServer() throws {
        let error = storageError {
            try Database.open("postgres://tepat:geheim@127.0.0.1:1/tepat")
        }
        guard case .cannotOpen("postgres://tepat@127.0.0.1:1/tepat", let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(!reason.contains("geheim"))
    }

    @Test("tells a wrong password")
    func wrongPassword() throws {
        let server = try #require(ProcessInfo.processInfo.environment["TEPAT_TEST_POSTGRES"])
        var parts = try #require(URLComponents(string: server))
        parts.password = "geheim"
        let error = storageError { try Database.open(try #require(parts.string)) }
        guard case .cannotOpen(_, let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.contains("password authentication failed"))
    }

    @Test("shows a name without password", arguments: Database.Engine.allCases)
    func name(engine: Database.Engine) throws {
        try TestDatabases.useURL(engine) { url in
            let database = try Database.open(url)
            #expect(database.engine == engine)
            let password = URLComponents(string: url)?.password
            if let password { #expect(!database.displayName.contains(password)) }
            #expect(database.displayName.hasPrefix(engine.rawValue + ":"))
            try database.close()
        }
    }

    @Test("needs the file's folder, and leaves a folder alone")
    func folder() throws {
        try TestDatabases.useFolder { folder in
            let missing = folder.appendingPathComponent("none/test.db").path
            for path in [missing, folder.path] {
                let error = storageError { try Database.open("sqlite:" + path) }
                guard case .cannotOpen(_, let reason) = error else {
                    Issue.record("\(String(describing: error))")
                    continue
                }
                #expect(reason.contains("folder"))
            }
            let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(left.isEmpty)
        }
    }

    @Test("leaves a file alone that is not a database")
    func notADatabase() throws {
        try TestDatabases.useFolder { folder in
            let file = folder.appendingPathComponent("letter.txt")
            let text = Data(String(repeating: "Dengan hormat, ", count: 1000).utf8)
            try text.write(to: file)
            let error = storageError { try Database.open("sqlite:" + file.path) }
            guard case .cannotOpen(_, let reason) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(reason.contains("not an SQLite database"))
            #expect(try Data(contentsOf: file) == text)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["letter.txt"])
        }
    }

    @Test("makes a file that only its owner can read")
    func permissions() throws {
        try TestDatabases.useFolder { folder in
            let file = folder.appendingPathComponent("test.db").path
            let database = try Database.open("sqlite:" + file)
            try database.migrate([Sample.tables])
            for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
                let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + "/" + name)
                #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
            }
            try database.close()
        }
    }

    @Test("tells a file that may not be written")
    func readOnly() throws {
        try TestDatabases.useFolder { folder in
            let file = folder.appendingPathComponent("test.db").path
            let database = try Database.open("sqlite:" + file)
            try database.migrate([Sample.tables])
            try database.close()
            let before = try Data(contentsOf: URL(fileURLWithPath: file))
            try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: file)
            let error = storageError {
                try withoutPrivileges { _ = try Database.open("sqlite:" + file) }
            }
            guard case .readOnly = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == before)
        }
    }

    /// Runs `body` on a thread for which the permissions of files count, also where the tests run as root.
    private func withoutPrivileges(_ body: () throws -> Void) throws {
        #if os(Linux)
            guard geteuid() == 0 else { return try body() }
            // The user as whom this thread alone sees files.
            typealias SetUser = @convention(c) (UInt32) -> Int32
            let setUser = unsafeBitCast(try #require(dlsym(nil, "setfsuid")), to: SetUser.self)
            _ = setUser(65534)
            defer { _ = setUser(0) }
        #endif
        try body()
    }

    @Test("again finds what was kept", arguments: Database.Engine.allCases)
    func reopen(engine: Database.Engine) throws {
        try TestDatabases.useURL(engine) { url in
            let first = try Database.open(url)
            try first.migrate([Sample.tables])
            try first.write { try Sample.addFamily(1, $0) }
            try first.close()
            try first.close()
            #expect(throws: StorageError.self) { try first.read { _ in } }
            #expect(throws: StorageError.self) { try first.write { _ in } }
            let second = try Database.open(url)
            #expect(try Sample.families(second) == 1)
            try second.close()
        }
    }
}
