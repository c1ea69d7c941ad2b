import Journal
import Registry

/// Where the pages get what they show. The pages know nothing of how it is kept.
///
/// Every function should stop when its task is cancelled: a request that takes too long is.
public protocol SiteModel: Sendable {
    /// The region that the site serves; fixed while the site runs.
    var region: SiteRegion { get }

    /// What was decided for a family, told to whoever knows the NIK of a member, the number of the family's card and that
    /// member's birth date; nil where the three do not belong together, whatever the cause.
    ///
    /// It must take the same time whether the NIK exists or not, else the time tells what the page does not.
    ///
    /// - Parameters:
    ///   - nik: 16 digits; nothing else about it has been checked.
    ///   - familyNumber: 16 digits; nothing else about it has been checked.
    ///   - birthDate: a date that the calendar has.
    ///   - language: the language of all texts in the answer.
    func answer(
        nik: String, familyNumber: String, birthDate: CalendarDate, language: Language
    ) async throws -> ResidentAnswer?

    /// The figures of the last assessment, for a region (the site's own or one of its districts) and the regions one level
    /// below it.
    ///
    /// - Parameters:
    ///   - programme: the programme that the figures of the regions below are of; nil, or one that is not known, is for
    ///     the model to choose.
    ///   - region: the code of the site's region or of one of its districts.
    ///   - language: the language of the programmes' names.
    func figures(programme: String?, in region: String, language: Language) async throws -> WorkFigures

    /// The rules of a programme as they hold, to be changed and tried; nil where there is no such programme.
    ///
    /// - Parameters:
    ///   - programme: its code; nil is for the model to choose.
    func rules(programme: String?, language: Language) async throws -> RuleSheet?

    /// What a programme would do with other conditions and another quota; nil where there is no such programme. Nothing is
    /// kept.
    ///
    /// - Parameters:
    ///   - conditions: by the rules' names; rules that are not named stay as they are.
    ///   - quota: how many families would be funded, 0 or more.
    func tryRules(
        programme: String, conditions: [String: String], quota: Int, language: Language
    ) async throws -> RuleTrial?

    /// Puts a changed version of a programme in force; nil where there is no such programme.
    ///
    /// Whoever calls it has seen to it that the person may.
    ///
    /// - Parameter actor: who does, as the journal names them.
    func applyRules(
        programme: String, draft: RuleDraft, by actor: String, language: Language
    ) async throws -> RuleApplication?

    /// The row that a reviewer should look at next: what would change most money first, nothing beyond the reach, nothing that
    /// this reviewer has answered; nil where none waits. The journal notes who has read it.
    func nextReview(as reach: Reach, language: Language) async throws -> ReviewSheet?

    /// Keeps what a reviewer says of a row and a person.
    ///
    /// - Returns: whether there are such a row and person within the reach.
    func answerReview(
        row: String, person: Int64, _ choice: ReviewChoice, note: String, as reach: Reach
    ) async throws -> Bool

    /// What a reviewer answered last; nil where that was taken back, or nothing was answered.
    ///
    /// - Parameter actor: the reviewer, as the journal names them.
    func lastReview(by actor: String) async throws -> LastReview?

    /// Takes back what a reviewer answered.
    ///
    /// - Returns: whether it was this reviewer's and stood.
    func undoReview(_ decision: Int64, as reach: Reach) async throws -> Bool

    /// Who within the reach a person may be of whom some things are known, also with mistakes. The journal notes who has looked.
    func findPerson(_ query: PersonQuery, as reach: Reach) async throws -> PersonSearch

    /// A keyed digest of a NIK, by which wrong tries are counted without keeping the NIK. It must not depend on whether
    /// the NIK exists.
    func attemptKey(nik: String) -> [UInt8]

    /// Whether the site can do its work at this moment.
    func health() async throws -> HealthReport
}

/// Whether the site can do its work.
public struct HealthReport: Sendable, Equatable {
    /// Whether the database answers.
    public let databaseAnswers: Bool
    /// What the database is: `SQLite 3.46`.
    public let database: String

    /// A report.
    public init(databaseAnswers: Bool, database: String) {
        self.databaseAnswers = databaseAnswers
        self.database = database
    }
}

/// The region that a site serves.
public struct SiteRegion: Sendable {
    /// Its code: `35.10`.
    public let code: String
    /// Its name: `Kabupaten Banyuwangi`.
    public let name: Phrase
    /// The office that answers for the programme there.
    public let socialOffice: Phrase
    /// The number of the call centre.
    public let callCentre: String
    /// Whether nothing here is real: every page then says so.
    public let demonstration: Bool
    /// Its districts and villages, with their outlines.
    public let map: RegionMap

    /// A region.
    public init(
        code: String, name: Phrase, socialOffice: Phrase, callCentre: String, demonstration: Bool, map: RegionMap
    ) {
        self.code = code
        self.name = name
        self.socialOffice = socialOffice
        self.callCentre = callCentre
        self.demonstration = demonstration
        self.map = map
    }
}
