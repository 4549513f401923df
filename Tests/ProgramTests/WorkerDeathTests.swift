import Clocks
import Glibc
import JSON
import SMTPSink
import Synchronization
import Testing

@Suite("When a worker dies", .timeLimit(.minutes(12)))
struct WorkerDeathTests {
    @Test("what it had claimed and not begun is ready again once its lease of five seconds is over, with no successor")
    func unbegunGoesBack() async throws {
        try await Installation.make(.mail(port: 9)) { post in
            _ = try await post.server()
            let one = try await post.signUp("one@example.com")
            let begun = ContinuousClock.now
            #expect(try await post.claim(instance: "first").count == 1)
            #expect(try await post.state(one) == "leased")
            try await post.reached("ready", one)
            let waited = ContinuousClock.now - begun
            #expect(waited > .seconds(4))
            // A second for the sweep, and the rest for a busy machine.
            #expect(waited < .seconds(60))
            #expect(try await post.attempts(one).isEmpty)
        }
    }

    @Test("or is stopped, what it had claimed and not begun is ready again once its lease is over")
    func stoppedGoesBack() async throws {
        let sink = try SMTPSink(script: SinkScript(rules: [SinkRule(.endOfData, .silence)]))
        // Accepted while no worker is there, so that it claims several at once; one connection begins one at a time.
        try await Installation.make(.mail(port: sink.port, connections: 1, timeout: 120)) { post in
            _ = try await post.server()
            _ = try await post.signUps(20)
            let worker = try await post.worker()
            _ = try await sink.mails(count: 1, within: patience)
            worker.send(SIGSTOP)
            let stopped = ContinuousClock.now
            #expect(try await post.count("sending") == 1)
            try await post.reached("leased", count: 0)
            // Five of its lease, one for the sweep, the rest for a busy machine.
            #expect(ContinuousClock.now - stopped < .seconds(60))
            #expect(try await post.count("ready") == 19)
            #expect(try await post.count("sending") == 1)
            worker.send(SIGCONT)
        }
    }

    @Test("its successor gets at once what it had claimed and not begun, and a carrier of another name does not")
    func successorGetsIt() async throws {
        try await Installation.make(.mail(port: 9)) { post in
            _ = try await post.server()
            _ = try await post.signUps(5)
            #expect(try await post.claim(instance: "first").count == 5)
            #expect(try await post.claim(as: "another", instance: "x", waitMilliseconds: 0).isEmpty)
            #expect(try await post.claim(instance: "first", waitMilliseconds: 0).isEmpty)
            #expect(try await post.claim(instance: "second", waitMilliseconds: 0).count == 5)
        }
    }

    @Test("a begin with a claim that has gone back is stale, and so is a release of it")
    func zombieIsStale() async throws {
        try await Installation.make(.mail(port: 9)) { post in
            _ = try await post.server()
            _ = try await post.signUp("one@example.com")
            let old = try #require(try await post.claim(instance: "first").first?["token"])
            let new = try #require(try await post.claim(instance: "second", waitMilliseconds: 0).first?["token"])
            let answer = try await post.call(
                "POST",
                "/v1/carriers/begin",
                ["items": [["token": old], ["token": new]]]
            )
            #expect(answer.body == ["results": ["stale", "go"]])
            let late = try await post.call(
                "POST",
                "/v1/carriers/settle",
                ["outcomes": [["token": old, "result": "accepted"]]]
            )
            #expect(late.body == ["results": ["stale"]])
            // An outcome may come with what is begun next.
            _ = try await post.signUp("two@example.com")
            let next = try #require(try await post.claim(instance: "second").first?["token"])
            let both = try await post.call(
                "POST",
                "/v1/carriers/begin",
                [
                    "items": [["token": next]],
                    "outcomes": [["token": new, "result": "accepted"], ["token": old, "result": "retry"]],
                ]
            )
            #expect(both.body == ["results": ["go"], "settled": ["applied", "stale"]])
        }
    }

    @Test(
        "after begin, at most one message of each connection is unknown, and it is sent again once the lease is over",
        arguments: [0, 4]
    )
    func begunIsSentAgain(before: Int) async throws {
        // Those before are taken; their outcomes go along with the begins of the next.
        let sink = try SMTPSink(
            script: SinkScript(
                rules: (1...2).map { SinkRule(.endOfData, .silence, when: .mail(before + $0)) }
            )
        )
        try await Installation.make(.mail(port: sink.port, connections: 2, timeout: 10)) { post in
            _ = try await post.server()
            let worker = try await post.worker()
            let all = try await post.signUps(10)
            _ = try await sink.mails(count: before + 2, within: patience)
            worker.kill()
            await worker.exitCode()
            #expect(try await post.count("sending") == 2)
            // The rest is done: what was claimed ahead waits for its lease.
            #expect(try await post.count("ready") + post.count("leased") == 8 - before)
            _ = try await post.worker()
            // The others do not wait for the two.
            try await post.reached("ready", count: 0)
            for one in all {
                try await post.reached("accepted", one)
                try await check(try await post.attempts(one), lease: .seconds(15))
            }
            let mails = try await sink.mails(count: 12, within: patience)
            #expect(Set(mails.compactMap { ReceivedMail($0).header("Message-ID") }).count == 10)
            #expect(sink.counters.taken == 12)
        }
    }

