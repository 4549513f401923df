import JSON

extension ProbeTheme {
    static let access = ProbeTheme(
        "Tokens, scopes and tenants",
        TokenKind.allCases.map { kind in
            Probe(
                kind.rawValue,
                ProbedEndpoint.all.compactMap { endpoint in
                    guard let scope = endpoint.scope else { return nil }
                    return Probe.Case(
                        shown: "\(kind.shown), at every endpoint",
                        request: endpoint.request(kind.bearer),
                        intention: Intention(
                            status: 401,
                            problem: "unauthenticated",
                            members: ["scope": .string(scope)]
                        ),
                        standIns: [("`\(scope)`", "its own")]
                    )
                }
            )
        } + [
            Probe(
                "a token with every scope but one",
                ProbedEndpoint.all.compactMap { endpoint in
                    guard let scope = endpoint.scope else { return nil }
                    return Probe.Case(
                        shown: "`\(endpoint.name)`",
                        request: endpoint.request(.named("without \(scope)")),
                        intention: .forbidden(scope)
                    )
                }
            ),
            Probe(
                "a token of another tenant",
                ProbedEndpoint.all.compactMap { endpoint in
                    guard case .refused(let intention) = endpoint.toOthers else { return nil }
                    return Probe.Case(
                        shown: "`\(endpoint.name)`",
                        request: endpoint.request(.named("shop")),
                        intention: intention
                    )
                }
            ),
            Probe(
                "an event for a tenant that is not declared",
                [Probe.Case.data(["tenant": "nobody"], .forbidden("events"))]
            ),
            Probe(
                "Authorization twice",
                "`GET /v1/status`",
                ProbeRequest(
                    method: "GET",
                    path: "/v1/status",
                    fields: [("Authorization", "Bearer gp_a"), ("authorization", "Bearer gp_b")],
                    bearer: .nobody
                ),
                .broken
            ),
        ]
    )

    static let methods = ProbeTheme(
        "Methods",
        [
            Probe(
                "another method",
                ProbedEndpoint.all.flatMap { endpoint -> [Probe.Case] in
                    let allowed = ProbedEndpoint.methods(of: endpoint.bare)
                    let all = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FETCH"]
                    guard allowed.first == endpoint.method else { return [] }
                    return all.filter { !allowed.contains($0) && !($0 == "HEAD" && allowed.contains("GET")) }.map {
                        method in
                        var request = endpoint.request(.every)
                        request.method = method
                        return Probe.Case(
                            shown: "`\(endpoint.documented)`",
                            request: request,
                            intention: Intention(
                                status: 405,
                                problem: "method-not-allowed",
                                members: ["allowed": .array(allowed.map(JSONValue.string))]
                            )
                        )
                    }
                }
            )
        ]
    )
}
