/// Memory for the columns of one block, handed out from a few large pieces and taken back all at once.
///
/// What is worked out is needed until the next step at most, so memory is taken back in the order in which it was handed
/// out: after the first blocks nothing is allocated any more.
final class ColumnMemory {
    /// A point to go back to.
    struct Mark {
        fileprivate let piece: Int
        fileprivate let used: Int
    }

    private static let pieceSize = 1 << 20
    private var pieces: [UnsafeMutableRawBufferPointer] = []
    private var piece = 0
    private var used = 0

    deinit { for piece in pieces { piece.deallocate() } }

    /// Room for so many values, uninitialized, until ``release(to:)`` goes back beyond it.
    func allocate<T: BitwiseCopyable>(_ type: T.Type, _ count: Int) -> UnsafeMutablePointer<T> {
        let size = (count * MemoryLayout<T>.stride + 63) & ~63
        while true {
            if piece < pieces.count, pieces[piece].count - used >= size, let base = pieces[piece].baseAddress {
                defer { used += size }
                return (base + used).bindMemory(to: T.self, capacity: count)
            }
            if piece < pieces.count {
                piece += 1
                used = 0
            }
            if piece == pieces.count {
                pieces.append(.allocate(byteCount: max(Self.pieceSize, size), alignment: 64))
            } else if pieces[piece].count < size {
                pieces[piece].deallocate()
                pieces[piece] = .allocate(byteCount: size, alignment: 64)
            }
        }
    }

    var mark: Mark { Mark(piece: piece, used: used) }

    func release(to mark: Mark) {
        piece = mark.piece
        used = mark.used
    }
}

/// The values of a part of an expression for the rows of a block.
struct ColumnVector {
    /// The values; those of rows that have none mean nothing.
    enum Values {
        /// Of a boolean the states are all there is.
        case bool
        case int8(UnsafePointer<Int8>)
        case int16(UnsafePointer<Int16>)
        case int32(UnsafePointer<Int32>)
        case int64(UnsafePointer<Int64>)
        case double(UnsafePointer<Double>)
        case text(UnsafePointer<Int32>, TextDictionary)
        /// A column that is only looked at row by row.
        case rows
    }

    let values: Values
    /// The state of each row; nil where all have values. Of booleans always there.
    let states: UnsafePointer<UInt8>?
}
