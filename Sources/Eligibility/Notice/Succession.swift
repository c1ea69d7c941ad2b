import CEL
import Journal
import Registry

/// Who keeps a place from the assessment before, who takes the places that are free, and who is told what.
///
/// Nobody loses a place on one piece of data, or silently:
///
/// - Who received and is undetermined now keeps its place until somebody has looked.
/// - Who received and is ineligible now, or comes after so many that the quota is full, is given a notice, and keeps its
///   place until the notice's period is over; longer where it has answered and nobody has decided.
/// - Places that are not kept go to the eligible who hold none, the first in the order first.
///
/// So the quota is exceeded only where it was lowered, until the notices' periods are over.
struct Succession {
    /// What becomes of a family.
    struct Place: Equatable {
        var standing: Standing
        /// The place on the waiting list, from 1; 0 for those who are not on it.
        var waiting: Int32 = 0
        var keeps: Keeping?
        var notice: Notice?
        /// Rupiah for each period where it is not what the rules as they are applied now come to.
        var amount: Int64?
        var watched = ""
    }

    let programme: Programme
    let day: CalendarDate
    /// The number that the assessment will have.
    let number: Int64
    let quota: Int64
    let before: Predecessor?

    /// What becomes of each family of a table.
    ///
    /// - Parameters:
    ///   - outcomes: each family's outcome before the quota.
    ///   - failed: the rules that each fails, the first in the lowest bit.
    ///   - ranks: each family's place in the order of the quota, from 1; 0 for those that are not eligible.
    func places(
        of table: FactTable, outcomes: [Outcome], failed: [UInt64], ranks: [Int32]
    ) throws -> [Place] {
        var places = outcomes.map { outcome in
            Place(
                standing: outcome == .ineligible ? .ineligible : outcome == .undetermined ? .undetermined : .waitlisted)
        }
        let watched = watched(table)
        if !watched.isEmpty { for row in places.indices { places[row].watched = watched[row] } }
        let entries = before?.entries(of: table.families) ?? []
        var kept = try keep(entries, table, outcomes, failed, ranks, &places)
        // Those who hold no place, by their rank.
        var waiting = [Int32](repeating: -1, count: ranks.reduce(0) { max($0, Int($1)) })
        for row in places.indices where outcomes[row] == .eligible && places[row].standing == .waitlisted {
            if places[row].keeps == nil { waiting[Int(ranks[row]) - 1] = Int32(row) }
        }
        var turn: Int32 = 0
        for row in waiting where row >= 0 {
            if kept < quota {
                places[Int(row)].standing = .funded
                kept += 1
            } else {
                turn += 1
                places[Int(row)].waiting = turn
            }
        }
        for row in places.indices {
            guard !entries.isEmpty, let entry = entries[row] else { continue }
            try tell(entry, family: table.families[row], &places[row])
        }
        return places
    }

    // MARK: Who keeps a place

    /// Lets those who received keep their places where they must; how many places are taken then.
    private func keep(
        _ entries: [Predecessor.Entry?], _ table: FactTable, _ outcomes: [Outcome], _ failed: [UInt64],
        _ ranks: [Int32], _ places: inout [Place]
    ) throws -> Int64 {
        guard let before else { return 0 }
        var kept: Int64 = 0
        for (row, entry) in entries.enumerated() where entry?.receives == true && outcomes[row] == .undetermined {
            places[row].keeps = .look
            places[row].amount = entry?.amount
            kept += 1
        }
        // The places that those who are eligible compete for once all periods are over.
        let open = max(0, quota - kept)
        for (row, entry) in entries.enumerated() {
            guard let entry, entry.receives, outcomes[row] != .undetermined else { continue }
            if outcomes[row] == .eligible, Int64(ranks[row]) <= open {
                places[row].standing = .funded
                kept += 1
                continue
            }
            let causes = causes(outcomes[row], failed[row])
            let notice = try notice(entry, causes, failed[row])
            places[row].notice = notice
            let isOver = notice.effective.map { $0 <= day } ?? false
            guard !isOver || before.isAnswered(notice, family: table.families[row]) else { continue }
            places[row].keeps = .notice
            if outcomes[row] == .ineligible { places[row].amount = entry.amount }
            kept += 1
        }
        return kept
    }

