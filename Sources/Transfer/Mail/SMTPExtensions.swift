/// What a server announced in its last answer to EHLO (RFC 5321, section 4.1.1.1).
struct SMTPExtensions: Equatable {
    /// Commands may be sent without waiting for each reply (RFC 2920).
    var pipelining = false

    /// Addresses and header fields may be UTF-8 (RFC 6531).
    var smtpUTF8 = false

    /// MAIL may tell the size (RFC 1870).
    var size = false

    /// Reads one line of the answer, code included.
    mutating func read(line: some StringProtocol) {
        switch line.dropFirst(4).prefix(while: { !$0.isWhitespace }).uppercased() {
        case "PIPELINING": pipelining = true
        case "SMTPUTF8": smtpUTF8 = true
        case "SIZE": size = true
        default: break
        }
    }
}
