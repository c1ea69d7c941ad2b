import Dispatch
import Foundation

/// Work on one thing after another where the expensive part of each may run beside the others, and the results are taken
/// in order.
///
/// `next` and `consume` are called one at a time; `transform` on as many threads as the machine has cores. While a group is
/// consumed the next one is being transformed.
public enum Pipeline {
    /// Takes everything that `next` gives through `transform` and hands the results to `consume`, in order.
    ///
    /// Blocks the calling thread. Throws the first error of any of the three; nothing is consumed after it.
    /// - Parameter group: how many inputs are transformed at once.
    public static func run<Input: Sendable, Output: Sendable>(
        group: Int = ProcessInfo.processInfo.activeProcessorCount * 2,
        next: () throws -> Input?,
        transform: @escaping @Sendable (Input) throws -> Output,
        consume: (Output) throws -> Void
    ) throws {
        func gather() throws -> [Input] {
            var inputs: [Input] = []
            while inputs.count < group, let input = try next() { inputs.append(input) }
            return inputs
        }
        var running = Running(try gather(), transform)
        while true {
            let outputs = running.wait()
            if outputs.isEmpty { return }
            running = Running(try gather(), transform)
            do {
                for output in outputs { try consume(output.get()) }
            } catch {
                _ = running.wait()
                throw error
            }
        }
    }

    /// Transforms all inputs on as many threads as the machine has cores; the results are in their order.
    ///
    /// Blocks the calling thread. Throws the first error.
    public static func map<Input: Sendable, Output: Sendable>(
        _ inputs: [Input], _ transform: @escaping @Sendable (Input) throws -> Output
    ) throws -> [Output] {
        try Running(inputs, transform).wait().map { try $0.get() }
    }

    /// A group under way.
    private final class Running<Input: Sendable, Output: Sendable>: @unchecked Sendable {
        // Each slot is written by one iteration alone, and all are read after the group has finished.
        private var results: [Result<Output, any Error>?]
        private let done = DispatchGroup()

        init(_ inputs: [Input], _ transform: @escaping @Sendable (Input) throws -> Output) {
            results = Array(repeating: nil, count: inputs.count)
            guard !inputs.isEmpty else { return }
            DispatchQueue.global().async(group: done) {
                self.results.withUnsafeMutableBufferPointer { slots in
                    nonisolated(unsafe) let slots = slots
                    DispatchQueue.concurrentPerform(iterations: inputs.count) { index in
                        slots[index] = Result { try transform(inputs[index]) }
                    }
                }
            }
        }

        func wait() -> [Result<Output, any Error>] {
            done.wait()
            return results.compactMap(\.self)
        }
    }
}
