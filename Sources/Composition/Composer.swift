package import AuthEvents
package import Challenges

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

/// Whose words a message is written in, and for whom.
package struct Wording: Sendable, Equatable {
    package var tenant: TenantName
    /// The person's, as a BCP 47 tag.
    package var locale: String?

    package init(tenant: TenantName = .default, locale: String? = nil) {
        (self.tenant, self.locale) = (tenant, locale)
    }
}

/// Writes messages: the only place where a code meets a text.
package struct Composer: Sendable {
    private let builtIn: TemplateSet
    private let templates: [TenantName: TemplateSet]

    /// `own`: What tenants have of their own; anything else is the built-in.
    package init(own: [TenantName: TemplateSet] = [:]) throws(TemplateError) {
        let builtIn = try TemplateSet.builtIn()
        (self.builtIn, templates) = (builtIn, own.mapValues { builtIn.overlaid(with: $0) })
    }

    /// The tenant's templates, with the built-in ones where it has none.
    package func templates(of tenant: TenantName) -> TemplateSet { templates[tenant] ?? builtIn }

    /// Returns the SMS of a delivery, `nil` where the event has no number.
    ///
    /// A notice has no code, whatever is given.
    package func sms(
        _ contents: EventContents,
        purpose: Purpose,
        brand: Brand,
        code: Code?,
        life: Duration? = nil,
        wording: Wording = Wording()
    ) -> ComposedMessage? {
        guard let to = contents.phone else { return nil }
        let text = smsText(
            purpose: purpose,
            brand: brand,
            code: code,
            life: life,
            name: contents.name,
            link: contents.link,
            notice: contents.notice,
            data: contents.templateData,
            wording: wording
        )
        return ComposedMessage(to: to, from: brand.fromSMS, text: text)
    }

    /// The text of an SMS.
    ///
    /// With any code of as many digits it has as many segments. So it has at any time, unless the template names `life`,
    /// whose words get shorter and longer as time goes by.
    package func smsText(
        purpose: Purpose,
        brand: Brand,
        code: Code?,
        life: Duration? = nil,
        name: String? = nil,
        link: String? = nil,
        notice: NoticeName? = nil,
        data: [String: String] = [:],
        wording: Wording = Wording()
    ) -> String {
        let values = MessageValues(
            brand: brand,
            code: code,
            life: life,
            name: name,
            link: link,
            notice: notice,
            data: data
        )
        return rendered(values, purpose, .sms, wording)?.text ?? ""
    }

    /// Returns the mail of a delivery, `nil` where the event has no mail address.
    ///
    /// A notice has neither code nor life, whatever is given.
    package func mail(
        _ contents: EventContents,
        delivery: DeliveryID,
        purpose: Purpose,
        brand: Brand,
        code: Code?,
        life: Duration?,
        wording: Wording = Wording()
    ) -> ComposedMessage? {
        let values = MessageValues(
            brand: brand,
            code: code,
            life: life,
            name: contents.name,
            link: contents.link,
            notice: contents.notice,
            data: contents.templateData
        )
        guard let address = contents.email, let message = rendered(values, purpose, .email, wording) else { return nil }
        let domain = brand.fromEmail.split(separator: "@").last.map(String.init) ?? "localhost"
        return ComposedMessage(
            to: address.deliverable,
            from: "\(quoted(brand.name)) <\(brand.fromEmail)>",
            text: message.text,
            mail: ComposedMessage.Mail(
                subject: message.subject ?? "",
                html: message.html ?? "",
                messageID: "<\(delivery)@\(domain)>"
            )
        )
    }

    private func rendered(
        _ values: MessageValues,
        _ purpose: Purpose,
        _ channel: Channel,
        _ wording: Wording
    ) -> RenderedMessage? {
        var values = values
        // The previous address of a change is told of it by a notice, under the purpose of the event.
        let kind = TemplateKind(values.notice == nil ? purpose : .notice, notice: values.notice, channel)
        if !kind.carriesCode { (values.code, values.life) = (nil, nil) }
        return templates(of: wording.tenant).find(kind, locale: wording.locale)?.rendered(with: values)
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
