/// The steps that make one module's tables, in order; a database remembers which of them it has had.
///
/// Steps only go forward. One that has been released is never edited: a change is a new step at the end.
public struct Migrations: Sendable {
    /// The module whose tables these are, such as `registry`.
    public let module: String
    /// The statements of each version, from version 1 on, in the one SQL text of both engines: column types are
    /// `INTEGER`, `REAL`, `TEXT` and `BLOB`, a table ends in `STRICT` or `STRICT, WITHOUT ROWID`.
    public let versions: [[String]]

    /// Migrations of a module.
    public init(module: String, versions: [[String]]) {
        self.module = module
        self.versions = versions
    }
}
