import CEL
import Journal
import Registry

/// One attribute's value with where it comes from: never a bare value.
public struct Evidence: Sendable, Hashable {
    /// The value.
    public let value: AttributeValue
    /// The source's name.
    public let source: String
    /// The batch that brought it.
    public let batch: Int64
    /// The row in the batch; nil where the value is what the source's silence means.
    public let line: Int64?
    /// The day it speaks of.
    public let day: CalendarDate

    package init(value: AttributeValue, source: String, batch: Int64, line: Int64?, day: CalendarDate) {
        self.value = value
        self.source = source
        self.batch = batch
        self.line = line
        self.day = day
    }
}

/// How the rows that are known of a family become the values of a programme's attributes.
///
/// Made once for a programme and what a registry knew; used for each family by the hundred thousand.
struct AttributePlan: Sendable {
    /// One source of one attribute.
    private struct Column: Sendable {
        let attribute: Int
        let scope: Programme.Scope
        let source: String
        let combine: EvidenceRule.Combine
        /// What the source's silence means, with the delivery that was silent; nil where it means nothing.
        let absent: Evidence?
        let isStale: Bool
    }

    /// What a row of one delivery says for one column.
    private struct Step: Sendable {
        let column: Int
        let value: EvidenceRule.Value
        let position: Int?
        let kind: SourceField.Kind?
    }

    /// The attributes, in the programme's order.
    let attributes: [Programme.Attribute]
    private let columns: [Column]
    /// For each attribute the columns of its sources that are fresh, the most trusted first.
    private let freshColumns: [[Int]]
    /// For each attribute what the silence of its sources means.
    private let silence: [Evidence?]
    private let familyAttributes: [Int]
    private let memberAttributes: [Int]
    private let stepsOfDelivery: [[Step]]
    private let batches: [Int64]
    private let day: CalendarDate

    /// A plan for an assessment on a day.
    ///
    /// - Throws: ``RegistryError/configuration(_:)`` where an attribute asks a source for what it does not yield.
    init(_ programme: Programme, knowledge: Knowledge, day: CalendarDate) throws(RegistryError) {
        attributes = programme.attributes
        self.day = day
        batches = knowledge.deliveries.map(\.batch)
        var columns: [Column] = []
        var columnsOfAttribute: [[Int]] = []
        var steps = [[Step]](repeating: [], count: knowledge.deliveries.count)
        for (index, attribute) in programme.attributes.enumerated() {
            var own: [Int] = []
            for origin in attribute.origins {
                let described = try Self.rule(origin, attribute, programme, knowledge.registry.pack)
                own.append(columns.count)
                let latest = knowledge.latestDelivery(of: origin.source)
                columns.append(
                    Column(
                        attribute: index, scope: attribute.scope, source: origin.source, combine: described.combine,
                        absent: latest.flatMap { delivery in
                            described.absent.map {
                                Evidence(
                                    value: $0, source: origin.source, batch: delivery.batch, line: nil,
                                    day: delivery.delivered)
                            }
                        },
                        isStale: latest.map { day.day - $0.delivered.day > $0.source.freshnessDays } ?? false))
                for (place, delivery) in knowledge.deliveries.enumerated() where delivery.source.name == origin.source {
                    guard let rule = delivery.layout.rules.first(where: { $0.attribute == origin.evidence }) else {
                        continue
                    }
                    steps[place].append(Self.step(columns.count - 1, rule, delivery))
                }
            }
            columnsOfAttribute.append(own)
        }
        self.columns = columns
        freshColumns = columnsOfAttribute.map { own in own.filter { !columns[$0].isStale } }
        silence = freshColumns.map { own in own.lazy.compactMap { columns[$0].absent }.first }
        familyAttributes = attributes.indices.filter { programme.attributes[$0].scope == .family }
        memberAttributes = attributes.indices.filter { programme.attributes[$0].scope == .member }
        stepsOfDelivery = steps
    }

