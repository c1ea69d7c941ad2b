import Crypto
import Foundation

/// An agency's data set, as a YAML file describes it: its fields, how a row names its person or family, how fresh it must
/// be, who owns it, for what purpose and on what legal ground, and which evidence it yields.
public struct SourceDefinition: Sendable {
    /// What a row speaks of.
    public enum Subject: String, Sendable, CaseIterable { case person, family }

    /// What a delivery means for rows of earlier ones.
    public enum Delivery: String, Sendable, CaseIterable {
        /// A delivery lists everything: what is no longer on it has been withdrawn by the agency.
        case full
        /// A delivery adds to earlier ones; a row whose key was there before takes the earlier row's place.
        case changes
    }

    /// What a source does to the registry of persons and families besides yielding evidence.
    public enum Effect: String, Sendable, CaseIterable {
        /// Persons and families are made from its rows.
        case residents
        /// A row says that a person has died.
        case death
        /// A row says that a person has moved.
        case move
    }

    /// What a field tells about whom the row speaks of.
    public enum Role: String, Sendable, CaseIterable {
        case nik
        case familyNumber = "family_number"
        case name
        case birthDate = "birth_date"
        case sex
        case village
        case relation
        /// The mother's name, by which two entries of one person are told from namesakes.
        case mother
        case eventDate = "event_date"
        case move
    }

    /// The identifier, as in file names and on the command line: `dtsen-families`.
    public let name: String
    /// The version of the description.
    public let version: Int64
    /// What people call it.
    public let title: Wording
    /// The agency that it belongs to.
    public let owner: Wording
    /// What it may be used for.
    public let purpose: Wording
    /// The legal ground of the exchange.
    public let legalBasis: String
    /// What a delivery means for earlier ones.
    public let delivery: Delivery
    /// The largest part of the rows in force, in percent, that may be missing in one full delivery without being asked.
    public let missingAtMost: Int64
    /// After how many days without a delivery its evidence is stale.
    public let freshnessDays: Int64
    /// What a row speaks of.
    public let subject: Subject
    /// What it does to persons and families besides yielding evidence.
    public let effect: Effect?
    /// The fields in the order in which rows are kept.
    public let fields: [SourceField]
    /// The indexes of the fields that name a row in the agency's own register.
    public let key: [Int]
    /// The index of the field in each role.
    public let identity: [Role: Int]
    /// The index of the field that dates the row; nil where the delivery's date does.
    public let dated: Int?
    /// What its rows are evidence of.
    public let evidence: [EvidenceRule]
    /// Where the rows are those who received before, the index of the field with what each is paid: `recipients`.
    public let recipientAmount: Int?
    /// The YAML text that this was read from.
    public let text: String

    /// So few missing rows are never asked about.
    static let missingAlways = 100

    /// Whether a field holds region codes.
    var hasRegions: Bool {
        fields.contains { if case .region = $0.kind { true } else { false } }
    }

    /// SHA-256 of the text: a batch names the description that it was read by.
    public var digest: [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }
}

/// One field of a source: a column of its files.
public struct SourceField: Sendable {
    /// What its values are.
    public enum Kind: Sendable {
        case nik
        case familyNumber
        /// At most that many characters.
        case text(max: Int)
        /// In that range.
        case integer(ClosedRange<Int64>)
        /// In that range.
        case decimal(ClosedRange<Double>)
        /// Whole rupiah in that range.
        case rupiah(ClosedRange<Int64>)
        case boolean
        case date
        case partialDate
        /// A region code of that level.
        case region(RegionCode.Level)
        /// The agency's words and what they mean here.
        case code([String: String])
    }

    /// What becomes of a row whose value is not what the kind demands.
    public enum Malformed: String, Sendable, CaseIterable {
        /// The row is set aside.
        case quarantine
        /// The row is kept with the value as the agency wrote it: for identifiers, where a slip is a matter for linkage.
        case keep
    }

    /// The column's name in the header.
    public let name: String
    /// What its values are.
    public let kind: Kind
    /// Whether it may be empty.
    public let required: Bool
    /// What becomes of a row with another value.
    public let malformed: Malformed
}

