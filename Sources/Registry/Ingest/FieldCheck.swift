import Foundation
import Journal

/// What was wrong with a field's value, for the person at the agency who can mend it.
enum FieldFlaw: Error, Sendable {
    case missing
    case identifier(NIK.Flaw)
    case tooLong(max: Int)
    case control
    case notNumber
    case outside(String)
    case notBoolean
    case notDate
    case notRegion(RegionCode.Level)
    case unknownRegion
    case unknownCode(known: String)
}

extension FieldFlaw: CustomStringConvertible {
    var description: String {
        switch self {
        case .missing: "is empty, and must not be"
        case .identifier(let flaw): flaw.description
        case .tooLong(let max): "is longer than \(max) characters"
        case .control: "holds a control character"
        case .notNumber: "is not a number"
        case .outside(let range): "lies outside \(range)"
        case .notBoolean: "is not one of true, false, 1, 0, ya, tidak"
        case .notDate: "is not a date that the calendar has (write YYYY-MM-DD or DD/MM/YYYY)"
        case .notRegion(let level): "is not a \(level.rawValue)'s code"
        case .unknownRegion: "is a region code that does not exist"
        case .unknownCode(let known): "is not one of \(known)"
        }
    }
}

/// Checks one field's values and writes them in one way.
struct FieldCheck: Sendable {
    private let field: SourceField
    private let madeUp: Bool
    private let codes: [(word: [UInt8], meaning: [UInt8])]
    private let regions: RegionSet

    /// A check of a field; `madeUp` says whether numbers that begin with 3599 are accepted.
    init(_ field: SourceField, madeUp: Bool, regions: RegionSet) {
        self.field = field
        self.madeUp = madeUp
        self.regions = regions
        if case .code(let values) = field.kind {
            codes = values.map { (Array($0.uppercased().utf8), Array($1.utf8)) }
        } else {
            codes = []
        }
    }

    /// How a value went.
    enum Verdict {
        /// It was appended, if need be as the agency wrote it.
        case kept
        /// It is not what its kind demands.
        case flawed(FieldFlaw)
    }

    /// Checks a value (without the white space around it) and appends it to a row.
    func append(_ value: UnsafeRawBufferPointer, to row: inout RowContent) -> Verdict {
        guard value.count > 0 else {
            if field.required { return .flawed(.missing) }
            row.appendEmpty()
            return .kept
        }
        do throws(FieldFlaw) {
            switch field.kind {
            case .nik, .familyNumber:
                if let flaw = NIK.flaw(in: value, madeUp: madeUp) {
                    guard field.malformed == .keep, value.count <= 64, !Self.hasControl(value) else {
                        throw .identifier(flaw)
                    }
                }
                row.append(value)
            case .text(let max): try appendText(value, max: max, to: &row)
            case .integer(let range), .rupiah(let range): try appendInteger(value, in: range, to: &row)
            case .decimal(let range): try appendDecimal(value, in: range, to: &row)
            case .boolean: try appendBoolean(value, to: &row)
            case .date:
                guard let date = Self.date(value) else { throw .notDate }
                Self.append(date, written: value, to: &row)
            case .partialDate: try appendPartialDate(value, to: &row)
            case .region(let level): try appendRegion(value, level: level, to: &row)
            case .code: try appendCode(value, to: &row)
            }
            return .kept
        } catch {
            return .flawed(error)
        }
    }

    private func appendText(_ value: UnsafeRawBufferPointer, max: Int, to row: inout RowContent) throws(FieldFlaw) {
        if value.count > max {
            // A character has at least one byte that does not continue another.
            let characters = value.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
            guard characters <= max else { throw .tooLong(max: max) }
        }
        guard !Self.hasControl(value) else { throw .control }
        row.append(value)
    }

    private func appendInteger(
        _ value: UnsafeRawBufferPointer, in range: ClosedRange<Int64>, to row: inout RowContent
    ) throws(FieldFlaw) {
        guard let number = Self.integer(value) else { throw .notNumber }
        guard range.contains(number) else { throw .outside("\(range.lowerBound) to \(range.upperBound)") }
        // Most numbers are written as they are kept: a first digit that is no zero, or one digit alone.
        if (0x31...0x39).contains(value[0]) || value.count == 1 {
            row.append(value)
        } else {
            Self.append(String(number), to: &row)
        }
    }

