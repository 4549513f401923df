import JSON

extension ProbeTheme {
    static let addresses = ProbeTheme(
        "Mail addresses",
        [
            Probe(
                "more than one line",
                [
                    refused("a@example.com\n"), refused("a\n@example.com"),
                    refused("a@example.com\r\nBcc: b@example.com"), refused("a@example.com\r\nRCPT TO:<b@example.com>"),
                    refused("a@exam\rple.com"),
                ]
            ),
            Probe(
                "more than an address",
                [
                    refused("<a@example.com>"), refused("A <a@example.com>"), refused("a@example.com>"),
                    refused("a@example.com,b@example.com"), refused("a@example.com b@example.com"),
                    refused("mailto:a@example.com"), refused("a@b@example.com"), refused(" a@example.com"),
                    refused("a@example.com "), refused("a(b)@example.com"), refused("a;b@example.com"),
                ]
            ),
            Probe(
                "less than an address",
                [
                    refused("nobody"), refused("@example.com"), refused("a@"), refused("@"), refused("a@b"),
                    refused(".a@example.com"), refused("a.@example.com"), refused("a..b@example.com"),
                    refused("a@.example.com"), refused("a@example..com"), refused("a@-example.com"),
                    refused("a@example.com:25"), refused("a@exa_mple.com"),
                ]
            ),
            Probe(
                "too long",
                [
                    refused(String(repeating: "a", count: 65) + "@example.com", shown: "65 bytes before the @"),
                    refused("a@" + String(repeating: "a", count: 64) + ".com", shown: "a label of 64 bytes"),
                    refused("a@" + String(repeating: "aaaaaaa.", count: 36) + "example.com", shown: "300 bytes"),
                    refused(String(repeating: "a", count: 2000), shown: "2,000 bytes"),
                ]
            ),
            Probe(
                "kinds that are not written to",
                [
                    refused(#""a b"@example.com"#), refused(#""a"@example.com"#), refused("a@[192.0.2.1]"),
                    refused("a@[IPv6:2001:db8::1]"), refused("a@192.0.2.1"), refused("a\u{202e}@example.com"),
                    refused("a\u{200b}@example.com"), refused("a\u{a0}@example.com"),
                ]
            ),
            Probe(
                "an international domain",
                [
                    accepted("p{n}@bücher.example", "@xn--bcher-kva.example"),
                    accepted("p{n}@BÜCHER.example", "@xn--bcher-kva.example"),
                    accepted("p{n}@bücher。example", "@xn--bcher-kva.example"),
                    accepted("p{n}@xn--bcher-kva.example", "@xn--bcher-kva.example"),
                    refused("a@xn--a.example"), refused("a@exam\u{ad}ple.\u{202e}com"),
                ]
            ),
            // A gateway hands it over where the server behind it announces SMTPUTF8, and nowhere else.
            Probe("letters beyond ASCII before the @", [accepted("pelé{n}@example.com", "@example.com")]),
            Probe(
                "signs that are allowed",
                [
                    accepted("o'hara+tag{n}@example.com", "o'hara+tag"),
                    accepted("!#$%&*/=?^_{|}~{n}@example.com", "!#$%&*"),
                ]
            ),
        ]
    )

    private static func refused(_ address: String, shown: String? = nil) -> Probe.Case {
        var each = Probe.Case.data(["email": .string(address)], .event("/data/email"))
        each.shown = shown ?? markdownCode(shortened(address))
        return each
    }

    private static func accepted(_ address: String, _ written: String) -> Probe.Case {
        var each = Probe.Case.data(["email": .string(address)], .accepted("to", written, in: "written to"))
        each.shown = markdownCode(address.replacing("{n}", with: ""))
        return each
    }
}
