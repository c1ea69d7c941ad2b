/// How two names compare, word by word.
enum NameLevel: UInt8, CaseIterable {
    case different, alike, sharesWord, shortenedTypos, shortened, typos, equal

    var words: String {
        switch self {
        case .different: "different"
        case .alike: "somewhat alike"
        case .sharesWord: "some words equal"
        case .shortenedTypos: "one is the other, shortened and mistyped"
        case .shortened: "one is the other with words left out or cut to letters"
        case .typos: "all words equal but for letters"
        case .equal: "equal words"
        }
    }

    static func compare(_ names: NameLook, _ left: Int32, _ right: Int32, _ cache: inout WordCache) -> NameLevel {
        if left == right || names.forms[Int(left)] == names.forms[Int(right)] { return .equal }
        let (first, second) = (names.range(left), names.range(right))
        return first.count <= second.count
            ? align(names, first, second, &cache) : align(names, second, first, &cache)
    }

    /// Aligns the words of the shorter name with those of the longer one: equal ones first, then mistyped ones, then
    /// initials.
    private static func align(
        _ names: NameLook, _ short: Range<Int>, _ long: Range<Int>, _ cache: inout WordCache
    ) -> NameLevel {
        var (usedShort, usedLong): (UInt32, UInt32) = (0, 0)
        var (same, sameLong, typos, initials) = (0, 0, 0, 0)
        var step = WordRelation.same
        while true {
            for i in 0..<short.count where usedShort >> UInt32(i) & 1 == 0 {
                let word = names.words[short.lowerBound + i]
                for j in 0..<long.count where usedLong >> UInt32(j) & 1 == 0 {
                    let other = names.words[long.lowerBound + j]
                    guard step == .same ? word == other : cache.relation(names, word, other) == step else { continue }
                    usedShort |= 1 << UInt32(i)
                    usedLong |= 1 << UInt32(j)
                    switch step {
                    case .same:
                        same += 1
                        if names.length(word) > 2 { sameLong += 1 }
                    case .typo: typos += 1
                    case .initial, .different: initials += 1
                    }
                    break
                }
            }
            if step == .same { step = .typo } else if step == .typo { step = .initial } else { break }
        }
        let matched = same + typos + initials
        if matched == short.count {
            if initials == 0, short.count == long.count { return typos == 0 ? .equal : .typos }
            if sameLong > 0 { return typos == 0 ? .shortened : .shortenedTypos }
            return typos > 0 ? .shortenedTypos : .alike
        }
        if sameLong > 0 { return .sharesWord }
        return typos > 0 ? .alike : .different
    }

    /// How frequent what two names have in common is: the whole name, or the rarest word that both have.
    func frequency(_ names: NameLook, _ first: Int32, _ second: Int32) -> Double? {
        switch self {
        case .equal:
            let (one, other) = (Int(names.forms[Int(first)]), Int(names.forms[Int(second)]))
            return (Double(max(names.recordsOfForm[one], names.recordsOfForm[other])) + names.asked) / names.known
        case .typos, .shortened, .shortenedTypos, .sharesWord:
            var rarest: Int32 = .max
            for i in names.range(first) {
                for j in names.range(second) where names.words[i] == names.words[j] {
                    rarest = min(rarest, names.recordsOfFold[Int(names.words[i])])
                }
            }
            return rarest == .max ? nil : (Double(rarest) + names.asked) / names.known
        case .different, .alike: return nil
        }
    }
}

/// How two words compare.
enum WordRelation: UInt8 { case different, same, typo, initial }

/// Remembers how words compare: the same few come again and again.
struct WordCache {
    private static let size = 1 << 15
    private var keys = [UInt64](repeating: .max, count: size)
    private var relations = [WordRelation](repeating: .different, count: size)

    /// Forgets everything: for numbers that now stand for other words.
    mutating func clear() { for slot in keys.indices { keys[slot] = .max } }

    mutating func relation(_ names: NameLook, _ left: Int32, _ right: Int32) -> WordRelation {
        if left == right { return .same }
        let (first, second) = (names.length(left), names.length(right))
        if first == 1 || second == 1 {
            return names.letters(left).first == names.letters(right).first ? .initial : .different
        }
        // Two edits change four letters at most.
        let apart = (names.masks[Int(left)] ^ names.masks[Int(right)]).nonzeroBitCount
        if apart > 4 || abs(first - second) > 3 { return .different }
        let key = names.number << 58 | UInt64(min(left, right)) << 29 | UInt64(max(left, right))
        let slot = Int(truncatingIfNeeded: mix(key)) & (Self.size - 1)
        if keys[slot] == key { return relations[slot] }
        let relation = Self.compare(names.letters(left), names.letters(right))
        keys[slot] = key
        relations[slot] = relation
        return relation
    }

    private static func compare(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> WordRelation {
        let (short, long) = (min(left.count, right.count), max(left.count, right.count))
        guard short >= 3 else { return .different }
        let limit = short >= 7 ? 2 : 1
        if EditDistance.alignment(left, right, limit: limit) <= limit {
            return short >= 4 || long == short ? .typo : .different
        }
        return short >= 5 && EditDistance.jaroWinkler(left, right) >= 0.93 ? .typo : .different
    }
}
