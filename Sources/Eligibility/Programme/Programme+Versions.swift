import Journal
import Registry

extension Programme {
    /// One version with the file that it was read from.
    public struct Version: Sendable {
        /// The file's path.
        public let file: String
        /// What stands in it.
        public let programme: Programme

        /// A version from a file.
        public init(file: String, programme: Programme) {
            self.file = file
            self.programme = programme
        }
    }

    /// Whether it holds on a day.
    public func holds(on day: CalendarDate) -> Bool { from <= day && until.map { day <= $0 } ?? true }

    /// All versions of a programme, the first day of each after that of the one before.
    ///
    /// - Throws: ``RegistryError/unknown(_:)`` where there is no such programme, ``RegistryError/configuration(_:)`` where
    ///   one of its files is wrong.
    public static func versions(of name: String, in library: PackLibrary) throws(RegistryError) -> [Version] {
        let files = library.programmeFiles(name)
        guard !files.isEmpty else {
            throw .unknown("there is no programme “\(name)” (known: \(library.programmes.joined(separator: ", ")))")
        }
        var versions: [Version] = []
        for file in files {
            let programme = try read(file)
            guard programme.name == name else {
                throw .configuration(
                    ConfigurationFault(
                        file: file, line: nil, field: "programme", reason: "the file lies in the folder of “\(name)”"))
            }
            versions.append(Version(file: file, programme: programme))
        }
        return versions.sorted { ($0.programme.from, $0.file) < ($1.programme.from, $1.file) }
    }

    /// The version of a programme that holds on a day.
    ///
    /// - Throws: ``RegistryError/unknown(_:)`` where there is no such programme or no version that holds,
    ///   ``RegistryError/configuration(_:)`` where a file is wrong or two versions hold on that day.
    public static func version(
        of name: String, on day: CalendarDate, in library: PackLibrary
    ) throws(RegistryError) -> Programme {
        let versions = try versions(of: name, in: library)
        let holding = versions.filter { $0.programme.holds(on: day) }
        guard let first = holding.first else {
            let known = versions.map { "\($0.programme.version) \($0.programme.time)" }.joined(separator: ", ")
            throw .unknown("no version of “\(name)” holds on \(day) (known: \(known))")
        }
        if holding.count > 1 {
            throw .configuration(
                ConfigurationFault(
                    file: holding[1].file, line: nil, field: "from",
                    reason: "holds on \(day), and so does \(first.file): set until in the older one"))
        }
        return first.programme
    }

    /// The time in which it holds, as messages say it.
    var time: String { "from \(from)" + (until.map { " until \($0)" } ?? "") }
}
