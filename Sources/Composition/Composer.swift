package import AuthEvents
package import Challenges
private import Clocks

/// A mail that is ready for a carrier.
package struct ComposedMail: Sendable, Equatable {
    /// The recipient as it goes into SMTP.
    package var to: String
    /// The sender with the brand's name: `Cruddur <no-reply@cruddur.com>`.
    package var from: String
    package var subject: String
    package var text: String
    package var html: String
    /// Stays the same over all attempts of the delivery.
    package var messageID: String
}

/// Writes messages: the only place where a code meets a text.
package struct Composer: Sendable {
    private let mails: [Purpose: MailTemplates]

    package init() throws(TemplateError) {
        var mails: [Purpose: MailTemplates] = [:]
        for purpose in Purpose.allCases { mails[purpose] = try MailTemplates.builtIn(for: purpose) }
        self.mails = mails
    }

    /// Returns the mail of a delivery, `nil` where the event has no mail address.
    package func mail(
        _ contents: EventContents,
        delivery: DeliveryID,
        purpose: Purpose,
        brand: Brand,
        code: Code,
        life: Duration
    ) -> ComposedMail? {
        guard let address = contents.email, let templates = mails[purpose] else { return nil }
        var values = ["code": code.digits, "brand": brand.name, "life": Composer.words(for: life)]
        values["name"] = contents.name
        values["link"] = contents.link?.replacing("{{code}}", with: code.digits)
        let domain = brand.fromEmail.split(separator: "@").last.map(String.init) ?? "localhost"
        return ComposedMail(
            to: address.deliverable,
            from: "\(quoted(brand.name)) <\(brand.fromEmail)>",
            subject: templates.subject.rendered(with: values, as: .text),
            text: templates.text.rendered(with: values, as: .text),
            html: templates.html.rendered(with: values, as: .html),
            messageID: "<\(delivery)@\(domain)>"
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