    private static func step(_ column: Int, _ rule: EvidenceRule, _ delivery: Knowledge.Delivery) -> Step {
        switch rule.value {
        case .field(let index), .yearsSince(let index), .counting(let index, _):
            Step(
                column: column, value: rule.value, position: delivery.layout.position(of: index),
                kind: delivery.source.fields[index].kind)
        case .constant: Step(column: column, value: rule.value, position: nil, kind: nil)
        }
    }

    /// The rule by which a source yields an attribute, as the region's pack describes it now.
    static func rule(
        _ origin: Programme.Attribute.Origin, _ attribute: Programme.Attribute, _ programme: Programme,
        _ pack: RegionPack
    ) throws(RegistryError) -> EvidenceRule {
        func fault(_ reason: String) -> RegistryError {
            .configuration(
                ConfigurationFault(
                    file: "\(programme.name) \(programme.version)", line: nil,
                    field: "attributes.\(attribute.scope.rawValue).\(attribute.name).from", reason: reason))
        }
        let source = try pack.source(origin.source)
        guard let rule = source.evidence.first(where: { $0.attribute == origin.evidence }) else {
            let known = source.evidence.map(\.attribute).joined(separator: ", ")
            throw fault("the source “\(origin.source)” yields no “\(origin.evidence)” (it yields: \(known))")
        }
        guard attribute.scope == .family || source.subject == .person else {
            throw fault("the source “\(origin.source)” speaks of families, not of members")
        }
        let type = rule.type(in: source)
        guard type == attribute.type else {
            throw fault("expected \(attribute.type), but “\(origin.source)” yields \(type)")
        }
        if let absent = rule.absent, !type.holds(absent) {
            throw fault("expected \(type), but the silence of “\(origin.source)” means “\(absent)”")
        }
        return rule
    }

    /// What is known of a family: its own attributes and those of each member who lives there.
    ///
    /// What is in the name of a member who has died still counts for the family: a car, a meter. What is in the name of one
    /// who moved out went along.
    func facts(of family: KnownFamily) -> FamilyFacts {
        let residents = family.members.filter { $0.state == .resident }
        let gone = Set(family.members.filter { $0.state == .movedOut }.map(\.person))
        var own = Accumulator(count: columns.count)
        var ofMember = [Accumulator](repeating: Accumulator(count: columns.count), count: residents.count)
        var ranges: [Range<Int>?] = []
        for row in family.rows where !stepsOfDelivery[row.delivery].isEmpty && !gone.contains(row.person) {
            let member = row.person == 0 ? nil : residents.firstIndex { $0.person == row.person }
            family.withFields(of: row, using: &ranges) { content, ranges in
                for step in stepsOfDelivery[row.delivery] {
                    guard let value = value(of: step, content, ranges) else { continue }
                    let evidence = Evidence(
                        value: value, source: columns[step.column].source, batch: batches[row.delivery],
                        line: row.line, day: row.day)
                    switch columns[step.column].scope {
                    case .family: own.add(evidence, to: step.column, combine: columns[step.column].combine)
                    case .member:
                        guard let member else { continue }
                        ofMember[member].add(evidence, to: step.column, combine: columns[step.column].combine)
                    }
                }
            }
        }
        return FamilyFacts(
            family: resolve(own, .family), persons: residents.map(\.person),
            members: ofMember.map { resolve($0, .member) })
    }

    /// For each attribute of a scope the evidence of the most trusted source that has one and is fresh.
    private func resolve(_ accumulator: Accumulator, _ scope: Programme.Scope) -> [Evidence?] {
        let attributes = scope == .family ? familyAttributes : memberAttributes
        var resolved: [Evidence?] = []
        resolved.reserveCapacity(attributes.count)
        for index in attributes {
            // A source's silence counts only after every source was asked.
            let fresh = freshColumns[index]
            if let column = fresh.first(where: { accumulator.evidence[$0] != nil }) {
                resolved.append(accumulator.evidence[column])
            } else {
                resolved.append(silence[index])
            }
        }
        return resolved
    }

