import SMTPSink
import Testing
import Transfer

@Suite("Mails")
struct MailTests {
    private let transfers = Transfers()

    /// Sends one mail to a sink with these rules, with and without PIPELINING, and expects the same of both.
    private func outcome(
        _ rules: [SinkRule],
        to: String = "person@example.net",
        timeout: Duration = .seconds(30),
        pipelining: Bool
    ) async throws -> (outline: String, taken: Int) {
        let sink = try SMTPSink(script: SinkScript(extensions: pipelining ? ["PIPELINING"] : [], rules: rules))
        let result = await transfers.mail(Mails.mail(Mails.server(sink), to: to, timeout: timeout))
        await sink.stop()
        return (result.outline, sink.counters.taken)
    }

    @Test("an accepted mail has arrived, and the reply is the one after its final dot")
    func accepted() async throws {
        let rule = SinkRule(.endOfData, .reply("250 2.6.0 queued as 4711"))
        let sink = try SMTPSink(script: SinkScript(rules: [rule]))
        let result = await transfers.mail(Mails.mail(Mails.server(sink)))
        #expect(result == .accepted(SMTPReply(code: 250, text: "2.6.0 queued as 4711")))
        let mail = try #require(sink.mails.first)
        #expect(mail.from == "sender@example.com")
        #expect(mail.recipients == ["person@example.net"])
        #expect(mail.data == (try Mails.content.rendered()))
        #expect(mail.parameters == "SIZE=\(mail.data.count)")
        #expect(sink.commands.first == "EHLO client.example")
        await transfers.shutdown()
        await sink.stop()
    }

    @Test(
        "a refusal is told apart by code and command",
        arguments: [
            (SinkRule(.sender, .reply("550 5.7.1 not you")), "refused 550 at MAIL"),
            (SinkRule(.recipient, .reply("550 5.1.1 nobody")), "refused 550 at RCPT"),
            (SinkRule(.recipient, .reply("451 4.7.1 later")), "refused 451 at RCPT"),
            (SinkRule(.data, .reply("554 5.5.1 no")), "refused 554 at DATA"),
            (SinkRule(.endOfData, .reply("552 5.3.4 too large")), "refused 552 at end of data"),
            (SinkRule(.endOfData, .reply("451 4.3.0 later")), "refused 451 at end of data"),
            (SinkRule(.sender, .reply("421 4.3.2 closing")), "refused 421 at MAIL"),
            (SinkRule(.recipient, .reply("421 4.3.2 closing")), "refused 421 at RCPT"),
            (SinkRule(.greeting, .reply("554 go away")), "unreachable at greeting"),
            (SinkRule(.greeting, .reply("421 busy")), "unreachable at greeting"),
            (SinkRule(.hello, .reply("421 busy")), "unreachable at EHLO"),
        ],
        [true, false]
    )
    func refused(rule: (SinkRule, String), pipelining: Bool) async throws {
        let outcome = try await outcome([rule.0], pipelining: pipelining)
        #expect(outcome.outline == rule.1)
        #expect(outcome.taken == 0)
        await transfers.shutdown()
    }

    @Test("a reply's code, enhanced code and text come as they were sent")
    func reply() async throws {
        let rule = SinkRule(.recipient, .reply("550-5.1.1 first\r\n550 5.1.1 second"))
        let sink = try SMTPSink(script: SinkScript(rules: [rule]))
        guard case .refused(let reply, .recipient) = await transfers.mail(Mails.mail(Mails.server(sink))) else {
            Issue.record("not refused at RCPT")
            return
        }
        #expect(reply.code == 550)
        #expect(reply.enhanced == EnhancedStatus(class: 5, subject: 1, detail: 1))
        #expect(reply.text == "5.1.1 first\n5.1.1 second")
        #expect(reply.isPermanent && !reply.isTemporary)
        await transfers.shutdown()
        await sink.stop()
    }

    @Test(
        "a connection that is cut says whether the mail may have been handed over",
        arguments: [
            (SinkRule(.greeting, .close), "unreachable at greeting", 0),
            (SinkRule(.hello, .close), "unreachable at EHLO", 0),
            (SinkRule(.sender, .close), "interrupted at MAIL", 0),
            (SinkRule(.recipient, .close), "interrupted at RCPT", 0),
            (SinkRule(.data, .close), "interrupted at DATA", 0),
            (SinkRule(.content, .close), "unknown at end of data", 0),
            (SinkRule(.endOfData, .close), "unknown at end of data", 1),
        ],
        [true, false]
    )
    func cut(rule: (SinkRule, String, Int), pipelining: Bool) async throws {
        let outcome = try await outcome([rule.0], pipelining: pipelining)
        #expect(outcome.outline == rule.1)
        #expect(outcome.taken == rule.2)
        await transfers.shutdown()
    }

    @Test(
        "a server that falls silent says whether the mail may have been handed over",
        arguments: [
            (SinkRule(.greeting, .silence), "unreachable at greeting"),
            (SinkRule(.hello, .silence), "unreachable at EHLO"),
            (SinkRule(.recipient, .silence), "interrupted at RCPT"),
            (SinkRule(.data, .silence), "interrupted at DATA"),
            (SinkRule(.endOfData, .silence), "unknown at end of data"),
        ]
    )
    func silent(rule: (SinkRule, String)) async throws {
        // Long enough on a busy machine for the steps before the silent one.
        let outcome = try await outcome([rule.0], timeout: .seconds(10), pipelining: true)
        #expect(outcome.outline == rule.1)
        await transfers.shutdown()
    }

