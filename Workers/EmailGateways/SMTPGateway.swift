package import Carrier
package import Clocks
private import Deliveries
package import Transfer

/// A mail server (RFC 5321).
package struct SMTPGateway: Gateway {
    private let server: MailServer
    private let transfers: Transfers
    private let time: any TimeSource

    package init(_ server: MailServer, transfers: Transfers, time: any TimeSource) {
        (self.server, self.transfers, self.time) = (server, transfers, time)
    }

    package func handOver(_ claim: Claim) async -> HandOver {
        let mail = MailMessage(claim, at: time.now())
        let result = await transfers.mail(
            MailTransfer(
                server: server,
                from: mail.sender,
                to: claim.message.to,
                content: mail.content,
                timeout: claim.timeout,
                connectTimeout: HandOver.connectTimeout(within: claim.timeout)
            )
        )
        return HandOver(result)
    }

    /// SMTP has no question of the kind: a server that took a mail says no more about it.
    package func ask(_ question: Question) async -> HandOver { HandOver(.unknown, code: "cannot_be_asked") }

    package func probe(timeout: Duration) async -> HandOver {
        HandOver(await transfers.tryOut(server, timeout: HandOver.connectTimeout(within: timeout)))
    }
}

extension HandOver {
    /// What a dialogue's end means for the delivery.
    ///
    /// | the mail | outcome | code |
    /// |---|---|---|
    /// | was taken | `accepted` | the reply's |
    /// | was refused with 4xx | `retry` | the reply's |
    /// | was refused with 5xx | `refused` | the reply's |
    /// | was refused with 530 or 538: login or TLS is missing | `retry` | `unreachable` |
    /// | met no server, greeting, TLS or login | `retry` | `unreachable` |
    /// | broke before 354 | `retry` | `interrupted` |
    /// | broke after 354 | `unknown` | `no_answer` |
    /// | cannot go on the wire | `refused` | `invalid_address` or `invalid_message` |
    package init(_ result: MailResult) {
        switch result {
        case .accepted(let reply):
            self.init(.accepted, gatewayReference: reply.text, code: String(reply.code))
        // RFC 4954, section 6, and RFC 3207, section 4: login or STARTTLS is missing, which no mail can help.
        case .refused(let reply, let step) where [530, 538].contains(reply.code):
            self.init(.retry, code: Outcome.unreachableCode, detail: "\(step.rawValue): \(reply.code) \(reply.text)")
        case .refused(let reply, let step):
            self.init(
                reply.isPermanent ? .refused : .retry,
                code: String(reply.code),
                detail: "\(step.rawValue): \(reply.text)"
            )
        case .unreachable(let failure):
            self.init(.retry, code: Outcome.unreachableCode, detail: failure.words)
        case .interrupted(let failure): self.init(.retry, code: "interrupted", detail: failure.words)
        case .unknown(let failure): self.init(.unknown, code: "no_answer", detail: failure.words)
        case .invalid(.server):
            self.init(.retry, code: Outcome.unreachableCode, detail: "the gateway's url or certificates cannot be used")
        case .invalid(.header(let name)): self.init(.refused, code: "invalid_message", detail: "header \(name)")
        case .invalid(let reason): self.init(.refused, code: "invalid_address", detail: "\(reason)")
        case .cancelled: self.init(.released)
        }
    }
}

extension MailFailure {
    fileprivate var words: String {
        let answer = reply.map { " (\($0.code) \($0.text))" } ?? ""
        return (step.map { "\($0.rawValue): " } ?? "") + reason + answer
    }
}

/// The mail of a claim: envelope sender, headers and bodies.
struct MailMessage {
    let sender: String
    let content: MailContent

    init(_ claim: Claim, at now: Instant) {
        let message = claim.message
        let (name, address) = MailMessage.mailbox(message.from)
        sender = address
        var headers = [
            MailHeader("Date", .raw(now.rfc5322)),
            MailHeader("From", .mailbox(name: name, address: address)),
            MailHeader("To", .mailbox(name: nil, address: message.to)),
            MailHeader("Subject", .text(message.subject)),
        ]
        if !message.messageID.isEmpty { headers.append(MailHeader("Message-ID", .raw(message.messageID))) }
        // RFC 3834, section 5: nobody's vacation message should answer.
        headers.append(MailHeader("Auto-Submitted", .raw("auto-generated")))
        content = MailContent(headers: headers, text: message.text, html: message.html)
    }

    /// Takes `Name <address>`, `"Name" <address>` or an address apart.
    static func mailbox(_ text: String) -> (name: String?, address: String) {
        guard text.hasSuffix(">"), let open = text.lastIndex(of: "<") else { return (nil, text) }
        var name = text[..<open]
        while name.last == " " { name.removeLast() }
        if name.count >= 2, name.hasPrefix("\""), name.hasSuffix("\"") {
            name = name.dropFirst().dropLast()
            let plain = name.replacing("\\\"", with: "\"").replacing("\\\\", with: "\\")
            return (String(plain), String(text[text.index(after: open)...].dropLast()))
        }
        return (name.isEmpty ? nil : String(name), String(text[text.index(after: open)...].dropLast()))
    }
}
