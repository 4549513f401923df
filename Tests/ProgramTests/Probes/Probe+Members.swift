import JSON

extension ProbeTheme {
    static let members: ProbeTheme = {
        let texts = ["email", "phone", "locale", "name", "ip", "tenant", "link", "session", "ttl", "code"]
        let all = texts + ["channels", "any_of", "template_data"]
        let null: [Probe.Case] = all.map { .data([$0: nil], .event("/data/" + $0)).of($0) }
        let typed: [Probe.Case] = all.map { .data([$0: 5], .event("/data/" + $0)).of($0) }
        let object: [Probe.Case] = texts.map { .data([$0: [:]], .event("/data/" + $0)).of($0) }
        let empty: [Probe.Case] = texts.map { .data([$0: ""], .event("/data/" + $0)).of($0) }
        let nul: [Probe.Case] = texts.map { .data([$0: "1\u{0}.2"], .event("/data/" + $0)).of($0) }
        let previous: [Probe.Case] = ["previous_email", "previous_phone"].flatMap { name in
            ([nil, 5, "", "a\0b"] as [JSONValue]).map {
                .data([name: $0], of: "attribute_change", .event("/data/" + name)).of(name)
            }
        }
        let notice: [Probe.Case] = ([nil, 5, "", "a\0b", "Password changed"] as [JSONValue]).map {
            .data(["notice": $0], of: "notice", .event("/data/notice"))
        }
        return ProbeTheme(
            "Members of data",
            [
                Probe("a member is null", null), Probe("a member is `5`", typed), Probe("a member is `{}`", object),
                Probe("a member is empty", empty), Probe("a member has U+0000", nul),
                Probe("a previous address is null, `5`, empty, or has U+0000", previous),
                Probe("members in a batch", (null + typed).map(\.inBatch)),
                Probe("a member that is not known", unknown),
                Probe("a member of another type", misplaced),
                Probe(
                    "the name of a notice",
                    notice + [.data([:], of: "notice", shown: "none", .event("/data/notice"))]
                ),
                Probe("an address is missing", addressless),
                Probe("channels", channels),
                Probe(
                    "any_of where each address is proved by itself",
                    ["sign_up", "confirmation", "attribute_change"].map {
                        .data(["any_of": true], of: $0, shown: "`auth.\($0)`", .event("/data/any_of"))
                    }
                ),
                Probe("other values", values),
            ]
        )
    }()

    private static let unknown: [Probe.Case] = [
        .data(["emial": "a@example.com"], .event("/data/emial")),
        .data(["Email": "a@example.com"], .event("/data/Email")),
        .data(["": "a"], .event("/data/")),
        .data(["a\0b": "a"], .event("/data/a\0b")),
        .data(["email ": "a"], .event("/data/email ")),
    ]

    private static let misplaced: [Probe.Case] =
        [
            .data(["notice": "password_changed"], of: "recovery", .event("/data/notice")),
            .data(["previous_email": "b@example.com"], of: "recovery", .event("/data/previous_email")),
            .data(["previous_phone": "+12012000001"], of: "mfa", .event("/data/previous_phone")),
        ]
        + ([("ttl", "10m"), ("session", "s-91"), ("code", "ABCD"), ("expires_at", "2030-01-01T00:00:00Z")]).map {
            .data(["notice": "new_sign_in", $0.0: .string($0.1)], of: "notice", .event("/data/" + $0.0))
        }

    private static let addressless: [Probe.Case] = [
        .data([:], without: "email", shown: "`auth.recovery` without any", .event("/data/email")),
        .data([:], of: "mfa", without: "phone", shown: "`auth.mfa` without any", .event("/data/phone")),
        .data(["channels": ["email", "sms"]], of: "invitation", .event("/data/phone")),
        .data(["channels": ["email"]], of: "mfa", .event("/data/email")),
    ]

    private static let channels: [Probe.Case] = [
        .data(["channels": []], .event("/data/channels")),
        .data(["channels": "email"], .event("/data/channels")),
        .data(["channels": ["fax"]], .event("/data/channels/0")),
        .data(["channels": ["Email"]], .event("/data/channels/0")),
        .data(["channels": ["email", nil]], .event("/data/channels/1")),
        .data(["channels": ["email", "email"]], .event("/data/channels/1")),
        .data(["channels": ["email", "sms", "email"]], .event("/data/channels")),
    ]

    private static let values: [Probe.Case] = [
        .data(["tenant": "Shop!"], .event("/data/tenant")),
        .data(["ip": "999.1.1.1"], .event("/data/ip")),
        .data(["ip": "fe80::1%eth0"], .event("/data/ip")),
        .data(["ip": "203.0.113.7:80"], .event("/data/ip")),
        .data(["locale": "english_GB"], .event("/data/locale")),
        .data(["locale": "en-"], .event("/data/locale")),
        .data(["locale": "../../etc/passwd"], .event("/data/locale")),
        .data(
            ["session": .string(String(repeating: "s", count: 129))],
            shown: "`session` of 129 bytes",
            .event("/data/session")
        ),
        .data(["previous_email": "nobody"], of: "attribute_change", .event("/data/previous_email")),
        .data(["previous_phone": "12"], of: "attribute_change", .event("/data/previous_phone")),
    ]
}
