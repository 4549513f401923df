import JSON
import SMTPSink
import SQLite
import Synchronization
import Testing

@Suite("When another program holds the lock of the database", .timeLimit(.minutes(12)))
struct ForeignLockTests {
    /// Answers by their status.
    private final class Answers: Sendable {
        private let counts = Mutex<[Int: Int]>([:])

        var all: [Int: Int] { counts.withLock { $0 } }

        func add(_ status: Int) { counts.withLock { $0[status, default: 0] += 1 } }
    }

    /// The test is the other program; SQLite's locks are those of processes.
    @Test("for ten seconds, senders are told when to come again, nothing is lost or sent twice, and all goes on")
    func tenSeconds() async throws {
        let sink = try SMTPSink(script: SinkScript(rules: [SinkRule(.endOfData, .delay(.seconds(8)), when: .mail(1))]))
        // What is under way when the lock is taken has its outcome in time, and cannot say so for ten seconds.
        try await Installation.make(.mail(port: sink.port, timeout: 120)) { post in
            let up = try await post.up()
            let before = try await post.signUp("before@example.com")
            _ = try await sink.mails(count: 1, within: patience)
            let other = try Connection(path: post.database, access: .readWrite)
            try other.execute("BEGIN IMMEDIATE")
            let answers = Answers()
            let end = ContinuousClock.now + .seconds(10)
            try await withThrowingTaskGroup { group in
                for sender in 1...32 {
                    group.addTask {
                        while ContinuousClock.now < end {
                            let event = Installation.event("e\(sender)", to: "p\(sender)@example.com")
                            let answer = try await post.submit(event)
                            answers.add(answer.status)
                            #expect(answer.problem == "unavailable")
                            #expect(answer.header("Retry-After") == "1")
                        }
                    }
                }
                try await eventually("a server that says it is not available") {
                    try await post.call("GET", "/readyz").status == 503
                }
                // Whoever only reads is not disturbed.
                #expect(try await post.call("GET", "/healthz").status == 200)
                #expect(try await post.state(before) == "sending")
                try await group.waitForAll()
            }
            #expect(answers.all.keys.sorted() == [503])
            #expect(up.complaints.contains("database is locked"))
            try other.execute("COMMIT")
            try await eventually("a server that is ready again") { try await post.call("GET", "/readyz").status == 200 }
            var all = [before]
            for sender in 1...32 {
                // The ids of refused events are free.
                let event = Installation.event("e\(sender)", to: "p\(sender)@example.com")
                all.append(try Accepted(await post.submit(event)))
            }
            try await post.rest(of: "email")
            for one in all { #expect(try await post.state(one) == "accepted") }
            #expect(try await post.attempts(before).count == 1)
            #expect(sink.counters.taken == 33)
        }
    }
}
