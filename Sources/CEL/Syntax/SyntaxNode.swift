/// A part of an expression as it was written, for tools that walk it: linters, explainers.
///
/// Operators are calls named as in cel-spec (`_+_`, `!_`, `_?_:_`, `_[_]`); `&&` and `||` take all operands of a chain.
/// Macros stay calls of macros and are not expanded.
public struct SyntaxNode: Sendable {
    /// What a node is.
    public indirect enum Kind: Sendable {
        /// A constant: null, bool, int, uint, double, string or bytes.
        case literal(Value)
        /// A name; absolute ones begin with a dot and never mean a macro's variable.
        case identifier(name: String, isAbsolute: Bool)
        /// `operand.field`, or `operand.?field`.
        case select(operand: SyntaxNode, field: String, isOptional: Bool)
        /// `function(arguments)` or `target.function(arguments)`, or an operator.
        case call(function: String, target: SyntaxNode?, arguments: [SyntaxNode])
        /// `[a, ?b]`.
        case list([ListElement])
        /// `{a: b, ?c: d}`.
        case map([MapEntry])
        /// `range.all(x, predicate)` and the like.
        case macro(MacroCall)
    }

    /// An element of a list literal.
    public struct ListElement: Sendable {
        /// The value, or the optional that may hold it.
        public let value: SyntaxNode
        /// Whether it was written `?value`.
        public let isOptional: Bool
    }

    /// An entry of a map literal.
    public struct MapEntry: Sendable {
        /// The key.
        public let key: SyntaxNode
        /// The value, or the optional that may hold it.
        public let value: SyntaxNode
        /// Whether it was written `?key: value`.
        public let isOptional: Bool
    }

    /// The node's number in its expression, from 0: parts have smaller numbers than the whole.
    public let id: Int
    /// Where it is: the operator of an operation, the name of a select or call, else the first character.
    public let position: SourcePosition
    /// What it is.
    public let kind: Kind
    /// The longest way down to a leaf.
    let height: Int
}

/// A call of a macro, as it was written.
public struct MacroCall: Sendable {
    /// The macros.
    public enum Macro: String, Sendable, CaseIterable {
        case has, all, exists, existsOne, map, filter, transformList, transformMap, transformMapEntry, bind, optMap,
            optFlatMap
    }

    /// Which macro.
    public let macro: Macro
    /// What it runs over: the list or map, the optional; for `bind` the value of the variable; for `has` nothing.
    public let target: SyntaxNode?
    /// The variables that it introduces, one or two.
    public let variables: [String]
    /// The condition that chooses elements, where there is one.
    public let predicate: SyntaxNode?
    /// What is computed: the select that `has` tests, the transformed element, the body of `bind`; else nothing.
    public let body: SyntaxNode?

    init(
        _ macro: Macro, target: SyntaxNode? = nil, variables: [String] = [], predicate: SyntaxNode? = nil,
        body: SyntaxNode? = nil
    ) {
        self.macro = macro
        self.target = target
        self.variables = variables
        self.predicate = predicate
        self.body = body
    }
}

extension SyntaxNode {
    /// The nodes directly below this one, in the order of the text.
    public var children: [SyntaxNode] {
        switch kind {
        case .literal, .identifier: []
        case .select(let operand, _, _): [operand]
        case .call(_, let target, let arguments): (target.map { [$0] } ?? []) + arguments
        case .list(let elements): elements.map(\.value)
        case .map(let entries): entries.flatMap { [$0.key, $0.value] }
        case .macro(let call): [call.target, call.predicate, call.body].compactMap { $0 }
        }
    }

    /// Calls a closure with this node and all below it, each before those below it.
    public func visit(_ body: (SyntaxNode) -> Void) {
        body(self)
        for child in children { child.visit(body) }
    }

    /// `a.b.c` where the node is nothing but names joined by dots.
    var qualifiedName: (name: String, isAbsolute: Bool)? {
        switch kind {
        case .identifier(let name, let isAbsolute): return (name, isAbsolute)
        case .select(let operand, let field, isOptional: false):
            guard let (prefix, isAbsolute) = operand.qualifiedName else { return nil }
            return ("\(prefix).\(field)", isAbsolute)
        default: return nil
        }
    }
}
