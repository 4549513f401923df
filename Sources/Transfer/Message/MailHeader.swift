/// One header field of a mail, encoded and folded when the mail is made.
package struct MailHeader: Sendable, Equatable {
    package enum Value: Sendable, Equatable {
        /// Text for people, such as a subject; outside ASCII it becomes encoded words (RFC 2047).
        case text(String)

        /// A name and an address, or an address alone.
        case mailbox(name: String?, address: String)

        /// Syntax for machines, such as a date or a message's id: ASCII, sent as it is.
        case raw(String)
    }

    package var name: String
    package var value: Value

    package init(_ name: String, _ value: Value) {
        self.name = name
        self.value = value
    }

    /// Fields that follow from the bodies.
    private static let reserved: Set<String> = ["mime-version", "content-type", "content-transfer-encoding"]

    var needsSMTPUTF8: Bool {
        guard case .mailbox(_, let address) = value else { return false }
        return MailAddress(address)?.needsSMTPUTF8 == true
    }

    /// The field with its line break, in lines of at most 78 characters where blanks allow.
    func encoded() throws(InvalidMail) -> String {
        // 40 characters leave room for an encoded word on the first line.
        let isName = { (byte: UInt8) in byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: ":") }
        guard (1...40).contains(name.utf8.count), name.utf8.allSatisfy(isName) else { throw .header("") }
        guard !Self.reserved.contains(name.lowercased()) else { throw .header(name) }
        let start = name + ": "
        switch value {
        case .text(let text):
            guard let encoded = HeaderText.encoded(text, column: start.utf8.count) else { throw .header(name) }
            return start + encoded + "\r\n"
        case .mailbox(let display, let address):
            guard MailAddress(address) != nil else { throw .header(name) }
            guard let display, !display.isEmpty else { return start + "<\(address)>\r\n" }
            guard let phrase = HeaderText.encodedPhrase(display, column: start.utf8.count) else { throw .header(name) }
            let lastLine = phrase.utf8.split(separator: UInt8(ascii: "\n")).last?.count ?? 0
            let fits = start.utf8.count + lastLine + address.utf8.count + 3 <= HeaderText.lineLength
            return start + phrase + (fits ? " " : "\r\n ") + "<\(address)>\r\n"
        case .raw(let text):
            // 998: RFC 5322, section 2.1.1.
            guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }), start.utf8.count + text.utf8.count <= 998 else {
                throw .header(name)
            }
            return start + text + "\r\n"
        }
    }
}
