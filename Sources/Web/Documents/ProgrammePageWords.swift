import Eligibility
import Registry

/// The words of a programme's page, in one language.
struct ProgrammePageWords {
    /// The headings of its parts.
    enum Heading: String { case basis, who, terms, howMuch, order, data, notice, next, examples, changes, signature }

    let language: Language

    private func phrase(_ id: String, _ en: String) -> String { language == .en ? en : id }

    func callAsFunction(_ heading: Heading) -> String {
        switch heading {
        case .basis: phrase("Dasar hukum", "Legal basis")
        case .who: phrase("Siapa yang berhak", "Who is entitled")
        case .terms: phrase("Istilah dalam aturan", "Terms used in the rules")
        case .howMuch: phrase("Besar bantuan", "How much")
        case .order: phrase("Urutan bila kuota tidak cukup", "The order where the quota is not enough")
        case .data: phrase("Data yang dipakai dan sumbernya", "The data used and where it comes from")
        case .notice: phrase("Pemberitahuan sebelum bantuan berhenti", "Notice before aid ends")
        case .next: phrase("Yang disampaikan kepada keluarga", "What families are told to do next")
        case .examples: phrase("Contoh dan hasilnya", "Examples and their outcomes")
        case .changes: phrase("Perubahan dari versi sebelumnya", "Changes from the version before")
        case .signature: phrase("Pengesahan", "Approval")
        }
    }

    func noticeLead(days: Int64) -> String {
        phrase(
            "Keluarga yang sudah menerima tidak kehilangan tempatnya karena data yang masih harus diperiksa, dan tidak tanpa pemberitahuan: tempatnya baru lepas \(days) hari sesudah pemberitahuan disampaikan, dan tidak selama jawabannya belum diputuskan.",
            "A family that receives does not lose its place on data that must still be looked at, nor without notice: the place is lost no sooner than \(days) days after the notice was given, and not while an answer waits to be decided on."
        )
    }
    var watched: String { phrase("Perubahan yang juga diberitahukan", "Changes that are told as well") }
    var atOnce: String { phrase("Aturan yang berlaku seketika", "Rules that count at once") }
    var howToAnswer: String { phrase("Cara menjawab", "How to answer") }

    var kind: String { phrase("Aturan program bantuan sosial", "Rules of a social assistance programme") }
    var programme: String { phrase("Program", "Programme") }
    var version: String { phrase("Versi", "Version") }
    var holdsFrom: String { phrase("Berlaku mulai", "Holds from") }
    var holdsUntil: String { phrase("Berlaku sampai", "Holds until") }
    var open: String { phrase("diganti versi lain", "another version takes its place") }
    var digest: String { phrase("Sidik jari berkas (SHA-256)", "Digest of the file (SHA-256)") }

    func caution(_ unofficial: Int, of all: Int) -> String {
        phrase(
            "\(unofficial) dari \(all) aturan tidak bersumber dari naskah resmi yang dapat dibaca. Ganti sebelum dipakai sungguhan.",
            "\(unofficial) of \(all) rules rest on no official text that could be read. Replace them before any real use."
        )
    }

    var rulesLead: String {
        phrase(
            "Sebuah keluarga berhak bila semua aturan ini terpenuhi. Data yang tidak diketahui tidak dianggap benar dan tidak dianggap salah: keluarga itu belum diputuskan sampai datanya lengkap, kecuali aturan lain sudah menentukan.",
            "A family is entitled where it meets all these rules. What is not known counts neither as true nor as false: the family stays undecided until it is known, unless another rule decides."
        )
    }
    var official: String { phrase("resmi", "official") }
    var unofficial: String { phrase("tidak resmi", "not official") }
    var mustHold: String { phrase("Harus dipenuhi", "Must hold") }
    var mustNotHold: String { phrase("Tidak boleh terjadi", "Must not hold") }
    var whenFailed: String { phrase("Bila tidak terpenuhi", "Where a family fails it") }
    func hit(_ hit: Programme.Rule.Hit) -> String {
        switch hit {
        case .decides: phrase("Keluarga tidak berhak.", "The family is not entitled.")
        case .verify:
            phrase(
                "Petugas memeriksa dulu; data saja tidak memutuskan.",
                "An officer looks first; the data alone does not decide.")
        }
    }
    var toldToFamily: String { phrase("Disampaikan kepada keluarga", "The family is told") }
    var source: String { phrase("Sumber", "Source") }
    var alsoFails: String { phrase("Yang gagal di sini juga gagal di", "Who fails it also fails") }
    func scope(_ scope: Programme.Scope) -> String {
        switch scope {
        case .family: phrase("keluarga", "of the family")
        case .member: phrase("tiap anggota", "of each member")
        }
    }

