#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// An IPv4 or IPv6 network: all addresses that begin with the same bits (CIDR, RFC 4632 and RFC 4291, section 2.3).
package struct AddressBlock: Sendable, Equatable {
    /// 4 or 16.
    private let octets: [UInt8]
    private let prefix: Int

    /// Reads an address, which is a network of one, or `ADDRESS/BITS`.
    ///
    /// - Throws: What must be written instead, as the end of a sentence.
    package init(_ text: String) throws(Mistake) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let octets = Self.octets(of: String(parts[0])) else {
            throw Mistake("must hold IPv4 or IPv6 addresses or networks such as 10.1.0.0/16")
        }
        let isMapped = octets.count == 16 && octets.prefix(12) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255]
        guard !isMapped else { throw Mistake("must name an IPv4 address as such, without ::ffff:") }
        let bits = octets.count * 8
        if parts.count == 2 {
            let digits = parts[1]
            guard (1...3).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int(digits), (1...bits).contains(number)
            else { throw Mistake("must say 1 to \(bits) bits behind the / of this network") }
            prefix = number
        } else {
            prefix = bits
        }
        let rest = (prefix..<bits).contains { octets[$0 / 8] & 0x80 >> UInt8($0 % 8) != 0 }
        guard !rest else { throw Mistake("must name a network by its first address, with zeros behind its bits") }
        self.octets = octets
    }

    /// Whether an address of 4 or 16 octets lies in it.
    package func contains(_ address: [UInt8]) -> Bool {
        guard address.count == octets.count else { return false }
        let whole = prefix / 8
        guard address[..<whole] == octets[..<whole] else { return false }
        return prefix % 8 == 0 || (address[whole] ^ octets[whole]) >> UInt8(8 - prefix % 8) == 0
    }

    /// What is wrong with a text that should name a network.
    package struct Mistake: Error, Equatable {
        package let reason: String

        init(_ reason: String) {
            self.reason = reason
        }
    }

    private static func octets(of text: String) -> [UInt8]? {
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 { return withUnsafeBytes(of: four) { Array($0) } }
        var six = in6_addr()
        return inet_pton(AF_INET6, text, &six) == 1 ? withUnsafeBytes(of: six) { Array($0) } : nil
    }
}
