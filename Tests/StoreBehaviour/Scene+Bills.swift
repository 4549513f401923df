import AuthEvents
import Clocks
import Deliveries
import Spend
import Store
import TestSupport
import Testing

extension Scene {
    /// SMS are sent again when nobody knows.
    static let sendsAgain: @Sendable (inout StoreSettings) -> Void = { settings in
        settings.routing = settings.routing.treating(UnknownPolicy(steps: [.awaitReceipt], end: .sendAgain))
    }

    /// Begins one, lets its lease and the wait for its receipt pass, and returns what the carrier held that died.
    private func loseOne(for amount: Money = .cents(1)) async throws -> ClaimedDelivery {
        let lost = try await beginOne(for: amount)
        time.pass(.seconds(15))
        try await sweep()
        time.pass(.seconds(120))
        try await sweep()
        return lost
    }

    func sendsAgainWithMoneyOfItsOwn() async throws {
        try await open([.cents(10)], Scene.sendsAgain)
        let delivery = try await accept(sms("bobby"))
        _ = try await loseOne()
        #expect(try await state(delivery.id) == "ready")
        let both = ["reserved 0.01", "committed 1 0.01", "reserved 0.01"]
        #expect(try await story(delivery.id) == both)
        try await settle(beginOne(for: .cents(2)), .accepted)
        #expect(try await story(delivery.id) == both + ["adjusted 0.02", "committed 2 0.02"])
        #expect(try await used() == 3)
    }

    func parksTheSecondAttemptOverBudget() async throws {
        try await open([.cents(1)], Scene.sendsAgain)
        let delivery = try await accept(sms("bobby"))
        let lost = try await loseOne()
        #expect(try await state(delivery.id) == "parked(over_budget)")
        #expect(try await story(delivery.id) == ["reserved 0.01", "committed 1 0.01"])
        #expect(try await used() == 1)
        // What turns out not to have been sent makes the room.
        #expect(try await settle(lost, .refused) == .recorded)
        try await sweep()
        #expect(try await state(delivery.id) == "ready")
        let whole = ["reserved 0.01", "committed 1 0.01", "released 1 0.01", "released 0.01", "reserved 0.01"]
        #expect(try await story(delivery.id) == whole)
        #expect(try await used() == 1)
    }

