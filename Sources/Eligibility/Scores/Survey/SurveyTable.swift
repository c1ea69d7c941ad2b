import Crypto
import Foundation
import Registry

/// A file of households, read whole: a CSV table with a header. What its columns mean is said elsewhere.
public struct SurveyTable: Sendable {
    /// The file's path, as messages name it.
    public let file: String
    /// The columns' names.
    public let header: [String]
    /// SHA-256 of the file's bytes, in hexadecimal digits.
    public let digest: String
    private let rows: [(line: Int, fields: [String])]

    /// Reads a file.
    /// - Throws: where it is no such table, has no rows, or names a column twice.
    public init(path: String) throws(ScoreError) {
        let table: CSVTable
        do { table = try CSVTable(path: path) } catch { throw ScoreError(error) }
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw .file(path: path, reason: "cannot be read")
        }
        guard !table.header.isEmpty else {
            throw .refused(
                file: path, line: nil, column: nil, reason: "the file is empty: a header and rows are needed")
        }
        guard !table.rows.isEmpty else {
            throw .refused(file: path, line: 1, column: nil, reason: "there is a header but no household under it")
        }
        var seen: Set<String> = []
        for name in table.header where !seen.insert(name).inserted {
            throw .refused(file: path, line: 1, column: name, reason: "stands twice in the header")
        }
        file = path
        header = table.header
        rows = table.rows
        digest = SHA256.hash(data: bytes).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    /// How many households there are.
    public var count: Int { rows.count }

    /// A refusal of this file.
    func refused(_ reason: String, row: Int? = nil, column: String? = nil) -> ScoreError {
        .refused(file: file, line: row.map { rows[$0].line }, column: column, reason: reason)
    }

    /// The cells of a column, as they are written.
    func texts(_ column: String) throws(ScoreError) -> [String] {
        guard let index = header.firstIndex(of: column) else {
            throw .refused(
                file: file, line: 1, column: column,
                reason: "is missing in the header (there are: \(header.joined(separator: ", ")))")
        }
        return rows.map { $0.fields[index] }
    }

    /// The numbers of a column, one in every row.
    func numbers(_ column: String) throws(ScoreError) -> [Double] {
        var numbers: [Double] = []
        numbers.reserveCapacity(count)
        for (row, text) in try texts(column).enumerated() {
            guard let number = Self.number(text) else {
                throw refused(
                    text.isEmpty ? "is empty; a number is needed in every row" : "“\(text)” is not a number",
                    row: row, column: column)
            }
            numbers.append(number)
        }
        return numbers
    }

    /// The cells of a column that names each household, every one another.
    func names(_ column: String) throws(ScoreError) -> [String] {
        let names = try texts(column)
        var first: [String: Int] = [:]
        for (row, name) in names.enumerated() {
            guard !name.isEmpty else { throw refused("is empty; every household needs one", row: row, column: column) }
            if let earlier = first.updateValue(row, forKey: name) {
                throw refused(
                    "“\(name)” stands twice, first in line \(rows[earlier].line)", row: row, column: column)
            }
        }
        return names
    }

    /// A decimal number; nil for anything else, also for words that some readers take for numbers (`inf`, `nan`,
    /// `0x10`).
    static func number(_ text: String) -> Double? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains($0) }),
            let number = Double(text), number.isFinite
        else { return nil }
        return number
    }
}
