/// Something that an expression reads.
public enum Reference: Hashable, Sendable {
    /// A variable of the environment.
    case variable(String)
    /// A field of a record type.
    case field(record: String, name: String)
}

/// A parsed and checked expression: immutable, to be evaluated by many threads at once.
public struct Expression: Sendable {
    /// The text that was compiled.
    public let source: String
    /// The type of its value.
    public let type: CELType
    /// The variables, and the fields of record types, that it reads, each once, in the order of the text.
    public let references: [Reference]
    /// Its syntax, to be walked by tools.
    public let syntax: SyntaxNode

    let checked: CheckedSyntax
    let steps: Int
    private let root: any Node

    init(source: String, syntax: SyntaxNode, checked: CheckedSyntax, limits: Limits) {
        self.source = source
        self.syntax = syntax
        type = checked.types[syntax.id]
        self.checked = checked
        references = checked.references
        root = NodeBuilder(checked).node(syntax)
        steps = limits.steps
    }

    /// The type of one of the syntax's nodes.
    public func type(of node: SyntaxNode) -> CELType {
        checked.types.indices.contains(node.id) ? checked.types[node.id] : .dyn
    }

    /// The expression's value for these inputs.
    ///
    /// - Parameter steps: How many steps it may take, if not as many as the environment's limits allow.
    public func evaluate(_ activation: some Activation, steps: Int? = nil) -> Outcome {
        var frame = Frame(activation: activation, localCount: checked.localCount, steps: steps ?? self.steps)
        let outcome = frame.outcome(of: root)
        // Running out of steps is nobody's fault in particular: it is told where the expression begins.
        if case .error(let error) = outcome { return .error(error.located(at: syntax.position)) }
        return outcome
    }
}

extension Frame {
    /// What a part comes to.
    mutating func outcome(of node: any Node) -> Outcome {
        do throws(EvaluationError) {
            let value = try node.evaluate(&self)
            switch value {
            case .unknown(let unknown): return .unknown(unknown)
            case .list, .map, .optional:
                // A part that is unknown makes the whole so; the walk also bounds what the host must take.
                if let unknown = try value.unknownParts(&meter) { return .unknown(unknown) }
                return .value(value)
            default: return .value(value)
            }
        } catch {
            return .error(error)
        }
    }
}
