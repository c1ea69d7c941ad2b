extension Words {
    enum Review {
        static let title = Phrase(id: "Orang yang sama?", en: "The same person?")
        static let link = Phrase(id: "Tinjau data yang meragukan", en: "Review doubtful rows")
        static let lead = Phrase(
            id: "Sebuah baris data mirip dengan seorang penduduk, tetapi belum pasti. Bandingkan, lalu putuskan.",
            en: "A row of data resembles a resident, but it is not certain. Compare them, then decide.")
        static func waiting(_ waiting: String, _ decided: String) -> Phrase {
            Phrase(
                id:
                    "\(waiting) baris menunggu jawaban. \(decided) sudah diputuskan dan berlaku setelah penautan berikutnya.",
                en: "\(waiting) rows wait for an answer. \(decided) are decided and take effect with the next linking.")
        }
        static let nothing = Phrase(
            id: "Tidak ada baris yang menunggu Anda.", en: "No row waits for you.")
        static func source(_ source: String, _ date: String) -> Phrase {
            Phrase(id: "Baris dari \(source), \(date)", en: "Row from \(source), \(date)")
        }
        static let entry = Phrase(
            id:
                "Dua NIK di data Dukcapil mungkin milik satu orang. Jika ya, isian yang pertama tidak dihitung lagi sebagai orang: datanya pindah ke isian yang kedua. Putusan dapat dibatalkan.",
            en:
                "Two NIKs in the population register may be one person's. If so, the first entry counts as a person no more: its data goes to the second. The decision can be undone."
        )
        static let oneEntry = Phrase(id: "Isian pertama", en: "First entry")
        static let otherEntry = Phrase(id: "Isian kedua", en: "Second entry")
        static let register = Phrase(id: "Penduduk menurut Dukcapil", en: "Resident as Dukcapil has it")
        static let row = Phrase(id: "Baris data", en: "The row")
        static let compared = Phrase(id: "Yang dibandingkan", en: "What is compared")
        static let level = Phrase(id: "Kecocokan", en: "How they agree")
        static let weight = Phrase(id: "Bobot", en: "Weight")
        static func rupiah(_ amount: String) -> Phrase {
            Phrase(id: "Menyangkut \(amount) setahun", en: "\(amount) a year hang on it")
        }
        static func others(_ count: String) -> Phrase {
            Phrase(id: "\(count) orang lain juga mirip", en: "\(count) other persons resemble it too")
        }
        static let second = Phrase(
            id: "Orang lain sudah melihatnya. Jika pendapat Anda lain, orang ketiga ditanya.",
            en: "Somebody else has looked at it. If you think otherwise, a third person is asked.")
        static func likely(_ percent: String) -> Phrase {
            Phrase(id: "Kemungkinan orang yang sama: \(percent)", en: "Likelihood of being one person: \(percent)")
        }
        static let question = Phrase(id: "Apakah ini orang yang sama?", en: "Is this the same person?")
        static let keys = Phrase(
            id:
                "Papan ketik: Tab ke jawaban, lalu Enter. Jika ragu, orang lain ditanya.",
            en:
                "Keyboard: Tab to the answer, then Enter. Where you are unsure, somebody else is asked."
        )
        static let noteAndKeys = Phrase(id: "Catatan dan papan ketik", en: "Note and keyboard")
        static func last(_ row: String, _ choice: String) -> Phrase {
            Phrase(
                id: "Jawaban terakhir Anda, baris \(row): \(choice).", en: "Your last answer, row \(row): \(choice).")
        }
        static let undo = Phrase(id: "Batalkan", en: "Take back")
        static let notLast = Phrase(
            id: "Jawaban itu bukan lagi yang terakhir dari Anda. Petugas data dapat membatalkannya.",
            en: "That is your last answer no longer. Whoever runs the data can take it back.")
        static let othersNext = Phrase(
            id: "Jika salah satu dari mereka yang dimaksud, jawab Bukan: setelah penautan berikutnya ditanyakan lagi.",
            en: "If one of these is meant, answer No: after the next linking you are asked again.")
        static let readFromNIK = Phrase(id: "tidak ada; dibaca dari NIK", en: "none; read from the NIK")
        static let note = Phrase(id: "Catatan (boleh kosong)", en: "Note (may be empty)")
        static let choose = Phrase(id: "Pilih satu jawaban.", en: "Choose one answer.")
        static let gone = Phrase(
            id: "Baris itu sudah tidak menunggu. Ini yang berikutnya.",
            en: "That row waits no longer. Here is the next.")
        static let moreFacts = Phrase(id: "Isi lain baris itu", en: "What else the row says")
        static let figure = Phrase(
            id: "Bobot tiap isian, dari atas ke bawah: ke kanan menambah, ke kiri mengurangi",
            en: "What each field weighs, from top to bottom: to the right adds, to the left takes away")
        static let prior = Phrase(id: "di awal", en: "at the start")
        static let sum = Phrase(id: "jumlah", en: "sum")
        static let unit = Phrase(
            id: "Bobot 1 berarti dua kali lebih mungkin. Di atas 0: lebih mungkin orang yang sama.",
            en: "A weight of 1 means twice as likely. Above 0: more likely the same person.")
        static let notGiven = Phrase(id: "tidak ada", en: "none")
        static let notComparable = Phrase(id: "tidak dibandingkan", en: "not compared")

        static let find = Phrase(id: "Cari orang", en: "Find a person")
        static let findLead = Phrase(
            id: "Apakah orang ini sudah dikenal? Tulis yang diketahui, boleh sebagian dan boleh salah ketik.",
            en: "Is this person known? Write what you know; parts and mistakes are allowed.")
        static let search = Phrase(id: "Cari", en: "Find")
        static let answer = Phrase(id: "Hasil pencarian", en: "What was found")
        static let likelihood = Phrase(id: "Kemungkinan", en: "Likelihood")
        static let known = Phrase(id: "Orang ini sudah dikenal.", en: "This person is known.")
        static let unknown = Phrase(
            id: "Belum pasti. Yang paling mirip:", en: "Not certain. The nearest:")
        static let nobody = Phrase(id: "Tidak ada yang mirip.", en: "Nobody resembles this.")
        static func loading(_ percent: Int) -> Phrase {
            Phrase(
                id: "Data penduduk sedang dibaca (\(percent) %). Coba lagi sebentar lagi.",
                en: "The register is being read (\(percent) %). Try again in a moment.")
        }
        static func query(_ field: PersonQuery.Field) -> Phrase {
            switch field {
            case .name: Phrase(id: "Nama", en: "Name")
            case .nik: Phrase(id: "NIK", en: "NIK")
            case .birthDate:
                Phrase(
                    id: "Tanggal lahir (1957-08-17 atau 1957)", en: "Birth date (1957-08-17 or 1957)")
            case .familyNumber: Phrase(id: "Nomor KK", en: "Family number")
            }
        }

        static func choice(_ choice: ReviewChoice) -> Phrase {
            switch choice {
            case .same: Phrase(id: "Ya", en: "Yes")
            case .not: Phrase(id: "Bukan", en: "No")
            case .unsure: Phrase(id: "Ragu", en: "Unsure")
            }
        }

        static func field(_ name: String) -> Phrase {
            switch name {
            case "name": Phrase(id: "Nama", en: "Name")
            case "nik": Phrase(id: "NIK", en: "NIK")
            case "birth_date": Phrase(id: "Tanggal lahir", en: "Birth date")
            case "sex": Phrase(id: "Jenis kelamin", en: "Sex")
            case "family": Phrase(id: "Nomor KK", en: "Family number")
            case "village": Phrase(id: "Desa", en: "Village")
            case "mother": Phrase(id: "Nama ibu", en: "Mother's name")
            case "rarity": Phrase(id: "Langka tidaknya", en: "How rare it is")
            default: Phrase(id: name, en: name)
            }
        }

        /// What somebody's sex is called.
        static func sex(_ word: String) -> Phrase {
            switch word {
            case "male": Phrase(id: "laki-laki", en: "male")
            case "female": Phrase(id: "perempuan", en: "female")
            default: Phrase(id: word, en: word)
            }
        }

        /// A level in the reader's words; what is not known stays as the linkage library says it.
        static func level(_ field: String, _ words: String) -> Phrase {
            if field == "family" {
                switch words {
                case "equal": return Phrase(id: "NIK orang ini", en: "this person's NIK")
                case "same larger region": return Phrase(id: "keluarga yang sama", en: "the same family")
                case "family of the number":
                    return Phrase(id: "pemilik NIK itu sekeluarga", en: "whoever has that NIK is of the family")
                default: return Phrase(id: "keluarga lain", en: "another family")
                }
            }
            guard let words = levels[words] else { return Phrase(id: words, en: words) }
            return words
        }

        private static let levels: [String: Phrase] = [
            "different": Phrase(id: "berbeda", en: "different"),
            "equal": Phrase(id: "sama", en: "equal"),
            "somewhat alike": Phrase(id: "agak mirip", en: "somewhat alike"),
            "some words equal": Phrase(id: "sebagian kata sama", en: "some words equal"),
            "one is the other, shortened and mistyped": Phrase(
                id: "disingkat dan salah ketik", en: "shortened and mistyped"),
            "one is the other with words left out or cut to letters": Phrase(
                id: "disingkat", en: "shortened"),
            "all words equal but for letters": Phrase(
                id: "sama, beda beberapa huruf", en: "equal but for letters"),
            "equal words": Phrase(
                id: "kata-kata sama, ejaan boleh lain", en: "the same words, perhaps spelt otherwise"),
            "another's": Phrase(
                id: "terdaftar atas nama lain: tidak dihitung", en: "listed under another name: left out"),
            "same year": Phrase(id: "tahun sama", en: "same year"),
            "one digit or two neighbours differ": Phrase(
                id: "beda satu angka atau tertukar", en: "one digit differs, or two exchanged"),
            "two of day, month and year equal": Phrase(
                id: "dua dari tanggal, bulan, tahun sama", en: "two of day, month and year equal"),
            "day and month exchanged": Phrase(
                id: "tanggal dan bulan tertukar", en: "day and month exchanged"),
            "same year, one of them known to the year": Phrase(
                id: "tahun sama, satu hanya diketahui tahunnya", en: "same year, one known only to the year"),
            "equal, but a date that stands for a year": Phrase(
                id: "sama, tetapi tanggal perkiraan", en: "equal, but a date that stands for a year"),
            "two digits differ": Phrase(id: "beda dua angka", en: "two digits differ"),
            "same birth date in it": Phrase(id: "tanggal lahir di dalamnya sama", en: "same birth date in it"),
            "same region and birth date in it": Phrase(
                id: "wilayah dan tanggal lahir di dalamnya sama", en: "same region and birth date in it"),
            "same birth date and serial number in it": Phrase(
                id: "tanggal lahir dan nomor urut di dalamnya sama", en: "same birth date and serial number in it"),
            "same larger region": Phrase(id: "kecamatan sama", en: "same district"),
        ]
    }
}
