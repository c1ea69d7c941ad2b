/// The contents of some rows of a batch that follow each other, as one run of bytes: what is sealed at once.
///
/// To seal costs as much for a row of fifty bytes as for fifty such rows, so rows are sealed together: few enough that to
/// read one row is still little work. The bytes are the batch's number, then for each row its line, its length and its
/// content, the numbers of variable length (seven bits a byte, the lowest first). So a block that was put elsewhere does
/// not open as another's, nor a row as that of another line.
struct RowBlock {
    /// The most rows of a block.
    static let most = 64

    /// All of it; empty where there are no rows.
    private(set) var bytes: [UInt8] = []
    /// The line of its first row, which it is found by.
    private(set) var first: Int64?
    /// How many rows there are.
    private(set) var count = 0
    private let batch: Int64

    /// An empty block of a batch.
    init(batch: Int64) { self.batch = batch }

    /// Appends a row; lines must rise.
    mutating func append(_ content: UnsafeRawBufferPointer, line: Int64) {
        if first == nil {
            first = line
            bytes.append(varint: UInt64(bitPattern: batch))
        }
        bytes.append(varint: UInt64(bitPattern: line))
        bytes.append(varint: UInt64(content.count))
        bytes.append(contentsOf: content)
        count += 1
    }

    /// Makes it empty again, keeping its memory.
    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        first = nil
        count = 0
    }
}

/// An opened ``RowBlock``, read row by row.
struct RowBlockReader {
    private let bytes: [UInt8]
    private var index = 0
    private var current: (line: Int64, content: Range<Int>)?

    /// Of the bytes of a block; nil where it is another batch's, or begins in another line.
    init?(_ bytes: [UInt8], batch: Int64, first: Int64) {
        self.bytes = bytes
        guard bytes.varint(at: &index) == UInt64(bitPattern: batch) else { return nil }
        advance()
        guard current?.line == first else { return nil }
    }

    /// Where in the block's bytes the content of a line's row lies, or nil where the block has no such row. Lines must be
    /// asked for in rising order.
    mutating func content(ofLine line: Int64) -> Range<Int>? {
        while let row = current, row.line < line { advance() }
        guard let row = current, row.line == line else { return nil }
        return row.content
    }

    private mutating func advance() {
        current = nil
        guard let line = bytes.varint(at: &index), let length = bytes.varint(at: &index),
            length <= UInt64(bytes.count - index)
        else { return }
        current = (Int64(bitPattern: line), index..<index + Int(length))
        index += Int(length)
    }
}

extension [UInt8] {
    /// Appends a number of variable length: seven bits a byte, the lowest first, the highest bit set where more follow.
    mutating func append(varint number: UInt64) {
        var number = number
        while number > 0x7F {
            append(UInt8(truncatingIfNeeded: number) | 0x80)
            number >>= 7
        }
        append(UInt8(number))
    }

    /// The number of variable length at an index, which is moved behind it; nil where it is not whole.
    func varint(at index: inout Int) -> UInt64? {
        var number: UInt64 = 0
        var shift: UInt64 = 0
        while index < count, shift < 64 {
            let byte = self[index]
            index += 1
            number |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return number }
            shift += 7
        }
        return nil
    }
}
