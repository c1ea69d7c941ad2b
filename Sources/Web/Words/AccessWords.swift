import Access
import Registry

extension Words {
    enum Access {
        static let forOfficers = Phrase(id: "Masuk untuk petugas", en: "Sign in (staff)")
        static let title = Phrase(id: "Masuk untuk petugas", en: "Sign in")
        static let lead = Phrase(
            id: "Untuk petugas. Data pribadi yang dibuka tercatat dalam jurnal atas nama Anda.",
            en: "For staff. The journal notes under your name whatever personal data you open.")
        static let residents = Phrase(
            id: "Warga tidak perlu masuk untuk mengecek bantuan.", en: "Residents need not sign in to check.")
        static let name = Phrase(id: "Nama akun", en: "Account name")
        static let password = Phrase(id: "Kata sandi", en: "Password")
        static let enter = Phrase(id: "Masuk", en: "Sign in")
        static let leave = Phrase(id: "Keluar", en: "Sign out")
        static let forgotten = Phrase(
            id: "Lupa kata sandi? Hubungi pengelola akun kantor Anda: hanya ia yang dapat memberi yang baru.",
            en: "Forgotten? Ask whoever manages your office's accounts: nobody else can give you a new one.")
        static let empty = Phrase(id: "Isi nama akun dan kata sandi.", en: "Fill in account name and password.")
        static let wrong = Phrase(
            id: "Nama akun dan kata sandi tidak cocok, atau akun itu sedang tidak berlaku.",
            en: "Account name and password do not match, or the account is not in use.")
        static func wait(_ duration: String) -> Phrase {
            Phrase(
                id: "Terlalu banyak percobaan yang salah. Coba lagi dalam \(duration).",
                en: "Too many wrong tries. Try again in \(duration).")
        }
        static let locked = Phrase(
            id: "Akun ini terkunci karena terlalu banyak percobaan yang salah. Hubungi pengelola akun kantor Anda.",
            en: "Too many wrong tries have locked this account. Ask whoever manages your office's accounts.")

        static let codeTitle = Phrase(id: "Kode autentikator", en: "Authenticator code")
        static let codeLead = Phrase(
            id: "Buka aplikasi autentikator di ponsel Anda dan tulis keenam angkanya.",
            en: "Open the authenticator app on your phone and write its six digits.")
        static let code = Phrase(id: "Kode 6 angka", en: "Code of 6 digits")
        static let codeHint = Phrase(
            id: "Ponsel hilang? Tulis salah satu kode pemulihan Anda.",
            en: "Phone lost? Write one of your recovery codes.")
        static let codeWrong = Phrase(
            id: "Kode tidak cocok, atau sudah dipakai. Tunggu kode berikutnya, dan periksa jam ponsel Anda.",
            en: "The code is wrong or was used. Wait for the next one, and check your phone's clock.")
        static let onward = Phrase(id: "Lanjut", en: "Go on")

        static let newPasswordTitle = Phrase(id: "Kata sandi baru", en: "A new password")
        static let newPasswordLead = Phrase(
            id: "Kata sandi sekarang pernah dilihat orang lain. Buat yang hanya Anda tahu.",
            en: "Somebody else has seen the present one. Choose one that only you know.")
        static let newPassword = Phrase(id: "Kata sandi baru", en: "New password")
        static let newPasswordHint = Phrase(
            id: "Paling sedikit 12 huruf. Beberapa kata yang mudah Anda ingat lebih baik daripada tanda-tanda aneh.",
            en: "12 characters or more. Some words you remember are better than odd signs.")
        static let repeated = Phrase(id: "Tulis sekali lagi", en: "Write it again")
        static let repeatWrong = Phrase(id: "Keduanya tidak sama.", en: "The two are not the same.")
        static func weak(_ weakness: WeakPassword) -> Phrase {
            switch weakness {
            case .short(let fewest):
                Phrase(
                    id: "Terlalu pendek: paling sedikit \(fewest) huruf.",
                    en: "Too short: \(fewest) characters or more.")
            case .long(let most):
                Phrase(id: "Terlalu panjang: paling banyak \(most) huruf.", en: "Too long: at most \(most) characters.")
            case .holdsName:
                Phrase(id: "Jangan hanya nama Anda atau nama akun.", en: "Not just your name or the account's.")
            case .common:
                Phrase(
                    id: "Kata sandi seperti itu dicoba orang lebih dulu. Pilih beberapa kata Anda sendiri.",
                    en: "Such passwords are tried first. Choose some words of your own.")
            }
        }

