import Eligibility
import Foundation
import Registry
import Synchronization

extension RegistrySite {
    /// The row that a reviewer should look at next.
    public func nextReview(as reach: Reach, language: Language) async throws -> ReviewSheet? {
        try await blocking.run { [self] in
            guard let item = try registry.reviewQueue(as: reach, isForReader: true, limit: 1).first else { return nil }
            let found = try registry.reviewCase(item.place, as: reach)
            let decided = Verdict(found.decisions).states
            guard
                let candidate = found.candidates.first(where: { decided[$0.person] != .not }) ?? found.candidates.first
            else { return nil }
            try registry.noteRead(
                of: candidate.family, as: reach, detail: "row \(item.place), person \(candidate.person)")
            let similar = found.candidates.filter { $0.person != candidate.person }
            try registry.noteRead(
                of: Set(similar.map(\.family)).subtracting([candidate.family]).sorted(), as: reach,
                detail: "resembles row \(item.place)")
            let counts = try registry.reviewCounts()
            return ReviewSheet(
                row: item.place.description, person: candidate.person, isEntry: found.isEntry,
                source: found.source.title(language.rawValue), delivered: found.delivered,
                lines: lines(found, candidate, language), prior: candidate.prior, probability: candidate.probability,
                similar: similar.map { other in
                    person(
                        other.person, other.family, other.values, probability: other.probability, weight: other.weight)
                }, facts: found.evidence.map { ($0.field, $0.value) },
                rupiah: item.rupiah, earlier: item.actors.count, waiting: counts.waiting, decided: counts.decided)
        }
    }

    /// A person as the pages show one.
    private func person(
        _ person: Int64, _ family: Int64, _ values: [String?], probability: Double, weight: Double
    ) -> FoundPerson {
        let values = Dictionary(
            uniqueKeysWithValues: zip(ReviewCase.fieldNames, values).map { ($0, $1 ?? "") })
        let village = values["village"] ?? ""
        return FoundPerson(
            person: person, family: family, probability: probability, weight: weight, name: values["name"] ?? "",
            birthDate: values["birth_date"] ?? "", nik: values["nik"] ?? "", village: names[village] ?? village)
    }

    private func lines(
        _ found: ReviewCase, _ candidate: ReviewCase.Candidate, _ language: Language
    ) -> [ReviewSheet.Line] {
        // A number under which somebody is listed by another name was left out; who that is, and of which family, was compared in
        // the family's place.
        let numbers = found.fields.firstIndex(of: "nik").map { (found.values[$0], candidate.values[$0]) }
        let isHidden =
            !found.isEntry && numbers?.0 != nil && numbers?.1 != nil
            && candidate.compared.first { $0.field == "nik" }?.level == nil
        let household = candidate.compared.first { $0.field == "family" }
        var lines = zip(found.fields, zip(found.values, candidate.values)).map { name, values in
            let field = name == "family_number" ? "family" : name
            let compared = candidate.compared.first { $0.field == field }
            func text(_ value: String?) -> String? {
                switch field {
                case "village": value.map { names[$0] ?? $0 }
                case "sex": value.map { language(Words.Review.sex($0)) }
                default: value
                }
            }
            // Two entries of one person have two NIKs and stand on one card or on two: that weighs nothing, but people want to
            // know.
            if found.isEntry, field == "family" || field == "nik" {
                let level = values.0 != values.1 ? "different" : field == "family" ? "same larger region" : "equal"
                return ReviewSheet.Line(field: field, row: values.0, person: values.1, level: level, weight: 0)
            }
            var (level, weight) = (compared?.level, compared?.weight ?? 0)
            if isHidden, field == "nik" {
                let isOwn = household?.level == "equal"
                (level, weight) = isOwn ? ("equal", household?.weight ?? 0) : ("another's", 0)
            } else if isHidden, field == "family" {
                if level == "equal" { (level, weight) = (values.0 == values.1 ? "same larger region" : nil, 0) }
                if level == "same larger region", weight != 0 { level = "family of the number" }
            }
            return ReviewSheet.Line(
                field: field, row: text(values.0), person: text(values.1), level: level, weight: weight)
        }
        if let rarity = candidate.compared.first(where: { $0.field == "rarity" }) {
            lines.append(.init(field: "rarity", row: nil, person: nil, level: nil, weight: rarity.weight))
        }
        return lines
    }

