import CEL
import Journal
import Registry

/// Puts the evidence that a rule used into words.
struct FactWriter {
    let programme: Programme
    let facts: FamilyFacts
    let sources: [String: SourceDefinition]
    /// The day of the assessment.
    let day: CalendarDate

    /// The evidence of a rule: of the family, and of the members on whom it rests.
    ///
    /// A member counts whose facts alone give the rule the same verdict; where no one's do, it rests on all of them.
    func facts(of rule: Programme.Rule, verdict: Verdict, judge: Judge) -> [Explanation.Fact] {
        let used = Dependencies(of: rule.expression, in: programme)
        var result = programme.attributes.filter { $0.scope == .family && used.contains($0) }.compactMap {
            fact($0, member: nil)
        }
        let ofMembers = programme.attributes.filter { $0.scope == .member && used.contains($0) }
        guard !ofMembers.isEmpty else { return result }
        let everyone = Array(facts.members.indices)
        let decisive = everyone.filter { judge.verdict(of: rule, facts.alone($0)).isLike(verdict) }
        for member in decisive.isEmpty ? everyone : decisive {
            let telling = judge.claimed(facts.alone(member)).map {
                Dependencies(of: $0.expression, in: programme, asMember: true)
            }
            for attribute in ofMembers {
                // Where a member counts by a component, only what makes the component is told.
                if verdict == .met, used.usesComponents, !telling.isEmpty,
                    !telling.contains(where: { $0.contains(attribute) })
                {
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
            evidence: nil, agency: nil, trust: nil, mend: attribute.mend)
    }

    private func fact(_ attribute: Programme.Attribute, member: Int?) -> Explanation.Fact? {
        let own = programme.attributes.filter { $0.scope == attribute.scope }
        guard let index = own.firstIndex(where: { $0.name == attribute.name }) else { return nil }
        let evidence = member.map { facts.members[$0][index] } ?? facts.family[index]
        return Explanation.Fact(
            label: attribute.label, member: member, value: evidence.map { attribute.words(for: $0.value) },
            evidence: evidence, agency: evidence.flatMap { sources[$0.source]?.owner },
            trust: evidence.flatMap { trust($0, attribute) }, mend: attribute.mend)
    }

    private func trust(_ evidence: Evidence, _ attribute: Programme.Attribute) -> Explanation.Trust? {
        guard let place = attribute.origins.firstIndex(where: { $0.source == evidence.source }),
            let source = sources[evidence.source]
        else { return nil }
        return Explanation.Trust(
            place: place + 1, sources: attribute.origins.count, days: day.day - evidence.day.day,
            freshnessDays: source.freshnessDays)
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
