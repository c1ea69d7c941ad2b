import CEL
import Journal
import Registry

/// What another version of a programme would do: who would gain and who would lose, where and why, and what it would cost.
///
/// Both versions look at the same evidence, for the same day, and break ties by the same lots (those of the version that
/// holds), so that all differences come from the rules. Nothing is kept.
public struct WhatIf: Sendable {
    /// One version and what comes of it.
    public struct Side: Sendable {
        /// The version.
        public let version: String
        /// How many families can be funded.
        public let quota: Int64
        /// How many families come out how; the amount is what a cycle costs.
        public let counts: StandingCounts
        /// Against the truth, where it is known.
        public let errors: TargetingErrors?
    }

    /// How families fare under the other version.
    public struct Moves: Sendable, Equatable {
        /// All families.
        public var families = 0
        /// Those that would be funded and are not.
        public var gaining = 0
        /// Those that are funded and would not be.
        public var losing = 0
        /// Those that are funded either way, with a larger amount.
        public var more = 0
        /// Those that are funded either way, with a smaller amount.
        public var less = 0
        /// Rupiah for each period that are paid now.
        public var amountNow: Int64 = 0
        /// Rupiah for each period that would be paid.
        public var amountThen: Int64 = 0

        /// No families.
        public init() {}

        /// Adds another region's.
        public mutating func add(_ other: Moves) {
            families += other.families
            gaining += other.gaining
            losing += other.losing
            more += other.more
            less += other.less
            amountNow += other.amountNow
            amountThen += other.amountThen
        }

        mutating func add(_ now: (standing: Standing, amount: Int64), _ then: (standing: Standing, amount: Int64)) {
            families += 1
            amountNow += now.amount
            amountThen += then.amount
            switch (now.standing == .funded, then.standing == .funded) {
            case (false, true): gaining += 1
            case (true, false): losing += 1
            case (true, true):
                if then.amount > now.amount { more += 1 }
                if then.amount < now.amount { less += 1 }
            case (false, false): break
            }
        }
    }

    /// Why families gain or lose.
    public struct Reason: Sendable, Hashable {
        /// What keeps a family from being funded.
        public enum Kind: Sendable, Hashable {
            /// A rule that it fails.
            case rule(String)
            /// Something unknown.
            case unknown
            /// It is eligible, and beyond the quota.
            case quota
        }

        /// What it is.
        public let kind: Kind
        /// What people call it: the rule's words.
        public let words: Wording
    }

    /// The programme.
    public let programme: String
    /// The day for which both were worked out.
    public let day: CalendarDate
    /// The version that holds.
    public let now: Side
    /// The other version.
    public let then: Side
    /// How all families fare.
    public let total: Moves
    /// How families fare by village.
    public let villages: [RegionCode: Moves]
    /// How families fare by their decile, where the programme asks for one; 0 stands for those of whom it is unknown.
    public let deciles: [Int64: Moves]
    /// What keeps those from being funded now that would be funded then, the most frequent first.
    public let gainReasons: [(reason: Reason, families: Int)]
    /// What would keep those from being funded that are funded now, the most frequent first.
    public let lossReasons: [(reason: Reason, families: Int)]
}

/// The evidence on a programme and on changed versions of it, loaded once to try them.
public struct WhatIfTable: Sendable {
    /// The version that holds.
    public let current: Programme
    private let changed: Programme
    /// The day for which ages are counted.
    public let day: CalendarDate
    private let tables: [FactTable]
    private let lots: [UInt64]

    /// Loads what is known of all families.
    ///
    /// - Parameters:
    ///   - day: the day for which ages are counted; the newest delivery's where nil.
    /// - Throws: ``RegistryError/unknown(_:)`` where no version of the programme holds then,
    ///   ``RegistryError/configuration(_:)`` where a version is wrong, or is another programme's.
    public init(
        _ name: String, changed: Programme, file: String, day: CalendarDate? = nil, registry: Registry,
        library: PackLibrary, progress: (WorkProgress) -> Void = { _ in }
    ) throws {
        let knowledge = try Knowledge(of: registry)
        let day = day ?? knowledge.day
        current = try Programme.version(of: name, on: day, in: library)
        guard changed.name == name else {
            throw RegistryError.configuration(
                ConfigurationFault(
                    file: file, line: nil, field: "programme",
                    reason: "is “\(changed.name)”, and what is to be tried is another version of “\(name)”"))
        }
        self.changed = changed
        self.day = day
        tables = try FactLoader(knowledge, day: day).tables([current, changed], progress)
        lots = try Lot(current, regency: registry.pack.regency)(tables[0])
    }

    /// Loads what is known of all families for the version that holds; others are tried with ``trying(_:file:)``.
    ///
    /// - Throws: ``RegistryError/unknown(_:)`` where no version of the programme holds then.
    public init(
        _ name: String, day: CalendarDate? = nil, registry: Registry, library: PackLibrary,
        progress: (WorkProgress) -> Void = { _ in }
    ) throws {
        let knowledge = try Knowledge(of: registry)
        let day = day ?? knowledge.day
        current = try Programme.version(of: name, on: day, in: library)
        changed = current
        self.day = day
        let table = try FactLoader(knowledge, day: day).table(current, progress)
        tables = [table, table]
        lots = try Lot(current, regency: registry.pack.regency)(table)
    }

