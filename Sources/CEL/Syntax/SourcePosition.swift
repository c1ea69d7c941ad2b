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
        return issues.map { "\($0.line):\($0.column): \($0.message)" + $0.position.excerpt(of: lines) }
            .joined(separator: "\n")
    }
}

extension EvaluationError {
    /// The error with its line and column, and below it the line of the source with a caret under the place.
    ///
    /// - Parameter source: The text that was compiled (`Expression.source`).
    public func description(in source: String) -> String {
        let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
        return description + (position?.excerpt(of: lines) ?? "")
    }
}

extension SourcePosition {
    /// Two lines to stand below a message: at most a screen's width of the source's line, and a caret; nothing where the
    /// source has no such line.
    fileprivate func excerpt(of lines: [Substring]) -> String {
        guard lines.indices.contains(line - 1) else { return "" }
        let scalars = Array(lines[line - 1].unicodeScalars.prefix(column + 59))
        let start = max(0, column - 61)
        let shown = scalars[min(start, scalars.count)...]
        // Tabs stay tabs, so that the caret stands under its place.
        let before = shown.prefix(column - 1 - start).map { $0 == "\t" ? "\t" : " " as Unicode.Scalar }
        var text = String.UnicodeScalarView(shown)
        if text.last == "\r" { text.removeLast() }
        return "\n  \(String(text))\n  \(String(String.UnicodeScalarView(before)))^"
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
