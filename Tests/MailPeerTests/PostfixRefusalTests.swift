import Carrier
import Deliveries
import EmailGateways
import TestSupport
import Testing
import Transfer

@Suite(
    "A Postfix that does not take a mail",
    .serialized,
    .enabled(if: Postfix.canRun, Postfix.requirement),
    .timeLimit(.minutes(12))
)
struct PostfixRefusalTests {
    private let transfers = Transfers()

    private func handOver(_ claim: Claim, to server: MailServer) async -> HandOver {
        await SMTPGateway(server, transfers: transfers, time: ManualTime()).handOver(claim)
    }

    @Test("because it knows no such recipient refuses it with 550 5.1.1, and takes the next")
    func unknownRecipient() async throws {
        try await Postfix.run { postfix in
            let refused = await handOver(.letter(to: "nobody@example.test"), to: postfix.server)
            #expect(refused.outcome == .refused)
            #expect(refused.code == "550")
            #expect(refused.detail?.hasPrefix("RCPT: 5.1.1 <nobody@example.test>: ") == true)
            #expect(await handOver(.letter(number: 2), to: postfix.server).outcome == .accepted)
            let mail = try await DeliveredMail(path: postfix.mails()[0])
            #expect(mail.header("Message-ID") == ["<letter.2@example.com>"])
            // The half-open transaction has been cleared away on the connection that stayed.
            await transfers.shutdown()
            _ = try await postfix.line(with: " rset=1 ")
        }
    }

    @Test("tells the enhanced status apart from the text")
    func enhancedStatus() async throws {
        try await Postfix.run { postfix in
            let content = MailContent(headers: [MailHeader("Subject", .text("x"))], text: "x")
            let mail = MailTransfer(server: postfix.server, from: "", to: "nobody@example.test", content: content)
            guard case .refused(let reply, at: .recipient) = await transfers.mail(mail) else {
                Issue.record("not refused at RCPT")
                return
            }
            #expect(reply.code == 550)
            #expect(reply.isPermanent)
            #expect(reply.enhanced?.description == "5.1.1")
        }
        await transfers.shutdown()
    }

    @Test("because of its greylist has it sent again later, with 450 4.2.0")
    func greylist() async throws {
        try await Postfix.run { postfix in
            let handOver = await handOver(.letter(to: PostfixSettings.greylisted), to: postfix.server)
            #expect(handOver.outcome == .retry)
            #expect(handOver.code == "450")
            #expect(handOver.detail?.hasPrefix("RCPT: 4.2.0 ") == true)
            #expect(handOver.detail?.hasSuffix("Greylisted, come back later") == true)
        }
        await transfers.shutdown()
    }

    @Test(
        "because of its size refuses it with 552 5.3.4, at once where it announced the limit and in the end where not",
        arguments: [true, false]
    )
    func size(isAnnounced: Bool) async throws {
        try await Postfix.run(PostfixSettings(sizeLimit: 20_000, announcesSize: isAnnounced)) { postfix in
            let large = Claim.letter(text: String(repeating: "0123456789 abcdef\n", count: 20_000))
            let refused = await handOver(large, to: postfix.server)
            #expect(refused.outcome == .refused)
            #expect(refused.code == "552")
            let step = isAnnounced ? "MAIL" : "end of data"
            #expect(refused.detail?.hasPrefix("\(step): 5.3.4 ") == true, "\(refused.detail ?? "no detail")")
            #expect(await handOver(.letter(), to: postfix.server).outcome == .accepted)
        }
        await transfers.shutdown()
    }

    @Test("because it has been stopped is unreachable, though it was spoken to before")
    func stopped() async throws {
        try await Postfix.run { postfix in
            #expect(await handOver(.letter(), to: postfix.server).outcome == .accepted)
            await postfix.stop()
            let handOver = await handOver(.letter(number: 2), to: postfix.server)
            #expect(handOver.outcome == .retry)
            #expect(handOver.code == Outcome.unreachableCode)
        }
        await transfers.shutdown()
    }

    @Test("on a connection that it has closed for its silence takes it on another")
    func closedForSilence() async throws {
        try await Postfix.run(PostfixSettings(timeout: .seconds(5))) { postfix in
            #expect(await handOver(.letter(), to: postfix.server).outcome == .accepted)
            _ = try await postfix.line(with: "timeout after ")
            _ = try await postfix.line(with: "disconnect from ")
            #expect(await handOver(.letter(number: 2), to: postfix.server).outcome == .accepted)
            #expect(postfix.connections == 2)
            #expect(try await postfix.mails(2).count == 2)
        }
        await transfers.shutdown()
    }

    @Test(
        "whose certificate is not to be trusted is told nothing of it",
        arguments: [("IP:127.0.0.1", false), ("DNS:other.example.test", true), ("IP:127.0.0.2", true)]
    )
    func untrusted(subject: String, isKnown: Bool) async throws {
        try await Postfix.run(subject: subject) { postfix in
            var server = postfix.server
            if !isKnown { server.caFile = nil }
            for mode in [MailServer.TLS.required, .opportunistic] {
                server.tls = mode
                let handOver = await handOver(.letter(), to: server)
                #expect(handOver.outcome == .retry)
                #expect(handOver.code == Outcome.unreachableCode)
                #expect(handOver.detail?.hasPrefix("STARTTLS: ") == true)
            }
            try await expectNoMail(postfix, connections: 2)
        }
        await transfers.shutdown()
    }

    @Test("and does not offer TLS where it is required is told nothing of it")
    func notOffered() async throws {
        try await Postfix.run(PostfixSettings(tls: "none")) { postfix in
            let handOver = await handOver(.letter(), to: postfix.server)
            #expect(handOver.outcome == .retry)
            #expect(handOver.code == Outcome.unreachableCode)
            #expect(handOver.detail?.hasPrefix("STARTTLS: ") == true)
            try await expectNoMail(postfix, connections: 1)
        }
        await transfers.shutdown()
    }

    /// Waits for the ends of so many connections, and checks what Postfix counted there.
    private func expectNoMail(_ postfix: Postfix, connections: Int) async throws {
        let ends = try await eventually("\(connections) connections ended in \(postfix.log)") {
            let ends = postfix.log.filter { $0.contains("]: disconnect from ") }
            return ends.count >= connections ? ends : nil
        }
        #expect(ends.allSatisfy { $0.contains(" ehlo=") && !$0.contains(" mail=") && !$0.contains(" rcpt=") })
        #expect(!postfix.log.contains { $0.contains("example.com") })
    }
}
