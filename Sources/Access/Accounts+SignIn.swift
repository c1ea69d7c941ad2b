import Foundation
import Journal
import Registry
import Storage

/// What is tried at the door.
public struct SignInAttempt: Sendable {
    /// The account's name.
    public let name: String
    /// The password.
    public let password: String
    /// The token of the device, where it has one.
    public let device: String?
    /// The network address.
    public let address: String

    /// An attempt.
    public init(name: String, password: String, device: String?, address: String) {
        self.name = name.lowercased()
        self.password = password
        self.device = device
        self.address = address
    }
}

extension Accounts {
    private struct Door {
        let account: Int64
        let name: String
        let state: Account.State
        let password: PasswordHash?
        let mustChange: Bool
        let authenticator: Authenticator?
        let step: Int64?

        /// Where a session is whose password was right.
        func stage(hasGivenCode: Bool) -> SignInStage {
            if authenticator != nil, !hasGivenCode { return .code }
            if mustChange { return .password }
            return authenticator == nil ? .authenticator : .full
        }
    }

    private func door(_ condition: String, _ value: SQLValue, on connection: any Connection) throws -> Door? {
        let row = try connection.first(
            """
            SELECT account, name, state, password, must_change, authenticator_hash, authenticator, authenticator_step
            FROM account WHERE \(condition) = ?
            """, [value]
        ) { cursor in
            (
                account: cursor.int64(0), name: cursor.text(1), state: cursor.text(2), password: cursor.text(3),
                must: cursor.int64(4) != 0, hash: KeyedHash(cursor.bytes(5)), box: cursor.bytes(6),
                step: cursor.optionalInt64(7)
            )
        }
        guard let row else { return nil }
        return Door(
            account: row.account, name: row.name, state: Account.State(rawValue: row.state) ?? .closed,
            password: PasswordHash(row.password), mustChange: row.must,
            authenticator: try row.hash.map {
                Authenticator(secret: try registry.vault.open(hash: $0, box: row.box, as: .authenticator))
            },
            step: row.step)
    }

    // MARK: Password

    /// Tries a name and a password. It takes the same time for names that nobody has.
    public func signIn(_ attempt: SignInAttempt) throws -> SignInResult {
        let device = attempt.device.map(RandomText.digest)
        let (subjects, known) = try database.read { connection in
            try self.subjects(attempt, device, on: connection)
        }
        let admission: WrongTries.Admission = try database.write { try tries.admit(subjects, at: now, on: $0) }
        switch admission {
        case .wait(let seconds): return .wait(seconds: seconds)
        case .locked: return .locked
        case .admitted: break
        }
        let door: Door? = try database.read { connection in
            try self.door("name", .text(attempt.name), on: connection)
        }
        // Names that nobody has, and programs, which have none, take as long as others.
        let hash = try door?.password ?? PasswordHash(RandomText.token(), cost: policy.cost)
        let isRight = try hash.matches(attempt.password)
        guard let door, door.password != nil, isRight, door.state == .active else { return .wrong }
        // What it costs to try a password grows with the years: the first sign-in after that brings it up.
        let renewed = hash.cost == policy.cost ? nil : try PasswordHash(attempt.password, cost: policy.cost)
        return try database.write { connection in
            for subject in subjects { try tries.giveBack(subject, on: connection) }
            try endStale(on: connection)
            if let renewed {
                try connection.execute(
                    "UPDATE account SET password = ? WHERE account = ?",
                    [.text(renewed.text), .integer(door.account)])
            }
            let stage = door.stage(hasGivenCode: false)
            let token = RandomText.token()
            try open(token, of: door.account, device: known ? device : nil, stage, on: connection)
            return .moved(session: token, device: nil, stage: stage)
        }
    }

    private func subjects(
        _ attempt: SignInAttempt, _ device: [UInt8]?, on connection: any Connection
    ) throws -> (subjects: [WrongTries.Subject], isKnown: Bool) {
        var isKnown = false
        if let device {
            isKnown =
                try connection.count(
                    """
                    SELECT count(*) FROM device d JOIN account a ON a.account = d.account
                    WHERE d.device = ? AND a.name = ?
                    """, [.blob(device), .text(attempt.name)]) > 0
        }
        return (
            [subject(attempt.name, isKnown ? device : nil), tries.address(attempt.address)], isKnown
        )
    }

    private func subject(_ name: String, _ device: [UInt8]?) -> WrongTries.Subject {
        device.map { tries.device($0, of: name) } ?? tries.account(name)
    }

    private func open(
        _ token: String, of account: Int64, device: [UInt8]?, _ stage: SignInStage, on connection: any Connection
    ) throws {
        try connection.execute(
            "INSERT INTO session (session, account, device, stage, begun, seen) VALUES (?, ?, ?, ?, ?, ?)",
            [
                .blob(RandomText.digest(token)), .integer(account), SQLValue(device), .text(stage.rawValue),
                .integer(now.microseconds), .integer(now.microseconds),
            ])
    }

