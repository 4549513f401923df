import Foundation
import JSON
import SMTPSink
import Testing

@Suite("gatepost up", .timeLimit(.minutes(12)))
struct SupervisorTests {
    @Test("that is killed takes its children with it within 5 seconds, and the next one starts clean")
    func killed() async throws {
        let sink = try SMTPSink()
        try await Installation.make(.mail(port: sink.port)) { post in
            let up = try await post.up()
            let before = try await post.signUp("one@example.com")
            let family = children(of: up.processID)
            #expect(Set(family.keys) == ["gatepost-server", "gatepost-email-worker"])
            up.kill()
            await up.exitCode()
            try await eventually("the end of the children", within: .seconds(5)) {
                !family.values.contains(where: isRunning)
            }
            _ = try await post.up()
            try await post.reached("accepted", before)
            let after = try await post.signUp("two@example.com")
            try await post.reached("accepted", after)
        }
    }

    @Test(
        "starts a child again that was killed, and the work goes on",
        arguments: ["gatepost-server", "gatepost-email-worker"]
    )
    func childKilled(program: String) async throws {
        let sink = try SMTPSink()
        try await Installation.make(.mail(port: sink.port)) { post in
            let up = try await post.up()
            let first = try await post.signUp("one@example.com")
            try await post.reached("accepted", first)
            let old = try #require(children(of: up.processID)[program])
            killHard(old)
            let new = try await eventually("another \(program)") {
                children(of: up.processID)[program].flatMap { $0 == old ? nil : $0 }
            }
            #expect(isRunning(new))
            let second = try await eventually("an event accepted again") {
                // The server may not listen yet.
                try? await post.signUp("two@example.com")
            }
            try await post.reached("accepted", second)
            #expect(up.complaints.contains("\(program) ended with code 137"))
        }
    }

    @Test("ends with 78, and its children with it, where the server died and its keys cannot be used any more")
    func hopeless() async throws {
        let sink = try SMTPSink()
        try await Installation.make(.mail(port: sink.port)) { post in
            let up = try await post.up()
            let family = children(of: up.processID)
            let keys = post.path("keys.toml")
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: keys)
            killHard(try #require(family["gatepost-server"]))
            #expect(await up.exitCode() == 78)
            #expect(up.complaints.contains("gatepost-server ended with code 78, and would again"))
            #expect(!family.values.contains(where: isRunning))
        }
    }

    @Test("starts a worker for each channel that has a gateway, and the one for text messages again when it is killed")
    func bothChannels() async throws {
        let sink = try SMTPSink()
        var settings = TextSettings()
        settings.tables = [InstallationSettings.gateway("mail", port: sink.port)]
        try await Installation.texting(settings) { post, peer in
            let up = try await post.up()
            let family = children(of: up.processID)
            #expect(Set(family.keys) == ["gatepost-server", "gatepost-email-worker", "gatepost-sms-worker"])
            let mail = try await post.signUp("one@example.com")
            let first = try await post.text(to: phone(1))
            for one in [mail, first] { try await post.reached("accepted", one) }
            let old = try #require(family["gatepost-sms-worker"])
            killHard(old)
            let second = try await post.text(to: phone(2))
            try await post.reached("accepted", second)
            #expect(up.complaints.contains("gatepost-sms-worker ended with code 137"))
            let numbers = [phone(1): first.delivery, phone(2): second.delivery]
            #expect(try await post.settledLedger(peer, deliveries: numbers).faults == [])
        }
    }

    @Test("that is asked to end finishes what is in hand, keeps the rest, and ends with 0")
    func asked() async throws {
        let sink = try SMTPSink(
            script: SinkScript(rules: [SinkRule(.endOfData, .delay(.milliseconds(300)))])
        )
        try await Installation.make(.mail(port: sink.port, connections: 1)) { post in
            // All of them wait before the first goes out, however long that takes.
            let server = try await post.server()
            let all = try await post.signUps(30)
            await post.end(server)
            let up = try await post.up()
            _ = try await sink.mails(count: 1, within: patience)
            up.terminate()
            #expect(await up.exitCode() == 0)
            _ = try await post.server()
            var accepted = 0
            for one in all {
                let delivery = try await post.delivery(one.delivery)
                let attempts = delivery["attempts"]?.array?.count
                if delivery["state"] == "accepted" {
                    accepted += 1
                    #expect(attempts == 1)
                } else {
                    #expect(delivery["state"] == "ready")
                    #expect(attempts == 0)
                }
            }
            #expect(accepted == sink.counters.taken)
            #expect(accepted < 30)
            _ = try await post.worker()
            for one in all { try await post.reached("accepted", one) }
            #expect(sink.counters.taken == 30)
        }
    }

    @Test(
        "that is asked to end while events come loses none that was answered, sends none twice, and hands out no more"
    )
    func askedUnderLoad() async throws {
        let sink = try SMTPSink(script: SinkScript(rules: [SinkRule(.endOfData, .delay(.milliseconds(100)))]))
        try await Installation.make(.mail(port: sink.port, connections: 4)) { post in
            let up = try await post.up()
            let gathering = Gathering()
            try await withThrowingTaskGroup { group in
                for sender in 1...8 { group.addTask { await gathering.gather(from: post, "s\(sender)") } }
                try await eventually("100 events accepted while mails go out") {
                    gathering.accepted.count >= 100 && sink.counters.taken >= 4
                }
                up.terminate()
                #expect(await up.exitCode() == 0)
                gathering.end()
                try await group.waitForAll()
            }
            _ = try await post.server()
            for state in ["leased", "sending", "unknown"] { #expect(try await post.count(state) == 0) }
            let taken = sink.counters.taken
            var accepted = 0
            for one in gathering.accepted {
                let state = try await post.state(one)
                #expect(["accepted", "ready"].contains(state))
                if state == "accepted" { accepted += 1 }
            }
            // An event of which nobody had the answer any more may have been accepted and sent.
            #expect((accepted...accepted + 8).contains(taken))
            _ = try await post.worker()
            try await post.rest(of: "email")
            for one in gathering.accepted { #expect(try await post.attempts(one).count == 1) }
            #expect((gathering.accepted.count...gathering.accepted.count + 8).contains(sink.counters.taken))
            #expect(Set(sink.mails.map { ReceivedMail($0).header("Message-ID") }).count == sink.counters.taken)
        }
    }
}
