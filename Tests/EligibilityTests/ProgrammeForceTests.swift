import Foundation
import Journal
import Registry
import Storage
import TestSupport
import Testing

@testable import Eligibility

@Suite("A version put in force")
struct ProgrammeForceTests {
    /// Lends a registry whose library is a copy that may be changed, and a new version's file.
    private func use(_ body: (Registry, PackLibrary, URL) throws -> Void) throws {
        try Fixture.useSimulated(.sqlite) { registry, folder in
            let root = folder.appendingPathComponent("library")
            let programmes = root.appendingPathComponent("Programmes")
            try FileManager.default.createDirectory(at: programmes, withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                at: Fixture.root.appendingPathComponent("Programmes/pkh"), to: programmes.appendingPathComponent("pkh"))
            try body(registry, PackLibrary(root: root.path), folder)
        }
    }

    private func version(
        _ version: String, from: String, in folder: URL, _ changes: [(String, String)] = []
    ) throws -> String {
        var text = try String(contentsOfFile: Fixture.root.path + "/Programmes/pkh/2025.1.yaml", encoding: .utf8)
        for (old, new) in [("version: \"2025.1\"", "version: \"\(version)\""), ("from: 2025-01-01", "from: \(from)")]
            + changes
        {
            #expect(text.contains(old))
            text = text.replacing(old, with: new)
        }
        let file = folder.appendingPathComponent("new.yaml")
        try Data(text.utf8).write(to: file)
        return file.path
    }

    private func journal(_ registry: Registry) throws -> [String] {
        try registry.database.read { try Journal.entries(about: "programme:pkh", on: $0) }
            .map { "\($0.draft.action): \($0.draft.reason)" }
    }

    @Test("takes its place after the one before it, which ends on its eve, and can be taken back until it was followed")
    func applyAndRollBack() throws {
        try use { registry, library, folder in
            let file = try version("2026.1", from: "2026-01-01", in: folder)
            let before = try Programme.version(of: "pkh", on: Fixture.day("2025-12-31"), in: library)
            let force = try registry.apply(programme: file, reason: "Decree 7", library: library)
            #expect(force.previous?.version == "2025.1" && force.previous?.until == Fixture.day("2025-12-31"))
            #expect(try Programme.version(of: "pkh", on: Fixture.day("2025-12-31"), in: library).version == "2025.1")
            #expect(try Programme.version(of: "pkh", on: Fixture.day("2026-01-01"), in: library).version == "2026.1")
            #expect(
                ProgrammeLint(library.programmeFiles("pkh"), packs: []).findings.filter { $0.severity == .error } == [])
            // Again it finishes what was begun, and changes nothing.
            _ = try registry.apply(programme: file, reason: "Decree 7", library: library)
            let back = try registry.rollBack(programme: "pkh", reason: "Printed wrongly", library: library)
            #expect(back.programme.version == "2026.1")
            let after = try Programme.version(of: "pkh", on: Fixture.day("2026-02-01"), in: library)
            #expect(after.text == before.text)
            #expect(
                try journal(registry) == [
                    "programme.applied: 2026.1 from 2026-01-01: Decree 7",
                    "programme.applied: 2026.1 from 2026-01-01: Decree 7",
                    "programme.rolled_back: 2026.1 from 2026-01-01: Printed wrongly",
                ])
            _ = try registry.apply(programme: file, reason: "Decree 7", library: library)
            _ = try registry.assess("pkh", day: Fixture.day("2026-01-05"), quota: 5, library: library)
            #expect(throws: RegistryError.self) {
                _ = try registry.rollBack(programme: "pkh", reason: "Too late", library: library)
            }
            #expect(try Programme.version(of: "pkh", on: Fixture.day("2026-02-01"), in: library).version == "2026.1")
        }
    }

    @Test("is refused where it cannot take its place, and nothing is changed")
    func refused() throws {
        try use { registry, library, folder in
            let before = try library.programmeFiles("pkh").map { try String(contentsOfFile: $0, encoding: .utf8) }
            func expectRefused(_ version: String, _ from: String, _ changes: [(String, String)] = [], says: String)
                throws
            {
                let file = try self.version(version, from: from, in: folder, changes)
                do {
                    _ = try registry.apply(programme: file, reason: "Decree", library: library)
                    Issue.record("\(version) was applied")
                } catch let error as RegistryError {
                    #expect(error.description.contains(says), "\(error)")
                }
            }
            try expectRefused("2025.1", "2026-01-01", says: "is another text with the version")
            try expectRefused("2024.9", "2024-09-01", says: "begins on 2025-01-01, not before 2024-09-01")
            try expectRefused("../x", "2026-01-01", says: "no name for a file")
            try expectRefused(
                "2026.1", "2026-01-01", [("requires: decile <= 4", "requires: decile <= 1")], says: "expected eligible")
            try expectRefused("2026.1", "2026-01-01", [("decile <= 4\n", "decil <= 4\n")], says: "did you mean")
            #expect(try library.programmeFiles("pkh").map { try String(contentsOfFile: $0, encoding: .utf8) } == before)
            #expect(try journal(registry) == [])
        }
    }
}
