/// What two records must have in common to share one key: a combination of parts of fields, written so that two holders
/// of different files write the same for the same person.
///
/// Unlike a blocking rule it says nothing that depends on the file it is of: neither a word's number nor its frequency. A
/// field is called by what it holds and not by its column's name, which the two may choose differently.
public struct MatchKey: Sendable, Hashable {
    /// The parts.
    public let parts: [LinkageSettings.KeyPart]
    /// What it is called: `name+date`, `date+name.first`; the second field of a kind is `text2`.
    public let label: String

    /// A key of parts of these fields; nil where one is of no such field, or is the rarest word, which another file does
    /// not know, or a larger region, in which too many live.
    public init?(_ parts: [LinkageSettings.KeyPart], of fields: [LinkageSettings.Field]) {
        var words: [String] = []
        for part in parts {
            guard let place = fields.firstIndex(where: { $0.name == part.field }) else { return nil }
            let kind = fields[place].kind
            let before = fields[..<place].count { $0.kind == kind }
            let name = kind.rawValue + (before == 0 ? "" : String(before + 1))
            switch part {
            case .whole: words.append(name)
            case .first: words.append(name + ".first")
            case .last: words.append(name + ".last")
            case .lowest: words.append(name + ".lowest")
            case .year: words.append(name + ".year")
            case .head: words.append(name + ".head")
            case .tail: words.append(name + ".tail")
            case .rarest, .larger: return nil
            }
        }
        self.parts = parts
        label = words.joined(separator: "+")
    }
}

extension MatchKey {
    /// Keys that two records of one person share, for fields of these kinds; each common fault leaves some without it.
    ///
    /// They are combinations, as the Office for National Statistics uses them to link hashed data (Beyond 2011, report M9,
    /// 2013): each nearly one person's own, so that how often a key stands in a file tells little.
    public static func keys(for fields: [LinkageSettings.Field]) -> [MatchKey] {
        func all(_ kind: LinkageSettings.Kind) -> [String] { fields.filter { $0.kind == kind }.map(\.name) }
        let (numbers, relatives, phones) = (all(.identifier), all(.relative).prefix(2), all(.phone).prefix(1))
        let date = all(.date).first
        // A village, else a place in words.
        let places = all(.region).isEmpty ? all(.text).prefix(2) : all(.region).prefix(1)
        let sex = all(.category).prefix(1).map { LinkageSettings.KeyPart.whole($0) }
        var keys: [[LinkageSettings.KeyPart]] = numbers.prefix(2).map { [.whole($0)] }
        if let date {
            keys += relatives.map { [.whole(date), .whole($0)] }
            keys += places.map { [.whole(date), .whole($0)] + sex }
            keys += phones.map { [.whole($0), .year(date)] }
        }
        if let name = all(.name).first {
            keys += numbers.prefix(1).map { [.head($0), .first(name)] }
            keys += relatives.map { [.whole(name), .whole($0)] }
            keys += places.map { [.whole(name), .whole($0)] }
            keys += phones.map { [.whole($0), .first(name)] }
            if let date {
                keys += [
                    [.whole(name), .whole(date)], [.whole(date), .first(name)], [.whole(date), .last(name)],
                ]
                keys += relatives.flatMap {
                    [[.whole(name), .year(date), .first($0)], [.whole($0), .year(date), .first(name)]]
                }
            }
            for place in places.prefix(1) {
                keys += relatives.map { [.whole($0), .whole(place), .first(name)] }
            }
        }
        return keys.compactMap { MatchKey($0, of: fields) }
    }
}

extension MatchKey {
    /// Writes what a record has of this key: the parts as texts, each ended by a byte that stands in none (0x1F). Two
    /// records write the same where they agree, and never where they do not.
    ///
    /// - Names: all words as they fold, in the order of their letters, or the first three letters of one. Dates: year, then
    ///   the smaller and the larger of day and month. Telephone numbers: the last nine digits, with or without the
    ///   country's. Codes: letters and digits, in capitals.
    /// - Returns: false where the record lacks a part; what `bytes` holds then means nothing.
    public func write(_ record: Int, of table: RecordTable, to bytes: inout [UInt8]) -> Bool {
        for part in parts {
            guard let place = table.settings.fields.firstIndex(where: { $0.name == part.field }),
                Self.write(part, table.columns[place], table.settings.fields[place].kind, record, &bytes)
            else { return false }
            bytes.append(0x1F)
        }
        return true
    }

    private static func write(
        _ part: LinkageSettings.KeyPart, _ column: RecordColumn, _ kind: LinkageSettings.Kind, _ record: Int,
        _ bytes: inout [UInt8]
    ) -> Bool {
        switch column {
        case .name(let names):
            let value = names.values[record]
            guard value >= 0 else { return false }
            let words = names.range(value).map { names.words[$0] }
            switch part {
            case .first, .last:
                let isFirst = if case .first = part { true } else { false }
                guard let word = isFirst ? words.first : words.last else { return false }
                bytes += names.letters(word).prefix(3)
            default:
                let sorted = words.map { [UInt8](names.letters($0)) }.sorted { $0.lexicographicallyPrecedes($1) }
                bytes += sorted.joined(separator: [0x20])
            }
        case .date(let dates):
            let date = dates[record]
            guard date != 0 else { return false }
            let (year, month, day) = DateColumn.parts(date)
            bytes += String(year).utf8
            if case .year = part { break }
            guard day != 0 else { return false }
            bytes += "-\(min(month, day))-\(max(month, day))".utf8
        case .number(let numbers):
            let number = numbers[record]
            guard number != 0 else { return false }
            let value = NumberColumn.value(number)
            switch part {
            case .head, .tail:
                guard let (region, date, serial) = PersonNumber.parts(number) else { return false }
                if case .head = part { bytes += "\(region) \(date)".utf8 } else { bytes += "\(date) \(serial)".utf8 }
            default:
                guard kind == .phone else {
                    bytes += "\(NumberColumn.digits(number)) \(value)".utf8
                    break
                }
                guard NumberColumn.digits(number) >= 9 else { return false }
                bytes += String(value % 1_000_000_000).utf8
            }
        case .code(let codes):
            let code = Int(codes.values[record])
            guard code >= 0 else { return false }
            let start = bytes.count
            for byte in codes.texts.bytes[codes.texts.range(Int32(code))] {
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x80...: bytes.append(byte)
                case 0x61...0x7A: bytes.append(byte - 0x20)
                default: continue
                }
            }
            return bytes.count > start
        }
        return true
    }
}
