import Journal
import Registry

/// What a family is told about its place: why it keeps it, what will change and from when, and how to answer.
public struct NoticeWords: Sendable, Equatable {
    /// What holds now, in one sentence.
    public let headline: String
    /// What has changed, one sentence each.
    public let changes: [String]
    /// What was done with the notice; nil where nothing was.
    public let state: String?
    /// How to answer; nil where nothing is to be answered.
    public let answer: String?
}

extension Explanation {
    /// What the family is told about its place, in Indonesian (`id`) or English (`en`); nil where there is nothing to tell.
    ///
    /// - Parameter date: how a day is written.
    public func notice(_ language: String, date: (CalendarDate) -> String = \.description) -> NoticeWords? {
        let english = language == "en"
        func say(_ indonesian: String, _ inEnglish: String) -> String { english ? inEnglish : indonesian }
        let look = say(
            "Keluarga Anda tetap menerima seperti sebelumnya sampai datanya diperiksa. Satu catatan data saja tidak menghentikan bantuan.",
            "Your family goes on receiving as before until somebody has looked. No aid ends on one piece of data alone."
        )
        guard let notice = determination.notice else {
            guard determination.keeps == .look else { return nil }
            return NoticeWords(headline: look, changes: [], state: nil, answer: nil)
        }
        let headline: String
        let isAnswered = noticeActions.last?.kind == .answered
        switch (notice.kind, determination.keeps, noticeEffective) {
        case (.change, .look?, _): headline = look
        case (.change, _, _):
            headline = say("Ada perubahan pada data keluarga Anda.", "Your family's data has changed.")
        case (.loss, .some, _) where isAnswered:
            headline = say(
                "Keluarga Anda masih menerima sampai jawaban Anda diputuskan.",
                "Your family still receives until your answer has been decided on.")
        case (.loss, .some, let effective?):
            headline = say(
                "Keluarga Anda masih menerima. Bantuan berhenti mulai \(date(effective)) bila tidak ada yang berubah.",
                "Your family still receives. The aid ends on \(date(effective)) unless something changes.")
        case (.loss, .some, nil):
            headline = say(
                "Keluarga Anda masih menerima. Bantuan akan berhenti \(programme.notice.days) hari sesudah pemberitahuan resmi disampaikan.",
                "Your family still receives. The aid will end \(programme.notice.days) days after the official notice has been given."
            )
        case (.loss, nil, let effective):
            let day = effective.map(date)
            headline = say(
                "Bantuan berhenti" + (day.map { " mulai \($0)" } ?? "") + ".",
                "The aid has ended" + (day.map { " on \($0)" } ?? "") + ".")
        }
        let state: String? =
            switch noticeActions.last?.kind {
            case .answered:
                say(
                    "Jawaban Anda sudah dicatat. Sampai ada keputusan, tidak ada yang berubah.",
                    "Your answer is on record. Until it is decided on, nothing changes.")
            case .settled:
                say(
                    "Jawaban Anda sudah diputuskan: \(noticeActions.last?.words ?? "")",
                    "Your answer has been decided on: \(noticeActions.last?.words ?? "")")
            case nil: nil
            }
        return NoticeWords(
            headline: headline, changes: notice.causes.map { $0.text(language, programme) }, state: state,
            answer: programme.notice.answer(language))
    }
}

extension Notice.Cause {
    /// What is different, in one sentence.
    func text(_ language: String, _ programme: Programme) -> String {
        let english = language == "en"
        switch self {
        case .rule(let name):
            // A rule of an earlier version may have another name now.
            return programme.rules.first { $0.name == name }?.failed(language) ?? name
        case .quota:
            return english
                ? "The quota is filled by families that need it more."
                : "Kuota terisi oleh keluarga yang lebih membutuhkan."
        case .outcome(let from, let to):
            return english
                ? "The decision was “\(from.words(language))” and is “\(to.words(language))” now."
                : "Keputusan berubah dari “\(from.words(language))” menjadi “\(to.words(language))”."
        case .attribute(let name, let from, let to):
            let attribute = programme.attribute(name, .family)
            let label = attribute?.label(language) ?? name
            func words(_ value: String) -> String {
                guard let attribute else { return value }
                let constant: AttributeValue =
                    Int64(value).map { .integer($0) } ?? .boolean(value == "true")
                return attribute.words(for: constant)(language)
            }
            return english
                ? "\(label) was \(words(from)) and is \(words(to)) now."
                : "\(label) berubah dari \(words(from)) menjadi \(words(to))."
        }
    }
}

extension Standing {
    /// The outcome in a few words, in Indonesian (`id`) or English (`en`).
    func words(_ language: String) -> String {
        let english = language == "en"
        return switch self {
        case .ineligible: english ? "not eligible" : "tidak memenuhi syarat"
        case .undetermined: english ? "not decided" : "belum diputuskan"
        case .funded: english ? "within the quota" : "masuk kuota"
        case .waitlisted: english ? "on the waiting list" : "di daftar tunggu"
        }
    }
}
