import Glibc
import JSON
import Testing

@Suite("A text message whose worker or server is killed", .timeLimit(.minutes(12)))
struct SMSDeathTests {
    /// Where a message stands on its way when somebody dies.
    enum Step: String, CaseIterable, CustomTestStringConvertible, Sendable {
        case claimed, begun, handedOver, taken, settling, settled

        var testDescription: String { rawValue }

        /// The call that is held up so that the message stands there.
        var hold: ServerRelay.Hold? {
            switch self {
            case .claimed: ServerRelay.Hold(call: "begin", side: .request)
            case .begun: ServerRelay.Hold(call: "begin", side: .answer)
            case .handedOver, .taken: nil
            case .settling: ServerRelay.Hold(call: "settle", side: .request)
            case .settled: ServerRelay.Hold(call: "settle", side: .answer)
            }
        }

        /// What the gateway does with the message.
        func reaction(_ latch: Latch) -> SMSGatewayPeer.Reaction {
            switch self {
            case .handedOver: .take(before: latch)
            case .taken: .take(after: latch)
            default: .take
            }
        }
    }

    /// A message that stands where the step says.
    private struct Scene {
        var post: Installation
        var peer: SMSGatewayPeer
        var relay: ServerRelay
        var latch: Latch
        var one: Accepted

        /// Lets everything that was held up go on.
        func goOn() {
            relay.release()
            latch.open()
        }

        /// Checks how it ended: what the gateway took, and the way of the money.
        func ended(taken: Int, _ story: [String]) async throws {
            let check = try await post.settledLedger(peer, deliveries: [phone(1): one.delivery])
            #expect(check.faults == [])
            #expect(check.stories[one.delivery] == story)
            #expect(peer.taken.count == taken)
        }
    }

    /// Brings one message to a step and kills somebody.
    ///
    /// `timeout`: Of the hand-over, in seconds; the lease is five more.
    private func kill(
        at step: Step,
        timeout: Int,
        _ body: (Scene, _ server: Running, _ worker: Running) async throws -> Void
    ) async throws {
        let latch = Latch()
        var settings = TextSettings()
        settings.connections = 2
        settings.timeout = timeout
        settings.budgets = [("month", "1.00")]
        let react: SMSGatewayPeer.Script = {
            $0.number == 1 ? step.reaction(latch) : .take
        }
        try await Installation.texting(settings, react: react) { post, peer in
            let server = try await post.server()
            let path = post.path("run/r.sock")
            let relay = try ServerRelay(path, to: post.path("run/gatepost.sock"), hold: step.hold)
            defer { relay.stop() }
            let worker = try await post.textWorker(at: path)
            let one = try await post.text(to: phone(1))
            if step.hold == nil {
                try await peer.request(1)
            } else {
                try await relay.held()
            }
            let scene = Scene(post: post, peer: peer, relay: relay, latch: latch, one: one)
            try await body(scene, server, worker)
        }
    }

    @Test(
        "killed worker: what may have been taken is not sent again and stays spent, what surely was not goes out once",
        arguments: Step.allCases
    )
    func worker(step: Step) async throws {
        try await kill(at: step, timeout: 3) { scene, _, worker in
            let (post, one) = (scene.post, scene.one)
            worker.kill()
            await worker.exitCode()
            scene.goOn()
            _ = try await post.textWorker()
            switch step {
            case .claimed, .settled:
                try await post.reached("accepted", one)
                try await scene.ended(taken: 1, ["reserved", "committed 1"])
            case .begun, .handedOver, .taken, .settling:
                try await post.died(of: "gave_up", one)
                let attempts = try await post.attempts(one)
                #expect(attempts.map { $0["result"] } == ["unknown"])
                #expect(attempts.first?["code"] == "no_answer")
                try await scene.ended(taken: step == .begun ? 0 : 1, ["reserved", "committed 1"])
            }
            // Whoever comes next is served.
            let next = try await post.text(to: phone(2))
            try await post.reached("accepted", next)
        }
    }