        static let setUpTitle = Phrase(id: "Pasang autentikator", en: "Set up the authenticator")
        static let setUpLead = Phrase(
            id:
                "Kata sandi saja tidak cukup untuk data warga. Pasang aplikasi autentikator di ponsel, lalu pindai gambar ini.",
            en:
                "A password alone is not enough for residents' data. Install an authenticator app on your phone, then scan this picture."
        )
        static let qr = Phrase(id: "Kode QR untuk aplikasi autentikator", en: "QR code for the authenticator app")
        static let secret = Phrase(id: "Atau ketik di aplikasi:", en: "Or type into the app:")
        static let setUpCode = Phrase(id: "Kode 6 angka dari aplikasi", en: "The app's code of 6 digits")
        static let recoveryTitle = Phrase(id: "Kode pemulihan", en: "Recovery codes")
        static let recoveryLead = Phrase(
            id:
                "Autentikator terpasang. Tulis kode-kode ini di kertas dan simpan: masing-masing berlaku sekali jika ponsel Anda hilang. Kode ini tidak ditampilkan lagi.",
            en:
                "The authenticator is set up. Write these codes on paper and keep it: each serves once, should your phone be lost. They are not shown again."
        )
        static let kept = Phrase(id: "Sudah saya simpan", en: "I have kept them")

        static let desk = Phrase(id: "Meja kerja", en: "Desk")
        static func hello(_ name: String) -> Phrase { Phrase(id: "Selamat datang, \(name)", en: "Welcome, \(name)") }
        static let tasks = Phrase(id: "Yang dapat Anda kerjakan", en: "What you can do")
        static let noTasks = Phrase(
            id: "Belum ada tugas untuk akun ini. Hubungi pengelola akun kantor Anda.",
            en: "This account has no duty yet. Ask whoever manages your office's accounts.")
        static let duties = Phrase(id: "Tugas Anda", en: "Your duties")
        static let theirDuties = Phrase(id: "Tugas", en: "Duties")
        static func duty(_ role: String, _ region: String) -> Phrase { Phrase("\(role) · \(region)") }
        static let waits = Phrase(id: "menunggu pengelola kedua", en: "waits for a second administrator")

        static let account = Phrase(id: "Akun saya", en: "My account")
        static let devices = Phrase(id: "Perangkat", en: "Devices")
        static let devicesLead = Phrase(
            id: "Di sini akun Anda pernah dipakai. Ada yang tidak Anda kenal? Keluarkan, lalu ganti kata sandi.",
            en: "Your account was used here. One you do not know? Sign it out, then change the password.")
        static func used(_ first: String, _ last: String) -> Phrase {
            Phrase(id: "Pertama \(first), terakhir \(last)", en: "First \(first), last \(last)")
        }
        static func signedInNow(_ first: String) -> Phrase {
            Phrase(id: "Pertama \(first), sedang masuk", en: "First \(first), signed in")
        }
        static let unknownDevice = Phrase(id: "Tidak dikenal", en: "Unknown")
        static let forget = Phrase(id: "Keluarkan", en: "Sign out")
        static func forgetDevice(_ label: String) -> Phrase {
            Phrase(id: "Keluarkan \(label)", en: "Sign out \(label)")
        }
        static let everywhere = Phrase(id: "Keluar di semua perangkat", en: "Sign out everywhere")
        static let change = Phrase(id: "Ganti kata sandi", en: "Change the password")
        static let oldPassword = Phrase(id: "Kata sandi sekarang", en: "Present password")
        static let oldWrong = Phrase(id: "Bukan kata sandi sekarang.", en: "That is not the present password.")
        static let changed = Phrase(
            id: "Kata sandi sudah diganti, dan perangkat lain dikeluarkan.",
            en: "The password is changed, and other devices are signed out.")
        static let anotherAuthenticator = Phrase(
            id: "Pasang autentikator lain", en: "Set up another authenticator")

        static let notPermitted = Phrase(id: "Bukan hak akun ini", en: "Not a right of this account")
        static func needs(_ right: String) -> Phrase {
            Phrase(
                id:
                    "Halaman ini memerlukan hak “\(right)”, dan tidak ada tugas Anda yang memuatnya. Pengelola akun kantor Anda dapat memberinya.",
                en:
                    "This page needs the right “\(right)”, and none of your duties has it. Whoever manages your office's accounts can give it."
            )
        }

