import Foundation

/// Blocking work on threads of its own, a few at a time, so that no event loop waits.
struct BlockingWork: Sendable {
    /// So much waits already that more would wait too long.
    struct Busy: Error {}

    private let queue: OperationQueue
    private let most: Int

    init(width: Int, mostWaiting: Int = .max) {
        queue = OperationQueue()
        most = mostWaiting == .max ? .max : width + mostWaiting
        queue.maxConcurrentOperationCount = width
        queue.qualityOfService = .userInitiated
    }

    /// - Throws: ``Busy`` at once where too much waits; what `work` throws.
    func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        guard queue.operationCount < most else { throw Busy() }
        return try await withCheckedThrowingContinuation { continuation in
            queue.addOperation { continuation.resume(with: Swift.Result { try work() }) }
        }
    }
}
