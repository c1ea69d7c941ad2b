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
    /// (words left out or cut to their first letters, with one telling word in common), or they differ by a slip of
    /// the pen (Jaro–Winkler of at least 0.92).
    func agrees(with other: NameForm) -> Bool {
        if bytes == other.bytes { return !bytes.isEmpty }
        guard !bytes.isEmpty, !other.bytes.isEmpty else { return false }
        return isShortened(of: other) || other.isShortened(of: self)
            || JaroWinkler.similarity(bytes, other.bytes) >= 0.92
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

/// The similarity of two short texts after Jaro (1989) and Winkler (1990).
enum JaroWinkler {
    /// From 0 (nothing in common) to 1 (equal); a common prefix of up to four bytes counts more, by 0.1 each.
    static func similarity(_ left: [UInt8], _ right: [UInt8]) -> Double {
        guard !left.isEmpty, !right.isEmpty else { return left.isEmpty && right.isEmpty ? 1 : 0 }
        let window = max(0, max(left.count, right.count) / 2 - 1)
        var leftMatched = [Bool](repeating: false, count: left.count)
        var rightMatched = [Bool](repeating: false, count: right.count)
        var matches = 0
        for index in left.indices {
            let lower = max(0, index - window)
            let upper = min(right.count - 1, index + window)
            guard lower <= upper else { continue }
            for candidate in lower...upper where !rightMatched[candidate] && right[candidate] == left[index] {
                leftMatched[index] = true
                rightMatched[candidate] = true
                matches += 1
                break
            }
        }
        guard matches > 0 else { return 0 }
        var transposed = 0
        var next = 0
        for index in left.indices where leftMatched[index] {
            while !rightMatched[next] { next += 1 }
            if left[index] != right[next] { transposed += 1 }
            next += 1
        }
        let count = Double(matches)
        let jaro =
            (count / Double(left.count) + count / Double(right.count) + (count - Double(transposed / 2)) / count) / 3
        var prefix = 0
        while prefix < min(4, left.count, right.count), left[prefix] == right[prefix] { prefix += 1 }
        return jaro + Double(prefix) * 0.1 * (1 - jaro)
    }
}
