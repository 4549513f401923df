import Foundation
import JSON
import Testing

@Suite("An unknown outcome", .timeLimit(.minutes(12)))
struct UnknownTests {
    @Test("waits for its receipt over the kill of worker and server, and the receipt decides it")
    func receipt() async throws {
        var settings = SignedReceipt.described
        settings.budgets = [("month", "1.00")]
        settings.lines = "unknown = [\"await_receipt\", \"give_up\"]\n" + settings.lines
        settings.timeout = 3
        let react: SMSGatewayPeer.Script = { _ in .takeAndSayNothing }
        try await Installation.texting(settings, react: react) { post, peer in
            let server = try await post.server()
            let worker = try await post.textWorker()
            let one = try await post.text(to: phone(1))
            let request = try await peer.request(1)
            worker.kill()
            await worker.exitCode()
            try await post.reached("unknown", one)
            let unknown = try await post.delivery(one.delivery)["unknown"]
            #expect(unknown?["step"] == "await_receipt")
            #expect(unknown?["then"] == "give_up")
            #expect(unknown?["asked"] == 0)
            server.kill()
            await server.exitCode()
            let next = try await post.server()
            #expect(try await post.delivery(one.delivery)["unknown"] == unknown)
            let address = try #require(request.fields["callback"])
            let receipt = SignedReceipt.described(["sid": .string(request.sid), "status": "delivered"])
            #expect(try await post.bring(receipt, to: address, at: post.url(of: next)).status == 204)
            #expect(try await post.state(one) == "delivered")
            #expect(try await post.delivery(one.delivery)["unknown"] == .null)
            let check = try await post.settledLedger(peer, deliveries: [phone(1): one.delivery])
            #expect(check.faults == [])
            #expect(check.stories[one.delivery] == ["reserved", "committed 1"])
        }
    }

    /// Two gateways that can be asked, the first of which takes everything; leases of an attempt last 15 seconds.
    private static var asked: InstallationSettings {
        var settings = InstallationSettings.sandbox
        settings.tables += ["near", "far"].map { name in
            """
            [[gateways]]
            name = "\(name)"
            channel = "email"
            kind = "sandbox"
            timeout = "10s"
            unknown = ["ask_gateway", "give_up"]
            ask_pause = "1s"
            ask_pause_most = "1s"
            """
        }
        return settings
    }

    /// A mail that a carrier began and knows nothing of; returns it with the claim that it had.
    private func lose(_ address: String, in post: Installation) async throws -> (Accepted, JSONValue) {
        let one = try await post.signUp(address)
        let claim = try #require(try await post.claim("near", wait: 0).body["claims"]?.array?.first)
        #expect(claim["task"] == "send")
        let token = claim["token"] ?? nil
        let begun = try await post.call("POST", "/v1/carriers/begin", ["items": [["token": token]]])
        #expect(begun.body["results"] == ["go"])
        #expect(try await settle(token, "unknown", ["gateway_reference": "M7"], in: post) == "applied")
        return (one, claim)
    }

    private func settle(
        _ token: JSONValue,
        _ result: String,
        _ more: JSONObject = [:],
        as secret: String? = nil,
        at url: String? = nil,
        in post: Installation
    ) async throws -> JSONValue? {
        var outcome = more
        (outcome["token"], outcome["result"]) = (token, .string(result))
        let headers = secret.map { [(name: "Authorization", value: "Bearer " + $0)] } ?? []
        let body: JSONValue = ["outcomes": [.object(outcome)]]
        return try await post.call("POST", "/v1/carriers/settle", body, headers: headers, at: url).body["results"]?
            .array?.first
    }

    /// What a carrier gets that waits for work.
    private func question(_ post: Installation) async throws -> JSONValue {
        let claims = try await eventually("a question") {
            let claims = try await post.claim("near", wait: 25_000).body["claims"]?.array ?? []
            return claims.isEmpty ? nil : claims
        }
        let claim = claims[0]
        #expect(claims.count == 1)
        #expect(claim["task"] == "ask")
        return claim
    }

