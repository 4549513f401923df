import AuthEvents
import Challenges
import Clocks
import Deliveries
import Spend
import Store
import TestSupport
import Testing

/// Persons: what went to them, and how it is erased.
extension Scene {
    private func found(_ persons: Digest..., limit: Int = 100) async throws -> [[DeliveryID]] {
        var pages: [[DeliveryID]] = []
        var after: DeliveryID?
        repeat {
            let page = try await store.deliveries(to: persons, after: after, limit: limit)
            pages.append(page.items.map(\.id))
            after = page.next
        } while after != nil
        return pages
    }

    private func erase(_ persons: Digest..., buckets: [[UInt8]] = []) async throws -> Erasure {
        var whole = Erasure()
        for _ in 1...10_000 {
            let done = try await store.erase(persons, buckets: buckets)
            whole.deliveries += done.deliveries
            whole.challenges += done.challenges
            whole.events += done.events
            if !done.isMore { return whole }
        }
        throw Surprise("the erasure found no end")
    }

    private func isErased(_ delivery: DeliveryID) async throws -> Bool {
        try await report(delivery).sealed == SealedBytes(key: "", bytes: [])
    }

    private var bobby: Digest { Stationery.person("bobby") }

    func findsWhatWentToAPerson() async throws {
        let acme = try #require(TenantName("acme"))
        var all: [DeliveryID] = []
        for index in 1...3 {
            all.append(try await accept(Letter(to: "bobby", [.signUp, .mfa, .recovery][index - 1])).id)
            try await accept(Letter(to: "carol"))
            time.pass(.milliseconds(1))
        }
        all.append(try await accept(Letter(to: "bobby", .notice).with { $0.proves = false }).id)
        time.pass(.milliseconds(1))
        let foreign = try await accept(Letter(to: "bobby").with { $0.tenant = acme })
        try await settle(beginOne(), .accepted)
        let newest = Array(all.reversed())
        #expect(try await found(bobby) == [newest])
        #expect(try await found(bobby, limit: 1) == newest.map { [$0] })
        #expect(try await found(bobby, limit: 3) == [Array(newest[..<3]), Array(newest[3...])])
        let both = [bobby, Stationery.person("bobby", of: acme)]
        #expect(try await found(both[0], both[1], limit: 2).flatMap(\.self) == [foreign.id] + newest)
        #expect(try await found(Stationery.person("dora")) == [[]])
    }

