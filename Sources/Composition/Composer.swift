package import AuthEvents
package import Challenges
private import Clocks

/// A message that is ready for a carrier.
package struct ComposedMessage: Sendable, Equatable {
    /// What only a mail has.
    package struct Mail: Sendable, Equatable {
        package var subject: String
        package var html: String
        /// Stays the same over all attempts of the delivery.
        package var messageID: String
    }

    /// The recipient as it goes into SMTP, or the number in E.164.
    package var to: String
    /// The sender: `Cruddur <no-reply@cruddur.com>`, or the SMS sender.
    package var from: String
    package var text: String
    package var mail: Mail?
}

/// Writes messages: the only place where a code meets a text.
package struct Composer: Sendable {
    private let mails: [Purpose: MailTemplates]
    private let texts: [Purpose: Template]

    package init() throws(TemplateError) {
        var mails: [Purpose: MailTemplates] = [:]
        var texts: [Purpose: Template] = [:]
        for purpose in Purpose.allCases {
            mails[purpose] = try MailTemplates.builtIn(for: purpose)
            texts[purpose] = try builtInSMS(for: purpose)
        }
        (self.mails, self.texts) = (mails, texts)
    }

    /// Returns the SMS of a delivery, `nil` where the event has no number.
    package func sms(_ contents: EventContents, purpose: Purpose, brand: Brand, code: Code) -> ComposedMessage? {
        guard let to = contents.phone else { return nil }
        let text = smsText(purpose: purpose, brand: brand, code: code)
        return ComposedMessage(to: to, from: brand.fromSMS, text: text)
    }

    /// The text of an SMS; with any code of as many digits it has as many segments.
    package func smsText(purpose: Purpose, brand: Brand, code: Code) -> String {
        guard let template = texts[purpose] else { return "" }
        var values = ["code": code.digits, "brand": brand.name]
        values["domain"] = brand.domain
        return template.rendered(with: values, as: .text)
    }

    /// Returns the mail of a delivery, `nil` where the event has no mail address.
    package func mail(
        _ contents: EventContents,
        delivery: DeliveryID,
        purpose: Purpose,
        brand: Brand,
        code: Code,
        life: Duration
    ) -> ComposedMessage? {
        guard let address = contents.email, let templates = mails[purpose] else { return nil }
        var values = ["code": code.digits, "brand": brand.name, "life": Composer.words(for: life)]
        values["name"] = contents.name
        values["link"] = contents.link?.replacing("{{code}}", with: code.digits)
        let domain = brand.fromEmail.split(separator: "@").last.map(String.init) ?? "localhost"
        return ComposedMessage(
            to: address.deliverable,
            from: "\(quoted(brand.name)) <\(brand.fromEmail)>",
            text: templates.text.rendered(with: values, as: .text),
            mail: ComposedMessage.Mail(
                subject: templates.subject.rendered(with: values, as: .text),
                html: templates.html.rendered(with: values, as: .html),
                messageID: "<\(delivery)@\(domain)>"
            )
        )
    }

    /// `24 hours`, `10 minutes`, `1 minute`, `45 seconds`: rounded down, but for what passed since the event was accepted.
    static func words(for life: Duration) -> String {
        let seconds = max(life.milliseconds / 1000, 0)
        let (count, unit) =
            seconds >= 7140
            ? ((seconds + 60) / 3600, "hour") : seconds >= 55 ? ((seconds + 5) / 60, "minute") : (seconds, "second")
        return "\(count) \(unit)\(count == 1 ? "" : "s")"
    }

    /// RFC 5322, section 3.2.4: a display name that is no run of atoms stands in quotes.
    private func quoted(_ name: String) -> String {
        let isPlain = name.unicodeScalars.allSatisfy { scalar in
            !scalar.isASCII || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == " "
                || scalar == "-"
        }
        guard !isPlain else { return name }
        return "\"" + name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
