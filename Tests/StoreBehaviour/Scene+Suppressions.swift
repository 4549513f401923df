import AuthEvents
import Clocks
import Deliveries
import Store
import TestSupport
import Testing

/// Recipients that must not be written to.
extension Scene {
    private static let tenants = [TenantName.default, acme]

    /// `tenant`: `nil` for all.
    @discardableResult
    func suppress(
        _ person: String,
        _ channel: Channel = .email,
        of tenant: TenantName? = .default,
        reason: String = "complaint",
        for duration: Duration? = nil
    ) async throws -> Suppression {
        var dice = SeededGenerator(seed: UInt64(stationery.next()))
        let suppression = Suppression(
            id: SuppressionID(at: time.now(), using: &dice),
            person: tenant.map { Stationery.person(person, of: $0) } ?? Stationery.anyone(person),
            channel: channel,
            tenant: tenant,
            reason: reason,
            source: "manual",
            until: duration.map { time.now() + $0 },
            sealed: SealedBytes(key: "seal-1", bytes: Array("sealed \(person)".utf8))
        )
        let persons = Scene.tenants.filter { tenant == nil || tenant == $0 }.map { Stationery.person(person, of: $0) }
        return try await store.add(suppression, persons: persons)
    }

    private func list(of tenant: TenantName? = nil) async throws -> [Suppression] {
        try await store.suppressions(of: tenant, after: nil, limit: 100)
    }

    func refusesTheSuppressed() async throws {
        let other = try #require(TenantName("other"))
        try await suppress("bobby")
        try await suppress("carol", of: nil, reason: "bounced")
        let cause = LegRefusal.Cause.suppressed(reason: "complaint", until: nil)
        #expect(try await refusal(of: Letter(to: "bobby")) == LegRefusal(channel: .email, cause: cause))
        #expect(try await refusal(of: Letter(to: "bobby", .notice).with { $0.proves = false }).cause == cause)
        try await accept(Letter(to: "bobby").with { $0.tenant = Scene.acme })
        try await accept(Letter(to: "bobby", by: .sms))
        try await accept(Letter(to: "dora"))
        // For all: also for a tenant that nobody knew of then.
        for tenant in Scene.tenants + [other] {
            let refused = try await refusal(of: Letter(to: "carol").with { $0.tenant = tenant })
            #expect(refused.cause == .suppressed(reason: "bounced", until: nil))
        }
        // Of a group the other channel goes, and a previous address sinks nothing.
        try await suppress("erin mail")
        let letter = party("erin").with { $0.name = "group" }
        let group = try await acceptEvent(letter)
        #expect(group.deliveries.map(\.channel) == [.sms])
        #expect(group.refused == [LegRefusal(channel: .email, cause: cause)])
        #expect(try await store.accept(stationery.submission(letter, at: time.now())) == .duplicate(group))
        let change = Letter(to: "new", .attributeChange).with { letter in
            letter.legs.append(Letter.Leg(person: "bobby", channel: .email, isPrevious: true))
        }
        let event = try await acceptEvent(change)
        #expect(event.deliveries.count == 1)
        #expect(event.refused == [LegRefusal(channel: .email, cause: cause, isPrevious: true)])
    }

    func acceptsOnceASuppressionHasEnded() async throws {
        let brief = try await suppress("bobby", for: .seconds(60))
        let letter = Letter(to: "bobby")
        #expect(try await refusal(of: letter).cause == .suppressed(reason: "complaint", until: brief.until))
        // Of two that hold, the one that ends later is named.
        let all = try await suppress("bobby", of: nil, reason: "bounced", for: .seconds(120))
        #expect(try await refusal(of: letter).cause == .suppressed(reason: "bounced", until: all.until))
        #expect(try await store.removeSuppression(all.id, of: nil))
        time.pass(.seconds(60) - .milliseconds(1))
        _ = try await refusal(of: letter)
        time.pass(.milliseconds(1))
        try await accept(letter)
        #expect(try await list().isEmpty)
        try await sweep()
        #expect(try await !store.removeSuppression(brief.id, of: nil))
        let again = try await suppress("bobby")
        _ = try await refusal(of: letter)
        #expect(try await store.removeSuppression(again.id, of: nil))
        #expect(try await !store.removeSuppression(again.id, of: nil))
        try await accept(letter)
    }

