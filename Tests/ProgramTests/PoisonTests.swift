import JSON
import SMTPSink
import Synchronization
import Testing

@Suite("A message that every worker dies of before it begins", .timeLimit(.minutes(12)))
struct PoisonTests {
    /// Knows which claims hold the message, and lets a worker begin nothing once it was about to begin that.
    private final class Trap: Sendable {
        private struct Sight {
            var tokens: Set<String> = []
            /// How many came with it in each claim.
            var claims: [Int] = []
            var begins = 0
            var isSprung = false
            /// Calls that begin other messages, and are not answered yet.
            var underway = 0
        }

        private let delivery: String
        private let sight = Mutex(Sight())

        init(_ delivery: String) {
            self.delivery = delivery
        }

        var claims: [Int] { sight.withLock { $0.claims } }

        /// Whether it has sprung so often, and nothing is on its way to be begun.
        func isStill(after begins: Int) -> Bool {
            sight.withLock { $0.begins == begins && $0.underway == 0 }
        }

        /// For a worker that has begun nothing yet.
        func rearm() { sight.withLock { ($0.isSprung, $0.underway) = (false, 0) } }

        func saw(_ call: HTTPMessage, _ answer: HTTPMessage) {
            if Trap.begins(call) { sight.withLock { $0.underway -= 1 } }
            guard call.line.contains("/claim "),
                let claims = try? JSONValue(parsing: answer.body)["claims"]?.array,
                let own = claims.first(where: { $0["delivery"] == .string(delivery) })?["token"]?.string
            else { return }
            sight.withLock { sight in
                sight.tokens.insert(own)
                sight.claims.append(claims.count)
            }
        }

        /// Whether a call begins the message, or comes after that one.
        func swallows(_ call: HTTPMessage) -> Bool {
            guard Trap.begins(call) else { return false }
            let text = String(decoding: call.body, as: UTF8.self)
            return sight.withLock { sight in
                if !sight.isSprung, sight.tokens.contains(where: text.contains) {
                    sight.isSprung = true
                    sight.begins += 1
                }
                if !sight.isSprung { sight.underway += 1 }
                return sight.isSprung
            }
        }

        private static func begins(_ call: HTTPMessage) -> Bool { call.line.contains("/begin ") }
    }

    @Test("is claimed alone the third time, ends as crashed, and every other message goes out once")
    func isBuried() async throws {
        let sink = try SMTPSink()
        // A connection for each: the outcome of none of them is in a call that begins another.
        try await Installation.make(.mail(port: sink.port, connections: 16)) { post in
            _ = try await post.server()
            let fatal = try await post.signUp("fatal@example.com")
            let others = try await post.signUps(12)
            let trap = Trap(fatal.delivery)
            let relay = try ServerRelay(
                post.path("run/r.sock"),
                to: post.path("run/gatepost.sock"),
                swallows: { trap.swallows($0) },
                passed: { trap.saw($0, $1) }
            )
            defer { relay.stop() }
            for round in 1...3 {
                trap.rearm()
                let worker = try await post.start(
                    "gatepost-email-worker",
                    variables: ["GATEPOST_SERVER_SOCKET=run/r.sock"]
                )
                try await eventually("a worker that is about to begin it, round \(round)") {
                    trap.isStill(after: round)
                }
                // What it has handed over would go out again, if it could not tell.
                try await post.reached("sending", count: 0)
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
