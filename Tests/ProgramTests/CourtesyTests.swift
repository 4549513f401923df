import JSON
import Testing

@Suite("Carriers of other gateways", .timeLimit(.minutes(12)))
struct CourtesyTests {
    @Test("hear from the server that a worker has few messages in hand")
    func hear() async throws {
        try await Installation.texting { post, peer in
            _ = try await post.server()
            func othersHaveFew() async throws -> Bool? {
                try await post.claim("mail", wait: 0).body["others_have_few"]?.bool
            }
            let before = try await othersHaveFew()
            #expect(before == nil)
            _ = try await post.textWorker()
            for number in 1...2 {
                _ = try await post.submit(Installation.text(to: "+1201555012\(number)"))
                _ = try await peer.request(number)
            }
            // It says so with the claim after a message.
            try await eventually("word of the text worker") { try await othersHaveFew() == true ? () : nil }
        }
    }
}
