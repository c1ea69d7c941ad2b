import Storage

/// Which region codes exist, for checks by the million.
public struct RegionSet: Sendable {
    private let codes: Set<Int64>

    /// The set of some codes.
    public init(_ codes: some Sequence<RegionCode>) { self.codes = Set(codes.map(Self.number)) }

    /// The set of codes by their digits as numbers.
    init(numbers: [Int64]) { codes = Set(numbers) }

    /// Whether a code exists.
    public func contains(_ code: RegionCode) -> Bool { codes.contains(Self.number(code)) }

    /// Whether a code exists.
    func contains(_ code: RegionDigits) -> Bool { codes.contains(code.number) }

    /// The digits as a number; codes of different levels have different lengths and so different numbers.
    private static func number(_ code: RegionCode) -> Int64 {
        code.text.utf8.reduce(0) { $1 == UInt8(ascii: ".") ? $0 : $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
    }
}

/// A region by its code and official name.
public struct Region: Sendable, Hashable {
    /// Its code.
    public let code: RegionCode
    /// Its name, which others may share.
    public let name: String

    /// A region.
    public init(code: RegionCode, name: String) {
        self.code = code
        self.name = name
    }
}

/// The codes and names of all regions of Indonesia (Kepmendagri 300.2.2-2430/2025).
public enum RegionDirectory {
    /// Reads the file that the library ships: `code,level,name`, gzip.
    public static func read(_ path: String) throws(RegistryError) -> [Region] {
        let table = try CSVTable(path: path)
        let code = try table.column("code", path: path)
        let level = try table.column("level", path: path)
        let name = try table.column("name", path: path)
        var regions: [Region] = []
        regions.reserveCapacity(table.rows.count)
        for (line, fields) in table.rows {
            guard let region = RegionCode(fields[code]), region.level.rawValue == fields[level] else {
                throw .refused(file: path, line: line, reason: "“\(fields[code])” is not a \(fields[level])'s code")
            }
            regions.append(Region(code: region, name: fields[name]))
        }
        return regions
    }

    /// Writes the regions into the database, in place of those that were there.
    static func store(_ regions: [Region], on connection: any Connection) throws {
        try connection.execute("DELETE FROM region")
        try connection.bulkInsert(into: "region", columns: ["code", "level", "name", "search"]) { writer in
            for region in regions {
                writer.append(region.code.text)
                writer.append(region.code.level.rawValue)
                writer.append(region.name)
                writer.append(searchForm(region.name))
                try writer.endRow()
            }
        }
    }

    /// The region of a code, or nil where there is none.
    public static func region(_ code: RegionCode, on connection: any Connection) throws -> Region? {
        try connection.first("SELECT code, name FROM region WHERE code = ?", [.text(code.text)], region) ?? nil
    }

    /// Regions whose name holds all words of a text, or whose code begins with it; larger regions and exact names first.
    ///
    /// - Parameters:
    ///   - within: only regions inside this one.
    public static func search(
        _ text: String, within: RegionCode? = nil, limit: Int = 20, on connection: any Connection
    ) throws -> [Region] {
        let words = searchForm(text).split(separator: " ")
        guard !words.isEmpty else { return [] }
        var conditions: [String] = []
        var arguments: [SQLValue] = []
        if let code = RegionCode(text) {
            conditions.append("code LIKE ?")
            arguments.append(.text(code.text + "%"))
        } else {
            for word in words {
                conditions.append("search LIKE ?")
                arguments.append(.text("%\(word)%"))
            }
        }
        if let within {
            conditions.append("code LIKE ?")
            arguments.append(.text(within.text + "%"))
        }
        arguments += [.text(words.joined(separator: " ")), SQLValue(limit)]
        return try connection.query(
            """
            SELECT code, name FROM region WHERE \(conditions.joined(separator: " AND "))
            ORDER BY CASE WHEN search = ? THEN 0 ELSE 1 END, length(code), code LIMIT ?
            """, arguments, region
        ).compactMap(\.self)
    }

    /// Which codes there are.
    static func set(on connection: any Connection) throws -> RegionSet {
        var numbers: [Int64] = []
        try connection.forEach("SELECT code FROM region", []) { cursor in
            if let code = cursor.withBytes(0, { RegionDigits($0) }) { numbers.append(code.number) }
        }
        return RegionSet(numbers: numbers)
    }

    private static func region(_ cursor: any Cursor) -> Region? {
        RegionCode(cursor.text(0)).map { Region(code: $0, name: cursor.text(1)) }
    }

    /// A name as it is searched: letters, digits and single spaces, in lower case.
    private static func searchForm(_ name: String) -> String {
        String(name.lowercased().map { $0.isLetter || $0.isNumber ? $0 : " " }).split(separator: " ")
            .joined(separator: " ")
    }
}
