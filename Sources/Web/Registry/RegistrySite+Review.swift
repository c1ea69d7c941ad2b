import Eligibility
import Registry

extension RegistrySite {
    /// The row that a reviewer should look at next.
    public func nextReview(for reviewer: String, language: Language) async throws -> ReviewSheet? {
        try await blocking.run { [self] in
            let actor = "reviewer:\(reviewer)"
            guard let item = try registry.reviewQueue(for: actor, limit: 1).first else { return nil }
            let found = try registry.reviewCase(item.place)
            let decided = Verdict(found.decisions).states
            guard
                let candidate = found.candidates.first(where: { decided[$0.person] != .not }) ?? found.candidates.first
            else { return nil }
            try registry.noteRead(
                of: candidate.family, reason: "review of row \(item.place), person \(candidate.person)", by: actor)
            let counts = try registry.reviewCounts()
            return ReviewSheet(
                row: item.place.description, person: candidate.person,
                source: found.source.title(language.rawValue), delivered: found.delivered,
                lines: lines(found, candidate), prior: found.prior, probability: candidate.probability,
                others: found.candidates.count - 1, facts: found.evidence.map { ($0.field, $0.value) },
                rupiah: item.rupiah, earlier: item.actors.count, waiting: counts.waiting, decided: counts.decided)
        }
    }

    private func lines(_ found: ReviewCase, _ candidate: ReviewCase.Candidate) -> [ReviewSheet.Line] {
        var lines = zip(found.fields, zip(found.values, candidate.values)).map { name, values in
            let field = name == "family_number" ? "family" : name
            let compared = candidate.compared.first { $0.field == field }
            func text(_ value: String?) -> String? { field == "village" ? value.map { names[$0] ?? $0 } : value }
            return ReviewSheet.Line(
                field: field, row: text(values.0), person: text(values.1), level: compared?.level,
                weight: compared?.weight ?? 0)
        }
        if let rarity = candidate.compared.first(where: { $0.field == "rarity" }) {
            lines.append(.init(field: "rarity", row: nil, person: nil, level: nil, weight: rarity.weight))
        }
        return lines
    }

    /// Keeps what a reviewer says.
    public func answerReview(
        row: String, person: Int64, _ choice: ReviewChoice, note: String, by reviewer: String
    ) async throws -> Bool {
        try await blocking.run { [self] in
            guard let place = RowPlace(row) else { return false }
            let answer: ReviewAnswer =
                switch choice {
                case .same: .same
                case .not: .not
                case .unsure: .unsure
                }
            do {
                try registry.answerReview(place, person: person, answer, note: note, by: "reviewer:\(reviewer)")
                return true
            } catch RegistryError.unknown {
                return false
            }
        }
    }
}
