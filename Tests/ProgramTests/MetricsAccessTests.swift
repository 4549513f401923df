import JSON
import Testing

@Suite("Who asks for the metrics", .timeLimit(.minutes(12)))
struct MetricsAccessTests {
    @Test("needs a token over TCP that may read and is bound to no tenant, and on the socket none")
    func access() async throws {
        try await Installation.make(.sandbox) { post in
            let url = try await post.url(of: try await post.server())
            func ask(_ token: String?, _ method: String = "GET", at url: String?) async throws -> Installation.Answer {
                let headers = token.map { [("Authorization", "Bearer " + $0)] } ?? []
                return try await post.call(method, "/metrics", headers: headers, at: url)
            }
            let none = try await ask(nil, at: url)
            #expect(none.status == 401)
            #expect(none.body["scope"] == "read")
            #expect(try await ask("gp_nonsense", at: url).status == 401)
            let other = try await ask(post.token("events,codes,operate"), at: url)
            #expect(other.status == 403)
            #expect(other.body["scope"] == "read")
            let bound = try await post.token("read", tenant: "shop")
            for place in [url, nil] {
                let answer = try await ask(bound, at: place)
                #expect(answer.problem == "forbidden")
                #expect(answer.body["detail"]?.string?.contains("bound to none") == true)
            }
            let reader = try await post.token("read")
            #expect(try Scrape(await ask(reader, at: url)).types == MetricsTests.contract)
            #expect(try Scrape(await ask(nil, at: nil)).types == MetricsTests.contract)
            #expect(try await ask(reader, "POST", at: url).header("Allow") == "GET")
            let host = try await post.call("GET", "/metrics", headers: [("Host", "evil.example")], at: url)
            #expect(host.status == 403)
        }
    }

    @Test("sees no address, name, number, subject, session, tenant, code or id")
    func discretion() async throws {
        var settings = TextSettings()
        settings.hasSandbox = true
        settings.tables = ["[[tenants]]\nname = \"shop\""]
        let react: SMSGatewayPeer.Script = { $0.to.hasSuffix("99") ? .answer(400) : .take }
        try await Installation.texting(settings, react: react) { post, peer in
            _ = try await post.server()
            _ = try await post.textWorker()
            _ = try await post.worker()
            var event = Installation.text(
                to: "+12015550123",
                ["name": "Quentin", "session": "s-session", "tenant": "shop"]
            )
            if case .object(var object) = event {
                object["subject"] = "user-subject"
                event = .object(object)
            }
            let text = try Accepted(await post.submit(event))
            let mail = try Accepted(
                await post.submit(Installation.event("1", to: "bobby@example.com", ["name": "Quentin"]))
            )
            let failed = try await post.text(to: "+12015550199")
            // Words of a stranger in the places that become labels.
            _ = try await post.submit(Installation.event("2", "carol@example.com", to: "bobby@example.com"))
            let foreign: JSONValue = ["purpose": "carol@example.com", "email": "bobby@example.com", "code": "123456"]
            _ = try await post.call("POST", "/v1/verify", foreign)
            _ = try await post.call(
                "POST",
                "/v1/carriers/claim",
                [
                    "carrier": "carol@example.com", "instance": "i", "channel": "email",
                    "gateways": ["carol@example.com"], "max": 1, "wait_ms": 0,
                ]
            )
            try await post.reached("accepted", text)
            try await post.reached("accepted", mail)
            try await post.died(of: "refused", failed)
            let codes = [try await peer.request(1).code, try await post.code(of: mail)]
            _ = try await post.verify(text, codes[0])
            let shown = try await post.scrape().text
            let planted = [
                "bobby", "carol", "example.com", "5550123", "5550199", "Quentin", "s-session", "user-subject", "shop",
            ]
            let ids = [text, mail, failed].flatMap { [$0.delivery, $0.challenge] }
            for word in planted + codes + ids { #expect(!shown.contains(word), "\(word) is shown") }
        }
    }
}
