import Foundation

/// Records of a CSV file (RFC 4180) in chunks, each record whole and with the number of its first line.
///
/// It only finds where records end; what is in them is the business of ``FieldSplitter``, so that many chunks can be taken
/// apart at once.
struct RecordReader: ~Copyable {
    /// A run of whole records.
    struct Chunk: Sendable {
        /// The bytes that ``records`` point into.
        var bytes: [UInt8] = []
        /// The records, without the line break that ends each.
        var records: [Record] = []
        /// How much of the file on disk had been read when the chunk was full, in bytes.
        var position = 0
    }

    /// Where a record lies in its chunk, and in which line of the file it begins (from 1).
    struct Record: Sendable {
        let start: Int
        let end: Int
        let line: Int
    }

    /// The longest record, in bytes: an unclosed quote would otherwise make the rest of the file one record.
    static let longest = 1 << 20

    private let path: String
    private var stream: ByteStream
    private var pending: [UInt8] = []
    private var line = 1
    private var atEnd = false
    private var started = false

    init(path: String) throws(RegistryError) {
        self.path = path
        stream = try ByteStream(path: path)
    }

    /// The file's size on disk in bytes.
    var size: Int { stream.size }

    /// The next records, about `bytes` of them, more where a record is longer; nil at the end of the file. An empty line
    /// is no record.
    mutating func next(bytes: Int = longest) throws(RegistryError) -> Chunk? {
        var wanted = bytes
        while true {
            if !atEnd, pending.count < wanted {
                if pending.isEmpty { pending.reserveCapacity(bytes * 2) }
                atEnd = try !stream.read(into: &pending, count: bytes)
                if !started, pending.count >= 3 || atEnd {
                    started = true
                    if pending.starts(with: [0xEF, 0xBB, 0xBF]) { pending.removeFirst(3) }
                }
            }
            if pending.isEmpty { return nil }
            let (records, end, lines) = try split()
            if records.isEmpty, !atEnd {
                guard pending.count - end < Self.longest else {
                    throw .refused(
                        file: path, line: line,
                        reason: "this row is longer than 1 MiB: is a quote opened here and never closed?")
                }
                line += lines
                pending.removeFirst(end)
                wanted = pending.count + bytes
                continue
            }
            var chunk = Chunk(bytes: pending, records: records, position: stream.position)
            // What follows the last whole record belongs to the next chunk.
            pending = Array(pending[end...])
            chunk.bytes.removeLast(chunk.bytes.count - end)
            line += lines
            if records.isEmpty { return nil }
            return chunk
        }
    }

    /// The whole records of what is pending, where they end, and over how many line breaks they reach.
    private func split() throws(RegistryError) -> (records: [Record], end: Int, lines: Int) {
        var records: [Record] = []
        records.reserveCapacity(pending.count / 64)
        var end = 0
        var lines = 0
        var unclosed = false
        pending.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            let count = bytes.count
            var start = 0
            while start < count {
                guard let found = memchr(base + start, 0x0A, count - start) else { break }
                var stop = base.distance(to: UnsafeRawPointer(found))
                var breaks = 1
                if memchr(base + start, 0x22, stop - start) != nil {
                    guard let (last, inside) = Self.end(ofQuoted: bytes, from: start) else { break }
                    stop = last
                    breaks += inside
                }
                append(&records, bytes, start, stop, lines)
                lines += breaks
                start = stop + 1
            }
            if atEnd, start < count {
                if memchr(base + start, 0x22, count - start) != nil,
                    Self.isOpen(bytes, from: start)
                {
                    unclosed = true
                    return
                }
                append(&records, bytes, start, count, lines)
                lines += 1
                start = count
            }
            end = start
        }
        if unclosed {
            throw .refused(
                file: path, line: line + lines, reason: "the file ends inside a quoted field: a quote is never closed")
        }
        return (records, end, lines)
    }

    private func append(
        _ records: inout [Record], _ bytes: UnsafeRawBufferPointer, _ start: Int, _ stop: Int, _ lines: Int
    ) {
        var stop = stop
        if stop > start, bytes[stop - 1] == 0x0D { stop -= 1 }
        if stop > start { records.append(Record(start: start, end: stop, line: line + lines)) }
    }

    /// Where a record that has quotes ends, and how many line breaks lie inside its quotes; nil where it goes on beyond
    /// what has been read. A quote opens a field only where the field begins.
    private static func end(ofQuoted bytes: UnsafeRawBufferPointer, from start: Int) -> (Int, Int)? {
        var index = start
        var quoted = false
        var fieldStart = true
        var breaks = 0
        while index < bytes.count {
            let byte = bytes[index]
            if quoted {
                if byte == 0x22 {
                    if index + 1 < bytes.count, bytes[index + 1] == 0x22 { index += 1 } else { quoted = false }
                } else if byte == 0x0A {
                    breaks += 1
                }
            } else if byte == 0x0A {
                return (index, breaks)
            } else {
                quoted = byte == 0x22 && fieldStart
                fieldStart = byte == 0x2C
            }
            index += 1
        }
        return nil
    }

    /// Whether a quoted field is still open at the end.
    private static func isOpen(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Bool {
        var index = start
        var quoted = false
        var fieldStart = true
        while index < bytes.count {
            let byte = bytes[index]
            if quoted {
                if byte == 0x22 {
                    if index + 1 < bytes.count, bytes[index + 1] == 0x22 { index += 1 } else { quoted = false }
                }
            } else {
                quoted = byte == 0x22 && fieldStart
                fieldStart = byte == 0x2C || byte == 0x0A
            }
            index += 1
        }
        return quoted
    }
}

