import Foundation
import Storage
import TestSupport
import Testing

@testable import Registry

@Suite("The regions of Indonesia")
struct RegionDirectoryTests {
    private static let all: Result<[Region], RegistryError> = Result { () throws(RegistryError) in
        try RegionDirectory.read(Fixture.library.indonesia)
    }

    @Test("are 91,599, each once, each inside one that is there")
    func counts() throws {
        let regions = try Self.all.get()
        let byLevel = Dictionary(grouping: regions, by: \.code.level).mapValues(\.count)
        #expect(regions.count == 91_599)
        #expect(byLevel == [.province: 38, .regency: 514, .district: 7285, .village: 83_762])
        let codes = Set(regions.map(\.code.text))
        #expect(codes.count == regions.count)
        #expect(regions.allSatisfy { !$0.name.isEmpty })
        // The part before the last dot is the region it lies in.
        let orphans = codes.filter { code in
            code.lastIndex(of: ".").map { !codes.contains(String(code[..<$0])) } ?? false
        }
        #expect(orphans.isEmpty)
        #expect(!codes.contains("35.99"), "the regency of made-up numbers exists")
    }

    @Test("are found by name, by code and within another one", arguments: Database.Engine.allCases)
    func search(engine: Database.Engine) throws {
        try Fixture.use(engine) { registry, _ in
            func found(_ text: String, within: String? = nil, limit: Int = 20) throws -> [String] {
                try registry.database.read { connection in
                    try RegionDirectory.search(
                        text, within: within.flatMap { RegionCode($0) }, limit: limit, on: connection
                    ).map(\.code.text)
                }
            }
            #expect(try found("Karangrejo") == ["35.10.16.1007", "35.10.25.2008"])
            #expect(try found(" karangREJO ") == ["35.10.16.1007", "35.10.25.2008"])
            #expect(try found("karangrejo", within: "35.10.25") == ["35.10.25.2008"])
            #expect(try found("rejo karang").contains("35.10.16.1007"))
            #expect(try found("35.10.16").first == "35.10.16")
            #expect(try found("35.10.16").allSatisfy { $0.hasPrefix("35.10.16") })
            #expect(try found("351016", limit: 200) == found("35.10.16", limit: 200))
            #expect(try found("35.10", limit: 500).count == 1 + 25 + 217)
            // The district bears the name itself; the regency is larger than the villages that only hold it.
            #expect(try found("banyuwangi").prefix(2) == ["35.10.16", "35.10"])
            #expect(try found("35.10", limit: 3).count == 3)
            #expect(try found("Atlantis") == [])
            #expect(try found("%") == [])
            #expect(try found("") == [])
            let village = try registry.database.read { connection in
                try RegionCode("35.10.16.1007").flatMap { try RegionDirectory.region($0, on: connection) }
            }
            #expect(village?.name == "Karangrejo")
        }
    }
}

@Suite("The pack of Banyuwangi")
struct RegionPackTests {
    private let pack = Fixture.pack

    @Test("has 25 districts and 217 villages, whose shares of the people add up to 1")
    func villages() {
        #expect(pack.districts.count == 25)
        #expect(pack.villages.count == 217)
        #expect(pack.villages.filter { $0.kind == "desa" }.count == 189)
        #expect(pack.villages.filter { $0.kind == "kelurahan" }.count == 28)
        #expect(abs(pack.villages.reduce(0) { $0 + $1.populationShare } - 1) < 0.000_01)
        #expect(Set(pack.villages.compactMap { $0.code.ancestor(.district) }) == Set(pack.districts.map(\.code)))
        #expect(Set(pack.districts.map(\.statisticsCode)).count == 25)
        #expect(pack.villages.map(\.code) == pack.villages.map(\.code).sorted())
        // The third last digit tells urban from rural villages: 1 for a kelurahan, 2 for a desa.
        for village in pack.villages {
            let isUrban = village.code.text.dropFirst(9).first == "1"
            #expect((village.kind == "kelurahan") == isUrban, "\(village.code)")
        }
    }

