/// What may be the `link` of an event: where a message leads to, `{{code}}` in it standing for the code.
package enum MessageLink {
    private static let placeholder = "{{code}}"

    /// Whether the code goes into the link; one without it may be a secret of its own.
    package static func holdsCode(_ link: String) -> Bool {
        link.contains(placeholder)
    }

    /// The link with the code in its place, percent-encoded (RFC 3986, section 2.1).
    package static func filled(_ link: String, with code: String) -> String {
        link.replacing(placeholder, with: percentEncoded(code))
    }

    /// Whether a link begins with one of the prefixes.
    ///
    /// A prefix that ends within the host or its port ends there for the link too: `https://app.example.com` does not
    /// allow `https://app.example.com.evil.com/`. Bytes are compared, capitals are others than small letters.
    package static func isAllowed(_ link: String, by prefixes: [String]) -> Bool {
        prefixes.contains { prefix in
            guard let scheme = schemeEnd(of: prefix), link.utf8.starts(with: prefix.utf8) else { return false }
            if prefix.utf8[scheme...].contains(where: endsAuthority) { return true }
            guard let next = link.utf8.dropFirst(prefix.utf8.count).first else { return true }
            return endsAuthority(next)
        }
    }

    /// What is wrong with a link, a clause to follow "must"; `nil` where nothing is.
    ///
    /// `carriesCode`: Whether its event has a code that `{{code}}` could stand for.
    static func complaint(about link: String, carriesCode: Bool) -> String? {
        guard let start = schemeEnd(of: link) else { return "begin with https:// or http://" }
        let authority = link.utf8[start...].prefix { !endsAuthority($0) }
        guard !authority.contains(0x40) else { return "have no user and no @ before its path" }
        guard isHostAndPort(authority) else { return "have a host behind its scheme, and no {{code}} in it" }
        guard link.unicodeScalars.allSatisfy(isLinkText) else {
            return "have no blanks, quotes, backslashes, < and > and no bidirectional control characters"
        }
        let bare = link.replacing(placeholder, with: "")
        guard !bare.utf8.contains(where: { $0 == 0x7b || $0 == 0x7d }) else {
            return "have no braces but those of {{code}}; percent-encode others"
        }
        guard carriesCode || bare == link else { return "have no {{code}}: a notice carries none" }
        guard !hasDotSegments(link) else { return "have no part of its path that is . or .." }
        return nil
    }

    /// Where the text behind `http://` or `https://` begins, in any case of letters (RFC 3986, section 3.1).
    private static func schemeEnd(of text: String) -> String.Index? {
        for scheme in ["https://", "http://"] where text.utf8.count >= scheme.utf8.count {
            let end = text.utf8.index(text.startIndex, offsetBy: scheme.utf8.count)
            if text.utf8[..<end].elementsEqual(scheme.utf8, by: { $0 | ($0.isCapital ? 0x20 : 0) == $1 }) { return end }
        }
        return nil
    }

    /// `/`, `?` and `#` (RFC 3986, section 3.2).
    private static func endsAuthority(_ byte: UInt8) -> Bool {
        byte == 0x2f || byte == 0x3f || byte == 0x23
    }

    /// A name or an address of version 4 or 6, and a port: letters beyond ASCII too, no percent-encoding.
    private static func isHostAndPort(_ authority: Substring.UTF8View) -> Bool {
        let isLiteral = authority.first == 0x5b
        guard
            let end = isLiteral ? authority.firstIndex(of: 0x5d) : authority.firstIndex(of: 0x3a) ?? authority.endIndex
        else { return false }
        let host = isLiteral ? authority[..<end].dropFirst() : authority[..<end]
        let port = isLiteral ? authority[end...].dropFirst() : authority[end...]
        guard !host.isEmpty, port.isEmpty || port.first == 0x3a, port.dropFirst().allSatisfy(\.isDigit) else {
            return false
        }
        return host.allSatisfy { byte in
            byte.isDigit || byte.isCapital || (0x61...0x7a).contains(byte) || byte == 0x2e
                || (isLiteral ? byte == 0x3a : byte == 0x2d || byte == 0x5f || byte >= 0x80)
        }
    }

    private static func isLinkText(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\"", "<", ">", "\\": false
        default: !scalar.properties.isWhitespace && !scalar.isBidirectionalControl
        }
    }

    /// Browsers resolve such parts, encoded ones too, and so leave the path that a prefix names.
    private static func hasDotSegments(_ link: String) -> Bool {
        let path = link.utf8.prefix { $0 != 0x3f && $0 != 0x23 }
        return path.split(separator: 0x2f, omittingEmptySubsequences: false).contains { segment in
            let text = String(decoding: segment, as: UTF8.self).lowercased().replacing("%2e", with: ".")
            return text == "." || text == ".."
        }
    }

    private static func percentEncoded(_ text: String) -> String {
        text.utf8.map { byte in
            let isUnreserved =
                byte.isDigit || byte.isCapital || (0x61...0x7a).contains(byte)
                || [0x2d, 0x2e, 0x5f, 0x7e].contains(byte)
            guard !isUnreserved else { return String(UnicodeScalar(byte)) }
            return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }
}

extension UInt8 {
    fileprivate var isCapital: Bool { (0x41...0x5a).contains(self) }
    fileprivate var isDigit: Bool { (0x30...0x39).contains(self) }
}
