/// What a request line asks for: a path and a query, still percent-encoded.
///
/// Only the origin form and `*` exist here (RFC 9112, section 3.2): an absolute form would name a second host beside the
/// `Host` field, and no client of an origin server sends it.
package struct Target: Sendable, Equatable {
    /// The path as it was sent: printable ASCII, percent-encoding untouched, no query.
    package let path: String
    /// What followed the first `?`, as it was sent, or nil when there was none.
    package let rawQuery: String?

    /// Splits a target; nil when it is neither an origin form nor `*`, holds an octet outside printable ASCII,
    /// or names NUL (`%00`).
    package init?(_ text: String) {
        let octets = text.utf8
        guard octets.first == UInt8(ascii: "/") || text == "*" else { return nil }
        guard octets.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }) else { return nil }
        guard let mark = octets.firstIndex(of: UInt8(ascii: "?")) else {
            guard !Self.namesNUL(octets[...]) else { return nil }
            path = text
            rawQuery = nil
            return
        }
        guard !Self.namesNUL(octets[..<mark]) else { return nil }
        path = String(text[..<mark])
        rawQuery = String(text[octets.index(after: mark)...])
    }

    /// The decoded parts between the slashes: `/v1/a%2Fb` gives `["v1", "a/b"]` and `/` gives none.
    ///
    /// A slash at the end gives an empty last part. Nil when a `%` is not followed by two hexadecimal digits or the
    /// decoded octets are not UTF-8.
    package var segments: [String]? {
        var decoded: [String] = []
        guard path.utf8.count > 1 else { return decoded }
        for part in path.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard let text = Self.decoded(part, plusIsBlank: false) else { return nil }
            decoded.append(text)
        }
        return decoded
    }

    /// The decoded parameters in the order in which they came; `+` is a blank, a name without `=` has an empty value.
    ///
    /// Nil when one of them cannot be decoded (see ``segments``).
    package var query: [(name: String, value: String)]? {
        guard let rawQuery else { return [] }
        var parameters: [(name: String, value: String)] = []
        for part in rawQuery.utf8.split(separator: UInt8(ascii: "&")) {
            let sides = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let value = sides.count == 2 ? sides[1] : Substring().utf8
            guard let name = Self.decoded(sides[0], plusIsBlank: true),
                let value = Self.decoded(value, plusIsBlank: true)
            else { return nil }
            parameters.append((name, value))
        }
        return parameters
    }

    private static func namesNUL(_ octets: Substring.UTF8View) -> Bool {
        guard var rest = octets.firstIndex(of: UInt8(ascii: "%")).map({ octets[$0...] }) else { return false }
        while let percent = rest.firstIndex(of: UInt8(ascii: "%")) {
            rest = rest[percent...].dropFirst()
            if rest.starts(with: "00".utf8) { return true }
        }
        return false
    }

    private static func decoded(_ octets: Substring.UTF8View, plusIsBlank: Bool) -> String? {
        guard octets.contains(where: { $0 == UInt8(ascii: "%") || (plusIsBlank && $0 == UInt8(ascii: "+")) }) else {
            return String(Substring(octets))
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(octets.count)
        var rest = octets.makeIterator()
        while let octet = rest.next() {
            switch octet {
            case UInt8(ascii: "%"):
                guard let high = rest.next().flatMap(hexadecimal), let low = rest.next().flatMap(hexadecimal) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsBlank: bytes.append(UInt8(ascii: " "))
            default: bytes.append(octet)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hexadecimal(_ octet: UInt8) -> UInt8? {
        switch octet {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): octet - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): octet - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): octet - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
