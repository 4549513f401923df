import AuthEvents

extension SettingsTable {
    /// What every gateway may have.
    static let gateways = SettingsTable(
        "gateways",
        of: "gateways[]",
        [
            .key("name", default: "required, once", allowed: "1 to 64 letters, digits, `-`, `_`", means: ""),
            .key("channel", allowed: anyOf(Channel.allCases.map(\.name)), means: ""),
            .key(
                "kind",
                allowed: "`email`: `smtp`, `sandbox`; `sms`: "
                    + anyOf(["http"] + HTTPDescription.presets.keys.sorted() + ["sandbox"]),
                means: "`sandbox` needs `sandbox.enabled`. What a gateway for SMS has besides stands in "
                    + "[gateways.md](gateways.md#kind-http)"
            ),
            .key(
                "url",
                default: "required for `smtp` and `http`",
                allowed: "`smtp://HOST:PORT` or `smtps://HOST:PORT`, no path; `https://…` or `http://…`",
                means: "without a port: 25, 465; `twilio` has its own"
            ),
            .key(
                "starttls",
                default: "see below",
                allowed: anyOf(GatewaySettings.Encryption.allCases.map(\.rawValue)),
                means: "`smtp` only; without meaning for `smtps`"
            ),
            .key(
                "account",
                "secret",
                default: "none",
                allowed: "`email`: both or neither; `twilio`: both; `http`: what its request names",
                means: "for AUTH PLAIN or LOGIN; for the requests of a gateway for SMS"
            ),
            .key(
                "ca",
                default: "none",
                allowed: "a PEM file",
                means: "certificates that are trusted beside the system's"
            ),
            .key(
                "connections",
                means:
                    "hand-overs at once; from eight on one of eight is kept for tenants and purposes that have few in hand there"
            ),
            .key("rate", default: "no limit", means: "hand-overs; the worker keeps it"),
            .key(
                "timeout",
                default: "`smtp` 30s, else 10s",
                means: "for one hand-over, from connecting to the last word"
            ),
            .key(
                "ask",
                default: "the kind's",
                allowed: "a table ([gateways.md](gateways.md#asking-what-became-of-a-message))",
                means: "`http` and its presets: how the gateway is asked what became of a message"
            ),
            .key(
                "receipts",
                default: "the kind's",
                allowed: "a table ([gateways.md](gateways.md#receipts))",
                means: "`sms` only: how receipts are read and signed"
            ),
            .key(
                "receipt_secret",
                default: "none",
                allowed: "a secret",
                means: "`sms` only: what receipts are checked with; of `twilio` the auth token"
            ),
            .key(
                "receipt_timeout",
                means: "how long a message that was taken waits for its receipt before it gets the reason "
                    + "`no_receipt`; only with receipts"
            ),
            .key(
                "receipt_wait",
                default: "2m with receipts and `server.public_url`, else 0s",
                means: "how long `await_receipt` waits, behind the lease of the attempt"
            ),
            .key(
                "unknown",
                default: "the purpose's",
                allowed: "a word, a list of [words](#unknown-outcomes), or a table of them by purpose",
                means: "what is done when nobody knows whether the gateway took a message"
            ),
            .key(
                "ask_pause",
                means: "the pause before the first question; it doubles with each that told nothing. This and the next "
                    + "three only where the gateway can be asked"
            ),
            .key(
                "ask_pause_most",
                default: "2m, or `ask_pause` if longer",
                allowed: "`ask_pause` to 24h",
                means: "the longest pause"
            ),
            .key(
                "ask_most",
                means: "the most questions for one attempt; those that were never put to the gateway do not count"
            ),
            .key(
                "ask_for",
                allowed: "1m to 7d, longer than `ask_pause`",
                means: "how long asking goes on at most, whatever came of it"
            ),
        ]
    )

    static let routes = SettingsTable(
        "routes",
        of: "routes[]",
        [
            .key("channel", allowed: anyOf(Channel.allCases.map(\.name)), means: ""),
            .key(
                "countries",
                default: "any",
                allowed: "countries; only for `sms`",
                means: "the route takes numbers of these only"
            ),
            .key(
                "gateways",
                default: "required",
                allowed: "names of that channel, not `sandbox` and real ones in one route",
                means: "in order of failover"
            ),
        ]
    )
}
