extension Words {
    enum Rules {
        static func title(_ programme: String) -> Phrase {
            Phrase(id: "Coba ubah aturan \(programme)", en: "Try other rules for \(programme)")
        }
        static let link = Phrase(id: "Coba ubah aturan", en: "Try other rules")
        static let lead = Phrase(
            id: "Ubah syarat atau kuota, lalu lihat siapa yang akan mendapat dan siapa yang akan kehilangan bantuan. "
                + "Tidak ada yang disimpan, dan tidak ada keputusan yang berubah.",
            en: "Change a condition or the quota, and see who would gain and who would lose. Nothing is kept, and no "
                + "decision changes.")
        static func version(_ version: String) -> Phrase {
            Phrase(id: "Aturan yang berlaku: versi \(version)", en: "The rules in force: version \(version)")
        }
        static let programme = Phrase(id: "Program", en: "Programme")
        static let mustHold = Phrase(id: "harus benar", en: "must hold")
        static let mustNotHold = Phrase(id: "tidak boleh benar", en: "must not hold")
        static let decides = Phrase(id: "langsung menentukan", en: "decides")
        static let verifies = Phrase(id: "diperiksa dulu", en: "checked first")
        static let change = Phrase(id: "Ubah aturan", en: "Change the rules")
        static let quota = Phrase(id: "Kuota (keluarga)", en: "Quota (families)")
        static let quotaWrong = Phrase(
            id: "Kuota harus bilangan bulat, 0 atau lebih.", en: "The quota must be a whole number, 0 or more.")
        static let submit = Phrase(id: "Coba", en: "Try")
        static func loading(_ percent: Int) -> Phrase {
            Phrase(
                id: "Data keluarga sedang dibaca (\(percent) %). Tekan “Coba” lagi sebentar lagi.",
                en: "The families' data is being read (\(percent) %). Press “Try” again in a moment.")
        }
        static let faults = Phrase(id: "Ada syarat yang keliru", en: "A condition is wrong")
        static let result = Phrase(id: "Hasil percobaan", en: "What it would do")
        static let gaining = Phrase(id: "keluarga akan mendapat", en: "families gain")
        static let losing = Phrase(id: "keluarga akan kehilangan", en: "families lose")
        static let more = Phrase(id: "mendapat lebih banyak", en: "get more")
        static let less = Phrase(id: "mendapat lebih sedikit", en: "get less")
        static let now = Phrase(id: "Sekarang", en: "Now")
        static let then = Phrase(id: "Dengan perubahan", en: "With the change")
        static let outcome = Phrase(id: "Hasil", en: "Outcome")
        static let cost = Phrase(id: "Biaya tiap periode", en: "Cost of a period")
        static let byDistrict = Phrase(id: "Menurut kecamatan", en: "By district")
        static let byDecile = Phrase(id: "Menurut desil", en: "By decile")
        static let decile = Phrase(id: "Desil", en: "Decile")
        static let unknown = Phrase(id: "tidak diketahui", en: "not known")
        static let district = Phrase(id: "Kecamatan", en: "District")
        static let families = Phrase(id: "Keluarga", en: "Families")
        static let gain = Phrase(id: "Mendapat", en: "Gain")
        static let lose = Phrase(id: "Kehilangan", en: "Lose")
        static let mapLegend = Phrase(
            id: "Keluarga yang mendapat atau kehilangan, dari semua keluarga",
            en: "Families that gain or lose, of all families")
        static let nobodyMoves = Phrase(
            id:
                "Tidak ada keluarga yang mendapat atau kehilangan bantuan. Kuota diisi dari yang termiskin, jadi syarat "
                + "yang hanya mengenai keluarga di luar kuota tidak mengubah apa pun.",
            en: "No family gains or loses. The quota is filled from the poorest, so a condition that only concerns "
                + "families beyond it changes nothing.")
        static let whyGain = Phrase(
            id: "Yang menghalangi mereka sekarang", en: "What keeps them out now")
        static let whyLose = Phrase(id: "Yang akan menghalangi mereka", en: "What would keep them out")
        static let failures = Phrase(
            id: "Contoh dalam berkas yang hasilnya berubah", en: "Examples in the file that come out otherwise")
        static let errors = Phrase(
            id: "Ketepatan terhadap keadaan yang sudah diperiksa", en: "Accuracy against families that were verified")
        static let error = Phrase(id: "Kesalahan", en: "Error")
        static let inclusion = Phrase(id: "Salah masuk", en: "Inclusion error")
        static let inclusionMeans = Phrase(
            id: "Dari keluarga yang didanai: bagian yang sebenarnya tidak berhak.",
            en: "Of the funded families: the share that is not entitled.")
        static let exclusion = Phrase(id: "Salah keluar", en: "Exclusion error")
        static let exclusionMeans = Phrase(
            id: "Dari keluarga yang berhak: bagian yang tidak didanai.",
            en: "Of the entitled families: the share that is not funded.")
        static let exclusionBeforeQuota = Phrase(
            id: "Salah keluar tanpa soal kuota", en: "Exclusion error but for the quota")
        static let exclusionBeforeQuotaMeans = Phrase(
            id: "Dari keluarga yang berhak: bagian yang terhalang aturan atau data, berapa pun kuotanya.",
            en: "Of the entitled families: the share kept out by rules or data, whatever the quota.")
        static func range(_ lower: String, _ upper: String) -> Phrase {
            Phrase(id: "\(lower) sampai \(upper)", en: "\(lower) to \(upper)")
        }
        static let force = Phrase(id: "Berlakukan", en: "Put in force")
        static let forceLead = Phrase(
            id:
                "Kuota bukan bagian dari aturan dan tidak ikut diberlakukan. Versi sebelumnya berakhir sehari sebelum yang "
                + "baru mulai. Jurnal mencatat alasannya.",
            en:
                "The quota is no part of the rules and stays as it is. The version before ends on the day before the new "
                + "one begins. The journal keeps the reason.")
        static let newVersion = Phrase(id: "Nama versi baru", en: "The new version's name")
        static func newVersionHint(_ version: String) -> Phrase {
            Phrase(id: "Yang berlaku sekarang: \(version)", en: "Now in force: \(version)")
        }
        static let from = Phrase(id: "Mulai berlaku", en: "Holds from")
        static let fromHint = Phrase(
            id: "Tahun-bulan-tanggal, seperti 2026-01-31", en: "Year-month-day, such as 2026-01-31")
        static let reason = Phrase(id: "Alasan", en: "Reason")
        static let reasonHint = Phrase(id: "Misalnya nomor keputusan", en: "Such as the decree's number")
        static let forceSubmit = Phrase(id: "Berlakukan", en: "Put in force")
        static let versionWrong = Phrase(
            id: "Pakai huruf, angka, titik dan tanda hubung, seperti 2026.1.",
            en: "Use letters, digits, points and hyphens, such as 2026.1.")
        static let fromWrong = Phrase(
            id: "Tulis tanggal sebagai tahun-bulan-tanggal, seperti 2026-01-31.",
            en: "Write the date as year-month-day, such as 2026-01-31.")
        static let reasonWrong = Phrase(id: "Tulis alasannya.", en: "Say why.")
        static func applied(_ version: String, _ date: String, _ previous: String?) -> Phrase {
            Phrase(
                id: "Versi \(version) berlaku mulai \(date)"
                    + (previous.map { "; versi \($0) berakhir sehari sebelumnya." } ?? "."),
                en: "Version \(version) holds from \(date)"
                    + (previous.map { "; version \($0) ends on the day before." } ?? "."))
        }
        static let file = Phrase(id: "Berkas dengan perubahan", en: "The file with the change")
        static let fileHint = Phrase(
            id: "Simpan sebagai versi baru dengan tanggal mulai berlaku, periksa dengan tepat programme lint dan test, "
                + "minta tanda tangan, lalu berlakukan dengan tepat programme apply.",
            en:
                "Save it as a new version with the day from which it holds, check it with tepat programme lint and test, "
                + "have it signed, then put it in force with tepat programme apply.")
    }
}
