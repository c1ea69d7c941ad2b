import CEL

/// What an expression of a programme rests on, also through definitions and components.
struct Dependencies: Hashable {
    /// A name and whose it is.
    struct Key: Hashable {
        let scope: Programme.Scope
        let name: String
    }

    /// The attributes.
    private(set) var attributes: Set<Key> = []
    /// The definitions.
    private(set) var definitions: Set<Key> = []
    /// Whether it asks if a member has a component.
    private(set) var usesComponents = false

    /// Nothing.
    init() {}

    /// What an expression rests on; the names in it are a member's where `asMember`, else the family's.
    init(of expression: Expression, in programme: Programme, asMember: Bool = false) {
        add(expression, programme, asMember: asMember)
    }

    /// Whether an attribute is among them.
    func contains(_ attribute: Programme.Attribute) -> Bool {
        attributes.contains(Key(scope: attribute.scope, name: attribute.name))
    }

    /// Adds another's.
    mutating func formUnion(_ other: Dependencies) {
        attributes.formUnion(other.attributes)
        definitions.formUnion(other.definitions)
        usesComponents = usesComponents || other.usesComponents
    }

    private mutating func add(_ expression: Expression, _ programme: Programme, asMember: Bool) {
        for reference in expression.references {
            let key: Key
            switch reference {
            case .variable(let name): key = Key(scope: asMember ? .member : .family, name: name)
            case .field(_, let name): key = Key(scope: .member, name: name)
            }
            if programme.attribute(key.name, key.scope) != nil {
                attributes.insert(key)
            } else if let definition = programme.definitions.first(where: {
                $0.name == key.name && $0.scope == key.scope
            }) {
                guard definitions.insert(key).inserted else { continue }
                add(definition.expression, programme, asMember: key.scope == .member)
            } else if key.name == ProgrammeReader.hasComponent, case .components(let rule) = programme.benefit {
                guard !usesComponents else { continue }
                usesComponents = true
                for component in rule.components { add(component.expression, programme, asMember: true) }
            }
        }
    }
}