    func erasesAPerson() async throws {
        try await suppress("other")
        let sent = try await accept(Letter(to: "bobby").with { $0.subject = "account" })
        try await settle(beginOne(), .accepted)
        let own = try await accept(
            Letter(to: "bobby", .notice).with { letter in
                letter.proves = false
                letter.brought = "brought"
            }
        )
        let held = try await claimOne()
        time.pass(.milliseconds(1))
        let waits = try await accept(Letter(to: "bobby", .recovery))
        let other = try await accept(Letter(to: "carol"))
        _ = try await verify(waits.challengeID, "wrong")
        #expect(try await erase(bobby) == Erasure(deliveries: 3, challenges: 2, events: 3))
        for delivery in [sent, own, waits] { #expect(try await isErased(delivery.id)) }
        #expect(try await state(sent.id) == "accepted")
        for delivery in [own, waits] { #expect(try await state(delivery.id) == "dead(cancelled)") }
        #expect(try await begin(held) == .cancelled)
        #expect(try await found(bobby) == [[]])
        for challenge in [sent.challengeID, waits.challengeID] {
            #expect(try await self.challenge(challenge)?.challenge.state(at: time.now()) == .expired)
        }
        #expect(try await verify(waits.challengeID, "1").name.hasPrefix("expired"))
        var filter = DeliveryFilter()
        filter.subject = Digest(of: "subject", "account")
        #expect(try await store.deliveries(filter).items.isEmpty)
        // Another's is as it was, and the person may come again as if new.
        #expect(try await !isErased(other.id))
        #expect(try await claim().map(\.token.delivery) == [other.id])
        #expect(try await erase(bobby) == Erasure())
        let anew = try await accept(Letter(to: "bobby", .recovery))
        #expect(try await challenge(anew.challengeID)?.triesLeft == 5)
        #expect(try await found(bobby) == [[anew.id]])
        #expect(try await store.suppressions(of: nil, after: nil, limit: 9).count == 1)
    }

    func erasesEventsOfSeveralPersons() async throws {
        // A code to the new address, a notice to the one before it.
        let change = Letter(to: "new", .attributeChange).with { letter in
            letter.legs.append(Letter.Leg(person: "bobby", channel: .email, isPrevious: true))
        }
        let both = try await acceptEvent(change)
        let again = try await accept(Letter(to: "new", .attributeChange))
        #expect(try await found(Stationery.person("new")).flatMap(\.self).count == 2)
        #expect(try await erase(bobby) == Erasure(deliveries: 2, challenges: 0, events: 1))
        for delivery in both.deliveries { #expect(try await isErased(delivery.id)) }
        // Nobody knows any more which address the challenge is for.
        #expect(try await challenge(again.challengeID)?.challenge.state(at: time.now()) == .expired)
        #expect(try await !isErased(again.id))
        #expect(try await erase(Stationery.person("new")) == Erasure(deliveries: 1, challenges: 1, events: 1))
        #expect(try await isErased(again.id))
        // A group: either person ends both.
        let legs = try await acceptParty(party("dora"))
        #expect(try await erase(Stationery.person("dora phone")) == Erasure(deliveries: 2, challenges: 1, events: 1))
        for leg in [legs.sms, legs.mail] {
            #expect(try await state(leg.id) == "dead(cancelled)")
            #expect(try await verify(leg.challengeID, "1").name.hasPrefix("expired"))
        }
        #expect(try await claim().isEmpty)
    }

    func sendsNothingOfTheErased() async throws {
        try await open([]) { Scene.sendsAgain(&$0) }
        let mail = try await accept(Letter(to: "bobby"))
        let lost = try await beginOne()
        let letter = Letter(to: "bobby", .notice, by: .sms).with { $0.proves = false }
        let text = try await accept(letter)
        let begun = try await beginOne()
        try await settle(lost, .unknown)
        #expect(try await erase(bobby).events == 2)
        #expect(try await state(mail.id) == "dead(cancelled)")
        try await settle(begun, .retry, retryAfter: .zero)
        #expect(try await state(text.id) == "dead(cancelled)")
        for _ in 1...3 {
            time.pass(.seconds(600))
            try await sweep()
            #expect(try await claim().isEmpty)
        }
        #expect(try await report(mail.id).attempts.count == 1)
    }

    func asksNobodyAboutTheErased() async throws {
        try await openAsking([.askGateway], .sendAgain)
        let lost = try await loseSMS()
        let begun = try await sendSMS("bobby")
        _ = try await erase(bobby)
        #expect(try await state(of: lost) == "dead(cancelled)")
        time.pass(.seconds(15))
        try await sweep()
        #expect(try await state(of: begun) == "dead(cancelled)")
        time.pass(.seconds(600))
        try await sweep()
        #expect(try await questions().isEmpty)
        #expect(try await store.standing(of: nil).channels.allSatisfy { $0.asking == 0 })
        // The gateway may bill both.
        #expect(try await store.ledger(LedgerFilter()).filter { $0.kind == .released && $0.attempt != nil }.isEmpty)
    }

    func erasesManyThoughItIsInterrupted() async throws {
        let count: Int64 = 400
        try await accept((1...Int(count)).map { _ in Letter(to: "bobby", .mfa) })
        var whole = Erasure()
        for step in 1... {
            let done = try await store.erase([bobby], buckets: [])
            whole.deliveries += done.deliveries
            whole.challenges += done.challenges
            whole.events += done.events
            guard done.isMore else { break }
            if step <= 3 { try await lab.kill(reopeningWith: lab.settings) }
        }
        #expect(whole == Erasure(deliveries: count, challenges: 1, events: count))
        #expect(try await found(bobby) == [[]])
        #expect(try await claim().isEmpty)
        #expect(try await erase(bobby) == Erasure())
    }

    func answersDuplicatesOfTheErased() async throws {
        let letter = Letter(to: "bobby").with { $0.name = "one" }
        let first = try await accept(letter)
        _ = try await erase(bobby)
        let again = try await store.accept(stationery.submission(letter, at: time.now()))
        guard case .duplicate(let known) = again else { throw Surprise("it was answered \(again)") }
        #expect(known.deliveries.map(\.id) == [first.id])
        #expect(try await claim().isEmpty)
    }
}