    /// The first attempt's outcome comes while the second is ready, under way and done.
    func freesWhatTurnsOutUnsent() async throws {
        try await open([.cents(20)], Scene.sendsAgain)
        let outcomes: [Outcome] = [.retry, .throttled, .released]
        let deliveries = try await accept(outcomes.map { sms($0.name, .cents(2)) })
        var lost: [DeliveryID: ClaimedDelivery] = [:]
        for claimed in try await claim(at: Scene.sms) {
            #expect(try await begin(claimed, for: .cents(1)) == .go)
            lost[claimed.token.delivery] = claimed
        }
        time.pass(.seconds(15))
        try await sweep()
        time.pass(.seconds(120))
        try await sweep()
        for claimed in try await claim(at: Scene.sms) {
            guard claimed.token.delivery != deliveries[0].id else {
                try await store.free([claimed.token])
                continue
            }
            #expect(try await begin(claimed, for: .cents(2)) == .go)
            if claimed.token.delivery == deliveries[2].id { try await settle(claimed, .accepted) }
        }
        for (delivery, outcome) in zip(deliveries, outcomes) {
            for _ in 1...2 { #expect(try await settle(#require(lost[delivery.id]), outcome) == .recorded) }
        }
        let first = ["reserved 0.02", "adjusted 0.01", "committed 1 0.01", "reserved 0.02"]
        #expect(try await story(deliveries[0].id) == first + ["released 1 0.01", "adjusted 0.02"])
        for delivery in deliveries[1...] {
            let rest = ["committed 2 0.02", "released 1 0.01", "released 0.01"]
            #expect(try await story(delivery.id) == first + rest)
        }
        #expect(try await used() == 6)
        #expect(try await begin(claimOne(at: Scene.sms), for: .cents(2)) == .go)
    }

    func freesWhatIsAppliedLate() async throws {
        try await open([.cents(10)])
        let deliveries = try await accept((1...2).map { sms("person-\($0)") })
        let begun = try await claim(at: Scene.sms)
        #expect(try await begin(begun) == [.go, .go])
        time.pass(.seconds(15))
        try await sweep()
        #expect(try await settle(begun[0], .retry) == .applied)
        #expect(try await story(begun[0].token.delivery) == ["reserved 0.01", "committed 1 0.01", "released 1 0.01"])
        #expect(try await settle(begun[1], .refused) == .applied)
        let whole = ["reserved 0.01", "committed 1 0.01", "released 1 0.01", "released 0.01"]
        #expect(try await story(begun[1].token.delivery) == whole)
        #expect(deliveries.count == 2)
        #expect(try await used() == 1)
    }

    func freesWhatWasGivenUp() async throws {
        try await open([.cents(10)])
        let delivery = try await accept(sms("bobby"))
        let lost = try await loseOne()
        #expect(try await state(delivery.id) == "dead(gave_up)")
        #expect(try await settle(lost, .released) == .recorded)
        #expect(try await state(delivery.id) == "dead(gave_up)")
        #expect(try await used() == 0)
        // The first word of the carrier stands.
        #expect(try await settle(lost, .accepted) == .recorded)
        #expect(try await report(delivery.id).attempts.map(\.outcome) == [.released])
        #expect(try await used() == 0)
    }

    func booksEachBillOnce() async throws {
        try await open([.cents(10)])
        let delivery = try await accept(sms("bobby"))
        let begun = try await beginOne(for: .cents(2))
        try await settle(begun, .accepted)
        for cents in [Int64(1), 1, 5, 5, 3] { try await settle(begun, .accepted, price: .cents(cents)) }
        let priced = ["priced 1 0.01", "priced 1 0.05", "priced 1 0.03"]
        #expect(try await story(delivery.id) == ["reserved 0.01", "adjusted 0.02", "committed 1 0.02"] + priced)
        #expect(try await report(delivery.id).price == .cents(3))
        #expect(try await used() == 3)
    }

    func booksLateBills() async throws {
        try await open([.cents(10)])
        let delivery = try await accept(sms("bobby"))
        let lost = try await loseOne()
        #expect(try await settle(lost, .accepted, price: .cents(4)) == .recorded)
        #expect(try await settle(lost, .accepted, price: .cents(4)) == .recorded)
        #expect(try await story(delivery.id) == ["reserved 0.01", "committed 1 0.01", "priced 1 0.04"])
        #expect(try await used() == 4)
        // A bill for what was not sent is all above its estimate.
        let unsent = try await accept(sms("carol"))
        let begun = try await beginOne(for: .cents(1))
        #expect(try await settle(begun, .unknown, price: .cents(3)) == .applied)
        #expect(try await used() == 7)
        #expect(try await settle(begun, .refused, price: .cents(3)) == .applied)
        #expect(try await state(unsent.id) == "dead(refused)")
        #expect(try await used() == 7)
        try await accept(sms("dora"))
        let third = try await beginOne(for: .cents(1))
        #expect(try await settle(third, .refused, price: .cents(1)) == .applied)
        #expect(try await used() == 8)
    }

    func closesTheBudgetOverABill() async throws {
        try await open([.cents(3)])
        let delivery = try await accept(sms("bobby"))
        let waiting = try await accept(sms("carol").with { $0.purpose = .notice })
        try await settle(beginOne(for: .cents(1)), .accepted, price: .cents(30))
        #expect(try await used() == 31)
        #expect(try await report(delivery.id).price == .cents(30))
        let end = Budget.Period.day.bounds(around: time.now()).end
        #expect(try await refusal(of: sms("dora")).cause == .overBudget("all", resetsAt: end))
        #expect(try await begin(claimOne(at: Scene.sms), for: .cents(1)) == .overBudget)
        #expect(try await state(waiting.id) == "parked(over_budget)")
    }

    func booksBillsBeyondAllMeasure() async throws {
        try await open([.cents(40), .cents(40, "each", scope: .purpose)])
        let bill = Money(micros: Money.limit, currency: Money.cents(1).currency)
        let most = Money(micros: .max, currency: bill.currency)
        // In two rows of the sums, which a budget adds up; in each ten are beyond all numbers.
        let letters = (1...12).map { sms("person-\($0)") }
        let deliveries = try await accept(letters + letters.map { $0.with { $0.purpose = .notice } })
        let begun = try await claim(30, at: Scene.sms)
        #expect(try await begin(begun) == begun.map { _ in .go })
        for claimed in begun { #expect(try await settle(claimed, .accepted, price: bill) == .applied) }
        for delivery in deliveries { #expect(try await report(delivery.id).price == bill) }
        for _ in 1...2 {
            let standing = try await store.budgets(of: nil)
            #expect(standing.count == 3)
            #expect(standing.allSatisfy { $0.used == most })
            let end = Budget.Period.day.bounds(around: time.now()).end
            #expect(try await refusal(of: sms("emil")).cause == .overBudget("all", resetsAt: end))
            try await lab.reopen()
        }
        time.pass(.seconds(86_400))
        let next = try await accept(sms("emil"))
        #expect(try await settle(beginOne(for: .cents(1)), .accepted, price: .cents(2)) == .applied)
        #expect(try await state(next.id) == "accepted")
        #expect(try await used() == 2)
    }
}
