import Registry

extension Programme.Period {
    /// How many there are in a year: an amount paid once counts once.
    var eachYear: Int64 {
        switch self {
        case .month: 12
        case .quarter: 4
        case .once: 1
        }
    }
}

/// Judges single families by the programmes as their last assessments followed them.
struct CurrentJudges {
    private let judges: [(assessment: Assessment, plan: AttributePlan, judge: Judge)]

    /// - Throws: ``RegistryError/configuration(_:)`` where a programme asks a source for what it does not yield.
    init(_ registry: Registry, _ knowledge: Knowledge) throws {
        judges = try AssessmentTable.programmes(of: registry).compactMap { name in
            guard let assessment = try AssessmentTable.latest(name, of: registry) else { return nil }
            let programme = try AssessmentTable.programme(of: assessment, in: registry)
            return (
                assessment, try AttributePlan(programme, knowledge: knowledge, day: assessment.day), Judge(programme)
            )
        }
    }

    var isEmpty: Bool { judges.isEmpty }

    /// What a family could get a year by each programme if every quota had room, in the programmes' order.
    func rupiah(_ family: KnownFamily) -> [Int64] {
        judges.map { _, plan, judge in
            let judgement = judge.judge(plan.facts(of: family))
            return judgement.outcome == .eligible ? judgement.amount * judge.programme.period.eachYear : 0
        }
    }
}

extension Registry {
    /// Works out what hangs on each row that waits for review: how much what its likeliest person's family could get a year
    /// changes when the row is evidence about it, or, of a second entry in the register, when that one is no member of it.
    /// Quotas are left aside: what is at stake is the claim.
    ///
    /// - Returns: how many rows wait, and on how many of them money hangs.
    @discardableResult
    public func valueReviews(
        progress: (WorkProgress) -> Void = { _ in }
    ) throws -> (rows: Int, worth: Int) {
        let knowledge = try Knowledge(of: self)
        let judges = try CurrentJudges(self, knowledge)
        let rows = try rowsToReview()
        guard !judges.isEmpty else { return (rows.count, 0) }
        let reach = wholeReach("what hangs on rows in review")
        var values: [(place: RowPlace, rupiah: Int64)] = []
        for (index, row) in rows.enumerated() {
            if index.isMultiple(of: 256) { progress(WorkProgress(done: index, total: rows.count)) }
            guard let home = try family(ofPerson: row.entryOf ?? row.person, in: knowledge),
                let family = try family(home, in: knowledge, as: reach),
                let changed = try row.entryOf.map({ family.removing(member: $0) })
                    ?? knowledge.family(family, adding: row.place, of: row.person)
            else { continue }
            let difference = zip(judges.rupiah(family), judges.rupiah(changed)).reduce(0) { $0 + abs($1.0 - $1.1) }
            if difference > 0 { values.append((row.place, difference)) }
        }
        progress(WorkProgress(done: rows.count, total: rows.count))
        try setReviewValues(values)
        return (rows.count, values.count)
    }
}
