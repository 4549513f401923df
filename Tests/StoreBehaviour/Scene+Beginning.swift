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