        static let rights = Phrase(id: "Daftar hak", en: "List of rights")
        static let rightsLead = Phrase(
            id: "Apa yang boleh dilakukan setiap peran, di wilayah tugasnya saja. Tidak ada hak di luar daftar ini.",
            en: "What each role may do, in its regions of duty alone. There are no rights beside these.")
        static let role = Phrase(id: "Peran", en: "Role")
        static let level = Phrase(id: "Tingkat wilayah", en: "Level of region")
        static let isNever = Phrase(id: "Tidak pernah bersama", en: "Never together with")
        static let second = Phrase(id: "Perlu pengelola kedua", en: "Needs a second administrator")
        static let allOthers = Phrase(id: "semua peran lain", en: "all other roles")
        static let yes = Phrase(id: "ya", en: "yes")
        static let no = Phrase(id: "tidak", en: "no")

        static func role(_ role: Role) -> Phrase {
            switch role {
            case .agent: Phrase(id: "Agen", en: "Agent")
            case .village: Phrase(id: "Kantor desa", en: "Village office")
            case .district: Phrase(id: "Kantor kecamatan", en: "District office")
            case .regency: Phrase(id: "Dinas Sosial", en: "Regency social office")
            case .ministry: Phrase(id: "Kementerian Sosial", en: "Ministry of Social Affairs")
            case .statistics: Phrase(id: "BPS", en: "Statistics Indonesia")
            case .payer: Phrase(id: "Penyalur", en: "Payer")
            case .auditor: Phrase(id: "Pemeriksa", en: "Auditor")
            case .administrator: Phrase(id: "Pengelola akun", en: "Administrator")
            }
        }

        static func right(_ right: Right) -> Phrase {
            switch right {
            case .findPersons: Phrase(id: "Mencari orang", en: "Find persons")
            case .reviewLinks: Phrase(id: "Meninjau data yang meragukan", en: "Review doubtful rows")
            case .forceRules: Phrase(id: "Memberlakukan aturan", en: "Put rules in force")
            case .manageAccounts: Phrase(id: "Mengelola akun", en: "Manage accounts")
            case .readJournal: Phrase(id: "Membaca jurnal", en: "Read the journal")
            }
        }

        static func level(_ level: RegionCode.Level) -> Phrase {
            switch level {
            case .province: Phrase(id: "provinsi", en: "province")
            case .regency: Phrase(id: "kabupaten", en: "regency")
            case .district: Phrase(id: "kecamatan", en: "district")
            case .village: Phrase(id: "desa", en: "village")
            }
        }

