import Journal
import Registry
import Storage

/// A past assessment made again: the same version, evidence, day and quota, by the program as it is now.
public struct Repetition: Sendable {
    /// The assessment.
    public let assessment: Assessment
    /// SHA-256 over the determinations as they come out now.
    public let digest: [UInt8]
    /// The first families whose determination comes out otherwise, with what stands in the table and what comes out.
    public let differences: [(family: Int64, then: Determination?, now: Determination?)]
    /// How many families come out otherwise.
    public let differing: Int
    /// What may explain a difference: what the assessment rested on and is not there as it was.
    public let reasons: [String]

    /// Whether it comes to the same, byte for byte.
    public var isSame: Bool { digest == assessment.digest }
}

extension Registry {
    /// Makes a past assessment again, and keeps nothing.
    ///
    /// - Throws: ``RegistryError/unknown(_:)`` where there is no such assessment, ``RegistryError/notReady(_:)`` where what
    ///   it rested on is gone.
    public func assessAgain(
        _ number: Int64, progress: @escaping (WorkProgress) -> Void = { _ in }
    ) throws -> Repetition {
        guard let assessment = try AssessmentTable.assessment(number, of: self) else {
            throw RegistryError.unknown("there is no assessment \(number) in this registry")
        }
        let programme = try AssessmentTable.programme(of: assessment, in: self)
        var reasons: [String] = []
        if programme.digest != assessment.description { reasons.append("the programme's text was changed") }
        let engine = try AssessmentTable.engine(of: number, in: self)
        if engine != Eligibility.engine {
            reasons.append("it was made by rules engine \(engine), this program has \(Eligibility.engine)")
        }
        let knowledge = try Knowledge(of: self, run: assessment.linkRun)
        if knowledge.run != assessment.linkRun {
            reasons.append("link run \(assessment.linkRun), whose evidence it looked at, is gone")
        }
        for delivery in knowledge.deliveries {
            guard let now = pack.sources[delivery.source.name] else {
                reasons.append("the source “\(delivery.source.name)” is not in the region's pack any more")
                continue
            }
            if now.digest != delivery.source.digest {
                reasons.append("the source “\(delivery.source.name)” is described otherwise now")
            }
        }
        let before = try assessment.previous.flatMap { try AssessmentTable.assessment($0, of: self) }
        if before == nil, let previous = assessment.previous {
            reasons.append("assessment \(previous), from which families kept their places, is gone")
        }
        let run = try AssessmentRun(
            registry: self, knowledge: knowledge, programme: programme, day: assessment.day, quota: assessment.quota,
            number: assessment.assessment,
            before: before.map { try Predecessor($0, of: self, by: assessment.begun) })
        let determinations = try run.determine(progress)
        var digest = DeterminationDigest()
        for determination in determinations { digest.add(determination) }
        let found = digest.finish()
        let (differences, differing) =
            found == assessment.digest ? ([], 0) : try differences(assessment, determinations)
        return Repetition(
            assessment: assessment, digest: found, differences: differences, differing: differing,
            reasons: found == assessment.digest
                ? []
                : Array(
                    reasons.reduce(into: []) { list, reason in
                        if !list.contains(reason) { list.append(reason) }
                    }))
    }

    /// The most differences that are told one by one.
    private static let told = 20

    private func differences(
        _ assessment: Assessment, _ now: [Determination]
    ) throws -> ([(family: Int64, then: Determination?, now: Determination?)], Int) {
        var byFamily: [Int64: Determination] = [:]
        for determination in now { byFamily[determination.family] = determination }
        var differences: [(family: Int64, then: Determination?, now: Determination?)] = []
        var count = 0
        func note(_ family: Int64, _ then: Determination?, _ now: Determination?) {
            count += 1
            if differences.count < Self.told { differences.append((family, then, now)) }
        }
        try AssessmentTable.forEachDetermination(of: assessment, in: self) { then in
            let now = byFamily.removeValue(forKey: then.family)
            if now != then { note(then.family, then, now) }
        }
        for family in byFamily.keys.sorted() { note(family, nil, byFamily[family]) }
        return (differences, count)
    }
}
