import JSON
import Testing

@Suite("What is stopped by hand", .timeLimit(.minutes(12)))
struct PauseTests {
    private func turn(_ post: Installation, _ verb: String, _ channel: String = "email") async throws -> Int {
        try await post.call("POST", "/v1/queues/\(channel)/\(verb)").status
    }

    @Test("a paused channel accepts and parks, also after a restart, and goes on when it is resumed")
    func pauses() async throws {
        try await Installation.make(.sandbox) { post in
            let up = try await post.up()
            #expect(try await turn(post, "pause") == 204)
            #expect(try await turn(post, "pause") == 204)
            let one = try await post.signUp("ann@example.com")
            #expect(try await post.state(one) == "parked")
            #expect(try await post.delivery(one.delivery)["reason"] == "paused")
            up.terminate()
            await up.exitCode()
            _ = try await post.up()
            let channels = try await post.call("GET", "/v1/status").body["channels"]?.array ?? []
            #expect(channels.first { $0["channel"] == "email" }?["paused"] == true)
            #expect(channels.first { $0["channel"] == "sms" }?["paused"] == false)
            #expect(try await post.state(one) == "parked")
            #expect(try await post.gatepost("resume", "email").code == 0)
            try await post.reached("accepted", one)
        }
    }

    @Test("status and doctor say that a channel is paused, and no longer when it is resumed")
    func tells() async throws {
        try await Installation.make(.sandbox) { post in
            _ = try await post.up()
            #expect(!(try await post.gatepost("status")).output.contains("paused"))
            #expect(try await post.gatepost("pause", "sms").code == 0)
            let lines = try await post.gatepost("status").output.split(separator: "\n").map(String.init)
            #expect(lines.contains { $0.hasPrefix("channel ") && $0.hasSuffix("  paused") })
            #expect(lines.contains { $0.hasPrefix("sms ") && $0.hasSuffix("  yes") })
            #expect(lines.contains { $0.hasPrefix("email ") && $0.hasSuffix("  no") })
            #expect(lines.contains { $0.hasPrefix("paused ") && $0.contains("sms is paused") })
            let checks = try await post.gatepost("doctor", "--json").json["checks"]?.array ?? []
            #expect(checks.contains { $0["detail"]?.string?.hasPrefix("paused: sms is paused") == true })
            #expect(try await post.gatepost("resume", "sms").code == 0)
            #expect(!(try await post.gatepost("status")).output.contains("paused"))
        }
    }

    @Test("a channel that there is not is wrong usage, and on the wire there is none of that name")
    func unknownChannel() async throws {
        try await Installation.make(.sandbox) { post in
            _ = try await post.server()
            for verb in ["pause", "resume"] {
                let run = try await post.gatepost(verb, "fax")
                #expect(run.code == 2 && run.complaint.contains("email or sms"))
                let answer = try await post.call("POST", "/v1/queues/fax/\(verb)")
                #expect(answer.problem == "not-found")
                #expect(answer.body["detail"]?.string?.contains("email or sms") == true)
            }
        }
    }

    @Test("what was ready before its channel was paused is parked and handed to nobody")
    func parks() async throws {
        try await Installation.make(.sandbox) { post in
            _ = try await post.server()
            let one = try await post.signUp("ann@example.com")
            #expect(try await post.gatepost("pause", "email").code == 0)
            let claimed = try await post.claim(instance: "i", waitMilliseconds: 0, gateway: "sandbox-email")
            #expect(claimed.isEmpty)
            try await post.reached("parked", one)
            #expect(try await turn(post, "resume") == 204)
            try await post.reached("ready", one)
        }
    }

    @Test("a delivery that waits is cancelled once, one that has ended or is another tenant's is not")
    func cancels() async throws {
        var settings = InstallationSettings.sandbox
        settings.listen = "127.0.0.1:0"
        try await Installation.make(settings) { post in
            let server = try await post.server()
            let url = try await post.url(of: server)
            let one = try await post.signUp("ann@example.com")
            let path = "/v1/deliveries/\(one.delivery)/cancel"
            let foreign = try await post.token("operate", tenant: "shop")
            let bearer = [(name: "Authorization", value: "Bearer " + foreign)]
            #expect(try await post.call("POST", path, headers: bearer, at: url).problem == "not-found")
            #expect(
                try await post.call("POST", "/v1/queues/email/pause", headers: bearer, at: url).problem == "forbidden"
            )
            let cancelled = try await post.call("POST", path)
            #expect(cancelled.status == 200)
            #expect(cancelled.body["state"] == "dead" && cancelled.body["reason"] == "cancelled")
            #expect(try await post.call("POST", path).problem == "conflict")
            #expect(try await post.gatepost("cancel", one.delivery).code == 1)
            #expect(try await turn(post, "pause", "pigeon") == 404)
        }
    }
}
