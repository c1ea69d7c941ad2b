import Foundation
import Journal
import Web

import struct Registry.Reach

/// A model of made-up families and figures over the outlines of the pack 35.10.
struct FixtureModel: SiteModel {
    let region: SiteRegion
    /// Called before each answer, with the NIK asked for.
    var beforeAnswer: @Sendable (String) async throws -> Void = { _ in }
    var databaseAnswers = true
    var assessed = true

    /// The family number and birth date of all made-up residents.
    static let familyNumber = "3599011208100007"
    static let birthDate = CalendarDate(year: 1957, month: 8, day: 17)
    /// Whose family is funded in one programme and waits in the other.
    static let waiting = "3599015708570001"
    /// Whose family is undetermined in one and ineligible in the other.
    static let unclear = "3599011708570002"
    /// Whose data tries to be markup.
    static let hostile = "3599011708570003"
    /// Known to nobody.
    static let nobody = "3599011708579999"

    /// A text that would run script if anything let it through.
    static let attack = #""><script>alert('x')</script><img src=x onerror=alert(1)>&amp;"#

    init() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Regions/35.10")
        let villages = try String(contentsOf: folder.appending(path: "villages.csv"), encoding: .utf8)
        var names: [String: String] = [:]
        for line in villages.split(separator: "\n").dropFirst() {
            let cells = line.split(separator: ",")
            names[String(cells[0])] = String(cells[1])
        }
        region = SiteRegion(
            code: "35.10", name: Phrase(id: "Kabupaten Banyuwangi", en: "Banyuwangi Regency"),
            socialOffice: Phrase(
                id: "Dinas Sosial Kabupaten Banyuwangi", en: "Social Office of Banyuwangi Regency"),
            callCentre: "171", demonstration: true,
            map: try RegionMap(
                outlines: Data(contentsOf: folder.appending(path: "outlines.json")), villageNames: names))
    }

    func answer(
        nik: String, familyNumber: String, birthDate: CalendarDate, language: Language
    ) async throws -> ResidentAnswer? {
        try await beforeAnswer(nik)
        guard familyNumber == Self.familyNumber, birthDate == Self.birthDate else { return nil }
        switch nik {
        case Self.waiting: return Self.waitingFamily
        case Self.unclear: return Self.unclearFamily
        case Self.hostile:
            return ResidentAnswer(
                familyMasked: Self.attack, members: 1, village: Self.attack,
                programmes: [
                    ProgrammeAnswer(
                        code: Self.attack, title: Self.attack, outcome: .undetermined,
                        amount: Amount(
                            rupiah: 1, period: Self.attack, lines: [Amount.Line(label: Self.attack, rupiah: 1)]),
                        reasons: [
                            ReasonView(
                                text: Self.attack, decisive: true, legalSource: Self.attack,
                                evidence: [
                                    EvidenceView(
                                        label: Self.attack, value: Self.attack, agency: Self.attack,
                                        date: CalendarDate(day: 0), trust: Self.attack)
                                ])
                        ],
                        missing: [MissingView(what: Self.attack, how: Self.attack)], changes: [Self.attack],
                        nearest: [ChangeView(text: Self.attack, mend: [Self.attack])],
                        nextSteps: [
                            NextStep(
                                text: Self.attack, place: Self.attack, bring: [Self.attack], within: Self.attack)
                        ],
                        assessedOn: CalendarDate(day: 0), version: Self.attack)
                ])
        default: return nil
        }
    }

    func figures(programme: String?, in region: String, language: Language) async throws -> WorkFigures {
        guard assessed else { return WorkFigures(programmes: [], programme: nil, regions: []) }
        let outlines =
            region == self.region.code
            ? self.region.map.districts.outlines : self.region.map.villages[region]?.outlines ?? []
        let chosen = programme == "sembako" ? "sembako" : "pkh"
        func counts(_ code: String, _ programme: String) -> OutcomeCounts {
            let seed = code.utf8.reduce(programme == "pkh" ? 7 : 3) { ($0 * 31 + Int($1)) % 9973 }
            let size = (outlines.count == 25 ? 6000 : 700) + seed % (outlines.count == 25 ? 9000 : 900)
            return OutcomeCounts(
                funded: size * (8 + seed % 13) / 100, waitlisted: size * (3 + seed % 17) / 100,
                undetermined: size * (1 + seed % 6) / 100, ineligible: size * (40 + seed % 11) / 100)
        }
        func sums(_ code: String, _ title: String, _ quota: Int?) -> ProgrammeFigures {
            let all = outlines.map { counts($0.code, code) }
            return ProgrammeFigures(
                code: code, title: title,
                counts: OutcomeCounts(
                    funded: all.reduce(0) { $0 + $1.funded }, waitlisted: all.reduce(0) { $0 + $1.waitlisted },
                    undetermined: all.reduce(0) { $0 + $1.undetermined },
                    ineligible: all.reduce(0) { $0 + $1.ineligible }),
                quota: quota, assessedOn: CalendarDate(day: 20_376), version: "2025.1")
        }
        let isWhole = region == self.region.code
        return WorkFigures(
            programmes: [
                sums("pkh", "Program Keluarga Harapan", isWhole ? 54_000 : nil),
                sums("sembako", "Sembako", isWhole ? 122_000 : nil),
            ],
            programme: chosen,
            regions: outlines.map { RegionFigures(code: $0.code, counts: counts($0.code, chosen)) })
    }

    func rules(programme: String?, language: Language) async throws -> RuleSheet? {
        let code = programme ?? "pkh"
        guard ["pkh", "jahat", "lambat"].contains(code) else { return nil }
        let text = code == "jahat" ? Self.attack : "Desil kesejahteraan keluarga 1 sampai 4."
        return RuleSheet(
            programmes: [("pkh", "Program Keluarga Harapan"), ("jahat", Self.attack)], programme: code,
            title: code == "jahat" ? Self.attack : "PKH", version: "2025.1",
            rules: [
                .init(name: "decile", words: text, condition: "decile <= 4", isRequired: true, decides: true),
                .init(name: "car", words: text, condition: "cars > 0", isRequired: false, decides: false),
            ], quota: 54_000, loading: code == "lambat" ? 40 : nil)
    }

    func tryRules(
        programme: String, conditions: [String: String], quota: Int, language: Language
    ) async throws -> RuleTrial? {
        if programme == "lambat" { return .loading(70) }
        if let wrong = conditions.first(where: { $0.value.contains("=>") }) {
            return .faults([(wrong.key, "expected an operand: \(wrong.value)")])
        }
        let text = programme == "jahat" ? Self.attack : "Kuota sudah penuh."
        let changes = conditions["decile"] != "decile <= 4" || quota != 54_000
        func counts(_ funded: Int) -> OutcomeCounts {
            OutcomeCounts(funded: funded, waitlisted: 100_000, undetermined: 40_000, ineligible: 400_000)
        }
        return .result(
            RuleTrial.Comparison(
                now: counts(54_000), then: counts(quota), amountNow: 44_000_000_000, amountThen: 43_000_000_000,
                total: .init(families: 680_000, gaining: changes ? 1200 : 0, losing: changes ? 3400 : 0),
                more: 0, less: changes ? 5 : 0,
                districts: Dictionary(
                    uniqueKeysWithValues: region.map.districts.outlines.enumerated().map {
                        ($0.element.code, .init(families: 20_000, gaining: $0.offset, losing: $0.offset * 9))
                    }),
                deciles: (0...9).map { ($0, .init(families: 60_000, gaining: $0, losing: 2)) },
                gainReasons: [(text, 1200)], lossReasons: [(text, 3400)],
                errors: (
                    .init(
                        inclusion: .init(share: 0.282, lower: 0.27, upper: 0.294),
                        exclusion: .init(share: 0.398, lower: 0.38, upper: 0.41), exclusionBeforeQuota: nil),
                    .init(inclusion: nil, exclusion: nil, exclusionBeforeQuota: nil)
                ), text: "programme: \(text)",
                failures: programme == "jahat" ? [text] : []))
    }

    func applyRules(
        programme: String, draft: RuleDraft, by actor: String, language: Language
    ) async throws -> RuleApplication? {
        guard actor == "account:kemensos" else { return .refused("not by \(actor)") }
        guard programme != "tidak-ada" else { return nil }
        if draft.version == "2025.1" { return .refused("2025.1.yaml is another text with the version “2025.1”") }
        return .applied(version: draft.version, from: draft.from, previous: "2025.1")
    }

    func nextReview(as reach: Reach, language: Language) async throws -> ReviewSheet? {
        let reviewer = reach.actor
        guard reviewer != "account:sudah.selesai" else { return nil }
        let isHostile = reviewer == "account:orang.jahat"
        return ReviewSheet(
            row: "2:77", person: 41, isEntry: reviewer == "account:dua.isian",
            source: isHostile ? Self.attack : "Daftar penerima PKH sebelumnya",
            delivered: CalendarDate(day: 20_332),
            lines: [
                .init(
                    field: "name", row: isHostile ? Self.attack : "SITI AMINAH", person: "SITI AMINAH W.",
                    level: "some words equal", weight: 6.4),
                .init(field: "nik", row: nil, person: "3599015708570001", level: nil, weight: 0),
                .init(field: "birth_date", row: "1957-08-17", person: "1957-08-17", level: "equal", weight: 13.9),
                .init(field: "village", row: "Sarongan", person: "Karangrejo", level: "different", weight: -3.2),
                .init(field: "rarity", row: nil, person: nil, level: nil, weight: 1.5),
            ], prior: -17.3, probability: 0.62, similar: reviewer == "account:dua.isian" ? [] : [Self.found],
            facts: [("nominal", "225000")], rupiah: 3_600_000,
            earlier: 1, waiting: 1204, decided: 12)
    }

    func answerReview(
        row: String, person: Int64, _ choice: ReviewChoice, note: String, as reach: Reach
    ) async throws -> Bool {
        row == "2:77" && person == 41
    }

    func lastReview(by actor: String) async throws -> LastReview? {
        actor == "account:dua.isian" ? LastReview(decision: 12, row: "2:70", choice: .not) : nil
    }

    func undoReview(_ decision: Int64, as reach: Reach) async throws -> Bool {
        decision == 12 && reach.actor == "account:dua.isian"
    }

    private static let found = FoundPerson(
        person: 41, family: 7, probability: 0.93, weight: 3.7, name: attack, birthDate: "1957-08-17",
        nik: "3599015708570001", village: "Sarongan")

    func findPerson(_ query: PersonQuery, as reach: Reach) async throws -> PersonSearch {
        if query.values[.name] == "lama" { return .loading(percent: 42) }
        guard query.values[.name] == "siti" else { return .found([]) }
        return .found([Self.found])
    }

    func attemptKey(nik: String) -> [UInt8] { Array(nik.utf8.reversed()) }

    func health() async throws -> HealthReport {
        HealthReport(databaseAnswers: databaseAnswers, database: "SQLite 3.46")
    }
}

