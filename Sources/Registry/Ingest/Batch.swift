import Journal
import Storage

/// One delivery of a source: a file with its hash, and how its rows went.
public struct Batch: Sendable, Equatable {
    /// Its number in the registry, from 1.
    public let batch: Int64
    /// The source.
    public let source: String
    /// The day the agency delivered it.
    public let delivered: CalendarDate
    /// How many rows the file has.
    public var rows = 0
    /// How many were kept.
    public var accepted = 0
    /// How many were set aside.
    public var quarantined = 0
    /// How many had been delivered before, in this file or an earlier one.
    public var duplicates = 0
    /// How many rows of earlier deliveries are in force no longer.
    public var withdrawn = 0
    /// Whether the file had been taken whole before, so that nothing was changed now.
    public var wasThere = false
    /// The sum of all its rows' keyed hashes, each weighted by its line: changes with any row.
    var digest = KeyedHash(high: 0, low: 0)
    /// The first line that has not been taken.
    var nextLine = 0

    /// Adds a row's keyed hash to the batch's digest. A sum, so that a run which resumes comes to the same.
    mutating func add(_ hash: KeyedHash, line: Int) { digest = digest.adding(hash, line: Int64(line)) }

    /// What the journal keeps of it.
    var journalDigest: [UInt8] { digest.bytes }
}

extension KeyedHash {
    /// The sum, modulo 2^128, with another.
    func adding(_ other: KeyedHash) -> KeyedHash { KeyedHash(number &+ other.number) }

    /// The sum, modulo 2^128, with a row's hash. The weight, an odd number, keeps two rows from changing places unseen.
    func adding(_ row: KeyedHash, line: Int64) -> KeyedHash {
        KeyedHash(number &+ row.number &* UInt128(truncatingIfNeeded: 2 &* line &+ 1))
    }

    private var number: UInt128 { UInt128(high) << 64 | UInt128(low) }

    private init(_ number: UInt128) {
        self.init(high: UInt64(truncatingIfNeeded: number >> 64), low: UInt64(truncatingIfNeeded: number))
    }
}
