import Foundation

/// A few threads of the database's own, on which closures may block without holding up anybody's event loop.
///
/// Threads are started when there is work for them, up to `count`, and end with this object.
final class Workers: Sendable {
    private let jobs: Jobs

    init(name: String, count: Int) {
        jobs = Jobs(name: name, limit: count)
    }

    deinit { jobs.stop() }

    /// Runs `job` on one of the threads, in the order of the calls.
    func run<R: Sendable>(_ job: @escaping @Sendable () throws -> R) async throws -> R {
        try await withCheckedThrowingContinuation { continuation in
            jobs.add { continuation.resume(with: Result { try job() }) }
        }
    }
}

/// The queue that the threads of ``Workers`` take from.
///
/// Unchecked, because the compiler does not know that `condition` guards every access to the variables.
private final class Jobs: @unchecked Sendable {
    private let name: String
    private let limit: Int
    private let condition = NSCondition()
    private var waiting: [@Sendable () -> Void] = []
    private var threads = 0
    private var idle = 0
    private var isStopped = false

    init(name: String, limit: Int) {
        self.name = name
        self.limit = limit
    }

    func add(_ job: @escaping @Sendable () -> Void) {
        condition.withLock {
            waiting.append(job)
            if idle < waiting.count, threads < limit {
                threads += 1
                let thread = Thread { [self] in work() }
                thread.name = "tepat \(name)"
                thread.stackSize = 8 << 20
                thread.start()
            }
            condition.signal()
        }
    }

    func stop() {
        condition.withLock {
            isStopped = true
            condition.broadcast()
        }
    }

    private func work() {
        while let job = next() { job() }
    }

    private func next() -> (@Sendable () -> Void)? {
        condition.withLock {
            idle += 1
            defer { idle -= 1 }
            while waiting.isEmpty, !isStopped { condition.wait() }
            return waiting.isEmpty ? nil : waiting.removeFirst()
        }
    }
}
