import Registry

extension FamilyFacts {
    /// A family that somebody makes up, each attribute's value in the programme's order; nil where unknown.
    init(madeUp family: [AttributeValue?], members: [[AttributeValue?]], for programme: Programme) {
        func evidence(_ values: [AttributeValue?], _ scope: Programme.Scope) -> [Evidence?] {
            zip(programme.attributes.filter { $0.scope == scope }, values).map { attribute, value in
                value.map {
                    Evidence(
                        value: $0, source: attribute.origins.first?.source ?? "", batch: 0, line: nil,
                        day: programme.from)
                }
            }
        }
        self.init(
            family: evidence(family, .family), persons: members.indices.map { Int64($0 + 1) },
            members: members.map { evidence($0, .member) })
    }

    /// The family of an example.
    init(_ example: Programme.Example, of programme: Programme) {
        func values(_ named: [String: AttributeValue], _ scope: Programme.Scope) -> [AttributeValue?] {
            programme.attributes.filter { $0.scope == scope }.map { named[$0.name] }
        }
        self.init(
            madeUp: values(example.family, .family), members: example.members.map { values($0, .member) },
            for: programme)
    }
}