    private func endStale(on connection: any Connection) throws {
        let now = now.microseconds
        try connection.execute(
            "DELETE FROM session WHERE seen < ? OR begun < ? OR (stage <> 'full' AND begun < ?)",
            [
                .integer(now - policy.idle * 1_000_000), .integer(now - policy.longest * 1_000_000),
                .integer(now - policy.betweenSteps * 1_000_000),
            ])
    }

    // MARK: Code

    /// Tries the authenticator's code, or a recovery code in its place, of a session that awaits one.
    ///
    /// - Parameters:
    ///   - device: the device's own token, where it has one.
    ///   - label: what its owner knows the device by.
    public func give(code: String, session token: String, device: String?, label: String) throws -> SignInResult {
        guard let session = try session(token), session.stage == .code else { return .over }
        let typed = code.uppercased().filter { $0.isLetter || $0.isNumber }
        return try database.write { connection in
            guard let door = try door("account", .integer(session.principal.account), on: connection),
                let authenticator = door.authenticator
            else { return .over }
            let subject = subject(door.name, session.device)
            switch try tries.admit([subject], at: now, on: connection) {
            case .wait(let seconds): return .wait(seconds: seconds)
            case .locked:
                try end(session, on: connection)
                return .locked
            case .admitted: break
            }
            if let step = authenticator.step(of: typed, at: now, after: door.step) {
                try connection.execute(
                    "UPDATE account SET authenticator_step = ? WHERE account = ?",
                    [.integer(step), .integer(door.account)])
            } else if try !isRecovery(typed, of: door, on: connection) {
                return .wrong
            }
            try tries.forget(subject, on: connection)
            return try move(session, door.stage(hasGivenCode: true), device: device, label: label, on: connection)
        }
    }

    private func isRecovery(_ typed: String, of door: Door, on connection: any Connection) throws -> Bool {
        let used = try connection.execute(
            "UPDATE recovery_code SET used = ? WHERE account = ? AND code = ? AND used IS NULL",
            [.integer(now.microseconds), .integer(door.account), .blob(recoveryHash(typed, of: door.account))])
        guard used > 0 else { return false }
        try note("account.recovered", of: door.name, by: Self.subject(door.name), "a recovery code", on: connection)
        return true
    }

    private func recoveryHash(_ code: String, of account: Int64) -> [UInt8] {
        registry.vault.hash("recovery\n\(account)\n\(code)", as: .access).bytes
    }

    /// The session goes on at another stage, under another token: one that was seen before is worth nothing after.
    private func move(
        _ session: Session, _ stage: SignInStage, device: String?, label: String, on connection: any Connection
    ) throws -> SignInResult {
        let token = RandomText.token()
        try end(session, on: connection)
        guard stage == .full else {
            try open(token, of: session.principal.account, device: session.device, stage, on: connection)
            return .moved(session: token, device: nil, stage: stage)
        }
        let (digest, made) = try settle(device, of: session.principal, label: label, on: connection)
        try open(token, of: session.principal.account, device: digest, .full, on: connection)
        try note(
            "account.signed_in", of: session.principal.name, by: session.principal.actor,
            made == nil ? label : "\(label), for the first time", on: connection)
        return .moved(session: token, device: made, stage: .full)
    }

    /// The device that somebody has signed in on: known from before, or new.
    private func settle(
        _ device: String?, of principal: Principal, label: String, on connection: any Connection
    ) throws -> (digest: [UInt8], made: String?) {
        let moment = SQLValue.integer(now.microseconds)
        if let digest = device.map(RandomText.digest) {
            let known = try connection.execute(
                "UPDATE device SET last_seen = ?, label = ? WHERE device = ? AND account = ?",
                [moment, .text(label), .blob(digest), .integer(principal.account)])
            if known > 0 { return (digest, nil) }
        }
        let token = RandomText.token()
        let digest = RandomText.digest(token)
        try connection.execute(
            """
            INSERT INTO device (device, account, number, label, first_seen, last_seen)
            VALUES (?, ?, (SELECT coalesce(max(number), 0) + 1 FROM device WHERE account = ?), ?, ?, ?)
            """,
            [
                .blob(digest), .integer(principal.account), .integer(principal.account), .text(label), moment, moment,
            ])
        return (digest, token)
    }

    private func end(_ session: Session, on connection: any Connection) throws {
        try connection.execute("DELETE FROM session WHERE session = ?", [.blob(session.digest)])
    }

    // MARK: Setting up