    @Test(
        "is asked about by a carrier that waits, again after an answer that tells nothing, until one tells what became"
    )
    func asked() async throws {
        try await Installation.make(Self.asked) { post in
            let server = try await post.server()
            let (one, sent) = try await lose("bobby@example.com", in: post)
            #expect(try await post.delivery(one.delivery)["unknown"]?["step"] == "ask_gateway")
            #expect(try await post.delivery(one.delivery)["unknown"]?["then"] == "give_up")
            let first = try await question(post)
            var rest = try #require(first.object)
            #expect(rest["token"] != sent["token"])
            rest["token"] = nil
            let expected: JSONObject = [
                "task": "ask", "delivery": .string(one.delivery), "attempt": sent["attempt"] ?? nil,
                "gateway": "near", "purpose": "sign_up", "tenant": "default", "lease_ms": 15_000, "timeout_ms": 10_000,
                "gateway_reference": "M7", "message": ["to": "bobby@example.com"],
            ]
            #expect(JSONValue.object(rest) == .object(expected))
            let token = first["token"] ?? nil
            let begun = try await post.call("POST", "/v1/carriers/begin", ["items": [["token": token]]])
            #expect(begun.body["results"] == ["stale"])
            for _ in 1...2 { #expect(try await settle(token, "unknown", in: post) == "applied") }
            let second = try await question(post)["token"] ?? nil
            #expect(second != token)
            #expect(try await settle(token, "accepted", in: post) == "stale")
            // The question is the carrier's still when the server comes back.
            server.kill()
            await server.exitCode()
            _ = try await post.server()
            #expect(try await post.delivery(one.delivery)["unknown"]?["asked"] == 2)
            let answer: JSONObject = ["gateway_reference": "M8", "code": "delivered"]
            for _ in 1...2 { #expect(try await settle(second, "accepted", answer, in: post) == "applied") }
            let delivery = try await post.delivery(one.delivery)
            #expect(delivery["state"] == "accepted")
            #expect(delivery["unknown"] == .null)
            #expect(delivery["attempts"]?.array?.map { $0["gateway_reference"] } == ["M8"])
            // The attempt's own report is late, and kept.
            #expect(try await settle(sent["token"] ?? nil, "retry", in: post) == "recorded")
            #expect(try await post.state(one) == "accepted")
        }
    }

    @Test("is asked about while its channel is paused, at the gateways of a carrier's token only")
    func bounds() async throws {
        try await Installation.make(Self.asked) { post in
            let url = try await post.url(of: try await post.server())
            let near = try await post.newToken(["scopes": ["carry"], "gateways": ["near"]]).secret
            let far = try await post.newToken(["scopes": ["carry"], "gateways": ["far"]]).secret
            let (one, _) = try await lose("bobby@example.com", in: post)
            #expect(try await post.call("POST", "/v1/queues/email/pause").status == 204)
            try await eventually("a question for a carrier") {
                try await post.call("GET", "/v1/status").body["channels"]?.array?.first?["unknown_steps"]
                    == ["await_receipt": 0, "ask_gateway": 1]
            }
            #expect(try await post.gatepost("status").output.contains("ask_gateway"))
            let waiting = try await post.claim("near", wait: 25_000, token: near, at: url).body["claims"]?.array
            let token = try #require(waiting?.first?["token"] ?? nil)
            #expect(try await post.claim("near", wait: 0, token: far, at: url).body == ["claims": []])
            #expect(try await settle(token, "retry", as: far, at: url, in: post) == "stale")
            #expect(try await post.state(one) == "unknown")
            let list = try await post.gatepost("list").output
            #expect(list.contains("ask_gateway until"))
            let show = try await post.gatepost("show", one.delivery).output
            #expect(show.contains("then give_up, asked 1"))
            // It surely was not sent: it goes on as after a failed attempt, and waits for the pause to end.
            #expect(try await settle(token, "retry", ["code": "not_found"], as: near, at: url, in: post) == "applied")
            #expect(try await post.state(one) == "parked")
            #expect(try await post.attempts(one).first?["result"] == "retry")
        }
    }

    @Test("ends by giving up where nobody answers, over a kill in the midst")
    func silence() async throws {
        var settings = Self.asked
        settings.tables = settings.tables.map { table in
            table.replacing("ask_pause = ", with: "ask_most = 2\nask_pause = ").replacing("\"10s\"", with: "\"1s\"")
        }
        try await Installation.make(settings) { post in
            let server = try await post.server()
            let (one, _) = try await lose("bobby@example.com", in: post)
            let first = try await question(post)
            server.kill()
            await server.exitCode()
            _ = try await post.server()
            let second = try await question(post)
            #expect(second["token"] != first["token"])
            try await post.died(of: "gave_up", one)
            #expect(try await settle(second["token"] ?? nil, "accepted", in: post) == "recorded")
            #expect(try await post.attempts(one).first?["result"] == "accepted")
        }
    }
}
