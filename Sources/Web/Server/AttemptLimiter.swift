import Journal

/// How many wrong tries are free, and how long one waits after them.
public struct AttemptPolicy: Sendable, Equatable {
    /// Wrong tries for one NIK before the first wait.
    public var triesPerPerson = 3
    /// Wrong tries from one client address before the first wait. Where a mobile network puts thousands of phones behind
    /// one address, more are fair: what a guesser must find is three numbers at once.
    public var triesPerAddress = 3
    /// The first wait, in seconds; each further wrong try doubles it.
    public var firstWait = 30
    /// The longest wait, in seconds.
    public var longestWait = 3600
    /// Seconds without a try after which all is forgotten.
    public var memory = 7200
    /// How many addresses, and how many NIKs, are remembered at most; the one tried longest ago goes first.
    public var capacity = 50_000

    /// Three tries, then waits of 30 seconds to an hour.
    public init() {}
}

/// Slows down who guesses: per client address and per NIK.
///
/// It never sees a NIK, only a keyed digest, and knows nothing of which NIKs exist, so that it treats them alike.
actor AttemptLimiter {
    /// Whether a try may be made.
    enum Admission: Sendable, Equatable {
        case admitted
        /// Not before so many seconds have passed.
        case refused(seconds: Int)
    }

    private let policy: AttemptPolicy
    private let clock: WallClock
    private var persons: Ledger<[UInt8]>
    private var addresses: Ledger<String>

    init(policy: AttemptPolicy, clock: WallClock) {
        self.policy = policy
        self.clock = clock
        persons = Ledger(tries: policy.triesPerPerson, policy: policy)
        addresses = Ledger(tries: policy.triesPerAddress, policy: policy)
    }

    /// Asks for a try. An admitted one counts as wrong until ``matched(person:address:)`` says otherwise: were it counted
    /// afterwards, many tries at the same moment would all pass.
    func admit(person: [UInt8], address: String) -> Admission {
        let now = clock.now
        let wait = max(persons.wait(person, at: now), addresses.wait(address, at: now))
        guard wait == 0 else { return .refused(seconds: wait) }
        persons.count(person, at: now)
        addresses.count(address, at: now)
        return .admitted
    }

    /// The try was right: the person's count starts anew. The address gets back this one try only, or else knowing one
    /// family's numbers would buy endless tries at others.
    func matched(person: [UInt8], address: String) {
        persons.forget(person)
        addresses.giveBack(address)
    }

    /// How many are remembered: persons, addresses.
    var remembered: (persons: Int, addresses: Int) { (persons.entries.count, addresses.entries.count) }
}

/// Wrong tries by key, the oldest forgotten first.
private struct Ledger<Key: Hashable & Sendable>: Sendable {
    struct Entry {
        var wrong: Int
        var last: Moment
        /// The last try but one; nil where it is forgotten.
        var before: Moment?
        /// The place in ``queue`` that still speaks for this entry.
        var ticket: Int
    }

    private(set) var entries: [Key: Entry] = [:]
    /// Keys by the time of their last try; a key tried again stands in it twice, and only its last ticket counts.
    private var queue: [(key: Key, ticket: Int)] = []
    private var head = 0
    private var nextTicket = 0
    private let tries: Int
    private let policy: AttemptPolicy

    init(tries: Int, policy: AttemptPolicy) {
        self.tries = tries
        self.policy = policy
    }

    /// Whole seconds until the next try, 0 where it may be made now.
    func wait(_ key: Key, at now: Moment) -> Int {
        guard let entry = entries[key], entry.wrong >= tries else { return 0 }
        let doublings = min(entry.wrong - tries, 30)
        let wait = min(policy.firstWait << doublings, policy.longestWait)
        let passed = now.microseconds - entry.last.microseconds
        // A clock that was set back must not lock anyone out for longer than the wait.
        let rest = Int64(wait) * 1_000_000 - max(0, passed)
        return rest <= 0 ? 0 : Int((rest + 999_999) / 1_000_000)
    }

    mutating func count(_ key: Key, at now: Moment) {
        var wrong = 0
        var before: Moment?
        if let entry = entries[key],
            now.microseconds - entry.last.microseconds < Int64(policy.memory) * 1_000_000
        {
            (wrong, before) = (entry.wrong, entry.last)
        }
        entries[key] = Entry(wrong: wrong + 1, last: now, before: before, ticket: nextTicket)
        queue.append((key, nextTicket))
        nextTicket += 1
        evict()
    }

    mutating func forget(_ key: Key) { entries[key] = nil }

    /// The last try was none after all: the wait goes on as it was before it.
    mutating func giveBack(_ key: Key) {
        guard var entry = entries[key] else { return }
        entry.wrong -= 1
        entry.last = entry.before ?? entry.last
        entries[key] = entry.wrong > 0 ? entry : nil
    }

    private mutating func evict() {
        while head < queue.count, entries.count > policy.capacity || isStale(queue[head]) {
            if !isStale(queue[head]) { entries[queue[head].key] = nil }
            head += 1
        }
        if head > 1024, head * 2 > queue.count {
            queue.removeFirst(head)
            head = 0
        }
        // Keys tried again and again leave stale tickets behind a live one at the head.
        if queue.count - head > 2 * policy.capacity + 1024 {
            queue = queue[head...].filter { !isStale($0) }
            head = 0
        }
    }

    private func isStale(_ place: (key: Key, ticket: Int)) -> Bool { entries[place.key]?.ticket != place.ticket }
}
