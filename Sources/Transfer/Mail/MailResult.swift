/// What became of a mail.
package enum MailResult: Sendable, Equatable {
    /// The server took the mail: a 2xx reply after the final dot.
    case accepted(SMTPReply)

    /// The server said no to this mail; whether for now or for good tells the reply.
    case refused(SMTPReply, at: SMTPStep)

    /// No name, connection, greeting, TLS, EHLO or login; surely not handed over.
    case unreachable(MailFailure)

    /// Broken or silent before the server asked for the text (354); surely not handed over.
    case interrupted(MailFailure)

    /// Broken or silent after 354; the server may have the mail.
    case unknown(MailFailure)

    /// Nothing was connected to, or nothing of this mail was said, because of what the mail is.
    case invalid(InvalidMail)

    /// Cancelled or shut down before 354; surely not handed over.
    case cancelled
}

/// Where a mail's transfer broke, and what is known of the cause.
package struct MailFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// Nil where no server could be spoken to.
    package var step: SMTPStep?

    /// The last reply, where it is the cause.
    package var reply: SMTPReply?

    /// A sentence without address, code or secret.
    package var reason: String

    /// Whether a server was reached and TLS with it failed.
    package var isOfTLS: Bool

    package init(step: SMTPStep?, reply: SMTPReply? = nil, reason: String, isOfTLS: Bool = false) {
        self.step = step
        self.reply = reply
        self.reason = reason
        self.isOfTLS = isOfTLS
    }

    package var description: String { reason }
}

/// What in a mail must not or cannot go on the wire.
package enum InvalidMail: Error, Sendable, Equatable {
    case server
    case sender
    case recipient

    /// The recipient's or sender's local part is not ASCII, and this server does not take that.
    case addressNeedsSMTPUTF8

    /// The header field of this name, or one without a proper name (empty here).
    case header(String)
}

extension InvalidMail: CustomStringConvertible {
    package var description: String {
        switch self {
        case .server:
            "The mail was not sent: the server's URL, EHLO name or login has a character that cannot be sent."
        case .sender:
            "The mail was not sent: the sender is not a mail address that can be sent."
        case .recipient:
            "The mail was not sent: the recipient is not a mail address that can be sent."
        case .addressNeedsSMTPUTF8:
            "The mail was not sent: an address is not ASCII before its @ and the server does not announce SMTPUTF8."
        case .header(let name):
            "The mail was not sent: the header field \(name.isEmpty ? "without a proper name" : name) cannot be sent."
        }
    }
}
