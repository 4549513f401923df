import AuthEvents
import Clocks
import Deliveries
import Store
import TestSupport
import Testing

/// Gateways that are held.
extension Scene {
    private func shown(_ gateway: String) async throws -> Hold? {
        try await store.standing(of: nil).gateways.first { $0.name == gateway }?.hold
    }

    func failsOverFromAHeldGateway() async throws {
        let waiting = try await accept((1...3).map { Letter(to: "person \($0)") })
        let held = try await claimOne(at: ["mail-main"])
        let hold = try await hold(.gateway, "mail-main", reason: "their maintenance")
        #expect(try await shown("mail-main") == hold)
        #expect(try await shown("mail-backup") == nil)
        let next = try await accept(Letter(to: "bobby"))
        #expect(!next.isParked)
        #expect(try await report(next.id).gateway == "mail-backup")
        // From the commit on, whether it was swept or not.
        #expect(try await claim(at: ["mail-main"]).isEmpty)
        #expect(try await begin(held) == .paused)
        try await sweep()
        for delivery in waiting {
            #expect(try await state(delivery.id) == "ready")
            #expect(try await report(delivery.id).gateway == "mail-backup")
        }
        #expect(try await claim(at: Scene.mail).count == 4)
        #expect(try await store.removeHold(hold.id, of: nil))
        #expect(try await shown("mail-main") == nil)
        let last = try await accept(Letter(to: "carol"))
        #expect(try await report(last.id).gateway == "mail-main")
    }

    func parksWhereAllGatewaysAreHeld() async throws {
        let waiting = try await accept(Letter(to: "bobby", .recovery, by: .sms))
        let begun = try await accept(Letter(to: "erin", .mfa, by: .sms))
        let claimed = try await beginOne(at: Scene.sms)
        #expect(claimed.token.delivery == begun.id)
        let other = try await accept(Letter(to: "fred", .mfa, by: .sms))
        let unbegun = try await claimOne(at: Scene.sms)
        try await hold(.gateway, "sms-main", for: .seconds(60))
        let letter = Letter(to: "carol", .recovery, by: .sms).with { $0.name = "one" }
        let parked = try await accept(letter)
        #expect(parked.isParked)
        for _ in 1...2 { #expect(try await begin(unbegun) == .paused) }
        try await sweep()
        for id in [waiting.id, parked.id, other.id] { #expect(try await state(id) == "parked(held)") }
        // What was begun is none of the hold's; what it comes back with is.
        #expect(try await state(begun.id) == "sending")
        try await settle(claimed, .retry, code: "500")
        #expect(try await state(begun.id) == "parked(held)")
        let brief = try await accept(Letter(to: "dora", .recovery, by: .sms).with { $0.life = .seconds(70) })
        time.pass(.seconds(10))
        try await sweep()
        #expect(try await state(brief.id) == "dead(held_too_long)")
        try await lab.reopen()
        time.pass(.seconds(50))
        try await sweep()
        for id in [waiting.id, parked.id, other.id, begun.id] { #expect(try await state(id) == "ready") }
        let again = try await store.accept(stationery.submission(letter, at: time.now()))
        #expect(again == .duplicate(AcceptedEvent(deliveries: [parked])))
        #expect(try await claim(at: Scene.sms).count == 4)
    }

    private func takeDown(_ gateway: String) async throws {
        for _ in 1...5 {
            try await settle(beginOne(at: [gateway]), .retry, code: Outcome.unreachableCode)
        }
        try await sweep()
        #expect(try await health(of: gateway) == .down)
    }

    /// A gateway that is down and one that is held: the one is tried, the other left alone.
    func tellsHeldFromDown() async throws {
        let letters = (1...5).map { Letter(to: "person \($0)") }
        try await hold(.gateway, "mail-backup")
        let deliveries = try await accept(letters)
        try await takeDown("mail-main")
        for delivery in deliveries { #expect(try await state(delivery.id) == "parked(gateway_down)") }
        time.pass(.seconds(10))
        try await sweep()
        #expect(try await claim(at: ["mail-backup"]).isEmpty)
        let trial = try await beginOne(at: ["mail-main"])
        try await settle(trial, .accepted)
        try await sweep()
        #expect(try await claim(at: ["mail-main"]).count == 4)
    }

    /// What is held may not use up the one trial that a gateway gets.
    func triesWithWhatIsNotHeld() async throws {
        let held = try await accept(text(to: "+447700900123", in: "GB"))
        time.pass(.milliseconds(1))
        let free = try await accept((1...4).map { text(to: "+1202555012\($0)", in: "US") })
        try await takeDown("sms-main")
        try await hold(.country, "GB")
        for _ in 1...2 {
            time.pass(.seconds(10))
            try await sweep()
            #expect(try await state(held.id).hasPrefix("parked"))
            let trial = try await claim(at: Scene.sms)
            #expect(trial.count == 1)
            #expect(try await begin(trial) == [.go])
            try await settle(trial[0], .retry, code: Outcome.unreachableCode)
            try await sweep()
        }
        time.pass(.seconds(10))
        try await sweep()
        try await settle(beginOne(at: Scene.sms), .accepted)
        try await sweep()
        #expect(try await claim(at: Scene.sms).count == 3)
        #expect(free.count == 4)
        #expect(try await state(held.id) == "parked(held)")
    }
}
