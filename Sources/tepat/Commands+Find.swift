import ArgumentParser
import Foundation
import RecordLinkage
import Registry

struct Find: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tell whether a person is known, from a name, a NIK, a birth date, or parts of them.",
        discussion: """
            Everybody whom the registry lists is read first, which takes some seconds for a regency; the pages keep the index \
            (/tinjau/cari). What is found is noted in the journal.
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: "The name, as somebody says it.")
    var name = ""

    @Option(help: "The NIK, also one with wrong digits.")
    var nik = ""

    @Option(help: "The birth date: YYYY-MM-DD, YYYY-MM or YYYY.")
    var born = ""

    @Option(help: "male or female.")
    var sex = ""

    @Option(help: "The village's code.")
    var village = ""

    @Option(help: "The number on the family card.")
    var familyNumber = ""

    @Flag(help: "The name is not whole: its last word may be cut.")
    var partial = false

    @Option(help: "Show at most this many persons.")
    var limit = 10

    private struct Part: Encodable {
        let field: String
        let level: String
        let weight: Double
        let rarity: Double
    }

    private struct Row: Encodable {
        let person: Int64
        let family: Int64
        let probability: Double
        let weight: Double
        let values: [String: String]
        let parts: [Part]
    }

    private struct Report: Encodable {
        let known: Bool
        let persons: [Row]
    }

    func validate() throws {
        guard !(name + nik + familyNumber).isEmpty else {
            throw ValidationError("give a --name, a --nik or a --family-number")
        }
        guard limit > 0 else { throw ValidationError("--limit: give how many persons, 1 or more") }
        let isYear = born.count == 4 && born.allSatisfy(\.isNumber)
        guard born.isEmpty || isYear || LinkageSettings.isDate(born) else {
            throw ValidationError("--born: “\(born)” is no date; write YYYY-MM-DD, YYYY-MM or YYYY")
        }
        guard ["", "male", "female"].contains(sex) else {
            throw ValidationError("--sex: write male or female, not “\(sex)”")
        }
        let digits = nik.filter { !$0.isWhitespace && $0 != "." }
        guard digits.isEmpty || digits.count >= 12 else {
            throw ValidationError("--nik: “\(nik)” has \(digits.count) characters; by fewer than 12 nobody is found")
        }
    }

    func run() throws {
        let registry = try common.registry()
        guard village.isEmpty || registry.pack.villages.contains(where: { $0.code.text == village }) else {
            throw InputError(
                "“\(village)” is no village of region \(registry.pack.regency): see tepat region NAME")
        }
        let finder = try PersonFinder(registry)
        try ProgressBar.run("Reading") { try finder.prepare(progress: $0) }
        let question = PersonQuestion(
            nik: nik, name: name, birthDate: born, sex: sex, village: village, familyNumber: familyNumber,
            isPartial: partial)
        let reach = registry.wholeReach("tepat find")
        let matches = try finder.find(question, limit: limit, as: reach)
        try registry.noteRead(of: Set(matches.map(\.family)).sorted(), as: reach)
        let rows = matches.map { match in
            Row(
                person: match.person, family: match.family, probability: match.probability,
                weight: match.explanation.weight,
                values: Dictionary(
                    uniqueKeysWithValues: zip(ReviewCase.fieldNames, match.values).compactMap { name, value in
                        value.map { (name, $0) }
                    }),
                parts: match.explanation.parts.map {
                    Part(field: $0.field, level: $0.words, weight: $0.weight, rarity: $0.rarity)
                })
        }
        let isKnown = (rows.first?.probability ?? 0) >= 0.5
        var lines = [
            isKnown
                ? "known: the first is more likely than not"
                : rows.isEmpty ? "nobody resembles this" : "not certain; the nearest are"
        ]
        lines += rows.map { row in
            "  \(String(format: "%5.1f %%", row.probability * 100))  person \(row.person) of family \(row.family): "
                + ReviewCase.fieldNames.compactMap { row.values[$0] }.joined(separator: ", ")
        }
        try Output(common).print(Report(known: isKnown, persons: rows), lines.joined(separator: "\n"))
    }
}
