import JSON
import Testing
import Transfer

@Suite("Behind a proxy", .timeLimit(.minutes(12)))
struct ProxyTests {
    private func serving(
        _ variables: [String],
        _ body: (Installation, String) async throws -> Void
    ) async throws {
        try await Installation.make(.sandbox) { post in
            let server = try await post.start("gatepost-server", variables: variables)
            _ = try await server.line("ready")
            try await body(post, try await post.url(of: server))
        }
    }

    /// From where, with which fields, and the status.
    static let claims: [(source: String, fields: [String], status: Int)] = [
        ("127.0.0.2", ["Host: evil.example", "X-Forwarded-Host: localhost"], 200),
        ("127.0.0.2", ["Host: evil.example", "X-Forwarded-Host: LOCALHOST:8443"], 200),
        ("127.0.0.2", ["Host: evil.example", "X-Forwarded-Host: evil.example, localhost"], 200),
        ("127.0.3.77", ["Host: evil.example", "X-Forwarded-Host: localhost"], 200),
        ("127.0.0.2", ["Host: localhost", "X-Forwarded-Host: localhost, evil.example"], 403),
        ("127.0.0.2", ["Host: localhost", "X-Forwarded-Host: [::1]"], 403),
        ("127.0.0.2", ["Host: localhost"], 200),
        ("127.0.0.2", ["Host: evil.example"], 403),
        ("127.0.0.2", ["Host: evil.example", "Forwarded: host=localhost"], 403),
        ("127.0.0.2", ["Host: localhost", "X-Forwarded-Host: localhost", "X-Forwarded-Host: localhost"], 400),
        ("127.0.0.2", ["Host: localhost", "X-Forwarded-Host:"], 400),
        ("127.0.0.2", ["Host: localhost", "X-Forwarded-Host: localhost,"], 400),
        ("127.0.0.2", ["Host: localhost", "X-Forwarded-Host: local host"], 400),
        ("127.0.0.2", ["Host: localhost", "X-Forwarded-Host: a@localhost"], 400),
        ("127.0.0.2", ["Host: localhost", "X-Forwarded-Host: localhost:http"], 400),
        ("127.0.0.2", ["Host: localhost", "X-Forwarded-Host: [localhost]"], 400),
        ("127.0.0.1", ["Host: evil.example", "X-Forwarded-Host: localhost"], 403),
        ("127.0.4.1", ["Host: evil.example", "X-Forwarded-Host: localhost"], 403),
        ("127.0.0.1", ["Host: localhost", "X-Forwarded-Host: evil.example", "X-Forwarded-Host: a@b"], 200),
        ("127.0.0.1", ["Host: evil.example", "Forwarded: host=localhost"], 403),
        ("127.0.0.1", ["Host: a@localhost"], 400),
    ]

    @Test("what it was asked for is believed from one that is trusted, and from nobody else")
    func forwardedHost() async throws {
        try await serving([#"GATEPOST_SERVER_TRUSTED_PROXIES=["127.0.0.2", "127.0.3.0/24"]"#]) { _, url in
            for (source, fields, status) in Self.claims {
                let lines = ["GET /healthz HTTP/1.1"] + fields + ["Connection: close", "", ""]
                let answer = try await RawConnection.ask(url, lines.joined(separator: "\r\n"), from: source)
                #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(fields) from \(source)")
                let problem = [400: "malformed", 403: "forbidden"][status]
                if let problem { #expect(answer.contains("urn:gatepost:problem:\(problem)")) }
            }
        }
    }

    @Test(
        "that is nginx, set up as the documentation says, everything goes through it over TLS",
        .enabled(if: Nginx.canRun, Nginx.requirement)
    )
    func nginx() async throws {
        let variables = [
            #"GATEPOST_SERVER_TRUSTED_PROXIES=["127.0.0.1"]"#, "GATEPOST_SERVER_CONNECTIONS_PER_ADDRESS=2",
        ]
        try await serving(variables) { post, url in
            let transfers = Transfers()
            let token = try await post.token("events,codes,carry", gateways: "sandbox-email")
            try await Nginx.run(before: url) { nginx in
                func ask(
                    _ method: String,
                    _ path: String,
                    _ body: JSONValue? = nil,
                    type: String = "application/json",
                    fields: [(name: String, value: String)] = []
                ) async throws -> (status: Int, body: JSONValue) {
                    let result = await transfers.http(
                        HTTPExchange(
                            method: method,
                            url: nginx.url + path,
                            headers: [("Authorization", "Bearer " + token), ("Content-Type", type)] + fields,
                            body: body?.serialized(),
                            caFile: nginx.caFile,
                            timeout: patience
                        )
                    )
                    guard case .answered(let answer) = result else {
                        throw Disappointment("nginx gave no answer to \(path): \(result)")
                    }
                    // What is nginx' own is no JSON.
                    return (answer.status, (try? JSONValue(parsing: answer.body)) ?? .null)
                }
                #expect(try await ask("GET", "/readyz").status == 200)
                #expect(try await ask("GET", "/readyz", fields: [("X-Forwarded-Host", "evil.example")]).status == 200)
                let foreign = try await ask("GET", "/readyz", fields: [("Host", "evil.example")])
                #expect(foreign.status == 403)
                #expect(foreign.body["type"] == "urn:gatepost:problem:forbidden")
                #expect(try await ask("GET", "/metrics").status == 404)

                let event = Installation.event("1", to: "a@example.com")
                let accepted = try await ask("POST", "/v1/events", event, type: "application/cloudevents+json")
                #expect(accepted.status == 202)
                let challenge = accepted.body["challenge"]?["id"]?.string ?? ""
                let wrong = try await ask("POST", "/v1/challenges/\(challenge)/verify", ["code": "x"])
                #expect(wrong.body["type"] == "urn:gatepost:problem:code-mismatch")

                var padded = Installation.event("2", to: "b@example.com").object ?? [:]
                padded["padding"] = .string(String(repeating: "a", count: 200_000))
                let batch = JSONValue.array([JSONValue](repeating: .object(padded), count: 8))
                let type = "application/cloudevents-batch+json"
                #expect(try await ask("POST", "/v1/events", batch, type: type).status == 200)
                let large = JSONValue.object(["code": .string(String(repeating: "1", count: 300_000))])
                #expect(try await ask("POST", "/v1/verify", large).status == 413)

                // More at once than one address may have that is not trusted.
                let claim: JSONValue = [
                    "carrier": "w", "instance": "w", "channel": "email", "gateways": ["none"], "wait_ms": 500,
                ]
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<12 {
                        group.addTask { try await ask("POST", "/v1/carriers/claim", claim).status }
                    }
                    for try await status in group { #expect(status == 200) }
                }
            }
            await transfers.shutdown()
        }
    }
}
