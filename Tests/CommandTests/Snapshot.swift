import Storage
import Testing

/// What all tables of a database hold, so that before and after can be compared.
struct Snapshot: Equatable {
    /// How often each row stands in each table, its columns in the order of their names.
    private var tables: [String: [[SQLValue]: Int]] = [:]

    /// Columns that tell when something was done, or rest on that: in these only whether there is a value counts.
    private static let moments: Set = ["begun", "completed", "made", "moment", "hash"]

    /// Reads a database.
    ///
    /// - Parameters:
    ///   - telling: whether the moments at which things were done count too.
    ///   - bulky: tables of which only the number of rows and the sum of their lines count.
    init(_ url: String, telling: Bool = false, bulky: Set<String> = []) throws {
        let database = try Database.open(url)
        defer { try? database.close() }
        tables = try database.read { connection in
            var tables: [String: [[SQLValue]: Int]] = [:]
            for (table, columns) in try Self.columns(of: database.engine, on: connection) {
                var rows: [[SQLValue]: Int] = [:]
                if table == "region" || bulky.contains(table) {
                    let line = columns.contains("line") ? "line" : "0"
                    let sum = try connection.count("SELECT CAST(sum(\(line)) AS BIGINT) FROM \(table)")
                    let ends = try connection.count("SELECT CAST(min(\(line)) AS BIGINT) FROM \(table)")
                    rows[[.integer(Int64(sum)), .integer(Int64(ends))]] = try connection.count(
                        "SELECT count(*) FROM \(table)")
                } else {
                    let names = columns.map { "\"\($0)\"" }.joined(separator: ", ")
                    try connection.forEach("SELECT \(names) FROM \(table)", []) { cursor in
                        let row = columns.indices.map { index -> SQLValue in
                            guard !telling, Self.moments.contains(columns[index]) else { return cursor.value(index) }
                            return .integer(cursor.isNull(index) ? 0 : 1)
                        }
                        rows[row, default: 0] += 1
                    }
                }
                tables[table] = rows
            }
            return tables
        }
    }

    private static func columns(
        of engine: Database.Engine, on connection: any Connection
    ) throws -> [(table: String, columns: [String])] {
        let list =
            switch engine {
            case .sqlite:
                """
                SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c
                WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' ORDER BY t.name, c.name
                """
            case .postgres:
                """
                SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns
                WHERE table_schema = current_schema() ORDER BY table_name COLLATE "C", column_name COLLATE "C"
                """
            }
        var tables: [(table: String, columns: [String])] = []
        for (table, column) in try connection.query(list, [], { ($0.text(0), $0.text(1)) }) {
            if tables.last?.table == table {
                tables[tables.count - 1].columns.append(column)
            } else {
                tables.append((table, [column]))
            }
        }
        return tables
    }

    /// How many rows a table has.
    func rows(_ table: String) -> Int { tables[table]?.values.reduce(0, +) ?? 0 }

    /// The same without one table.
    func without(_ names: String...) -> Snapshot {
        var copy = self
        for name in names { copy.tables[name] = nil }
        return copy
    }

    /// Expects the same as in another.
    func expectSame(as other: Snapshot, sourceLocation: SourceLocation = #_sourceLocation) {
        let differences = differences(from: other)
        #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))", sourceLocation: sourceLocation)
    }

    /// What is otherwise than in another: a line for each table.
    func differences(from other: Snapshot) -> [String] {
        Set(tables.keys).union(other.tables.keys).sorted().compactMap { table in
            guard tables[table] != other.tables[table] else { return nil }
            let (left, right) = (tables[table] ?? [:], other.tables[table] ?? [:])
            let only = left.filter { right[$0.key] != $0.value }.keys.first
            return "\(table): \(rows(table)) rows instead of \(other.rows(table))"
                + (only.map { ", such as \($0)".prefix(300) } ?? "")
        }
    }
}
