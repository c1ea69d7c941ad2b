/// Further slips, of those who type what they hear or copy what they read. Texts are ASCII capitals.
extension NameSpelling {
    /// Letters that lie beside each other on the keyboard.
    private static let keys: [[UInt8]] = ["QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM"].map { Array($0.utf8) }

    /// Spellings of one sound, of which either is written for the other.
    private static let sounds: [(short: [UInt8], long: [UInt8])] = [
        ("S", "SY"), ("H", "KH"), ("T", "TH"), ("D", "DH"), ("Z", "DZ"), ("I", "IY"), ("I", "IE"), ("C", "CH"),
        ("A", "AH"),
        ("U", "UW"), ("SI", "SY"), ("AI", "AE"), ("OH", "AH"), ("I", "Y"),
    ].map { (Array($0.0.utf8), Array($0.1.utf8)) }

    /// A letter struck beside its key.
    static func struck(_ name: [UInt8], _ random: inout Random) -> [UInt8] {
        guard name.count > 2 else { return name }
        let place = random.within(1...name.count - 1)
        guard let row = keys.first(where: { $0.contains(name[place]) }), let key = row.firstIndex(of: name[place])
        else { return name }
        var changed = name
        changed[place] = key == 0 || (key < row.count - 1 && random.chance(5000)) ? row[key + 1] : row[key - 1]
        return changed
    }

    /// A sound in another spelling: `SYAIFUL` as `SAIFUL`, `SITI` as `SITHI`.
    static func soundedOut(_ name: [UInt8], _ random: inout Random) -> [UInt8] {
        let first = random.below(sounds.count)
        for step in sounds.indices {
            let (short, long) = sounds[(first + step) % sounds.count]
            let (old, new) = random.chance(5000) ? (short, long) : (long, short)
            guard name.count > old.count else { continue }
            let places = (0...name.count - old.count).filter { name[$0..<$0 + old.count].elementsEqual(old) }
            guard !places.isEmpty else { continue }
            let place = places[random.below(places.count)]
            return Array(name[..<place]) + new + Array(name[(place + old.count)...])
        }
        return name
    }

    /// One of all the slips: alike letters, left out or changed over ones, doubled ones, other keys, other spellings.
    static func slip(_ name: [UInt8], _ random: inout Random) -> [UInt8] {
        switch random.below(10) {
        case ..<4: misspelt(name, &random)
        case 4: doubled(name, &random)
        case 5, 6: soundedOut(name, &random)
        case 7, 8: struck(name, &random)
        default: usualShort(name) ?? misspelt(name, &random)
        }
    }

    /// `MUHAMMAD RIZKI` as `MOH. RIZKI`: the usual short forms; nil where there is none.
    private static func usualShort(_ name: [UInt8]) -> [UInt8]? {
        let first = firstOnly(name)
        guard first.count < name.count else { return nil }
        for (long, short) in shorts where first == long { return short + name[first.count...] }
        return nil
    }

    private static let shorts: [(long: [UInt8], short: [UInt8])] = [
        ("MUHAMMAD", "MOH."), ("MOHAMMAD", "MOH"), ("AHMAD", "ACH."), ("ACHMAD", "AH."), ("MOCHAMAD", "MOCH."),
        ("ABDUL", "ABD."),
        ("WAYAN", "WYN."), ("NYOMAN", "NYM."), ("KETUT", "KT."), ("MADE", "MD."),
    ].map { (Array($0.0.utf8), Array($0.1.utf8)) }

    // MARK: Parts

    private static func words(_ name: [UInt8]) -> [ArraySlice<UInt8>] { name.split(separator: UInt8(ascii: " ")) }

    private static func joined(_ words: [ArraySlice<UInt8>]) -> [UInt8] {
        Array(words.joined(separator: [UInt8(ascii: " ")]))
    }

    /// A part as an initial, mostly the last, with or without a point; a single name stays.
    static func initial(_ name: [UInt8], _ random: inout Random) -> [UInt8] {
        var words = words(name)
        guard words.count > 1 else { return name }
        let place = random.chance(1500) ? 0 : 1 + random.below(words.count - 1)
        words[place] = words[place].prefix(1) + (random.chance(6300) ? [UInt8(ascii: ".")] : [])
        return joined(words)
    }

    /// One part left out; a single name stays.
    static func leftOut(_ name: [UInt8], _ random: inout Random) -> [UInt8] {
        var words = words(name)
        guard words.count > 1 else { return name }
        words.remove(at: random.below(words.count))
        return joined(words)
    }

    /// Two neighbouring parts changed over; a single name stays.
    static func reordered(_ name: [UInt8], _ random: inout Random) -> [UInt8] {
        var words = words(name)
        guard words.count > 1 else { return name }
        let place = random.below(words.count - 1)
        words.swapAt(place, place + 1)
        return joined(words)
    }

    /// The first long part in two.
    static func split(_ name: [UInt8], _ random: inout Random) -> [UInt8] {
        guard let word = words(name).first(where: { $0.count > 5 }) else { return name }
        var changed = name
        changed.insert(UInt8(ascii: " "), at: word.startIndex + random.within(2...word.count - 3))
        return changed
    }

    /// As today what was spelt as before 1972, else as before 1972.
    static func respelt(_ name: [UInt8]) -> [UInt8] {
        var new: [UInt8] = []
        var place = 0
        while place < name.count {
            let pair = name[place..<min(place + 2, name.count)]
            let letter: Character? =
                pair.elementsEqual("OE".utf8)
                ? "U" : pair.elementsEqual("DJ".utf8) ? "J" : pair.elementsEqual("TJ".utf8) ? "C" : nil
            new.append(letter?.asciiValue ?? name[place])
            place += letter == nil ? 1 : 2
        }
        return new == name ? oldSpelling(name) : new
    }

    /// With a title or a form of address before it, or a degree after it.
    static func addressed(_ name: [UInt8], isFemale: Bool, _ random: inout Random) -> [UInt8] {
        let space = [UInt8(ascii: " ")]
        if random.chance(6000) {
            let titles =
                isFemale
                ? ["HJ.", "HJ.", "HJ", "HJ.", "DR.", "DRA.", "IR.", "BU", "RR."]
                : ["H.", "H.", "H", "H.", "KH.", "DR.", "DRS.", "IR.", "PAK", "R.", "RD.", "UST."]
            return Array(titles[random.below(titles.count)].utf8) + space + name
        }
        let degrees = [
            "S.PD", "S.PD.", "S.E.", "SE", "S.H.", "SH", "ST", "S.AG", "S.SOS", "S.KOM", "M.PD", "A.MD.KEB", "(ALM)",
        ]
        return name + space + Array(degrees[random.below(degrees.count)].utf8)
    }
}
