import AuthEvents
import Clocks
import Deliveries
import Store
import TestSupport
import Testing

extension Scene {
    func settlesAccepted() async throws {
        let delivery = try await accept(Letter(to: "bobby"))
        let begun = try await beginOne()
        #expect(try await settle(begun, .accepted, code: "250", reference: "queue-7") == .applied)
        #expect(try await settle(begun, .accepted, code: "250", reference: "queue-7") == .applied)
        let report = try await report(delivery.id)
        #expect(report.state == .accepted)
        #expect(report.reason == nil)
        #expect(report.attempts.map(\.gatewayReference) == ["queue-7"])
        #expect(report.attempts.map(\.code) == ["250"])
        #expect(try await claim().isEmpty)
    }

    func settlesRefused() async throws {
        let delivery = try await accept(Letter(to: "bobby"))
        let begun = try await beginOne()
        #expect(try await settle(begun, .refused, code: "550") == .applied)
        #expect(try await settle(begun, .refused, code: "550") == .applied)
        #expect(try await state(delivery.id) == "dead(refused)")
    }

    func keepsTheDecidingOutcome() async throws {
        let delivery = try await accept(Letter(to: "bobby"))
        let begun = try await beginOne()
        #expect(try await settle(begun, .accepted, reference: "first") == .applied)
        #expect(try await settle(begun, .refused, reference: "second") == .recorded)
        #expect(try await settle(begun, .accepted, reference: "first") == .applied)
        let report = try await report(delivery.id)
        #expect(report.state == .accepted)
        #expect(report.attempts.map(\.outcome) == [.accepted])
        #expect(report.attempts.map(\.gatewayReference) == ["first"])
    }

    func sendsAgainAfterRetry() async throws {
        let delivery = try await accept(Letter(to: "bobby"))
        let first = try await beginOne()
        #expect(try await settle(first, .retry, code: "451") == .applied)
        #expect(try await state(delivery.id) == "ready")
        #expect(try await settle(first, .retry, code: "451") == .applied)
        // Full jitter: anything up to 2 s after the first failure.
        time.pass(.seconds(2))
        let second = try await beginOne()
        #expect(second.token.fence > first.token.fence)
        #expect(second.attempt != first.attempt)
        // The gateway's own wish counts where it is longer.
        #expect(try await settle(second, .retry, code: "451", retryAfter: .seconds(300)) == .applied)
        time.pass(.seconds(300) - .milliseconds(1))
        #expect(try await claim().isEmpty)
        time.pass(.milliseconds(1))
        #expect(try await settle(beginOne(), .throttled, retryAfter: .seconds(600)) == .applied)
        time.pass(.seconds(600) - .milliseconds(1))
        #expect(try await claim().isEmpty)
        time.pass(.milliseconds(1))
        #expect(try await settle(beginOne(), .accepted) == .applied)
        let attempts = try await report(delivery.id).attempts
        #expect(attempts.map(\.number) == [1, 2, 3, 4])
        #expect(attempts.map(\.outcome) == [.retry, .retry, .throttled, .accepted])
    }

    func neverWaitsBeyondTheDeadline() async throws {
        let short = (1...10).map { index in Letter(to: "person-\(index)").with { $0.life = .seconds(70) } }
        let first = try #require(try await accept(short).first)
        let deadline = try await report(first.id).sendBefore
        // Five attempts that cost no time, so that the sixth failure would wait up to a minute.
        for outcome in [Outcome.released, .released, .released, .released, .released, .retry] {
            let claimed = try await claim()
            #expect(try await begin(claimed) == Array(repeating: .go, count: 10))
            _ = try await store.settle(claimed.map { Settlement(token: $0.token, outcome: outcome) })
        }
        time.setWall(by: deadline - time.now() - .milliseconds(1))
        #expect(try await claim().count == 10)
        let asked = try await accept(Letter(to: "carol").with { $0.life = .seconds(90) })
        let begun = try #require(try await claim().first { $0.token.delivery == asked.id })
        #expect(try await begin(begun) == .go)
        #expect(try await settle(begun, .retry, retryAfter: .seconds(30)) == .applied)
        // A pause that would outlast the deadline is cut, so that a last try may still help.
        #expect(try await state(asked.id) == "ready")
    }

    func isExhaustedAfterTwelve() async throws {
        let delivery = try await accept(Letter(to: "bobby"))
        for attempt in 1...12 {
            #expect(try await state(delivery.id) == "ready", "before attempt \(attempt)")
            try await settle(beginOne(), .retry, code: "451")
            time.pass(.seconds(1800))
        }
        #expect(try await state(delivery.id) == "dead(exhausted)")
        #expect(try await report(delivery.id).attempts.count == 12)
    }

    func doesNotCountWhatMetNoOne() async throws {
        let delivery = try await accept(Letter(to: "bobby").with { $0.life = .seconds(7 * 86_400) })
        for _ in 1...5 {
            try await settle(beginOne(), .retry, code: Outcome.unreachableCode)
            time.pass(.seconds(1800))
            try await settle(beginOne(), .throttled)
            time.pass(.seconds(1800))
            try await settle(beginOne(), .released)
        }
        for attempt in 1...12 {
            #expect(try await state(delivery.id) == "ready", "before counted attempt \(attempt)")
            try await settle(beginOne(), .retry, code: "451")
            time.pass(.seconds(1800))
        }
        #expect(try await state(delivery.id) == "dead(exhausted)")
        #expect(try await report(delivery.id).attempts.count == 27)
    }

    func takesReleasesBack() async throws {
        let delivery = try await accept(Letter(to: "bobby"))
        let unbegun = try await claimOne()
        #expect(try await settle(unbegun, .released, retryAfter: .seconds(9)) == .applied)
        #expect(try await settle(unbegun, .released, retryAfter: .seconds(9)) == .applied)
        #expect(try await claim().isEmpty)
        time.pass(.seconds(9))
        let begun = try await beginOne()
        #expect(try await settle(begun, .released) == .applied)
        #expect(try await settle(begun, .released) == .applied)
        #expect(try await state(delivery.id) == "ready")
        #expect(try await report(delivery.id).attempts.map(\.outcome) == [.released])
        // Who did not begin and sent all the same has made an attempt.
        #expect(try await settle(claimOne(), .accepted) == .applied)
        #expect(try await state(delivery.id) == "accepted")
        #expect(try await report(delivery.id).attempts.map(\.outcome) == [.released, .accepted])
    }

    func answersStaleSettlements() async throws {
        let delivery = try await accept(Letter(to: "bobby"))
        let former = try await claimOne()
        time.pass(.seconds(5))
        try await sweep()
        #expect(try await settle(former, .accepted) == .stale)
        let current = try await claimOne()
        #expect(try await settle(former, .refused) == .stale)
        var foreign = current
        foreign.token.epoch = Array(repeating: 7, count: 16)
        #expect(try await settle(foreign, .refused) == .stale)
        #expect(try await state(delivery.id) == "leased")
        #expect(try await report(delivery.id).attempts.isEmpty)
    }
}
