/// An IP address, or a range of addresses that begin alike (CIDR, RFC 4632), of version 4 or 6.
///
/// To expressions it is a record without fields that can be written, so that `==` compares addresses.
final class NetworkAddress: Record {
    static let addressType = RecordType(name: "net.IP", fields: [.init(name: "@bytes", type: .bytes)])
    static let rangeType = RecordType(
        name: "net.CIDR", fields: [.init(name: "@bytes", type: .bytes), .init(name: "@prefix", type: .int)])

    /// 4 or 16 bytes.
    let bytes: [UInt8]
    /// How many bits all addresses of a range have in common; nothing for one address.
    let prefix: Int?

    init(_ bytes: [UInt8], prefix: Int? = nil) {
        self.bytes = bytes
        self.prefix = prefix
    }

    var recordType: RecordType? { prefix == nil ? Self.addressType : Self.rangeType }

    func value(field: Int) -> Value {
        field == 0 ? .bytes(bytes) : .int(Int64(prefix ?? 0))
    }
}

// MARK: - Reading

extension NetworkAddress {
    /// Reads an address; one of version 6 that stands for one of version 4 is that.
    convenience init(address text: String) throws(EvaluationError) {
        let bytes = try Self.read(text, in: text)
        let isMapped = bytes.count == 16 && bytes.starts(with: Self.mapped)
        self.init(isMapped ? Array(bytes.suffix(4)) : bytes)
    }

    /// Reads an address and, after `/`, the length of the prefix.
    convenience init(range text: String) throws(EvaluationError) {
        guard let slash = text.utf8.lastIndex(of: UInt8(ascii: "/")) else {
            throw Self.fault(text, "a range is written address/length")
        }
        let bytes = try Self.read(String(text[..<slash]), in: text)
        if bytes.count == 16, bytes.starts(with: Self.mapped) { throw Self.mappedFault(text) }
        let digits = text.utf8[text.utf8.index(after: slash)...]
        guard let length = Self.decimal(digits, atMost: bytes.count * 8) else {
            throw Self.fault(text, "its length must be a number from 0 to \(bytes.count * 8)")
        }
        self.init(bytes, prefix: length)
    }

    private static let mapped: [UInt8] = Array(repeating: 0, count: 10) + [0xFF, 0xFF]

    private static func fault(_ text: String, _ message: String) -> EvaluationError {
        EvaluationError(.invalidArgument, "\(Value.string(text).shortText) is no network address: \(message)")
    }

    private static func mappedFault(_ text: String) -> EvaluationError {
        fault(text, "an IPv4 address is not written within an IPv6 address here")
    }

    private static func read(_ text: String, in whole: String) throws(EvaluationError) -> [UInt8] {
        // No address is longer than this (RFC 4291, section 2.2), and a text may be of any length.
        guard text.utf8.count <= 45 else { throw fault(whole, "it is too long") }
        if text.utf8.contains(UInt8(ascii: "%")) { throw fault(whole, "a zone is not allowed") }
        guard text.utf8.contains(UInt8(ascii: ":")) else {
            guard let bytes = dotted(text.utf8[...]) else {
                throw fault(whole, "expected four numbers from 0 to 255 with dots between, or IPv6")
            }
            return bytes
        }
        guard let bytes = colons(text.utf8[...]) else {
            throw fault(whole, "expected eight groups of hexadecimal digits with ':' between, at most one '::'")
        }
        if text.utf8.contains(UInt8(ascii: ".")), bytes.starts(with: mapped) { throw mappedFault(whole) }
        return bytes
    }

    /// A decimal number without leading zeros.
    private static func decimal(_ digits: Substring.UTF8View, atMost limit: Int) -> Int? {
        guard (1...3).contains(digits.count), digits.count == 1 || digits.first != UInt8(ascii: "0") else { return nil }
        var value = 0
        for byte in digits {
            guard let digit = byte.decimalDigit else { return nil }
            value = value * 10 + digit
        }
        return value <= limit ? value : nil
    }

