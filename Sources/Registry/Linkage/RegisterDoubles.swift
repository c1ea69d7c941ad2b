import RecordLinkage

/// Persons who seem to stand in the population register twice, under two NIKs.
///
/// All else takes it that the register lists everybody once. Here every two entries are compared that could be one
/// person's, by what two entries of one person share and siblings, twins and namesakes do not: mother, birth date, name,
/// sex and village. The NIK says nothing here but the birth date and the region once more. Nothing is decided: to take
/// somebody off the list is for people.
struct RegisterDoubles {
    /// Two persons who seem to be one.
    struct Pair {
        let one: Int32
        let other: Int32
        /// log2 of how much likelier what the two have in common is of one person than of strangers.
        let weight: Float
        let probability: Float
    }

    private var builder: RecordTableBuilder
    private var persons: [Int32] = []
    private var recordOf: [Int32: Int32] = [:]
    private var known = KnownDoubles(usual: Self.usual)

    /// How entries of one person compare, made years apart by two offices, as long as the register shows few of them: by
    /// judgement, in percent.
    private static let usual: [String: [Double]] = [
        "birth_date": [3, 3, 4, 4, 1, 7, 6, 72], "sex": [0.5, 99.5], "village": [25, 15, 60],
        "mother": [2, 1, 3, 2, 7, 15, 70], "name": [0.2, 0.3, 1.5, 1, 5, 12, 80],
    ]

    /// The settings by which persons of the register are compared with each other.
    static func settings(_ equivalents: NameEquivalents) -> LinkageSettings {
        var settings = LinkageSettings(
            id: "person", fields: RowLikeness.fieldsOfResidents,
            blocking: LinkageSettings.blocking(for: RowLikeness.fieldsOfResidents))
        settings.equivalents = equivalents
        settings.threshold = Likeness.leastReviewed
        return settings
    }

    init(_ equivalents: NameEquivalents) { builder = RecordTableBuilder(Self.settings(equivalents)) }

    /// A row of the register. Rows of one person, by one NIK or because people said so, show how entries of one person compare.
    mutating func list(_ row: OpenedRow, _ person: Int32) {
        let record = Int32(persons.count)
        if let first = recordOf[person] { known.pairs.append((first, record)) } else { recordOf[person] = record }
        persons.append(person)
        builder.begin(id: UnsafeRawBufferPointer(start: nil, count: 0))
        row.likeness.appendResident(to: &builder)
    }

    /// All that seem to be one, with the model that says so; nothing where too few are listed to tell how frequent what two
    /// share is.
    mutating func find(progress: (Int, Int) -> Void) -> (pairs: [Pair], model: LinkageModel?) {
        guard recordOf.count >= Likeness.fewestPersons else { return ([], nil) }
        let linkage = Linkage(builder.finish(), known: known, progress: progress)
        let prior = Float(linkage.model.priorWeight)
        var pairs: [Pair] = []
        var seen: Set<[Int32]> = []
        for link in linkage.links.sorted(by: { ($1.weight, $0.left, $0.right) < ($0.weight, $1.left, $1.right) }) {
            let (one, other) = (persons[Int(link.left)], persons[Int(link.right)])
            guard one != other, seen.insert([min(one, other), max(one, other)]).inserted else { continue }
            pairs.append(
                Pair(
                    one: one, other: other, weight: link.weight - prior, probability: Float(link.probability)))
        }
        return (pairs, linkage.model)
    }
}
