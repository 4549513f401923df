import AuthEvents

extension SettingsTable {
    static let tenants = SettingsTable(
        "tenants",
        of: "tenants[]",
        [
            .key("name", allowed: "1 to 64 of `a-z 0-9 - _`", means: ""),
            .key(
                "templates",
                default: "none",
                allowed: "a folder",
                means: "texts of the tenant's own ([templates.md](templates.md)); a fault in one stops the start with "
                    + "file, line and column"
            ),
            .key(
                "language",
                default: "`en`",
                allowed: "a BCP 47 tag such as `pt-BR`; only with `templates`",
                means: "what a person without a language gets, and one in whose language there is no text"
            ),
            .key(
                "links",
                allowed: "begin with `https://` or `http://`",
                means: "what a `link` of an event must start with; none: no event may have a link"
            ),
            .key(
                "default_country",
                allowed: "a country",
                means: "how a number without `+` is read, and where SMS go while `countries.allow` is empty"
            ),
            .key(
                "limits",
                default: "none",
                allowed: "`[[tenants.limits]]`",
                means: "rate limits of the tenant's own ([below](#limits))"
            ),
            .key(
                "brand.name",
                default: "the tenant's name, `Gatepost` for `default`",
                allowed: "64 characters, no control characters",
                means: "in subject, texts and the sender"
            ),
            .key(
                "brand.domain",
                default: "none",
                allowed: "a host name, without `https://` and port",
                means: "binds the code of an SMS to the site, by a last line `@DOMAIN #CODE`; makes the sender of "
                    + "mails `no-reply@DOMAIN` where `from_email` is left out"
            ),
            .key(
                "brand.from_email",
                default: "`no-reply@DOMAIN`, else `no-reply@localhost`",
                allowed: "a mail address",
                means: "the sender in the envelope and in `From`"
            ),
            .key(
                "brand.from_sms",
                default: "the first 11 letters and digits of the brand's name, else `Gatepost`",
                allowed: "`+` and 3 to 15 digits, a short code, or 1 to 11 letters, digits, blanks, `-`, `_` with a "
                    + "letter among them",
                means: "the sender of SMS. Many countries, the United States among them, take a number of yours only"
            ),
        ]
    )

    static let purposes = SettingsTable(
        "purposes",
        of: "purposes.NAME",
        [
            .key("ttl", means: "how long a code lives"),
            .key("digits", means: "of a code"),
            .key("tries", means: "for one challenge, whatever its number of codes"),
            .key(
                "minimum_life",
                default: "60s (`mfa` 30s), `ttl` where that is shorter",
                allowed: "0s to `ttl`",
                means: "the life that a code must have left when its mail is handed over"
            ),
            .key("max_age", means: "`notice` only: one that was not sent by then dies `expired`"),
            .key(
                "channels",
                allowed: anyOf(Channel.allCases.map(\.name)) + ", each once",
                means: "an event that names no channels takes the first of these whose address it has"
            ),
            .key(
                "resend_waits",
                allowed: "each 0s to 1h, at most 100; `[]`: none",
                means: "how long a person must wait for the second message, the third and so on; the last holds for "
                    + "all further ones ([below](#resend-waits))"
            ),
            .key(
                "unknown",
                default: "none",
                allowed: "a word or a list of [words](#unknown-outcomes)",
                means:
                    "what is done when nobody knows whether a gateway took a message, at gateways that do not say it "
                    + "themselves; none: what is [done without settings](#unknown-outcomes)"
            ),
        ]
    )
}
