import JSON

extension ProbeTheme {
    static let envelopes: ProbeTheme = {
        let required = ["specversion", "id", "source", "type", "data"]
        let attributes = required.dropLast() + ["subject", "time", "datacontenttype", "dataschema"]
        let missing: [Probe.Case] = required.map { .envelope([:], without: $0, .event("/" + $0)).of($0) }
        let null: [Probe.Case] = required.map { .envelope([$0: nil], .event("/" + $0)).of($0) }
        let typed: [Probe.Case] = (required + attributes.dropFirst(4)).map {
            .envelope([$0: 5], .event("/" + $0)).of($0)
        }
        let listed: [Probe.Case] = required.map { .envelope([$0: ["a"]], .event("/" + $0)).of($0) }
        let empty: [Probe.Case] = attributes.map { .envelope([$0: ""], .event("/" + $0)).of($0) }
        let nul: [Probe.Case] = (attributes + ["extension"]).map {
            .envelope([$0: "a\0b"], .event("/" + $0)).of($0)
        }
        return ProbeTheme(
            "The envelope",
            [
                Probe("an attribute is missing", missing),
                Probe("an attribute is null, which is the same", null),
                Probe("an attribute is `5`", typed),
                Probe("an attribute is `[\"a\"]`", listed),
                Probe("an attribute is empty", empty),
                Probe("an attribute has U+0000", nul),
                Probe("attributes in a batch", (missing + null + typed).map(\.inBatch)),
                Probe(
                    "too long",
                    [("id", 257), ("source", 513), ("type", 65), ("subject", 257), ("dataschema", 513)].map {
                        let long = String(repeating: "a", count: $0.1)
                        return .envelope([$0.0: .string(long)], shown: "`\($0.0)` of \($0.1) bytes", .event("/" + $0.0))
                    }
                ),
                Probe("an attribute of another value", others),
                Probe("an attribute that is not known", unknown),
            ]
        )
    }()

    private static let others: [Probe.Case] = [
        .envelope(["specversion": "0.3"], .event("/specversion")),
        .envelope(["specversion": "1.1"], .event("/specversion")),
        .envelope(["type": "auth.nonsense"], .event("/type")),
        .envelope(["type": "sign_up"], .event("/type")),
        .envelope(["source": "my app"], .event("/source")),
        .envelope(["datacontenttype": "text/plain"], .event("/datacontenttype")),
        .envelope(["data_base64": "e30="], .event("/data_base64")),
        .envelope(["data": "{}"], .event("/data")),
    ]

    private static let unknown: [Probe.Case] = [
        .envelope(["Extension": "a"], .event("/Extension")),
        .envelope(["my_extension": "a"], .event("/my_extension")),
        .envelope(["": "a"], .event("/")),
        .envelope(["a/b~c": "a"], .event("/a~1b~0c")),
        .envelope(["extension": ["a": 1]], .event("/extension")),
        .envelope(["extension": .number(0.5)], .event("/extension")),
        .envelope(["traceparent": "00-1", "sampledrate": 1, "extension": nil], .accepted),
    ]

    static let times = ProbeTheme(
        "Times",
        [
            Probe(
                "none at all",
                [
                    "soon", "2026-11-21", "2026-11-21T10:00:00", "2026-11-21 10:00:00Z", "2026-02-29T10:00:00Z",
                    "2026-11-21T24:00:00Z", "2026-11-21T10:00:60Z", "2026-11-21T10:00:00+25:00",
                    "10000-01-01T00:00:00Z",
                    "1790000000",
                ].map { .envelope(["time": .string($0)], .event("/time")) } + [
                    .envelope(["time": 1_790_000_000], .event("/time"))
                ]
            ),
            Probe(
                "of another year",
                [
                    .envelope(["time": "2100-01-01T00:00:00Z"], .event("/time")),
                    .envelope(["time": "1970-01-01T00:00:00Z"], .accepted),
                    .envelope(["time": "0000-01-01T00:00:00Z"], .accepted),
                ]
            ),
            Probe(
                "spelt otherwise",
                [
                    .envelope(
                        ["time": "2016-12-31T23:59:60Z"],
                        shown: "a leap second, `2016-12-31T23:59:60Z`",
                        .accepted
                    ),
                    .envelope(["time": "2020-01-01t10:00:00.123456789-08:00"], .accepted),
                ]
            ),
        ]
    )
}
