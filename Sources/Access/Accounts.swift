import Foundation
import Journal
import Registry
import Storage

/// The accounts of those who work with a registry.
///
/// Each change is an entry in the journal about `account:NAME`. Reads and writes block; call them off the event loop.
public struct Accounts: Sendable {
    let registry: Registry
    let policy: SignInPolicy

    /// The accounts beside a registry.
    public init(_ registry: Registry, policy: SignInPolicy = SignInPolicy()) {
        self.registry = registry
        self.policy = policy
    }

    /// The tables, for ``Database/migrate(_:)``.
    public static let migrations = AccessTables.migrations

    /// How many seconds a session can last.
    public var sessionSeconds: Int { Int(policy.longest) }

    /// Whether the region is a demonstration's, with made-up people.
    public var acceptsMadeUp: Bool { registry.pack.acceptsMadeUp }

    var database: Database { registry.database }
    var now: Moment { registry.clock.now }
    var tries: WrongTries { WrongTries(policy: policy, vault: registry.vault) }

    /// As the journal names an account, as actor and as subject.
    public static func subject(_ name: String) -> String { "account:\(name)" }

    func note(
        _ action: String, of name: String, by actor: String, _ reason: String, on connection: any Connection
    ) throws {
        try Journal.append(
            JournalDraft(
                actor: actor, action: action, subject: Self.subject(name), regency: registry.pack.regency.text,
                reason: reason),
            at: now, on: connection)
    }

    // MARK: Reading

    /// All accounts that are not closed, by name; the closed ones too where asked for.
    public func all(closed: Bool = false) throws -> [Account] {
        try database.read { connection in
            try read(on: connection).filter { closed || $0.state != .closed }
        }
    }

    /// An account.
    ///
    /// - Throws: ``AccessError/unknownAccount(_:)``.
    public func account(_ name: String) throws -> Account {
        try database.read { try account(name, on: $0) }
    }

    func account(_ name: String, on connection: any Connection) throws -> Account {
        guard let account = try read(where: "WHERE name = ?", [.text(name)], on: connection).first else {
            throw AccessError.unknownAccount(name)
        }
        return account
    }

    func read(
        where condition: String = "", _ arguments: [SQLValue] = [], on connection: any Connection
    ) throws -> [Account] {
        let now = now
        return try connection.query(
            """
            SELECT account, name, full_name, state, made, authenticator_hash IS NOT NULL AS has, must_change, is_program
            FROM account
            \(condition) ORDER BY name
            """, arguments
        ) { cursor in
            (
                number: cursor.int64(0), name: cursor.text(1), fullName: cursor.text(2),
                state: Account.State(rawValue: cursor.text(3)) ?? .closed, made: cursor.int64(4),
                has: cursor.int64(5) != 0, must: cursor.int64(6) != 0, isProgram: cursor.int64(7) != 0
            )
        }.map { row in
            Account(
                number: row.number, name: row.name, fullName: row.fullName, isProgram: row.isProgram, state: row.state,
                made: Moment(microseconds: row.made), hasAuthenticator: row.has, mustChange: row.must,
                isLocked: try tries.isLocked(tries.account(row.name), at: now, on: connection),
                duties: try duties(of: row.number, on: connection))
        }
    }

    /// The duties of an account that have not ended.
    func duties(of account: Int64, on connection: any Connection) throws -> [Duty] {
        try connection.query(
            """
            SELECT duty, role, region, granted_by, confirmed FROM duty WHERE account = ? AND ended IS NULL ORDER BY duty
            """, [.integer(account)], Self.duty
        ).compactMap(\.self)
    }

    private static func duty(_ cursor: any Cursor) -> Duty? {
        guard let role = Role(rawValue: cursor.text(1)), let region = RegionCode(cursor.text(2)) else { return nil }
        return Duty(
            number: cursor.int64(0), role: role, region: region, grantedBy: cursor.text(3),
            isConfirmed: !cursor.isNull(4))
    }

    /// The latest entries of the journal, the last first: about one subject, or about all. That somebody has read them is
    /// itself noted, once for each reading.
    ///
    /// - Throws: ``AccessError/notPermitted(_:)``.
    public func journal(about subject: String?, limit: Int, by principal: Principal) throws -> [JournalEntry] {
        guard principal.may(.readJournal, in: registry.pack.regency) else {
            throw AccessError.notPermitted(.readJournal)
        }
        return try database.write { connection in
            let entries = try Journal.latest(about: subject, limit: limit, on: connection)
            try note(
                "journal.read", of: principal.name, by: principal.actor, subject.map { "about \($0)" } ?? "the latest",
                on: connection)
            return entries
        }
    }