extension FixtureModel {
    private static let day = CalendarDate(day: 20_376)

    private static let school = ReasonView(
        text: "Di keluarga Anda ada satu anak SD dan satu anak SMA.", decisive: true,
        legalSource: "Kepdirjen Perlinsos 9/3/HK.01/1/2025",
        evidence: [
            EvidenceView(label: "Anak SD", value: "1 anak", agency: "Dapodik", date: CalendarDate(day: 20_300)),
            EvidenceView(label: "Anak SMA", value: "1 anak", agency: "Dapodik", date: CalendarDate(day: 20_300)),
        ])

    private static let waitingFamily = ResidentAnswer(
        familyMasked: "S*** R*****", members: 4, village: "Kemiren, Glagah",
        programmes: [
            ProgrammeAnswer(
                code: "pkh", title: "Program Keluarga Harapan (PKH)", outcome: .waitlisted(rank: 12_345),
                awaitsVerification: true,
                amount: Amount(
                    rupiah: 2_075_000, period: "setiap tiga bulan",
                    lines: [
                        Amount.Line(label: "Ibu hamil", rupiah: 750_000),
                        Amount.Line(label: "Anak SD", rupiah: 225_000),
                        Amount.Line(label: "Anak SMA", rupiah: 500_000),
                        Amount.Line(label: "Orang tua 60 tahun ke atas", rupiah: 600_000),
                    ]),
                reasons: [
                    school,
                    ReasonView(
                        text: "Keluarga Anda termasuk desil 3, dari 10 kelompok.", decisive: true,
                        evidence: [
                            EvidenceView(
                                label: "Desil", value: "3", agency: "BPS (DTSEN)", date: CalendarDate(day: 20_280))
                        ]),
                    ReasonView(
                        text: "Tidak ada anggota keluarga yang bekerja sebagai ASN, TNI atau Polri.", decisive: false,
                        evidence: [
                            EvidenceView(label: "Status ASN", value: "tidak", agency: "BKN", date: day)
                        ]),
                    ReasonView(
                        text: "Gaji anggota keluarga tidak di atas upah minimum.", decisive: false,
                        evidence: [
                            EvidenceView(
                                label: "Gaji di atas UMK", value: "tidak", agency: "BPJS Ketenagakerjaan", date: day)
                        ]),
                ],
                changes: [
                    "Nomor Anda naik kalau keluarga di depan Anda keluar dari daftar, atau kalau kuota ditambah.",
                    "Nomor Anda bisa berubah kalau ada bayi lahir atau anggota keluarga yang pindah.",
                ],
                nextSteps: [
                    NextStep(
                        text: "Tunggu di rumah. Petugas akan datang memeriksa keadaan rumah Anda.",
                        within: "sebelum 15 November 2025"),
                    NextStep(
                        text: "Tidak setuju? Ajukan sanggah.", place: "Kantor Desa Kemiren, atau Dinas Sosial",
                        bring: ["KTP", "kartu keluarga", "foto rumah"], within: "sampai 15 November 2025"),
                ],
                assessedOn: day, version: "2025.1"),
            ProgrammeAnswer(
                code: "sembako", title: "Bantuan Sembako", outcome: .funded,
                amount: Amount(rupiah: 200_000, period: "setiap bulan", lines: []),
                reasons: [
                    ReasonView(
                        text: "Keluarga Anda termasuk desil 3, dari 10 kelompok.", decisive: true,
                        evidence: [
                            EvidenceView(
                                label: "Desil", value: "3", agency: "BPS (DTSEN)", date: CalendarDate(day: 20_280))
                        ])
                ],
                nextSteps: [
                    NextStep(
                        text: "Ambil bantuan dengan kartu KKS.", place: "Agen bank atau kantor pos",
                        bring: ["KTP", "kartu KKS"], within: "mulai 20 Oktober 2025")
                ],
                assessedOn: day, version: "2025.1"),
        ])

