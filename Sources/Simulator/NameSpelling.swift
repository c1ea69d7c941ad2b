/// The ways in which a name is written otherwise than its bearer writes it. Texts are ASCII capitals unless a function says so.
enum NameSpelling {
    /// As before the reform of 1972: U as OE, J as DJ, Y as J, C as TJ.
    static func oldSpelling(_ name: some Sequence<UInt8>) -> [UInt8] {
        var old: [UInt8] = []
        for letter in name {
            switch letter {
            case UInt8(ascii: "U"): old += [UInt8(ascii: "O"), UInt8(ascii: "E")]
            case UInt8(ascii: "J"): old += [UInt8(ascii: "D"), UInt8(ascii: "J")]
            case UInt8(ascii: "Y"): old.append(UInt8(ascii: "J"))
            case UInt8(ascii: "C"): old += [UInt8(ascii: "T"), UInt8(ascii: "J")]
            default: old.append(letter)
            }
        }
        return old
    }

    /// `SRI WAHYUNI` as `SRI W.`, `MUHAMMAD RIZKI` as `M. RIZKI`; a single name stays.
    static func abbreviated(_ name: [UInt8]) -> [UInt8] {
        var words = name.split(separator: UInt8(ascii: " ")).map(Array.init)
        guard words.count > 1 else { return name }
        let opens = words[0].starts(with: Array("MU".utf8)) || words[0].starts(with: Array("MO".utf8))
        let place = opens ? 0 : words.count - 1
        words[place] = [words[place][0], UInt8(ascii: ".")]
        return Array(words.joined(separator: [UInt8(ascii: " ")]))
    }

    /// A double consonant written once, else a consonant written twice.
    static func doubled(_ name: [UInt8], _ random: inout Random) -> [UInt8] {
        var changed = name
        for place in name.indices.dropLast() where name[place] == name[place + 1] && name[place] != UInt8(ascii: " ") {
            changed.remove(at: place)
            return changed
        }
        let vowels = Array("AEIOU .'".utf8)
        let places = name.indices.dropFirst().filter { !vowels.contains(name[$0]) && !vowels.contains(name[$0 - 1]) }
        let others = name.indices.dropFirst().filter { !vowels.contains(name[$0]) }
        let candidates = places.isEmpty ? others : places
        guard !candidates.isEmpty else { return name }
        let place = candidates[random.below(candidates.count)]
        changed.insert(name[place], at: place)
        return changed
    }

    /// A slip of the pen: a letter that sounds alike, one left out, or two changed over.
    static func misspelt(_ name: [UInt8], _ random: inout Random) -> [UInt8] {
        guard name.count > 3 else { return name }
        var changed = name
        let alike: [UInt8: Character] = [
            UInt8(ascii: "O"): "U", UInt8(ascii: "U"): "O", UInt8(ascii: "I"): "E", UInt8(ascii: "E"): "I",
            UInt8(ascii: "D"): "T", UInt8(ascii: "T"): "D", UInt8(ascii: "Y"): "I", UInt8(ascii: "F"): "P",
            UInt8(ascii: "Z"): "S", UInt8(ascii: "S"): "Z", UInt8(ascii: "K"): "Q", UInt8(ascii: "V"): "F",
        ]
        let kind = random.below(10)
        if kind < 5 {
            let places = name.indices.dropFirst().filter { alike[name[$0]] != nil }
            if !places.isEmpty {
                let place = places[random.below(places.count)]
                changed[place] = alike[name[place]]?.asciiValue ?? name[place]
                return changed
            }
        }
        let place = random.within(1...name.count - 2)
        if kind < 8 || name[place] == name[place + 1] {
            if name[place] != UInt8(ascii: " ") { changed.remove(at: place) }
        } else if name[place] != UInt8(ascii: " "), name[place + 1] != UInt8(ascii: " ") {
            changed.swapAt(place, place + 1)
        }
        return changed
    }

    /// With a title of pilgrimage before it or a degree after it; the comma makes the field a quoted one.
    static func titled(_ name: [UInt8], isFemale: Bool, degrees: Bool, _ random: inout Random) -> [UInt8] {
        if degrees {
            let degree = [", S.Pd.", ", S.E.", ", S.H.", ", M.Pd.", ", S.Sos.", ", A.Md."][random.below(6)]
            return (random.chance(700) ? Array("Ir. ".utf8) : []) + name + Array(degree.utf8)
        }
        return Array((isFemale ? "HJ. " : "H. ").utf8) + name
    }

    /// The first word alone.
    static func firstOnly(_ name: [UInt8]) -> [UInt8] { Array(name.prefix { $0 != UInt8(ascii: " ") }) }

    /// The first two words in one.
    static func joined(_ name: [UInt8]) -> [UInt8] {
        guard let space = name.firstIndex(of: UInt8(ascii: " ")) else { return name }
        return Array(name[..<space] + name[(space + 1)...])
    }

    /// Cut off after some letters, as where a form had that many boxes.
    static func truncated(_ name: [UInt8], to count: Int) -> [UInt8] {
        var cut = Array(name.prefix(count))
        while cut.last == UInt8(ascii: " ") { cut.removeLast() }
        return cut
    }

    /// `SRI WAHYUNI` as `Sri Wahyuni`.
    static func capitalised(_ name: [UInt8]) -> [UInt8] {
        var result = name
        var inWord = false
        for place in result.indices {
            let isLetter = (65...90).contains(result[place])
            if isLetter, inWord { result[place] |= 0x20 }
            inWord = isLetter || result[place] == UInt8(ascii: "'")
        }
        return result
    }

    /// In small letters throughout.
    static func lowercased(_ name: [UInt8]) -> [UInt8] { name.map { (65...90).contains($0) ? $0 | 0x20 : $0 } }
}
