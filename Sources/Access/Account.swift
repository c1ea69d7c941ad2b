import Journal
import Registry

/// An account: a person who works with the system, or a program that does.
public struct Account: Sendable, Equatable {
    /// Whether one can sign in.
    public enum State: String, Sendable, CaseIterable {
        case active
        /// For a time nobody can.
        case suspended
        /// Nobody ever can again.
        case closed
    }

    /// Its number.
    public let number: Int64
    /// The name by which the person signs in.
    public let name: String
    /// The person's name.
    public let fullName: String
    /// Whether it is a program's, which asks by tokens and cannot sign in.
    public let isProgram: Bool
    /// Whether one can sign in.
    public let state: State
    /// When it was made.
    public let made: Moment
    /// Whether an authenticator has been set up.
    public let hasAuthenticator: Bool
    /// Whether the password is one that somebody else has seen, and must be changed.
    public let mustChange: Bool
    /// Whether too many wrong tries have locked it to strangers.
    public let isLocked: Bool
    /// The duties that have not ended, also those that wait for a second administrator.
    public let duties: [Duty]
}

/// Where an account was used, in words its owner will recognise.
public struct Device: Sendable, Equatable {
    /// Its number among the account's.
    public let number: Int64
    /// The browser and system: “Firefox, Android”.
    public let label: String
    /// When the account was first used there.
    public let firstSeen: Moment
    /// When it was last used there.
    public let lastSeen: Moment
    /// Whether somebody is signed in there now.
    public let isSignedIn: Bool
}

/// Who gives accounts and duties.
public enum Manager: Sendable {
    /// Who runs the program on its machine with its key, as the journal names them. Nothing holds them back but the journal.
    case command(String)
    /// An administrator, within the own regions.
    case account(Principal)

    var actor: String {
        switch self {
        case .command(let actor): actor
        case .account(let principal): principal.actor
        }
    }
}
