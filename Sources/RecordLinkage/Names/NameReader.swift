/// Reads names as agencies write them: into words of capitals, without titles, each word also in the form in which two
/// spellings of it are the same.
struct NameReader: Sendable {
    /// The most words of a name that count.
    static let most = 8
    /// The most letters of a word that count: longer ones are cut, so that no comparison takes long.
    static let longest = 24

    private let titles: Set<[UInt8]>
    private let patronymics: Set<[UInt8]>
    private let words: [[UInt8]: [UInt8]]
    private let spellings: [(from: [UInt8], to: [UInt8])]
    private let joinsDoubledLetters: Bool

    init(_ equivalents: NameEquivalents) {
        titles = Set(equivalents.titles.map { Array($0.utf8) })
        patronymics = Set(equivalents.patronymics.map { Array($0.utf8) })
        words = Dictionary(
            equivalents.words.map { (Array($0.key.utf8), Array($0.value.utf8)) },
            uniquingKeysWith: { first, _ in first })
        spellings = equivalents.spellings.map { (Array($0.from.utf8), Array($0.to.utf8)) }
        joinsDoubledLetters = equivalents.joinsDoubledLetters
    }

    /// The words of a name, in their order; empty where there is no letter in it.
    func words(of name: UnsafeRawBufferPointer) -> [[UInt8]] {
        var found: [[UInt8]] = []
        // The parts of what stands between two spaces: a point parts `M.ARIF`, and not `S.PD`.
        var parts: [[UInt8]] = []
        var word: [UInt8] = []
        func finishPart() {
            guard !word.isEmpty else { return }
            parts.append(word)
            word.removeAll(keepingCapacity: true)
        }
        func finish() {
            finishPart()
            defer { parts.removeAll(keepingCapacity: true) }
            if parts.count > 1, titles.contains(Array(parts.joined())) { return }
            for part in parts where found.count < Self.most { found.append(Array(part.prefix(Self.longest))) }
        }
        reading: for byte in name {
            switch byte {
            case 0x41...0x5A: word.append(byte)
            case 0x61...0x7A: word.append(byte - 0x20)
            // An apostrophe stands inside a word: MA'RUF.
            case 0x27, 0x60: continue
            // What is no ASCII letter stands for one.
            case 0x80...: word.append(byte)
            case 0x2E: finishPart()
            default: finish()
            }
            // Behind a comma stand degrees.
            if byte == 0x2C, !found.isEmpty { break reading }
            // No name is that long; the rest of a page is not read.
            if word.count > 4 * Self.longest { word.removeLast() }
        }
        finish()
        if let end = found.firstIndex(where: { patronymics.contains($0) }), end > 0 { found.removeSubrange(end...) }
        // A name that is nothing but a title is a name: HAJI.
        let kept = found.filter { !titles.contains($0) }
        return (kept.isEmpty ? found : kept).map { words[$0] ?? $0 }
    }

    /// The form of a word in which two spellings of it are the same.
    func folded(_ word: [UInt8]) -> [UInt8] {
        var letters = word
        for (from, to) in spellings where letters.count >= from.count { letters = Self.replacing(letters, from, to) }
        guard joinsDoubledLetters else { return letters }
        var joined: [UInt8] = []
        joined.reserveCapacity(letters.count)
        for letter in letters where joined.last != letter { joined.append(letter) }
        return joined
    }

    private static func replacing(_ letters: [UInt8], _ from: [UInt8], _ to: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(letters.count)
        var index = 0
        while index < letters.count {
            // A letter alone is an initial, and stays.
            if index + from.count <= letters.count, letters.count > 1,
                letters[index..<index + from.count].elementsEqual(from)
            {
                result += to
                index += from.count
            } else {
                result.append(letters[index])
                index += 1
            }
        }
        return result
    }
}
