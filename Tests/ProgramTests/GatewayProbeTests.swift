import JSON
import SMTPSink
import Testing

@Suite("POST /v1/gateways/probe", .timeLimit(.minutes(12)))
struct GatewayProbeTests {
    private func probe(_ post: Installation, _ gateways: String...) async throws -> [JSONValue] {
        let body: JSONValue = gateways.isEmpty ? [:] : ["gateways": .array(gateways.map(JSONValue.string))]
        let answer = try await post.call("POST", "/v1/gateways/probe", body)
        guard answer.status == 200, let items = answer.body["items"]?.array else {
            throw Disappointment("A probe was answered \(answer.status): \(answer.body)")
        }
        return items
    }

    @Test("has the workers try a real connection to every gateway, and tells how each went")
    func tries() async throws {
        let sink = try SMTPSink()
        let shy = try SMTPSink(script: SinkScript(rules: [SinkRule(.greeting, .reply("554 5.3.2 Not today"))]))
        var settings = TextSettings()
        settings.tables = [
            InstallationSettings.gateway("mail", port: sink.port), InstallationSettings.gateway("shy", port: shy.port),
            InstallationSettings.gateway("bare", port: sink.port) + "\nstarttls = \"required\"",
            InstallationSettings.gateway("gone", port: 1),
        ]
        try await Installation.texting(settings) { post, peer in
            _ = try await post.up()
            let items = try await probe(post)
            #expect(items.map { $0["gateway"] } == ["sms", "mail", "shy", "bare", "gone"])
            #expect(items.map { $0["result"] } == ["ok", "ok", "refused", "refused", "unreachable"])
            #expect(items.map { $0["code"] } == [.null, .null, "554", "tls", "unreachable"])
            #expect(
                items.map { $0["carrier"] }.dropFirst() == [
                    "email-worker", "email-worker", "email-worker", "email-worker",
                ]
            )
            #expect(items[0]["carrier"] == "sms-worker")
            #expect(items.allSatisfy { $0["ms"]?.int != nil })
            #expect(items[2]["detail"]?.string?.contains("Not today") == true)
            #expect(peer.requests.isEmpty)
            #expect(sink.counters.taken == 0)
            try await sink.command(containing: "QUIT", within: patience)
            #expect(try await probe(post, "shy", "mail", "shy").map { $0["gateway"] } == ["shy", "mail"])
            // Whether it may be sent through is not judged by it.
            #expect(try await post.gatewayState("gone") == "ok")
        }
    }

    @Test("works while the channel is paused and the gateway held, and sends nothing of what waits")
    func stopped() async throws {
        let sink = try SMTPSink()
        try await Installation.make(.mail(port: sink.port, connections: 1)) { post in
            _ = try await post.up()
            #expect(try await post.call("POST", "/v1/queues/email/pause").status == 204)
            let one = try await post.signUp("ann@example.com")
            #expect(try await probe(post).map { $0["result"] } == ["ok"])
            #expect(try await post.call("POST", "/v1/queues/email/resume").status == 204)
            try await post.reached("accepted", one)
            let held = try await post.call("POST", "/v1/holds", ["scope": "gateway", "value": "mail"])
            #expect(held.status == 201)
            let two = try await post.signUp("bob@example.com")
            #expect(try await probe(post, "mail").map { $0["result"] } == ["ok"])
            #expect(try await post.state(two) == "parked")
            #expect(sink.counters.taken == 1)
        }
    }

    @Test("comes with what is due, and its outcome is taken once, from a carrier of that gateway")
    func byHand() async throws {
        let settings = InstallationSettings(tables: [
            InstallationSettings.gateway("mail", port: 9), InstallationSettings.gateway("other", port: 9),
        ])
        try await Installation.make(settings) { post in
            _ = try await post.server()
            let all = try await post.signUps(2)
            #expect(all.count == 2)
            async let answers = probe(post, "mail")
            let claims = try await eventually("a probe among the claims") {
                let claims = try await post.claim(instance: "i", max: 2, waitMilliseconds: 0)
                if claims.contains(where: { $0["task"] == "probe" }) { return claims }
                try await settle(post, claims, "released")
                return nil
            }
            #expect(claims.map { $0["task"] } == ["probe", "send"])
            let probe = claims[0]
            #expect(probe["gateway"] == "mail")
            #expect(probe["timeout_ms"] == 10_000)
            #expect(probe["lease_ms"] == 15_000)
            #expect(
                Set(probe.object?.members.map(\.name) ?? []) == ["token", "task", "gateway", "lease_ms", "timeout_ms"]
            )
            // Nothing is begun for it.
            let begun = try await post.call(
                "POST",
                "/v1/carriers/begin",
                ["items": [["token": probe["token"] ?? .null]]]
            )
            #expect(begun.body["results"] == ["stale"])
            let foreign = try await post.token("carry", gateways: "other")
            let bearer = [(name: "Authorization", value: "Bearer " + foreign)]
            #expect(try await settle(post, [probe], "accepted", bearer) == ["stale"])
            #expect(try await settle(post, [probe], "accepted") == ["applied"])
            #expect(try await settle(post, [probe], "accepted") == ["stale"])
            let answer = try await answers
            #expect(answer.map { $0["result"] } == ["ok"])
            #expect(answer.first?["carrier"] == "email-worker")
        }
    }

    @Test("of a gateway that no worker carries for says so")
    func nobody() async throws {
        try await Installation.make(.mail(port: 9)) { post in
            let server = try await post.server()
            let items = try await probe(post, "mail")
            #expect(items.map { $0["result"] } == ["no_carrier"])
            #expect(items.first?["code"] == "not_taken")
            // One that waits does not hold the end up.
            async let last = probe(post)
            try await eventually("the probe among the claims") {
                try await !post.claim(instance: "i", waitMilliseconds: 0).isEmpty
            }
            server.terminate()
            #expect(try await last.first?["code"] == "draining")
            #expect(await server.exitCode() == 0)
        }
    }

    @discardableResult
    private func settle(
        _ post: Installation,
        _ claims: [JSONValue],
        _ result: JSONValue,
        _ headers: [(name: String, value: String)] = []
    ) async throws -> JSONValue? {
        guard !claims.isEmpty else { return nil }
        let outcomes = claims.map { JSONValue.object(["token": $0["token"] ?? .null, "result": result]) }
        let answer = try await post.call(
            "POST",
            "/v1/carriers/settle",
            ["outcomes": .array(outcomes)],
            headers: headers
        )
        return answer.body["results"]
    }
}
