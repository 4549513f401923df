import Foundation
import JSON
import SMTPSink
import Testing

@Suite("The story of a delivery", .timeLimit(.minutes(12)))
struct ExplainTests {
    @Test("of a mail goes from the event to the gateway's answer, with the numbers of the settings")
    func mail() async throws {
        let limits = [
            InstallationSettings.limit("few", "recipient", "5/10m", "burst = 7"),
            InstallationSettings.limit("mails", "tenant", "90/1h", "channel = \"email\""),
            InstallationSettings.limit("texts", "tenant", "90/1h", "channel = \"sms\""),
        ]
        try await Installation.make(.limited(limits.joined(separator: "\n"))) { post in
            _ = try await post.up()
            var event = Installation.event("one", to: "a@example.com", ["locale": "de"]).object ?? [:]
            event["time"] = "2026-01-02T03:04:05Z"
            let first = try Accepted(await post.submit(.object(event)))
            try await post.reached("accepted", first)
            let story = try await post.story(first.delivery)
            let steps = ["event", "checks", "limit", "limit", "challenge", "route", "claimed", "begun", "reported"]
            #expect(story.steps == steps)
            let told = try story.first("event")
            #expect((told["event"], told["type"], told["time"]) == ("one", "auth.sign_up", "2026-01-02T03:04:05.000Z"))
            #expect((told["tenant"], told["channel"], told["locale"]) == ("default", "email", "de"))
            let limits = story.all("limit")
            #expect(limits.map { $0["limit"] } == ["few", "mails"])
            #expect(limits.map { $0["counted_by"] } == ["recipient", "tenant"])
            #expect(limits.map { $0["rate"] } == ["5/10m", "90/1h"])
            #expect(limits.map { $0["used"] } == [1, 1] && limits.map { $0["left"] } == [6, 89])
            let challenge = try story.first("challenge")
            #expect(challenge["challenge"] == .string(first.challenge) && challenge["manner"] == "new")
            #expect(try story.first("route")["gateways"] == ["sandbox-email"])
            #expect(try story.first("claimed")["carrier"] == "email-worker")
            #expect(try story.first("reported")["result"] == "accepted")

            let second = try Accepted(await post.submit(Installation.event("two", to: "a@example.com")))
            let resent = try await post.story(second.delivery)
            #expect(second.challenge == first.challenge)
            #expect(try resent.first("challenge")["manner"] == "same_code")
            #expect(try resent.first("limit")["used"] == 2)
            try await sameByCommand(post, first.delivery, story)
        }
    }

    /// The command prints the sentences, and with `--json` the body.
    private func sameByCommand(_ post: Installation, _ id: String, _ story: [JSONValue]) async throws {
        let lines = try await post.gatepost("explain", id)
        #expect(lines.code == 0)
        let told = lines.output.split(separator: "\n").map(String.init)
        #expect(told.count == story.count)
        for (line, entry) in zip(told, story) {
            #expect(line.hasPrefix((entry["at"]?.string ?? "-") + " ") && line.hasSuffix(entry["what"]?.string ?? "-"))
        }
        let body = try await post.gatepost("explain", id, "--json").json
        #expect(body["story"] == .array(story) && body["delivery"]?["id"] == .string(id))
        let unknown = try await post.gatepost("explain", "dl_00000000000000000000000000000000")
        #expect(unknown.code == 1 && unknown.complaint.contains("not-found"))
        #expect(try await post.gatepost("explain").code == 2)
    }

