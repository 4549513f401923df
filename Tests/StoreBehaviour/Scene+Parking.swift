import AuthEvents
import Clocks
import Deliveries
import Store
import TestSupport
import Testing

/// What waits already when a hold begins.
extension Scene {
    private func states(_ deliveries: [AcceptedEvent.Delivery]) async throws -> [String: Int] {
        var states: [String: Int] = [:]
        for delivery in deliveries { states[try await state(delivery.id), default: 0] += 1 }
        return states
    }

    private func counts() async throws -> (ready: Int64, parked: Int64) {
        let counts = try await store.standing(of: nil).channels.first { $0.channel == .email }?.counts
        return (counts?[.ready] ?? 0, counts?[.parked] ?? 0)
    }

    private func fromAcme(_ person: String) -> Letter { Letter(to: person).with { $0.tenant = Scene.acme } }

    /// Before any sweep: a claim passes over what is held, and a begin is told to wait.
    func handsOutNothingThatIsHeld() async throws {
        let ready = try await accept((1...3).map { fromAcme("ready \($0)") })
        let free = try await accept(Letter(to: "bobby"))
        let held = try await claim()
        #expect(held.count == 4)
        let own = try #require(held.first { $0.token.delivery == free.id })
        try await store.free([#require(held.first { $0.token.delivery == ready[0].id }).token])
        try await hold(.tenant, "acme")
        #expect(try await claim().isEmpty)
        #expect(try await state(ready[0].id) == "parked(held)")
        #expect(try await begin(own) == .go)
        for claimed in held where claimed.token.delivery != free.id && claimed.token.delivery != ready[0].id {
            #expect(try await begin(claimed) == .paused)
            #expect(try await begin(claimed) == .paused)
        }
        #expect(try await states(ready) == ["parked(held)": 3])
        for delivery in ready { #expect(try await report(delivery.id).attempts.isEmpty) }
    }

    /// What was begun goes its way; what comes back, however it does, is parked.
    func parksWhatComesBack() async throws {
        let letters = ["accepted", "retried", "released", "lost", "given back", "forgotten"].map(fromAcme)
        var deliveries: [AcceptedEvent.Delivery] = []
        for letter in letters {
            deliveries.append(try await accept(letter))
            time.pass(.milliseconds(1))
        }
        let held = try await claim()
        #expect(held.map(\.token.delivery) == deliveries.map(\.id))
        #expect(try await begin(Array(held[..<4])) == [.go, .go, .go, .go])
        try await hold(.tenant, "acme")
        try await settle(held[0], .accepted)
        try await settle(held[1], .retry, code: "451")
        try await settle(held[2], .released)
        try await settle(held[4], .released)
        time.pass(.seconds(35))
        try await sweep()
        #expect(try await states(deliveries) == ["accepted": 1, "parked(held)": 5])
        #expect(try await claim().isEmpty)
    }

    func goesOnWhenAHoldEnds() async throws {
        let byTime = try await accept(fromAcme("bobby"))
        try await hold(.tenant, "acme", for: .seconds(60))
        try await sweep()
        #expect(try await state(byTime.id) == "parked(held)")
        time.pass(.seconds(60) - .milliseconds(1))
        try await sweep()
        #expect(try await state(byTime.id) == "parked(held)")
        time.pass(.milliseconds(1))
        let mark = store.workMark()
        async let woken: Void = store.waitForWork(at: Scene.mail, since: mark, until: time.boot() + .seconds(600))
        try await sweep()
        await woken
        try await settle(beginOne(), .accepted)
        #expect(try await state(byTime.id) == "accepted")
        let removed = try await accept(fromAcme("carol"))
        let hold = try await hold(.tenant, "acme")
        try await sweep()
        #expect(try await store.removeHold(hold.id, of: nil))
        try await sweep()
        #expect(try await state(removed.id) == "ready")
        // One that is still covered by another stays.
        let text = try await accept(self.text(to: "+12425550100", in: "BS"))
        let country = try await self.hold(.country, "BS")
        let prefix = try await self.hold(.prefix, "+1242")
        try await sweep()
        #expect(try await store.removeHold(country.id, of: nil))
        try await sweep()
        #expect(try await state(text.id) == "parked(held)")
        #expect(try await store.removeHold(prefix.id, of: nil))
        try await sweep()
        #expect(try await state(text.id) == "ready")
    }

    func parksByPrefix() async throws {
        let deliveries = try await accept([
            text(to: "+12425550100", in: "BS"), text(to: "+12425550101", in: "BS"), text(to: "+12465550100", in: "BB"),
            text(to: "+12025550123", in: "US", .mfa), Letter(to: "bobby"),
        ])
        let previous = try await accept(
            Letter(to: "new", .attributeChange).with { letter in
                letter.legs = [Letter.Leg(person: "old", channel: .sms, isPrevious: true)]
                letter.legs[0].number = "+12425550199"
            }
        )
        try await hold(.prefix, "+1242")
        try await sweep()
        var states: [String] = []
        for delivery in deliveries + [previous] { states.append(try await state(delivery.id)) }
        #expect(states == ["parked(held)", "parked(held)", "ready", "ready", "ready", "parked(held)"])
    }

    func diesOfAHoldAtItsDeadline() async throws {
        let short = fromAcme("bobby").with { $0.life = .seconds(70) }
        let held = try await accept(short)
        let other = try await accept(Letter(to: "carol").with { $0.life = .seconds(70) })
        try await hold(.tenant, "acme")
        try await sweep()
        time.pass(.seconds(10) - .milliseconds(1))
        try await sweep()
        #expect(try await state(held.id) == "parked(held)")
        time.pass(.milliseconds(1))
        try await sweep()
        #expect(try await state(held.id) == "dead(held_too_long)")
        #expect(try await state(other.id) == "dead(expired)")
    }

    /// Two thousand wait; the server is killed while they are parked and while they are freed.
    func parksAndFreesInSlices() async throws {
        let letters = (1...2000).map { fromAcme("person \($0)") }
        _ = try await store.accept(letters.map { stationery.submission($0, at: time.now()) })
        time.pass(.milliseconds(1))
        let other = try await accept(Letter(to: "bobby"))
        let hold = try await hold(.tenant, "acme")
        var parked: [Int64] = []
        for _ in 1...2 {
            #expect(try await store.sweep())
            parked.append(try await counts().parked)
        }
        #expect(parked == [500, 1000])
        try await lab.kill(reopeningWith: lab.settings)
        #expect(try await sweep() <= 6)
        #expect(try await counts() == (1, 2000))
        #expect(try await claim(100).map(\.token.delivery) == [other.id])
        #expect(try await store.removeHold(hold.id, of: nil))
        _ = try await store.sweep()
        #expect(try await counts() == (500, 1500))
        try await lab.kill(reopeningWith: lab.settings)
        try await sweep()
        #expect(try await counts() == (2000, 0))
        #expect(try await claim(3000).count == 2000)
    }
}
