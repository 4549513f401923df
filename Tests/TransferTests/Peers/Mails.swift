import SMTPSink
import Transfer

/// Makes mails for tests.
enum Mails {
    static let content = MailContent(
        headers: [
            MailHeader("From", .mailbox(name: "Sender", address: "sender@example.com")),
            MailHeader("Subject", .text("Hello")),
        ],
        text: "Hello\n"
    )

    static func server(_ sink: SMTPSink) -> MailServer {
        MailServer(url: "smtp://127.0.0.1:\(sink.port)", tls: .none, heloName: "client.example")
    }

    static func mail(
        _ server: MailServer,
        from: String = "sender@example.com",
        to: String = "person@example.net",
        content: MailContent = Mails.content,
        timeout: Duration = .seconds(30),
        connectTimeout: Duration = .seconds(30)
    ) -> MailTransfer {
        MailTransfer(
            server: server,
            from: from,
            to: to,
            content: content,
            timeout: timeout,
            connectTimeout: connectTimeout
        )
    }
}

extension MailResult {
    /// The result without its words, for comparisons.
    var outline: String {
        switch self {
        case .accepted: "accepted"
        case .refused(let reply, let step): "refused \(reply.code) at \(step.rawValue)"
        case .unreachable(let failure): "unreachable at \(failure.step?.rawValue ?? "no step")"
        case .interrupted(let failure): "interrupted at \(failure.step?.rawValue ?? "no step")"
        case .unknown(let failure): "unknown at \(failure.step?.rawValue ?? "no step")"
        case .invalid(let problem): "invalid \(problem)"
        case .cancelled: "cancelled"
        }
    }
}
