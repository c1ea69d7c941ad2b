import Foundation
import Registry

/// Looks through one programme file.
struct VersionLint {
    private(set) var findings: [LintFinding] = []

    private let programme: Programme
    private let places: LintPlaces
    private let packs: [RegionPack]
    private let search: CaseSearch

    init(programme: Programme, places: LintPlaces, packs: [RegionPack]) {
        self.programme = programme
        self.places = places
        self.packs = packs
        search = CaseSearch(programme, packs: packs)
    }

    mutating func run() {
        unused()
        sources()
        wordings()
        legal()
        for (index, facts) in search.failures {
            let rule = programme.rules[index]
            add(
                .error, .fails, ["rules", .index(index), .key(rule.kind == .requires ? "requires" : "excludes")],
                "the condition has no value for \(describe(facts)), so it would never be decided: mend it")
        }
        // What rules can do is told once all of them can be worked out.
        guard search.failures.isEmpty else { return }
        examples()
        constantRules()
        shadowedRules()
        amounts()
        priorities()
    }

    private mutating func add(
        _ severity: LintFinding.Severity, _ check: LintFinding.Check, _ path: [LintPlaces.Step], _ message: String
    ) {
        findings.append(LintFinding(severity, check, places.node(path).fault(message)))
    }

    // MARK: Examples

    private mutating func examples() {
        for failure in programme.exampleFailures() {
            findings.append(
                LintFinding(
                    .error, .example,
                    ConfigurationFault(
                        file: places.root.file, line: failure.line, field: "examples", reason: failure.message)))
        }
        let judge = Judge(programme)
        let verdicts = programme.examples.map { judge.judge(FamilyFacts($0, of: programme)).verdicts }
        for (index, rule) in programme.rules.enumerated() where !verdicts.contains(where: { $0[index] == .failed }) {
            add(
                .warning, .noExample, ["rules", .index(index), "id"],
                "no example fails the rule “\(rule.name)”: add one, so that a change of the rule shows")
        }
    }

    // MARK: Rules

    private mutating func constantRules() {
        for (index, rule) in programme.rules.enumerated() {
            let word = rule.kind == .requires ? "requires" : "excludes"
            let met = search.cases.count { $0.verdicts[index] }
            guard !search.cases.isEmpty, met == 0 || met == search.cases.count else { continue }
            add(
                search.isExhaustive[index] ? .error : .warning, .constant, ["rules", .index(index), .key(word)],
                (met == 0
                    ? "no family meets this rule, so nobody can ever be eligible"
                    : "every family meets this rule, so it never decides")
                    + " (\(search.cases.count) made-up families were tried): mend the condition, or remove the rule")
        }
    }

    private mutating func shadowedRules() {
        for (index, rule) in programme.rules.enumerated() {
            let failing = search.cases.filter { !$0.verdicts[index] }
            // What is constant is told as that.
            guard !failing.isEmpty, failing.count < search.cases.count else { continue }
            for (other, shadow) in programme.rules.enumerated() where other != index {
                let isFollowed = failing.allSatisfy { !$0.verdicts[other] }
                if rule.alsoFails.contains(shadow.name) {
                    if !isFollowed { disagree(index, shadow, failing, other) }
                    continue
                }
                guard isFollowed, shadow.hit == .decides || rule.hit == .verify else { continue }
                // Of two rules that fail together the later is told.
                let isMutual = !search.cases.contains { !$0.verdicts[other] && $0.verdicts[index] }
                if isMutual, index < other || shadow.alsoFails.contains(rule.name) { continue }
                add(
                    .warning, .shadowed, ["rules", .index(index), "id"],
                    "every family that fails “\(rule.name)” fails “\(shadow.name)” too, so it decides nothing of its own "
                        + "(\(failing.count) such families were tried): remove it, or write "
                        + "“also_fails: [\(shadow.name)]” if it is there to say why")
            }
        }
    }

    private mutating func disagree(
        _ index: Int, _ shadow: Programme.Rule, _ failing: [CaseSearch.Case], _ other: Int
    ) {
        guard let example = failing.first(where: { $0.verdicts[other] }) else { return }
        add(
            .error, .alsoFails, ["rules", .index(index), "also_fails"],
            "not every family that fails this rule fails “\(shadow.name)”: \(describe(example.facts)) does not")
    }

    private func describe(_ facts: FamilyFacts) -> String {
        func list(_ evidence: [Evidence?], _ scope: Programme.Scope) -> String {
            zip(programme.attributes.filter { $0.scope == scope }, evidence).map { attribute, evidence in
                "\(attribute.name): \(evidence.map { "\($0.value)" } ?? "?")"
            }.joined(separator: ", ")
        }
        let members = facts.members.map { "{" + list($0, .member) + "}" }.joined(separator: ", ")
        return "{" + list(facts.family, .family) + "} with the members [" + members + "]"
    }

    // MARK: Attributes and definitions

