import CEL

/// The expressions of a programme as their authors wrote them.
extension Programme.Rule {
    /// The condition's text.
    public var source: String { expression.source }
}

extension Programme.Definition {
    /// The expression's text.
    public var source: String { expression.source }
}

extension Programme.Component {
    /// The condition's text.
    public var source: String { expression.source }
}

extension Programme.Priority {
    /// The expression's text.
    public var source: String { expression.source }
}

extension Programme.Attribute {
    /// The type's name: `bool`, `int`, `double` or `string`.
    public var typeName: String { type.description }
}