    @Test("knows its villages by the codes and names of the country's list")
    func names() throws {
        let names = Dictionary(
            uniqueKeysWithValues: try RegionDirectory.read(Fixture.library.indonesia).map { ($0.code, $0.name) })
        for village in pack.villages { #expect(names[village.code] == village.name, "\(village.code)") }
        for district in pack.districts { #expect(names[district.code] == district.name, "\(district.code)") }
    }

    private struct Outlines: Decodable {
        struct Shape: Decodable {
            let code: String
            let path: String
        }
        let districts: [Shape]
        let villages: [Shape]
    }

    @Test("draws every district and village in less than 200 kB")
    func outlines() throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: pack.path + "/outlines.json"))
        #expect(data.count < 200_000)
        let outlines = try JSONDecoder().decode(Outlines.self, from: data)
        #expect(Set(outlines.districts.map(\.code)) == Set(pack.districts.map(\.code.text)))
        #expect(Set(outlines.villages.map(\.code)) == Set(pack.villages.map(\.code.text)))
        for shape in outlines.districts + outlines.villages { #expect(shape.path.hasPrefix("M"), "\(shape.code)") }
    }

    @Test("gives the wage floor and the quotas with where they come from")
    func figures() throws {
        let wage = try #require(RegionPack.figure(pack.minimumWage, on: Fixture.day("2025-10-15")))
        #expect(wage.value == 2_810_139)
        for figure in pack.minimumWage + pack.quotas.values.joined() {
            #expect(figure.source.count > 20)
            #expect(figure.value > 0)
        }
        #expect(RegionPack.figure(pack.minimumWage, on: Fixture.day("2024-12-31")) == nil)
        #expect(Set(pack.quotas.keys) == ["pkh", "sembako"])
        #expect(pack.hoursEast == 7)
        #expect(pack.acceptsMadeUp)
        for language in ["id", "en"] {
            #expect(!pack.name(language).isEmpty)
            #expect(!pack.office(language).isEmpty)
        }
    }

    @Test("takes the latest figure that has begun")
    func dated() {
        func figure(_ from: String, _ value: Int64) -> RegionPack.DatedFigure {
            .init(from: Fixture.day(from), value: value, source: "", isOfficial: true)
        }
        let figures = [figure("2026-01-01", 3), figure("2024-01-01", 1), figure("2025-01-01", 2)]
        let found = ["2023-12-31", "2024-01-01", "2025-12-31", "2026-01-01", "2030-01-01"].map {
            RegionPack.figure(figures, on: Fixture.day($0))?.value
        }
        #expect(found == [nil, 1, 2, 3, 3])
    }

    @Test("is the only one there, and others are asked for in vain")
    func unknown() {
        for code in ["35.11", "3510", "../35.10", "", "35.10.16"] {
            guard case .unknown(let what) = registryError({ _ = try Fixture.library.region(code) }) else {
                Issue.record("“\(code)” was found")
                continue
            }
            #expect(what.contains("35.10"))
        }
        guard case .unknown(let what) = registryError({ _ = try Fixture.pack.source("samsung") }) else {
            Issue.record("a source was found")
            return
        }
        #expect(what.contains("samsat"))
    }
}

@Suite("A pack that is broken")
struct BrokenPackTests {
    /// A change of one file, and what the complaint must say: the file, the line and the field.
    struct Breakage: Sendable {
        let file: String
        let from: String
        let to: String
        let line: Int?
        let says: String
    }