extension RecordReader {
    /// Gives each record of a file, taken apart, with the number of its line, until `body` returns false.
    ///
    /// - Throws: what `body` throws, and ``RegistryError/refused(file:line:reason:)`` where a record cannot be taken apart.
    static func forEachRecord(
        of path: String, _ progress: (WorkProgress) -> Void = { _ in },
        _ body: (FieldSplitter, UnsafeRawBufferPointer, Int) throws(RegistryError) -> Bool
    ) throws(RegistryError) {
        var reader = try RecordReader(path: path)
        var splitter = FieldSplitter()
        let size = reader.size
        while let chunk = try reader.next() {
            for record in chunk.records {
                let goesOn = chunk.bytes.withUnsafeBytes { bytes -> Result<Bool, RegistryError> in
                    if let flaw = splitter.split(bytes, from: record.start, to: record.end) {
                        return .failure(.refused(file: path, line: record.line, reason: flaw.rawValue))
                    }
                    do throws(RegistryError) { return .success(try body(splitter, bytes, record.line)) } catch {
                        return .failure(error)
                    }
                }
                guard try goesOn.get() else { return }
            }
            progress(WorkProgress(done: chunk.position, total: size))
        }
    }
}

/// Takes one record apart into fields.
struct FieldSplitter {
    /// The fields' bytes: into the record where they stand there as they are, else into ``unquoted``.
    private(set) var fields: [(start: Int, end: Int, isUnquoted: Bool)] = []
    private(set) var unquoted: [UInt8] = []

    /// Why a record cannot be taken apart.
    enum Flaw: String {
        case quoteInside = "a quote stands inside an unquoted field"
        case afterQuote = "something stands between a closing quote and the comma"
    }

    /// Splits the bytes from `start` to `end`; returns what is wrong, or nil.
    mutating func split(_ bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) -> Flaw? {
        fields.removeAll(keepingCapacity: true)
        unquoted.removeAll(keepingCapacity: true)
        var index = start
        while true {
            if index < end, bytes[index] == 0x22 {
                let first = unquoted.count
                index += 1
                while index < end {
                    if bytes[index] == 0x22 {
                        if index + 1 < end, bytes[index + 1] == 0x22 { index += 1 } else { break }
                    }
                    unquoted.append(bytes[index])
                    index += 1
                }
                index += 1
                fields.append((first, unquoted.count, true))
                guard index >= end || bytes[index] == 0x2C else { return .afterQuote }
            } else {
                let first = index
                while index < end, bytes[index] != 0x2C {
                    if bytes[index] == 0x22 { return .quoteInside }
                    index += 1
                }
                fields.append((first, index, false))
            }
            guard index < end else { return nil }
            index += 1
            if index == end {
                fields.append((end, end, false))
                return nil
            }
        }
    }

    /// The bytes of a field without the white space around it.
    func withField<Result>(
        _ index: Int, of record: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        let field = fields[index]
        func trimmed(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
            var (start, end) = (field.start, field.end)
            while start < end, bytes[start] == 0x20 || bytes[start] == 0x09 { start += 1 }
            while start < end, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
            return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
        }
        guard field.isUnquoted else { return try body(trimmed(record)) }
        return try unquoted.withUnsafeBytes { try body(trimmed($0)) }
    }

    /// All fields as texts.
    func texts(of bytes: UnsafeRawBufferPointer) -> [String] {
        fields.indices.map { index in withField(index, of: bytes) { String(decoding: $0, as: UTF8.self) } }
    }
}
