import Registry

/// Where people of a region were born, in capitals: the regency itself first, then other regencies and cities.
struct Birthplaces: Sendable {
    /// A regency or city as a record names it.
    struct Place: Sendable {
        let name: [UInt8]
        /// As people shorten it.
        let short: [UInt8]
        /// KAB. or KOTA, as people write it before the name.
        let kind: [UInt8]
    }

    /// The regency at 0, then others, each as common as the next.
    let places: [Place]
    /// The regency's districts, which some give instead of it.
    let districts: [[UInt8]]

    init(_ pack: RegionPack) {
        let words = pack.name("id").uppercased().split(separator: " ")
        let isCity = words.first == "KOTA"
        let name = (words.count > 1 && (isCity || words.first == "KABUPATEN") ? words.dropFirst() : words[...])
            .joined(separator: " ")
        let short =
            name == "BANYUWANGI" ? "BWI" : name.prefix(1) + name.dropFirst().filter { !"AEIOU ".contains($0) }.prefix(2)
        let own = Place(
            name: Array(name.utf8), short: Array(short.utf8), kind: Array((isCity ? "KOTA" : "KAB.").utf8))
        places = [own] + Self.others.filter { $0.name != own.name }
        districts = pack.districts.map { Array($0.name.uppercased().utf8) }
    }

    /// The place of one who was born elsewhere, as an index into ``places``.
    func elsewhere(_ random: inout Random) -> Int { 1 + random.below(places.count - 1) }

    private static let others: [Place] = [
        ("JEMBER", "JBR", "KAB."), ("SITUBONDO", "STB", "KAB."), ("BONDOWOSO", "BWS", "KAB."),
        ("LUMAJANG", "LMJ", "KAB."),
        ("MALANG", "MLG", "KOTA"), ("SURABAYA", "SBY", "KOTA"), ("SIDOARJO", "SDA", "KAB."), ("KEDIRI", "KDR", "KAB."),
        ("TULUNGAGUNG", "T. AGUNG", "KAB."), ("JOMBANG", "JBG", "KAB."), ("NGANJUK", "NGJ", "KAB."),
        ("MAGETAN", "MGT", "KAB."), ("PACITAN", "PCT", "KAB."), ("BANGKALAN", "BKL", "KAB."),
        ("SAMPANG", "SPG", "KAB."),
        ("SUMENEP", "SMP", "KAB."), ("JEMBRANA", "JBN", "KAB."), ("BULELENG", "BLL", "KAB."),
        ("BADUNG", "BDNG", "KAB."),
        ("LOMBOK BARAT", "LOBAR", "KAB."), ("KUPANG", "KPG", "KOTA"), ("BELU", "BLU", "KAB."),
        ("YOGYAKARTA", "DIY", "KOTA"),
        ("SLEMAN", "SLMN", "KAB."), ("SURAKARTA", "SOLO", "KOTA"), ("KARANGANYAR", "KRA", "KAB."),
        ("SEMARANG", "SMG", "KOTA"),
        ("BANYUMAS", "BMS", "KAB."), ("JAKARTA", "JKT", "KOTA"), ("BEKASI", "BKS", "KOTA"),
        ("TANGERANG", "TNG", "KOTA"),
        ("BANDUNG", "BDG", "KAB."), ("GARUT", "GRT", "KAB."), ("TASIKMALAYA", "TASIK", "KAB."),
        ("CIANJUR", "CJR", "KAB."),
        ("BANDAR LAMPUNG", "B. LAMPUNG", "KOTA"), ("PALEMBANG", "PLG", "KOTA"), ("PADANG", "PDG", "KOTA"),
        ("MEDAN", "MDN", "KOTA"),
        ("SIMALUNGUN", "SML", "KAB."), ("BANJARMASIN", "BJM", "KOTA"), ("MAKASSAR", "MKS", "KOTA"),
        ("BONE", "BNE", "KAB."),
    ].map { Place(name: Array($0.0.utf8), short: Array($0.1.utf8), kind: Array($0.2.utf8)) }
}
