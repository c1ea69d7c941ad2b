import Foundation
import Journal
import Registry

/// Looks through programme files for what reads well and does something else.
///
/// What rules can do is found by judging made-up families (``CaseSearch``): a finding says what was searched, and is an
/// error only where nothing was left out.
public struct ProgrammeLint {
    /// What was found, by file and line.
    public private(set) var findings: [LintFinding] = []

    /// Looks through files, each with the other versions in its folder, against the sources of some regions.
    public init(_ files: [String], packs: [RegionPack]) {
        var folders: Set<String> = []
        for file in files {
            do {
                let programme = try Programme.read(file)
                let places = LintPlaces(root: try ConfigurationNode.read(file))
                var lint = VersionLint(programme: programme, places: places, packs: packs)
                lint.run()
                findings += lint.findings
                folders.insert(URL(fileURLWithPath: file).deletingLastPathComponent().path)
            } catch {
                let fault: ConfigurationFault =
                    if case .configuration(let fault) = error { fault } else {
                        ConfigurationFault(file: file, line: nil, field: "", reason: "\(error)")
                    }
                findings.append(LintFinding(.error, .unreadable, fault))
            }
        }
        for folder in folders.sorted() { compareVersions(in: folder, asked: Set(files)) }
        findings.sort { ($0.file, $0.line ?? 0, $0.column ?? 0) < ($1.file, $1.line ?? 0, $1.column ?? 0) }
    }

    /// Whether no finding is an error.
    public var isSound: Bool { !findings.contains { $0.severity == .error } }

    // MARK: Versions

    private mutating func compareVersions(in folder: String, asked: Set<String>) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        // A sibling that cannot be read is told when it is asked for itself.
        let versions = names.filter { $0.hasSuffix(".yaml") }.map { name in
            let path = folder + "/" + name
            return asked.first { URL(fileURLWithPath: $0).path == path } ?? path
        }.compactMap { file in
            (try? Programme.read(file)).map { Programme.Version(file: file, programme: $0) }
        }.sorted { ($0.programme.from, $0.file) < ($1.programme.from, $1.file) }
        for (older, newer) in zip(versions, versions.dropFirst())
        where asked.contains(older.file) || asked.contains(newer.file) {
            compare(older, newer)
        }
    }

    private mutating func compare(_ older: Programme.Version, _ newer: Programme.Version) {
        func add(_ severity: LintFinding.Severity, _ version: Programme.Version, _ field: String, _ message: String) {
            guard let root = try? ConfigurationNode.read(version.file) else { return }
            let place = LintPlaces(root: root).node([.key(field)])
            findings.append(LintFinding(severity, .versions, place.fault(message)))
        }
        if older.programme.name != newer.programme.name {
            add(
                .error, newer, "programme",
                "the folder holds “\(older.programme.name)” too, in \(older.file): one folder, one programme")
            return
        }
        if older.programme.version == newer.programme.version {
            add(.error, newer, "version", "\(older.file) has the same version: each needs its own")
        }
        guard let until = older.programme.until, until < newer.programme.from else {
            let eve = CalendarDate(day: newer.programme.from.day - 1)
            add(
                .error, newer, "from",
                "on \(newer.programme.from) \(older.file) holds too: write “until: \(eve)” there, or begin later here")
            return
        }
        if until.day + 1 < newer.programme.from.day {
            add(
                .warning, newer, "from",
                "no version holds between \(until), when \(older.file) ends, and \(newer.programme.from): mend one of "
                    + "the dates if that is not meant")
        }
    }
}