    private func causes(_ outcome: Outcome, _ failed: UInt64) -> [Notice.Cause] {
        guard outcome == .ineligible else { return [.quota] }
        return programme.rules.indices.filter { failed >> UInt64($0) & 1 == 1 && programme.rules[$0].hit == .decides }
            .map { .rule(programme.rules[$0].name) }
    }

    /// The notice that runs, where it names a cause that still stands; else a new one.
    private func notice(_ entry: Predecessor.Entry, _ causes: [Notice.Cause], _ failed: UInt64) throws -> Notice {
        if let running = try before?.notice(entry, days: programme.notice.days), running.kind == .loss,
            !Set(running.causes).isDisjoint(with: causes)
        {
            return running
        }
        let isAtOnce = programme.rules.indices.contains {
            failed >> UInt64($0) & 1 == 1 && programme.rules[$0].isAtOnce
        }
        return Notice(kind: .loss, arose: number, causes: causes, effective: isAtOnce ? day : nil)
    }

    // MARK: What else is told

    /// Adds what has changed besides, and keeps telling what was told until it counts, or as long as a loss lasts.
    private func tell(_ entry: Predecessor.Entry, family: Int64, _ place: inout Place) throws {
        let changes = changes(entry, place)
        if let loss = place.notice {
            // What a new loss comes with is told with it.
            guard loss.arose == number else { return }
            place.notice = Notice(
                kind: .loss, arose: number, causes: loss.causes + changes.filter { !$0.isOutcome },
                effective: loss.effective)
            return
        }
        let running = try before?.notice(entry, days: programme.notice.days)
        if let running, running.kind == .loss, entry.standing == place.standing, place.standing != .funded,
            place.keeps == nil
        {
            // It has lost its place; how it came to that stays to be read.
            place.notice = running
        } else if !changes.isEmpty {
            place.notice = Notice(kind: .change, arose: number, causes: changes, effective: nil)
        } else if let running, running.kind == .change, running.effective.map({ $0 > day }) ?? true {
            place.notice = running
        }
    }

    private func changes(_ entry: Predecessor.Entry, _ place: Place) -> [Notice.Cause] {
        var changes: [Notice.Cause] = []
        if entry.standing != place.standing {
            changes.append(.outcome(from: entry.standing, to: place.standing))
        }
        guard entry.watched != place.watched else { return changes }
        let old = Self.values(entry.watched)
        for (name, value) in Self.values(place.watched).sorted(by: { $0.key < $1.key }) {
            if let former = old[name], former != value {
                changes.append(.attribute(name, from: former, to: value))
            }
        }
        return changes
    }

    static func values(_ watched: String) -> [String: String] {
        var values: [String: String] = [:]
        for word in watched.split(separator: " ") {
            let parts = word.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { values[String(parts[0])] = String(parts[1]) }
        }
        return values
    }

    /// Each family's watched attributes as words such as `decile=3`; what is not known is left out.
    private func watched(_ table: FactTable) -> [String] {
        let columns = programme.notice.watch.compactMap { name in
            table.family(named: name, of: programme).map { (name, $0) }
        }
        guard !columns.isEmpty else { return [] }
        return (0..<table.count).map { row in
            var words = ""
            for (name, column) in columns {
                let value: String
                switch column.value(at: row) {
                case .int(let number): value = String(number)
                case .bool(let holds): value = holds ? "true" : "false"
                default: continue
                }
                if !words.isEmpty { words += " " }
                words += name + "=" + value
            }
            return words
        }
    }
}

extension Notice.Cause {
    fileprivate var isOutcome: Bool { if case .outcome = self { true } else { false } }
}