    private mutating func unused() {
        var used = Dependencies()
        for rule in programme.rules { used.formUnion(Dependencies(of: rule.expression, in: programme)) }
        for priority in programme.priorities { used.formUnion(Dependencies(of: priority.expression, in: programme)) }
        if case .components(let rule) = programme.benefit {
            for component in rule.components {
                used.formUnion(Dependencies(of: component.expression, in: programme, asMember: true))
            }
        }
        for attribute in programme.attributes where !used.contains(attribute) {
            add(
                .warning, .unused, ["attributes", .key(attribute.scope.rawValue), .key(attribute.name)],
                "no rule, component or priority uses it: remove it, since data that is not needed must not be asked for"
            )
        }
        for definition in programme.definitions
        where !used.definitions.contains(.init(scope: definition.scope, name: definition.name)) {
            add(
                .warning, .unused, ["definitions", .key(definition.scope.rawValue), .key(definition.name)],
                "no rule, component or priority uses it: remove it")
        }
    }

    private mutating func sources() {
        for attribute in programme.attributes {
            let path: [LintPlaces.Step] = ["attributes", .key(attribute.scope.rawValue), .key(attribute.name), "from"]
            if attribute.origins.isEmpty { add(.error, .source, path, "no source: name one that yields it") }
            for (index, origin) in attribute.origins.enumerated() {
                for pack in packs {
                    do {
                        _ = try AttributePlan.rule(origin, attribute, programme, pack)
                    } catch {
                        let reason = if case .configuration(let fault) = error { fault.reason } else { "\(error)" }
                        add(.error, .source, path + [.index(index)], "in the region \(pack.regency): \(reason)")
                    }
                }
            }
        }
    }

    // MARK: Words

    private mutating func wordings() {
        for node in places.wordings() {
            guard let wording = try? Wording(node) else { continue }
            for language in ["id", "en"] where !wording(language).contains(where: { $0.isLetter || $0.isNumber }) {
                let place = (try? node.required(language)) ?? node
                findings.append(LintFinding(.error, .translation, place.fault("there are no words here")))
            }
            // One word may well be the same: a name, a unit.
            guard wording("id") == wording("en"), wording("id").split(separator: " ").count > 1 else { continue }
            findings.append(
                LintFinding(
                    .warning, .translation,
                    node.fault("“\(wording("id"))” stands in both languages: translate it")))
        }
    }

    private mutating func legal() {
        if programme.legal.allSatisfy({ !$0.contains(where: \.isLetter) }) {
            add(.error, .legal, ["legal"], "no legal source: say where the programme is written")
        }
        for (index, rule) in programme.rules.enumerated() {
            let words = rule.legal("en").lowercased().filter { $0.isLetter || $0 == " " }
            guard ["none", "unknown", "no source", "na", "tbd", "not known"].contains(words) else { continue }
            add(
                rule.isOfficial ? .error : .warning, .legal, ["rules", .index(index), "legal"],
                "the rule “\(rule.name)” has no legal source: say where it is written")
        }
    }

    // MARK: Amounts and order

    private mutating func amounts() {
        switch programme.benefit {
        case .fixed(let amount, _):
            if amount == 0 { add(.warning, .amount, ["benefit", "amount"], "nobody gets anything: an amount of Rp0") }
        case .components(let rule):
            for (index, component) in rule.components.enumerated() {
                let path: [LintPlaces.Step] = ["benefit", "components", .index(index)]
                if component.amount == 0 { add(.warning, .amount, path + ["amount"], "adds nothing: an amount of Rp0") }
                if !search.cases.contains(where: { $0.components.contains(index) }) {
                    add(
                        .warning, .amount, path,
                        "no family gets this amount (\(search.cases.count) made-up families were tried): the condition "
                            + "never holds, or whoever has “\(component.name)” has a component of a higher amount")
                }
                limit(rule, component, path)
            }
            let used = Set(rule.components.map(\.group))
            for group in rule.groups.keys.sorted() where !used.contains(group) {
                add(.warning, .amount, ["benefit", "groups", .key(group)], "no component is in this group: remove it")
            }
        }
    }

    private mutating func limit(
        _ rule: Programme.ComponentRule, _ component: Programme.Component, _ path: [LintPlaces.Step]
    ) {
        // What was left out is no promise.
        guard component.most < 40 else { return }
        let group = rule.groups[component.group] ?? rule.most
        guard component.most > min(rule.most, group) else { return }
        let limit =
            group < rule.most ? "the group “\(component.group)” ends at \(group)" : "a family ends at \(rule.most)"
        add(.warning, .amount, path + ["most"], "\(component.most) members can never count: \(limit)")
    }

    private mutating func priorities() {
        for index in programme.priorities.indices {
            let values = Set(search.cases.map { $0.priorities[index] })
            guard values.count == 1 else { continue }
            add(
                .warning, .priority, ["priority", .index(index), "by"],
                "it is the same for every family (\(search.cases.count) made-up families were tried), so it tells nobody "
                    + "apart: remove it, or mend it")
        }
        if programme.priorities.isEmpty {
            add(.warning, .priority, ["priority"], "without any key the lot alone decides who is funded")
        }
    }
}
