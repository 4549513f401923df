/// A mail's header fields and its text, alone or with the same as HTML.
package struct MailContent: Sendable, Equatable {
    /// All fields but `MIME-Version` and those that begin with `Content-`, in the order they are sent.
    package var headers: [MailHeader]
    package var text: String
    package var html: String?

    package init(headers: [MailHeader], text: String, html: String? = nil) {
        self.headers = headers
        self.text = text
        self.html = html
    }
}

extension MailContent {
    /// Whether a header field has an address that only SMTPUTF8 carries.
    var needsSMTPUTF8: Bool { headers.contains(where: \.needsSMTPUTF8) }

    /// No encoded body has "=_" in it, so the boundary needs no chance to be unique.
    private static let boundary = "=_part"

    /// The mail as a message (RFC 5322, RFC 2045): lines end in CR LF, bodies are 7-bit.
    ///
    /// Header fields are ASCII too, except for addresses that only SMTPUTF8 carries.
    package func rendered() throws(InvalidMail) -> [UInt8] {
        var message: [UInt8] = []
        message.reserveCapacity(512 + (text.utf8.count + (html?.utf8.count ?? 0)) * 5 / 4)
        for header in headers { message.append(contentsOf: try header.encoded().utf8) }
        message.append(contentsOf: "MIME-Version: 1.0\r\n".utf8)
        guard let html else {
            Self.append(text, as: "plain", to: &message)
            return message
        }
        let boundary = Self.boundary
        message.append(contentsOf: "Content-Type: multipart/alternative; boundary=\"\(boundary)\"\r\n\r\n".utf8)
        for (subtype, body) in [("plain", text), ("html", html)] {
            message.append(contentsOf: "--\(boundary)\r\n".utf8)
            Self.append(body, as: subtype, to: &message)
            // The break before a boundary belongs to the boundary (RFC 2046, section 5.1.1).
            message.append(contentsOf: "\r\n".utf8)
        }
        message.append(contentsOf: "--\(boundary)--\r\n".utf8)
        return message
    }

    private static func append(_ body: String, as subtype: String, to message: inout [UInt8]) {
        message.append(
            contentsOf: """
                Content-Type: text/\(subtype); charset=utf-8\r
                Content-Transfer-Encoding: quoted-printable\r
                \r\n
                """.utf8
        )
        QuotedPrintable.append(body, to: &message)
    }
}
