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
        try RecordReader.forEachRecord(of: path) { splitter, bytes, line throws(RegistryError) in
            let fields = splitter.texts(of: bytes)
            guard let header else {
                header = fields
                return true
            }
            guard fields.count == header.count else {
                throw .refused(
                    file: path, line: line, reason: "\(fields.count) fields where the header has \(header.count)")
            }
            rows.append((line, fields))
            return true
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
