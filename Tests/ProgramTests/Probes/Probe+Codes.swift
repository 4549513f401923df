import JSON

extension ProbeTheme {
    static let codes = ProbeTheme(
        "Lives and codes of the application's own",
        [
            Probe(
                "ttl out of bounds",
                [
                    .data(["ttl": "61m"], of: "recovery", .event("/data/ttl")),
                    .data(["ttl": "59s"], of: "recovery", .event("/data/ttl")),
                    .data(["ttl": "29s"], of: "mfa", .event("/data/ttl")),
                    .data(["ttl": "99999999999h"], .event("/data/ttl")),
                ]
            ),
            Probe(
                "ttl that is none",
                ["0s", "-10m", "10", "ten", "10 m", "1e3s", "10m10s"].map {
                    .data(["ttl": .string($0)], .event("/data/ttl"))
                }
            ),
            Probe(
                "code and expires_at",
                [
                    .data(["code": "ABCD"], .event("/data/expires_at")),
                    .data(["expires_at": "2100-01-01T00:00:00Z"], .event("/data/expires_at")),
                    .data(["code": "ABCD", "expires_at": "2020-01-01T00:00:00Z"], .event("/data/expires_at")),
                    .data(["code": "ABCD", "expires_at": "2100-01-01T00:00:00Z"], .event("/data/expires_at")),
                    .data(["code": "ABCD", "expires_at": "soon"], .event("/data/expires_at")),
                    .data(["code": "ABCD", "expires_at": nil], .event("/data/expires_at")),
                ]
            ),
            Probe(
                "a code with a ttl",
                [
                    .data(
                        ["code": "ABCD", "expires_at": "{later}", "ttl": "10m"],
                        shown: "`code`, `expires_at`, `ttl`",
                        .event("/data/ttl")
                    )
                ]
            ),
            Probe(
                "a code of another shape",
                [
                    .data(["code": "ABC", "expires_at": "2020-01-01T00:00:00Z"], .event("/data/code")),
                    .data(["code": "ABCDé", "expires_at": "2020-01-01T00:00:00Z"], .event("/data/code")),
                    .data(["code": "AB\nCD", "expires_at": "2020-01-01T00:00:00Z"], .event("/data/code")),
                    .data(
                        ["code": .string(String(repeating: "A", count: 33)), "expires_at": "2020-01-01T00:00:00Z"],
                        shown: "33 bytes",
                        .event("/data/code")
                    ),
                ]
            ),
        ]
    )

    static let batches = ProbeTheme(
        "Batches",
        [
            Probe(
                "not a batch",
                [
                    batch("[]", .malformed("")), batch("{}", .malformed("")), batch("1", .malformed("")),
                    batch("null", .malformed("")), batch("", shown: "an empty body", .malformed(at: 0)),
                    batch("[{]", .malformed(at: 2)),
                    batch("[" + String(repeating: "{},", count: 1000) + "{}]", shown: "1,001 events", .tooMany),
                    batch(
                        "[\"" + String(repeating: "a", count: 4_194_300) + "\"]",
                        shown: "4,194,304 bytes that are one string",
                        Intention.tooLarge(262_144).inBatch
                    ),
                    batch(
                        "[\"" + String(repeating: "a", count: 4_194_301) + "\"]",
                        shown: "4,194,305 bytes",
                        Intention(
                            status: 413,
                            problem: "too-large",
                            members: ["limit_bytes": 4_194_304],
                            closes: true
                        )
                    ),
                ]
            ),
            Probe(
                "not an event in structured mode",
                [
                    .body("[]", .malformed("")), .body("[{}]", .malformed("")), .body("1", .malformed("")),
                    .body("null", .malformed("")), .body(#""a""#, .malformed("")),
                ]
            ),
            Probe(
                "not an event in a batch",
                ["[]", "[{}]", "null", "5", #""a""#].map {
                    batch("[\($0)]", Intention.event("").inBatch)
                }
            ),
            Probe("an object without members in a batch", [batch("[{}]", Intention.event("/specversion").inBatch)]),
            Probe(
                "a batch within a batch",
                [
                    Probe.Case.data([:], shown: "`[[…]]`, an event in the inner", .event("")).inBatch.inBatch
                ]
            ),
        ]
    )

    private static func batch(_ text: String, shown: String? = nil, _ intention: Intention) -> Probe.Case {
        var each = Probe.Case.body(text, shown: shown, intention)
        each.request.fields = [("Content-Type", "application/cloudevents-batch+json")]
        return each
    }
}

extension Intention {
    fileprivate static let tooMany = Intention(
        status: 413,
        problem: "too-large",
        members: ["limit_bytes": 4_194_304, "limit_events": 1000]
    )
}
