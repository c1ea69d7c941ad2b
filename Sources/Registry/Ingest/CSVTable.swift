/// A CSV file with a header, read whole: the pack's own tables, and what people bring.
package struct CSVTable {
    /// The columns' names.
    package let header: [String]
    /// The rows, each with its line.
    package let rows: [(line: Int, fields: [String])]

    /// Reads a file; every row must have as many fields as the header.
    package init(path: String) throws(RegistryError) {
        var header: [String]?
        var rows: [(Int, [String])] = []
        var reader = try RecordReader(path: path)
        var splitter = FieldSplitter()
        while let chunk = try reader.next() {
            for record in chunk.records {
                var fields: [String] = []
                let flaw = chunk.bytes.withUnsafeBytes { bytes in
                    let flaw = splitter.split(bytes, from: record.start, to: record.end)
                    if flaw == nil {
                        for index in splitter.fields.indices {
                            fields.append(splitter.withField(index, of: bytes) { String(decoding: $0, as: UTF8.self) })
                        }
                    }
                    return flaw
                }
                if let flaw { throw .refused(file: path, line: record.line, reason: flaw.rawValue) }
                if let header {
                    guard fields.count == header.count else {
                        throw .refused(
                            file: path, line: record.line,
                            reason: "\(fields.count) fields where the header has \(header.count)")
                    }
                    rows.append((record.line, fields))
                } else {
                    header = fields
                }
            }
        }
        self.header = header ?? []
        self.rows = rows
    }

    /// The index of a column.
    package func column(_ name: String, path: String) throws(RegistryError) -> Int {
        guard let index = header.firstIndex(of: name) else {
            throw .refused(file: path, line: 1, reason: "the column “\(name)” is missing")
        }
        return index
    }
}
