import JSON
import SMTPSink
import Testing

@Suite("When the mail server", .timeLimit(.minutes(12)))
struct MailServerTests {
    /// Sends one mail through a server that behaves by the rules, and returns the delivery once it is in the state.
    private func deliver(
        _ rules: [SinkRule],
        to email: String = "one@example.com",
        until state: String = "accepted",
        meanwhile: (Installation, Accepted) async throws -> Void = { _, _ in }
    ) async throws -> (delivery: JSONValue, attempts: [JSONValue], sink: SMTPSink) {
        let sink = try SMTPSink(script: SinkScript(rules: rules))
        var delivery = JSONValue.null
        try await Installation.make(.mail(port: sink.port, connections: 1, timeout: 5)) { post in
            _ = try await post.server()
            _ = try await post.worker()
            let one = try await post.signUp(email)
            try await meanwhile(post, one)
            try await post.reached(state, one)
            delivery = try await post.delivery(one.delivery)
        }
        return (delivery, delivery["attempts"]?.array ?? [], sink)
    }

    @Test("refuses the recipient, the delivery is dead with its reply, which does not name the recipient")
    func refuses() async throws {
        let reply = "550 5.1.1 <ann.lee@example.com>: no mailbox ann.lee here"
        let (delivery, attempts, _) = try await deliver(
            [SinkRule(.recipient, .reply(reply))],
            to: "ann.lee@example.com",
            until: "dead"
        )
        #expect(delivery["reason"] == "refused")
        #expect(attempts.count == 1)
        #expect(attempts.first?["result"] == "refused")
        #expect(attempts.first?["code"] == "550")
        let detail = try #require(attempts.first?["detail"]?.string)
        #expect(detail.contains("no mailbox"))
        #expect(!String(decoding: delivery.serialized(), as: UTF8.self).contains("ann.lee"))
    }

    @Test("refuses in words that command a terminal, they are kept without that, and other outcomes are reported")
    func commandsTerminal() async throws {
        let reply = "550 no \u{1B}[31m such\tuser"
        let rules = [SinkRule(.recipient, .reply(reply), when: .recipient("one@example.com"))]
        let (delivery, attempts, sink) = try await deliver(rules, until: "dead") { post, _ in
            try await post.reached("accepted", try await post.signUp("two@example.com"))
        }
        #expect(delivery["reason"] == "refused")
        #expect(attempts.first?["detail"]?.string?.hasSuffix("no  [31m such user") == true, "\(attempts)")
        #expect(sink.counters.taken == 1)
    }

    @Test("greylists the recipient, the mail is sent again and accepted")
    func greylists() async throws {
        let (_, attempts, sink) = try await deliver([SinkRule(.recipient, .replyFirst("451 4.7.1 Come again"))])
        #expect(attempts.map { $0["result"] } == ["retry", "accepted"])
        #expect(attempts.first?["code"] == "451")
        #expect(sink.counters.taken == 1)
    }

    @Test("says nothing at the greeting, the gateway is unreachable and the mail is sent again")
    func silentGreeting() async throws {
        let (_, attempts, sink) = try await deliver([SinkRule(.greeting, .silence, when: .connection(1))])
        #expect(attempts.map { $0["result"] } == ["retry", "accepted"])
        #expect(attempts.first?["code"] == "unreachable")
        #expect(sink.counters.taken == 1)
    }

    @Test("breaks off before it asks for the text, the mail surely did not leave and is sent again")
    func dropsBefore() async throws {
        let (_, attempts, sink) = try await deliver([SinkRule(.data, .close, when: .mail(1))])
        #expect(attempts.map { $0["result"] } == ["retry", "accepted"])
        #expect(attempts.first?["code"] == "interrupted")
        #expect(sink.counters.taken == 1)
    }

    @Test(
        "breaks off or is silent after the dot, nobody knows, and the mail is sent again once the lease is over",
        arguments: [SinkRule.Behaviour.close, .silence]
    )
    func dropsAfter(behaviour: SinkRule.Behaviour) async throws {
        let (_, attempts, sink) = try await deliver([SinkRule(.endOfData, behaviour, when: .mail(1))]) { post, one in
            try await post.reached("unknown", one)
            #expect(try await post.count("unknown") == 1)
        }
        #expect(attempts.map { $0["result"] } == ["unknown", "accepted"])
        #expect(attempts.first?["code"] == "no_answer")
        #expect(Set(sink.mails.map { ReceivedMail($0).header("Message-ID") }).count == 1)
        #expect(sink.counters.taken == 2)
    }
}
