import Clocks
import Deliveries
import JSON
import Limits
import Link
import SMSGateways
import Spend
import Synchronization
import TestSupport
import Testing
import Transfer

@testable import Carrier

@Suite("A text message, from claim to settle,", .timeLimit(.minutes(12)))
struct CarryingTests {
    /// The server's side: one claim, then nothing more.
    private final class OneClaim: PostOffice {
        private let waiting: Mutex<[Claim]>
        private let answer: String
        private let begun = Mutex<[BeginItem]>([])
        private let settlements = AsyncStream<HandOver>.makeStream()

        init(_ claim: Claim, answer: String) {
            waiting = Mutex([claim])
            self.answer = answer
        }

        var items: [BeginItem] { begun.withLock { $0 } }

        /// The outcome, when it is there.
        func outcome() async -> HandOver? {
            var iterator = settlements.stream.makeAsyncIterator()
            return await iterator.next()
        }

        func claim(
            at gateways: [String],
            limit: Int,
            inHandBelow: Int?,
            hasFew: Bool,
            wait: Duration
        ) async throws(LinkFailure) -> ClaimAnswer {
            let claims = waiting.withLock { waiting in
                defer { waiting = [] }
                return waiting
            }
            // As a long poll that ends with its task.
            if claims.isEmpty { _ = try? await Task.sleep(for: .seconds(600)) }
            return ClaimAnswer(tasks: claims.map(CarrierTask.send))
        }

        func begin(_ items: [BeginItem]) async throws(LinkFailure) -> [String] {
            begun.withLock { $0 += items }
            if answer != "go" { settlements.continuation.finish() }
            return items.map { _ in answer }
        }

        func settle(_ outcomes: [Report]) async throws(LinkFailure) {
            for outcome in outcomes { settlements.continuation.yield(outcome.handOver) }
        }
    }

    private func carry(
        _ claim: Claim,
        answer: String = "go",
        reaction: HTTPPeer.Reaction
    ) async throws -> (handOver: HandOver?, items: [BeginItem], requests: [HTTPPeer.Request]) {
        let lab = try Lab()
        let peer = try HTTPPeer(script: [reaction])
        defer { peer.stop() }
        let office = OneClaim(claim, answer: answer)
        let gate = Gate(gatewayRates: [:], perRecipient: Rate(count: 20, period: .seconds(600)), time: lab.time)
        let slot = GatewaySlot(
            name: "sms-main",
            gateway: try lab.gateway(Lab.twilio, at: peer.base),
            connections: 1,
            limit: nil
        )
        let carrier = Carrier(office: office, gate: gate, slots: [slot], time: lab.time, isPriced: true) { _ in }
        let work = Task { await carrier.run() }
        let handOver = await office.outcome()
        work.cancel()
        await work.value
        await lab.transfers.shutdown()
        return (handOver, office.items, peer.requests)
    }

    @Test("begins with the carrier's own count, is handed over once and settled with the gateway's reference")
    func carries() async throws {
        let claim = try Lab().claim(text: String(repeating: "ż", count: 71))
        let (handOver, items, requests) = try await carry(claim, reaction: .json(201, #"{"sid":"SMaa"}"#))
        #expect(items.first?.quote?.segments == 2)
        #expect(items.first?.quote?.encoding == "UCS-2")
        #expect(items.first?.quote?.amount.description == "0.0158 USD")
        #expect(requests.count == 1)
        #expect(handOver == HandOver(.accepted, gatewayReference: "SMaa", code: "201"))
    }

    @Test("that the server counted otherwise stops: no request, no settle")
    func mismatch() async throws {
        let (handOver, items, requests) = try await carry(
            try Lab().claim(),
            answer: "mismatch",
            reaction: .json(201, "{}")
        )
        #expect(items.count == 1)
        #expect(requests.isEmpty)
        #expect(handOver == nil)
    }

    @Test(
        "is settled without number, text and code, however the gateway echoes them",
        arguments: [
            (201, #"{"sid":"SM1","to":"+12015550123","body":"Your code is 482913 ż"}"#),
            (201, #"{"sid":"SM+12015550123"}"#), (201, #"{"sid":"482913"}"#),
            (400, #"{"code":21211,"message":"'+12015550123' and (201) 555-0123: Your code is 482913 ż"}"#),
            (400, #"{"code":"12015550123","message":"201.555.0123"}"#),
            (400, #"{"to":"+12015550123","body":"Your code is 482913 ż"}"#),
            (500, #"{"body":"\u0059our code is \u0034\u0038\u0032\u0039\u0031\u0033"}"#),
            (503, "<p>To=%2B12015550123&amp;Body=Your+code+is+482913"), (200, "To: 12015550123, 482913"),
        ]
    )
    func discretion(status: Int, answer: String) async throws {
        let (handOver, _, _) = try await carry(try Lab().claim(), reaction: .json(status, answer))
        let settled = try #require(handOver)
        let told = [settled.detail, settled.code, settled.gatewayReference].compactMap(\.self).joined(separator: " ")
        for secret in ["12015550123", "2015550123", "555", "0123", "482913", "Your code"] {
            #expect(!told.contains(secret), "\(told)")
        }
    }
}
