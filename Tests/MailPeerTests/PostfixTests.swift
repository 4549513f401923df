import Carrier
import Clocks
import Deliveries
import EmailGateways
import TestSupport
import Testing
import Transfer

@Suite(
    "Mails to a Postfix",
    .serialized,
    .enabled(if: Postfix.canRun, Postfix.requirement),
    .timeLimit(.minutes(12))
)
struct PostfixTests {
    private let transfers = Transfers()
    private let time = ManualTime()

    private func gateway(_ server: MailServer) -> SMTPGateway {
        SMTPGateway(server, transfers: transfers, time: time)
    }

    @Test("arrive over STARTTLS as they were written")
    func arrive() async throws {
        try await Postfix.run { postfix in
            let handOver = await gateway(postfix.server).handOver(.letter())
            #expect(handOver.outcome == .accepted)
            #expect(handOver.code == "250")
            // The reference finds the mail in Postfix's log.
            let reference = try #require(handOver.gatewayReference)
            #expect(reference.hasPrefix("2.0.0 Ok: queued as "))
            let queueID = reference.split(separator: " ").last ?? ""
            #expect(try await postfix.line(with: "status=sent").contains(" \(queueID): to=<person@example.test>"))

            let mail = try await DeliveredMail(path: postfix.mails()[0])
            #expect(mail.header("Received").first?.contains("with ESMTPS id \(queueID)") == true)
            #expect(mail.header("Return-Path") == ["<post@example.com>"])
            #expect(mail.from == [DeliveredMail.Address(name: LetterContent.senderName, address: LetterContent.sender)])
            #expect(mail.to == [DeliveredMail.Address(name: "", address: "person@example.test")])
            #expect(mail.header("Subject") == [LetterContent.subject])
            #expect(mail.header("Message-ID") == ["<letter.1@example.com>"])
            #expect(mail.header("Date") == ["Fri, 21 Nov 2025 10:00:00 +0000"])
            #expect(mail.header("Auto-Submitted") == ["auto-generated"])
            #expect(mail.structure == ["multipart/alternative", "text/plain", "text/html"])
            #expect(mail.text == LetterContent.text)
            #expect(mail.html == LetterContent.html)
            #expect(mail.defects == [])
            #expect(mail.ascii)
        }
        await transfers.shutdown()
    }

    @Test("are not sent by a probe, which stands with TLS, and cannot be asked for")
    func probe() async throws {
        try await Postfix.run { postfix in
            #expect(await gateway(postfix.server).probe(timeout: .seconds(10)) == HandOver(.accepted))
            var stranger = postfix.server
            stranger.caFile = nil
            let answer = await gateway(stranger).probe(timeout: .seconds(10))
            #expect((answer.outcome, answer.code) == (.refused, "tls"))
            // The next mail goes on a connection of its own.
            #expect(await gateway(postfix.server).handOver(.letter()).outcome == .accepted)
            let mails = try await postfix.mails()
            #expect(mails.count == 1)
        }
        let question = Question(
            token: "q",
            delivery: "dl_1",
            attempt: "at_1",
            gateway: "mail",
            leasedUntil: time.boot() + .seconds(35),
            timeout: .seconds(30),
            gatewayReference: "2.0.0 Ok: queued as 4F",
            to: "person@example.test"
        )
        let unasked = gateway(MailServer(url: "smtp://127.0.0.1:1", heloName: "client.example"))
        #expect(await unasked.ask(question) == HandOver(.unknown, code: "cannot_be_asked"))
        await transfers.shutdown()
    }

    @Test("of two attempts have one Message-ID and one text")
    func twoAttempts() async throws {
        try await Postfix.run { postfix in
            let claim = Claim.letter()
            #expect(await gateway(postfix.server).handOver(claim).outcome == .accepted)
            time.pass(.seconds(90))
            #expect(await gateway(postfix.server).handOver(claim).outcome == .accepted)
            let paths = try await postfix.mails(2)
            let (one, other) = (try await DeliveredMail(path: paths[0]), try await DeliveredMail(path: paths[1]))
            #expect(one.header("Message-ID") == ["<letter.1@example.com>"])
            #expect(other.header("Message-ID") == one.header("Message-ID"))
            #expect(other.text == one.text)
            #expect(other.html == one.html)
        }
        await transfers.shutdown()
    }

    @Test(
        "go by TLS wherever it is offered",
        arguments: ["encrypt", "may"],
        [MailServer.TLS.required, .opportunistic]
    )
    func offered(there: String, here: MailServer.TLS) async throws {
        try await Postfix.run(PostfixSettings(tls: there)) { postfix in
            var server = postfix.server
            server.tls = here
            #expect(await gateway(server).handOver(.letter()).outcome == .accepted)
            let mail = try await DeliveredMail(path: postfix.mails()[0])
            #expect(mail.header("Received").first?.contains("with ESMTPS ") == true)
        }
        await transfers.shutdown()
    }

    @Test("go in plain text only where TLS is not asked for", arguments: ["none", "may"])
    func plain(there: String) async throws {
        try await Postfix.run(PostfixSettings(tls: there)) { postfix in
            var server = postfix.server
            server.tls = there == "none" ? .opportunistic : .none
            #expect(await gateway(server).handOver(.letter()).outcome == .accepted)
            let mail = try await DeliveredMail(path: postfix.mails()[0])
            #expect(mail.header("Received").first?.contains("with ESMTP ") == true)
            #expect(mail.text == LetterContent.text)
        }
        await transfers.shutdown()
    }

    @Test("arrive once each, four at a time over at most four connections")
    func many() async throws {
        try await Postfix.run { postfix in
            let gateway = gateway(postfix.server)
            let accepted = await withTaskGroup { group in
                for lane in 0..<4 {
                    group.addTask {
                        var count = 0
                        for number in lane * 20..<lane * 20 + 20 {
                            let outcome = await gateway.handOver(.letter(number: number)).outcome
                            count += outcome == .accepted ? 1 : 0
                        }
                        return count
                    }
                }
                return await group.reduce(0, +)
            }
            #expect(accepted == 80)
            _ = try await postfix.mails(80)
            #expect(postfix.connections <= 4)
            let names = postfix.log.compactMap {
                $0.split(separator: " message-id=").dropFirst().first.map(String.init)
            }
            #expect(names.count == 80)
            #expect(Set(names) == Set((0..<80).map { "<letter.\($0)@example.com>" }))
        }
        await transfers.shutdown()
    }

    @Test("reach a mailbox with an umlaut, by SMTPUTF8")
    func umlaut() async throws {
        try await Postfix.run { postfix in
            let claim = Claim.letter(to: "j\u{F6}rg@example.test")
            #expect(await gateway(postfix.server).handOver(claim).outcome == .accepted)
            let mail = try await DeliveredMail(path: postfix.mails(in: "j\u{F6}rg")[0])
            #expect(mail.header("Received").first?.contains("with UTF8SMTPS ") == true)
            #expect(mail.header("Delivered-To") == ["j\u{F6}rg@example.test"])
            #expect(mail.header("Subject") == [LetterContent.subject])
        }
        await transfers.shutdown()
    }
}
