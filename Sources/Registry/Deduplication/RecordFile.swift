import Foundation
import RecordLinkage

/// Records in a CSV file with a header, also packed with gzip, as linkage reads them.
public struct RecordFile: Sendable {
    /// The file.
    public let path: String
    /// The columns' names.
    public let header: [String]
    /// The first rows, to see what the columns hold.
    private let sample: [[String]]

    /// Reads a file's header and looks at its first rows.
    ///
    /// - Throws: ``RegistryError/refused(file:line:reason:)`` where it has no header, a column without a name, or one twice.
    public init(_ path: String) throws(RegistryError) {
        self.path = path
        var header: [String]?
        var sample: [[String]] = []
        try RecordReader.forEachRecord(of: path) { splitter, bytes, line throws(RegistryError) in
            let fields = splitter.texts(of: bytes)
            guard !fields.contains(where: { $0.contains("\u{FFFD}") }) else {
                throw .refused(
                    file: path, line: line, reason: "this is not UTF-8 text; save the file as UTF-8 (it may be Latin-1)"
                )
            }
            guard let header else {
                header = fields
                return true
            }
            guard fields.count == header.count else {
                throw Self.ragged(fields.count, header.count, path, line)
            }
            sample.append(fields)
            return sample.count < 2000
        }
        guard let header else { throw .refused(file: path, line: nil, reason: "the file is empty: it needs a header") }
        for (index, name) in header.enumerated() {
            guard !name.isEmpty else { throw .refused(file: path, line: 1, reason: "column \(index + 1) has no name") }
            guard !header[..<index].contains(name) else {
                throw .refused(file: path, line: 1, reason: "two columns are named “\(name)”")
            }
        }
        for mark in [";", "\t", "|"] where header.count == 1 && header[0].contains(mark) {
            throw .refused(
                file: path, line: 1,
                reason: "the columns are separated by “\(mark == "\t" ? "tab" : mark)”; save the file with commas")
        }
        guard !sample.isEmpty else {
            throw .refused(file: path, line: 1, reason: "below the header there is no record")
        }
        self.header = header
        self.sample = sample
    }

    /// Sees whether what settings say of the columns fits what these hold: that the id names each record, and that dates can
    /// be read.
    private func check(_ settings: LinkageSettings) throws(RegistryError) {
        let id = try column(settings.id)
        var lines: [String: Int] = [:]
        for (index, row) in sample.enumerated() where !row[id].isEmpty {
            if let first = lines[row[id]] {
                throw .refused(
                    file: path, line: nil,
                    reason:
                        "“\(settings.id)” is to name each record, but records \(first + 1) and \(index + 1) below the "
                        + "header are both “\(row[id])”")
            }
            lines[row[id]] = index
        }
        for field in settings.fields where field.kind == .date {
            for name in field.columns {
                let column = try column(name)
                let values = sample.map { $0[column] }.filter { !$0.isEmpty }
                guard let first = values.first, !values.contains(where: LinkageSettings.isDate) else { continue }
                throw .refused(
                    file: path, line: nil,
                    reason: "no value of “\(name)” is a date, such as 1980-05-17 or 17/05/1980; the first is “\(first)”"
                )
            }
        }
    }

    /// Reads the records.
    ///
    /// - Throws: ``RegistryError/refused(file:line:reason:)`` where a row has more or fewer fields than the header, a record has
    ///   no name of its own, or a field of the settings is no column.
    public func table(
        _ settings: LinkageSettings, _ progress: (WorkProgress) -> Void = { _ in }
    ) throws(RegistryError) -> RecordTable {
        var builder = RecordTableBuilder(settings)
        try read(settings, into: &builder, progress)
        return builder.finish()
    }

    /// Reads the records of this file and of a second one, to be compared with each other.
    ///
    /// - Throws: as ``table(_:_:)``, of either file.
    public func table(
        _ settings: LinkageSettings, with other: RecordFile, _ progress: (WorkProgress) -> Void = { _ in }
    ) throws(RegistryError) -> RecordTable {
        var builder = RecordTableBuilder(settings)
        try read(settings, into: &builder, progress)
        builder.beginSecond()
        try other.read(settings, into: &builder, progress)
        return builder.finish()
    }

    /// Reads the records into a builder that may hold others already.
    func read(
        _ settings: LinkageSettings, into builder: inout RecordTableBuilder, _ progress: (WorkProgress) -> Void
    ) throws(RegistryError) {
        try check(settings)
        let id = try column(settings.id)
        var columns: [[Int]] = []
        for field in settings.fields {
            var own: [Int] = []
            for name in field.columns { own.append(try column(name)) }
            columns.append(own)
        }
        var joined: [UInt8] = []
        let count = header.count
        var isHeader = true
        try RecordReader.forEachRecord(of: path, progress) { splitter, bytes, line throws(RegistryError) in
            if isHeader {
                isHeader = false
                return true
            }
            guard splitter.fields.count == count else {
                throw Self.ragged(splitter.fields.count, count, path, line)
            }
            let isNamed = splitter.withField(id, of: bytes) { text in
                builder.begin(id: text)
                return !text.isEmpty
            }
            guard isNamed else { throw .refused(file: path, line: line, reason: "“\(settings.id)” is empty") }
            for (place, own) in columns.enumerated() {
                if own.count == 1 {
                    splitter.withField(own[0], of: bytes) { builder.append($0, to: place) }
                    continue
                }
                joined.removeAll(keepingCapacity: true)
                for column in own {
                    splitter.withField(column, of: bytes) { text in
                        if !joined.isEmpty, !text.isEmpty { joined.append(0x20) }
                        joined.append(contentsOf: text)
                    }
                }
                joined.withUnsafeBytes { builder.append($0, to: place) }
            }
            return true
        }
    }

