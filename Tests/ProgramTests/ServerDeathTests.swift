import Foundation
import JSON
import SMTPSink
import SQLite
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
                let gathering = Gathering()
                try await withThrowingTaskGroup { group in
                    for sender in 1...16 { group.addTask { await gathering.gather(from: post, "r\(round)s\(sender)") } }
                    try await eventually("150 events accepted, there are \(gathering.accepted.count)") {
                        gathering.accepted.count >= 150
                    }
                    gathering.end()
                    server.kill()
                    await server.exitCode()
                    try await group.waitForAll()
                }
                try post.checkWhatWasLeft(by: round)
                accepted += gathering.accepted
                #expect(accepted.count >= before + 150)
            }
            let last = try await post.server()
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
            await post.end(last)
            #expect(try post.count("SELECT count(*) FROM event", in: post.database) >= accepted.count)
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

    @Test(
        "sixteen senders of the same event, before and after, get one id, and one mail goes out",
        arguments: [0, 1, 16]
    )
    func sameEvent(answersBefore: Int) async throws {
        let sink = try SMTPSink()
        try await Installation.make(.mail(port: sink.port)) { post in
            let server = try await post.server()
            let answers = Gathering()
            let (before, after) = (Latch(), Latch())
            try await withThrowingTaskGroup { group in
                for _ in 1...16 {
                    group.addTask {
                        before.open()
                        // Until each has an answer of the server that comes next.
                        var isLast = false
                        while !isLast {
                            isLast = after.isOpen
                            guard
                                let answer = try? await post.submit(Installation.event("same", to: "one@example.com")),
                                let id = answer.body["deliveries"]?.array?.first?["id"]?.string,
                                let challenge = answer.body["challenge"]?["id"]?.string
                            else {
                                isLast = false
                                continue
                            }
                            #expect([200, 202].contains(answer.status))
                            answers.add(Accepted(delivery: id, challenge: challenge))
                        }
                    }
                }
                try await eventually("so many answers") { before.isOpen && answers.accepted.count >= answersBefore }
                server.kill()
                await server.exitCode()
                _ = try await post.server()
                after.open()
                try await group.waitForAll()
            }
            #expect(answers.accepted.count >= 16)
            #expect(Set(answers.accepted.map(\.delivery)).count == 1)
            #expect(Set(answers.accepted.map(\.challenge)).count == 1)
            #expect(try await post.count("ready") == 1)
            _ = try await post.worker()
            try await post.rest(of: "email")
            #expect(sink.counters.taken == 1)
        }
    }
}

extension Installation {
    /// Has SQLite check all of the database that a killed server left, its log included.
    ///
    /// In a copy: who opens the log reads it into an index, which is for the next server to do.
    fileprivate func checkWhatWasLeft(by round: Int) throws {
        let copy = path("left-\(round).db")
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: database + suffix, toPath: copy + suffix)
        }
        #expect(try count("SELECT count(*) FROM event", in: copy) > 0)
    }
}

extension ReceivedMail {
    /// The name of the delivery, which the Message-ID begins with.
    fileprivate var messageID: String { String((header("Message-ID") ?? "").dropFirst().prefix { $0 != "@" }) }
}