    @Test("where nobody listens the server is unreachable")
    func nobody() async throws {
        let sink = try SMTPSink()
        var server = Mails.server(sink)
        // The port of another address: a freed one of this address may be given to another test's server at once.
        server.url = server.url.replacing("127.0.0.1", with: "127.83.77.84")
        #expect(server.url.contains("127.83.77.84"))
        #expect(await transfers.mail(Mails.mail(server)).outline == "unreachable at no step")
        await sink.stop()
        await transfers.shutdown()
    }

    @Test("mails one after the other share a connection, refused ones among them", arguments: [true, false])
    func keptAlive(pipelining: Bool) async throws {
        let rule = SinkRule(.recipient, .reply("550 5.1.1 nobody"), when: .recipient("nobody"))
        let sink = try SMTPSink(script: SinkScript(extensions: pipelining ? ["PIPELINING"] : [], rules: [rule]))
        for number in 1...20 {
            let to = number % 5 == 0 ? "nobody@example.net" : "person\(number)@example.net"
            let result = await transfers.mail(Mails.mail(Mails.server(sink), to: to))
            #expect(result.outline == (number % 5 == 0 ? "refused 550 at RCPT" : "accepted"))
        }
        // A refused mail's result comes before its RSET is answered, so the next mail may find no idle connection.
        #expect(sink.counters.connections <= 5)
        #expect(sink.counters.taken == 16)
        await transfers.shutdown()
        await sink.stop()
    }

    @Test("mails that are all accepted need one connection")
    func oneConnection() async throws {
        let sink = try SMTPSink()
        for _ in 1...50 { #expect(await transfers.mail(Mails.mail(Mails.server(sink))).outline == "accepted") }
        #expect(sink.counters.connections == 1)
        #expect(sink.mails.allSatisfy { $0.connection == 1 })
        await transfers.shutdown()
        await sink.stop()
    }

    @Test(
        "a kept-alive connection that was closed meanwhile costs nothing",
        arguments: [SinkRule.Behaviour.close, .reply("421 4.4.2 idle too long")]
    )
    func closedMeanwhile(behaviour: SinkRule.Behaviour) async throws {
        let sink = try SMTPSink(script: SinkScript(rules: [SinkRule(.sender, behaviour, when: .mail(2))]))
        for _ in 1...3 { #expect(await transfers.mail(Mails.mail(Mails.server(sink))).outline == "accepted") }
        #expect(sink.counters.connections == 2)
        #expect(sink.counters.taken == 3)
        await transfers.shutdown()
        await sink.stop()
    }

    @Test("a mail cut after RCPT on a kept-alive connection is interrupted, and sent only when asked for again")
    func cutOnReuse() async throws {
        let sink = try SMTPSink(
            script: SinkScript(extensions: [], rules: [SinkRule(.recipient, .close, when: .mail(2))])
        )
        var outlines: [String] = []
        for _ in 1...3 { outlines.append(await transfers.mail(Mails.mail(Mails.server(sink))).outline) }
        #expect(outlines == ["accepted", "interrupted at RCPT", "accepted"])
        #expect(sink.counters.taken == 2)
        await transfers.shutdown()
        await sink.stop()
    }

    @Test("a mail whose last reply is lost on a kept-alive connection is handed over once")
    func lostReplyOnReuse() async throws {
        let sink = try SMTPSink(script: SinkScript(rules: [SinkRule(.endOfData, .close, when: .mail(2))]))
        var outlines: [String] = []
        for _ in 1...2 { outlines.append(await transfers.mail(Mails.mail(Mails.server(sink))).outline) }
        #expect(outlines == ["accepted", "unknown at end of data"])
        #expect(sink.counters.taken == 2)
        await transfers.shutdown()
        await sink.stop()
    }

    @Test("a server that accepts before it was sent the text has not got the mail", arguments: [true, false])
    func acceptedTooSoon(pipelining: Bool) async throws {
        let outcome = try await outcome([SinkRule(.data, .reply("354 go\r\n250 taken"))], pipelining: pipelining)
        #expect(outcome.outline == "interrupted at DATA")
        #expect(outcome.taken == 0)
        await transfers.shutdown()
    }

    @Test("a mail that a greylist puts off is accepted when it comes again")
    func greylist() async throws {
        let rule = SinkRule(.recipient, .replyFirst("451 4.7.1 come again"))
        let sink = try SMTPSink(script: SinkScript(rules: [rule]))
        #expect(await transfers.mail(Mails.mail(Mails.server(sink))).outline == "refused 451 at RCPT")
        #expect(await transfers.mail(Mails.mail(Mails.server(sink))).outline == "accepted")
        await transfers.shutdown()
        await sink.stop()
    }

    @Test("many mails at once all arrive, each once")
    func many() async throws {
        let sink = try SMTPSink()
        let server = Mails.server(sink)
        await withTaskGroup { group in
            for worker in 1...16 {
                group.addTask { [transfers] in
                    for number in 1...50 {
                        let mail = Mails.mail(server, to: "p\(worker).\(number)@example.net")
                        #expect(await transfers.mail(mail).outline == "accepted")
                    }
                }
            }
        }
        #expect(Set(sink.mails.flatMap(\.recipients)).count == 800)
        #expect(sink.counters.taken == 800)
        #expect(sink.counters.connections <= 16)
        await transfers.shutdown()
        await sink.stop()
    }

    @Test("a mail larger than the socket's buffers arrives whole")
    func large() async throws {
        let sink = try SMTPSink()
        let content = MailContent(headers: [], text: String(repeating: "0123456789 abcdef\n.\n", count: 200_000))
        let result = await transfers.mail(Mails.mail(Mails.server(sink), content: content))
        #expect(result.outline == "accepted")
        #expect(sink.mails.first?.data == (try content.rendered()))
        await transfers.shutdown()
        await sink.stop()
    }
}