    private static func dotted(_ text: Substring.UTF8View) -> [UInt8]? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        let bytes = parts.compactMap { decimal($0, atMost: 255).map(UInt8.init) }
        return bytes.count == 4 ? bytes : nil
    }

    private static func colons(_ text: Substring.UTF8View) -> [UInt8]? {
        let groups = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        // `::` leaves an empty group; at either end it leaves one more.
        var empty = groups.indices.filter { groups[$0].isEmpty }
        if empty.starts(with: [0, 1]) { empty.removeFirst() }
        if empty.suffix(2) == [groups.count - 2, groups.count - 1] { empty.removeLast() }
        guard empty.count <= 1, empty.first != 0, empty.first != groups.count - 1 else { return nil }
        let head = bytes(of: groups[..<(empty.first ?? groups.count)], isEnd: empty.isEmpty)
        guard let gap = empty.first else { return head?.count == 16 ? head : nil }
        guard let head, let tail = bytes(of: groups[(gap + 1)...], isEnd: true) else { return nil }
        let missing = 16 - head.count - tail.count
        return missing > 0 ? head + Array(repeating: 0, count: missing) + tail : nil
    }

    /// The bytes of groups, the last of which may be four numbers with dots where they end the address.
    private static func bytes(of groups: ArraySlice<Substring.UTF8View>, isEnd: Bool) -> [UInt8]? {
        var result: [UInt8] = []
        for (place, group) in zip(groups.indices, groups) where !group.isEmpty {
            if isEnd, place == groups.indices.last, group.contains(UInt8(ascii: ".")) {
                guard let four = dotted(group) else { return nil }
                result += four
                continue
            }
            guard group.count <= 4 else { return nil }
            var value = 0
            for byte in group {
                guard let digit = byte.hexDigit else { return nil }
                value = value * 16 + digit
            }
            result += [UInt8(value >> 8), UInt8(value & 0xFF)]
        }
        return result
    }
}

// MARK: - Writing and asking

extension NetworkAddress {
    /// The one way of writing it that RFC 5952 recommends.
    var text: String {
        let address =
            bytes.count == 4 ? bytes.map { String($0) }.joined(separator: ".") : Self.text(ofGroups: groups)
        return prefix.map { "\(address)/\($0)" } ?? address
    }

    private var groups: [Int] { stride(from: 0, to: 16, by: 2).map { Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]) } }

    private static func text(ofGroups groups: [Int]) -> String {
        // The longest run of two or more zeros, the first of equals, becomes `::`.
        var best = 0..<0
        var start = 0
        for place in 0...groups.count where place == groups.count || groups[place] != 0 {
            if place - start > max(1, best.count) { best = start..<place }
            start = place + 1
        }
        let texts = groups.map { String($0, radix: 16) }
        if best.isEmpty { return texts.joined(separator: ":") }
        return texts[..<best.lowerBound].joined(separator: ":") + "::"
            + texts[best.upperBound...].joined(separator: ":")
    }

    /// The bytes with all bits beyond the first ones cleared.
    private func masked(to bits: Int) -> [UInt8] {
        bytes.enumerated().map { place, byte in
            byte & UInt8(truncatingIfNeeded: 0xFF00 >> min(8, max(0, bits - place * 8)))
        }
    }

    /// The range with its first address.
    var masked: NetworkAddress { NetworkAddress(masked(to: prefix ?? bytes.count * 8), prefix: prefix) }

    /// Whether an address, or all of a range, lies in this range.
    func contains(_ other: NetworkAddress) -> Bool {
        guard let prefix, bytes.count == other.bytes.count, prefix <= other.prefix ?? other.bytes.count * 8 else {
            return false
        }
        return masked(to: prefix) == other.masked(to: prefix)
    }

    var isUnspecified: Bool { bytes.allSatisfy { $0 == 0 } }

    var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1
    }

    private var isMulticast: Bool { bytes.count == 4 ? bytes[0] & 0xF0 == 0xE0 : bytes[0] == 0xFF }

    var isLinkLocalMulticast: Bool {
        bytes.count == 4 ? bytes.starts(with: [224, 0, 0]) : bytes[0] == 0xFF && bytes[1] & 0x0F == 0x02
    }

    var isLinkLocalUnicast: Bool {
        bytes.count == 4 ? bytes.starts(with: [169, 254]) : bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80
    }

    /// Whether it may be one host's, private or public: not a group's, not this host's own, not the network's broadcast.
    var isGlobalUnicast: Bool {
        !isUnspecified && !isLoopback && !isMulticast && !isLinkLocalUnicast && bytes != [255, 255, 255, 255]
    }
}
