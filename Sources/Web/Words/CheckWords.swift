extension Words {
    enum Check {
        static let title = Phrase(id: "Cek bantuan keluarga Anda", en: "Check your family's help")
        static let lead = Phrase(
            id: "Siapkan kartu keluarga. Isi tiga hal ini tentang satu anggota keluarga.",
            en: "Take your family card. Fill in these three things about one member of the family.")
        static let nik = Phrase(id: "NIK", en: "NIK (personal number)")
        static let nikHint = Phrase(
            id: "16 angka di KTP atau kartu keluarga", en: "16 digits on the ID card or family card")
        static let familyNumber = Phrase(id: "Nomor kartu keluarga (KK)", en: "Number of the family card (KK)")
        static let familyNumberHint = Phrase(
            id: "16 angka di bagian atas kartu keluarga", en: "16 digits at the top of the family card")
        static let birthDate = Phrase(id: "Tanggal lahir", en: "Date of birth")
        static let birthDateHint = Phrase(
            id: "Tanggal lahir pemilik NIK. Contoh: 17 8 1957", en: "Of the person with this NIK. Example: 17 8 1957")
        static let day = Phrase(id: "Tanggal", en: "Day")
        static let month = Phrase(id: "Bulan", en: "Month")
        static let year = Phrase(id: "Tahun", en: "Year")
        static let submit = Phrase(id: "Lihat hasil", en: "See the result")
        static let whyTitle = Phrase(id: "Mengapa kami menanyakan ini?", en: "Why do we ask this?")
        static let why = Phrase(
            id:
                "Supaya hanya Anda yang bisa melihat data keluarga Anda. Yang Anda ketik tidak kami simpan dan tidak muncul di alamat halaman.",
            en:
                "So that only you can see your family's data. We do not keep what you type, and it is never part of the address."
        )
        static let sharedPhone = Phrase(
            id: "Pakai ponsel orang lain? Tutup halaman ini setelah selesai.",
            en: "Using somebody else's phone? Close this page when you are done.")

        static let errorTitle = Phrase(id: "Ada yang perlu diperbaiki", en: "Something needs to be put right")
        static let errorPrefix = Phrase(id: "Salah:", en: "Error:")
        static func digits(_ field: Phrase, found: Int) -> Phrase {
            found == 0
                ? Phrase(id: "\(field.id): isi 16 angka.", en: "\(field.en): fill in 16 digits.")
                : Phrase(
                    id: "\(field.id): harus 16 angka. Yang Anda isi \(found) angka.",
                    en: "\(field.en): must have 16 digits. Yours has \(found).")
        }
        static func onlyDigits(_ field: Phrase) -> Phrase {
            Phrase(id: "\(field.id): hanya boleh angka.", en: "\(field.en): digits only.")
        }
        static let dateMissing = Phrase(
            id: "Tanggal lahir: isi tanggal, bulan dan tahun.", en: "Date of birth: fill in day, month and year.")
        static let dateWrong = Phrase(
            id: "Tanggal lahir: tanggal ini tidak ada. Contoh yang benar: 17 8 1957.",
            en: "Date of birth: there is no such date. A right one: 17 8 1957.")

        static let noMatchTitle = Phrase(id: "Data tidak cocok", en: "The data does not match")
        static let noMatch = Phrase(
            id: "Kami tidak menemukan keluarga dengan NIK, nomor kartu keluarga dan tanggal lahir itu bersama-sama.",
            en: "We found no family with that NIK, family card number and date of birth together.")
        static let noMatchChecks: [Phrase] = [
            Phrase(id: "Periksa lagi semua angka.", en: "Check all digits again."),
            Phrase(
                id: "Pakai nomor dari kartu keluarga yang terbaru.", en: "Use the number of the newest family card."),
            Phrase(
                id: "Keluarga yang belum terdaftar belum ada di sini. Mendaftar bisa di kantor desa.",
                en: "A family that has not registered is not here yet. You can register at the village office."),
        ]
        static let noMatchLimit = Phrase(
            id: "Setelah tiga kali tidak cocok, Anda harus menunggu sebentar. Ini menjaga data Anda dari orang lain.",
            en: "After three tries without a match you have to wait. This keeps others away from your data.")
        static let again = Phrase(id: "Coba lagi", en: "Try again")

        static let waitTitle = Phrase(id: "Tunggu sebentar", en: "Please wait a little")
        static func wait(_ seconds: Int) -> Phrase {
            Phrase(
                id: "Sudah beberapa kali tidak cocok. Coba lagi setelah \(Language.id.duration(seconds: seconds)).",
                en: "Several tries did not match. Try again after \(Language.en.duration(seconds: seconds)).")
        }
        static let waitWhy = Phrase(
            id: "Ini menjaga data keluarga dari orang yang menebak-nebak. Bantuan Anda tidak terpengaruh.",
            en: "This keeps family data away from people who guess. It does not affect your help.")
        static let waitHelp = Phrase(
            id: "Tidak mau menunggu? Telepon kami, atau datang ke kantor desa dengan KTP dan kartu keluarga.",
            en: "You would rather not wait? Call us, or go to the village office with your ID card and family card.")
    }

    enum Answer {
        static let readings = Phrase(id: "Siapa membaca data keluarga Anda", en: "Who has read your family's data")
        static let readingsLead = Phrase(
            id: "Setiap kali seseorang membukanya, itu tercatat. Ada yang tidak Anda pahami? Tanyakan ke Dinas Sosial.",
            en: "Each time somebody opens it, that is noted. Something you do not understand? Ask the social office.")
        static let noReadings = Phrase(id: "Belum ada yang membukanya.", en: "Nobody has opened it yet.")
        static func times(_ count: String) -> Phrase { Phrase(id: "\(count) kali", en: "\(count) times") }
        static let yourself = Phrase(id: "Keluarga Anda sendiri", en: "Your own family")
        static let operators = Phrase(id: "Pengelola sistem", en: "Whoever runs the system")
        static let noOffice = Phrase(id: "Petugas yang tugasnya sudah berakhir", en: "Staff whose duty has ended")
        /// What a reading was for, by the page, command or interface through which it was read.
        static func purpose(_ purpose: String) -> Phrase {
            switch purpose.split(separator: " ").prefix(2).joined(separator: " ") {
            case "/cek": Phrase(id: "mengecek bantuan", en: "checked the help")
            case "/tinjau", "tepat review":
                Phrase(id: "memeriksa data yang meragukan", en: "looked at doubtful data")
            case "/tinjau/cari", "/api/v1/persons/search", "tepat find":
                Phrase(id: "mencari orang", en: "looked for a person")
            case "tepat explain": Phrase(id: "menjelaskan keputusan", en: "explained a decision")
            case "tepat notice": Phrase(id: "menyiapkan pemberitahuan", en: "prepared a notice")
            default: Phrase(purpose)
            }
        }
        static let title = Phrase(id: "Hasil untuk keluarga Anda", en: "The result for your family")
        static let head = Phrase(id: "Kepala keluarga", en: "Head of the family")
        static let members = Phrase(id: "Jumlah anggota", en: "Members")
        static let village = Phrase(id: "Desa atau kelurahan", en: "Village")
        static let none = Phrase(
            id: "Belum ada program yang dinilai untuk keluarga Anda.",
            en: "No programme has been assessed for your family yet.")
        static let funded = Phrase(
            id: "Keluarga Anda layak dan masuk kuota", en: "Your family is eligible and will be helped")
        static func waitlisted(_ rank: String) -> Phrase {
            Phrase(id: "Layak, di daftar tunggu nomor \(rank)", en: "Eligible, number \(rank) on the waiting list")
        }
        static let quotaFull = Phrase(
            id: "Layak, tetapi kuota sudah penuh", en: "Eligible, but the quota is full")
        static let notice = Phrase(id: "Pemberitahuan", en: "Notice")
        static let noticeAnswer = Phrase(id: "Kalau ada yang keliru:", en: "If something is wrong:")
        static let undetermined = Phrase(id: "Belum bisa diputuskan", en: "Not decided yet")
        static func undetermined(missing: String) -> Phrase {
            Phrase(
                id: "Belum bisa diputuskan: kami belum tahu \(missing)",
                en: "Not decided yet: we do not know \(missing)")
        }
        static let ineligible = Phrase(id: "Tidak memenuhi syarat", en: "The conditions are not met")
        static let notAssessed = Phrase(id: "Belum dinilai", en: "Not assessed yet")
        static let verification = Phrase(
            id: "Keluarga Anda sangat dekat dengan batas. Petugas akan memeriksa dulu sebelum keputusan menjadi tetap.",
            en: "Your family is very close to the line. A person looks at it before the decision is final.")
        static let amount = Phrase(id: "Jumlah bantuan", en: "Amount")
        static let amountIf = Phrase(id: "Jumlah kalau sudah dapat giliran", en: "Amount once it is your turn")
        static let total = Phrase(id: "Jumlah", en: "Total")
        static let reasons = Phrase(id: "Alasannya", en: "Why")
        static let otherReasons = Phrase(id: "Aturan lain yang diperiksa", en: "Other rules that were checked")
        static let legalSource = Phrase(id: "Dasar:", en: "Source:")
        static func evidence(agency: String, date: String, isRecorded: Bool) -> Phrase {
            isRecorded
                ? Phrase(id: "menurut \(agency), \(date)", en: "says \(agency), \(date)")
                : Phrase(id: "tidak tercatat di \(agency), \(date)", en: "no record at \(agency), \(date)")
        }
        static let missing = Phrase(id: "Yang belum kami ketahui", en: "What we do not know yet")
        static let changes = Phrase(id: "Yang bisa mengubah keputusan", en: "What would change the decision")
        static let nearest = Phrase(
            id: "Aturan yang sama, dihitung lagi dengan satu atau dua data lain:",
            en: "The same rules, worked out again with one or two data changed:")
        static let next = Phrase(id: "Yang bisa Anda lakukan", en: "What you can do")
        static let place = Phrase(id: "Ke mana", en: "Where")
        static let bring = Phrase(id: "Bawa", en: "Bring")
        static let within = Phrase(id: "Kapan", en: "When")
        static func assessed(date: String, version: String) -> Phrase {
            Phrase(
                id: "Dinilai dengan data sampai \(date), aturan versi \(version).",
                en: "Assessed with the data up to \(date), rules version \(version).")
        }
        static func rules(version: String) -> Phrase {
            Phrase(id: "Aturan versi \(version).", en: "Rules version \(version).")
        }
        static let history = Phrase(id: "Keputusan sebelumnya", en: "Earlier decisions")
        static let done = Phrase(id: "Selesai? Tutup halaman ini.", en: "Done? Close this page.")
        static let checkAnother = Phrase(id: "Cek keluarga lain", en: "Check another family")
    }
}
