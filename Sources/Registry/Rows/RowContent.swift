/// The fields of a source row as they are kept: for each field its length plus one as a variable-length number (0 where
/// the field is empty), then its bytes, checked and written in one way.
///
/// One way means: numbers without leading zeros, dates as `YYYY-MM-DD`, codes by their meaning, `1` and `0` for yes and
/// no, regions with dots. So equal rows have equal bytes, however an agency wrote them.
struct RowContent: Sendable {
    /// All of it.
    private(set) var bytes: [UInt8] = []

    /// An empty row.
    init() {}

    /// Makes it empty again, keeping its memory.
    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    /// Makes room for so many bytes.
    mutating func reserveCapacity(_ count: Int) { bytes.reserveCapacity(count) }

    /// Takes back what was appended from an index on.
    mutating func removeLast(from start: Int) { bytes.removeLast(bytes.count - start) }

    /// Appends an empty field.
    mutating func appendEmpty() { bytes.append(0) }

    /// Appends a field.
    mutating func append(_ field: UnsafeRawBufferPointer) {
        var length = field.count + 1
        while length > 0x7F {
            bytes.append(UInt8(length & 0x7F) | 0x80)
            length >>= 7
        }
        bytes.append(UInt8(length))
        bytes.append(contentsOf: field)
    }

    /// Where the fields of a row lie in its bytes; nil for an empty one. Stops at what is not whole.
    static func fields(of bytes: UnsafeRawBufferPointer, into ranges: inout [Range<Int>?]) {
        ranges.removeAll(keepingCapacity: true)
        var index = 0
        while index < bytes.count {
            var length = 0
            var shift = 0
            while index < bytes.count, shift < 35 {
                let byte = bytes[index]
                index += 1
                length |= Int(byte & 0x7F) << shift
                guard byte & 0x80 != 0 else { break }
                shift += 7
            }
            guard length > 0 else {
                ranges.append(nil)
                continue
            }
            guard index + length - 1 <= bytes.count else { return }
            ranges.append(index..<index + length - 1)
            index += length - 1
        }
    }

    /// The fields of a row as texts.
    static func texts(of bytes: [UInt8]) -> [String?] {
        bytes.withUnsafeBytes { buffer in
            var ranges: [Range<Int>?] = []
            fields(of: buffer, into: &ranges)
            return ranges.map { range in
                range.map { String(decoding: UnsafeRawBufferPointer(rebasing: buffer[$0]), as: UTF8.self) }
            }
        }
    }
}
