import Dispatch
import Foundation

/// Work in pieces on as many threads as the machine has cores.
enum Workers {
    /// How many threads.
    static var count: Int { ProcessInfo.processInfo.activeProcessorCount }

    /// Works on pieces; the results are in the order of the pieces.
    static func map<Input: Sendable, Output: Sendable>(
        _ pieces: [Input], _ work: @escaping @Sendable (Input) -> Output
    ) -> [Output] {
        guard pieces.count > 1 else { return pieces.map(work) }
        let results = Results<Output>(count: pieces.count)
        DispatchQueue.concurrentPerform(iterations: pieces.count) { index in
            results[index] = work(pieces[index])
        }
        return results.all
    }

    /// Ranges that together are `0..<count`, some for each core.
    static func ranges(_ count: Int, least: Int = 4096) -> [Range<Int>] {
        let size = max(least, (count + Self.count * 8 - 1) / (Self.count * 8))
        return stride(from: 0, to: count, by: size).map { $0..<min(count, $0 + size) }
    }

    /// Each slot is written by one piece alone, and all are read after all pieces are done.
    private final class Results<Output: Sendable>: @unchecked Sendable {
        private let slots: UnsafeMutableBufferPointer<Output?>

        init(count: Int) {
            slots = .allocate(capacity: count)
            slots.initialize(repeating: nil)
        }

        deinit {
            slots.deinitialize()
            slots.deallocate()
        }

        subscript(_ index: Int) -> Output? {
            get { slots[index] }
            set { slots[index] = newValue }
        }

        var all: [Output] { slots.compactMap(\.self) }
    }
}
