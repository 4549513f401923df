import AuthEvents
import Clocks
import Deliveries
import Spend
import Store
import TestSupport
import Testing

/// Messages that prove nothing here: notices, codes that the application made, what goes to an address before a change.
extension Scene {
    private func notice(_ person: String, _ purpose: Purpose = .notice, by channel: Channel = .email) -> Letter {
        Letter(to: person, purpose, by: channel).with { $0.proves = false }
    }

    func deliversWithoutAChallenge() async throws {
        let delivery = try await accept(notice("bobby"))
        #expect(delivery.challenge == nil)
        let shown = try await report(delivery.id)
        #expect((shown.state, shown.challenge, shown.isPrevious) == (.ready, nil, false))
        #expect(shown.expiresAt == time.now() + .seconds(86_400))
        let claimed = try await claimOne()
        #expect(claimed.token.delivery == delivery.id)
        #expect(claimed.code == nil)
        #expect(claimed.sealed == SealedBytes(key: "seal-1", bytes: Array("sealed event-1".utf8)))
        #expect(claimed.expiresAt == time.now() + .seconds(86_400))
        #expect(claimed.sendBefore == time.now() + .seconds(86_400 - 60))
        #expect(try await begin(claimed) == .go)
        try await settle(claimed, .accepted)
        #expect(try await state(delivery.id) == "accepted")
    }

    func expiresWithoutAChallenge() async throws {
        let waiting = try await accept(notice("bobby").with { $0.life = .seconds(70) })
        let other = try await accept(notice("carol").with { $0.life = .seconds(71) })
        time.pass(.seconds(10) - .milliseconds(1))
        try await sweep()
        #expect(try await state(waiting.id) == "ready")
        time.pass(.milliseconds(1))
        try await sweep()
        #expect(try await state(waiting.id) == "dead(expired)")
        #expect(try await claim().map(\.token.delivery) == [other.id])
    }

