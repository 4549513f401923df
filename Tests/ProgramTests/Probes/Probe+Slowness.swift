import JSON

extension ProbeTheme {
    /// Asked of a server whose deadlines are two seconds.
    static let slowness = ProbeTheme(
        "Slow peers and many",
        [
            Probe(
                "a header that does not end",
                [
                    paused(
                        "its request line and nothing more",
                        ProbeRequest.get("/v1/status"),
                        24,
                        Intention(status: 0, closes: true)
                    ),
                    paused("all but its empty line", ProbeRequest.get("/v1/status"), -2),
                ]
            ),
            Probe(
                "a body that does not end",
                [
                    paused(
                        "all but its last byte",
                        ProbeRequest(body: Probe.Case.data([:], .accepted).request.body),
                        -1
                    )
                ]
            ),
            Probe(
                "1,000 connections that say nothing",
                "`GET /healthz` beside them",
                ProbeRequest(method: "GET", path: "/healthz", fields: [], bearer: .nobody, crowd: 1000),
                Intention(status: 200)
            ),
        ]
    )

    private static func paused(
        _ shown: String,
        _ request: ProbeRequest,
        _ bytes: Int,
        _ intention: Intention = .broken
    ) -> Probe.Case {
        var request = request
        request.pause = bytes
        return Probe.Case(shown: shown, request: request, intention: intention)
    }
}
