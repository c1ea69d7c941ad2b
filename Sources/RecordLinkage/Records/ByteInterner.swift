/// Different byte strings, numbered from 0 in the order in which they first came.
struct ByteInterner: Sendable {
    private var slots: [Int32]
    private var hashes: [UInt64] = []
    private(set) var ends: [Int] = []
    private(set) var bytes: [UInt8] = []

    init() { slots = Array(repeating: -1, count: 1024) }

    /// How many there are.
    var count: Int { ends.count }

    /// The number of a string; a new one gets the next.
    mutating func intern(_ string: UnsafeRawBufferPointer) -> Int32 {
        let hash = Self.hash(string)
        let slot = slot(string, hash)
        if slots[slot] >= 0 { return slots[slot] }
        let number = Int32(ends.count)
        slots[slot] = number
        hashes.append(hash)
        bytes.append(contentsOf: string)
        ends.append(bytes.count)
        if ends.count * 2 > slots.count { grow() }
        return number
    }

    /// The number of a string of bytes; a new one gets the next.
    mutating func intern(_ string: some Sequence<UInt8>) -> Int32 {
        let copy = Array(string)
        return copy.withUnsafeBytes { intern($0) }
    }

    /// The number of a string of bytes; nil where it never came.
    func number(_ string: [UInt8]) -> Int32? {
        let number = string.withUnsafeBytes { slots[slot($0, Self.hash($0))] }
        return number < 0 ? nil : number
    }

    /// The slot with a string's number, or the empty one where it belongs.
    private func slot(_ string: UnsafeRawBufferPointer, _ hash: UInt64) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] >= 0, hashes[Int(slots[slot])] != hash || !equals(Int(slots[slot]), string) {
            slot = (slot + 1) & mask
        }
        return slot
    }

    /// Where a string lies in ``bytes``.
    func range(_ number: Int32) -> Range<Int> {
        let index = Int(number)
        return (index == 0 ? 0 : ends[index - 1])..<ends[index]
    }

    private func equals(_ number: Int, _ string: UnsafeRawBufferPointer) -> Bool {
        let start = number == 0 ? 0 : ends[number - 1]
        guard ends[number] - start == string.count else { return false }
        return bytes.withUnsafeBytes { all in
            for offset in 0..<string.count where all[start + offset] != string[offset] { return false }
            return true
        }
    }

    private mutating func grow() {
        slots = Array(repeating: -1, count: slots.count * 4)
        let mask = slots.count - 1
        for (number, hash) in hashes.enumerated() {
            var slot = Int(truncatingIfNeeded: hash) & mask
            while slots[slot] >= 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(number)
        }
    }

    /// A hash of bytes: eight at a time, each mixed as SplitMix64 does.
    static func hash(_ string: UnsafeRawBufferPointer) -> UInt64 {
        var hash = UInt64(truncatingIfNeeded: string.count) &* 0x9E37_79B9_7F4A_7C15
        var index = 0
        while index + 8 <= string.count {
            hash = mix(hash ^ string.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            index += 8
        }
        var rest: UInt64 = 0
        while index < string.count {
            rest = rest << 8 | UInt64(string[index])
            index += 1
        }
        return mix(hash ^ rest)
    }
}

/// Mixes the bits of a word so that each bit of it changes half of the result's (SplitMix64's finisher).
@inline(__always) func mix(_ word: UInt64) -> UInt64 {
    var word = word &+ 0x9E37_79B9_7F4A_7C15
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
}