    /// Chooses a password, where one must be chosen.
    ///
    /// - Throws: ``AccessError/weakPassword(_:)``.
    public func choose(password: String, session token: String, device: String?, label: String) throws -> SignInResult {
        guard let session = try session(token), session.stage == .password else { return .over }
        let hash = try hash(password, of: session.principal)
        return try database.write { connection in
            try connection.execute(
                "UPDATE account SET password = ?, must_change = 0 WHERE account = ?",
                [.text(hash.text), .integer(session.principal.account)])
            guard let door = try door("account", .integer(session.principal.account), on: connection) else {
                return .over
            }
            try note("account.password", of: door.name, by: Self.subject(door.name), "chosen", on: connection)
            return try move(
                session, door.stage(hasGivenCode: true), device: device, label: label, on: connection)
        }
    }

    private func hash(_ password: String, of principal: Principal) throws -> PasswordHash {
        if let weakness = PasswordRule.weakness(password, name: principal.name, fullName: principal.fullName) {
            throw AccessError.weakPassword(weakness)
        }
        return try PasswordHash(password, cost: policy.cost)
    }

    /// Changes the password of who is signed in, and signs out everywhere else.
    ///
    /// - Returns: nil where it is changed, else why not: the old one was wrong, too often wrong, or the session is over.
    /// - Throws: ``AccessError/weakPassword(_:)``.
    public func change(password old: String, to new: String, session token: String) throws -> SignInResult? {
        guard let session = try session(token), session.stage == .full else { return .over }
        let principal = session.principal
        let subject = subject(principal.name, session.device)
        let admission: WrongTries.Admission = try database.write { try tries.admit([subject], at: now, on: $0) }
        switch admission {
        case .wait(let seconds): return .wait(seconds: seconds)
        case .locked: return .locked
        case .admitted: break
        }
        let door: Door? = try database.read { connection in
            try self.door("account", .integer(principal.account), on: connection)
        }
        guard let kept = door?.password, try kept.matches(old) else { return .wrong }
        let hash = try hash(new, of: principal)
        try database.write { connection in
            try tries.forget(subject, on: connection)
            try connection.execute(
                "UPDATE account SET password = ? WHERE account = ?",
                [.text(hash.text), .integer(principal.account)])
            try connection.execute(
                "DELETE FROM session WHERE account = ? AND session <> ?",
                [.integer(principal.account), .blob(session.digest)])
            try note("account.password", of: principal.name, by: principal.actor, "changed", on: connection)
        }
        return nil
    }

    /// A secret for the authenticator of somebody who has none, or, signed in, wants another; the same until it is confirmed.
    /// Nil where the session is over or elsewhere.
    public func newAuthenticator(session token: String) throws -> Authenticator? {
        guard let session = try session(token), session.stage == .authenticator || session.stage == .full else {
            return nil
        }
        return try database.write { connection in
            if let waiting = try waitingAuthenticator(session, on: connection) { return waiting }
            let made = Authenticator.random()
            let sealed = try registry.vault.seal(made.secret, as: .authenticator)
            try connection.execute(
                "UPDATE session SET new_secret_hash = ?, new_secret = ? WHERE session = ?",
                [.blob(sealed.hash.bytes), .blob(sealed.box), .blob(session.digest)])
            return made
        }
    }

    private func waitingAuthenticator(_ session: Session, on connection: any Connection) throws -> Authenticator? {
        let row = try connection.first(
            "SELECT new_secret_hash, new_secret FROM session WHERE session = ?", [.blob(session.digest)]
        ) { (KeyedHash($0.bytes(0)), $0.bytes(1)) }
        guard let row, let hash = row.0 else { return nil }
        return Authenticator(secret: try registry.vault.open(hash: hash, box: row.1, as: .authenticator))
    }

    /// Takes the new authenticator into use once its code is right.
    ///
    /// - Returns: what came of it, and ten codes that each serve once where the authenticator is lost: they are nowhere else.
    public func confirmAuthenticator(
        code: String, session token: String, device: String?, label: String
    ) throws -> (SignInResult, recovery: [String]) {
        guard let session = try session(token), session.stage == .authenticator || session.stage == .full else {
            return (.over, [])
        }
        return try database.write { connection in
            guard let made = try waitingAuthenticator(session, on: connection) else { return (.over, []) }
            let typed = code.filter { !$0.isWhitespace }
            guard let step = made.step(of: typed, at: now, after: nil) else { return (.wrong, []) }
            let account = session.principal.account
            let sealed = try registry.vault.seal(made.secret, as: .authenticator)
            try connection.execute(
                "UPDATE account SET authenticator_hash = ?, authenticator = ?, authenticator_step = ? WHERE account = ?",
                [.blob(sealed.hash.bytes), .blob(sealed.box), .integer(step), .integer(account)])
            let codes = (0..<10).map { _ in RandomText.code(groups: 2) }
            try connection.execute("DELETE FROM recovery_code WHERE account = ?", [.integer(account)])
            for code in codes {
                try connection.execute(
                    "INSERT INTO recovery_code (account, code) VALUES (?, ?)",
                    [.integer(account), .blob(recoveryHash(code.replacing("-", with: ""), of: account))])
            }
            try note(
                "account.authenticator", of: session.principal.name, by: session.principal.actor, "set up",
                on: connection)
            return (try move(session, .full, device: device, label: label, on: connection), codes)
        }
    }

