import JSON

extension ProbeTheme {
    static let bytes = ProbeTheme(
        "Bytes and JSON",
        notJSON + notUTF8 + deep + twice + huge + [
            Probe(
                "NUL byte",
                [
                    .body(#"{"id":"a"# + "\0" + #""}"#, .malformed(at: 8)),
                    .body("{\0}", .malformed(at: 1)),
                    .body("{}\0", .malformed(at: 2)),
                ]
            ),
            Probe(
                "too large",
                [
                    .body(large(262_145), shown: "an event of 262,145 bytes", .tooLarge(262_144)),
                    // The server refuses it by its header; what a peer sends nevertheless is not kept.
                    Probe.Case(
                        shown: "10 MB",
                        request: ProbeRequest(body: .bytes(large(10_000_000))),
                        intention: Intention(
                            status: 413,
                            problem: "too-large",
                            members: ["limit_bytes": 262_144],
                            closes: true
                        )
                    ),
                ]
            ),
            Probe(
                "a body that ends half way",
                [
                    Probe.Case(
                        shown: "40 of its bytes, then the connection is closed",
                        request: ProbeRequest(body: Probe.Case.data([:], .accepted).request.body, cut: 40),
                        intention: .unanswered
                    ),
                    Probe.Case(
                        shown: "none of them",
                        request: ProbeRequest(body: Probe.Case.data([:], .accepted).request.body, cut: 0),
                        intention: .unanswered
                    ),
                ]
            ),
        ]
    )

    private static let notJSON: [Probe] = [
        Probe(
            "not JSON",
            [
                .body("", shown: "an empty body", .malformed(at: 0)),
                .body("hello", .malformed(at: 0)),
                .body(#"{"id":"1""#, .malformed(at: 9)),
                .body(#"{"id":"1","#, .malformed(at: 10)),
                .body(#"{"id":"1",}"#, .malformed(at: 10)),
                .body(#"{'id':'1'}"#, .malformed(at: 1)),
                .body(#"{id:"1"}"#, .malformed(at: 1)),
                .body(#"{"id":NaN}"#, .malformed(at: 6)),
                .body(#"{"id":01}"#, .malformed(at: 7)),
                .body("{} // no", .malformed(at: 3)),
                .body("{} {}", .malformed(at: 3)),
                .body("{\"id\":\"a\nb\"}", .malformed(at: 8)),
                .body(#"{"id":"\x41"}"#, .malformed(at: 8)),
                .body("\u{feff}{}", .malformed(at: 0)),
            ]
        )
    ]

    private static let notUTF8: [Probe] = [
        Probe(
            "not UTF-8",
            [
                of([0xff], "FF"), of([0x80], "80"), of([0xc3], "C3", at: 8),
                of([0xf4, 0x90, 0x80, 0x80], "F4 90 80 80", at: 8),
            ]
        ),
        Probe("overlong UTF-8", [of([0xc0, 0xaf], "C0 AF"), of([0xe0, 0x80, 0xaf], "E0 80 AF", at: 8)]),
        // Reading stops where the other half should stand, or behind one that stands alone.
        Probe(
            "a surrogate alone",
            [
                of([0xed, 0xa0, 0x80], "ED A0 80", at: 8),
                .body(#"{"id":"\ud800"}"#, .malformed(at: 13)),
                .body(#"{"id":"\udc00"}"#, .malformed(at: 12)),
                .body(#"{"id":"\ud800\ud800"}"#, .malformed(at: 18)),
                .body(#"{"\ud800":1}"#, .malformed(at: 8)),
            ]
        ),
    ]

    private static let deep: [Probe] = [
        Probe(
            "deeply nested",
            [
                .body([UInt8](repeating: 0x5b, count: 100_000), shown: "100,000 `[`", .malformed(at: 32)),
                .body(nested(33), shown: "33 levels", .malformed(at: 32)),
                .body(nested(32), shown: "32 levels, which is an array", .malformed("")),
                .body(
                    [UInt8](#"{"data":{"template_data":"#.utf8) + nested(31) + [UInt8]("}}".utf8),
                    shown: "33 levels in `data`",
                    .malformed(at: 55)
                ),
            ]
        )
    ]

    private static let twice: [Probe] = [
        Probe(
            "a member twice",
            [
                .body(#"{"id":"1","id":"2"}"#, .malformed("/id")),
                .body(#"{"id":"1","\u0069d":"2"}"#, .malformed("/id")),
                .body(#"{"data":{"email":"a@example.com","email":"b@example.com"}}"#, .malformed("/data/email")),
            ]
        )
    ]

    private static let huge: [Probe] = {
        let long = String(repeating: "9", count: 400)
        return [
            Probe(
                "a number beyond all bounds",
                [
                    .body(#"{"id":1e400}"#, .malformed(at: 6)),
                    .body(#"{"id":-1e400}"#, .malformed(at: 6)),
                    .body("{\"id\":\(long)}", shown: "`{\"id\":9…}` with 400 digits", .malformed(at: 6)),
                    .body("{\"extension\":\(long)}", shown: "`{\"extension\":9…}` with 400 digits", .malformed(at: 13)),
                    .body(#"{"data":{"unknown":1e400}}"#, .malformed(at: 19)),
                ]
            ),
            Probe(
                "a number where a string is wanted",
                [
                    .envelope(["id": 1], .event("/id")),
                    .envelope(["id": .number(1e300)], .event("/id")),
                    // An integer that nothing here can hold is not rounded.
                    .body(#"{"id":12345678901234567890}"#, .malformed(at: 6)),
                ]
            ),
        ]
    }()

    /// `at`: The first byte that cannot belong to a character; the string begins at 7.
    private static func of(_ bytes: [UInt8], _ shown: String, at offset: Int = 7) -> Probe.Case {
        let body = [UInt8](#"{"id":""#.utf8) + bytes + [UInt8](#""}"#.utf8)
        return .body(body, shown: "the bytes \(shown) in `id`", .malformed(at: offset))
    }

    private static func nested(_ levels: Int) -> [UInt8] {
        [UInt8](repeating: 0x5b, count: levels) + [UInt8](repeating: 0x5d, count: levels)
    }

    private static func large(_ count: Int) -> [UInt8] {
        let start = [UInt8](#"{"specversion":"1.0","id":""#.utf8)
        return start + [UInt8](repeating: 0x61, count: count - start.count - 2) + [UInt8](#""}"#.utf8)
    }
}
