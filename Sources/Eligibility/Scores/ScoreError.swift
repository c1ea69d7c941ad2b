import Registry

/// What can go wrong with a survey or a model, said to the person who can mend it.
public enum ScoreError: Error, Sendable, Equatable {
    /// A file's content cannot be used; the place is given as far as there is one: the line from 1, the column by name.
    case refused(file: String, line: Int?, column: String?, reason: String)
    /// A file that describes questions is wrong at a place.
    case configuration(ConfigurationFault)
    /// A file cannot be read or written.
    case file(path: String, reason: String)

    init(_ error: RegistryError) {
        switch error {
        case .refused(let file, let line, let reason):
            self = .refused(file: file, line: line, column: nil, reason: reason)
        case .configuration(let fault): self = .configuration(fault)
        case .file(let path, let reason): self = .file(path: path, reason: reason)
        case .key, .unknown, .partialDelivery, .notReady: self = .file(path: "", reason: error.description)
        }
    }
}

extension ScoreError: CustomStringConvertible {
    /// One line that says what happened, where, and what to do.
    public var description: String {
        switch self {
        case .refused(let file, let line, let column, let reason):
            file + (line.map { ":\($0)" } ?? "") + ": " + (column.map { "column “\($0)”: " } ?? "") + reason
        case .configuration(let fault): fault.description
        case .file(let path, let reason): path.isEmpty ? reason : "\(path): \(reason)"
        }
    }
}