    /// From the first begin on that brings outcomes the server hears nothing of a worker.
    private final class Deafness: Sendable {
        private let began = Atomic(false)

        var hasBegun: Bool { began.load(ordering: .acquiring) }

        func swallows(_ call: HTTPMessage) -> Bool {
            if call.line.contains("/begin "), String(decoding: call.body, as: UTF8.self).contains("\"outcomes\"") {
                began.store(true, ordering: .releasing)
            }
            return hasBegun
        }
    }

    @Test("between two messages of a connection, the first of them alone is unknown, and is sent again")
    func diesBetweenTwo() async throws {
        let sink = try SMTPSink()
        try await Installation.make(.mail(port: sink.port, connections: 2, timeout: 1)) { post in
            _ = try await post.server()
            let all = try await post.signUps(50)
            let deafness = Deafness()
            let relay = try ServerRelay(
                post.path("run/r.sock"),
                to: post.path("run/gatepost.sock"),
                swallows: { deafness.swallows($0) }
            )
            defer { relay.stop() }
            let worker = try await post.start(
                "gatepost-email-worker",
                variables: ["GATEPOST_SERVER_SOCKET=run/r.sock"]
            )
            try await eventually("a begin that brings an outcome") { deafness.hasBegun }
            worker.kill()
            await worker.exitCode()
            let unknown = try await post.count("sending")
            #expect((1...2).contains(unknown), "one for each connection at the most")
            _ = try await post.worker()
            var attempts = 0
            for one in all {
                try await post.reached("accepted", one)
                let own = try await post.attempts(one)
                try await check(own, lease: .seconds(6))
                attempts += own.count
            }
            #expect(attempts == 50 + unknown)
            let mails = sink.mails.compactMap { ReceivedMail($0).header("Message-ID") }
            #expect(Set(mails).count == 50)
            #expect(mails.count > 50, "the outcome that was swallowed was of a mail that was taken")
            #expect(mails.count <= attempts)
        }
    }

    @Test("or only sleeps past its lease, another takes over, and what it says when it wakes changes nothing")
    func sleeperWakes() async throws {
        let sink = try SMTPSink(
            script: SinkScript(rules: [SinkRule(.endOfData, .delay(.seconds(8)), when: .mail(1))])
        )
        // Asleep before the answer comes, which lies there when it wakes.
        try await Installation.make(.mail(port: sink.port, connections: 1, timeout: 10)) { post in
            _ = try await post.server()
            let sleeper = try await post.worker()
            let one = try await post.signUp("one@example.com")
            _ = try await sink.mails(count: 1, within: patience)
            sleeper.send(SIGSTOP)
            _ = try await post.worker()
            try await post.reached("accepted", one)
            #expect(try await post.attempts(one).count == 2)
            sleeper.send(SIGCONT)
            // It works again once it takes part in what comes next.
            for other in try await post.signUps(10) { try await post.reached("accepted", other) }
            #expect(try await post.state(one) == "accepted")
            #expect(try await post.attempts(one).count == 2)
            #expect(sink.counters.taken == 12)
        }
    }

    @Test("or sleeps past its lease before the mail server lets the text come, it sends none when it wakes")
    func sleeperKeepsTheText() async throws {
        let sink = try SMTPSink(
            script: SinkScript(rules: [SinkRule(.data, .delay(.seconds(5)), when: .mail(1))])
        )
        // What lets it come lies there when it wakes.
        try await Installation.make(.mail(port: sink.port, connections: 1, timeout: 2)) { post in
            _ = try await post.server()
            let sleeper = try await post.worker()
            let one = try await post.signUp("one@example.com")
            try await eventually("DATA at the mail server") { sink.commands.contains("DATA") }
            try await sleeper.stop()
            _ = try await post.worker()
            try await post.reached("accepted", one)
            #expect(try await post.attempts(one).count == 2)
            sleeper.send(SIGCONT)
            for other in try await post.signUps(10) { try await post.reached("accepted", other) }
            #expect(try await post.attempts(one).count == 2)
            #expect(sink.counters.taken == 11)
        }
    }

    @Test("is no matter while two of the same name work at once: each mail goes out once")
    func twins() async throws {
        let sink = try SMTPSink(script: SinkScript(rules: [SinkRule(.endOfData, .delay(.milliseconds(50)))]))
        try await Installation.make(.mail(port: sink.port, connections: 4)) { post in
            _ = try await post.server()
            _ = try await post.worker()
            _ = try await post.worker()
            let all = try await post.signUps(100)
            for one in all { try await post.reached("accepted", one) }
            #expect(sink.counters.taken == 100)
        }
    }

    /// One attempt that was accepted; or one that nobody knows of and, not before its lease is over, another.
    private func check(_ attempts: [JSONValue], lease: Duration) async throws {
        #expect(attempts.last?["result"] == "accepted")
        guard attempts.count > 1 else { return }
        #expect(attempts.count == 2)
        #expect(attempts.first?["result"] == "unknown")
        #expect(attempts.first?["code"] == "no_answer")
        let times = attempts.compactMap { $0["at"]?.string.flatMap(Instant.init(rfc3339:)) }
        let gap = try #require(times.last) - #require(times.first)
        #expect(gap >= lease)
    }
}
