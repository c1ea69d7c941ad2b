import Registry

/// A way in which a row of an agency says something else than the truth.
public enum Fault: Int, Sendable, CaseIterable {
    /// The NIK is not there.
    case missingNIK
    /// One digit of the NIK is another.
    case nikDigit
    /// Two neighbouring digits of the NIK are changed over.
    case nikTransposed
    /// The NIK is that of someone else in the family.
    case relativeNIK
    /// The NIK is also that of someone else in the register.
    case sharedNIK
    /// The NIK is a second one that the register gave to the same person.
    case secondNIK
    /// The family number is the one from before a split or a new recording.
    case oldFamilyNumber
    /// A part of the name is an initial.
    case nameAbbreviated
    /// A letter of the name is doubled, or a double one single.
    case nameDoubled
    /// The name is spelt as before 1972.
    case nameOldSpelling
    /// The name carries a title.
    case nameTitle
    /// The name is cut off.
    case nameTruncated
    /// Only the first part of the name is given.
    case nameFirstOnly
    /// A slip of the pen in the name.
    case nameMisspelt
    /// Two parts of the name are written as one.
    case nameJoined
    /// The name is in small letters, or in small letters but for the first of each part.
    case nameCase
    /// The birth date is a guess: 1 January, 1 July or 31 December of about the year.
    case birthUnknown
    /// Day and month of birth are changed over.
    case birthSwapped
    /// Only the year of birth is given.
    case birthYearOnly
    /// The row names someone who is not the owner, user or recipient: a former owner or another family member.
    case otherPerson
    /// The same row for the second time.
    case doubleRow
    /// The same person for the second time, with other details.
    case doublePerson
    /// The person is dead.
    case deadListed
    /// The person has moved out.
    case movedListed
    /// The village is the one before a move.
    case oldVillage
    /// The entry is older than about two years.
    case stale
    /// A date that no calendar has.
    case brokenDate
    /// A decile above ten.
    case brokenDecile
    /// A village code that does not exist.
    case brokenVillage
    /// More fields than the header has.
    case brokenFields

    /// The name in the truth files: `missing-nik`.
    public var name: String {
        switch self {
        case .missingNIK: "missing-nik"
        case .nikDigit: "nik-digit"
        case .nikTransposed: "nik-transposed"
        case .relativeNIK: "relative-nik"
        case .sharedNIK: "shared-nik"
        case .secondNIK: "second-nik"
        case .oldFamilyNumber: "old-family-number"
        case .nameAbbreviated: "name-abbreviated"
        case .nameDoubled: "name-doubled"
        case .nameOldSpelling: "name-old-spelling"
        case .nameTitle: "name-title"
        case .nameTruncated: "name-truncated"
        case .nameFirstOnly: "name-first-only"
        case .nameMisspelt: "name-misspelt"
        case .nameJoined: "name-joined"
        case .nameCase: "name-case"
        case .birthUnknown: "birth-unknown"
        case .birthSwapped: "birth-swapped"
        case .birthYearOnly: "birth-year-only"
        case .otherPerson: "other-person"
        case .doubleRow: "double-row"
        case .doublePerson: "double-person"
        case .deadListed: "dead-listed"
        case .movedListed: "moved-listed"
        case .oldVillage: "old-village"
        case .stale: "stale"
        case .brokenDate: "broken-date"
        case .brokenDecile: "broken-decile"
        case .brokenVillage: "broken-village"
        case .brokenFields: "broken-fields"
        }
    }

    /// Whether ingest must set the row aside.
    public var isBroken: Bool { rawValue >= Fault.brokenDate.rawValue }

    /// The spellings that a name can suffer, in the order of ``FaultRates/names``.
    static let names: [Fault] = [
        .nameAbbreviated, .nameDoubled, .nameOldSpelling, .nameTitle, .nameTruncated, .nameFirstOnly, .nameMisspelt,
        .nameJoined, .nameCase,
    ]
}

/// A set of faults.
struct FaultSet: OptionSet {
    let rawValue: UInt32

    init(rawValue: UInt32) { self.rawValue = rawValue }
    init(_ fault: Fault) { rawValue = 1 << UInt32(fault.rawValue) }
}

/// How often an agency errs, in 10,000 rows (docs/simulator.md has the same table).
struct FaultRates {
    var missingNIK = 0
    var nikDigit = 0
    var nikTransposed = 0
    var relativeNIK = 0
    /// In the order of ``Fault/names``.
    var names = [0, 0, 0, 0, 0, 0, 0, 0, 0]
    var birthUnknown = 0
    var birthSwapped = 0
    var birthYearOnly = 0
    /// Of rows whose family has had another number.
    var oldFamilyNumber = 0
    /// Of rows whose family has moved within the regency.
    var oldVillage = 0
    var doubleRow = 0
    var doublePerson = 0

    /// In how many rows one is broken.
    static let rowsPerBroken = 2000
}

/// The sources that the simulator can write.
enum Agency: Int, CaseIterable {
    case dukcapil, deaths, moves, families, members, pln, insurance, land, vehicles, service, pkh, sembako, accounts

    /// The name of the pack's source.
    var source: String {
        switch self {
        case .dukcapil: "dukcapil"
        case .deaths: "dukcapil-deaths"
        case .moves: "dukcapil-moves"
        case .families: "dtsen-families"
        case .members: "dtsen-members"
        case .pln: "pln"
        case .insurance: "bpjs-tk"
        case .land: "bpn"
        case .vehicles: "samsat"
        case .service: "bkn"
        case .pkh: "pkh-list"
        case .sembako: "sembako-list"
        case .accounts: "bank-accounts"
        }
    }

