import Foundation
import Journal

extension RegionPack {
    /// Reads a pack's folder and checks it.
    static func read(_ path: String) throws(RegistryError) -> RegionPack {
        let node = try ConfigurationNode.read(path + "/region.yaml")
        let districts = try districts(path + "/districts.csv")
        let villages = try villages(path + "/villages.csv", in: districts)
        let sources = try sources(path + "/Sources")
        do {
            return try RegionPack(node, path: path, districts: districts, villages: villages, sources: sources)
        } catch { throw .configuration(error) }
    }

    private init(
        _ node: ConfigurationNode, path: String, districts: [District], villages: [Village],
        sources: [String: SourceDefinition]
    ) throws(ConfigurationFault) {
        let code = try node.required("region")
        guard let regency = RegionCode(try code.string()), regency.level == .regency else {
            throw code.fault("expected a regency's code such as 35.10")
        }
        self.path = path
        self.regency = regency
        name = try Wording(node.required("name"))
        let province = try node.required("province")
        _ = try province.required("code")
        provinceName = try province.required("name").string()
        stage = try node.required("stage").choice(Stage.self)
        // Said in the file for its readers; only one prefix can ever be made up.
        if let madeUp = try node.optional("made_up_identifiers"), try madeUp.string() != NIK.madeUpRegency {
            throw madeUp.fault("made-up identifiers begin with \(NIK.madeUpRegency)")
        }
        let zone = try node.required("time_zone")
        guard let offset = TimeZone(identifier: try zone.string())?.secondsFromGMT(), offset % 3600 == 0 else {
            throw zone.fault("expected a time zone such as Asia/Jakarta")
        }
        hoursEast = offset / 3600
        _ = try node.optional("languages")?.words()
        let population = try node.required("population")
        persons = try population.required("persons").integer(in: 1...1_000_000_000)
        families = try population.required("families").integer(in: 1...1_000_000_000)
        minimumWage = try Self.figures(node.required("minimum_wage").elements(), value: "monthly")
        var quotas: [String: [DatedFigure]] = [:]
        for element in try node.optional("quotas")?.elements() ?? [] {
            let programme = try element.required("programme").string()
            quotas[programme, default: []] += try Self.figures([element], value: "families")
        }
        self.quotas = quotas
        let contacts = try node.required("contacts")
        let office = try contacts.required("social_office")
        self.office = office.isMapping ? try Wording(office) : Wording(["id": try office.string()])
        callCentre = try contacts.required("call_centre").string()
        self.districts = districts
        self.villages = villages
        self.sources = sources
        for district in districts where district.code.ancestor(.regency) != regency {
            throw code.fault("expected the regency of the pack's districts, but \(district.code) does not lie in it")
        }
        try node.finish()
    }

    private static func figures(
        _ elements: [ConfigurationNode], value: String
    ) throws(ConfigurationFault) -> [DatedFigure] {
        var figures: [DatedFigure] = []
        for element in elements {
            let from = try element.required("from")
            guard let date = CalendarDate(try from.string()) else { throw from.fault("expected a date YYYY-MM-DD") }
            figures.append(
                DatedFigure(
                    from: date, value: try element.required(value).integer(in: 0...1_000_000_000_000),
                    source: try element.required("source").string(),
                    isOfficial: try element.required("official").boolean()))
        }
        return figures
    }

    private static func districts(_ path: String) throws(RegistryError) -> [District] {
        let table = try CSVTable(path: path)
        let code = try table.column("code", path: path)
        let name = try table.column("name", path: path)
        let statistics = try table.column("bps_code", path: path)
        var districts: [District] = []
        for (line, fields) in table.rows {
            guard let region = RegionCode(fields[code]), region.level == .district else {
                throw fault(path, line, "code", "“\(fields[code])” is not a district's code")
            }
            guard !districts.contains(where: { $0.code == region }) else {
                throw fault(path, line, "code", "\(region) stands twice")
            }
            districts.append(District(code: region, name: fields[name], statisticsCode: fields[statistics]))
        }
        return districts.sorted { $0.code < $1.code }
    }

    private enum VillageKind: String, CaseIterable { case desa, kelurahan }

    private static func villages(_ path: String, in districts: [District]) throws(RegistryError) -> [Village] {
        let table = try CSVTable(path: path)
        let code = try table.column("code", path: path)
        let name = try table.column("name", path: path)
        let kind = try table.column("kind", path: path)
        let terrain = try table.column("terrain", path: path)
        let share = try table.column("population_share", path: path)
        let known = Set(districts.map(\.code))
        var seen: Set<RegionCode> = []
        var villages: [Village] = []
        for (line, fields) in table.rows {
            guard let region = RegionCode(fields[code]), region.level == .village else {
                throw fault(path, line, "code", "“\(fields[code])” is not a village's code")
            }
            guard seen.insert(region).inserted else { throw fault(path, line, "code", "\(region) stands twice") }
            guard let district = region.ancestor(.district), known.contains(district) else {
                throw fault(path, line, "code", "\(region) lies in no district of districts.csv")
            }
            guard VillageKind(rawValue: fields[kind]) != nil else {
                throw fault(path, line, "kind", "expected desa or kelurahan, found “\(fields[kind])”")
            }
            guard let land = Terrain(rawValue: fields[terrain]) else {
                throw fault(path, line, "terrain", "expected urban, rural or remote, found “\(fields[terrain])”")
            }
            guard let part = Double(fields[share]), (0...1).contains(part) else {
                throw fault(
                    path, line, "population_share", "expected a number from 0 to 1, found “\(fields[share])”")
            }
            villages.append(
                Village(code: region, name: fields[name], kind: fields[kind], terrain: land, populationShare: part))
        }
        let sum = villages.reduce(0) { $0 + $1.populationShare }
        guard abs(sum - 1) < 0.001 else {
            throw fault(path, nil, "population_share", "the shares add up to \(sum), not to 1")
        }
        return villages.sorted { $0.code < $1.code }
    }

    private static func fault(_ path: String, _ line: Int?, _ field: String, _ reason: String) -> RegistryError {
        .configuration(ConfigurationFault(file: path, line: line, field: field, reason: reason))
    }

    private static func sources(_ path: String) throws(RegistryError) -> [String: SourceDefinition] {
        guard let files = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            throw .file(path: path, reason: "cannot be read")
        }
        var sources: [String: SourceDefinition] = [:]
        for file in files.sorted() where file.hasSuffix(".yaml") {
            let source = try SourceDefinition.read(path + "/" + file)
            guard file == source.name + ".yaml" else {
                throw .configuration(
                    ConfigurationFault(
                        file: path + "/" + file, line: nil, field: "source",
                        reason: "the file must be called \(source.name).yaml"))
            }
            sources[source.name] = source
        }
        return sources
    }
}