    /// The roles and regions that somebody had at a moment, as the journal names them; none where it is no account.
    public func offices(of actor: String, at moment: Moment) throws -> [(role: Role, region: RegionCode)] {
        let prefix = Self.subject("")
        guard actor.hasPrefix(prefix) else { return [] }
        let then = SQLValue.integer(moment.microseconds)
        return try database.read { connection in
            try connection.query(
                """
                SELECT d.role, d.region FROM duty d JOIN account a ON a.account = d.account
                WHERE a.name = ? AND d.confirmed <= ? AND (d.ended IS NULL OR d.ended > ?) ORDER BY d.duty
                """, [.text(String(actor.dropFirst(prefix.count))), then, then]
            ) { (Role(rawValue: $0.text(0)), RegionCode($0.text(1))) }
        }.compactMap { role, region in
            if let role, let region { (role, region) } else { nil }
        }
    }

    // MARK: Making

    /// Makes an account with a first duty, with a password that the person must change at the first sign-in.
    ///
    /// - Parameters:
    ///   - nik: the person's own, by which the own family can be known; only its keyed hash is kept.
    /// - Returns: the password: it is nowhere else.
    /// - Throws: ``AccessError`` where the name is taken or none, or the manager has no right.
    public func make(
        _ name: String, fullName: String, nik: NIK? = nil, duty: (role: Role, region: RegionCode)? = nil,
        by manager: Manager
    ) throws -> String {
        let password = Self.randomPassword()
        try make(
            name, fullName: fullName, nik: nik, hash: PasswordHash(password, cost: policy.cost), keys: [], duty: duty,
            by: manager)
        return password
    }

    func make(
        _ name: String, fullName: String, nik: NIK?, hash: PasswordHash?, keys: [ProgramKey],
        duty: (role: Role, region: RegionCode)?, by manager: Manager
    ) throws {
        guard Self.isName(name) else { throw AccessError.badName(name) }
        let fullName = fullName.split(separator: " ").joined(separator: " ")
        guard (2...80).contains(fullName.count),
            fullName.unicodeScalars.allSatisfy({ !$0.properties.isPatternWhitespace || $0 == " " })
        else { throw AccessError.badName(fullName) }
        if case .account(let principal) = manager, !principal.may(.manageAccounts) {
            throw AccessError.notPermitted(.manageAccounts)
        }
        try database.write { connection in
            guard try connection.count("SELECT count(*) FROM account WHERE name = ?", [.text(name)]) == 0 else {
                throw AccessError.nameTaken(name)
            }
            let number = try insert(name, fullName, nik, hash, by: manager.actor, on: connection)
            try insert(keys, of: number, on: connection)
            if let duty { try grant(duty.role, in: duty.region, to: name, by: manager, on: connection) }
        }
    }

    /// - Parameter hash: nil for a program, which has keys instead.
    private func insert(
        _ name: String, _ fullName: String, _ nik: NIK?, _ hash: PasswordHash?, by actor: String,
        on connection: any Connection
    ) throws -> Int64 {
        let number = try connection.count("SELECT max(account) FROM account") + 1
        try connection.execute(
            """
            INSERT INTO account (account, name, full_name, nik, is_program, state, password, must_change, made)
            VALUES (?, ?, ?, ?, ?, 'active', ?, ?, ?)
            """,
            [
                SQLValue(number), .text(name), .text(fullName), SQLValue(nik.map { registry.vault.hash($0).bytes }),
                SQLValue(hash == nil), SQLValue(hash?.text), SQLValue(hash != nil), .integer(now.microseconds),
            ])
        try note("account.made", of: name, by: actor, fullName, on: connection)
        return Int64(number)
    }

