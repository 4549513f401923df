import PhoneNumbers

extension SettingsTable {
    /// What stands once in the settings.
    static let general = SettingsTable(
        "general",
        of: "",
        [
            .key(
                "server.listen",
                allowed: "`HOST:PORT` or `[IPv6]:PORT`, numeric; port 0 takes a free one",
                means: "where applications connect; empty: the socket only"
            ),
            .key(
                "server.socket",
                allowed: "at most 107 bytes as an absolute path",
                means: "the Unix socket for the worker and for `gatepost`"
            ),
            .key(
                "server.hosts",
                means: "what `Host` may be over TCP, compared without its port; not looked at on the socket"
            ),
            .key(
                "server.trusted_proxies",
                allowed: "IPv4 and IPv6 addresses, and networks such as `10.1.0.0/16` with at least one bit and zeros "
                    + "behind them",
                means: "reverse proxies: their connections are not counted by address, and their `X-Forwarded-Host` "
                    + "takes the place of `Host` ([operating.md](operating.md#tls-and-the-outside))"
            ),
            .key(
                "server.public_url",
                default: "none",
                allowed: "`https://HOST` or `http://HOST`, with a path if need be",
                means: "where the outside world finds the server: the address that gateways send "
                    + "[receipts](gateways.md#receipts) to. Its host is served beside `server.hosts`"
            ),
            .key("store.url", allowed: "`sqlite:PATH`", means: "the database"),
            .key(
                "store.wal_limit",
                means:
                    "bytes: while the write-ahead log is as large as this, because something reads for long, no event "
                    + "is accepted and no replay begins; what was accepted is delivered. At half of it a backup is given "
                    + "up"
            ),
            .key(
                "store.reserve",
                means: "bytes of the disk that are set aside beside the database, where as much again stays free: when "
                    + "the disk is full they are freed, and outcomes and receipts are still recorded. 0: none"
            ),
            .key(
                "store.recent_rows",
                means: "rows by which events are recognised and limits are counted that are gathered in memory, about "
                    + "five for an event, before they are merged into their tables many at a time. More of them write "
                    + "less to the disk and take more memory: about 100 bytes a row"
            ),
            .key("keys.file", allowed: "mode 0600 or less", means: "the key file; `keys.state` lies beside it"),
            .key(
                "sandbox.enabled",
                default: "`false` (`init` writes `true`)",
                means: "allows gateways of kind `sandbox`; a channel without a gateway then has one by itself, "
                    + "`sandbox-email`, `sandbox-sms`"
            ),
            .key("sandbox.dir", means: "where they keep messages"),
            .key(
                "carriers.users",
                allowed: "users of this machine",
                means: "who may carry on the socket beside root and the server's user; with any, the socket gets mode "
                    + "0666, and its folder must let them pass"
            ),
            .key(
                "carriers.per_recipient",
                means: "each worker's own limit for one recipient, all tenants together"
            ),
            .key(
                "countries.allow",
                allowed: "countries",
                means: "where SMS may go; empty: to the tenant's `default_country` only. Numbers of no country "
                    + "(satellites, international services) are refused always"
            ),
            .key(
                "countries.number_types",
                default: "`[\"mobile\", \"fixed_or_mobile\"]`",
                allowed: anyOf(PhoneNumberKind.allCases.map(\.rawValue)),
                means: "which numbers are written to; `fixed_or_mobile` where ranges do not tell the two apart, as in "
                    + "the United States"
            ),
            .key(
                "countries.price_ceiling",
                default: "none",
                allowed: "an amount",
                means: "the most that a segment may cost, its fee included. A dearer gateway of the route is passed "
                    + "over; where all are dearer the event is refused"
            ),
            .key(
                "prices.files",
                allowed: "paths, `*` in their last part",
                means: "price tables ([spend.md](spend.md#price-tables)); a pattern that matches nothing is no mistake"
            ),
            .key(
                "prices.unpriced",
                default: "none",
                allowed: "an amount, at most 1000",
                means: "what a segment counts where no table has a price; without it such a number is refused"
            ),
            .key(
                "limits",
                default: "four, below",
                allowed: "`[[limits]]`, or `[]` for none",
                means: "rate limits at intake and at verification"
            ),
        ]
    )

    /// What one connection, and all of them, may take.
    static let edge = SettingsTable(
        "edge",
        of: "server",
        [
            .key(
                "max_body",
                means: "the largest body but a batch's, and the largest event of a batch. What carriers send may "
                    + "always have 256 KiB"
            ),
            .key("max_batch_body", allowed: "`max_body` to 67108864", means: "the largest body of a batch"),
            .key("max_batch", means: "events of a batch"),
            .key("max_header", means: "request line and fields together; a connection holds twice as much"),
            .key(
                "buffered_bodies",
                allowed: "8 × `max_batch_body` to 17179869184",
                means: "all bodies that are being received or worked on; one of them may have an eighth of what the "
                    + "others leave"
            ),
            .key(
                "header_deadline",
                means: "from the connection, or the request line on a kept one, to the end of the header"
            ),
            .key("body_deadline", means: "from there to the end of the body"),
            .key("answer_deadline", means: "from the answer until the kernel has taken all of it"),
            .key(
                "answer_rate",
                means:
                    "bytes that a peer must take in a second of a large answer: each so many make `answer_deadline` a "
                    + "second longer"
            ),
            .key("idle_timeout", means: "from one answer to the next request"),
            .key(
                "connections",
                means: "open connections; beyond it the one that has waited longest for its next request gives way"
            ),
            .key(
                "connections_per_address",
                means: "of them from one IPv4 address or one IPv6 network of 64 bits, by the same rule; not on the "
                    + "socket and not from `trusted_proxies`"
            ),
        ]
    )
}