    func verifiesNothingThatProvesNothing() async throws {
        let open = try await accept(Letter(to: "bobby"))
        let own = try await accept(notice("bobby", .signUp))
        let alone = try await accept(notice("carol", .signUp))
        // The one neither takes the place of the other nor ends with it.
        #expect(try await state(open.id) == "ready")
        for code in ["0", "1", "email 0"] {
            #expect(try await verify(person: "carol", code).name.hasPrefix("mismatch"))
        }
        time.pass(.milliseconds(1))
        let again = try await accept(Letter(to: "bobby"))
        #expect(again.challengeID == open.challengeID)
        #expect(try await challenge(open.challengeID)?.deliveries == [open.id, again.id])
        #expect(try await verify(open.challengeID, "1").name == "verified")
        #expect(try await state(again.id) == "dead(answered)")
        for delivery in [own, alone] { #expect(try await state(delivery.id) == "ready") }
    }

    func answersDuplicatesWithoutAChallenge() async throws {
        let letter = notice("bobby").with { letter in
            letter.name = "twice"
            letter.legs.append(Letter.Leg(person: "bobby", channel: .sms))
        }
        let event = try await acceptEvent(letter)
        #expect(event.deliveries.map(\.challenge) == [nil, nil])
        #expect(event.deliveries.compactMap(\.estimate).count == 1)
        time.pass(.seconds(86_400))
        try await lab.reopen()
        #expect(try await store.accept(stationery.submission(letter, at: time.now())) == .duplicate(event))
        #expect(try await store.deliveries(DeliveryFilter()).items.count == 2)
    }

    func sendsAgainWithoutAChallenge() async throws {
        let first = try await accept(notice("bobby", .signUp))
        let begun = try await beginOne()
        let lost = try await accept(notice("bobby", .signUp))
        _ = try await beginOne()
        // Later ones of the same person, with and without a challenge, one of them verified.
        let later = try await accept(notice("bobby", .signUp))
        let proved = try await accept(Letter(to: "bobby"))
        #expect(try await verify(proved.challengeID, "1").name == "verified")
        try await settle(begun, .retry, code: "451")
        #expect(try await state(first.id) == "ready")
        time.pass(.seconds(60))
        try await sweep()
        #expect(try await state(lost.id) == "ready")
        #expect(Set(try await claim().map(\.token.delivery)) == [first.id, lost.id, later.id])
    }

    /// A change of address, with the code to the new one and a notice to the former.
    private func change(_ person: String, by channel: Channel, noticeBy former: Channel) -> Letter {
        Letter(to: person, .attributeChange, by: channel).with { letter in
            letter.legs.append(Letter.Leg(person: "former \(person)", channel: former, isPrevious: true))
        }
    }

    func sendsPreviousAsNotices() async throws {
        let event = try await acceptEvent(change("bobby", by: .email, noticeBy: .email))
        let new = try #require(event.deliveries.first { $0.challenge != nil })
        let former = try #require(event.deliveries.first { $0.challenge == nil })
        #expect(try await report(former.id).isPrevious)
        #expect(try await report(new.id).isPrevious == false)
        try await accept(Letter(to: "carol", .invitation))
        let claimed = try await claim()
        #expect(claimed.map(\.purpose) == [.attributeChange, .invitation, .attributeChange])
        #expect(claimed.map(\.isPrevious) == [false, false, true])
        #expect(try await begin(claimed) == [.go, .go, .go])
        time.pass(.seconds(35))
        try await sweep()
        #expect(try await state(new.id) == "ready")
        #expect(try await state(former.id) == "dead(gave_up)")
        // It is one still when it comes back from an unknown outcome.
        let text = try await acceptEvent(change("dora", by: .email, noticeBy: .sms))
        let sms = try #require(text.deliveries.first { $0.channel == .sms })
        let lost = try await beginOne(at: Scene.sms)
        time.pass(.seconds(15))
        // One look makes it unknown, the next would give it up.
        _ = try await store.sweep()
        #expect(try await state(sms.id) == "unknown")
        #expect(try await settle(lost, .retry, code: "500") == .applied)
        time.pass(.seconds(60))
        let other = try await accept(Letter(to: "erin", .invitation, by: .sms))
        #expect(try await claim(at: Scene.sms).map(\.token.delivery) == [other.id, sms.id])
    }

    func refusesPreviousAlone() async throws {
        try await open([.cents(0)])
        let early = LegRefusal(
            channel: .sms,
            cause: .destination(DestinationRefusal(country: "GB", reason: .noPrice)),
            isPrevious: true
        )
        let letter = change("bobby", by: .email, noticeBy: .sms).with { letter in
            letter.name = "one"
            letter.refused = [early]
        }
        let event = try await acceptEvent(letter)
        let end = Budget.Period.day.bounds(around: time.now()).end
        let late = LegRefusal(channel: .sms, cause: .overBudget("all", resetsAt: end), isPrevious: true)
        #expect(event.refused == [early, late])
        #expect(event.deliveries.map(\.channel) == [.email])
        #expect(try await entries().isEmpty)
        // Without a route too; and then as it was answered, whatever has changed.
        try await open([]) { $0.routing = RoutingTable(gateways: Scene.mailOnly) }
        let second = try await acceptEvent(change("carol", by: .email, noticeBy: .sms))
        let nowhere = DestinationRefusal(country: "US", reason: .noRoute)
        #expect(second.refused == [LegRefusal(channel: .sms, cause: .destination(nowhere), isPrevious: true)])
        try await open([.cents(10)]) { $0.routing = StoreBehaviour.routing }
        #expect(try await store.accept(stationery.submission(letter, at: time.now())) == .duplicate(event))
        // What sinks the event is a refused leg that is none.
        try await open([.cents(0)])
        let sunk = try await refusal(of: change("dora", by: .sms, noticeBy: .email))
        #expect(sunk == LegRefusal(channel: .sms, cause: .overBudget("all", resetsAt: end)))
        #expect(try await store.deliveries(DeliveryFilter()).items.count == 2)
    }

    private static var mailOnly: [GatewayTerms] { StoreBehaviour.routing.gateways.filter { $0.channel == .email } }

    func refusesWhatHasNothingLeft() async throws {
        try await open([.cents(0)])
        let letter = change("bobby", by: .email, noticeBy: .sms).with { letter in
            letter.name = "one"
            letter.legs.removeFirst()
        }
        #expect(try await refusal(of: letter).isPrevious)
        #expect(try await store.deliveries(DeliveryFilter()).items.isEmpty)
        try await open([.cents(10)])
        #expect(try await acceptEvent(letter).deliveries.count == 1)
    }
}
