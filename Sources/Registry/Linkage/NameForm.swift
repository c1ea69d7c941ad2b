import RecordLinkage

/// A name in the form in which two spellings are compared: upper-case letters, single spaces, no titles.
///
/// This is the certain part of linkage: it only ever confirms what an equal NIK says already.
struct NameForm: Sendable, Hashable {
    /// Words of letters `A` to `Z`, separated by spaces.
    let bytes: [UInt8]

    /// The form of a name as an agency writes it.
    init(_ name: UnsafeRawBufferPointer) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(name.count)
        var start = 0
        var index = 0
        func finishWord() {
            let word = bytes[start...]
            // What follows a comma are degrees; before it, a word may still be a title such as H. or Hj.
            if word.isEmpty || Self.titles.contains(Array(word)) {
                bytes.removeSubrange(start...)
            } else {
                bytes.append(0x20)
            }
            start = bytes.count
        }
        while index < name.count {
            let byte = name[index]
            switch byte {
            case 0x41...0x5A: bytes.append(byte)
            case 0x61...0x7A: bytes.append(byte - 0x20)
            case 0x27, 0x60: break  // an apostrophe stands inside a word: Ma'ruf
            case 0x2C:
                index = name.count
                continue
            case 0x80...: bytes.append(0x3F)
            default: finishWord()
            }
            index += 1
        }
        finishWord()
        if bytes.last == 0x20 { bytes.removeLast() }
        self.bytes = bytes
    }

    /// The form of a name as an agency writes it.
    init(_ name: String) {
        var copy = name
        self = copy.withUTF8 { NameForm(UnsafeRawBufferPointer($0)) }
    }

    /// A form that was stored.
    init(stored bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    private static let titles: Set<[UInt8]> = Set(
        ["H", "HJ", "DR", "DRS", "DRA", "IR", "RADEN", "RR", "KH", "ALM"].map { Array($0.utf8) })

    /// Words that so many bear that sharing them says nothing.
    private static let commonWords: Set<ArraySlice<UInt8>> = Set(
        [
            "MUHAMMAD", "MUHAMAD", "MOHAMMAD", "MOHAMAD", "MOCHAMAD", "MOCHAMMAD", "MOH", "MOCH", "MUH", "MUCH", "MHD",
            "MD", "M", "AHMAD", "ACHMAD", "ABD", "ABDUL", "SITI", "ST", "SITTI", "SRI", "NUR", "NI", "I", "DEWI", "BIN",
            "BINTI",
        ].map { Array($0.utf8)[...] })

    /// Whether two names can be those of one person whose NIK is the same: they are equal, one is the other shortened
    /// (words left out or cut to their first letters, with one telling word in common), or they differ by a slip of the pen:
    /// one edit from five letters on, two from twelve, or a Jaro–Winkler similarity of at least 0.92. That alone would take
    /// one letter too many in a long name, whose letters recur, for another name.
    func agrees(with other: NameForm) -> Bool {
        if bytes == other.bytes { return !bytes.isEmpty }
        guard !bytes.isEmpty, !other.bytes.isEmpty else { return false }
        if isShortened(of: other) || other.isShortened(of: self) { return true }
        let letters = min(bytes.count, other.bytes.count)
        let slips = letters >= 12 ? 2 : letters >= 5 ? 1 : 0
        return bytes.withUnsafeBytes { own in
            other.bytes.withUnsafeBytes { other in
                EditDistance.alignment(own, other, limit: slips) <= slips
                    || EditDistance.jaroWinkler(own, other) >= 0.92
            }
        }
    }

    private func isShortened(of longer: NameForm) -> Bool {
        let words = bytes.split(separator: 0x20)
        var rest = longer.bytes.split(separator: 0x20)[...]
        guard words.count <= rest.count else { return false }
        var tells = false
        for word in words {
            while let candidate = rest.first, !candidate.starts(with: word) { rest = rest.dropFirst() }
            guard let candidate = rest.popFirst() else { return false }
            if word.count > 2, candidate.count == word.count, !Self.commonWords.contains(word) { tells = true }
        }
        return tells
    }
}