    @Test("of a text tells what it cost at whose price, what budgets had left, and what its receipts said")
    func text() async throws {
        var settings = SignedReceipt.twilio
        settings.budgets = [("month", "0.05")]
        try await Installation.texting(settings) { post, peer in
            let server = try await post.server()
            _ = try await post.textWorker()
            _ = try await post.text(to: phone(1))
            let one = try await post.text(to: phone(2))
            try await post.reached("accepted", one)
            let address = try #require(try await peer.request(2).fields["StatusCallback"])
            let request = try #require(peer.requests.first { $0.to == phone(2) })
            let own = try #require(request.fields["StatusCallback"])
            #expect(!address.isEmpty)
            let receipt = SignedReceipt.twilio("undelivered", sid: request.sid, to: own, error: "30008")
            #expect(try await post.bring(receipt, to: own, at: post.url(of: server)).status == 204)
            let story = try await post.story(one.delivery)
            let destination = try story.first("destination")
            #expect((destination["country"], destination["number_type"]) == ("US", "fixed_or_mobile"))
            let text = try story.first("text")
            #expect((text["segments"], text["encoding"]) == (1, "GSM-7"))
            let price = try story.first("price")
            #expect((price["gateway"], price["unit_price"], price["fee"]) == ("sms", "0.0079", "0.003"))
            #expect((price["amount"], price["currency"]) == ("0.0109", "USD"))
            #expect(price["price_version"]?.string?.isEmpty == false)
            let budget = try story.first("budget")
            #expect((budget["budget"], budget["period"], budget["limit"]) == ("month", "month", "0.05"))
            #expect((budget["used"], budget["amount"]) == ("0.0109", "0.0109"))
            let bookings = story.all("reservation")
            #expect(bookings.map { $0["entry"] } == ["reserved", "committed"])
            #expect(bookings.allSatisfy { $0["amount"] == "0.0109" })
            #expect(try story.first("reported")["gateway_reference"] == .string(request.sid))
            let told = try story.first("receipt")
            #expect((told["state"], told["code"], told["attempt"]) == ("undelivered", "30008", 1))
            #expect(story.steps.last == "receipt")
            #expect(!"\(story)".contains(phone(2).dropFirst()))
        }
    }

    @Test("of what nobody knows tells until when it was waited and that it was given up")
    func unknown() async throws {
        let react: SMSGatewayPeer.Script = { _ in .takeAndClose }
        try await Installation.texting(TextSettings(), react: react) { post, _ in
            _ = try await post.server()
            _ = try await post.textWorker()
            let one = try await post.text(to: phone(1))
            try await post.died(of: "gave_up", one)
            let story = try await post.story(one.delivery)
            #expect(try story.first("reported")["result"] == "unknown")
            let unknown = try story.first("unknown")
            #expect(unknown["then"] == "give_up" && unknown["until"]?.string != nil)
            #expect(try story.first("ended")["reason"] == "gave_up")
            // Its money stays committed: it may have been sent.
            #expect(story.all("reservation").map { $0["entry"] } == ["reserved", "committed"])
        }
    }

    @Test("tells which gateway it left, and why, and each attempt at it")
    func failover() async throws {
        let backup = try SMTPSink()
        let port = try freePort()
        let settings = InstallationSettings(tables: [
            InstallationSettings.gateway("main", port: port),
            InstallationSettings.gateway("backup", port: backup.port),
            "[[routes]]\nchannel = \"email\"\ngateways = [\"main\", \"backup\"]",
        ])
        try await Installation.make(settings) { post in
            _ = try await post.up()
            let all = try await post.signUps(6)
            for one in all { try await post.reached("accepted", one) }
            var moves: [JSONValue] = []
            for one in all {
                let story = try await post.story(one.delivery)
                #expect(try story.first("route")["rule"] == 1)
                #expect(try story.first("route")["gateways"] == ["main", "backup"])
                #expect(story.all("reported").last?["gateway"] == "backup")
                let failed = story.all("reported").dropLast()
                #expect(failed.allSatisfy { $0["result"] == "retry" && $0["code"] == "unreachable" })
                moves += story.filter { $0["former_gateway"] == "main" }
            }
            #expect(!moves.isEmpty)
            #expect(moves.allSatisfy { $0["obstacle"] == "down" && $0["gateway"] == "backup" })
            let late = try await post.signUp("late@example.com")
            let passed: JSONValue = [["gateway": "main", "reason": "down"]]
            #expect(try await post.story(late.delivery).first("route")["passed_over"] == passed)
        }
    }

