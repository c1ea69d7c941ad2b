/// What bounds the work of parsing and evaluating.
public struct Limits: Sendable, Hashable {
    /// The longest source text, in bytes.
    public var sourceBytes: Int
    /// How deep an expression may nest.
    public var depth: Int
    /// The steps that one evaluation may take: about one for each element visited, byte written and state of a pattern tried.
    public var steps: Int

    /// Limits; the defaults suit rules that people write.
    public init(sourceBytes: Int = 100_000, depth: Int = 100, steps: Int = 10_000_000) {
        self.sourceBytes = sourceBytes
        self.depth = depth
        self.steps = steps
    }
}

/// Declarations that expressions are checked against.
public struct Environment: Sendable {
    /// The variables; `Activation.value(slot:)` takes a variable's place in this order.
    public let variables: [Variable]
    /// Whether types are checked; without, faults show at run time only, as with `check: false` in cel-spec's tests.
    public let isChecking: Bool
    /// What bounds the work.
    public let limits: Limits

    let functions: FunctionTable
    let slots: [String: Int]
    /// What may stand before a name, the innermost first: `a.b.`, `a.`, nothing.
    private let prefixes: [String]

    /// An environment of these variables, with the language's functions and the host's own.
    ///
    /// Of two variables of one name the last counts.
    ///
    /// - Parameter container: The namespace in which names are looked up, as in cel-spec: within `a.b` the name `x` means
    ///   `a.b.x`, else `a.x`, else `x`; `.x` means `x` alone.
    public init(
        variables: [Variable] = [], functions: [Function] = [], checking: Bool = true, limits: Limits = Limits(),
        container: String = ""
    ) {
        self.variables = variables
        self.isChecking = checking
        self.limits = limits
        self.functions = functions.isEmpty ? .standard : FunctionTable.standard.adding(functions)
        var slots: [String: Int] = [:]
        for (slot, variable) in variables.enumerated() { slots[variable.name] = slot }
        self.slots = slots
        let parts = container.split(separator: ".")
        prefixes = (0...parts.count).reversed().map { count in parts.prefix(count).map { "\($0)." }.joined() }
    }

    /// What a name says to the first of its meanings, from the innermost namespace outwards, that says anything.
    func firstMeaning<T>(of name: String, isAbsolute: Bool, _ meaning: (String) -> T?) -> T? {
        if isAbsolute { return meaning(name) }
        for prefix in prefixes {
            if let found = meaning(prefix + name) { return found }
        }
        return nil
    }

    /// Parses and checks an expression.
    ///
    /// - Throws: The faults, up to 100, with their places; of faults in the syntax only the first.
    public func compile(_ source: String) throws(CompilationError) -> Expression {
        let syntax = try Parser.parse(source, limits: limits)
        var checker = Checker(self, nodeCount: syntax.id + 1)
        let checked = checker.check(syntax)
        guard checked.issues.isEmpty else { throw CompilationError(source: source, issues: checked.issues) }
        return Expression(source: source, syntax: syntax, checked: checked, limits: limits)
    }

    /// Values by the variables' names; a variable without one is an unknown of its name.
    public func bindings(_ values: [String: Value]) -> Bindings {
        Bindings(variables.map { values[$0.name] ?? .unknown(Unknown($0.name)) })
    }
}
