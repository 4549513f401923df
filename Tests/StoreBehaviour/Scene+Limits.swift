import AuthEvents
import Clocks
import Deliveries
import Spend
import Store
import TestSupport
import Testing

extension Scene {
    func goesOnWhileCommittedFits() async throws {
        try await open([.cents(10)])
        let deliveries = try await accept((1...4).map { sms("person-\($0)", .cents(2)) })
        _ = try await beginOne(for: .cents(2))
        try await open([.cents(5)])
        #expect(try await used() == 8)
        // Dearer than it was reserved for must fit as a new one would.
        let held = try await claim(at: Scene.sms)
        #expect(try await begin(held[0], for: .cents(3)) == .overBudget)
        #expect(try await begin(held[1], for: .cents(2)) == .go)
        #expect(try await begin(held[2], for: .cents(2)) == .overBudget)
        #expect(try await used() == 4)
        var states: [String] = []
        for delivery in deliveries { states.append(try await state(delivery.id)) }
        #expect(states.count { $0 == "sending" } == 2)
        #expect(states.count { $0 == "parked(over_budget)" } == 2)
        // Their reservations are given back, so there is no room that they do not have themselves.
        try await sweep()
        #expect(try await used() == 4)
        #expect(try await claim(at: Scene.sms).isEmpty)
    }

    /// Parks one over a limit that was lowered.
    private func parkOne(life: Duration = .seconds(86_400)) async throws -> AcceptedEvent.Delivery {
        try await open([.cents(10)])
        let delivery = try await accept(sms("bobby", .cents(2)).with { $0.life = life })
        try await open([.cents(1)])
        #expect(try await begin(claimOne(at: Scene.sms), for: .cents(2)) == .overBudget)
        try await sweep()
        #expect(try await state(delivery.id) == "parked(over_budget)")
        #expect(try await used() == 0)
        return delivery
    }

    func comesBackUnderARaisedLimit() async throws {
        let delivery = try await parkOne()
        try await open([.cents(2)])
        try await sweep()
        #expect(try await state(delivery.id) == "ready")
        try await settle(beginOne(for: .cents(2)), .accepted)
        let whole = ["reserved 0.02", "released 0.02", "reserved 0.02", "committed 1 0.02"]
        #expect(try await story(delivery.id) == whole)
    }

    func comesBackWithTheNextPeriod() async throws {
        try await open([.cents(3)])
        let parked = try await accept(sms("bobby", .cents(2)))
        try await accept(sms("carol", .cents(1)).with { $0.purpose = .notice })
        #expect(try await begin(claimOne(at: Scene.sms), for: .cents(3)) == .overBudget)
        try await settle(beginOne(for: .cents(1)), .accepted, price: .cents(2))
        time.pass(.seconds(14 * 3600) - .milliseconds(1))
        try await sweep()
        #expect(try await state(parked.id) == "parked(over_budget)")
        #expect(try await used() == 2)
        time.pass(.milliseconds(1))
        try await sweep()
        #expect(try await state(parked.id) == "ready")
        #expect(try await used() == 2)
        _ = try await beginOne(for: .cents(3))
        #expect(try await used() == 3)
    }

    func diesOverBudgetAtItsDeadline() async throws {
        let delivery = try await parkOne(life: .seconds(660))
        time.pass(.seconds(600) - .milliseconds(1))
        try await sweep()
        #expect(try await state(delivery.id) == "parked(over_budget)")
        time.pass(.milliseconds(1))
        try await sweep()
        #expect(try await state(delivery.id) == "dead(over_budget)")
        #expect(try await story(delivery.id) == ["reserved 0.02", "released 0.02"])
    }

    func endsWhatIsParkedOverBudget() async throws {
        let delivery = try await parkOne()
        #expect(try await verify(delivery.challengeID, "1").name == "verified")
        #expect(try await state(delivery.id) == "dead(answered)")
        #expect(try await story(delivery.id) == ["reserved 0.02", "released 0.02"])
    }

    /// The period turns between claim and begin, begin and outcome, outcome and bill.
    func staysInThePeriodOfItsReservation() async throws {
        for period in Budget.Period.allCases {
            let name = period.rawValue
            try await open([.cents(4, name, period: period)])
            // Where the one before has left nothing.
            time.setWall(by: period.bounds(around: time.now()).end - time.now())
            let end = period.bounds(around: time.now()).end
            time.setWall(by: end - time.now() - .seconds(2))
            let kept = try await accept(sms("kept \(name)", .cents(1)))
            time.pass(.milliseconds(1))
            let dear = try await accept(sms("dear \(name)", .cents(2)).with { $0.purpose = .notice })
            let claimed = try await claim(at: Scene.sms)
            time.pass(.seconds(3))
            #expect(try await begin(claimed[0], for: .cents(2)) == .go, "\(name)")
            #expect(try await begin(claimed[1], for: .cents(3)) == .overBudget, "\(name)")
            #expect(try await state(dear.id) == "parked(over_budget)", "\(name)")
            #expect(try await used(name) == 0, "\(name)")
            // The new period is filled to the brim, which is nothing to what was reserved before.
            try await accept((1...4).map { sms("\(name) \($0)").with { $0.purpose = .invitation } })
            #expect(try await settle(claimed[0], .retry) == .applied)
            time.pass(.seconds(60))
            let again = try await beginOne(for: .cents(4))
            #expect(again.token.delivery == kept.id, "\(name)")
            try await settle(again, .accepted, price: .cents(100))
            #expect(try await used(name) == 4, "\(name)")
            let later = period.bounds(around: time.now()).end
            #expect(try await refusal(of: sms("late")).cause == .overBudget(name, resetsAt: later), "\(name)")
            for _ in 1...4 { try await settle(beginOne(for: .cents(1)), .refused) }
            try await sweep()
            #expect(try await state(dear.id) == "ready", "\(name)")
            try await settle(beginOne(for: .cents(2)), .accepted)
        }
    }
}
