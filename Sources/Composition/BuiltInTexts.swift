package import AuthEvents

/// The texts of one mail.
package struct MailTemplates: Sendable {
    package let subject: Template
    package let text: Template
    package let html: Template

    /// What a template may name.
    package static let names: Set<String> = ["code", "brand", "name", "life", "link"]

    package init(subject: String, text: String, html: String) throws(TemplateError) {
        self.subject = try Template(subject, names: MailTemplates.names)
        self.text = try Template(text, names: MailTemplates.names)
        self.html = try Template(html, names: MailTemplates.names)
    }

    /// The English texts for a purpose that come with the product.
    package static func builtIn(for purpose: Purpose) throws(TemplateError) -> MailTemplates {
        let request =
            switch purpose {
            case .signUp: "confirm this address for {{brand}}"
            case .recovery: "reset your password at {{brand}}"
            case .mfa: "sign in to {{brand}}"
            case .attributeChange: "confirm your new address at {{brand}}"
            case .invitation: "accept your invitation to {{brand}}"
            case .notice: "continue at {{brand}}"
            }
        return try MailTemplates(
            subject: "{{code}} is your {{brand}} code",
            text: """
                Hello{{#name}} {{name}}{{/name}},

                your code to \(request) is

                    {{code}}

                It is good for {{life}}.
                {{#link}}
                You can also open this page:
                {{link}}
                {{/link}}
                If you did not ask for it, you need not do anything. Do not give the code to anybody who asks for it.

                """,
            html: """
                <!DOCTYPE html>
                <html lang="en"><head><meta charset="utf-8"><title>{{brand}}</title></head>
                <body style="font-family: sans-serif; color: #222; max-width: 34em; margin: 2em auto; padding: 0 1em">
                <p>Hello{{#name}} {{name}}{{/name}},</p>
                <p>your code to \(request) is</p>
                <p style="font-size: 2em; letter-spacing: .2em"><strong>{{code}}</strong></p>
                <p>It is good for {{life}}.</p>
                {{#link}}<p>You can also <a href="{{link}}">open this page</a>.</p>{{/link}}
                <p style="color: #666">If you did not ask for it, you need not do anything.
                Do not give the code to anybody who asks for it.</p>
                </body></html>

                """
        )
    }
}
