import Foundation
import JSON
import Synchronization
import TestSupport
import Testing

@Suite("In a storm of kills", .timeLimit(.minutes(4)))
struct SMSStormTests {
    /// Another run of chance: `GATEPOST_TEST_SEED`.
    private static let seed = ProcessInfo.processInfo.environment["GATEPOST_TEST_SEED"].flatMap { UInt64($0) } ?? 1
    private static let length: Duration = .seconds(10)
    /// A machine that is busy with other tests takes longer until enough has happened.
    private static let longest: Duration = .seconds(100)
    private static let senders = 4

    @Test("no message that the gateway took is without its commitment, none is taken twice, no event is lost")
    func storm() async throws {
        var settings = TextSettings()
        settings.connections = 8
        settings.budgets = [("month", "50.00")]
        let react: SMSGatewayPeer.Script = SMSStormTests.reaction
        try await Installation.texting(settings, react: react) { post, peer in
            let cast = Cast(server: try await post.server(), worker: try await post.textWorker())
            let harvest = Harvest()
            var kills = (server: 0, worker: 0)
            try await withThrowingTaskGroup { group in
                for sender in 0..<SMSStormTests.senders {
                    group.addTask { await SMSStormTests.send(post, sender, harvest) }
                }
                var generator = SeededGenerator(seed: SMSStormTests.seed)
                let begin = ContinuousClock.now
                func isOver() -> Bool {
                    let passed = ContinuousClock.now - begin
                    let isEnough = kills.server > 3 && kills.worker > 3 && peer.taken.count > 50
                    return passed >= SMSStormTests.longest || passed >= SMSStormTests.length && isEnough
                }
                while !isOver() {
                    try await Task.sleep(for: .milliseconds(.random(in: 30...500, using: &generator)))
                    if Bool.random(using: &generator) {
                        try await cast.replaceServer(post)
                        kills.server += 1
                    } else {
                        try await cast.replaceWorker(post)
                        kills.worker += 1
                    }
                }
                harvest.end()
                try await group.waitForAll()
            }
            cast.worker.terminate()
            #expect(await cast.worker.exitCode() == 0)
            try await post.none(["leased", "sending", "unknown"], of: "sms")
            #expect(kills.server > 3 && kills.worker > 3)
            #expect(peer.taken.count > 50)
            try await check(post, peer, harvest)
        }
    }

    private func check(_ post: Installation, _ peer: SMSGatewayPeer, _ harvest: Harvest) async throws {
        // An event whose answer was lost was taken or was not; sent again it is told which, and is there once.
        for (number, event) in harvest.unanswered {
            let answer = try await post.submit(Installation.text(event, to: number))
            #expect(answer.status == 202 || answer.status == 200)
            answer.body["deliveries"]?.array?.first?["id"]?.string.map { harvest.add(number, $0) }
        }
        let deliveries = harvest.accepted
        let check = try await post.settledLedger(peer, deliveries: deliveries)
        #expect(check.faults == [])
        #expect(Set(check.stories.keys) == Set(deliveries.values))
        let takes = Dictionary(grouping: peer.taken, by: \.to)
        for (number, messages) in takes where messages.count > 1 {
            Issue.record("\(deliveries[number] ?? "none") was taken \(messages.count) times")
        }
        for (number, id) in deliveries {
            let delivery = try await post.delivery(id)
            let state = delivery["state"]?.string ?? "lost"
            #expect(["ready", "accepted", "dead"].contains(state), "\(id)")
            if state == "dead" { #expect(delivery["reason"] == "gave_up", "\(id)") }
            guard state == "accepted" else { continue }
            let reference = delivery["attempts"]?.array?.last?["gateway_reference"]?.string ?? "none"
            #expect(takes[number]?.map(\.sid) == [reference], "\(id)")
        }
    }

    /// One in ten goes wrong; which ones follows from the number.
    private static func reaction(_ request: SMSGatewayPeer.Request) -> SMSGatewayPeer.Reaction {
        let digits = Int(request.to.suffix(4)) ?? 0
        switch (digits % 40, request.numberOfRecipient) {
        case (7, 1): return .takeAndClose
        case (17, 1): return .answer(500)
        case (27, 1): return .answer(429, "{}", ["Retry-After: 1"])
        case (37, 1): return .close
        default: return .take(delay: .milliseconds(5 + digits % 30))
        }
    }

    /// Sends one event after the other, each to a number of its own.
    private static func send(_ post: Installation, _ sender: Int, _ harvest: Harvest) async {
        var index = sender
        while !harvest.isOver {
            let (number, event) = (phone(index), "e\(index)")
            harvest.begin(number, event)
            if let answer = try? await post.submit(Installation.text(event, to: number)), answer.status == 202,
                let id = answer.body["deliveries"]?.array?.first?["id"]?.string
            {
                harvest.add(number, id)
            }
            index += SMSStormTests.senders
            // More than the gateway takes would only wait.
            _ = try? await Task.sleep(for: .milliseconds(20))
        }
    }
}

/// The programs of now.
private final class Cast {
    private(set) var server: Running
    private(set) var worker: Running

    init(server: Running, worker: Running) {
        (self.server, self.worker) = (server, worker)
    }

    func replaceServer(_ post: Installation) async throws {
        server.kill()
        await server.exitCode()
        server = try await post.server()
    }

    func replaceWorker(_ post: Installation) async throws {
        worker.kill()
        await worker.exitCode()
        worker = try await post.textWorker()
    }
}

/// What was sent, and what was answered.
private final class Harvest: Sendable {
    private struct State {
        var unanswered: [String: String] = [:]
        var accepted: [String: String] = [:]
        var isOver = false
    }

    private let state = Mutex(State())

    /// Events by the number that they go to.
    var unanswered: [String: String] { state.withLock { $0.unanswered } }
    /// Deliveries by the number that they go to.
    var accepted: [String: String] { state.withLock { $0.accepted } }
    var isOver: Bool { state.withLock { $0.isOver } }

    func begin(_ number: String, _ event: String) { state.withLock { $0.unanswered[number] = event } }

    func add(_ number: String, _ delivery: String) {
        state.withLock { state in
            state.unanswered[number] = nil
            state.accepted[number] = delivery
        }
    }

    func end() { state.withLock { $0.isOver = true } }
}
