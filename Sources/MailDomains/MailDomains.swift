private import CIDN

/// Why a text is no domain name of mail.
package enum DomainError: Error, Equatable, CustomStringConvertible {
    /// Not letters, digits, hyphens or what IDNA 2008 maps to them; an empty label; a hyphen at an end; a literal.
    case invalid
    /// More than 253 bytes, or a label of more than 63 (RFC 1035, section 2.3.4).
    case tooLong

    package var description: String {
        switch self {
        case .invalid: "The text is not a domain name."
        case .tooLong: "The domain name is longer than 253 bytes, or one of its labels longer than 63."
        }
    }
}

/// Returns a domain in lower-case A-labels (RFC 5890): `Bücher.example` becomes `xn--bcher-kva.example`.
///
/// IDNA 2008 with the non-transitional mapping of UTS 46, as browsers do it: `faß.de` stays apart from `fass.de`.
package func asciiDomain(_ domain: String) throws(DomainError) -> String {
    guard domain.utf8.count <= 1024 else { throw .tooLong }
    var output: UnsafeMutablePointer<CChar>?
    // Not IDN2_USE_STD3_ASCII_RULES: with it libidn2 2.3.3 takes forbidden characters out without a word, and
    // `a_b.example` becomes `ab.example`, which is somebody else's. The loop below refuses them instead.
    let flags = Int32(IDN2_NFC_INPUT.rawValue | IDN2_NONTRANSITIONAL.rawValue)
    guard !domain.utf8.contains(0) else { throw .invalid }
    let code = unsafe idn2_to_ascii_8z(domain, &output, flags)
    defer { unsafe idn2_free(output) }
    let lengths = [IDN2_TOO_BIG_DOMAIN, IDN2_TOO_BIG_LABEL, IDN2_PUNYCODE_BIG_OUTPUT]
    if lengths.contains(where: { $0.rawValue == code }) { throw .tooLong }
    guard code == IDN2_OK.rawValue, let output = unsafe output else { throw .invalid }
    let ascii = unsafe String(cString: output).lowercased()
    guard ascii.utf8.count <= 253 else { throw .tooLong }
    for label in ascii.split(separator: ".", omittingEmptySubsequences: false) {
        guard label.utf8.count <= 63 else { throw .tooLong }
        guard !label.isEmpty, label.first != "-", label.last != "-", label.utf8.allSatisfy(isHostCharacter) else {
            throw .invalid
        }
    }
    return ascii
}

private func isHostCharacter(_ byte: UInt8) -> Bool {
    (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2d
}
