import CEL
import Registry

/// Puts the evidence that a rule used into words.
struct FactWriter {
    let programme: Programme
    let facts: FamilyFacts
    let sources: [String: SourceDefinition]

    /// The evidence of a rule: of the family, and of the members on whom it rests.
    ///
    /// A member counts whose facts alone give the rule the same verdict; where no one's do, it rests on all of them.
    func facts(of rule: Programme.Rule, verdict: Verdict, judge: Judge) -> [Explanation.Fact] {
        let used = attributes(of: rule.expression)
        var result = programme.attributes.filter { $0.scope == .family && used.contains(.init($0)) }.compactMap {
            fact($0, member: nil)
        }
        let ofMembers = programme.attributes.filter { $0.scope == .member && used.contains(.init($0)) }
        guard !ofMembers.isEmpty else { return result }
        let everyone = Array(facts.members.indices)
        let decisive = everyone.filter { judge.verdict(of: rule, facts.alone($0)).isLike(verdict) }
        for member in decisive.isEmpty ? everyone : decisive {
            let telling = judge.claimed(facts.alone(member)).flatMap { attributes(of: $0) }
            for attribute in ofMembers {
                // Where a member counts by a component, only what makes the component is told.
                if verdict == .met, usesComponents(rule), !telling.isEmpty, !telling.contains(.init(attribute)) {
                    continue
                }
                if let fact = fact(attribute, member: member) { result.append(fact) }
            }
        }
        return result
    }

    /// What must be known, in words; nil for what the programme has no attribute of.
    func fact(missing: Missing) -> Explanation.Fact? {
        let scope: Programme.Scope = missing.person == nil ? .family : .member
        guard let attribute = programme.attribute(missing.attribute, scope) else { return nil }
        return Explanation.Fact(
            label: attribute.label, member: missing.person.flatMap { facts.persons.firstIndex(of: $0) }, value: nil,
            evidence: nil, agency: nil, mend: attribute.mend)
    }

    private func fact(_ attribute: Programme.Attribute, member: Int?) -> Explanation.Fact? {
        let own = programme.attributes.filter { $0.scope == attribute.scope }
        guard let index = own.firstIndex(where: { $0.name == attribute.name }) else { return nil }
        let evidence = member.map { facts.members[$0][index] } ?? facts.family[index]
        return Explanation.Fact(
            label: attribute.label, member: member, value: evidence.map { attribute.words(for: $0.value) },
            evidence: evidence, agency: evidence.flatMap { sources[$0.source]?.owner }, mend: attribute.mend)
    }

    // MARK: What an expression rests on

    private struct Key: Hashable {
        let scope: Programme.Scope
        let name: String

        init(scope: Programme.Scope, name: String) {
            self.scope = scope
            self.name = name
        }

        init(_ attribute: Programme.Attribute) { self.init(scope: attribute.scope, name: attribute.name) }
    }

    private func usesComponents(_ rule: Programme.Rule) -> Bool {
        rule.expression.references.contains(.field(record: "member", name: ProgrammeReader.hasComponent))
    }

    /// The attributes that an expression reads, also through definitions and components.
    private func attributes(of expression: Expression, asMember: Bool = false) -> Set<Key> {
        var keys: Set<Key> = []
        for reference in expression.references {
            let scope: Programme.Scope
            let name: String
            switch reference {
            case .variable(let variable): (scope, name) = (asMember ? .member : .family, variable)
            case .field(_, let field): (scope, name) = (.member, field)
            }
            if programme.attribute(name, scope) != nil {
                keys.insert(Key(scope: scope, name: name))
            } else if let definition = programme.definitions.first(where: { $0.name == name && $0.scope == scope }) {
                keys.formUnion(attributes(of: definition.expression, asMember: scope == .member))
            } else if name == ProgrammeReader.hasComponent, case .components(let rule) = programme.benefit {
                for component in rule.components {
                    keys.formUnion(attributes(of: component.expression, asMember: true))
                }
            }
        }
        return keys
    }

    private func attributes(of component: Programme.Component) -> Set<Key> {
        attributes(of: component.expression, asMember: true)
    }
}

extension Verdict {
    fileprivate func isLike(_ other: Verdict) -> Bool {
        switch (self, other) {
        case (.met, .met), (.failed, .failed), (.unknown, .unknown): true
        default: false
        }
    }
}

extension FamilyFacts {
    /// The family as if this member lived alone.
    fileprivate func alone(_ member: Int) -> FamilyFacts {
        FamilyFacts(family: family, persons: [persons[member]], members: [members[member]])
    }
}

extension Judge {
    /// How one rule goes.
    fileprivate func verdict(of rule: Programme.Rule, _ facts: FamilyFacts) -> Verdict {
        let verdicts = judge(facts).verdicts
        return zip(programme.rules, verdicts).first { $0.0.name == rule.name }?.1 ?? .unknown([])
    }

    /// The components for which members count.
    fileprivate func claimed(_ facts: FamilyFacts) -> [Programme.Component] {
        guard case .components(let rule) = programme.benefit else { return [] }
        return judge(facts).components.map { rule.components[$0.component] }
    }
}

extension Programme.Attribute {
    /// A value as people say it.
    func words(for value: AttributeValue) -> Wording {
        if let wording = values[value.description] { return wording }
        switch value {
        case .boolean(let holds):
            return holds ? Wording(["id": "ya", "en": "yes"]) : Wording(["id": "tidak", "en": "no"])
        case .integer, .double, .text:
            func text(_ language: String) -> String {
                value.description + (unit.map { " " + $0(language) } ?? "")
            }
            return Wording(["id": text("id"), "en": text("en")])
        }
    }
}
