import AuthEvents
import Clocks
import Deliveries
import Spend
import Store
import TestSupport
import Testing

extension Scene {
    func commitsAtTheGatewaysPrice() async throws {
        try await open([.cents(10)]) { $0.routing = Scene.twoGateways }
        let dear = try await accept(sms("bobby", .cents(2), backup: .cents(5)))
        _ = try await beginOne(for: .cents(2))
        #expect(try await story(dear.id) == ["reserved 0.05", "adjusted 0.02", "committed 1 0.02"])
        let entry = try #require(try await entries().last)
        #expect((entry.attempt, entry.gateway, entry.segments) == (1, "sms-main", 1))
        #expect(entry.priceVersion == "prices-2")
        #expect(try await report(dear.id).estimate?.amount == .cents(2))
        #expect(try await used() == 2)
        let cheap = try await accept(sms("carol", .cents(1)))
        _ = try await beginOne(for: .cents(4))
        #expect(try await story(cheap.id) == ["reserved 0.01", "adjusted 0.04", "committed 1 0.04"])
        let even = try await accept(sms("dora", .cents(4)))
        let begun = try await beginOne(for: .cents(4))
        #expect(try await begin(begun, for: .cents(4)) == .go)
        #expect(try await story(even.id) == ["reserved 0.04", "committed 1 0.04"])
        #expect(try await used() == 10)
    }

    func parksWhatBecameTooDear() async throws {
        try await open([.cents(3)])
        let delivery = try await accept(sms("bobby", .cents(1)))
        try await accept(sms("carol", .cents(1)).with { $0.purpose = .notice })
        let claimed = try await claimOne(at: Scene.sms)
        #expect(try await begin(claimed, for: .cents(3)) == .overBudget)
        #expect(try await begin(claimed, for: .cents(3)) == .overBudget)
        #expect(try await state(delivery.id) == "parked(over_budget)")
        #expect(try await story(delivery.id) == ["reserved 0.01", "released 0.01"])
        #expect(try await report(delivery.id).attempts.isEmpty)
        #expect(try await used() == 1)
        #expect(try await settle(claimed, .accepted) == .stale)
    }

    func killsMismatches() async throws {
        try await open([.cents(10)])
        let deliveries = try await accept((1...2).map { sms("person-\($0)") })
        let claimed = try await claim(at: Scene.sms)
        let items = zip(claimed, [BeginItem.Spend.mismatch, .none]).map { BeginItem(token: $0.token, spend: $1) }
        #expect(try await store.begin(items) == [.mismatch, .mismatch])
        #expect(try await store.begin(items) == [.mismatch, .mismatch])
        for delivery in deliveries {
            #expect(try await state(delivery.id) == "dead(refused)")
            #expect(try await story(delivery.id) == ["reserved 0.01", "released 0.01"])
            #expect(try await report(delivery.id).attempts.isEmpty)
        }
        #expect(try await used() == 0)
    }

    func returnsWhatWasNotSent() async throws {
        for (index, outcome) in [Outcome.retry, .throttled, .released].enumerated() {
            try await open([.cents(10, "all \(index)", period: .hour)])
            let delivery = try await accept(sms("person-\(index)", .cents(3)))
            try await settle(beginOne(for: .cents(2)), outcome)
            #expect(try await used("all \(index)") == 2)
            let first = ["reserved 0.03", "adjusted 0.02", "committed 1 0.02", "released 1 0.02"]
            #expect(try await story(delivery.id) == first)
            time.pass(.seconds(60))
            try await settle(beginOne(for: .cents(1)), .refused)
            let second = ["adjusted 0.01", "committed 2 0.01", "released 2 0.01", "released 0.01"]
            #expect(try await story(delivery.id) == first + second)
            #expect(try await used("all \(index)") == 0)
            time.pass(.seconds(3600))
        }
    }

    func keepsWhatMayHaveBeenSent() async throws {
        try await open([.cents(10)])
        let deliveries = try await accept((1...3).map { sms("person-\($0)") })
        let begun = try await claim(at: Scene.sms)
        #expect(try await begin(begun) == [.go, .go, .go])
        try await settle(begun[0], .accepted)
        try await settle(begun[1], .unknown)
        time.pass(.seconds(15))
        try await sweep()
        #expect(try await state(begun[2].token.delivery) == "unknown")
        time.pass(.seconds(120))
        try await sweep()
        for claimed in begun[1...] { #expect(try await state(claimed.token.delivery) == "dead(gave_up)") }
        try await settle(begun[2], .accepted)
        for delivery in deliveries {
            #expect(try await story(delivery.id) == ["reserved 0.01", "committed 1 0.01"])
        }
        #expect(try await used() == 3)
    }

    func booksAttemptsThatWereNeverBegun() async throws {
        try await open([.cents(10)])
        let plain = try await accept(sms("bobby", .cents(3)))
        try await settle(claimOne(at: Scene.sms), .accepted, price: .cents(4))
        #expect(try await story(plain.id) == ["reserved 0.03", "committed 1 0.03", "priced 1 0.04"])
        let quoted = try await accept(sms("carol", .cents(3)))
        var claimed = try await claimOne(at: Scene.sms)
        claimed.token.quote = SignedQuote(quote: quote(.cents(2)), signature: Array(repeating: 0, count: 16))
        try await settle(claimed, .unknown)
        #expect(try await story(quoted.id) == ["reserved 0.03", "adjusted 0.02", "committed 1 0.02"])
        let unsent = try await accept(sms("dora", .cents(3)))
        try await settle(claimOne(at: Scene.sms), .refused)
        let whole = ["reserved 0.03", "committed 1 0.03", "released 1 0.03", "released 0.03"]
        #expect(try await story(unsent.id) == whole)
        let returned = try await accept(sms("emil", .cents(3)))
        try await settle(claimOne(at: Scene.sms), .released)
        #expect(try await story(returned.id) == ["reserved 0.03"])
        #expect(try await used() == 9)
    }

    func reservesAnewInAnotherCurrency() async throws {
        let euros = Budget(name: "euros", scope: .all, period: .hour, limit: .cents(5, "EUR"))
        try await open([.cents(10), euros]) { $0.routing = Scene.twoGateways }
        time.pass(.seconds(3598))
        let delivery = try await accept(sms("bobby", .cents(1), backup: .cents(5, "EUR")))
        let claimed = try await claimOne(at: Scene.sms)
        time.pass(.seconds(4))
        // What is reserved now counts now, in a budget that the delivery had nothing to do with before.
        #expect(try await begin(claimed, for: .cents(5, "EUR")) == .go)
        let entries = ["reserved 0.01", "released 0.01", "reserved 0.05", "committed 1 0.05"]
        #expect(try await story(delivery.id) == entries)
        #expect(try await used("euros") == 5)
        #expect(try await used() == 0)
        let late = try await accept(sms("carol", .cents(1), backup: .cents(5, "EUR")))
        #expect(try await begin(claimOne(at: Scene.sms), for: .cents(1, "EUR")) == .overBudget)
        #expect(try await state(late.id) == "parked(over_budget)")
    }
}
