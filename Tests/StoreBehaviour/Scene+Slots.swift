import AuthEvents
import Clocks
import Deliveries
import Limits
import Store
import TestSupport
import Testing

/// Slots of what was not sent.
extension Scene {
    /// The only place that there is, so that it shows whether it was given back.
    private func only(_ place: String) -> Slot { Slot("once", at: place, "1/24h") }

    /// Ends a delivery in some way and looks whether its slot is free again, once.
    private func givesBack(
        as state: String,
        _ letter: Letter = Letter(to: "bobby"),
        _ kill: (AcceptedEvent.Delivery) async throws -> Void
    ) async throws {
        let slot = only("\(state) \(stationery.next())")
        let delivery = try await accept(letter.limited(by: slot))
        #expect(try await room(of: slot) == 0, "before \(state)")
        try await kill(delivery)
        let end = try await self.state(delivery.id)
        #expect(end == state)
        #expect(try await room(of: slot) == 1, "after \(state)")
        for claimed in try await claim(100, at: Scene.everything, by: "broom") { try await settle(claimed, .accepted) }
    }

    private func short(_ person: String, by channel: Channel = .email) -> Letter {
        Letter(to: person, .recovery, by: channel).with { $0.life = .seconds(70) }
    }

    func givesSlotsBackOfWhatWasNotSent() async throws {
        try await givesBack(as: "dead(cancelled)") { delivery in
            for _ in 1...5 { _ = try await verify(delivery.challengeID, "wrong") }
        }
        try await givesBack(as: "dead(answered)", Letter(to: "carol")) { delivery in
            let answer = try await verify(delivery.challengeID, "1")
            #expect(answer.name == "verified")
        }
        try await givesBack(as: "dead(refused)") { _ in try await settle(beginOne(), .refused) }
        try await givesBack(as: "dead(refused)") { _ in
            try await store.refuse(claimOne().token)
        }
        try await givesBack(as: "dead(refused)", Letter(to: "erin", .mfa, by: .sms)) { _ in
            let item = BeginItem(token: try await claimOne(at: Scene.sms).token, spend: .mismatch)
            #expect(try await store.begin([item]) == [.mismatch])
        }
        try await givesBack(as: "dead(crashed)") { _ in
            for life in 1...3 {
                _ = try await claim(1, by: "carrier", "life \(life)")
                time.pass(.seconds(5))
                try await sweep()
            }
        }
    }

    func givesSlotsBackOfWhatCameTooLate() async throws {
        try await givesBack(as: "dead(expired)", short("bobby")) { _ in
            time.pass(.seconds(10))
            try await sweep()
        }
        try await givesBack(as: "dead(expired)", short("carol")) { _ in
            let held = try await claimOne()
            time.setWall(by: .seconds(10))
            #expect(try await begin(held) == .expired)
        }
        try await givesBack(as: "dead(exhausted)", Letter(to: "dora", .recovery, by: .sms)) { _ in
            for _ in 1...6 {
                try await settle(beginOne(at: Scene.sms), .retry, code: "500")
                time.pass(.seconds(60))
            }
        }
        try await givesBack(as: "dead(held_too_long)", short("erin").with { $0.tenant = Scene.acme }) { _ in
            let hold = try await hold(.tenant, "acme")
            try await sweep()
            time.pass(.seconds(10))
            try await sweep()
            #expect(try await store.removeHold(hold.id, of: nil))
        }
        try await open([.cents(10)])
        try await givesBack(as: "dead(over_budget)", short("fred", by: .sms)) { _ in
            try await open([.cents(0)])
            #expect(try await begin(claimOne(at: Scene.sms), for: .cents(2)) == .overBudget)
            time.pass(.seconds(10))
            try await sweep()
        }
    }

    func keepsSlotsOfWhatMayHaveBeenSent() async throws {
        // Nothing leaves, and the second resend is one too many all the same.
        let repeated = Letter(to: "zoe").limited(by: Slot("repeats", at: "zoe", "2/10m"))
        let overtaken = try await accept(repeated)
        try await accept(repeated)
        #expect(try await state(overtaken.id) == "dead(superseded)")
        #expect(try await refusal(of: repeated).cause == .limited("repeats", retryAfter: .seconds(300)))
        _ = try await claim()
        func keeps(_ states: String..., letter: Letter, _ act: () async throws -> Void) async throws {
            let slot = only("\(states) \(stationery.next())")
            let delivery = try await accept(letter.limited(by: slot))
            try await act()
            let state = try await self.state(delivery.id)
            #expect(states.contains(state), "\(state)")
            #expect(try await room(of: slot) == 0, "\(state)")
        }
        try await keeps("accepted", letter: Letter(to: "bobby", .mfa)) { try await settle(beginOne(), .accepted) }
        try await keeps("unknown", letter: Letter(to: "carol", .mfa, by: .sms)) {
            _ = try await beginOne(at: Scene.sms)
            time.pass(.seconds(15))
            try await sweep()
        }
        time.pass(.seconds(3600))
        try await sweep()
        try await keeps("dead(gave_up)", letter: Letter(to: "dora", .mfa, by: .sms)) {
            _ = try await beginOne(at: Scene.sms)
            time.pass(.seconds(15))
            try await sweep()
            time.pass(.seconds(120))
            try await sweep()
        }
        // A mail that was lost first, and refused when it was sent again.
        try await keeps("dead(refused)", letter: Letter(to: "erin", .mfa)) {
            _ = try await beginOne()
            time.pass(.seconds(35))
            try await sweep()
            try await settle(beginOne(), .refused)
        }
        try await keeps("ready", letter: Letter(to: "fred")) { try await settle(beginOne(), .retry, code: "451") }
    }

    func givesSlotsBackOfALateRelease() async throws {
        let slot = Slot("twice", "2/24h")
        let delivery = try await accept(Letter(to: "bobby", .recovery, by: .sms).limited(by: slot))
        try await accept(anybody(slot))
        let lost = try await beginOne(at: Scene.sms)
        time.pass(.seconds(15))
        try await sweep()
        time.pass(.seconds(120))
        try await sweep()
        #expect(try await state(delivery.id) == "dead(gave_up)")
        #expect(try await refusal(of: anybody(slot)).channel == .email)
        for outcome in [Outcome.released, .released, .refused] { #expect(try await settle(lost, outcome) == .recorded) }
        #expect(try await room(of: slot) == 1)
        // What was answered while nobody knew, too.
        let other = Slot("other", "1/24h")
        let answered = try await accept(Letter(to: "carol", .recovery, by: .sms).limited(by: other))
        let second = try await beginOne(at: Scene.sms)
        time.pass(.seconds(15))
        try await sweep()
        #expect(try await verify(answered.challengeID, "1").name == "verified")
        #expect(try await room(of: other) == 0)
        #expect(try await settle(second, .retry) == .recorded)
        #expect(try await room(of: other) == 1)
    }

    func givesBackOnlyWhatTimeHasNot() async throws {
        let slot = Slot("limit", "2/10m")
        let early = try await accept(Letter(to: "bobby").limited(by: slot))
        time.pass(.seconds(300))
        #expect(try await room(of: slot) == 2)
        for _ in 1...5 { _ = try await verify(early.challengeID, "wrong") }
        #expect(try await state(early.id) == "dead(cancelled)")
        #expect(try await refusal(of: anybody(slot)).cause == .limited("limit", retryAfter: .seconds(300)))
    }
}
