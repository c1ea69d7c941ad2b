import Journal
import Registry

/// What an assessment said of a family because a row was linked to it.
public struct LinkConsequence: Sendable, Equatable {
    /// The assessment.
    public let assessment: Int64
    /// Its programme.
    public let programme: String
    /// When it was made.
    public let at: Moment
    /// The family.
    public let family: Int64
    /// What the rules said of the family with the row.
    public let outcome: Outcome
    /// Rupiah for each period with the row.
    public let amount: Int64
    /// What they would have said without it.
    public let outcomeWithout: Outcome
    /// Rupiah for each period without it.
    public let amountWithout: Int64
    /// What the assessment came to, after the quota.
    public let standing: Standing

    /// Whether the row made a difference.
    public var isDifferent: Bool { outcome != outcomeWithout || amount != amountWithout }
}

extension Registry {
    /// What has followed from a row's links: for each assessment made while it was linked to a family, what the rules said of
    /// that family with the row, and what they would have said without it. It tells what must be looked at again when a link
    /// is undone.
    public func consequences(of place: RowPlace) throws -> [LinkConsequence] {
        var consequences: [LinkConsequence] = []
        let reach = wholeReach("what followed from a link")
        for link in try linkHistory(of: place) {
            guard let family = link.family else { continue }
            for assessment in try AssessmentTable.assessments(of: self, since: link.since, until: link.until) {
                guard let determination = try AssessmentTable.determination(of: family, in: assessment, registry: self)
                else { continue }
                let knowledge = try Knowledge(of: self, run: assessment.linkRun)
                guard let known = try self.family(family, in: knowledge, as: reach),
                    let delivery = knowledge.delivery(of: place.batch)
                else { continue }
                let programme = try AssessmentTable.programme(of: assessment, in: self)
                let plan = try AttributePlan(programme, knowledge: knowledge, day: assessment.day)
                let judge = Judge(programme)
                let with = judge.judge(plan.facts(of: known))
                let isEntry = link.ground == .register
                let without = judge.judge(
                    plan.facts(
                        of: isEntry
                            ? known.removing(member: link.person ?? 0)
                            : known.removing(delivery: delivery, line: place.line)))
                consequences.append(
                    LinkConsequence(
                        assessment: assessment.assessment, programme: assessment.programme, at: assessment.completed,
                        family: family, outcome: with.outcome, amount: with.outcome == .eligible ? with.amount : 0,
                        outcomeWithout: without.outcome,
                        amountWithout: without.outcome == .eligible ? without.amount : 0,
                        standing: determination.standing))
            }
        }
        return consequences
    }
}
