import Registry

/// A name as its bearer means it, in capitals: up to four parts of the stock.
struct PersonName: Equatable {
    private(set) var parts: (UInt16, UInt16, UInt16, UInt16) = (0, 0, 0, 0)
    /// Whether it is written as before the reform of 1972: `SOEPARDJO`, not `SUPARJO`.
    private(set) var hasOldSpelling = false

    static func == (left: PersonName, right: PersonName) -> Bool {
        left.parts == right.parts && left.hasOldSpelling == right.hasOldSpelling
    }

    /// The letters.
    func append(to text: inout [UInt8]) {
        let start = text.count
        let stock = NameStock.shared
        for part in [parts.0, parts.1, parts.2, parts.3] where part != 0 {
            if text.count > start { text.append(UInt8(ascii: " ")) }
            stock.append(part, to: &text)
        }
        if hasOldSpelling {
            let old = NameSpelling.oldSpelling(text[start...])
            text.removeLast(text.count - start)
            text += old
        }
    }

    /// The letters.
    var letters: [UInt8] {
        var text: [UInt8] = []
        append(to: &text)
        return text
    }
}

/// Whose names a family bears.
enum Culture: UInt8, CaseIterable {
    case javanese, osing, madurese, balinese, santri

    /// How common each is in a district of Banyuwangi, as described by hand; elsewhere a mixture.
    static func weights(district: RegionCode) -> [Int] {
        switch district.text {
        case "35.10.14", "35.10.15", "35.10.17", "35.10.19", "35.10.24", "35.10.12", "35.10.13", "35.10.25":
            [22, 55, 6, 1, 16]
        case "35.10.16": [38, 30, 12, 2, 18]
        case "35.10.18", "35.10.21", "35.10.11", "35.10.10": [26, 8, 48, 1, 17]
        case "35.10.05", "35.10.20": [48, 12, 20, 2, 18]
        case "35.10.04", "35.10.03", "35.10.22", "35.10.01": [66, 5, 5, 8, 16]
        default: [62, 12, 8, 1, 17]
        }
    }
}

extension PersonName {
    /// A name for someone of that culture, sex, year of birth and place among the siblings (from 0).
    static func draw(
        _ culture: Culture, isFemale: Bool, born year: Int, sibling: Int, _ random: inout Random
    ) -> PersonName {
        var parts: [UInt16]
        switch culture {
        case .balinese: parts = balinese(isFemale: isFemale, sibling: sibling, &random)
        case .santri: parts = santri(isFemale: isFemale, born: year, &random)
        case .madurese where year < 1990 || random.chance(year < 2005 ? 2500 : 300):
            parts = [NameStock.shared.draw(isFemale ? .femaleMadurese : .maleMadurese, &random)]
        case .osing where year < 1975 || random.chance(year < 1995 ? 1500 : 200):
            parts = [NameStock.shared.draw(isFemale ? .femaleOsing : .maleOsing, &random)]
        default: parts = ofGeneration(isFemale: isFemale, born: year, &random)
        }
        // A part twice is not a name.
        if parts.count > 1, parts[0] == parts[1] { parts.remove(at: 1) }
        let old = year < 1957 && random.chance(1200)
        let padded = parts + [0, 0, 0, 0]
        return PersonName(parts: (padded[0], padded[1], padded[2], padded[3]), hasOldSpelling: old)
    }

    private static func balinese(isFemale: Bool, sibling: Int, _ random: inout Random) -> [UInt16] {
        let stock = NameStock.shared
        let order = random.chance(7000) ? min(sibling, 3) : 4 + min(sibling, 3)
        return [
            stock.part(isFemale ? .femaleMark : .maleMark, at: 0), stock.part(.birthOrder, at: order),
            stock.draw(isFemale ? .femaleBalinese : .maleBalinese, &random),
        ]
    }

    private static func santri(isFemale: Bool, born year: Int, _ random: inout Random) -> [UInt16] {
        let stock = NameStock.shared
        if isFemale {
            let first = stock.draw(.femaleArabic, &random)
            return year < 1950 && random.chance(5000) ? [first] : [first, stock.draw(.femaleArabicLast, &random)]
        }
        let pair = [stock.draw(.maleArabic, &random), stock.draw(.maleArabicLast, &random)]
        guard random.chance(year < 1960 ? 1000 : 4500) else { return pair }
        return [stock.draw(.muhammad, &random)] + (random.chance(6000) ? [pair[0]] : pair)
    }

    private static func ofGeneration(isFemale: Bool, born year: Int, _ random: inout Random) -> [UInt16] {
        let stock = NameStock.shared
        let shifted = year + random.within(-5...5)
        if shifted < 1957 { return [stock.draw(isFemale ? .femaleOld : .maleOld, &random)] }
        let (first, last): (NameStock.Pool, NameStock.Pool) =
            switch (shifted, isFemale) {
            case (..<1980, false): (.maleMiddle, .maleMiddleLast)
            case (..<1980, true): (.femaleMiddle, .femaleMiddleLast)
            case (..<2003, false): (.maleYoung, .maleYoungLast)
            case (..<2003, true): (.femaleYoung, .femaleYoungLast)
            case (_, false): (.maleNew, .maleNewLast)
            default: (.femaleNew, .femaleNewLast)
            }
        // Single names die out with the generations.
        let single = shifted < 1970 ? 5500 : shifted < 1980 ? 3000 : shifted < 2003 ? 900 : 100
        if random.chance(single) {
            let pool: NameStock.Pool =
                shifted < 1980 && random.chance(6000) ? (isFemale ? .femaleOld : .maleOld) : first
            return [stock.draw(pool, &random)]
        }
        var parts = [stock.draw(first, &random), stock.draw(last, &random)]
        if shifted >= 1985, random.chance(shifted < 2003 ? 1800 : 5500) {
            if isFemale {
                parts.append(stock.draw(last, &random))
            } else {
                parts.insert(stock.draw(.muhammad, &random), at: 0)
            }
        } else if isFemale, random.chance(1500) {
            parts[0] = stock.draw(.femaleOpening, &random)
        }
        if parts.count == 3, parts[1] == parts[2] { parts.removeLast() }
        return parts
    }
}
