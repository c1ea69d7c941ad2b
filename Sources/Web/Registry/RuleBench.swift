import Eligibility
import Foundation
import Journal
import Registry
import Synchronization

/// The evidence on which changed rules are tried, read once for each programme and again when something was linked since.
final class RuleBench: Sendable {
    private struct Table {
        let run: Int64
        var percent = 0
        var table: WhatIfTable?
        var truth: Truth?
        var failure: (any Error)?
    }

    private let registry: Registry
    private let library: PackLibrary
    private let tables = Mutex<[String: Table]>([:])

    private let truth: String?

    /// - Parameter truth: a file of families who are known to be entitled, or not.
    init(registry: Registry, library: PackLibrary, truth: String?) {
        self.registry = registry
        self.library = library
        self.truth = truth
    }

    /// The evidence on a programme, or how much of it has been read, in percent. The first call begins to read.
    ///
    /// - Throws: what reading came to, once; the next call begins anew.
    func table(_ programme: String) throws -> (table: WhatIfTable?, truth: Truth?, percent: Int) {
        let run = try Knowledge.latestRun(of: registry)
        let (kept, begins) = tables.withLock { tables -> (Table, Bool) in
            if let kept = tables[programme], kept.run == run {
                if kept.failure != nil { tables[programme] = nil }
                return (kept, false)
            }
            let made = Table(run: run)
            tables[programme] = made
            return (made, true)
        }
        if let failure = kept.failure { throw failure }
        if begins { begin(programme, run) }
        return (kept.table, kept.truth, kept.percent)
    }

    /// Forgets what was read for a programme whose versions have changed.
    func forget(_ programme: String) { tables.withLock { $0[programme] = nil } }

    /// Reads on a thread of its own: no request waits for it.
    private func begin(_ programme: String, _ run: Int64) {
        let thread = Thread { [self] in
            let result = Result {
                let table = try WhatIfTable(programme, registry: registry, library: library) { progress in
                    let percent = progress.total > 0 ? min(99, progress.done * 100 / progress.total) : 0
                    tables.withLock { if $0[programme]?.run == run { $0[programme]?.percent = percent } }
                }
                // A truth about other programmes says nothing about this one.
                let known = try? truth.map { try Truth(file: $0, programme: programme, registry: registry) }
                return (table, known ?? nil)
            }
            tables.withLock { tables in
                guard tables[programme]?.run == run else { return }
                switch result {
                case .success((let table, let truth)):
                    tables[programme]?.table = table
                    tables[programme]?.truth = truth
                case .failure(let error): tables[programme]?.failure = error
                }
            }
        }
        thread.name = "rule bench"
        thread.start()
    }
}

extension RegistrySite {
    /// The rules of a programme, and whether its evidence has been read.
    public func rules(programme: String?, language: Language) async throws -> RuleSheet? {
        try await blocking.run { [self] () -> RuleSheet? in
            let names = library.programmes
            guard let name = programme ?? (names.contains("pkh") ? "pkh" : names.first), names.contains(name) else {
                return nil
            }
            let knowledge = try currentKnowledge()
            guard let current = try? Programme.version(of: name, on: knowledge.day, in: library) else { return nil }
            let titles = names.compactMap { other in
                (try? Programme.version(of: other, on: knowledge.day, in: library)).map {
                    (code: other, title: $0.title(language.rawValue))
                }
            }
            let (table, _, percent) = try bench.table(name)
            return RuleSheet(
                programmes: titles, programme: name, title: current.title(language.rawValue), version: current.version,
                rules: current.rules.map {
                    RuleSheet.Rule(
                        name: $0.name, words: $0.words(language.rawValue), condition: $0.condition,
                        isRequired: $0.kind == .requires, decides: $0.hit == .decides)
                },
                quota: Int(try quota(of: name, on: knowledge.day) ?? 0),
                loading: table == nil ? percent : nil)
        }
    }

