import Clocks
import Deliveries
import Store
import Synchronization
import Testing

@testable import API

@Suite("The board of probes", .timeLimit(.minutes(12)))
struct ProbingTests {
    private let probing = Probing()

    /// Asks for a probe; returns once it is on the board.
    private func ask(_ gateway: String) async -> Task<ProbeAnswer, Never> {
        let (woken, continuation) = AsyncStream<Void>.makeStream()
        let probing = probing
        let task = Task { await probing.probe(gateway) { continuation.yield() } }
        for await _ in woken { break }
        return task
    }

    @Test("gives a probe to a carrier of its gateway, once, and tells who waits how it went")
    func walk() async throws {
        let waiting = await ask("mail")
        #expect(probing.hasWork(at: ["sms", "mail"]))
        #expect(!probing.hasWork(at: ["sms"]))
        #expect(probing.take(at: ["sms"], limit: 9, by: "sms-worker").isEmpty)
        #expect(probing.take(at: ["mail"], limit: 0, by: "email-worker").isEmpty)
        let given = try #require(probing.take(at: ["mail"], limit: 9, by: "email-worker").first)
        #expect(given.gateway == "mail")
        #expect(!probing.hasWork(at: ["mail"]))
        #expect(probing.take(at: ["mail"], limit: 9, by: "other").isEmpty)
        let result = probing.settle(given.token, .refused, code: "535", detail: "no ann@example.com", for: nil)
        #expect(result == .applied)
        let answer = await waiting.value
        #expect((answer.gateway, answer.result, answer.code) == ("mail", .refused, "535"))
        #expect((answer.detail, answer.carrier) == ("no ***", "email-worker"))
        #expect(answer.milliseconds != nil)
        #expect(probing.settle(given.token, .accepted, code: nil, detail: nil, for: nil) == .stale)
    }

    @Test("tries a gateway once for all who ask meanwhile")
    func joins() async throws {
        let first = await ask("mail")
        let probing = probing
        let others = (1...8).map { _ in Task { await probing.probe("mail") { Issue.record("woken again") } } }
        let given = probing.take(at: ["mail"], limit: 9, by: "w")
        #expect(given.count == 1)
        // Whoever comes after the settle begins another.
        while !probing.isAwaited(by: 9, at: "mail") { await Task.yield() }
        _ = probing.settle(given[0].token, .accepted, code: nil, detail: nil, for: nil)
        #expect(await first.value.result == .ok)
        for other in others { #expect(await other.value.result == .ok) }
    }

    @Test("takes the word of a carrier for its own gateways only, and of nobody before it was given")
    func foreign() async throws {
        let waiting = await ask("mail")
        let given = try #require(probing.take(at: ["mail"], limit: 1, by: "w").first)
        #expect(probing.settle(given.token, .accepted, code: nil, detail: nil, for: ["sms"]) == .stale)
        probing.putBack([given.token])
        #expect(probing.settle(given.token, .accepted, code: nil, detail: nil, for: nil) == .stale)
        #expect(probing.take(at: ["mail"], limit: 1, by: "v").map(\.token) == [given.token])
        #expect(probing.settle(given.token, .retry, code: "unreachable", detail: nil, for: ["mail"]) == .applied)
        let answer = await waiting.value
        #expect((answer.result, answer.carrier) == (.unreachable, "v"))
    }

    @Test("answers everybody when the server ends, and who comes then")
    func closes() async {
        let waiting = await ask("mail")
        probing.close()
        #expect(await waiting.value.code == "draining")
        #expect(await probing.probe("mail") { Issue.record("woken") }.result == .noCarrier)
    }

    @Test("knows its tokens from those of claims")
    func tokens() {
        let token = ProbeToken()
        #expect(ProbeToken(token.text) == token)
        #expect(CarrierToken(token.text) == nil)
        #expect(ProbeToken("ZdExKop5jy0Ez0beJrcAKgGh_LS663AisAbSG1MrIKkAAAAAABAAAQ") == nil)
    }
}
