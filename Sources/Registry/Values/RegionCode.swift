/// A region by its code of the Ministry of Home Affairs: province 2, regency 4, district 6, village 10 digits, written
/// `35.10.16.1014`.
///
/// Codes, never names, are keys: two villages of Banyuwangi are called Karangrejo. They are not the codes of Statistics
/// Indonesia, which cannot be computed from them.
public struct RegionCode: Sendable, Hashable, Comparable {
    /// The levels of government, from large to small.
    public enum Level: String, Sendable, CaseIterable {
        /// 2 digits.
        case province
        /// 4 digits: a regency (kabupaten) or city (kota).
        case regency
        /// 6 digits (kecamatan).
        case district
        /// 10 digits: a rural (desa) or urban village (kelurahan).
        case village
    }

    /// The code with its dots.
    public let text: String

    /// A code written with dots (`35.10.16`) or without (`351016`), or nil where the text is none.
    public init?(_ text: some StringProtocol) {
        var digits: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digits.append(byte)
            case UInt8(ascii: ".") where [2, 4, 6].contains(digits.count): continue
            default: return nil
            }
        }
        guard [2, 4, 6, 10].contains(digits.count), !text.hasSuffix(".") else { return nil }
        var dotted: [UInt8] = []
        for (index, digit) in digits.enumerated() {
            if [2, 4, 6].contains(index) { dotted.append(UInt8(ascii: ".")) }
            dotted.append(digit)
        }
        let canonical = String(decoding: dotted, as: UTF8.self)
        // Either all the dots or none: `35.1016` is a slip of the pen.
        guard text == canonical || text.utf8.count == digits.count else { return nil }
        self.text = canonical
    }

    /// The level that the code's length tells.
    public var level: Level {
        switch text.utf8.count {
        case 2: .province
        case 5: .regency
        case 8: .district
        default: .village
        }
    }

    /// The region of that level that this one lies in (or is); nil where this one is larger.
    public func ancestor(_ level: Level) -> RegionCode? {
        let length =
            switch level {
            case .province: 2
            case .regency: 5
            case .district: 8
            case .village: 13
            }
        return text.utf8.count >= length ? RegionCode(text.prefix(length)) : nil
    }

    /// Codes in the order of their digits.
    public static func < (left: RegionCode, right: RegionCode) -> Bool { left.text < right.text }
}

/// A region code as bytes give it, for rows by the million, where making a string of each would cost.
struct RegionDigits {
    /// The digits as one number.
    let number: Int64
    /// The level that the count of digits tells.
    let level: RegionCode.Level
    /// Whether it is written with its dots.
    let isDotted: Bool

    /// The same codes as ``RegionCode/init(_:)`` takes.
    init?(_ bytes: UnsafeRawBufferPointer) {
        var number: Int64 = 0
        var digits = 0
        var dots = 0
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9") where digits < 10:
                number = number * 10 + Int64(byte - UInt8(ascii: "0"))
                digits += 1
            case UInt8(ascii: ".") where digits == 2 * (dots + 1) && digits <= 6: dots += 1
            default: return nil
            }
        }
        switch (digits, dots) {
        case (2, 0): level = .province
        case (4, 0), (4, 1): level = .regency
        case (6, 0), (6, 2): level = .district
        case (10, 0), (10, 3): level = .village
        default: return nil
        }
        self.number = number
        isDotted = dots > 0 || digits == 2
    }

    /// The code with its dots.
    var dotted: String {
        let digits =
            String(repeating: "0", count: max(0, Self.length(of: level) - String(number).count)) + String(number)
        return RegionCode(digits)?.text ?? digits
    }

    private static func length(of level: RegionCode.Level) -> Int {
        switch level {
        case .province: 2
        case .regency: 4
        case .district: 6
        case .village: 10
        }
    }
}

extension RegionCode: CustomStringConvertible {
    /// The code with its dots.
    public var description: String { text }
}
