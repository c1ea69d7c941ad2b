import Registry

/// What somebody is in the administration of assistance. A role is a set of rights; which regions they reach into is said by
/// each ``Duty``.
public enum Role: String, Sendable, CaseIterable {
    /// Registers and visits families: companions of PKH, cadres, village operators.
    case agent
    /// The village office.
    case village
    /// The district office.
    case district
    /// The social office of the regency (Dinsos).
    case regency
    /// The Ministry of Social Affairs.
    case ministry
    /// Statistics Indonesia (BPS).
    case statistics
    /// Banks and the post, who pay.
    case payer
    /// Who examines what was done, and does nothing.
    case auditor
    /// Who gives accounts to others, and does nothing else.
    case administrator
}

extension Role {
    /// What the role may do. This is the table of rights: nothing else grants any.
    public var rights: Set<Right> {
        switch self {
        case .agent, .village: [.findPersons]
        case .district, .regency: [.findPersons, .reviewLinks]
        case .ministry: [.findPersons, .reviewLinks, .forceRules]
        case .statistics: [.findPersons]
        case .payer: []
        case .auditor: [.readJournal]
        case .administrator: [.manageAccounts, .readJournal]
        }
    }

    /// Of which levels the region of such a duty is.
    public var levels: [RegionCode.Level] {
        switch self {
        case .agent, .village: [.village]
        case .district: [.district]
        case .regency: [.regency]
        case .ministry, .statistics, .payer, .auditor, .administrator: [.province, .regency]
        }
    }

    /// Whether nobody may have both roles: who pays, examines or gives rights does nothing else, and whoever judges appeals
    /// (Statistics Indonesia) takes no applications.
    public func excludes(_ other: Role) -> Bool {
        guard self != other else { return false }
        let alone: Set<Role> = [.payer, .auditor, .administrator]
        if alone.contains(self) || alone.contains(other) { return true }
        let takers: Set<Role> = [.agent, .village]
        return self == .statistics && takers.contains(other) || other == .statistics && takers.contains(self)
    }

    /// Whether such a duty holds only once a second administrator has confirmed it: it decides about many families, about
    /// money, or about accounts.
    public var needsSecond: Bool {
        switch self {
        case .regency, .ministry, .payer, .administrator: true
        case .agent, .village, .district, .statistics, .auditor: false
        }
    }
}

/// A role that an account has in a region.
public struct Duty: Sendable, Equatable {
    /// Its number.
    public let number: Int64
    /// What its holder is.
    public let role: Role
    /// Where.
    public let region: RegionCode
    /// Who gave it, as the journal names them.
    public let grantedBy: String
    /// Whether it holds: one that needs a second administrator does not before that.
    public let isConfirmed: Bool
}

/// Somebody who is signed in, and what that person may do.
public struct Principal: Sendable, Equatable {
    /// The account's number.
    public let account: Int64
    /// The name by which the person signs in.
    public let name: String
    /// The person's name.
    public let fullName: String
    /// The duties that hold.
    public let duties: [Duty]

    /// As the journal names the person.
    public var actor: String { Accounts.subject(name) }

    /// Whether the person has a right anywhere.
    public func may(_ right: Right) -> Bool { duties.contains { $0.role.rights.contains(right) } }

    /// Whether the person has a right in a region.
    public func may(_ right: Right, in region: RegionCode) -> Bool {
        Reach(actor: actor, purpose: "", regions: regions(right)).covers(region)
    }

    /// Where the person has a right, each region once, in the order of codes.
    public func regions(_ right: Right) -> [RegionCode] {
        Set(duties.filter { $0.role.rights.contains(right) }.map(\.region)).sorted()
    }

    /// What the person may read by a right, for a purpose.
    ///
    /// - Throws: ``AccessError/notPermitted(_:)`` where the person has the right nowhere.
    public func reach(_ right: Right, for purpose: String) throws(AccessError) -> Reach {
        guard may(right) else { throw .notPermitted(right) }
        return Reach(actor: actor, purpose: purpose, regions: regions(right))
    }
}
