import Clocks
import Configuration
import Deliveries
import TestSupport
import Testing
import Transfer

@testable import Carrier
@testable import SMSGateways

@Suite("What becomes of a text message when its gateway fails", .timeLimit(.minutes(12)))
struct FateTests {
    private let lab: Lab

    init() throws { lab = try Lab() }

    private func handOver(_ script: HTTPPeer.Reaction..., count: Int = 1, timeout: Duration = .seconds(30)) async throws
        -> (last: HandOver, requests: Int)
    {
        let peer = try HTTPPeer(script: script)
        defer { peer.stop() }
        let gateway = try lab.gateway(Lab.plain, at: peer.base)
        var last = HandOver(.released)
        for _ in 0..<count { last = await gateway.handOver(lab.claim(timeout: timeout)) }
        await lab.transfers.shutdown()
        return (last, peer.requests.count)
    }

    @Test("takes the request and closes: one hand-over, unknown")
    func closes() async throws {
        let (last, requests) = try await handOver(.close)
        #expect(last.outcome == .unknown)
        #expect(last.code == "no_answer")
        #expect(requests == 1)
    }

    @Test("takes the second request of a kept connection and closes: one hand-over of each, the second unknown")
    func closesKept() async throws {
        let (last, requests) = try await handOver(.json(200, #"{"id":"m1"}"#), .close, count: 2)
        #expect(last.outcome == .unknown)
        #expect(last.code == "no_answer")
        #expect(requests == 2)
    }

    @Test("stays silent until the time is over: one hand-over, unknown")
    func silent() async throws {
        let (last, requests) = try await handOver(.silence, timeout: .seconds(3))
        #expect(last.outcome == .unknown)
        #expect(last.code == "no_answer")
        #expect(requests == 1)
    }

    @Test(
        "breaks off in its answer: unknown",
        arguments: ["H", "HTTP/1.1 201 Created\r\nContent-Length: 90\r\n\r\n{\"id\""]
    )
    func cut(text: String) async throws {
        let (last, requests) = try await handOver(.cut(text))
        #expect(last.outcome == .unknown)
        #expect(last.code == "no_answer")
        #expect(requests == 1)
    }

    @Test("answers without end: unknown")
    func endless() async throws {
        let (last, _) = try await handOver(.json(201, String(repeating: "x", count: 300_000)))
        #expect(last.outcome == .unknown)
        #expect(last.code == "unclear_answer")
    }

    @Test("cannot be connected to, or has no TLS: surely not sent", arguments: [true, false])
    func unreachable(hasListener: Bool) async throws {
        let peer = try HTTPPeer()
        defer { peer.stop() }
        let url = hasListener ? "https://127.0.0.1:\(peer.port)" : "http://127.0.0.1:1"
        let gateway = try lab.gateway(Lab.plain, at: url)
        let last = await gateway.handOver(lab.claim(timeout: .milliseconds(hasListener ? 500 : 30_000)))
        #expect(last.outcome == .retry)
        #expect(last.code == Outcome.unreachableCode)
        #expect(peer.requests.isEmpty)
        await lab.transfers.shutdown()
    }

    @Test("has an address that cannot be used: surely not sent")
    func invalidAddress() async throws {
        let gateway = try lab.gateway(Lab.plain, at: "http://[nonsense")
        let last = await gateway.handOver(lab.claim())
        #expect(last.outcome == .retry)
        #expect(last.code == Outcome.unreachableCode)
        await lab.transfers.shutdown()
    }

    @Test(
        "is settled as unknown only where the request may have arrived",
        arguments: [
            (TransferFailure.Kind.unknown, HandOver(.unknown, code: "no_answer", detail: "why")),
            (.tooLarge, HandOver(.unknown, code: "unclear_answer", detail: "why")),
            (.notSent, HandOver(.retry, code: "interrupted", detail: "why")),
            (.unreachable, HandOver(.retry, code: "unreachable", detail: "why")),
            (.cancelled, HandOver(.released)),
        ]
    )
    func kinds(kind: TransferFailure.Kind, expected: HandOver) throws {
        let description = try #require(try lab.settings(Lab.plain + "\nurl = \"https://sms.example.com\"").http)
        let reader = AnswerReader(description, now: lab.time.now())
        #expect(reader.handOver(.failed(TransferFailure(kind, "why"))) == expected)
    }
}
