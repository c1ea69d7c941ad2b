import Access
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
    private let accounts: Accounts

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
        accounts = Accounts(registry)
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
        // Who knows the three numbers of a family reads of that family alone.
        let reach = Reach(actor: "resident", purpose: "/cek", regions: [registry.pack.regency])
        let madeUp = registry.pack.acceptsMadeUp
        let number: NIK
        switch NIK.assess(nik, madeUp: madeUp) {
        case .valid(let valid), .suspicious(let valid, _): number = valid
        case .invalid: return nil
        }
        guard case .success(let card) = FamilyNumber.parse(familyNumber, madeUp: madeUp) else { return nil }
        let knowledge = try currentKnowledge()
        guard let person = try registry.person(nik: number, in: knowledge, as: reach),
            try registry.isCard(card, of: person),
            let family = try registry.family(person.family, in: knowledge, as: reach),
            let member = family.members.first(where: { $0.person == person.person }),
            let identity = try registry.identity(of: member, of: family, in: knowledge, as: reach),
            let known = identity.birthDate.flatMap({ PartialDate($0) }), known.agrees(with: birthDate)
        else { return nil }
        let readings = try readings(of: family.family, language)
        try registry.noteRead(of: family.family, as: reach)
        let answers = try registry.pack.quotas.keys.sorted().compactMap { programme in
            try self.answer(programme, family: family.family, language, as: reach)
        }
        return ResidentAnswer(
            familyMasked: masked(name: try headName(of: family, in: knowledge, as: reach) ?? identity.name),
            members: family.members.filter { $0.state == .resident }.count, village: names[family.village.text],
            programmes: answers, readings: readings)
    }

    /// Who has read what is known of a family: each day, office and purpose once.
    private func readings(of family: Int64, _ language: Language) throws -> [DataReading] {
        var readings: [DataReading] = []
        for (at, actor, purpose) in try registry.readings(of: family, limit: 500) {
            let reading = DataReading(
                date: at.date(hoursEast: 7), reader: try reader(actor, at: at, language),
                purpose: language(Words.Answer.purpose(purpose)), times: 1)
            if let place = readings.firstIndex(where: {
                ($0.date, $0.reader, $0.purpose) == (reading.date, reading.reader, reading.purpose)
            }) {
                readings[place] = DataReading(
                    date: reading.date, reader: reading.reader, purpose: reading.purpose,
                    times: readings[place].times + 1)
            } else {
                readings.append(reading)
            }
        }
        return Array(readings.prefix(50))
    }

    /// Who reads, in words: the office, not the person.
    private func reader(_ actor: String, at moment: Moment, _ language: Language) throws -> String {
        switch actor {
        case "resident": return language(Words.Answer.yourself)
        case _ where actor.hasPrefix("account:"):
            let offices = try accounts.offices(of: actor, at: moment).map { role, region in
                let place = names[region.text].map { " " + $0 } ?? ""
                return language(Words.Access.role(role)) + place
            }
            return offices.isEmpty ? language(Words.Answer.noOffice) : offices.joined(separator: ", ")
        default: return language(Words.Answer.operators)
        }
    }

    /// What the registry knows now, read again only where something was linked since.
    func currentKnowledge() throws -> Knowledge {
        let latest = try Knowledge.latestRun(of: registry)
        if let kept = knowledge.withLock({ $0 }), kept.run == latest { return kept }
        let made = try Knowledge(of: registry)
        knowledge.withLock { $0 = made }
        return made
    }

    private func headName(of family: KnownFamily, in knowledge: Knowledge, as reach: Reach) throws -> String? {
        for member in family.members where member.state == .resident {
            if let identity = try registry.identity(of: member, of: family, in: knowledge, as: reach), identity.isHead {
                return identity.name
            }
        }
        return nil
    }

    private func answer(
        _ programme: String, family: Int64, _ language: Language, as reach: Reach
    ) throws -> ProgrammeAnswer? {
        guard let explainer = try explainer(of: programme) else { return nil }
        guard let explanation = try explainer.explain(family, as: reach) else {
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
