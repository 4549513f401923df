import AuthEvents

extension SettingsTable {
    /// How a gateway behind an HTTP API is asked; a preset of the gateway's kind has its own defaults.
    static let ask = SettingsTable(
        "ask",
        of: "gateways[].ask",
        isNarrow: true,
        [
            .key(
                "path",
                default: "required, or `url`",
                means: "put behind the gateway's `url`, or behind the one here"
            ),
            .key("url", default: "the gateway's", means: "another; `https://` where the gateway's is"),
            .key("method", default: "`GET`", means: "`GET` or `POST`"),
            .key(
                "headers",
                "authorization",
                default: "as for a send",
                means: "fields and login; `authorization` is `basic`, or `none` for no login"
            ),
            .key("content_type", default: "`json`", means: "`json` or `form`, for `POST`"),
            .key("body", default: "none", means: "a template, for `POST` alone"),
            .key("accepted", default: "required", means: "answers that say that the gateway has the message"),
            .key("refused", default: "`[]`", means: "that it has it and will not deliver it"),
            .key("unsent", default: "`[]`", means: "that it surely never got it: the message may be sent again"),
            .key("unknown", default: "`[]`", means: "that it cannot say"),
            .key(
                "reference",
                "price",
                "currency",
                "code",
                "detail",
                default: "none",
                means: "pointers into the answer, as for a send"
            ),
        ]
    )

    /// What a gateway does about unknown outcomes, where that is not the same for all purposes.
    static let unknown = SettingsTable(
        "unknown",
        of: "gateways[].unknown",
        [
            .key(
                "default",
                default: "none",
                allowed: "a word or a list",
                means: "for all purposes that the table does not name"
            ),
            SettingsKey(
                names: Purpose.allCases.map(\.name),
                standard: "what `default` says",
                allowed: "a word or a list",
                meaning: "for messages of this purpose"
            ),
        ]
    )
}
