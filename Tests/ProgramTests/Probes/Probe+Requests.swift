import JSON

extension ProbeTheme {
    static let requests = ProbeTheme(
        "Bodies of other endpoints",
        [
            Probe("not JSON", everywhere("{", .malformed(at: 1))),
            Probe("no body", everywhere("", shown: "an empty body", .malformed(at: 0))),
            Probe("not an object", everywhere("[]", .request(""))),
            Probe("a member that is not known", everywhere(#"{"unknown":1}"#, .request("/unknown"))),
            Probe("a member twice", everywhere(#"{"tenant":"a","tenant":"b"}"#, .malformed("/tenant"))),
            Probe(
                "too large",
                everywhere(
                    #"{"unknown":""# + String(repeating: "a", count: 262_144) + #""}"#,
                    shown: "262,158 bytes",
                    .tooLarge(262_144)
                )
            ),
            Probe(
                "another media type",
                ProbedEndpoint.readingObjects.map { endpoint in
                    var request = endpoint.request(.every)
                    request.fields = [("Content-Type", "text/plain")]
                    return Probe.Case(
                        shown: "`text/plain`, at every endpoint",
                        request: request,
                        intention: .mediaType(["application/json"])
                    )
                }
            ),
            Probe(
                "`POST /v1/price`",
                [
                    post("/v1/price", "{}", .request("/number")),
                    post("/v1/price", #"{"number":1}"#, .request("/number")),
                    post("/v1/price", #"{"number":"+12012000001","tenant":"nobody"}"#, .forbidden("read")),
                    post("/v1/price", #"{"text":null}"#, .request("/text")),
                ]
            ),
            Probe(
                "`POST /v1/holds`",
                [
                    post("/v1/holds", "{}", .request("/scope")),
                    post("/v1/holds", #"{"scope":"planet","value":"earth"}"#, .request("/scope")),
                    post("/v1/holds", #"{"scope":"country"}"#, .request("/value")),
                    post("/v1/holds", #"{"scope":"country","value":"XX"}"#, .request("/value")),
                    post("/v1/holds", #"{"scope":"prefix","value":"+1 (242)"}"#, .request("/value")),
                    post("/v1/holds", #"{"scope":"tenant","value":"nobody"}"#, .request("/value")),
                    post("/v1/holds", #"{"scope":"gateway","value":"nowhere"}"#, .request("/value")),
                    post(
                        "/v1/holds",
                        #"{"scope":"country","value":"BS","until":"1970-01-01T00:00:00Z"}"#,
                        .request("/until")
                    ),
                    post("/v1/holds", #"{"scope":"country","value":"BS","until":"soon"}"#, .request("/until")),
                    post("/v1/holds", #"{"scope":"country","value":"BS","reason":""}"#, .request("/reason")),
                ]
            ),
            Probe(
                "`POST /v1/suppressions`",
                [
                    post("/v1/suppressions", "{}", .request("/email")),
                    post("/v1/suppressions", #"{"email":"nobody"}"#, .request("/email")),
                    post("/v1/suppressions", #"{"phone":"12"}"#, .request("/phone")),
                    post("/v1/suppressions", #"{"email":"a@example.com","phone":"+12012000001"}"#, .request("/phone")),
                    post("/v1/suppressions", #"{"email":"a@example.com","channel":"sms"}"#, .request("/channel")),
                    post("/v1/suppressions", #"{"email":"a@example.com","tenant":"nobody"}"#, .forbidden("operate")),
                    post("/v1/suppressions", #"{"email":"a@example.com","until":1}"#, .request("/until")),
                ]
            ),
            Probe(
                "`POST /v1/deliveries/search` and `POST /v1/erasures`",
                ["/v1/deliveries/search", "/v1/erasures"].flatMap { path in
                    [
                        post(path, "{}", .request("/email")),
                        post(path, #"{"email":"nobody"}"#, .request("/email")),
                        post(path, #"{"phone":"12"}"#, .request("/phone")),
                        post(path, #"{"email":"a@example.com","phone":"+12012000001"}"#, .request("/phone")),
                        post(path, #"{"email":"a@example.com","tenant":5}"#, .request("/tenant")),
                    ]
                } + [
                    post("/v1/deliveries/search", #"{"email":"a@example.com","limit":0}"#, .request("/limit")),
                    post("/v1/deliveries/search", #"{"email":"a@example.com","cursor":"x"}"#, .request("/cursor")),
                ]
            ),
            Probe(
                "`POST /v1/tokens`",
                [
                    post("/v1/tokens", "{}", .request("/scopes")),
                    post("/v1/tokens", #"{"scopes":[]}"#, .request("/scopes")),
                    post("/v1/tokens", #"{"scopes":"read"}"#, .request("/scopes")),
                    post("/v1/tokens", #"{"scopes":["everything"]}"#, .request("/scopes/0")),
                    post("/v1/tokens", #"{"scopes":["read",1]}"#, .request("/scopes/1")),
                    post("/v1/tokens", #"{"scopes":["read"],"tenant":"nobody"}"#, .request("/tenant")),
                    post("/v1/tokens", #"{"scopes":["carry"],"gateways":["nowhere"]}"#, .request("/gateways/0")),
                    post("/v1/tokens", #"{"scopes":["read"],"expires_in":"soon"}"#, .request("/expires_in")),
                    post("/v1/tokens", #"{"scopes":["read"],"expires_in":"0s"}"#, .request("/expires_in")),
                ]
            ),
        ] + carriers
    )

    private static let carriers: [Probe] = [
        Probe(
            "`POST /v1/gateways/probe`",
            [
                post("/v1/gateways/probe", #"{"gateways":"mail"}"#, .request("/gateways")),
                post("/v1/gateways/probe", #"{"gateways":[1]}"#, .request("/gateways/0")),
                post("/v1/gateways/probe", #"{"gateways":["nowhere"]}"#, .request("/gateways/0")),
            ]
        ),
        Probe(
            "`POST /v1/carriers/claim`",
            [
                post("/v1/carriers/claim", "{}", .request("/channel")),
                post("/v1/carriers/claim", #"{"channel":"fax"}"#, .request("/channel")),
                post("/v1/carriers/claim", #"{"channel":"email"}"#, .request("/carrier")),
                post("/v1/carriers/claim", #"{"channel":"email","gateways":[]}"#, .request("/gateways")),
                post(
                    "/v1/carriers/claim",
                    #"{"channel":"email","carrier":"a","instance":"b","max":0}"#,
                    .request("/max")
                ),
                post(
                    "/v1/carriers/claim",
                    #"{"channel":"email","carrier":"a","instance":"b","in_hand_below":-1}"#,
                    .request("/in_hand_below")
                ),
                post(
                    "/v1/carriers/claim",
                    #"{"channel":"email","carrier":"a","instance":"b","has_few":1}"#,
                    .request("/has_few")
                ),
                post(
                    "/v1/carriers/claim",
                    #"{"channel":"email","carrier":"a","instance":"b","wait_ms":1e9}"#,
                    .request("/wait_ms")
                ),
            ]
        ),
        Probe(
            "`POST /v1/carriers/begin`",
            [
                post("/v1/carriers/begin", "{}", .request("/items")),
                post("/v1/carriers/begin", #"{"items":[]}"#, .request("/items")),
                post("/v1/carriers/begin", #"{"items":[1]}"#, .request("/items/0")),
                post("/v1/carriers/begin", #"{"items":[{}]}"#, .request("/items/0/token")),
                post("/v1/carriers/begin", #"{"items":[{"token":"a","price":1}]}"#, .request("/items/0/price")),
                post("/v1/carriers/begin", #"{"items":[{"token":"a"}],"outcomes":[]}"#, .request("/outcomes")),
                post(
                    "/v1/carriers/begin",
                    #"{"items":[{"token":"a"}],"outcomes":[{"token":"b","result":"lost"}]}"#,
                    .request("/outcomes/0/result")
                ),
            ]
        ),
        Probe(
            "`POST /v1/carriers/settle`",
            [
                post("/v1/carriers/settle", #"{"outcomes":{}}"#, .request("/outcomes")),
                post("/v1/carriers/settle", #"{"outcomes":[{}]}"#, .request("/outcomes/0/result")),
                post(
                    "/v1/carriers/settle",
                    #"{"outcomes":[{"token":"a","result":"lost"}]}"#,
                    .request("/outcomes/0/result")
                ),
                post(
                    "/v1/carriers/settle",
                    #"{"outcomes":[{"token":"a","result":"retry","retry_after_ms":-5}]}"#,
                    .request("/outcomes/0/retry_after_ms")
                ),
                post(
                    "/v1/carriers/settle",
                    #"{"outcomes":[{"token":"a","result":"accepted","price":{"amount":0.1,"currency":"USD"}}]}"#,
                    .request("/outcomes/0/price/amount")
                ),
            ]
        ),
    ]

    static let verification = ProbeTheme(
        "Verification",
        [
            Probe(
                "a code of another shape",
                [
                    verify("{}", .request("/code")), verify(#"{"code":null}"#, .request("/code")),
                    verify(#"{"code":123456}"#, .request("/code")), verify(#"{"code":["1"]}"#, .request("/code")),
                    verify(#"{"code":""}"#, .request("/code")),
                    verify("{\"code\":\"\(String(repeating: "1", count: 33))\"}", shown: "33 bytes", .request("/code")),
                    verify("{\"code\":\"12\\u00003\"}", .request("/code")),
                    verify(#"{"code":"abcdef"}"#, .mismatch), verify(#"{"code":"１２３４５６"}"#, .mismatch),
                    verify(#"{"code":"1"}"#, .mismatch), verify(#"{"code":"00000000000"}"#, .mismatch),
                ]
            ),
            Probe(
                "other members",
                [
                    verify(#"{"code":"000000","ip":"nowhere"}"#, .request("/ip")),
                    verify(#"{"code":"000000","session":1}"#, .request("/session")),
                    verify(#"{"code":"000000","challenge":"a"}"#, .request("/challenge")),
                ]
            ),
            Probe(
                "Idempotency-Key",
                [
                    verify(
                        #"{"code":"000000"}"#,
                        key: String(repeating: "k", count: 256),
                        shown: "of 256 bytes",
                        .request("")
                    ),
                    verify(#"{"code":"000000"}"#, key: "", shown: "that is empty", .request("")),
                    Probe.Case(
                        shown: "twice",
                        request: ProbeRequest(
                            path: "/v1/challenges/{challenge}/verify",
                            fields: [("Idempotency-Key", "a"), ("Idempotency-Key", "b")],
                            body: .text("{}")
                        ),
                        intention: .broken
                    ),
                ]
            ),
            Probe(
                "a challenge that is none",
                none.map { id, shown in
                    Probe.Case(
                        shown: shown,
                        request: .post("/v1/challenges/\(id)/verify", #"{"code":"000000"}"#),
                        intention: .notFound
                    )
                }
                    + none.map { id, shown in
                        Probe.Case(shown: shown, request: .get("/v1/challenges/" + id), intention: .notFound)
                    }
            ),
            Probe(
                "a delivery that is none",
                (none.dropLast() + [("{challenge}", "the id of a challenge")]).map { id, shown in
                    Probe.Case(shown: shown, request: .get("/v1/deliveries/" + id), intention: .notFound)
                }
            ),
            Probe(
                "a story that is none",
                (none.dropLast() + [("{challenge}", "the id of a challenge")]).map { id, shown in
                    let request = ProbeRequest.get("/v1/deliveries/\(id)/explain")
                    return Probe.Case(shown: shown, request: request, intention: .notFound)
                }
            ),
            Probe(
                "`POST /v1/verify`",
                [
                    post("/v1/verify", "{}", .request("/purpose")),
                    post("/v1/verify", #"{"purpose":"nonsense"}"#, .request("/purpose")),
                    post("/v1/verify", #"{"purpose":"notice"}"#, .request("/purpose")),
                    post("/v1/verify", #"{"purpose":"mfa"}"#, .request("/email")),
                    post("/v1/verify", #"{"purpose":"mfa","email":"nobody"}"#, .request("/email")),
                    post("/v1/verify", #"{"purpose":"mfa","phone":"12"}"#, .request("/phone")),
                    post(
                        "/v1/verify",
                        #"{"purpose":"mfa","email":"a@example.com","phone":"+12012000001"}"#,
                        .request("/phone")
                    ),
                    post("/v1/verify", #"{"purpose":"mfa","phone":"+12012000001"}"#, .request("/code")),
                    post("/v1/verify", #"{"purpose":"mfa","phone":"+12012000001","code":"000000"}"#, .mismatch),
                    post("/v1/verify", #"{"tenant":"nobody"}"#, .forbidden("codes")),
                ]
            ),
        ]
    )

    private static let none = [
        ("1", "`1`"), ("ch_1", "`ch_1`"), ("ch_00000000000000000000000000000000", "`ch_000…`"),
        ("CH_00000000000000000000000000000000", "`CH_000…`"), ("'%20OR%201=1--", "`'%20OR%201=1--`"),
        ("", "nothing"), ("{delivery}", "the id of a delivery"),
    ]

    private static func post(_ path: String, _ body: String, _ intention: Intention) -> Probe.Case {
        Probe.Case(shown: markdownCode(body), request: .post(path, body), intention: intention)
    }

    private static func verify(
        _ body: String,
        key: String? = nil,
        shown: String? = nil,
        _ intention: Intention
    ) -> Probe.Case {
        var request = ProbeRequest.post("/v1/challenges/{challenge}/verify", body)
        if let key { request.fields.append(("Idempotency-Key", key)) }
        return Probe.Case(shown: shown ?? markdownCode(body), request: request, intention: intention)
    }

    /// The same body at every endpoint that reads a JSON object.
    private static func everywhere(_ body: String, shown: String? = nil, _ intention: Intention) -> [Probe.Case] {
        ProbedEndpoint.readingObjects.map { endpoint in
            var request = endpoint.request(.every)
            request.body = .text(body)
            return Probe.Case(
                shown: (shown ?? markdownCode(body)) + ", at every endpoint",
                request: request,
                intention: intention
            )
        }
    }
}
