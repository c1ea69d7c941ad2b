/// What can go wrong with the registry's files, said to the person who can mend them.
public enum RegistryError: Error, Sendable, Equatable {
    /// A key is missing or not the right one.
    case key(String)
    /// A file that configures the registry is wrong at a place.
    case configuration(ConfigurationFault)
    /// A region, source or pack that was named is not there.
    case unknown(String)
    /// An agency's file was refused whole; nothing of it was kept.
    case refused(file: String, line: Int?, reason: String)
    /// A full delivery would withdraw so much that it looks like a part of one; it does not count yet.
    case partialDelivery(file: String, missing: Int, of: Int)
    /// The registry is not in the state that the command needs.
    case notReady(String)
    /// A file cannot be read or written.
    case file(path: String, reason: String)
}

/// Something wrong in a configuration file, with its place.
public struct ConfigurationFault: Error, Sendable, Equatable {
    /// The file's path.
    public let file: String
    /// The line, from 1; nil where it concerns the file as a whole.
    public let line: Int?
    /// The column, from 1; nil where it concerns the whole line.
    public let column: Int?
    /// The field, written as a path: `fields.nik.type`.
    public let field: String
    /// What is wrong, and what is expected.
    public let reason: String

    /// A fault at a place.
    public init(file: String, line: Int?, column: Int? = nil, field: String, reason: String) {
        self.file = file
        self.line = line
        self.column = column
        self.field = field
        self.reason = reason
    }
}

extension RegistryError {
    /// A row that is not what was written.
    static func damaged(line: Int64, batch: Int64) -> RegistryError {
        .key("batch \(batch), line \(line): the row does not open; it, or the block it lies in, was changed")
    }
}

extension ConfigurationFault: CustomStringConvertible {
    /// `FILE:LINE:COLUMN: field: what is wrong`.
    public var description: String {
        let place = [file, line.map(String.init), column.map(String.init)].compactMap { $0 }.joined(separator: ":")
        return place + ": " + (field.isEmpty ? "" : field + ": ") + reason
    }
}

extension RegistryError: CustomStringConvertible {
    /// One or two lines that say what happened and what to do.
    public var description: String {
        switch self {
        case .key(let reason): reason
        case .configuration(let fault): fault.description
        case .unknown(let what): what
        case .refused(let file, let line, let reason):
            file + (line.map { ":\($0)" } ?? "") + ": " + reason
        case .partialDelivery(let file, let missing, let all):
            "\(file): \(missing) of the \(all) rows that are in force are not in this delivery, which would withdraw them; "
                + "it does not count yet.\nGive all its files in one command, or add --accept-withdrawals where that is meant."
        case .notReady(let reason): reason
        case .file(let path, let reason): "\(path): \(reason)"
        }
    }
}
