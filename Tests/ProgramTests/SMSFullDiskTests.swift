import JSON
import TestSupport
import Testing

@Suite(
    "Text messages on a full disk",
    .enabled(if: SmallDisk.isPermitted, "mounting a small file system takes root"),
    .timeLimit(.minutes(12))
)
struct SMSFullDiskTests {
    @Test("are handed over only with a commitment that lasts, and go on with a whole ledger when there is room")
    func committed() async throws {
        let disk = try SmallDisk()
        var settings = TextSettings()
        settings.database = disk.path + "/gatepost.db"
        settings.budgets = [("month", "500.00")]
        let react: SMSGatewayPeer.Script = { _ in .take(delay: .milliseconds(5)) }
        try await Installation.texting(settings, react: react) { post, peer in
            let server = try await post.server()
            _ = try await post.textWorker()
            var numbers: [String: String] = [:]
            func emit(_ number: Int) async throws -> Installation.Answer {
                let answer = try await post.submit(Installation.text(to: phone(number)))
                if answer.status == 202 { numbers[phone(number)] = try Accepted(answer).delivery }
                return answer
            }
            for number in 1...20 { #expect(try await emit(number).status == 202) }
            try disk.fill()
            var refused: Installation.Answer?
            for number in 21...10_000 where refused == nil {
                let answer = try await emit(number)
                if answer.status != 202 { refused = answer }
            }
            let answer = try #require(refused)
            #expect(answer.status == 503)
            #expect(answer.problem == "unavailable")
            // The worker goes on asking meanwhile, and is told no.
            for number in 20_000..<20_050 { _ = try await emit(number) }
            #expect(try await post.call("POST", "/v1/ledger/verify").body["verified"] == true)

            try disk.free()
            try await eventually("a text message accepted again") { try await emit(10_001).status == 202 }
            #expect(try await post.checkedLedger(peer, deliveries: numbers).faults == [])

            // What was committed lasts: it is there for a server that comes after.
            server.kill()
            await server.exitCode()
            _ = try await post.server()
            #expect(try await post.checkedLedger(peer, deliveries: numbers).faults == [])
            try await post.rest(of: "sms")
            let last = try await post.settledLedger(peer, deliveries: numbers)
            #expect(last.faults == [])
            #expect(last.stories.count == numbers.count)
            #expect(Set(peer.taken.map(\.to)).count == peer.taken.count)
            #expect(peer.taken(phone(10_001)).count == 1)
        }
    }
}
