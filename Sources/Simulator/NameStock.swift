/// The parts that names are made of, as they are written in eastern Java: each pool in the order of how common its parts are.
struct NameStock: Sendable {
    /// A pool of parts that stand in the same place of a name.
    enum Pool: Int, CaseIterable {
        case maleOld, femaleOld, maleMiddle, maleMiddleLast, femaleMiddle, femaleMiddleLast
        case maleYoung, maleYoungLast, femaleYoung, femaleYoungLast, maleNew, maleNewLast, femaleNew, femaleNewLast
        case maleArabic, maleArabicLast, femaleArabic, femaleArabicLast, muhammad, femaleOpening
        case maleMadurese, femaleMadurese, maleOsing, femaleOsing
        case birthOrder, maleBalinese, femaleBalinese, maleMark, femaleMark
    }

    /// The one stock.
    static let shared = NameStock()

    /// All parts one after the other.
    private let bytes: [UInt8]
    /// Where each part begins; the part of index 0 is no part.
    private let starts: [Int]
    private let firsts: [Int]
    /// For each pool, the running sums of its parts' weights.
    private let weights: [[Int]]

    private init() {
        var bytes: [UInt8] = []
        var starts = [0, 0]
        var firsts: [Int] = []
        var weights: [[Int]] = []
        for pool in Pool.allCases {
            firsts.append(starts.count - 1)
            var sums: [Int] = []
            var sum = 0
            for (rank, part) in pool.parts.enumerated() {
                bytes += Array(part.utf8)
                starts.append(bytes.count)
                // Zipf's law with a flattened head: no name of a region is a third of all.
                sum += 1_000_000 / (rank + 8)
                sums.append(sum)
            }
            weights.append(sums)
        }
        self.bytes = bytes
        self.starts = starts
        self.firsts = firsts
        self.weights = weights
    }

    /// How many parts there are.
    var count: Int { starts.count - 2 }

    /// A part of a pool, the common ones more often.
    func draw(_ pool: Pool, _ random: inout Random) -> UInt16 {
        let sums = weights[pool.rawValue]
        let draw = random.below(sums[sums.count - 1])
        var (low, high) = (0, sums.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if sums[middle] > draw { high = middle } else { low = middle + 1 }
        }
        return UInt16(firsts[pool.rawValue] + low)
    }

    /// The first part of a pool after `place` others: for pools where the place is a meaning.
    func part(_ pool: Pool, at place: Int) -> UInt16 { UInt16(firsts[pool.rawValue] + place) }

    /// Appends a part's letters.
    func append(_ part: UInt16, to text: inout [UInt8]) {
        text.append(contentsOf: bytes[starts[Int(part)]..<starts[Int(part) + 1]])
    }
}

