import JSON
import Testing

@Suite("The check of the ledger against the gateway", .timeLimit(.minutes(12)))
struct LedgerCheckTests {
    @Test("finds a message that nothing is committed for, a second one of one commitment, and an edited line")
    func finds() async throws {
        try await Installation.texting { post, peer in
            _ = try await post.server()
            _ = try await post.textWorker()
            let one = try await post.text(to: phone(1))
            try await post.reached("accepted", one)
            let request = try #require(peer.taken.first)
            let ledger = try #require(try await post.call("GET", "/v1/ledger").body.string)
            func faults(_ ledger: String, _ taken: [SMSGatewayPeer.Request]) -> Int {
                var check = LedgerCheck(ledger: ledger)
                check.compare(with: taken, deliveries: [phone(1): one.delivery])
                return check.faults.count
            }
            #expect(faults(ledger, [request]) == 0)
            var other = request
            other.fields["ref"] = "another"
            #expect(faults(ledger, [request, other]) == 1)
            #expect(faults("", [request]) == 1)
            #expect(faults(ledger.replacing("0.0109", with: "0.0110"), [request]) > 0)
        }
    }
}