    private func value(
        of step: Step, _ content: UnsafeRawBufferPointer, _ ranges: [Range<Int>?]
    ) -> AttributeValue? {
        if case .constant(let value) = step.value { return value }
        guard let position = step.position, position < ranges.count, let range = ranges[position], let kind = step.kind
        else { return nil }
        let bytes = UnsafeRawBufferPointer(rebasing: content[range])
        switch step.value {
        case .constant(let value): return value
        case .counting(_, let words): return .boolean(words.contains(String(decoding: bytes, as: UTF8.self)))
        case .yearsSince:
            return PartialDate(bytes)?.years(until: day).map { .integer(Int64($0)) }
        case .field: return AttributeValue(bytes, as: kind)
        }
    }

    /// One evidence for each column, combined as the source says.
    private struct Accumulator {
        var evidence: [Evidence?]

        init(count: Int) { evidence = [Evidence?](repeating: nil, count: count) }

        mutating func add(_ new: Evidence, to column: Int, combine: EvidenceRule.Combine) {
            let old = evidence[column]
            switch combine {
            case .latest: evidence[column] = old.map { new.day >= $0.day ? new : $0 } ?? new
            case .max: evidence[column] = old.map { new.value.number > $0.value.number ? new : $0 } ?? new
            case .any: evidence[column] = old.map { $0.value == .boolean(true) ? $0 : new } ?? new
            case .sum: evidence[column] = new.replacing(new.value.adding(old?.value))
            case .count:
                let counts: Int64 = new.value == .boolean(false) ? 0 : 1
                let sum = AttributeValue.integer(counts).adding(old?.value)
                // Names the row that counted last, rather than one that did not.
                evidence[column] = (counts == 0 ? old ?? new : new).replacing(sum)
            }
        }
    }
}

extension Evidence {
    fileprivate func replacing(_ value: AttributeValue) -> Evidence {
        Evidence(value: value, source: source, batch: batch, line: line, day: day)
    }
}

extension AttributeValue {
    /// A field's value as it is kept.
    init?(_ bytes: UnsafeRawBufferPointer, as kind: SourceField.Kind) {
        let text = String(decoding: bytes, as: UTF8.self)
        switch kind {
        case .integer, .rupiah:
            guard let value = Int64(text) else { return nil }
            self = .integer(value)
        case .decimal:
            guard let value = Double(text) else { return nil }
            self = .double(value)
        case .boolean: self = .boolean(text == "1")
        case .nik, .familyNumber, .text, .date, .partialDate, .region, .code: self = .text(text)
        }
    }

    fileprivate var number: Double {
        switch self {
        case .boolean(let value): value ? 1 : 0
        case .integer(let value): Double(value)
        case .double(let value): value
        case .text: 0
        }
    }

    /// The sum; what is too large to count stays at the largest number.
    fileprivate func adding(_ other: AttributeValue?) -> AttributeValue {
        switch (self, other) {
        case (.integer(let left), .integer(let right)):
            let (sum, overflow) = left.addingReportingOverflow(right)
            return .integer(overflow ? (left > 0 ? .max : .min) : sum)
        case (.double(let left), .double(let right)): return .double(left + right)
        default: return self
        }
    }
}

extension EvidenceRule {
    /// The type of the values that a rule yields.
    func type(in source: SourceDefinition) -> CELType {
        switch (value, combine) {
        case (_, .count): .int
        case (.yearsSince, _): .int
        case (.counting, _): .bool
        case (.constant(let value), _):
            switch value {
            case .boolean: .bool
            case .integer: .int
            case .double: .double
            case .text: .string
            }
        case (.field(let index), _):
            switch source.fields[index].kind {
            case .integer, .rupiah: .int
            case .decimal: .double
            case .boolean: .bool
            case .nik, .familyNumber, .text, .date, .partialDate, .region, .code: .string
            }
        }
    }
}
