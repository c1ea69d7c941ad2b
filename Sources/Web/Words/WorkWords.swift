extension Words {
    enum Work {
        static func title(_ region: String) -> Phrase {
            Phrase(id: "Angka bantuan \(region)", en: "Figures of \(region)")
        }
        static func district(_ name: String) -> Phrase {
            Phrase(id: "Kecamatan \(name)", en: "\(name) District")
        }
        static let lead = Phrase(
            id: "Hasil penilaian terakhir, dalam jumlah keluarga.", en: "The last assessment, in numbers of families.")
        static let nothing = Phrase(
            id: "Belum ada penilaian. Angka muncul di sini setelah penilaian pertama.",
            en: "Nothing has been assessed yet. Figures appear here after the first assessment.")
        static let programmes = Phrase(id: "Program", en: "Programmes")
        static func quota(_ count: String) -> Phrase { Phrase(id: "kuota \(count)", en: "quota \(count)") }
        static func assessed(_ date: String, _ version: String) -> Phrase {
            Phrase(id: "Data sampai \(date), versi \(version)", en: "Data up to \(date), version \(version)")
        }
        static let assessedFamilies = Phrase(id: "keluarga dinilai", en: "families assessed")
        static let funded = Phrase(id: "Masuk kuota", en: "Funded")
        static let waitlisted = Phrase(id: "Daftar tunggu", en: "Waiting list")
        static let undetermined = Phrase(id: "Belum diputuskan", en: "Not decided")
        static let ineligible = Phrase(id: "Tidak memenuhi syarat", en: "Not eligible")
        static func kept(_ count: String) -> Phrase {
            Phrase(
                id:
                    "\(count) keluarga di luar kuota tetap menerima: datanya diperiksa dulu, atau masa pemberitahuannya belum lewat.",
                en:
                    "\(count) families outside the quota go on receiving: their data is looked at first, or their notice has not run out."
            )
        }
        static let eligible = Phrase(id: "Layak", en: "Eligible")
        static let families = Phrase(id: "Keluarga dinilai", en: "Families assessed")
        static let map = Phrase(id: "Peta", en: "Map")
        static let mapFigure = Phrase(id: "Warna peta", en: "Colour by")
        static let mapProgramme = Phrase(id: "Program", en: "Programme")
        static let skipMap = Phrase(id: "Lewati peta, ke tabel", en: "Skip the map, to the table")
        static let mapHint = Phrase(
            id: "Pilih kecamatan untuk melihat desanya.", en: "Choose a district to see its villages.")
        static let mapHintVillages = Phrase(
            id: "Pilih desa untuk melihat barisnya di tabel.", en: "Choose a village to see its row in the table.")
        static let legendCount = Phrase(id: "Jumlah keluarga", en: "Number of families")
        static func legendShare(_ figure: Phrase) -> Phrase {
            Phrase(id: "\(figure.id), dari keluarga yang dinilai", en: "\(figure.en), of the families assessed")
        }
        static func below(_ limit: String) -> Phrase { Phrase(id: "di bawah \(limit)", en: "below \(limit)") }
        static func between(_ lower: String, _ upper: String) -> Phrase {
            Phrase(id: "\(lower) sampai \(upper)", en: "\(lower) to \(upper)")
        }
        static func above(_ limit: String) -> Phrase { Phrase(id: "\(limit) ke atas", en: "\(limit) or more") }
        static let noFigures = Phrase(id: "belum ada angka", en: "no figures")
        static let outlines = Phrase(id: "Batas wilayah:", en: "Outlines:")
        static let table = Phrase(id: "Tabel", en: "Table")
        static func tableCaption(_ programme: String) -> Phrase {
            Phrase(
                id: "\(programme). Pilih judul kolom untuk mengurutkan.",
                en: "\(programme). Choose a column's heading to sort.")
        }
        static let districts = Phrase(id: "Kecamatan", en: "District")
        static let villages = Phrase(id: "Desa/kelurahan", en: "Village")
        static let total = Phrase(id: "Semua", en: "All")
        static let back = Phrase(id: "Semua kecamatan", en: "All districts")
        static let notExact = Phrase(
            id: "Angka ini hitungan, bukan daftar nama. Nama penerima tidak ditampilkan di sini.",
            en: "These are counts, not a list of names. Recipients' names are not shown here.")
    }
}

extension Figure {
    /// The figure's name.
    var phrase: Phrase {
        switch self {
        case .families: Words.Work.families
        case .eligible: Words.Work.eligible
        case .funded: Words.Work.funded
        case .waitlisted: Words.Work.waitlisted
        case .undetermined: Words.Work.undetermined
        }
    }
}
