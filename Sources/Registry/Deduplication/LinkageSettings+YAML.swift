import RecordLinkage

extension LinkageSettings {
    /// Reads settings from a YAML file.
    ///
    /// - Parameter equivalents: how names are written, where the file does not say.
    /// - Throws: ``RegistryError/configuration(_:)`` with file, line and field where it is wrong.
    public static func read(_ path: String, equivalents: NameEquivalents) throws(RegistryError) -> LinkageSettings {
        let node = try ConfigurationNode.read(path)
        do throws(ConfigurationFault) {
            let settings = try LinkageSettings(node, equivalents)
            try node.finish()
            return settings
        } catch {
            throw .configuration(error)
        }
    }

    private init(_ node: ConfigurationNode, _ equivalents: NameEquivalents) throws(ConfigurationFault) {
        var fields: [Field] = []
        let list = try node.required("fields")
        for (name, value) in try list.entries() {
            guard value.isMapping else {
                fields.append(Field(name: name, kind: try value.choice(Kind.self)))
                continue
            }
            let columns = try value.required("columns")
            fields.append(
                Field(name: name, kind: try value.required("kind").choice(Kind.self), columns: try columns.words()))
            guard try !columns.words().isEmpty else { throw columns.fault("no column") }
            try value.finish()
        }
        guard !fields.isEmpty else { throw list.fault("no field") }
        guard fields.count <= 14 else { throw list.fault("at most 14 fields") }
        var rules: [[KeyPart]] = []
        for rule in try node.optional("blocking")?.elements() ?? [] {
            var parts: [KeyPart] = []
            for word in try rule.words() {
                guard let part = KeyPart(word, fields) else {
                    throw rule.fault(
                        "“\(word)” is no part of a key: write a field, or FIELD.first, .last, .lowest, .rarest (names), .tail, .head "
                            + "(identifiers), .year (dates) or .larger (regions)")
                }
                parts.append(part)
            }
            guard !parts.isEmpty else { throw rule.fault("a rule without parts brings everything together") }
            rules.append(parts)
        }
        self.init(
            id: try node.required("id").string(), fields: fields,
            blocking: rules.isEmpty ? Self.blocking(for: fields) : rules)
        if let names = try node.optional("names") {
            self.equivalents = try NameEquivalents(names)
            try names.finish()
        } else {
            self.equivalents = equivalents
        }
        if let threshold = try node.optional("threshold") {
            self.threshold = try threshold.double()
            guard (0.01...0.9999).contains(self.threshold) else { throw threshold.fault("expected 0.01 to 0.9999") }
        }
        if let largest = try node.optional("largest_block") { largestBlock = Int(try largest.integer(in: 2...1024)) }
        if let seed = try node.optional("seed") { self.seed = UInt64(try seed.integer(in: 0...Int64.max)) }
    }
}

extension LinkageSettings.KeyPart {
    fileprivate init?(_ word: String, _ fields: [LinkageSettings.Field]) {
        if fields.contains(where: { $0.name == word }) {
            self = .whole(word)
            return
        }
        guard let point = word.lastIndex(of: ".") else { return nil }
        let name = String(word[..<point])
        guard let kind = fields.first(where: { $0.name == name })?.kind else { return nil }
        let isName = kind == .name || kind == .relative || kind == .text
        switch word[word.index(after: point)...] {
        case "first" where isName: self = .first(name)
        case "last" where isName: self = .last(name)
        case "lowest" where isName: self = .lowest(name)
        case "rarest" where isName: self = .rarest(name)
        case "tail" where kind == .identifier: self = .tail(name)
        case "head" where kind == .identifier: self = .head(name)
        case "year" where kind == .date: self = .year(name)
        case "larger" where kind == .region: self = .larger(name)
        default: return nil
        }
    }
}
