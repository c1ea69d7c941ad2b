import Foundation
import Journal

/// What makes a region: a folder such as `Regions/35.10/` with its villages, outlines, figures with their sources, and
/// the sources of its agencies. A new region is a new folder.
public struct RegionPack: Sendable {
    /// Whether the pack may hold made-up people.
    public enum Stage: String, Sendable, CaseIterable {
        /// Made-up identifiers are accepted.
        case demonstration
        /// Made-up identifiers are refused.
        case production
    }

    /// What the land is like for whoever must go there.
    public enum Terrain: String, Sendable, CaseIterable { case urban, rural, remote }

    /// A village and what the pack says of it.
    public struct Village: Sendable {
        /// Its code.
        public let code: RegionCode
        /// Its name, which others may share.
        public let name: String
        /// `desa` or `kelurahan`.
        public let kind: String
        /// What the land is like.
        public let terrain: Terrain
        /// Its modelled share of the regency's people, 0 to 1.
        public let populationShare: Double
    }

    /// A district and its code at Statistics Indonesia.
    public struct District: Sendable {
        /// Its code.
        public let code: RegionCode
        /// Its name.
        public let name: String
        /// Its code at Statistics Indonesia, which cannot be computed from the other.
        public let statisticsCode: String
    }

    /// A figure that holds from a date on, with where it comes from.
    public struct DatedFigure: Sendable {
        /// The first day it holds.
        public let from: CalendarDate
        /// The figure: rupiah a month, or families.
        public let value: Int64
        /// Where it comes from.
        public let source: String
        /// Whether an official text says so.
        public let isOfficial: Bool
    }

    /// The folder it was read from.
    public let path: String
    /// The regency's code.
    public let regency: RegionCode
    /// The regency's name.
    public let name: Wording
    /// The province's name.
    public let provinceName: String
    /// Whether made-up people are accepted.
    public let stage: Stage
    /// How many hours the region's clock is ahead of UTC.
    public let hoursEast: Int
    /// How many people live there.
    public let persons: Int64
    /// How many families.
    public let families: Int64
    /// The minimum wage, rupiah a month, by date.
    public let minimumWage: [DatedFigure]
    /// How many families a programme can fund here, by date.
    public let quotas: [String: [DatedFigure]]
    /// Where people can ask: the social office's name and the telephone of the call centre.
    public let office: Wording
    /// The call centre's number.
    public let callCentre: String
    /// Its districts, by code.
    public let districts: [District]
    /// Its villages, by code.
    public let villages: [Village]
    /// Its sources, by name.
    public let sources: [String: SourceDefinition]

    /// Whether numbers of the regency that does not exist are accepted.
    public var acceptsMadeUp: Bool { stage == .demonstration }

    /// The figure that holds on a day: the latest that has begun.
    public static func figure(_ figures: [DatedFigure], on day: CalendarDate) -> DatedFigure? {
        figures.filter { $0.from <= day }.max { $0.from < $1.from }
    }

    /// The source of a name.
    public func source(_ name: String) throws(RegistryError) -> SourceDefinition {
        guard let source = sources[name] else {
            throw .unknown(
                "“\(name)” is not a source of region \(regency) (known: \(sources.keys.sorted().joined(separator: ", ")))"
            )
        }
        return source
    }
}

/// The folder that packs and programmes lie in.
public struct PackLibrary: Sendable {
    /// The folder that holds `Regions/` and `Programmes/`.
    public let root: String

    /// A library in a folder.
    public init(root: String) { self.root = root }

    /// The library that the environment names (`TEPAT_HOME`), else the nearest folder with `Regions/`: upwards from the
    /// working folder, then from the program's own.
    public static func find(
        environment: [String: String], workingFolder: String, program: String
    ) throws(RegistryError) -> PackLibrary {
        if let home = environment["TEPAT_HOME"] { return PackLibrary(root: home) }
        for start in [workingFolder, URL(fileURLWithPath: program).resolvingSymlinksInPath().path] {
            var folder = URL(fileURLWithPath: start)
            while true {
                for candidate in [folder, folder.appendingPathComponent("share/tepat")]
                where FileManager.default.fileExists(
                    atPath: candidate.appendingPathComponent("Regions/indonesia/regions.csv.gz").path)
                {
                    return PackLibrary(root: candidate.path)
                }
                guard folder.path != "/" else { break }
                folder.deleteLastPathComponent()
            }
        }
        throw .unknown("the folder with Regions/ and Programmes/ is not found: name it in TEPAT_HOME")
    }

    /// The file with every region of Indonesia: `code,level,name`, gzip.
    public var indonesia: String { root + "/Regions/indonesia/regions.csv.gz" }

    /// The file with the ways in which names are written in Indonesia.
    public var names: String { root + "/Regions/indonesia/names.yaml" }

    /// The codes of all regencies that have a pack.
    public var regions: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root + "/Regions")) ?? []
        return names.filter { RegionCode($0)?.level == .regency }.sorted()
    }

    /// The pack of a regency, read and checked.
    public func region(_ code: String) throws(RegistryError) -> RegionPack {
        let path = root + "/Regions/" + code
        guard let regency = RegionCode(code), regency.level == .regency, regency.text == code,
            FileManager.default.fileExists(atPath: path + "/region.yaml")
        else {
            throw .unknown("there is no region pack “\(code)” (known: \(regions.joined(separator: ", ")))")
        }
        return try RegionPack.read(path)
    }

    /// The programme files of a programme's name, oldest version first.
    public func programmeFiles(_ name: String) -> [String] {
        let folder = root + "/Programmes/" + name
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.filter { $0.hasSuffix(".yaml") }.sorted().map { folder + "/" + $0 }
    }

    /// The names of all programmes.
    public var programmes: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root + "/Programmes")) ?? []
        return names.filter { !programmeFiles($0).isEmpty }.sorted()
    }
}
