import Foundation
import JSON
import SMTPSink
import Testing

@Suite("gatepost restore of an older backup", .timeLimit(.minutes(12)))
struct RestoreTests {
    private func settle(_ token: JSONValue?, in post: Installation) async throws -> String? {
        let outcome: JSONValue = ["token": token ?? nil, "result": "accepted"]
        let answer = try await post.call("POST", "/v1/carriers/settle", ["outcomes": [outcome]])
        return answer.body["results"]?.array?.first?.string
    }

    private func begin(_ token: JSONValue?, in post: Installation) async throws -> String? {
        let answer = try await post.call("POST", "/v1/carriers/begin", ["items": [["token": token ?? nil]]])
        return answer.body["results"]?.array?.first?.string
    }

    @Test(
        "with live tokens, codes and money: what was is void and says so, what was lost is told, and all is sent anew"
    )
    func badDay() async throws {
        let sink = try SMTPSink()
        var settings = TextSettings()
        settings.listen = "127.0.0.1:0"
        // What is begun by hand is under way until the backup, and until the end.
        settings.tables = [InstallationSettings.gateway("mail", port: sink.port, timeout: 120)]
        try await Installation.texting(settings) { post, peer in
            var server = try await post.server()
            _ = try await post.textWorker()
            let ann = try await post.signUp("ann@example.com")
            let live = try await post.claim(as: "hand", instance: "one").first?["token"]
            #expect(try await begin(live, in: post) == "go")
            let bob = try await post.signUp("bob@example.com")
            let sent = try await post.text(to: phone(1))
            try await post.reached("accepted", sent)
            _ = try await post.call("POST", "/v1/queues/sms/pause")
            let waiting = try await post.text(to: phone(2))
            let (_, early) = try await post.newToken(["scopes": ["read"]])
            let file = try await post.backup()
            // What comes now is lost: two messages that are paid for, a token, and a code that is in somebody's hands.
            _ = try await post.call("POST", "/v1/queues/sms/resume")
            let lost = try await post.text(to: phone(3))
            for text in [waiting, lost] { try await post.reached("accepted", text) }
            let (_, late) = try await post.newToken(["scopes": ["read"]])
            let lostToken = try await post.claim(as: "hand", instance: "one").first?["token"]
            #expect(peer.taken.count == 3)

            let busy = try await post.gatepost("restore", file, "--yes")
            #expect(busy.code == 1 && busy.complaint.contains("a server has the database"))
            await post.end(server)
            let before = try post.standing()
            let plan = try await post.gatepost("restore", file)
            #expect(plan.code == 2 && plan.complaint.contains("say --yes"))
            for words in [
                "of 4 challenges", "2 end as cancelled, 1 as gave_up", "messages and spend from", "revoked since",
            ] {
                #expect(plan.output.contains(words), "\(words): \(plan.output)")
            }
            #expect(try post.standing() == before)
            let run = try await post.gatepost("restore", file, "--yes")
            #expect(run.code == 0, "\(run.complaint)")
            for words in [
                "of 4 challenges", "2 ended as cancelled, 1 as gave_up", "before-restore-", "gatepost replay",
            ] {
                #expect(run.output.contains(words), "\(words): \(run.output)")
            }

            server = try await post.server()
            for token in [live, lostToken] {
                #expect(try await begin(token, in: post) == "stale")
                #expect(try await settle(token, in: post) == "stale")
            }
            for (text, number) in [(sent, phone(1)), (waiting, phone(2))] {
                let code = try #require(peer.taken.first { $0.to == number }).code
                let answer = try await post.verify(text, code)
                #expect(answer.problem == "code-expired")
                #expect(answer.body["detail"]?.string?.contains("Send a new event to get a new code") == true)
            }
            #expect(try await post.call("GET", "/v1/deliveries/\(lost.delivery)").status == 404)
            #expect(try await post.verify(lost, "000000").problem == "not-found")
            try await post.died(of: "gave_up", ann)
            try await post.died(of: "cancelled", bob)
            try await post.died(of: "cancelled", waiting)
            #expect(try await post.state(sent) == "accepted")
            let url = try await post.url(of: server)
            for (token, status) in [(early, 200), (late, 401)] {
                let headers = [(name: "Authorization", value: "Bearer " + token)]
                #expect(try await post.call("GET", "/v1/status", headers: headers, at: url).status == status)
            }
            try await tellsWhatIsMissing(post)
            try await sendsAnew(post, sink, bob, peer, waiting)
        }
    }

