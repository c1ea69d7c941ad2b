import Foundation

/// Where the address of the client is read.
public enum ClientAddressSource: Sendable, Equatable {
    /// From the connection: no proxy stands in front.
    case connection
    /// From the last entry of this header, which the proxy in front adds or sets, such as `X-Forwarded-For`. Entries
    /// before the last may be made up by the client.
    case header(String)
}

/// The part of an address that stands for one client: an IPv4 address, or the first 64 bits of an IPv6 address, since
/// whoever has one of those has all of them.
func clientNetwork(of address: String) -> String {
    var parsed = in6_addr()
    guard inet_pton(AF_INET6, address, &parsed) == 1 else {
        // A header can say anything; what is kept of it must not be long.
        return String(address.prefix(64))
    }
    let bytes = withUnsafeBytes(of: &parsed) { Array($0) }
    if bytes.prefix(12) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF] {
        return bytes.suffix(4).map(String.init).joined(separator: ".")
    }
    return stride(from: 0, to: 8, by: 2).map { index in
        String(UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1]), radix: 16)
    }.joined(separator: ":") + "::/64"
}
