extension BuiltInWords {
    static let german = BuiltInWords(
        language: LanguageTag(unchecked: "de"),
        code: ByPurpose(
            signUp: "{{code}} ist Ihr Code für {{brand}}.",
            recovery: "{{code}} setzt Ihr {{brand}}-Passwort zurück.",
            mfa: "{{code}} ist Ihr {{brand}}-Anmeldecode.",
            attributeChange: "{{code}} bestätigt diese Nummer bei {{brand}}.",
            invitation: "{{code}} ist Ihre Einladung zu {{brand}}."
        ),
        notice: ByNotice(
            general: "Ihr {{brand}}-Konto wurde geändert. Waren Sie das nicht? Melden Sie sich an und prüfen Sie es.",
            passwordChanged: "Ihr {{brand}}-Passwort wurde geändert. Waren Sie das nicht? Setzen Sie es gleich zurück.",
            newSignIn: "Neue Anmeldung bei Ihrem {{brand}}-Konto. Waren Sie das nicht? Ändern Sie Ihr Passwort.",
            mfaChanged: "Die Anmeldung in zwei Schritten für Ihr {{brand}}-Konto wurde geändert. "
                + "Waren Sie das nicht? Prüfen Sie Ihr Konto.",
            accountLocked: "Ihr {{brand}}-Konto wurde gesperrt. Nicht erwartet? Wenden Sie sich an uns.",
            contactChanged: "Die Kontaktdaten Ihres {{brand}}-Kontos werden geändert. "
                + "Waren Sie das nicht? Ändern Sie Ihr Passwort."
        ),
        mail: Mail(
            greeting: "Guten Tag{{#name}}, {{name}}{{/name}}!",
            subject: "{{code}} ist Ihr Code für {{brand}}",
            request: ByPurpose(
                signUp: "Ihr Code, mit dem Sie diese Adresse für {{brand}} bestätigen, lautet",
                recovery: "Ihr Code, mit dem Sie Ihr Passwort bei {{brand}} zurücksetzen, lautet",
                mfa: "Ihr Code, mit dem Sie sich bei {{brand}} anmelden, lautet",
                attributeChange: "Ihr Code, mit dem Sie Ihre neue Adresse bei {{brand}} bestätigen, lautet",
                invitation: "Ihr Code, mit dem Sie die Einladung zu {{brand}} annehmen, lautet"
            ),
            life: "Er gilt {{life}}.",
            link: ("Sie können auch ", "diese Seite öffnen"),
            caution: "Wenn Sie ihn nicht angefordert haben, brauchen Sie nichts zu tun. "
                + "Geben Sie den Code niemandem, der Sie danach fragt.",
            invitationCaution: "Wenn Sie nicht annehmen möchten, brauchen Sie nichts zu tun. "
                + "Geben Sie den Code niemandem, der Sie danach fragt.",
            noticeSubject: ByNotice(
                general: "Ihr {{brand}}-Konto wurde geändert",
                passwordChanged: "Ihr {{brand}}-Passwort wurde geändert",
                newSignIn: "Neue Anmeldung bei Ihrem {{brand}}-Konto",
                mfaChanged: "{{brand}}: Anmeldung in zwei Schritten geändert",
                accountLocked: "Ihr {{brand}}-Konto wurde gesperrt",
                contactChanged: "Neue Kontaktdaten für Ihr {{brand}}-Konto"
            ),
            notice: ByNotice(
                general: "Ihr Konto bei {{brand}} wurde geändert.",
                passwordChanged: "Das Passwort Ihres Kontos bei {{brand}} wurde geändert.",
                newSignIn: "Jemand hat sich bei Ihrem Konto bei {{brand}} angemeldet.",
                mfaChanged: "Die Anmeldung in zwei Schritten für Ihr Konto bei {{brand}} wurde geändert.",
                accountLocked: "Ihr Konto bei {{brand}} wurde gesperrt.",
                contactChanged: "Jemand möchte die Kontaktdaten Ihres Kontos bei {{brand}} ändern."
            ),
            details: ("Gerät", "Ort", "Zeit"),
            noticeLink: ("Sie können ", "Ihr Konto hier ansehen"),
            noticeCaution: "Wenn Sie das selbst waren oder es erwartet haben, brauchen Sie nichts zu tun. "
                + "Andernfalls ändern Sie Ihr Passwort und wenden Sie sich an uns.",
            colon: ":"
        )
    )
}
