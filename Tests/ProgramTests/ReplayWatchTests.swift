import JSON
import Link
import Testing

@testable import gatepost

@Suite("Following a replay", .timeLimit(.minutes(12)))
struct ReplayWatchTests {
    private let begun: JSONValue = ["replay": "rp_1", "state": "running", "deliveries": 0]
    private let short = Perseverance(limit: .milliseconds(20), pause: .milliseconds(1))

    @Test("ends, where the server stays away, with how to see the replay and how to stop it")
    func givesUp() async throws {
        let watch = ReplayWatch(perseverance: short) { (_, _) async throws(LinkFailure) in
            throw LinkFailure(mayHaveRun: false, reason: "Nothing was sent: there is nobody.")
        }
        let failure = try #require(await #expect(throws: CommandFailure.self) { try await watch.end(of: begun) })
        #expect(failure.exitCode == 69)
        #expect(failure.reason.contains("The replay rp_1 was accepted and goes on by itself"))
        #expect(failure.reason.contains("`gatepost show rp_1`"))
        #expect(failure.reason.contains("`gatepost replay --stop rp_1`"))
        #expect(!failure.reason.contains("Nothing was sent"))
    }

    @Test("ends at once where the server has no such replay any more")
    func isGone() async throws {
        let watch = ReplayWatch(perseverance: short) { (_, _) async throws(LinkFailure) in
            LinkAnswer(status: 404, body: ["detail": "Check the id."])
        }
        let failure = try #require(await #expect(throws: CommandFailure.self) { try await watch.end(of: begun) })
        #expect(failure.exitCode == 1 && failure.reason.contains("rp_1") && failure.reason.contains("Check the id."))
    }

    @Test("waits over a server that is away, and over one that starts")
    func waits() async throws {
        var turns = 0
        let answer = try await Perseverance(pause: .milliseconds(1)).answer { () async throws(LinkFailure) in
            turns += 1
            if turns == 1 { throw LinkFailure(mayHaveRun: true, reason: "The connection was lost.") }
            return LinkAnswer(status: turns == 2 ? 503 : 200, body: nil)
        }
        #expect(answer?.status == 200 && turns == 3)
        #expect(Perseverance.standard == .seconds(60))
    }
}
