extension SettingsTable {
    /// What describes an HTTP API; a preset of the gateway's kind has its own defaults.
    static let http = SettingsTable(
        "http",
        of: "gateways[]",
        isNarrow: true,
        [
            .key(
                "url",
                default: "required",
                means: "begins with `https://` or `http://`; over `http://` codes can be read on the way, which the "
                    + "worker's log warns of"
            ),
            .key("path", default: "none", means: "put behind `url`; for a base URL that is to be changed alone"),
            .key("method", default: "`POST`", means: "`POST`, `PUT` or `PATCH`"),
            .key(
                "headers",
                default: "none",
                means: "a table of fields; `Content-Type` follows from `content_type`"
            ),
            .key(
                "content_type",
                default: "`json`",
                means: "`json` or `form` (`application/x-www-form-urlencoded`)"
            ),
            .key("body", default: "required", means: "a template"),
            .key("authorization", default: "none", means: "`basic`: HTTP Basic of `account` and `secret`"),
            .key("account", "secret", default: "none", means: "required where the request names them"),
            .key("accepted", default: "`[\"2xx\"]`", means: "answers that take the message"),
            .key("throttled", default: "`[429]`", means: "answers that want a pause"),
            .key("refused", default: "`[\"4xx\"]`", means: "answers that never take the message"),
            .key(
                "unreachable",
                default: "`[]`",
                means: "answers that say that this account is not served at all, whatever the message: they count "
                    + "against the gateway, not against the message"
            ),
            .key(
                "reference",
                default: "none",
                means: "a JSON Pointer (RFC 6901) to the gateway's name for the message"
            ),
            .key(
                "price",
                "currency",
                default: "none",
                means: "what is billed: a text or a number, negative or not; `currency` is a pointer or a currency "
                    + "such as `USD`. Both or neither"
            ),
            .key(
                "code",
                default: "none",
                means: "a pointer to the gateway's code of an error; without, or where it points to nothing, the code "
                    + "is the status"
            ),
            .key(
                "detail",
                default: "none",
                means: "a pointer to the gateway's words; without, the beginning of the answer"
            ),
            .key(
                "validity",
                default: "`[\"1s\", \"168h\"]`",
                means: "the shortest and longest period of validity the gateway takes; what is outside is brought "
                    + "inside"
            ),
        ]
    )
}
