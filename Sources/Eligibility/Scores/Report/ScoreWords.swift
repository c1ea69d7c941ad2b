/// The words of a report, each in Indonesian and English.
enum ScoreWord {
    case title, cardTitle, survey, source, trainedOn, judgedTraining, judgedOther, joined
    case atOnce, within, overall, model, leastSquares, interval
    case figures, quota, exclusion, definition, same
    case calibration, calibrationText, tenth, families, estimate, truth
    case fairness, fairnessText, group, poor, chosen, missed, wrong, bias
    case region, maleHead, femaleHead, people, andMore
    case band, bandText, stated, measured, toVerify, before, after
    case card, cardText, question, answer, points, yes, no, otherRegion, below, total
    case coefficients, coefficientsText, column, slope, robust, robustAlone, percentMore, dropped, explained
    case limits, limitsText, digest

    /// The text in a language.
    func callAsFunction(_ language: ScoreReport.Language) -> String {
        let (indonesian, english) = texts
        return language == .id ? indonesian : english
    }

    private var texts: (String, String) {
        switch self {
        case .title: ("Laporan skor kemiskinan", "Report of a poverty score")
        case .cardTitle: ("Laporan kartu skor kemiskinan", "Report of a poverty scorecard")
        case .survey: ("Survei", "Survey")
        case .source: ("Sumber", "Source")
        case .trainedOn: ("Dilatih pada", "Trained on")
        case .judgedTraining:
            (
                "Semua angka berasal dari validasi silang: setiap keluarga dinilai oleh model yang tidak pernah"
                    + " melihat satu pun keluarga dari komunitasnya. Pembagian komunitas diulang beberapa kali.",
                "All figures are cross-validated: each family is scored by a model that saw no family of its "
                    + "community. The deal of communities is repeated several times."
            )
        case .judgedOther:
            (
                "Angka berasal dari komunitas yang tidak dipakai untuk melatih model.",
                "The figures are of communities that the model was not trained on."
            )
        case .joined:
            (
                "Peringkat musyawarah ikut dihitung bila ada.",
                "The community's own ranking joins the score where there is one."
            )
        case .atOnce: ("Ringkasan pada kuota 30 %", "At a glance, at a quota of 30 %")
        case .within: ("Di dalam komunitas", "Within communities")
        case .overall: ("Seluruh keluarga", "Overall")
        case .model: ("Model ini", "This model")
        case .leastSquares: ("Kuadrat terkecil", "Least squares")
        case .interval: ("rentang 95 %", "95 % interval")
        case .figures: ("Galat eksklusi dan inklusi", "Exclusion and inclusion error")
        case .quota: ("Kuota", "Quota")
        case .exclusion: ("galat eksklusi = galat inklusi", "exclusion error = inclusion error")
        case .definition:
            (
                "Pada kuota q, yang miskin adalah bagian q dengan konsumsi per orang terendah, dan yang "
                    + "terpilih adalah bagian q dengan skor terendah. Galat eksklusi: bagian dari yang miskin yang "
                    + "tidak terpilih. Galat inklusi: bagian dari yang terpilih yang tidak miskin. Di dalam komunitas"
                    + " keduanya dihitung di tiap komunitas (q kali jumlah keluarga, dibulatkan; setengah ke atas) "
                    + "lalu dijumlahkan. Skor yang sama berbagi tempat sama rata.",
                "At a quota q, the poor are the share q with least consumption per head, and the chosen the "
                    + "share q with the least score. Exclusion error: the share of the poor who are not chosen. "
                    + "Inclusion error: the share of the chosen who are not poor. Within communities both are counted"
                    + " in each community (q times its families, rounded, halves up) and then added up. Families of "
                    + "equal score share places evenly."
            )
        case .same:
            (
                "Karena yang terpilih sebanyak yang miskin, kedua galat sama besar pada kuota yang sama. "
                    + "Rentang: bootstrap atas komunitas.",
                "As many are chosen as are poor, so the two errors are equal at one quota. Intervals: bootstrap"
                    + " over communities."
            )
        case .calibration: ("Kalibrasi", "Calibration")
        case .calibrationText:
            (
                "Keluarga dibagi sepuluh menurut skor. Titik di garis berarti perkiraan sama dengan kenyataan "
                    + "(rata-rata geometris, satuan survei).",
                "Families in ten parts by score. A point on the line means that the estimate is the truth "
                    + "(geometric means, in the survey's unit)."
            )
        case .tenth: ("Sepersepuluh", "Tenth")
        case .families: ("Keluarga", "Families")
        case .estimate: ("Perkiraan", "Estimate")
        case .truth: ("Kenyataan", "Truth")
        case .fairness: ("Keadilan antarkelompok", "Fairness between groups")
        case .fairnessText:
            (
                "Pada kuota 30 % seluruh keluarga. Miring: seberapa jauh kelompok dikira lebih kaya (+) atau "
                    + "lebih miskin (−) dari kenyataan, rata-rata.",
                "At a quota of 30 % overall. Leaning: by how much a group is on average taken for richer (+) or"
                    + " poorer (−) than it is."
            )
        case .group: ("Kelompok", "Group")
        case .poor: ("Miskin", "Poor")
        case .chosen: ("Terpilih", "Chosen")
        case .missed: ("Galat eksklusi", "Exclusion error")
        case .wrong: ("Galat inklusi", "Inclusion error")
        case .bias: ("Miring", "Leaning")
        case .region: ("Wilayah", "Region")
        case .maleHead: ("Kepala keluarga laki-laki", "Head is a man")
        case .femaleHead: ("Kepala keluarga perempuan", "Head is a woman")
        case .people: ("orang", "people")
        case .andMore: ("orang atau lebih", "people or more")
        case .band: ("Pita galat", "The error band")
        case .bandText:
            (
                "Skor tidak pasti. Pita memuat konsumsi sebenarnya dari bagian keluarga yang disebut, untuk "
                    + "keluarga dari komunitas yang serupa dengan komunitas survei. Keluarga yang pitanya memuat "
                    + "garis potong (kuota 30 %) patut diverifikasi; kolom terakhir menunjukkan galat bila keluarga "
                    + "itu diputuskan menurut kenyataan.",
                "A score is uncertain. The band holds the true consumption of the share of families that is "
                    + "stated, for families of communities like those of the survey. Families whose band holds the "
                    + "cut-off (quota 30 %) are to be verified; the last column is the error when these are decided "
                    + "by the truth."
            )
        case .stated: ("Cakupan dijanjikan", "Coverage stated")
        case .measured: ("Cakupan terukur", "Coverage measured")
        case .toVerify: ("Perlu diverifikasi", "To verify")
        case .before: ("Galat sebelum", "Error before")
        case .after: ("Galat sesudah", "Error after")
        case .card: ("Kartu skor", "Scorecard")
        case .cardText:
            (
                "Ajukan tiap pertanyaan, lingkari poinnya, lalu jumlahkan. Makin sedikit poin, makin miskin "
                    + "keluarga itu.",
                "Ask each question, circle the points, add them up. The fewer points, the poorer the family."
            )
        case .question: ("Pertanyaan", "Question")
        case .answer: ("Jawaban", "Answer")
        case .points: ("Poin", "Points")
        case .yes: ("ya", "yes")
        case .no: ("tidak", "no")
        case .otherRegion: ("wilayah lain", "another region")
        case .below: ("kurang dari", "less than")
        case .total: ("Jumlah poin", "Points in all")
        case .coefficients: ("Regresi dengan efek desa", "Regression with village effects")
        case .coefficientsText:
            (
                "Kuadrat terkecil atas log konsumsi di dalam komunitas. Galat baku kekar, dikelompokkan menurut"
                    + " komunitas, dan tanpa pengelompokan (HC1). Ini penjelasan, bukan model yang dipakai.",
                "Least squares of log consumption within communities. Standard errors robust and clustered by "
                    + "community, and without clusters (HC1). This explains; it is not the model that is applied."
            )
        case .column: ("Kolom", "Column")
        case .slope: ("Koefisien", "Slope")
        case .robust: ("Galat baku (komunitas)", "Error (clustered)")
        case .robustAlone: ("Galat baku (HC1)", "Error (HC1)")
        case .percentMore: ("Konsumsi", "Consumption")
        case .dropped: ("Mengulang kolom lain, tanpa koefisien", "Repeat other columns, no slope")
        case .explained: ("Ragam di dalam komunitas yang dijelaskan", "Variance within communities explained")
        case .limits: ("Batas", "Limits")
        case .limitsText:
            (
                "Skor memperkirakan konsumsi; ia tidak mengetahuinya. Jangan memutuskan satu keluarga hanya "
                    + "dengan skor yang pitanya memuat garis potong. Model berlaku untuk wilayah dan tahun yang "
                    + "serupa dengan surveinya; wilayah yang tidak dikenal dinilai tanpa efek wilayah. Galat dapat "
                    + "berbeda antarkelompok: periksa tabel keadilan.",
                "A score estimates consumption; it does not know it. Decide no family by a score alone whose "
                    + "band holds the cut-off. The model holds for regions and years like its survey's; an unknown "
                    + "region is scored without a region's effect. Errors may differ between groups: look at the "
                    + "table of fairness."
            )
        case .digest: ("SHA-256 berkas survei pelatihan", "SHA-256 of the training survey")
        }
    }
}
