/// Forms that are short for others: they are written out when they are read.
///
/// The variables that come in have names that nobody can write, so that they hide no others.
extension Parser {
    /// What a call stands for, or nil where it stands for itself.
    ///
    /// - `list.sortBy(x, key)`: the list in the order of its elements' keys.
    /// - `cel.block([a, b], result)`: each part is computed once and read as `cel.index(0)`, `cel.index(1)`.
    /// - `cel.iterVar(depth, place)` and `cel.accuVar(depth, place)`: names of macros' variables, as optimizers write them.
    mutating func expansion(of name: String, target: SyntaxNode?, arguments: [SyntaxNode], _ offset: Int)
        throws(SyntaxFault) -> SyntaxNode?
    {
        if name == "sortBy", let target, arguments.count == 2 { return try sorted(target, arguments, offset) }
        guard case .identifier("cel", _) = target?.kind else { return nil }
        switch (name, arguments.count) {
        case ("block", 2): return try block(arguments[0], arguments[1], offset)
        case ("index", 1), ("iterVar", 2), ("accuVar", 2):
            let places = try arguments.map { (argument) throws(SyntaxFault) in try Self.place(argument, name) }
            return try variable("cel.\(name)(\(places.joined(separator: ", ")))", offset)
        default: return nil
        }
    }

    private mutating func variable(_ name: String, _ offset: Int) throws(SyntaxFault) -> SyntaxNode {
        try make(.identifier(name: name, isAbsolute: false), offset)
    }

    private static func place(_ node: SyntaxNode, _ name: String) throws(SyntaxFault) -> String {
        guard case .literal(.int(let place)) = node.kind, place >= 0 else {
            throw SyntaxFault(offset: node.position.offset, message: "cel.\(name) takes whole numbers from 0")
        }
        return String(place)
    }

    private mutating func sorted(_ list: SyntaxNode, _ arguments: [SyntaxNode], _ offset: Int)
        throws(SyntaxFault) -> SyntaxNode
    {
        let hidden = "sortBy()"
        let map = MacroCall(
            .map, target: try variable(hidden, offset),
            variables: try MacroCall.variables(arguments.prefix(1), of: "sortBy"), body: arguments[1])
        let keys = try make(.macro(map), arguments[1].position.offset)
        let call = SyntaxNode.Kind.call(
            function: "@sortByKeys", target: nil, arguments: [try variable(hidden, offset), keys])
        let binding = MacroCall(.bind, target: list, variables: [hidden], body: try make(call, offset))
        return try make(.macro(binding), offset)
    }

    private mutating func block(_ parts: SyntaxNode, _ result: SyntaxNode, _ offset: Int)
        throws(SyntaxFault) -> SyntaxNode
    {
        guard case .list(let elements) = parts.kind, !elements.contains(where: \.isOptional) else {
            throw SyntaxFault(offset: parts.position.offset, message: "cel.block expects a list of expressions here")
        }
        var node = result
        for (place, element) in elements.enumerated().reversed() {
            let binding = MacroCall(.bind, target: element.value, variables: ["cel.index(\(place))"], body: node)
            node = try make(.macro(binding), offset)
        }
        return node
    }
}
