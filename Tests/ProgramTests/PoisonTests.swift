import JSON
import SMTPSink
import Synchronization
import Testing

@Suite("A message that every worker dies of before it begins", .timeLimit(.minutes(12)))
struct PoisonTests {
    /// Knows which claims hold the message, and when a worker is about to begin it.
    private final class Trap: Sendable {
        private struct Sight {
            var tokens: Set<String> = []
            /// How many came with it in each claim.
            var claims: [Int] = []
            var begins = 0
        }

        private let delivery: String
        private let sight = Mutex(Sight())

        init(_ delivery: String) {
            self.delivery = delivery
        }

        var claims: [Int] { sight.withLock { $0.claims } }
        var begins: Int { sight.withLock { $0.begins } }

        func saw(_ call: HTTPMessage, _ answer: HTTPMessage) {
            guard call.line.contains("/claim "),
                let claims = try? JSONValue(parsing: answer.body)["claims"]?.array,
                let own = claims.first(where: { $0["delivery"] == .string(delivery) })?["token"]?.string
            else { return }
            sight.withLock { sight in
                sight.tokens.insert(own)
                sight.claims.append(claims.count)
            }
        }

        /// Whether a call begins the message.
        func isBegin(_ call: HTTPMessage) -> Bool {
            guard call.line.contains("/begin ") else { return false }
            let text = String(decoding: call.body, as: UTF8.self)
            return sight.withLock { sight in
                guard sight.tokens.contains(where: text.contains) else { return false }
                sight.begins += 1
                return true
            }
        }
    }

    @Test("is claimed alone the third time, ends as crashed, and every other message goes out once")
    func isBuried() async throws {
        let sink = try SMTPSink()
        try await Installation.make(.mail(port: sink.port, connections: 4)) { post in
            _ = try await post.server()
            let fatal = try await post.signUp("fatal@example.com")
            let others = try await post.signUps(12)
            let trap = Trap(fatal.delivery)
            let relay = try ServerRelay(
                post.path("run/r.sock"),
                to: post.path("run/gatepost.sock"),
                swallows: { trap.isBegin($0) },
                passed: { trap.saw($0, $1) }
            )
            defer { relay.stop() }
            for round in 1...3 {
                let worker = try await post.start(
                    "gatepost-email-worker",
                    variables: ["GATEPOST_SERVER_SOCKET=run/r.sock"]
                )
                try await eventually("a worker that is about to begin it, round \(round)") { trap.begins == round }
                worker.kill()
                await worker.exitCode()
            }
            _ = try await post.worker()
            for one in others { try await post.reached("accepted", one) }
            try await post.reached("dead", fatal)
            #expect(try await post.delivery(fatal.delivery)["reason"] == "crashed")
            #expect(try await post.attempts(fatal).isEmpty)
            #expect(trap.claims.count == 3)
            #expect(trap.claims.last == 1)
            let mails = sink.mails.map { ReceivedMail($0).header("To") ?? "" }
            #expect(mails.count == 12)
            #expect(!mails.contains { $0.contains("fatal") })
        }
    }
}