    @Test("tells what parked it, what let it go on, and what ended it: a resend, a verification, a hand, its deadline")
    func ends() async throws {
        try await Installation.make(.sandbox) { post in
            _ = try await post.onClock()
            let overtaken = try await post.signUp("a@example.com", event: "first")
            let held = try await post.signUp("b@example.com")
            let cancelled = try await post.signUp("c@example.com")
            let hold = try await post.call(
                "POST",
                "/v1/holds",
                ["scope": "tenant", "value": "default", "reason": "odd"]
            )
            try await post.reached("parked", count: 3)
            let id = try #require(hold.body["id"]?.string)
            #expect(try await post.call("DELETE", "/v1/holds/\(id)").status == 204)
            try await post.reached("ready", count: 3)
            #expect(try await post.call("POST", "/v1/queues/email/pause").status == 204)
            try await post.reached("parked", count: 3)
            let later = try await post.signUp("a@example.com", event: "second")
            #expect(try await post.call("POST", "/v1/deliveries/\(cancelled.delivery)/cancel").status == 200)
            try post.setClock(ahead: .seconds(90_000))
            try await post.died(of: "expired", held)

            let expired = try await post.story(held.delivery)
            let stop = try expired.first("parked")
            #expect(stop["reason"] == "held" && stop["hold"]?["scope"] == "tenant" && stop["hold"]?["reason"] == "odd")
            #expect(expired.all("parked").map { $0["reason"] } == ["held", "paused"])
            #expect(
                expired.steps.filter { ["parked", "ready", "ended"].contains($0) } == [
                    "parked", "ready", "parked", "ended",
                ]
            )
            let ended = try await post.story(overtaken.delivery).first("ended")
            #expect(
                (ended["reason"], ended["by"], ended["by_event"]) == ("superseded", .string(later.delivery), "second")
            )
            let parked = try await post.story(later.delivery).first("route")
            #expect((parked["state"], parked["reason"]) == ("parked", "paused"))
            let hand = try await post.story(cancelled.delivery)
            #expect(try hand.first("cause")["cause"] == "by_hand")
            #expect(try hand.first("ended")["reason"] == "cancelled")
        }
    }

    @Test("of a group and of a replay tells what belongs together")
    func together() async throws {
        var settings = InstallationSettings.sandbox
        settings.tables.append("[prices]\nunpriced = \"0.01 USD\"")
        try await Installation.make(settings) { post in
            let up = try await post.up()
            let group = try await post.accept(
                "mfa",
                ["email": "a@example.com", "phone": .string(phone(1)), "channels": ["email", "sms"]]
            )
            let mail = try #require(group["deliveries"]?.array?.first { $0["channel"] == "email" })
            let text = try #require(group["deliveries"]?.array?.first { $0["channel"] == "sms" })
            let message = try await post.message(mail)
            let challenge = try #require(mail["challenge"]?["id"]?.string)
            let path = "/v1/challenges/\(challenge)/verify"
            #expect(try await post.call("POST", path, ["code": message["code"] ?? nil]).status == 200)
            let whole = try await post.story(mail["id"]?.string ?? "")
            #expect(try whole.first("challenge")["group"]?.array?.count == 2)
            #expect(try whole.first("verified")["challenge"] == .string(challenge))
            let other = try await post.story(text["id"]?.string ?? "").first("verified")
            #expect(other["challenge"] == .string(challenge))
            up.kill()
            await up.exitCode()

            _ = try await post.server()
            let failed = try await post.signUp("b@example.com")
            #expect(try await post.call("POST", "/v1/deliveries/\(failed.delivery)/cancel").status == 200)
            let replay = try await post.call("POST", "/v1/replays", ["filter": ["ids": [.string(failed.delivery)]]])
            let id = try #require(replay.body["replay"])
            let made = try await eventually("a delivery made anew") {
                let page = try await post.call("GET", "/v1/deliveries?replay=\(id.string ?? "")")
                return page.body["items"]?.array?.first?["id"]?.string
            }
            let anew = try await post.story(made)
            #expect(try anew.first("replay")["replay"] == id)
            #expect(try anew.first("replay")["origin"] == .string(failed.delivery))
            #expect(try anew.first("challenge")["manner"] == "replayed")
            let last = try await post.story(failed.delivery).last
            #expect((last?["step"], last?["replay"], last?["delivery"]) == ("replay", id, .string(made)))
        }
    }
}
