import Journal
import RecordLinkage
import Storage

/// How rows that had arrived since the last link run were linked.
public struct ArrivalSummary: Sendable, Equatable {
    /// The number of the run whose links hold now.
    public let run: Int64
    /// The batches whose rows it decided.
    public let batches: [Int64]
    /// How many rows of earlier deliveries these replace or withdraw: they are linked to nobody any more.
    public let ended: Int
    /// How many of the new rows are linked or wait, by reason.
    public let grounds: [Ground: Int]
    /// How many of the new rows wait only because nothing was learnt yet of how their source writes: the next run over all rows
    /// weighs them.
    public let notWeighed: Int

    /// How many of the new rows are linked.
    public var linked: Int { grounds.reduce(0) { $0 + ($1.key.isLinked ? $1.value : 0) } }
    /// How many of them wait.
    public var unlinked: Int { grounds.values.reduce(0, +) - linked }
}

/// What came of the wish to link only what has arrived.
public enum ArrivalResult: Sendable, Equatable {
    /// The new rows are linked, or wait; where there were none, the last run holds on.
    case linked(ArrivalSummary)
    /// All rows must be decided anew, by ``Registry/link(progress:)``.
    case needsWholeRun(WholeRunReason)
}

/// Why rows cannot be linked by themselves.
public enum WholeRunReason: Sendable, Equatable {
    /// No run has been made yet.
    case first
    /// Of a source that says who lives here: its rows change whom others' speak of.
    case residents(source: String)
    /// Rows that say that somebody died or moved are no longer listed: what they changed is to be taken back.
    case takenBack(source: String)
    /// So many rows have arrived that to decide all is hardly slower.
    case tooMany(rows: Int)
}

extension WholeRunReason: CustomStringConvertible {
    /// Why, in one sentence without its end.
    public var description: String {
        switch self {
        case .first: "no run has been made yet"
        case .residents(let source): "rows of \(source) change who lives here"
        case .takenBack(let source): "rows of \(source) are no longer listed, and what they said is to be taken back"
        case .tooMany(let rows): "\(rows) rows have arrived"
        }
    }
}

extension Registry {
    /// The most rows that are linked by themselves.
    static let mostArrivals = 50_000

    /// Links the rows that have been delivered since the last link run, and only these: a run of its own, after which
    /// assessments know them.
    ///
    /// They are decided by the rules of ``link(progress:)``, against the persons and families as they are and by the models and
    /// thresholds that the last run over all rows learnt. What those rows change for others waits for the next such run: what
    /// sources teach, second entries in the register, cards of one household. What people decided in review since takes effect
    /// then too.
    ///
    /// - Parameters:
    ///   - finder: one that is kept, so that not everybody is read anew; nil to read them where it is needed, which is where a
    ///     row is of nobody by its numbers.
    ///   - progress: is told how much of the work is done.
    /// - Throws: ``RegistryError`` where a row is damaged.
    public func linkArrivals(
        finder: PersonFinder? = nil, progress: (WorkProgress) -> Void = { _ in }
    ) throws -> ArrivalResult {
        try database.withLock("registry") {
            let begun = clock.now
            let (last, arrived): (Int64, [DeliveredBatch])
            switch try database.read({ try arrivals(on: $0) }) {
            case .failure(let reason): return .needsWholeRun(reason)
            case .success(let run, let batches): (last, arrived) = (run, batches)
            }
            guard !arrived.isEmpty else {
                return .linked(ArrivalSummary(run: last, batches: [], ended: 0, grounds: [:], notWeighed: 0))
            }
            var linker = ArrivalLinker(registry: self, arrived)
            try database.read { try linker.decideByNumbers(on: $0) }
            try linker.decideByLikeness(try finder ?? PersonFinder(self), progress)
            return try database.write { connection in
                .linked(try ArrivalWriter(registry: self, linker: linker, connection: connection).write(begun: begun))
            }
        }
    }

    private enum Arrivals {
        case success(after: Int64, [DeliveredBatch])
        case failure(WholeRunReason)
    }

    /// The batches that were completed after the last run, or why these cannot be linked by themselves.
    private func arrivals(on connection: any Connection) throws -> Arrivals {
        guard
            let last = try connection.first(
                "SELECT run, completed FROM link_run WHERE regency = ? ORDER BY run DESC LIMIT 1", [.text(regency)],
                { (run: $0.int64(0), completed: $0.int64(1)) })
        else { return .failure(.first) }
        let new = Set(
            try connection.query(
                "SELECT batch FROM batch WHERE regency = ? AND completed > ?",
                [.text(regency), .integer(last.completed)]
            ) { $0.int64(0) })
        guard !new.isEmpty else { return .success(after: last.run, []) }
        let all = try DeliveredBatch.all(of: self, on: connection)
        let batches = all.filter { new.contains($0.batch) }
        for batch in batches {
            switch batch.source.effect {
            case nil: continue
            case .residents, .move: return .failure(.residents(source: batch.source.name))
            case .death:
                for earlier in all where earlier.source.name == batch.source.name {
                    guard try batch.ended(in: earlier, of: self, on: connection).isEmpty else {
                        return .failure(.takenBack(source: batch.source.name))
                    }
                }
            }
        }
        let rows = batches.reduce(0) { $0 + $1.rows }
        return rows > Self.mostArrivals ? .failure(.tooMany(rows: rows)) : .success(after: last.run, batches)
    }
}

extension DeliveredBatch {
    /// The lines of an earlier batch of the same source that this one replaces or withdraws.
    func ended(in earlier: DeliveredBatch, of registry: Registry, on connection: any Connection) throws -> [Int64] {
        try connection.query(
            "SELECT line FROM source_row_end WHERE regency = ? AND batch = ? AND ended_by = ? ORDER BY line",
            [.text(registry.regency), .integer(earlier.batch), .integer(self.batch)]
        ) { $0.int64(0) }
    }
}
