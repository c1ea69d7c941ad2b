import Dispatch
import Synchronization

/// Work on many villages at once whose results come back in order.
enum Workers {
    /// What `work` makes of every number below `count`, in their order, on that many threads.
    static func map<Result: Sendable>(
        _ range: Range<Int>, threads: Int, _ work: @Sendable (Int) -> Result
    ) -> [Result] {
        guard threads > 1, range.count > 1 else { return range.map(work) }
        let next = Mutex(range.lowerBound)
        let results = Mutex([(Int, Result)]())
        DispatchQueue.concurrentPerform(iterations: min(threads, range.count)) { _ in
            while true {
                let index = next.withLock { next in
                    defer { next += 1 }
                    return next
                }
                guard index < range.upperBound else { return }
                let result = work(index)
                results.withLock { $0.append((index, result)) }
            }
        }
        return results.withLock { $0 }.sorted { $0.0 < $1.0 }.map(\.1)
    }

    /// Makes the results of all numbers below `count` and hands them on in order, a few at a time: while some are handed on,
    /// the next are made.
    static func stream<Result: Sendable, Failure: Error>(
        _ count: Int, threads: Int, make: @escaping @Sendable (Int) -> Result,
        take: (Int, Result) throws(Failure) -> Void
    ) throws(Failure) {
        let width = max(1, threads) * 4
        var start = 0
        var ready = map(0..<min(width, count), threads: threads, make)
        while start < count {
            let following = min(start + width, count)..<min(start + 2 * width, count)
            let coming = Mailbox<[Result]>()
            let group = DispatchGroup()
            if threads > 1 {
                DispatchQueue.global().async(group: group) { coming.put(map(following, threads: threads, make)) }
            }
            // The work under way is waited for also where taking fails: it must not outlive the caller.
            defer { group.wait() }
            for (offset, result) in ready.enumerated() { try take(start + offset, result) }
            group.wait()
            ready = coming.take() ?? map(following, threads: 1, make)
            start += width
        }
    }
}

/// A place where one thread leaves something for another.
private final class Mailbox<Content: Sendable>: Sendable {
    private let content = Mutex<Content?>(nil)

    func put(_ new: Content) { content.withLock { $0 = new } }
    func take() -> Content? { content.withLock { $0 } }
}
