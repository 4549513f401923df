import AuthEvents
import Challenges
import Clocks
import Deliveries
import Limits
import Spend
import Store
import TestSupport
import Testing

/// What becomes of a store that is put back to an earlier moment.
extension Scene {
    /// Copies the store as it is, lets time pass and more happen, and puts the copy back a minute later.
    private func restore(
        after more: () async throws -> Void = {}
    ) async throws -> (made: Instant, restored: Instant) {
        let copy = try await store.backUp { true }
        time.pass(.seconds(30))
        try await more()
        time.pass(.seconds(30))
        let restored = time.now()
        try await lab.restore(copy)
        return (copy.madeAt, restored)
    }

    func restoresWhatWasCopied() async throws {
        let letter = Letter(to: "bobby").with { $0.name = "one" }
        let early = try await accept(letter)
        var late: AcceptedEvent.Delivery?
        let (made, restored) = try await restore {
            late = try await accept(Letter(to: "carol").with { $0.name = "two" })
        }
        #expect(try await store.delivery(early.id, of: nil) != nil)
        #expect(try await store.delivery(#require(late).id, of: nil) == nil)
        #expect(try await challenge(late?.challengeID) == nil)
        #expect(try await store.restores() == [Restore(at: restored, missing: made..<restored)])
        // What came before is known by its id, what came after is new.
        guard case .duplicate = try await store.accept(stationery.submission(letter, at: time.now())) else {
            throw Surprise("the event of before was not known")
        }
        try await accept(Letter(to: "carol").with { $0.name = "two" })
    }

    func voidsTokensOfBefore() async throws {
        try await accept([Letter(to: "ann"), Letter(to: "bob"), Letter(to: "cyd")])
        let begun = try await beginOne()
        let claimed = try await claimOne()
        var later: ClaimedDelivery?
        _ = try await restore { later = try await claimOne() }
        for token in [begun, claimed, try #require(later)] {
            #expect(try await begin(token) == .stale)
            #expect(try await settle(token, .accepted) == .stale)
        }
        #expect(try await claim().isEmpty)
        // What comes now is carried as ever.
        try await accept(Letter(to: "dan"))
        #expect(try await settle(beginOne(), .accepted) == .applied)
    }

    func voidsCodesOfBefore() async throws {
        let open = try await accept(Letter(to: "ann"))
        _ = try await verify(open.challengeID, "wrong")
        let group = try await accept(Letter(to: "bob", .mfa))
        var late: AcceptedEvent.Delivery?
        _ = try await restore { late = try await accept(Letter(to: "cyd")) }
        for challengeID in [open.challengeID, group.challengeID] {
            #expect(try await verify(challengeID, "1").name.hasPrefix("expired"))
            #expect(try await challenge(challengeID)?.challenge.state(at: time.now()) == .expired)
        }
        #expect(try await verify(late?.challengeID, "1").name == "not found")
        #expect(try await verify(person: "ann", "1").name.hasPrefix("mismatch"))
        #expect(try await challenge(open.challengeID)?.challenge.triesLeft == 4)
        // The person can ask again at once.
        let again = try await accept(Letter(to: "ann"))
        #expect(again.challengeID != open.challengeID)
        #expect(try await verify(again.challengeID, "1").name == "verified")
    }

    func endsWhatWasUnderWay() async throws {
        try await open([.cents(100)])
        func sms(_ person: String) async throws -> AcceptedEvent.Delivery {
            try await accept(Letter(to: person, by: .sms))
        }
        let unknown = try await sms("ann")
        try await settle(beginOne(), .unknown)
        let accepted = try await sms("bob")
        try await settle(beginOne(), .accepted)
        let sending = try await sms("cyd")
        _ = try await beginOne()
        let leased = try await sms("dan")
        _ = try await claimOne()
        let ready = try await sms("eve")
        try await store.pause(.email)
        let parked = try await accept(Letter(to: "fay"))
        #expect(try await used() == 5)
        _ = try await restore()
        for delivery in [leased, ready, parked] { #expect(try await state(delivery.id) == "dead(cancelled)") }
        for delivery in [unknown, sending] { #expect(try await state(delivery.id) == "dead(gave_up)") }
        #expect(try await state(accepted.id) == "accepted")
        // Three were begun and stay paid for.
        #expect(try await used() == 3)
        #expect(try await story(ready.id) == ["reserved 0.01", "released 0.01"])
        #expect(try await story(sending.id) == ["reserved 0.01", "committed 1 0.01"])
        #expect(try await report(sending.id).attempts.map(\.outcome) == [.unknown])
        #expect(try await Set(entries().map(\.writer)).count == 2)
    }

    func replaysWhatARestoreEnded() async throws {
        let letter = Letter(to: "bobby", by: .sms)
        let ended = try await accept(letter)
        _ = try await restore()
        let replay = try await replay(letter)
        #expect((replay.matched, replay.made) == (1, 1))
        let claimed = try await beginOne()
        #expect(claimed.code?.challenge == ended.challengeID)
        #expect(claimed.code?.number == 2)
        #expect(try await settle(claimed, .accepted) == .applied)
        #expect(try await verify(ended.challengeID, "1").name.hasPrefix("expired"))
        #expect(try await verify(ended.challengeID, "2").name == "verified")
    }

    func stopsReplaysAtARestore() async throws {
        let running = try await begun()
        _ = try await restore()
        #expect(try await store.runningReplays().isEmpty)
        #expect(try await store.replay(running.id, of: nil)?.state == .stopped)
    }

    func keepsWhatWasTakenOfLimits() async throws {
        let slot = Slot("two", "2/10m")
        for person in ["ann", "bob"] { try await accept(Letter(to: person).limited(by: slot)) }
        _ = try await restore()
        _ = try await refusal(of: Letter(to: "cyd").limited(by: slot))
        time.pass(.seconds(300))
        try await accept(Letter(to: "cyd").limited(by: slot))
    }

    func repeatsVerificationsAfterARestore() async throws {
        let delivery = try await accept(Letter(to: "ann"))
        _ = try await verify(delivery.challengeID, "1", key: "key")
        _ = try await restore()
        guard case .verified(_, repeated: true) = try await verify(delivery.challengeID, "1", key: "key") else {
            throw Surprise("what was verified was not repeated")
        }
        #expect(try await verify(delivery.challengeID, "1").name == "used")
    }

    func restoresTwice() async throws {
        for person in ["ann", "bob", "cyd"] {
            try await accept(Letter(to: person, by: .sms))
            _ = try await restore { try await accept(Letter(to: "dan", by: .sms)) }
            try await settle(acceptedSMS(), .accepted)
        }
        #expect(try await store.restores().count == 3)
        #expect(try await Set(entries().map(\.writer)).count == 4)
        #expect(try await store.auditLedger().faults.isEmpty)
    }

    private func acceptedSMS() async throws -> ClaimedDelivery {
        try await accept(Letter(to: "fay", .mfa, by: .sms))
        return try await beginOne()
    }
}
