/// A place in a source text.
public struct SourcePosition: Hashable, Sendable {
    /// The line, from 1.
    public let line: Int
    /// The column in Unicode scalars, from 1.
    public let column: Int
    /// The offset in bytes of UTF-8, from 0.
    public let offset: Int
}

/// All that is wrong with a source text.
public struct CompilationError: Error, Sendable, Equatable {
    /// One thing that is wrong.
    public struct Issue: Sendable, Hashable {
        /// Where it is.
        public let position: SourcePosition
        /// What was expected and what was found.
        public let message: String
        /// The line, from 1.
        public var line: Int { position.line }
        /// The column in Unicode scalars, from 1.
        public var column: Int { position.column }
    }

    /// The source text.
    public let source: String
    /// What is wrong with it, in the order of the text.
    public let issues: [Issue]
}

extension CompilationError: CustomStringConvertible {
    /// Every issue with its line and column, and below it the line of the source with a caret under the place.
    public var description: String {
        let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
        return issues.map { issue in
            let head = "\(issue.line):\(issue.column): \(issue.message)"
            guard lines.indices.contains(issue.line - 1) else { return head }
            let (text, caret) = Self.excerpt(of: lines[issue.line - 1], around: issue.column - 1)
            return "\(head)\n  \(text)\n  \(caret)"
        }.joined(separator: "\n")
    }

    /// At most a screen's width of the line, and a caret line that keeps its tabs.
    private static func excerpt(of line: Substring, around column: Int) -> (text: String, caret: String) {
        let scalars = Array(line.unicodeScalars.prefix(column + 60))
        let start = max(0, column - 60)
        let shown = scalars[min(start, scalars.count)...]
        let before = shown.prefix(column - start).map { $0 == "\t" ? "\t" : " " as Unicode.Scalar }
        var text = String.UnicodeScalarView(shown)
        if text.last == "\r" { text.removeLast() }
        return (String(text), String(String.UnicodeScalarView(before)) + "^")
    }
}

/// A source text's bytes, and where its lines begin.
struct SourceText {
    let bytes: [UInt8]
    private let lineStarts: [Int]
    /// How many bytes before each are not the first of their scalar; nothing in a text of ASCII.
    private let continuations: [Int32]

    init(_ source: String) {
        let bytes = Array(source.utf8)
        self.bytes = bytes
        lineStarts = [0] + bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
        var count: Int32 = 0
        continuations =
            bytes.allSatisfy { $0 < 0x80 }
            ? []
            : [0]
                + bytes.map { byte in
                    count += byte & 0xC0 == 0x80 ? 1 : 0
                    return count
                }
    }

    func position(at offset: Int) -> SourcePosition {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        let before = continuations.isEmpty ? 0 : Int(continuations[offset] - continuations[lineStarts[low]])
        let scalarsBefore = offset - lineStarts[low] - before
        return SourcePosition(line: low + 1, column: scalarsBefore + 1, offset: offset)
    }
}