    /// Keeps what a reviewer says.
    public func answerReview(
        row: String, person: Int64, _ choice: ReviewChoice, note: String, as reach: Reach
    ) async throws -> Bool {
        try await blocking.run { [self] in
            guard let place = RowPlace(row) else { return false }
            do {
                try registry.answerReview(place, person: person, choice.answer, note: note, as: reach)
                return true
            } catch RegistryError.unknown {
                return false
            }
        }
    }

    /// What a reviewer answered last.
    public func lastReview(by actor: String) async throws -> LastReview? {
        try await blocking.run { [self] in
            guard let last = try registry.lastDecision(by: actor), last.undoes == nil else { return nil }
            return LastReview(
                decision: last.decision, row: RowPlace(batch: last.batch, line: last.line).description,
                choice: ReviewChoice(last.answer))
        }
    }

    /// Takes back what a reviewer answered.
    public func undoReview(_ decision: Int64, as reach: Reach) async throws -> Bool {
        try await blocking.run { [self] in
            guard let last = try registry.lastDecision(by: reach.actor), last.decision == decision, last.undoes == nil
            else { return false }
            do {
                try registry.undoReview(decision, note: "taken back on the page", as: reach)
                return true
            } catch RegistryError.unknown {
                return false
            }
        }
    }

    /// Who a person may be.
    public func findPerson(_ query: PersonQuery, as reach: Reach) async throws -> PersonSearch {
        try await blocking.run { [self] in
            guard let finder = try people.finder else { return .loading(percent: people.percent) }
            var question = PersonQuestion()
            question.name = query.values[.name] ?? ""
            question.nik = query.values[.nik] ?? ""
            question.birthDate = query.values[.birthDate] ?? ""
            question.familyNumber = query.values[.familyNumber] ?? ""
            question.isPartial = true
            let matches = try finder.find(question, limit: 8, as: reach)
            try registry.noteRead(of: Set(matches.map(\.family)).sorted(), as: reach)
            return .found(
                matches.map {
                    person($0.person, $0.family, $0.values, probability: $0.probability, weight: $0.weight)
                })
        }
    }
}

extension ReviewChoice {
    fileprivate init(_ answer: ReviewAnswer) {
        switch answer {
        case .same: self = .same
        case .not: self = .not
        case .unsure: self = .unsure
        }
    }

    fileprivate var answer: ReviewAnswer {
        switch self {
        case .same: .same
        case .not: .not
        case .unsure: .unsure
        }
    }
}

/// Everybody whom the registry lists, read on a thread of its own when first asked for: no request waits for it.
final class PersonDesk: Sendable {
    private struct State {
        var isReading = false
        var percent = 0
        var failure: (any Error)?
    }

    private let made: PersonFinder
    private let state = Mutex(State())

    init(_ registry: Registry) throws { made = try PersonFinder(registry) }

    /// How much has been read, in percent.
    var percent: Int { state.withLock { $0.percent } }

    /// The finder; nil while everybody is being read. The first call begins.
    ///
    /// - Throws: what reading came to, once; the next call begins anew.
    var finder: PersonFinder? {
        get throws {
            if made.count != nil { return made }
            let begins = try state.withLock { state -> Bool in
                if let failure = state.failure {
                    state = State()
                    throw failure
                }
                guard !state.isReading else { return false }
                state.isReading = true
                return true
            }
            if begins { read() }
            return nil
        }
    }

    private func read() {
        let thread = Thread { [self] in
            do {
                try made.prepare { progress in
                    let percent = progress.total > 0 ? min(99, progress.done * 100 / progress.total) : 0
                    state.withLock { $0.percent = percent }
                }
            } catch {
                state.withLock { $0.failure = error }
            }
        }
        thread.name = "person desk"
        thread.start()
    }
}
