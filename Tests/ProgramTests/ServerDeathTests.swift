import JSON
import SMTPSink
import Synchronization
import Testing

@Suite("When the server is killed", .timeLimit(.minutes(12)))
struct ServerDeathTests {
    @Test("every event that was answered 202 is there after the restart, and every one is delivered")
    func losesNothing() async throws {
        let sink = try SMTPSink()
        try await Installation.make(.mail(port: sink.port)) { post in
            _ = try await post.worker()
            var accepted: [Accepted] = []
            for round in 1...3 {
                let server = try await post.server()
                let before = accepted.count
                let harvest = Harvest()
                try await withThrowingTaskGroup { group in
                    for sender in 1...16 { group.addTask { await self.send(post, "r\(round)s\(sender)", harvest) } }
                    try await eventually("150 events accepted, there are \(harvest.accepted.count)") {
                        harvest.accepted.count >= 150
                    }
                    harvest.end()
                    server.kill()
                    await server.exitCode()
                    try await group.waitForAll()
                }
                accepted += harvest.accepted
                #expect(accepted.count >= before + 150)
            }
            _ = try await post.server()
            try await post.rest(of: "email")
            var mails: [String: Int] = [:]
            for mail in sink.mails { mails[ReceivedMail(mail).messageID, default: 0] += 1 }
            for one in accepted {
                let delivery = try await post.delivery(one.delivery)
                #expect(delivery["state"] == "accepted")
                let attempts = delivery["attempts"]?.array ?? []
                #expect(attempts.filter { $0["result"] == "accepted" }.count == 1)
                // A mail that arrived twice stands in the record as an attempt that nobody knew of.
                let handedOver = attempts.filter { $0["result"] != "released" }.count
                #expect((1...handedOver).contains(mails[one.delivery] ?? 0))
            }
        }
    }

    @Test(
        "an event whose answer was lost is accepted or told to be a duplicate when it is sent again, and delivered once"
    )
    func repeats() async throws {
        let sink = try SMTPSink()
        try await Installation.make(.mail(port: sink.port)) { post in
            let server = try await post.server()
            let first = try await post.signUp("one@example.com", event: "one")
            server.kill()
            await server.exitCode()
            _ = try await post.server()
            let again = try await post.submit(Installation.event("one", to: "one@example.com"))
            #expect(again.status == 200)
            #expect(again.body["status"] == "duplicate")
            #expect(again.body["challenge"]?["id"] == .string(first.challenge))
            _ = try await post.worker()
            try await post.reached("accepted", first)
            #expect(sink.counters.taken == 1)
        }
    }

    /// Sends events one after the other until the server is killed.
    private func send(_ post: Installation, _ name: String, _ harvest: Harvest) async {
        var number = 0
        while !harvest.isOver {
            // What is not answered does not count: the connection was of the server before, or this one was killed.
            if let one = try? await post.signUp("\(name)n\(number)@example.com") { harvest.add(one) }
            number += 1
        }
    }
}

/// What was answered 202.
private final class Harvest: Sendable {
    private let list = Mutex<(accepted: [Accepted], isOver: Bool)>(([], false))

    var accepted: [Accepted] { list.withLock { $0.accepted } }
    var isOver: Bool { list.withLock { $0.isOver } }

    func add(_ one: Accepted) { list.withLock { $0.accepted.append(one) } }
    func end() { list.withLock { $0.isOver = true } }
}

extension ReceivedMail {
    /// The name of the delivery, which the Message-ID begins with.
    fileprivate var messageID: String { String((header("Message-ID") ?? "").dropFirst().prefix { $0 != "@" }) }
}