/// What a source's rows are evidence of: one attribute of the person or family that a row speaks of.
public struct EvidenceRule: Sendable {
    /// Where the value comes from.
    public enum Value: Sendable {
        /// The field of that index, as it is.
        case field(Int)
        /// Full years from the date in the field of that index to the day of the assessment.
        case yearsSince(Int)
        /// Whether the field of that index holds one of the words.
        case counting(Int, Set<String>)
        /// That value, for every row.
        case constant(AttributeValue)
    }

    /// How the rows of one person or family become one value.
    public enum Combine: String, Sendable, CaseIterable {
        /// The row with the latest date.
        case latest
        case max
        case sum
        /// True where one row says so.
        case any
        /// How many rows.
        case count
    }

    /// The attribute's name in rules.
    public let attribute: String
    /// Where the value comes from.
    public let value: Value
    /// How several rows become one value.
    public let combine: Combine
    /// The value of someone without a row, where the agency's register is complete, so that its silence is an answer; nil
    /// where silence means that nothing is known.
    public let absent: AttributeValue?
}

extension SourceDefinition {
    /// Reads a source's YAML file.
    public static func read(_ path: String) throws(RegistryError) -> SourceDefinition {
        try parse(ConfigurationNode.text(of: path), file: path)
    }

    /// Reads a source's YAML text, such as the one a batch was read by; `file` is what messages call it.
    public static func parse(_ text: String, file: String) throws(RegistryError) -> SourceDefinition {
        do { return try SourceDefinition(ConfigurationNode.parse(text, file: file), text: text) } catch {
            throw .configuration(error)
        }
    }

