import AuthEvents
import Clocks
import Deliveries
import Store
import TestSupport
import Testing

/// What is held at intake.
extension Scene {
    static var acme: TenantName {
        guard let acme = TenantName("acme") else { preconditionFailure("acme is a name") }
        return acme
    }

    @discardableResult
    func hold(
        _ scope: Hold.Scope,
        _ value: String,
        for duration: Duration = .seconds(3600),
        reason: String = "pumping",
        owner: TenantName? = nil
    ) async throws -> Hold {
        var dice = SeededGenerator(seed: UInt64(stationery.next()))
        let id = HoldID(at: time.now(), using: &dice)
        return try await store.add(
            Hold(id: id, scope: scope, value: value, reason: reason, until: time.now() + duration, owner: owner)
        )
    }

    func text(to number: String, in country: String, _ purpose: Purpose = .recovery) -> Letter {
        sms(number, .cents(1), purpose).with { letter in
            letter.country = country
            letter.legs[0].number = number
        }
    }

    func refusesWhatIsHeld() async throws {
        let bahamas = try await hold(.prefix, "+1242", reason: "prefix")
        let britain = try await hold(.country, "GB", reason: "country")
        let acme = try await hold(.tenant, "acme", reason: "tenant")
        func cause(_ hold: Hold) -> LegRefusal.Cause {
            .held(reason: hold.reason, until: hold.until, isWhole: hold.scope == .tenant)
        }
        #expect(try await refusal(of: text(to: "+12425550100", in: "BS")).cause == cause(bahamas))
        #expect(try await refusal(of: text(to: "+447700900123", in: "GB")).cause == cause(britain))
        for letter in [Letter(to: "bobby"), text(to: "+12025550123", in: "US")] {
            let refused = try await refusal(of: letter.with { $0.tenant = Scene.acme })
            #expect(refused.cause == cause(acme))
        }
        #expect(try await store.deliveries(DeliveryFilter()).items.isEmpty)
        try await accept([
            text(to: "+12465550100", in: "BB"), text(to: "+12025550123", in: "US"), Letter(to: "bobby"),
        ])
        // Of a group the other channel goes.
        let letter = party("carol").with { letter in
            letter.country = "GB"
            letter.name = "group"
        }
        let event = try await acceptEvent(letter)
        #expect(event.deliveries.map(\.channel) == [.email])
        #expect(event.refused == [LegRefusal(channel: .sms, cause: cause(britain))])
        #expect(try await store.accept(stationery.submission(letter, at: time.now())) == .duplicate(event))
    }

    func acceptsOnceAHoldHasEnded() async throws {
        let letter = text(to: "+447700900123", in: "GB")
        let hold = try await hold(.country, "GB", for: .seconds(60))
        time.pass(.seconds(60) - .milliseconds(1))
        _ = try await refusal(of: letter)
        time.pass(.milliseconds(1))
        try await accept(letter)
        #expect(try await store.holds(of: nil).isEmpty)
        try await sweep()
        #expect(try await !store.removeHold(hold.id, of: nil))
        let another = try await self.hold(.country, "GB")
        _ = try await refusal(of: letter)
        #expect(try await store.removeHold(another.id, of: nil))
        #expect(try await !store.removeHold(another.id, of: nil))
        try await accept(letter)
    }

    func listsHolds() async throws {
        let first = try await hold(.tenant, "acme", owner: Scene.acme)
        time.pass(.seconds(1))
        let second = try await hold(.prefix, "+1242")
        let brief = try await hold(.country, "GB", for: .seconds(10))
        #expect(try await store.holds(of: nil) == [first, second, brief].sorted { $0.id < $1.id })
        // The same again has another reason and end, and keeps its id.
        let again = try await hold(.tenant, "acme", for: .seconds(7200), reason: "again", owner: Scene.acme)
        #expect((again.id, again.reason) == (first.id, "again"))
        #expect(again.until == time.now() + .seconds(7200))
        // A tenant sees and ends its own only.
        #expect(try await store.holds(of: Scene.acme) == [again])
        #expect(try await store.holds(of: .default).isEmpty)
        #expect(try await !store.removeHold(again.id, of: .default))
        #expect(try await !store.removeHold(second.id, of: Scene.acme))
        try await lab.kill(reopeningWith: lab.settings)
        #expect(try await store.holds(of: nil).contains(again))
        time.pass(.seconds(10))
        #expect(try await store.holds(of: nil) == [again, second].sorted { $0.id < $1.id })
        // The installation's own stands beside the tenant's, which neither sees nor ends it.
        let above = try await hold(.tenant, "acme", reason: "leaked")
        #expect(above.id != again.id)
        #expect(try await store.holds(of: Scene.acme) == [again])
        #expect(try await !store.removeHold(above.id, of: Scene.acme))
        #expect(try await store.removeHold(above.id, of: nil))
        #expect(try await store.removeHold(again.id, of: Scene.acme))
        try await sweep()
        try await lab.reopen()
        #expect(try await store.holds(of: nil) == [second])
    }
}
