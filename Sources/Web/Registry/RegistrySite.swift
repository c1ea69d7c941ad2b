import Dispatch
import Eligibility
import Foundation
import Journal
import Registry
import Storage
import Synchronization

/// The pages' model over a region's registry.
public final class RegistrySite: SiteModel {
    /// The region that the site serves.
    public let region: SiteRegion
    let registry: Registry
    let library: PackLibrary
    let bench: RuleBench
    let names: [String: String]
    let blocking = BlockingWork(width: 4)
    let people: PersonDesk
    private let explainers = Mutex<[String: Explainer]>([:])
    private let knowledge = Mutex<Knowledge?>(nil)

    /// How long an answer takes at least that finds nobody: the time must not tell what the page does not.
    private static let refusal = Duration.milliseconds(40)

    /// A site over a registry.
    ///
    /// - Parameter truth: a file of families who are known to be entitled, or not, against which changed rules are measured.
    /// - Throws: ``RegionMapError`` where the pack's outlines are not what the map needs.
    public init(registry: Registry, library: PackLibrary, truth: String? = nil) throws {
        let pack = registry.pack
        let outlines = try Data(contentsOf: URL(fileURLWithPath: pack.path + "/outlines.json"))
        let names = Dictionary(uniqueKeysWithValues: pack.villages.map { ($0.code.text, $0.name) })
        self.registry = registry
        self.library = library
        bench = RuleBench(registry: registry, library: library, truth: truth)
        self.names = names
        people = try PersonDesk(registry)
        region = SiteRegion(
            code: pack.regency.text, name: Phrase(pack.name), socialOffice: Phrase(pack.office),
            callCentre: pack.callCentre, demonstration: pack.stage == .demonstration,
            map: try RegionMap(outlines: outlines, villageNames: names))
    }

    // MARK: A family's own answer

    /// The family's determinations, explained; the journal notes that they were read.
    public func answer(
        nik: String, familyNumber: String, birthDate: CalendarDate, language: Language
    ) async throws -> ResidentAnswer? {
        let begun = ContinuousClock.now
        let answer = try await blocking.run { [self] in
            try find(nik: nik, familyNumber: familyNumber, birthDate: birthDate, language: language)
        }
        if answer == nil { try await Task.sleep(until: begun + Self.refusal) }
        return answer
    }

    private func find(
        nik: String, familyNumber: String, birthDate: CalendarDate, language: Language
    ) throws -> ResidentAnswer? {
        let madeUp = registry.pack.acceptsMadeUp
        let number: NIK
        switch NIK.assess(nik, madeUp: madeUp) {
        case .valid(let valid), .suspicious(let valid, _): number = valid
        case .invalid: return nil
        }
        guard case .success(let card) = FamilyNumber.parse(familyNumber, madeUp: madeUp) else { return nil }
        let knowledge = try currentKnowledge()
        guard let person = try registry.person(nik: number, in: knowledge),
            try registry.isCard(card, of: person),
            let family = try registry.family(person.family, in: knowledge),
            let member = family.members.first(where: { $0.person == person.person }),
            let identity = try registry.identity(of: member, in: knowledge),
            let known = identity.birthDate.flatMap({ PartialDate($0) }), known.agrees(with: birthDate)
        else { return nil }
        try registry.noteRead(of: family.family, reason: "/cek", by: "resident")
        let answers = try registry.pack.quotas.keys.sorted().compactMap { programme in
            try self.answer(programme, family: family.family, language)
        }
        return ResidentAnswer(
            familyMasked: masked(name: try headName(of: family, in: knowledge) ?? identity.name),
            members: family.members.filter { $0.state == .resident }.count, village: names[family.village.text],
            programmes: answers)
    }

    /// What the registry knows now, read again only where something was linked since.
    func currentKnowledge() throws -> Knowledge {
        let latest = try Knowledge.latestRun(of: registry)
        if let kept = knowledge.withLock({ $0 }), kept.run == latest { return kept }
        let made = try Knowledge(of: registry)
        knowledge.withLock { $0 = made }
        return made
    }

    private func headName(of family: KnownFamily, in knowledge: Knowledge) throws -> String? {
        for member in family.members where member.state == .resident {
            if let identity = try registry.identity(of: member, in: knowledge), identity.isHead { return identity.name }
        }
        return nil
    }

