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
        static let file = Phrase(id: "Berkas dengan perubahan", en: "The file with the change")
        static let fileHint = Phrase(
            id: "Simpan sebagai versi baru dengan tanggal mulai berlaku, periksa dengan tepat programme lint dan test, "
                + "minta tanda tangan, lalu berlakukan dengan tepat programme apply.",
            en:
                "Save it as a new version with the day from which it holds, check it with tepat programme lint and test, "
                + "have it signed, then put it in force with tepat programme apply.")
    }
}