    func endsWhatIsUnsentToTheSuppressed() async throws {
        let letters = [
            Letter(to: "bobby", .mfa), Letter(to: "bobby", .recovery), Letter(to: "bobby"),
            Letter(to: "bobby", .notice).with { $0.proves = false },
            Letter(to: "new", .attributeChange).with { letter in
                letter.legs = [Letter.Leg(person: "bobby", channel: .email, isPrevious: true)]
            },
            Letter(to: "bobby").with { $0.tenant = Scene.acme }, Letter(to: "carol"),
        ]
        var deliveries: [AcceptedEvent.Delivery] = []
        for letter in letters { deliveries.append(try await accept(letter)) }
        let sending = try await beginOne()
        let leased = try await claimOne()
        #expect([sending, leased].map(\.token.delivery) == deliveries[..<2].map(\.id))
        try await suppress("bobby")
        var states: [String] = []
        for delivery in deliveries { states.append(try await state(delivery.id)) }
        let dead = "dead(cancelled)"
        #expect(states == ["sending", dead, dead, dead, dead, "ready", "ready"])
        #expect(try await begin(leased) == .cancelled)
        #expect(try await settle(sending, .accepted) == .applied)
        // For all tenants; what is parked too.
        try await hold(.tenant, "acme")
        try await sweep()
        #expect(try await state(deliveries[5].id) == "parked(held)")
        try await suppress("bobby", of: nil)
        #expect(try await state(deliveries[5].id) == dead)
        #expect(try await state(deliveries[6].id) == "ready")
        // A code that was sent already is good still.
        #expect(try await verify(deliveries[0].challengeID, "1").name == "verified")
    }

    func sendsNothingAgainToTheSuppressed() async throws {
        let letters = [
            Letter(to: "bobby", .mfa), Letter(to: "bobby", .recovery),
            Letter(to: "bobby", .recovery).with { letter in
                letter.tenant = Scene.acme
                letter.proves = false
            },
        ]
        var deliveries: [AcceptedEvent.Delivery] = []
        for letter in letters { deliveries.append(try await accept(letter)) }
        let begun = try await claim()
        #expect(try await begin(begun) == [.go, .go, .go])
        try await suppress("bobby", of: nil)
        try await settle(#require(begun.first { $0.token.delivery == deliveries[0].id }), .retry, code: "451")
        #expect(try await state(deliveries[0].id) == "dead(cancelled)")
        time.pass(.seconds(35))
        try await sweep()
        for delivery in deliveries { #expect(try await state(delivery.id) == "dead(cancelled)") }
        #expect(try await claim().isEmpty)
    }

    func listsSuppressions() async throws {
        let first = try await suppress("bobby")
        time.pass(.seconds(1))
        let second = try await suppress("carol", .sms, of: nil)
        time.pass(.seconds(1))
        let third = try await suppress("dora", of: Scene.acme, for: .seconds(60))
        #expect(try await list() == [third, second, first])
        let page = try await store.suppressions(of: nil, after: third.id, limit: 1)
        #expect(page == [second])
        // The same again has another reason and end, and keeps its id.
        let again = try await suppress("bobby", reason: "again", for: .seconds(120))
        #expect((again.id, again.reason) == (first.id, "again"))
        #expect(try await list() == [third, second, again])
        // A tenant sees and ends its own only.
        #expect(try await list(of: Scene.acme) == [third])
        #expect(try await list(of: .default) == [again])
        #expect(try await list(of: TenantName("never-seen")).isEmpty)
        #expect(try await !store.removeSuppression(third.id, of: .default))
        #expect(try await !store.removeSuppression(second.id, of: .default))
        #expect(try await !store.removeSuppression(second.id, of: TenantName("never-seen")))
        try await lab.kill(reopeningWith: lab.settings)
        #expect(try await list() == [third, second, again])
        time.pass(.seconds(60))
        #expect(try await list() == [second, again])
        #expect(try await store.removeSuppression(again.id, of: .default))
        try await sweep()
        #expect(try await list() == [second])
    }
}
