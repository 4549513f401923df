/// A mail address that may stand in a command and in a header field.
///
/// Control characters, blanks and angle brackets would end a command's argument; the other marks outside a quoted
/// string would make a second address of one in a header field.
struct MailAddress: Equatable {
    let text: String

    /// Whether the local part has characters outside ASCII, which only SMTPUTF8 (RFC 6531) carries.
    let needsSMTPUTF8: Bool

    /// Returns nil for what is no address.
    ///
    /// Lengths are those of RFC 5321, sections 4.5.3.1.1 to 4.5.3.1.3: 64 octets before the `@`, 254 in all.
    init?(_ text: String) {
        guard text.utf8.count <= 254, let at = text.lastIndex(of: "@") else { return nil }
        let local = text[..<at]
        let domain = text[text.index(after: at)...]
        guard (1...64).contains(local.utf8.count), Self.isLocalPart(local), Self.isDomain(domain) else { return nil }
        self.text = text
        self.needsSMTPUTF8 = !local.utf8.allSatisfy { $0 < 0x80 }
    }

    private static func isLocalPart(_ local: Substring) -> Bool {
        if local.utf8.count > 2, local.hasPrefix("\""), local.hasSuffix("\"") {
            return local.dropFirst().dropLast().unicodeScalars.allSatisfy {
                isPrintable($0) && !"\"\\<>".unicodeScalars.contains($0)
            }
        }
        return local.unicodeScalars.allSatisfy {
            isPrintable($0) && !"()<>[]:;@\\,\"".unicodeScalars.contains($0)
        }
    }

    private static func isPrintable(_ scalar: UnicodeScalar) -> Bool {
        if scalar.isASCII { return scalar.value > 0x20 && scalar.value != 0x7F }
        return switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .unassigned, .surrogate:
            false
        default:
            true
        }
    }

    /// Letters, digits, hyphens and dots, or an address literal in brackets.
    private static func isDomain(_ domain: Substring) -> Bool {
        let isLiteral = domain.hasPrefix("[") && domain.hasSuffix("]")
        let inner = isLiteral ? domain.dropFirst().dropLast() : domain
        let marks = isLiteral ? "-.:" : "-."
        let isPlain = { (byte: UInt8) in byte.isASCIILetterOrDigit || marks.utf8.contains(byte) }
        guard !inner.isEmpty, inner.utf8.allSatisfy(isPlain) else { return false }
        return isLiteral || inner.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { !$0.isEmpty }
    }
}

extension UInt8 {
    /// Whether the byte is a letter or digit of ASCII.
    var isASCIILetterOrDigit: Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
    }
}