    var componentColumns: [String] {
        [
            phrase("Komponen", "Component"), phrase("Siapa", "Who"), phrase("Besar", "Amount"),
            phrase("Paling banyak", "At most"),
        ]
    }
    func most(_ most: Int, _ group: String) -> String {
        let limit = most >= 40 ? phrase("tanpa batas sendiri", "no limit of its own") : "\(most)"
        return group.isEmpty ? limit : limit + phrase(" (kelompok “\(group)”)", " (group “\(group)”)")
    }
    func componentLimits(_ rule: Programme.ComponentRule, period: String) -> String {
        let groups = rule.groups.sorted { $0.key < $1.key }.map {
            phrase(
                "paling banyak \($0.value) dalam kelompok “\($0.key)”", "at most \($0.value) in the group “\($0.key)”")
        }
        let limits = [phrase("paling banyak \(rule.most) anggota", "at most \(rule.most) members")] + groups
        let order =
            switch rule.order {
            case .priority: phrase("menurut urutan daftar ini", "in the order of this list")
            case .amount: phrase("yang besarnya tertinggi lebih dulu", "those of the highest amount first")
            }
        return phrase(
            "Dibayar \(period). Satu keluarga: \(limits.joined(separator: ", ")). Bila lebih, yang dihitung dipilih \(order). Tiap anggota dihitung satu kali, untuk komponennya yang terbesar.",
            "Paid \(period). In one family \(limits.joined(separator: ", ")). Where there are more, those who count are chosen \(order). Each member counts once, for the component of the highest amount."
        )
    }

    var lowestFirst: String { phrase("terkecil lebih dulu", "lowest first") }
    var highestFirst: String { phrase("terbesar lebih dulu", "highest first") }
    func lot(_ programme: String, _ version: String) -> String {
        phrase(
            "Yang tidak diketahui ditempatkan terakhir. Antara keluarga yang sama urutannya, undian menentukan: SHA-256 atas “\(programme)|\(version)|kabupaten|nomor keluarga”, yang terkecil lebih dulu. Siapa pun dapat menghitungnya lagi.",
            "What is not known comes last. Between equals a lot decides: SHA-256 over “\(programme)|\(version)|regency|family's number”, the lowest first. Anyone can draw it again."
        )
    }

    var attributeColumns: [String] {
        [
            phrase("Data", "Data"), phrase("Nama dalam aturan", "Name in the rules"),
            phrase("Sumber, yang paling dipercaya lebih dulu", "Source, the most trusted first"),
            phrase("Memperbaiki data yang salah", "To mend wrong data"),
        ]
    }
    func can(_ can: Programme.Attribute.Mutability, slip: Int64?) -> String {
        switch can {
        case .change: return phrase("Dapat berubah.", "It can change.")
        case .correct:
            guard let slip else { return phrase("Hanya dapat dikoreksi.", "It can only be corrected.") }
            return phrase(
                "Hanya dapat dikoreksi, paling jauh \(slip).", "It can only be corrected, by \(slip) at most.")
        case .no:
            return phrase(
                "Tidak ditawarkan sebagai perubahan.", "It is not offered as a change.")
        }
    }
    var noRegion: String { phrase("belum ada sumber", "no source yet") }

    func standing(_ standing: Standing) -> String {
        switch standing {
        case .ineligible: phrase("Tidak berhak", "Not entitled")
        case .undetermined: phrase("Belum diputuskan", "Not decided yet")
        case .funded: phrase("Berhak dan masuk kuota", "Entitled and within the quota")
        case .waitlisted: phrase("Berhak, di daftar tunggu", "Entitled, on the waiting list")
        }
    }

    var examplesLead: String {
        phrase(
            "Keluarga-keluarga ini dibuat-buat. Yang tidak disebut, tidak diketahui. Tiap contoh dihitung dengan aturan di atas ketika halaman ini dibuat.",
            "These families are made up. What is not named is not known. Each example was worked out by the rules above when this page was made."
        )
    }
    var exampleColumns: [String] {
        [phrase("Contoh", "Example"), phrase("Keluarga", "Family"), phrase("Hasil", "Outcome")]
    }
    var noMembers: String { phrase("Tidak ada anggota.", "No members.") }
    func outcome(_ outcome: Outcome) -> String {
        switch outcome {
        case .ineligible: phrase("Tidak berhak", "Not entitled")
        case .undetermined: phrase("Belum diputuskan", "Not decided yet")
        case .eligible: phrase("Berhak", "Entitled")
        }
    }
    var fails: String { phrase("Tidak memenuhi:", "Fails:") }
    var notAsSaid: String { phrase("Berkas mengharapkan hasil lain.", "The file expects another outcome.") }

    var firstVersion: String { phrase("Tidak ada versi sebelumnya.", "There is no version before it.") }
    func noChanges(_ version: String) -> String {
        phrase("Aturannya sama dengan versi \(version).", "The rules are those of version \(version).")
    }
    func changeColumns(_ before: String, _ after: String) -> [String] {
        [
            phrase("Apa", "What"), phrase("Versi \(before)", "Version \(before)"),
            phrase("Versi \(after)", "Version \(after)"),
        ]
    }

    func declaration(_ programme: String, _ version: String) -> String {
        phrase(
            "Saya telah membaca aturan program \(programme) versi \(version) pada halaman ini dan menyetujui berkas dengan sidik jari:",
            "I have read the rules of the programme \(programme), version \(version), on this page, and approve the file with the digest:"
        )
    }
    var signatureFields: [String] {
        [
            phrase("Nama", "Name"), phrase("Jabatan", "Office"), phrase("Tempat dan tanggal", "Place and date"),
            phrase("Nomor keputusan", "Number of the decree"), phrase("Tanda tangan", "Signature"),
        ]
    }
}