    /// The columns, in the order in which they are written.
    var columns: [String] {
        let text =
            switch self {
            case .dukcapil:
                """
                nik no_kk nama jenis_kelamin tempat_lahir tanggal_lahir hubungan_keluarga status_kawin nama_ibu alamat rt rw \
                kode_desa
                """
            case .deaths: "nomor_akta nik nama tanggal_lahir tanggal_meninggal"
            case .moves:
                """
                nomor_surat nik nama tanggal_lahir jenis tanggal_pindah kode_desa_asal kode_desa_tujuan no_kk_baru
                """
            case .families:
                """
                no_kk nik_kepala nama_kepala kode_desa tanggal_pemutakhiran desil jumlah_anggota status_rumah luas_lantai \
                jenis_lantai jenis_dinding jenis_atap sumber_air sumber_listrik daya_listrik bahan_bakar fasilitas_bab \
                pembuangan_tinja tabung_gas kulkas ac pemanas_air telepon televisi emas komputer sepeda sepeda_motor mobil \
                perahu perahu_motor ponsel lahan rumah_lain sapi kerbau kuda babi kambing
                """
            case .members:
                """
                no_kk nik nama jenis_kelamin tanggal_lahir hubungan tanggal_pemutakhiran status_sekolah jenjang kelas bekerja \
                status_pekerjaan hamil disabilitas penyakit_kronis
                """
            case .pln: "id_pelanggan nik nama kode_desa alamat daya_va pemakaian_kwh"
            case .insurance: "nomor_peserta nik nama tanggal_lahir upah_di_atas_minimum"
            case .land: "nomor_sertipikat nik nama jenis_hak luas_m2 kode_desa"
            case .vehicles: "nomor_polisi nik nama jenis tahun"
            case .service: "nip nik nama tanggal_lahir status"
            case .pkh, .sembako:
                """
                nomor_kepesertaan no_kk nik_pengurus nama_pengurus tanggal_lahir kode_desa tahun_masuk nominal
                """
            case .accounts: "bank nomor_rekening nik nama_pemilik status"
            }
        return text.split(separator: " ").map(String.init)
    }

    /// How often it errs.
    var rates: FaultRates {
        switch self {
        case .dukcapil:
            FaultRates(
                names: [10, 12, 8, 12, 2, 4, 25, 6, 0], birthSwapped: 8, oldFamilyNumber: 600, oldVillage: 1000,
                doubleRow: 5, doublePerson: 10)
        case .deaths:
            FaultRates(
                missingNIK: 250, nikDigit: 40, nikTransposed: 20, names: [60, 50, 30, 120, 10, 40, 120, 30, 0],
                birthUnknown: 200, birthSwapped: 60, doubleRow: 10)
        case .moves:
            FaultRates(nikDigit: 20, nikTransposed: 10, names: [30, 30, 10, 20, 5, 10, 60, 15, 0], birthSwapped: 30)
        case .families:
            FaultRates(
                missingNIK: 250, nikDigit: 60, nikTransposed: 30, relativeNIK: 60,
                names: [110, 90, 60, 90, 30, 60, 200, 50, 20], oldFamilyNumber: 8000, doubleRow: 8, doublePerson: 20)
        case .members:
            FaultRates(
                missingNIK: 300, nikDigit: 70, nikTransposed: 40, relativeNIK: 50,
                names: [110, 90, 40, 50, 30, 80, 210, 50, 20], birthUnknown: 150, birthSwapped: 60, birthYearOnly: 60,
                oldFamilyNumber: 8000, doubleRow: 8, doublePerson: 20)
        case .pln:
            FaultRates(
                missingNIK: 2000, nikDigit: 80, nikTransposed: 40, relativeNIK: 150,
                names: [350, 110, 150, 420, 260, 300, 260, 80, 0], doubleRow: 5)
        case .insurance:
            FaultRates(
                missingNIK: 300, nikDigit: 50, nikTransposed: 30, names: [120, 80, 10, 60, 40, 40, 160, 40, 40],
                birthUnknown: 20, birthSwapped: 70, doubleRow: 5, doublePerson: 80)
        case .land:
            FaultRates(
                missingNIK: 3200, nikDigit: 70, nikTransposed: 30, relativeNIK: 100,
                names: [200, 100, 250, 450, 60, 200, 260, 60, 60], doubleRow: 5)
        case .vehicles:
            FaultRates(
                missingNIK: 800, nikDigit: 60, nikTransposed: 30, relativeNIK: 80,
                names: [180, 90, 30, 250, 300, 90, 180, 50, 0], doubleRow: 5)
        case .service:
            FaultRates(
                missingNIK: 100, nikDigit: 20, nikTransposed: 10, names: [80, 50, 10, 4200, 20, 10, 80, 20, 0],
                birthSwapped: 30)
        case .pkh, .sembako:
            FaultRates(
                missingNIK: 350, nikDigit: 130, nikTransposed: 70, relativeNIK: 250,
                names: [180, 130, 50, 90, 60, 180, 320, 80, 60], birthUnknown: 320, birthSwapped: 130,
                birthYearOnly: 120, oldFamilyNumber: 6000, oldVillage: 5000, doubleRow: 20, doublePerson: 90)
        case .accounts:
            FaultRates(
                missingNIK: 200, nikDigit: 60, nikTransposed: 40, relativeNIK: 120,
                names: [220, 90, 20, 40, 250, 90, 200, 60, 0], doubleRow: 5)
        }
    }

    /// How a broken row of this agency can be broken.
    var breaks: [Fault] {
        var breaks: [Fault] = [.brokenFields]
        if columns.contains(where: { $0.hasPrefix("tanggal") }) { breaks.append(.brokenDate) }
        if columns.contains("kode_desa") { breaks.append(.brokenVillage) }
        if columns.contains("desil") { breaks.append(.brokenDecile) }
        return breaks
    }
}