    private static let unclearFamily = ResidentAnswer(
        familyMasked: "B******", members: 2, village: "Lateng, Banyuwangi",
        programmes: [
            ProgrammeAnswer(
                code: "pkh", title: "Program Keluarga Harapan (PKH)", outcome: .undetermined,
                missing: [
                    MissingView(what: "daya listrik di rumah Anda", how: "Petugas akan datang ke rumah Anda.")
                ],
                nextSteps: [
                    NextStep(text: "Siapkan rekening listrik terakhir.", bring: ["rekening listrik"])
                ],
                assessedOn: day, version: "2025.1"),
            ProgrammeAnswer(
                code: "sembako", title: "Bantuan Sembako", outcome: .ineligible,
                notice: NoticeView(
                    headline: "Keluarga Anda masih menerima. Bantuan berhenti mulai 6 Desember 2025.",
                    changes: ["Gaji di atas UMK berubah dari tidak menjadi ya."],
                    state: "Jawaban Anda sudah dicatat.", answer: "Datang ke kantor desa dengan slip gaji.",
                    receives: true),
                amount: Amount(rupiah: 200_000, period: "setiap bulan", lines: []),
                reasons: [
                    ReasonView(
                        text: "Ada anggota keluarga yang gajinya di atas upah minimum.", decisive: true,
                        evidence: [
                            EvidenceView(
                                label: "Gaji di atas UMK", value: "ya", agency: "BPJS Ketenagakerjaan", date: day)
                        ])
                ],
                changes: ["Keputusan berubah kalau pekerjaan itu sudah berhenti."],
                nearest: [
                    ChangeView(
                        text: "Kalau digaji negara (S*** R*****) menjadi “tidak”, keluarga Anda memenuhi semua syarat.",
                        mend: ["Bawa surat pemberhentian ke Dinas Sosial."])
                ],
                nextSteps: [
                    NextStep(
                        text: "Pekerjaan itu sudah berhenti? Ajukan sanggah.", place: "Kantor Kelurahan Lateng",
                        bring: ["KTP", "kartu keluarga", "surat berhenti kerja"], within: "sampai 15 November 2025")
                ],
                assessedOn: day, version: "2025.1"),
            ProgrammeAnswer(
                code: "blt", title: "BLT Kesra", outcome: .notAssessed, assessedOn: nil, version: "2025.1"),
        ])
}
