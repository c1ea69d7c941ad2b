import Journal

/// Why a family receives as before though it is not within the quota by the rules as they are applied now.
public enum Keeping: String, Sendable, CaseIterable {
    /// It is undetermined: somebody must look first.
    case look
    /// It has been told, or will be, that it loses its place, and the period is not over.
    case notice
}

/// What a family is told of a change, before that takes effect.
///
/// A notice arises in the assessment that finds the change. Its period begins on the day on which it was given to the
/// family, which somebody notes; a notice that nobody gave takes no place away.
public struct Notice: Sendable, Equatable {
    /// What the change does.
    public enum Kind: String, Sendable, CaseIterable {
        /// The family received and loses its place.
        case loss
        /// Something else about the family has changed.
        case change
    }

    /// What is different.
    public enum Cause: Sendable, Hashable {
        /// A rule decides against the family.
        case rule(String)
        /// Families that come before it fill the quota.
        case quota
        /// The outcome is another one.
        case outcome(from: Standing, to: Standing)
        /// A watched attribute has another value.
        case attribute(String, from: String, to: String)
    }

    /// What the change does.
    public let kind: Kind
    /// The number of the assessment that it arose in; together with the family it names the notice.
    public let arose: Int64
    /// What is different.
    public let causes: [Cause]
    /// The first day on which the change counts; nil as long as the family was not told.
    public let effective: CalendarDate?

    /// The same notice with the day from which it counts.
    func effective(_ day: CalendarDate?) -> Notice { Notice(kind: kind, arose: arose, causes: causes, effective: day) }
}

extension Notice.Cause: CustomStringConvertible {
    /// One word: `rule:car`, `quota`, `outcome:waitlisted>ineligible`, `attribute:decile:3>5`.
    public var description: String {
        switch self {
        case .rule(let name): "rule:\(name)"
        case .quota: "quota"
        case .outcome(let from, let to): "outcome:\(from.rawValue)>\(to.rawValue)"
        case .attribute(let name, let from, let to): "attribute:\(name):\(from)>\(to)"
        }
    }

    init?(reading word: Substring) {
        let parts = word.split(separator: ":", omittingEmptySubsequences: false)
        let sides = parts.last?.split(separator: ">", omittingEmptySubsequences: false).map(String.init) ?? []
        switch (parts.first, parts.count) {
        case ("quota", 1): self = .quota
        case ("rule", 2): self = .rule(String(parts[1]))
        case ("outcome", 2):
            guard sides.count == 2, let from = Standing(rawValue: sides[0]), let to = Standing(rawValue: sides[1])
            else { return nil }
            self = .outcome(from: from, to: to)
        case ("attribute", 3):
            guard sides.count == 2 else { return nil }
            self = .attribute(String(parts[1]), from: sides[0], to: sides[1])
        default: return nil
        }
    }
}

extension Notice: CustomStringConvertible {
    /// Words separated by spaces, as the table of determinations keeps them: kind, assessment, day or `-`, causes.
    public var description: String {
        ([kind.rawValue, String(arose), effective?.description ?? "-"] + causes.map(\.description))
            .joined(separator: " ")
    }

    init?(reading text: String) {
        let words = text.split(separator: " ")
        guard words.count > 3, let kind = Kind(rawValue: String(words[0])), let arose = Int64(words[1]) else {
            return nil
        }
        let day = CalendarDate(words[2])
        let causes = words[3...].compactMap { Cause(reading: $0) }
        guard causes.count == words.count - 3, day != nil || words[2] == "-" else { return nil }
        self.init(kind: kind, arose: arose, causes: causes, effective: day)
    }
}