    private init(_ other: WhatIfTable, changed: Programme) {
        current = other.current
        self.changed = changed
        day = other.day
        tables = other.tables
        lots = other.lots
    }

    /// The same evidence for another version that asks for the same attributes.
    ///
    /// - Throws: ``RegistryError/configuration(_:)`` where it is another programme's, or asks for others.
    public func trying(_ changed: Programme, file: String) throws(RegistryError) -> WhatIfTable {
        guard changed.name == current.name, changed.hasSameAttributes(as: current) else {
            throw .configuration(
                ConfigurationFault(
                    file: file, line: nil, field: "attributes",
                    reason: "are not those of “\(current.name)” \(current.version), whose evidence was read"))
        }
        return WhatIfTable(self, changed: changed)
    }

    /// Works out both versions and compares them.
    ///
    /// - Parameters:
    ///   - quotaNow: how many families are funded under the version that holds.
    ///   - quotaThen: how many would be under the other.
    public func compare(quotaNow: Int64, quotaThen: Int64, truth: Truth? = nil) throws -> WhatIf {
        let table = tables[0]
        let now = try side(current, tables[0], quotaNow)
        let then = try side(changed, tables[1], quotaThen)
        let decile = table.family(named: "decile", of: current) ?? tables[1].family(named: "decile", of: changed)
        var total = WhatIf.Moves()
        var villages: [RegionCode: WhatIf.Moves] = [:]
        var deciles: [Int64: WhatIf.Moves] = [:]
        var gains: [WhatIf.Reason.Kind: Int] = [:]
        var losses: [WhatIf.Reason.Kind: Int] = [:]
        for row in 0..<table.count {
            let before = (now.standings[row], now.amounts[row])
            let after = (then.standings[row], then.amounts[row])
            total.add(before, after)
            villages[table.villages[row], default: .init()].add(before, after)
            if let decile {
                var number: Int64 = 0
                if case .int(let value) = decile.value(at: row) { number = value }
                deciles[number, default: .init()].add(before, after)
            }
            if before.0 != .funded, after.0 == .funded { gains[now.reason(row, current), default: 0] += 1 }
            if before.0 == .funded, after.0 != .funded { losses[then.reason(row, changed), default: 0] += 1 }
        }
        return WhatIf(
            programme: current.name, day: day,
            now: WhatIf.Side(
                version: current.version, quota: quotaNow, counts: now.counts,
                errors: truth.map { TargetingErrors(tables[0], now.standings, $0) }),
            then: WhatIf.Side(
                version: changed.version, quota: quotaThen, counts: then.counts,
                errors: truth.map { TargetingErrors(tables[1], then.standings, $0) }),
            total: total, villages: villages, deciles: deciles, gainReasons: Self.ordered(gains, current),
            lossReasons: Self.ordered(losses, changed))
    }

    /// What comes of a version, family by family.
    private struct Worked {
        let standings: [Standing]
        let amounts: [Int64]
        let failed: [UInt64]
        var counts = StandingCounts()

        /// What keeps a family from being funded: the first rule that decides against it, else the first that calls for a
        /// look, else what is unknown, else the quota.
        func reason(_ row: Int, _ programme: Programme) -> WhatIf.Reason.Kind {
            if standings[row] == .waitlisted { return .quota }
            let failing = programme.rules.indices.filter { failed[row] >> UInt64($0) & 1 == 1 }
            let first = failing.first { programme.rules[$0].hit == .decides } ?? failing.first
            return first.map { .rule(programme.rules[$0].name) } ?? .unknown
        }
    }

    private func side(_ programme: Programme, _ table: FactTable, _ quota: Int64) throws -> Worked {
        let funding = try Funding(
            ColumnJudge(programme).judge(table), priorities: programme.priorities.count, quota: quota, lots: lots)
        let (standings, amounts) = funding.standings()
        var worked = Worked(
            standings: standings, amounts: amounts, failed: funding.judgements.flatMap(\.failed))
        for (standing, amount) in zip(standings, amounts) { worked.counts.add(standing, amount: amount) }
        return worked
    }

    private static func ordered(
        _ counts: [WhatIf.Reason.Kind: Int], _ programme: Programme
    ) -> [(reason: WhatIf.Reason, families: Int)] {
        func words(_ kind: WhatIf.Reason.Kind) -> Wording {
            switch kind {
            case .rule(let name):
                programme.rules.first { $0.name == name }?.words ?? Wording(["id": name, "en": name])
            case .unknown: Wording(["id": "Ada data yang belum diketahui.", "en": "Something is not known."])
            case .quota: Wording(["id": "Kuota sudah penuh.", "en": "The quota is full."])
            }
        }
        return counts.map { (WhatIf.Reason(kind: $0.key, words: words($0.key)), $0.value) }
            .sorted { ($1.1, $0.0.words("id")) < ($0.1, $1.0.words("id")) }
    }
}

extension FactTable {
    /// The column of a family's attribute, or nil where the programme has none of that name.
    func family(named name: String, of programme: Programme) -> Column? {
        programme.attributes.filter { $0.scope == .family }.firstIndex { $0.name == name }.map { family[$0] }
    }
}
