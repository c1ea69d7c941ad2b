import ArgumentParser
import Eligibility
import Foundation
import Journal
import Registry

struct WhatIfCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "what-if", abstract: "Try a changed version of a programme on everybody: nothing is kept.",
        discussion: """
            Says who would gain and who would lose, by village, decile and reason, and what a cycle would cost. With a \
            truth it says how often each version reaches others than those it is for: inclusion error is the share of the \
            funded who are not entitled, exclusion error the share of the entitled who are not funded.

            The truth is a CSV file with the columns family_number, entitled_PROGRAMME (or entitled) and, for a sample, \
            weight.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "The programme, such as pkh.")
    var programme: String

    @Argument(help: "The file of the changed version.")
    var pack: String

    @Option(help: "A CSV file of families who are known to be entitled, or not.")
    var truth: String?

    @Option(help: "The day for which ages are counted (YYYY-MM-DD); the newest delivery's if not given.")
    var day: DateArgument?

    @Option(help: "How many families are funded under both versions; the region pack's figure if not given.")
    var quota: Int64?

    @Option(name: .customLong("changed-quota"), help: "How many are funded under the changed version, if others.")
    var changedQuota: Int64?

    func validate() throws {
        for quota in [quota, changedQuota].compactMap(\.self) where quota < 0 {
            throw ValidationError("--quota: give how many families, 0 or more")
        }
    }

    func run() throws {
        let registry = try common.registry()
        let library = try common.library()
        let changed = try Programme.read(pack)
        let table = try ProgressBar.run("Reading what is known") { show in
            try WhatIfTable(
                programme, changed: changed, file: pack, day: day?.date, registry: registry, library: library,
                progress: show)
        }
        let now = try quota ?? registry.quota(of: programme, on: table.day)
        let truth = try truth.map { try Truth(file: $0, programme: programme, registry: registry) }
        let begun = Date()
        let result = try table.compare(quotaNow: now, quotaThen: changedQuota ?? now, truth: truth)
        let report = WhatIfReport(result, seconds: Date().timeIntervalSince(begun), registry: registry)
        try Output(common).print(report, report.text)
    }
}

/// What a what-if came to, as JSON and in words.
struct WhatIfReport: Encodable {
    struct Share: Encodable {
        let share: Double
        let lower: Double
        let upper: Double
        let families: Int

        init(_ share: EstimatedShare) {
            self.share = share.share
            lower = share.lower
            upper = share.upper
            families = share.families
        }

        var text: String {
            func percent(_ value: Double) -> String { String(format: "%.1f", value * 100) }
            return "\(percent(share)) % (\(percent(lower)) to \(percent(upper)))"
        }
    }

    struct Side: Encodable {
        let version: String
        let quota: Int64
        let ineligible: Int
        let undetermined: Int
        let eligible: Int
        let funded: Int
        let waitlisted: Int
        let amount: Int64
        let inclusionError: Share?
        let exclusionError: Share?
        let exclusionErrorBeforeQuota: Share?

        init(_ side: WhatIf.Side) {
            version = side.version
            quota = side.quota
            ineligible = side.counts.ineligible
            undetermined = side.counts.undetermined
            eligible = side.counts.eligible
            funded = side.counts.funded
            waitlisted = side.counts.waitlisted
            amount = side.counts.amount
            inclusionError = side.errors?.inclusion.map(Share.init)
            exclusionError = side.errors?.exclusion.map(Share.init)
            exclusionErrorBeforeQuota = side.errors?.exclusionBeforeQuota.map(Share.init)
        }

        var text: String {
            var lines = [
                "\(version): \(ineligible) ineligible, \(undetermined) undetermined, \(eligible) eligible",
                "  \(funded) funded (quota \(quota)) with \(Rupiah(amount)) each period, \(waitlisted) waiting",
            ]
            if let inclusionError {
                lines.append("  inclusion error \(inclusionError.text) of the funded are not entitled")
            }
            if let exclusionError {
                lines.append("  exclusion error \(exclusionError.text) of the entitled are not funded")
            }
            if let exclusionErrorBeforeQuota {
                lines.append("  \(exclusionErrorBeforeQuota.text) of the entitled would not be with any quota")
            }
            return lines.joined(separator: "\n")
        }
    }

    struct Moves: Encodable {
        let families: Int
        let gaining: Int
        let losing: Int
        let more: Int
        let less: Int
        let amountNow: Int64
        let amountThen: Int64

        init(_ moves: WhatIf.Moves) {
            families = moves.families
            gaining = moves.gaining
            losing = moves.losing
            more = moves.more
            less = moves.less
            amountNow = moves.amountNow
            amountThen = moves.amountThen
        }
    }

    struct Village: Encodable {
        let village: String
        let name: String
        let moves: Moves
    }

    struct Reason: Encodable {
        let reason: String
        let words: [String: String]
        let families: Int

        init(_ reason: WhatIf.Reason, _ families: Int) {
            self.reason =
                switch reason.kind {
                case .rule(let name): name
                case .unknown: "unknown"
                case .quota: "quota"
                }
            words = reason.words.texts
            self.families = families
        }
    }

    let programme: String
    let day: String
    let now: Side
    let then: Side
    let total: Moves
    let deciles: [String: Moves]
    let villages: [Village]
    let gainReasons: [Reason]
    let lossReasons: [Reason]
    /// How long both versions took, after loading.
    let seconds: Double

    init(_ result: WhatIf, seconds: Double, registry: Registry) {
        programme = result.programme
        day = result.day.description
        now = Side(result.now)
        then = Side(result.then)
        total = Moves(result.total)
        deciles = Dictionary(
            uniqueKeysWithValues: result.deciles.map { ($0 == 0 ? "unknown" : String($0), Moves($1)) })
        let names = Dictionary(registry.pack.villages.map { ($0.code, $0.name) }) { first, _ in first }
        villages = result.villages.sorted { $0.key < $1.key }.map {
            Village(village: $0.key.text, name: names[$0.key] ?? "", moves: Moves($0.value))
        }
        gainReasons = result.gainReasons.map { Reason($0.reason, $0.families) }
        lossReasons = result.lossReasons.map { Reason($0.reason, $0.families) }
        self.seconds = seconds
    }

    var text: String {
        var lines = ["\(programme) on \(day), as it is and as it would be:", now.text, then.text, ""]
        lines.append(
            "\(total.gaining) families gain, \(total.losing) lose; \(total.more) get more, \(total.less) less.")
        let difference = total.amountThen - total.amountNow
        lines.append(
            "A period would cost \(Rupiah(total.amountThen)), \(Rupiah(abs(difference))) "
                + "\(difference < 0 ? "less" : "more") than now.")
        for (title, reasons) in [
            ("What kept those who gain out:", gainReasons), ("What puts those who lose out:", lossReasons),
        ]
        where !reasons.isEmpty {
            lines.append(title)
            for reason in reasons {
                lines.append("  \(reason.families)  \(reason.reason): \(reason.words["en"] ?? "")")
            }
        }
        if !deciles.isEmpty {
            lines.append("By decile, gaining and losing:")
            for decile in deciles.keys.sorted(by: { ($0.count, $0) < ($1.count, $1) }) {
                guard let moves = deciles[decile], moves.gaining + moves.losing > 0 else { continue }
                lines.append("  \(decile): +\(moves.gaining) -\(moves.losing)")
            }
        }
        let moved = villages.filter { $0.moves.gaining + $0.moves.losing > 0 }
            .sorted { $0.moves.gaining + $0.moves.losing > $1.moves.gaining + $1.moves.losing }
        if !moved.isEmpty {
            lines.append("By village (the ten with the most; --json has all \(moved.count)):")
            for village in moved.prefix(10) {
                lines.append("  \(village.village) \(village.name): +\(village.moves.gaining) -\(village.moves.losing)")
            }
        }
        return lines.joined(separator: "\n")
    }
}