    static func isName(_ name: String) -> Bool {
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        guard (3...40).contains(name.utf8.count), let first = name.utf8.first, letters.contains(first) else {
            return false
        }
        return name.utf8.allSatisfy {
            letters.contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: ".")
                || $0 == UInt8(ascii: "-")
        }
    }

    /// Somebody of a demonstration.
    public struct DemonstrationAccount: Sendable {
        let name: String
        let fullName: String
        let role: Role
        let region: RegionCode

        /// Somebody with one duty.
        public init(name: String, fullName: String, role: Role, region: RegionCode) {
            self.name = name
            self.fullName = fullName
            self.role = role
            self.region = region
        }
    }

    /// The accounts of a demonstration, ready for whoever tries them: made where they are not there, with a duty, an
    /// authenticator whose code ``code(of:)`` tells, and one password for all.
    ///
    /// - Throws: ``AccessError/notPermitted(_:)`` where the region is no demonstration.
    public func demonstrate(_ staff: [DemonstrationAccount], password: String, by actor: String) throws {
        guard acceptsMadeUp else { throw AccessError.notPermitted(.manageAccounts) }
        let hash = try PasswordHash(password, cost: policy.cost)
        try database.write { connection in
            for one in staff {
                if try read(where: "WHERE name = ?", [.text(one.name)], on: connection).isEmpty {
                    _ = try insert(one.name, one.fullName, nil, hash, by: actor, on: connection)
                    try grant(one.role, in: one.region, to: one.name, by: .command(actor), on: connection)
                }
                let account = try account(one.name, on: connection)
                try connection.execute(
                    "UPDATE account SET password = ?, must_change = 0, state = 'active' WHERE account = ?",
                    [.text(hash.text), .integer(account.number)])
                if !account.hasAuthenticator {
                    let sealed = try registry.vault.seal(Authenticator.random().secret, as: .authenticator)
                    try connection.execute(
                        "UPDATE account SET authenticator_hash = ?, authenticator = ? WHERE account = ?",
                        [.blob(sealed.hash.bytes), .blob(sealed.box), .integer(account.number)])
                }
                try note("account.demonstrated", of: one.name, by: actor, "", on: connection)
            }
        }
    }

    /// A password that nobody can guess: 100 bits.
    public static func randomPassword() -> String { RandomText.code(groups: 4) }

    // MARK: Duties

    /// Gives an account a role in a region. Some roles hold only once a second administrator has confirmed them; what is
    /// given on the command line holds at once.
    ///
    /// - Throws: ``AccessError`` where the region is not of the role, another role excludes it, or the manager has no right
    ///   there.
    @discardableResult
    public func grant(_ role: Role, in region: RegionCode, to name: String, by manager: Manager) throws -> Duty {
        try database.write { try grant(role, in: region, to: name, by: manager, on: $0) }
    }

    @discardableResult
    private func grant(
        _ role: Role, in region: RegionCode, to name: String, by manager: Manager, on connection: any Connection
    ) throws -> Duty {
        guard role.levels.contains(region.level), isHere(region) else { throw AccessError.badRegion(role, region) }
        let account = try open(name, for: manager, in: region, on: connection)
        if let other = account.duties.first(where: { $0.role.excludes(role) }) {
            throw AccessError.roleExcluded(role, by: other.role)
        }
        if account.duties.contains(where: { $0.role == role && $0.region == region }) {
            throw AccessError.dutyHeld(role, region)
        }
        let number = Int64(try connection.count("SELECT max(duty) FROM duty") + 1)
        var isConfirmed = !role.needsSecond
        if case .command = manager { isConfirmed = true }
        let moment = SQLValue.integer(now.microseconds)
        let actor = SQLValue.text(manager.actor)
        try connection.execute(
            """
            INSERT INTO duty (duty, account, role, region, granted, granted_by, confirmed, confirmed_by)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(number), .integer(account.number), .text(role.rawValue), .text(region.text), moment, actor,
                isConfirmed ? moment : .null, isConfirmed ? actor : .null,
            ])
        try note(
            "duty.granted", of: name, by: manager.actor,
            "\(role.rawValue) of \(region)" + (isConfirmed ? "" : ", waits for a second administrator"),
            on: connection)
        return Duty(
            number: number, role: role, region: region, grantedBy: manager.actor, isConfirmed: isConfirmed)
    }

    /// Confirms a duty that another administrator gave.
    public func confirm(_ duty: Int64, of name: String, by manager: Manager) throws {
        try database.write { connection in
            let (_, found) = try find(duty, of: name, for: manager, on: connection)
            guard !found.isConfirmed else { return }
            guard found.grantedBy != manager.actor else { throw AccessError.needsAnother }
            try connection.execute(
                "UPDATE duty SET confirmed = ?, confirmed_by = ? WHERE duty = ?",
                [.integer(now.microseconds), .text(manager.actor), .integer(duty)])
            try note(
                "duty.confirmed", of: name, by: manager.actor, "\(found.role.rawValue) of \(found.region)",
                on: connection)
        }
    }

    /// Ends a duty. It is not forgotten: the journal and the table keep it.
    public func end(_ duty: Int64, of name: String, reason: String, by manager: Manager) throws {
        try database.write { connection in
            let (_, found) = try find(duty, of: name, for: manager, on: connection)
            try connection.execute(
                "UPDATE duty SET ended = ?, ended_by = ? WHERE duty = ?",
                [.integer(now.microseconds), .text(manager.actor), .integer(duty)])
            try note(
                "duty.ended", of: name, by: manager.actor, "\(found.role.rawValue) of \(found.region): \(reason)",
                on: connection)
        }
    }

    private func find(
        _ duty: Int64, of name: String, for manager: Manager, on connection: any Connection
    ) throws -> (Account, Duty) {
        let account = try account(name, on: connection)
        guard let found = account.duties.first(where: { $0.number == duty }) else {
            throw AccessError.unknownDuty(duty)
        }
        try check(manager, account, in: found.region)
        return (account, found)
    }

    private func isHere(_ region: RegionCode) -> Bool {
        let pack = registry.pack
        switch region.level {
        case .province: return pack.regency.ancestor(.province) == region
        case .regency: return pack.regency == region
        case .district: return pack.districts.contains { $0.code == region }
        case .village: return pack.villages.contains { $0.code == region }
        }
    }

    // MARK: State

    /// Lets nobody sign in to an account for a time, or lets them again; who is signed in is signed out.
    public func set(_ state: Account.State, of name: String, reason: String, by manager: Manager) throws {
        try database.write { connection in
            let account = try account(name, on: connection)
            try checkAll(manager, account)
            guard account.state != .closed else { throw AccessError.state(.closed) }
            guard account.state != state else { return }
            try connection.execute(
                "UPDATE account SET state = ? WHERE account = ?", [.text(state.rawValue), .integer(account.number)])
            if state != .active { try endSessions(of: account.number, on: connection) }
            try note("account.\(state.rawValue)", of: name, by: manager.actor, reason, on: connection)
        }
    }

    /// Forgives all wrong tries, so that strangers to the account's devices may try again.
    public func unlock(_ name: String, by manager: Manager) throws {
        try database.write { connection in
            let account = try account(name, on: connection)
            try checkAll(manager, account)
            try tries.forget(tries.account(name), on: connection)
            try note("account.unlocked", of: name, by: manager.actor, "", on: connection)
        }
    }

    /// Gives an account a new password that must be changed at the next sign-in, and signs it out everywhere.
    ///
    /// - Parameter authenticator: whether the second factor must be set up anew too, where the phone is lost.
    /// - Returns: the password: it is nowhere else.
    public func reset(_ name: String, authenticator: Bool, by manager: Manager) throws -> String {
        let password = RandomText.code(groups: 4)
        let hash = try PasswordHash(password, cost: policy.cost)
        try database.write { connection in
            let account = try account(name, on: connection)
            try checkAll(manager, account)
            guard account.state != .closed, !account.isProgram else { throw AccessError.state(account.state) }
            try connection.execute(
                "UPDATE account SET password = ?, must_change = 1 WHERE account = ?",
                [.text(hash.text), .integer(account.number)])
            if authenticator { try forgetAuthenticator(of: account.number, on: connection) }
            try endSessions(of: account.number, on: connection)
            try connection.execute("DELETE FROM device WHERE account = ?", [.integer(account.number)])
            try tries.forget(tries.account(name), on: connection)
            try note(
                "account.reset", of: name, by: manager.actor,
                authenticator ? "password and authenticator" : "password", on: connection)
        }
        return password
    }

    private func forgetAuthenticator(of account: Int64, on connection: any Connection) throws {
        try connection.execute(
            """
            UPDATE account SET authenticator_hash = NULL, authenticator = NULL, authenticator_step = NULL WHERE account = ?
            """, [.integer(account)])
        try connection.execute("DELETE FROM recovery_code WHERE account = ?", [.integer(account)])
    }

    func endSessions(of account: Int64, on connection: any Connection) throws {
        try connection.execute("DELETE FROM session WHERE account = ?", [.integer(account)])
    }

    // MARK: Rights of managers

    /// An account to which something is added in a region.
    private func open(
        _ name: String, for manager: Manager, in region: RegionCode, on connection: any Connection
    ) throws -> Account {
        let account = try account(name, on: connection)
        try check(manager, account, in: region)
        guard account.state != .closed else { throw AccessError.state(.closed) }
        return account
    }

    private func check(_ manager: Manager, _ account: Account, in region: RegionCode) throws(AccessError) {
        guard case .account(let principal) = manager else { return }
        guard principal.account != account.number else { throw .ownAccount }
        guard principal.may(.manageAccounts, in: region) else { throw .notPermitted(.manageAccounts) }
    }

    /// Who acts on an account as a whole must have the right wherever it has a duty.
    func checkAll(_ manager: Manager, _ account: Account) throws(AccessError) {
        guard case .account(let principal) = manager else { return }
        guard principal.account != account.number else { throw .ownAccount }
        guard principal.may(.manageAccounts),
            account.duties.allSatisfy({ principal.may(.manageAccounts, in: $0.region) })
        else { throw .notPermitted(.manageAccounts) }
    }
}