    private func tellsWhatIsMissing(_ post: Installation) async throws {
        let alerts = try await post.call("GET", "/v1/status").body["alerts"]?.array ?? []
        #expect(alerts.contains { $0["name"] == "restored" })
        let spend = try await post.call("GET", "/v1/spend").body
        #expect(spend["missing"]?.array?.count == 1)
        // One of the three that were paid for is in the books.
        #expect(spend["totals"]?.array?.first?["estimate"]?.string == TextSettings.each)
        #expect(try await post.gatepost("spend").output.contains("spend may be missing from"))
        let audit = try await post.call("POST", "/v1/ledger/verify").body
        #expect(audit["verified"] == true && audit["writers"]?.array?.count == 2)
        #expect(audit["missing"] == spend["missing"])
        let ledger = try await post.gatepost("ledger", "verify")
        #expect(ledger.code == 0 && ledger.output.contains("entries may be missing from"))
    }

    /// A replay under the challenges of before, and a resend.
    private func sendsAnew(
        _ post: Installation,
        _ sink: SMTPSink,
        _ bob: Accepted,
        _ peer: SMSGatewayPeer,
        _ waiting: Accepted
    ) async throws {
        _ = try await post.call("POST", "/v1/queues/sms/resume")
        _ = try await post.worker()
        let replay = try await post.gatepost("replay", "--reason", "cancelled", "--yes")
        #expect(replay.code == 0, "\(replay.complaint)")
        let mail = ReceivedMail(try #require(try await sink.mails(count: 1, within: patience).first))
        #expect(try await post.verify(bob, try #require(mail.code)).body["challenge"] == .string(bob.challenge))
        let fresh = try await eventually("the text that was replayed") {
            let mine = peer.taken.filter { $0.to == phone(2) }
            return mine.count == 2 ? mine.last : nil
        }
        #expect(try await post.verify(waiting, fresh.code).status == 200)
        let again = try await post.text(to: phone(1))
        let text = try await eventually("the text that was asked for again") {
            let mine = peer.taken.filter { $0.to == phone(1) }
            return mine.count == 2 ? mine.last : nil
        }
        #expect(try await post.verify(again, text.code).status == 200)
        #expect(try await post.call("POST", "/v1/ledger/verify").body["verified"] == true)
    }

    @Test("keeps the tokens of then, and with --revoke-tokens none", arguments: [false, true])
    func tokens(isRevoking: Bool) async throws {
        try await Installation.make(.sandbox) { post in
            var server = try await post.server()
            let (id, secret) = try await post.newToken(["scopes": ["read"]])
            let file = try await post.backup()
            #expect(try await post.call("DELETE", "/v1/tokens/\(id)").status == 204)
            await post.end(server)
            let words = ["restore", file, "--yes", "--json"] + (isRevoking ? ["--revoke-tokens"] : [])
            let run = try await post.run("gatepost", words)
            #expect(run.code == 0, "\(run.complaint)")
            #expect(run.json["tokens_revoked"] == (isRevoking ? 1 : 0))
            #expect(run.json["kept"]?.string.map(FileManager.default.fileExists) == true)
            server = try await post.server()
            let headers = [(name: "Authorization", value: "Bearer " + secret)]
            let answer = try await post.call("GET", "/v1/status", headers: headers, at: post.url(of: server))
            #expect(answer.status == (isRevoking ? 401 : 200))
        }
    }

    @Test("asks at a terminal what it was not told, and changes nothing without a yes")
    func asks() async throws {
        try await Installation.make(.sandbox) { post in
            let server = try await post.server()
            _ = try await post.signUp("ann@example.com")
            _ = try await post.backup()
            await post.end(server)
            let before = try post.standing()
            for (answer, code) in [("n", Int32(1)), ("", 1), ("y", 0)] {
                let command = "\(Programs.path("gatepost")) restore backup.db"
                let line = "printf '%s\\n' '\(answer)' | script --quiet --return --command '\(command)' /dev/null"
                let run = try await post.run("/bin/sh", ["-c", line], variables: ["TERM=xterm"])
                #expect(run.code == code, "\(answer): \(run.output)")
                #expect(run.output.contains("Restore? [y/N]") && run.output.contains("of 1 challenges"))
                #expect(try (post.standing() == before) == (code != 0))
            }
        }
    }
}
