import JSON

extension ProbeTheme {
    static let texts = ProbeTheme(
        "Names and data",
        [
            Probe(
                "a name that is a link is dropped",
                [
                    greeted("http://evil.test/win", "Hello,"), greeted("www.evil.test", "Hello,"),
                    greeted("evil.test", "Hello,"),
                    greeted("Win at evil.com now", "Hello,"), greeted("evil\u{3002}com", "Hello,"),
                ]
            ),
            Probe(
                "a name with HTML is escaped",
                [
                    html("<b>Bobby</b>", "&lt;b&gt;Bobby&lt;/b&gt;"),
                    html("<script>alert(1)</script>", "&lt;script&gt;"),
                    html(#""><img src=x>"#, "&gt;&lt;img"), html("O'Hara & Söhne", "&amp; Söhne"),
                    html("A&lt;", "A&amp;lt;"),
                ]
            ),
            Probe(
                "HTML in template_data is escaped",
                [
                    .data(
                        ["notice": "new_sign_in", "template_data": ["device": "<i>Firefox</i>"]],
                        of: "notice",
                        .accepted("html", "&lt;i&gt;Firefox&lt;/i&gt;", in: "the HTML has")
                    )
                ]
            ),
            Probe(
                "HTML in a code of the application's own is escaped",
                [
                    .data(
                        ["code": "<b>1&2</b>", "expires_at": "{later}"],
                        shown: #"`{"code":"<b>1&2</b>"}`"#,
                        .accepted("html", "&lt;b&gt;1&amp;2&lt;/b&gt;", in: "the HTML has")
                    )
                ]
            ),
            Probe(
                "HTML in a link is escaped",
                [
                    .data(
                        ["link": "https://app.example.com/?a=1&b='2'&c={{code}}"],
                        .accepted("html", "/?a=1&amp;b=", in: "the HTML has")
                    )
                ]
            ),
            Probe(
                "HTML elsewhere goes into no message",
                [
                    .envelope(
                        ["subject": "<b>s</b>", "source": "/<b>/", "extension": "<b>"],
                        .accepted("the HTML", "has none of it") { message in
                            message["html"]?.string.map { $0.contains("<b>") ? "has it" : "has none of it" }
                        }
                    ),
                    .data(["locale": "<b>"], .event("/data/locale")),
                ]
            ),
            Probe(
                "control characters and overrides in a name",
                [
                    name("Bob\nby"), name("Bob\r\nBcc: x"), name("Bob\tby"), name("Bob\u{7f}"), name("Bob\u{85}"),
                    name("\u{202e}ybboB"), name("\u{2066}Bobby\u{2069}"), name("Bobby\u{200f}"),
                ]
            ),
            Probe(
                "too long a name",
                [
                    name(String(repeating: "a", count: 65), shown: "65 letters"),
                    name(String(repeating: "a", count: 257), shown: "257 letters"),
                ]
            ),
            Probe("template_data", templateData),
        ]
    )

    private static let templateData: [Probe.Case] = [
        .data(["template_data": []], .event("/data/template_data")),
        .data(["template_data": ["x": 1]], .event("/data/template_data/x")),
        .data(["template_data": ["x": nil]], .event("/data/template_data/x")),
        .data(["template_data": ["x": ["y": "z"]]], .event("/data/template_data/x")),
        .data(["template_data": ["": "z"]], .event("/data/template_data/")),
        .data(["template_data": ["x\0": "z"]], .event("/data/template_data/x\0")),
        .data(["template_data": ["x": "a\0b"]], .event("/data/template_data/x")),
        .data(["template_data": ["x": "a\u{202e}b"]], .event("/data/template_data/x")),
        .data(
            ["template_data": .object(JSONObject((1...21).map { ("k\($0)", "v") }))],
            shown: "21 strings",
            .event("/data/template_data")
        ),
        .data(
            ["template_data": ["x": .string(String(repeating: "v", count: 257))]],
            shown: "a string of 257 bytes",
            .event("/data/template_data/x")
        ),
        .data(
            ["template_data": .object([String(repeating: "k", count: 65): "v"])],
            shown: "a name of 65 bytes",
            .event("/data/template_data/" + String(repeating: "k", count: 65))
        ),
    ]

    private static func greeted(_ name: String, _ greeting: String) -> Probe.Case {
        .data(
            ["name": .string(name)],
            shown: markdownCode(name),
            .accepted("greeted with", greeting) { message in
                message["text"]?.string?.split(separator: "\n").first.map(String.init)
            }
        )
    }

    private static func html(_ name: String, _ escaped: String) -> Probe.Case {
        .data(
            ["name": .string(name)],
            shown: markdownCode(name),
            .accepted("the HTML has", escaped) { message in
                guard let html = message["html"]?.string, !html.contains(name), html.contains(escaped) else {
                    return nil
                }
                return escaped
            }
        )
    }

    private static func name(_ name: String, shown: String? = nil) -> Probe.Case {
        .data(["name": .string(name)], shown: shown ?? markdownCode(name), .event("/data/name"))
    }

    static let links = ProbeTheme(
        "Links",
        [
            Probe(
                "to another place than the tenant's links",
                [
                    "https://evil.test/", "https://app.example.com.evil.test/", "https://app.example.comevil/",
                    "http://app.example.com/", "https://APP.example.com/", "https://app.example.com:8443/",
                    "https://www.example.com/other", "https://аpp.example.com/", "https://app.example.com./",
                ].map(refused)
            ),
            Probe(
                "that reads otherwise than it leads",
                [
                    "https://app.example.com@evil.test/", "https://app.example.com:8443@evil.test/",
                    #"https://app.example.com\@evil.test/"#, #"https://app.example.com/\evil.test"#,
                    #"https:\\app.example.com/"#, "https://www.example.com/account/../other",
                    "https://www.example.com/account/%2e%2E/other", "https://app.example.com/\u{202e}x",
                    "https://app.example.com/ x", "https://app.example.com/\u{a0}x", "https:///app.example.com/",
                    "https:app.example.com/", "https://app.example.com%2eevil.test/", "https://{{code}}.example.com/",
                ].map(refused)
            ),
            Probe(
                "that is none of the web",
                [
                    "javascript:alert(1)", "data:text/html,x", "//app.example.com/", "/account",
                    "ftp://app.example.com/",
                    "https://", "https://app.example.com/\"onclick", "https://app.example.com/<b>",
                    " https://app.example.com/", "https://app.example.com/{{name}}", "https://app.example.com/{code}",
                ].map(refused)
            ),
            Probe(
                "too long",
                [
                    refused("https://app.example.com/" + String(repeating: "a", count: 2025), shown: "2,049 bytes")
                ]
            ),
            Probe(
                "with a code in a notice",
                [
                    .data(
                        ["notice": "new_sign_in", "link": "https://app.example.com/{{code}}"],
                        of: "notice",
                        .event("/data/link")
                    )
                ]
            ),
            Probe(
                "below the tenant's links",
                [
                    "https://app.example.com", "https://app.example.com/x?code={{code}}", "https://app.example.com?c=1",
                    "https://app.example.com#c", "https://www.example.com/account/reset/{{code}}",
                ].map { .data(["link": .string($0)], shown: markdownCode($0), .accepted) }
            ),
        ]
    )

    private static func refused(_ link: String) -> Probe.Case { refused(link, shown: nil) }

    private static func refused(_ link: String, shown: String?) -> Probe.Case {
        .data(["link": .string(link)], shown: shown ?? markdownCode(link), .event("/data/link"))
    }
}
