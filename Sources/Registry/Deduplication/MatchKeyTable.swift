import Crypto
import Dispatch
import Foundation
import Journal
import RecordLinkage
import Synchronization

/// The match keys of a file's records, as they are given to whoever compares them: no name, no number, no order.
///
/// Every record has one key of each kind. Where it lacks a part of one, or more than
/// ``RecordLinkage/KeyLinkage/mostWithOneKey`` records of the file have that key, stands a number drawn by lot: so neither
/// what a record lacks nor what is frequent can be seen.
public struct MatchKeyTable: Sendable {
    /// What both files must have alike.
    public struct Header: Sendable, Equatable, Codable {
        /// What the keys are for.
        public let purpose: String
        /// Says whether the secret is the same, for this purpose.
        public let secretCheck: String
        /// Says whether names were read by the same tables.
        public let namesCheck: String
        /// How many records there are.
        public let records: Int
        /// The format of the file; 1.
        public let version: Int
    }

    /// What both files must have alike.
    public let header: Header
    /// The kinds of key.
    public let labels: [String]
    /// For each record the name that it goes by here, drawn by lot; in rising order.
    public let pseudonyms: [UInt64]
    /// For each kind of key that of every record.
    public let columns: [[UInt64]]

    private static let start = "# tepat match keys "
    private static let version = 1

    /// Makes the keys of records.
    ///
    /// - Returns: the keys, and for each record of `table` its pseudonym.
    /// - Throws: ``RegistryError/unknown(_:)`` where the fields give fewer than two kinds of key.
    public static func make(
        of table: RecordTable, secret: MatchKeySecret
    ) throws(RegistryError) -> (keys: MatchKeyTable, pseudonyms: [UInt64]) {
        let kinds = Array(MatchKey.keys(for: table.settings.fields).prefix(KeyLinkage.mostKinds))
        guard kinds.count > 1 else {
            let fields = table.settings.fields.map { "\($0.name) (\($0.kind.rawValue))" }.joined(separator: ", ")
            throw .unknown(
                "the fields \(fields) give no match keys: say in --settings which columns hold a name and a birth date, "
                    + "and a person's number, a relative, a village or a telephone number if there are any")
        }
        let made = Mutex([[UInt64]](repeating: [], count: kinds.count))
        DispatchQueue.concurrentPerform(iterations: kinds.count) { place in
            let column = column(kinds[place], of: table, secret)
            made.withLock { $0[place] = column }
        }
        var generator = SystemRandomNumberGenerator()
        var drawn: Set<UInt64> = []
        let pseudonyms = (0..<table.count).map { _ in
            while true {
                let number = generator.next()
                if drawn.insert(number).inserted { return number }
            }
        }
        let order = pseudonyms.indices.sorted { pseudonyms[$0] < pseudonyms[$1] }
        let header = Header(
            purpose: secret.purpose, secretCheck: secret.check, namesCheck: check(table.settings.equivalents),
            records: table.count, version: version)
        let columns = made.withLock { $0 }.map { column in order.map { column[$0] } }
        return (
            MatchKeyTable(
                header: header, labels: kinds.map(\.label), pseudonyms: order.map { pseudonyms[$0] }, columns: columns),
            pseudonyms
        )
    }

    /// One kind of key of all records.
    private static func column(_ kind: MatchKey, of table: RecordTable, _ secret: MatchKeySecret) -> [UInt64] {
        var generator = SystemRandomNumberGenerator()
        var records: [UInt64: Int] = [:]
        let head = Array(kind.label.utf8) + [0]
        var message = head
        let keys = (0..<table.count).map { record -> UInt64? in
            message.removeLast(message.count - head.count)
            guard kind.write(record, of: table, to: &message) else { return nil }
            let key = secret.key(message)
            records[key, default: 0] += 1
            return key
        }
        return keys.map { key in
            guard let key, let count = records[key], count <= KeyLinkage.mostWithOneKey else { return generator.next() }
            return key
        }
    }

    /// A digest of how names are read: who reads them otherwise makes other keys.
    private static func check(_ names: NameEquivalents) -> String {
        var text = "1 \(names.joinsDoubledLetters)"
        for list in [names.titles.sorted(), names.patronymics.sorted()] { text += "\n" + list.joined(separator: " ") }
        text += "\n" + names.words.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        text += "\n" + names.spellings.map { "\($0.from)=\($0.to)" }.joined(separator: " ")
        return SHA256.hash(data: Data(text.utf8)).prefix(8).hexadecimal
    }
}

extension MatchKeyTable {
    /// The file's bytes: a line with the header, one with the columns' names, one for each record.
    public func encoded() throws(RegistryError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let json = try? encoder.encode(header) else { throw .unknown("the purpose cannot be written as JSON") }
        var bytes = Array(Self.start.utf8) + json + [0x0A]
        bytes += Array((["pseudonym"] + labels).joined(separator: ",").utf8) + [0x0A]
        bytes.reserveCapacity(bytes.count + pseudonyms.count * 17 * (labels.count + 1))
        for record in pseudonyms.indices {
            Self.append(pseudonyms[record], to: &bytes)
            for column in columns {
                bytes.append(0x2C)
                Self.append(column[record], to: &bytes)
            }
            bytes.append(0x0A)
        }
        return bytes
    }

    /// A number as it stands in these files: 16 hexadecimal digits.
    public static func append(_ number: UInt64, to bytes: inout [UInt8]) {
        for shift in stride(from: 60, through: 0, by: -4) {
            let digit = UInt8(truncatingIfNeeded: number >> UInt64(shift)) & 15
            bytes.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
        }
    }

