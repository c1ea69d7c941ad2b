/// Whose data somebody may read, and what for.
///
/// Whatever gives out what is known of a person or family asks for one, so that no such question can be put without saying
/// who asks, where, and why. What lies outside it is answered as if it were not there: that it is there is already told.
public struct Reach: Sendable, Equatable {
    /// Who reads, as the journal names them: `account:siti`, `command:siti`, `resident`.
    public let actor: String
    /// What for: the page, command or interface through which it is read.
    public let purpose: String
    /// The regions, with all that lies in them.
    public let regions: [RegionCode]

    /// What lies in some regions.
    public init(actor: String, purpose: String, regions: [RegionCode]) {
        self.actor = actor
        self.purpose = purpose
        self.regions = regions
    }

    /// Whether a region lies in it.
    public func covers(_ region: RegionCode) -> Bool {
        regions.contains { $0 == region || region.text.hasPrefix($0.text + ".") }
    }
}

extension Registry {
    /// All of the region, for whoever runs the program on its machine with its key: those have all that is there anyway.
    public func wholeReach(_ purpose: String) -> Reach {
        Reach(actor: actor, purpose: purpose, regions: [pack.regency])
    }
}