    /// Tries changed conditions and another quota; nothing is kept.
    public func tryRules(
        programme: String, conditions: [String: String], quota: Int, language: Language
    ) async throws -> RuleTrial? {
        try await blocking.run { [self] () -> RuleTrial? in
            guard library.programmes.contains(programme) else { return nil }
            let (table, truth, percent) = try bench.table(programme)
            guard let table else { return .loading(percent) }
            let current = table.current
            let changes = conditions.filter { name, condition in
                current.rules.contains { $0.name == name && $0.condition != condition }
            }
            var faults: [(rule: String, text: String)] = []
            // One by one, so that each fault is told beside its own rule.
            for rule in current.rules {
                guard let condition = changes[rule.name] else { continue }
                do throws(RegistryError) {
                    let text = try current.text(conditions: [rule.name: condition])
                    _ = try Programme.parse(text, file: programme)
                } catch {
                    faults.append((rule.name, Self.reason(error)))
                }
            }
            guard faults.isEmpty else { return .faults(faults) }
            let text = try current.text(
                conditions: changes, version: changes.isEmpty ? nil : current.version + "-coba")
            let changed = try Programme.parse(text, file: programme)
            let now = try self.quota(of: programme, on: table.day) ?? Int64(quota)
            let result = try table.trying(changed, file: programme)
                .compare(quotaNow: now, quotaThen: Int64(quota), truth: truth)
            return .result(
                RuleTrial.Comparison(
                    result, text: text, failures: changed.exampleFailures().map(\.description), language: language))
        }
    }

    /// Puts a changed version in force.
    public func applyRules(
        programme: String, draft: RuleDraft, by actor: String, language: Language
    ) async throws -> RuleApplication? {
        try await blocking.run { [self] () -> RuleApplication? in
            guard library.programmes.contains(programme) else { return nil }
            let current = try Programme.version(of: programme, on: currentKnowledge().day, in: library)
            do {
                let changes = draft.conditions.filter { name, condition in
                    current.rules.contains { $0.name == name && $0.condition != condition }
                }
                let text = try current.text(conditions: changes, version: draft.version, from: draft.from)
                let file = "\(draft.version).yaml"
                let force = try registry.apply(
                    Programme.parse(text, file: file), file: file, reason: draft.reason, by: actor,
                    library: library)
                bench.forget(programme)
                return .applied(
                    version: force.programme.version, from: force.programme.from, previous: force.previous?.version)
            } catch let error as RegistryError {
                return .refused(error.description)
            }
        }
    }

    /// How many families are funded: by the last assessment, else by the region's pack; nil where neither says.
    private func quota(of programme: String, on day: CalendarDate) throws -> Int64? {
        if let latest = try AssessmentTable.latest(programme, of: registry) { return latest.quota }
        return try? registry.quota(of: programme, on: day)
    }

    private static func reason(_ error: RegistryError) -> String {
        if case .configuration(let fault) = error { return fault.reason }
        return error.description
    }
}

extension RuleTrial.Comparison {
    init(_ result: WhatIf, text: String, failures: [String], language: Language) {
        var districts: [String: WhatIf.Moves] = [:]
        for (village, moves) in result.villages {
            let code = village.ancestor(.district)?.text ?? village.text
            districts[code, default: WhatIf.Moves()].add(moves)
        }
        self.init(
            now: OutcomeCounts(result.now.counts), then: OutcomeCounts(result.then.counts),
            amountNow: result.total.amountNow, amountThen: result.total.amountThen, total: Moves(result.total),
            more: result.total.more, less: result.total.less, districts: districts.mapValues(Moves.init),
            deciles: result.deciles.sorted { ($0.key == 0 ? .max : $0.key) < ($1.key == 0 ? .max : $1.key) }
                .map { (Int($0.key), Moves($0.value)) },
            gainReasons: result.gainReasons.map { ($0.reason.words(language.rawValue), $0.families) },
            lossReasons: result.lossReasons.map { ($0.reason.words(language.rawValue), $0.families) },
            errors: result.now.errors.flatMap { now in result.then.errors.map { (Errors(now), Errors($0)) } },
            text: text, failures: failures)
    }
}

extension RuleTrial.Comparison.Errors {
    init(_ errors: TargetingErrors) {
        func share(_ share: EstimatedShare?) -> RuleTrial.Comparison.Share? {
            share.map { RuleTrial.Comparison.Share(share: $0.share, lower: $0.lower, upper: $0.upper) }
        }
        self.init(
            inclusion: share(errors.inclusion), exclusion: share(errors.exclusion),
            exclusionBeforeQuota: share(errors.exclusionBeforeQuota))
    }
}

extension RuleTrial.Comparison.Moves {
    init(_ moves: WhatIf.Moves) {
        self.init(families: moves.families, gaining: moves.gaining, losing: moves.losing)
    }
}
