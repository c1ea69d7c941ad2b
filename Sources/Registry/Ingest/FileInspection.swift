import Crypto
import Foundation

/// What is known of a delivered file before anything of it is kept: that it is the source's, whole, and text.
///
/// The file is read once for this alone, so that one that must be refused is refused before the database is touched.
struct FileInspection: Sendable {
    /// SHA-256 of the file as it was delivered, also where it is packed.
    let digest: [UInt8]
    /// How many records follow the header.
    let records: Int
    /// For each field of the source the index of its column; nil where an optional field has none.
    let columns: [Int?]
    /// How many columns the header has.
    let width: Int

    /// Reads a file.
    ///
    /// - Throws: ``RegistryError/refused(file:line:reason:)`` where it is empty, has not the source's header, is cut off,
    ///   or is not UTF-8 text.
    init(path: String, source: SourceDefinition) throws(RegistryError) {
        digest = try Self.digest(of: path)
        var reader = try RecordReader(path: path)
        var splitter = FieldSplitter()
        var columns: [Int?]?
        var width = 0
        var records = 0
        var last: (line: Int, fields: Int, terminated: Bool)?
        while let chunk = try reader.next() {
            if let line = Self.lineThatIsNotText(chunk) {
                throw .refused(
                    file: path, line: line.number,
                    reason: line.hasNUL
                        ? "this is no text file: a NUL byte stands here (deliver CSV in UTF-8)"
                        : "this is not UTF-8 text (save the CSV file in UTF-8)")
            }
            for record in chunk.records {
                guard columns == nil else { break }
                let names = try Self.header(chunk, record, path: path)
                width = names.count
                columns = try Self.columns(names, of: source, path: path, line: record.line)
            }
            records += chunk.records.count
            if let record = chunk.records.last {
                chunk.bytes.withUnsafeBytes { _ = splitter.split($0, from: record.start, to: record.end) }
                last = (record.line, splitter.fields.count, chunk.bytes.last == 0x0A)
            }
        }
        guard let columns else { throw .refused(file: path, line: nil, reason: "the file is empty") }
        if let last, !last.terminated, last.fields < width {
            throw .refused(
                file: path, line: last.line,
                reason: "the file ends in the middle of a row: it was cut off, deliver it again")
        }
        self.columns = columns
        self.width = width
        self.records = records - 1
    }

    private static func header(
        _ chunk: RecordReader.Chunk, _ record: RecordReader.Record, path: String
    ) throws(RegistryError) -> [String] {
        var splitter = FieldSplitter()
        var names: [String] = []
        let flaw = chunk.bytes.withUnsafeBytes { bytes in
            let flaw = splitter.split(bytes, from: record.start, to: record.end)
            for index in splitter.fields.indices {
                names.append(splitter.withField(index, of: bytes) { String(decoding: $0, as: UTF8.self) })
            }
            return flaw
        }
        if let flaw { throw .refused(file: path, line: record.line, reason: "the header: \(flaw.rawValue)") }
        return names
    }

    private static func columns(
        _ names: [String], of source: SourceDefinition, path: String, line: Int
    ) throws(RegistryError) -> [Int?] {
        let known = Set(source.fields.map(\.name))
        var seen: Set<String> = []
        let twice = names.filter { !seen.insert($0).inserted }
        let missing = source.fields.filter { field in
            !seen.contains(field.name)
                && (field.required || source.key.contains { source.fields[$0].name == field.name })
        }.map(\.name)
        let others = names.filter { !known.contains($0) }
        var complaints: [String] = []
        if !missing.isEmpty { complaints.append("missing: \(missing.joined(separator: ", "))") }
        if !others.isEmpty {
            complaints.append("not known: \(others.map { String($0.prefix(40)) }.prefix(8).joined(separator: ", "))")
        }
        if !twice.isEmpty { complaints.append("twice: \(twice.joined(separator: ", "))") }
        guard complaints.isEmpty else {
            throw .refused(
                file: path, line: line,
                reason: "the header is not that of “\(source.name)”: \(complaints.joined(separator: "; "))")
        }
        return source.fields.map { field in names.firstIndex(of: field.name) }
    }

    /// The first line with bytes that are no text, and whether a NUL is among them.
    private static func lineThatIsNotText(_ chunk: RecordReader.Chunk) -> (number: Int, hasNUL: Bool)? {
        let sound = chunk.bytes.withUnsafeBytes { bytes -> Bool in
            guard let base = bytes.baseAddress else { return true }
            return memchr(base, 0, bytes.count) == nil && isUTF8(bytes)
        }
        guard !sound else { return nil }
        for record in chunk.records {
            let line = chunk.bytes[record.start..<record.end]
            if line.contains(0) { return (record.line, true) }
            if line.withUnsafeBytes({ !isUTF8($0) }) { return (record.line, false) }
        }
        return (chunk.records.last?.line ?? 1, chunk.bytes.contains(0))
    }

    private static func isUTF8(_ bytes: UnsafeRawBufferPointer) -> Bool {
        // Most of a file is ASCII: eight bytes at a time are looked at until one is not.
        var index = 0
        while index + 8 <= bytes.count,
            bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
        {
            index += 8
        }
        return index == bytes.count
            || String(validating: UnsafeRawBufferPointer(rebasing: bytes[index...]), as: UTF8.self) != nil
    }

    private static func digest(of path: String) throws(RegistryError) -> [UInt8] {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw .file(path: path, reason: "cannot be opened (is it there, and may it be read?)")
        }
        defer { try? file.close() }
        var hasher = SHA256()
        do {
            while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty { hasher.update(data: piece) }
        } catch {
            throw .file(path: path, reason: "cannot be read")
        }
        return Array(hasher.finalize())
    }
}
