/// What is known of somebody who is looked for, as it was typed.
public struct PersonQuery: Sendable, Equatable {
    /// The fields.
    public enum Field: String, Sendable, CaseIterable {
        case name = "nama"
        case nik
        case birthDate = "lahir"
        case familyNumber = "kk"
    }

    /// What was typed, by field.
    public var values: [Field: String]

    /// A query.
    public init(_ values: [Field: String]) { self.values = values }

    /// Whether nothing was typed by which somebody could be found.
    public var isEmpty: Bool { Field.allCases.allSatisfy { $0 == .birthDate || (values[$0] ?? "").isEmpty } }
}

/// What a search for a person came to.
public enum PersonSearch: Sendable {
    /// Everybody is still being read, so many percent.
    case loading(percent: Int)
    /// The persons who may be the one, the likeliest first.
    case found([FoundPerson])
}

/// A person who may be the one looked for.
public struct FoundPerson: Sendable, Encodable {
    /// The person's number in the registry.
    public let person: Int64
    /// The family's number in the registry.
    public let family: Int64
    /// How likely this is the one, all who resemble weighed together.
    public let probability: Double
    /// log2 of the odds.
    public let weight: Double
    /// The name as the population register has it.
    public let name: String
    /// The birth date as the population register has it.
    public let birthDate: String
    /// The NIK.
    public let nik: String
    /// The village's name.
    public let village: String

    /// A person.
    public init(
        person: Int64, family: Int64, probability: Double, weight: Double, name: String, birthDate: String,
        nik: String, village: String
    ) {
        self.person = person
        self.family = family
        self.probability = probability
        self.weight = weight
        self.name = name
        self.birthDate = birthDate
        self.nik = nik
        self.village = village
    }
}