    private func appendDecimal(
        _ value: UnsafeRawBufferPointer, in range: ClosedRange<Double>, to row: inout RowContent
    ) throws(FieldFlaw) {
        let text = String(decoding: value, as: UTF8.self)
        guard value.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E || $0 == 0x2D }), let number = Double(text)
        else { throw .notNumber }
        guard range.contains(number) else { throw .outside("\(range.lowerBound) to \(range.upperBound)") }
        Self.append(String(number), to: &row)
    }

    private func appendBoolean(_ value: UnsafeRawBufferPointer, to row: inout RowContent) throws(FieldFlaw) {
        if value.count == 1, value[0] == 0x30 || value[0] == 0x31 {
            row.append(value)
            return
        }
        switch String(decoding: value, as: UTF8.self).lowercased() {
        case "1", "true", "ya", "y", "t": Self.append("1", to: &row)
        case "0", "false", "tidak", "n", "f": Self.append("0", to: &row)
        default: throw .notBoolean
        }
    }

    private func appendPartialDate(_ value: UnsafeRawBufferPointer, to row: inout RowContent) throws(FieldFlaw) {
        if let date = Self.date(value) {
            Self.append(date, written: value, to: &row)
        } else {
            guard value.count < 10, PartialDate(value) != nil else { throw .notDate }
            row.append(value)
        }
    }

    private func appendRegion(
        _ value: UnsafeRawBufferPointer, level: RegionCode.Level, to row: inout RowContent
    ) throws(FieldFlaw) {
        guard let code = RegionDigits(value), code.level == level else { throw .notRegion(level) }
        guard regions.contains(code) else { throw .unknownRegion }
        if code.isDotted { row.append(value) } else { Self.append(code.dotted, to: &row) }
    }

    private func appendCode(_ value: UnsafeRawBufferPointer, to row: inout RowContent) throws(FieldFlaw) {
        // Capitals and small letters differ in one bit.
        func isWritten(_ word: [UInt8]) -> Bool {
            word.count == value.count
                && zip(word, value).allSatisfy { $0 == $1 || ((0x61...0x7A).contains($1) && $0 == $1 ^ 0x20) }
        }
        guard let code = codes.first(where: { isWritten($0.word) }) else {
            let known = codes.map { String(decoding: $0.word, as: UTF8.self) }.sorted().joined(separator: ", ")
            throw .unknownCode(known: known)
        }
        code.meaning.withUnsafeBytes { row.append($0) }
    }

    /// A date as it is kept: most are written so already.
    private static func append(_ date: CalendarDate, written value: UnsafeRawBufferPointer, to row: inout RowContent) {
        if value[4] == 0x2D { row.append(value) } else { append(date.description, to: &row) }
    }

    private static func append(_ text: String, to row: inout RowContent) {
        var copy = text
        copy.withUTF8 { row.append(UnsafeRawBufferPointer($0)) }
    }

    private static func hasControl(_ value: UnsafeRawBufferPointer) -> Bool {
        value.contains { $0 < 0x20 || $0 == 0x7F }
    }

    private static func integer(_ value: UnsafeRawBufferPointer) -> Int64? {
        var digits = value[...]
        let negative = digits.first == 0x2D
        if negative || digits.first == 0x2B { digits = digits.dropFirst() }
        guard !digits.isEmpty, digits.count <= 18 else { return nil }
        var number: Int64 = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            number = number * 10 + Int64(digit - 0x30)
        }
        return negative ? -number : number
    }

    /// `YYYY-MM-DD`, `DD-MM-YYYY` or `DD/MM/YYYY`: where the year stands tells which.
    private static func date(_ value: UnsafeRawBufferPointer) -> CalendarDate? {
        guard value.count == 10 else { return nil }
        func number(_ start: Int, _ count: Int) -> Int? {
            var number = 0
            for index in start..<start + count {
                guard (0x30...0x39).contains(value[index]) else { return nil }
                number = number * 10 + Int(value[index] - 0x30)
            }
            return number
        }
        if value[4] == 0x2D, value[7] == 0x2D {
            guard let year = number(0, 4), let month = number(5, 2), let day = number(8, 2) else { return nil }
            return CalendarDate(year: year, month: month, day: day)
        }
        guard value[2] == value[5], value[2] == 0x2D || value[2] == 0x2F,
            let day = number(0, 2), let month = number(3, 2), let year = number(6, 4)
        else { return nil }
        return CalendarDate(year: year, month: month, day: day)
    }
}
