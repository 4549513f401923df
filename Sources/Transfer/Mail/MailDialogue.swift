/// Decides what is said to the server for one mail, from MAIL to the reply after the final dot.
///
/// Where the server announced PIPELINING the three commands go out together (RFC 2920), otherwise one by one.
struct MailDialogue {
    /// What to do after a reply.
    enum Action: Equatable {
        case send([UInt8])

        /// Sends the mail's text, with which it is handed over.
        case sendContent
        case wait
        case finish(MailResult, then: Aftermath)
    }

    /// In which state the connection is left.
    enum Aftermath: Equatable {
        case keep

        /// A transaction is half open: that many replies are still to come, and then it wants a RSET.
        case reset(outstanding: Int)
        case close
    }

    private let mail: PreparedMail
    private let isPipelined: Bool
    private let announcement: String
    private(set) var step: SMTPStep = .sender

    init(mail: PreparedMail, extensions: SMTPExtensions) {
        self.mail = mail
        isPipelined = extensions.pipelining
        announcement =
            (extensions.size ? " SIZE=\(mail.size)" : "") + (mail.needsSMTPUTF8 ? " SMTPUTF8" : "")
    }

    /// The first bytes to send.
    var opening: [UInt8] {
        let first = "MAIL FROM:<\(mail.from)>\(announcement)\r\n"
        return Array((isPipelined ? first + recipientCommand + "DATA\r\n" : first).utf8)
    }

    private var recipientCommand: String { "RCPT TO:<\(mail.to)>\r\n" }

    mutating func received(_ reply: SMTPReply) -> Action {
        switch step {
        case .sender:
            guard reply.isPositive else { return refused(reply, outstanding: isPipelined ? 2 : 0) }
            step = .recipient
            return isPipelined ? .wait : .send(Array(recipientCommand.utf8))
        case .recipient:
            guard reply.isPositive else { return refused(reply, outstanding: isPipelined ? 1 : 0) }
            step = .data
            return isPipelined ? .wait : .send(Array("DATA\r\n".utf8))
        case .data:
            guard reply.code == 354 else { return refused(reply, outstanding: 0) }
            step = .endOfData
            return .sendContent
        default:
            return concluded(reply)
        }
    }

    /// What became of the mail if the connection breaks or the time is over now.
    func broken(reason: String) -> MailResult {
        step == .endOfData
            ? .unknown(MailFailure(step: step, reason: "The server may have the mail: \(reason)"))
            : .interrupted(MailFailure(step: step, reason: "The mail was not handed over: \(reason)"))
    }

    /// What became of the mail if nobody waits for it any more.
    func cancelled(reason: String) -> MailResult {
        step == .endOfData ? broken(reason: reason) : .cancelled
    }

    private func refused(_ reply: SMTPReply, outstanding: Int) -> Action {
        guard reply.isTemporary || reply.isPermanent else {
            return .finish(broken(reason: "The server's reply fits no command."), then: .close)
        }
        // 421: the server closes the connection (RFC 5321, section 3.8).
        return .finish(
            .refused(reply, at: step),
            then: reply.code == 421 ? .close : .reset(outstanding: outstanding)
        )
    }

    private func concluded(_ reply: SMTPReply) -> Action {
        if reply.isPositive { return .finish(.accepted(reply), then: .keep) }
        guard reply.isTemporary || reply.isPermanent else {
            return .finish(broken(reason: "The server's reply fits no command."), then: .close)
        }
        return .finish(.refused(reply, at: step), then: reply.code == 421 ? .close : .keep)
    }
}