    private init(_ node: ConfigurationNode, text: String) throws(ConfigurationFault) {
        name = try node.required("source").string()
        version = try node.required("version").integer(in: 1...1_000_000)
        title = try Wording(node.required("title"))
        owner = try Wording(node.required("owner"))
        purpose = try Wording(node.required("purpose"))
        legalBasis = try node.required("legal_basis").string()
        delivery = try node.required("delivery").choice(Delivery.self)
        missingAtMost = try node.optional("missing_at_most")?.integer(in: 0...100) ?? 20
        freshnessDays = try node.required("freshness_days").integer(in: 1...36_500)
        subject = try node.required("subject").choice(Subject.self)
        effect = try Self.effect(node)
        var fields: [SourceField] = []
        for (name, value) in try node.required("fields").entries() { fields.append(try SourceField(name, value)) }
        self.fields = fields
        func index(_ node: ConfigurationNode) throws(ConfigurationFault) -> Int {
            let name = try node.string()
            guard let index = fields.firstIndex(where: { $0.name == name }) else {
                throw node.fault("“\(name)” is not a field of this source")
            }
            return index
        }
        var key: [Int] = []
        for element in try node.required("key").elements() { key.append(try index(element)) }
        self.key = key
        var identity: [Role: Int] = [:]
        for (name, value) in try node.required("identity").entries() {
            guard let role = Role(rawValue: name) else {
                throw value.fault("expected one of \(Role.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            identity[role] = try index(value)
        }
        self.identity = identity
        if let node = try node.optional("dated") { dated = try index(node) } else { dated = nil }
        var evidence: [EvidenceRule] = []
        for (attribute, value) in try node.optional("evidence")?.entries() ?? [] {
            evidence.append(try EvidenceRule(attribute, value, index: index))
        }
        self.evidence = evidence
        if let recipients = try node.optional("recipients") {
            let amount = try recipients.required("amount")
            let field = try index(amount)
            guard case .rupiah = fields[field].kind else { throw amount.fault("expected a field of type rupiah") }
            recipientAmount = field
            try recipients.finish()
        } else {
            recipientAmount = nil
        }
        self.text = text
        try node.finish()
        try check(node)
    }

    private static func effect(_ node: ConfigurationNode) throws(ConfigurationFault) -> Effect? {
        if let builds = try node.optional("builds") { return try builds.choice(Effect.self) }
        if let applies = try node.optional("applies") { return try applies.choice(Effect.self) }
        return nil
    }

    /// What the parts must be together.
    private func check(_ node: ConfigurationNode) throws(ConfigurationFault) {
        guard identity[.name] != nil else { throw node.fault("identity: “name” is missing") }
        guard identity[.nik] != nil || identity[.familyNumber] != nil else {
            throw node.fault("identity: a row must name its person or family by nik or family_number")
        }
        let needed: [Role] =
            switch effect {
            case .residents: [.nik, .familyNumber, .name, .birthDate, .sex, .village, .relation]
            case .death: [.nik, .name, .eventDate]
            case .move: [.nik, .name, .eventDate, .move]
            case nil: []
            }
        for role in needed where identity[role] == nil {
            throw node.fault("identity: “\(role.rawValue)” is missing, which this source needs for what it does")
        }
        for (role, index) in identity {
            switch (role, fields[index].kind) {
            case (.nik, .nik), (.familyNumber, .familyNumber), (.name, .text), (.birthDate, .partialDate),
                (.birthDate, .date), (.sex, .code), (.village, .region), (.relation, .code), (.relation, .integer),
                (.eventDate, .date), (.move, .code), (.mother, .text):
                continue
            default:
                throw node.fault("identity: the field “\(fields[index].name)” has not the type of a \(role.rawValue)")
            }
        }
        for (index, field) in fields.enumerated() {
            if case .nik = field.kind, identity[.nik] != index {
                throw node.fault("fields: “\(field.name)” is a second nik; a row names one person")
            }
            if case .familyNumber = field.kind, identity[.familyNumber] != index {
                throw node.fault("fields: “\(field.name)” is a second family_number; a row names one family")
            }
        }
    }
}

extension SourceField {
    private enum Word: String, CaseIterable {
        case nik, family_number, text, integer, decimal, rupiah, boolean, date, partial_date, region, code
    }

    fileprivate init(_ name: String, _ node: ConfigurationNode) throws(ConfigurationFault) {
        self.name = name
        required = try node.optional("required")?.boolean() ?? false
        let type = try node.required("type")
        let malformed = try node.optional("malformed")?.choice(Malformed.self)
        func bound(_ key: String, _ fallback: Int64) throws(ConfigurationFault) -> Int64 {
            try node.optional(key)?.integer() ?? fallback
        }
        func range(_ lower: Int64, _ upper: Int64) throws(ConfigurationFault) -> ClosedRange<Int64> {
            let (lower, upper) = (try bound("min", lower), try bound("max", upper))
            guard lower <= upper else { throw node.fault("min is above max") }
            return lower...upper
        }
        switch try type.choice(Word.self) {
        case .nik: kind = .nik
        case .family_number: kind = .familyNumber
        case .text: kind = .text(max: Int(try node.required("max").integer(in: 1...10_000)))
        case .integer: kind = .integer(try range(.min, .max))
        case .rupiah: kind = .rupiah(try range(0, 1_000_000_000_000_000))
        case .decimal:
            let bounds = try range(-1_000_000_000_000_000, 1_000_000_000_000_000)
            kind = .decimal(Double(bounds.lowerBound)...Double(bounds.upperBound))
        case .boolean: kind = .boolean
        case .date: kind = .date
        case .partial_date: kind = .partialDate
        case .region: kind = .region(try node.required("level").choice(RegionCode.Level.self))
        case .code:
            var values: [String: String] = [:]
            for (word, meaning) in try node.required("values").entries() { values[word] = try meaning.string() }
            kind = .code(values)
        }
        switch kind {
        case .nik, .familyNumber: self.malformed = malformed ?? .keep
        default:
            guard malformed != .keep else {
                throw node.fault("only identifiers are kept when malformed; other values go to quarantine")
            }
            self.malformed = .quarantine
        }
        try node.finish()
    }
}

extension EvidenceRule {
    private enum Derivation: String, CaseIterable { case years_since }

    fileprivate init(
        _ attribute: String, _ node: ConfigurationNode,
        index: (ConfigurationNode) throws(ConfigurationFault) -> Int
    ) throws(ConfigurationFault) {
        self.attribute = attribute
        if let constant = try node.optional("constant") {
            value = .constant(try constant.constant())
        } else {
            let field = try index(node.required("field"))
            if let derivation = try node.optional("as") {
                switch try derivation.choice(Derivation.self) {
                case .years_since: value = .yearsSince(field)
                }
            } else if let words = try node.optional("counting")?.words() {
                value = .counting(field, Set(words))
            } else {
                value = .field(field)
            }
        }
        combine = try node.optional("combine")?.choice(Combine.self) ?? .latest
        absent = try node.optional("absent")?.constant()
        try node.finish()
    }
}
