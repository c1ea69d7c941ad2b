import Foundation
import Registry

@testable import Simulator

/// The pack that is simulated, and one simulation of 20,000 families that many tests look at.
enum Fixture {
    static let pack: RegionPack = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        do { return try PackLibrary(root: root.path).region("35.10") } catch { preconditionFailure("\(error)") }
    }()

    /// A folder of that name that does not exist yet.
    static func folder(_ name: String) -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("simulation-\(UUID())-\(name)").path
    }

    static let region = Simulated(families: 20_000, seed: 7)
}

/// A simulation that has been written, with what was written in memory.
struct Simulated: Sendable {
    /// What a row truly is.
    struct Record: Sendable {
        let line: Int
        /// The places of the person and of the family in the truth's tables.
        let person: Int
        let family: Int
        let faults: [String]
    }

    let summary: Simulation.Summary
    let families: Table
    let persons: Table
    let agencies: [String: Table]
    /// The truth of each source's rows, in the order of the truth's file.
    let truth: [String: [Record]]

    init(families: Int, seed: UInt64) {
        let folder = Fixture.folder("region")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        do {
            summary = try Simulation(pack: Fixture.pack, families: families, seed: seed).write(to: folder)
            self.families = try Table(folder + "/truth/families.csv")
            persons = try Table(folder + "/truth/persons.csv")
            var agencies: [String: Table] = [:]
            for source in Fixture.pack.sources.keys {
                agencies[source] = try Table(folder + "/agencies/\(source).csv")
            }
            self.agencies = agencies
            var truth: [String: [Record]] = [:]
            for row in try Table(folder + "/truth/rows.csv").rows {
                truth[row[0], default: []].append(
                    Record(
                        line: Int(row[1]) ?? 0, person: (Int(row[2].dropFirst()) ?? 0) - 1,
                        family: (Int(row[3].dropFirst()) ?? 0) - 1,
                        faults: row[4].isEmpty ? [] : row[4].split(separator: " ").map(String.init)))
            }
            self.truth = truth
        } catch { preconditionFailure("\(error)") }
    }

    func agency(_ source: String) -> Table { agencies[source] ?? Table(header: [], rows: []) }
    func truth(of source: String) -> [Record] { truth[source] ?? [] }
}

/// A CSV file in memory.
struct Table: Sendable {
    let header: [String]
    let rows: [[String]]

    init(header: [String], rows: [[String]]) {
        self.header = header
        self.rows = rows
    }

    init(_ path: String) throws {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        var rows = bytes.split(separator: UInt8(ascii: "\n")).map(Self.fields)
        header = rows.removeFirst()
        self.rows = rows
    }

    private static func fields(_ line: ArraySlice<UInt8>) -> [String] {
        guard line.contains(UInt8(ascii: "\"")) else {
            return line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
                .map { String(decoding: $0, as: UTF8.self) }
        }
        var fields: [[UInt8]] = [[]]
        var isQuoted = false
        for byte in line {
            if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if byte == UInt8(ascii: ","), !isQuoted {
                fields.append([])
            } else {
                fields[fields.count - 1].append(byte)
            }
        }
        return fields.map { String(decoding: $0, as: UTF8.self) }
    }

    /// The values of a column.
    func column(_ name: String) -> [String] {
        guard let index = header.firstIndex(of: name) else { return [] }
        return rows.map { $0[index] }
    }

    /// The numbers of a column; nil where it is empty.
    func numbers(_ name: String) -> [Int?] { column(name).map { Int($0) } }
    /// The yes and no of a column.
    func flags(_ name: String) -> [Bool] { column(name).map { $0 == "1" } }
}

/// Whether a row is what the source's definition demands, as the registry's documents describe it.
struct DefinitionChecker {
    let definition: SourceDefinition
    let villages: Set<RegionCode>

    init(_ definition: SourceDefinition) {
        self.definition = definition
        villages = Set(Fixture.pack.villages.map(\.code))
    }

    /// What is wrong with a row; nil where nothing is.
    func flaw(in row: [String]) -> String? {
        guard row.count == definition.fields.count else { return "\(row.count) fields" }
        for (field, value) in zip(definition.fields, row) {
            if value.isEmpty {
                if field.required { return "\(field.name) is empty" }
            } else if !fits(value, field) {
                return "\(field.name): \(value)"
            }
        }
        return nil
    }

    private func fits(_ value: String, _ field: SourceField) -> Bool {
        switch field.kind {
        case .nik, .familyNumber:
            // What is malformed is kept where the definition says so.
            if field.malformed == .keep { return value.utf8.count == 16 }
            guard case .valid = NIK.assess(value, madeUp: true) else { return false }
            return true
        case .text(let most): return value.count <= most
        case .integer(let range), .rupiah(let range): return Int64(value).map(range.contains) ?? false
        case .decimal(let range): return Double(value).map(range.contains) ?? false
        case .boolean: return ["0", "1", "YA", "TIDAK"].contains(value)
        case .date: return Self.isDate(value)
        case .partialDate: return Self.isDate(value) || PartialDate(value) != nil
        case .region(let level):
            guard let code = RegionCode(value) else { return false }
            return code.level == level && villages.contains(code)
        case .code(let words): return words[value] != nil
        }
    }

    private static func isDate(_ value: String) -> Bool {
        if value.contains("/") {
            let parts = value.split(separator: "/")
            return parts.count == 3 && value.count == 10 && PartialDate("\(parts[2])-\(parts[1])-\(parts[0])") != nil
        }
        return value.count == 10 && PartialDate(value) != nil
    }
}
