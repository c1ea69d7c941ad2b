/// Every text of the pages, in every language, in words that a child of twelve reads. Texts of rules, evidence and places
/// come from the ``SiteModel``.
enum Words {
    static let tagline = Phrase(id: "Bantuan sosial, tepat sasaran", en: "Social help, right on target")
    static let skip = Phrase(id: "Langsung ke isi", en: "Skip to the content")
    static let pages = Phrase(id: "Halaman", en: "Pages")
    static let home = Phrase(id: "Beranda", en: "Home")
    static let check = Phrase(id: "Cek bantuan", en: "Check")
    static let figures = Phrase(id: "Angka", en: "Figures")
    static let otherLanguage = Phrase(id: "English", en: "Bahasa Indonesia")
    static let callCentre = Phrase(id: "Telepon bantuan", en: "Help line")
    static let privacy = Phrase(
        id: "Halaman ini tidak memakai pelacak. Data pribadi tidak pernah ditulis di alamat halaman.",
        en: "This site does not track you. Personal data is never written in a page's address.")
    static let demonstration = Phrase(
        id: "Contoh. Semua orang dan angka di sini karangan, bukan data nyata.",
        en: "Demonstration. All people and figures here are made up; none are real.")
    static func callCentreLine(_ number: String) -> Phrase {
        Phrase(id: "Telepon \(number)", en: "Call \(number)")
    }

    enum Home {
        static let title = Phrase(
            id: "Bantuan sampai ke keluarga yang berhak", en: "Help that reaches the families it is meant for")
        static let lead = Phrase(
            id: "Lihat apakah keluarga Anda mendapat bantuan, berapa, dan mengapa. Tanpa perantara, tanpa biaya.",
            en: "See whether your family gets help, how much, and why. No middleman, no fee.")
        static let checkNow = Phrase(id: "Cek bantuan saya", en: "Check my help")
        static let seeFigures = Phrase(id: "Lihat angka daerah", en: "See the region's figures")
        static let stepsTitle = Phrase(id: "Tiga langkah", en: "Three steps")
        static let steps: [(title: Phrase, text: Phrase)] = [
            (
                Phrase(id: "Daftar", en: "Register"),
                Phrase(
                    id: "Siapa pun boleh mendaftar. Sendiri, lewat pendamping, atau di kantor desa.",
                    en: "Anyone may register: alone, with a field worker, or at the village office.")
            ),
            (
                Phrase(id: "Diperiksa", en: "Checked"),
                Phrase(
                    id: "Data dari kantor pemerintah dicocokkan. Kalau ada yang belum jelas, petugas datang ke rumah.",
                    en: "Data from government offices is compared. If something is unclear, someone visits you.")
            ),
            (
                Phrase(id: "Keputusan", en: "Decision"),
                Phrase(
                    id: "Anda melihat hasilnya di sini, lengkap dengan alasannya. Tidak setuju? Anda boleh menyanggah.",
                    en: "You see the result here, with the reasons. You do not agree? You may appeal.")
            ),
        ]
        static let howTitle = Phrase(id: "Bagaimana keputusan dibuat", en: "How decisions are made")
        static let how: [(title: Phrase, text: Phrase)] = [
            (
                Phrase(id: "Aturannya sama untuk semua", en: "The same rules for everyone"),
                Phrase(
                    id: "Aturan ditulis dan diumumkan. Tidak ada orang yang memilih nama satu per satu.",
                    en: "The rules are written down and public. Nobody picks names one by one.")
            ),
            (
                Phrase(id: "Yang paling membutuhkan lebih dulu", en: "Those in greatest need come first"),
                Phrase(
                    id:
                        "Jumlah bantuan terbatas. Keluarga yang layak tetapi belum kebagian masuk daftar tunggu dengan nomor.",
                    en: "There is not enough for all. Eligible families that must wait get a number on a list.")
            ),
            (
                Phrase(id: "Belum tahu bukan berarti tidak", en: "Not known does not mean no"),
                Phrase(
                    id:
                        "Kalau data belum lengkap, kami tidak menebak. Kami menulis apa yang kurang, lalu memeriksanya.",
                    en: "When data is missing we do not guess. We say what is missing, then we check it.")
            ),
            (
                Phrase(id: "Selalu ada alasannya", en: "There is always a reason"),
                Phrase(
                    id: "Setiap keputusan menyebut aturan, data yang dipakai, dari kantor mana, dan tanggalnya.",
                    en: "Every decision names the rule, the data used, which office it came from, and its date.")
            ),
        ]
        static let helpTitle = Phrase(id: "Perlu bantuan orang?", en: "Do you need a person to help?")
        static let help = Phrase(
            id: "Datang ke kantor desa atau kelurahan, atau telepon. Bawa KTP dan kartu keluarga. Layanan ini gratis.",
            en: "Go to the village office, or call. Bring your ID card and family card. This service is free.")
    }

    enum Failure {
        static func title(_ status: Int) -> Phrase {
            switch status {
            case 404: Phrase(id: "Halaman tidak ada", en: "This page does not exist")
            case 403: Phrase(id: "Kiriman ditolak", en: "What you sent was refused")
            case 405: Phrase(id: "Cara ini tidak bisa dipakai", en: "This does not work here")
            case 413: Phrase(id: "Kiriman terlalu besar", en: "What you sent is too large")
            case 503: Phrase(id: "Sedang terlalu sibuk", en: "Too busy at the moment")
            case 400..<500: Phrase(id: "Kiriman tidak terbaca", en: "We could not read what you sent")
            default: Phrase(id: "Ada yang rusak di tempat kami", en: "Something broke on our side")
            }
        }
        static func text(_ status: Int) -> Phrase {
            switch status {
            case 404:
                Phrase(
                    id: "Alamatnya mungkin salah ketik, atau halamannya sudah pindah.",
                    en: "The address may be mistyped, or the page has moved.")
            case 403:
                Phrase(
                    id: "Isi formulir hanya bisa dikirim dari halaman ini sendiri. Buka formulirnya lagi, lalu isi.",
                    en: "A form can only be sent from this site itself. Open the form again and fill it in.")
            case 405:
                Phrase(id: "Buka halamannya lewat tautan di bawah.", en: "Open the page with a link below.")
            case 413:
                Phrase(
                    id: "Formulir ini hanya menerima beberapa angka. Buka formulirnya lagi, lalu isi.",
                    en: "This form takes a few numbers only. Open the form again and fill it in.")
            case 503:
                Phrase(id: "Tunggu satu menit, lalu coba lagi.", en: "Wait a minute, then try again.")
            case 400..<500:
                Phrase(id: "Buka formulirnya lagi, lalu isi.", en: "Open the form again and fill it in.")
            default:
                Phrase(
                    id: "Ini bukan salah Anda. Coba lagi sebentar lagi. Kalau masih begini, telepon kami.",
                    en: "It is not your fault. Try again in a while. If it stays like this, call us.")
            }
        }
        static let report = Phrase(id: "Sebutkan nomor ini:", en: "Tell us this number:")
        static let toHome = Phrase(id: "Ke beranda", en: "To the home page")
        static let toCheck = Phrase(id: "Ke formulir cek bantuan", en: "To the form")
    }
}
