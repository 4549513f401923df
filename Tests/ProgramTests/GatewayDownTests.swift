import JSON
import SMTPSink
import Testing

@Suite("A gateway that cannot be reached", .timeLimit(.minutes(4)))
struct GatewayDownTests {
    @Test("five times in a row is down and what waits is parked; when it comes back, one tries and all arrive")
    func parksAndTries() async throws {
        let port = try await freePort()
        try await Installation.make(.mail(port: port)) { post in
            _ = try await post.server()
            _ = try await post.worker()
            let all = try await post.signUps(10)
            try await eventually("a gateway that is down") { try await post.gatewayState("mail") == "down" }
            try await post.reached("parked", count: 10)
            #expect(try await post.delivery(all[0].delivery)["reason"] == "gateway_down")
            let alerts = try await post.call("GET", "/v1/status").body["alerts"]?.array
            #expect(alerts?.map { $0["name"] } == ["gateway_down"])
            let late = try await post.signUp("late@example.com")
            #expect(try await post.state(late) == "parked")
            let sink = try SMTPSink(port: port)
            // Somebody tries every ten seconds.
            _ = try await sink.mails(count: 11, within: .seconds(30))
            for one in all + [late] { try await post.reached("accepted", one) }
            #expect(try await post.gatewayState("mail") == "ok")
            #expect(sink.counters.taken == 11)
        }
    }

    @Test("hands its deliveries to the next gateway of the route")
    func failsOver() async throws {
        let port = try await freePort()
        let backup = try SMTPSink()
        let settings = InstallationSettings(tables: [
            InstallationSettings.gateway("mail", port: port),
            InstallationSettings.gateway("backup", port: backup.port),
            "[[routes]]\nchannel = \"email\"\ngateways = [\"mail\", \"backup\"]",
        ])
        try await Installation.make(settings) { post in
            _ = try await post.server()
            _ = try await post.worker()
            let all = try await post.signUps(10)
            for one in all {
                try await post.reached("accepted", one)
                let delivery = try await post.delivery(one.delivery)
                #expect(delivery["gateway"] == "backup")
                #expect(delivery["attempts"]?.array?.last?["gateway"] == "backup")
            }
            #expect(try await post.gatewayState("mail") == "down")
            #expect(try await post.gatewayState("backup") == "ok")
            #expect(backup.counters.taken == 10)
        }
    }

    /// A port on which nothing listens now; not one that is handed out to whoever asks for any.
    private func freePort() async throws -> UInt16 {
        try await eventually("a free port") {
            // A port that is taken is not the one.
            guard let sink = try? SMTPSink(port: .random(in: 10_000..<32_000)) else { return nil }
            await sink.stop()
            return sink.port
        }
    }
}
