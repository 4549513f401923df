import JSON
import SMTPSink
import Testing

@Suite("A gateway that cannot be reached", .timeLimit(.minutes(12)))
struct GatewayDownTests {
    @Test("five times in a row is down and what waits is parked; when it comes back, one tries and all arrive")
    func parksAndTries() async throws {
        let port = try freePort()
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
            _ = try await sink.mails(count: 11, within: patience)
            for one in all + [late] { try await post.reached("accepted", one) }
            #expect(try await post.gatewayState("mail") == "ok")
            #expect(sink.counters.taken == 11)
        }
    }

    @Test("hands its deliveries to the next gateway of the route")
    func failsOver() async throws {
        let port = try freePort()
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

    @Test("is waited out by a replay of what expired meanwhile, and the old challenge is verified in the end")
    func replayedMeanwhile() async throws {
        let port = try freePort()
        var settings = InstallationSettings.mail(port: port)
        settings.tables.append("[sandbox]\nenabled = true")
        try await Installation.make(settings) { post in
            _ = try await post.start("gatepost-server", variables: [post.clock]).line("ready")
            _ = try await post.start("gatepost-email-worker", variables: [post.clock]).line("ready")
            let all = try await post.signUps(5)
            try await eventually("a gateway that is down") { try await post.gatewayState("mail") == "down" }
            // Past the life of their codes.
            try post.setClock(ahead: .seconds(25 * 3600))
            for one in all { try await post.died(of: "expired", one) }
            let filter: JSONValue = ["filter": ["reason": "expired"]]
            let first = try await post.call("POST", "/v1/replays", filter)
            #expect(first.status == 202)
            let replay = try #require(first.body["replay"]?.string)
            let end = try await eventually("the end of the replay") {
                let body = try await post.call("GET", "/v1/replays/\(replay)").body
                return body["state"] == "done" ? body : Optional.none
            }
            #expect(end["deliveries"] == 5)
            try await post.reached("parked", count: 5)
            // The same again while they wait sends nothing.
            let again = try await post.call("POST", "/v1/replays", ["filter": ["reason": "expired"], "dry_run": true])
            #expect(again.body["deliveries"] == 0 && again.body["skipped"]?["superseded"] == 5)
            let sink = try SMTPSink(port: port)
            let mails = try await sink.mails(count: 5, within: patience).map { ReceivedMail($0) }
            try await post.rest(of: "email")
            #expect(sink.counters.taken == 5)
            for (number, one) in all.enumerated() {
                let mail = try #require(
                    mails.first { mail in
                        mail.header("To")?.contains("p\(number + 1)@") == true
                    }
                )
                #expect(try await post.verify(one, try #require(mail.code)).status == 200)
            }
        }
    }
}