    @Test(
        "killed server: the message goes out once, and the server that comes next knows of it",
        arguments: Step.allCases
    )
    func server(step: Step) async throws {
        // The gateway answers when the server is dead, which the worker has to wait for.
        try await kill(at: step, timeout: 60) { scene, server, _ in
            let (post, one) = (scene.post, scene.one)
            server.kill()
            await server.exitCode()
            scene.goOn()
            if step == .taken || step == .handedOver {
                try await eventually("the message at the gateway") { scene.peer.taken.count == 1 }
            }
            _ = try await post.server()
            try await post.reached("accepted", one)
            // The answer to begin never came, so the worker says that it did not send.
            let isRepeated = step == .begun
            try await scene.ended(
                taken: 1,
                isRepeated ? ["reserved", "committed 1", "released 1", "committed 2"] : ["reserved", "committed 1"]
            )
            let results = try await post.attempts(one).map { $0["result"] }
            #expect(results == (isRepeated ? ["released", "accepted"] : ["accepted"]))
            let next = try await post.text(to: phone(2))
            try await post.reached("accepted", next)
        }
    }

    @Test("with others: no more of them are unknown than the killed worker had connections, and the rest go out once")
    func onePerConnection() async throws {
        let latch = Latch()
        var settings = TextSettings()
        settings.connections = 3
        settings.timeout = 5
        let react: SMSGatewayPeer.Script = { $0.number <= 3 ? .take(after: latch) : .take }
        try await Installation.texting(settings, react: react) { post, peer in
            _ = try await post.server()
            let worker = try await post.textWorker()
            var all: [Accepted] = []
            for number in 1...10 { all.append(try await post.text(to: phone(number))) }
            try await peer.request(3)
            worker.kill()
            await worker.exitCode()
            latch.open()
            #expect(try await post.texts("sending") == 3)
            #expect(try await post.texts("ready") == 7)
            _ = try await post.textWorker()
            try await post.rest(of: "sms")
            #expect(try await post.texts("dead") == 3)
            let numbers = all.enumerated().map { (phone($0.offset + 1), $0.element.delivery) }
            let check = try await post.settledLedger(peer, deliveries: Dictionary(uniqueKeysWithValues: numbers))
            #expect(check.faults == [])
            #expect(check.stories.values.allSatisfy { $0 == ["reserved", "committed 1"] })
            #expect(Set(peer.taken.map(\.to)).count == 10)
            #expect(peer.taken.count == 10)
        }
    }

    @Test("or is only late with its report, when nobody waits for it any more: that is kept, and changes no state")
    func lateSettle() async throws {
        try await kill(at: .settling, timeout: 3) { scene, _, _ in
            try await scene.post.died(of: "gave_up", scene.one)
            scene.goOn()
            try await eventually("what the worker knows") {
                try await scene.post.attempts(scene.one).first?["result"] == "accepted"
            }
            try await scene.post.died(of: "gave_up", scene.one)
            try await scene.ended(taken: 1, ["reserved", "committed 1"])
        }
    }

    @Test("worker that sleeps from begin past its lease hands nothing over when it wakes, and the money comes back")
    func sleeper() async throws {
        try await kill(at: .begun, timeout: 3) { scene, _, worker in
            try await worker.stop()
            scene.goOn()
            try await scene.post.died(of: "gave_up", scene.one)
            try await scene.ended(taken: 0, ["reserved", "committed 1"])
            worker.send(SIGCONT)
            try await eventually("the worker's word that it did not send") {
                try await scene.post.attempts(scene.one).first?["result"] == "released"
            }
            try await scene.ended(taken: 0, ["reserved", "committed 1", "released 1", "released"])
            let next = try await scene.post.text(to: phone(2))
            try await scene.post.reached("accepted", next)
        }
    }
}