    /// Reads a file of match keys, also packed with gzip.
    ///
    /// - Throws: ``RegistryError/refused(file:line:reason:)`` with the line where it is none, or not whole.
    public init(_ path: String, progress: (WorkProgress) -> Void = { _ in }) throws(RegistryError) {
        var reader = try RecordReader(path: path)
        var header: Header?
        var labels: [String]?
        var pseudonyms: [UInt64] = []
        var columns: [[UInt64]] = []
        var lines: [UInt64: Int] = [:]
        while let chunk = try reader.next() {
            for record in chunk.records {
                let bytes = chunk.bytes[record.start..<record.end]
                guard header != nil else {
                    header = try Self.header(bytes, path)
                    continue
                }
                guard let known = labels else {
                    let names = try Self.labels(bytes, path, record.line)
                    labels = names
                    columns = Array(repeating: [], count: names.count)
                    continue
                }
                let fields = bytes.split(separator: 0x2C, omittingEmptySubsequences: false)
                guard fields.count == known.count + 1 else {
                    throw .refused(
                        file: path, line: record.line,
                        reason: "\(fields.count) fields, but the header has \(known.count + 1)")
                }
                for (place, field) in fields.enumerated() {
                    guard let number = Self.number(field) else {
                        throw .refused(
                            file: path, line: record.line,
                            reason: "“\(place == 0 ? "pseudonym" : known[place - 1])” must be 16 hexadecimal digits")
                    }
                    guard place == 0 else {
                        columns[place - 1].append(number)
                        continue
                    }
                    if let line = lines.updateValue(record.line, forKey: number) {
                        throw .refused(
                            file: path, line: record.line, reason: "the pseudonym stands in line \(line) already")
                    }
                    pseudonyms.append(number)
                }
            }
            progress(WorkProgress(done: chunk.position, total: reader.size))
        }
        guard let header, let labels else {
            throw .refused(
                file: path, line: nil, reason: "is no file of match keys: make one with tepat match-keys make")
        }
        guard header.records == pseudonyms.count else {
            throw .refused(
                file: path, line: nil,
                reason: "holds \(pseudonyms.count) records, but was made with \(header.records): copy it again")
        }
        self.init(header: header, labels: labels, pseudonyms: pseudonyms, columns: columns)
    }

    private static func header(_ bytes: ArraySlice<UInt8>, _ path: String) throws(RegistryError) -> Header {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard bytes.starts(with: start.utf8),
            let header = try? decoder.decode(Header.self, from: Data(bytes.dropFirst(start.utf8.count))),
            MatchKeySecret.isPurpose(header.purpose)
        else {
            throw .refused(
                file: path, line: 1, reason: "is no file of match keys: make one with tepat match-keys make")
        }
        guard header.version == version else {
            throw .refused(
                file: path, line: 1,
                reason:
                    "has version \(header.version) of the format, and this program reads \(version): make both files "
                    + "with the same version of tepat")
        }
        return header
    }

    private static func labels(
        _ bytes: ArraySlice<UInt8>, _ path: String, _ line: Int
    ) throws(RegistryError) -> [String] {
        let names = String(decoding: bytes, as: UTF8.self).split(separator: ",", omittingEmptySubsequences: false)
        guard names.first == "pseudonym", (2...KeyLinkage.mostKinds + 1).contains(names.count),
            Set(names).count == names.count, names.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isLabel) })
        else {
            throw .refused(
                file: path, line: line,
                reason: "expected the columns' names: “pseudonym”, then 1 to \(KeyLinkage.mostKinds) different keys")
        }
        return names.dropFirst().map(String.init)
    }

    /// Whether a byte can stand in the label of a kind of key: what comes from another's file is printed.
    private static func isLabel(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2E: true
        default: false
        }
    }

    /// Reads 16 hexadecimal digits.
    private static func number(_ digits: ArraySlice<UInt8>) -> UInt64? {
        guard digits.count == 16 else { return nil }
        var number: UInt64 = 0
        for digit in digits {
            let value: UInt8
            switch digit {
            case 0x30...0x39: value = digit - 0x30
            case 0x61...0x66: value = digit - 0x57
            case 0x41...0x46: value = digit - 0x37
            default: return nil
            }
            number = number << 4 | UInt64(value)
        }
        return number
    }
}

extension MatchKeyTable {
    /// Compares the records of two files by the keys of the kinds that both have.
    ///
    /// - Parameter paths: what the files are called where they do not go together.
    /// - Returns: what was found, and the kinds of key in common.
    /// - Throws: ``RegistryError/unknown(_:)`` which says in what they differ that they must have alike.
    public func linked(
        with other: MatchKeyTable, paths: (String, String)
    ) throws(RegistryError) -> (linkage: KeyLinkage, labels: [String]) {
        let (own, its) = (header, other.header)
        func differ(_ what: String) -> RegistryError {
            .unknown("\(paths.0) and \(paths.1) do not go together: \(what)")
        }
        guard own.purpose == its.purpose else {
            throw differ(
                "one was made for the purpose “\(own.purpose)”, the other for “\(its.purpose)”; make both with one "
                    + "--purpose")
        }
        guard own.secretCheck == its.secretCheck else {
            throw differ("they were made with different secrets; make both with one --secret-file")
        }
        guard own.namesCheck == its.namesCheck else {
            throw differ(
                "names were read by different tables; make both with one version of tepat, and the same “names” in "
                    + "--settings")
        }
        let common = labels.filter(other.labels.contains)
        guard common.count > 1 else {
            throw differ(
                "they have \(common.count) kinds of key in common; one has \(labels.joined(separator: ", ")), the other "
                    + other.labels.joined(separator: ", "))
        }
        let columns = common.compactMap { label in
            labels.firstIndex(of: label).flatMap { first in
                other.labels.firstIndex(of: label).map { (left: self.columns[first], right: other.columns[$0]) }
            }
        }
        return (KeyLinkage(columns), common)
    }
}
