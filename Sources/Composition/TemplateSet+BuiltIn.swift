import AuthEvents

extension TemplateSet {
    /// The texts that come with the product: every purpose, notice and channel in English, German, Spanish, French and
    /// Portuguese.
    package static func builtIn() throws(TemplateError) -> TemplateSet {
        var set = TemplateSet()
        for words in BuiltInWords.all {
            for purpose in Purpose.allCases where purpose != .notice {
                try set.add(TemplateKind(purpose, .sms), words, text: words.sms(purpose))
                try set.add(
                    TemplateKind(purpose, .email),
                    words,
                    subject: words.mail.subject,
                    text: words.text(purpose),
                    html: words.html(purpose)
                )
            }
            for notice in [nil] + NoticeName.wellKnown.map(Optional.init) {
                try set.add(TemplateKind(.notice, notice: notice, .sms), words, text: words.notice[notice])
                try set.add(
                    TemplateKind(.notice, notice: notice, .email),
                    words,
                    subject: words.mail.noticeSubject[notice],
                    text: words.text(notice: words.mail.notice[notice]),
                    html: words.html(notice: words.mail.notice[notice])
                )
            }
        }
        return set
    }

    private mutating func add(
        _ kind: TemplateKind,
        _ words: BuiltInWords,
        subject: String? = nil,
        text: String,
        html: String? = nil
    ) throws(TemplateError) {
        func template(_ source: String?) throws(TemplateError) -> Template? {
            guard let source else { return nil }
            let (template, errors) = Template.read(source, names: kind.names, prefix: TemplateKind.dataPrefix)
            if let first = errors.first { throw first }
            return template
        }
        guard let text = try template(text) else { return }
        add(
            MessageTemplates(
                kind: kind,
                language: words.language,
                isBuiltIn: true,
                subject: try template(subject),
                text: text,
                html: try template(html)
            )
        )
    }
}

extension BuiltInWords {
    /// One segment of GSM-7 with a brand and a domain of 20 characters each.
    ///
    /// Where the tenant has a domain the last line binds the code to it, after a blank line, so that phones offer the code on
    /// that site alone (WICG, "Origin-bound one-time codes delivered via SMS").
    fileprivate func sms(_ purpose: Purpose) -> String {
        code[purpose] + "{{#domain}}\n\n@{{domain}} #{{code}}{{/domain}}"
    }

    fileprivate func text(_ purpose: Purpose) -> String {
        """
        \(mail.greeting)

        \(mail.request[purpose])

            {{code}}

        \(mail.life){{#link}}

        \(mail.link.before)\(mail.link.clicked)\(mail.colon)
        {{link}}{{/link}}

        \(purpose == .invitation ? mail.invitationCaution : mail.caution)

        """
    }

    fileprivate func html(_ purpose: Purpose) -> String {
        page(
            """
            <p>\(mail.greeting)</p>
            <p>\(mail.request[purpose])</p>
            <p style="font-size: 2em; letter-spacing: 0.2em"><strong>{{code}}</strong></p>
            <p>\(mail.life)</p>{{#link}}
            <p>\(mail.link.before)<a href="{{link}}">\(mail.link.clicked)</a>.</p>{{/link}}
            <p style="color: #666">\(purpose == .invitation ? mail.invitationCaution : mail.caution)</p>
            """
        )
    }

    fileprivate func text(notice: String) -> String {
        """
        \(mail.greeting)

        \(notice){{#data.device}}
        \(mail.details.device)\(mail.colon) {{data.device}}{{/data.device}}{{#data.place}}
        \(mail.details.place)\(mail.colon) {{data.place}}{{/data.place}}{{#data.time}}
        \(mail.details.time)\(mail.colon) {{data.time}}{{/data.time}}{{#link}}

        \(mail.noticeLink.before)\(mail.noticeLink.clicked)\(mail.colon)
        {{link}}{{/link}}

        \(mail.noticeCaution)

        """
    }

    fileprivate func html(notice: String) -> String {
        let link = mail.noticeLink
        return page(
            """
            <p>\(mail.greeting)</p>
            <p>\(notice)</p>{{#data.device}}
            <p>\(mail.details.device)\(mail.colon) {{data.device}}</p>{{/data.device}}{{#data.place}}
            <p>\(mail.details.place)\(mail.colon) {{data.place}}</p>{{/data.place}}{{#data.time}}
            <p>\(mail.details.time)\(mail.colon) {{data.time}}</p>{{/data.time}}{{#link}}
            <p>\(link.before)<a href="{{link}}">\(link.clicked)</a>.</p>{{/link}}
            <p style="color: #666">\(mail.noticeCaution)</p>
            """
        )
    }

    /// Values are isolated, so that a name written from right to left does not turn the sentence around it.
    private func page(_ body: String) -> String {
        let isolated = ["name", "brand", "data.device", "data.place", "data.time"].reduce(body) { body, name in
            body.replacing("{{\(name)}}", with: "<bdi>{{\(name)}}</bdi>")
        }
        return """
            <!DOCTYPE html>
            <html lang="\(language)" dir="ltr">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{brand}}</title></head>
            <body style="font-family: sans-serif; color: #222; max-width: 34em; margin: 2em auto; padding: 0 1em">
            \(isolated)
            </body>
            </html>

            """
    }
}