        static let accounts = Phrase(id: "Akun", en: "Accounts")
        static let accountsLead = Phrase(
            id: "Siapa bekerja dengan sistem ini, sebagai apa, dan di mana.",
            en: "Who works with this system, as what, and where.")
        static let newAccount = Phrase(id: "Akun baru", en: "New account")
        static let fullName = Phrase(id: "Nama orangnya", en: "The person's name")
        static let nameHint = Phrase(
            id: "3 sampai 40: huruf kecil a–z, angka, titik, tanda hubung; diawali huruf",
            en: "3 to 40: a–z, digits, dot, hyphen; a letter first")
        static let region = Phrase(id: "Kode wilayah tugas", en: "Code of the region of duty")
        static func regionHint(_ code: String) -> Phrase {
            Phrase(
                id: "Seperti \(code), \(code).16 atau \(code).16.1014",
                en: "Such as \(code), \(code).16 or \(code).16.1014")
        }
        static let make = Phrase(id: "Buat akun", en: "Make the account")
        static let grant = Phrase(id: "Beri tugas", en: "Give a duty")
        static let confirm = Phrase(id: "Sahkan", en: "Confirm")
        static let end = Phrase(id: "Akhiri", en: "End")
        static let suspend = Phrase(id: "Tangguhkan", en: "Suspend")
        static let resume = Phrase(id: "Aktifkan lagi", en: "Resume")
        static let unlock = Phrase(id: "Buka kunci", en: "Unlock")
        static let reset = Phrase(id: "Beri kata sandi baru", en: "Give a new password")
        static let resetAll = Phrase(
            id: "Beri kata sandi baru, pasang autentikator lagi", en: "Give a new password, authenticator anew")
        static let reason = Phrase(id: "Alasan", en: "Reason")
        static let noReason = Phrase(id: "Tulis alasannya: jurnal menyimpannya.", en: "Say why: the journal keeps it.")
        static func firstPassword(_ name: String) -> Phrase {
            Phrase(
                id: "Kata sandi pertama untuk \(name). Tidak ditampilkan lagi: serahkan langsung kepada orangnya.",
                en: "The first password of \(name). It is not shown again: hand it over in person.")
        }
        static let state = Phrase(id: "Keadaan", en: "State")
        static func state(_ state: Account.State) -> Phrase {
            switch state {
            case .active: Phrase(id: "aktif", en: "active")
            case .suspended: Phrase(id: "ditangguhkan", en: "suspended")
            case .closed: Phrase(id: "ditutup", en: "closed")
            }
        }
        static let isLocked = Phrase(id: "terkunci", en: "locked")
        static let noRegion = Phrase(
            id: "Pilih peran, dan tulis kode wilayah tugasnya.", en: "Choose a role, and write the code of its region.")
        static let noDuty = Phrase(id: "belum ada tugas", en: "no duty yet")
        static func refused(_ error: AccessError) -> Phrase {
            switch error {
            case .unknownAccount(let name):
                Phrase(id: "Tidak ada akun “\(name)”.", en: "There is no account “\(name)”.")
            case .unknownDuty: Phrase(id: "Tugas itu sudah berakhir.", en: "That duty has ended.")
            case .nameTaken(let name):
                Phrase(id: "Nama akun “\(name)” sudah dipakai.", en: "The account name “\(name)” is taken.")
            case .badName(let name):
                Phrase(id: "“\(name)” tidak dapat dipakai sebagai nama.", en: "“\(name)” cannot be a name.")
            case .weakPassword(let weakness): weak(weakness)
            case .badKey(let reason):
                Phrase(id: "Kunci itu tidak dapat dipakai.", en: "The keys cannot be taken: \(reason).")
            case .badRegion(let role, let region):
                Phrase(
                    id: "\(region) tidak dapat menjadi wilayah tugas \(Self.role(role).id).",
                    en: "\(region) cannot be the region of a duty as \(Self.role(role).en).")
            case .roleExcluded(let role, let other):
                Phrase(
                    id: "\(Self.role(role).id) dan \(Self.role(other).id) tidak boleh dipegang satu orang.",
                    en: "Nobody may be both \(Self.role(role).en) and \(Self.role(other).en).")
            case .dutyHeld: Phrase(id: "Tugas itu sudah dipegang akun ini.", en: "The account has that duty already.")
            case .notPermitted:
                Phrase(
                    id: "Wilayah itu di luar tugas Anda.", en: "That region is beyond your duties.")
            case .ownAccount:
                Phrase(
                    id: "Akun sendiri hanya dapat diubah pengelola lain.",
                    en: "Your own account can be changed by another administrator alone.")
            case .needsAnother:
                Phrase(
                    id: "Yang memberi tugas tidak dapat mengesahkannya: harus pengelola lain.",
                    en: "Who gave the duty cannot confirm it: another administrator must.")
            case .state(let state):
                Phrase(id: "Akun itu \(Self.state(state).id).", en: "The account is \(Self.state(state).en).")
            }
        }

        static let journal = Phrase(id: "Jurnal", en: "Journal")
        static let journalLead = Phrase(
            id: "Siapa melakukan apa, terhadap apa, dan mengapa. Tidak ada yang dapat mengubahnya tanpa ketahuan.",
            en: "Who did what, to what, and why. Nobody can change it unnoticed.")
        static let subject = Phrase(id: "Perihal", en: "Subject")
        static let subjectHint = Phrase(
            id: "Seperti account:siti, family:12 atau batch:3; kosong untuk yang terakhir",
            en: "Such as account:siti, family:12 or batch:3; empty for the latest")
        static let show = Phrase(id: "Tampilkan", en: "Show")
        static let moment = Phrase(id: "Waktu (UTC)", en: "Time (UTC)")
        static let actor = Phrase(id: "Pelaku", en: "Actor")
        static let action = Phrase(id: "Perbuatan", en: "Action")
        static let noEntries = Phrase(id: "Tidak ada entri.", en: "No entries.")
    }
}
