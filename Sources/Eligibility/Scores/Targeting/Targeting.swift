import Foundation

/// How well a score finds the poorest: definitions, and their uncertainty.
///
/// At a quota q, the **poor** are the round(q·n) families of least consumption (half rounds up), and the **chosen** as
/// many of least score. **Exclusion error** is the share of the poor who are not chosen; **inclusion error** the share
/// of the chosen who are not poor. As many are chosen as are poor, so the two are equal at one quota; they part where a
/// quota is set against a fixed line. *Within villages* the poor and the chosen are counted in each community and then
/// added up; a community so small that round(q·n) = 0 has neither. *Overall* all families are one list. Families that
/// tie at the cut share the places that are left, each with the same part: what drawing lots gives on average.
public enum Targeting {
    /// Where ranks are compared.
    public enum Scope: String, Codable, Sendable, CaseIterable { case within, overall }

    /// How many places a quota gives among a number of families.
    static func places(_ quota: Double, of count: Int) -> Int { Int((quota * Double(count) + 0.5).rounded(.down)) }

    /// The part of a place that each of some values gets when the least `places` get one.
    static func shares(_ values: [Double], places: Int) -> [Double] {
        guard places > 0, !values.isEmpty else { return [Double](repeating: 0, count: values.count) }
        guard places < values.count else { return [Double](repeating: 1, count: values.count) }
        let cut = values.sorted()[places - 1]
        let below = values.count { $0 < cut }
        let tied = values.count { $0 == cut }
        let part = Double(places - below) / Double(tied)
        return values.map { $0 < cut ? 1 : $0 == cut ? part : 0 }
    }

    /// The poor who are found, and all the poor, of one list.
    static func found(_ score: [Double], _ truth: [Double], quota: Double) -> (hits: Double, poor: Double) {
        let places = places(quota, of: truth.count)
        let hits = zip(shares(score, places: places), shares(truth, places: places)).reduce(0) { $0 + $1.0 * $1.1 }
        return (hits, Double(places))
    }

    /// The exclusion error of a score, from 0 to 1; nil where the quota gives no place.
    static func exclusionError(
        _ score: [Double], _ truth: [Double], members: [[Int]], quota: Double, scope: Scope
    ) -> Double? {
        var (hits, poor) = (0.0, 0.0)
        for list in scope == .within ? members : [members.flatMap { $0 }] {
            let part = found(list.map { score[$0] }, list.map { truth[$0] }, quota: quota)
            hits += part.hits
            poor += part.poor
        }
        return poor > 0 ? 1 - hits / poor : nil
    }

    /// An error with the interval that 95 % of samples of communities would give.
    public struct Measured: Codable, Sendable, Equatable {
        /// The error, from 0 to 1.
        public let value: Double
        /// The interval's lower end.
        public let low: Double
        /// The interval's upper end.
        public let high: Double
    }

    /// The exclusion error, averaged over repeated scores, with a bootstrap over communities (percentiles of `draws`).
    static func measured(
        _ scores: [[Double]], _ truth: [Double], members: [[Int]], quota: Double, scope: Scope, seed: UInt64,
        draws: Int = 400
    ) -> Measured? {
        @Sendable func mean(_ members: [[Int]]) -> Double? {
            let errors = scores.compactMap {
                exclusionError($0, truth, members: members, quota: quota, scope: scope)
            }
            return errors.isEmpty ? nil : errors.reduce(0, +) / Double(errors.count)
        }
        guard let value = mean(members) else { return nil }
        // What a community gives within is the same in every draw.
        let parts = scores.map { score in
            members.map { list in found(list.map { score[$0] }, list.map { truth[$0] }, quota: quota) }
        }
        var random = SeededRandom(seed: seed)
        let samples = (0..<draws).map { _ in members.map { _ in random.below(members.count) } }
        let errors = inParallel(draws) { draw -> Double? in
            guard scope == .within else { return mean(samples[draw].map { members[$0] }) }
            let each = parts.compactMap { part -> Double? in
                let poor = samples[draw].reduce(0) { $0 + part[$1].poor }
                return poor > 0 ? 1 - samples[draw].reduce(0) { $0 + part[$1].hits } / poor : nil
            }
            return each.isEmpty ? nil : each.reduce(0, +) / Double(each.count)
        }.compactMap { $0 }.sorted()
        guard !errors.isEmpty else { return nil }
        return Measured(
            value: value, low: errors[errors.count * 25 / 1000],
            high: errors[min(errors.count - 1, errors.count * 975 / 1000)])
    }
}

extension Households {
    /// The households of each community.
    var members: [[Int]] {
        var members = [[Int]](repeating: [], count: communityCount)
        for (household, number) in community.enumerated() { members[number].append(household) }
        return members
    }
}
