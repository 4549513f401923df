private import MailDomains

/// A mail address of the form `local-part@domain` (RFC 5321, section 4.1.2, without quoted local parts and literals).
///
/// It is written to as it was given, except that the domain goes in A-labels; it is compared by ``compared``.
package struct MailAddress: Sendable, Equatable {
    /// As it goes into SMTP and headers: the local part as given, the domain in A-labels.
    package let deliverable: String
    /// For comparison: the domain in A-labels and all letters in lower case.
    package let compared: String

    /// Returns the reason for which a text is no address, a clause to follow "must".
    package struct Refusal: Error, Equatable {
        package let reason: String
    }

    /// RFC 5321, section 4.5.3.1: 64 octets before the @, 255 after it; section 4.5.3.1.3 leaves 254 in all.
    package init(_ text: String) throws(Refusal) {
        guard text.utf8.count <= 254 else { throw Refusal(reason: "have at most 254 bytes") }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw Refusal(reason: "have exactly one @") }
        let local = String(parts[0])
        guard (1...64).contains(local.utf8.count) else { throw Refusal(reason: "have 1 to 64 bytes before the @") }
        guard local.unicodeScalars.allSatisfy(MailAddress.isAtomText) else {
            throw Refusal(reason: "have no blanks, quotes, brackets or control characters before the @")
        }
        // By scalars: a combining mark would make one character of itself and the dot before it.
        let atoms = local.unicodeScalars.split(separator: ".", omittingEmptySubsequences: false)
        guard !atoms.contains(where: \.isEmpty) else {
            throw Refusal(reason: "have no dot at the start, at the end or beside another before the @")
        }
        let domain: String
        do {
            domain = try asciiDomain(String(parts[1]))
        } catch {
            throw Refusal(reason: "have a domain name after the @")
        }
        guard domain.contains(".") || domain == "localhost" else {
            throw Refusal(reason: "have a full domain name after the @")
        }
        // No top-level domain is a number; whoever connects to one takes the whole for an IP address.
        guard let top = domain.split(separator: ".").last, !top.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw Refusal(reason: "have a domain name after the @, which ends in letters")
        }
        let deliverable = local + "@" + domain
        guard deliverable.utf8.count <= 254 else { throw Refusal(reason: "have at most 254 bytes") }
        self.deliverable = deliverable
        compared = local.lowercased() + "@" + domain
    }

    /// `b***@e***.com`: the first letter of each part and the top-level domain.
    package var masked: String {
        let parts = deliverable.split(separator: "@")
        guard parts.count == 2 else { return "***" }
        let labels = parts[1].split(separator: ".")
        let top = labels.count > 1 ? "." + (labels.last ?? "") : ""
        return "\(parts[0].prefix(1))***@\(parts[1].prefix(1))***\(top)"
    }

    /// RFC 5322, section 3.2.3 (atext), with RFC 6532's letters beyond ASCII; and the dots of a dot-atom.
    private static func isAtomText(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.isASCII else {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .surrogate, .unassigned,
                .privateUse:
                return false
            default: return true
            }
        }
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": return true
        default: return "!#$%&'*+-/=?^_`{|}~.".unicodeScalars.contains(scalar)
        }
    }
}
