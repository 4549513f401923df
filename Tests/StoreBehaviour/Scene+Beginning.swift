import AuthEvents
import Clocks
import Deliveries
import Store
import TestSupport
import Testing

extension Scene {
    func recordsTheAttemptAtBegin() async throws {
        let delivery = try await accept(Letter(to: "bobby"))
        let claimed = try await claimOne()
        time.pass(.seconds(4))
        #expect(try await begin(claimed) == .go)
        let attempt = try #require(try await report(delivery.id).attempts.first)
        #expect(attempt.number == 1)
        #expect(attempt.at == time.now())
        #expect(attempt.gateway == "mail-main")
        #expect(attempt.outcome == nil)
        try await lab.reopen()
        #expect(try await state(delivery.id) == "sending")
        #expect(try await begin(claimed) == .go)
    }

    func repeatsGoWhileTheLeaseLasts() async throws {
        let delivery = try await accept(Letter(to: "bobby"))
        let claimed = try await beginOne()
        time.pass(.seconds(35) - .milliseconds(1))
        try await sweep()
        #expect(try await begin(claimed) == .go)
        #expect(try await report(delivery.id).attempts.count == 1)
        time.pass(.milliseconds(1))
        #expect(try await begin(claimed) == .stale)
    }

    func booksBeforeItBegins() async throws {
        let (first, second) = (try await accept(Letter(to: "bobby")), try await accept(Letter(to: "carol")))
        let claimed = try await claim(2)
        #expect(try await begin([claimed[0]]) == [.go])
        let outcome = [Settlement(token: claimed[0].token, outcome: .accepted, gatewayReference: "r1")]
        let next = [BeginItem(token: claimed[1].token)]
        let foreign = try await store.begin(next, behind: outcome, for: ["mail-backup"])
        #expect(foreign.begun == [.stale] && foreign.settled == [.stale])
        for _ in 0..<2 {
            let answer = try await store.begin(next, behind: outcome, for: nil)
            #expect(answer.begun == [.go] && answer.settled == [.applied])
        }
        #expect(try await report(first.id).attempts.map(\.gatewayReference) == ["r1"])
        #expect(try await [state(first.id), state(second.id)] == ["accepted", "sending"])
        // One outcome and a begin of the same are in the order that they happen in.
        let both = try await store.begin(
            next,
            behind: [Settlement(token: claimed[1].token, outcome: .retry, retryAfter: .seconds(60))],
            for: nil
        )
        #expect(both.begun == [.stale] && both.settled == [.applied])
    }

    func answersStaleTokens() async throws {
        let delivery = try await accept(Letter(to: "bobby"))
        let former = try await claimOne()
        try await store.free([former.token])
        let current = try await claimOne()
        var foreign = current
        foreign.token.epoch = Array(repeating: 7, count: 16)
        var unknown = current
        unknown.token.delivery =
            try DeliveryID(#require(delivery.challengeID).description.replacingPrefix("ch", by: "dl")) ?? delivery.id
        for claimed in [former, foreign, unknown] { #expect(try await begin(claimed) == .stale) }
        #expect(try await state(delivery.id) == "leased")
        #expect(try await begin([former, current]) == [.stale, .go])
        try await settle(current, .accepted)
        #expect(try await begin(current) == .stale)
    }

    func beginsNothingPastItsDeadline() async throws {
        let letter = Letter(to: "bobby").with { letter in
            letter.life = .seconds(63)
            letter.minimumLife = .seconds(60)
        }
        let delivery = try await accept(letter)
        let claimed = try await claimOne()
        time.pass(.seconds(3))
        #expect(try await begin(claimed) == .expired)
        #expect(try await begin(claimed) == .expired)
        #expect(try await state(delivery.id) == "dead(expired)")
        #expect(try await report(delivery.id).attempts.isEmpty)
    }

    func beginsUpToTheDeadline() async throws {
        let letter = Letter(to: "bobby").with { letter in
            letter.life = .seconds(63)
            letter.minimumLife = .seconds(60)
        }
        try await accept(letter)
        let claimed = try await claimOne()
        time.pass(.seconds(3) - .milliseconds(1))
        #expect(try await begin(claimed) == .go)
    }

    func refusesWhatCannotBeWritten() async throws {
        let delivery = try await accept(Letter(to: "bobby"))
        let former = try await claimOne()
        try await store.free([former.token])
        let claimed = try await claimOne()
        try await store.refuse(former.token)
        #expect(try await state(delivery.id) == "leased")
        try await store.refuse(claimed.token)
        #expect(try await state(delivery.id) == "dead(refused)")
        #expect(try await begin(claimed) == .mismatch)
        try await store.refuse(claimed.token)
    }
}

extension String {
    fileprivate func replacingPrefix(_ prefix: String, by other: String) -> String {
        hasPrefix(prefix) ? other + dropFirst(prefix.count) : self
    }
}
