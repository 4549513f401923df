import JSON

extension ProbeTheme {
    static let queries = ProbeTheme(
        "Queries",
        [
            Probe(
                "a percent sign without two digits",
                [
                    get("/v1/deliveries?state=%zz", .request("")), get("/v1/deliveries?state=%4", .request("")),
                    get("/v1/sandbox?to=%", .request("")), get("/v1/spend?from=%", .request("")),
                    get("/v1/ledger?from=%", .request("")), get("/v1/deliveries?event=%ff", .request("")),
                ]
            ),
            Probe(
                "a name that is not known",
                [
                    get("/v1/deliveries?stat=ready", .request("/stat")),
                    get("/v1/deliveries?State=ready", .request("/State")),
                    get("/v1/deliveries?=ready", .request("/")), get("/v1/sandbox?from=a", .request("/from")),
                    get("/v1/spend?since=a", .request("/since")), get("/v1/ledger?cursor=a", .request("/cursor")),
                    get("/v1/deliveries?a%0ab=1", .request("/a\nb")),
                ]
            ),
            Probe(
                "a query where none is read",
                [
                    get("/v1/status?tenant=shop", .request("/tenant")),
                    get("/v1/challenges/{challenge}?code=1", .request("/code")),
                    get("/v1/deliveries/{delivery}?attempts=1", .request("/attempts")),
                    Probe.Case(
                        shown: "`DELETE /v1/sandbox?to=a`",
                        request: ProbeRequest(method: "DELETE", path: "/v1/sandbox?to=a", fields: []),
                        intention: .request("/to")
                    ),
                    Probe.Case(
                        shown: "`POST /v1/events?dry_run=true`",
                        request: query(
                            of: .event(.object(Probe.event("recovery", ["email": "p{n}@example.com"]))),
                            "dry_run=true"
                        ),
                        intention: .request("/dry_run")
                    ),
                    Probe.Case(
                        shown: "`POST /v1/verify?tenant=shop`",
                        request: query(of: .post("/v1/verify", "{}"), "tenant=shop"),
                        intention: .request("/tenant")
                    ),
                ]
            ),
            Probe(
                "a name twice",
                [
                    get("/v1/deliveries?state=ready&state=dead", .request("/state")),
                    get("/v1/deliveries?limit=1&limit=1", .request("/limit")),
                    get("/v1/sandbox?to=a&to=b", .request("/to")),
                    get("/v1/spend?from=2026-11-21&from=2026-11-22", .request("/from")),
                ]
            ),
            Probe(
                "limit",
                ["0", "-1", "1001", "abc", "", "1.5", "%31%30%30%30%30", "99999999999999999999"].map {
                    get("/v1/deliveries?limit=\($0)", .request("/limit"))
                } + [get("/v1/ledger?limit=0", .request("/limit")), get("/v1/ledger?limit=100001", .request("/limit"))]
            ),
            Probe(
                "cursor",
                ["abc", "", "{challenge}", "dl_1"].map {
                    get("/v1/deliveries?cursor=\($0)", .request("/cursor"))
                } + ["abc", "a:b", ":1", "a:1:2", ":"].map { get("/v1/ledger?after=\($0)", .request("/after")) }
            ),
            Probe(
                "a value that is none",
                [
                    get("/v1/deliveries?state=lost", .request("/state")),
                    get("/v1/deliveries?reason=none", .request("/reason")),
                    get("/v1/deliveries?purpose=auth.mfa", .request("/purpose")),
                    get("/v1/deliveries?channel=fax", .request("/channel")),
                    get("/v1/deliveries?tenant=A", .request("/tenant")),
                    get("/v1/deliveries?challenge=1", .request("/challenge")),
                    get("/v1/deliveries?since=soon", .request("/since")),
                    get("/v1/deliveries?until=1", .request("/until")),
                    get("/v1/deliveries?subject=", .request("/subject")),
                    get("/v1/sandbox?since=soon", .request("/since")),
                    get("/v1/sandbox?channel=fax", .request("/channel")),
                    get("/v1/spend?group_by=person", .request("/group_by")),
                    get("/v1/spend?from=soon", .request("/from")),
                    get("/v1/spend?from=2026-02-30", .request("/from")),
                    get("/v1/spend?from=2026-11-22&to=2026-11-21", .request("/to")),
                ]
            ),
            Probe(
                "another form",
                [
                    Probe.Case(
                        shown: "`GET /v1/ledger` with `Accept: image/png`",
                        request: .get("/v1/ledger", [("Accept", "image/png")]),
                        intention: Intention(
                            status: 406,
                            problem: "not-acceptable",
                            members: ["allowed": ["application/x-ndjson", "text/csv"]]
                        )
                    )
                ]
            ),
        ]
    )

    static let paths = ProbeTheme(
        "Paths and hosts",
        [
            Probe(
                "a path that is none",
                [
                    "/", "/v1", "/v1/", "/v1/nothing", "/v2/events", "/events", "/v1/events/", "/v1/Events",
                    "/healthz/",
                    "/v1/deliveries/x/y/z", "/v1/carriers", "/v1/carriers/steal", "/index.html", "/.git/config",
                    "/metrics/",
                    "/v1/challenges/{challenge}/", "/v1/deliveries/",
                ].map { get($0, .notFound) }
            ),
            Probe(
                "a path that only resembles one",
                [
                    "/v1%2Fstatus", "/v1/status%2F", "/v1/..", "/v1/../healthz", "/v1/./status", "/%2e%2e/healthz",
                    "//v1/status", "/v1//status", "/v1/status%20", "/v1/status;a=b", "/v1/deliveries/..%2f..%2fhealthz",
                    "/v1/%5c..%5cstatus", "*",
                ].map { get($0, .notFound) }
            ),
            Probe(
                "a percent sign without two digits",
                ["/v1/%", "/v1/%4", "/v1/%zz", "/v1/%ff", "/v1/%c0%af"].map {
                    get($0, Intention(status: 400, problem: "malformed"))
                }
            ),
            Probe(
                "a NUL byte or a host in the path",
                [
                    "/v1/status%00", "/%00", "http://evil.test/v1/status", "/v1/é", "/v1/status#top",
                ].map { get($0, .broken) }
            ),
            Probe(
                "a host that is not served",
                [
                    "evil.test", "localhost.evil.test", "evil.test:8440", "", "[::1]", "127.0.0.2",
                ].map { host in
                    Probe.Case(
                        shown: host.isEmpty ? "an empty one" : markdownCode(host),
                        request: .get("/v1/status", [("Host", host)]),
                        intention: .forbidden(nil)
                    )
                } + [
                    Probe.Case(
                        shown: markdownCode("localhost@evil.test"),
                        request: .get("/v1/status", [("Host", "localhost@evil.test")]),
                        intention: Intention(status: 400, problem: "malformed")
                    ),
                    Probe.Case(
                        shown: "`LOCALHOST:99`, which is",
                        request: .get("/v1/spend", [("Host", "LOCALHOST:99")]),
                        intention: Intention(status: 200)
                    ),
                    Probe.Case(
                        shown: "`evil.test` for `/healthz`",
                        request: .get("/healthz", [("Host", "evil.test")]),
                        intention: .forbidden(nil)
                    ),
                ]
            ),
        ]
    )

    private static func get(_ path: String, _ intention: Intention) -> Probe.Case {
        Probe.Case(shown: markdownCode("GET " + path), request: .get(path), intention: intention)
    }

    private static func query(of request: ProbeRequest, _ query: String) -> ProbeRequest {
        var request = request
        request.path += "?" + query
        return request
    }
}