extension NameStock.Pool {
    /// The parts, the most common first.
    fileprivate var parts: [String] {
        switch self {
        case .maleOld:
            Self.woven(
                words: """
                    SLAMET PONIMAN PAIMIN TUKIRAN NGADIMIN JUMADI SAIMIN MISKAN KASIMIN WAGIMAN LEGIMAN PAIRAN KATIMIN \
                    SENEN BONIRAN TUKIMIN MISERAN KATENI SARIMAN PONIRAN NGATIMIN TARMUJI DASUKI PARTO MISNADI WAGIRAN \
                    KASMAN KARSO MARTO WIRYO KARTO SAPUAN JUMAIN MESERI BUASAN PAIJAN TUMIRAN KAMIDI SANUSI SAKUR \
                    BEJO GIMAN TEKAD SADI MUKAYAN KADIS TAMIN RABUN MISTAR LAMIDI JAMIN NGATENO GINO RESO PARNO SELAMET
                    """,
                opening: "SU",
                endings: """
                    TRISNO PARDI KARDI WARNO YONO GIONO MARNO NARYO PARMAN YITNO ROSO PRIYADI KIRNO HARTO PARNO KAMTO \
                    GIARTO JARWO JIMAN KADI LISTIONO MARSONO NARKO PARJO PRAPTO RATNO TARNO TOMO WANDI WITO YADI YANTO \
                    LAIMAN MANTRI BAKRI NARDI TAJI WONDO KEMI DARSONO MADI GIRAN PENO NYOTO DARMO TIKNO
                    """)
        case .femaleOld:
            Self.woven(
                words: """
                    PAINI TUKINEM SAMINI KATEMI SUMIATI WAGINEM PONIRAH JUMINEM MISNATI KASIATI SATIJAH MISNAH TUMINAH \
                    SARINTEN BONIYEM PONIYEM NGATINI PARTINI SITIYAH LEGINEM MARSINI SARMI WARSINI KATINI TUMIRAH \
                    GINEM RUKMINI LASMI TUKIYEM SAINAH KASMINAH MESIYEM NGATMINI TARMINI JUMIATI SAMI PAIRAH MUKINI \
                    SUTIRAH RANTI SAENAH MURTINI BOINI SATUMI PAIJEM RATEMI WAKINI TUGINI JEMINI SARIPAH MARIYEM KUSMI
                    """,
                opening: "SU",
                endings: """
                    YATI MIATI LASTRI PARTI HARTI TARMI LIYAH MARNI WARNI NARTI KARTI PRIHATIN PIYAH RATMI MARTINI \
                    LASMI TINAH KINEM PATMI HARNI MARSIH PINAH GIARTI JIATI MINAH TINI PENI GIYEM KESI DARMI MARTI
                    """)
        case .maleMiddle:
            Self.split(
                """
                AGUS EKO BAMBANG HERI DWI SUGENG TEGUH BUDI HADI JOKO SUPRIYANTO EDI HARIYANTO WAHYU TRI IMAM MUJIONO \
                SLAMET DIDIK ANDI SISWANTO YUDI IRWAN HENDRO SUROTO PURWANTO RUDI SIGIT WIDODO ARIS TOTOK GATOT YUSUF \
                SUBAGIO SUHARTONO KUSNADI MULYONO PRIYO JAINURI HARI WINARTO GUNAWAN SUYANTO ROHMAT DARMAWAN NANANG \
                SAMSUL UNTUNG SETYO WAWAN SANTOSO HENDRIK SUGIANTO RIYANTO ARIFIN PONIDI IWAN NUROHMAN YULIANTO SUWITO \
                KATIRIN SAMSURI GIYANTO TARMIDI SUNARDI MISTO DARSONO ADI PUJIONO RONI
                """)
        case .maleMiddleLast:
            Self.split(
                """
                SANTOSO SETIAWAN PRASETYO WAHYUDI PURNOMO WIBOWO HARIYANTO SUSANTO CAHYONO UTOMO SUSILO HIDAYAT NUGROHO \
                KURNIAWAN HERMANTO PRIYANTO WIDODO ARIFIN EFENDI RIYADI SUPRAPTO SUTRISNO WALUYO ISWANTO SUGIANTO \
                SISWOYO PRABOWO HANDOKO YULIANTO RAHARJO HARTONO KRISTIANTO MULYADI SUBAGYO BASUKI LESTARI DARMAWAN \
                PRAYITNO SAPUTRO SUDARMAJI KUNCORO ADIANTO ROHMAN WINARNO KUSUMA MARGONO SUHARSONO
                """)
        case .femaleMiddle:
            Self.split(
                """
                SITI SRI NUR DWI ENDANG SULASTRI LILIK YULI TRI ENI WIWIK RINI SUMARMI NINIK RATNA IDA SUSI ANIK DEWI \
                TITIK SUSIATI ERNA HENI YAYUK SUPRIHATIN MISIYATI KUSMIATI JUMAATI INDAH LULUK WAHYUNI TUTIK MURNI RUMIATI \
                ENDAH IKA SUNARSIH ROHMAH YANTI SUPRAPTI ISTIQOMAH MAISAROH HARTATIK KHOLIFAH MUDRIKAH SUHARTATIK WARTI \
                NANIK ASMAUL ENNY SUMIYATI LINDA NURUL WATINI ARTIN PUJI SULIS MARYATI TRISNAWATI UMI SUPATMI RIATI
                """)
        case .femaleMiddleLast:
            Self.split(
                """
                WAHYUNI LESTARI RAHAYU ASTUTIK HANDAYANI NINGSIH SETYOWATI KHOTIMAH WULANDARI HIDAYATI SUSANTI KURNIAWATI \
                UTAMI INDAYANI YULIANTI SUSILOWATI PURWANTI AGUSTIN HARTINI ROHMAWATI AMINAH MARIYANI FATIMAH ANDRIANI \
                PUSPITASARI WINARSIH SUMARNI WIDAYATI NURHAYATI MASRUROH MUNAWAROH MUTMAINAH ERNAWATI MULYANI KUSUMAWATI \
                HARIYATI PRATIWI MARLINA AISYAH FAIZAH ISNAINI SUHARTINI SUNDARI SUPARMI RUKMANA
                """)
        case .maleYoung:
            Self.split(
                """
                ANDI DIMAS RIZKI BAYU FERI DONI ARIF ANGGA YOGA FAJAR RENDI DEDI AHMAD RIAN BAGUS ADITYA HENDRA GALIH DENI \
                IRFAN ILHAM RIZAL ANTON NOVAN WAHYU EKO AGUNG YUDA TAUFIK RICKY FIRMAN VIKI SANDI REZA ROBI GILANG EDO \
                HAFID ARDI INDRA FAHRUL DANANG KRISNA PUTRA HENGKI ALDI FANDI ERIK JEFRI MIFTAHUL ROHIM ABDUL TOMI DIKI \
                BACHTIAR SULTON YANUAR ALFIAN NIKO RANGGA
                """)
        case .maleYoungLast:
            Self.split(
                """
                SAPUTRA PRATAMA SETIAWAN KURNIAWAN HIDAYAT PRASETYA WIJAYA FIRMANSYAH ANDRIANTO NUGRAHA RAMADHAN ARDIANSYAH \
                SUSANTO WIBOWO PERMANA ADI MAULANA EFENDI SANTOSO ANGGARA ROMADHON FAUZI PUTRA HERMAWAN IRAWAN FEBRIANTO \
                SAPUTRO WAHYUDI ARIFIN DERMAWAN YULIANTO KHOIRI RAHMAN JULIANTO MUSTOFA ARIYANTO OKTAVIAN ISMAIL AZIZ \
                PAMUNGKAS BAHTIAR ALAMSYAH WICAKSONO FERDIANSYAH
                """)
        case .femaleYoung:
            Self.split(
                """
                DEWI SITI NUR RINA FITRI AYU DIAN IKA EKA NOVI RATNA LINDA PUTRI INTAN YULIA DEVI RISKA ANITA FEBRI WULAN \
                LAILATUL DESI MEGA INDAH NURUL LUSI ANI VIVI YENI SINTA RIRIN ELOK MAYA LIA DINA TIARA RATIH NOFITA LULUK \
                DWI WINDA VINA RIZKI SELVI NADIA EVI RETNO ULFA FARIDA NIKEN CINDY ERNA DIANA AMALIA PUJI IMROATUL YUNI \
                BELLA RENI MILA
                """)
        case .femaleYoungLast:
            Self.split(
                """
                SARI LESTARI WULANDARI PUSPITASARI RAHAYU ANGGRAINI PRATIWI SAFITRI WAHYUNI PERMATASARI NINGSIH ASTUTI UTAMI \
                KUSUMA AGUSTINA HANDAYANI NOVITASARI KHASANAH APRILIA OKTAVIA MAULIDA FADILAH HASANAH KUMALASARI YULIANI \
                RAHMAWATI FEBRIYANTI ROHMAH AMELIA WIDYASTUTI ANDINI FITRIANI MUKAROMAH NURJANAH DAMAYANTI KHOIRIYAH \
                SETIAWATI INDRIANI MELINDA QOMARIYAH SEPTIANI MASITOH FAUZIYAH ISTIQOMAH ZULFA
                """)
        case .maleNew:
            Self.split(
                """
                MUHAMMAD AHMAD RAFFA AZKA RAKA AKBAR ABDULLAH ARKA DAFFA KENZO REYHAN ALVARO RIZKY FARHAN BAGAS GIBRAN NAUFAL \
                RAFA DANISH ARSYA FATHAN KEVIN RADITYA RASYA ZIDAN ATHALLAH KENZIE RAFAEL RADIT ABIZAR FIRMAN SATRIA DEVAN \
                ARKAN BIMA HAFIZH AIDAN ZAYN RAYYAN FAIZ VINO ELVANO DZAKI HAIKAL NIZAM ARJUNA REVAN DANU AFKAR
                """)
        case .maleNewLast:
            Self.split(
                """
                PRATAMA ALFARIZI RAMADHAN PUTRA SAPUTRA MAULANA ADITYA ALFARIZQI PRADIPTA FIRMANSYAH WIJAYA ALGHIFARI ATHAYA \
                PERDANA HIDAYATULLAH RIZQULLAH SYAHPUTRA ALFATIH KURNIAWAN ARDIANSYAH ABDILLAH NUGROHO RIZKI HAKIM MAHARDIKA \
                ZULFIKAR ANUGERAH FADHIL IBRAHIM RAHMAN AZZAM BAIHAQI SAKTI DANENDRA ALBAR ARYASATYA FEBRIAN
                """)
        case .femaleNew:
            Self.split(
                """
                AISYAH NAYLA PUTRI KEYSHA ALESHA NAURA SITI AQILA KHANZA ZAHRA ANINDYA SALSABILA ALMIRA AZZAHRA CLARISSA ADIBA \
                SHAFIRA QUEENSHA FELICIA RARA KIRANA AYUNDA NADHIFA HAFIZAH INARA MIKAYLA SYIFA CALISTA AULIA ZIVANA SHAKILA \
                AZALEA RAISA TALITA ARUMI YUMNA NABILA DZAKIRA FARZANA LUBNA CHELSEA JIHAN ELVINA HUMAIRA VANIA MAZAYA ALEA
                """)
        case .femaleNewLast:
            Self.split(
                """
                AZZAHRA PUTRI RAMADHANI SALSABILA HUMAIRA MAHARANI KIRANA AULIA AZALIA KHAIRUNNISA LESTARI ZAHRA PERMATA \
                MAULIDA ANINDITA QUROTA FIRDAUS NAJWA PUSPITA SYAKIRA AMELIA PRAMESWARI ADZKIYA RAHMA CAHYANI SAFITRI \
                ALMAHYRA NADHIRA FEBRIANI OKTAVIANI KHUMAIROH ANGGRAENI KAMILA NAFISAH RAHAYU ZAKIYAH
                """)
        case .maleArabic:
            Self.split(
                """
                ABDUL ALI IMAM NUR SAIFUL SYAMSUL HASAN MISBAHUL KHOIRUL ZAINAL USMAN UMAR BAHRUL ROSYID MAHMUD FATHUR HUSNUL \
                FAUZI YUSUF ANWAR AINUR ASMUNI MASHURI IBRAHIM SHOLEH ISMAIL HAMID SAMSUDIN ROFIQ MUKHLIS MUSTAKIM TOHA \
                MUKLAS ALWI BADRUS SALIM ROMLI JUNAIDI MASRUR NASIR MUNIR KHOLIL HABIB ZUHRI FAISOL MUBAROK
                """)
        case .maleArabicLast:
            Self.split(
                """
                ROHMAN HADI ANAM ROHIM ARIFIN HIDAYAT MUTTAQIN HUDA MUSTOFA ANWAR ULUM AZIZ WAHAB FAUZI AMIN ABIDIN KARIM HALIM \
                MANAN GHOFUR ROZAQ BASRI SYAFII MUNIR KHOIRI MAJID LATIF SOLIHIN MUHAIMIN SALAM HASYIM QODIR JAMIL FANANI \
                MUHTAR BAIDOWI ASRORI MUBIN HAKIM ZAMRONI SYUKUR
                """)
        case .femaleArabic:
            Self.split(
                """
                SITI NUR NURUL UMI LAILATUL ULFATUL ZAENAB FATIMAH KHUSNUL MASLIKAH ROMLAH AMINAH HALIMAH ROHANI ISTIANAH MAIMUNAH \
                KHOIRIYAH SOFIYAH MUSLIHATIN HAMIDAH AISYAH JAMILAH UMMU QURROTUL ZULAIKHA MASRIFAH NAFISAH MUSAROFAH LATIFAH \
                SUMAIYAH HINDUN SAROFAH ALFIYAH NIHAYATUL ZUBAIDAH TASLIMAH
                """)
        case .femaleArabicLast:
            Self.split(
                """
                KHOTIMAH AMINAH FATIMAH AISYAH HASANAH HALIMAH ROHMAH MUNAWAROH JANNAH ZAHRO KHASANAH MAISAROH HIDAYAH SAADAH \
                KHOIRIYAH MASRUROH NIKMAH LATIFAH FITRIYAH ZUBAIDAH KAROMAH MUKARROMAH SHOLIHAH LAILIYAH INAYAH HAMIDAH \
                BADRIYAH MUFARROHAH AZIZAH MUTHOHAROH SAKINAH RODIYAH QOMARIYAH NAFIAH
                """)
        case .muhammad:
            ["MUHAMMAD", "MOHAMMAD", "MOCH", "AHMAD", "MOH", "MOCHAMAD", "ACHMAD", "MUHAMAD", "MUH"]
        case .femaleOpening: ["SITI", "SRI", "NUR", "DWI", "NURUL", "UMI", "TRI", "EKA", "DEWI"]
        case .maleMadurese:
            Self.split(
                """
                BUSIRI MATTASAN SAHWI HOSNAN ASMAN MATSARI BUNASIN SAHRI MISNAWI ARSUDIN SATTAR TOSAN BUDIN MARSUKI SAMAK MUNASIR \
                HOSEN MISDIN MAT ZAINI SANIMAN MASDUKI RASIDI SUNAWI HANAFI DULLAH SAMIN SAHRAWI NIMAN JATIM BUHARI SAHLAN \
                SALEHODIN ASMAWI MATHALI SADIN MUHAWI MARHASAN NURHASIM BUSAR SUDIN HAYAT TOLAK ASTRO MISYONO BURAWI
                """)
        case .femaleMadurese:
            Self.split(
                """
                HOLIFAH MISNATI SITTI NIWATI HOSNIYAH BUSIYA SAHAMA MARSUNA SUHATI ASTUMA SADIYA MISTIA HATIJAH BUNAMI RUSMIATI \
                SUNIYA TOYANI JUMA'ATI ASYA ARMANI MUYATI SAMUNA HOTIJAH BUSANI NIMA MARYAM RAHEMA SATUNA HOTIMAH ERNATI MISNAYA \
                RUKAYA SUMIYA HALIMA TIMA NURHAYANI RASMI BUHANA SAYATI MASWANI
                """)
        case .maleOsing:
            Self.split(
                """
                SALEH SUHAIMI UNTUNG ASNAN MISTAR SAPI'I ADENAN MATROJI JUHARI BUANG SENIMAN TIMBUL SAPUWAN HAERI SANUSI MATAJI \
                SERAD KANTIN AHYAN MASHUDI TAHRIR ENDER JUMHAR SAHUDI MURAI SUNAWI KALIL TOYIB JAENURI ASRI MISRUN KAMSURI \
                TALIK BASIRI MURSID SUHAILI ARJUNET SARAPIN JAELANI MATOHAR ANDRIK SUWELO MASRULAH HALIL
                """)
        case .femaleOsing:
            Self.split(
                """
                ASIYAH SUCIK MISNAH TEMU ASANAH SUNIYAH MASIYAH PAISAH HANIK SUPIYAH ATMINA SUHAIDAH ROHANAH TUMINA RUSTINI \
                MUDAIYAH JAMILAH HALIPAH SENAWIYAH MARPUAH KATIJAH SITINAH SARIYAH NAFI'AH AMINA SUMIYATI HAIRIYAH ASMIYAH \
                MASITAH JUHAENI SUNARIYAH ROBIYAH ENDANG UMAIYAH SRITANJUNG SAMSIYAH SUNAINAH MURNIYAH
                """)
        case .birthOrder: ["WAYAN", "MADE", "NYOMAN", "KETUT", "PUTU", "KADEK", "KOMANG", "GEDE"]
        case .maleBalinese:
            Self.split(
                """
                SUARDANA ARTAWAN SUDIARTA WIDIANA SUKERTA ADNYANA MERTA SUDANA SUWITRA PARWATA DHARMA YASA SUPARTA WIRAWAN \
                ARIMBAWA BUDIASA SUARTA MAHENDRA PRANATA ARDANA KERTA WIJAYA SUTAMA
                """)
        case .femaleBalinese:
            Self.split(
                """
                SUARTINI RATNADI SUKERTI ARIANI SUCIATI KARTINI WIDIASIH ARTINI MURTINI SUDIASIH PADMAWATI RASNITI DEWI LASTRI \
                PUSPAWATI SUKRENI YULIANI NURIASIH WARTINI SARI
                """)
        case .maleMark: ["I"]
        case .femaleMark: ["NI"]
        }
    }

    private static func split(_ words: String) -> [String] { words.split(separator: " ").map(String.init) }

    /// Whole names, and endings that follow an opening, in turn.
    private static func woven(words: String, opening: String, endings: String) -> [String] {
        let (words, endings) = (split(words), split(endings).map { opening + $0 })
        return (0..<max(words.count, endings.count)).flatMap { place in
            [words, endings].compactMap { place < $0.count ? $0[place] : nil }
        }
    }
}