    private func answer(_ programme: String, family: Int64, _ language: Language) throws -> ProgrammeAnswer? {
        guard let explainer = try explainer(of: programme) else { return nil }
        guard let explanation = try explainer.explain(family) else {
            return ProgrammeAnswer(
                code: programme, title: explainer.programme.title(language.rawValue), outcome: .notAssessed,
                assessedOn: nil, version: explainer.programme.version)
        }
        return ProgrammeAnswer(explanation, language: language)
    }

    /// The explainer of a programme's last assessment, made once for each assessment.
    private func explainer(of programme: String) throws -> Explainer? {
        guard let latest = try AssessmentTable.latest(programme, of: registry) else { return nil }
        if let kept = explainers.withLock({ $0[programme] }), kept.assessment == latest { return kept }
        let made = try Explainer(latest, in: registry)
        explainers.withLock { $0[programme] = made }
        return made
    }

    // MARK: Figures

    /// The figures of each programme's last assessment.
    public func figures(programme: String?, in region: String, language: Language) async throws -> WorkFigures {
        try await blocking.run { [self] in
            var cards: [ProgrammeFigures] = []
            var chosen: (programme: String, regions: [RegionFigures])?
            for name in try AssessmentTable.programmes(of: registry) {
                guard let explainer = try explainer(of: name) else { continue }
                let villages = try AssessmentTable.figures(of: explainer.assessment, registry: registry)
                    .filter { $0.key.text.hasPrefix(region) }
                cards.append(card(explainer, villages, wholeRegion: region == self.region.code, language))
                if chosen == nil || name == programme {
                    chosen = (name, below(region, villages))
                }
            }
            return WorkFigures(programmes: cards, programme: chosen?.programme, regions: chosen?.regions ?? [])
        }
    }

    private func card(
        _ explainer: Explainer, _ villages: [RegionCode: StandingCounts], wholeRegion: Bool, _ language: Language
    ) -> ProgrammeFigures {
        var sum = StandingCounts()
        for counts in villages.values { sum.add(counts) }
        return ProgrammeFigures(
            code: explainer.programme.name, title: explainer.programme.title(language.rawValue),
            counts: OutcomeCounts(sum), quota: wholeRegion ? Int(explainer.assessment.quota) : nil,
            assessedOn: explainer.assessment.day, version: explainer.programme.version)
    }

    /// The figures of the districts of the region, or of the villages of a district.
    private func below(_ region: String, _ villages: [RegionCode: StandingCounts]) -> [RegionFigures] {
        let isDistrict = RegionCode(region)?.level == .district
        var sums: [String: StandingCounts] = [:]
        for (village, counts) in villages {
            let code = isDistrict ? village.text : (village.ancestor(.district)?.text ?? village.text)
            sums[code, default: StandingCounts()].add(counts)
        }
        return sums.sorted { $0.key < $1.key }.map { RegionFigures(code: $0.key, counts: OutcomeCounts($0.value)) }
    }

    // MARK: The site itself

    /// The NIK's keyed hash, of a kind that no table carries for it.
    public func attemptKey(nik: String) -> [UInt8] { registry.vault.hash(nik, as: .key).bytes }

    /// Whether the database answers.
    public func health() async throws -> HealthReport {
        let engine = registry.database.engine == .sqlite ? "SQLite" : "PostgreSQL"
        do {
            _ = try await blocking.run { [registry] in try Knowledge.latestRun(of: registry) }
            return HealthReport(databaseAnswers: true, database: engine)
        } catch is StorageError {
            return HealthReport(databaseAnswers: false, database: engine)
        }
    }
}

extension OutcomeCounts {
    init(_ counts: StandingCounts) {
        self.init(
            funded: counts.funded, waitlisted: counts.waitlisted, undetermined: counts.undetermined,
            ineligible: counts.ineligible, kept: counts.kept)
    }
}

extension Phrase {
    init(_ wording: Wording) { self.init(id: wording("id"), en: wording("en")) }
}

/// Blocking work on threads of its own, a few at a time, so that no event loop waits.
struct BlockingWork: Sendable {
    private let queue: OperationQueue

    init(width: Int) {
        queue = OperationQueue()
        queue.maxConcurrentOperationCount = width
        queue.qualityOfService = .userInitiated
    }

    func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.addOperation { continuation.resume(with: Swift.Result { try work() }) }
        }
    }
}
