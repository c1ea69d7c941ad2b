/// How patient signing in is, and how long it lasts.
public struct SignInPolicy: Sendable, Equatable {
    /// How much work it is to try one password.
    public var cost = PasswordCost()
    /// Wrong tries for one account, by strangers or by one device that it is known on, before the first wait.
    public var triesPerAccount = 5
    /// Wrong tries from one network address before the first wait: an office is one address.
    public var triesPerAddress = 20
    /// The first wait in seconds; each further wrong try doubles it.
    public var firstWait: Int64 = 30
    /// The longest wait in seconds.
    public var longestWait: Int64 = 3600
    /// After so many wrong tries in a row an account is locked to strangers until somebody unlocks it, or nobody tries for
    /// ``memory``.
    public var triesToLock = 50
    /// Seconds without a try after which wrong ones are forgotten.
    public var memory: Int64 = 24 * 3600
    /// Seconds without a request after which somebody is signed out.
    public var idle: Int64 = 30 * 60
    /// Seconds after which somebody must sign in again, busy or not.
    public var longest: Int64 = 12 * 3600
    /// Seconds between the password and the rest.
    public var betweenSteps: Int64 = 10 * 60

    /// As above.
    public init() {}
}
