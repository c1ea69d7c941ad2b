extension Function {
    private static let address = CELType.record(NetworkAddress.addressType)
    private static let range = CELType.record(NetworkAddress.rangeType)

    /// The `network` extension: addresses of the Internet and ranges of them.
    static let network: [Function] = [
        text("ip", address, [Overload(isMember: true, parameters: [range], result: address)]) {
            (text) throws(EvaluationError) in
            .record(try NetworkAddress(address: text))
        } ofAddress: { range in
            .record(NetworkAddress(range.bytes))
        },
        text("cidr", range) { (text) throws(EvaluationError) in .record(try NetworkAddress(range: text)) },
        text("isIP", .bool) { text in .bool((try? NetworkAddress(address: text)) != nil) },
        text("isCIDR", .bool) { text in .bool((try? NetworkAddress(range: text)) != nil) },
        text("ip.isCanonical", .bool) { (text) throws(EvaluationError) in
            .bool(try NetworkAddress(address: text).text.hasSameCodePoints(as: text))
        },
        of(address, "family", .int) { .int($0.bytes.count == 4 ? 4 : 6) },
        of(address, "isUnspecified", .bool) { .bool($0.isUnspecified) },
        of(address, "isLoopback", .bool) { .bool($0.isLoopback) },
        of(address, "isGlobalUnicast", .bool) { .bool($0.isGlobalUnicast) },
        of(address, "isLinkLocalMulticast", .bool) { .bool($0.isLinkLocalMulticast) },
        of(address, "isLinkLocalUnicast", .bool) { .bool($0.isLinkLocalUnicast) },
        of(range, "masked", range) { .record($0.masked) },
        of(range, "prefixLength", .int) { .int(Int64($0.prefix ?? 0)) },
        contains("containsIP", address) { (text) throws(EvaluationError) in try NetworkAddress(address: text) },
        contains("containsCIDR", range) { (text) throws(EvaluationError) in try NetworkAddress(range: text) },
    ]

    /// A function of a text, and of an address where it has forms for one.
    private static func text(
        _ name: String, _ result: CELType, _ others: [Overload] = [],
        _ body: @escaping @Sendable (String) throws(EvaluationError) -> Value,
        ofAddress other: (@Sendable (NetworkAddress) -> Value)? = nil
    ) -> Function {
        .one(name, [Overload(parameters: [.string], result: result)] + others) {
            (value, meter) throws(EvaluationError) -> Value in
            if case .string(let text) = value {
                try meter.charge(text.utf8.count)
                return try body(text)
            }
            guard let other, let address = value.networkAddress(isRange: true) else { throw .noOverload(name, value) }
            return other(address)
        }
    }

    private static func of(
        _ type: CELType, _ name: String, _ result: CELType, _ body: @escaping @Sendable (NetworkAddress) -> Value
    ) -> Function {
        .one(name, [Overload(isMember: true, parameters: [type], result: result)]) {
            (value, _) throws(EvaluationError) -> Value in
            guard let address = value.networkAddress(isRange: type == range) else { throw .noOverload(name, value) }
            return body(address)
        }
    }

    private static func contains(
        _ name: String, _ type: CELType, _ read: @escaping @Sendable (String) throws(EvaluationError) -> NetworkAddress
    ) -> Function {
        let overloads = [type, .string].map { Overload(isMember: true, parameters: [range, $0], result: .bool) }
        return .two(name, overloads) { (outer, inner, meter) throws(EvaluationError) -> Value in
            guard let outerRange = outer.networkAddress(isRange: true) else { throw .noOverload(name, outer, inner) }
            if case .string(let text) = inner {
                try meter.charge(text.utf8.count)
                return .bool(outerRange.contains(try read(text)))
            }
            guard let innerAddress = inner.networkAddress(isRange: type == range) else {
                throw .noOverload(name, outer, inner)
            }
            return .bool(outerRange.contains(innerAddress))
        }
    }
}

extension Value {
    /// The address, or the range of addresses, that the value is.
    fileprivate func networkAddress(isRange: Bool) -> NetworkAddress? {
        guard case .record(let record) = self, let address = record as? NetworkAddress,
            (address.prefix != nil) == isRange
        else { return nil }
        return address
    }
}
