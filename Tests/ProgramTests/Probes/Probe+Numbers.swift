import JSON

extension ProbeTheme {
    static let numbers = ProbeTheme(
        "Phone numbers",
        [
            Probe(
                "not a number",
                [
                    refused("nobody"), refused("+"), refused("+1201200000A"), refused("1-800-FLOWERS"),
                    refused("tel:+12012000001"), refused("+12012000001, +12012000002"), refused("call +12012000001"),
                    refused("+12012000001\n"), refused("+1201\u{202e}2000001"), refused("<+12012000001>"),
                ]
            ),
            Probe(
                "with an extension",
                [
                    refused("+12012000001 ext. 5"), refused("+12012000001 x5"), refused("+12012000001#5"),
                    refused("+12012000001;ext=5"), refused("+12012000001,,5"),
                ]
            ),
            Probe("of no country", [refused("+9991234567"), refused("+0012345678"), refused("+2101234567")]),
            Probe("too short", [refused("12"), refused("+120"), refused("+1201200")]),
            Probe(
                "too long",
                [
                    refused("+120120000011"), refused("+1201200000112345678"),
                    refused("+" + String(repeating: "1", count: 32), shown: "33 bytes"),
                ]
            ),
            Probe(
                "that is not written to",
                [
                    destination("+19002345678", "premium", "number_type", "US"),
                    destination("+18002345678", "free of charge", "number_type", "US"),
                    destination("+80012345678", "of all the world", "country", nil),
                    destination("+447400123456", "of a country that is not allowed", "country", "GB"),
                ]
            ),
            Probe(
                "spelt otherwise",
                [
                    accepted("+1 (201) 200-0011", "+12012000011"), accepted("(201) 200-0012", "+12012000012"),
                    accepted("+1\u{2011}201.200.0013", "+12012000013"), accepted("２０１２００００１４", "+12012000014"),
                    accepted("++12012000015", "+12012000015"),
                ]
            ),
        ]
    )

    private static func refused(_ number: String, shown: String? = nil) -> Probe.Case {
        var each = Probe.Case.data(["phone": .string(number)], of: "mfa", .event("/data/phone"))
        each.shown = shown ?? markdownCode(number)
        return each
    }

    private static func destination(_ number: String, _ kind: String, _ reason: String, _ country: JSONValue)
        -> Probe.Case
    {
        .data(
            ["phone": .string(number)],
            of: "mfa",
            shown: "\(markdownCode(number)), \(kind)",
            .destination(reason, country)
        )
    }

    private static func accepted(_ number: String, _ written: String) -> Probe.Case {
        .data(
            ["phone": .string(number)],
            of: "mfa",
            shown: markdownCode(number),
            .accepted("to", written, in: "written to")
        )
    }
}
