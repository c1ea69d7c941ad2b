import CEL
import Crypto
import Journal
import Registry

/// One version of a benefit scheme: who is entitled, who comes first, how much, and why, as a file says it.
public struct Programme: Sendable {
    /// Whose attribute it is.
    public enum Scope: String, Sendable, CaseIterable {
        /// The family's, also where the evidence is a member's: the rows of all members together.
        case family
        /// Each member's own.
        case member
    }

    /// What rules may ask about a family or a member.
    public struct Attribute: Sendable {
        /// Where a value comes from: the evidence of a source.
        public struct Origin: Sendable, Hashable {
            /// The source's name.
            public let source: String
            /// What the source calls the attribute.
            public let evidence: String
        }

        /// What can become of a value, so that nobody is told to wait for what cannot be.
        public enum Mutability: String, Sendable, CaseIterable {
            /// The family can change it: sell a car, go to school.
            case change
            /// It can be wrong, and be corrected: a birth date.
            case correct
            /// Neither is worth telling.
            case no
        }

        /// The name in rules.
        public let name: String
        /// Whose it is.
        public let scope: Scope
        /// The type in rules: bool, int, double or string.
        public let type: CELType
        /// Where values come from, the most trusted first.
        public let origins: [Origin]
        /// What people call it.
        public let label: Wording
        /// What people call its values, where they are words or codes.
        public let values: [String: Wording]
        /// What is written behind a number, such as `VA`.
        public let unit: Wording?
        /// Who can mend a wrong value, and what to bring.
        public let mend: Wording
        /// What can become of a value.
        public let can: Mutability
        /// How far off a wrong number may be for its correction to be worth telling; nil where any may.
        public let slip: Int64?
    }

    /// A named expression that others use.
    public struct Definition: Sendable {
        /// The name in rules.
        public let name: String
        /// Whose it is.
        public let scope: Scope
        /// What it says.
        public let expression: Expression
    }

    /// A rule: something that must hold, or must not.
    public struct Rule: Sendable {
        /// What a rule's condition means.
        public enum Kind: Sendable {
            /// The condition must hold.
            case requires
            /// The condition must not hold.
            case excludes
        }

        /// What follows where a family fails the rule.
        public enum Hit: String, Sendable, CaseIterable {
            /// It is ineligible.
            case decides
            /// The data is a lead, not proof: somebody must look before it counts.
            case verify
        }

        /// The identifier in determinations.
        public let name: String
        /// Whether the condition must hold or must not.
        public let kind: Kind
        /// What follows where a family fails it.
        public let hit: Hit
        /// The condition.
        public let expression: Expression
        /// The rule in words.
        public let words: Wording
        /// What a family is told that fails it.
        public let failed: Wording
        /// What would change the outcome.
        public let change: Wording
        /// Where the rule is written.
        public let legal: Wording
        /// Whether an official text says so.
        public let isOfficial: Bool
        /// The rules that a family fails too whenever it fails this one, because this one is there to say why.
        public let alsoFails: [String]
        /// Whether a family that received and fails it loses its place without a period, since nobody is left to be told.
        public let isAtOnce: Bool
    }

    /// A member who adds to the amount.
    public struct Component: Sendable {
        /// The identifier in determinations.
        public let name: String
        /// What people call it.
        public let label: Wording
        /// Who it is, asked of each member.
        public let expression: Expression
        /// Rupiah for each period.
        public let amount: Int64
        /// How many members of a family can count for it.
        public let most: Int
        /// A group of components that have a limit together; empty where it is in none.
        public let group: String
    }

    /// What a family gets.
    public enum Benefit: Sendable {
        /// The same for each family.
        case fixed(amount: Int64, label: Wording)
        /// The sum of its members' components.
        case components(ComponentRule)
    }

    /// How components add up. A member counts once, for the component of the highest amount.
    public struct ComponentRule: Sendable {
        /// Which components count where there are too many.
        public enum Order: String, Sendable, CaseIterable {
            /// In the order of the list.
            case priority
            /// The highest amounts first.
            case amount
        }

        /// The components, the first in priority first.
        public let components: [Component]
        /// How many members of a family can count.
        public let most: Int
        /// How many members can count in each group.
        public let groups: [String: Int]
        /// Which count where there are too many.
        public let order: Order
    }

    /// The period that an amount is for.
    public enum Period: String, Sendable, CaseIterable { case month, quarter, once }

    /// One key of the order in which the quota is filled.
    public struct Priority: Sendable {
        /// What is compared.
        public let expression: Expression
        /// Whether larger values come first.
        public let isDescending: Bool
        /// What people call it.
        public let label: Wording
    }

    /// What a family is told before a change takes effect.
    public struct NoticeRule: Sendable {
        /// How many days after it was told a family loses its place.
        public let days: Int64
        /// The family's attributes whose change it is told.
        public let watch: [String]
        /// How to answer.
        public let answer: Wording
        /// Where the period is written.
        public let legal: Wording
    }

    /// A family that somebody made up to say what the programme means, and the outcome it must have.
    public struct Example: Sendable {
        /// What it shows.
        public let name: String
        /// The family's attributes; others are unknown.
        public let family: [String: AttributeValue]
        /// The attributes of each member; others are unknown.
        public let members: [[String: AttributeValue]]
        /// The outcome before any quota.
        public let outcome: Outcome
        /// The amount, where the example says one.
        public let amount: Int64?
        /// The rules that decide or call for a look, where the example says them.
        public let rules: Set<String>?
        /// Its line in the file.
        public let line: Int?
    }

    /// The identifier: `pkh`.
    public let name: String
    /// The version: `2025.1`.
    public let version: String
    /// What people call it.
    public let title: Wording
    /// What it is, in one or two sentences.
    public let summary: Wording
    /// The first day it holds.
    public let from: CalendarDate
    /// The last day it holds; nil where nothing has taken its place.
    public let until: CalendarDate?
    /// Where its rules are written.
    public let legal: [String]
    /// The attributes that rules may ask about; the family's first, each in the file's order.
    public let attributes: [Attribute]
    /// Named expressions, in the order in which they use each other.
    public let definitions: [Definition]
    /// The rules, in the file's order.
    public let rules: [Rule]
    /// What a family gets.
    public let benefit: Benefit
    /// The period that an amount is for.
    public let period: Period
    /// The order in which the quota is filled; a lot decides between equals.
    public let priorities: [Priority]
    /// Its examples.
    public let examples: [Example]
    /// What a family is told before a change takes effect, and how long before.
    public let notice: NoticeRule
    /// What those who are funded, wait, are not decided or not eligible should do next.
    public let next: [String: Wording]
    /// The file's text.
    public let text: String

    /// SHA-256 of the text: an assessment names the text it followed.
    public var digest: [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }

    /// The attribute of a name and scope.
    public func attribute(_ name: String, _ scope: Scope) -> Attribute? {
        attributes.first { $0.name == name && $0.scope == scope }
    }
}

/// What a programme says of a family, before any quota.
public enum Outcome: String, Sendable, CaseIterable {
    /// A rule decides against it.
    case ineligible
    /// No rule decides against it, but something is unknown or must be looked at.
    case undetermined
    /// Every rule is met.
    case eligible
}
