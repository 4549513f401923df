/// The host that a request is for, as `Host` names it (RFC 9110, section 7.2).
struct Authority: Equatable {
    /// A name, an IPv4 address, or an IPv6 address in brackets, as it was written; empty where nothing is named.
    let name: Substring

    /// Reads `NAME`, `NAME:PORT`, `[IPV6]` or `[IPV6]:PORT`; `nil` for anything else.
    init?(_ text: Substring) {
        let octets = text.utf8
        let end: Substring.Index
        if octets.first == UInt8(ascii: "[") {
            guard let bracket = octets.firstIndex(of: UInt8(ascii: "]")),
                bracket != octets.index(after: octets.startIndex),
                octets[..<bracket].dropFirst().allSatisfy(Self.isOfIPv6)
            else { return nil }
            end = octets.index(after: bracket)
        } else {
            end = octets.firstIndex(of: UInt8(ascii: ":")) ?? octets.endIndex
            guard octets[..<end].allSatisfy(Self.isOfName) else { return nil }
        }
        guard end == octets.endIndex || octets[end] == UInt8(ascii: ":") && Self.isPort(text[end...].dropFirst()) else {
            return nil
        }
        name = text[..<end]
    }

    private static func isOfIPv6(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "0")...UInt8(ascii: ":"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    private static func isOfName(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// Empty, or a number of at most five digits.
    private static func isPort(_ text: Substring) -> Bool {
        text.utf8.count <= 5 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