    static let breakages: [Breakage] = [
        .init(file: "region.yaml", from: "region: \"35.10\"", to: "region: \"35\"", line: 5, says: "region: expected"),
        .init(
            file: "region.yaml", from: "stage: demonstration", to: "stage: demo", line: 11, says: "stage: expected one"),
        .init(
            file: "region.yaml", from: "stage: demonstration", to: "stages: demonstration", line: 5, says: "“stage” is"),
        .init(file: "region.yaml", from: "languages:", to: "tongues:", line: 15, says: "tongues: is not a known key"),
        .init(
            file: "region.yaml", from: "persons: 1791789", to: "persons: many", line: 18, says: "population.persons:"),
        .init(file: "region.yaml", from: "persons: 1791789", to: "persons: 0", line: 18, says: "from 1 to"),
        .init(file: "region.yaml", from: "Asia/Jakarta", to: "Asia/Atlantis", line: 14, says: "time_zone:"),
        .init(file: "region.yaml", from: "3599\"", to: "3510\"", line: 12, says: "made_up_identifiers:"),
        .init(
            file: "region.yaml", from: "monthly: 2810139", to: "monthly: 2.8", line: 27,
            says: "minimum_wage[0].monthly: expected a whole number"),
        .init(
            file: "region.yaml", from: "from: 2025-01-01\n    monthly", to: "from: 2025-02-30\n    monthly", line: 26,
            says: "minimum_wage[0].from: expected a date"),
        .init(
            file: "region.yaml", from: "official: true", to: "official: perhaps", line: 29,
            says: "minimum_wage[0].official: expected true or false"),
        .init(
            file: "region.yaml", from: "programme: sembako", to: "program: sembako", line: 37,
            says: "quotas[1]: “programme” is missing"),
        .init(
            file: "region.yaml", from: "families: 54000", to: "families: -1", line: 34,
            says: "quotas[0].families: expected a whole number from 0"),
        .init(file: "region.yaml", from: "name: {id: Kabupaten Banyuwangi,", to: "name: {", line: 6, says: "name:"),
        .init(file: "region.yaml", from: "languages: [id, en]", to: "languages: [id, en", line: nil, says: "not YAML"),
        .init(file: "region.yaml", from: "time_zone:", to: "stage:", line: nil, says: "stands twice: stage"),
        .init(file: "districts.csv", from: "35.10.01,", to: "35.10.1,", line: 2, says: "code: “35.10.1”"),
        .init(file: "districts.csv", from: "35.10.02,", to: "35.10.01,", line: 3, says: "code: 35.10.01 stands twice"),
        .init(file: "districts.csv", from: "bps_code", to: "bps", line: 1, says: "“bps_code” is missing"),
        .init(file: "districts.csv", from: "3510010,", to: "3510010,x,", line: 2, says: "4 fields where"),
        .init(file: "villages.csv", from: "35.10.01.2002,", to: "35.10.01.202,", line: 3, says: "code: “35.10.01.202”"),
        .init(file: "villages.csv", from: "35.10.01.2002,", to: "35.10.01.2001,", line: 3, says: "stands twice"),
        .init(file: "villages.csv", from: "35.10.01.2002,", to: "35.11.01.2002,", line: 3, says: "lies in no district"),
        .init(file: "villages.csv", from: "Sarongan,desa", to: "Sarongan,dusun", line: 2, says: "kind: expected desa"),
        .init(
            file: "villages.csv", from: "Sarongan,desa,remote", to: "Sarongan,desa,moon", line: 2,
            says: "terrain: expected urban"),
        .init(
            file: "villages.csv", from: "188.230,0.004100", to: "188.230,4.1", line: 2,
            says: "population_share: expected a number"),
        .init(
            file: "villages.csv", from: "0.004100", to: "0.9", line: nil, says: "population_share: the shares add up"),
        .init(file: "Sources/bkn.yaml", from: "source: bkn", to: "source: bknn", line: nil, says: "bknn.yaml"),
        .init(file: "Sources/bkn.yaml", from: "type: text", to: "type: words", line: 15, says: "fields.nama.type"),
    ]

    @Test("says which file, which line and which field", arguments: breakages)
    func broken(breakage: Breakage) throws {
        try TestDatabases.useFolder { folder in
            let path = folder.appendingPathComponent("Regions/35.10")
            try FileManager.default.createDirectory(
                at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
            try FileManager.default.copyItem(at: URL(fileURLWithPath: Fixture.pack.path), to: path)
            let file = path.appendingPathComponent(breakage.file)
            let text = try String(contentsOf: file, encoding: .utf8)
            let range = try #require(text.range(of: breakage.from, options: .backwards))
            try text.replacingCharacters(in: range, with: breakage.to)
                .write(to: file, atomically: true, encoding: .utf8)
            let error = registryError { _ = try PackLibrary(root: folder.path).region("35.10") }
            let description = try #require(error?.description)
            #expect(description.contains(breakage.says), "\(description)")
            #expect(description.contains(breakage.file), "\(description)")
            if let line = breakage.line {
                #expect(description.contains("\(breakage.file):\(line):"), "\(description)")
            }
        }
    }
}
