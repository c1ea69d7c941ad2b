import Foundation
import Journal
import Registry
import Storage

/// What putting a version in force, or taking it back, has changed.
public struct ProgrammeForce: Sendable {
    /// The version.
    public let programme: Programme
    /// Its file among the programmes.
    public let file: String
    /// The version before it, and the last day on which that one holds now; nil where there is none.
    public let previous: (version: String, until: CalendarDate?)?
}

extension Registry {
    /// Puts a version of a programme in force: the file goes among the programmes, and the version before it ends on the
    /// day before the new one begins. The journal notes who did it and why.
    ///
    /// Assessments for a day from then on follow it; those that were made stay as they are. Applying the same file again
    /// finishes what was begun and changes nothing else.
    /// - Parameter reason: why, such as the decree's number.
    /// - Throws: ``RegistryError/configuration(_:)`` where the file is wrong or an example comes out otherwise,
    ///   ``RegistryError/refused(file:line:reason:)`` where it cannot take its place after the versions that are there.
    public func apply(programme file: String, reason: String, library: PackLibrary) throws -> ProgrammeForce {
        try apply(Programme.read(file), file: file, reason: reason, library: library)
    }

    /// Puts a version in force that was read or made elsewhere.
    ///
    /// - Parameters:
    ///   - file: what errors call it.
    ///   - actor: who does it; the registry's actor where nil.
    /// - Throws: as ``apply(programme:reason:library:)``.
    public func apply(
        _ programme: Programme, file: String, reason: String, by actor: String? = nil, library: PackLibrary
    ) throws -> ProgrammeForce {
        guard !reason.allSatisfy(\.isWhitespace) else {
            throw RegistryError.refused(file: file, line: nil, reason: "say why: the reason is empty")
        }
        if let failure = programme.exampleFailures().first {
            throw RegistryError.configuration(
                ConfigurationFault(file: file, line: failure.line, field: "examples", reason: failure.message))
        }
        func refused(_ reason: String) -> RegistryError { .refused(file: file, line: nil, reason: reason) }
        let folder = library.root + "/Programmes/" + programme.name
        let place = folder + "/" + programme.version + ".yaml"
        guard !programme.version.contains("/"), !programme.version.hasPrefix(".") else {
            throw refused("the version “\(programme.version)” is no name for a file")
        }
        let versions =
            library.programmeFiles(programme.name).isEmpty
            ? [] : try Programme.versions(of: programme.name, in: library)
        let others = versions.filter { $0.programme.version != programme.version }
        if let same = versions.first(where: { $0.programme.version == programme.version }),
            same.programme.digest != programme.digest
        {
            throw refused("\(same.file) is another text with the version “\(programme.version)”: give it a new one")
        }
        if let later = others.first(where: { $0.programme.from >= programme.from }) {
            throw refused("\(later.file) begins on \(later.programme.from), not before \(programme.from)")
        }
        let eve = CalendarDate(day: programme.from.day - 1)
        let previous = others.last
        if let previous, let until = previous.programme.until, until > eve {
            throw refused("\(previous.file) is set to hold until \(until): begin after that, or change it there")
        }
        // The new file first: should this be cut off here, two versions would hold, which every command refuses to guess
        // about, and applying it again mends it.
        try Self.write(programme.text, to: place)
        if let previous, previous.programme.until == nil {
            try Self.write(previous.programme.text(until: eve), to: previous.file)
        }
        try note("programme.applied", programme, reason, by: actor)
        return ProgrammeForce(
            programme: programme, file: place,
            previous: previous.map { ($0.programme.version, $0.programme.until ?? eve) })
    }

    /// Takes back the version of a programme that was put in force last: its file goes, and the version before it holds on
    /// without an end.
    ///
    /// - Throws: ``RegistryError/refused(file:line:reason:)`` where an assessment has followed it already: then only a new
    ///   version can take its place, since nobody may lose the rules by which something was decided.
    public func rollBack(programme name: String, reason: String, library: PackLibrary) throws -> ProgrammeForce {
        let versions = try Programme.versions(of: name, in: library)
        guard let last = versions.last, versions.count > 1 else {
            throw RegistryError.notReady("“\(name)” has one version only: there is none to go back to")
        }
        let followers = try database.read { connection in
            try connection.count(
                "SELECT count(*) FROM assessment WHERE regency = ? AND programme = ? AND description = ?",
                [.text(pack.regency.text), .text(name), .blob(last.programme.digest)])
        }
        guard followers == 0 else {
            throw RegistryError.refused(
                file: last.file, line: nil,
                reason: "\(followers) assessments have followed it: apply a new version in its place")
        }
        let previous = versions[versions.count - 2]
        if previous.programme.until?.day == last.programme.from.day - 1 {
            try Self.write(previous.programme.text(until: nil), to: previous.file)
        }
        do { try FileManager.default.removeItem(atPath: last.file) } catch {
            throw RegistryError.file(path: last.file, reason: "cannot be removed")
        }
        try note("programme.rolled_back", last.programme, reason)
        return ProgrammeForce(programme: last.programme, file: last.file, previous: (previous.programme.version, nil))
    }

    private func note(
        _ action: String, _ programme: Programme, _ reason: String, by actor: String? = nil
    ) throws {
        try database.write { connection in
            _ = try Journal.append(
                JournalDraft(
                    actor: actor ?? self.actor, action: action, subject: "programme:\(programme.name)",
                    regency: pack.regency.text,
                    reason: "\(programme.version) from \(programme.from): \(reason)", digest: programme.digest),
                at: clock.now, on: connection)
        }
    }

    /// Writes a file whole or not at all.
    private static func write(_ text: String, to path: String) throws {
        let url = URL(fileURLWithPath: path)
        if let data = FileManager.default.contents(atPath: path), data == Data(text.utf8) { return }
        do {
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url, options: .atomic)
        } catch {
            throw RegistryError.file(path: path, reason: "cannot be written")
        }
    }
}

extension Programme {
    /// The text with another last day, or none.
    func text(until: CalendarDate?) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        lines.removeAll { $0.hasPrefix("until:") }
        if let until, let from = lines.firstIndex(where: { $0.hasPrefix("from:") }) {
            lines.insert("until: \(until)", at: from + 1)
        }
        return lines.joined(separator: "\n")
    }
}
