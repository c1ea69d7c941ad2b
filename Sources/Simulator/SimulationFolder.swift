import Foundation

/// The folder of a simulation: written beside its place and moved there when it is whole.
struct SimulationFolder {
    /// The file that marks a whole simulation.
    static let marker = "simulation.json"
    /// What the marker begins with.
    static let signature = #"{"generator":"tepat simulate""#
    private static let unfinishedMarker = "UNFINISHED.txt"

    private let target: String
    /// Where files are written until all are there.
    let unfinished: String

    /// Checks that the place is free, empty or an earlier simulation's, and makes the folder to write into, with the folders
    /// of the parts in it.
    init(_ path: String, parts: [String] = ["agencies", "truth"]) throws(SimulationError) {
        target = URL(fileURLWithPath: path).standardizedFileURL.path
        unfinished = target + ".unfinished"
        try Self.check(target, mark: Self.marker, signature: Self.signature)
        try Self.check(unfinished, mark: Self.unfinishedMarker, signature: "")
        let unfinished = unfinished
        try Self.at(unfinished) {
            if FileManager.default.fileExists(atPath: unfinished) {
                try FileManager.default.removeItem(atPath: unfinished)
            }
            for part in [""] + parts {
                try FileManager.default.createDirectory(
                    atPath: unfinished + "/" + part, withIntermediateDirectories: true)
            }
            try Data("This simulation was interrupted, or is still being written.\n".utf8)
                .write(to: URL(fileURLWithPath: unfinished + "/" + Self.unfinishedMarker))
        }
    }

    /// Marks the folder as whole and moves it to its place, where an earlier simulation makes way.
    func finish(marker: String) throws(SimulationError) {
        try Self.at(target) {
            try Data(marker.utf8).write(to: URL(fileURLWithPath: unfinished + "/" + Self.marker))
            try FileManager.default.removeItem(atPath: unfinished + "/" + Self.unfinishedMarker)
            let earlier = target + ".earlier"
            if FileManager.default.fileExists(atPath: target) {
                try? FileManager.default.removeItem(atPath: earlier)
                try FileManager.default.moveItem(atPath: target, toPath: earlier)
            }
            try FileManager.default.moveItem(atPath: unfinished, toPath: target)
            try? FileManager.default.removeItem(atPath: earlier)
        }
    }

    private static func check(_ path: String, mark: String, signature: String) throws(SimulationError) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return }
        guard isFolder.boolValue else { throw .notOurs(path: path) }
        var entries: [String] = []
        try at(path) { entries = try FileManager.default.contentsOfDirectory(atPath: path) }
        guard !entries.isEmpty else { return }
        guard let content = FileManager.default.contents(atPath: path + "/" + mark),
            content.starts(with: Data(signature.utf8))
        else { throw .notOurs(path: path) }
    }

    private static func at(_ path: String, _ work: () throws -> Void) throws(SimulationError) {
        do { try work() } catch {
            throw .file(path: path, reason: "cannot be written (\(error.localizedDescription))")
        }
    }
}

/// A file that bytes are appended to.
final class OutputFile {
    private let path: String
    private let descriptor: Int32

    init(_ path: String) throws(SimulationError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw .file(path: path, reason: "cannot be made (\(String(cString: strerror(errno))))")
        }
    }

    deinit { close(descriptor) }

    func append(_ bytes: [UInt8]) throws(SimulationError) {
        var start = 0
        while start < bytes.count {
            let written = bytes.withUnsafeBytes { buffer in
                write(descriptor, buffer.baseAddress.map { $0 + start }, buffer.count - start)
            }
            guard written > 0 else {
                throw .file(path: path, reason: "cannot be written (\(String(cString: strerror(errno))))")
            }
            start += written
        }
    }
}