    /// The code that an account's authenticator shows now: for demonstrations, to whoever has the registry's key. Nil where
    /// it has none.
    public func code(of name: String) throws -> String? {
        guard let door = try database.read({ try self.door("name", .text(name), on: $0) }) else {
            throw AccessError.unknownAccount(name)
        }
        return door.authenticator?.code(at: now)
    }

    // MARK: Sessions

    /// Whose session a token is; nil where there is none, or it is over.
    public func session(_ token: String) throws -> Session? {
        let digest = RandomText.digest(token)
        let now = now.microseconds
        let found = try database.read { connection -> (session: Session, seen: Int64)? in
            let row = try connection.first(
                """
                SELECT s.account, s.device, s.stage, s.begun, s.seen, a.name, a.full_name
                FROM session s JOIN account a ON a.account = s.account WHERE s.session = ? AND a.state = 'active'
                """, [.blob(digest)]
            ) { cursor in
                (
                    account: cursor.int64(0), device: cursor.isNull(1) ? nil : cursor.bytes(1),
                    stage: SignInStage(rawValue: cursor.text(2)), begun: cursor.int64(3), seen: cursor.int64(4),
                    name: cursor.text(5), fullName: cursor.text(6)
                )
            }
            guard let row, let stage = row.stage, now - row.seen < policy.idle * 1_000_000,
                now - row.begun < (stage == .full ? policy.longest : policy.betweenSteps) * 1_000_000
            else { return nil }
            let duties = try duties(of: row.account, on: connection).filter(\.isConfirmed)
            return (
                Session(
                    principal: Principal(
                        account: row.account, name: row.name, fullName: row.fullName, duties: duties),
                    stage: stage, begun: Moment(microseconds: row.begun), digest: digest, device: row.device),
                row.seen
            )
        }
        guard let found else { return nil }
        // Not at each request: that somebody was there in this minute is enough.
        if now - found.seen > 60 * 1_000_000 {
            try database.write { connection in
                _ = try connection.execute(
                    "UPDATE session SET seen = ? WHERE session = ?", [.integer(now), .blob(digest)])
            }
        }
        return found.session
    }

    /// Signs out.
    public func signOut(_ token: String) throws {
        guard let session = try session(token) else { return }
        try database.write { connection in
            try end(session, on: connection)
            guard session.stage == .full else { return }
            try note(
                "account.signed_out", of: session.principal.name, by: session.principal.actor, "", on: connection)
        }
    }

    /// Signs an account out everywhere, and forgets all its devices.
    public func signOutEverywhere(_ principal: Principal) throws {
        try database.write { connection in
            try endSessions(of: principal.account, on: connection)
            try connection.execute("DELETE FROM device WHERE account = ?", [.integer(principal.account)])
            try note("account.signed_out", of: principal.name, by: principal.actor, "everywhere", on: connection)
        }
    }

    // MARK: Devices

    /// Where an account is known, the last used first.
    public func devices(of principal: Principal) throws -> [Device] {
        try database.read { connection in
            try connection.query(
                """
                SELECT d.number, d.label, d.first_seen, d.last_seen,
                    (SELECT count(*) FROM session s WHERE s.device = d.device AND s.stage = 'full' AND s.seen > ?)
                FROM device d WHERE d.account = ? ORDER BY d.last_seen DESC, d.number
                """, [.integer(now.microseconds - policy.idle * 1_000_000), .integer(principal.account)]
            ) { cursor in
                Device(
                    number: cursor.int64(0), label: cursor.text(1), firstSeen: Moment(microseconds: cursor.int64(2)),
                    lastSeen: Moment(microseconds: cursor.int64(3)), isSignedIn: cursor.int64(4) > 0)
            }
        }
    }

    /// Forgets a device and signs it out.
    public func forget(device number: Int64, of principal: Principal) throws {
        try database.write { connection in
            let device = try connection.first(
                "SELECT device, label FROM device WHERE account = ? AND number = ?",
                [.integer(principal.account), .integer(number)]
            ) { (digest: $0.bytes(0), label: $0.text(1)) }
            guard let device else { return }
            try connection.execute("DELETE FROM session WHERE device = ?", [.blob(device.digest)])
            try connection.execute("DELETE FROM device WHERE device = ?", [.blob(device.digest)])
            try note(
                "account.device", of: principal.name, by: principal.actor, "\(device.label) forgotten", on: connection)
        }
    }
}
