import Journal
import RecordLinkage
import Storage

/// How a link run went.
public struct LinkSummary: Sendable, Equatable {
    /// The number of the run whose links hold now.
    public let run: Int64
    /// How many persons the population register lists.
    public let persons: Int
    /// How many families they make.
    public let families: Int
    /// How many rows of all sources are linked.
    public let linked: Int
    /// How many wait, each with its reason.
    public let unlinked: Int
    /// How many NIKs the population register gives to two people.
    public let sharedNIKs: Int
    /// How many entries of the population register seem to be the second one of somebody who has two NIKs.
    public let secondEntries: Int
    /// How many families' people are all known on another family's card.
    public let sharedCards: Int
    /// How many rows are linked or wait, by reason.
    public let grounds: [Ground: Int]
}

extension Registry {
    /// Builds persons and families from the population register, applies deaths and moves, and links all other rows
    /// that speak of them: by a valid NIK where the name or the birth date agrees, else by likeness where it is as good as
    /// certain, or as people decided in review. What is likely but not certain waits for review.
    ///
    /// Every run decides anew on all rows in force and writes what differs from the last run's decisions, in one
    /// transaction; where nothing differs and nothing was delivered since, nothing is written.
    /// - Parameters:
    ///   - progress: is told of the rows read and, after them, those written.
    /// - Throws: ``RegistryError/notReady(_:)`` where no population register was taken yet.
    public func link(progress: (WorkProgress) -> Void = { _ in }) throws -> LinkSummary {
        try database.withLock("registry") {
            let begun = clock.now
            var linker = Linker(registry: self, names: try nameEquivalents())
            try database.read { connection in try linker.decide(on: connection, progress: progress) }
            return try database.write { connection in
                try LinkWriter(registry: self, linker: linker, connection: connection).write(begun: begun, progress)
            }
        }
    }
}
