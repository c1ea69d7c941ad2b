import Dispatch
import Synchronization

/// Does a piece of work for each number below `count` on all cores; the results stand in the numbers' order, so that
/// what comes of them does not depend on the threads.
func inParallel<Result: Sendable>(_ count: Int, _ work: @Sendable (Int) -> Result) -> [Result] {
    let results = Mutex([Int: Result]())
    DispatchQueue.concurrentPerform(iterations: count) { number in
        let result = work(number)
        results.withLock { $0[number] = result }
    }
    return results.withLock { results in (0..<count).compactMap { results[$0] } }
}
