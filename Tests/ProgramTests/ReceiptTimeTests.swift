import JSON
import Testing

@Suite("A receipt that comes while nobody else has spoken", .timeLimit(.minutes(12)))
struct ReceiptTimeTests {
    @Test("decides what is unknown, and nothing is sent again")
    func unknown() async throws {
        let react: SMSGatewayPeer.Script = { _ in .takeAndClose }
        try await Installation.texting(SignedReceipt.described, react: react) { post, peer in
            let server = try await post.server()
            _ = try await post.textWorker()
            let one = try await post.text(to: phone(1))
            let address = try #require(try await peer.request(1).fields["callback"])
            try await post.reached("unknown", one)
            let url = try await post.url(of: server)
            let sent = SignedReceipt.described(["sid": "SM-x", "status": "sent"])
            #expect(try await post.bring(sent, to: address, at: url).status == 204)
            #expect(try await post.state(one) == "accepted")
            let delivered = SignedReceipt.described(["sid": "SM-x", "status": "delivered"])
            #expect(try await post.bring(delivered, to: address, at: url).status == 204)
            #expect(try await post.state(one) == "delivered")
            let check = try await post.settledLedger(peer, deliveries: [phone(1): one.delivery])
            #expect(check.faults == [])
            #expect(check.stories[one.delivery] == ["reserved", "committed 1"])
            #expect(peer.taken.count == 1)
        }
    }

    @Test("may come before the gateway's own answer, which then adds its name for the message")
    func early() async throws {
        let latch = Latch()
        var settings = SignedReceipt.described
        settings.timeout = 20
        let react: SMSGatewayPeer.Script = { _ in .take(after: latch) }
        try await Installation.texting(settings, react: react) { post, peer in
            defer { latch.open() }
            let server = try await post.server()
            _ = try await post.textWorker()
            let one = try await post.text(to: phone(1))
            let request = try await peer.request(1)
            let address = try #require(request.fields["callback"])
            #expect(try await post.state(one) == "sending")
            let receipt = SignedReceipt.described(["sid": .string(request.sid), "status": "delivered"])
            let url = try await post.url(of: server)
            #expect(try await post.bring(receipt, to: address, at: url).status == 204)
            #expect(try await post.state(one) == "delivered")
            latch.open()
            try await eventually("the gateway's name for the message") {
                try await post.attempts(one).first?["gateway_reference"] == .string(request.sid)
            }
            #expect(try await post.state(one) == "delivered")
            #expect(try await post.attempts(one).map { $0["result"] } == ["accepted"])
        }
    }
}