    private static func ragged(_ fields: Int, _ header: Int, _ path: String, _ line: Int) -> RegistryError {
        .refused(file: path, line: line, reason: "\(fields) fields, but the header has \(header)")
    }

    private func column(_ name: String) throws(RegistryError) -> Int {
        guard let index = header.firstIndex(of: name) else {
            throw .refused(
                file: path, line: 1,
                reason: "there is no column “\(name)”; there are: \(header.joined(separator: ", "))")
        }
        return index
    }
}

extension RecordFile {
    /// Settings that fit what the columns are called and hold.
    ///
    /// - Throws: ``RegistryError/refused(file:line:reason:)`` where no column names the records, or none can be compared.
    public func guess(_ equivalents: NameEquivalents) throws(RegistryError) -> LinkageSettings {
        let values = header.indices.map { column in sample.map { $0[column] }.filter { !$0.isEmpty } }
        let words = ["id", "record_id", "rec_id", "unique_id", "no", "nomor"]
        func isUnique(_ column: Int) -> Bool { Set(values[column]).count == sample.count }
        guard
            let id = header.indices.first(where: { Self.names(header[$0], words) && isUnique($0) })
                // Where a column is called so but names two records alike, that is what is to be told.
                ?? header.indices.first(where: { ["id", "record_id"].contains(header[$0].lowercased()) })
                ?? header.indices.first(where: isUnique)
        else {
            throw .refused(
                file: path, line: 1,
                reason: "no column has another value in every row: add one that names the records, such as “id”")
        }
        var fields: [LinkageSettings.Field] = []
        for column in header.indices where column != id {
            guard let kind = Self.kind(header[column], values[column]) else { continue }
            fields.append(LinkageSettings.Field(name: header[column], kind: kind))
        }
        fields = Self.joined(fields)
        guard !fields.isEmpty else {
            throw .refused(
                file: path, line: 1,
                reason: "no column holds what could be compared, such as names, birth dates or numbers of people; "
                    + "there are: \(header.joined(separator: ", "))")
        }
        var settings = LinkageSettings(
            id: header[id], fields: fields, blocking: LinkageSettings.blocking(for: fields))
        settings.equivalents = equivalents
        return settings
    }

    /// Parts of a name as one field, and lines of an address: which part stands in which column is often exchanged.
    private static func joined(_ fields: [LinkageSettings.Field]) -> [LinkageSettings.Field] {
        func stem(_ field: LinkageSettings.Field) -> String {
            switch field.kind {
            case .name: return "name"
            case .text:
                let name = field.name.lowercased()
                return String(name[..<(name.firstIndex { $0.isNumber } ?? name.endIndex)])
            default: return field.name
            }
        }
        var result: [LinkageSettings.Field] = []
        for field in fields {
            let isJoined = field.kind == .name || field.kind == .text && field.name.contains(where: \.isNumber)
            if isJoined, let place = result.firstIndex(where: { $0.kind == field.kind && stem($0) == stem(field) }) {
                let columns = result[place].columns + [field.name]
                result[place] = LinkageSettings.Field(
                    name: columns.joined(separator: " "), kind: field.kind, columns: columns)
            } else {
                result.append(field)
            }
        }
        return result
    }

    private static let relatives = ["mother", "ibu", "father", "ayah", "kepala", "head", "spouse"]

    private static func names(_ column: String, _ words: [String]) -> Bool {
        let parts = column.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
        return words.contains { word in column.lowercased() == word || parts.contains(word) }
    }

    /// What a column holds, by its name and its values; nil where it tells nothing about a person.
    private static func kind(_ name: String, _ values: [String]) -> LinkageSettings.Kind? {
        let different = Set(values).count
        guard different > 1 else { return nil }
        func share(_ holds: (String) -> Bool) -> Double { Double(values.count(where: holds)) / Double(values.count) }
        let areDigits = share { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } } > 0.9
        let areDates =
            share(LinkageSettings.isDate) > 0.8
        if areDates, names(name, ["date", "birth", "dob", "tanggal", "lahir", "tgl"]) || !areDigits { return .date }
        if names(name, ["phone", "hp", "telp", "telepon", "mobile", "handphone"]) { return .phone }
        let isLong = share { $0.utf8.count >= 6 } > 0.9
        if areDigits, isLong, names(name, ["nik", "ktp", "id", "ssn", "soc", "number", "nomor", "no"]) {
            return .identifier
        }
        if names(name, ["village", "desa", "code", "kode", "postcode", "zip", "region", "wilayah"]), areDigits {
            return .region
        }
        if different <= 12, names(name, ["sex", "gender", "kelamin", "state", "jk"]) || different <= 4 {
            return .category
        }
        if areDates { return .date }
        if areDigits { return isLong && different * 2 > values.count ? .identifier : .category }
        if names(name, relatives) { return .relative }
        if names(name, ["name", "nama", "surname"]) { return .name }
        return .text
    }
}
