import Foundation
import Testing

/// The program as people run it: a process of its own, with what it prints and how it ends.
enum Tepat {
    /// The folder with `Regions/` and `Programmes/`: what `TEPAT_HOME` names, else the one that these tests lie in.
    static let home: URL = {
        if let home = ProcessInfo.processInfo.environment["TEPAT_HOME"] { return URL(fileURLWithPath: home) }
        var folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        for _ in 0..<3 { folder.deleteLastPathComponent() }
        return folder
    }()

    /// The program: what `TEPAT_BINARY` names, else `tepat` in the folder that the tests were built into.
    static func binary() throws -> URL {
        let environment = ProcessInfo.processInfo.environment
        if let path = environment["TEPAT_BINARY"], !path.isEmpty {
            guard FileManager.default.isExecutableFile(atPath: path) else {
                throw Missing(description: "TEPAT_BINARY names \(path), which is no program that can be run")
            }
            return URL(fileURLWithPath: path)
        }
        // The tests' own bundle, or program, stands beside the program that they test.
        let starts = CommandLine.arguments.filter { $0.contains(".xctest") } + [CommandLine.arguments[0]]
        for start in starts {
            var folder = URL(fileURLWithPath: start).resolvingSymlinksInPath()
            for _ in 0..<4 {
                let candidate = folder.appendingPathComponent("tepat")
                if !isFolder(candidate.path), FileManager.default.isExecutableFile(atPath: candidate.path) {
                    return candidate
                }
                folder.deleteLastPathComponent()
            }
        }
        throw Missing(
            description: "the program tepat is not beside the tests (\(starts.joined(separator: ", "))): build it with "
                + "swift build --product tepat, or name it in TEPAT_BINARY")
    }

    /// Why there is no program to test.
    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// Runs the program to its end.
    static func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Outcome {
        try Running(try binary(), arguments, environment: environment).wait()
    }

    /// Runs the program to its end.
    static func run(_ arguments: String...) throws -> Outcome { try run(arguments) }
}

/// A program that has been started.
final class Running {
    private let process = Process()
    private let folder: URL

    /// Starts a program. Of the environment it sees only what every program needs, and what is given here.
    init(_ program: URL, _ arguments: [String], environment: [String: String] = [:]) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("tepat-run-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        process.executableURL = program
        process.arguments = arguments
        var inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("TEPAT_") }
        inherited["TEPAT_HOME"] = Tepat.home.path
        process.environment = inherited.merging(environment) { $1 }
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try file("output")
        process.standardError = try file("messages")
        try process.run()
        // A program that hangs must fail its test, not hold up all of them.
        DispatchQueue.global().asyncAfter(deadline: .now() + 120) { [process] in
            if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        }
    }

    private func file(_ name: String) throws -> FileHandle {
        let url = folder.appendingPathComponent(name)
        try Data().write(to: url)
        return try FileHandle(forWritingTo: url)
    }

    /// Sends a signal.
    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// Whether it has not ended yet.
    var isRunning: Bool { process.isRunning }

    /// Waits for its end.
    func wait() throws -> Outcome {
        process.waitUntilExit()
        defer { try? FileManager.default.removeItem(at: folder) }
        return Outcome(
            status: process.terminationStatus, wasKilled: process.terminationReason == .uncaughtSignal,
            output: try text("output"), messages: try text("messages"))
    }

    private func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: folder.appendingPathComponent(name)), as: UTF8.self)
    }
}

/// How a program ended.
struct Outcome: CustomStringConvertible {
    /// The exit status, or the signal that ended it.
    let status: Int32
    /// Whether a signal ended it.
    let wasKilled: Bool
    /// What stood on standard output.
    let output: String
    /// What stood on standard error.
    let messages: String

    var description: String { "status \(status)\(wasKilled ? " (signal)" : "")\n\(output)\n\(messages)" }

    /// The lines on standard error that are no progress.
    var complaint: [String] {
        messages.split(separator: "\n").map(String.init).filter { !$0.hasSuffix(" …") }
    }

    /// The one JSON object on standard output.
    func json(sourceLocation: SourceLocation = #_sourceLocation) throws -> JSON {
        #expect(
            output.hasSuffix("\n") && output.dropLast().allSatisfy { $0 != "\n" }, "one object in one line: \(self)",
            sourceLocation: sourceLocation)
        let json = try JSONDecoder().decode(JSON.self, from: Data(output.utf8))
        guard case .object = json else { throw NoObject(output: output) }
        return json
    }

    /// Says that a command was to answer with an object.
    struct NoObject: Error { let output: String }

    /// Expects that the command ended with a status and one or two lines that say all of `words`.
    func expectRefusal(_ status: Int32, says words: [String], sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(!wasKilled && self.status == status, "\(self)", sourceLocation: sourceLocation)
        #expect(output.isEmpty, "\(self)", sourceLocation: sourceLocation)
        #expect((1...2).contains(complaint.count), "one or two lines: \(self)", sourceLocation: sourceLocation)
        #expect(complaint.first?.hasPrefix("tepat: ") == true, "\(self)", sourceLocation: sourceLocation)
        for word in words {
            #expect(
                complaint.joined(separator: "\n").contains(word), "it says “\(word)”: \(self)",
                sourceLocation: sourceLocation)
        }
    }

    /// Expects that the command did what it was told.
    @discardableResult
    func expectDone(sourceLocation: SourceLocation = #_sourceLocation) -> Outcome {
        #expect(!wasKilled && status == 0, "\(self)", sourceLocation: sourceLocation)
        return self
    }
}

/// A value of JSON.
enum JSON: Decodable, Equatable {
    case object([String: JSON])
    case array([JSON])
    case text(String)
    case number(Double)
    case truth(Bool)
    case null

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let truth = try? container.decode(Bool.self) {
            self = .truth(truth)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let array = try? container.decode([JSON].self) {
            self = .array(array)
        } else {
            self = .object(try container.decode([String: JSON].self))
        }
    }

    subscript(_ key: String) -> JSON? {
        if case .object(let object) = self { object[key] } else { nil }
    }

    var keys: Set<String> {
        if case .object(let object) = self { Set(object.keys) } else { [] }
    }
    var elements: [JSON] {
        if case .array(let array) = self { array } else { [] }
    }
    var text: String? {
        if case .text(let text) = self { text } else { nil }
    }
    var int: Int? {
        if case .number(let number) = self { Int(exactly: number) } else { nil }
    }
}
