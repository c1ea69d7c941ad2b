extension MacroCall {
    /// The macro that a call of this name and form is, or nil where it is an ordinary call.
    init?(_ name: String, target: SyntaxNode?, arguments: [SyntaxNode]) throws(SyntaxFault) {
        guard let target else {
            guard name == "has", arguments.count == 1 else { return nil }
            guard case .select(_, _, isOptional: false) = arguments[0].kind else {
                throw SyntaxFault(
                    offset: arguments[0].position.offset, message: "has() tests a field: write has(value.field)")
            }
            self.init(.has, body: arguments[0])
            return
        }
        switch (name, arguments.count) {
        case ("bind", 3):
            guard case .identifier("cel", _) = target.kind else { return nil }
            self.init(
                .bind, target: arguments[1], variables: try Self.variables(arguments.prefix(1), of: name),
                body: arguments[2])
        case ("optMap", 2), ("optFlatMap", 2):
            self.init(
                name == "optMap" ? .optMap : .optFlatMap, target: target,
                variables: try Self.variables(arguments.prefix(1), of: name), body: arguments[1])
        case ("all", 2...3), ("exists", 2...3), ("existsOne", 2...3), ("exists_one", 2...3), ("filter", 2):
            guard let macro = Macro(rawValue: name == "exists_one" ? "existsOne" : name) else { return nil }
            self.init(
                macro, target: target, variables: try Self.variables(arguments.dropLast(), of: name),
                predicate: arguments.last)
        case ("map", 2...3):
            self.init(
                .map, target: target, variables: try Self.variables(arguments.prefix(1), of: name),
                predicate: arguments.count == 3 ? arguments[1] : nil, body: arguments.last)
        case ("transformList", 3...4), ("transformMap", 3...4), ("transformMapEntry", 3...4):
            guard let macro = Macro(rawValue: name) else { return nil }
            self.init(
                macro, target: target, variables: try Self.variables(arguments.prefix(2), of: name),
                predicate: arguments.count == 4 ? arguments[2] : nil, body: arguments.last)
        default: return nil
        }
    }

    static func variables(_ nodes: ArraySlice<SyntaxNode>, of macro: String) throws(SyntaxFault) -> [String] {
        var names: [String] = []
        for node in nodes {
            guard case .identifier(let name, isAbsolute: false) = node.kind else {
                throw SyntaxFault(
                    offset: node.position.offset, message: "\(macro) expects the name of its variable here")
            }
            if names.contains(name) {
                throw SyntaxFault(offset: node.position.offset, message: "\(macro) has the variable '\(name)' twice")
            }
            names.append(name)
        }
        return names
    }
}
