/// Records, field by field.
public struct RecordTable: Sendable {
    /// The settings by which they were read.
    public let settings: LinkageSettings
    /// How many there are.
    public let count: Int
    /// The first record of a second data set, where there are two: then only records of different ones are compared.
    public let second: Int?
    /// The fields, in the order of the settings'.
    let columns: [RecordColumn]
    let ids: [UInt8]
    let idEnds: [Int]

    init(_ settings: LinkageSettings, columns: [RecordColumn], ids: [UInt8], idEnds: [Int], second: Int?) {
        self.settings = settings
        count = idEnds.count
        self.second = second
        self.columns = columns
        self.ids = ids
        self.idEnds = idEnds
    }

    /// Whether there are two records to compare.
    var isComparable: Bool { second.map { $0 > 0 && $0 < count } ?? (count > 1) }

    /// A record's own name.
    public func id(_ record: Int) -> String { String(decoding: idBytes(record), as: UTF8.self) }

    /// The bytes of a record's own name.
    public func idBytes(_ record: Int) -> ArraySlice<UInt8> {
        ids[(record == 0 ? 0 : idEnds[record - 1])..<idEnds[record]]
    }
}

/// Takes records one after the other and makes a ``RecordTable`` of them.
public struct RecordTableBuilder: Sendable {
    private enum Column: Sendable {
        case name(NameColumn)
        case date(DateColumn)
        case number(NumberColumn)
        case code(CodeColumn)
    }

    private let settings: LinkageSettings
    private var columns: [Column]
    private var ids: [UInt8] = []
    private var idEnds: [Int] = []
    private var second: Int?

    /// No records.
    public init(_ settings: LinkageSettings) {
        self.settings = settings
        let reader = NameReader(settings.equivalents)
        columns = settings.fields.map { field in
            switch field.kind {
            case .name, .relative, .text: .name(NameColumn(reader))
            case .date: .date(DateColumn())
            case .identifier, .phone: .number(NumberColumn())
            case .region, .category: .code(CodeColumn())
            }
        }
    }

    /// How many records there are.
    public var count: Int { idEnds.count }

    /// What follows is of a second data set: records of the first are compared with those alone.
    public mutating func beginSecond() { second = count }

    /// Begins a record, by its own name; the fields follow with ``append(_:to:)``, each once.
    public mutating func begin(id: UnsafeRawBufferPointer) {
        ids.append(contentsOf: id)
        idEnds.append(ids.count)
    }

    /// Appends the text of a field of the record that was begun, empty where it has none.
    ///
    /// - Parameter field: its place in the settings' fields.
    public mutating func append(_ text: UnsafeRawBufferPointer, to field: Int) {
        switch columns[field] {
        case .name(var column):
            columns[field] = .number(NumberColumn())
            column.append(text)
            columns[field] = .name(column)
        case .date(var column):
            columns[field] = .number(NumberColumn())
            column.append(text)
            columns[field] = .date(column)
        case .number(var column):
            columns[field] = .date(DateColumn())
            column.append(text)
            columns[field] = .number(column)
        case .code(var column):
            columns[field] = .number(NumberColumn())
            column.append(text)
            columns[field] = .code(column)
        }
    }

    /// Appends a record of texts, in the order of the settings' fields.
    public mutating func append(id: String, _ texts: [String]) {
        Array(id.utf8).withUnsafeBytes { begin(id: $0) }
        for field in columns.indices {
            Array((field < texts.count ? texts[field] : "").utf8).withUnsafeBytes { append($0, to: field) }
        }
    }

    /// A person's number tells the birth date where that is missing, or is one that stands for the year.
    private mutating func fillDates() {
        let kinds = settings.fields.map(\.kind)
        guard let date = kinds.firstIndex(of: .date), let number = kinds.firstIndex(of: .identifier),
            case .date(var dates) = columns[date], case .number(let numbers) = columns[number]
        else { return }
        columns[date] = .number(NumberColumn())
        let newest = dates.values.reduce(0) { max($0, $1 >> 9) }
        for record in dates.values.indices {
            dates.values[record] = PersonNumber.date(
                dates.values[record], numbers.values[record], newest: newest == 0 ? 2030 : newest)
        }
        columns[date] = .date(dates)
    }

    /// The records. The builder is empty afterwards.
    public mutating func finish() -> RecordTable {
        for index in columns.indices {
            guard case .number(var numbers) = columns[index] else { continue }
            numbers.finish(most: settings.mostWithOneNumber)
            columns[index] = .number(numbers)
        }
        fillDates()
        let done: [RecordColumn] = columns.indices.map { index in
            let column = columns[index]
            columns[index] = .number(NumberColumn())
            switch column {
            case .name(let names): return .name(names.cells())
            case .date(let dates): return .date(Cells(dates.values))
            case .number(let numbers): return .number(Cells(numbers.values))
            case .code(let codes): return .code(codes.cells())
            }
        }
        let table = RecordTable(settings, columns: done, ids: ids, idEnds: idEnds, second: second)
        self = RecordTableBuilder(settings)
        return table
    }
}
