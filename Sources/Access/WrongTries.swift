import Journal
import Registry
import Storage

/// Counts wrong tries and says how long to wait, by account, device and address. It is kept in the database, so that a
/// restart forgives nothing, and counts names that nobody has like others, so that it does not tell them apart.
///
/// A device on which the account was used before has a count of its own (OWASP's device cookies): whoever guesses at a
/// name keeps strangers out, not its owner.
struct WrongTries {
    /// Whether a try may be made.
    enum Admission: Equatable {
        case admitted
        /// Not before so many seconds have passed.
        case wait(seconds: Int64)
        /// Not before somebody unlocks the account.
        case locked
    }

    /// What tries are counted for.
    struct Subject {
        let key: [UInt8]
        fileprivate let tries: Int
        fileprivate let triesToLock: Int
    }

    let policy: SignInPolicy
    let vault: IdentifierVault

    /// An account, as strangers try it.
    func account(_ name: String) -> Subject {
        Subject(key: key("account", name), tries: policy.triesPerAccount, triesToLock: policy.triesToLock)
    }

    /// An account, as it is tried on a device of its own.
    func device(_ device: [UInt8], of name: String) -> Subject {
        Subject(
            key: key("device", name + "\n" + device.hexadecimal), tries: policy.triesPerAccount,
            triesToLock: policy.triesToLock)
    }

    /// A network address.
    func address(_ address: String) -> Subject {
        Subject(key: key("address", address), tries: policy.triesPerAddress, triesToLock: .max)
    }

    private func key(_ kind: String, _ text: String) -> [UInt8] { vault.hash(kind + "\n" + text, as: .access).bytes }

    /// Asks for a try. One that is admitted counts as wrong until ``giveBack(_:on:)`` says otherwise: were it counted
    /// afterwards, many tries at the same moment would all pass.
    func admit(_ subjects: [Subject], at now: Moment, on connection: any Connection) throws -> Admission {
        var counts: [(wrong: Int64, last: Int64)] = []
        var wait: Int64 = 0
        for subject in subjects {
            let (wrong, last) = try count(subject, at: now, on: connection)
            if wrong >= Int64(subject.triesToLock) { return .locked }
            wait = max(wait, self.wait(wrong, last, subject.tries, at: now))
            counts.append((wrong, last))
        }
        guard wait == 0 else { return .wait(seconds: wait) }
        try connection.execute(
            "DELETE FROM wrong_try WHERE last < ?", [.integer(now.microseconds - policy.memory * 1_000_000)])
        for (subject, count) in zip(subjects, counts) {
            try connection.execute(
                """
                INSERT INTO wrong_try (subject, wrong, last, before) VALUES (?, ?, ?, ?)
                ON CONFLICT (subject) DO UPDATE SET wrong = excluded.wrong, last = excluded.last,
                before = excluded.before
                """,
                [
                    .blob(subject.key), .integer(count.wrong + 1), .integer(now.microseconds),
                    count.wrong == 0 ? .null : .integer(count.last),
                ])
        }
        return .admitted
    }

    private func count(
        _ subject: Subject, at now: Moment, on connection: any Connection
    ) throws -> (wrong: Int64, last: Int64) {
        let found = try connection.first(
            "SELECT wrong, last FROM wrong_try WHERE subject = ?", [.blob(subject.key)]
        ) { (wrong: $0.int64(0), last: $0.int64(1)) }
        guard let found, now.microseconds - found.last < policy.memory * 1_000_000 else { return (0, 0) }
        return found
    }

    private func wait(_ wrong: Int64, _ last: Int64, _ tries: Int, at now: Moment) -> Int64 {
        guard wrong >= Int64(tries) else { return 0 }
        let wait = min(policy.firstWait << min(wrong - Int64(tries), 30), policy.longestWait)
        // A clock that was set back must not lock anyone out for longer than the wait.
        let rest = wait * 1_000_000 - max(0, now.microseconds - last)
        return rest <= 0 ? 0 : (rest + 999_999) / 1_000_000
    }

    /// A try was not wrong: the wait goes on as it was before it.
    func giveBack(_ subject: Subject, on connection: any Connection) throws {
        try connection.execute(
            """
            UPDATE wrong_try SET wrong = wrong - 1, last = coalesce(before, last), before = NULL
            WHERE subject = ? AND wrong > 0
            """, [.blob(subject.key)])
    }

    /// All is forgiven.
    func forget(_ subject: Subject, on connection: any Connection) throws {
        try connection.execute("DELETE FROM wrong_try WHERE subject = ?", [.blob(subject.key)])
    }

    /// Whether strangers are locked out.
    func isLocked(_ subject: Subject, at now: Moment, on connection: any Connection) throws -> Bool {
        try count(subject, at: now, on: connection).wrong >= Int64(subject.triesToLock)
    }
}
