import Clocks

@testable import Carrier

extension Claim {
    /// A claim with a mail that has all that is hard to carry.
    ///
    /// `number`: In its Message-ID.
    ///
    /// `timeout`: For the whole hand-over.
    static func letter(
        to recipient: String = "person@example.test",
        number: Int = 1,
        text: String = LetterContent.text,
        timeout: Duration = .seconds(30)
    ) -> Claim {
        Claim(
            token: "token\(number)",
            delivery: "dl_\(number)",
            attempt: "at_\(number)",
            gateway: "main",
            purpose: "sign_up",
            tenant: "default",
            leasedUntil: BootInstant(milliseconds: 60_000),
            sendBefore: BootInstant(milliseconds: 60_000),
            timeout: timeout,
            message: Message(
                to: recipient,
                from: "\"\(LetterContent.senderName)\" <\(LetterContent.sender)>",
                subject: LetterContent.subject,
                text: text,
                html: LetterContent.html,
                messageID: "<letter.\(number)@example.com>",
                code: nil
            )
        )
    }
}

/// What is in the mail of ``Claim/letter(to:number:text:timeout:)``.
enum LetterContent {
    static let sender = "post@example.com"
    static let senderName = "Käse & Söhne"
    static let subject = "Ihr Bestätigungscode für „Größe“ lautet 123456 – bitte nicht weitergeben 🧀"

    static let text = """
        Schöne Grüße, Ihr Code: 123456
        .
        ..
        .Punkt am Anfang
        From here on = equals, blank at the end\u{20}
        \(String(repeating: "überlang ", count: 40))ende

        Tschüß

        """

    static let html = """
        <p>Schöne Grüße, Ihr Code: <b>123456</b></p>
        .
        .<i>Größe &amp; Maß</i>

        """
}
