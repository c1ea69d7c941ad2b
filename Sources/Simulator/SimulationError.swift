import Registry

/// Why a region could not be simulated, said to whoever asked for it.
public enum SimulationError: Error, Sendable, Equatable {
    /// So many families are not simulated.
    case families(Int)
    /// A file of so many records of people is not made.
    case people(Int)
    /// The pack is not one for made-up people.
    case production(RegionCode)
    /// The pack has no villages, no districts, or no minimum wage.
    case incompletePack(RegionCode, reason: String)
    /// The pack has a source that the simulator does not know, or with other fields than it writes.
    case source(String, reason: String)
    /// The folder holds something that no simulation has written.
    case notOurs(path: String)
    /// A file or folder cannot be written.
    case file(path: String, reason: String)
}

extension SimulationError: CustomStringConvertible {
    /// One or two lines that say what happened and what to do.
    public var description: String {
        switch self {
        case .families(let count):
            "\(count) families cannot be simulated: give a number from \(Simulation.fewest) to \(Simulation.most)"
        case .people(let count):
            "\(count) records of people cannot be made up: give a number from \(PeopleFile.fewest) to \(PeopleFile.most)"
        case .production(let region):
            "the pack of region \(region) is a production pack, which never accepts made-up people: "
                + "simulate with a pack whose region.yaml says “stage: demonstration”"
        case .incompletePack(let region, let reason): "the pack of region \(region) cannot be simulated: \(reason)"
        case .source(let name, let reason): "the source “\(name)” cannot be simulated: \(reason)"
        case .notOurs(let path):
            "\(path) holds files that no simulation wrote, and nothing of it was touched: "
                + "give a new or an empty folder, or that of an earlier simulation"
        case .file(let path, let reason): "\(path): \(reason)"
        }
    }
}
