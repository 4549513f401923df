/// A server's reply to one command, complete with all its lines (RFC 5321, section 4.2).
package struct SMTPReply: Sendable, Equatable {
    package var code: Int

    /// The code of RFC 3463 at the start of the text, if there is one.
    package var enhanced: EnhancedStatus?

    /// The text as it came, lines joined by "\n"; it may name the recipient.
    package var text: String

    package init(code: Int, text: String) {
        self.code = code
        self.enhanced = EnhancedStatus(startOf: text)
        self.text = text
    }

    package var isPositive: Bool { (200..<300).contains(code) }

    /// Whether the same command may be accepted later.
    package var isTemporary: Bool { (400..<500).contains(code) }

    package var isPermanent: Bool { (500..<600).contains(code) }
}

/// An enhanced status code such as 5.1.1 (RFC 3463, section 2).
package struct EnhancedStatus: Sendable, Equatable, CustomStringConvertible {
    package var `class`: Int
    package var subject: Int
    package var detail: Int

    package init(`class`: Int, subject: Int, detail: Int) {
        self.class = `class`
        self.subject = subject
        self.detail = detail
    }

    init?(startOf text: String) {
        let numbers = text.prefix { $0 == "." || $0.isASCII && $0.isNumber }
            .split(separator: ".", omittingEmptySubsequences: false)
        guard numbers.count == 3, numbers.allSatisfy({ (1...3).contains($0.utf8.count) }) else { return nil }
        guard let first = Int(numbers[0]), let second = Int(numbers[1]), let third = Int(numbers[2]) else { return nil }
        guard [2, 4, 5].contains(first) else { return nil }
        self.init(class: first, subject: second, detail: third)
    }

    package var description: String { "\(self.class).\(subject).\(detail)" }
}

/// The part of an SMTP session that a reply answers or a failure interrupted.
package enum SMTPStep: String, Sendable, CaseIterable {
    case greeting
    case hello = "EHLO"
    case startTLS = "STARTTLS"
    case login = "AUTH"
    case sender = "MAIL"
    case recipient = "RCPT"
    case data = "DATA"

    /// The mail's text, and the reply after its final dot.
    case endOfData = "end of data"
}
