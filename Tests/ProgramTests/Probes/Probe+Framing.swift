import JSON

extension ProbeTheme {
    static let framing = ProbeTheme(
        "HTTP",
        [
            Probe(
                "two framings",
                [
                    framed([("Content-Length", "4"), ("Transfer-Encoding", "chunked")], .broken),
                    framed([("Transfer-Encoding", "chunked"), ("Content-Length", "4")], .broken),
                ]
            ),
            Probe(
                "a field twice",
                [
                    framed([("Content-Length", "2"), ("Content-Length", "2")], .broken),
                    framed([("Host", "localhost"), ("Host", "evil.test")], .broken),
                    framed(
                        [("Content-Type", "application/cloudevents+json"), ("Content-Type", "text/plain")],
                        .broken
                    ),
                ]
            ),
            Probe(
                "a length that is none",
                ["+5", "-1", "0x5", "5,5", "5 5", ""].map {
                    framed([("Content-Length", $0)], .unread)
                }
            ),
            Probe(
                "a length beyond all bounds",
                [
                    framed(
                        [("Content-Length", "10000000")],
                        Intention(status: 413, problem: "too-large", members: ["limit_bytes": 262_144], closes: true)
                    )
                ]
            ),
            Probe(
                "another transfer coding",
                ["gzip", "gzip, chunked", "chunked, identity", "xchunked"].map {
                    framed([("Transfer-Encoding", $0)], .broken)
                }
            ),
            Probe(
                "a header that is too large",
                [
                    Probe.Case(
                        shown: "a field of 17,000 bytes",
                        request: .get("/v1/status", [("X-Long", String(repeating: "a", count: 17_000))]),
                        intention: Intention(
                            status: 413,
                            problem: "too-large",
                            members: ["limit_bytes": 16_384],
                            closes: true
                        )
                    )
                ]
            ),
            Probe(
                "a control character in a field",
                ["a\0b", "a\rb", "a\u{7f}"].map {
                    framed([("X-Field", $0)], .broken)
                }
            ),
            Probe(
                "several requests at once",
                [
                    Probe.Case(
                        shown: "an event, `GET /v1/nothing`, an event that is refused",
                        request: ProbeRequest(
                            body: Probe.Case.data(["emial": "a"], .accepted).request.body,
                            before: [Probe.Case.data([:], .accepted).request, .get("/v1/nothing")]
                        ),
                        intention: Intention(
                            status: 422,
                            problem: "invalid-event",
                            members: ["pointer": "/data/emial"],
                            earlier: [202, 404]
                        )
                    )
                ]
            ),
        ]
    )

    /// A request whose header has these fields, and behind it an event that must not be taken for its body or the next.
    private static func framed(_ fields: [(String, String)], _ intention: Intention) -> Probe.Case {
        let event = Probe.Case.data([:], .accepted).request.body
        let given = fields.map { $0.0.lowercased() }
        let length =
            given.contains { ["content-length", "transfer-encoding"].contains($0) } ? [] : [("Content-Length", "2")]
        return Probe.Case(
            shown: fields.map { markdownCode("\($0.0): \($0.1)") }.joined(separator: " and "),
            request: ProbeRequest(fields: fields + length, body: event),
            intention: intention
        )
    }
}
