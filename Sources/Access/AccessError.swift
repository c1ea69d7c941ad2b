import Registry

/// Why something about accounts was refused, said to the person who can mend it.
public enum AccessError: Error, Sendable, Equatable {
    /// There is no account of that name.
    case unknownAccount(String)
    /// There is no duty of that number, or it has ended.
    case unknownDuty(Int64)
    /// Another account has that name.
    case nameTaken(String)
    /// The name cannot be one.
    case badName(String)
    /// The password is too easy to guess.
    case weakPassword(WeakPassword)
    /// A program's keys cannot be taken, and why.
    case badKey(String)
    /// A role is not of a region's level, or the region is not here.
    case badRegion(Role, RegionCode)
    /// An account has a role that excludes another one.
    case roleExcluded(Role, by: Role)
    /// The account has that duty already.
    case dutyHeld(Role, RegionCode)
    /// The actor does not have a right, or not there.
    case notPermitted(Right)
    /// Nobody may do that to the own account.
    case ownAccount
    /// Who gave a duty cannot be the second one.
    case needsAnother
    /// The account is in a state in which that cannot be done.
    case state(Account.State)
}

/// Why a password is too easy to guess.
public enum WeakPassword: Sendable, Equatable {
    /// Fewer characters than these.
    case short(fewest: Int)
    /// More characters than these.
    case long(most: Int)
    /// Little else than the names of the account or its person.
    case holdsName
    /// Among those that are tried first.
    case common
}

extension AccessError: CustomStringConvertible {
    /// What is wrong and what to do, for who works on the command line.
    public var description: String {
        switch self {
        case .unknownAccount(let name): "there is no account “\(name)”: tepat account list shows all"
        case .unknownDuty(let number): "there is no duty \(number) that holds: tepat account show NAME lists them"
        case .nameTaken(let name): "another account has the name “\(name)”"
        case .badName(let name):
            "“\(name)” cannot be an account's name: write 3 to 40 of a–z, 0–9, dot and hyphen, a letter first"
        case .weakPassword(.short(let fewest)): "the password is too short: it needs \(fewest) characters"
        case .weakPassword(.long(let most)): "the password is too long: at most \(most) characters"
        case .weakPassword(.holdsName): "the password is little else than the person's or the account's name"
        case .weakPassword(.common): "the password is one of those that are tried first: choose some words of your own"
        case .badKey(let reason): "the keys cannot be taken: \(reason)"
        case .badRegion(let role, let region):
            "\(region) cannot be the region of a duty as \(role.rawValue): it must be a "
                + role.levels.map(\.rawValue).joined(separator: " or ") + " that this registry has"
        case .roleExcluded(let role, let other):
            "who is \(other.rawValue) cannot be \(role.rawValue): end that duty first"
        case .dutyHeld(let role, let region): "the account is \(role.rawValue) of \(region) already"
        case .notPermitted(let right): "that needs the right \(right.rawValue) in the region"
        case .ownAccount: "nobody can do that to the own account: another administrator must"
        case .needsAnother: "who gave the duty cannot confirm it: another administrator must"
        case .state(let state): "the account is \(state.rawValue)"
        }
    }
}
