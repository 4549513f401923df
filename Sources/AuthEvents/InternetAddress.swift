#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// Whether a text is an IPv4 address in four decimal numbers or an IPv6 address (RFC 4291, section 2.2), without a zone.
func isInternetAddress(_ text: String) -> Bool {
    var address = in6_addr()
    return inet_pton(AF_INET, text, &address) == 1 || inet_pton(AF_INET6, text, &address) == 1
}

/// What an address on the internet is counted by: an IPv4 address as it is, also where it stands in IPv6 (RFC 4291, section
/// 2.5.5.2), and of any other IPv6 address its network of 64 bits.
///
/// `nil` where the text is no address.
package func internetNetwork(of text: String) -> String? {
    var four = in_addr()
    if inet_pton(AF_INET, text, &four) == 1 {
        return withUnsafeBytes(of: &four) { $0.map { String($0) }.joined(separator: ".") }
    }
    var six = in6_addr()
    guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
    let octets = withUnsafeBytes(of: &six) { Array($0) }
    if octets.prefix(12) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff] {
        return octets.suffix(4).map { String($0) }.joined(separator: ".")
    }
    return octets.prefix(8).map { String($0, radix: 16) }.joined(separator: ":") + "/64"
}
