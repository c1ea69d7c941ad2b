import Foundation

/// Puts lines into a random order with little memory: each goes into one of many files by lot, and each file is then
/// shuffled in memory. The order depends on the random stream alone.
final class LineShuffle {
    private let folder: String
    private var random: Random
    private var files: [OutputFile] = []
    private var pending: [[UInt8]]
    private static let linesPerFile = 200_000
    private static let pendingBytes = 1 << 18

    /// A shuffle of about so many lines, whose files lie in a folder until they are read.
    init(_ folder: String, lines: Int, random: Random) throws(SimulationError) {
        self.folder = folder
        self.random = random
        let count = max(1, (lines + Self.linesPerFile - 1) / Self.linesPerFile)
        pending = [[UInt8]](repeating: [], count: count)
        for place in 0..<count { files.append(try OutputFile(Self.path(folder, place))) }
    }

    private static func path(_ folder: String, _ place: Int) -> String { folder + "/shuffle-\(place)" }

    /// Takes whole lines, each with its line end.
    func append(_ lines: [UInt8]) throws(SimulationError) {
        var start = 0
        while start < lines.count {
            let end = (lines[start...].firstIndex(of: UInt8(ascii: "\n")) ?? lines.count - 1) + 1
            let place = random.below(files.count)
            pending[place].append(contentsOf: lines[start..<end])
            start = end
            if pending[place].count > Self.pendingBytes { try flush(place) }
        }
    }

    private func flush(_ place: Int) throws(SimulationError) {
        try files[place].append(pending[place])
        pending[place].removeAll(keepingCapacity: true)
    }

    /// Hands on all lines, without their ends, in the new order, a file's at a time, and removes the files.
    func drain(_ take: (_ bytes: [UInt8], _ lines: [Range<Int>]) throws(SimulationError) -> Void)
        throws(SimulationError)
    {
        for place in files.indices {
            try flush(place)
            pending[place] = []
        }
        let count = files.count
        files = []
        for place in 0..<count {
            let path = Self.path(folder, place)
            guard let content = FileManager.default.contents(atPath: path) else {
                throw .file(path: path, reason: "cannot be read again")
            }
            try? FileManager.default.removeItem(atPath: path)
            let bytes = [UInt8](content)
            var lines: [Range<Int>] = []
            var start = 0
            while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
                lines.append(start..<end)
                start = end + 1
            }
            for last in stride(from: lines.count - 1, to: 0, by: -1) { lines.swapAt(last, random.below(last + 1)) }
            try take(bytes, lines)
        }
    }
}
